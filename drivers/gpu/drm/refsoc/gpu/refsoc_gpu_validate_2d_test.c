// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC GPU driver: KUnit tests of what a stream may draw
 */

#include <kunit/test.h>

#include <linux/module.h>
#include <linux/string.h>

#include "refsoc_gpu_validate_test.h"

static void test_driver_streams(struct kunit *test)
{
	enum kind base;

	for (base = FILL; base <= HORIZONTAL; base++) {
		struct maker *m = maker(test);

		states(m, base);
		kick(m, base);
		flush(m);
		KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), 0, "base %d", base);
		KUNIT_EXPECT_TRUE(test, m->bos[DST].written);
		KUNIT_EXPECT_FALSE(test, m->bos[SRC].written);
	}
}

/* All in one stream, the temporary of the filter included */
static void test_many_draws(struct kunit *test)
{
	struct maker *m = maker(test);

	states(m, FILL);
	kick(m, FILL);
	states(m, COPY);
	kick(m, COPY);
	states(m, VERTICAL);
	kick(m, VERTICAL);
	states(m, HORIZONTAL);
	kick(m, HORIZONTAL);
	flush(m);
	flush(m);
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);
}

/* libdrm's etnaviv_2d_test, state by state */
static const struct refsoc_gpu_state libdrm_before[] = {
	{ 0x1204, 0 }, { 0x1208, 0 }, { 0x120c, 0 }, { 0x1210, 0 }, { 0x1214, 0 },
	{ 0x1218, 0 }, { 0x121c, 0 }, { 0x1220, 0 }, { 0x1224, 0 },
};

static const struct refsoc_gpu_state libdrm_after[] = {
	{ 0x122c, 1024 }, { 0x1230, 0 }, { 0x1234, 6 }, { 0x125c, 0x0030cccc },
	{ 0x1260, 0 }, { 0x1264, XY(256, 256) }, { 0x126c, 0 }, { 0x1278, 0 },
	{ 0x127c, 0 }, { 0x1280, 0 }, { 0x12b4, 0 }, { 0x12b8, 0 }, { 0x12bc, 0 },
	{ 0x12c0, 0xff40ff40 }, { 0x1268, 0xff }, { 0x1270, 0xff40ff40 },
	{ 0x1274, 0xff40ff40 }, { 0x12c4, 0 }, { 0x12c8, 0 }, { 0x12cc, 0 },
	{ 0x12d0, 0 }, { 0x12d4, 0 }, { 0x12d8, 0 }, { 0x12e8, ~0u }, { 0x12ec, ~0u },
};

static void test_libdrm(struct kunit *test)
{
	struct maker *m = maker(test);
	u32 i;

	m->bos[DST].size = 256 * 256 * 4;
	for (i = 0; i < ARRAY_SIZE(libdrm_before); i++)
		state(m, libdrm_before[i].addr, libdrm_before[i].value);
	address(m, 0x1228, DST, 0);
	for (i = 0; i < ARRAY_SIZE(libdrm_after); i++)
		state(m, libdrm_after[i].addr, libdrm_after[i].value);
	emit(m, DRAW_2D(256));
	emit(m, 0);
	for (i = 0; i < 256; i++) {
		emit(m, XY(i % 16 * 8, i / 16 * 8));
		emit(m, XY(i % 16 * 8 + 4, i / 16 * 8 + 4));
	}
	for (i = 0; i < 3; i++)
		state(m, 1, 0);
	state(m, 0x380c, 8);

	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);
	KUNIT_EXPECT_TRUE(test, m->bos[DST].written);

	/* the last rectangle ends at row 124, pixel 124 */
	m->bos[DST].size = 123 * 1024 + 124 * 4;
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);
	m->bos[DST].size--;
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), -EINVAL);
}

/* One state on top of those of a draw that would pass */
struct change {
	const char *what;
	enum kind base;
	u32 addr;
	u32 value;
	int result;
};

