// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Command memory
 *
 * The front end fetches only through the linear window, so that rings and
 * streams live in one contiguous piece of memory, handed out in granules of
 * 4 KiB. Who finds none left waits until a job has ended.
 */

#include <linux/dma-mapping.h>

#include "refsoc_gpu_drv.h"

int refsoc_gpu_cmdpool_init(struct refsoc_gpu_device *rdev)
{
	struct refsoc_gpu_cmdpool *pool = &rdev->cmdpool;

	spin_lock_init(&pool->lock);
	init_waitqueue_head(&pool->freed);
	pool->cpu = dma_alloc_wc(rdev->drm.dev, REFSOC_GPU_CMDBUF_POOL,
				 &pool->dma, GFP_KERNEL);
	return pool->cpu ? 0 : -ENOMEM;
}

void refsoc_gpu_cmdpool_fini(struct refsoc_gpu_device *rdev)
{
	struct refsoc_gpu_cmdpool *pool = &rdev->cmdpool;

	WARN_ON(!bitmap_empty(pool->used, REFSOC_GPU_CMDBUF_GRANULES));
	dma_free_wc(rdev->drm.dev, REFSOC_GPU_CMDBUF_POOL, pool->cpu,
		    pool->dma);
}

static bool try_alloc(struct refsoc_gpu_cmdpool *pool, unsigned int granules,
		      unsigned long *first)
{
	bool found;

	spin_lock(&pool->lock);
	*first = bitmap_find_next_zero_area(pool->used,
					    REFSOC_GPU_CMDBUF_GRANULES, 0,
					    granules, 0);
	found = *first < REFSOC_GPU_CMDBUF_GRANULES;
	if (found)
		bitmap_set(pool->used, *first, granules);
	spin_unlock(&pool->lock);
	return found;
}

/**
 * refsoc_gpu_cmdbuf_alloc() - get memory for a command stream
 * @rdev: the device
 * @buf: what is got
 * @size: bytes, at most half of the pool
 *
 * Waits until jobs have ended if the pool is full. Return: 0, -E2BIG, or
 * -ERESTARTSYS if a signal came while it waited.
 */
int refsoc_gpu_cmdbuf_alloc(struct refsoc_gpu_device *rdev,
			    struct refsoc_gpu_cmdbuf *buf, size_t size)
{
	struct refsoc_gpu_cmdpool *pool = &rdev->cmdpool;
	unsigned int granules = DIV_ROUND_UP(size, REFSOC_GPU_CMDBUF_GRANULE);
	unsigned long first;
	int ret;

	if (size > REFSOC_GPU_CMDBUF_POOL / 2)
		return -E2BIG;
	ret = wait_event_interruptible(pool->freed,
				       try_alloc(pool, granules, &first));
	if (ret)
		return ret;
	buf->first = first;
	buf->granules = granules;
	buf->words = 0;
	buf->cpu = pool->cpu + first * REFSOC_GPU_CMDBUF_GRANULE;
	buf->iova = pool->dma - rdev->mmu.base +
		    first * REFSOC_GPU_CMDBUF_GRANULE;
	return 0;
}

void refsoc_gpu_cmdbuf_free(struct refsoc_gpu_device *rdev,
			    struct refsoc_gpu_cmdbuf *buf)
{
	struct refsoc_gpu_cmdpool *pool = &rdev->cmdpool;

	if (!buf->granules)
		return;
	spin_lock(&pool->lock);
	bitmap_clear(pool->used, buf->first, buf->granules);
	spin_unlock(&pool->lock);
	buf->granules = 0;
	wake_up_all(&pool->freed);
}
