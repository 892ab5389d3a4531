// SPDX-License-Identifier: MIT
/*
 * What the GC320 draws, pixel by pixel, against references in double
 * precision that are computed here from the geometry and the definition of
 * the formats, not from the tables the core is programmed with.
 *
 * Runs on etnaviv and on refsoc-gpu alike.
 */

#include <fcntl.h>
#include <math.h>
#include <sys/mman.h>

#include <etnaviv_drmif.h>
#include <drm/etnaviv_drm.h>	/* last: it makes macros of the other's names */

#include "igt.h"
#include "sw_sync.h"

#include "gc320.h"

IGT_TEST_DESCRIPTION("Pixels of the GC320 2D core");

#define STREAM_WORDS	0x1000

/* How a surface's memory lies, as flags of GEM_NEW. */
#define LINEAR		DRM_ETNA_GEM_CACHE_WC
#define ABOVE_WINDOW	(DRM_ETNA_GEM_CACHE_WC | DRM_ETNA_GEM_FORCE_MMU)

struct surface {
	struct gc320_surface s;
	size_t size;
	uint8_t *map;
	uint8_t *before;	/* contents as of surface_new() or _mark() */
};

static struct {
	int fd;
	struct etna_device *dev;
	struct etna_gpu *gpu;
	struct etna_pipe *pipe;
	struct etna_cmd_stream *stream;
} gpu;

/* ---- pixels ---- */

enum { A, R, G, B, CHANNELS };

struct layout {
	unsigned int bytes;
	bool alpha;
	unsigned int bits[CHANNELS], shift[CHANNELS];
};

static const struct {
	const char *name;
	unsigned int bytes;
	bool alpha;
	unsigned int bits[CHANNELS];
} formats[] = {
	[GC320_X4R4G4B4] = { "x4r4g4b4", 2, false, { 4, 4, 4, 4 } },
	[GC320_A4R4G4B4] = { "a4r4g4b4", 2, true, { 4, 4, 4, 4 } },
	[GC320_X1R5G5B5] = { "x1r5g5b5", 2, false, { 1, 5, 5, 5 } },
	[GC320_A1R5G5B5] = { "a1r5g5b5", 2, true, { 1, 5, 5, 5 } },
	[GC320_R5G6B5] = { "r5g6b5", 2, false, { 0, 5, 6, 5 } },
	[GC320_X8R8G8B8] = { "x8r8g8b8", 4, false, { 8, 8, 8, 8 } },
	[GC320_A8R8G8B8] = { "a8r8g8b8", 4, true, { 8, 8, 8, 8 } },
};

#define N_RGB		ARRAY_SIZE(formats)
#define N_SWIZZLES	4

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
		.bytes = formats[s->format].bytes,
		.alpha = formats[s->format].alpha,
	};
	unsigned int shift = 0;

	for (int i = CHANNELS - 1; i >= 0; i--) {
		unsigned int c = orders[s->swizzle][i];

		l.bits[c] = formats[s->format].bits[c];
		l.shift[c] = shift;
		shift += l.bits[c];
	}
	return l;
}

static unsigned int bytes_of(enum gc320_format format)
{
	return format < N_RGB ? formats[format].bytes : 2;
}

static uint32_t word_at(const uint8_t *map, const struct gc320_surface *s,
			int x, int y)
{
	unsigned int bytes = bytes_of(s->format);
	const uint8_t *at = map + s->offset + y * s->stride + x * bytes;

	return bytes == 4 ? *(const uint32_t *)at : *(const uint16_t *)at;
}

static void put_word(const struct surface *s, int x, int y, uint32_t word)
{
	uint8_t *at = s->map + s->s.offset + y * s->s.stride +
		      x * bytes_of(s->s.format);

	if (bytes_of(s->s.format) == 4)
		*(uint32_t *)at = word;
	else
		*(uint16_t *)at = word;
}

/* A colour; bits is how finely each channel was given, 0: it is exact. */
struct color {
	double c[CHANNELS];
	unsigned int bits[CHANNELS];
};

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

static struct color color_at(const uint8_t *map, const struct gc320_surface *s,
			     int x, int y)
{
	struct layout l = layout_of(s);

	return color_of(&l, word_at(map, s, x, y));
}

static struct color argb_color(uint32_t argb)
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

