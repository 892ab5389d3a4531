// SPDX-License-Identifier: GPL-2.0-only
/* References to the memory of a buffer: KUnit tests of the dma-buf core */

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>

#include "dma-buf-mock.h"

#define CONTIG	DMA_BUF_ATTACH_CONTIG
#define PAGES	DMA_BUF_ATTACH_PAGES

/* References to tables */

static void sgt_get_and_put(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT, MOCK_SCATTERED);
	struct dma_buf_attachment *attach;
	struct sg_table *first, *second;
	struct scatterlist *sg;
	int i;

	attach = mock_attach(test, buf, NULL, PAGES);
	first = mock_get_table(test, attach);
	second = mock_get_table(test, attach);
	KUNIT_EXPECT_PTR_NE(test, first, second);

	/* Page links are real, whatever DMABUF_DEBUG does to mapped tables. */
	KUNIT_EXPECT_EQ(test, first->orig_nents, MOCK_PAGES);
	for_each_sgtable_sg(first, sg, i)
		KUNIT_EXPECT_PTR_EQ(test, sg_page(sg), buf->pages[i]);

	dma_buf_put_scatterlist_unlocked(attach, first);
	KUNIT_EXPECT_EQ(test, buf->gets, 1);
	dma_buf_put_scatterlist_unlocked(attach, second);
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	mock_expect_log(test, buf, "aggGG");
	mock_detach(attach);
}

static void expect_no_sgt(struct kunit *test, struct mock_buffer *buf, u32 flags,
			  int err)
{
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = mock_attach(test, buf, NULL, flags);
	sgt = dma_buf_get_scatterlist_unlocked(attach);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(err));
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	KUNIT_EXPECT_TRUE(test, hlist_empty(&attach->raw));
	mock_detach(attach);
}

static void spoil_short(struct sg_table *sgt)
{
	sgt->sgl->length -= PAGE_SIZE;
}

static void spoil_long(struct sg_table *sgt)
{
	sgt->sgl->length += PAGE_SIZE;
}

static void spoil_offset(struct sg_table *sgt)
{
	sgt->sgl->offset = 16;
}

static void spoil_page(struct sg_table *sgt)
{
	sg_assign_page(sgt->sgl, NULL);
}

/* More entries than there are, and they say that they are all there. */
static void spoil_end(struct sg_table *sgt)
{
	sgt->orig_nents++;
}

static void sgt_errors(struct kunit *test)
{
	static void (* const spoil[])(struct sg_table *sgt) = {
		spoil_short, spoil_long, spoil_offset, spoil_page, spoil_end,
	};
	struct mock_buffer *buf;
	unsigned int i;

	buf = mock_buffer_create(test, MOCK_MAP | MOCK_PFNS, MOCK_CONTIGUOUS);
	expect_no_sgt(test, buf, 0, -EINVAL);

	buf = mock_buffer_create(test, MOCK_SGT | MOCK_PIN, MOCK_CONTIGUOUS);
	buf->drop_raw_ops = DMA_BUF_RAW_SCATTERLIST;
	expect_no_sgt(test, buf, 0, -EINVAL);
	buf->drop_raw_ops = 0;
	buf->get_ret = ERR_PTR(-EINVAL);
	expect_no_sgt(test, buf, PAGES, -EINVAL);
	buf->get_ret = ERR_PTR(-EINTR);
	expect_no_sgt(test, buf, PAGES, -EINTR);
	buf->get_ret = NULL;
	buf->null = true;
	expect_no_sgt(test, buf, PAGES, -ENOMEM);
	buf->null = false;
	buf->pin_ret = -ENOMEM;
	expect_no_sgt(test, buf, PAGES, -ENOMEM);
	buf->pin_ret = 0;

	mock_expect_complaints(test);
	for (i = 0; i < ARRAY_SIZE(spoil); i++) {
		buf->spoil_sgt = spoil[i];
		expect_no_sgt(test, buf, PAGES, -EINVAL);
		KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_BAD_TABLE), i + 1);
	}
}

