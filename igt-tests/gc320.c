// SPDX-License-Identifier: MIT
/* Command streams for the GC320 2D core: see gc320.h. */

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <etnaviv_drmif.h>
#include <xf86drm.h>

#include "gc320.h"

/* Opcodes of the front end, bits 31:27. */
#define FE_LOAD_STATE(addr, n)	(0x08000000 | (n) << 16 | (addr) >> 2)
#define FE_DRAW_2D(n)		(0x20000000 | (n) << 8)
#define FE_STALL		0x48000000

#define GL_FLUSH_CACHE		0x0380c
#define GL_FLUSH_CACHE_PE2D	0x8
#define GL_SEMAPHORE_TOKEN	0x03808
#define TOKEN_FE_TO_PE		0x0701

#define DE_SRC_ADDRESS		0x01200	/* then STRIDE, ROTATION_CONFIG, CONFIG */
#define DE_SRC_ORIGIN		0x01210	/* then SIZE */
#define DE_STRETCH_FACTOR_LOW	0x01220	/* then HIGH */
#define DE_DEST_ADDRESS		0x01228	/* then STRIDE, ROTATION_CONFIG, CONFIG */
#define DE_ROP			0x0125c
#define DE_CLIP_TOP_LEFT	0x01260	/* then BOTTOM_RIGHT */
#define DE_CONFIG		0x0126c
#define DE_ALPHA_CONTROL	0x0127c	/* then MODES */
#define DE_UPLANE_ADDRESS	0x01284
#define DE_VR_CONFIG		0x01294
#define DE_VR_SOURCE_IMAGE_LOW	0x01298	/* then HIGH */
#define DE_VR_SOURCE_ORIGIN_LOW	0x012a0	/* then HIGH */
#define DE_VR_TARGET_WINDOW_LOW	0x012a8	/* then HIGH */
#define DE_CLEAR_PIXEL_VALUE32	0x012c0
#define DE_COLOR_MULTIPLY_MODES	0x012d0
#define DE_PE_TRANSPARENCY	0x012d4
#define DE_PE_CONTROL		0x012d8
#define DE_PE_DITHER_LOW	0x012e8	/* then HIGH */
#define DE_FILTER_KERNEL	0x01800

#define SRC_CONFIG_FORMAT(f)	((f) << 24)
#define SRC_CONFIG_SWIZZLE(s)	((s) << 20)
#define DEST_CONFIG_SWIZZLE(s)	((s) << 16)

enum dest_command {
	CMD_CLEAR = 0,
	CMD_BIT_BLT = 2,
	CMD_STRETCH_BLT = 4,
	CMD_HOR_FILTER_BLT = 5,
	CMD_VER_FILTER_BLT = 6,
};

#define ROP_COPY		0xcc
#define ROP_TYPE_ROP4		(3 << 20)

#define ALPHA_BLEND_ONE		1
#define ALPHA_BLEND_INVERSED	3

#define VR_CONFIG_START_HOR	0
#define VR_CONFIG_START_VER	1

#define PE_CONTROL_YUV2RGB	0x100

/* The rasteriser takes the pixel a position falls into, not the nearest. */
#define HALF_PIXEL		(1 << 15)	/* 16.16 */

void gc320_states(struct etna_cmd_stream *s, uint32_t addr,
		  const uint32_t *values, unsigned int n)
{
	etna_cmd_stream_emit(s, FE_LOAD_STATE(addr, n));
	for (unsigned int i = 0; i < n; i++)
		etna_cmd_stream_emit(s, values[i]);
	if (n % 2 == 0)		/* commands are padded to 64 bits */
		etna_cmd_stream_emit(s, 0);
}

void gc320_state(struct etna_cmd_stream *s, uint32_t addr, uint32_t value)
{
	gc320_states(s, addr, &value, 1);
}

static void set_two(struct etna_cmd_stream *s, uint32_t addr, uint32_t low,
		    uint32_t high)
{
	gc320_states(s, addr, (uint32_t[]){ low, high }, 2);
}

/* An address state must be a command of its own: its value is a relocation. */
static void set_address(struct etna_cmd_stream *s, uint32_t addr,
			const struct gc320_surface *surface, uint32_t flags)
{
	etna_cmd_stream_emit(s, FE_LOAD_STATE(addr, 1));
	etna_cmd_stream_reloc(s, &(struct etna_reloc) {
		.bo = surface->bo,
		.flags = flags,
		.offset = surface->offset,
	});
}

static uint32_t xy(int x, int y)
{
	return ((uint32_t)x & 0xffff) | (uint32_t)y << 16;
}