static const struct change changes[] = {
	{ "pipe", FILL, 0x3800, 0, -EINVAL },
	{ "event", FILL, 0x3804, 0, -EINVAL },
	{ "MMU flush", FILL, 0x3810, 0x1f, -EINVAL },
	{ "state after the MMU flush", FILL, 0x3814, 0, -EINVAL },
	{ "unknown cache", FILL, 0x380c, 0x80, -EINVAL },
	{ "stall of another unit", FILL, 0x3c00, FE_TO_PE, -EINVAL },
	{ "command address", FILL, 0x654, 0, -EINVAL },
	{ "command control", FILL, 0x658, 0x10002, -EINVAL },
	{ "host interface", FILL, 0x100, 0, -EINVAL },
	{ "3D state", FILL, 0x1600, 0, -EINVAL },
	{ "hole", FILL, 0x1258, 0, -EINVAL },
	{ "PE_CONFIG", FILL, 0x12b0, 0, -EINVAL },
	{ "VR_CONFIG_EX", FILL, 0x12e4, 0, -EINVAL },
	{ "block walker", FILL, 0x12f0, 0, -EINVAL },
	{ "extra source", COPY, 0x1304, 0, -EINVAL },
	{ "multi-source", COPY, 0x12800, 0, -EINVAL },
	{ "behind the kernel", FILL, 0x1934, 0, -EINVAL },
	{ "last of the palette", FILL, 0x37fc, 0, 0 },
	{ "old mirror", COPY, 0x126c, 0x11, -EINVAL },
	{ "tiled source", COPY, 0x120c, 0x06000080, -EINVAL },
	{ "source from the stream", COPY, 0x120c, 0x06000100, -EINVAL },
	{ "source format 11", COPY, 0x120c, 11 << 24, -EINVAL },
	{ "source format 31", COPY, 0x120c, 31 << 24, -EINVAL },
	{ "index without palette", COPY, 0x120c, 9 << 24, -EINVAL },
	{ "NV12 without chroma", COPY, 0x120c, 17 << 24, -EINVAL },
	{ "source of fewer bits", COPY, 0x120c, 4 << 24, 0 },
	{ "tiled destination", FILL, 0x1234, 0x0106, -EINVAL },
	{ "minor tiled destination", FILL, 0x1234, 0x04000006, -EINVAL },
	{ "GDI stretch", STRETCH, 0x1234, 0x01004006, -EINVAL },
	{ "line", FILL, 0x1234, 0x1006, -EINVAL },
	{ "reverse blit", COPY, 0x1234, 0x3006, -EINVAL },
	{ "filter by a rectangle", COPY, 0x1234, 0x5006, -EINVAL },
	{ "one-pass filter", COPY, 0x1234, 0x7006, -EINVAL },
	{ "multi-source blit", COPY, 0x1234, 0x8006, -EINVAL },
	{ "target A8", FILL, 0x1234, 16, -EINVAL },
	{ "target NV12", FILL, 0x1234, 17, -EINVAL },
	{ "target INDEX8", FILL, 0x1234, 9, -EINVAL },
	{ "larger stride", FILL, 0x122c, STRIDE + 4, -EINVAL },
	{ "stride of 19 bits", FILL, 0x122c, 1 << 18, -EINVAL },
	{ "larger source stride", COPY, 0x1204, STRIDE + 4, -EINVAL },
	{ "negative x of the source", COPY, 0x1210, XY(-1, 0), -EINVAL },
	{ "negative y of the source", COPY, 0x1210, XY(0, -1), -EINVAL },
	{ "source down by one", COPY, 0x1210, XY(0, 1), -EINVAL },
	{ "source right by one", COPY, 0x1210, XY(1, 0), -EINVAL },
	{ "taller source", COPY, 0x1214, XY(WIDTH, HEIGHT + 1), -EINVAL },
	{ "larger factor", STRETCH, 0x1224, 0x10400, -EINVAL },
	{ "same factor", STRETCH, 0x1224, 0x10000, 0 },
	{ "factor of 32 bits", STRETCH, 0x1220, 1u << 31, -EINVAL },
	{ "taller size of a stretch", STRETCH, 0x1214, XY(1, HEIGHT + 1), -EINVAL },
	{ "clip of 16 bits", FILL, 0x1264, 0x8000, -EINVAL },
	{ "empty clip", FILL, 0x1264, 0, 0 },
	{ "pattern ROP", FILL, 0x125c, 0x0030f0f0, -EINVAL },
	{ "pattern in the background", FILL, 0x125c, 0x0030f0cc, -EINVAL },
	{ "pattern ROP3", FILL, 0x125c, 0x002000f0, -EINVAL },
	{ "pattern ROP2", FILL, 0x125c, 0x0000000c, -EINVAL },
	{ "destination ROP", FILL, 0x125c, 0x0030aaaa, 0 },
	{ "source by alpha", FILL, 0x127c, 1, -EINVAL },
	{ "source by its key", FILL, 0x12d4, 2, -EINVAL },
	{ "key of the destination", FILL, 0x12d4, 0x200, 0 },
	{ "mask", COPY, 0x12d4, 1, -EINVAL },
	{ "mask, but not taken", COPY, 0x12d4, 0x1001, 0 },
	{ "override", COPY, 0x12d4, 0x10000, -EINVAL },
	{ "override, but not taken", COPY, 0x12d4, 0x10010000, 0 },
	{ "pattern not loaded anew", FILL, 0x123c, 0, -EINVAL },
	{ "pattern without address", FILL, 0x123c, 0xd0, -EINVAL },
	{ "solid color", FILL, 0x123c, 0xc0, 0 },
	{ "turned destination", FILL, 0x12bc, 4 << 3, -EINVAL },
	{ "turned, but not taken", FILL, 0x12bc, 4 << 3 | 0x200, 0 },
	{ "turned source of a copy", COPY, 0x12bc, 4, -EINVAL },
	{ "mirrored source", COPY, 0x12bc, 0x1000, -EINVAL },
	{ "mirrored destination", FILL, 0x12bc, 0x10000, -EINVAL },
	{ "no such rotation", FILL, 0x12bc, 3, -EINVAL },
	{ "unknown bit of the rotation", FILL, 0x12bc, 0x40, -EINVAL },
	{ "unknown bit of the transparency", FILL, 0x12d4, 0x4, -EINVAL },
	{ "unknown bit of the pixel engine", FILL, 0x12d8, 0x2, -EINVAL },
	{ "pixel engine, one field", FILL, 0x12d8, 0xfffff7ff, 0 },
	{ "pixel engine, a hole in the mask", FILL, 0x12d8, 0xfffff7fd, -EINVAL },
	{ "unknown bit of the filter", FILL, 0x1294, 0x18, -EINVAL },
	{ "monochrome source", COPY, 0x120c, 10 << 24 | 3 << 12, 0 },
	{ "packed monochrome source", COPY, 0x120c, 10 << 24, -EINVAL },
	{ "old rotation", FILL, 0x1230, 0x10000 | WIDTH, -EINVAL },
	{ "old rotation of the source", COPY, 0x1208, 0x10000 | WIDTH, -EINVAL },
	{ "one-pass start", HORIZONTAL, 0x1294, 2, -EINVAL },
	{ "start of the other pass", HORIZONTAL, 0x1294, 1, -EINVAL },
	{ "no start", HORIZONTAL, 0x1294, 0xa, 0 },
	{ "all other fields masked", HORIZONTAL, 0x1294, 0xfffffff4, 0 },
	{ "filter of command 2", HORIZONTAL, 0x1234, 0x2006, -EINVAL },
	{ "taller target", HORIZONTAL, 0x12ac, XY(WIDTH, HEIGHT + 1), -EINVAL },
	{ "wider target", HORIZONTAL, 0x12ac, XY(WIDTH + 1, HEIGHT), -EINVAL },
	{ "negative target", HORIZONTAL, 0x12a8, XY(-1, 0), -EINVAL },
	{ "empty target", HORIZONTAL, 0x12ac, XY(0, HEIGHT), -EINVAL },
	{ "clip of a filter", HORIZONTAL, 0x1264, 0, 0 },
	{ "taller image", HORIZONTAL, 0x129c, XY(WIDTH, HEIGHT + 1), -EINVAL },
	{ "odd image", HORIZONTAL, 0x129c, XY(2 * WIDTH - 1, HEIGHT), 0 },
	{ "wider image", HORIZONTAL, 0x129c, XY(2 * WIDTH + 1, HEIGHT), -EINVAL },
	{ "negative image", HORIZONTAL, 0x1298, XY(0, -1), -EINVAL },
	{ "origin outside the image", HORIZONTAL, 0x12a0, 0x7fff0000, 0 },
	{ "turned target", HORIZONTAL, 0x12bc, 4 << 3, -EINVAL },
};

