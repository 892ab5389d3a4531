// SPDX-License-Identifier: GPL-2.0-only
/* An exporter and importers for KUnit tests of the dma-buf core. */

#include <kunit/static_stub.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "dma-buf-mock.h"

#define MOCK_ORDER	order_base_2(2 * MOCK_PAGES)

/**
 * mock_note - write a letter, and look whether the lock is as it should be
 * @dmabuf: buffer of which something happens
 * @letter: what
 * @locked: whether the reservation lock should be held
 *
 * Return: the exporter's side of it.
 */
struct mock_buffer *mock_note(struct dma_buf *dmabuf, char letter, bool locked)
{
	struct mock_buffer *buf = dmabuf->priv;
	size_t len = strlen(buf->log);

	if (len < sizeof(buf->log) - 1)
		buf->log[len] = letter;
	if (dma_resv_is_locked(dmabuf->resv) != locked)
		buf->wrong_lock = true;

	return buf;
}

static int mock_attach_op(struct dma_buf *dmabuf,
			  struct dma_buf_attachment *attach)
{
	struct mock_buffer *buf = dmabuf->priv;

	if (!buf->quiet)
		mock_note(dmabuf, 'a', false);
	attach->raw_ops &= ~buf->drop_raw_ops;

	return buf->attach_ret;
}

static void mock_detach_op(struct dma_buf *dmabuf,
			   struct dma_buf_attachment *attach)
{
	struct mock_buffer *buf = dmabuf->priv;

	if (!buf->quiet)
		mock_note(dmabuf, 'd', false);
}

static int mock_admit_op(struct dma_buf *dmabuf,
			 struct dma_buf_attachment *attach)
{
	struct mock_buffer *buf = mock_note(dmabuf, 'A', true);

	if (buf->exclusive) {
		bool alone = !dmabuf->nr_attachments;

		/* Long enough for the others to come by. */
		schedule_timeout_uninterruptible(2);
		return alone ? 0 : dma_buf_refuse(attach, DMA_BUF_REFUSED_MAPPED);
	}

	return buf->refuse ? dma_buf_refuse(attach, buf->refuse) :
			     buf->admit_ret;
}

/* Whether there is something to be waited for first. */
static bool mock_again(struct mock_buffer *buf)
{
	if (!buf->again)
		return false;
	buf->again--;

	return true;
}

static int mock_pin_op(struct dma_buf_attachment *attach)
{
	struct mock_buffer *buf = mock_note(attach->dmabuf, 'p', true);

	if (mock_again(buf))
		return -EAGAIN;
	if (buf->pin_ret)
		return buf->pin_ret;
	buf->pins++;

	return 0;
}

static void mock_unpin_op(struct dma_buf_attachment *attach)
{
	mock_note(attach->dmabuf, 'u', true)->pins--;
}

/* One entry a page, as many exporters have it. */
static struct sg_table *mock_table(struct mock_buffer *buf)
{
	struct scatterlist *sg;
	struct sg_table *sgt;
	int i;

	sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	if (!sgt)
		return NULL;

	if (sg_alloc_table(sgt, MOCK_PAGES, GFP_KERNEL)) {
		kfree(sgt);
		return NULL;
	}

	for_each_sgtable_sg(sgt, sg, i)
		sg_set_page(sg, buf->pages[i], PAGE_SIZE, 0);

	return sgt;
}

static struct sg_table *mock_map_op(struct dma_buf_attachment *attach,
				    enum dma_data_direction dir)
{
	struct mock_buffer *buf = mock_note(attach->dmabuf, 'm', true);
	struct sg_table *sgt;

	if (mock_again(buf))
		return ERR_PTR(-EAGAIN);
	if (buf->map_ret || buf->null)
		return buf->map_ret;

	sgt = mock_table(buf);
	if (!sgt)
		return NULL;

	if (dma_map_sgtable(attach->dev, sgt, dir, 0)) {
		dma_buf_free_sgt(sgt);
		return ERR_PTR(-EIO);
	}
	buf->maps++;

	return sgt;
}

static void mock_unmap_op(struct dma_buf_attachment *attach,
			  struct sg_table *sgt, enum dma_data_direction dir)
{
	struct mock_buffer *buf = mock_note(attach->dmabuf, 'U', true);

	buf->maps--;
	buf->hidden |= sg_page(sgt->sgl) != buf->pages[0];
	dma_unmap_sgtable(attach->dev, sgt, dir, 0);
	dma_buf_free_sgt(sgt);
}

