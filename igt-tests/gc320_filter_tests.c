// SPDX-License-Identifier: MIT
/* The GC320's filter, from YUV to RGB: subtests of refsoc_gc320. */

#include <math.h>

#include "igt.h"

#include "gc320_surface.h"

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
			uint32_t got = surface_word(dst->map, &dst->s, x, y);
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

			pair[at] = 16 + gc320_noise() % 220;
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

	surface_cpu_begin(&src);
	draw_yuv(&src);
	surface_cpu_end(&src);
	gc320_filter(gc320.stream, &half.s, &src.s, true);
	gc320_flush(gc320.stream);
	gc320_filter(gc320.stream, &dst.s, &half.s, false);
	gc320_test_submit();
	surface_cpu_begin(&dst);
	check_filtered(&src, &dst);
	surface_cpu_end(&dst);
	surface_del(&src);
	surface_del(&half);
	surface_del(&dst);
}

void gc320_filter_subtests(void)
{
	for (int f = GC320_YUY2; f <= GC320_UYVY; f++) {
		const char *name = f == GC320_YUY2 ? "yuy2" : "uyvy";

		igt_subtest_f("filter-%s-up", name) {
			gc320_test_begin();
			test_filter(f, 64, 48, 80, 60);
		}
		igt_subtest_f("filter-%s-down", name) {
			gc320_test_begin();
			test_filter(f, 64, 48, 48, 32);
		}
		igt_subtest_f("filter-%s-same", name) {
			gc320_test_begin();
			test_filter(f, 64, 48, 64, 48);
		}
	}
}
