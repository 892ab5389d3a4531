// SPDX-License-Identifier: MIT
/*
 * What the GC320 draws, pixel by pixel, against references in double
 * precision that are computed here from the geometry and the definition of
 * the formats, not from the tables the core is programmed with.
 *
 * Runs on etnaviv and on refsoc-gpu alike.
 */

#include <math.h>

#include "igt.h"

#include "gc320_surface.h"

IGT_TEST_DESCRIPTION("Pixels of the GC320 2D core");

/* ---- streams the library has no function for ---- */

static void load(uint32_t state, uint32_t value)
{
	etna_cmd_stream_emit(gc320.stream, 0x08010000 | state >> 2);
	etna_cmd_stream_emit(gc320.stream, value);
}

static uint32_t xy(int x, int y)
{
	return ((uint32_t)x & 0xffff) | (uint32_t)y << 16;
}

/* States for filling rectangles: the caller adds the draw. */
static void fill_states(const struct surface *s, const struct gc320_rect *clip,
			uint32_t argb)
{
	etna_cmd_stream_emit(gc320.stream, 0x08010000 | 0x1228 >> 2);
	etna_cmd_stream_reloc(gc320.stream, &(struct etna_reloc) {
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
	etna_cmd_stream_emit(gc320.stream, 0x20000000 | count << 8);
	etna_cmd_stream_emit(gc320.stream, 0);
}

static void emit_rect(const struct gc320_rect *r)
{
	etna_cmd_stream_emit(gc320.stream, xy(r->left, r->top));
	etna_cmd_stream_emit(gc320.stream, xy(r->right, r->bottom));
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
			uint32_t argb = gc320_noise();

			gc320_fill(gc320.stream, &s.s, &rects[i], argb);
			gc320_test_submit();
			surface_check(&s, &rects[i], gc320_flat, &argb);
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
		struct surface s = surface_argb(32, 32, GC320_LINEAR);
		const struct gc320_rect *r = &cases[i][0], *c = &cases[i][1];
		struct gc320_rect drawn = {
			max(r->left, c->left), max(r->top, c->top),
			min(r->right, c->right), min(r->bottom, c->bottom),
		};
		uint32_t argb = gc320_noise();

		gc320_begin(gc320.stream);
		fill_states(&s, c, argb);
		draw_2d(1);
		emit_rect(r);
		after_draw();
		gc320_test_submit();
		surface_check(&s, &drawn, gc320_flat, &argb);
		surface_del(&s);
	}
}

static struct color chequers(const void *data, int x, int y)
{
	const struct surface *s = data;

	if (x < 128 && y < 128 && x % 8 < 4 && y % 8 < 4)
		return gc320_argb_color(0xff40ff40);
	return surface_color(s->before, &s->s, x, y);
}

/* The picture of libdrm's etnaviv_2d_test, which nothing looks at there. */
static void test_256_rects(void)
{
	struct surface s = surface_argb(256, 256, GC320_LINEAR);
	struct gc320_rect all = surface_rect(&s);

	etna_cmd_stream_reserve(gc320.stream, 2 * 256 + GC320_MAX_WORDS);
	fill_states(&s, &all, 0xff40ff40);
	draw_2d(0);
	for (int i = 0; i < 256; i++)
		emit_rect(&(struct gc320_rect) {
			i % 16 * 8, i / 16 * 8, i % 16 * 8 + 4, i / 16 * 8 + 4,
		});
	after_draw();
	gc320_test_submit();
	surface_check(&s, &all, chequers, &s);
	surface_del(&s);
}

/* ---- copy ---- */

static void test_copy_from(enum gc320_format format)
{
	struct surface src = surface_new(32, 16, format, GC320_ARGB);

	for (unsigned int to = 0; to < GC320_N_RGB; to++) {
		for (int swizzle = 0; swizzle < N_SWIZZLES; swizzle++) {
			struct surface dst = surface_new(32, 16, to, 0);
			struct copied c = { &src, surface_rect(&dst), 0, 0 };

			src.s.swizzle = swizzle;
			dst.s.swizzle = (swizzle + to) % N_SWIZZLES;
			surface_copy_and_check(&dst, &c);
			surface_del(&dst);
		}
	}
	surface_del(&src);
}

static void test_copy_swizzles(void)
{
	struct surface src = surface_argb(32, 16, GC320_LINEAR);

	for (int from = 0; from < N_SWIZZLES; from++) {
		for (int to = 0; to < N_SWIZZLES; to++) {
			struct surface dst = surface_new(32, 16, GC320_A8R8G8B8,
							 to);
			struct copied c = { &src, surface_rect(&dst), 0, 0 };

			src.s.swizzle = from;
			surface_copy_and_check(&dst, &c);
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

		surface_copy_and_check(&dst, &c);
		surface_del(&dst);
	}
	surface_del(&src);
}

/* ---- stretch ---- */

/* What a double may fall short of a whole number by */
#define NOTHING		0.000000001

/*
 * The first pixel falls on the first and the last on the last.  A stretch
 * takes the pixel a position falls into; the step is rounded down to 1/65536,
 * so that positions on the edge of a pixel may fall short of it.
 */
static bool stretched_from(const struct surface *src, const struct surface *dst,
			   const struct gc320_rect *from,
			   const struct gc320_rect *to, int x, int y)
{
	uint32_t got = surface_word(dst->map, &dst->s, x, y);
	int n[2] = { to->right - to->left, to->bottom - to->top };
	int m[2] = { from->right - from->left, from->bottom - from->top };
	double px = (double)(x - to->left) * (m[0] - 1) / (n[0] - 1);
	double py = (double)(y - to->top) * (m[1] - 1) / (n[1] - 1);

	for (int i = 0; i < 4; i++) {
		int sx = floor(px + (i & 1 ? -n[0] / 65536.0 : NOTHING));
		int sy = floor(py + (i & 2 ? -n[1] / 65536.0 : NOTHING));

		if (sx >= 0 && sy >= 0 &&
		    got == surface_word(src->before, &src->s, from->left + sx,
				   from->top + sy))
			return true;
	}
	return false;
}

static void test_stretch(int width, int height)
{
	struct surface src = surface_argb(40, 30, GC320_LINEAR);
	struct surface dst = surface_argb(100, 80, GC320_LINEAR);
	struct gc320_rect from = { 3, 2, 35, 26 };
	struct gc320_rect to = { 5, 7, 5 + width, 7 + height };

	gc320_stretch(gc320.stream, &dst.s, &to, &src.s, &from);
	gc320_test_submit();
	surface_cpu_begin(&dst);
	for (int y = 0; y < (int)dst.s.height; y++)
		for (int x = 0; x < (int)dst.s.width; x++)
			igt_assert_f(gc320_inside(&to, x, y) ?
				     stretched_from(&src, &dst, &from, &to, x,
						    y) :
				     surface_word(dst.map, &dst.s, x, y) ==
				     surface_word(dst.before, &dst.s, x, y),
				     "pixel %d,%d is %#x\n", x, y,
				     surface_word(dst.map, &dst.s, x, y));
	surface_cpu_end(&dst);
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
			uint32_t got = surface_word(dst->map, &dst->s, x, y);
			uint32_t s = surface_word(src->before, &src->s, x, y);
			uint32_t d = surface_word(dst->before, &dst->s, x, y);
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
	struct surface src = surface_argb(256, 16, GC320_LINEAR);
	struct surface dst = surface_argb(256, 16, GC320_LINEAR);
	struct gc320_rect all = surface_rect(&dst);

	surface_cpu_begin(&src);
	for (int y = 0; y < 16; y++)
		for (int x = 0; x < 256; x++)
			surface_put_word(&src, x, y,
					 premultiplied(alpha < 0 ? x : alpha, gc320_noise()));
	surface_mark(&src);
	surface_cpu_end(&src);
	gc320_blend_over(gc320.stream, &dst.s, &all, &src.s, 0, 0);
	gc320_test_submit();
	surface_cpu_begin(&dst);
	check_blend(&dst, &src);
	surface_cpu_end(&dst);
	surface_del(&src);
	surface_del(&dst);
}

static void fill_and_copy_subtests(void)
{
	for (unsigned int f = 0; f < GC320_N_RGB; f++) {
		igt_describe("Fill, up to the edges and nothing beyond");
		igt_subtest_f("fill-%s", gc320_formats[f].name) {
			gc320_test_begin();
			test_fill(f);
		}
	}
	igt_describe("Rectangles that a clip cuts on each side");
	igt_subtest("fill-clip") {
		gc320_test_begin();
		test_fill_clip();
	}
	igt_describe("256 rectangles by one command with COUNT 0");
	igt_subtest("fill-256-rects") {
		gc320_test_begin();
		test_256_rects();
	}

	for (unsigned int f = 0; f < GC320_N_RGB; f++) {
		igt_describe("Copy to each format");
		igt_subtest_f("copy-%s", gc320_formats[f].name) {
			gc320_test_begin();
			test_copy_from(f);
		}
	}
	igt_subtest("copy-swizzles") {
		gc320_test_begin();
		test_copy_swizzles();
	}
	igt_subtest("copy-offset") {
		gc320_test_begin();
		test_copy_offset();
	}
}

static void stretch_and_blend_subtests(void)
{
	igt_subtest("stretch-up") {
		gc320_test_begin();
		test_stretch(77, 61);
	}
	igt_subtest("stretch-down") {
		gc320_test_begin();
		test_stretch(13, 9);
	}
	igt_subtest("stretch-same") {
		gc320_test_begin();
		test_stretch(32, 24);
	}

	igt_subtest("blend-over-0") {
		gc320_test_begin();
		test_blend(0);
	}
	igt_subtest("blend-over-128") {
		gc320_test_begin();
		test_blend(128);
	}
	igt_subtest("blend-over-255") {
		gc320_test_begin();
		test_blend(255);
	}
	igt_subtest("blend-over-gradient") {
		gc320_test_begin();
		test_blend(-1);
	}
}

int igt_main()
{
	igt_fixture() {
		gc320.fd = gc320_open_node();
		igt_require_fd(gc320.fd);
		gc320.dev = etna_device_new(gc320.fd);
		igt_assert(gc320.dev);
		gc320.gpu = gc320_open(gc320.dev);
		igt_require_f(gc320.gpu, "no 2D core\n");
		gc320.pipe = etna_pipe_new(gc320.gpu, ETNA_PIPE_2D);
		igt_assert(gc320.pipe);
	}

	fill_and_copy_subtests();
	stretch_and_blend_subtests();
	gc320_filter_subtests();
	gc320_memory_subtests();
	gc320_fence_subtests();

	igt_fixture() {
		if (gc320.stream)
			etna_cmd_stream_del(gc320.stream);
		etna_pipe_del(gc320.pipe);
		etna_gpu_del(gc320.gpu);
		etna_device_del(gc320.dev);
		close(gc320.fd);
	}
}
