// SPDX-License-Identifier: GPL-2.0-only
/* Mappings of raw memory, tables and caches: KUnit tests of the dma-buf core */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>

#include <trace/events/dma_buf.h>

#include "dma-buf-mock.h"

#define CONTIG	DMA_BUF_ATTACH_CONTIG
#define PAGES	DMA_BUF_ATTACH_PAGES

static void map_raw(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT, MOCK_SCATTERED);
	struct dma_buf_attachment *attach;
	struct scatterlist *sg;
	struct sg_table *sgt;
	int i;

	attach = mock_attach(test, buf, NULL, PAGES);
	sgt = mock_get_table(test, attach);
	mock_lock(buf);
	KUNIT_EXPECT_EQ(test, dma_buf_map_raw(attach, sgt, DMA_NONE), -EINVAL);
	KUNIT_EXPECT_EQ(test, dma_buf_map_raw(attach, sgt, DMA_TO_DEVICE), 0);
	KUNIT_EXPECT_EQ(test, dma_buf_map_raw(attach, sgt, DMA_TO_DEVICE), -EBUSY);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 1);
	for_each_sgtable_dma_sg(sgt, sg, i) {
		KUNIT_EXPECT_EQ(test, sg_dma_address(sg), page_to_phys(buf->pages[i]));
		KUNIT_EXPECT_EQ(test, sg_dma_len(sg), PAGE_SIZE);
	}
	dma_buf_unmap_raw(attach, sgt, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 0);

	mock_expect_complaints(test);
	KUNIT_EXPECT_EQ(test, dma_buf_map_raw(attach, sgt, DMA_FROM_DEVICE), 0);
	dma_buf_unmap_raw(attach, sgt, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_DIRECTION), 1);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 0);
	dma_buf_put_scatterlist(attach, sgt);
	mock_unlock(buf);
	mock_detach(attach);
}

static void map_pfns_of_ram(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_PFNS, MOCK_LAST_APART);
	struct dma_buf_attachment *attach;
	struct sg_table *first, *second;
	struct dma_buf_pfns *pfns;

	attach = mock_attach(test, buf, NULL, 0);
	pfns = mock_get_pfns(test, attach);
	mock_lock(buf);
	first = dma_buf_map_pfns(attach, pfns, DMA_TO_DEVICE);
	second = dma_buf_map_pfns(attach, pfns, DMA_FROM_DEVICE);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, first);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, second);
	if (!IS_ERR(first) && !IS_ERR(second)) {
		KUNIT_EXPECT_EQ(test, first->nents, 2);
		KUNIT_EXPECT_EQ(test, sg_dma_len(first->sgl),
				(MOCK_PAGES - 1) * PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, sg_dma_address(first->sgl),
				page_to_phys(buf->pages[0]));
		dma_buf_unmap_pfns(attach, second, DMA_FROM_DEVICE);
		dma_buf_unmap_pfns(attach, first, DMA_TO_DEVICE);
	}
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EINVAL),
			    dma_buf_map_pfns(attach, pfns, DMA_NONE));
	dma_buf_put_pfns(attach, pfns);
	mock_unlock(buf);
	mock_detach(attach);
}

static void map_pfns_of_mmio(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_PFNS, MOCK_CONTIGUOUS);
	struct dma_buf_attachment *attach;
	struct dma_buf_pfns *pfns;
	struct sg_table *sgt;

	buf->mmio = mock_no_memory(test);
	attach = mock_attach(test, buf, NULL, 0);
	pfns = mock_get_pfns(test, attach);
	mock_lock(buf);
	sgt = dma_buf_map_pfns(attach, pfns, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, sgt);
	if (!IS_ERR(sgt)) {
		struct scatterlist *sg = sgt->sgl;

		KUNIT_EXPECT_EQ(test, sgt->nents, 2);
		KUNIT_EXPECT_EQ(test, sg_dma_address(sg), PFN_PHYS(buf->mmio + 1));
		KUNIT_EXPECT_EQ(test, sg_dma_len(sg), 3 * PAGE_SIZE);
		KUNIT_EXPECT_NULL(test, sg_page(sg));
		sg = sg_next(sg);
		KUNIT_EXPECT_EQ(test, sg_dma_address(sg), PFN_PHYS(buf->mmio));
		KUNIT_EXPECT_EQ(test, sg_dma_len(sg), PAGE_SIZE);
		dma_buf_unmap_pfns(attach, sgt, DMA_BIDIRECTIONAL);
	}
	dma_buf_put_pfns(attach, pfns);
	mock_unlock(buf);
	mock_detach(attach);
}

