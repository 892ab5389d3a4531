// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC GPU driver: KUnit tests of what a command stream may contain
 */

#include <kunit/test.h>

#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/string.h>

#include "refsoc_gpu_validate_test.h"

/* Whole streams of a few words */
struct words {
	const char *what;
	u32 words[6];
	u32 n;
	int result;
};

static const struct words raw[] = {
	{ "nothing", { }, 0, 0 },
	{ "NOP", { NOP, 0 }, 2, 0 },
	{ "half a NOP", { NOP }, 1, -EINVAL },
	{ "NOP with a field", { NOP | 1, 0 }, 2, -EINVAL },
	{ "LOAD_STATE of 0", { LOAD(0, 0), 0 }, 2, -EINVAL },
	{ "LOAD_STATE in fixed point", { LOAD(0, 1) | BIT(26), 0 }, 2, -EINVAL },
	{ "LOAD_STATE past the end", { LOAD(0, 2), 0 }, 2, -EINVAL },
	{ "LOAD_STATE whose padding is past the end", { LOAD(0, 2), 0, 0 }, 3, -EINVAL },
	{ "LOAD_STATE of two dummies", { LOAD(0, 2), 1, 2, 3 }, 4, 0 },
	{ "LOAD_STATE of one too many", { LOAD(0, 3), 1, 2, 3 }, 4, -EINVAL },
	{ "LOAD_STATE that wraps", { LOAD(0x3fffc, 3), 1, 2, 3 }, 4, -EINVAL },
	{ "zero", { 0, 0 }, 2, -EINVAL },
	{ "END", { 0x10000000, 0 }, 2, -EINVAL },
	{ "WAIT", { 0x38000000, 0 }, 2, -EINVAL },
	{ "LINK", { 0x40000002, 0 }, 2, -EINVAL },
	{ "CALL", { 0x50000000, 0, 0, 0 }, 4, -EINVAL },
	{ "RETURN", { 0x58000000, 0 }, 2, -EINVAL },
	{ "CHIP_SELECT", { 0x68000000, 0 }, 2, -EINVAL },
	{ "WAIT_FENCE", { 0x78000000, 0 }, 2, -EINVAL },
	{ "DRAW_INDIRECT", { 0x80000000, 0, 0, 0 }, 4, -EINVAL },
	{ "SNAP_PAGES", { 0x98000000, 0 }, 2, -EINVAL },
	{ "DRAW_PRIMITIVES", { 0x28000000, 4, 0, 1 }, 4, -EINVAL },
	{ "STALL alone", { STALL, FE_TO_PE }, 2, -EINVAL },
	{ "semaphore alone", { LOAD(0x3808, 1), FE_TO_PE }, 2, -EINVAL },
	{ "both", { LOAD(0x3808, 1), FE_TO_PE, STALL, FE_TO_PE }, 4, 0 },
	{ "STALL with a field", { LOAD(0x3808, 1), FE_TO_PE, STALL | 1, FE_TO_PE }, 4, -EINVAL },
	{ "STALL twice", { LOAD(0x3808, 1), FE_TO_PE, STALL, FE_TO_PE, STALL, FE_TO_PE }, 6,
	  -EINVAL },
	{ "semaphore twice", { LOAD(0x3808, 1), FE_TO_PE, LOAD(0x3808, 1), FE_TO_PE,
			       STALL, FE_TO_PE }, 6, -EINVAL },
	{ "other STALL", { LOAD(0x3808, 1), FE_TO_PE, STALL, RA_TO_PE }, 4, -EINVAL },
	{ "other semaphore", { LOAD(0x3808, 1), RA_TO_PE, STALL, RA_TO_PE }, 4, -EINVAL },
};

static void raw_desc(const struct words *words, char *desc)
{
	strscpy(desc, words->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(raw, raw, raw_desc);

static void test_raw(struct kunit *test)
{
	const struct words *words = test->param_value;
	struct maker *m = maker(test);
	u32 i;

	for (i = 0; i < words->n; i++)
		emit(m, words->words[i]);
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), words->result);
}

static void test_draw_words(struct kunit *test)
{
	struct maker *m = maker(test);
	u32 at;

	states(m, FILL);
	at = m->stream.n_words;
	draw(m, 0, XY(WIDTH, HEIGHT));
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);
	m->words[at] |= 1 << 16;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "DATA_COUNT");
	m->words[at] = DRAW_2D(1) | 1;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "unknown bit");
	m->words[at] = DRAW_2D(256);
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "256 rectangles");
	m->words[at] = DRAW_2D(1);
	m->stream.n_words = at + 2;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "past the end");
}

static void test_write(struct kunit *test)
{
	struct maker *m = maker(test);

	states(m, FILL);
	kick(m, FILL);
	m->bos[DST].write = false;
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), -EINVAL);
	KUNIT_EXPECT_FALSE(test, m->bos[DST].written);
}

/* A fill whose only relocation, of DEST_ADDRESS, is word 1 */
static struct maker *fill(struct kunit *test)
{
	struct maker *m = maker(test);

	states(m, FILL);
	kick(m, FILL);
	return m;
}

