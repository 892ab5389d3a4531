/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the storage helper know of each other. */
#ifndef __DMA_BUF_STORAGE_CORE_H__
#define __DMA_BUF_STORAGE_CORE_H__

#include <linux/dma-buf-storage.h>
#include <linux/types.h>

/* dma-buf-storage.c, under the reservation lock */
int dma_buf_storage_admit(struct dma_buf_storage *st,
			  struct dma_buf_attachment *attach);
void dma_buf_storage_release_block(struct dma_buf_storage *st);
int dma_buf_storage_ref(struct dma_buf_storage *st, const void *what);
void dma_buf_storage_unref(struct dma_buf_storage *st, const void *what);

#endif /* __DMA_BUF_STORAGE_CORE_H__ */
