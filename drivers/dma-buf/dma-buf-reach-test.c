// SPDX-License-Identifier: GPL-2.0-only
/* Memory above 4 GiB, and devices with 32 address lines: KUnit tests */

#include <kunit/test.h>
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "dma-buf-mock.h"

#define CONTIG	DMA_BUF_ATTACH_CONTIG

#define FOUR_GIB_PFN	PHYS_PFN(SZ_4G)

/* Blocks to try until one is high enough: 2 GiB of them. */
#define TRIES		((unsigned int)(SZ_2G >> (PAGE_SHIFT + MAX_PAGE_ORDER)))

static void free_high(void *data)
{
	__free_pages(data, MAX_PAGE_ORDER);
}

/* What comes first may be lower: it is kept until something else comes. */
static struct page *take_high(void)
{
	struct page *page, *next, *high = NULL;
	unsigned int i;
	LIST_HEAD(low);

	for (i = 0; i < TRIES && !high; i++) {
		page = alloc_pages(GFP_HIGHUSER | __GFP_NOWARN | __GFP_NORETRY,
				   MAX_PAGE_ORDER);
		if (!page)
			break;
		if (page_to_pfn(page) >= FOUR_GIB_PFN)
			high = page;
		else
			list_add(&page->lru, &low);
	}
	list_for_each_entry_safe(page, next, &low, lru) {
		list_del(&page->lru);
		__free_pages(page, MAX_PAGE_ORDER);
	}

	return high;
}

/* A buffer of pages that 32 bits do not reach. */
static struct mock_buffer *high_buffer(struct kunit *test, enum mock_layout layout)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_PFNS, layout);
	struct page *high = take_high();
	int i;

	if (!high)
		kunit_skip(test, "no memory above 4 GiB");
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, free_high, high));
	for (i = 0; i < MOCK_PAGES; i++)
		buf->pages[i] = high + (buf->pages[i] - buf->block);

	return buf;
}

static struct device *device_of_bits(struct kunit *test, unsigned int bits)
{
	struct device *dev = mock_device_create(test, UINT_MAX);

	KUNIT_ASSERT_EQ(test, 0, dma_coerce_mask_and_coherent(dev, DMA_BIT_MASK(bits)));

	return dev;
}

/* What the CPU sees: page i is full of @seed + i. */
static void cpu_writes(struct mock_buffer *buf, u8 seed)
{
	int i;

	for (i = 0; i < MOCK_PAGES; i++) {
		u8 *p = kmap_local_page(buf->pages[i]);

		memset(p, seed + i, PAGE_SIZE);
		kunmap_local(p);
	}
}

static bool cpu_reads(struct mock_buffer *buf, u8 seed)
{
	bool same = true;
	int i;

	for (i = 0; i < MOCK_PAGES; i++) {
		u8 *p = kmap_local_page(buf->pages[i]);

		same &= !memchr_inv(p, seed + i, PAGE_SIZE);
		kunmap_local(p);
	}

	return same;
}

/* What the device sees, at addresses that it can say. */
static u8 *device_page(struct device *dev, struct sg_table *sgt, int page)
{
	size_t at = page * PAGE_SIZE;
	struct scatterlist *sg;
	int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (at < sg_dma_len(sg))
			return phys_to_virt(dma_to_phys(dev, sg_dma_address(sg) + at));
		at -= sg_dma_len(sg);
	}

	return NULL;
}

static void device_writes(struct device *dev, struct sg_table *sgt, u8 seed)
{
	int i;

	for (i = 0; i < MOCK_PAGES; i++)
		memset(device_page(dev, sgt, i), seed + i, PAGE_SIZE);
}

static bool device_reads(struct device *dev, struct sg_table *sgt, u8 seed)
{
	bool same = true;
	int i;

	for (i = 0; i < MOCK_PAGES; i++)
		same &= !memchr_inv(device_page(dev, sgt, i), seed + i, PAGE_SIZE);

	return same;
}

/* Numbers and addresses are whole, however the memory is asked for. */
static void high_addresses(struct kunit *test)
{
	struct mock_buffer *buf = high_buffer(test, MOCK_CONTIGUOUS);
	struct device *dev = device_of_bits(test, 40);
	struct dma_buf_attachment *attach = mock_attach(test, buf, dev, CONTIG);
	phys_addr_t phys = page_to_phys(buf->pages[0]);
	struct sg_table *sgt, *mapped;
	struct dma_buf_pfns *pfns;

	KUNIT_EXPECT_GE(test, phys, (phys_addr_t)SZ_4G);
	sgt = mock_get_table(test, attach);
	KUNIT_EXPECT_EQ(test, sg_phys(sgt->sgl), phys);
	pfns = mock_get_pfns(test, attach);
	KUNIT_EXPECT_EQ(test, PFN_PHYS(pfns->pfn[0]), phys);

	mock_lock(buf);
	KUNIT_EXPECT_EQ(test, 0, dma_buf_map_raw(attach, sgt, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl), phys);
	dma_buf_unmap_raw(attach, sgt, DMA_TO_DEVICE);
	mapped = dma_buf_map_pfns(attach, pfns, DMA_TO_DEVICE);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, mapped);
	if (!IS_ERR_OR_NULL(mapped)) {
		KUNIT_EXPECT_EQ(test, sg_dma_address(mapped->sgl), phys);
		dma_buf_unmap_pfns(attach, mapped, DMA_TO_DEVICE);
	}
	dma_buf_put_pfns(attach, pfns);
	dma_buf_put_scatterlist(attach, sgt);
	mock_unlock(buf);
	mock_detach(attach);
}

