/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dma_buf

#if !defined(_TRACE_DMA_BUF_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_DMA_BUF_H

#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-direction.h>
#include <linux/module.h>
#include <linux/tracepoint.h>

#define show_dma_buf_attach_flags(flags) __print_flags(flags, "|",	\
	{ DMA_BUF_ATTACH_CONTIG, "contig" },				\
	{ DMA_BUF_ATTACH_PAGES, "pages" })

#define show_dma_buf_dir(dir) __print_symbolic(dir,			\
	{ DMA_BIDIRECTIONAL, "bidirectional" },				\
	{ DMA_TO_DEVICE, "to_device" },					\
	{ DMA_FROM_DEVICE, "from_device" },				\
	{ DMA_NONE, "none" })

#define show_dma_buf_refusal(why) __print_symbolic(why,			\
	{ DMA_BUF_REFUSED_NOT, "unknown" },				\
	{ DMA_BUF_REFUSED_FLAGS, "flags" },				\
	{ DMA_BUF_REFUSED_SCATTERED, "scattered" },			\
	{ DMA_BUF_REFUSED_NO_PAGES, "no_pages" },			\
	{ DMA_BUF_REFUSED_TOO_LARGE, "too_large" },			\
	{ DMA_BUF_REFUSED_PINNED, "pinned" },				\
	{ DMA_BUF_REFUSED_MAPPED, "mapped" },				\
	{ DMA_BUF_REFUSED_VMAPPED, "vmapped" },				\
	{ DMA_BUF_REFUSED_RAW, "raw" },					\
	{ DMA_BUF_REFUSED_NO_MEMORY, "no_memory" },			\
	{ DMA_BUF_REFUSED_NO_CONTIG, "no_contig" },			\
	{ DMA_BUF_REFUSED_BOUNCED, "bounced" })

/* Of who is attached, or is not; why and err are of those who are refused. */
DECLARE_EVENT_CLASS(dma_buf_attachment,

	TP_PROTO(struct dma_buf_attachment *attach, enum dma_buf_refusal why,
		 int err),

	TP_ARGS(attach, why, err),

	TP_STRUCT__entry(
		__field(unsigned long, ino)
		__field(size_t, size)
		__string(exporter, attach->dmabuf->exp_name)
		__string(owner, module_name(attach->dmabuf->owner))
		__string(importer, dev_name(attach->dev))
		__field(u32, flags)
		__field(u32, why)
		__field(int, err)
	),

	TP_fast_assign(
		__entry->ino = file_inode(attach->dmabuf->file)->i_ino;
		__entry->size = attach->dmabuf->size;
		__assign_str(exporter);
		__assign_str(owner);
		__assign_str(importer);
		__entry->flags = attach->flags;
		__entry->why = why;
		__entry->err = err;
	),

	TP_printk("ino=%lu size=%zu exporter=%s owner=%s importer=%s flags=%s",
		  __entry->ino, __entry->size, __get_str(exporter),
		  __get_str(owner), __get_str(importer),
		  show_dma_buf_attach_flags(__entry->flags))
);

DEFINE_EVENT(dma_buf_attachment, dma_buf_attach,
	TP_PROTO(struct dma_buf_attachment *attach, enum dma_buf_refusal why,
		 int err),
	TP_ARGS(attach, why, err)
);

DEFINE_EVENT(dma_buf_attachment, dma_buf_detach,
	TP_PROTO(struct dma_buf_attachment *attach, enum dma_buf_refusal why,
		 int err),
	TP_ARGS(attach, why, err)
);

DEFINE_EVENT_PRINT(dma_buf_attachment, dma_buf_refuse,
	TP_PROTO(struct dma_buf_attachment *attach, enum dma_buf_refusal why,
		 int err),
	TP_ARGS(attach, why, err),
	TP_printk("ino=%lu size=%zu exporter=%s owner=%s importer=%s flags=%s reason=%s errno=%d",
		  __entry->ino, __entry->size, __get_str(exporter),
		  __get_str(owner), __get_str(importer),
		  show_dma_buf_attach_flags(__entry->flags),
		  show_dma_buf_refusal(__entry->why), __entry->err)
);

DECLARE_EVENT_CLASS(dma_buf_mapping,

	TP_PROTO(struct dma_buf_attachment *attach, struct sg_table *sgt,
		 enum dma_data_direction dir),

	TP_ARGS(attach, sgt, dir),

	TP_STRUCT__entry(
		__field(unsigned long, ino)
		__string(importer, dev_name(attach->dev))
		__field(unsigned int, nents)
		__field(u64, first)
		__field(int, dir)
	),

	TP_fast_assign(
		__entry->ino = file_inode(attach->dmabuf->file)->i_ino;
		__assign_str(importer);
		__entry->nents = sgt->nents;
		__entry->first = sg_dma_address(sgt->sgl);
		__entry->dir = dir;
	),

	TP_printk("ino=%lu importer=%s nents=%u first=%#llx dir=%s",
		  __entry->ino, __get_str(importer), __entry->nents,
		  __entry->first, show_dma_buf_dir(__entry->dir))
);

DEFINE_EVENT(dma_buf_mapping, dma_buf_map,
	TP_PROTO(struct dma_buf_attachment *attach, struct sg_table *sgt,
		 enum dma_data_direction dir),
	TP_ARGS(attach, sgt, dir)
);

DEFINE_EVENT(dma_buf_mapping, dma_buf_unmap,
	TP_PROTO(struct dma_buf_attachment *attach, struct sg_table *sgt,
		 enum dma_data_direction dir),
	TP_ARGS(attach, sgt, dir)
);

DEFINE_EVENT(dma_buf_mapping, dma_buf_sync_for_cpu,
	TP_PROTO(struct dma_buf_attachment *attach, struct sg_table *sgt,
		 enum dma_data_direction dir),
	TP_ARGS(attach, sgt, dir)
);

DEFINE_EVENT(dma_buf_mapping, dma_buf_sync_for_device,
	TP_PROTO(struct dma_buf_attachment *attach, struct sg_table *sgt,
		 enum dma_data_direction dir),
	TP_ARGS(attach, sgt, dir)
);

DECLARE_EVENT_CLASS(dma_buf_raw,

	TP_PROTO(struct dma_buf_attachment *attach, bool pfns),

	TP_ARGS(attach, pfns),

	TP_STRUCT__entry(
		__field(unsigned long, ino)
		__string(importer, dev_name(attach->dev))
		__field(bool, pfns)
	),

	TP_fast_assign(
		__entry->ino = file_inode(attach->dmabuf->file)->i_ino;
		__assign_str(importer);
		__entry->pfns = pfns;
	),

	TP_printk("ino=%lu importer=%s kind=%s", __entry->ino,
		  __get_str(importer), __entry->pfns ? "pfns" : "scatterlist")
);

DEFINE_EVENT(dma_buf_raw, dma_buf_get_raw,
	TP_PROTO(struct dma_buf_attachment *attach, bool pfns),
	TP_ARGS(attach, pfns)
);

DEFINE_EVENT(dma_buf_raw, dma_buf_put_raw,
	TP_PROTO(struct dma_buf_attachment *attach, bool pfns),
	TP_ARGS(attach, pfns)
);

#endif /* _TRACE_DMA_BUF_H */

/* This part must be outside protection */
#include <trace/define_trace.h>
