// SPDX-License-Identifier: GPL-2.0-only
/*
 * What importers get of the exporters in the kernel's helpers: KUnit tests that
 * run once for each of them.
 */

#include <kunit/test.h>
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/scatterlist.h>
#include <linux/vmalloc.h>

#include "dma-buf-exporters-test.h"
#include "dma-buf-test-hooks.h"

#define TEST_PAGES	8

static enum test_exporter_id test_id(struct kunit *test)
{
	const struct test_exporter *exporter = test->param_value;

	return exporter - test_exporters;
}

static struct dma_buf_attachment *test_attach(struct kunit *test,
					      struct dma_buf *dmabuf, u32 flags)
{
	struct dma_buf_attachment *attach;

	attach = dma_buf_attach_flags(dmabuf, test_device(test), flags);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);

	return attach;
}

static struct sg_table *test_map(struct kunit *test,
				 struct dma_buf_attachment *attach)
{
	struct sg_table *sgt;

	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);

	return sgt;
}

static void test_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt)
{
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	dma_buf_detach(attach->dmabuf, attach);
}

static void expect_range(struct kunit *test, struct sg_table *sgt, size_t size)
{
	dma_addr_t next = sg_dma_address(sgt->sgl);
	struct scatterlist *sg;
	size_t total = 0;
	int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		KUNIT_EXPECT_EQ(test, sg_dma_address(sg), next);
		next += sg_dma_len(sg);
		total += sg_dma_len(sg);
	}
	KUNIT_EXPECT_EQ(test, total, size);
}

static void accept_contiguous(struct kunit *test, unsigned int pages)
{
	struct dma_buf *dmabuf = test_buffer(test, test_id(test),
					     test_device(test), pages);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = test_attach(test, dmabuf, DMA_BUF_ATTACH_CONTIG);
	sgt = test_map(test, attach);
	expect_range(test, sgt, pages << PAGE_SHIFT);
	test_unmap(attach, sgt);
	KUNIT_EXPECT_EQ(test, dmabuf->last_refusal, DMA_BUF_REFUSED_NOT);
}

/* Whoever has contiguous memory serves those who need it. */
static void contiguous_accepted(struct kunit *test)
{
	accept_contiguous(test, 1);
	if (test_exporters[test_id(test)].contiguous)
		accept_contiguous(test, TEST_PAGES);
}

/* And who has not says so at attach time, to them and to nobody else. */
static void scattered_refused(struct kunit *test)
{
	struct dma_buf *dmabuf = test_scattered(test, test_id(test),
						test_device(test));
	unsigned int others = dmabuf->nr_attachments;
	struct dma_buf_attachment *attach;

	attach = dma_buf_attach_flags(dmabuf, test_device(test),
				      DMA_BUF_ATTACH_CONTIG);
	KUNIT_EXPECT_PTR_EQ(test, attach, ERR_PTR(-EOPNOTSUPP));
	KUNIT_EXPECT_EQ(test, dmabuf->last_refusal, DMA_BUF_REFUSED_SCATTERED);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, others);

	attach = test_attach(test, dmabuf, 0);
	test_unmap(attach, test_map(test, attach));
}

static struct page *test_cpu_page(void *addr)
{
	return is_vmalloc_addr(addr) ? vmalloc_to_page(addr) :
				       virt_to_page(addr);
}

/* The pages of a table are those the CPU sees. */
static void expect_pages(struct kunit *test, struct dma_buf *dmabuf,
			 struct sg_table *sgt)
{
	struct page *page, *last = NULL;
	struct sg_page_iter iter;
	struct iosys_map map;
	unsigned int n = 0;

	KUNIT_ASSERT_EQ(test, dma_buf_vmap_unlocked(dmabuf, &map), 0);
	for_each_sgtable_page(sgt, &iter, 0) {
		page = sg_page_iter_page(&iter);
		KUNIT_EXPECT_PTR_EQ(test, page,
				    test_cpu_page(map.vaddr + n * PAGE_SIZE));
		KUNIT_EXPECT_PTR_NE(test, page, last);
		last = page;
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, dmabuf->size >> PAGE_SHIFT);
	dma_buf_vunmap_unlocked(dmabuf, &map);
}

