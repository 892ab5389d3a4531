// SPDX-License-Identifier: MIT
#include <dirent.h>
#include <fcntl.h>
#include <sys/ioctl.h>

#include <xf86drm.h>

#include "drmtest.h"

int (*igt_ioctl)(int fd, unsigned long request, void *arg) = drmIoctl;

static bool wanted(int fd, int chipset)
{
	drmVersionPtr version = drmGetVersion(fd);
	int kind = DRIVER_ANY;

	if (!version)
		return false;
	if (!strcmp(version->name, "vgem"))
		kind = DRIVER_VGEM;
	else if (!strcmp(version->name, "vkms"))
		kind = DRIVER_VKMS;
	drmFreeVersion(version);
	return kind & chipset;
}

/* The first device of the kind, among nodes numbered from @base. */
static int open_node(const char *node, int base, int chipset)
{
	char path[64];

	for (int i = base; i < base + 16; i++) {
		int fd;

		snprintf(path, sizeof(path), "/dev/dri/%s%d", node, i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (wanted(fd, chipset))
			return fd;
		close(fd);
	}
	return -1;
}

int __drm_open_driver(int chipset)
{
	return open_node("card", 0, chipset);
}

int drm_open_driver(int chipset)
{
	int fd = __drm_open_driver(chipset);

	igt_skip_on_f(fd < 0, "No known gpu found for chipset flags %#x\n",
		      chipset);
	return fd;
}

int drm_open_driver_master(int chipset)
{
	int fd = -1;

	/* A card that can show pictures, as IGT's callers mean it. */
	for (int i = 0; i < 16 && fd < 0; i++) {
		char path[64];
		uint64_t dumb;

		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (wanted(fd, chipset) &&
		    !drmGetCap(fd, DRM_CAP_DUMB_BUFFER, &dumb) && dumb)
			break;
		close(fd);
		fd = -1;
	}
	igt_skip_on_f(fd < 0, "No card for chipset flags %#x\n", chipset);
	igt_require_f(drmIsMaster(fd) || !drmSetMaster(fd),
		      "Someone else is DRM master\n");
	return fd;
}

int drm_open_driver_render(int chipset)
{
	int fd = open_node("renderD", 128, chipset);

	igt_skip_on_f(fd < 0, "No render node for chipset flags %#x\n",
		      chipset);
	return fd;
}

int drm_reopen_driver(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fd = open(path, O_RDWR | O_CLOEXEC);
	igt_assert_fd(fd);
	return fd;
}

int drm_close_driver(int fd)
{
	return close(fd);
}
