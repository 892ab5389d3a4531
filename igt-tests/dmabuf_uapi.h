/* SPDX-License-Identifier: MIT */
/*
 * <linux/dma-buf.h>, and what RefSoC adds to it where the kernel's headers are
 * older: an IGT tree is built with whatever the system has.
 */
#ifndef DMABUF_UAPI_H
#define DMABUF_UAPI_H

#include <linux/dma-buf.h>

#ifndef DMA_BUF_IOCTL_QUERY

enum dma_buf_refusal {
	DMA_BUF_REFUSED_NOT = 0,
	DMA_BUF_REFUSED_FLAGS = 1,
	DMA_BUF_REFUSED_SCATTERED = 2,
	DMA_BUF_REFUSED_NO_PAGES = 3,
	DMA_BUF_REFUSED_TOO_LARGE = 4,
	DMA_BUF_REFUSED_PINNED = 5,
	DMA_BUF_REFUSED_MAPPED = 6,
	DMA_BUF_REFUSED_VMAPPED = 7,
	DMA_BUF_REFUSED_RAW = 8,
	DMA_BUF_REFUSED_NO_MEMORY = 9,
	DMA_BUF_REFUSED_NO_CONTIG = 10,
	DMA_BUF_REFUSED_BOUNCED = 11,
};

enum dma_buf_need {
	DMA_BUF_NEED_CONTIG = 1 << 0,
	DMA_BUF_NEED_PAGES = 1 << 1,
};

enum dma_buf_state {
	DMA_BUF_STATE_KNOWN = 1 << 0,
	DMA_BUF_STATE_ALLOCATED = 1 << 1,
	DMA_BUF_STATE_CONTIGUOUS = 1 << 2,
	DMA_BUF_STATE_PAGES = 1 << 3,
};

struct dma_buf_query {
	__u64 size;
	__u32 state;		/* enum dma_buf_state */
	__u32 attach_flags;	/* enum dma_buf_need, of all */
	__u32 attachments;
	__u32 last_refusal;	/* enum dma_buf_refusal */
	__u32 flags;		/* 0 */
	__u32 pad;		/* 0 */
};

#define DMA_BUF_IOCTL_QUERY	_IOWR(DMA_BUF_BASE, 64, struct dma_buf_query)

#endif

#endif
