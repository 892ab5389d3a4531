// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules by which storage is chosen and moved, see dma-buf-storage.c. Fences
 * and page faults are tested in dma-buf-storage-wait-test.c.
 */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/iosys-map.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>

#include "dma-buf-generation.h"
#include "dma-buf-storage-test.h"

static bool is_allocated(struct storage_test *t)
{
	struct dma_buf_snapshot snap = {};

	t->dmabuf->ops->snapshot(t->dmabuf, &snap);
	return snap.allocated;
}

static bool is_contiguous(struct storage_test *t)
{
	struct dma_buf_snapshot snap = {};

	t->dmabuf->ops->snapshot(t->dmabuf, &snap);
	return snap.contiguous;
}

static bool is_one_range(struct sg_table *sgt)
{
	dma_addr_t next = sg_dma_address(sgt->sgl);
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (sg_dma_address(sg) != next)
			return false;
		next += sg_dma_len(sg);
	}
	return next - sg_dma_address(sgt->sgl) == TEST_SIZE;
}

/* Attaching alone takes no memory; mapping does, and not more than needed. */
static void test_chosen_at_first_map(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach = storage_attach(test, false, 0);
	struct sg_table *sgt;

	KUNIT_EXPECT_FALSE(test, is_allocated(t));
	sgt = storage_map(test, attach);
	KUNIT_EXPECT_TRUE(test, is_allocated(t));
	KUNIT_EXPECT_FALSE(test, is_contiguous(t));
	KUNIT_EXPECT_FALSE(test, is_one_range(sgt));
	KUNIT_EXPECT_EQ(test, 0, t->blocks);
	storage_unmap(attach, sgt);
	dma_buf_detach(t->dmabuf, attach);
	storage_expect_zero(test);
}

/* Whoever comes first: the union of all flags counts. */
static void test_contig_before_first_map(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *plain, *contig;
	struct sg_table *sgt;

	plain = storage_attach(test, false, 0);
	contig = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, contig);
	KUNIT_EXPECT_FALSE(test, is_allocated(t));
	KUNIT_EXPECT_EQ(test, 1, t->blocks);

	sgt = storage_map(test, plain);
	KUNIT_EXPECT_TRUE(test, is_one_range(sgt));
	KUNIT_EXPECT_TRUE(test, is_contiguous(t));
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	storage_unmap(plain, sgt);
	storage_expect_zero(test);

	dma_buf_detach(t->dmabuf, plain);
	dma_buf_detach(t->dmabuf, contig);
	KUNIT_EXPECT_EQ(test, 1, t->blocks);
}

/* The block goes back if it turns out that nobody needs it. */
static void test_contig_leaves_unused(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;

	attach = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	KUNIT_EXPECT_NOT_NULL(test, t->st->next);
	dma_buf_detach(t->dmabuf, attach);
	KUNIT_EXPECT_NULL(test, t->st->next);

	storage_fill(test, 1);
	KUNIT_EXPECT_FALSE(test, is_contiguous(t));
	storage_expect(test, 1);
}

static void test_one_of_two_leaves(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *a, *b;

	a = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	b = storage_attach(test, true, DMA_BUF_ATTACH_CONTIG);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, a);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	KUNIT_EXPECT_EQ(test, 1, t->blocks);
	dma_buf_detach(t->dmabuf, a);
	KUNIT_EXPECT_NOT_NULL(test, t->st->next);
	dma_buf_detach(t->dmabuf, b);
	KUNIT_EXPECT_NULL(test, t->st->next);
}

/* Attaching decides; the next use moves, and takes the contents along. */
static void test_move(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *dynamic, *contig;
	struct sg_table *old, *sgt;

	dynamic = storage_attach(test, true, 0);
	storage_lock(test);
	old = dma_buf_map_attachment(dynamic, DMA_BIDIRECTIONAL);
	storage_unlock(test);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, old);
	storage_fill(test, 42);

	contig = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, contig);
	KUNIT_EXPECT_EQ(test, 0, t->moves);
	KUNIT_EXPECT_FALSE(test, is_contiguous(t));

	sgt = storage_map(test, contig);
	KUNIT_EXPECT_EQ(test, 1, t->moves);
	KUNIT_EXPECT_TRUE(test, is_contiguous(t));
	KUNIT_EXPECT_TRUE(test, is_one_range(sgt));
	storage_expect(test, 42);
	/* The importer still has the old pages mapped, and takes its time. */
	KUNIT_EXPECT_EQ(test, TEST_PAGES, storage_pages_in_use(test));
	storage_unmap(dynamic, old);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));

	storage_unmap(contig, sgt);

	old = storage_map(test, dynamic);
	KUNIT_EXPECT_TRUE(test, is_one_range(old));
	storage_unmap(dynamic, old);
	dma_buf_detach(t->dmabuf, dynamic);
	dma_buf_detach(t->dmabuf, contig);
	storage_expect(test, 42);
	KUNIT_EXPECT_EQ(test, 1, t->moves);
}

