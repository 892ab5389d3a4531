// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the importers in the kernel's helpers ask for, and what they make of the
 * answer: KUnit tests.
 */

#include <kunit/test.h>
#include <linux/dma-buf.h>
#include <linux/dma-buf-exporter.h>
#include <linux/fcntl.h>
#include <linux/iosys-map.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_gem.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_prime.h>

#include <media/videobuf2-core.h>
#include <media/videobuf2-dma-contig.h>
#include <media/videobuf2-dma-sg.h>
#include <media/videobuf2-vmalloc.h>

#include "dma-buf-exporters-test.h"
#include "dma-buf-test-help.h"

/*
 * An exporter that answers what a test wants to hear, after it has been asked
 * in vain a few times.
 */
struct sulky {
	int attach_ret;
	int map_ret;
	unsigned int again;
};

static int sulky_attach(struct dma_buf *dmabuf,
			struct dma_buf_attachment *attach)
{
	struct sulky *sulky = dmabuf->priv;

	return sulky->attach_ret;
}

static struct sg_table *sulky_map(struct dma_buf_attachment *attach,
				  enum dma_data_direction dir)
{
	struct sulky *sulky = attach->dmabuf->priv;

	if (sulky->again) {
		sulky->again--;
		return ERR_PTR(-EAGAIN);
	}

	return ERR_PTR(sulky->map_ret);
}

static void sulky_unmap(struct dma_buf_attachment *attach,
			struct sg_table *sgt, enum dma_data_direction dir)
{
}

static int sulky_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct sulky *sulky = dmabuf->priv;

	return sulky->map_ret;
}

static void sulky_release(struct dma_buf *dmabuf)
{
}

static const struct dma_buf_ops sulky_ops = {
	.attach = sulky_attach,
	.map_dma_buf = sulky_map,
	.unmap_dma_buf = sulky_unmap,
	.vmap = sulky_vmap,
	.release = sulky_release,
};

static struct dma_buf *sulky_buffer(struct kunit *test, int attach_ret,
				    int map_ret)
{
	struct sulky *sulky = kunit_kzalloc(test, sizeof(*sulky), GFP_KERNEL);
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct dma_buf *dmabuf;

	KUNIT_ASSERT_NOT_NULL(test, sulky);
	sulky->attach_ret = attach_ret;
	sulky->map_ret = map_ret;
	info.ops = &sulky_ops;
	info.size = PAGE_SIZE;
	info.flags = O_RDWR;
	info.priv = sulky;
	dmabuf = dma_buf_export(&info);
	test_keep(test, dmabuf);

	return dmabuf;
}

static struct dma_buf *scattered(struct kunit *test)
{
	return test_scattered(test, TEST_SYSTEM_HEAP, NULL);
}

static struct dma_buf *contiguous(struct kunit *test)
{
	return test_buffer(test, TEST_SYSTEM_HEAP, NULL, 1);
}

/* DRM */

static void gem_dma_needs_contiguous(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test),
					  &test_gem_dma_driver);
	struct dma_buf *dmabuf = contiguous(test);
	struct drm_gem_object *obj;

	obj = drm_gem_prime_import(drm, scattered(test));
	KUNIT_EXPECT_PTR_EQ(test, obj, ERR_PTR(-EOPNOTSUPP));

	obj = drm_gem_prime_import(drm, dmabuf);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, obj);
	KUNIT_EXPECT_EQ(test, obj->import_attach->flags,
			DMA_BUF_ATTACH_CONTIG);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_mappings, 1);
	drm_gem_object_put(obj);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, 0);
}

static void gem_dma_maps_late(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test),
					  &test_gem_dma_driver);
	struct dma_buf *dmabuf = contiguous(test);
	struct drm_gem_dma_object *dma_obj;
	struct drm_gem_object *obj;

	obj = drm_gem_dma_prime_import_late(drm, scattered(test));
	KUNIT_EXPECT_PTR_EQ(test, obj, ERR_PTR(-EOPNOTSUPP));

	obj = drm_gem_dma_prime_import_late(drm, dmabuf);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, obj);
	dma_obj = to_drm_gem_dma_obj(obj);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, 1);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_mappings, 0);
	KUNIT_EXPECT_EQ(test, dma_obj->dma_addr, 0);

	KUNIT_EXPECT_EQ(test, drm_gem_dma_map_import(dma_obj), 0);
	KUNIT_EXPECT_EQ(test, drm_gem_dma_map_import(dma_obj), 0);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_mappings, 1);
	KUNIT_EXPECT_NE(test, dma_obj->dma_addr, 0);

	drm_gem_object_put(obj);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_mappings, 0);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, 0);
}

