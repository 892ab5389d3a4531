// SPDX-License-Identifier: GPL-2.0-only
/* Buffers of huge pages and of parts of them: KUnit tests of udmabuf */

#include <kunit/test.h>
#include <linux/dma-buf.h>
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/highmem.h>
#include <linux/hugetlb.h>
#include <linux/iosys-map.h>
#include <linux/memfd.h>
#include <linux/scatterlist.h>
#include <linux/sort.h>
#include <linux/udmabuf.h>

#include "dma-buf-test-help.h"
#include "dma-buf-test-hooks.h"

/* Of the file, and how many pieces each of them has. */
#define TEST_HUGE	3
#define TEST_PARTS	4
#define TEST_PIECES	3

#define HUGE_PAGES	(HPAGE_SIZE >> PAGE_SHIFT)
#define PART_PAGES	(HUGE_PAGES / TEST_PARTS)

/**
 * struct udmabuf_layout - what a buffer consists of
 * @name: what that is called
 * @piece: pieces of the file, in parts of a huge page; the last have no length
 * @contiguous: they follow each other in memory
 *
 * The huge pages of the file are counted from the top of memory, so that no
 * two of them follow each other.
 */
struct udmabuf_layout {
	const char *name;
	struct {
		unsigned int first;
		unsigned int count;
	} piece[TEST_PIECES];
	bool contiguous;
};

static const struct udmabuf_layout udmabuf_layouts[] = {
	{ "a huge page", { { 0, TEST_PARTS } }, true },
	{ "the middle of one", { { TEST_PARTS + 1, 2 } }, true },
	{ "its halves exchanged", { { 2, 2 }, { 0, 2 } }, false },
	{ "the end of one, the start of another", { { 3, 1 }, { 4, 1 } }, false },
	{ "three out of order", { { 0, 4 }, { 4, 4 }, { 8, 4 } }, false },
};

/**
 * struct udmabuf_test - a file of huge pages, and a buffer of it
 * @memfd: the file
 * @folio: its huge pages
 * @pinned: how many of them there are
 * @order: their numbers, those high in memory first
 * @page: pages the buffer should have
 * @dmabuf: the buffer
 */
struct udmabuf_test {
	int memfd;
	struct folio *folio[TEST_HUGE];
	long pinned;
	unsigned int order[TEST_HUGE];
	struct page *page[TEST_HUGE * HUGE_PAGES];
	struct dma_buf *dmabuf;
};

static int higher_first(const void *a, const void *b, const void *priv)
{
	const struct udmabuf_test *t = priv;
	const unsigned int *i = a, *j = b;

	return folio_pfn(t->folio[*i]) > folio_pfn(t->folio[*j]) ? -1 : 1;
}

static void order_folios(struct udmabuf_test *t)
{
	unsigned int i;

	for (i = 0; i < TEST_HUGE; i++)
		t->order[i] = i;
	sort_r(t->order, TEST_HUGE, sizeof(*t->order), higher_first, NULL, t);
}

/* Each page is full of a number that no other has. */
static u32 page_word(struct page *page)
{
	return page_to_pfn(page) * 0x9e3779b1;
}

static void fill_folio(struct folio *folio)
{
	unsigned int i;

	for (i = 0; i < folio_nr_pages(folio); i++) {
		void *p = kmap_local_folio(folio, i * PAGE_SIZE);

		memset32(p, page_word(folio_page(folio, i)), PAGE_SIZE / 4);
		kunmap_local(p);
	}
}

/* A memfd without the process that would have it. */
static int udmabuf_test_file(struct udmabuf_test *t, size_t size)
{
	struct file *file;
	pgoff_t offset;

	t->memfd = get_unused_fd_flags(O_CLOEXEC);
	if (t->memfd < 0)
		return t->memfd;
	file = hugetlb_file_setup("udmabuf-test", size, 0,
				  HUGETLB_ANONHUGE_INODE, HPAGE_SHIFT);
	if (IS_ERR(file)) {
		put_unused_fd(t->memfd);
		t->memfd = -1;
		return PTR_ERR(file);
	}
	HUGETLBFS_I(file_inode(file))->seals = F_SEAL_SHRINK;
	fd_install(t->memfd, file);

	t->pinned = memfd_pin_folios(file, 0, size - 1, t->folio, TEST_HUGE, &offset);

	return t->pinned == TEST_HUGE ? 0 : -ENOMEM;
}

