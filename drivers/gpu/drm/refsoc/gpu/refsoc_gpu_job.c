// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Jobs
 *
 * Every file has a queue for each core, and each core a scheduler that lets
 * a few jobs onto the ring at a time. A job that does not end while the front
 * end stands still is taken for hung: its core is reset, its owner's queue is
 * banned, and the others' jobs run again.
 *
 * Fences are waited for by whoever frees memory, so that what happens between
 * a job's start and its fence takes no reservation lock and waits for no
 * memory. That includes freeing jobs, as the scheduler waits for it when it
 * stops: a worker does that.
 */

#include <linux/dma-fence.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include <drm/drm_print.h>

#include "refsoc_gpu_drv.h"
#include "refsoc_gpu_trace.h"

#define JOB_TIMEOUT_MS	500

/* Long enough for a hang to be noticed, and for what is behind it */
#define PAUSE_TIMEOUT_MS	(20 * JOB_TIMEOUT_MS)

/* A WAIT/LINK loop moves the front end by no more than this. */
#define IDLE_BYTES	16

static struct refsoc_gpu_job *to_job(struct drm_sched_job *base)
{
	return container_of(base, struct refsoc_gpu_job, base);
}

/**
 * refsoc_gpu_job_new() - a job that holds nothing yet
 * @core: where it will run
 * @usage: counts of its owner, who has been let in by refsoc_gpu_usage_begin()
 *
 * Return: the job, or NULL and refsoc_gpu_usage_end() has been called.
 */
struct refsoc_gpu_job *refsoc_gpu_job_new(struct refsoc_gpu_core *core,
					  struct refsoc_gpu_usage *usage)
{
	struct refsoc_gpu_job *job = kzalloc(sizeof(*job), GFP_KERNEL);

	if (!job) {
		refsoc_gpu_usage_end(usage);
		return NULL;
	}
	job->core = core;
	job->usage = refsoc_gpu_usage_get(usage);
	atomic_inc(&core->rdev->jobs);
	return job;
}

/**
 * refsoc_gpu_job_free() - let go of all a job holds
 * @job: a job that has run, or was never armed
 */
void refsoc_gpu_job_free(struct refsoc_gpu_job *job)
{
	struct refsoc_gpu_core *core = job->core;
	struct refsoc_gpu_device *rdev = core->rdev;

	for (u32 i = 0; i < job->n_bos; i++) {
		refsoc_gpu_backing_put(rdev, job->bos[i].backing);
		drm_gem_object_put(&job->bos[i].bo->base);
	}
	kvfree(job->bos);
	if (job->fence_id)
		dma_fence_put(xa_erase(&core->user_fences, job->fence_id));
	kvfree(job->words);
	refsoc_gpu_fence_free(job->hw_fence);
	refsoc_gpu_usage_end(job->usage);
	refsoc_gpu_usage_put(job->usage);
	if (job->powered) {
		pm_runtime_mark_last_busy(core->dev);
		pm_runtime_put_autosuspend(core->dev);
	}
	kfree(job);
	if (atomic_dec_and_test(&rdev->jobs))
		wake_up(&rdev->no_jobs);
}

static struct dma_fence *run_job(struct drm_sched_job *base)
{
	struct refsoc_gpu_job *job = to_job(base);
	struct refsoc_gpu_core *core = job->core;
	struct dma_fence *fence = job->hw_fence;
	bool cookie;
	int slot;

	if (base->s_fence->finished.error || !fence)
		return NULL;
	cookie = dma_fence_begin_signalling();
	mutex_lock(&core->lock);
	slot = refsoc_gpu_fence_start(core, fence, job->usage);
	if (slot >= 0) {
		job->hw_fence = NULL;
		refsoc_gpu_ring_queue(core, job, slot);
	}
	mutex_unlock(&core->lock);
	dma_fence_end_signalling(cookie);
	return slot < 0 ? ERR_PTR(slot) : fence;
}

/* The front end has moved, or a job has ended, since the last time-out. */
static bool makes_progress(struct refsoc_gpu_core *core)
{
	u32 address = gpu_read(core, VIVS_FE_DMA_ADDRESS);
	s32 moved = address - core->hang_address;
	u32 done = READ_ONCE(core->done_seq);
	bool progress = core->hang_seq != done ||
			moved < 0 || moved > IDLE_BYTES;

	core->hang_address = address;
	core->hang_seq = done;
	return progress;
}

static void recover(struct refsoc_gpu_core *core, struct refsoc_gpu_job *job)
{
	bool cookie = dma_fence_begin_signalling();
	u32 address;

	mutex_lock(&core->lock);
	address = gpu_read(core, VIVS_FE_DMA_ADDRESS);
	dev_err(core->dev, "job hangs at %08x, resetting\n", address);
	trace_refsoc_gpu_reset(core->index, address);
	core->resets++;
	refsoc_gpu_dump(core, job);
	disable_irq(core->irq);
	if (!refsoc_gpu_core_reset(core))
		refsoc_gpu_core_init(core);
	/* What it may have raised before is of no slot's job to come. */
	gpu_read(core, VIVS_HI_INTR_ACKNOWLEDGE);
	enable_irq(core->irq);
	refsoc_gpu_fence_fail_all(core, -ECANCELED);
	mutex_unlock(&core->lock);
	dma_fence_end_signalling(cookie);
}

