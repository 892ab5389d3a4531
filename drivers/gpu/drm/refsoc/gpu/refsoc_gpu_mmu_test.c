// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC GPU driver: KUnit tests of the page table and of who gets an address
 */

#include <kunit/test.h>

#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>

#include <drm/drm_drv.h>
#include <drm/drm_kunit_helpers.h>

#include "refsoc_gpu_drv.h"

#define ENTRIES		(SZ_2G / REFSOC_GPU_PAGE_SIZE)

/* Four of them and a bit more are all there is. */
#define QUARTER		(SZ_512M - REFSOC_GPU_PAGE_SIZE)

/* No memory, but bus addresses that the table may hold */
#define SOMEWHERE	0x20000000

struct piece {
	dma_addr_t start;
	size_t size;
};

/* A buffer: its DMA mapping, and its place in the GPU's address space */
struct buffer {
	struct sg_table sgt;
	size_t size;
	struct refsoc_gpu_mapping map;
};

static struct refsoc_gpu_mmu *mmu_of(struct kunit *test)
{
	return &((struct refsoc_gpu_device *)test->priv)->mmu;
}

static void free_sgt(void *sgt)
{
	sg_free_table(sgt);
}

static struct buffer *buffer(struct kunit *test, const struct piece *pieces, unsigned int n)
{
	struct buffer *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);
	struct scatterlist *sg;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, b);
	KUNIT_ASSERT_EQ(test, sg_alloc_table(&b->sgt, n, GFP_KERNEL), 0);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_sgt, &b->sgt), 0);
	for_each_sgtable_dma_sg(&b->sgt, sg, i) {
		sg_dma_address(sg) = pieces[i].start;
		sg_dma_len(sg) = pieces[i].size;
		b->size += pieces[i].size;
	}
	return b;
}

static struct buffer *one_piece(struct kunit *test, dma_addr_t start, size_t size)
{
	return buffer(test, &(struct piece) { start, size }, 1);
}

static int get(struct kunit *test, struct buffer *b, bool force)
{
	return refsoc_gpu_mmu_get(test->priv, &b->map, &b->sgt, b->size, force);
}

static void put(struct kunit *test, struct buffer *b)
{
	refsoc_gpu_mmu_put(test->priv, &b->map);
}

static void drop(struct kunit *test, struct buffer *b)
{
	refsoc_gpu_mmu_remove(test->priv, &b->map);
}

static u32 entry(struct kunit *test, u32 iova)
{
	return le32_to_cpu(mmu_of(test)->table[(iova - SZ_2G) / REFSOC_GPU_PAGE_SIZE]);
}

static u32 entries_in_use(struct kunit *test)
{
	u32 scratch = lower_32_bits(mmu_of(test)->scratch_dma), n = 0;

	for (u32 i = 0; i < ENTRIES; i++)
		n += le32_to_cpu(mmu_of(test)->table[i]) != scratch;
	return n;
}

static void test_scratch(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, entries_in_use(test), 0);
	KUNIT_EXPECT_EQ(test, entry(test, REFSOC_GPU_GUARD_ADDRESS),
			lower_32_bits(mmu_of(test)->scratch_dma));
}

/* In one piece and inside the window: no entry, nothing to forget */
static void test_linear(struct kunit *test)
{
	struct refsoc_gpu_mmu *mmu = mmu_of(test);
	struct buffer *b = one_piece(test, mmu->base + SOMEWHERE, SZ_64K);
	int seq = atomic_read(&mmu->seq);

	KUNIT_ASSERT_EQ(test, get(test, b, false), 0);
	KUNIT_EXPECT_EQ(test, b->map.iova, SOMEWHERE);
	KUNIT_EXPECT_EQ(test, entries_in_use(test), 0);
	put(test, b);
	drop(test, b);
	KUNIT_EXPECT_EQ(test, atomic_read(&mmu->seq), seq);
}

/* Pieces that follow each other are one; the last may end within a page. */
static void test_linear_pieces(struct kunit *test)
{
	dma_addr_t start = mmu_of(test)->base + SOMEWHERE;
	const struct piece pieces[] = {
		{ start, SZ_4K }, { start + SZ_4K, SZ_8K }, { start + 3 * SZ_4K, 100 },
	};
	struct buffer *b = buffer(test, pieces, ARRAY_SIZE(pieces));

	KUNIT_ASSERT_EQ(test, get(test, b, false), 0);
	KUNIT_EXPECT_EQ(test, b->map.iova, SOMEWHERE);
	put(test, b);
	drop(test, b);
}

