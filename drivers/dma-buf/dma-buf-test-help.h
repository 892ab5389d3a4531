/* SPDX-License-Identifier: GPL-2.0-only */
/* What all KUnit tests of dma-bufs need, in whichever module they are. */
#ifndef __DMA_BUF_TEST_HELP_H__
#define __DMA_BUF_TEST_HELP_H__

#include <kunit/test.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/platform_device.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

static inline void dma_buf_test_unregister(void *data)
{
	platform_device_unregister(data);
}

/**
 * dma_buf_test_device - a device that can do DMA
 * @test: test that it lives as long as
 * @name: what it is called
 *
 * Return: the device; without one the test ends.
 */
static inline struct device *dma_buf_test_device(struct kunit *test,
						 const char *name)
{
	struct platform_device *pdev;

	pdev = platform_device_register_simple(name, PLATFORM_DEVID_AUTO, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test,
							   dma_buf_test_unregister,
							   pdev));

	return &pdev->dev;
}

/**
 * struct dma_buf_test_fence - a fence that a test signals, now or later
 * @base: the fence
 * @lock: of @base
 * @work: signals it
 * @resv: reservation object it is in
 * @waited_locked: the lock of @resv was held when @work signalled
 */
struct dma_buf_test_fence {
	struct dma_fence base;
	spinlock_t lock;	/* of base */
	struct delayed_work work;
	struct dma_resv *resv;
	bool waited_locked;
};

static inline const char *dma_buf_test_fence_name(struct dma_fence *fence)
{
	return "dma-buf-test";
}

static const struct dma_fence_ops dma_buf_test_fence_ops = {
	.get_driver_name = dma_buf_test_fence_name,
	.get_timeline_name = dma_buf_test_fence_name,
};

static inline void dma_buf_test_fence_work(struct work_struct *work)
{
	struct dma_buf_test_fence *fence =
		container_of(work, struct dma_buf_test_fence, work.work);

	fence->waited_locked = dma_resv_is_locked(fence->resv);
	dma_fence_signal(&fence->base);
}

static inline void dma_buf_test_fence_end(void *data)
{
	struct dma_buf_test_fence *fence = data;

	cancel_delayed_work_sync(&fence->work);
	dma_fence_signal(&fence->base);
	dma_fence_put(&fence->base);
}

/**
 * dma_buf_test_fence - a device is at work
 * @test: the test; when it ends, the fence signals, and after a while even if
 *	it does not, as it is the test that waits for the fence
 * @resv: the reservation object of a buffer, not locked
 * @usage: what the device does to the buffer
 *
 * Return: the fence; without one the test ends.
 */
static inline struct dma_buf_test_fence *
dma_buf_test_fence(struct kunit *test, struct dma_resv *resv,
		   enum dma_resv_usage usage)
{
	struct dma_buf_test_fence *fence = kzalloc(sizeof(*fence), GFP_KERNEL);
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, fence);
	spin_lock_init(&fence->lock);
	dma_fence_init(&fence->base, &dma_buf_test_fence_ops, &fence->lock,
		       dma_fence_context_alloc(1), 1);
	INIT_DELAYED_WORK(&fence->work, dma_buf_test_fence_work);
	fence->resv = resv;
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test,
							   dma_buf_test_fence_end,
							   fence));

	dma_resv_lock(resv, NULL);
	ret = dma_resv_reserve_fences(resv, 1);
	if (!ret)
		dma_resv_add_fence(resv, &fence->base, usage);
	dma_resv_unlock(resv);
	KUNIT_ASSERT_EQ(test, 0, ret);
	schedule_delayed_work(&fence->work, 20 * HZ);

	return fence;
}

/* Signal a fence in a while: long enough for somebody to wait for it. */
static inline void dma_buf_test_signal_later(struct dma_buf_test_fence *fence)
{
	mod_delayed_work(system_wq, &fence->work, HZ / 10);
}

/*
 * The thread of a test is being killed, until dma_buf_test_revive(). Without a
 * lock: nobody else sends signals to the kernel's thread.
 */
static inline void dma_buf_test_kill(void)
{
	sigaddset(&current->pending.signal, SIGKILL);
	set_thread_flag(TIF_SIGPENDING);
}

static inline void dma_buf_test_revive(void)
{
	sigdelset(&current->pending.signal, SIGKILL);
	clear_thread_flag(TIF_SIGPENDING);
}

#endif /* __DMA_BUF_TEST_HELP_H__ */
