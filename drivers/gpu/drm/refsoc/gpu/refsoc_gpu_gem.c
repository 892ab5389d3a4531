// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Buffers
 *
 * A buffer of our own takes no memory until it is used, see "Memory behind
 * buffers". CPUs map it as it was made: cached, write-combined or uncached.
 * Cached buffers are handed from the GPU to the CPU and back by CPU_PREP and
 * CPU_FINI, or through the dma-buf if there is one.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/ktime.h>

#include <drm/drm_drv.h>
#include <drm/drm_prime.h>
#include <drm/drm_print.h>
#include <drm/drm_vma_manager.h>

#include "refsoc_gpu_drv.h"
#include "refsoc_gpu_trace.h"

static vm_fault_t gem_fault(struct vm_fault *vmf)
{
	struct drm_gem_object *obj = vmf->vma->vm_private_data;

	return dma_buf_storage_fault(&to_refsoc_gpu_bo(obj)->storage, vmf);
}

static const struct vm_operations_struct gem_vm_ops = {
	.fault = gem_fault,
	.open = drm_gem_vm_open,
	.close = drm_gem_vm_close,
};

static int gem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	int ret;

	if (!obj->import_attach)
		return dma_buf_storage_mmap(&to_refsoc_gpu_bo(obj)->storage,
					    vma);
	/* The exporter's mapping knows nothing of us, and holds its dma-buf. */
	vma->vm_private_data = NULL;
	vma->vm_ops = NULL;
	ret = dma_buf_mmap(obj->import_attach->dmabuf, vma, 0);
	if (!ret)
		drm_gem_object_put(obj);
	return ret;
}

static enum drm_gem_object_status gem_status(struct drm_gem_object *obj)
{
	const struct refsoc_gpu_bo *bo = to_refsoc_gpu_bo(obj);

	if (obj->import_attach ||
	    READ_ONCE(bo->storage.state) & DMA_BUF_STORAGE_STATE_ALLOCATED)
		return DRM_GEM_OBJECT_RESIDENT;
	return 0;
}

/**
 * refsoc_gpu_gem_init() - the start of each buffer
 * @drm: the device
 * @bo: the buffer, with its reservation object if that is not its own
 * @size: its size, in whole pages
 */
void refsoc_gpu_gem_init(struct drm_device *drm, struct refsoc_gpu_bo *bo,
			 size_t size)
{
	struct refsoc_gpu_device *rdev = to_refsoc_gpu_device(drm);

	drm_gem_private_object_init(drm, &bo->base, size);
	mutex_lock(&rdev->bos_lock);
	list_add_tail(&bo->list, &rdev->bos);
	mutex_unlock(&rdev->bos_lock);
}

static void unmap(struct refsoc_gpu_bo *bo)
{
	dma_resv_lock(bo->base.resv, NULL);
	refsoc_gpu_backing_drop(bo);
	if (bo->user.mm)
		refsoc_gpu_userptr_unmap(bo);
	dma_resv_unlock(bo->base.resv);
}

/**
 * refsoc_gpu_gem_unmap() - the end of each buffer, or the start of its end
 * @bo: the buffer, which no job uses
 */
void refsoc_gpu_gem_unmap(struct refsoc_gpu_bo *bo)
{
	struct refsoc_gpu_device *rdev = to_refsoc_gpu_device(bo->base.dev);

	/* On the list for as long as it is mapped. */
	unmap(bo);
	mutex_lock(&rdev->bos_lock);
	list_del(&bo->list);
	mutex_unlock(&rdev->bos_lock);
}

/**
 * refsoc_gpu_gem_unmap_all() - let no mapping outlive the device's driver
 * @rdev: the device; there are no jobs, nor will there be any
 *
 * Buffers stay, and so do their contents, for those who still have them open.
 */
void refsoc_gpu_gem_unmap_all(struct refsoc_gpu_device *rdev)
{
	struct refsoc_gpu_bo *bo;

	mutex_lock(&rdev->bos_lock);
	list_for_each_entry(bo, &rdev->bos, list)
		unmap(bo);
	mutex_unlock(&rdev->bos_lock);
}

static void gem_free(struct drm_gem_object *obj)
{
	struct refsoc_gpu_bo *bo = to_refsoc_gpu_bo(obj);

	refsoc_gpu_gem_unmap(bo);
	if (obj->import_attach)
		drm_prime_gem_destroy(obj, NULL);
	else
		dma_buf_storage_fini(&bo->storage);
	drm_gem_object_release(obj);
	kfree(bo);
}

const struct drm_gem_object_funcs refsoc_gpu_gem_funcs = {
	.free = gem_free,
	.export = refsoc_gpu_prime_export,
	.mmap = gem_mmap,
	.status = gem_status,
	.vm_ops = &gem_vm_ops,
};

static bool gem_flags_valid(u32 flags)
{
	u32 cache = flags & ETNA_BO_CACHE_MASK;

	return !(flags & ~(ETNA_BO_CACHE_MASK | ETNA_BO_FORCE_MMU)) &&
	       (cache == ETNA_BO_CACHED || cache == ETNA_BO_WC ||
		cache == ETNA_BO_UNCACHED);
}

/* The cores are not coherent: what is not cached needs no care. */
static enum dma_buf_storage_caching gem_caching(u32 flags)
{
	if (flags & ETNA_BO_UNCACHED)
		return DMA_BUF_STORAGE_UNCACHED;
	return flags & ETNA_BO_WC ? DMA_BUF_STORAGE_WC : DMA_BUF_STORAGE_CACHED;
}

