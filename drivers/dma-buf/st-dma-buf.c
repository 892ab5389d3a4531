// SPDX-License-Identifier: GPL-2.0-only
/*
 * What importers need, and raw access: a look at both in a running kernel. The
 * rules one by one are the business of the KUnit tests.
 */

#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "selftest.h"

#define TEST_PAGES	4

/* Every other page of a block: no two of them touch. */
struct test_buffer {
	struct page *block;
	struct page *pages[TEST_PAGES];
	struct dma_buf *dmabuf;
	struct platform_device *pdev;
};

static int test_admit(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	if (attach->flags & DMA_BUF_ATTACH_CONTIG)
		return dma_buf_refuse(attach, DMA_BUF_REFUSED_SCATTERED);

	return 0;
}

static struct sg_table *test_get_scatterlist(struct dma_buf_attachment *attach)
{
	struct test_buffer *buf = attach->dmabuf->priv;

	return dma_buf_pages_to_sgt(attach, buf->pages);
}

static void test_put_scatterlist(struct dma_buf_attachment *attach,
				 struct sg_table *sgt)
{
	dma_buf_free_sgt(sgt);
}

static void test_release(struct dma_buf *dmabuf)
{
}

static const struct dma_buf_ops test_ops = {
	.admit = test_admit,
	.get_scatterlist = test_get_scatterlist,
	.put_scatterlist = test_put_scatterlist,
	.release = test_release,
};

static void test_free(struct test_buffer *buf)
{
	/* Now, and not after this module may have failed to load. */
	if (!IS_ERR_OR_NULL(buf->dmabuf))
		__fput_sync(buf->dmabuf->file);
	if (!IS_ERR_OR_NULL(buf->pdev))
		platform_device_unregister(buf->pdev);
	if (buf->block)
		__free_pages(buf->block, get_order(2 * TEST_PAGES * PAGE_SIZE));
	kfree(buf);
}

static struct test_buffer *test_create(void)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct test_buffer *buf;
	int i, ret = -ENOMEM;

	buf = kzalloc(sizeof(*buf), GFP_KERNEL);
	if (!buf)
		return ERR_PTR(-ENOMEM);

	buf->block = alloc_pages(GFP_KERNEL,
				 get_order(2 * TEST_PAGES * PAGE_SIZE));
	if (!buf->block)
		goto err;
	for (i = 0; i < TEST_PAGES; i++)
		buf->pages[i] = nth_page(buf->block, 2 * i);

	buf->pdev = platform_device_register_simple("dma-buf-selftest",
						    PLATFORM_DEVID_NONE, NULL, 0);
	ret = PTR_ERR_OR_ZERO(buf->pdev);
	if (!ret)
		ret = dma_coerce_mask_and_coherent(&buf->pdev->dev,
						   DMA_BIT_MASK(64));
	if (ret)
		goto err;

	info.ops = &test_ops;
	info.size = TEST_PAGES * PAGE_SIZE;
	info.priv = buf;
	buf->dmabuf = dma_buf_export(&info);
	ret = PTR_ERR_OR_ZERO(buf->dmabuf);
	if (ret)
		goto err;

	return buf;

err:
	test_free(buf);
	return ERR_PTR(ret);
}

static int refused(struct test_buffer *buf, u32 flags, int want,
		   enum dma_buf_refusal why)
{
	struct dma_buf_attachment *attach;

	attach = dma_buf_attach_flags(buf->dmabuf, &buf->pdev->dev, flags);
	if (attach == ERR_PTR(want) && buf->dmabuf->last_refusal == why &&
	    list_empty(&buf->dmabuf->attachments))
		return 0;

	pr_err("flags %#x: %pe and reason %d instead of %pe and %d\n", flags,
	       attach, buf->dmabuf->last_refusal, ERR_PTR(want), why);
	if (!IS_ERR(attach))
		dma_buf_detach(buf->dmabuf, attach);

	return -EINVAL;
}

/* Who cannot be served is told so when it attaches, and why. */
static int test_refusals(void *arg)
{
	struct test_buffer *buf = arg;

	return refused(buf, DMA_BUF_ATTACH_CONTIG, -EOPNOTSUPP,
		       DMA_BUF_REFUSED_SCATTERED) ?:
	       refused(buf, BIT(2), -EINVAL, DMA_BUF_REFUSED_FLAGS);
}

static bool is_scattered(struct test_buffer *buf, struct sg_table *sgt)
{
	struct scatterlist *sg;
	int i;

	if (sgt->orig_nents != TEST_PAGES)
		return false;

	for_each_sgtable_sg(sgt, sg, i) {
		if (sg_page(sg) != buf->pages[i] || sg->length != PAGE_SIZE)
			return false;
	}

	return true;
}

static int map_and_sync(struct dma_buf_attachment *attach, struct sg_table *sgt)
{
	struct dma_buf *dmabuf = attach->dmabuf;
	int ret;

	dma_resv_lock(dmabuf->resv, NULL);
	ret = dma_buf_map_raw(attach, sgt, DMA_BIDIRECTIONAL);
	dma_resv_unlock(dmabuf->resv);
	if (ret)
		return ret;

	ret = dma_buf_begin_cpu_access(dmabuf, DMA_BIDIRECTIONAL) ?:
	      dma_buf_end_cpu_access(dmabuf, DMA_BIDIRECTIONAL);

	dma_resv_lock(dmabuf->resv, NULL);
	dma_buf_unmap_raw(attach, sgt, DMA_BIDIRECTIONAL);
	dma_resv_unlock(dmabuf->resv);

	return ret;
}

/* A raw table has the pages, and can be mapped. */
static int test_raw(void *arg)
{
	struct test_buffer *buf = arg;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	int ret;

	attach = dma_buf_attach_flags(buf->dmabuf, &buf->pdev->dev,
				      DMA_BUF_ATTACH_PAGES);
	if (IS_ERR(attach))
		return PTR_ERR(attach);

	sgt = dma_buf_get_scatterlist_unlocked(attach);
	ret = PTR_ERR_OR_ZERO(sgt);
	if (!ret) {
		ret = is_scattered(buf, sgt) ? map_and_sync(attach, sgt) :
					       -EINVAL;
		dma_buf_put_scatterlist_unlocked(attach, sgt);
	}
	dma_buf_detach(buf->dmabuf, attach);

	return ret;
}

/* Importers that know nothing of this get their table mapped as ever. */
static int test_map(void *arg)
{
	struct test_buffer *buf = arg;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	u64 total = 0;
	int i;

	attach = dma_buf_attach(buf->dmabuf, &buf->pdev->dev);
	if (IS_ERR(attach))
		return PTR_ERR(attach);

	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	if (!IS_ERR(sgt)) {
		struct scatterlist *sg;

		for_each_sgtable_dma_sg(sgt, sg, i)
			total += sg_dma_len(sg);
		dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	}
	dma_buf_detach(buf->dmabuf, attach);

	return total == buf->dmabuf->size ? 0 : -EINVAL;
}

int dma_buf_sharing(void)
{
	static const struct subtest tests[] = {
		SUBTEST(test_refusals),
		SUBTEST(test_raw),
		SUBTEST(test_map),
	};
	struct test_buffer *buf = test_create();
	int ret;

	if (IS_ERR(buf))
		return PTR_ERR(buf);

	ret = subtests(tests, buf);
	test_free(buf);

	return ret;
}

MODULE_IMPORT_NS(DMA_BUF);
MODULE_IMPORT_NS(DMA_BUF_RAW);
