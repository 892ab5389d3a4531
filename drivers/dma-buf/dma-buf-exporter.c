// SPDX-License-Identifier: GPL-2.0-only
/*
 * Help for exporters whose storage is chosen when the buffer is made, and stays
 * where it is. What is left to them is to say how it lies, and to list it.
 */

#include <linux/dma-buf.h>
#include <linux/dma-buf-exporter.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "dma-buf-core.h"

/**
 * dma_buf_pages_contiguous - whether pages follow each other
 * @pages: pages of a buffer
 * @count: how many
 *
 * Return: true if they do, as a single page does.
 */
bool dma_buf_pages_contiguous(struct page **pages, unsigned long count)
{
	struct dma_buf_extents ext = { .pages = pages, .count = count };

	return dma_buf_extents_run(&ext, 0, count) == count;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_pages_contiguous, DMA_BUF);

/**
 * dma_buf_sgt_contiguous - whether the entries of a table follow each other
 * @sgt: table with the pages of a buffer, for the CPU
 *
 * Return: true if they do, as a single entry does.
 */
bool dma_buf_sgt_contiguous(struct sg_table *sgt)
{
	struct scatterlist *sg;
	phys_addr_t next = 0;
	int i;

	for_each_sgtable_sg(sgt, sg, i) {
		if (i && sg_phys(sg) != next)
			return false;
		next = sg_phys(sg) + sg->length;
	}

	return true;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_sgt_contiguous, DMA_BUF);

/**
 * dma_buf_admit_fixed - let in who can use storage that stays as it is
 * @attach: attachment that &dma_buf_ops.admit is asked about
 * @contiguous: whether the storage is contiguous
 *
 * Storage that happens to be contiguous will do: it is not going to change.
 *
 * Return: what &dma_buf_ops.admit has to return.
 */
int dma_buf_admit_fixed(struct dma_buf_attachment *attach, bool contiguous)
{
	if ((attach->flags & DMA_BUF_ATTACH_CONTIG) && !contiguous)
		return dma_buf_refuse(attach, DMA_BUF_REFUSED_SCATTERED);

	return 0;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_admit_fixed, DMA_BUF);

/* The pages a table lists, as many as the buffer has; for kvfree(). */
static struct page **sgt_to_pages(struct dma_buf_attachment *attach,
				  struct sg_table *sgt)
{
	unsigned long count = dma_buf_nr_pages(attach->dmabuf);
	struct sg_page_iter iter;
	struct page **pages;
	unsigned long n = 0;

	pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return ERR_PTR(-ENOMEM);

	for_each_sgtable_page(sgt, &iter, 0) {
		if (n == count)
			break;
		pages[n++] = sg_page_iter_page(&iter);
	}
	if (n < count) {
		kvfree(pages);
		return ERR_PTR(-EINVAL);
	}

	return pages;
}

/**
 * dma_buf_copy_sgt - build the raw table of a buffer from another table
 * @attach: attachment the table is for
 * @sgt: table with the pages of the buffer; may be mapped for some device
 *
 * For &dma_buf_ops.get_scatterlist of exporters that keep a table. Like
 * dma_buf_pages_to_sgt().
 *
 * Return: a table for dma_buf_free_sgt(), or ERR_PTR(): -ENOMEM, or -EINVAL if
 * @sgt is shorter than the buffer.
 */
struct sg_table *dma_buf_copy_sgt(struct dma_buf_attachment *attach,
				  struct sg_table *sgt)
{
	struct page **pages = sgt_to_pages(attach, sgt);

	if (IS_ERR(pages))
		return ERR_CAST(pages);

	sgt = dma_buf_pages_to_sgt(attach, pages);
	kvfree(pages);

	return sgt;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_copy_sgt, DMA_BUF);

/**
 * dma_buf_pages_to_pfns - list the PFNs of a buffer that is RAM
 * @attach: attachment the PFNs are for
 * @pages: the pages of the buffer: its size, rounded up
 *
 * For &dma_buf_ops.get_pfns.
 *
 * Return: an array for dma_buf_free_pfns(), or ERR_PTR(-ENOMEM).
 */
struct dma_buf_pfns *dma_buf_pages_to_pfns(struct dma_buf_attachment *attach,
					   struct page **pages)
{
	struct dma_buf_pfns *pfns;
	unsigned long i;

	pfns = dma_buf_alloc_pfns(attach->dmabuf, DMA_BUF_MEMORY_RAM);
	if (!pfns)
		return ERR_PTR(-ENOMEM);

	for (i = 0; i < pfns->count; i++)
		pfns->pfn[i] = page_to_pfn(pages[i]);

	return pfns;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_pages_to_pfns, DMA_BUF);

/**
 * dma_buf_sgt_to_pfns - list the PFNs of a buffer that is RAM
 * @attach: attachment the PFNs are for
 * @sgt: table with the pages of the buffer; may be mapped for some device
 *
 * For &dma_buf_ops.get_pfns of exporters that keep a table.
 *
 * Return: an array for dma_buf_free_pfns(), or ERR_PTR(): -ENOMEM, or -EINVAL
 * if @sgt is shorter than the buffer.
 */
struct dma_buf_pfns *dma_buf_sgt_to_pfns(struct dma_buf_attachment *attach,
					 struct sg_table *sgt)
{
	struct page **pages = sgt_to_pages(attach, sgt);
	struct dma_buf_pfns *pfns;

	if (IS_ERR(pages))
		return ERR_CAST(pages);

	pfns = dma_buf_pages_to_pfns(attach, pages);
	kvfree(pages);

	return pfns;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_sgt_to_pfns, DMA_BUF);

/**
 * dma_buf_put_own_sgt - ready-made &dma_buf_ops.put_scatterlist
 * @attach: attachment the table was for
 * @sgt: table that get_scatterlist returned, nothing of which is in use
 */
void dma_buf_put_own_sgt(struct dma_buf_attachment *attach,
			 struct sg_table *sgt)
{
	dma_buf_free_sgt(sgt);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_put_own_sgt, DMA_BUF);

/**
 * dma_buf_put_own_pfns - ready-made &dma_buf_ops.put_pfns
 * @attach: attachment the PFNs were for
 * @pfns: array of dma_buf_alloc_pfns() that get_pfns returned
 */
void dma_buf_put_own_pfns(struct dma_buf_attachment *attach,
			  struct dma_buf_pfns *pfns)
{
	dma_buf_free_pfns(pfns);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_put_own_pfns, DMA_BUF);
