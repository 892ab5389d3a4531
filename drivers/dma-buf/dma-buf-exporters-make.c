// SPDX-License-Identifier: GPL-2.0-only
/* Buffers of every exporter, and devices for them: for KUnit tests. */

#include <kunit/test.h>
#include <linux/dma-buf.h>
#include <linux/dma-buf-exporter.h>
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/shmem_fs.h>
#include <linux/udmabuf.h>

#include <drm/drm_drv.h>
#include <drm/drm_gem.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_kunit_helpers.h>
#include <drm/drm_prime.h>

#include <media/videobuf2-core.h>
#include <media/videobuf2-dma-contig.h>
#include <media/videobuf2-dma-sg.h>
#include <media/videobuf2-vmalloc.h>

#include "dma-buf-exporters-test.h"
#include "dma-buf-test-help.h"
#include "dma-buf-test-hooks.h"

/* Of so many free pages every other one is kept, so that no two are adjacent. */
#define TEST_HOLES	512

/* Enough to have two pages that are not: three do not come in one block. */
#define TEST_SCATTERED	3
#define TEST_TRIES	16

DEFINE_DRM_GEM_DMA_FOPS(test_gem_dma_fops);

const struct drm_driver test_gem_dma_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &test_gem_dma_fops,
	DRM_GEM_DMA_DRIVER_OPS,
	.name = "dma-buf-test",
};

DEFINE_DRM_GEM_FOPS(test_gem_shmem_fops);

const struct drm_driver test_gem_shmem_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &test_gem_shmem_fops,
	DRM_GEM_SHMEM_DRIVER_OPS,
	.name = "dma-buf-test",
};

/**
 * test_device - a device that can do DMA
 * @test: test that it lives as long as
 *
 * Return: the device; the test is over if there is none.
 */
struct device *test_device(struct kunit *test)
{
	return dma_buf_test_device(test, "dma-buf-test");
}

struct drm_device *test_drm(struct kunit *test, struct device *dev,
			    const struct drm_driver *driver)
{
	struct drm_device *drm;

	drm = __drm_kunit_helper_alloc_drm_device_with_driver(test, dev,
							      sizeof(*drm), 0,
							      driver);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, drm);

	return drm;
}

static void test_put(void *dmabuf)
{
	dma_buf_put(dmabuf);
	flush_delayed_fput();
}

/**
 * test_keep - have the reference to a buffer put when the test is over
 * @test: the test
 * @dmabuf: the buffer, or an error
 */
void test_keep(struct kunit *test, struct dma_buf *dmabuf)
{
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, test_put,
							   dmabuf));
}

static struct dma_buf *make_system(struct kunit *test, struct device *dev,
				   unsigned int pages)
{
	return dma_heap_test_alloc("system", pages << PAGE_SHIFT);
}

/* The heap has the name of the area, which depends on where it comes from. */
static struct dma_buf *make_cma(struct kunit *test, struct device *dev,
				unsigned int pages)
{
	static const char * const names[] = { "reserved", "linux,cma" };
	struct dma_buf *dmabuf;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		dmabuf = dma_heap_test_alloc(names[i], pages << PAGE_SHIFT);
		if (dmabuf != ERR_PTR(-ENOENT))
			return dmabuf;
	}

	return NULL;
}

/* The pages of a file in the wrong order, which is never contiguous. */
static long udmabuf_reversed(int memfd, unsigned int pages)
{
	struct udmabuf_create_list head = { .count = pages };
	struct udmabuf_create_item *list;
	unsigned int i;
	long ret;

	list = kcalloc(pages, sizeof(*list), GFP_KERNEL);
	if (!list)
		return -ENOMEM;

	for (i = 0; i < pages; i++) {
		list[i].memfd = memfd;
		list[i].offset = (pages - 1 - i) << PAGE_SHIFT;
		list[i].size = PAGE_SIZE;
	}
	ret = udmabuf_create(&head, list);
	kfree(list);

	return ret;
}

