// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Overview
 *
 * Render driver for the Vivante GC320 (2D) and GC2000 (3D) of the i.MX6. It
 * speaks etnaviv's user interface, so that libdrm and Mesa run unchanged, and
 * binds to the same devices.
 *
 * It differs from etnaviv in what it lets through: on these cores nothing but
 * the check of the command stream keeps a client from other clients' memory
 * and from the rest of the machine's, see "Validation". 3D draws cannot be
 * checked that way and are refused unless the administrator says otherwise.
 */

#include <linux/component.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_device.h>
#include <linux/platform_device.h>
#include <linux/sched/signal.h>

#include <drm/drm_drv.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>

#include "refsoc_gpu_drv.h"

/* How long a file that is closed may wait for its jobs to start, in jiffies */
#define CLOSE_TIMEOUT	HZ

bool refsoc_gpu_unsafe_3d;
module_param_named(unsafe_3d, refsoc_gpu_unsafe_3d, bool, 0400);
MODULE_PARM_DESC(unsafe_3d,
		 "Let clients with CAP_SYS_RAWIO draw in 3D, which gives them all of memory");

/**
 * refsoc_gpu_core_by_pipe() - the core that user space means
 * @rdev: the device
 * @pipe: its number
 *
 * Return: the core, or -ENXIO where there is none of that number that we drive.
 */
struct refsoc_gpu_core *refsoc_gpu_core_by_pipe(struct refsoc_gpu_device *rdev,
						u32 pipe)
{
	struct refsoc_gpu_core *core = NULL;

	if (pipe < REFSOC_GPU_MAX_CORES) {
		pipe = array_index_nospec(pipe, REFSOC_GPU_MAX_CORES);
		core = rdev->cores[pipe];
	}
	if (core)
		return core;
	drm_dbg(&rdev->drm, "no core %u\n", pipe);
	return ERR_PTR(-ENXIO);
}

/* Fields of chipSpecs: rnndb, state_hi.xml. */
static u64 spec_param(const struct refsoc_gpu_id *id, u32 param)
{
	const u32 *specs = id->specs;

	switch (param) {
	case ETNAVIV_PARAM_GPU_STREAM_COUNT:
		return specs[0] & 0xf ?: 1;
	case ETNAVIV_PARAM_GPU_REGISTER_MAX:
		return BIT(specs[0] >> 4 & 0xf);
	case ETNAVIV_PARAM_GPU_THREAD_COUNT:
		return BIT(specs[0] >> 8 & 0xf);
	case ETNAVIV_PARAM_GPU_VERTEX_CACHE_SIZE:
		return specs[0] >> 12 & 0x1f;
	case ETNAVIV_PARAM_GPU_SHADER_CORE_COUNT:
		return specs[0] >> 20 & 0x1f;
	case ETNAVIV_PARAM_GPU_PIXEL_PIPES:
		return max(specs[0] >> 25 & 0x7, 1u);
	case ETNAVIV_PARAM_GPU_VERTEX_OUTPUT_BUFFER_SIZE:
		return BIT(specs[0] >> 28);
	case ETNAVIV_PARAM_GPU_BUFFER_SIZE:
		return specs[1] & 0xff;
	case ETNAVIV_PARAM_GPU_INSTRUCTION_COUNT:
		/* The word is 0 on GC2000, which has 512: etnaviv. */
		return id->model == 0x2000 && id->revision == 0x5108 ? 512 :
		       256;
	case ETNAVIV_PARAM_GPU_NUM_CONSTANTS:
		return specs[1] >> 16 ?: 168;
	case ETNAVIV_PARAM_GPU_NUM_VARYINGS:
		return id->model == 0x2000 ? 11 : 8;
	}
	return 0;
}

