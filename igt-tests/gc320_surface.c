// SPDX-License-Identifier: MIT
/* Surfaces for the tests of the GC320: see gc320_surface.h. */

#include <math.h>

#include "igt.h"

#include "gc320_surface.h"

#define STREAM_WORDS	0x1000

struct gc320_test gc320;

/* ---- pixels ---- */

struct layout {
	unsigned int bytes;
	bool alpha;
	unsigned int bits[CHANNELS], shift[CHANNELS];
};

const struct gc320_rgb gc320_formats[GC320_N_RGB] = {
	[GC320_X4R4G4B4] = { "x4r4g4b4", 2, false, { 4, 4, 4, 4 } },
	[GC320_A4R4G4B4] = { "a4r4g4b4", 2, true, { 4, 4, 4, 4 } },
	[GC320_X1R5G5B5] = { "x1r5g5b5", 2, false, { 1, 5, 5, 5 } },
	[GC320_A1R5G5B5] = { "a1r5g5b5", 2, true, { 1, 5, 5, 5 } },
	[GC320_R5G6B5] = { "r5g6b5", 2, false, { 0, 5, 6, 5 } },
	[GC320_X8R8G8B8] = { "x8r8g8b8", 4, false, { 8, 8, 8, 8 } },
	[GC320_A8R8G8B8] = { "a8r8g8b8", 4, true, { 8, 8, 8, 8 } },
};

/* Channels from the most significant bits down */
static const uint8_t orders[N_SWIZZLES][CHANNELS] = {
	[GC320_ARGB] = { A, R, G, B },
	[GC320_RGBA] = { R, G, B, A },
	[GC320_ABGR] = { A, B, G, R },
	[GC320_BGRA] = { B, G, R, A },
};

static struct layout layout_of(const struct gc320_surface *s)
{
	struct layout l = {
		.bytes = gc320_formats[s->format].bytes,
		.alpha = gc320_formats[s->format].alpha,
	};
	unsigned int shift = 0;

	for (int i = CHANNELS - 1; i >= 0; i--) {
		unsigned int c = orders[s->swizzle][i];

		l.bits[c] = gc320_formats[s->format].bits[c];
		l.shift[c] = shift;
		shift += l.bits[c];
	}
	return l;
}

static unsigned int bytes_of(enum gc320_format format)
{
	return format < GC320_N_RGB ? gc320_formats[format].bytes : 2;
}

uint32_t surface_word(const uint8_t *map, const struct gc320_surface *s,
		      int x, int y)
{
	unsigned int bytes = bytes_of(s->format);
	const uint8_t *at = map + s->offset + y * s->stride + x * bytes;

	return bytes == 4 ? *(const uint32_t *)at : *(const uint16_t *)at;
}

void surface_put_word(const struct surface *s, int x, int y, uint32_t word)
{
	uint8_t *at = s->map + s->s.offset + y * s->s.stride +
		      x * bytes_of(s->s.format);

	if (bytes_of(s->s.format) == 4)
		*(uint32_t *)at = word;
	else
		*(uint16_t *)at = word;
}

static struct color color_of(const struct layout *l, uint32_t word)
{
	struct color out = { .c = { [A] = 1 } };

	for (int c = 0; c < CHANNELS; c++) {
		uint32_t full = (1u << l->bits[c]) - 1;

		if (c == A && !l->alpha)
			continue;
		out.c[c] = (double)(word >> l->shift[c] & full) / full;
		out.bits[c] = l->bits[c];
	}
	return out;
}

struct color surface_color(const uint8_t *map, const struct gc320_surface *s,
			   int x, int y)
{
	struct layout l = layout_of(s);

	return color_of(&l, surface_word(map, s, x, y));
}

struct color gc320_argb_color(uint32_t argb)
{
	return color_of(&(struct layout) {
		.alpha = true, .bits = { 8, 8, 8, 8 }, .shift = { 24, 16, 8, 0 },
	}, argb);
}

/*
 * A channel keeps its value if the number of bits stays the same, and black
 * and white are black and white in every format.  In between, a step more or
 * less of the target is up to the core: documents say neither how it widens
 * nor how it narrows.  Bits that the target ignores may be anything.
 */
static bool color_fits(const struct layout *l, uint32_t word,
		       const struct color *want)
{
	for (int c = 0; c < CHANNELS; c++) {
		uint32_t full = (1u << l->bits[c]) - 1;
		double off, slack = 0.999;

		if (c == A && !l->alpha)
			continue;
		if (want->bits[c] == l->bits[c] || want->c[c] == 0 ||
		    want->c[c] == 1)
			slack = 0.001;
		off = (word >> l->shift[c] & full) - want->c[c] * full;
		if (fabs(off) > slack)
			return false;
	}
	return true;
}

/* ---- surfaces and streams ---- */