static int udmabuf_test_init(struct kunit *test)
{
	struct udmabuf_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	if (udmabuf_test_file(t, TEST_HUGE * HPAGE_SIZE))
		kunit_skip(test, "no huge pages to be had: say hugepages=16");
	order_folios(t);
	for (i = 0; i < TEST_HUGE; i++)
		fill_folio(t->folio[i]);

	return 0;
}

static void udmabuf_test_exit(struct kunit *test)
{
	struct udmabuf_test *t = test->priv;

	if (!t)
		return;
	if (t->dmabuf)
		dma_buf_put(t->dmabuf);
	if (t->pinned > 0)
		unpin_folios(t->folio, t->pinned);
	if (t->memfd >= 0)
		close_fd(t->memfd);
	flush_delayed_fput();
}

/* A buffer of a layout, and the pages it should have. */
static struct dma_buf *make_buffer(struct kunit *test,
				   const struct udmabuf_layout *layout)
{
	struct udmabuf_create_item item[TEST_PIECES] = {};
	struct udmabuf_create_list head = {};
	struct udmabuf_test *t = test->priv;
	unsigned int i, n = 0;
	long fd;

	for (i = 0; i < TEST_PIECES && layout->piece[i].count; i++) {
		unsigned int count = layout->piece[i].count * PART_PAGES;
		unsigned int huge = layout->piece[i].first / TEST_PARTS;
		unsigned int first = layout->piece[i].first % TEST_PARTS * PART_PAGES;

		item[i].memfd = t->memfd;
		item[i].offset = t->order[huge] * HPAGE_SIZE +
				 first * PAGE_SIZE;
		item[i].size = count * PAGE_SIZE;
		while (count--)
			t->page[n++] = folio_page(t->folio[t->order[huge]], first++);
	}
	head.count = i;

	fd = udmabuf_create(&head, item);
	KUNIT_ASSERT_GE(test, fd, 0);
	t->dmabuf = dma_buf_get(fd);
	close_fd(fd);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t->dmabuf);
	KUNIT_ASSERT_EQ(test, t->dmabuf->size, n * PAGE_SIZE);

	return t->dmabuf;
}

/* The device reaches all of memory, and takes it in one piece. */
static struct dma_buf_attachment *attach_device(struct kunit *test, u64 mask,
						u32 flags)
{
	struct device *dev = dma_buf_test_device(test, "udmabuf-test");
	struct udmabuf_test *t = test->priv;

	KUNIT_ASSERT_EQ(test, 0, dma_coerce_mask_and_coherent(dev, mask));
	dma_set_max_seg_size(dev, UINT_MAX);

	return dma_buf_attach_flags(t->dmabuf, dev, flags);
}