static int get_param(struct drm_device *drm, struct drm_etnaviv_param *args)
{
	const struct refsoc_gpu_id *id;
	struct refsoc_gpu_core *core;

	core = refsoc_gpu_core_by_pipe(to_refsoc_gpu_device(drm), args->pipe);
	if (IS_ERR(core))
		return PTR_ERR(core);
	id = &core->id;
	switch (args->param) {
	case ETNAVIV_PARAM_GPU_MODEL:
		args->value = id->model;
		return 0;
	case ETNAVIV_PARAM_GPU_REVISION:
		args->value = id->revision;
		return 0;
	case ETNAVIV_PARAM_GPU_FEATURES_0 ... ETNAVIV_PARAM_GPU_FEATURES_6:
		args->value = id->features[args->param -
					   ETNAVIV_PARAM_GPU_FEATURES_0];
		return 0;
	case ETNAVIV_PARAM_GPU_FEATURES_7 ... ETNAVIV_PARAM_GPU_FEATURES_12:
		args->value = 0;
		return 0;
	case ETNAVIV_PARAM_GPU_STREAM_COUNT ... ETNAVIV_PARAM_GPU_NUM_VARYINGS:
		args->value = spec_param(id, args->param);
		return 0;
	case ETNAVIV_PARAM_SOFTPIN_START_ADDR:
		args->value = ~0ull;	/* not with this MMU */
		return 0;
	case ETNAVIV_PARAM_GPU_PRODUCT_ID:
		args->value = id->product;
		return 0;
	case ETNAVIV_PARAM_GPU_CUSTOMER_ID:
		args->value = id->customer;
		return 0;
	case ETNAVIV_PARAM_GPU_ECO_ID:
		args->value = id->eco;
		return 0;
	}
	drm_dbg(drm, "unknown parameter %x\n", args->param);
	return -EINVAL;
}

static int ioctl_get_param(struct drm_device *drm, void *data,
			   struct drm_file *file)
{
	int ret, idx;

	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	ret = get_param(drm, data);
	drm_dev_exit(idx);
	return ret;
}

/*
 * Counters are not offered: no domain has any number. What asks for domains and
 * what asks for signals both start with the number of the core.
 */
static int ioctl_no_counters(struct drm_device *drm, void *data,
			     struct drm_file *file)
{
	struct refsoc_gpu_core *core;
	u32 *pipe = data;

	core = refsoc_gpu_core_by_pipe(to_refsoc_gpu_device(drm), *pipe);
	if (IS_ERR(core))
		return PTR_ERR(core);
	drm_dbg(drm, "no performance counters\n");
	return -EINVAL;
}

/* The device is there, and stays until this returns. */
static void add_file(struct refsoc_gpu_device *rdev,
		     struct refsoc_gpu_file *rfile)
{
	for (unsigned int i = 0; i < REFSOC_GPU_MAX_CORES; i++) {
		struct drm_gpu_scheduler *sched;

		if (!rdev->cores[i])
			continue;
		sched = &rdev->cores[i]->sched;
		drm_sched_entity_init(&rfile->entities[i],
				      DRM_SCHED_PRIORITY_NORMAL, &sched, 1,
				      &rfile->guilty[i]);
	}
	mutex_lock(&rdev->files_lock);
	list_add_tail(&rfile->list, &rdev->files);
	mutex_unlock(&rdev->files_lock);
}

static int drv_open(struct drm_device *drm, struct drm_file *file)
{
	struct refsoc_gpu_device *rdev = to_refsoc_gpu_device(drm);
	struct refsoc_gpu_file *rfile;
	int ret = -ENOMEM, idx;

	rfile = kzalloc(sizeof(*rfile), GFP_KERNEL);
	if (!rfile)
		return -ENOMEM;
	rfile->usage = refsoc_gpu_usage_new();
	if (!rfile->usage)
		goto err_free;
	ret = -ENODEV;
	if (!drm_dev_enter(drm, &idx))
		goto err_usage;
	add_file(rdev, rfile);
	drm_dev_exit(idx);
	file->driver_priv = rfile;
	return 0;

err_usage:
	refsoc_gpu_usage_put(rfile->usage);
err_free:
	kfree(rfile);
	return ret;
}

/*
 * Jobs that are about to start may start: who submits and exits wants that.
 * But nobody waits for a fence that a queue waits for.
 */
static void wait_for_queues(struct refsoc_gpu_file *rfile)
{
	long left = CLOSE_TIMEOUT;

	for (unsigned int i = 0; i < REFSOC_GPU_MAX_CORES; i++) {
		if (rfile->last[i] && left > 0 &&
		    !fatal_signal_pending(current))
			left = dma_fence_wait_timeout(rfile->last[i], false,
						      left);
		dma_fence_put(rfile->last[i]);
		rfile->last[i] = NULL;
	}
}