static void test_relocs(struct kunit *test)
{
	struct maker *m = fill(test);
	u32 last = m->stream.n_words;

	m->relocs[0].offset = 4;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "larger than the rest");
	m->bos[DST].size = SIZE + 4;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), 0, "as large");
	m->relocs[0].offset = 2;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "unaligned");
	m->relocs[0].offset = SIZE + 4;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "at the end");
	m->relocs[0].offset = U64_MAX - 3;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "far off");
	m->relocs[0].offset = 0;
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), 0);

	m->stream.n_relocs = 0;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "none");
	reloc(m, 0, DST, 0);
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "header");
	reloc(m, 1, DST, 0);
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "header, too");
	m->relocs[0].word = 1;
	m->relocs[1].word = 3;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "stride");
	m->relocs[1].word = last - 7;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "rectangle");
	m->relocs[1].word = last - 1;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "dummy");
	m->relocs[1].word = last;
	KUNIT_EXPECT_EQ_MSG(test, refsoc_gpu_validate(&m->stream), -EINVAL, "past the end");
}

/* What a 3D core takes, with and without unsafe_3d */
struct words_3d {
	const char *what;
	u32 words[6];
	u32 n;
	bool reloc;
	int safe;
	int unsafe;
};

static const struct words_3d raw_3d[] = {
	{ "flush", { LOAD(0x380c, 1), 3 }, 2, false, 0, 0 },
	{ "dummy", { LOAD(0, 1), 3 }, 2, false, 0, 0 },
	{ "wait", { LOAD(0x3808, 1), FE_TO_PE, STALL, FE_TO_PE }, 4, false, 0, 0 },
	{ "stall of the RA", { LOAD(0x3808, 1), RA_TO_PE, LOAD(0x3c00, 1), RA_TO_PE }, 4, false,
	  -EINVAL, 0 },
	{ "stall of the RA alone", { LOAD(0x3c00, 1), RA_TO_PE }, 2, false, -EACCES, -EINVAL },
	{ "resolve", { LOAD(0x1600, 1), 0xbeebbeeb }, 2, false, -EACCES, 0 },
	{ "tiler", { LOAD(0x1678, 1), 1 }, 2, false, -EACCES, 0 },
	{ "draw", { 0x28000000, 4, 0, 1 }, 4, false, -EACCES, 0 },
	{ "indexed draw", { 0x30000000, 4, 0, 1, 0, 0 }, 6, false, -EACCES, 0 },
	{ "instanced draw", { 0x60000000, 4, 0, 1 }, 4, false, -EACCES, 0 },
	{ "half a draw", { 0x28000000, 4 }, 2, false, -EINVAL, -EINVAL },
	{ "2D draw", { DRAW_2D(1), 0, 0, XY(1, 1) }, 4, false, -EINVAL, -EINVAL },
	{ "source of RS", { LOAD(0x1608, 1), 0 }, 2, true, -EACCES, 0 },
	{ "source of RS, no relocation", { LOAD(0x1608, 1), 0 }, 2, false, -EINVAL, -EINVAL },
	{ "tiler's plane", { LOAD(0x1680, 1), 0 }, 2, false, -EINVAL, -EINVAL },
	{ "second pipe", { LOAD(0x16e4, 1), 0 }, 2, false, -EINVAL, -EINVAL },
	{ "pointer in a uniform", { LOAD(0x5000, 1), 0 }, 2, true, -EINVAL, 0 },
	{ "pointer in a semaphore", { LOAD(0x3808, 1), FE_TO_PE, STALL, FE_TO_PE }, 4, true,
	  -EINVAL, -EINVAL },
	{ "pointer in a dummy", { LOAD(0, 1), 0 }, 2, true, -EINVAL, -EINVAL },
	{ "pipe", { LOAD(0x3800, 1), 1 }, 2, false, -EINVAL, -EINVAL },
	{ "event", { LOAD(0x3804, 1), 1 }, 2, false, -EINVAL, -EINVAL },
	{ "MMU flush", { LOAD(0x3810, 1), 1 }, 2, false, -EINVAL, -EINVAL },
	{ "command address", { LOAD(0x654, 1), 1 }, 2, false, -EINVAL, -EINVAL },
	{ "command control", { LOAD(0x658, 1), 1 }, 2, false, -EINVAL, -EINVAL },
	{ "host interface", { LOAD(0x10, 1), 1 }, 2, false, -EINVAL, -EINVAL },
	{ "2D state", { LOAD(0x1234, 1), 1 }, 2, false, -EINVAL, -EINVAL },
};

static void raw_3d_desc(const struct words_3d *words, char *desc)
{
	strscpy(desc, words->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(raw_3d, raw_3d, raw_3d_desc);

static void test_3d(struct kunit *test)
{
	const struct words_3d *words = test->param_value;
	struct maker *m = maker(test);
	u32 i;

	for (i = 0; i < words->n; i++)
		emit(m, words->words[i]);
	if (words->reloc)
		reloc(m, 1, SRC, 0);
	m->stream.has_2d = false;
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), words->safe);
	m->stream.unsafe_3d = true;
	KUNIT_EXPECT_EQ(test, refsoc_gpu_validate(&m->stream), words->unsafe);
}

static struct kunit_case refsoc_gpu_validate_cases[] = {
	KUNIT_CASE_PARAM(test_raw, raw_gen_params),
	KUNIT_CASE(test_draw_words),
	KUNIT_CASE(test_write),
	KUNIT_CASE(test_relocs),
	KUNIT_CASE_PARAM(test_3d, raw_3d_gen_params),
	{ }
};

static struct kunit_suite refsoc_gpu_validate_suite = {
	.name = "refsoc_gpu_validate",
	.test_cases = refsoc_gpu_validate_cases,
};

kunit_test_suite(refsoc_gpu_validate_suite);

MODULE_DESCRIPTION("KUnit tests of the RefSoC GPU driver's command validator");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