/* A device that cannot reach it: everything is undone. */
static void map_pfns_out_of_reach(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_PFNS, MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *attach;
	struct dma_buf_pfns *pfns;

	buf->mmio = mock_no_memory(test);
	/* The page that comes last is within reach, and the three before not. */
	*dev->dma_mask = PFN_PHYS(buf->mmio + 1) - 1;
	attach = mock_attach(test, buf, dev, 0);
	pfns = mock_get_pfns(test, attach);
	mock_lock(buf);
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EIO),
			    dma_buf_map_pfns(attach, pfns, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 0);
	dma_buf_put_pfns(attach, pfns);
	mock_unlock(buf);
	mock_detach(attach);
}

/* dma_buf_map_attachment() for exporters that do not map */

static void core_maps(struct kunit *test)
{
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *attach;
	struct mock_buffer *buf;
	struct sg_table *sgt;

	buf = mock_buffer_create(test, MOCK_SGT | MOCK_PFNS, MOCK_CONTIGUOUS);
	attach = mock_attach(test, buf, dev, CONTIG);
	sgt = mock_map(test, attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl), page_to_phys(buf->pages[0]));
	if (IS_ENABLED(CONFIG_DMABUF_DEBUG))
		KUNIT_EXPECT_PTR_NE(test, sg_page(sgt->sgl), buf->pages[0]);
	KUNIT_EXPECT_EQ(test, dma_buf_begin_cpu_access(buf->dmabuf, DMA_FROM_DEVICE), 0);
	KUNIT_EXPECT_EQ(test, dma_buf_end_cpu_access(buf->dmabuf, DMA_FROM_DEVICE), 0);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 0);
	mock_detach(attach);
	mock_expect_log(test, buf, "agGd");

	/* What the core has mapped for an importer is not the importer's. */
	mock_expect_complaints(test);
	attach = mock_attach(test, buf, dev, 0);
	sgt = mock_map(test, attach, DMA_TO_DEVICE);
	mock_lock(buf);
	dma_buf_unmap_raw(attach, sgt, DMA_TO_DEVICE);
	dma_buf_put_scatterlist(attach, sgt);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_FOREIGN), 2);
	dma_buf_unmap_attachment(attach, sgt, DMA_TO_DEVICE);
	mock_unlock(buf);
	mock_detach(attach);
	mock_expect_log(test, buf, "agGd");

	/* Pages if there are any, else PFNs. */
	buf->get_ret = ERR_PTR(-EINVAL);
	attach = mock_attach(test, buf, dev, 0);
	sgt = mock_map(test, attach, DMA_TO_DEVICE);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	mock_expect_log(test, buf, "agfF");

	buf->get_ret = ERR_PTR(-ENOMEM);
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-ENOMEM));
	mock_expect_log(test, buf, "g");
	mock_detach(attach);
}

static void core_maps_and_pins(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_PIN,
						     MOCK_SCATTERED);
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = mock_attach(test, buf, dev, 0);
	sgt = mock_map(test, attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, buf->pins, 1);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	mock_detach(attach);
	mock_expect_log(test, buf, "apgGud");

	attach = mock_attach(test, buf, dev, CONTIG);
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-EOPNOTSUPP));
	KUNIT_EXPECT_EQ(test, attach->refusal, DMA_BUF_REFUSED_SCATTERED);
	mock_detach(attach);
	mock_expect_log(test, buf, "apgGud");
}

static void core_maps_cached(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_CACHED,
						     MOCK_SCATTERED);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	mock_expect_complaints(test);
	attach = mock_attach(test, buf, NULL, 0);
	sgt = mock_map(test, attach, DMA_TO_DEVICE);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	mock_expect_log(test, buf, "ag");
	mock_detach(attach);
	mock_expect_log(test, buf, "Gd");
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_DETACH_IN_USE), 0);
}

static void core_maps_no_memory(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_PFNS, MOCK_CONTIGUOUS);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	buf->mmio = mock_no_memory(test);
	attach = mock_attach(test, buf, NULL, 0);
	sgt = mock_map(test, attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, sg_dma_address(sgt->sgl), PFN_PHYS(buf->mmio + 1));
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	mock_detach(attach);
	mock_expect_log(test, buf, "afFd");
}

/* Tables are built within the limits of the importer's device */

