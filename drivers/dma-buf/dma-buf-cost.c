// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to use a dma-buf: attach, map, unmap and detach, for exporters
 * and importers that know nothing of flags or raw memory.
 *
 * This is to be built for two kernels, with the new parts of the dma-buf core
 * and without, so it uses nothing of them. It measures when it is loaded, and
 * prints one line for each kind of exporter and size of buffer. Where the clock
 * counts instructions, as that of an emulator can, the figures are exact and
 * the same each time; elsewhere they are the best of several rounds.
 */

#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#define ROUNDS		16
#define MAX_PAGES	2048
/* How many pages are mapped in a round: small buffers more often. */
#define PAGES_A_ROUND	4096
#define MAX_TIMES	256
/* Of each size of kmalloc(), kept while it is measured: see fill_slabs() */
#define HELD_OBJECTS	512

static struct page *pages[MAX_PAGES];

struct held_object {
	struct list_head node;
};

static LIST_HEAD(held);

struct cost_buffer {
	unsigned int n_pages;
	struct dma_buf *dmabuf;
};

static struct sg_table *cost_map(struct dma_buf_attachment *attach,
				 enum dma_data_direction dir)
{
	struct cost_buffer *buf = attach->dmabuf->priv;
	struct scatterlist *sg;
	struct sg_table *sgt;
	int i, ret;

	sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	if (!sgt)
		return ERR_PTR(-ENOMEM);

	ret = sg_alloc_table(sgt, buf->n_pages, GFP_KERNEL);
	if (ret)
		goto err_free;

	for_each_sgtable_sg(sgt, sg, i)
		sg_set_page(sg, pages[i], PAGE_SIZE, 0);

	ret = dma_map_sgtable(attach->dev, sgt, dir, 0);
	if (ret)
		goto err_free_table;

	return sgt;

err_free_table:
	sg_free_table(sgt);
err_free:
	kfree(sgt);
	return ERR_PTR(ret);
}

static void cost_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt,
		       enum dma_data_direction dir)
{
	dma_unmap_sgtable(attach->dev, sgt, dir, 0);
	sg_free_table(sgt);
	kfree(sgt);
}

static int cost_pin(struct dma_buf_attachment *attach)
{
	return 0;
}

static void cost_unpin(struct dma_buf_attachment *attach)
{
}

static void cost_release(struct dma_buf *dmabuf)
{
}

static void cost_move_notify(struct dma_buf_attachment *attach)
{
}

static const struct dma_buf_ops cost_static_ops = {
	.map_dma_buf = cost_map,
	.unmap_dma_buf = cost_unmap,
	.release = cost_release,
};

static const struct dma_buf_ops cost_dynamic_ops = {
	.pin = cost_pin,
	.unpin = cost_unpin,
	.map_dma_buf = cost_map,
	.unmap_dma_buf = cost_unmap,
	.release = cost_release,
};

static const struct dma_buf_attach_ops cost_importer_ops = {
	.move_notify = cost_move_notify,
};

/* Once round: what is measured. */
static int use_once(struct dma_buf *dmabuf, struct device *dev,
		    const struct dma_buf_attach_ops *importer)
{
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = importer ? dma_buf_dynamic_attach(dmabuf, dev, importer, NULL) :
			    dma_buf_attach(dmabuf, dev);
	if (IS_ERR(attach))
		return PTR_ERR(attach);

	sgt = dma_buf_map_attachment_unlocked(attach, DMA_BIDIRECTIONAL);
	if (!IS_ERR(sgt))
		dma_buf_unmap_attachment_unlocked(attach, sgt,
						  DMA_BIDIRECTIONAL);
	dma_buf_detach(dmabuf, attach);

	return PTR_ERR_OR_ZERO(sgt);
}