static void sgt_of_one_range(struct kunit *test)
{
	struct mock_buffer *buf;

	mock_expect_complaints(test);
	buf = mock_buffer_create(test, MOCK_SGT | MOCK_PFNS, MOCK_SCATTERED);
	expect_no_sgt(test, buf, CONTIG | PAGES, -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, DMA_BUF_REFUSED_SCATTERED);
	/* That is nobody's fault. */
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_BAD_TABLE), 0);
}

static void sgt_pins_like_a_mapping(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_PIN,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = mock_attach(test, buf, dev, PAGES);
	sgt = mock_get_table(test, attach);
	KUNIT_EXPECT_EQ(test, buf->pins, 1);
	dma_buf_put_scatterlist_unlocked(attach, sgt);
	mock_detach(attach);
	mock_expect_log(test, buf, "apgGud");

	if (!IS_ENABLED(CONFIG_DMABUF_MOVE_NOTIFY))
		return;
	attach = mock_attach_dynamic(test, buf, dev, PAGES);
	sgt = mock_get_table(test, attach);
	dma_buf_put_scatterlist_unlocked(attach, sgt);
	mock_detach(attach);
	mock_expect_log(test, buf, "agGd");
}

/* A dynamic importer lets go of table and mapping from within the notifier. */
static void sgt_moves(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_PIN,
						     MOCK_CONTIGUOUS);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = mock_attach_dynamic(test, buf, NULL, PAGES);
	attach->importer_priv = &sgt;
	sgt = mock_get_table(test, attach);
	mock_lock(buf);
	KUNIT_EXPECT_EQ(test, dma_buf_map_raw(attach, sgt, DMA_BIDIRECTIONAL), 0);
	dma_buf_move_notify(buf->dmabuf);
	mock_unlock(buf);
	KUNIT_EXPECT_EQ(test, mock_moves(), 1);
	KUNIT_EXPECT_NULL(test, sgt);
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 0);
	mock_detach(attach);
}

static void put_is_checked(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_PFNS,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *attach, *other;
	struct sg_table *sgt;

	mock_expect_complaints(test);
	attach = mock_attach(test, buf, dev, PAGES);
	other = mock_attach(test, buf, dev, PAGES);
	sgt = mock_get_table(test, attach);
	mock_lock(buf);
	dma_buf_put_scatterlist(other, sgt);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_FOREIGN), 1);
	KUNIT_EXPECT_EQ(test, buf->gets, 1);

	KUNIT_EXPECT_EQ(test, dma_buf_map_raw(other, sgt, DMA_TO_DEVICE), -EINVAL);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_FOREIGN), 2);
	dma_buf_unmap_raw(attach, sgt, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_FOREIGN), 3);

	KUNIT_EXPECT_EQ(test, dma_buf_map_raw(attach, sgt, DMA_TO_DEVICE), 0);
	dma_buf_put_scatterlist(attach, sgt);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_PUT_MAPPED), 1);
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 0);
	mock_unlock(buf);
	dma_buf_detach(buf->dmabuf, other);
	mock_detach(attach);
}

static void detach_puts_what_is_left(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test,
						     MOCK_SGT | MOCK_PFNS | MOCK_PIN,
						     MOCK_CONTIGUOUS);
	struct dma_buf_attachment *attach;
	struct dma_buf_pfns *pfns;
	struct sg_table *sgt;

	mock_expect_complaints(test);
	attach = mock_attach(test, buf, NULL, PAGES);
	sgt = mock_get_table(test, attach);
	mock_lock(buf);
	KUNIT_EXPECT_EQ(test, dma_buf_map_raw(attach, sgt, DMA_TO_DEVICE), 0);
	pfns = dma_buf_get_pfns(attach);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, pfns);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, dma_buf_map_pfns(attach, pfns, DMA_TO_DEVICE));
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, dma_buf_map_attachment(attach, DMA_TO_DEVICE));
	mock_unlock(buf);
	KUNIT_EXPECT_EQ(test, buf->gets, 3);
	KUNIT_EXPECT_EQ(test, buf->pins, 3);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 3);

	mock_detach(attach);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_DETACH_IN_USE), 1);
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 0);
	KUNIT_EXPECT_FALSE(test, buf->wrong_lock);
	KUNIT_EXPECT_FALSE(test, buf->hidden);
}

