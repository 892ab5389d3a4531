// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callbacks of a dma-buf whose private data is a storage, see
 * dma-buf-storage.c.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/highmem.h>
#include <linux/mm.h>

#include "dma-buf-generation.h"
#include "dma-buf-storage-core.h"

/**
 * dma_buf_storage_ops_admit - &dma_buf_ops.admit of a storage
 * @dmabuf: buffer
 * @attach: who wants to be attached
 *
 * Return: 0, or the value of dma_buf_refuse().
 */
int dma_buf_storage_ops_admit(struct dma_buf *dmabuf,
			      struct dma_buf_attachment *attach)
{
	return dma_buf_storage_admit(dmabuf->priv, attach);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_admit, DMA_BUF);

/**
 * dma_buf_storage_ops_detach - &dma_buf_ops.detach of a storage
 * @dmabuf: buffer
 * @attach: who has left
 */
void dma_buf_storage_ops_detach(struct dma_buf *dmabuf,
				struct dma_buf_attachment *attach)
{
	dma_resv_lock(dmabuf->resv, NULL);
	dma_buf_storage_release_block(dmabuf->priv);
	dma_resv_unlock(dmabuf->resv);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_detach, DMA_BUF);

/**
 * dma_buf_storage_ops_pin - &dma_buf_ops.pin of a storage
 * @attach: who must not be moved away from
 *
 * Return: 0, or what dma_buf_storage_prepare() says.
 */
int dma_buf_storage_ops_pin(struct dma_buf_attachment *attach)
{
	struct dma_buf_storage *st = attach->dmabuf->priv;
	int ret = dma_buf_storage_prepare(st);

	if (!ret)
		st->pins++;
	return ret;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_pin, DMA_BUF);

/**
 * dma_buf_storage_ops_unpin - &dma_buf_ops.unpin of a storage
 * @attach: who had it pinned
 */
void dma_buf_storage_ops_unpin(struct dma_buf_attachment *attach)
{
	struct dma_buf_storage *st = attach->dmabuf->priv;

	dma_resv_assert_held(st->resv);
	st->pins--;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_unpin, DMA_BUF);

/**
 * dma_buf_storage_ops_get_scatterlist - &dma_buf_ops.get_scatterlist
 * @attach: who wants it
 *
 * Return: the table, or what dma_buf_storage_prepare() says.
 */
struct sg_table *
dma_buf_storage_ops_get_scatterlist(struct dma_buf_attachment *attach)
{
	return dma_buf_storage_get_table(attach->dmabuf->priv, attach->dev);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_get_scatterlist, DMA_BUF);

/**
 * dma_buf_storage_ops_put_scatterlist - &dma_buf_ops.put_scatterlist
 * @attach: who had it
 * @sgt: the table
 */
void dma_buf_storage_ops_put_scatterlist(struct dma_buf_attachment *attach,
					 struct sg_table *sgt)
{
	dma_buf_storage_put_table(attach->dmabuf->priv, sgt);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_put_scatterlist, DMA_BUF);

/**
 * dma_buf_storage_ops_get_pfns - &dma_buf_ops.get_pfns of a storage
 * @attach: who wants them
 *
 * Return: the PFNs, or what dma_buf_storage_prepare() says.
 */
struct dma_buf_pfns *
dma_buf_storage_ops_get_pfns(struct dma_buf_attachment *attach)
{
	struct dma_buf_storage *st = attach->dmabuf->priv;
	struct dma_buf_pfns *pfns;
	unsigned long i;
	int ret = dma_buf_storage_prepare(st);

	if (ret)
		return ERR_PTR(ret);
	pfns = dma_buf_alloc_pfns(attach->dmabuf, DMA_BUF_MEMORY_RAM);
	if (!pfns)
		return NULL;
	ret = dma_buf_storage_ref(st, pfns);
	if (ret) {
		dma_buf_free_pfns(pfns);
		return ERR_PTR(ret);
	}
	for (i = 0; i < pfns->count; i++)
		pfns->pfn[i] = page_to_pfn(dma_buf_generation_page(st->now, i));
	return pfns;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_get_pfns, DMA_BUF);

/**
 * dma_buf_storage_ops_put_pfns - &dma_buf_ops.put_pfns of a storage
 * @attach: who had them
 * @pfns: the PFNs
 */
void dma_buf_storage_ops_put_pfns(struct dma_buf_attachment *attach,
				  struct dma_buf_pfns *pfns)
{
	dma_buf_storage_unref(attach->dmabuf->priv, pfns);
	dma_buf_free_pfns(pfns);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_put_pfns, DMA_BUF);

/**
 * dma_buf_storage_ops_cpu_uncached - &dma_buf_ops.cpu_uncached of a storage
 * @dmabuf: buffer
 *
 * Return: whether no CPU maps it cached.
 */
