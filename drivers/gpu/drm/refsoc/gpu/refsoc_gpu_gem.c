// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Buffers
 *
 * Buffers are shmem objects; their pages are pinned and mapped for DMA at the
 * first use by a job, an importer, or a CPU whose mapping is not cached: the
 * pages have been zeroed through the cache, and the lines must be out of it
 * before anybody writes past it. They stay mapped from then on. An imported
 * buffer is mapped by its exporter, a user pointer's pages at its owner's first
 * job. All get their GPU address from the driver's own page table.
 */

#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/ktime.h>
#include <linux/mm.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>
#include <drm/drm_vma_manager.h>

#include "refsoc_gpu_drv.h"
#include "refsoc_gpu_trace.h"

MODULE_IMPORT_NS(DMA_BUF);

/* What drm_gem_shmem_get_pages_sgt() does, where the lock is held already. */
static int map_pages(struct drm_gem_shmem_object *shmem)
{
	struct device *dev = shmem->base.dev->dev;
	struct sg_table *sgt;
	int ret;

	dma_resv_assert_held(shmem->base.resv);
	if (shmem->sgt)
		return 0;
	ret = drm_gem_shmem_pin_locked(shmem);
	if (ret)
		return ret;
	sgt = drm_gem_shmem_get_sg_table(shmem);
	if (IS_ERR(sgt)) {
		ret = PTR_ERR(sgt);
		goto err_unpin;
	}
	ret = dma_map_sgtable(dev, sgt, DMA_BIDIRECTIONAL, 0);
	if (ret)
		goto err_free;
	shmem->sgt = sgt;
	return 0;

err_free:
	sg_free_table(sgt);
	kfree(sgt);
err_unpin:
	drm_gem_shmem_unpin_locked(shmem);
	return ret;
}

static int gem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	struct refsoc_gpu_bo *bo = to_refsoc_gpu_bo(obj);
	int ret;

	if (obj->import_attach)
		return drm_gem_shmem_mmap(&bo->base, vma);
	if (bo->base.map_wc) {
		struct sg_table *sgt = drm_gem_shmem_get_pages_sgt(&bo->base);

		if (IS_ERR(sgt))
			return PTR_ERR(sgt);
	}
	ret = drm_gem_shmem_mmap(&bo->base, vma);
	if (!ret && bo->flags & ETNA_BO_UNCACHED)
		vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	return ret;
}

/* PRIME maps for importers without maintenance of the caches. */
static int gem_pin(struct drm_gem_object *obj)
{
	int ret = map_pages(to_drm_gem_shmem_obj(obj));

	return ret ?: drm_gem_shmem_object_pin(obj);
}

static int gem_vmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	struct refsoc_gpu_bo *bo = to_refsoc_gpu_bo(obj);
	int ret = 0;

	if (!obj->import_attach && bo->base.map_wc)
		ret = map_pages(&bo->base);
	return ret ?: drm_gem_shmem_vmap(&bo->base, map);
}

static void gem_free(struct drm_gem_object *obj)
{
	struct refsoc_gpu_bo *bo = to_refsoc_gpu_bo(obj);

	refsoc_gpu_mmu_remove(to_refsoc_gpu_device(obj->dev), &bo->map);
	drm_gem_shmem_free(&bo->base);
}

static enum drm_gem_object_status gem_status(struct drm_gem_object *obj)
{
	return obj->import_attach || to_drm_gem_shmem_obj(obj)->pages ?
	       DRM_GEM_OBJECT_RESIDENT : 0;
}

static const struct drm_gem_object_funcs gem_funcs = {
	.free = gem_free,
	.print_info = drm_gem_shmem_object_print_info,
	.pin = gem_pin,
	.unpin = drm_gem_shmem_object_unpin,
	.get_sg_table = drm_gem_shmem_object_get_sg_table,
	.vmap = gem_vmap,
	.vunmap = drm_gem_shmem_object_vunmap,
	.mmap = gem_mmap,
	.status = gem_status,
	.vm_ops = &drm_gem_shmem_vm_ops,
};

/**
 * refsoc_gpu_gem_create_object() - memory for a buffer's bookkeeping
 * @drm: the device
 * @size: unused
 *
 * Called by the shmem helpers for new and for imported buffers.
 *
 * Return: the object, or an ERR_PTR().
 */
struct drm_gem_object *refsoc_gpu_gem_create_object(struct drm_device *drm,
						    size_t size)
{
	struct refsoc_gpu_bo *bo = kzalloc(sizeof(*bo), GFP_KERNEL);

	if (!bo)
		return ERR_PTR(-ENOMEM);
	bo->base.base.funcs = &gem_funcs;
	return &bo->base.base;
}

