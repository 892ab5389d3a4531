// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA-BUF heap that chooses memory when it knows who is attached.
 *
 * For user space that does not know the needs of devices: it allocates here,
 * attaches everybody, and gets contiguous memory if one of them needs it.
 */

#include <linux/dma-buf.h>
#include <linux/dma-buf-storage.h>
#include <linux/dma-heap.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <uapi/linux/dma-heap.h>

static void deferred_heap_release(struct dma_buf *dmabuf)
{
	struct dma_buf_storage *st = dmabuf->priv;

	dma_buf_storage_unexport(st);
	dma_buf_storage_fini(st);
	kfree(st);
}

static const struct dma_buf_ops deferred_heap_buf_ops = {
	DMA_BUF_STORAGE_OPS,
	.release = deferred_heap_release,
};

static struct dma_buf *deferred_heap_allocate(struct dma_heap *heap,
					      unsigned long len, u32 fd_flags,
					      u64 heap_flags)
{
	struct dma_buf_export_info info = {
		.exp_name = dma_heap_get_name(heap),
		.owner = THIS_MODULE,
		.ops = &deferred_heap_buf_ops,
		.flags = fd_flags,
	};
	struct dma_buf_storage *st;
	struct dma_buf *dmabuf;
	int ret;

	st = kzalloc(sizeof(*st), GFP_KERNEL);
	if (!st)
		return ERR_PTR(-ENOMEM);
	ret = dma_buf_storage_init(st, len, DMA_BUF_STORAGE_CACHED,
				   heap_flags & DMA_HEAP_FLAG_CONTIG ?
				   DMA_BUF_ATTACH_CONTIG : 0);
	dmabuf = ret ? ERR_PTR(ret) : dma_buf_storage_export(st, &info);
	if (IS_ERR(dmabuf)) {
		dma_buf_storage_fini(st);
		kfree(st);
	}
	return dmabuf;
}

static const struct dma_heap_ops deferred_heap_ops = {
	.allocate = deferred_heap_allocate,
	.heap_flags = DMA_HEAP_FLAG_CONTIG,
};

static int __init deferred_heap_init(void)
{
	const struct dma_heap_export_info info = {
		.name = "deferred",
		.ops = &deferred_heap_ops,
	};

	return PTR_ERR_OR_ZERO(dma_heap_add(&info));
}
device_initcall(deferred_heap_init);