static void kernel_sees_the_pages(struct kunit *test)
{
	struct dma_buf *dmabuf = make_buffer(test, test->param_value);
	struct udmabuf_test *t = test->priv;
	unsigned int i, wrong = 0;
	struct iosys_map map;

	KUNIT_ASSERT_EQ(test, 0, dma_buf_vmap_unlocked(dmabuf, &map));
	for (i = 0; i < dmabuf->size / PAGE_SIZE; i++) {
		u32 *p = map.vaddr + i * PAGE_SIZE;
		u32 word = page_word(t->page[i]);

		wrong += p[0] != word || p[PAGE_SIZE / 4 - 1] != word;
	}
	dma_buf_vunmap_unlocked(dmabuf, &map);
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

static unsigned int count_wrong(struct udmabuf_test *t, struct sg_table *sgt,
				struct dma_buf_pfns *pfns)
{
	struct sg_page_iter iter;
	unsigned int i = 0, wrong = 0;

	for_each_sgtable_page(sgt, &iter, 0) {
		wrong += sg_page_iter_page(&iter) != t->page[i] ||
			 pfns->pfn[i] != page_to_pfn(t->page[i]);
		i++;
	}

	return wrong + (i != pfns->count);
}

static void importers_get_the_pages(struct kunit *test)
{
	struct dma_buf *dmabuf = make_buffer(test, test->param_value);
	struct dma_buf_attachment *attach = attach_device(test, DMA_BIT_MASK(64), 0);
	struct dma_buf_pfns *pfns;
	unsigned int wrong = 1;
	struct sg_table *sgt;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	dma_resv_lock(dmabuf->resv, NULL);
	sgt = dma_buf_get_scatterlist(attach);
	pfns = dma_buf_get_pfns(attach);
	if (!IS_ERR(sgt) && !IS_ERR(pfns))
		wrong = count_wrong(test->priv, sgt, pfns);
	if (!IS_ERR(pfns))
		dma_buf_put_pfns(attach, pfns);
	if (!IS_ERR(sgt))
		dma_buf_put_scatterlist(attach, sgt);
	dma_resv_unlock(dmabuf->resv);
	dma_buf_detach(dmabuf, attach);
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

/* Who needs contiguous memory gets a huge page, or a part, in one piece. */
static void contiguous_or_refused(struct kunit *test)
{
	const struct udmabuf_layout *layout = test->param_value;
	struct dma_buf *dmabuf = make_buffer(test, layout);
	struct udmabuf_test *t = test->priv;
	struct dma_buf_snapshot snap = {};
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	dmabuf->ops->snapshot(dmabuf, &snap);
	KUNIT_EXPECT_EQ(test, snap.contiguous, layout->contiguous);

	attach = attach_device(test, DMA_BIT_MASK(64), DMA_BUF_ATTACH_CONTIG);
	if (!layout->contiguous) {
		KUNIT_EXPECT_PTR_EQ(test, attach, ERR_PTR(-EOPNOTSUPP));
		KUNIT_EXPECT_EQ(test, dmabuf->last_refusal, DMA_BUF_REFUSED_SCATTERED);
		return;
	}
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, sgt);
	if (!IS_ERR_OR_NULL(sgt)) {
		KUNIT_EXPECT_EQ(test, sgt->nents, 1);
		KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl), page_to_phys(t->page[0]));
		KUNIT_EXPECT_EQ(test, sg_dma_len(sgt->sgl), dmabuf->size);
		dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	}
	dma_buf_detach(dmabuf, attach);
}

/* A copy of a huge page is larger than what is copied at once. */
static void huge_page_out_of_reach(struct kunit *test)
{
	struct dma_buf *dmabuf = make_buffer(test, &udmabuf_layouts[0]);
	phys_addr_t reach = virt_to_phys(high_memory - 1);
	struct udmabuf_test *t = test->priv;
	struct dma_buf_attachment *attach;
	unsigned int i, wrong = 0, n = 0;
	struct scatterlist *sg;
	struct sg_table *sgt;
	size_t at;

	if (page_to_phys(t->page[0]) <= reach)
		kunit_skip(test, "all huge pages are low in memory");
	attach = attach_device(test, reach, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, sgt);
	if (!IS_ERR_OR_NULL(sgt)) {
		for_each_sgtable_dma_sg(sgt, sg, i) {
			u8 *copy = phys_to_virt(dma_to_phys(attach->dev, sg_dma_address(sg)));

			for (at = 0; at < sg_dma_len(sg); at += PAGE_SIZE)
				wrong += *(u32 *)(copy + at) != page_word(t->page[n++]);
		}
		KUNIT_EXPECT_EQ(test, 0, wrong);
		KUNIT_EXPECT_EQ(test, n, HUGE_PAGES);
		dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	}
	dma_buf_detach(dmabuf, attach);

	attach = attach_device(test, reach, DMA_BUF_ATTACH_CONTIG);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EOPNOTSUPP),
			    dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, dmabuf->last_refusal, DMA_BUF_REFUSED_BOUNCED);
	dma_buf_detach(dmabuf, attach);
}

static void layout_desc(const struct udmabuf_layout *layout, char *desc)
{
	strscpy(desc, layout->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(layout, udmabuf_layouts, layout_desc);

static struct kunit_case udmabuf_cases[] = {
	KUNIT_CASE_PARAM(kernel_sees_the_pages, layout_gen_params),
	KUNIT_CASE_PARAM(importers_get_the_pages, layout_gen_params),
	KUNIT_CASE_PARAM(contiguous_or_refused, layout_gen_params),
	KUNIT_CASE(huge_page_out_of_reach),
	{}
};

static struct kunit_suite udmabuf_suite = {
	.name = "udmabuf",
	.init = udmabuf_test_init,
	.exit = udmabuf_test_exit,
	.test_cases = udmabuf_cases,
};

kunit_test_suite(udmabuf_suite);

MODULE_IMPORT_NS(DMA_BUF);
MODULE_IMPORT_NS(DMA_BUF_RAW);
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