static struct sg_table *mock_get_sgt_op(struct dma_buf_attachment *attach)
{
	struct mock_buffer *buf = mock_note(attach->dmabuf, 'g', true);
	struct sg_table *sgt;

	if (mock_again(buf))
		return ERR_PTR(-EAGAIN);
	if (buf->get_ret || buf->null)
		return buf->get_ret;

	sgt = dma_buf_pages_to_sgt(attach, buf->pages);
	if (IS_ERR(sgt))
		return sgt;

	if (buf->spoil_sgt)
		buf->spoil_sgt(sgt);
	buf->gets++;

	return sgt;
}

static void mock_put_sgt_op(struct dma_buf_attachment *attach,
			    struct sg_table *sgt)
{
	struct mock_buffer *buf = mock_note(attach->dmabuf, 'G', true);

	buf->gets--;
	buf->hidden |= !buf->spoil_sgt && sg_page(sgt->sgl) != buf->pages[0];
	dma_buf_free_sgt(sgt);
}

static struct dma_buf_pfns *mock_get_pfns_op(struct dma_buf_attachment *attach)
{
	struct mock_buffer *buf = mock_note(attach->dmabuf, 'f', true);
	struct dma_buf_pfns *pfns;
	unsigned long i;

	if (mock_again(buf))
		return ERR_PTR(-EAGAIN);
	if (buf->pfns_ret || buf->null)
		return buf->pfns_ret;

	pfns = dma_buf_alloc_pfns(attach->dmabuf,
				  buf->mmio ? DMA_BUF_MEMORY_MMIO :
					      DMA_BUF_MEMORY_RAM);
	if (!pfns)
		return NULL;

	/* MMIO: three in a row, and the first one last. */
	for (i = 0; i < pfns->count; i++)
		pfns->pfn[i] = buf->mmio ? buf->mmio + (i + 1) % MOCK_PAGES :
					   page_to_pfn(buf->pages[i % MOCK_PAGES]);
	if (buf->spoil_pfns)
		buf->spoil_pfns(pfns);
	buf->gets++;

	return pfns;
}

static void mock_put_pfns_op(struct dma_buf_attachment *attach,
			     struct dma_buf_pfns *pfns)
{
	mock_note(attach->dmabuf, 'F', true)->gets--;
	dma_buf_free_pfns(pfns);
}

static int mock_begin_op(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	struct mock_buffer *buf = mock_note(dmabuf, 'b', false);

	/* A letter of its own if the device is still at it. */
	if (buf->fence && !dma_fence_is_signaled(buf->fence))
		mock_note(dmabuf, '!', false);

	return 0;
}

static int mock_end_op(struct dma_buf *dmabuf, enum dma_data_direction dir)
{
	return mock_note(dmabuf, 'e', false)->end_ret;
}

static bool mock_uncached_op(struct dma_buf *dmabuf)
{
	return true;
}

static void mock_release_op(struct dma_buf *dmabuf)
{
}

static void mock_fill_ops(struct dma_buf_ops *ops, unsigned int has)
{
	ops->attach = mock_attach_op;
	ops->detach = mock_detach_op;
	ops->release = mock_release_op;
	ops->cache_sgt_mapping = has & MOCK_CACHED;
	if (has & MOCK_ADMIT)
		ops->admit = mock_admit_op;
	if (has & MOCK_MAP) {
		ops->map_dma_buf = mock_map_op;
		ops->unmap_dma_buf = mock_unmap_op;
	}
	if (has & MOCK_PIN) {
		ops->pin = mock_pin_op;
		ops->unpin = mock_unpin_op;
	}
	if (has & MOCK_SGT) {
		ops->get_scatterlist = mock_get_sgt_op;
		ops->put_scatterlist = mock_put_sgt_op;
	}
	if (has & MOCK_PFNS) {
		ops->get_pfns = mock_get_pfns_op;
		ops->put_pfns = mock_put_pfns_op;
	}
	if (has & MOCK_ACCESS) {
		ops->begin_cpu_access = mock_begin_op;
		ops->end_cpu_access = mock_end_op;
	}
	if (has & MOCK_UNCACHED)
		ops->cpu_uncached = mock_uncached_op;
}

static void mock_free_block(void *data)
{
	__free_pages(data, MOCK_ORDER);
}

/* The last reference of a kernel thread is put by a work item. */
static void mock_put(void *data)
{
	dma_buf_put(data);
	flush_delayed_fput();
}