static void expect_segments(struct kunit *test, unsigned int max_seg,
			    unsigned long boundary, unsigned int nents)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT, MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, max_seg);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt, *range;

	if (boundary)
		dma_set_seg_boundary(dev, boundary);
	attach = mock_attach(test, buf, dev, CONTIG);
	sgt = mock_get_table(test, attach);
	KUNIT_EXPECT_EQ(test, sgt->orig_nents, nents);

	range = dma_buf_range_to_sgt(attach, buf->pages[0]);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, range);
	if (!IS_ERR(range)) {
		KUNIT_EXPECT_EQ(test, range->orig_nents, nents);
		KUNIT_EXPECT_EQ(test, range->sgl->length, sgt->sgl->length);
		dma_buf_free_sgt(range);
	}
	dma_buf_put_scatterlist_unlocked(attach, sgt);
	mock_detach(attach);
}

static void table_segments(struct kunit *test)
{
	/* The block is aligned to twice its size. */
	expect_segments(test, UINT_MAX, 0, 1);
	expect_segments(test, 0, 0, 1);
	expect_segments(test, 2 * PAGE_SIZE, 0, 2);
	expect_segments(test, 3 * PAGE_SIZE + 512, 0, 2);
	expect_segments(test, PAGE_SIZE, 0, MOCK_PAGES);
	expect_segments(test, 512, 0, MOCK_PAGES);
	expect_segments(test, UINT_MAX, 2 * PAGE_SIZE - 1, 2);
	expect_segments(test, UINT_MAX, PAGE_SIZE - 1, MOCK_PAGES);
	expect_segments(test, UINT_MAX, ULONG_MAX, 1);
}

/* However large: nobody looks at the pages, so there need not be any. */
static void table_of_a_large_range(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT, MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, UINT_MAX);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = mock_attach(test, buf, dev, CONTIG);
	buf->dmabuf->size = SZ_1G;
	sgt = dma_buf_range_to_sgt(attach, buf->pages[0]);
	buf->dmabuf->size = MOCK_PAGES * PAGE_SIZE;
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	KUNIT_EXPECT_EQ(test, sgt->orig_nents, 1);
	KUNIT_EXPECT_EQ(test, sgt->sgl->length, SZ_1G);
	dma_buf_free_sgt(sgt);
	mock_detach(attach);
}

/* CPU access: each mapping is synchronized, in its own direction */

static struct {
	int for_cpu[DMA_NONE];
	int for_device[DMA_NONE];
} syncs;

static void probe_for_cpu(void *data, struct dma_buf_attachment *attach,
			  struct sg_table *sgt, enum dma_data_direction dir)
{
	struct mock_buffer *buf = data;

	/* Pages have to be there for the DMA API. */
	if (sg_page(sgt->sgl) == buf->pages[0])
		syncs.for_cpu[dir]++;
	mock_note(buf->dmabuf, 's', true);
}

static void probe_for_device(void *data, struct dma_buf_attachment *attach,
			     struct sg_table *sgt, enum dma_data_direction dir)
{
	struct mock_buffer *buf = data;

	if (sg_page(sgt->sgl) == buf->pages[0])
		syncs.for_device[dir]++;
	mock_note(buf->dmabuf, 'S', true);
}

/* Without tracepoints there is nothing to be seen, and the test is skipped. */
static void access(struct kunit *test, struct mock_buffer *buf)
{
	memset(&syncs, 0, sizeof(syncs));
	if (register_trace_dma_buf_sync_for_cpu(probe_for_cpu, buf))
		kunit_skip(test, "needs tracepoints");
	KUNIT_EXPECT_EQ(test, 0, register_trace_dma_buf_sync_for_device(probe_for_device,
									buf));
	KUNIT_EXPECT_EQ(test, dma_buf_begin_cpu_access(buf->dmabuf, DMA_BIDIRECTIONAL), 0);
	KUNIT_EXPECT_EQ(test, dma_buf_end_cpu_access(buf->dmabuf, DMA_BIDIRECTIONAL),
			buf->end_ret);
	unregister_trace_dma_buf_sync_for_cpu(probe_for_cpu, buf);
	unregister_trace_dma_buf_sync_for_device(probe_for_device, buf);
	tracepoint_synchronize_unregister();
}

static void expect_syncs(struct kunit *test, int to, int from, int both)
{
	KUNIT_EXPECT_EQ(test, syncs.for_cpu[DMA_TO_DEVICE], to);
	KUNIT_EXPECT_EQ(test, syncs.for_cpu[DMA_FROM_DEVICE], from);
	KUNIT_EXPECT_EQ(test, syncs.for_cpu[DMA_BIDIRECTIONAL], both);
	KUNIT_EXPECT_EQ(test, syncs.for_device[DMA_TO_DEVICE], to);
	KUNIT_EXPECT_EQ(test, syncs.for_device[DMA_FROM_DEVICE], from);
	KUNIT_EXPECT_EQ(test, syncs.for_device[DMA_BIDIRECTIONAL], both);
}