static void change_desc(const struct change *change, char *desc)
{
	strscpy(desc, change->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(change, changes, change_desc);

static void test_change(struct kunit *test)
{
	const struct change *change = test->param_value;
	struct maker *m = maker(test);

	states(m, change->base);
	state(m, change->addr, change->value);
	if (change->addr != 0x1294)
		kick(m, change->base);
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), change->result);
}

/* Every state a draw takes and the prologue does not load */
static const struct change missing[] = {
	{ .base = FILL, .addr = 0x1228 }, { .base = FILL, .addr = 0x122c },
	{ .base = FILL, .addr = 0x1230 }, { .base = FILL, .addr = 0x1234 },
	{ .base = FILL, .addr = 0x1260 }, { .base = FILL, .addr = 0x1264 },
	{ .base = COPY, .addr = 0x1200 }, { .base = COPY, .addr = 0x1204 },
	{ .base = COPY, .addr = 0x1208 }, { .base = COPY, .addr = 0x120c },
	{ .base = COPY, .addr = 0x1210 }, { .base = COPY, .addr = 0x1228 },
	{ .base = STRETCH, .addr = 0x1220 }, { .base = STRETCH, .addr = 0x1224 },
	{ .base = BLEND, .addr = 0x1200 }, { .base = BLEND, .addr = 0x1210 },
	{ .base = HORIZONTAL, .addr = 0x1200 }, { .base = HORIZONTAL, .addr = 0x1204 },
	{ .base = HORIZONTAL, .addr = 0x120c }, { .base = HORIZONTAL, .addr = 0x1228 },
	{ .base = HORIZONTAL, .addr = 0x1220 }, { .base = HORIZONTAL, .addr = 0x1224 },
	{ .base = HORIZONTAL, .addr = 0x1298 }, { .base = HORIZONTAL, .addr = 0x129c },
	{ .base = HORIZONTAL, .addr = 0x12a0 }, { .base = HORIZONTAL, .addr = 0x12a4 },
	{ .base = HORIZONTAL, .addr = 0x12a8 }, { .base = HORIZONTAL, .addr = 0x12ac },
};