/**
 * mock_buffer_create - export a buffer of %MOCK_PAGES pages
 * @test: test that it lives as long as
 * @has: MOCK_* bits of what the exporter can do
 * @layout: how its pages lie
 *
 * Return: the buffer; without one the test ends.
 */
struct mock_buffer *mock_buffer_create(struct kunit *test, unsigned int has,
				       enum mock_layout layout)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct mock_buffer *buf;
	int i;

	buf = kunit_kzalloc(test, sizeof(*buf), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buf);

	buf->block = alloc_pages(GFP_KERNEL | __GFP_ZERO, MOCK_ORDER);
	KUNIT_ASSERT_NOT_NULL(test, buf->block);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, mock_free_block,
							   buf->block));
	for (i = 0; i < MOCK_PAGES; i++)
		buf->pages[i] = buf->block +
				(layout == MOCK_SCATTERED ? 2 * i : i);
	if (layout == MOCK_LAST_APART)
		buf->pages[MOCK_PAGES - 1]++;

	mock_fill_ops(&buf->ops, has);
	info.ops = &buf->ops;
	info.size = MOCK_PAGES * PAGE_SIZE;
	info.priv = buf;
	buf->dmabuf = dma_buf_export(&info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, buf->dmabuf);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, mock_put,
							   buf->dmabuf));

	return buf;
}

/**
 * mock_device_create - a device that can do DMA
 * @test: test that it lives as long as
 * @max_seg: largest segment it takes, or 0 to say nothing
 *
 * Return: the device; without one the test ends.
 */
struct device *mock_device_create(struct kunit *test, unsigned int max_seg)
{
	struct device *dev = dma_buf_test_device(test, "dma-buf-mock");

	if (max_seg)
		dma_set_max_seg_size(dev, max_seg);

	return dev;
}

/**
 * mock_attach - attach a static importer that has to be admitted
 * @test: the test
 * @buf: buffer to attach to
 * @dev: device to attach, or NULL for a new one
 * @flags: what it needs
 *
 * Return: the attachment; without one the test ends.
 */
struct dma_buf_attachment *mock_attach(struct kunit *test,
				       struct mock_buffer *buf,
				       struct device *dev, u32 flags)
{
	struct dma_buf_attachment *attach;

	attach = dma_buf_attach_flags(buf->dmabuf,
				      dev ?: mock_device_create(test, 0), flags);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);

	return attach;
}

/**
 * mock_detach - detach an importer
 * @attach: its attachment
 */
void mock_detach(struct dma_buf_attachment *attach)
{
	dma_buf_detach(attach->dmabuf, attach);
}

/**
 * mock_map - map a buffer that can be mapped
 * @test: the test
 * @attach: for whom
 * @dir: for which direction
 *
 * Return: the mapping; without one the test ends.
 */
struct sg_table *mock_map(struct kunit *test, struct dma_buf_attachment *attach,
			  enum dma_data_direction dir)
{
	struct sg_table *sgt = dma_buf_map_attachment_unlocked(attach, dir);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);

	return sgt;
}

/**
 * mock_get_table - get a raw table of a buffer that has one
 * @test: the test
 * @attach: for whom
 *
 * Return: the table; without one the test ends.
 */
struct sg_table *mock_get_table(struct kunit *test,
				struct dma_buf_attachment *attach)
{
	struct sg_table *sgt = dma_buf_get_scatterlist_unlocked(attach);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);

	return sgt;
}

/**
 * mock_get_pfns - get the PFNs of a buffer that has some
 * @test: the test
 * @attach: for whom
 *
 * Return: the PFNs; without any the test ends.
 */
struct dma_buf_pfns *mock_get_pfns(struct kunit *test,
				   struct dma_buf_attachment *attach)
{
	struct dma_buf_pfns *pfns;

	dma_resv_lock(attach->dmabuf->resv, NULL);
	pfns = dma_buf_get_pfns(attach);
	dma_resv_unlock(attach->dmabuf->resv);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pfns);

	return pfns;
}

static unsigned int mock_nr_moves;

/* Lets go of what it has, if it has been told where that is. */
static void mock_move_notify(struct dma_buf_attachment *attach)
{
	struct sg_table **sgt = attach->importer_priv;

	mock_nr_moves++;
	if (!sgt || !*sgt)
		return;

	dma_buf_unmap_raw(attach, *sgt, DMA_BIDIRECTIONAL);
	dma_buf_put_scatterlist(attach, *sgt);
	*sgt = NULL;
}

