/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What exporters whose storage never moves need to offer raw memory, and to
 * refuse those who cannot use it.
 */
#ifndef __DMA_BUF_EXPORTER_H__
#define __DMA_BUF_EXPORTER_H__

#include <linux/device.h>
#include <linux/dma-buf.h>

struct page;
struct sg_table;

bool dma_buf_pages_contiguous(struct page **pages, unsigned long count);
bool dma_buf_sgt_contiguous(struct sg_table *sgt);
int dma_buf_admit_fixed(struct dma_buf_attachment *attach, bool contiguous);

/* The core has dma_buf_pages_to_sgt() and dma_buf_range_to_sgt(). */
struct sg_table *dma_buf_copy_sgt(struct dma_buf_attachment *attach,
				  struct sg_table *sgt);
struct dma_buf_pfns *dma_buf_pages_to_pfns(struct dma_buf_attachment *attach,
					   struct page **pages);
struct dma_buf_pfns *dma_buf_sgt_to_pfns(struct dma_buf_attachment *attach,
					 struct sg_table *sgt);

/* For &dma_buf_ops.put_scatterlist and &dma_buf_ops.put_pfns */
void dma_buf_put_own_sgt(struct dma_buf_attachment *attach,
			 struct sg_table *sgt);
void dma_buf_put_own_pfns(struct dma_buf_attachment *attach,
			  struct dma_buf_pfns *pfns);

/**
 * dma_buf_coherent_has_pages - whether coherent memory has pages
 * @dev: device the memory was allocated for, by dma_alloc_attrs()
 *
 * A device with a pool of its own never gets coherent memory from elsewhere,
 * and the pool may be memory that the kernel has no pages for. All the same
 * dma_get_sgtable() returns a table for it, whose page links lead nowhere.
 *
 * Return: true if the entries of dma_get_sgtable() have pages.
 */
static inline bool dma_buf_coherent_has_pages(struct device *dev)
{
#ifdef CONFIG_DMA_DECLARE_COHERENT
	if (dev->dma_mem)
		return false;
#endif
	return !IS_ENABLED(CONFIG_DMA_GLOBAL_POOL);
}

#endif /* __DMA_BUF_EXPORTER_H__ */