/*
 * A job that has to run again wants a new fence. Memory that is not there at
 * once is not there: such a job ends with an error.
 */
static void renew_fences(struct refsoc_gpu_core *core)
{
	struct refsoc_gpu_job *job;

	list_for_each_entry(job, &core->sched.pending_list, base.list) {
		if (job->hw_fence)
			continue;
		job->hw_fence = refsoc_gpu_fence_alloc(GFP_NOWAIT |
						       __GFP_NOWARN);
		if (!job->hw_fence)
			dma_fence_set_error(&job->base.s_fence->finished,
					    -ENOMEM);
	}
}

/*
 * The scheduler takes a job from its list before it says that it timed out. If
 * that job has ended since, nobody but us knows that it is still to be freed.
 */
static void put_back(struct drm_sched_job *base)
{
	struct drm_gpu_scheduler *sched = base->sched;

	spin_lock(&sched->job_list_lock);
	list_add(&base->list, &sched->pending_list);
	spin_unlock(&sched->job_list_lock);
	queue_work(sched->submit_wq, &sched->work_free_job);
}

static enum drm_gpu_sched_stat timedout_job(struct drm_sched_job *base)
{
	struct refsoc_gpu_job *job = to_job(base);
	struct refsoc_gpu_core *core = job->core;
	struct drm_gpu_scheduler *sched = base->sched;
	struct dma_fence *fence = base->s_fence->parent;

	/* Without a fence it is about to start, and the timer was late. */
	if (!fence || dma_fence_is_signaled(fence) || makes_progress(core)) {
		put_back(base);
		return DRM_GPU_SCHED_STAT_NOMINAL;
	}
	drm_sched_stop(sched, base);
	drm_sched_increase_karma(base);
	recover(core, job);
	renew_fences(core);
	drm_sched_resubmit_jobs(sched);
	drm_sched_start(sched);
	if (READ_ONCE(core->paused))
		drm_sched_wqueue_stop(sched);
	return DRM_GPU_SCHED_STAT_NOMINAL;
}

static void free_worker(struct work_struct *work)
{
	refsoc_gpu_job_free(container_of(work, struct refsoc_gpu_job,
					 free_work));
}

static void free_job(struct drm_sched_job *base)
{
	struct refsoc_gpu_job *job = to_job(base);

	drm_sched_job_cleanup(base);
	INIT_WORK(&job->free_work, free_worker);
	queue_work(job->core->rdev->free_wq, &job->free_work);
}

static const struct drm_sched_backend_ops sched_ops = {
	.run_job = run_job,
	.timedout_job = timedout_job,
	.free_job = free_job,
};

/**
 * refsoc_gpu_sched_pause() - let no more jobs start, and wait for the others
 * @core: the core
 *
 * A job that hangs is dealt with meanwhile, and those behind it run again.
 *
 * Return: 0, or -EBUSY if they do not end, and the core goes on.
 */
int refsoc_gpu_sched_pause(struct refsoc_gpu_core *core)
{
	struct drm_gpu_scheduler *sched = &core->sched;

	WRITE_ONCE(core->paused, true);
	drm_sched_wqueue_stop(sched);
	do {
		if (!wait_event_timeout(core->idle, refsoc_gpu_fence_none(core),
					msecs_to_jiffies(PAUSE_TIMEOUT_MS))) {
			refsoc_gpu_sched_resume(core);
			return -EBUSY;
		}
		/* Nothing is on its way in the middle of a reset, either. */
		flush_work(&sched->work_tdr.work);
	} while (!refsoc_gpu_fence_none(core));
	return 0;
}

/**
 * refsoc_gpu_sched_resume() - let jobs start again
 * @core: the core that refsoc_gpu_sched_pause() was called for
 */
void refsoc_gpu_sched_resume(struct refsoc_gpu_core *core)
{
	WRITE_ONCE(core->paused, false);
	drm_sched_wqueue_start(&core->sched);
}

/**
 * refsoc_gpu_sched_init() - be ready for jobs
 * @core: the core
 *
 * Return: 0 or -ENOMEM.
 */
int refsoc_gpu_sched_init(struct refsoc_gpu_core *core)
{
	int ret = refsoc_gpu_dump_init(core);

	if (ret)
		return ret;
	core->fence_context = dma_fence_context_alloc(1);
	ret = drm_sched_init(&core->sched, &sched_ops, NULL,
			     DRM_SCHED_PRIORITY_COUNT, REFSOC_GPU_SLOTS, 0,
			     msecs_to_jiffies(JOB_TIMEOUT_MS), NULL, NULL,
			     dev_name(core->dev), core->dev);
	if (ret)
		refsoc_gpu_dump_fini(core);
	return ret;
}

/**
 * refsoc_gpu_sched_fini() - the end of refsoc_gpu_sched_init()
 * @core: the core; there are no jobs any more, and no files that could make any
 */
void refsoc_gpu_sched_fini(struct refsoc_gpu_core *core)
{
	drm_sched_fini(&core->sched);
	refsoc_gpu_dump_fini(core);
	xa_destroy(&core->user_fences);
}