static void access_syncs_each_mapping(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_PFNS,
						     MOCK_SCATTERED);
	struct dma_buf_attachment *one, *two;
	struct sg_table *raw, *ram, *core;
	struct dma_buf_pfns *pfns;

	one = mock_attach(test, buf, NULL, PAGES);
	two = mock_attach(test, buf, mock_device_create(test, 0), 0);
	mock_lock(buf);
	raw = dma_buf_get_scatterlist(one);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, raw);
	KUNIT_EXPECT_EQ(test, dma_buf_map_raw(one, raw, DMA_TO_DEVICE), 0);
	pfns = dma_buf_get_pfns(one);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, pfns);
	ram = dma_buf_map_pfns(one, pfns, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, ram);
	core = dma_buf_map_attachment(two, DMA_FROM_DEVICE);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, core);
	mock_unlock(buf);

	access(test, buf);
	expect_syncs(test, 1, 1, 1);

	mock_lock(buf);
	dma_buf_unmap_attachment(two, core, DMA_FROM_DEVICE);
	dma_buf_unmap_pfns(one, ram, DMA_BIDIRECTIONAL);
	mock_unlock(buf);
	access(test, buf);
	expect_syncs(test, 1, 0, 0);

	mock_lock(buf);
	dma_buf_unmap_raw(one, raw, DMA_TO_DEVICE);
	dma_buf_put_pfns(one, pfns);
	dma_buf_put_scatterlist(one, raw);
	mock_unlock(buf);
	access(test, buf);
	expect_syncs(test, 0, 0, 0);
	dma_buf_detach(buf->dmabuf, two);
	dma_buf_detach(buf->dmabuf, one);
}

static void access_syncs_nothing(struct kunit *test, struct mock_buffer *buf)
{
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = mock_attach(test, buf, NULL, 0);
	sgt = mock_map(test, attach, DMA_BIDIRECTIONAL);
	access(test, buf);
	expect_syncs(test, 0, 0, 0);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_BIDIRECTIONAL);
	mock_detach(attach);
}

/*
 * What may be interrupted comes before what would have to be undone; and what
 * the CPU has written leaves its caches, whatever the exporter says.
 */
static void access_order(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_ACCESS,
						     MOCK_SCATTERED);
	struct dma_buf_attachment *attach = mock_attach(test, buf, NULL, 0);
	struct sg_table *sgt = mock_map(test, attach, DMA_BIDIRECTIONAL);

	access(test, buf);
	mock_expect_log(test, buf, "agsbeS");
	buf->end_ret = -EIO;
	access(test, buf);
	mock_expect_log(test, buf, "sbeS");
	expect_syncs(test, 0, 0, 1);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_BIDIRECTIONAL);
	mock_detach(attach);
}

/* Exporters look after what they have mapped themselves. */
static void access_leaves_exporters_alone(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test,
						     MOCK_MAP | MOCK_SGT | MOCK_ACCESS,
						     MOCK_SCATTERED);

	access_syncs_nothing(test, buf);
	mock_expect_log(test, buf, "ambeUd");
}

static void access_of_uncached_memory(struct kunit *test)
{
	access_syncs_nothing(test, mock_buffer_create(test, MOCK_SGT | MOCK_UNCACHED,
						      MOCK_SCATTERED));
}

static bool bounced(struct device *dev, struct sg_table *sgt)
{
	return true;
}

/* Then there is another copy, though no cache has it. */
static void access_of_bounced_memory(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_UNCACHED,
						     MOCK_SCATTERED);
	struct dma_buf_attachment *attach = mock_attach(test, buf, NULL, 0);
	struct sg_table *sgt;

	kunit_activate_static_stub(test, dma_buf_sgt_is_bounced, bounced);
	sgt = mock_map(test, attach, DMA_FROM_DEVICE);
	access(test, buf);
	expect_syncs(test, 0, 1, 0);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_FROM_DEVICE);
	mock_detach(attach);
}

static void access_of_no_memory(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_PFNS, MOCK_CONTIGUOUS);

	buf->mmio = mock_no_memory(test);
	access_syncs_nothing(test, buf);
}

/* All of it at once: importers come and go while the CPU looks at the buffer */

#define IMPORTERS	4
#define ROUNDS		25