static void raw_table_has_pages(struct kunit *test)
{
	struct dma_buf *dmabuf = test_buffer(test, test_id(test),
					     test_device(test), TEST_PAGES);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt, *again;

	attach = test_attach(test, dmabuf, DMA_BUF_ATTACH_PAGES);
	sgt = dma_buf_get_scatterlist_unlocked(attach);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	again = dma_buf_get_scatterlist_unlocked(attach);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, again);
	KUNIT_EXPECT_PTR_NE(test, sgt->sgl, again->sgl);

	expect_pages(test, dmabuf, sgt);
	expect_pages(test, dmabuf, again);

	dma_buf_put_scatterlist_unlocked(attach, again);
	dma_buf_put_scatterlist_unlocked(attach, sgt);
	dma_buf_detach(dmabuf, attach);
}

static void expect_same(struct kunit *test, struct sg_table *sgt,
			struct dma_buf_pfns *pfns)
{
	struct sg_page_iter iter;
	unsigned int n = 0;

	KUNIT_EXPECT_EQ(test, pfns->memory, DMA_BUF_MEMORY_RAM);
	for_each_sgtable_page(sgt, &iter, 0) {
		KUNIT_ASSERT_LT(test, n, pfns->count);
		KUNIT_EXPECT_EQ(test, pfns->pfn[n++],
				page_to_pfn(sg_page_iter_page(&iter)));
	}
	KUNIT_EXPECT_EQ(test, n, pfns->count);
}

static void pfns_are_those_of_the_pages(struct kunit *test)
{
	struct dma_buf *dmabuf = test_buffer(test, test_id(test),
					     test_device(test), TEST_PAGES);
	struct dma_buf_attachment *attach = test_attach(test, dmabuf, 0);
	struct dma_buf_pfns *pfns;
	struct sg_table *sgt;

	KUNIT_EXPECT_EQ(test, attach->raw_ops,
			DMA_BUF_RAW_SCATTERLIST | DMA_BUF_RAW_PFNS);

	dma_resv_lock(dmabuf->resv, NULL);
	sgt = dma_buf_get_scatterlist(attach);
	pfns = dma_buf_get_pfns(attach);
	if (!IS_ERR(sgt) && !IS_ERR(pfns))
		expect_same(test, sgt, pfns);
	if (!IS_ERR(pfns))
		dma_buf_put_pfns(attach, pfns);
	if (!IS_ERR(sgt))
		dma_buf_put_scatterlist(attach, sgt);
	dma_resv_unlock(dmabuf->resv);

	KUNIT_EXPECT_FALSE(test, IS_ERR(sgt));
	KUNIT_EXPECT_FALSE(test, IS_ERR(pfns));
	dma_buf_detach(dmabuf, attach);
}

/* Mappings of the core are known to it, and keep the limits of the device. */
static void core_maps(struct kunit *test)
{
	bool core_maps = test_exporters[test_id(test)].core_maps;
	struct dma_buf *dmabuf = test_buffer(test, test_id(test),
					     test_device(test), TEST_PAGES);
	struct dma_buf_attachment *attach = test_attach(test, dmabuf, 0);
	struct scatterlist *sg;
	struct sg_table *sgt;
	int i;

	/* Exporters that map by themselves break limits: DMA_API_DEBUG says so. */
	if (core_maps)
		dma_set_max_seg_size(attach->dev, PAGE_SIZE);
	sgt = test_map(test, attach);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_mappings, core_maps);
	if (core_maps) {
		for_each_sgtable_dma_sg(sgt, sg, i)
			KUNIT_EXPECT_LE(test, sg_dma_len(sg), PAGE_SIZE);
	}

	KUNIT_EXPECT_EQ(test, 0, dma_buf_begin_cpu_access(dmabuf,
							  DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, 0, dma_buf_end_cpu_access(dmabuf,
							DMA_TO_DEVICE));
	test_unmap(attach, sgt);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_mappings, 0);
}

static void snapshot_of(struct kunit *test, struct dma_buf *dmabuf,
			bool contiguous)
{
	struct dma_buf_snapshot snap = {};

	dmabuf->ops->snapshot(dmabuf, &snap);
	KUNIT_EXPECT_TRUE(test, snap.allocated);
	KUNIT_EXPECT_TRUE(test, snap.has_pages);
	KUNIT_EXPECT_EQ(test, snap.contiguous, contiguous);
}

static void snapshots(struct kunit *test)
{
	struct dma_buf *dmabuf = test_buffer(test, test_id(test),
					     test_device(test), 1);
	struct dma_buf_attachment *attach = test_attach(test, dmabuf, 0);

	snapshot_of(test, dmabuf, true);
	dma_buf_detach(dmabuf, attach);

	if (!test_exporters[test_id(test)].contiguous) {
		dmabuf = test_scattered(test, test_id(test), test_device(test));
		snapshot_of(test, dmabuf, false);
	}
}