uint32_t gc320_noise(void)
{
	static uint32_t state = 0x12345678;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* Take what is in the surface now for what was there before. */
void surface_mark(struct surface *s)
{
	memcpy(s->before, s->map, s->size);
}

struct surface surface_from(struct etna_bo *bo, unsigned int width,
			    unsigned int height,
			    enum gc320_format format,
			    enum gc320_swizzle swizzle)
{
	struct surface s = {
		.s = {
			.bo = bo, .width = width, .height = height,
			.stride = ALIGN(width * bytes_of(format), 64),
			.format = format, .swizzle = swizzle,
		},
	};

	igt_assert(bo);
	s.size = etna_bo_size(bo);
	s.map = etna_bo_map(bo);
	s.before = malloc(s.size);
	igt_assert(s.map && s.before);
	igt_assert_eq(etna_bo_cpu_prep(bo, DRM_ETNA_PREP_READ |
				       DRM_ETNA_PREP_WRITE), 0);
	for (size_t i = 0; i < s.size; i += 4)
		*(uint32_t *)(s.before + i) = gc320_noise();
	memcpy(s.map, s.before, s.size);
	etna_bo_cpu_fini(bo);
	return s;
}

size_t surface_size(unsigned int width, unsigned int height,
		    enum gc320_format format)
{
	return (size_t)ALIGN(width * bytes_of(format), 64) * height;
}

/* Full of noise, so that what should not be touched shows it if it is. */
static struct surface surface_new_flags(unsigned int width, unsigned int height,
					enum gc320_format format,
					enum gc320_swizzle swizzle,
					uint32_t flags)
{
	return surface_from(etna_bo_new(gc320.dev,
					surface_size(width, height, format),
					flags),
			    width, height, format, swizzle);
}

struct surface surface_new(unsigned int width, unsigned int height,
			   enum gc320_format format,
			   enum gc320_swizzle swizzle)
{
	return surface_new_flags(width, height, format, swizzle, GC320_LINEAR);
}

struct surface surface_argb(unsigned int width, unsigned int height,
			    uint32_t flags)
{
	return surface_new_flags(width, height, GC320_A8R8G8B8, GC320_ARGB,
				 flags);
}

void surface_del(struct surface *s)
{
	free(s->before);
	etna_bo_del(s->s.bo);
}

/* A stream of its own: a test that failed may have left half a command. */
void gc320_test_begin(void)
{
	if (gc320.stream)
		etna_cmd_stream_del(gc320.stream);
	gc320.stream = etna_cmd_stream_new(gc320.pipe, STREAM_WORDS, NULL, NULL);
	igt_assert(gc320.stream);
}

void gc320_test_submit(void)
{
	gc320_flush(gc320.stream);
	etna_cmd_stream_flush(gc320.stream);
}

void surface_cpu_begin(const struct surface *s)
{
	igt_assert_eq(etna_bo_cpu_prep(s->s.bo, DRM_ETNA_PREP_READ |
				       DRM_ETNA_PREP_WRITE), 0);
}

void surface_cpu_end(const struct surface *s)
{
	etna_bo_cpu_fini(s->s.bo);
}

bool surface_is_busy(const struct surface *s)
{
	int ret = etna_bo_cpu_prep(s->s.bo, DRM_ETNA_PREP_READ |
				   DRM_ETNA_PREP_NOSYNC);

	if (!ret)
		surface_cpu_end(s);
	else
		igt_assert_eq(ret, -EBUSY);
	return ret;
}

/* ---- comparing ---- */

bool gc320_inside(const struct gc320_rect *r, int x, int y)
{
	return x >= r->left && x < r->right && y >= r->top && y < r->bottom;
}

static void check_pixel(const struct surface *s, const struct layout *l, int x,
			int y, const struct color *want)
{
	uint32_t word = surface_word(s->map, &s->s, x, y);

	igt_assert_f(color_fits(l, word, want),
		     "%s/%d: pixel %d,%d is %#x, wanted a %.2f r %.2f g %.2f b %.2f of 255\n",
		     gc320_formats[s->s.format].name, s->s.swizzle, x, y, word,
		     want->c[A] * 255, want->c[R] * 255, want->c[G] * 255,
		     want->c[B] * 255);
}

/* All of the surface's memory: wanted pixels inside, nothing new outside. */
void surface_check(const struct surface *s, const struct gc320_rect *drawn,
		   wanted_fn wanted, const void *data)
{
	struct layout l = layout_of(&s->s);
	size_t end = s->s.offset + (size_t)s->s.height * s->s.stride;
	int columns = s->s.stride / l.bytes;

	surface_cpu_begin(s);
	for (int y = 0; y < (int)s->s.height; y++) {
		for (int x = 0; x < columns; x++) {
			if (gc320_inside(drawn, x, y)) {
				struct color want = wanted(data, x, y);

				check_pixel(s, &l, x, y, &want);
				continue;
			}
			igt_assert_f(surface_word(s->map, &s->s, x, y) ==
				     surface_word(s->before, &s->s, x, y),
				     "pixel %d,%d, outside, has changed\n",
				     x, y);
		}
	}
	igt_assert(!memcmp(s->map, s->before, s->s.offset));
	igt_assert(!memcmp(s->map + end, s->before + end, s->size - end));
	surface_cpu_end(s);
}

struct color gc320_flat(const void *data, int x, int y)
{
	(void)x;
	(void)y;
	return gc320_argb_color(*(const uint32_t *)data);
}

struct gc320_rect surface_rect(const struct surface *s)
{
	return (struct gc320_rect) { 0, 0, s->s.width, s->s.height };
}

void surface_fill(const struct surface *s, uint32_t argb)
{
	struct gc320_rect all = surface_rect(s);

	gc320_fill(gc320.stream, &s->s, &all, argb);
}

void surface_check_flat(const struct surface *s, uint32_t argb)
{
	struct gc320_rect all = surface_rect(s);

	surface_check(s, &all, gc320_flat, &argb);
}

static struct color from_source(const void *data, int x, int y)
{
	const struct copied *c = data;

	return surface_color(c->src->before, &c->src->s, x - c->to.left + c->x,
			y - c->to.top + c->y);
}

void surface_copy_and_check(struct surface *dst, const struct copied *c)
{
	gc320_copy(gc320.stream, &dst->s, &c->to, &c->src->s, c->x, c->y);
	gc320_test_submit();
	surface_check(dst, &c->to, from_source, c);
}