static uint32_t noise(void)
{
	static uint32_t state = 0x12345678;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* Take what is in the surface now for what was there before. */
static void surface_mark(struct surface *s)
{
	memcpy(s->before, s->map, s->size);
}

static struct surface surface_from(struct etna_bo *bo, unsigned int width,
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
		*(uint32_t *)(s.before + i) = noise();
	memcpy(s.map, s.before, s.size);
	etna_bo_cpu_fini(bo);
	return s;
}

static size_t surface_size(unsigned int width, unsigned int height,
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
	return surface_from(etna_bo_new(gpu.dev,
					surface_size(width, height, format),
					flags),
			    width, height, format, swizzle);
}

static struct surface surface_new(unsigned int width, unsigned int height,
				  enum gc320_format format,
				  enum gc320_swizzle swizzle)
{
	return surface_new_flags(width, height, format, swizzle, LINEAR);
}

static struct surface surface_argb(unsigned int width, unsigned int height,
				   uint32_t flags)
{
	return surface_new_flags(width, height, GC320_A8R8G8B8, GC320_ARGB,
				 flags);
}

static void surface_del(struct surface *s)
{
	free(s->before);
	etna_bo_del(s->s.bo);
}

/* A stream of its own: a test that failed may have left half a command. */
static void begin(void)
{
	if (gpu.stream)
		etna_cmd_stream_del(gpu.stream);
	gpu.stream = etna_cmd_stream_new(gpu.pipe, STREAM_WORDS, NULL, NULL);
	igt_assert(gpu.stream);
}

static void submit(void)
{
	gc320_flush(gpu.stream);
	etna_cmd_stream_flush(gpu.stream);
}

static void cpu_begin(const struct surface *s)
{
	igt_assert_eq(etna_bo_cpu_prep(s->s.bo, DRM_ETNA_PREP_READ |
				       DRM_ETNA_PREP_WRITE), 0);
}

static void cpu_end(const struct surface *s)
{
	etna_bo_cpu_fini(s->s.bo);
}

static bool is_busy(const struct surface *s)
{
	int ret = etna_bo_cpu_prep(s->s.bo, DRM_ETNA_PREP_READ |
				   DRM_ETNA_PREP_NOSYNC);

	if (!ret)
		cpu_end(s);
	else
		igt_assert_eq(ret, -EBUSY);
	return ret;
}

/* ---- comparing ---- */

static bool inside(const struct gc320_rect *r, int x, int y)
{
	return x >= r->left && x < r->right && y >= r->top && y < r->bottom;
}

typedef struct color (*wanted_fn)(const void *data, int x, int y);

static void check_pixel(const struct surface *s, const struct layout *l, int x,
			int y, const struct color *want)
{
	uint32_t word = word_at(s->map, &s->s, x, y);

	igt_assert_f(color_fits(l, word, want),
		     "%s/%d: pixel %d,%d is %#x, wanted a %.2f r %.2f g %.2f b %.2f of 255\n",
		     formats[s->s.format].name, s->s.swizzle, x, y, word,
		     want->c[A] * 255, want->c[R] * 255, want->c[G] * 255,
		     want->c[B] * 255);
}

/* All of the surface's memory: wanted pixels inside, nothing new outside. */
static void check(const struct surface *s, const struct gc320_rect *drawn,
		  wanted_fn wanted, const void *data)
{
	struct layout l = layout_of(&s->s);
	size_t end = s->s.offset + (size_t)s->s.height * s->s.stride;
	int columns = s->s.stride / l.bytes;

	cpu_begin(s);
	for (int y = 0; y < (int)s->s.height; y++) {
		for (int x = 0; x < columns; x++) {
			if (inside(drawn, x, y)) {
				struct color want = wanted(data, x, y);

				check_pixel(s, &l, x, y, &want);
				continue;
			}
			igt_assert_f(word_at(s->map, &s->s, x, y) ==
				     word_at(s->before, &s->s, x, y),
				     "pixel %d,%d, outside, has changed\n",
				     x, y);
		}
	}
	igt_assert(!memcmp(s->map, s->before, s->s.offset));
	igt_assert(!memcmp(s->map + end, s->before + end, s->size - end));
	cpu_end(s);
}

static struct color flat(const void *data, int x, int y)
{
	(void)x;
	(void)y;
	return argb_color(*(const uint32_t *)data);
}

static struct gc320_rect whole(const struct surface *s)
{
	return (struct gc320_rect) { 0, 0, s->s.width, s->s.height };
}

static void fill(const struct surface *s, uint32_t argb)
{
	struct gc320_rect all = whole(s);

	gc320_fill(gpu.stream, &s->s, &all, argb);
}

static void check_flat(const struct surface *s, uint32_t argb)
{
	struct gc320_rect all = whole(s);

	check(s, &all, flat, &argb);
}

/* ---- streams the library has no function for ---- */

static void load(uint32_t state, uint32_t value)
{
	etna_cmd_stream_emit(gpu.stream, 0x08010000 | state >> 2);
	etna_cmd_stream_emit(gpu.stream, value);
}

static uint32_t xy(int x, int y)
{
	return ((uint32_t)x & 0xffff) | (uint32_t)y << 16;
}

/* States for filling rectangles: the caller adds the draw. */
static void fill_states(const struct surface *s, const struct gc320_rect *clip,
			uint32_t argb)
{
	etna_cmd_stream_emit(gpu.stream, 0x08010000 | 0x1228 >> 2);
	etna_cmd_stream_reloc(gpu.stream, &(struct etna_reloc) {
		.bo = s->s.bo, .flags = ETNA_RELOC_WRITE,
	});
	load(0x122c, s->s.stride);
	load(0x1230, s->s.width);
	load(0x1234, s->s.format | s->s.swizzle << 16);
	load(0x125c, 0x30cccc);		/* ROP: copy */
	load(0x1260, xy(clip->left, clip->top));
	load(0x1264, xy(clip->right, clip->bottom));
	load(0x126c, 0);
	load(0x127c, 0);
	load(0x12c0, argb);
	load(0x12d4, 0);
}

/* @count as in the command's header: 0 stands for 256 */
static void draw_2d(unsigned int count)
{
	etna_cmd_stream_emit(gpu.stream, 0x20000000 | count << 8);
	etna_cmd_stream_emit(gpu.stream, 0);
}

static void emit_rect(const struct gc320_rect *r)
{
	etna_cmd_stream_emit(gpu.stream, xy(r->left, r->top));
	etna_cmd_stream_emit(gpu.stream, xy(r->right, r->bottom));
}

static void after_draw(void)
{
	for (int i = 0; i < 3; i++)
		load(0, 0);
}

/* ---- fill ---- */

static void test_fill(enum gc320_format format)
{
	static const struct gc320_rect rects[] = {
		{ 0, 0, 33, 17 }, { 0, 0, 1, 1 }, { 32, 16, 33, 17 },
		{ 5, 3, 29, 4 }, { 7, 1, 8, 16 },
	};

	for (int swizzle = 0; swizzle < N_SWIZZLES; swizzle++) {
		for (size_t i = 0; i < ARRAY_SIZE(rects); i++) {
			struct surface s = surface_new(33, 17, format, swizzle);
			uint32_t argb = noise();

			gc320_fill(gpu.stream, &s.s, &rects[i], argb);
			submit();
			check(&s, &rects[i], flat, &argb);
			surface_del(&s);
		}
	}
}

static void test_fill_clip(void)
{
	static const struct gc320_rect cases[][2] = {
		/* rectangle, clip */
		{ { 4, 4, 28, 28 }, { 8, 0, 32, 32 } },
		{ { 4, 4, 28, 28 }, { 0, 8, 32, 32 } },
		{ { 4, 4, 28, 28 }, { 0, 0, 27, 32 } },
		{ { 4, 4, 28, 28 }, { 0, 0, 32, 27 } },
		{ { 4, 4, 28, 28 }, { 15, 15, 16, 16 } },
		{ { 4, 4, 28, 28 }, { 4, 4, 28, 28 } },
		{ { 0, 0, 8, 8 }, { 16, 16, 32, 32 } },
		{ { 20, 20, 200, 300 }, { 0, 0, 32, 32 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct surface s = surface_argb(32, 32, LINEAR);
		const struct gc320_rect *r = &cases[i][0], *c = &cases[i][1];
		struct gc320_rect drawn = {
			max(r->left, c->left), max(r->top, c->top),
			min(r->right, c->right), min(r->bottom, c->bottom),
		};
		uint32_t argb = noise();

		gc320_begin(gpu.stream);
		fill_states(&s, c, argb);
		draw_2d(1);
		emit_rect(r);
		after_draw();
		submit();
		check(&s, &drawn, flat, &argb);
		surface_del(&s);
	}
}

static struct color chequers(const void *data, int x, int y)
{
	const struct surface *s = data;

	if (x < 128 && y < 128 && x % 8 < 4 && y % 8 < 4)
		return argb_color(0xff40ff40);
	return color_at(s->before, &s->s, x, y);
}

/* The picture of libdrm's etnaviv_2d_test, which nothing looks at there. */
static void test_256_rects(void)
{
	struct surface s = surface_argb(256, 256, LINEAR);
	struct gc320_rect all = whole(&s);

	etna_cmd_stream_reserve(gpu.stream, 2 * 256 + GC320_MAX_WORDS);
	fill_states(&s, &all, 0xff40ff40);
	draw_2d(0);
	for (int i = 0; i < 256; i++)
		emit_rect(&(struct gc320_rect) {
			i % 16 * 8, i / 16 * 8, i % 16 * 8 + 4, i / 16 * 8 + 4,
		});
	after_draw();
	submit();
	check(&s, &all, chequers, &s);
	surface_del(&s);
}

/* ---- copy ---- */

struct copied {
	const struct surface *src;
	struct gc320_rect to;
	int x, y;
};

static struct color from_source(const void *data, int x, int y)
{
	const struct copied *c = data;

	return color_at(c->src->before, &c->src->s, x - c->to.left + c->x,
			y - c->to.top + c->y);
}

static void copy_and_check(struct surface *dst, const struct copied *c)
{
	gc320_copy(gpu.stream, &dst->s, &c->to, &c->src->s, c->x, c->y);
	submit();
	check(dst, &c->to, from_source, c);
}

static void test_copy_from(enum gc320_format format)
{
	struct surface src = surface_new(32, 16, format, GC320_ARGB);

	for (unsigned int to = 0; to < N_RGB; to++) {
		for (int swizzle = 0; swizzle < N_SWIZZLES; swizzle++) {
			struct surface dst = surface_new(32, 16, to, 0);
			struct copied c = { &src, whole(&dst), 0, 0 };

			src.s.swizzle = swizzle;
			dst.s.swizzle = (swizzle + to) % N_SWIZZLES;
			copy_and_check(&dst, &c);
			surface_del(&dst);
		}
	}
	surface_del(&src);
}

static void test_copy_swizzles(void)
{
	struct surface src = surface_argb(32, 16, LINEAR);

	for (int from = 0; from < N_SWIZZLES; from++) {
		for (int to = 0; to < N_SWIZZLES; to++) {
			struct surface dst = surface_new(32, 16, GC320_A8R8G8B8,
							 to);
			struct copied c = { &src, whole(&dst), 0, 0 };

			src.s.swizzle = from;
			copy_and_check(&dst, &c);
			surface_del(&dst);
		}
	}
	surface_del(&src);
}

static void test_copy_offset(void)
{
	static const struct {
		int x, y;
		struct gc320_rect to;
	} cases[] = {
		{ 0, 0, { 5, 6, 20, 21 } }, { 9, 4, { 0, 0, 16, 8 } },
		{ 47, 31, { 63, 47, 64, 48 } }, { 1, 30, { 3, 0, 50, 2 } },
	};
	struct surface src = surface_new(48, 32, GC320_R5G6B5, GC320_ARGB);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct surface dst = surface_new(64, 48, GC320_X8R8G8B8,
						 GC320_ARGB);
		struct copied c = {
			&src, cases[i].to, cases[i].x, cases[i].y,
		};

		copy_and_check(&dst, &c);
		surface_del(&dst);
	}
	surface_del(&src);
}

/* ---- stretch ---- */

/*
 * The first pixel falls on the first and the last on the last.  A stretch
 * takes the pixel a position falls into; the step is rounded down to 1/65536,
 * so that positions on the edge of a pixel may fall short of it.
 */
static bool stretched_from(const struct surface *src, const struct surface *dst,
			   const struct gc320_rect *from,
			   const struct gc320_rect *to, int x, int y)
{
	uint32_t got = word_at(dst->map, &dst->s, x, y);
	int n[2] = { to->right - to->left, to->bottom - to->top };
	int m[2] = { from->right - from->left, from->bottom - from->top };
	double px = (double)(x - to->left) * (m[0] - 1) / (n[0] - 1);
	double py = (double)(y - to->top) * (m[1] - 1) / (n[1] - 1);

	for (int i = 0; i < 4; i++) {
		int sx = floor(px - (i & 1 ? n[0] / 65536.0 : -1e-9));
		int sy = floor(py - (i & 2 ? n[1] / 65536.0 : -1e-9));

		if (sx >= 0 && sy >= 0 &&
		    got == word_at(src->before, &src->s, from->left + sx,
				   from->top + sy))
			return true;
	}
	return false;
}

static void test_stretch(int width, int height)
{
	struct surface src = surface_argb(40, 30, LINEAR);
	struct surface dst = surface_argb(100, 80, LINEAR);
	struct gc320_rect from = { 3, 2, 35, 26 };
	struct gc320_rect to = { 5, 7, 5 + width, 7 + height };

	gc320_stretch(gpu.stream, &dst.s, &to, &src.s, &from);
	submit();
	cpu_begin(&dst);
	for (int y = 0; y < (int)dst.s.height; y++)
		for (int x = 0; x < (int)dst.s.width; x++)
			igt_assert_f(inside(&to, x, y) ?
				     stretched_from(&src, &dst, &from, &to, x,
						    y) :
				     word_at(dst.map, &dst.s, x, y) ==
				     word_at(dst.before, &dst.s, x, y),
				     "pixel %d,%d is %#x\n", x, y,
				     word_at(dst.map, &dst.s, x, y));
	cpu_end(&dst);
	surface_del(&src);
	surface_del(&dst);
}

/* ---- blend ---- */

static uint32_t premultiplied(unsigned int alpha, uint32_t rgb)
{
	uint32_t out = alpha << 24;

	for (int shift = 0; shift < 24; shift += 8)
		out |= ((rgb >> shift & 0xff) * alpha / 255) << shift;
	return out;
}

/*
 * Source plus the rest of the destination.  The product of two bytes is
 * brought back to a byte: half a step if the core divides by 255 and rounds,
 * a step and a little if it shifts and drops the rest.  Hence two at most,
 * and none where the factor is 0.
 */
static void check_blend(const struct surface *dst, const struct surface *src)
{
	for (int y = 0; y < (int)dst->s.height; y++) {
		for (int x = 0; x < (int)dst->s.width; x++) {
			uint32_t got = word_at(dst->map, &dst->s, x, y);
			uint32_t s = word_at(src->before, &src->s, x, y);
			uint32_t d = word_at(dst->before, &dst->s, x, y);
			double rest = 1 - (s >> 24) / 255.0;
			double slack = rest == 0 ? 0.001 : 1.999;

			for (int shift = 0; shift < 32; shift += 8) {
				double want = fmin(255, (s >> shift & 0xff) +
						   (d >> shift & 0xff) * rest);

				igt_assert_f(fabs(want - (got >> shift & 0xff))
					     <= slack,
					     "pixel %d,%d is %08x: %08x over %08x\n",
					     x, y, got, s, d);
			}
		}
	}
}

/* @alpha: of all pixels, or negative: a gradient from 0 to 255 */
static void test_blend(int alpha)
{
	struct surface src = surface_argb(256, 16, LINEAR);
	struct surface dst = surface_argb(256, 16, LINEAR);
	struct gc320_rect all = whole(&dst);

	cpu_begin(&src);
	for (int y = 0; y < 16; y++)
		for (int x = 0; x < 256; x++)
			put_word(&src, x, y,
				 premultiplied(alpha < 0 ? x : alpha, noise()));
	surface_mark(&src);
	cpu_end(&src);
	gc320_blend_over(gpu.stream, &dst.s, &all, &src.s, 0, 0);
	submit();
	cpu_begin(&dst);
	check_blend(&dst, &src);
	cpu_end(&dst);
	surface_del(&src);
	surface_del(&dst);
}

/* ---- YUV filter ---- */

struct yuv {
	double c[3];
};

/* Both pixels of a pair have the pair's chroma. */
static struct yuv yuv_at(const struct surface *s, int x, int y)
{
	const uint8_t *pair;
	int at = s->s.format == GC320_UYVY;

	x = min(max(x, 0), (int)s->s.width - 1);
	y = min(max(y, 0), (int)s->s.height - 1);
	pair = s->before + y * s->s.stride + x / 2 * 4;
	return (struct yuv) {
		.c = { pair[x % 2 * 2 + at], pair[1 - at], pair[3 - at] },
	};
}

#define TAPS	9

/* A triangle as wide as the larger of a source and a destination pixel */
static int triangle(double p, double width, double taps[TAPS])
{
	int first = floor(p + 0.5) - TAPS / 2;
	double sum = 0;

	for (int i = 0; i < TAPS; i++) {
		taps[i] = fmax(0, 1 - fabs(first + i - p) / width);
		sum += taps[i];
	}
	for (int i = 0; i < TAPS; i++)
		taps[i] /= sum;
	return first;
}

static struct yuv filtered(const struct surface *s, double px, double py,
			   double wide, double high)
{
	double h[TAPS], v[TAPS];
	int x = triangle(px, wide, h), y = triangle(py, high, v);
	struct yuv out = { { 0 } };

	for (int j = 0; j < TAPS; j++) {
		for (int i = 0; v[j] > 0 && i < TAPS; i++) {
			struct yuv in;

			if (h[i] == 0)
				continue;
			in = yuv_at(s, x + i, y + j);
			for (int c = 0; c < 3; c++)
				out.c[c] += h[i] * v[j] * in.c[c];
		}
	}
	return out;
}

struct range {
	double low, high;
};

/*
 * What a pixel may be.  A core with 32 positions of its kernel a pixel works
 * with the one at or before the true position: anything between the two is
 * right.  Linear in between, but for kinks, which are where a third point is
 * looked at as well.
 */
static void filtered_range(const struct surface *src, const struct surface *dst,
			   int x, int y, struct range out[3])
{
	double sx = (src->s.width - 1.0) / (dst->s.width - 1);
	double sy = (src->s.height - 1.0) / (dst->s.height - 1);
	double back_x = sx == 1 ? 0 : 1 / 32.0 + dst->s.width / 65536.0;
	double back_y = sy == 1 ? 0 : 1 / 32.0 + dst->s.height / 65536.0;

	for (int c = 0; c < 3; c++)
		out[c] = (struct range) { 255, 0 };
	for (int i = 0; i < 9; i++) {
		struct yuv v = filtered(src, x * sx - back_x * (i % 3) / 2,
					y * sy - back_y * (i / 3) / 2,
					fmax(1, (double)src->s.width /
					     dst->s.width),
					fmax(1, (double)src->s.height /
					     dst->s.height));

		for (int c = 0; c < 3; c++) {
			out[c].low = fmin(out[c].low, v.c[c]);
			out[c].high = fmax(out[c].high, v.c[c]);
		}
		if (!back_x && !back_y)
			break;
	}
}

/* BT.601, limited range: the inverse of its definition of Y, Cb and Cr */
static const double bt601[3][3] = {
	{ 255 / 219.0, 0, 255 / 224.0 * 1.402 },
	{ 255 / 219.0, -255 / 224.0 * 1.772 * 0.114 / 0.587,
	  -255 / 224.0 * 1.402 * 0.299 / 0.587 },
	{ 255 / 219.0, 255 / 224.0 * 1.772, 0 },
};

static struct range rgb_range(const struct range yuv[3], int channel,
			      double slack)
{
	static const double zero[3] = { 16, 128, 128 };
	struct range out = { 0, 0 };

	for (int c = 0; c < 3; c++) {
		double k = bt601[channel][c];
		double low = k * (yuv[c].low - slack - zero[c]);
		double high = k * (yuv[c].high + slack - zero[c]);

		out.low += fmin(low, high);
		out.high += fmax(low, high);
	}
	out.low = fmin(fmax(out.low, 0), 255);
	out.high = fmin(fmax(out.high, 0), 255);
	return out;
}

/*
 * Each of the two passes gives bytes, and rounds or drops the rest: a step
 * each, none if the picture keeps its size.  The conversion to RGB has
 * coefficients of 8 bits, half a step off at the ends of the range, and
 * rounds once more: together less than two.
 */
static void check_filtered(const struct surface *src, const struct surface *dst)
{
	bool scaled = src->s.width != dst->s.width ||
		      src->s.height != dst->s.height;

	for (int y = 0; y < (int)dst->s.height; y++) {
		for (int x = 0; x < (int)dst->s.width; x++) {
			uint32_t got = word_at(dst->map, &dst->s, x, y);
			struct range yuv[3];

			filtered_range(src, dst, x, y, yuv);
			for (int c = 0; c < 3; c++) {
				struct range r = rgb_range(yuv, c,
							   scaled ? 2 : 0);
				int v = got >> (16 - 8 * c) & 0xff;

				igt_assert_f(v > r.low - 2 && v < r.high + 2,
					     "pixel %d,%d is %06x; channel %d %.1f to %.1f\n",
					     x, y, got & 0xffffff, c, r.low,
					     r.high);
			}
		}
	}
}

/* Sharp in luma, with all of the range; chroma in ramps. */
static void draw_yuv(struct surface *s)
{
	for (int y = 0; y < (int)s->s.height; y++) {
		for (int x = 0; x < (int)s->s.width / 2; x++) {
			uint8_t *pair = s->map + y * s->s.stride + x * 4;
			int at = s->s.format == GC320_UYVY;

			pair[at] = 16 + noise() % 220;
			pair[at + 2] = x % 8 < 4 ? 235 : 16;
			pair[1 - at] = 60 + x * 4;
			pair[3 - at] = 190 - y * 2;
		}
	}
	surface_mark(s);
}

static void test_filter(enum gc320_format format, int width, int height,
			int to_width, int to_height)
{
	struct surface src = surface_new(width, height, format, 0);
	struct surface half = surface_new(width, to_height, format, 0);
	struct surface dst = surface_new(to_width, to_height, GC320_X8R8G8B8,
					 0);

	cpu_begin(&src);
	draw_yuv(&src);
	cpu_end(&src);
	gc320_filter(gpu.stream, &half.s, &src.s, true);
	gc320_flush(gpu.stream);
	gc320_filter(gpu.stream, &dst.s, &half.s, false);
	submit();
	cpu_begin(&dst);
	check_filtered(&src, &dst);
	cpu_end(&dst);
	surface_del(&src);
	surface_del(&half);
	surface_del(&dst);
}

/* ---- memory ---- */

static void test_memory(uint32_t flags, unsigned int width, unsigned int height)
{
	struct surface src = surface_argb(width, height, flags);
	struct surface dst = surface_argb(width, height, flags);
	struct copied c = { &src, whole(&dst), 0, 0 };

	copy_and_check(&dst, &c);
	fill(&dst, 0x12345678);
	submit();
	check_flat(&dst, 0x12345678);
	surface_del(&src);
	surface_del(&dst);
}

#define PAGE		4096
#define BALLAST		(16 << 20)

/* Whether pages that follow each other here do not in memory */
static bool is_scattered(const struct surface *s)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry, last = 0;
	int runs = 0;

	if (fd < 0) {
		igt_info("no pagemap in this kernel: cannot see the pieces\n");
		return true;
	}
	for (size_t i = 0; i < s->size; i += PAGE) {
		off_t at = (uintptr_t)(s->map + i) / PAGE * sizeof(entry);

		igt_assert_eq(pread(fd, &entry, sizeof(entry), at),
			      sizeof(entry));
		entry &= (1ull << 55) - 1;
		runs += entry != last + 1;
		last = entry;
	}
	close(fd);
	igt_debug("%d runs in %zu pages\n", runs, s->size / PAGE);
	return runs > 1;
}

/* Every second page of a piece of memory comes free, and is taken again. */
static void test_scattered(void)
{
	char *ballast = mmap(NULL, BALLAST, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct surface src, dst;
	struct copied c = { .src = &src };

	igt_assert(ballast != MAP_FAILED);
	madvise(ballast, BALLAST, MADV_NOHUGEPAGE);
	memset(ballast, 1, BALLAST);
	for (size_t i = 0; i < BALLAST; i += 2 * PAGE)
		madvise(ballast + i, PAGE, MADV_DONTNEED);
	src = surface_argb(256, 256, LINEAR);
	dst = surface_argb(256, 256, LINEAR);
	igt_require_f(is_scattered(&src) && is_scattered(&dst),
		      "memory did not come out in pieces\n");
	c.to = whole(&dst);
	copy_and_check(&dst, &c);
	surface_del(&src);
	surface_del(&dst);
	munmap(ballast, BALLAST);
}

#define MANY	200

static void test_many(void)
{
	static struct surface s[MANY];

	for (int i = 0; i < MANY; i++) {
		s[i] = surface_argb(32, 17 + i % 64, i % 3 ? ABOVE_WINDOW :
				    LINEAR);
		fill(&s[i], i * 0x010307);
	}
	submit();
	for (int i = 0; i < MANY; i++) {
		check_flat(&s[i], i * 0x010307);
		surface_del(&s[i]);
	}
}

/* A buffer that never was in the library's cache, nor will be */
static struct etna_bo *fresh_bo(size_t size)
{
	struct drm_etnaviv_gem_new new = { .size = size, .flags = ABOVE_WINDOW };
	struct etna_bo *bo;
	int fd;

	do_ioctl(gpu.fd, DRM_IOCTL_ETNAVIV_GEM_NEW, &new);
	fd = prime_handle_to_fd_for_mmap(gpu.fd, new.handle);
	igt_assert_fd(fd);
	bo = etna_bo_from_dmabuf(gpu.dev, fd);
	close(fd);
	return bo;
}

#define ROUNDS	60
#define LIVE	4

/*
 * GPU addresses are used again with other pages behind them: somebody else
 * takes those that come free before the next buffer can.  A stale
 * translation draws into that memory.
 */
static void test_churn(void)
{
	struct surface s[LIVE] = { 0 };
	const size_t ballast_size = 1 << 20;
	uint32_t *ballast = NULL, *last = NULL;

	for (int round = 0; round < ROUNDS; round++) {
		int slot = round % LIVE;
		size_t size = (1 + round * 7 % 13) * 16;

		if (s[slot].map)
			surface_del(&s[slot]);
		ballast = mmap(NULL, ballast_size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		igt_assert(ballast != MAP_FAILED);
		memset(ballast, 0x5a, ballast_size);
		if (last)
			munmap(last, ballast_size);
		last = ballast;
		s[slot] = surface_from(fresh_bo(surface_size(64, size,
							     GC320_A8R8G8B8)),
				       64, size, GC320_A8R8G8B8, GC320_ARGB);
		for (int i = 0; i < LIVE; i++)
			if (s[i].map)
				fill(&s[i], round << 8 | i);
		submit();
		for (int i = 0; i < LIVE; i++)
			if (s[i].map)
				check_flat(&s[i], round << 8 | i);
		for (size_t i = 0; i < ballast_size / 4; i++)
			igt_assert_eq_u32(ballast[i], 0x5a5a5a5a);
	}
	for (int i = 0; i < LIVE; i++)
		surface_del(&s[i]);
	munmap(ballast, ballast_size);
}

/* ---- fences ---- */

/* Takes some milliseconds: the last of them is what remains. */
static void fill_slowly(const struct surface *s, uint32_t argb)
{
	for (int i = 0; i < 4; i++)
		fill(s, i == 3 ? argb : 0x00dead00);
}

static uint32_t last_pixel(const struct surface *s)
{
	return *(volatile uint32_t *)(s->map +
				      (s->s.height - 1) * s->s.stride +
				      (s->s.width - 1) * 4);
}

static void test_fence(void)
{
	struct surface s = surface_argb(1024, 1024, LINEAR);
	uint32_t old = last_pixel(&s);

	fill_slowly(&s, ~old);
	submit();
	igt_assert_eq_u32(last_pixel(&s), old);
	igt_assert(is_busy(&s));
	cpu_begin(&s);
	igt_assert_eq_u32(last_pixel(&s), ~old);
	cpu_end(&s);
	igt_assert(!is_busy(&s));
	check_flat(&s, ~old);
	surface_del(&s);
}

/* The second reads what the first writes; waiting for the second is enough. */
static void test_order(void)
{
	struct surface a = surface_argb(1024, 1024, LINEAR);
	struct surface b = surface_argb(1024, 1024, LINEAR);
	struct gc320_rect all = whole(&a);

	fill_slowly(&a, 0x11223344);
	submit();
	gc320_copy(gpu.stream, &b.s, &all, &a.s, 0, 0);
	submit();
	fill(&a, 0x55667788);
	submit();
	check_flat(&b, 0x11223344);
	check_flat(&a, 0x55667788);
	surface_del(&a);
	surface_del(&b);
}

static void test_out_fence(void)
{
	struct surface s = surface_argb(1024, 1024, LINEAR);
	int fence = -1;

	fill_slowly(&s, 0xabcdef01);
	gc320_flush(gpu.stream);
	etna_cmd_stream_flush2(gpu.stream, -1, &fence);
	igt_assert_fd(fence);
	igt_assert_eq(sync_fence_status(fence), 0);
	igt_assert_eq(sync_fence_wait(fence, 5000), 0);
	igt_assert_eq(sync_fence_status(fence), 1);
	igt_assert(!is_busy(&s));
	check_flat(&s, 0xabcdef01);
	close(fence);
	surface_del(&s);
}

/* A job waits for a fence that is not the GPU's. */
static void test_in_fence(void)
{
	struct surface s = surface_argb(64, 64, LINEAR);
	uint32_t old = last_pixel(&s);
	int timeline, fence;

	igt_require_sw_sync();
	timeline = sw_sync_timeline_create();
	fence = sw_sync_timeline_create_fence(timeline, 1);
	fill(&s, ~old);
	gc320_flush(gpu.stream);
	etna_cmd_stream_flush2(gpu.stream, fence, NULL);
	usleep(100000);
	igt_assert(is_busy(&s));
	igt_assert_eq_u32(last_pixel(&s), old);
	sw_sync_timeline_inc(timeline, 1);
	check_flat(&s, ~old);
	close(fence);
	close(timeline);
	surface_del(&s);
}

static void test_fence_chain(void)
{
	struct surface a = surface_argb(1024, 1024, LINEAR);
	struct surface b = surface_argb(1024, 1024, LINEAR);
	struct gc320_rect all = whole(&a);
	int first = -1, second = -1;

	fill_slowly(&a, 0x0badcafe);
	gc320_flush(gpu.stream);
	etna_cmd_stream_flush2(gpu.stream, -1, &first);
	igt_assert_fd(first);
	gc320_copy(gpu.stream, &b.s, &all, &a.s, 0, 0);
	gc320_flush(gpu.stream);
	etna_cmd_stream_flush2(gpu.stream, first, &second);
	igt_assert_fd(second);
	igt_assert_eq(sync_fence_wait(second, 5000), 0);
	igt_assert_eq(sync_fence_status(first), 1);
	check_flat(&b, 0x0badcafe);
	close(first);
	close(second);
	surface_del(&a);
	surface_del(&b);
}

static const struct {
	const char *name;
	uint32_t flags;
} kinds[] = {
	{ "cached", DRM_ETNA_GEM_CACHE_CACHED },
	{ "wc", DRM_ETNA_GEM_CACHE_WC },
	{ "uncached", DRM_ETNA_GEM_CACHE_UNCACHED },
};

static void fill_and_copy_subtests(void)
{
	for (unsigned int f = 0; f < N_RGB; f++) {
		igt_describe("Fill, up to the edges and nothing beyond");
		igt_subtest_f("fill-%s", formats[f].name) {
			begin();
			test_fill(f);
		}
	}
	igt_describe("Rectangles that a clip cuts on each side");
	igt_subtest("fill-clip") {
		begin();
		test_fill_clip();
	}
	igt_describe("256 rectangles by one command with COUNT 0");
	igt_subtest("fill-256-rects") {
		begin();
		test_256_rects();
	}

	for (unsigned int f = 0; f < N_RGB; f++) {
		igt_describe("Copy to each format");
		igt_subtest_f("copy-%s", formats[f].name) {
			begin();
			test_copy_from(f);
		}
	}
	igt_subtest("copy-swizzles") {
		begin();
		test_copy_swizzles();
	}
	igt_subtest("copy-offset") {
		begin();
		test_copy_offset();
	}
}

static void stretch_and_blend_subtests(void)
{
	igt_subtest("stretch-up") {
		begin();
		test_stretch(77, 61);
	}
	igt_subtest("stretch-down") {
		begin();
		test_stretch(13, 9);
	}
	igt_subtest("stretch-same") {
		begin();
		test_stretch(32, 24);
	}

	igt_subtest("blend-over-0") {
		begin();
		test_blend(0);
	}
	igt_subtest("blend-over-128") {
		begin();
		test_blend(128);
	}
	igt_subtest("blend-over-255") {
		begin();
		test_blend(255);
	}
	igt_subtest("blend-over-gradient") {
		begin();
		test_blend(-1);
	}
}

static void filter_subtests(void)
{
	for (int f = GC320_YUY2; f <= GC320_UYVY; f++) {
		const char *name = f == GC320_YUY2 ? "yuy2" : "uyvy";

		igt_subtest_f("filter-%s-up", name) {
			begin();
			test_filter(f, 64, 48, 80, 60);
		}
		igt_subtest_f("filter-%s-down", name) {
			begin();
			test_filter(f, 64, 48, 48, 32);
		}
		igt_subtest_f("filter-%s-same", name) {
			begin();
			test_filter(f, 64, 48, 64, 48);
		}
	}
}

static void memory_subtests(void)
{
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		igt_describe("One page: inside the linear window");
		igt_subtest_f("memory-%s", kinds[k].name) {
			begin();
			test_memory(kinds[k].flags, 32, 32);
		}
		igt_subtest_f("memory-%s-above-window", kinds[k].name) {
			begin();
			test_memory(kinds[k].flags | DRM_ETNA_GEM_FORCE_MMU,
				    100, 100);
		}
	}
	igt_subtest("memory-scattered") {
		begin();
		test_scattered();
	}
	igt_subtest("memory-many") {
		begin();
		test_many();
	}
	igt_describe("Addresses used again: no stale translation");
	igt_subtest("memory-churn") {
		begin();
		test_churn();
	}
}

static void fence_subtests(void)
{
	igt_describe("Old contents before the fence, new ones after");
	igt_subtest("fence") {
		begin();
		test_fence();
	}
	igt_subtest("fence-order") {
		begin();
		test_order();
	}
	igt_subtest("fence-out") {
		begin();
		test_out_fence();
	}
	igt_subtest("fence-in") {
		begin();
		test_in_fence();
	}
	igt_subtest("fence-chain") {
		begin();
		test_fence_chain();
	}
}

int igt_main()
{
	igt_fixture() {
		gpu.fd = gc320_open_node();
		igt_require_fd(gpu.fd);
		gpu.dev = etna_device_new(gpu.fd);
		igt_assert(gpu.dev);
		gpu.gpu = gc320_open(gpu.dev);
		igt_require_f(gpu.gpu, "no 2D core\n");
		gpu.pipe = etna_pipe_new(gpu.gpu, ETNA_PIPE_2D);
		igt_assert(gpu.pipe);
	}

	fill_and_copy_subtests();
	stretch_and_blend_subtests();
	filter_subtests();
	memory_subtests();
	fence_subtests();

	igt_fixture() {
		if (gpu.stream)
			etna_cmd_stream_del(gpu.stream);
		etna_pipe_del(gpu.pipe);
		etna_gpu_del(gpu.gpu);
		etna_device_del(gpu.dev);
		close(gpu.fd);
	}
}
