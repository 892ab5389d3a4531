// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Memory behind buffers
 *
 * What a job works on is a backing: a table of memory, mapped for the cores,
 * and its place in their address space. A buffer gets one when a job wants it
 * and keeps it until the contents move elsewhere, for the sake of an importer
 * of ours or because an exporter says so. Jobs that are under way keep the old
 * one until they are done.
 *
 * Buffers of our own get their memory from &struct dma_buf_storage, imported
 * ones from their exporter, user pointers from their process.
 */

#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/slab.h>

#include "refsoc_gpu_drv.h"

/**
 * refsoc_gpu_map_table() - map memory for the cores
 * @bo: the buffer whose memory it is
 * @sgt: a table of it
 * @dir: what the cores do with it
 *
 * Caches are looked after in a call of its own, if the CPU has the memory in
 * any. It comes to the same, but that DMA_API_DEBUG takes memory for a bug
 * which is mapped twice and synchronized by mapping it: importers map a buffer
 * of ours too, and two user pointers may be one page.
 *
 * Return: 0, or an error of dma_map_sgtable().
 */
int refsoc_gpu_map_table(struct refsoc_gpu_bo *bo, struct sg_table *sgt,
			 enum dma_data_direction dir)
{
	struct device *dev = bo->base.dev->dev;
	int ret = dma_map_sgtable(dev, sgt, dir, DMA_ATTR_SKIP_CPU_SYNC);

	if (!ret && bo->flags & ETNA_BO_CACHED)
		dma_sync_sgtable_for_device(dev, sgt, dir);
	return ret;
}

/**
 * refsoc_gpu_unmap_table() - undo refsoc_gpu_map_table()
 * @bo: the buffer
 * @sgt: the table
 * @dir: what the cores were to do with it
 */
void refsoc_gpu_unmap_table(struct refsoc_gpu_bo *bo, struct sg_table *sgt,
			    enum dma_data_direction dir)
{
	struct device *dev = bo->base.dev->dev;

	if (bo->flags & ETNA_BO_CACHED)
		dma_sync_sgtable_for_cpu(dev, sgt, dir);
	dma_unmap_sgtable(dev, sgt, dir, DMA_ATTR_SKIP_CPU_SYNC);
}

static struct sg_table *map_storage(struct refsoc_gpu_bo *bo)
{
	struct sg_table *sgt = dma_buf_storage_get_table(&bo->storage,
							 bo->base.dev->dev);
	int ret;

	if (IS_ERR(sgt))
		return sgt;
	ret = refsoc_gpu_map_table(bo, sgt, DMA_BIDIRECTIONAL);
	if (!ret)
		return sgt;
	dma_buf_storage_put_table(&bo->storage, sgt);
	return ERR_PTR(ret);
}

static struct sg_table *map_table(struct refsoc_gpu_bo *bo)
{
	if (bo->user.mm)
		return bo->user.sgt;
	if (bo->base.import_attach)
		return dma_buf_map_attachment(bo->base.import_attach,
					      DMA_BIDIRECTIONAL);
	return map_storage(bo);
}

static void unmap_table(struct refsoc_gpu_bo *bo, struct sg_table *sgt)
{
	if (bo->user.mm)
		return;
	if (bo->base.import_attach) {
		dma_buf_unmap_attachment(bo->base.import_attach, sgt,
					 DMA_BIDIRECTIONAL);
		return;
	}
	refsoc_gpu_unmap_table(bo, sgt, DMA_BIDIRECTIONAL);
	dma_buf_storage_put_table(&bo->storage, sgt);
}

static int create(struct refsoc_gpu_bo *bo)
{
	struct refsoc_gpu_backing *backing;
	struct sg_table *sgt;

	backing = kzalloc(sizeof(*backing), GFP_KERNEL);
	if (!backing)
		return -ENOMEM;
	sgt = map_table(bo);
	if (IS_ERR(sgt)) {
		kfree(backing);
		return PTR_ERR(sgt);
	}
	kref_init(&backing->ref);
	backing->bo = bo;
	backing->sgt = sgt;
	bo->backing = backing;
	return 0;
}

static void backing_free(struct kref *ref)
{
	struct refsoc_gpu_backing *backing =
		container_of(ref, struct refsoc_gpu_backing, ref);
	struct refsoc_gpu_bo *bo = backing->bo;

	refsoc_gpu_mmu_remove(to_refsoc_gpu_device(bo->base.dev),
			      &backing->map);
	unmap_table(bo, backing->sgt);
	kfree(backing);
}

