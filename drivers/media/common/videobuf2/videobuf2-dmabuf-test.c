// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of videobuf2 with dma-bufs that cannot be had: what has been
 * taken is put again, and user space is told why.
 */

#include <kunit/test.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <media/videobuf2-core.h>
#include <media/videobuf2-dma-contig.h>

#define PLANES	3

/**
 * struct refuser - an exporter of a page, or of an error
 * @dmabuf: what it exports
 * @fd: its number for QBUF
 * @page: its memory
 * @attach_ret: what to return from attach
 * @map_ret: what to return from map_dma_buf if it is an error
 */
struct refuser {
	struct dma_buf *dmabuf;
	int fd;
	struct page *page;
	int attach_ret;
	int map_ret;
};

static int refuser_attach(struct dma_buf *dmabuf,
			  struct dma_buf_attachment *attach)
{
	struct refuser *refuser = dmabuf->priv;

	return refuser->attach_ret;
}

static struct sg_table *refuser_map(struct dma_buf_attachment *attach,
				    enum dma_data_direction dir)
{
	struct refuser *refuser = attach->dmabuf->priv;
	struct sg_table *sgt;

	if (refuser->map_ret)
		return ERR_PTR(refuser->map_ret);

	sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	if (!sgt || sg_alloc_table(sgt, 1, GFP_KERNEL))
		goto err_free;

	sg_set_page(sgt->sgl, refuser->page, PAGE_SIZE, 0);
	if (!dma_map_sgtable(attach->dev, sgt, dir, 0))
		return sgt;

	sg_free_table(sgt);
err_free:
	kfree(sgt);
	return ERR_PTR(-ENOMEM);
}

static void refuser_unmap(struct dma_buf_attachment *attach,
			  struct sg_table *sgt, enum dma_data_direction dir)
{
	dma_unmap_sgtable(attach->dev, sgt, dir, 0);
	sg_free_table(sgt);
	kfree(sgt);
}

static void refuser_release(struct dma_buf *dmabuf)
{
}

static const struct dma_buf_ops refuser_ops = {
	.attach = refuser_attach,
	.map_dma_buf = refuser_map,
	.unmap_dma_buf = refuser_unmap,
	.release = refuser_release,
};

static void refuser_destroy(void *data)
{
	struct refuser *refuser = data;

	close_fd(refuser->fd);
	dma_buf_put(refuser->dmabuf);
	flush_delayed_fput();
	__free_page(refuser->page);
}

static struct refuser *refuser_create(struct kunit *test)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct refuser *refuser;

	refuser = kunit_kzalloc(test, sizeof(*refuser), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, refuser);
	refuser->page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, refuser->page);

	info.ops = &refuser_ops;
	info.size = PAGE_SIZE;
	info.priv = refuser;
	refuser->dmabuf = dma_buf_export(&info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, refuser->dmabuf);
	get_dma_buf(refuser->dmabuf);
	refuser->fd = dma_buf_fd(refuser->dmabuf, O_CLOEXEC);
	KUNIT_ASSERT_GE(test, refuser->fd, 0);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test,
							   refuser_destroy,
							   refuser));

	return refuser;
}

/**
 * struct importer - a queue of vb2-dma-contig with one buffer
 * @queue: the queue
 * @planes: whose dma-bufs are to be queued as its planes
 */
struct importer {
	struct vb2_queue queue;
	struct refuser *planes[PLANES];
};

static int importer_setup(struct vb2_queue *queue, unsigned int *num_buffers,
			  unsigned int *num_planes, unsigned int sizes[],
			  struct device *alloc_devs[])
{
	unsigned int i;

	*num_planes = PLANES;
	for (i = 0; i < PLANES; i++)
		sizes[i] = PAGE_SIZE;

	return 0;
}

static void importer_queue(struct vb2_buffer *vb)
{
}

static const struct vb2_ops importer_ops = {
	.queue_setup = importer_setup,
	.buf_queue = importer_queue,
};

/* What comes from user space in other queues. */
static int importer_fill(struct vb2_buffer *vb, struct vb2_plane *planes)
{
	struct importer *importer = container_of(vb->vb2_queue, struct importer,
						 queue);
	unsigned int i;

	for (i = 0; i < PLANES; i++) {
		planes[i].m.fd = importer->planes[i]->fd;
		planes[i].length = PAGE_SIZE;
	}

	return 0;
}

static const struct vb2_buf_ops importer_buf_ops = {
	.fill_vb2_buffer = importer_fill,
};

static void importer_unregister(void *data)
{
	platform_device_unregister(data);
}