bool dma_buf_storage_ops_cpu_uncached(struct dma_buf *dmabuf)
{
	struct dma_buf_storage *st = dmabuf->priv;

	return st->caching != DMA_BUF_STORAGE_CACHED;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_cpu_uncached, DMA_BUF);

/**
 * dma_buf_storage_ops_snapshot - &dma_buf_ops.snapshot of a storage
 * @dmabuf: buffer
 * @snap: what it is like
 */
void dma_buf_storage_ops_snapshot(struct dma_buf *dmabuf,
				  struct dma_buf_snapshot *snap)
{
	struct dma_buf_storage *st = dmabuf->priv;
	unsigned int state = READ_ONCE(st->state);

	snap->allocated = state & DMA_BUF_STORAGE_STATE_ALLOCATED;
	snap->contiguous = state & DMA_BUF_STORAGE_STATE_CONTIGUOUS;
	snap->has_pages = true;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_snapshot, DMA_BUF);

/**
 * dma_buf_storage_ops_begin_cpu_access - &dma_buf_ops.begin_cpu_access
 * @dmabuf: buffer
 * @dir: what the CPU is going to do
 *
 * The mappings of importers are the core's, and it looks after them; that of
 * the owner is the owner's.
 *
 * Return: 0, or what dma_buf_storage_prepare_unlocked() says.
 */
int dma_buf_storage_ops_begin_cpu_access(struct dma_buf *dmabuf,
					 enum dma_data_direction dir)
{
	struct dma_buf_storage *st = dmabuf->priv;
	int ret = dma_buf_storage_prepare_unlocked(st);

	if (!ret)
		ret = dma_resv_lock_interruptible(st->resv, NULL);
	if (ret)
		return ret;
	if (st->vaddr && st->caching == DMA_BUF_STORAGE_CACHED)
		invalidate_kernel_vmap_range(st->vaddr,
					     st->n_pages << PAGE_SHIFT);
	if (st->ops && st->ops->begin_cpu_access)
		st->ops->begin_cpu_access(st, dir);
	dma_resv_unlock(st->resv);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_begin_cpu_access, DMA_BUF);

/**
 * dma_buf_storage_ops_end_cpu_access - &dma_buf_ops.end_cpu_access of a storage
 * @dmabuf: buffer
 * @dir: what the CPU has done
 *
 * Return: 0.
 */
int dma_buf_storage_ops_end_cpu_access(struct dma_buf *dmabuf,
				       enum dma_data_direction dir)
{
	struct dma_buf_storage *st = dmabuf->priv;

	dma_resv_lock(st->resv, NULL);
	if (st->vaddr && st->caching == DMA_BUF_STORAGE_CACHED)
		flush_kernel_vmap_range(st->vaddr, st->n_pages << PAGE_SHIFT);
	if (st->ops && st->ops->end_cpu_access)
		st->ops->end_cpu_access(st, dir);
	dma_resv_unlock(st->resv);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_end_cpu_access, DMA_BUF);

/**
 * dma_buf_storage_ops_vmap - &dma_buf_ops.vmap of a storage
 * @dmabuf: buffer
 * @map: where it is
 *
 * Return: 0, or what dma_buf_storage_vmap() says.
 */
int dma_buf_storage_ops_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	return dma_buf_storage_vmap(dmabuf->priv, map);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_vmap, DMA_BUF);

/**
 * dma_buf_storage_ops_vunmap - &dma_buf_ops.vunmap of a storage
 * @dmabuf: buffer
 * @map: where it was
 */
void dma_buf_storage_ops_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	dma_buf_storage_vunmap(dmabuf->priv);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_vunmap, DMA_BUF);

static vm_fault_t storage_vm_fault(struct vm_fault *vmf)
{
	return dma_buf_storage_fault(vmf->vma->vm_private_data, vmf);
}

static const struct vm_operations_struct storage_vm_ops = {
	.fault = storage_vm_fault,
};

/**
 * dma_buf_storage_ops_mmap - &dma_buf_ops.mmap of a storage
 * @dmabuf: buffer; the VMA holds a reference to its file
 * @vma: pages of it
 *
 * Return: 0, or what dma_buf_storage_mmap() says.
 */
int dma_buf_storage_ops_mmap(struct dma_buf *dmabuf,
			     struct vm_area_struct *vma)
{
	struct dma_buf_storage *st = dmabuf->priv;
	int ret;

	vma->vm_pgoff += st->pgoff;
	ret = dma_buf_storage_mmap(st, vma);
	if (ret)
		return ret;
	vma->vm_ops = &storage_vm_ops;
	vma->vm_private_data = st;
	return 0;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_ops_mmap, DMA_BUF);