/**
 * refsoc_gpu_bo_get() - make a buffer reachable for the GPU
 * @rdev: the device
 * @bo: the buffer; its reservation lock is not held
 *
 * Return: 0, or what pinning, mapping or the address space say. @bo->map.iova
 * is good until refsoc_gpu_bo_put().
 */
int refsoc_gpu_bo_get(struct refsoc_gpu_device *rdev, struct refsoc_gpu_bo *bo)
{
	struct sg_table *sgt;
	int ret;

	if (bo->user.mm) {
		ret = refsoc_gpu_userptr_map(bo);
		if (ret)
			return ret;
	}
	sgt = drm_gem_shmem_get_pages_sgt(&bo->base);
	if (IS_ERR(sgt))
		return PTR_ERR(sgt);
	return refsoc_gpu_mmu_get(rdev, &bo->map, sgt, bo->base.base.size,
				  bo->flags & ETNA_BO_FORCE_MMU);
}

void refsoc_gpu_bo_put(struct refsoc_gpu_device *rdev,
		       struct refsoc_gpu_bo *bo)
{
	refsoc_gpu_mmu_put(rdev, &bo->map);
}

static bool gem_flags_valid(u32 flags)
{
	u32 cache = flags & ETNA_BO_CACHE_MASK;

	return !(flags & ~(ETNA_BO_CACHE_MASK | ETNA_BO_FORCE_MMU)) &&
	       (cache == ETNA_BO_CACHED || cache == ETNA_BO_WC ||
		cache == ETNA_BO_UNCACHED);
}

int refsoc_gpu_ioctl_gem_new(struct drm_device *drm, void *data,
			     struct drm_file *file)
{
	struct drm_etnaviv_gem_new *args = data;
	struct drm_gem_shmem_object *shmem;
	struct refsoc_gpu_bo *bo;
	int ret;

	if (!args->size || args->size > SZ_2G || !gem_flags_valid(args->flags)) {
		drm_dbg(drm, "no buffer of %llu bytes with flags %x\n",
			args->size, args->flags);
		return -EINVAL;
	}
	if (args->size > (u64)totalram_pages() << PAGE_SHIFT) {
		drm_dbg(drm, "no buffer of %llu bytes: more than all memory\n",
			args->size);
		return -ENOMEM;
	}
	shmem = drm_gem_shmem_create(drm, args->size);
	if (IS_ERR(shmem))
		return PTR_ERR(shmem);
	/* The cores are not coherent: what is not cached needs no care. */
	shmem->map_wc = !(args->flags & ETNA_BO_CACHED);
	bo = to_refsoc_gpu_bo(&shmem->base);
	bo->flags = args->flags;
	ret = drm_gem_handle_create(file, &shmem->base, &args->handle);
	drm_gem_object_put(&shmem->base);
	return ret;
}

int refsoc_gpu_ioctl_gem_info(struct drm_device *drm, void *data,
			      struct drm_file *file)
{
	struct drm_etnaviv_gem_info *args = data;
	struct drm_gem_object *obj;
	int ret;

	if (args->pad)
		return -EINVAL;
	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;
	ret = drm_gem_create_mmap_offset(obj);
	if (!ret)
		args->offset = drm_vma_node_offset_addr(&obj->vma_node);
	drm_gem_object_put(obj);
	return ret;
}

/**
 * refsoc_gpu_timeout() - how long until then
 * @when: absolute time on CLOCK_MONOTONIC, from user space
 *
 * Return: jiffies, 0 if it has passed, never more than a wait can take.
 */
long refsoc_gpu_timeout(const struct drm_etnaviv_timespec *when)
{
	struct timespec64 ts = {
		.tv_sec = when->tv_sec, .tv_nsec = when->tv_nsec,
	};
	ktime_t left;

	if (when->tv_sec < 0 || when->tv_nsec < 0)
		return 0;
	if (!timespec64_valid(&ts))
		return MAX_SCHEDULE_TIMEOUT - 1;
	left = ktime_sub(timespec64_to_ktime(ts), ktime_get());
	if (left <= 0)
		return 0;
	return min_t(u64, nsecs_to_jiffies64(ktime_to_ns(left)) + 1,
		     MAX_SCHEDULE_TIMEOUT - 1);
}