/* PFNs */

static void pfns_get_and_put(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_PFNS, MOCK_SCATTERED);
	struct dma_buf_attachment *attach;
	struct dma_buf_pfns *pfns;
	int i;

	attach = mock_attach(test, buf, NULL, 0);
	pfns = mock_get_pfns(test, attach);
	mock_lock(buf);
	if (!IS_ERR_OR_NULL(pfns)) {
		KUNIT_EXPECT_EQ(test, pfns->count, MOCK_PAGES);
		KUNIT_EXPECT_EQ(test, pfns->memory, DMA_BUF_MEMORY_RAM);
		for (i = 0; i < MOCK_PAGES; i++)
			KUNIT_EXPECT_EQ(test, pfns->pfn[i], page_to_pfn(buf->pages[i]));
		dma_buf_put_pfns(attach, pfns);
	}
	mock_unlock(buf);
	mock_detach(attach);
	mock_expect_log(test, buf, "afFd");
}

static void expect_no_pfns(struct kunit *test, struct mock_buffer *buf, u32 flags,
			   int err)
{
	struct dma_buf_attachment *attach;

	attach = mock_attach(test, buf, NULL, flags);
	mock_lock(buf);
	KUNIT_EXPECT_PTR_EQ(test, dma_buf_get_pfns(attach), ERR_PTR(err));
	mock_unlock(buf);
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	mock_detach(attach);
}

static void spoil_count(struct dma_buf_pfns *pfns)
{
	pfns->count--;
}

static void spoil_kind(struct dma_buf_pfns *pfns)
{
	pfns->memory = DMA_BUF_MEMORY_MMIO + 1;
}

/* Pages of the allocator are in the caches of every CPU. */
static void spoil_ram_as_mmio(struct dma_buf_pfns *pfns)
{
	pfns->memory = DMA_BUF_MEMORY_MMIO;
}

static void spoil_mmio_as_ram(struct dma_buf_pfns *pfns)
{
	pfns->memory = DMA_BUF_MEMORY_RAM;
}

static void spoil_one(struct dma_buf_pfns *pfns)
{
	pfns->pfn[2] = ULONG_MAX;
}

static void pfns_errors(struct kunit *test)
{
	static void (* const spoil[])(struct dma_buf_pfns *pfns) = {
		spoil_count, spoil_kind, spoil_ram_as_mmio, spoil_one,
	};
	struct mock_buffer *buf;
	unsigned int i;

	buf = mock_buffer_create(test, MOCK_SGT, MOCK_CONTIGUOUS);
	expect_no_pfns(test, buf, 0, -EINVAL);

	buf = mock_buffer_create(test, MOCK_PFNS | MOCK_PIN, MOCK_SCATTERED);
	buf->pfns_ret = ERR_PTR(-EINVAL);
	expect_no_pfns(test, buf, 0, -EINVAL);
	buf->pfns_ret = NULL;
	buf->null = true;
	expect_no_pfns(test, buf, 0, -ENOMEM);
	buf->null = false;
	expect_no_pfns(test, buf, CONTIG, -EOPNOTSUPP);

	mock_expect_complaints(test);
	for (i = 0; i < ARRAY_SIZE(spoil); i++) {
		buf->spoil_pfns = spoil[i];
		expect_no_pfns(test, buf, 0, -EINVAL);
		KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_BAD_PFNS), i + 1);
	}
}