/* Memory that happens to be in a row, or has become so, is good enough. */
static void test_already_contiguous(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	unsigned int i;

	for (i = 0; i < TEST_POOL / 2; i++)
		swap(t->pool[i], t->pool[TEST_POOL - 1 - i]);
	storage_fill(test, 3);
	KUNIT_EXPECT_TRUE(test, is_contiguous(t));
	attach = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	sgt = storage_map(test, attach);
	KUNIT_EXPECT_EQ(test, 0, t->blocks);
	KUNIT_EXPECT_EQ(test, 0, t->moves);
	storage_unmap(attach, sgt);
	dma_buf_detach(t->dmabuf, attach);
	storage_expect(test, 3);
}

/* The owner gives back its table, and gets another one. */
static void test_owner_moves_too(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	storage_fill(test, 9);
	storage_lock(test);
	t->table = dma_buf_storage_get_table(t->st, t->dev);
	storage_unlock(test);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t->table);

	attach = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	KUNIT_EXPECT_EQ(test, 0, t->tables_put);
	sgt = storage_map(test, attach);
	KUNIT_EXPECT_EQ(test, 1, t->tables_put);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	storage_lock(test);
	t->table = dma_buf_storage_get_table(t->st, t->dev);
	KUNIT_EXPECT_PTR_EQ(test, sg_page(t->table->sgl),
			    dma_buf_generation_page(t->st->now, 0));
	dma_buf_storage_put_table(t->st, t->table);
	t->table = NULL;
	storage_unlock(test);
	storage_unmap(attach, sgt);
	dma_buf_detach(t->dmabuf, attach);
	storage_expect(test, 9);
}

/* What can keep the contents where they are */
struct busy_case {
	const char *name;
	enum dma_buf_refusal why;
	bool dynamic;
	void *(*take)(struct kunit *test, struct dma_buf_attachment *attach);
	void (*give)(struct dma_buf_attachment *attach, void *what);
};

static void *busy_map(struct kunit *test, struct dma_buf_attachment *attach)
{
	return dma_buf_map_attachment(attach, DMA_TO_DEVICE);
}

static void busy_unmap(struct dma_buf_attachment *attach, void *what)
{
	dma_buf_unmap_attachment(attach, what, DMA_TO_DEVICE);
}

static void *busy_get_table(struct kunit *test,
			    struct dma_buf_attachment *attach)
{
	return dma_buf_get_scatterlist(attach);
}

static void busy_put_table(struct dma_buf_attachment *attach, void *what)
{
	dma_buf_put_scatterlist(attach, what);
}

static void *busy_get_pfns(struct kunit *test,
			   struct dma_buf_attachment *attach)
{
	return dma_buf_get_pfns(attach);
}

static void busy_put_pfns(struct dma_buf_attachment *attach, void *what)
{
	dma_buf_put_pfns(attach, what);
}

static void *busy_vmap(struct kunit *test, struct dma_buf_attachment *attach)
{
	struct iosys_map map;
	int ret = dma_buf_vmap(attach->dmabuf, &map);

	return ret ? ERR_PTR(ret) : map.vaddr;
}

static void busy_vunmap(struct dma_buf_attachment *attach, void *what)
{
	struct iosys_map map = IOSYS_MAP_INIT_VADDR(what);

	dma_buf_vunmap(attach->dmabuf, &map);
}

static void *busy_pin(struct kunit *test, struct dma_buf_attachment *attach)
{
	int ret = dma_buf_pin(attach);

	return ret ? ERR_PTR(ret) : attach;
}

static void busy_unpin(struct dma_buf_attachment *attach, void *what)
{
	dma_buf_unpin(attach);
}

static const struct busy_case busy_cases[] = {
	{
		"mapped", DMA_BUF_REFUSED_MAPPED, false,
		busy_map, busy_unmap,
	}, {
		"raw_table", DMA_BUF_REFUSED_RAW, false,
		busy_get_table, busy_put_table,
	}, {
		"raw_pfns", DMA_BUF_REFUSED_RAW, false,
		busy_get_pfns, busy_put_pfns,
	}, {
		"vmapped", DMA_BUF_REFUSED_VMAPPED, true,
		busy_vmap, busy_vunmap,
	}, {
		"pinned", DMA_BUF_REFUSED_PINNED, true,
		busy_pin, busy_unpin,
	},
};

KUNIT_ARRAY_PARAM_DESC(busy, busy_cases, name);