/* A device that cannot reach it has a copy, which is kept up to date. */
static void bounced(struct kunit *test)
{
	struct mock_buffer *buf = high_buffer(test, MOCK_SCATTERED);
	struct device *dev = device_of_bits(test, 32);
	struct dma_buf_attachment *attach = mock_attach(test, buf, dev, 0);
	struct sg_table *sgt;

	cpu_writes(buf, 1);
	sgt = mock_map(test, attach, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_LT(test, sg_dma_address(sgt->sgl), (dma_addr_t)SZ_4G);
	KUNIT_EXPECT_TRUE(test, dma_buf_sgt_is_bounced(dev, sgt));
	KUNIT_EXPECT_TRUE(test, device_reads(dev, sgt, 1));

	device_writes(dev, sgt, 11);
	KUNIT_EXPECT_EQ(test, 0, dma_buf_begin_cpu_access(buf->dmabuf, DMA_BIDIRECTIONAL));
	KUNIT_EXPECT_TRUE(test, cpu_reads(buf, 11));
	cpu_writes(buf, 21);
	KUNIT_EXPECT_EQ(test, 0, dma_buf_end_cpu_access(buf->dmabuf, DMA_BIDIRECTIONAL));
	KUNIT_EXPECT_TRUE(test, device_reads(dev, sgt, 21));

	device_writes(dev, sgt, 31);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_TRUE(test, cpu_reads(buf, 31));
	mock_detach(attach);
}

/* Who needs contiguous memory must not get a copy, and is told why. */
static void bounced_is_not_contiguous(struct kunit *test)
{
	struct mock_buffer *buf = high_buffer(test, MOCK_CONTIGUOUS);
	struct dma_buf_attachment *attach;
	struct dma_buf_pfns *pfns;

	attach = mock_attach(test, buf, device_of_bits(test, 32), CONTIG);
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EOPNOTSUPP),
			    dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, DMA_BUF_REFUSED_BOUNCED);

	pfns = mock_get_pfns(test, attach);
	mock_lock(buf);
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EOPNOTSUPP),
			    dma_buf_map_pfns(attach, pfns, DMA_TO_DEVICE));
	dma_buf_put_pfns(attach, pfns);
	mock_unlock(buf);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 0);
	mock_detach(attach);
}

/* What is no memory cannot be copied: in reach, or refused. */
static void mmio_out_of_reach(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_PFNS, MOCK_CONTIGUOUS);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	buf->mmio = mock_no_memory(test) + 8 * FOUR_GIB_PFN;
	if (pfn_valid(buf->mmio))
		kunit_skip(test, "there is memory");
	attach = mock_attach(test, buf, device_of_bits(test, 32), 0);
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EIO),
			    dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE));
	mock_detach(attach);

	attach = mock_attach(test, buf, device_of_bits(test, 40), 0);
	sgt = mock_map(test, attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl), PFN_PHYS(buf->mmio + 1));
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	mock_detach(attach);
}

/* No segment crosses what a device may not cross, and two are still a range. */
static void across_four_gib(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT, MOCK_CONTIGUOUS);
	unsigned long pfn = FOUR_GIB_PFN - 1;
	struct dma_buf_attachment *attach;
	struct device *dev;
	struct sg_table *sgt;
	int i;

	for (i = 0; i < MOCK_PAGES; i++) {
		if (!pfn_valid(pfn + i))
			kunit_skip(test, "no memory across 4 GiB");
		/* Somebody else's: nobody looks into it, or writes to it. */
		buf->pages[i] = pfn_to_page(pfn + i);
	}
	dev = device_of_bits(test, 40);
	attach = mock_attach(test, buf, dev, CONTIG);
	sgt = mock_map(test, attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, sgt->nents, 2);
	KUNIT_EXPECT_EQ(test, sg_dma_len(sgt->sgl), PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, sg_dma_address(sg_next(sgt->sgl)), (dma_addr_t)SZ_4G);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	mock_detach(attach);
}

static struct kunit_case dma_buf_reach_cases[] = {
	KUNIT_CASE(high_addresses),
	KUNIT_CASE(bounced),
	KUNIT_CASE(bounced_is_not_contiguous),
	KUNIT_CASE(mmio_out_of_reach),
	KUNIT_CASE(across_four_gib),
	{}
};

static struct kunit_suite dma_buf_reach_suite = {
	.name = "dma_buf_reach",
	.test_cases = dma_buf_reach_cases,
};

kunit_test_suite(dma_buf_reach_suite);