static struct dma_buf *make_udmabuf(struct kunit *test, struct device *dev,
				    unsigned int pages)
{
	int memfd = get_unused_fd_flags(O_CLOEXEC);
	struct dma_buf *dmabuf;
	struct file *file;
	long fd;

	KUNIT_ASSERT_GE(test, memfd, 0);
	file = shmem_file_setup("dma-buf-test", pages << PAGE_SHIFT, 0);
	if (IS_ERR(file)) {
		put_unused_fd(memfd);
		return ERR_CAST(file);
	}
	SHMEM_I(file_inode(file))->seals = F_SEAL_SHRINK;
	fd_install(memfd, file);

	fd = udmabuf_reversed(memfd, pages);
	close_fd(memfd);
	if (fd < 0)
		return ERR_PTR(fd);

	dmabuf = dma_buf_get(fd);
	close_fd(fd);

	return dmabuf;
}

static struct dma_buf *export_gem(struct drm_gem_object *obj)
{
	struct dma_buf *dmabuf = drm_gem_prime_export(obj, O_RDWR);

	drm_gem_object_put(obj);

	return dmabuf;
}

static struct dma_buf *make_gem_shmem(struct kunit *test, struct device *dev,
				      unsigned int pages)
{
	struct drm_device *drm = test_drm(test, dev, &test_gem_shmem_driver);
	struct drm_gem_shmem_object *shmem;

	shmem = drm_gem_shmem_create(drm, pages << PAGE_SHIFT);

	return IS_ERR(shmem) ? ERR_CAST(shmem) : export_gem(&shmem->base);
}

static struct dma_buf *make_gem_dma(struct kunit *test, struct device *dev,
				    unsigned int pages)
{
	struct drm_device *drm = test_drm(test, dev, &test_gem_dma_driver);
	struct drm_gem_dma_object *dma_obj;

	dma_obj = drm_gem_dma_create(drm, pages << PAGE_SHIFT);

	return IS_ERR(dma_obj) ? ERR_CAST(dma_obj) : export_gem(&dma_obj->base);
}

/**
 * test_vb2_buffer - as much of a buffer as memory operations look at
 * @test: test that it lives as long as
 *
 * Return: the buffer, of a queue of its own.
 */
struct vb2_buffer *test_vb2_buffer(struct kunit *test)
{
	struct vb2_buffer *vb = kunit_kzalloc(test, sizeof(*vb), GFP_KERNEL);
	struct vb2_queue *q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vb);
	KUNIT_ASSERT_NOT_NULL(test, q);
	q->dma_dir = DMA_BIDIRECTIONAL;
	vb->vb2_queue = q;

	return vb;
}

static struct dma_buf *make_vb2(struct kunit *test, struct device *dev,
				unsigned int pages,
				const struct vb2_mem_ops *ops)
{
	struct vb2_buffer *vb = test_vb2_buffer(test);
	struct dma_buf *dmabuf;
	void *priv;

	priv = ops->alloc(vb, dev, pages << PAGE_SHIFT);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, priv);
	dmabuf = ops->get_dmabuf(vb, priv, O_RDWR);
	ops->put(priv);

	return dmabuf;
}

static struct dma_buf *make_vb2_contig(struct kunit *test, struct device *dev,
				       unsigned int pages)
{
	return make_vb2(test, dev, pages, &vb2_dma_contig_memops);
}

static struct dma_buf *make_vb2_sg(struct kunit *test, struct device *dev,
				   unsigned int pages)
{
	return make_vb2(test, dev, pages, &vb2_dma_sg_memops);
}

static struct dma_buf *make_vb2_vmalloc(struct kunit *test, struct device *dev,
					unsigned int pages)
{
	return make_vb2(test, dev, pages, &vb2_vmalloc_memops);
}

