// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Submission
 *
 * A submit is copied whole from user space, checked (see "Validation"), its
 * buffers are mapped for the GPU, addresses are filled in, and it becomes a
 * job. Everything that may fail or wait happens before the job is armed.
 */

#include <linux/dma-fence.h>
#include <linux/file.h>
#include <linux/pm_runtime.h>
#include <linux/sync_file.h>

#include <drm/drm_drv.h>
#include <drm/drm_exec.h>
#include <drm/drm_print.h>

#include "refsoc_gpu_drv.h"
#include "refsoc_gpu_trace.h"
#include "refsoc_gpu_validate.h"

#define MAX_BOS		4096
#define MAX_RELOCS	(REFSOC_GPU_MAX_STREAM / 8)

/* What a submit needs while it is being put together. */
struct submit {
	struct drm_device *drm;
	struct drm_file *file;
	struct drm_etnaviv_gem_submit *args;
	struct refsoc_gpu_core *core;
	struct refsoc_gpu_job *job;
	struct drm_etnaviv_gem_submit_bo *user_bos;
	struct refsoc_gpu_stream_bo *bos;
	struct refsoc_gpu_reloc *relocs;
	u32 fence_id;
};

static int check_args(struct submit *s)
{
	const struct drm_etnaviv_gem_submit *args = s->args;
	const char *why = NULL;
	u32 pipe;

	s->core = refsoc_gpu_core_by_pipe(to_refsoc_gpu_device(s->drm),
					  args->pipe);
	if (IS_ERR(s->core))
		return PTR_ERR(s->core);
	pipe = refsoc_gpu_core_has_2d(s->core) ? ETNA_PIPE_2D : ETNA_PIPE_3D;
	if (args->flags & ~ETNA_SUBMIT_FLAGS)
		why = "unknown flags";
	else if (args->flags & ETNA_SUBMIT_SOFTPIN)
		why = "this MMU leaves addresses to the driver";
	else if (args->exec_state != pipe)
		why = "the core has no such pipe";
	else if (args->nr_pmrs)
		why = "no performance counters";
	else if (args->pad)
		why = "padding that is not zero";
	else if (!args->stream_size || args->stream_size % 4 ||
		 args->stream_size > REFSOC_GPU_MAX_STREAM)
		why = "bad stream size";
	else if (args->nr_bos > MAX_BOS || args->nr_relocs > MAX_RELOCS)
		why = "too many buffers or relocations";
	if (!why)
		return 0;
	drm_dbg(s->drm, "submit refused: %s\n", why);
	return -EINVAL;
}

static int add_bo(struct submit *s, struct refsoc_gpu_bo *bo)
{
	struct refsoc_gpu_job_bo *entry = &s->job->bos[s->job->n_bos];

	entry->backing = refsoc_gpu_backing_get(s->core->rdev, bo);
	if (IS_ERR(entry->backing))
		return PTR_ERR(entry->backing);
	entry->bo = bo;
	s->job->n_bos++;
	return 0;
}

static int copy_bos(struct submit *s)
{
	u32 n = s->args->nr_bos;

	s->user_bos = vmemdup_array_user(u64_to_user_ptr(s->args->bos), n,
					 sizeof(*s->user_bos));
	if (IS_ERR(s->user_bos)) {
		int ret = PTR_ERR(s->user_bos);

		s->user_bos = NULL;
		return ret;
	}
	s->bos = kvcalloc(n, sizeof(*s->bos), GFP_KERNEL);
	s->job->bos = kvcalloc(n, sizeof(*s->job->bos), GFP_KERNEL);
	if (n && (!s->bos || !s->job->bos))
		return -ENOMEM;
	for (u32 i = 0; i < n; i++) {
		const struct drm_etnaviv_gem_submit_bo *bo = &s->user_bos[i];
		struct drm_gem_object *obj;
		int ret;

		if (bo->flags & ~(ETNA_SUBMIT_BO_READ | ETNA_SUBMIT_BO_WRITE)) {
			drm_dbg(s->drm, "buffer %u: unknown flags\n", i);
			return -EINVAL;
		}
		obj = drm_gem_object_lookup(s->file, bo->handle);
		if (!obj) {
			drm_dbg(s->drm, "buffer %u: no handle %u\n", i,
				bo->handle);
			return -EINVAL;
		}
		ret = add_bo(s, to_refsoc_gpu_bo(obj));
		if (ret) {
			drm_gem_object_put(obj);
			return ret;
		}
		s->bos[i].size = obj->size;
		s->bos[i].write = !to_refsoc_gpu_bo(obj)->user.read_only;
	}
	return 0;
}

