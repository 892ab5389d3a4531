// SPDX-License-Identifier: MIT
/*
 * refsoc-gpucheck: what the GPU writes through its page table is where a CPU
 * finds it, page by page, also when an address is used again for other memory.
 *
 * refsoc-gpu's trace points tell whether it was used again: if not, nothing has
 * been checked, and that is an error.  A core that was suspended in between has
 * forgotten all: the caller keeps it awake.
 */

#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <etnaviv_drmif.h>
#include <xf86drm.h>

#include "gc320.h"

#define PAGES		8
#define ROW_PIXELS	1024	/* a row of the surface is a page of memory */
#define ROUNDS		4

#define TRACING		"/sys/kernel/tracing/"
#define EVENTS		TRACING "events/refsoc_gpu/"

static struct etna_device *dev;
static struct etna_cmd_stream *stream;

static struct etna_device *open_device(void)
{
	char path[32];

	for (int i = 128; i < 144; i++) {
		drmVersionPtr v;
		int fd, ours;

		snprintf(path, sizeof(path), "/dev/dri/renderD%d", i);
		fd = open(path, O_RDWR);
		v = fd < 0 ? NULL : drmGetVersion(fd);
		ours = v && v->name[0] == 'e';
		drmFreeVersion(v);
		if (ours)
			return etna_device_new(fd);
		close(fd);
	}
	return NULL;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(2, "%s", path);
	close(fd);
}

static void start_trace(void)
{
	write_file(EVENTS "refsoc_gpu_map/enable", "1");
	write_file(EVENTS "refsoc_gpu_unmap/enable", "1");
	write_file(TRACING "tracing_on", "1");
	write_file(TRACING "trace", "");
}

/* The address in the last of these events; 0, which is never paged, if none */
static uint32_t last_address(const char *event)
{
	FILE *f = fopen(TRACING "trace", "r");
	uint32_t address = 0;
	char line[256];

	if (!f)
		err(2, TRACING "trace");
	while (fgets(line, sizeof(line), f)) {
		const char *found = strstr(line, event);

		if (found)
			sscanf(found + strlen(event), ": iova=%x", &address);
	}
	fclose(f);
	return address;
}

/* The last job lets go of a buffer, and of its address, when it is freed. */
static void wait_for_unmap(uint32_t address)
{
	for (int i = 0; i < 200; i++) {
		if (last_address("refsoc_gpu_unmap") == address)
			return;
		usleep(10000);
	}
	errx(2, "%08x is not given back", address);
}

/* A buffer above the linear window, its pages there, none of them clean. */
static struct etna_bo *paged_buffer(void)
{
	struct etna_bo *bo = etna_bo_new(dev, PAGES * ROW_PIXELS * 4,
					 DRM_ETNA_GEM_CACHE_WC |
					 DRM_ETNA_GEM_FORCE_MMU);
	uint32_t *pixels = bo ? etna_bo_map(bo) : NULL;

	if (!pixels)
		exit(2);
	for (int i = 0; i < PAGES * ROW_PIXELS; i++)
		pixels[i] = 0xdeadbeef;
	/* Shared buffers do not stay in libdrm's cache when they are deleted. */
	close(etna_bo_dmabuf(bo));
	return bo;
}

/* Give each page a colour of its own; returns how many do not have it. */
static int wrong_pages(struct etna_bo *bo, uint32_t colour)
{
	struct gc320_surface surface = {
		.bo = bo, .stride = ROW_PIXELS * 4, .width = ROW_PIXELS,
		.height = PAGES, .format = GC320_A8R8G8B8,
	};
	uint32_t *pixels = etna_bo_map(bo);
	int wrong = 0;

	for (int i = 0; i < PAGES; i++) {
		struct gc320_rect row = { 0, i, ROW_PIXELS, i + 1 };

		gc320_fill(stream, &surface, &row, colour + i);
	}
	gc320_flush(stream);
	etna_cmd_stream_finish(stream);
	etna_bo_cpu_prep(bo, DRM_ETNA_PREP_READ);
	for (int i = 0; i < PAGES; i++)
		wrong += pixels[i * ROW_PIXELS + 7] != colour + i;
	etna_bo_cpu_fini(bo);
	return wrong;
}

/* Returns how many pages are wrong. */
static int use_address_again(struct etna_bo *bo)
{
	uint32_t address = last_address("refsoc_gpu_map"), now;
	struct etna_bo *next;
	int wrong = 0;

	if (!address)
		errx(2, "no buffer has been mapped");
	for (int i = 0; i < ROUNDS; i++, bo = next) {
		/* Other pages than the last one's, which still has its own. */
		next = paged_buffer();
		write_file(TRACING "trace", "");
		etna_bo_del(bo);
		wait_for_unmap(address);
		wrong += wrong_pages(next, 0xff334400 + 0x1000 * i);
		now = last_address("refsoc_gpu_map");
		if (now != address)
			errx(2, "%08x was not used again, but %08x", address,
			     now);
	}
	return wrong;
}

int main(void)
{
	struct etna_gpu *gpu;
	struct etna_bo *bo;
	int first, again;

	dev = open_device();
	gpu = dev ? gc320_open(dev) : NULL;
	if (!gpu)
		return 77;
	start_trace();
	stream = etna_cmd_stream_new(etna_pipe_new(gpu, ETNA_PIPE_2D), 8192,
				     NULL, NULL);
	bo = paged_buffer();
	first = wrong_pages(bo, 0xff112200);
	printf("%d of %d pages wrong\n", first, PAGES);
	again = use_address_again(bo);
	printf("%d of %d pages wrong at an address used before\n", again,
	       ROUNDS * PAGES);
	return first ? 3 : again ? 4 : 0;
}
