// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Events and fences
 *
 * A core has thirty events, of which those are used that have the number of a
 * slot for a stream (see "Command memory"). Each job on its way owns one, and
 * the interrupt handler signals the fence of every event it finds. Several
 * events may show up in one read of the interrupt register, which clears it.
 */

#include <linux/dma-fence.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "refsoc_gpu_drv.h"
#include "refsoc_gpu_trace.h"

/* Nothing in it needs the core, which it may outlive. But the module stays. */
struct gpu_fence {
	struct dma_fence base;
	/* the fence's: nothing of ours */
	spinlock_t lock;
	const char *timeline;
	struct refsoc_gpu_usage *usage;
	ktime_t queued;
};

static struct gpu_fence *to_gpu_fence(struct dma_fence *fence)
{
	return container_of(fence, struct gpu_fence, base);
}

static const char *fence_driver_name(struct dma_fence *fence)
{
	return "refsoc-gpu";
}

static const char *fence_timeline_name(struct dma_fence *fence)
{
	return to_gpu_fence(fence)->timeline;
}

static void fence_release(struct dma_fence *fence)
{
	dma_fence_free(fence);
	module_put(THIS_MODULE);
}

static const struct dma_fence_ops fence_ops = {
	.get_driver_name = fence_driver_name,
	.get_timeline_name = fence_timeline_name,
	.release = fence_release,
};

/**
 * refsoc_gpu_fence_alloc() - memory for the fence of a job
 * @gfp: how to get it
 *
 * Made while the job is, so that starting it allocates nothing.
 *
 * Return: a fence that is not one yet, or NULL. It belongs to the caller
 * until refsoc_gpu_fence_start() or refsoc_gpu_fence_free().
 */
struct dma_fence *refsoc_gpu_fence_alloc(gfp_t gfp)
{
	struct gpu_fence *f;

	if (!try_module_get(THIS_MODULE))
		return NULL;
	f = kzalloc(sizeof(*f), gfp);
	if (!f)
		module_put(THIS_MODULE);
	return f ? &f->base : NULL;
}

/**
 * refsoc_gpu_fence_free() - give back a fence that was never started
 * @fence: what refsoc_gpu_fence_alloc() returned, or NULL
 */
void refsoc_gpu_fence_free(struct dma_fence *fence)
{
	if (!fence)
		return;
	kfree(to_gpu_fence(fence));
	module_put(THIS_MODULE);
}

static int take_slot(struct refsoc_gpu_core *core, struct gpu_fence *f)
{
	unsigned long flags;
	int slot = -1;

	spin_lock_irqsave(&core->fence_lock, flags);
	for (int i = 0; i < REFSOC_GPU_SLOTS; i++) {
		if (core->events[i])
			continue;
		slot = i;
		dma_fence_init(&f->base, &fence_ops, &f->lock,
			       core->fence_context, ++core->fence_seq);
		core->events[i] = dma_fence_get(&f->base);
		break;
	}
	spin_unlock_irqrestore(&core->fence_lock, flags);
	return slot;
}

/**
 * refsoc_gpu_fence_start() - make a fence of it, and give it a slot
 * @core: the core whose slot it is
 * @fence: what refsoc_gpu_fence_alloc() returned
 * @usage: where the job's time is counted
 *
 * Return: the slot's number. The scheduler lets no more jobs onto a core than
 * there are slots, so that one is always free; -EBUSY would be a bug of ours,
 * and leaves @fence as it was.
 */
int refsoc_gpu_fence_start(struct refsoc_gpu_core *core,
			   struct dma_fence *fence,
			   struct refsoc_gpu_usage *usage)
{
	struct gpu_fence *f = to_gpu_fence(fence);
	int slot;

	spin_lock_init(&f->lock);
	f->timeline = refsoc_gpu_core_has_2d(core) ? "2d" : "3d";
	f->usage = refsoc_gpu_usage_get(usage);
	f->queued = ktime_get();
	slot = take_slot(core, f);
	if (WARN_ON(slot < 0)) {
		refsoc_gpu_usage_put(usage);
		return -EBUSY;
	}
	return slot;
}

/**
 * refsoc_gpu_fence_none() - whether a core has no job to do
 * @core: the core
 *
 * Return: true if no job is on its way; &refsoc_gpu_core.idle tells when.
 */
bool refsoc_gpu_fence_none(struct refsoc_gpu_core *core)
{
	bool none = true;

	spin_lock_irq(&core->fence_lock);
	for (unsigned int i = 0; i < REFSOC_GPU_SLOTS; i++)
		none &= !core->events[i];
	spin_unlock_irq(&core->fence_lock);
	return none;
}

static void count(struct refsoc_gpu_core *core, struct gpu_fence *f)
{
	ktime_t now = ktime_get(), start = f->queued, busy;

	if (ktime_after(core->done_time, start))
		start = core->done_time;
	busy = ktime_sub(now, start);
	core->done_time = now;
	trace_refsoc_gpu_done(core->index, f->base.seqno, busy);
	refsoc_gpu_usage_add(f->usage, core, busy);
	refsoc_gpu_usage_put(f->usage);
}

/* The interrupt's half; the lock is held. */
static void signal_event(struct refsoc_gpu_core *core, unsigned int event)
{
	struct dma_fence *fence = core->events[event];

	if (!fence)
		return;		/* raised again by a job that a reset undid */
	core->events[event] = NULL;
	core->done_seq = fence->seqno;
	count(core, to_gpu_fence(fence));
	dma_fence_signal(fence);
	dma_fence_put(fence);
	wake_up(&core->idle);
}

/**
 * refsoc_gpu_irq() - interrupt handler of a core
 * @irq: the interrupt
 * @data: the core
 *
 * Return: whether it was the core's.
 */
irqreturn_t refsoc_gpu_irq(int irq, void *data)
{
	struct refsoc_gpu_core *core = data;
	u32 status = gpu_read(core, VIVS_HI_INTR_ACKNOWLEDGE);
	unsigned long events = status;
	unsigned int event;

	if (!status)
		return IRQ_NONE;
	if (status & VIVS_HI_INTR_ACKNOWLEDGE_AXI)
		dev_err_ratelimited(core->dev, "bus error\n");
	spin_lock(&core->fence_lock);
	for_each_set_bit(event, &events, REFSOC_GPU_SLOTS)
		signal_event(core, event);
	spin_unlock(&core->fence_lock);
	return IRQ_HANDLED;
}

/**
 * refsoc_gpu_fence_fail_all() - signal all fences of a core that was reset
 * @core: the core
 * @error: negative errno they get
 */
void refsoc_gpu_fence_fail_all(struct refsoc_gpu_core *core, int error)
{
	unsigned long flags;

	spin_lock_irqsave(&core->fence_lock, flags);
	for (unsigned int i = 0; i < REFSOC_GPU_SLOTS; i++) {
		if (!core->events[i])
			continue;
		dma_fence_set_error(core->events[i], error);
		signal_event(core, i);
	}
	spin_unlock_irqrestore(&core->fence_lock, flags);
}