static void set_dest(struct etna_cmd_stream *s, const struct gc320_surface *d,
		     enum dest_command command)
{
	set_address(s, DE_DEST_ADDRESS, d, ETNA_RELOC_WRITE);
	gc320_states(s, DE_DEST_ADDRESS + 4, (uint32_t[]) {
		d->stride,
		d->width,	/* rotation off: surface width only */
		d->format | command << 12 | DEST_CONFIG_SWIZZLE(d->swizzle),
	}, 3);
}

static void set_source(struct etna_cmd_stream *s, const struct gc320_surface *b,
		       int x, int y, int width, int height)
{
	set_address(s, DE_SRC_ADDRESS, b, ETNA_RELOC_READ);
	gc320_states(s, DE_SRC_ADDRESS + 4, (uint32_t[]) {
		b->stride,
		b->width,
		SRC_CONFIG_FORMAT(b->format) | SRC_CONFIG_SWIZZLE(b->swizzle),
		xy(x, y),
		xy(width, height),
	}, 5);
}

/* What every operation needs in a known state, whether it uses it or not. */
static void set_common(struct etna_cmd_stream *s, const struct gc320_rect *clip)
{
	gc320_state(s, DE_ROP, ROP_TYPE_ROP4 | ROP_COPY << 8 | ROP_COPY);
	set_two(s, DE_CLIP_TOP_LEFT, xy(clip->left, clip->top),
		xy(clip->right, clip->bottom));
	gc320_state(s, DE_CONFIG, 0);
	set_two(s, DE_ALPHA_CONTROL, 0, 0);
	gc320_state(s, DE_COLOR_MULTIPLY_MODES, 0);
	gc320_state(s, DE_PE_TRANSPARENCY, 0);
	set_two(s, DE_PE_DITHER_LOW, ~0u, ~0u);
}

/*
 * One rectangle a command, and three loads of state 0 behind it: GC320 loses
 * the tail of a job otherwise (xf86-video-armada, etnaviv_op.c).
 */
static void draw(struct etna_cmd_stream *s, const struct gc320_rect *r)
{
	etna_cmd_stream_emit(s, FE_DRAW_2D(1));
	etna_cmd_stream_emit(s, 0);
	etna_cmd_stream_emit(s, xy(r->left, r->top));
	etna_cmd_stream_emit(s, xy(r->right, r->bottom));
	for (unsigned int i = 0; i < 3; i++)
		gc320_state(s, 0, 0);
}