static void test_missing_states(struct kunit *test)
{
	struct maker *m;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(missing); i++) {
		m = maker(test);
		m->skip = missing[i].addr;
		states(m, missing[i].base);
		kick(m, missing[i].base);
		KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL,
				    "base %d without %#x", missing[i].base, missing[i].addr);
	}

	/* the kernel comes first, its last word is 77 */
	m = maker(test);
	states(m, HORIZONTAL);
	m->words[0] = LOAD(0x1800, 76);
	m->words[77] = 0;
	kick(m, HORIZONTAL);
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), -EINVAL);
}

/* What the prologue loads needs not be in the stream. */
static void test_defaults(struct kunit *test)
{
	enum kind base;
	u32 i;

	for (i = 0; i < refsoc_gpu_2d_n_defaults; i++) {
		for (base = FILL; base <= HORIZONTAL; base++) {
			struct maker *m = maker(test);

			m->skip = refsoc_gpu_2d_defaults[i].addr;
			states(m, base);
			kick(m, base);
			KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);
			kunit_kfree(test, m);
		}
	}
}

/* Rectangles of a fill and of a copy by absolute and relative coordinates */
struct rectangle {
	u32 top_left;
	u32 bottom_right;
	u32 origin;
	int fill;
	int absolute;
	int relative;
};

static const struct rectangle rectangles[] = {
	{ XY(0, 0), XY(WIDTH, HEIGHT), 0, 0, 0, 0 },
	/* clipped, but the source is not */
	{ XY(-1, 0), XY(8, 8), 0, 0, 0, -EINVAL },
	{ XY(0, -1), XY(8, 8), 0, 0, 0, -EINVAL },
	{ XY(-1, -1), XY(8, 8), XY(1, 1), 0, 0, 0 },
	{ XY(0, 0), XY(WIDTH, HEIGHT + 1), 0, 0, -EINVAL, -EINVAL },
	{ XY(1, 1), XY(WIDTH + 1, HEIGHT + 1), 0, 0, 0, -EINVAL },
	{ XY(-0x8000, -0x8000), XY(0x7fff, 0x7fff), 0, 0, -EINVAL, -EINVAL },
	{ XY(8, 8), XY(16, 16), XY(-8, -8), 0, -EINVAL, 0 },
	{ XY(8, 8), XY(16, 16), XY(-9, -8), 0, -EINVAL, -EINVAL },
	/* empty and inverted */
	{ XY(8, 8), XY(8, 16), 0, -EINVAL, -EINVAL, -EINVAL },
	{ XY(8, 8), XY(7, 16), 0, -EINVAL, -EINVAL, -EINVAL },
	{ XY(8, 8), XY(16, 8), 0, -EINVAL, -EINVAL, -EINVAL },
};