static int check_reloc(struct submit *s, u32 i,
		       const struct drm_etnaviv_gem_submit_reloc *reloc)
{
	if (!reloc->flags && reloc->reloc_idx < s->args->nr_bos &&
	    reloc->submit_offset % 4 == 0 &&
	    reloc->submit_offset < s->args->stream_size &&
	    (!i || reloc->submit_offset / 4 > s->relocs[i - 1].word))
		return 0;
	drm_dbg(s->drm, "relocation %u at %u is out of range or order\n", i,
		reloc->submit_offset);
	return -EINVAL;
}

static int copy_relocs(struct submit *s)
{
	struct drm_etnaviv_gem_submit_reloc *user;
	u32 n = s->args->nr_relocs;
	int ret = 0;

	user = vmemdup_array_user(u64_to_user_ptr(s->args->relocs), n,
				  sizeof(*user));
	if (IS_ERR(user))
		return PTR_ERR(user);
	s->relocs = kvcalloc(n, sizeof(*s->relocs), GFP_KERNEL);
	if (n && !s->relocs)
		ret = -ENOMEM;
	for (u32 i = 0; i < n && !ret; i++) {
		ret = check_reloc(s, i, &user[i]);
		s->relocs[i].word = user[i].submit_offset / 4;
		s->relocs[i].bo = user[i].reloc_idx;
		s->relocs[i].offset = user[i].reloc_offset;
	}
	kvfree(user);
	return ret;
}

/* The front end fetches 64 bits: a stream of an odd length gets a word more. */
static int copy_stream(struct submit *s, size_t size)
{
	s->job->words = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	if (!s->job->words)
		return -ENOMEM;
	if (copy_from_user(s->job->words, u64_to_user_ptr(s->args->stream),
			   s->args->stream_size))
		return -EFAULT;
	s->job->n_words = size / sizeof(u32);
	return 0;
}

/* Copy, check and relocate the stream. */
static int build_stream(struct submit *s)
{
	struct refsoc_gpu_job *job = s->job;
	struct refsoc_gpu_stream stream = {
		.drm = s->drm,
		.relocs = s->relocs,
		.n_relocs = s->args->nr_relocs,
		.bos = s->bos,
		.n_bos = s->args->nr_bos,
		.has_2d = refsoc_gpu_core_has_2d(s->core),
		.unsafe_3d = refsoc_gpu_unsafe_3d && capable(CAP_SYS_RAWIO),
	};
	int ret;

	ret = copy_stream(s, ALIGN(s->args->stream_size, 8));
	if (ret)
		return ret;
	stream.words = job->words;
	stream.n_words = job->n_words;
	ret = refsoc_gpu_validate(&stream);
	if (ret)
		return ret;
	for (u32 i = 0; i < stream.n_relocs; i++) {
		const struct refsoc_gpu_reloc *r = &s->relocs[i];

		job->words[r->word] = job->bos[r->bo].backing->map.iova +
				      r->offset;
	}
	return 0;
}

static int add_in_fence(struct submit *s)
{
	struct dma_fence *fence;

	if (!(s->args->flags & ETNA_SUBMIT_FENCE_FD_IN))
		return 0;
	fence = sync_file_get_fence(s->args->fence_fd);
	if (!fence) {
		drm_dbg(s->drm, "no fence behind descriptor %d\n",
			s->args->fence_fd);
		return -EINVAL;
	}
	return drm_sched_job_add_dependency(&s->job->base, fence);
}

static int lock_buffers(struct submit *s, struct drm_exec *exec)
{
	int ret = 0;

	drm_exec_until_all_locked(exec) {
		for (u32 i = 0; i < s->job->n_bos; i++) {
			ret = drm_exec_prepare_obj(exec,
						   &s->job->bos[i].bo->base, 1);
			drm_exec_retry_on_contention(exec);
			if (ret)
				break;
		}
		if (ret)
			break;
	}
	if (ret == -EALREADY) {
		drm_dbg(s->drm, "a buffer is listed twice\n");
		ret = -EINVAL;
	}
	return ret;
}

