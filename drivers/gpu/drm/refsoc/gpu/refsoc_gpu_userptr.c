// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: User pointers
 *
 * A range of a process's memory can be a buffer. Its pages are pinned at the
 * first job of that process which uses it, and for as long as the buffer lives:
 * the MMU cannot fault, and has no notion of pages that may only be read. What
 * keeps a read-only buffer from being written is the check of the stream.
 *
 * Pages that are pinned cannot be moved or reclaimed, so that they count as
 * the process's pinned memory and are limited by RLIMIT_MEMLOCK.
 */

#include <linux/capability.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include <drm/drm_print.h>

#include "refsoc_gpu_drv.h"

static enum dma_data_direction user_direction(struct refsoc_gpu_bo *bo)
{
	return bo->user.read_only ? DMA_TO_DEVICE : DMA_BIDIRECTIONAL;
}

static int n_pages(struct refsoc_gpu_bo *bo)
{
	return bo->base.size >> PAGE_SHIFT;
}

/* The process may end before its pages are unpinned; its mm_struct stays. */
static void uncharge(struct refsoc_gpu_bo *bo)
{
	atomic64_sub(n_pages(bo), &bo->user.mm->pinned_vm);
}

static int charge(struct refsoc_gpu_bo *bo)
{
	u64 pinned = atomic64_add_return(n_pages(bo), &bo->user.mm->pinned_vm);

	if (pinned <= rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT ||
	    capable(CAP_IPC_LOCK))
		return 0;
	drm_dbg(bo->base.dev, "%llu pages pinned would be too many\n", pinned);
	uncharge(bo);
	return -ENOMEM;
}

static int pin(struct refsoc_gpu_bo *bo, struct page **pages)
{
	unsigned int flags = FOLL_LONGTERM;
	int n = n_pages(bo), got = 0, ret;

	if (!bo->user.read_only)
		flags |= FOLL_WRITE;
	while (got < n) {
		ret = pin_user_pages_fast(bo->user.start + got * PAGE_SIZE,
					  n - got, flags, pages + got);
		if (ret <= 0) {
			unpin_user_pages(pages, got);
			return ret ?: -EFAULT;
		}
		got += ret;
	}
	return 0;
}

static struct page **pin_pages(struct refsoc_gpu_bo *bo)
{
	struct page **pages;
	int ret = charge(bo);

	if (ret)
		return ERR_PTR(ret);
	ret = -ENOMEM;
	pages = kvmalloc_array(n_pages(bo), sizeof(*pages), GFP_KERNEL_ACCOUNT);
	if (pages)
		ret = pin(bo, pages);
	if (!ret)
		return pages;
	kvfree(pages);
	uncharge(bo);
	return ERR_PTR(ret);
}

static void unpin_pages(struct refsoc_gpu_bo *bo, struct page **pages)
{
	unpin_user_pages_dirty_lock(pages, n_pages(bo), !bo->user.read_only);
	kvfree(pages);
	uncharge(bo);
}

static struct sg_table *map_for_dma(struct refsoc_gpu_bo *bo,
				    struct page **pages)
{
	struct drm_device *drm = bo->base.dev;
	struct sg_table *sgt = drm_prime_pages_to_sg(drm, pages, n_pages(bo));
	int ret;

	if (IS_ERR(sgt))
		return sgt;
	ret = refsoc_gpu_map_table(bo, sgt, user_direction(bo));
	if (!ret)
		return sgt;
	sg_free_table(sgt);
	kfree(sgt);
	return ERR_PTR(ret);
}

static void release(struct refsoc_gpu_bo *bo, struct page **pages,
		    struct sg_table *sgt)
{
	refsoc_gpu_unmap_table(bo, sgt, user_direction(bo));
	sg_free_table(sgt);
	kfree(sgt);
	unpin_pages(bo, pages);
}

/* Pages are pinned before the lock is taken: mmap_lock comes first. */
static int install(struct refsoc_gpu_bo *bo, struct page **pages,
		   struct sg_table *sgt)
{
	int ret = dma_resv_lock_interruptible(bo->base.resv, NULL);

	if (ret) {
		release(bo, pages, sgt);
		return ret;
	}
	if (bo->user.sgt) {
		release(bo, pages, sgt);	/* somebody was faster */
	} else {
		bo->user.pages = pages;
		bo->user.sgt = sgt;
	}
	dma_resv_unlock(bo->base.resv);
	return 0;
}