static const struct dma_buf_attach_ops mock_importer_ops = {
	.move_notify = mock_move_notify,
};

static const struct dma_buf_attach_ops mock_retrying_ops = {
	.allow_retry = true,
	.move_notify = mock_move_notify,
};

/**
 * mock_attach_dynamic - attach a dynamic importer that has to be admitted
 * @test: the test
 * @buf: buffer to attach to
 * @dev: device to attach, or NULL for a new one
 * @flags: what it needs
 *
 * Return: the attachment; without one the test ends.
 */
struct dma_buf_attachment *mock_attach_dynamic(struct kunit *test,
					       struct mock_buffer *buf,
					       struct device *dev, u32 flags)
{
	struct dma_buf_attachment *attach;

	mock_nr_moves = 0;
	attach = dma_buf_dynamic_attach_flags(buf->dmabuf,
					      dev ?: mock_device_create(test, 0),
					      &mock_importer_ops, NULL, flags);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);

	return attach;
}

/**
 * mock_attach_retrying - attach a dynamic importer that knows of -EAGAIN
 * @test: the test
 * @buf: buffer to attach to
 *
 * Return: the attachment; without one the test ends.
 */
struct dma_buf_attachment *mock_attach_retrying(struct kunit *test,
						struct mock_buffer *buf)
{
	struct dma_buf_attachment *attach;

	attach = dma_buf_dynamic_attach(buf->dmabuf, mock_device_create(test, 0),
					&mock_retrying_ops, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);

	return attach;
}

/**
 * mock_moves - count the moves
 *
 * Return: how often the last dynamic importer was told of one.
 */
unsigned int mock_moves(void)
{
	return mock_nr_moves;
}

/**
 * mock_lock - take the reservation lock of a buffer
 * @buf: the buffer
 */
void mock_lock(struct mock_buffer *buf)
{
	dma_resv_lock(buf->dmabuf->resv, NULL);
}

/**
 * mock_unlock - release the reservation lock of a buffer
 * @buf: the buffer
 */
void mock_unlock(struct mock_buffer *buf)
{
	dma_resv_unlock(buf->dmabuf->resv);
}

/**
 * mock_expect_log - expect certain operations since the last time
 * @test: the test
 * @buf: buffer they were called for
 * @log: their letters
 *
 * Under the right locks, and with tables as they had left.
 */
void mock_expect_log(struct kunit *test, struct mock_buffer *buf,
		     const char *log)
{
	KUNIT_EXPECT_STREQ(test, buf->log, log);
	KUNIT_EXPECT_FALSE(test, buf->wrong_lock);
	KUNIT_EXPECT_FALSE(test, buf->hidden);
	memset(buf->log, 0, sizeof(buf->log));
}

/**
 * mock_no_memory - look for a place without memory, below 2 GiB
 * @test: the test, which is skipped if there is none
 *
 * Return: the first of %MOCK_PAGES PFNs.
 */
unsigned long mock_no_memory(struct kunit *test)
{
	unsigned long pfn, i;

	for (pfn = SZ_8M >> PAGE_SHIFT; pfn < SZ_2G >> PAGE_SHIFT;
	     pfn += SZ_1M >> PAGE_SHIFT) {
		for (i = 0; i < MOCK_PAGES && !pfn_valid(pfn + i); i++)
			;
		if (i == MOCK_PAGES)
			return pfn;
	}

	kunit_skip(test, "everything is memory");
	return 0;
}

static unsigned int mock_nr_complaints[DMA_BUF_MISUSE_DETACH_IN_USE + 1];

static void mock_complain(struct dma_buf_attachment *attach,
			  enum dma_buf_misuse what)
{
	mock_nr_complaints[what]++;
}

/**
 * mock_expect_complaints - count what the core complains about from now on
 * @test: the test
 */
void mock_expect_complaints(struct kunit *test)
{
	memset(mock_nr_complaints, 0, sizeof(mock_nr_complaints));
	kunit_activate_static_stub(test, dma_buf_complain, mock_complain);
}

/**
 * mock_complaints - count the complaints of the core
 * @what: about what
 *
 * Return: how often it has complained since mock_expect_complaints().
 */
unsigned int mock_complaints(enum dma_buf_misuse what)
{
	return mock_nr_complaints[what];
}

MODULE_DESCRIPTION("KUnit tests of the dma-buf core");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(DMA_BUF);
MODULE_IMPORT_NS(DMA_BUF_RAW);
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