static void pfns_of_no_memory(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_PFNS, MOCK_CONTIGUOUS);

	buf->mmio = mock_no_memory(test);
	buf->spoil_pfns = spoil_mmio_as_ram;
	mock_expect_complaints(test);
	expect_no_pfns(test, buf, 0, -EINVAL);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_BAD_PFNS), 1);

	/*
	 * What no address can say would become another one. With LPAE there is
	 * an address for each number.
	 */
	if (PHYS_PFN(PFN_PHYS(ULONG_MAX)) == ULONG_MAX)
		return;
	buf->spoil_pfns = spoil_one;
	expect_no_pfns(test, buf, 0, -EINVAL);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_BAD_PFNS), 2);
}

/* A page of the allocator among those that are none, and the other way round */
static struct page *stray;

static void spoil_stray(struct dma_buf_pfns *pfns)
{
	pfns->pfn[MOCK_PAGES - 1] = page_to_pfn(stray);
}

static unsigned long nowhere;

static void spoil_nowhere(struct dma_buf_pfns *pfns)
{
	pfns->pfn[0] = nowhere;
}

static void pfns_of_mixed_kinds(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_PFNS | MOCK_PIN,
						     MOCK_CONTIGUOUS);

	nowhere = mock_no_memory(test);
	stray = buf->pages[0];
	mock_expect_complaints(test);

	buf->spoil_pfns = spoil_nowhere;
	expect_no_pfns(test, buf, 0, -EINVAL);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_BAD_PFNS), 1);

	buf->mmio = nowhere;
	buf->spoil_pfns = spoil_stray;
	expect_no_pfns(test, buf, 0, -EINVAL);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_BAD_PFNS), 2);
}

/* Sizes at the ends of what can be */

static void size_zero(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_PFNS | MOCK_PIN,
						     MOCK_CONTIGUOUS);
	struct dma_buf_attachment *attach;

	buf->dmabuf->size = 0;
	mock_expect_complaints(test);
	expect_no_sgt(test, buf, PAGES, -EINVAL);
	expect_no_pfns(test, buf, 0, -EINVAL);
	attach = mock_attach(test, buf, NULL, 0);
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EINVAL),
			    dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	mock_detach(attach);
	buf->dmabuf->size = MOCK_PAGES * PAGE_SIZE;
	/* Nobody has been asked, so nobody was wrong. */
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_BAD_PFNS), 0);
}

/* As many pages, though they are always the same four. */
static void size_one_gib(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_PFNS, MOCK_SCATTERED);
	struct dma_buf_attachment *attach = mock_attach(test, buf, NULL, 0);
	struct dma_buf_pfns *pfns;

	buf->dmabuf->size = SZ_1G;
	pfns = mock_get_pfns(test, attach);
	KUNIT_EXPECT_EQ(test, pfns->count, SZ_1G >> PAGE_SHIFT);
	KUNIT_EXPECT_EQ(test, pfns->pfn[pfns->count - 1],
			page_to_pfn(buf->pages[MOCK_PAGES - 1]));
	mock_lock(buf);
	dma_buf_put_pfns(attach, pfns);
	mock_unlock(buf);
	mock_detach(attach);
	buf->dmabuf->size = MOCK_PAGES * PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
}

static struct kunit_case dma_buf_raw_cases[] = {
	KUNIT_CASE(sgt_get_and_put),
	KUNIT_CASE(sgt_errors),
	KUNIT_CASE(sgt_of_one_range),
	KUNIT_CASE(sgt_pins_like_a_mapping),
	KUNIT_CASE(sgt_moves),
	KUNIT_CASE(put_is_checked),
	KUNIT_CASE(detach_puts_what_is_left),
	KUNIT_CASE(pfns_get_and_put),
	KUNIT_CASE(pfns_errors),
	KUNIT_CASE(pfns_of_no_memory),
	KUNIT_CASE(pfns_of_mixed_kinds),
	KUNIT_CASE(size_zero),
	KUNIT_CASE(size_one_gib),
	{}
};

static struct kunit_suite dma_buf_raw_suite = {
	.name = "dma_buf_raw",
	.test_cases = dma_buf_raw_cases,
};

kunit_test_suite(dma_buf_raw_suite);