/* The best of several rounds has been interrupted by nobody. */
static int measure(struct dma_buf *dmabuf, struct device *dev,
		   const struct dma_buf_attach_ops *importer,
		   unsigned int times, u64 *best)
{
	unsigned int round, i;
	ktime_t start;
	int ret;

	*best = U64_MAX;
	for (round = 0; round < ROUNDS; round++) {
		start = ktime_get();
		for (i = 0; i < times; i++) {
			ret = use_once(dmabuf, dev, importer);
			if (ret)
				return ret;
		}
		*best = min_t(u64, *best, ktime_to_ns(ktime_sub(ktime_get(), start)));
	}

	return 0;
}

static int cost_of(struct device *dev, const char *kind, unsigned int n_pages,
		   const struct dma_buf_ops *ops,
		   const struct dma_buf_attach_ops *importer)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	unsigned int times = clamp(PAGES_A_ROUND / n_pages, 4, MAX_TIMES);
	struct cost_buffer buf = { .n_pages = n_pages };
	u64 best;
	int ret;

	info.ops = ops;
	info.size = n_pages << PAGE_SHIFT;
	info.flags = O_RDWR;
	info.priv = &buf;
	buf.dmabuf = dma_buf_export(&info);
	if (IS_ERR(buf.dmabuf))
		return PTR_ERR(buf.dmabuf);

	ret = measure(buf.dmabuf, dev, importer, times, &best);
	if (!ret)
		pr_info("cost: %s %u pages: %llu ns for %u times\n", kind,
			n_pages, best, times);
	dma_buf_put(buf.dmabuf);

	return ret;
}

static int cost_of_all(struct device *dev)
{
	static const unsigned int sizes[] = { 1, 4, 16, 150, MAX_PAGES };
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(sizes) && !ret; i++)
		ret = cost_of(dev, "static", sizes[i], &cost_static_ops, NULL);
	for (i = 0; i < ARRAY_SIZE(sizes) && !ret; i++)
		ret = cost_of(dev, "dynamic", sizes[i], &cost_dynamic_ops,
			      &cost_importer_ops);

	return ret;
}

/* Every second one of those in a row, so that no two lie side by side. */
static int alloc_pages_apart(void)
{
	unsigned int i;

	for (i = 0; i < MAX_PAGES; i++) {
		struct page *page = alloc_pages(GFP_KERNEL | __GFP_ZERO, 1);

		if (!page)
			return -ENOMEM;
		split_page(page, 1);
		__free_page(page + 1);
		pages[i] = page;
	}

	return 0;
}

static void free_pages_apart(void)
{
	unsigned int i;

	for (i = 0; i < MAX_PAGES && pages[i]; i++)
		__free_page(pages[i]);
}

/*
 * Objects that come from two slabs with few free objects in each cost hundreds
 * of instructions more, round after round: it would be measured how full they
 * happen to be. With all slabs full that others have begun, those of a round
 * come from one.
 */
static int fill_slabs(void)
{
	size_t size;
	unsigned int i;

	for (size = KMALLOC_MIN_SIZE; size <= PAGE_SIZE; size *= 2) {
		for (i = 0; i < HELD_OBJECTS; i++) {
			struct held_object *obj = kmalloc(size, GFP_KERNEL);

			if (!obj)
				return -ENOMEM;
			list_add(&obj->node, &held);
		}
	}

	return 0;
}

static void free_held(void)
{
	struct held_object *obj, *next;

	list_for_each_entry_safe(obj, next, &held, node)
		kfree(obj);
}

static int __init cost_init(void)
{
	struct platform_device *pdev;
	int ret;

	pdev = platform_device_register_simple("dma-buf-cost",
					       PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);

	ret = alloc_pages_apart();
	if (!ret)
		ret = fill_slabs();
	if (!ret)
		ret = cost_of_all(&pdev->dev);
	free_held();
	free_pages_apart();
	platform_device_unregister(pdev);

	return ret;
}
module_init(cost_init);

static void __exit cost_exit(void)
{
}
module_exit(cost_exit);

MODULE_DESCRIPTION("Measures what it costs to use a dma-buf");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(DMA_BUF);