static int try_rectangle(struct kunit *test, const struct rectangle *r, enum kind base,
			 bool relative)
{
	struct maker *m = maker(test);

	states(m, base);
	if (base == COPY) {
		state(m, 0x120c, A8R8G8B8 << 24 | relative << 6);
		state(m, 0x1210, r->origin);
		state(m, 0x1214, 0);
	}
	draw(m, r->top_left, r->bottom_right);

	return refsoc_gpu_validate(&m->stream);
}

static void test_rectangles(struct kunit *test)
{
	const struct rectangle *r;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(rectangles); i++) {
		r = &rectangles[i];
		KUNIT_EXPECT_EQ_MSG(test, try_rectangle(test, r, FILL, false), r->fill, "%u", i);
		KUNIT_EXPECT_EQ_MSG(test, try_rectangle(test, r, COPY, false), r->absolute,
				    "%u", i);
		KUNIT_EXPECT_EQ_MSG(test, try_rectangle(test, r, COPY, true), r->relative,
				    "%u", i);
	}
}

/* The clip is what keeps a fill in its buffer; every rectangle counts. */
static void test_clip(struct kunit *test)
{
	struct maker *m = maker(test);

	states(m, FILL);
	state(m, 0x1264, XY(WIDTH, HEIGHT + 1));
	draw(m, 0, XY(WIDTH, HEIGHT));
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);
	draw(m, 0, XY(WIDTH, HEIGHT + 1));
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), -EINVAL);

	m = maker(test);
	states(m, FILL);
	state(m, 0x1264, XY(WIDTH + 1, HEIGHT + 1));
	emit(m, DRAW_2D(2));
	emit(m, 0);
	emit(m, XY(0, 0));
	emit(m, XY(WIDTH, HEIGHT));
	emit(m, XY(WIDTH, HEIGHT - 1));
	emit(m, XY(WIDTH + 1, HEIGHT));
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), -EINVAL);
}

/* Turned: square surfaces, and nothing that could reach beyond the square */
static void test_rotation(struct kunit *test)
{
	struct maker *m = maker(test);

	states(m, COPY);
	state(m, 0x1208, HEIGHT);
	state(m, 0x12b8, HEIGHT);
	state(m, 0x12bc, 4);
	state(m, 0x1214, XY(HEIGHT, HEIGHT));
	draw(m, 0, XY(HEIGHT, HEIGHT));
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);
	draw(m, 0, XY(HEIGHT + 1, HEIGHT));
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), -EINVAL);

	m = maker(test);
	states(m, FILL);
	state(m, 0x1230, HEIGHT);
	state(m, 0x12b4, HEIGHT + 1);
	state(m, 0x12bc, 6 << 3);
	draw(m, 0, XY(8, 8));
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "longer side");

	m = maker(test);
	states(m, FILL);
	state(m, 0x1230, HEIGHT | 1 << 16);
	state(m, 0x12b4, HEIGHT);
	draw(m, 0, XY(HEIGHT, HEIGHT));
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);
	draw(m, XY(-1, 0), XY(8, 8));
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "clip may be turned");
}

/* YV12, NV12, NV16 of 64x15: the bytes of luma and of the last plane */
struct planar {
	u32 format;
	u32 chroma_stride;
	u32 chroma;
};

static const struct planar planars[] = {
	{ 15, 32, 8 * 32 },
	{ 17, 64, 8 * 64 },
	{ 18, 64, 15 * 64 },
};

static void planar_states(struct maker *m, const struct planar *p)
{
	states(m, HORIZONTAL);
	state(m, 0x1204, 64);
	state(m, 0x120c, p->format << 24);
	state(m, 0x129c, XY(63, 15));
	address(m, 0x1284, SRC, 1024);
	state(m, 0x1288, p->chroma_stride);
	address(m, 0x128c, SRC, 1024);
	state(m, 0x1290, p->chroma_stride);
	kick(m, HORIZONTAL);
}

static void test_planar(struct kunit *test)
{
	const struct planar *p;
	struct maker *m;

	for (p = planars; p < planars + ARRAY_SIZE(planars); p++) {
		m = maker(test);
		planar_states(m, p);
		m->bos[SRC].size = 1024 + p->chroma;
		KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), 0, "%u", p->format);
		m->bos[SRC].size--;
		KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "%u",
				    p->format);

		m = maker(test);
		m->skip = 0x1288;
		planar_states(m, p);
		KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "%u",
				    p->format);

		m = maker(test);
		m->skip = 0x128c;
		planar_states(m, p);
		KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream),
				    p->format == 15 ? -EINVAL : 0, "%u", p->format);
	}
}