static bool is_written(const struct submit *s, u32 i)
{
	return s->bos[i].written || s->user_bos[i].flags & ETNA_SUBMIT_BO_WRITE;
}

/* Exporters have the last word: what moves memory is waited for in any case. */
static int add_implicit_fences(struct submit *s)
{
	bool explicit = s->args->flags & ETNA_SUBMIT_NO_IMPLICIT;
	int ret = 0;

	for (u32 i = 0; i < s->job->n_bos && !ret; i++) {
		struct dma_resv *resv = s->job->bos[i].bo->base.resv;
		enum dma_resv_usage usage = DMA_RESV_USAGE_KERNEL;

		if (!explicit)
			usage = dma_resv_usage_rw(is_written(s, i));
		ret = drm_sched_job_add_resv_dependencies(&s->job->base, resv,
							  usage);
	}
	return ret;
}

/* Did a buffer move after its address was written to the stream? */
static int check_backings(struct submit *s)
{
	for (u32 i = 0; i < s->job->n_bos; i++) {
		if (s->job->bos[i].backing != s->job->bos[i].bo->backing)
			return -EAGAIN;
	}
	return 0;
}

/* From here on nothing fails: the fence is public. */
static struct dma_fence *push(struct submit *s)
{
	struct refsoc_gpu_file *rfile = s->file->driver_priv;
	struct refsoc_gpu_job *job = s->job;
	struct dma_fence *fence, **last = &rfile->last[s->core->index];

	/* Fence numbers are to be in the order of the queue. */
	mutex_lock(&s->core->push_lock);
	drm_sched_job_arm(&job->base);
	fence = dma_fence_get(&job->base.s_fence->finished);
	/* The slot is there: storing into it allocates nothing. */
	xa_store(&s->core->user_fences, job->fence_id, dma_fence_get(fence),
		 GFP_NOWAIT);
	dma_fence_put(*last);
	*last = dma_fence_get(&job->base.s_fence->scheduled);
	for (u32 i = 0; i < job->n_bos; i++)
		dma_resv_add_fence(job->bos[i].bo->base.resv, fence,
				   is_written(s, i) ? DMA_RESV_USAGE_WRITE :
						     DMA_RESV_USAGE_READ);
	trace_refsoc_gpu_submit(s->core->index, s->fence_id, job->n_words,
				job->n_bos);
	drm_sched_entity_push_job(&job->base);
	mutex_unlock(&s->core->push_lock);
	return fence;
}

static int queue(struct submit *s, struct dma_fence **fence)
{
	struct refsoc_gpu_file *rfile = s->file->driver_priv;
	struct refsoc_gpu_job *job = s->job;
	struct drm_exec exec;
	int ret;

	if (atomic_read(&rfile->guilty[s->core->index])) {
		drm_dbg(s->drm, "banned since a job of this file hung\n");
		return -ECANCELED;
	}
	ret = pm_runtime_resume_and_get(s->core->dev);
	if (ret < 0)
		return ret;
	job->powered = true;
	ret = xa_alloc_cyclic(&s->core->user_fences, &s->fence_id, NULL,
			      XA_LIMIT(1, INT_MAX), &s->core->user_next,
			      GFP_KERNEL);
	if (ret < 0)
		return ret;
	/* Not before: a failure leaves a number there that is not ours. */
	job->fence_id = s->fence_id;
	ret = drm_sched_job_init(&job->base, &rfile->entities[s->core->index],
				 1, rfile, s->file->client_id);
	if (ret)
		return ret;
	drm_exec_init(&exec, DRM_EXEC_INTERRUPTIBLE_WAIT, job->n_bos);
	ret = lock_buffers(s, &exec);
	if (!ret)
		ret = check_backings(s);
	if (!ret)
		ret = add_in_fence(s);
	if (!ret)
		ret = add_implicit_fences(s);
	if (!ret)
		*fence = push(s);
	else
		drm_sched_job_cleanup(&job->base);
	drm_exec_fini(&exec);
	return ret;
}

static int prepare(struct submit *s)
{
	struct refsoc_gpu_file *rfile = s->file->driver_priv;
	int ret;

	s->job = refsoc_gpu_job_new(s->core, rfile->usage);
	if (!s->job)
		return -ENOMEM;
	s->job->pipe = s->args->exec_state;
	s->job->hw_fence = refsoc_gpu_fence_alloc(GFP_KERNEL);
	if (!s->job->hw_fence)
		return -ENOMEM;
	ret = copy_bos(s);
	if (!ret)
		ret = copy_relocs(s);
	if (!ret)
		ret = build_stream(s);
	return ret;
}

