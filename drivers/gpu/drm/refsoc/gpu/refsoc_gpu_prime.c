// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Sharing
 *
 * Buffers are exported with storage that is chosen late: a display or a camera
 * that is attached before the first use gets contiguous memory, and one that
 * comes later makes the contents move if nothing is in the way. The cores take
 * any memory. They are attached when a buffer is imported and map it when a
 * job wants it, so that they are never the ones in the way, and follow when the
 * exporter moves it.
 */

#include <linux/dma-buf.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_prime.h>

#include "refsoc_gpu_drv.h"

MODULE_IMPORT_NS(DMA_BUF);

static struct refsoc_gpu_bo *to_bo(struct dma_buf_storage *st)
{
	return container_of(st, struct refsoc_gpu_bo, storage);
}

static void storage_put_tables(struct dma_buf_storage *st)
{
	refsoc_gpu_backing_drop(to_bo(st));
}

static void storage_begin_cpu_access(struct dma_buf_storage *st,
				     enum dma_data_direction dir)
{
	refsoc_gpu_backing_sync(to_bo(st), dir, true);
}

static void storage_end_cpu_access(struct dma_buf_storage *st,
				   enum dma_data_direction dir)
{
	refsoc_gpu_backing_sync(to_bo(st), dir, false);
}

const struct dma_buf_storage_ops refsoc_gpu_storage_ops = {
	.put_tables = storage_put_tables,
	.begin_cpu_access = storage_begin_cpu_access,
	.end_cpu_access = storage_end_cpu_access,
};

static void prime_release(struct dma_buf *dmabuf)
{
	struct refsoc_gpu_bo *bo = to_bo(dmabuf->priv);
	struct drm_device *drm = bo->base.dev;

	dma_buf_storage_unexport(&bo->storage);
	drm_gem_object_put(&bo->base);
	drm_dev_put(drm);
}

static const struct dma_buf_ops prime_ops = {
	DMA_BUF_STORAGE_OPS,
	.release = prime_release,
};

/**
 * refsoc_gpu_prime_export() - make a dma-buf of a buffer of our own
 * @obj: the buffer
 * @flags: for the file
 *
 * Return: the dma-buf, or an ERR_PTR().
 */
struct dma_buf *refsoc_gpu_prime_export(struct drm_gem_object *obj, int flags)
{
	struct refsoc_gpu_bo *bo = to_refsoc_gpu_bo(obj);
	struct drm_device *drm = obj->dev;
	struct dma_buf_export_info info = {
		.exp_name = "refsoc-gpu",
		.owner = drm->driver->fops->owner,
		.ops = &prime_ops,
		.flags = flags,
	};
	struct dma_buf *dmabuf = dma_buf_storage_export(&bo->storage, &info);

	if (IS_ERR(dmabuf))
		return dmabuf;
	drm_gem_object_get(obj);
	drm_dev_get(drm);
	return dmabuf;
}

static void move_notify(struct dma_buf_attachment *attach)
{
	refsoc_gpu_backing_drop(attach->importer_priv);
}

static const struct dma_buf_attach_ops attach_ops = {
	.allow_retry = true,
	.move_notify = move_notify,
};

static struct drm_gem_object *import(struct drm_device *drm,
				     struct dma_buf *dmabuf)
{
	struct refsoc_gpu_bo *bo = kzalloc(sizeof(*bo), GFP_KERNEL);
	struct dma_buf_attachment *attach;

	if (!bo)
		return ERR_PTR(-ENOMEM);
	bo->base.resv = dmabuf->resv;
	refsoc_gpu_gem_init(drm, bo, PAGE_ALIGN(dmabuf->size));
	attach = dma_buf_dynamic_attach_flags(dmabuf, drm->dev, &attach_ops,
					      bo, 0);
	if (IS_ERR(attach)) {
		refsoc_gpu_gem_unmap(bo);
		drm_gem_private_object_fini(&bo->base);
		kfree(bo);
		return ERR_CAST(attach);
	}
	get_dma_buf(dmabuf);
	bo->base.funcs = &refsoc_gpu_gem_funcs;
	bo->base.import_attach = attach;
	return &bo->base;
}

/**
 * refsoc_gpu_prime_import() - make a buffer of a dma-buf
 * @drm: the device
 * @dmabuf: somebody's, or our own
 *
 * Return: the buffer, or an ERR_PTR().
 */
struct drm_gem_object *refsoc_gpu_prime_import(struct drm_device *drm,
					       struct dma_buf *dmabuf)
{
	struct drm_gem_object *obj;

	if (dmabuf->ops != &prime_ops)
		return import(drm, dmabuf);
	obj = &to_bo(dmabuf->priv)->base;
	if (obj->dev != drm)
		return import(drm, dmabuf);
	drm_gem_object_get(obj);
	return obj;
}