const struct test_exporter test_exporters[TEST_EXPORTERS] = {
	[TEST_SYSTEM_HEAP] = { "system heap", make_system, false, true },
	[TEST_CMA_HEAP] = { "CMA heap", make_cma, true, true },
	[TEST_UDMABUF] = { "udmabuf", make_udmabuf, false, true },
	[TEST_GEM_SHMEM] = { "GEM shmem", make_gem_shmem, false, false },
	[TEST_GEM_DMA] = { "GEM DMA", make_gem_dma, true, false },
	[TEST_VB2_CONTIG] = { "vb2-dma-contig", make_vb2_contig, true, false },
	[TEST_VB2_SG] = { "vb2-dma-sg", make_vb2_sg, false, true },
	[TEST_VB2_VMALLOC] = { "vb2-vmalloc", make_vb2_vmalloc, false, true },
};

/**
 * test_buffer - a buffer that is there until the test is over
 * @test: the test
 * @id: the exporter
 * @dev: the exporter's device
 * @pages: how large it is
 *
 * Return: the buffer; the test is skipped if there is no such exporter.
 */
struct dma_buf *test_buffer(struct kunit *test, enum test_exporter_id id,
			    struct device *dev, unsigned int pages)
{
	struct dma_buf *dmabuf = test_exporters[id].make(test, dev, pages);

	if (!dmabuf)
		kunit_skip(test, "no %s here", test_exporters[id].name);
	test_keep(test, dmabuf);

	return dmabuf;
}

/**
 * struct test_holes - free pages none of which is next to another
 * @page: what is allocated between them
 */
struct test_holes {
	struct page *page[TEST_HOLES];
};

static void fill_holes(void *data)
{
	struct test_holes *holes = data;
	unsigned int i;

	for (i = 0; i < TEST_HOLES; i++) {
		if (holes->page[i])
			__free_page(holes->page[i]);
	}
}

/* What is allocated next, page by page, gets pages that were freed last. */
static void make_holes(struct kunit *test, gfp_t gfp)
{
	struct test_holes *holes = kunit_kzalloc(test, sizeof(*holes),
						 GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, holes);
	for (i = 0; i < TEST_HOLES; i++)
		holes->page[i] = alloc_page(gfp);
	for (i = 0; i < TEST_HOLES; i += 2) {
		if (holes->page[i])
			__free_page(holes->page[i]);
		holes->page[i] = NULL;
	}
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, fill_holes,
							   holes));
}

/* An attachment that needs nothing: it keeps the memory where it is. */
static void test_detach(void *data)
{
	struct dma_buf_attachment *attach = data;

	dma_buf_detach(attach->dmabuf, attach);
}

static struct dma_buf_attachment *test_hold(struct kunit *test,
					    struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attach;

	attach = dma_buf_attach(dmabuf, test_device(test));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, test_detach,
							   attach));

	return attach;
}

static bool test_is_contiguous(struct kunit *test,
			       struct dma_buf_attachment *attach)
{
	struct sg_table *sgt = dma_buf_get_scatterlist_unlocked(attach);
	bool contiguous;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	contiguous = dma_buf_sgt_contiguous(sgt);
	dma_buf_put_scatterlist_unlocked(attach, sgt);

	return contiguous;
}

/**
 * test_scattered - a buffer that is not contiguous, and stays so
 * @test: the test
 * @id: an exporter whose buffers need not be
 * @dev: the exporter's device
 *
 * Return: the buffer, held in place by an attachment.
 */
struct dma_buf *test_scattered(struct kunit *test, enum test_exporter_id id,
			       struct device *dev)
{
	struct dma_buf *dmabuf;
	unsigned int i;

	if (test_exporters[id].contiguous)
		kunit_skip(test, "%s is always contiguous",
			   test_exporters[id].name);

	for (i = 0; i < TEST_TRIES; i++) {
		make_holes(test, GFP_HIGHUSER);
		make_holes(test, GFP_KERNEL);
		dmabuf = test_buffer(test, id, dev, TEST_SCATTERED);
		if (!test_is_contiguous(test, test_hold(test, dmabuf)))
			return dmabuf;
	}

	KUNIT_FAIL_AND_ABORT(test, "no scattered memory to be had");

	return NULL;
}

MODULE_DESCRIPTION("KUnit tests of dma-buf exporters and importers");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(DMA_BUF);
MODULE_IMPORT_NS(DMA_BUF_RAW);
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