static void expect_paged(struct kunit *test, struct buffer *b, bool force)
{
	u32 pages = PAGE_ALIGN(b->size) / REFSOC_GPU_PAGE_SIZE, iova;
	struct scatterlist *sg;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, get(test, b, force), 0);
	iova = b->map.iova;
	KUNIT_ASSERT_GE(test, iova, SZ_2G);
	KUNIT_EXPECT_LE(test, iova + b->size, REFSOC_GPU_GUARD_ADDRESS);
	for_each_sgtable_dma_sg(&b->sgt, sg, i)
		for (u32 at = 0; at < sg_dma_len(sg); at += REFSOC_GPU_PAGE_SIZE, iova += SZ_4K)
			KUNIT_EXPECT_EQ(test, entry(test, iova), sg_dma_address(sg) + at);
	KUNIT_EXPECT_EQ(test, entries_in_use(test), pages);
	put(test, b);
	KUNIT_EXPECT_EQ(test, entries_in_use(test), pages);
	drop(test, b);
	KUNIT_EXPECT_EQ(test, entries_in_use(test), 0);
}

static void test_paged(struct kunit *test)
{
	dma_addr_t base = mmu_of(test)->base, other = base ^ SZ_2G;
	const struct piece scattered[] = {
		{ base + SOMEWHERE, SZ_8K }, { base + SZ_4K, SZ_4K }, { base + SZ_1M, SZ_16K },
	};
	const struct piece tail[] = { { base + SZ_1M, SZ_8K }, { base + SOMEWHERE, 100 } };

	expect_paged(test, buffer(test, scattered, ARRAY_SIZE(scattered)), false);
	expect_paged(test, buffer(test, tail, ARRAY_SIZE(tail)), false);
	/* in the window, but not wanted there */
	expect_paged(test, one_piece(test, base + SOMEWHERE, SZ_64K), true);
	/* outside the window, and across its end */
	expect_paged(test, one_piece(test, other + SOMEWHERE, SZ_64K), false);
	if (!base) {
		expect_paged(test, one_piece(test, SZ_2G - SZ_4K, SZ_8K), false);
		/* as far as the bus goes: sums of 32 bits start at 0 again */
		expect_paged(test, one_piece(test, U32_MAX - SZ_64K + 1, SZ_64K), false);
	}
}

static void test_unpaged(struct kunit *test)
{
	dma_addr_t base = mmu_of(test)->base;
	const struct piece middle[] = { { base + SZ_1M, 100 }, { base + SOMEWHERE, SZ_4K } };
	const struct piece start[] = { { base + SZ_1M, SZ_4K }, { base + SOMEWHERE + 16, SZ_4K } };

	KUNIT_EXPECT_EQ(test, get(test, buffer(test, middle, 2), false), -EINVAL);
	KUNIT_EXPECT_EQ(test, get(test, buffer(test, start, 2), false), -EINVAL);
	KUNIT_EXPECT_EQ(test, get(test, one_piece(test, base + 16, SZ_4K), true), -EINVAL);
	KUNIT_EXPECT_EQ(test, entries_in_use(test), 0);
}

/* An address stays while somebody uses it, and afterwards if nobody wants it. */
static void test_stays(struct kunit *test)
{
	struct buffer *b = one_piece(test, SOMEWHERE, SZ_64K);
	u32 iova;

	KUNIT_ASSERT_EQ(test, get(test, b, true), 0);
	iova = b->map.iova;
	KUNIT_ASSERT_EQ(test, get(test, b, true), 0);
	put(test, b);
	KUNIT_EXPECT_TRUE(test, list_empty(&mmu_of(test)->idle));
	put(test, b);
	KUNIT_EXPECT_FALSE(test, list_empty(&mmu_of(test)->idle));
	KUNIT_ASSERT_EQ(test, get(test, b, true), 0);
	KUNIT_EXPECT_EQ(test, b->map.iova, iova);
	KUNIT_EXPECT_TRUE(test, list_empty(&mmu_of(test)->idle));
	put(test, b);
	drop(test, b);
}

static void fill_all(struct kunit *test, struct buffer *b[4])
{
	for (int i = 0; i < 4; i++) {
		b[i] = one_piece(test, SOMEWHERE + i * SZ_4K, QUARTER);
		KUNIT_ASSERT_EQ(test, get(test, b[i], true), 0);
	}
}

/* No two overlap, and what is in use is nobody else's. */
static void test_exhaustion(struct kunit *test)
{
	struct buffer *b[4], *more = one_piece(test, SOMEWHERE, SZ_64K);

	KUNIT_EXPECT_EQ(test, get(test, one_piece(test, 0, SZ_2G), true), -ENOSPC);
	fill_all(test, b);
	for (int i = 0; i < 4; i++)
		for (int k = 0; k < i; k++)
			KUNIT_EXPECT_GE(test, abs_diff(b[i]->map.iova, b[k]->map.iova), QUARTER);
	KUNIT_EXPECT_EQ(test, get(test, more, true), -ENOSPC);
	KUNIT_EXPECT_FALSE(test, more->map.valid);
	KUNIT_EXPECT_EQ(test, mmu_of(test)->evictions, 0);
	drop(test, more);
	put(test, b[2]);
	KUNIT_EXPECT_EQ(test, get(test, more, true), 0);
	put(test, more);
	drop(test, more);
	for (int i = 0; i < 4; i++) {
		if (i != 2)
			put(test, b[i]);
		drop(test, b[i]);
	}
	KUNIT_EXPECT_EQ(test, entries_in_use(test), 0);
}