/* An import that is never used is never mapped. */
static void gem_dma_never_maps(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test),
					  &test_gem_dma_driver);
	struct dma_buf *dmabuf = sulky_buffer(test, 0, -EINTR);
	struct drm_gem_object *obj;

	obj = drm_gem_dma_prime_import_late(drm, dmabuf);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, obj);
	KUNIT_EXPECT_EQ(test, drm_gem_dma_map_import(to_drm_gem_dma_obj(obj)),
			-EINTR);
	drm_gem_object_put(obj);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, 0);
}

/* Nobody has to wait for the lock while the exporter waits for fences. */
static void gem_dma_waits_without_the_lock(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test),
					  &test_gem_dma_driver);
	struct dma_buf *dmabuf = sulky_buffer(test, 0, -EIO);
	struct sulky *sulky = dmabuf->priv;
	struct dma_buf_test_fence *fence;
	struct drm_gem_object *obj;

	obj = drm_gem_dma_prime_import_late(drm, dmabuf);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, obj);
	fence = dma_buf_test_fence(test, dmabuf->resv, DMA_RESV_USAGE_BOOKKEEP);
	sulky->again = 1;
	dma_buf_test_signal_later(fence);
	KUNIT_EXPECT_EQ(test, drm_gem_dma_map_import(to_drm_gem_dma_obj(obj)),
			-EIO);
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(&fence->base));
	flush_delayed_work(&fence->work);
	KUNIT_EXPECT_FALSE(test, fence->waited_locked);
	drm_gem_object_put(obj);
}

static void gem_imports_its_own(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test),
					  &test_gem_dma_driver);
	struct drm_gem_dma_object *dma_obj;
	struct drm_gem_object *obj;
	struct dma_buf *dmabuf;

	dma_obj = drm_gem_dma_create(drm, PAGE_SIZE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dma_obj);
	dmabuf = drm_gem_prime_export(&dma_obj->base, O_RDWR);
	drm_gem_object_put(&dma_obj->base);
	test_keep(test, dmabuf);

	obj = drm_gem_prime_import(drm, dmabuf);
	KUNIT_EXPECT_PTR_EQ(test, obj, &dma_obj->base);
	if (!IS_ERR(obj))
		drm_gem_object_put(obj);

	obj = drm_gem_dma_prime_import_late(drm, dmabuf);
	KUNIT_EXPECT_PTR_EQ(test, obj, &dma_obj->base);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, 0);
	if (!IS_ERR(obj)) {
		KUNIT_EXPECT_EQ(test, drm_gem_dma_map_import(dma_obj), 0);
		drm_gem_object_put(obj);
	}
}

static void gem_shmem_takes_anything(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test),
					  &test_gem_shmem_driver);
	struct drm_gem_object *obj;

	obj = drm_gem_prime_import(drm, scattered(test));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, obj);
	KUNIT_EXPECT_EQ(test, obj->import_attach->flags, 0);
	drm_gem_object_put(obj);
}

/* videobuf2 */

static void vb2_contig_needs_contiguous(struct kunit *test)
{
	const struct vb2_mem_ops *ops = &vb2_dma_contig_memops;
	struct vb2_buffer *vb = test_vb2_buffer(test);
	struct dma_buf *dmabuf = contiguous(test);
	struct device *dev = test_device(test);
	struct dma_buf *wrong = scattered(test);
	dma_addr_t *addr;
	void *priv;

	priv = ops->attach_dmabuf(vb, dev, wrong, wrong->size);
	KUNIT_EXPECT_PTR_EQ(test, priv, ERR_PTR(-EOPNOTSUPP));

	priv = ops->attach_dmabuf(vb, dev, dmabuf, dmabuf->size);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, priv);
	KUNIT_EXPECT_EQ(test, dmabuf->attach_flags, DMA_BUF_ATTACH_CONTIG);
	KUNIT_EXPECT_EQ(test, ops->map_dmabuf(priv), 0);
	addr = ops->cookie(vb, priv);
	KUNIT_EXPECT_NE(test, *addr, 0);
	ops->unmap_dmabuf(priv);
	ops->detach_dmabuf(priv);
}

