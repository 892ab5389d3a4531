/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dma_buf

#if !defined(_TRACE_DMA_BUF_STORAGE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_DMA_BUF_STORAGE_H

#include <linux/dma-buf-storage.h>
#include <linux/tracepoint.h>

DECLARE_EVENT_CLASS(dma_buf_storage,

	TP_PROTO(const struct dma_buf_storage *st, phys_addr_t first,
		 bool contiguous),

	TP_ARGS(st, first, contiguous),

	TP_STRUCT__entry(
		__field(unsigned long, ino)
		__field(unsigned long, pages)
		__field(u64, first)
		__field(bool, contiguous)
	),

	TP_fast_assign(
		__entry->ino = st->ino;
		__entry->pages = st->n_pages;
		__entry->first = first;
		__entry->contiguous = contiguous;
	),

	TP_printk("ino=%lu pages=%lu first=%#llx contiguous=%d", __entry->ino,
		  __entry->pages, __entry->first, __entry->contiguous)
);

/* Memory is taken at the first use. */
DEFINE_EVENT(dma_buf_storage, dma_buf_storage_allocate,
	TP_PROTO(const struct dma_buf_storage *st, phys_addr_t first,
		 bool contiguous),
	TP_ARGS(st, first, contiguous)
);

/* A contiguous block has been taken for somebody who attaches. */
DEFINE_EVENT(dma_buf_storage, dma_buf_storage_reserve,
	TP_PROTO(const struct dma_buf_storage *st, phys_addr_t first,
		 bool contiguous),
	TP_ARGS(st, first, contiguous)
);

/* The contents have been copied. */
DEFINE_EVENT(dma_buf_storage, dma_buf_storage_move,
	TP_PROTO(const struct dma_buf_storage *st, phys_addr_t first,
		 bool contiguous),
	TP_ARGS(st, first, contiguous)
);

#endif /* _TRACE_DMA_BUF_STORAGE_H */

/* This part must be outside protection */
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE dma_buf_storage
#include <trace/define_trace.h>
