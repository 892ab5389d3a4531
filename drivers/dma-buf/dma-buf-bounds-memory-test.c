// SPDX-License-Identifier: GPL-2.0-only
/* How much memory raw access may cost: every allocation is counted. */

#include <kunit/test.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>

#include <trace/events/kmem.h>

#include "dma-buf-bounds-test.h"

/* What one thread has allocated */
static struct account {
	struct task_struct *task;
	size_t bytes;
} account;

static void count(size_t bytes)
{
	if (account.task == current)
		account.bytes += bytes;
}

static void count_kmalloc(void *data, unsigned long call_site, const void *ptr,
			  size_t bytes_req, size_t bytes_alloc, gfp_t gfp,
			  int node)
{
	count(bytes_alloc);
}

static void count_object(void *data, unsigned long call_site, const void *ptr,
			 struct kmem_cache *s, gfp_t gfp, int node)
{
	count(kmem_cache_size(s));
}

/* Compound pages are what kmalloc() takes, and have been counted there. */
static void count_pages(void *data, struct page *page, unsigned int order,
			gfp_t gfp, int migratetype)
{
	if (!(gfp & __GFP_COMP))
		count(PAGE_SIZE << order);
}

static struct tracepoint *page_tracepoint;

static void look_at_tracepoint(struct tracepoint *tp, void *data)
{
	if (!strcmp(tp->name, "mm_page_alloc"))
		page_tracepoint = tp;
}

static int account_suite_init(struct kunit_suite *suite)
{
	int ret;

	for_each_kernel_tracepoint(look_at_tracepoint, NULL);
	if (!page_tracepoint)
		return -ENOENT;
	ret = tracepoint_probe_register(page_tracepoint, count_pages, NULL);
	if (ret)
		return ret;
	ret = register_trace_kmalloc(count_kmalloc, NULL);
	if (ret)
		goto err_pages;
	ret = register_trace_kmem_cache_alloc(count_object, NULL);
	if (ret)
		goto err_kmalloc;
	return 0;

err_kmalloc:
	unregister_trace_kmalloc(count_kmalloc, NULL);
err_pages:
	tracepoint_probe_unregister(page_tracepoint, count_pages, NULL);
	return ret;
}

static void account_suite_exit(struct kunit_suite *suite)
{
	unregister_trace_kmem_cache_alloc(count_object, NULL);
	unregister_trace_kmalloc(count_kmalloc, NULL);
	tracepoint_probe_unregister(page_tracepoint, count_pages, NULL);
	tracepoint_synchronize_unregister();
}

static void account_begin(void)
{
	account.bytes = 0;
	WRITE_ONCE(account.task, current);
}

static size_t account_end(void)
{
	WRITE_ONCE(account.task, NULL);
	return account.bytes;
}

/* What the probes see is what was allocated. */
static void test_account(struct kunit *test)
{
	struct page *page;
	void *small, *large;

	account_begin();
	small = kmalloc(100, GFP_KERNEL);
	large = kmalloc(3 * PAGE_SIZE, GFP_KERNEL);
	page = alloc_pages(GFP_KERNEL, 1);
	KUNIT_EXPECT_EQ(test, account_end(),
			ksize(small) + ksize(large) + 2 * PAGE_SIZE);
	if (page)
		__free_pages(page, 1);
	kfree(large);
	kfree(small);
}

/* Pages of vmalloc() come in bulk, which no tracepoint tells. */
static size_t vmalloc_bytes(const void *p)
{
	size_t bytes = 0;

	if (!is_vmalloc_addr(p))
		return 0;
	/* Behind the last one is a guard page, which is none. */
	while (vmalloc_to_page(p + bytes))
		bytes += PAGE_SIZE;
	return bytes;
}

/* What an importer has after it has got and mapped the raw table */
static size_t table_bytes(struct kunit *test, struct dma_buf_attachment *one)
{
	struct bounds_test *t = test->priv;
	struct sg_table *sgt;
	size_t bytes;

	dma_resv_lock(t->dmabuf->resv, NULL);
	account_begin();
	sgt = dma_buf_get_scatterlist(one);
	if (!IS_ERR(sgt)) {
		KUNIT_EXPECT_EQ(test, 0, dma_buf_map_raw(one, sgt,
							 DMA_TO_DEVICE));
		bytes = account_end();
		dma_buf_unmap_raw(one, sgt, DMA_TO_DEVICE);
		dma_buf_put_scatterlist(one, sgt);
	} else {
		bytes = account_end();
	}
	dma_resv_unlock(t->dmabuf->resv);
	KUNIT_EXPECT_FALSE(test, IS_ERR(sgt));
	return bytes;
}