/* refsoc-gpu has etnaviv's name, which is what libdrm and Mesa look for. */
int gc320_open_node(void)
{
	for (int i = 128; i < 144; i++) {
		drmVersionPtr version;
		char path[32];
		bool found;
		int fd;

		snprintf(path, sizeof(path), "/dev/dri/renderD%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		version = drmGetVersion(fd);
		found = version && !strcmp(version->name, "etnaviv");
		drmFreeVersion(version);
		if (found)
			return fd;
		close(fd);
	}
	return -1;
}

struct etna_gpu *gc320_open_with(struct etna_device *dev, uint32_t feature)
{
	struct etna_gpu *gpu;
	uint64_t features;

	for (unsigned int core = 0; (gpu = etna_gpu_new(dev, core)); core++) {
		if (!etna_gpu_get_param(gpu, ETNA_GPU_FEATURES_0, &features) &&
		    (features & feature))
			return gpu;
		etna_gpu_del(gpu);
	}
	return NULL;
}

struct etna_gpu *gc320_open(struct etna_device *dev)
{
	return gc320_open_with(dev, GC320_PIPE_2D);
}

void gc320_begin(struct etna_cmd_stream *s)
{
	etna_cmd_stream_reserve(s, GC320_MAX_WORDS);
}

void gc320_fill(struct etna_cmd_stream *s, const struct gc320_surface *dst,
		const struct gc320_rect *rect, uint32_t argb)
{
	gc320_begin(s);
	set_dest(s, dst, CMD_CLEAR);
	set_common(s, rect);
	gc320_state(s, DE_CLEAR_PIXEL_VALUE32, argb);
	draw(s, rect);
}

void gc320_copy(struct etna_cmd_stream *s, const struct gc320_surface *dst,
		const struct gc320_rect *to, const struct gc320_surface *src,
		int x, int y)
{
	gc320_begin(s);
	set_source(s, src, x, y, to->right - to->left, to->bottom - to->top);
	set_dest(s, dst, CMD_BIT_BLT);
	set_common(s, to);
	draw(s, to);
}

uint32_t gc320_factor(unsigned int src, unsigned int dst)
{
	return src <= 1 || dst <= 1 ? 0 : ((src - 1) << 16) / (dst - 1);
}

void gc320_stretch(struct etna_cmd_stream *s, const struct gc320_surface *dst,
		   const struct gc320_rect *to, const struct gc320_surface *src,
		   const struct gc320_rect *from)
{
	int width = from->right - from->left, height = from->bottom - from->top;

	gc320_begin(s);
	set_source(s, src, from->left, from->top, width, height);
	set_two(s, DE_STRETCH_FACTOR_LOW,
		gc320_factor(width, to->right - to->left),
		gc320_factor(height, to->bottom - to->top));
	set_dest(s, dst, CMD_STRETCH_BLT);
	set_common(s, to);
	draw(s, to);
}

void gc320_blend_over(struct etna_cmd_stream *s,
		      const struct gc320_surface *dst,
		      const struct gc320_rect *to,
		      const struct gc320_surface *src, int x, int y)
{
	gc320_begin(s);
	set_source(s, src, x, y, to->right - to->left, to->bottom - to->top);
	set_dest(s, dst, CMD_BIT_BLT);
	set_common(s, to);
	/* Porter-Duff over, colours premultiplied by their alpha. */
	set_two(s, DE_ALPHA_CONTROL, 1,
		ALPHA_BLEND_ONE << 24 | (uint32_t)ALPHA_BLEND_INVERSED << 28);
	draw(s, to);
}

/*
 * A triangle as wide as the larger of a source and a destination pixel.  Row
 * r holds the taps for a sample 0.5 - r/32 source pixels off the centre tap.
 */
void gc320_filter_rows(int16_t rows[GC320_ROWS][GC320_TAPS],
		       unsigned int src, unsigned int dst)
{
	double width = src > dst ? (double)src / dst : 1.0;

	for (int r = 0; r < GC320_ROWS; r++) {
		double taps[GC320_TAPS], sum = 0, offset = 0.5 - r / 32.0;
		int left = 1 << 14;

		for (int i = 0; i < GC320_TAPS; i++) {
			taps[i] = fmax(0, 1 - fabs(i - 4 + offset) / width);
			sum += taps[i];
		}
		for (int i = 0; i < GC320_TAPS; i++) {
			rows[r][i] = lrint(taps[i] / sum * (1 << 14));
			left -= rows[r][i];
		}
		rows[r][4] += left;	/* a flat picture must stay flat */
	}
}

static void set_kernel(struct etna_cmd_stream *s, unsigned int src,
		       unsigned int dst)
{
	int16_t rows[GC320_ROWS][GC320_TAPS];
	uint32_t words[(GC320_ROWS * GC320_TAPS + 1) / 2] = { 0 };

	gc320_filter_rows(rows, src, dst);
	for (int i = 0; i < GC320_ROWS * GC320_TAPS; i++)
		words[i / 2] |= (uint32_t)(uint16_t)rows[i / GC320_TAPS][i % GC320_TAPS]
				<< 16 * (i % 2);
	gc320_states(s, DE_FILTER_KERNEL, words, sizeof(words) / sizeof(*words));
}

/*
 * One pass of the video rasteriser over the whole of both surfaces.  This
 * core has no single-pass filter: scale vertically into a surface of the
 * source's own format first (any other YUV format comes out as zeros, says
 * xf86-video-armada), then horizontally.
 */
void gc320_filter(struct etna_cmd_stream *s, const struct gc320_surface *dst,
		  const struct gc320_surface *src, bool vertical)
{
	struct gc320_rect whole = { 0, 0, dst->width, dst->height };

	gc320_begin(s);
	set_kernel(s, vertical ? src->height : src->width,
		   vertical ? dst->height : dst->width);
	set_source(s, src, 0, 0, src->width, src->height);
	set_dest(s, dst, vertical ? CMD_VER_FILTER_BLT : CMD_HOR_FILTER_BLT);
	set_common(s, &whole);
	set_two(s, DE_STRETCH_FACTOR_LOW, gc320_factor(src->width, dst->width),
		gc320_factor(src->height, dst->height));
	gc320_state(s, DE_PE_CONTROL, dst->format < GC320_YUY2 &&
		    src->format >= GC320_YUY2 ? PE_CONTROL_YUV2RGB : 0);
	set_two(s, DE_VR_SOURCE_IMAGE_LOW, 0, xy(src->width, src->height));
	set_two(s, DE_VR_SOURCE_ORIGIN_LOW, HALF_PIXEL, HALF_PIXEL);
	set_two(s, DE_VR_TARGET_WINDOW_LOW, 0, xy(dst->width, dst->height));
	gc320_state(s, DE_VR_CONFIG,
		    vertical ? VR_CONFIG_START_VER : VR_CONFIG_START_HOR);
}

void gc320_flush(struct etna_cmd_stream *s)
{
	gc320_begin(s);
	gc320_state(s, GL_FLUSH_CACHE, GL_FLUSH_CACHE_PE2D);
	gc320_state(s, GL_SEMAPHORE_TOKEN, TOKEN_FE_TO_PE);
	etna_cmd_stream_emit(s, FE_STALL);
	etna_cmd_stream_emit(s, TOKEN_FE_TO_PE);
}