static int wait_resv(struct drm_gem_object *obj, bool write, bool nonblock,
		     const struct drm_etnaviv_timespec *timeout)
{
	enum dma_resv_usage usage = dma_resv_usage_rw(write);
	long ret;

	if (nonblock)
		return dma_resv_test_signaled(obj->resv, usage) ? 0 : -EBUSY;
	ret = dma_resv_wait_timeout(obj->resv, usage, true,
				    refsoc_gpu_timeout(timeout));
	return ret > 0 ? 0 : ret ?: -ETIMEDOUT;
}

static enum dma_data_direction prep_direction(struct refsoc_gpu_bo *bo, u32 op)
{
	if (bo->user.read_only)
		return DMA_TO_DEVICE;
	return op & ETNA_PREP_WRITE ? DMA_BIDIRECTIONAL : DMA_FROM_DEVICE;
}

/* An access that has begun, and not only what kind of one it is */
#define CPU_ACCESS	BIT(31)

/* Caches matter only for our own pages, once they are mapped. */
static bool needs_sync(struct refsoc_gpu_bo *bo)
{
	return bo->flags & ETNA_BO_CACHED && bo->base.sgt &&
	       !bo->base.base.import_attach;
}

static int prep(struct refsoc_gpu_bo *bo, u32 op)
{
	struct drm_gem_object *obj = &bo->base.base;
	enum dma_data_direction dir = prep_direction(bo, op);
	int ret = dma_resv_lock_interruptible(obj->resv, NULL);

	if (ret)
		return ret;
	trace_refsoc_gpu_sync(obj->size, dir, true, obj->import_attach);
	if (needs_sync(bo))
		dma_sync_sgtable_for_cpu(obj->dev->dev, bo->base.sgt, dir);
	bo->cpu_op = op | CPU_ACCESS;
	dma_resv_unlock(obj->resv);
	/* The exporter knows what its memory needs; it takes the lock itself. */
	if (obj->import_attach)
		ret = dma_buf_begin_cpu_access(obj->import_attach->dmabuf, dir);
	return ret;
}

static int fini(struct refsoc_gpu_bo *bo)
{
	struct drm_gem_object *obj = &bo->base.base;
	enum dma_data_direction dir;
	int ret = dma_resv_lock_interruptible(obj->resv, NULL);
	u32 op;

	if (ret)
		return ret;
	op = bo->cpu_op;
	dir = prep_direction(bo, op);
	trace_refsoc_gpu_sync(obj->size, dir, false, obj->import_attach);
	if (op && needs_sync(bo))
		dma_sync_sgtable_for_device(obj->dev->dev, bo->base.sgt, dir);
	bo->cpu_op = 0;
	dma_resv_unlock(obj->resv);
	if (op && obj->import_attach)
		ret = dma_buf_end_cpu_access(obj->import_attach->dmabuf, dir);
	return ret;
}

int refsoc_gpu_ioctl_gem_cpu_prep(struct drm_device *drm, void *data,
				  struct drm_file *file)
{
	struct drm_etnaviv_gem_cpu_prep *args = data;
	struct drm_gem_object *obj;
	int ret;

	if (args->op & ~(ETNA_PREP_READ | ETNA_PREP_WRITE | ETNA_PREP_NOSYNC)) {
		drm_dbg(drm, "unknown CPU access %x\n", args->op);
		return -EINVAL;
	}
	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;
	ret = wait_resv(obj, args->op & ETNA_PREP_WRITE,
			args->op & ETNA_PREP_NOSYNC, &args->timeout);
	if (!ret)
		ret = prep(to_refsoc_gpu_bo(obj), args->op);
	drm_gem_object_put(obj);
	return ret;
}

int refsoc_gpu_ioctl_gem_cpu_fini(struct drm_device *drm, void *data,
				  struct drm_file *file)
{
	struct drm_etnaviv_gem_cpu_fini *args = data;
	struct drm_gem_object *obj;
	int ret;

	if (args->flags)
		return -EINVAL;
	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;
	ret = fini(to_refsoc_gpu_bo(obj));
	drm_gem_object_put(obj);
	return ret;
}

int refsoc_gpu_ioctl_gem_wait(struct drm_device *drm, void *data,
			      struct drm_file *file)
{
	struct drm_etnaviv_gem_wait *args = data;
	struct refsoc_gpu_core *core;
	struct drm_gem_object *obj;
	int ret;

	if (args->flags & ~ETNA_WAIT_NONBLOCK)
		return -EINVAL;
	core = refsoc_gpu_core_by_pipe(to_refsoc_gpu_device(drm), args->pipe);
	if (IS_ERR(core))
		return PTR_ERR(core);
	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;
	ret = wait_resv(obj, true, args->flags & ETNA_WAIT_NONBLOCK,
			&args->timeout);
	drm_gem_object_put(obj);
	return ret;
}