/**
 * refsoc_gpu_backing_drop() - a buffer's memory will be somewhere else
 * @bo: the buffer; its reservation lock is held
 */
void refsoc_gpu_backing_drop(struct refsoc_gpu_bo *bo)
{
	struct refsoc_gpu_backing *backing = bo->backing;

	dma_resv_assert_held(bo->base.resv);
	bo->backing = NULL;
	if (backing)
		kref_put(&backing->ref, backing_free);
}

/* Locked from the choice of memory to the address: nothing moves in between. */
static int get_locked(struct refsoc_gpu_device *rdev, struct refsoc_gpu_bo *bo)
{
	int ret = 0;

	if (!bo->user.mm && !bo->base.import_attach)
		ret = dma_buf_storage_prepare(&bo->storage);
	if (!ret && !bo->backing)
		ret = create(bo);
	if (!ret)
		ret = refsoc_gpu_mmu_get(rdev, &bo->backing->map,
					 bo->backing->sgt, bo->base.size,
					 bo->flags & ETNA_BO_FORCE_MMU);
	return ret;
}

static struct refsoc_gpu_backing *get(struct refsoc_gpu_device *rdev,
				      struct refsoc_gpu_bo *bo)
{
	struct refsoc_gpu_backing *backing;
	int ret = dma_resv_lock_interruptible(bo->base.resv, NULL);

	if (ret)
		return ERR_PTR(ret);
	ret = get_locked(rdev, bo);
	backing = ret ? ERR_PTR(ret) : bo->backing;
	if (!ret)
		kref_get(&backing->ref);
	dma_resv_unlock(bo->base.resv);
	return backing;
}

/**
 * refsoc_gpu_backing_get() - make a buffer reachable for the GPU
 * @rdev: the device
 * @bo: the buffer; its reservation lock is not held
 *
 * If fences are in the way of memory that has to move, waits for them without
 * the lock, and leaves those that came meanwhile to user space, which calls
 * again.
 *
 * Return: the backing, whose address is good until refsoc_gpu_backing_put(), or
 * what pinning, mapping or the address space say; -EAGAIN.
 */
struct refsoc_gpu_backing *
refsoc_gpu_backing_get(struct refsoc_gpu_device *rdev, struct refsoc_gpu_bo *bo)
{
	struct refsoc_gpu_backing *backing;
	long ret;

	if (bo->user.mm) {
		ret = refsoc_gpu_userptr_map(bo);
		if (ret)
			return ERR_PTR(ret);
	}
	backing = get(rdev, bo);
	if (backing != ERR_PTR(-EAGAIN))
		return backing;
	ret = dma_resv_wait_timeout(bo->base.resv, DMA_RESV_USAGE_BOOKKEEP,
				    true, MAX_SCHEDULE_TIMEOUT);
	return ret < 0 ? ERR_PTR(ret) : get(rdev, bo);
}

/**
 * refsoc_gpu_backing_put() - a job no longer needs it
 * @rdev: the device
 * @backing: of a buffer that there is still a reference to, and whose
 *	reservation lock is not held
 */
void refsoc_gpu_backing_put(struct refsoc_gpu_device *rdev,
			    struct refsoc_gpu_backing *backing)
{
	struct dma_resv *resv = backing->bo->base.resv;

	refsoc_gpu_mmu_put(rdev, &backing->map);
	dma_resv_lock(resv, NULL);
	kref_put(&backing->ref, backing_free);
	dma_resv_unlock(resv);
}

/**
 * refsoc_gpu_backing_sync() - hand a buffer from the GPU to the CPU or back
 * @bo: the buffer; its reservation lock is held
 * @dir: what the CPU is going to do, or has done
 * @for_cpu: to the CPU
 *
 * Caches matter only where there are some, and once it has been mapped. What is
 * imported is its exporter's business.
 */
void refsoc_gpu_backing_sync(struct refsoc_gpu_bo *bo,
			     enum dma_data_direction dir, bool for_cpu)
{
	struct device *dev = bo->base.dev->dev;

	dma_resv_assert_held(bo->base.resv);
	if (!(bo->flags & ETNA_BO_CACHED) || !bo->backing ||
	    bo->base.import_attach)
		return;
	if (for_cpu)
		dma_sync_sgtable_for_cpu(dev, bo->backing->sgt, dir);
	else
		dma_sync_sgtable_for_device(dev, bo->backing->sgt, dir);
}