static void vb2_sg_takes_anything(struct kunit *test)
{
	const struct vb2_mem_ops *ops = &vb2_dma_sg_memops;
	struct vb2_buffer *vb = test_vb2_buffer(test);
	struct dma_buf *dmabuf = scattered(test);
	void *priv;

	priv = ops->attach_dmabuf(vb, test_device(test), dmabuf, dmabuf->size);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, priv);
	KUNIT_EXPECT_EQ(test, dmabuf->attach_flags, 0);
	KUNIT_EXPECT_EQ(test, ops->map_dmabuf(priv), 0);
	ops->unmap_dmabuf(priv);
	ops->detach_dmabuf(priv);
}

/* Errors are passed on as they are */

static const int test_errnos[] = {
	-EOPNOTSUPP, -EBUSY, -ENOMEM, -EINTR, -EIO,
};

static void errno_desc(const int *err, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "errno %d", -*err);
}

KUNIT_ARRAY_PARAM(errno, test_errnos, errno_desc);

static void drm_errnos(struct kunit *test)
{
	int err = *(const int *)test->param_value;
	struct drm_device *drm = test_drm(test, test_device(test),
					  &test_gem_dma_driver);
	struct drm_gem_object *obj;

	obj = drm_gem_prime_import(drm, sulky_buffer(test, err, 0));
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(obj), err);
	obj = drm_gem_prime_import(drm, sulky_buffer(test, 0, err));
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(obj), err);
	obj = drm_gem_dma_prime_import_late(drm, sulky_buffer(test, err, 0));
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(obj), err);
}

static void expect_vb2_errno(struct kunit *test, const struct vb2_mem_ops *ops,
			     int err)
{
	struct vb2_buffer *vb = test_vb2_buffer(test);
	struct device *dev = test_device(test);
	void *priv;

	priv = ops->attach_dmabuf(vb, dev, sulky_buffer(test, err, 0),
				  PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(priv), err);

	priv = ops->attach_dmabuf(vb, dev, sulky_buffer(test, 0, err),
				  PAGE_SIZE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, priv);
	KUNIT_EXPECT_EQ(test, ops->map_dmabuf(priv), err);
	ops->detach_dmabuf(priv);
}

static void vb2_errnos(struct kunit *test)
{
	int err = *(const int *)test->param_value;
	/* No device is attached: the CPU takes anything it can map. */
	struct dma_buf *dmabuf = sulky_buffer(test, -ENODEV, err);
	void *priv;

	expect_vb2_errno(test, &vb2_dma_contig_memops, err);
	expect_vb2_errno(test, &vb2_dma_sg_memops, err);

	priv = vb2_vmalloc_memops.attach_dmabuf(test_vb2_buffer(test), NULL,
						dmabuf, PAGE_SIZE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, priv);
	KUNIT_EXPECT_EQ(test, vb2_vmalloc_memops.map_dmabuf(priv), err);
	vb2_vmalloc_memops.detach_dmabuf(priv);
}

static struct kunit_case dma_buf_importers_cases[] = {
	KUNIT_CASE(gem_dma_needs_contiguous),
	KUNIT_CASE(gem_dma_maps_late),
	KUNIT_CASE(gem_dma_never_maps),
	KUNIT_CASE(gem_dma_waits_without_the_lock),
	KUNIT_CASE(gem_imports_its_own),
	KUNIT_CASE(gem_shmem_takes_anything),
	KUNIT_CASE(vb2_contig_needs_contiguous),
	KUNIT_CASE(vb2_sg_takes_anything),
	KUNIT_CASE_PARAM(drm_errnos, errno_gen_params),
	KUNIT_CASE_PARAM(vb2_errnos, errno_gen_params),
	{}
};

static struct kunit_suite dma_buf_importers_suite = {
	.name = "dma_buf_importers",
	.test_cases = dma_buf_importers_cases,
};

kunit_test_suite(dma_buf_importers_suite);