static void importer_release(void *data)
{
	vb2_core_queue_release(data);
}

static struct importer *importer_create(struct kunit *test)
{
	struct platform_device *pdev;
	struct importer *importer;
	unsigned int count = 1;
	struct vb2_queue *q;
	unsigned int i;

	pdev = platform_device_register_simple("vb2-dmabuf-test",
					       PLATFORM_DEVID_AUTO, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test,
							   importer_unregister,
							   pdev));
	importer = kunit_kzalloc(test, sizeof(*importer), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, importer);
	for (i = 0; i < PLANES; i++)
		importer->planes[i] = refuser_create(test);

	q = &importer->queue;
	q->type = 1;
	q->io_modes = VB2_DMABUF;
	q->dev = &pdev->dev;
	q->ops = &importer_ops;
	q->mem_ops = &vb2_dma_contig_memops;
	q->buf_ops = &importer_buf_ops;
	KUNIT_ASSERT_EQ(test, 0, vb2_core_queue_init(q));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test,
							   importer_release,
							   q));
	KUNIT_ASSERT_EQ(test, 0, vb2_core_reqbufs(q, VB2_MEMORY_DMABUF, 0,
						  &count));

	return importer;
}

/* Hand the buffer over as QBUF does, and say who has references then. */
static void expect_prepare(struct kunit *test, struct importer *importer,
			   int err, long refs)
{
	struct vb2_buffer *vb = vb2_get_buffer(&importer->queue, 0);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, vb);
	KUNIT_EXPECT_EQ(test, err, vb2_core_prepare_buf(&importer->queue, vb,
							NULL));
	/* One is the test's, one the file descriptor's. */
	for (i = 0; i < PLANES; i++)
		KUNIT_EXPECT_EQ(test, 2 + refs,
				file_count(importer->planes[i]->dmabuf->file));
}

static void attach_refused(struct kunit *test)
{
	struct importer *importer = importer_create(test);
	unsigned int i;

	for (i = 0; i < PLANES; i++) {
		importer->planes[i]->attach_ret = -EBUSY;
		expect_prepare(test, importer, -EBUSY, 0);
		importer->planes[i]->attach_ret = -EOPNOTSUPP;
		expect_prepare(test, importer, -EOPNOTSUPP, 0);
		importer->planes[i]->attach_ret = 0;
	}
}

static void map_refused(struct kunit *test)
{
	struct importer *importer = importer_create(test);
	unsigned int i;

	for (i = 0; i < PLANES; i++) {
		importer->planes[i]->map_ret = -ENOMEM;
		expect_prepare(test, importer, -ENOMEM, 0);
		importer->planes[i]->map_ret = -EOPNOTSUPP;
		expect_prepare(test, importer, -EOPNOTSUPP, 0);
		importer->planes[i]->map_ret = 0;
	}
}

/* One buffer as two planes is attached once, and has two references. */
static void shared_by_planes(struct kunit *test)
{
	struct importer *importer = importer_create(test);
	struct refuser *twice = importer->planes[0];
	struct refuser *spare = importer->planes[1];

	importer->planes[1] = twice;
	importer->planes[2]->attach_ret = -EBUSY;
	expect_prepare(test, importer, -EBUSY, 0);
	KUNIT_EXPECT_EQ(test, 2, file_count(spare->dmabuf->file));
}

static void granted(struct kunit *test)
{
	struct importer *importer = importer_create(test);
	unsigned int count = 0;

	importer->planes[1]->attach_ret = -EBUSY;
	expect_prepare(test, importer, -EBUSY, 0);
	importer->planes[1]->attach_ret = 0;
	expect_prepare(test, importer, 0, 1);
	KUNIT_EXPECT_EQ(test, 0, vb2_core_reqbufs(&importer->queue,
						  VB2_MEMORY_DMABUF, 0,
						  &count));
	KUNIT_EXPECT_EQ(test, 2, file_count(importer->planes[0]->dmabuf->file));
}

static struct kunit_case vb2_dmabuf_cases[] = {
	KUNIT_CASE(attach_refused),
	KUNIT_CASE(map_refused),
	KUNIT_CASE(shared_by_planes),
	KUNIT_CASE(granted),
	{}
};

static struct kunit_suite vb2_dmabuf_suite = {
	.name = "vb2_dmabuf",
	.test_cases = vb2_dmabuf_cases,
};

kunit_test_suite(vb2_dmabuf_suite);

MODULE_DESCRIPTION("KUnit tests of videobuf2 with dma-bufs");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(DMA_BUF);
