/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Access to the memory behind a dma-buf, for importers that map it themselves
 * and for the exporters that let them. Included by linux/dma-buf.h.
 */
#ifndef __DMA_BUF_RAW_H__
#define __DMA_BUF_RAW_H__

#include <linux/bits.h>
#include <linux/compiler_attributes.h>
#include <linux/dma-direction.h>
#include <linux/types.h>

struct dma_buf;
struct dma_buf_attachment;
struct page;
struct sg_table;

/* Bits of &dma_buf_attachment.raw_ops */
#define DMA_BUF_RAW_SCATTERLIST	BIT(0)
#define DMA_BUF_RAW_PFNS	BIT(1)

/**
 * enum dma_buf_memory - what stands behind PFNs, by the exporter's word
 * @DMA_BUF_MEMORY_RAM: memory of the system with a &struct page to each PFN,
 *	mapped like any other and with caches looked after
 * @DMA_BUF_MEMORY_MMIO: anything else, mapped by dma_map_resource(). The CPU
 *	never has it cached.
 *
 * pfn_valid() cannot tell: on ARM it is true for memory that has been kept out
 * of the linear map.
 */
enum dma_buf_memory {
	DMA_BUF_MEMORY_RAM,
	DMA_BUF_MEMORY_MMIO,
};

/**
 * struct dma_buf_pfns - the page frames of a buffer
 * @memory: what they are, all of them
 * @count: how many: the size of the buffer in pages, rounded up
 * @pfn: the frame of each page of the buffer, from offset 0 on
 */
struct dma_buf_pfns {
	enum dma_buf_memory memory;
	unsigned long count;
	unsigned long pfn[] __counted_by(count);
};

/* Importers; symbol namespace DMA_BUF_RAW */
struct sg_table *dma_buf_get_scatterlist(struct dma_buf_attachment *attach);
struct sg_table *
dma_buf_get_scatterlist_unlocked(struct dma_buf_attachment *attach);
void dma_buf_put_scatterlist(struct dma_buf_attachment *attach,
			     struct sg_table *sgt);
void dma_buf_put_scatterlist_unlocked(struct dma_buf_attachment *attach,
				      struct sg_table *sgt);
struct dma_buf_pfns *dma_buf_get_pfns(struct dma_buf_attachment *attach);
void dma_buf_put_pfns(struct dma_buf_attachment *attach,
		      struct dma_buf_pfns *pfns);

int dma_buf_map_raw(struct dma_buf_attachment *attach, struct sg_table *sgt,
		    enum dma_data_direction dir);
void dma_buf_unmap_raw(struct dma_buf_attachment *attach, struct sg_table *sgt,
		       enum dma_data_direction dir);
struct sg_table *dma_buf_map_pfns(struct dma_buf_attachment *attach,
				  const struct dma_buf_pfns *pfns,
				  enum dma_data_direction dir);
void dma_buf_unmap_pfns(struct dma_buf_attachment *attach, struct sg_table *sgt,
			enum dma_data_direction dir);

/* Importers, for dma_buf_map_attachment_nowait(); symbol namespace DMA_BUF */
int dma_buf_wait_to_retry(struct dma_buf *dmabuf, unsigned int *tries);

/* Exporters; symbol namespace DMA_BUF */
struct sg_table *dma_buf_pages_to_sgt(struct dma_buf_attachment *attach,
				      struct page **pages);
struct sg_table *dma_buf_range_to_sgt(struct dma_buf_attachment *attach,
				      struct page *first);
void dma_buf_free_sgt(struct sg_table *sgt);
struct dma_buf_pfns *dma_buf_alloc_pfns(struct dma_buf *dmabuf,
					enum dma_buf_memory memory);
void dma_buf_free_pfns(struct dma_buf_pfns *pfns);

#endif /* __DMA_BUF_RAW_H__ */