/* On-chip memory: PFNs that are no RAM, mapped as they are, and no table. */
static void memory_without_pages(struct kunit *test)
{
	struct dma_buf *dmabuf = dma_heap_test_alloc("ocram", 2 * PAGE_SIZE);
	struct dma_buf_attachment *attach;
	struct dma_buf_pfns *pfns;
	struct sg_table *sgt;

	if (dmabuf == ERR_PTR(-ENOENT))
		kunit_skip(test, "no on-chip memory");
	test_keep(test, dmabuf);

	attach = dma_buf_attach_flags(dmabuf, test_device(test),
				      DMA_BUF_ATTACH_PAGES);
	KUNIT_EXPECT_PTR_EQ(test, attach, ERR_PTR(-EOPNOTSUPP));
	KUNIT_EXPECT_EQ(test, dmabuf->last_refusal, DMA_BUF_REFUSED_NO_PAGES);

	attach = test_attach(test, dmabuf, DMA_BUF_ATTACH_CONTIG);
	KUNIT_EXPECT_EQ(test, attach->raw_ops, DMA_BUF_RAW_PFNS);
	KUNIT_EXPECT_PTR_EQ(test, dma_buf_get_scatterlist_unlocked(attach),
			    ERR_PTR(-EINVAL));
	sgt = test_map(test, attach);
	expect_range(test, sgt, dmabuf->size);

	dma_resv_lock(dmabuf->resv, NULL);
	pfns = dma_buf_get_pfns(attach);
	if (!IS_ERR(pfns)) {
		KUNIT_EXPECT_EQ(test, pfns->memory, DMA_BUF_MEMORY_MMIO);
		KUNIT_EXPECT_EQ(test, pfns->count, 2);
		KUNIT_EXPECT_EQ(test, pfns->pfn[1], pfns->pfn[0] + 1);
		KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl),
				PFN_PHYS(pfns->pfn[0]));
		dma_buf_put_pfns(attach, pfns);
	}
	dma_resv_unlock(dmabuf->resv);
	KUNIT_EXPECT_FALSE(test, IS_ERR(pfns));
	test_unmap(attach, sgt);
}

#ifdef CONFIG_DMA_DECLARE_COHERENT
static void forget_pool(void *data)
{
	struct device *dev = data;

	dev->dma_mem = NULL;
}

/* All that is looked at is whether the device has a pool. */
static void pool_has_no_pages(struct kunit *test)
{
	struct device *dev = test_device(test);
	struct dma_buf_attachment *attach;
	struct dma_buf *dmabuf;

	if (test_id(test) != TEST_GEM_DMA && test_id(test) != TEST_VB2_CONTIG)
		kunit_skip(test, "no coherent memory");

	dmabuf = test_buffer(test, test_id(test), dev, 1);
	dev->dma_mem = kunit_kzalloc(test, 1, GFP_KERNEL);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, forget_pool,
							   dev));

	attach = dma_buf_attach_flags(dmabuf, test_device(test),
				      DMA_BUF_ATTACH_PAGES);
	KUNIT_EXPECT_PTR_EQ(test, attach, ERR_PTR(-EOPNOTSUPP));
	KUNIT_EXPECT_EQ(test, dmabuf->last_refusal, DMA_BUF_REFUSED_NO_PAGES);

	attach = test_attach(test, dmabuf, 0);
	KUNIT_EXPECT_EQ(test, attach->raw_ops, 0);
	test_unmap(attach, test_map(test, attach));
}
#endif

static void exporter_desc(const struct test_exporter *exporter, char *desc)
{
	strscpy(desc, exporter->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(exporter, test_exporters, exporter_desc);

static struct kunit_case dma_buf_exporters_cases[] = {
	KUNIT_CASE_PARAM(contiguous_accepted, exporter_gen_params),
	KUNIT_CASE_PARAM(scattered_refused, exporter_gen_params),
	KUNIT_CASE_PARAM(raw_table_has_pages, exporter_gen_params),
	KUNIT_CASE_PARAM(pfns_are_those_of_the_pages, exporter_gen_params),
	KUNIT_CASE_PARAM(core_maps, exporter_gen_params),
	KUNIT_CASE_PARAM(snapshots, exporter_gen_params),
	KUNIT_CASE(memory_without_pages),
#ifdef CONFIG_DMA_DECLARE_COHERENT
	KUNIT_CASE_PARAM(pool_has_no_pages, exporter_gen_params),
#endif
	{}
};

static struct kunit_suite dma_buf_exporters_suite = {
	.name = "dma_buf_exporters",
	.test_cases = dma_buf_exporters_cases,
};

kunit_test_suite(dma_buf_exporters_suite);