static void test_busy(struct kunit *test)
{
	const struct busy_case *c = test->param_value;
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach, *contig;
	struct sg_table *sgt;
	void *what;

	attach = storage_attach(test, c->dynamic, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	storage_fill(test, 5);
	storage_lock(test);
	what = c->take(test, attach);
	storage_unlock(test);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, what);

	contig = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	KUNIT_EXPECT_PTR_EQ(test, contig, ERR_PTR(-EBUSY));
	KUNIT_EXPECT_EQ(test, t->dmabuf->last_refusal, c->why);
	KUNIT_EXPECT_EQ(test, 0, t->blocks);
	KUNIT_EXPECT_EQ(test, 0, t->moves);

	storage_lock(test);
	c->give(attach, what);
	storage_unlock(test);
	contig = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	sgt = storage_map(test, contig);
	KUNIT_EXPECT_TRUE(test, is_one_range(sgt));
	storage_unmap(contig, sgt);
	dma_buf_detach(t->dmabuf, contig);
	dma_buf_detach(t->dmabuf, attach);
	storage_expect(test, 5);
}

/* What a dynamic importer has not pinned keeps nothing from moving. */
static void test_dynamic_raw_moves(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *dynamic, *contig;
	struct dma_buf_pfns *pfns;
	unsigned long first;
	struct sg_table *sgt;

	dynamic = storage_attach(test, true, 0);
	storage_lock(test);
	pfns = dma_buf_get_pfns(dynamic);
	storage_unlock(test);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pfns);
	first = pfns->pfn[0];

	contig = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	sgt = storage_map(test, contig);
	KUNIT_EXPECT_EQ(test, 1, t->moves);
	KUNIT_EXPECT_EQ(test, first, pfns->pfn[0]);
	KUNIT_EXPECT_EQ(test, TEST_PAGES, storage_pages_in_use(test));
	storage_lock(test);
	dma_buf_put_pfns(dynamic, pfns);
	storage_unlock(test);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	storage_unmap(contig, sgt);
	dma_buf_detach(t->dmabuf, contig);
	dma_buf_detach(t->dmabuf, dynamic);
}

static unsigned long stub_small_area(void)
{
	return TEST_PAGES - 1;
}

/* There can never be that much: neither at first, nor to move to. */
static void test_too_large(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;

	kunit_activate_static_stub(test, dma_buf_generation_max_block,
				   stub_small_area);
	attach = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	KUNIT_EXPECT_PTR_EQ(test, attach, ERR_PTR(-EOPNOTSUPP));
	KUNIT_EXPECT_EQ(test, t->dmabuf->last_refusal,
			DMA_BUF_REFUSED_TOO_LARGE);
	storage_fill(test, 7);
	attach = storage_attach(test, true, DMA_BUF_ATTACH_CONTIG);
	KUNIT_EXPECT_PTR_EQ(test, attach, ERR_PTR(-EOPNOTSUPP));
	KUNIT_EXPECT_EQ(test, 0, t->blocks);
	storage_expect(test, 7);
}

/* No contiguous memory is an error when attaching, and harms nobody else. */
static void test_exhausted(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	t->max_blocks = 0;
	attach = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	KUNIT_EXPECT_PTR_EQ(test, attach, ERR_PTR(-ENOMEM));
	KUNIT_EXPECT_EQ(test, t->dmabuf->last_refusal,
			DMA_BUF_REFUSED_NO_CONTIG);
	KUNIT_EXPECT_FALSE(test, is_allocated(t));

	attach = storage_attach(test, false, 0);
	sgt = storage_map(test, attach);
	KUNIT_EXPECT_FALSE(test, is_one_range(sgt));
	storage_unmap(attach, sgt);
	dma_buf_detach(t->dmabuf, attach);

	attach = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	KUNIT_EXPECT_PTR_EQ(test, attach, ERR_PTR(-ENOMEM));
	KUNIT_EXPECT_FALSE(test, is_contiguous(t));
}

/* No memory at all: an error for whoever wanted to use it, and no warning. */
static void test_no_pages(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach = storage_attach(test, false, 0);
	struct iosys_map map;
	struct sg_table *sgt;

	t->next = TEST_POOL - TEST_PAGES + 1;
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-ENOMEM));
	KUNIT_EXPECT_EQ(test, t->dmabuf->last_refusal,
			DMA_BUF_REFUSED_NO_MEMORY);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	KUNIT_EXPECT_EQ(test, -ENOMEM, dma_buf_vmap_unlocked(t->dmabuf, &map));
	KUNIT_EXPECT_EQ(test, -ENOMEM,
			dma_buf_begin_cpu_access(t->dmabuf,
						 DMA_BIDIRECTIONAL));
	KUNIT_EXPECT_FALSE(test, is_allocated(t));
	dma_buf_detach(t->dmabuf, attach);
}