/**
 * refsoc_gpu_userptr_map() - make sure a user pointer's pages are there
 * @bo: a buffer of refsoc_gpu_ioctl_gem_userptr(); its lock is not held
 *
 * Return: 0, -EPERM to a process that is not the one whose memory it is and
 * comes before that one, or what pinning and mapping say.
 */
int refsoc_gpu_userptr_map(struct refsoc_gpu_bo *bo)
{
	struct page **pages;
	struct sg_table *sgt;

	if (READ_ONCE(bo->user.sgt))
		return 0;
	if (bo->user.mm != current->mm) {
		drm_dbg(bo->base.dev, "user pointer of another process\n");
		return -EPERM;
	}
	pages = pin_pages(bo);
	if (IS_ERR(pages))
		return PTR_ERR(pages);
	sgt = map_for_dma(bo, pages);
	if (IS_ERR(sgt)) {
		unpin_pages(bo, pages);
		return PTR_ERR(sgt);
	}
	return install(bo, pages, sgt);
}

/**
 * refsoc_gpu_userptr_unmap() - let go of a user pointer's pages
 * @bo: a buffer of refsoc_gpu_ioctl_gem_userptr() without a backing; its lock
 *	is held
 */
void refsoc_gpu_userptr_unmap(struct refsoc_gpu_bo *bo)
{
	dma_resv_assert_held(bo->base.resv);
	if (!bo->user.sgt)
		return;
	release(bo, bo->user.pages, bo->user.sgt);
	bo->user.pages = NULL;
	bo->user.sgt = NULL;
}

static void userptr_free(struct drm_gem_object *obj)
{
	struct refsoc_gpu_bo *bo = to_refsoc_gpu_bo(obj);

	refsoc_gpu_gem_unmap(bo);
	mmdrop(bo->user.mm);
	drm_gem_object_release(obj);
	kfree(bo);
}

static int userptr_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	/* The process has its mapping. */
	drm_dbg(obj->dev, "no mmap of a user pointer\n");
	return -EINVAL;
}

static struct dma_buf *userptr_export(struct drm_gem_object *obj, int flags)
{
	drm_dbg(obj->dev, "no export of a user pointer\n");
	return ERR_PTR(-EOPNOTSUPP);
}

static const struct drm_gem_object_funcs userptr_funcs = {
	.free = userptr_free,
	.export = userptr_export,
	.mmap = userptr_mmap,
};

static bool args_are_valid(const struct drm_etnaviv_gem_userptr *args)
{
	const u32 known = ETNA_USERPTR_READ | ETNA_USERPTR_WRITE;
	unsigned long start = args->user_ptr;

	return args->flags && !(args->flags & ~known) && args->user_size &&
	       args->user_size <= SZ_2G && start == args->user_ptr &&
	       !offset_in_page(args->user_ptr | args->user_size);
}

int refsoc_gpu_ioctl_gem_userptr(struct drm_device *drm, void *data,
				 struct drm_file *file)
{
	struct drm_etnaviv_gem_userptr *args = data;
	struct refsoc_gpu_bo *bo;
	int ret;

	if (!args_are_valid(args)) {
		drm_dbg(drm, "no user pointer to %llu bytes at %llx, flags %x\n",
			args->user_size, args->user_ptr, args->flags);
		return -EINVAL;
	}
	if (!access_ok(u64_to_user_ptr(args->user_ptr), args->user_size)) {
		drm_dbg(drm, "no user memory of %llu bytes at %llx\n",
			args->user_size, args->user_ptr);
		return -EFAULT;
	}
	bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	if (!bo)
		return -ENOMEM;
	bo->base.funcs = &userptr_funcs;
	refsoc_gpu_gem_init(drm, bo, args->user_size);
	bo->flags = ETNA_BO_CACHED;
	bo->user.start = args->user_ptr;
	bo->user.read_only = !(args->flags & ETNA_USERPTR_WRITE);
	bo->user.mm = current->mm;
	mmgrab(bo->user.mm);
	ret = drm_gem_handle_create(file, &bo->base, &args->handle);
	drm_gem_object_put(&bo->base);
	return ret;
}