static int narrow_source(struct kunit *test, u32 format, u32 width, u64 size)
{
	struct maker *m = maker(test);
	u32 i;

	states(m, COPY);
	emit(m, LOAD(0x3400, 256));
	for (i = 0; i < 257; i++)
		emit(m, 0);
	state(m, 0x120c, format << 24 | 3 << 12);
	state(m, 0x1214, 0);
	draw(m, 0, XY(width, 2));
	m->bos[SRC].size = STRIDE + size;

	return refsoc_gpu_validate(&m->stream);
}

static void test_narrow_sources(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, narrow_source(test, 10, 33, 8), 0);
	KUNIT_EXPECT_EQ(test, narrow_source(test, 10, 33, 7), -EINVAL);
	KUNIT_EXPECT_EQ(test, narrow_source(test, 9, 33, 33), 0);
	KUNIT_EXPECT_EQ(test, narrow_source(test, 9, 33, 32), -EINVAL);
	KUNIT_EXPECT_EQ(test, narrow_source(test, 16, 33, 33), 0);
	KUNIT_EXPECT_EQ(test, narrow_source(test, 16, 33, 32), -EINVAL);
	KUNIT_EXPECT_EQ(test, narrow_source(test, 8, 33, 68), 0);
	KUNIT_EXPECT_EQ(test, narrow_source(test, 8, 33, 67), -EINVAL);
}

/* A stretch that starts between two rows of the source reads one more. */
static int stretch_from(struct kunit *test, u32 fraction, u32 factor)
{
	struct maker *m = maker(test);

	states(m, STRETCH);
	state(m, 0x1224, factor);
	state(m, 0x1278, fraction);
	kick(m, STRETCH);

	return refsoc_gpu_validate(&m->stream);
}

static void test_fraction(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, stretch_from(test, 0, 0x10000), 0);
	KUNIT_EXPECT_EQ(test, stretch_from(test, XY(0, 1), 0x10000), -EINVAL);
	KUNIT_EXPECT_EQ(test, stretch_from(test, XY(0, 1), 0xfc00), 0);
	KUNIT_EXPECT_EQ(test, stretch_from(test, 0, 0x10001), -EINVAL);
}

static void test_pattern(struct kunit *test)
{
	struct maker *m = maker(test);

	states(m, FILL);
	address(m, 0x1238, SRC, SIZE - 256);
	state(m, 0x123c, 0xd0 | A8R8G8B8);
	state(m, 0x125c, 0x0030f0f0);
	kick(m, FILL);
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);
	m->relocs[1].offset += 4;
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), -EINVAL);
}

/* A blit that takes neither source nor anything of it, as the DDX fills */
static void test_no_source(struct kunit *test)
{
	struct maker *m = maker(test);

	dest(m, 2, A8R8G8B8);
	common(m);
	state(m, 0x125c, 0x0030f0f0);
	state(m, 0x123c, 0xc0);
	draw(m, 0, XY(WIDTH, HEIGHT));
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);
	state(m, 0x125c, 0x00303c3c);
	draw(m, 0, XY(WIDTH, HEIGHT));
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), -EINVAL);
}

static struct kunit_case refsoc_gpu_validate_2d_cases[] = {
	KUNIT_CASE(test_driver_streams),
	KUNIT_CASE(test_many_draws),
	KUNIT_CASE(test_libdrm),
	KUNIT_CASE_PARAM(test_change, change_gen_params),
	KUNIT_CASE(test_missing_states),
	KUNIT_CASE(test_defaults),
	KUNIT_CASE(test_rectangles),
	KUNIT_CASE(test_clip),
	KUNIT_CASE(test_rotation),
	KUNIT_CASE(test_planar),
	KUNIT_CASE(test_narrow_sources),
	KUNIT_CASE(test_fraction),
	KUNIT_CASE(test_pattern),
	KUNIT_CASE(test_no_source),
	{ }
};

static struct kunit_suite refsoc_gpu_validate_2d_suite = {
	.name = "refsoc_gpu_validate_2d",
	.test_cases = refsoc_gpu_validate_2d_cases,
};

kunit_test_suite(refsoc_gpu_validate_2d_suite);

MODULE_DESCRIPTION("KUnit tests of the RefSoC GPU driver's check of 2D draws");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
