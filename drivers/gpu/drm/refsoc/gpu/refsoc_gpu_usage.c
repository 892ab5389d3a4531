// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Usage
 *
 * How long each file has kept each core busy, for fdinfo. A core runs its jobs
 * one after the other, so that a job's time is from its start, or from the end
 * of the one before it if that came later, to its event. The counts outlive
 * the file, for jobs that do.
 *
 * A file that has many jobs waiting gets no more until one of them is over:
 * streams are kernel memory, and fences that they wait for may be far away.
 */

#include <linux/slab.h>

#include <drm/drm_print.h>

#include "refsoc_gpu_drv.h"

/* Jobs of a file that there may be at a time, streams of 8 MiB at most */
#define MAX_PENDING	64

/**
 * refsoc_gpu_usage_new() - counts for a file
 *
 * Return: the counts, all 0, or NULL.
 */
struct refsoc_gpu_usage *refsoc_gpu_usage_new(void)
{
	struct refsoc_gpu_usage *usage = kzalloc(sizeof(*usage), GFP_KERNEL);

	if (!usage)
		return NULL;
	kref_init(&usage->refs);
	init_waitqueue_head(&usage->freed);
	return usage;
}

/**
 * refsoc_gpu_usage_get() - hold on to it
 * @usage: the counts
 *
 * Return: @usage.
 */
struct refsoc_gpu_usage *refsoc_gpu_usage_get(struct refsoc_gpu_usage *usage)
{
	kref_get(&usage->refs);
	return usage;
}

static void usage_free(struct kref *refs)
{
	kfree(container_of(refs, struct refsoc_gpu_usage, refs));
}

/**
 * refsoc_gpu_usage_put() - let go of it
 * @usage: the counts, or NULL; any context
 */
void refsoc_gpu_usage_put(struct refsoc_gpu_usage *usage)
{
	if (usage)
		kref_put(&usage->refs, usage_free);
}

/**
 * refsoc_gpu_usage_begin() - a job is about to be made
 * @usage: its owner's counts
 *
 * Waits while there are too many of that owner's.
 *
 * Return: 0, or -ERESTARTSYS if a signal came.
 */
int refsoc_gpu_usage_begin(struct refsoc_gpu_usage *usage)
{
	return wait_event_interruptible(usage->freed,
					atomic_add_unless(&usage->pending, 1,
							  MAX_PENDING));
}

/**
 * refsoc_gpu_usage_end() - a job that refsoc_gpu_usage_begin() let in is gone
 * @usage: its owner's counts
 */
void refsoc_gpu_usage_end(struct refsoc_gpu_usage *usage)
{
	atomic_dec(&usage->pending);
	wake_up(&usage->freed);
}

/**
 * refsoc_gpu_usage_add() - count a job
 * @usage: its owner's
 * @core: where it ran
 * @busy: for how long
 */
void refsoc_gpu_usage_add(struct refsoc_gpu_usage *usage,
			  struct refsoc_gpu_core *core, ktime_t busy)
{
	atomic64_add(ktime_to_ns(busy), &usage->busy_ns[core->index]);
	atomic64_inc(&usage->jobs[core->index]);
}

/**
 * refsoc_gpu_show_fdinfo() - what drm-usage-stats.rst wants to know of a file
 * @p: where it goes
 * @file: the file
 */
void refsoc_gpu_show_fdinfo(struct drm_printer *p, struct drm_file *file)
{
	struct refsoc_gpu_device *rdev = to_refsoc_gpu_device(file->minor->dev);
	struct refsoc_gpu_file *rfile = file->driver_priv;

	for (unsigned int i = 0; i < REFSOC_GPU_MAX_CORES; i++) {
		const char *name;

		if (!rdev->cores[i])
			continue;
		name = refsoc_gpu_core_has_2d(rdev->cores[i]) ? "2d" : "3d";
		drm_printf(p, "drm-engine-%s:\t%lld ns\n", name,
			   atomic64_read(&rfile->usage->busy_ns[i]));
		drm_printf(p, "refsoc-jobs-%s:\t%lld\n", name,
			   atomic64_read(&rfile->usage->jobs[i]));
	}
	drm_show_memory_stats(p, file);
}
