// SPDX-License-Identifier: MIT
/*
 * refsoc-gpucheck: what the GPU writes through its page table is where a CPU
 * finds it, page by page, also when an address is used again for other memory.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <etnaviv_drmif.h>
#include <xf86drm.h>

#include "gc320.h"

#define PAGES		8
#define ROW_PIXELS	1024	/* a row of the surface is a page of memory */
#define ROUNDS		4

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

int main(void)
{
	struct etna_gpu *gpu;
	struct etna_bo *bo, *next;
	int first, again = 0;

	dev = open_device();
	gpu = dev ? gc320_open(dev) : NULL;
	if (!gpu)
		return 77;
	stream = etna_cmd_stream_new(etna_pipe_new(gpu, ETNA_PIPE_2D), 8192,
				     NULL, NULL);
	bo = paged_buffer();
	first = wrong_pages(bo, 0xff112200);
	printf("%d of %d pages wrong\n", first, PAGES);
	for (int i = 0; i < ROUNDS; i++, bo = next) {
		/* Other pages than the last one's, which still has its own. */
		next = paged_buffer();
		etna_bo_del(bo);
		/* The last job lets go of it, and of its address, when asked. */
		usleep(100000);
		again += wrong_pages(next, 0xff334400 + 0x1000 * i);
	}
	printf("%d of %d pages wrong at an address used before\n", again,
	       ROUNDS * PAGES);
	return first ? 3 : again ? 4 : 0;
}
