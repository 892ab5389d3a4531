// SPDX-License-Identifier: MIT
/* The GPU: what happens to one frame. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <etnaviv_drmif.h>
#include <xf86drm.h>

#include "pipeline.h"

#define SPRITE_DIGITS	6
#define STREAM_WORDS	8192

static int open_node(void)
{
	drmVersionPtr version;
	char path[32];
	int fd;

	for (int i = 0; i < 16; i++) {
		snprintf(path, sizeof(path), "/dev/dri/renderD%d", 128 + i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		version = drmGetVersion(fd);
		if (version && !strcmp(version->name, "etnaviv")) {
			drmFreeVersion(version);
			return fd;
		}
		drmFreeVersion(version);
		close(fd);
	}
	return -1;
}

void gpu_open(struct gpu *gpu)
{
	int fd = open_node();

	*gpu = (struct gpu) { .driver = "etnaviv" };
	if (fd < 0)
		die(EXIT_NO_GPU, "no GPU: no render node speaks the etnaviv interface");
	gpu->dev = etna_device_new(fd);
	gpu->core = gpu->dev ? gc320_open(gpu->dev) : NULL;
	if (!gpu->core)
		die(EXIT_NO_GPU, "no GPU: no core has a 2D pipe");
	gpu->pipe = etna_pipe_new(gpu->core, ETNA_PIPE_2D);
	gpu->stream = gpu->pipe ?
		etna_cmd_stream_new(gpu->pipe, STREAM_WORDS, NULL, NULL) :
		NULL;
	if (!gpu->stream)
		die(EXIT_NO_GPU, "the GPU gives no command stream: %s",
		    strerror(errno));
}

/* The GPU allocates. */
struct shared gpu_export(struct gpu *gpu, size_t size, uint32_t stride)
{
	struct etna_bo *bo = etna_bo_new(gpu->dev, size, DRM_ETNA_GEM_CACHE_WC);
	struct shared mem = { .fd = -1, .stride = stride, .size = size };

	if (!bo)
		die(EXIT_NO_MEMORY, "the GPU gives no buffer of %zu bytes",
		    size);
	mem.fd = etna_bo_dmabuf(bo);
	if (mem.fd < 0)
		die(EXIT_NOT_SHARED, "the GPU does not export: %s",
		    strerror(errno));
	return mem;
}

void gpu_import(struct gpu *gpu, struct gc320_surface *surface,
		const struct shared *mem, unsigned int width,
		unsigned int height, enum gc320_format format)
{
	struct etna_bo *bo = etna_bo_from_dmabuf(gpu->dev, mem->fd);

	if (!bo)
		die(EXIT_NOT_SHARED, "the GPU does not import: %s",
		    strerror(errno));
	*surface = (struct gc320_surface) {
		.bo = bo, .stride = mem->stride, .width = width,
		.height = height, .format = format,
	};
}

void gpu_alloc(struct gpu *gpu, struct gc320_surface *surface,
	       unsigned int width, unsigned int height,
	       enum gc320_format format)
{
	unsigned int bytes = format == GC320_A8R8G8B8 ||
			     format == GC320_X8R8G8B8 ? 4 : 2;

	*surface = (struct gc320_surface) {
		.stride = (width * bytes + 63) & ~63, .width = width,
		.height = height, .format = format,
	};
	surface->bo = etna_bo_new(gpu->dev, surface->stride * height,
				  DRM_ETNA_GEM_CACHE_WC);
	if (!surface->bo)
		die(EXIT_NO_MEMORY, "the GPU gives no buffer of %ux%u", width,
		    height);
}

/* The control: a CPU copies what is otherwise shared. */
void gpu_copy_in(struct gc320_surface *surface, const void *from, size_t size)
{
	void *to = etna_bo_map(surface->bo);

	if (!to || etna_bo_cpu_prep(surface->bo, DRM_ETNA_PREP_WRITE))
		die(EXIT_FAILED, "cannot map the GPU's copy of the picture");
	memcpy(to, from, size);
	etna_bo_cpu_fini(surface->bo);
}

/* Which of the seven bars a digit lights: top, the upper, middle, lower. */
static const uint8_t segments[10] = {
	0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f,
};

static void draw_digit(struct gpu *gpu, int x, unsigned int digit, int w, int h)
{
	int t = w / 5, m = h / 2;	/* thickness, middle */
	const struct gc320_rect bars[7] = {
		{ x + t, 0, x + w - t, t },			/* top */
		{ x, t, x + t, m },				/* upper left */
		{ x + w - t, t, x + w, m },			/* upper right */
		{ x + t, m - t / 2, x + w - t, m + t - t / 2 },	/* middle */
		{ x, m, x + t, h - t },				/* lower left */
		{ x + w - t, m, x + w, h - t },			/* lower right */
		{ x + t, h - t, x + w - t, h },			/* bottom */
	};

	for (unsigned int i = 0; i < 7; i++)
		if (segments[digit] & 1 << i)
			gc320_fill(gpu->stream, &gpu->sprite, &bars[i],
				   0xffffe000);
}

/* A half transparent plate with the frame count, drawn by the GPU. */
static void draw_sprite(struct gpu *gpu, unsigned int number)
{
	int cell = gpu->sprite.width / SPRITE_DIGITS;
	const struct gc320_rect whole = {
		0, 0, gpu->sprite.width, gpu->sprite.height
	};

	gc320_fill(gpu->stream, &gpu->sprite, &whole, 0x80000000);
	for (int i = SPRITE_DIGITS - 1; i >= 0; i--, number /= 10)
		draw_digit(gpu, i * cell + cell / 8, number % 10,
			   cell * 3 / 4, gpu->sprite.height);
}

/* The test card's head once more at its foot: a torn picture has two numbers. */
static void repeat_strip(struct gpu *gpu, struct gc320_surface *to)
{
	const struct gc320_rect foot = {
		0, to->height - to->height * 6 / 100, to->width, to->height
	};

	gc320_copy(gpu->stream, to, &foot, to, 0, 0);
	gc320_flush(gpu->stream);
}

/*
 * Camera picture to scanout buffer: a vertical pass of the video rasteriser
 * into a YUV surface, a horizontal one that converts to RGB, the plate over
 * it.  Returns a fence that signals when the GPU is done with both buffers.
 */
int gpu_render(struct gpu *gpu, unsigned int camera, unsigned int scanout,
	       unsigned int number)
{
	struct gc320_surface *to = &gpu->scanout[scanout];
	int fence = -1;

	gc320_filter(gpu->stream, &gpu->filtered, &gpu->camera[camera], true);
	gc320_flush(gpu->stream);
	gc320_filter(gpu->stream, to, &gpu->filtered, false);
	gc320_flush(gpu->stream);
	draw_sprite(gpu, number);
	gc320_flush(gpu->stream);
	if (gpu->blend) {
		struct gc320_rect at = {
			16, to->height - gpu->sprite.height - 16,
			16 + gpu->sprite.width, to->height - 16
		};

		gc320_blend_over(gpu->stream, to, &at, &gpu->sprite, 0, 0);
		gc320_flush(gpu->stream);
	}
	if (gpu->repeat_strip)
		repeat_strip(gpu, to);
	etna_cmd_stream_flush2(gpu->stream, -1, &fence);
	if (fence < 0)
		die(EXIT_FAILED, "the GPU did not take the job");
	return fence;
}