/* The descriptor is reserved first: there is no way back for a queued job. */
static int submit_with_fd(struct submit *s, struct dma_fence **fence)
{
	struct sync_file *sync;
	int ret, fd;

	if (!(s->args->flags & ETNA_SUBMIT_FENCE_FD_OUT))
		return queue(s, fence);
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	ret = queue(s, fence);
	if (ret)
		goto err_fd;
	sync = sync_file_create(*fence);
	if (!sync) {
		ret = -ENOMEM;
		goto err_fd;
	}
	fd_install(fd, sync->file);
	s->args->fence_fd = fd;
	return 0;

err_fd:
	put_unused_fd(fd);
	return ret;
}

/* With the cores there, and room for a job in the caller's share. */
static int submit(struct submit *s)
{
	struct dma_fence *fence = NULL;
	int ret;

	ret = prepare(s);
	if (!ret) {
		ret = submit_with_fd(s, &fence);
		if (!ret)
			s->args->fence = s->fence_id;
	}
	/* A job that was queued belongs to the scheduler. */
	if (!fence && s->job)
		refsoc_gpu_job_free(s->job);
	dma_fence_put(fence);
	kvfree(s->relocs);
	kvfree(s->bos);
	kvfree(s->user_bos);
	return ret;
}

/**
 * refsoc_gpu_ioctl_submit() - DRM_IOCTL_ETNAVIV_GEM_SUBMIT
 * @drm: the device
 * @data: its arguments
 * @file: who calls
 *
 * Return: 0 or a negative errno.
 */
int refsoc_gpu_ioctl_submit(struct drm_device *drm, void *data,
			    struct drm_file *file)
{
	struct submit s = { .drm = drm, .file = file, .args = data };
	struct refsoc_gpu_file *rfile = file->driver_priv;
	int ret, idx;

	/* It may take long, and a device that goes must not wait for that. */
	ret = refsoc_gpu_usage_begin(rfile->usage);
	if (ret)
		return ret;
	if (!drm_dev_enter(drm, &idx)) {
		refsoc_gpu_usage_end(rfile->usage);
		return -ENODEV;
	}
	ret = check_args(&s);
	if (ret)
		refsoc_gpu_usage_end(rfile->usage);
	else
		ret = submit(&s);
	drm_dev_exit(idx);
	return ret;
}

/* NULL if it is long over, or never was. */
static struct dma_fence *user_fence(struct drm_device *drm, u32 pipe, u32 id)
{
	struct refsoc_gpu_core *core;
	struct dma_fence *fence;

	core = refsoc_gpu_core_by_pipe(to_refsoc_gpu_device(drm), pipe);
	if (IS_ERR(core))
		return ERR_CAST(core);
	rcu_read_lock();
	fence = xa_load(&core->user_fences, id);
	if (fence)
		fence = dma_fence_get_rcu(fence);
	rcu_read_unlock();
	return fence;
}

/**
 * refsoc_gpu_ioctl_wait_fence() - DRM_IOCTL_ETNAVIV_WAIT_FENCE
 * @drm: the device
 * @data: its arguments
 * @file: who calls
 *
 * Return: 0 or a negative errno.
 */
int refsoc_gpu_ioctl_wait_fence(struct drm_device *drm, void *data,
				struct drm_file *file)
{
	struct drm_etnaviv_wait_fence *args = data;
	struct dma_fence *fence;
	long ret;
	int idx;

	if (args->flags & ~ETNA_WAIT_NONBLOCK) {
		drm_dbg(drm, "unknown flags %x of a wait\n", args->flags);
		return -EINVAL;
	}
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	fence = user_fence(drm, args->pipe, args->fence);
	drm_dev_exit(idx);
	if (IS_ERR(fence))
		return PTR_ERR(fence);
	if (!fence)
		return 0;
	if (args->flags & ETNA_WAIT_NONBLOCK)
		ret = dma_fence_is_signaled(fence) ? 1 : -EBUSY;
	else
		ret = dma_fence_wait_timeout(fence, true,
					     refsoc_gpu_timeout(&args->timeout));
	dma_fence_put(fence);
	return ret > 0 ? 0 : ret ?: -ETIMEDOUT;
}