struct churn {
	struct mock_buffer *buf;
	struct device *dev;
	struct completion done;
	struct task_struct *task;
	bool core;
	int err;
};

/* One importer maps what it gets, the next one has the core map. */
static int churn_round(struct churn *churn, struct dma_buf_attachment *attach)
{
	struct dma_buf *dmabuf = attach->dmabuf;
	struct sg_table *sgt;
	int ret = 0;

	sgt = churn->core ? dma_buf_map_attachment_unlocked(attach, DMA_FROM_DEVICE) :
			    dma_buf_get_scatterlist_unlocked(attach);
	if (IS_ERR(sgt))
		return PTR_ERR(sgt);

	mock_lock(churn->buf);
	if (!churn->core)
		ret = dma_buf_map_raw(attach, sgt, DMA_BIDIRECTIONAL);
	mock_unlock(churn->buf);
	if (ret)
		return ret;

	schedule_timeout_uninterruptible(1);
	ret = dma_buf_begin_cpu_access(dmabuf, DMA_BIDIRECTIONAL);
	if (!ret)
		ret = dma_buf_end_cpu_access(dmabuf, DMA_BIDIRECTIONAL);

	mock_lock(churn->buf);
	if (churn->core)
		dma_buf_unmap_attachment(attach, sgt, DMA_FROM_DEVICE);
	else
		dma_buf_unmap_raw(attach, sgt, DMA_BIDIRECTIONAL);
	mock_unlock(churn->buf);
	if (!churn->core)
		dma_buf_put_scatterlist_unlocked(attach, sgt);

	return ret;
}

static int churn_thread(void *data)
{
	struct churn *churn = data;
	int i;

	for (i = 0; i < ROUNDS && !churn->err; i++) {
		struct dma_buf_attachment *attach;

		attach = dma_buf_attach_flags(churn->buf->dmabuf, churn->dev, PAGES);
		if (IS_ERR(attach)) {
			churn->err = PTR_ERR(attach);
			break;
		}
		churn->err = churn_round(churn, attach);
		dma_buf_detach(churn->buf->dmabuf, attach);
	}
	complete(&churn->done);

	return 0;
}

static void many_importers(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_SGT | MOCK_PIN,
						     MOCK_SCATTERED);
	struct churn *churn;
	int i;

	buf->quiet = true;
	churn = kunit_kcalloc(test, IMPORTERS, sizeof(*churn), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, churn);
	for (i = 0; i < IMPORTERS; i++) {
		churn[i].buf = buf;
		churn[i].dev = mock_device_create(test, 0);
		churn[i].core = i % 2;
		init_completion(&churn[i].done);
	}
	for (i = 0; i < IMPORTERS; i++) {
		churn[i].task = kthread_create(churn_thread, &churn[i],
					       "dma-buf-churn%d", i);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, churn[i].task);
		get_task_struct(churn[i].task);
		wake_up_process(churn[i].task);
	}
	for (i = 0; i < IMPORTERS; i++) {
		wait_for_completion(&churn[i].done);
		kthread_stop_put(churn[i].task);
		KUNIT_EXPECT_EQ(test, churn[i].err, 0);
	}

	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_mappings, 0);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_attachments, 0);
	KUNIT_EXPECT_FALSE(test, buf->wrong_lock);
	KUNIT_EXPECT_FALSE(test, buf->hidden);
}

static struct kunit_case dma_buf_mapping_cases[] = {
	KUNIT_CASE(map_raw),
	KUNIT_CASE(map_pfns_of_ram),
	KUNIT_CASE(map_pfns_of_mmio),
	KUNIT_CASE(map_pfns_out_of_reach),
	KUNIT_CASE(core_maps),
	KUNIT_CASE(core_maps_and_pins),
	KUNIT_CASE(core_maps_cached),
	KUNIT_CASE(core_maps_no_memory),
	KUNIT_CASE(table_segments),
	KUNIT_CASE(table_of_a_large_range),
	KUNIT_CASE(access_syncs_each_mapping),
	KUNIT_CASE(access_order),
	KUNIT_CASE(access_leaves_exporters_alone),
	KUNIT_CASE(access_of_uncached_memory),
	KUNIT_CASE(access_of_bounced_memory),
	KUNIT_CASE(access_of_no_memory),
	KUNIT_CASE(many_importers),
	{}
};

static struct kunit_suite dma_buf_mapping_suite = {
	.name = "dma_buf_mapping",
	.test_cases = dma_buf_mapping_cases,
};

kunit_test_suite(dma_buf_mapping_suite);