/* What has not started never will, and ends with an error. */
static void give_up_queues(struct refsoc_gpu_device *rdev,
			   struct refsoc_gpu_file *rfile)
{
	lockdep_assert_held(&rdev->files_lock);
	if (rfile->dead)
		return;
	for (unsigned int i = 0; i < REFSOC_GPU_MAX_CORES; i++)
		if (rdev->cores[i])
			drm_sched_entity_fini(&rfile->entities[i]);
	rfile->dead = true;
}

static void drv_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct refsoc_gpu_device *rdev = to_refsoc_gpu_device(drm);
	struct refsoc_gpu_file *rfile = file->driver_priv;

	wait_for_queues(rfile);
	mutex_lock(&rdev->files_lock);
	list_del(&rfile->list);
	give_up_queues(rdev, rfile);
	mutex_unlock(&rdev->files_lock);
	refsoc_gpu_usage_put(rfile->usage);
	kfree(rfile);
}

static const struct drm_ioctl_desc ioctls[] = {
	DRM_IOCTL_DEF_DRV(ETNAVIV_GET_PARAM, ioctl_get_param, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(ETNAVIV_GEM_NEW, refsoc_gpu_ioctl_gem_new,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(ETNAVIV_GEM_INFO, refsoc_gpu_ioctl_gem_info,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(ETNAVIV_GEM_CPU_PREP, refsoc_gpu_ioctl_gem_cpu_prep,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(ETNAVIV_GEM_CPU_FINI, refsoc_gpu_ioctl_gem_cpu_fini,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(ETNAVIV_GEM_SUBMIT, refsoc_gpu_ioctl_submit,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(ETNAVIV_WAIT_FENCE, refsoc_gpu_ioctl_wait_fence,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(ETNAVIV_GEM_USERPTR, refsoc_gpu_ioctl_gem_userptr,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(ETNAVIV_GEM_WAIT, refsoc_gpu_ioctl_gem_wait,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(ETNAVIV_PM_QUERY_DOM, ioctl_no_counters,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(ETNAVIV_PM_QUERY_SIG, ioctl_no_counters,
			  DRM_RENDER_ALLOW),
};

static const struct file_operations refsoc_gpu_fops = {
	.owner = THIS_MODULE,
	.show_fdinfo = drm_show_fdinfo,
	DRM_GEM_FOPS,
};

static const struct drm_driver refsoc_gpu_drm_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.open = drv_open,
	.postclose = drv_postclose,
	.show_fdinfo = refsoc_gpu_show_fdinfo,
	.debugfs_init = refsoc_gpu_debugfs_init,
	.gem_prime_import = refsoc_gpu_prime_import,
	.ioctls = ioctls,
	.num_ioctls = ARRAY_SIZE(ioctls),
	.fops = &refsoc_gpu_fops,
	/* libdrm and Mesa look for this name before they use the interface. */
	.name = "etnaviv",
	.desc = "RefSoC GPU driver",
	.date = "20261121",
	.major = 1,
	.minor = 4,
};

static struct refsoc_gpu_device *device_new(struct device *dev)
{
	struct refsoc_gpu_device *rdev;
	int ret;

	rdev = devm_drm_dev_alloc(dev, &refsoc_gpu_drm_driver,
				  struct refsoc_gpu_device, drm);
	if (IS_ERR(rdev))
		return rdev;
	init_waitqueue_head(&rdev->no_jobs);
	INIT_LIST_HEAD(&rdev->files);
	INIT_LIST_HEAD(&rdev->bos);
	ret = drmm_mutex_init(&rdev->drm, &rdev->files_lock);
	if (!ret)
		ret = drmm_mutex_init(&rdev->drm, &rdev->bos_lock);
	return ret ? ERR_PTR(ret) : rdev;
}

static int master_bind(struct device *dev)
{
	struct refsoc_gpu_device *rdev = device_new(dev);
	int ret;

	if (IS_ERR(rdev))
		return PTR_ERR(rdev);
	dev_set_drvdata(dev, rdev);
	dma_set_max_seg_size(dev, UINT_MAX);

	rdev->free_wq = alloc_workqueue("refsoc-gpu-free", WQ_UNBOUND, 0);
	if (!rdev->free_wq)
		return -ENOMEM;
	ret = refsoc_gpu_mmu_init(rdev);
	if (ret)
		goto err_wq;
	ret = component_bind_all(dev, rdev);
	if (ret)
		goto err_mmu;
	ret = drm_dev_register(&rdev->drm, 0);
	if (ret)
		goto err_unbind;
	return 0;

err_unbind:
	component_unbind_all(dev, rdev);
err_mmu:
	refsoc_gpu_mmu_fini(rdev);
err_wq:
	destroy_workqueue(rdev->free_wq);
	return ret;
}

/*
 * Files may stay open. They make no more jobs, what has started ends, and what
 * waits for a fence is let go when that comes: fences do come.
 */
static void end_jobs(struct refsoc_gpu_device *rdev)
{
	struct refsoc_gpu_file *rfile;

	mutex_lock(&rdev->files_lock);
	list_for_each_entry(rfile, &rdev->files, list)
		give_up_queues(rdev, rfile);
	mutex_unlock(&rdev->files_lock);
	wait_event(rdev->no_jobs, !atomic_read(&rdev->jobs));
	/* Who reads the name of a fence may have found it unsignalled. */
	synchronize_rcu();
}

static void master_unbind(struct device *dev)
{
	struct refsoc_gpu_device *rdev = dev_get_drvdata(dev);

	drm_dev_unplug(&rdev->drm);
	end_jobs(rdev);
	refsoc_gpu_gem_unmap_all(rdev);
	component_unbind_all(dev, rdev);
	refsoc_gpu_mmu_fini(rdev);
	destroy_workqueue(rdev->free_wq);
}

static const struct component_master_ops master_ops = {
	.bind = master_bind,
	.unbind = master_unbind,
};

static int master_probe(struct platform_device *pdev)
{
	struct component_match *match = NULL;
	struct device_node *np, *first = NULL;
	struct device *dev = &pdev->dev;
	int ret;

	for_each_compatible_node(np, NULL, "vivante,gc") {
		if (!of_device_is_available(np))
			continue;
		if (!first)
			first = of_node_get(np);
		component_match_add_release(dev, &match, component_release_of,
					    component_compare_of,
					    of_node_get(np));
	}
	if (!first)
		return -ENODEV;
	/* The cores' bus attributes are the first one's: they share a bus. */
	ret = of_dma_configure(dev, first, true);
	of_node_put(first);
	if (!ret)
		ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;
	return component_master_add_with_match(dev, &master_ops, match);
}

static void master_remove(struct platform_device *pdev)
{
	component_master_del(&pdev->dev, &master_ops);
}

static struct platform_driver refsoc_gpu_master_driver = {
	.driver = { .name = "refsoc-gpu" },
	.probe = master_probe,
	.remove = master_remove,
};

static struct platform_device *master;

static int __init refsoc_gpu_init(void)
{
	int ret;

	ret = platform_driver_register(&refsoc_gpu_core_driver);
	if (ret)
		return ret;
	ret = platform_driver_register(&refsoc_gpu_master_driver);
	if (ret)
		goto err_core;
	master = platform_device_register_simple("refsoc-gpu",
						 PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(master)) {
		ret = PTR_ERR(master);
		goto err_master;
	}
	return 0;

err_master:
	platform_driver_unregister(&refsoc_gpu_master_driver);
err_core:
	platform_driver_unregister(&refsoc_gpu_core_driver);
	return ret;
}
module_init(refsoc_gpu_init);

static void __exit refsoc_gpu_exit(void)
{
	platform_device_unregister(master);
	platform_driver_unregister(&refsoc_gpu_master_driver);
	platform_driver_unregister(&refsoc_gpu_core_driver);
}
module_exit(refsoc_gpu_exit);

MODULE_DESCRIPTION("RefSoC render driver for Vivante GC320 and GC2000");
MODULE_LICENSE("GPL");