/* The same by the core: what an importer that maps as ever makes it allocate */
static size_t mapping_bytes(struct kunit *test, struct dma_buf_attachment *one)
{
	struct sg_table *sgt;
	size_t bytes;

	account_begin();
	sgt = dma_buf_map_attachment_unlocked(one, DMA_TO_DEVICE);
	bytes = account_end();
	KUNIT_EXPECT_FALSE(test, IS_ERR(sgt));
	if (!IS_ERR(sgt))
		dma_buf_unmap_attachment_unlocked(one, sgt, DMA_TO_DEVICE);
	return bytes;
}

static size_t pfns_bytes(struct kunit *test, struct dma_buf_attachment *one)
{
	struct bounds_test *t = test->priv;
	struct dma_buf_pfns *pfns;
	size_t bytes;

	dma_resv_lock(t->dmabuf->resv, NULL);
	account_begin();
	pfns = dma_buf_get_pfns(one);
	bytes = account_end();
	if (!IS_ERR(pfns)) {
		bytes += vmalloc_bytes(pfns);
		dma_buf_put_pfns(one, pfns);
	}
	dma_resv_unlock(t->dmabuf->resv);
	KUNIT_EXPECT_FALSE(test, IS_ERR(pfns));
	return bytes;
}

static size_t bytes_of_size(struct kunit *test, unsigned long n_pages, u32 need,
			    size_t (*measure)(struct kunit *test,
					      struct dma_buf_attachment *one))
{
	struct bounds_test *t = test->priv;
	struct dma_buf_attachment *one;
	size_t bytes;

	bounds_make_buffer(test, n_pages, need);
	one = bounds_attach(test, 0);
	bytes = measure(test, one);
	dma_buf_detach(t->dmabuf, one);
	bounds_free_buffer(test);
	KUNIT_EXPECT_GT(test, bytes, 0);
	return bytes;
}

/* A contiguous buffer costs the same memory whatever its size. */
static void test_contiguous_memory(struct kunit *test)
{
	struct bounds_test *t = test->priv;
	u32 need = DMA_BUF_ATTACH_CONTIG;
	size_t small;

	dma_set_max_seg_size(t->dev, UINT_MAX);
	small = bytes_of_size(test, SMALL_PAGES, need, table_bytes);
	bounds_tell(test, "bytes for a raw table of contiguous 8 MiB, against 64 KiB",
		    bytes_of_size(test, LARGE_PAGES, need, table_bytes), small);
	small = bytes_of_size(test, SMALL_PAGES, need, mapping_bytes);
	bounds_tell(test, "bytes for the core's mapping of contiguous 8 MiB, against 64 KiB",
		    bytes_of_size(test, LARGE_PAGES, need, mapping_bytes), small);
}

/* A device that takes only so much at once gets an entry for each of these. */
static void test_contiguous_memory_in_segments(struct kunit *test)
{
	struct bounds_test *t = test->priv;
	u32 need = DMA_BUF_ATTACH_CONTIG;
	size_t small;

	dma_set_max_seg_size(t->dev, SZ_64K);
	small = bytes_of_size(test, SMALL_PAGES, need, table_bytes);
	bounds_tell(test, "bytes for that table in segments of 64 KiB",
		    bytes_of_size(test, LARGE_PAGES, need, table_bytes),
		    small + roundup_pow_of_two(SZ_8M / SZ_64K *
					       sizeof(struct scatterlist)));
}

/* Rounding to a page, the header, and what keeps account of the array */
#define PFNS_CONSTANT	(PAGE_SIZE + 512)

static void test_pfns_memory(struct kunit *test)
{
	static const unsigned long sizes[] = { 1, 300, 1000, 1100, LARGE_PAGES };
	unsigned int i;
	char name[64];

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		snprintf(name, sizeof(name), "bytes for the PFNs of %lu pages",
			 sizes[i]);
		bounds_tell(test, name, bytes_of_size(test, sizes[i], 0, pfns_bytes),
			    sizes[i] * sizeof(unsigned long) + PFNS_CONSTANT);
	}
}

static struct kunit_case memory_cases[] = {
	KUNIT_CASE(test_account),
	KUNIT_CASE(test_contiguous_memory),
	KUNIT_CASE(test_contiguous_memory_in_segments),
	KUNIT_CASE(test_pfns_memory),
	{}
};

static struct kunit_suite memory_suite = {
	.name = "dma_buf_bounds_memory",
	.suite_init = account_suite_init,
	.suite_exit = account_suite_exit,
	.init = bounds_init,
	.exit = bounds_exit,
	.test_cases = memory_cases,
};

kunit_test_suite(memory_suite);
