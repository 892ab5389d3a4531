/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of a storage: one generation is one place, and the contents move from
 * one to the next.
 */
#ifndef __DMA_BUF_GENERATION_H__
#define __DMA_BUF_GENERATION_H__

#include <linux/kref.h>
#include <linux/pgtable.h>
#include <linux/types.h>

struct device;
struct page;
struct sg_table;

/**
 * struct dma_buf_generation - a piece of memory, or many
 * @ref: who uses it: the storage, and each table, PFN array and kernel mapping
 * @n_pages: how large it is
 * @first: first page if it was allocated in one piece, else NULL
 * @pages: its pages if it was not, else NULL
 * @contiguous: the pages follow each other, be it by luck
 * @uncached: no CPU maps it cached, but for this file while it fills it
 */
struct dma_buf_generation {
	struct kref ref;
	unsigned long n_pages;
	struct page *first;
	struct page **pages;
	bool contiguous;
	bool uncached;
};

struct dma_buf_generation *
dma_buf_generation_alloc_block(unsigned long n_pages, bool uncached);
struct dma_buf_generation *
dma_buf_generation_alloc_pages(unsigned long n_pages, bool uncached);
void dma_buf_generation_put(struct dma_buf_generation *gen);
struct page *dma_buf_generation_page(struct dma_buf_generation *gen,
				     unsigned long i);
int dma_buf_generation_clear(struct dma_buf_generation *gen);
int dma_buf_generation_copy(struct dma_buf_generation *to,
			    struct dma_buf_generation *from);
struct sg_table *dma_buf_generation_to_sgt(struct dma_buf_generation *gen,
					   struct device *dev);
void *dma_buf_generation_vmap(struct dma_buf_generation *gen, pgprot_t prot);
void dma_buf_generation_clean_page(struct dma_buf_generation *gen,
				   struct page *page);
void dma_buf_generation_flush_page(struct page *page);

static inline struct dma_buf_generation *
dma_buf_generation_get(struct dma_buf_generation *gen)
{
	kref_get(&gen->ref);
	return gen;
}

/* Replaced by tests, which want memory of a certain kind, or none left. */
unsigned long dma_buf_generation_max_block(void);
struct page *dma_buf_generation_take_block(unsigned long n_pages);
struct page *dma_buf_generation_take_page(void);

#endif /* __DMA_BUF_GENERATION_H__ */