static int gem_init_storage(struct refsoc_gpu_bo *bo)
{
	struct drm_gem_object *obj = &bo->base;
	struct dma_buf_storage *st = &bo->storage;
	int ret;

	ret = dma_buf_storage_init(st, obj->size, gem_caching(bo->flags), 0);
	if (!ret)
		ret = drm_gem_create_mmap_offset(obj);
	if (ret)
		return ret;
	st->ops = &refsoc_gpu_storage_ops;
	st->resv = obj->resv;
	st->mapping = obj->dev->anon_inode->i_mapping;
	st->pgoff = drm_vma_node_start(&obj->vma_node);
	return 0;
}

static struct drm_gem_object *lookup(struct drm_file *file, u32 handle)
{
	struct drm_gem_object *obj = drm_gem_object_lookup(file, handle);

	if (!obj)
		drm_dbg(file->minor->dev, "no handle %u\n", handle);
	return obj;
}

static int refuse(struct drm_device *drm, const char *what, u32 value)
{
	drm_dbg(drm, "%s of %x\n", what, value);
	return -EINVAL;
}

int refsoc_gpu_ioctl_gem_new(struct drm_device *drm, void *data,
			     struct drm_file *file)
{
	struct drm_etnaviv_gem_new *args = data;
	struct refsoc_gpu_bo *bo;
	int ret;

	if (!args->size || args->size > SZ_2G || !gem_flags_valid(args->flags)) {
		drm_dbg(drm, "no buffer of %llu bytes with flags %x\n",
			args->size, args->flags);
		return -EINVAL;
	}
	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return -ENOMEM;
	bo->flags = args->flags;
	bo->base.funcs = &refsoc_gpu_gem_funcs;
	refsoc_gpu_gem_init(drm, bo, PAGE_ALIGN(args->size));
	ret = gem_init_storage(bo);
	if (!ret)
		ret = drm_gem_handle_create(file, &bo->base, &args->handle);
	else
		drm_dbg(drm, "no buffer of %llu bytes: %d\n", args->size, ret);
	drm_gem_object_put(&bo->base);
	return ret;
}

int refsoc_gpu_ioctl_gem_info(struct drm_device *drm, void *data,
			      struct drm_file *file)
{
	struct drm_etnaviv_gem_info *args = data;
	struct drm_gem_object *obj;
	int ret;

	if (args->pad)
		return refuse(drm, "padding", args->pad);
	obj = lookup(file, args->handle);
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

/* The dma-buf it comes from or has been made, with a reference, or NULL */
static struct dma_buf *get_dmabuf(struct drm_gem_object *obj)
{
	struct dma_buf *dmabuf;

	mutex_lock(&obj->dev->object_name_lock);
	dmabuf = obj->import_attach ? obj->import_attach->dmabuf : obj->dma_buf;
	if (dmabuf)
		get_dma_buf(dmabuf);
	mutex_unlock(&obj->dev->object_name_lock);
	return dmabuf;
}

static void put_dmabuf(struct dma_buf *dmabuf)
{
	if (dmabuf)
		dma_buf_put(dmabuf);
}

/* With a dma-buf, others may have it mapped: their caches count as well. */
static int prep(struct refsoc_gpu_bo *bo, u32 op)
{
	enum dma_data_direction dir = prep_direction(bo, op);
	struct dma_buf *dmabuf = get_dmabuf(&bo->base);
	int ret = dma_resv_lock_interruptible(bo->base.resv, NULL);

	if (!ret) {
		trace_refsoc_gpu_sync(bo->base.size, dir, true,
				      bo->base.import_attach);
		if (!dmabuf)
			refsoc_gpu_backing_sync(bo, dir, true);
		bo->cpu_op = op | CPU_ACCESS;
		dma_resv_unlock(bo->base.resv);
		if (dmabuf)
			ret = dma_buf_begin_cpu_access(dmabuf, dir);
	}
	put_dmabuf(dmabuf);
	return ret;
}

static int fini(struct refsoc_gpu_bo *bo)
{
	struct dma_buf *dmabuf = get_dmabuf(&bo->base);
	enum dma_data_direction dir;
	int ret = dma_resv_lock_interruptible(bo->base.resv, NULL);
	u32 op;

	if (!ret) {
		op = bo->cpu_op;
		dir = prep_direction(bo, op);
		trace_refsoc_gpu_sync(bo->base.size, dir, false,
				      bo->base.import_attach);
		if (op && !dmabuf)
			refsoc_gpu_backing_sync(bo, dir, false);
		bo->cpu_op = 0;
		dma_resv_unlock(bo->base.resv);
		if (op && dmabuf)
			ret = dma_buf_end_cpu_access(dmabuf, dir);
	}
	put_dmabuf(dmabuf);
	return ret;
}

int refsoc_gpu_ioctl_gem_cpu_prep(struct drm_device *drm, void *data,
				  struct drm_file *file)
{
	struct drm_etnaviv_gem_cpu_prep *args = data;
	struct drm_gem_object *obj;
	int ret;

	if (args->op & ~(ETNA_PREP_READ | ETNA_PREP_WRITE | ETNA_PREP_NOSYNC))
		return refuse(drm, "CPU access", args->op);
	obj = lookup(file, args->handle);
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
		return refuse(drm, "flags", args->flags);
	obj = lookup(file, args->handle);
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
		return refuse(drm, "flags", args->flags);
	core = refsoc_gpu_core_by_pipe(to_refsoc_gpu_device(drm), args->pipe);
	if (IS_ERR(core))
		return PTR_ERR(core);
	obj = lookup(file, args->handle);
	if (!obj)
		return -ENOENT;
	ret = wait_resv(obj, true, args->flags & ETNA_WAIT_NONBLOCK,
			&args->timeout);
	drm_gem_object_put(obj);
	return ret;
}
