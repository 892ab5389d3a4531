// SPDX-License-Identifier: MIT
/*
 * refsoc-hog FILE: take all contiguous memory that a display card gives, then
 * create FILE and hold it until killed.
 */

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

int main(int argc, char **argv)
{
	uint32_t handle, pitch, width = 2048;
	uint64_t size, total = 0, dumb;
	char path[32];
	int fd = -1;

	if (argc != 2)
		return 2;
	for (int i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		fd = open(path, O_RDWR);
		if (fd >= 0 && !drmGetCap(fd, DRM_CAP_DUMB_BUFFER, &dumb) &&
		    dumb)
			break;
	}
	/* Ever smaller pieces, until none is left. */
	while (width >= 64) {
		if (drmModeCreateDumbBuffer(fd, width, 1024, 32, 0, &handle,
					    &pitch, &size))
			width /= 2;
		else
			total += size;
	}
	printf("holding %llu bytes\n", (unsigned long long)total);
	close(creat(argv[1], 0600));
	pause();
	return 0;
}