static int init_result(size_t size, u32 need)
{
	struct dma_buf_storage st;
	int ret = dma_buf_storage_init(&st, size, DMA_BUF_STORAGE_WC, need);

	dma_buf_storage_fini(&st);
	return ret;
}

static void test_sizes(struct kunit *test)
{
	struct storage_test *t = test->priv;
	const u32 contig = DMA_BUF_ATTACH_CONTIG;

	KUNIT_EXPECT_EQ(test, -EINVAL, init_result(0, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL, init_result(0, contig));
	KUNIT_EXPECT_EQ(test, -ENOMEM, init_result(SIZE_MAX, 0));
	KUNIT_EXPECT_EQ(test, -ENOMEM, init_result(SIZE_MAX & PAGE_MASK, 0));
	KUNIT_EXPECT_EQ(test, 0, init_result(1, 0));
	KUNIT_EXPECT_EQ(test, 0, init_result(TEST_SIZE + 1, contig));
	KUNIT_EXPECT_EQ(test, 1, t->blocks);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			init_result(2 * TEST_SIZE + 1, contig));
	t->max_blocks = 1;
	KUNIT_EXPECT_EQ(test, -ENOMEM, init_result(TEST_SIZE, contig));
}

/* Every kind of use is a first use. */
static void test_first_uses(struct kunit *test)
{
	struct storage_test *t = test->priv;

	KUNIT_ASSERT_EQ(test, 0, dma_buf_begin_cpu_access(t->dmabuf,
							  DMA_TO_DEVICE));
	KUNIT_EXPECT_TRUE(test, is_allocated(t));
	KUNIT_EXPECT_EQ(test, TEST_PAGES, storage_pages_in_use(test));
	dma_buf_end_cpu_access(t->dmabuf, DMA_TO_DEVICE);
}

static void test_pin_is_use(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach = storage_attach(test, true, 0);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	storage_lock(test);
	KUNIT_EXPECT_EQ(test, 0, dma_buf_pin(attach));
	KUNIT_EXPECT_TRUE(test, is_allocated(t));
	dma_buf_unpin(attach);
	storage_unlock(test);
	dma_buf_detach(t->dmabuf, attach);
}

/* Tables and PFNs say the same, and belong to who got them. */
static void test_raw(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;
	struct sg_table *a, *b;
	struct dma_buf_pfns *pfns;
	struct sg_page_iter iter;
	unsigned int i = 0;

	attach = storage_attach(test, false, DMA_BUF_ATTACH_PAGES);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	storage_lock(test);
	a = dma_buf_get_scatterlist(attach);
	b = dma_buf_get_scatterlist(attach);
	pfns = dma_buf_get_pfns(attach);
	storage_unlock(test);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, a);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pfns);
	KUNIT_EXPECT_PTR_NE(test, a, b);
	KUNIT_EXPECT_EQ(test, pfns->memory, DMA_BUF_MEMORY_RAM);
	KUNIT_ASSERT_EQ(test, pfns->count, TEST_PAGES);
	for_each_sgtable_page(a, &iter, 0) {
		KUNIT_EXPECT_EQ(test, pfns->pfn[i++],
				page_to_pfn(sg_page_iter_page(&iter)));
	}
	KUNIT_EXPECT_EQ(test, i, TEST_PAGES);
	storage_lock(test);
	dma_buf_put_scatterlist(attach, b);
	dma_buf_put_pfns(attach, pfns);
	dma_buf_put_scatterlist(attach, a);
	storage_unlock(test);
	dma_buf_detach(t->dmabuf, attach);
}

static struct kunit_case storage_cases[] = {
	KUNIT_CASE(test_chosen_at_first_map),
	KUNIT_CASE(test_contig_before_first_map),
	KUNIT_CASE(test_contig_leaves_unused),
	KUNIT_CASE(test_one_of_two_leaves),
	KUNIT_CASE(test_move),
	KUNIT_CASE(test_already_contiguous),
	KUNIT_CASE(test_owner_moves_too),
	KUNIT_CASE_PARAM(test_busy, busy_gen_params),
	KUNIT_CASE(test_dynamic_raw_moves),
	KUNIT_CASE(test_too_large),
	KUNIT_CASE(test_exhausted),
	KUNIT_CASE(test_no_pages),
	KUNIT_CASE(test_sizes),
	KUNIT_CASE(test_first_uses),
	KUNIT_CASE(test_pin_is_use),
	KUNIT_CASE(test_raw),
	{}
};

static struct kunit_suite storage_suite = {
	.name = "dma_buf_storage",
	.init = storage_test_init,
	.exit = storage_test_exit,
	.test_cases = storage_cases,
};

kunit_test_suite(storage_suite);

MODULE_DESCRIPTION("KUnit tests of dma-buf storage");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(DMA_BUF);
MODULE_IMPORT_NS(DMA_BUF_RAW);
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