/* The longest unused goes first, and no more go than must. */
static void test_eviction(struct kunit *test)
{
	struct refsoc_gpu_mmu *mmu = mmu_of(test);
	struct buffer *b[4], *more = one_piece(test, SOMEWHERE + SZ_1M, SZ_64K);
	const int order[] = { 1, 3, 0, 2 };
	u32 iova;

	fill_all(test, b);
	for (int i = 0; i < 4; i++)
		put(test, b[order[i]]);
	KUNIT_ASSERT_EQ(test, get(test, more, true), 0);
	KUNIT_EXPECT_EQ(test, mmu->evictions, 1);
	for (int i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, b[i]->map.valid, i != 1);
	iova = more->map.iova;
	KUNIT_EXPECT_EQ(test, entry(test, iova), SOMEWHERE + SZ_1M);
	KUNIT_EXPECT_EQ(test, entries_in_use(test), (3 * QUARTER + SZ_64K) / SZ_4K);
	/* Who had to go comes back, at the cost of the next. */
	KUNIT_ASSERT_EQ(test, get(test, b[1], true), 0);
	KUNIT_EXPECT_EQ(test, mmu->evictions, 2);
	KUNIT_EXPECT_FALSE(test, b[3]->map.valid);
	KUNIT_EXPECT_EQ(test, more->map.iova, iova);
	put(test, b[1]);
	put(test, more);
	for (int i = 0; i < 4; i++)
		drop(test, b[i]);
	drop(test, more);
	KUNIT_EXPECT_TRUE(test, list_empty(&mmu->idle));
}

/* A core forgets its translations once for each change that it has not seen. */
static void test_flush(struct kunit *test)
{
	struct refsoc_gpu_mmu *mmu = mmu_of(test);
	struct buffer *b = one_piece(test, SOMEWHERE, SZ_64K);
	int first = -1, second = -1;

	KUNIT_EXPECT_TRUE(test, refsoc_gpu_mmu_changed(mmu, &first));
	KUNIT_EXPECT_FALSE(test, refsoc_gpu_mmu_changed(mmu, &first));
	KUNIT_ASSERT_EQ(test, get(test, b, true), 0);
	KUNIT_EXPECT_TRUE(test, refsoc_gpu_mmu_changed(mmu, &first));
	KUNIT_EXPECT_FALSE(test, refsoc_gpu_mmu_changed(mmu, &first));
	KUNIT_EXPECT_TRUE(test, refsoc_gpu_mmu_changed(mmu, &second));
	/* used again, and let go: nothing new in the table */
	KUNIT_ASSERT_EQ(test, get(test, b, true), 0);
	put(test, b);
	put(test, b);
	KUNIT_EXPECT_FALSE(test, refsoc_gpu_mmu_changed(mmu, &first));
	drop(test, b);
	KUNIT_EXPECT_TRUE(test, refsoc_gpu_mmu_changed(mmu, &first));
	KUNIT_EXPECT_TRUE(test, refsoc_gpu_mmu_changed(mmu, &second));
	KUNIT_EXPECT_FALSE(test, refsoc_gpu_mmu_changed(mmu, &second));
}

static int mmu_init(struct kunit *test)
{
	struct device *dev = drm_kunit_helper_alloc_device(test);
	struct refsoc_gpu_device *rdev;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	rdev = drm_kunit_helper_alloc_drm_device(test, dev, struct refsoc_gpu_device, drm,
						 DRIVER_GEM);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rdev);
	test->priv = rdev;
	return refsoc_gpu_mmu_init(rdev);
}

static void mmu_exit(struct kunit *test)
{
	struct refsoc_gpu_device *rdev = test->priv;

	if (rdev && rdev->mmu.table)
		refsoc_gpu_mmu_fini(rdev);
}

static struct kunit_case refsoc_gpu_mmu_cases[] = {
	KUNIT_CASE(test_scratch),
	KUNIT_CASE(test_linear),
	KUNIT_CASE(test_linear_pieces),
	KUNIT_CASE(test_paged),
	KUNIT_CASE(test_unpaged),
	KUNIT_CASE(test_stays),
	KUNIT_CASE(test_exhaustion),
	KUNIT_CASE(test_eviction),
	KUNIT_CASE(test_flush),
	{ }
};

static struct kunit_suite refsoc_gpu_mmu_suite = {
	.name = "refsoc_gpu_mmu",
	.init = mmu_init,
	.exit = mmu_exit,
	.test_cases = refsoc_gpu_mmu_cases,
};

kunit_test_suite(refsoc_gpu_mmu_suite);

MODULE_DESCRIPTION("KUnit tests of the RefSoC GPU driver's address space");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
