/* SPDX-License-Identifier: GPL-2.0-only */

#undef TRACE_SYSTEM
#define TRACE_SYSTEM refsoc_gpu

#if !defined(REFSOC_GPU_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define REFSOC_GPU_TRACE_H

#include <linux/dma-direction.h>
#include <linux/tracepoint.h>

TRACE_EVENT(refsoc_gpu_submit,
	TP_PROTO(unsigned int core, u32 fence, u32 words, u32 bos),
	TP_ARGS(core, fence, words, bos),
	TP_STRUCT__entry(
		__field(unsigned int, core)
		__field(u32, fence)
		__field(u32, words)
		__field(u32, bos)
	),
	TP_fast_assign(
		__entry->core = core;
		__entry->fence = fence;
		__entry->words = words;
		__entry->bos = bos;
	),
	TP_printk("core=%u fence=%u words=%u bos=%u", __entry->core, __entry->fence,
		  __entry->words, __entry->bos)
);

TRACE_EVENT(refsoc_gpu_run,
	TP_PROTO(unsigned int core, u32 seqno, unsigned int event, bool flush),
	TP_ARGS(core, seqno, event, flush),
	TP_STRUCT__entry(
		__field(unsigned int, core)
		__field(u32, seqno)
		__field(unsigned int, event)
		__field(bool, flush)
	),
	TP_fast_assign(
		__entry->core = core;
		__entry->seqno = seqno;
		__entry->event = event;
		__entry->flush = flush;
	),
	TP_printk("core=%u seqno=%u event=%u flush_mmu=%d", __entry->core, __entry->seqno,
		  __entry->event, __entry->flush)
);

TRACE_EVENT(refsoc_gpu_done,
	TP_PROTO(unsigned int core, u32 seqno, s64 busy_ns),
	TP_ARGS(core, seqno, busy_ns),
	TP_STRUCT__entry(
		__field(unsigned int, core)
		__field(u32, seqno)
		__field(s64, busy_ns)
	),
	TP_fast_assign(
		__entry->core = core;
		__entry->seqno = seqno;
		__entry->busy_ns = busy_ns;
	),
	TP_printk("core=%u seqno=%u busy_ns=%lld", __entry->core, __entry->seqno,
		  __entry->busy_ns)
);

TRACE_EVENT(refsoc_gpu_reset,
	TP_PROTO(unsigned int core, u32 address),
	TP_ARGS(core, address),
	TP_STRUCT__entry(
		__field(unsigned int, core)
		__field(u32, address)
	),
	TP_fast_assign(
		__entry->core = core;
		__entry->address = address;
	),
	TP_printk("core=%u address=%08x", __entry->core, __entry->address)
);

TRACE_EVENT(refsoc_gpu_map,
	TP_PROTO(u32 iova, size_t size, bool linear),
	TP_ARGS(iova, size, linear),
	TP_STRUCT__entry(
		__field(u32, iova)
		__field(size_t, size)
		__field(bool, linear)
	),
	TP_fast_assign(
		__entry->iova = iova;
		__entry->size = size;
		__entry->linear = linear;
	),
	TP_printk("iova=%08x size=%zu linear=%d", __entry->iova, __entry->size,
		  __entry->linear)
);

TRACE_EVENT(refsoc_gpu_unmap,
	TP_PROTO(u32 iova, bool evicted),
	TP_ARGS(iova, evicted),
	TP_STRUCT__entry(
		__field(u32, iova)
		__field(bool, evicted)
	),
	TP_fast_assign(
		__entry->iova = iova;
		__entry->evicted = evicted;
	),
	TP_printk("iova=%08x evicted=%d", __entry->iova, __entry->evicted)
);

/* What a coherent machine or an emulated one cannot show: cache maintenance */
TRACE_EVENT(refsoc_gpu_sync,
	TP_PROTO(size_t size, enum dma_data_direction dir, bool for_cpu, bool imported),
	TP_ARGS(size, dir, for_cpu, imported),
	TP_STRUCT__entry(
		__field(size_t, size)
		__field(int, dir)
		__field(bool, for_cpu)
		__field(bool, imported)
	),
	TP_fast_assign(
		__entry->size = size;
		__entry->dir = dir;
		__entry->for_cpu = for_cpu;
		__entry->imported = imported;
	),
	TP_printk("size=%zu dir=%d for=%s imported=%d", __entry->size, __entry->dir,
		  __entry->for_cpu ? "cpu" : "device", __entry->imported)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE refsoc_gpu_trace
#include <trace/define_trace.h>
