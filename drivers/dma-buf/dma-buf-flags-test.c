// SPDX-License-Identifier: GPL-2.0-only
/* What importers need, who is refused and when: KUnit tests of the dma-buf core */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/kthread.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>

#include "dma-buf-mock.h"

#define CONTIG	DMA_BUF_ATTACH_CONTIG
#define PAGES	DMA_BUF_ATTACH_PAGES

static void expect_refused(struct kunit *test, struct mock_buffer *buf,
			   struct device *dev, u32 flags, int err,
			   enum dma_buf_refusal why)
{
	struct dma_buf_attachment *attach;

	WRITE_ONCE(buf->dmabuf->last_refusal, DMA_BUF_REFUSED_NOT);
	attach = dma_buf_attach_flags(buf->dmabuf, dev, flags);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(attach), err);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, why);
	KUNIT_EXPECT_TRUE(test, list_empty(&buf->dmabuf->attachments));
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_attachments, 0);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->attach_flags, 0);
	if (!IS_ERR(attach))
		mock_detach(attach);
}

/* Defaults of a device */

static void device_default_values(struct kunit *test)
{
	struct device *dev = mock_device_create(test, 0);

	KUNIT_EXPECT_EQ(test, dma_set_attach_flags(dev, BIT(2)), -EINVAL);
	KUNIT_EXPECT_EQ(test, dma_set_attach_flags(dev, CONTIG | BIT(31)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, dma_set_attach_flags(dev, PAGES), 0);
	KUNIT_EXPECT_EQ(test, dma_set_attach_flags(dev, CONTIG), 0);

	dev->dma_parms = NULL;
	KUNIT_EXPECT_EQ(test, dma_set_attach_flags(dev, CONTIG), -ENODEV);
}

static void device_default_is_added(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_SGT,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *attach;

	KUNIT_ASSERT_EQ(test, dma_set_attach_flags(dev, CONTIG), 0);

	attach = dma_buf_attach(buf->dmabuf, dev);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	KUNIT_EXPECT_EQ(test, attach->flags, CONTIG);
	mock_detach(attach);

	attach = mock_attach_dynamic(test, buf, dev, PAGES);
	KUNIT_EXPECT_EQ(test, attach->flags, CONTIG | PAGES);
	mock_detach(attach);
}

static void device_default_is_fixed_by_use(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *attach;

	KUNIT_ASSERT_EQ(test, dma_set_attach_flags(dev, CONTIG), 0);
	attach = mock_attach(test, buf, dev, 0);
	mock_detach(attach);

	KUNIT_EXPECT_EQ(test, dma_set_attach_flags(dev, 0), -EBUSY);
	KUNIT_EXPECT_EQ(test, dma_set_attach_flags(dev, PAGES), -EBUSY);
	/* A driver that is bound again says the same again. */
	KUNIT_EXPECT_EQ(test, dma_set_attach_flags(dev, CONTIG), 0);

	attach = mock_attach(test, buf, dev, 0);
	KUNIT_EXPECT_EQ(test, attach->flags, CONTIG);
	mock_detach(attach);
}

static int bind_probe(struct platform_device *pdev)
{
	return dma_set_attach_flags(&pdev->dev, CONTIG);
}

static struct platform_driver bind_driver = {
	.probe = bind_probe,
	.driver = { .name = "dma-buf-mock" },
};

/* The flags of an attachment while a driver is bound, which then goes. */
static u32 flags_with_driver(struct kunit *test, struct mock_buffer *buf,
			     struct device *dev, struct platform_driver *driver)
{
	struct dma_buf_attachment *attach;
	u32 flags;

	KUNIT_ASSERT_EQ(test, platform_driver_register(driver), 0);
	KUNIT_EXPECT_TRUE(test, device_is_bound(dev));
	attach = dma_buf_attach(buf->dmabuf, dev);
	platform_driver_unregister(driver);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	flags = attach->flags;
	mock_detach(attach);

	return flags;
}

static void device_default_goes_with_the_driver(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_SGT,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);

	KUNIT_EXPECT_EQ(test, flags_with_driver(test, buf, dev, &bind_driver), CONTIG);
	KUNIT_EXPECT_EQ(test, dma_set_attach_flags(dev, PAGES), 0);

	/* What has been said before does not bind the next driver. */
	mock_detach(mock_attach(test, buf, dev, 0));
	KUNIT_EXPECT_EQ(test, dma_set_attach_flags(dev, CONTIG), -EBUSY);
	KUNIT_EXPECT_EQ(test, flags_with_driver(test, buf, dev, &bind_driver), CONTIG);
}

/* A driver may say something else, until somebody has relied on it. */
static int twice_probe(struct platform_device *pdev)
{
	return dma_set_attach_flags(&pdev->dev, PAGES) ?:
	       dma_set_attach_flags(&pdev->dev, CONTIG);
}

static struct platform_driver twice_driver = {
	.probe = twice_probe,
	.driver = { .name = "dma-buf-mock" },
};

static void device_default_is_the_last_word(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);

	KUNIT_EXPECT_EQ(test, flags_with_driver(test, buf, dev, &twice_driver), CONTIG);
}

/* As some DMA engines: the parameters go with the driver. */
static int own_parms_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;

	dev->dma_parms = devm_kzalloc(dev, sizeof(*dev->dma_parms), GFP_KERNEL);

	return dev->dma_parms ? 0 : -ENOMEM;
}

static int own_parms_and_flags_probe(struct platform_device *pdev)
{
	return own_parms_probe(pdev) ?: dma_set_attach_flags(&pdev->dev, CONTIG);
}

static struct platform_driver own_parms_driver = {
	.probe = own_parms_probe,
	.driver = { .name = "dma-buf-mock" },
};

static struct platform_driver own_parms_and_flags_driver = {
	.probe = own_parms_and_flags_probe,
	.driver = { .name = "dma-buf-mock" },
};

/* Nobody writes to them when they are gone: KASAN would tell. */
static void device_parameters_go_first(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	struct device_dma_parameters *parms = dev->dma_parms;

	KUNIT_EXPECT_EQ(test, flags_with_driver(test, buf, dev, &own_parms_driver), 0);
	KUNIT_EXPECT_EQ(test, flags_with_driver(test, buf, dev,
						&own_parms_and_flags_driver), CONTIG);
	dev->dma_parms = parms;
	KUNIT_EXPECT_EQ(test, parms->attach_flags, 0);
}

/* Flags */

static void flags_are_kept(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_SGT,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf *dmabuf = buf->dmabuf;
	struct dma_buf_attachment *contig, *pages, *none;

	none = dma_buf_attach(dmabuf, dev);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, none);
	KUNIT_EXPECT_EQ(test, none->flags, 0);
	KUNIT_EXPECT_EQ(test, dmabuf->attach_flags, 0);

	contig = mock_attach(test, buf, dev, CONTIG);
	pages = mock_attach_dynamic(test, buf, dev, PAGES);
	KUNIT_EXPECT_EQ(test, contig->flags, CONTIG);
	KUNIT_EXPECT_EQ(test, pages->flags, PAGES);
	KUNIT_EXPECT_EQ(test, dmabuf->attach_flags, CONTIG | PAGES);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, 3);

	dma_buf_detach(dmabuf, contig);
	KUNIT_EXPECT_EQ(test, dmabuf->attach_flags, PAGES);
	dma_buf_detach(dmabuf, pages);
	KUNIT_EXPECT_EQ(test, dmabuf->attach_flags, 0);
	dma_buf_detach(dmabuf, none);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, 0);
}

static void flags_unknown(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_ADMIT,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);

	expect_refused(test, buf, dev, CONTIG | BIT(2), -EINVAL,
		       DMA_BUF_REFUSED_FLAGS);
	expect_refused(test, buf, dev, BIT(31), -EINVAL, DMA_BUF_REFUSED_FLAGS);
	mock_expect_log(test, buf, "");
}

static void flags_pages(struct kunit *test)
{
	struct mock_buffer *without = mock_buffer_create(test, MOCK_MAP | MOCK_PFNS,
							 MOCK_CONTIGUOUS);
	struct mock_buffer *with = mock_buffer_create(test, MOCK_MAP | MOCK_SGT | MOCK_PFNS,
						      MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *attach;

	expect_refused(test, without, dev, PAGES, -EOPNOTSUPP,
		       DMA_BUF_REFUSED_NO_PAGES);
	mock_expect_log(test, without, "ad");

	attach = mock_attach(test, without, dev, 0);
	KUNIT_EXPECT_EQ(test, attach->raw_ops, DMA_BUF_RAW_PFNS);
	dma_buf_detach(without->dmabuf, attach);

	attach = mock_attach(test, with, dev, PAGES);
	KUNIT_EXPECT_EQ(test, attach->raw_ops,
			DMA_BUF_RAW_SCATTERLIST | DMA_BUF_RAW_PFNS);
	dma_buf_detach(with->dmabuf, attach);

	/* An exporter with the operation, but not for this buffer. */
	with->drop_raw_ops = DMA_BUF_RAW_SCATTERLIST;
	expect_refused(test, with, dev, PAGES, -EOPNOTSUPP,
		       DMA_BUF_REFUSED_NO_PAGES);
}

static bool translates(struct device *dev)
{
	return true;
}

static void flags_behind_an_iommu(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_SGT | MOCK_ADMIT,
						     MOCK_SCATTERED);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	kunit_activate_static_stub(test, dma_buf_dev_translates, translates);
	attach = mock_attach(test, buf, NULL, CONTIG | PAGES);
	KUNIT_EXPECT_EQ(test, attach->flags, PAGES);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->attach_flags, PAGES);

	/* There is none, so that its mapping is scattered: that is seen. */
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(sgt), -EOPNOTSUPP);
	/* The pages themselves may be anywhere. */
	sgt = dma_buf_get_scatterlist_unlocked(attach);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, sgt);
	if (!IS_ERR(sgt))
		dma_buf_put_scatterlist_unlocked(attach, sgt);
	mock_detach(attach);
}

/* Admission */

static void admit_order(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_ADMIT | MOCK_PIN,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *attach;

	attach = mock_attach(test, buf, dev, CONTIG);
	mock_expect_log(test, buf, "aA");
	mock_detach(attach);
	mock_expect_log(test, buf, "d");

	attach = mock_attach_dynamic(test, buf, dev, CONTIG);
	mock_expect_log(test, buf, "aA");
	mock_detach(attach);
	mock_expect_log(test, buf, "d");

	buf->refuse = DMA_BUF_REFUSED_NO_CONTIG;
	expect_refused(test, buf, dev, CONTIG, -ENOMEM, DMA_BUF_REFUSED_NO_CONTIG);
	mock_expect_log(test, buf, "aAd");

	/* What attach refuses has not been attached. */
	buf->attach_ret = -ENOENT;
	expect_refused(test, buf, dev, CONTIG, -ENOENT, DMA_BUF_REFUSED_NOT);
	mock_expect_log(test, buf, "a");
}

static void admit_reasons(struct kunit *test)
{
	static const struct {
		enum dma_buf_refusal why;
		int err;
	} cases[] = {
		{ DMA_BUF_REFUSED_SCATTERED, -EOPNOTSUPP },
		{ DMA_BUF_REFUSED_NO_PAGES, -EOPNOTSUPP },
		{ DMA_BUF_REFUSED_TOO_LARGE, -EOPNOTSUPP },
		{ DMA_BUF_REFUSED_BOUNCED, -EOPNOTSUPP },
		{ DMA_BUF_REFUSED_PINNED, -EBUSY },
		{ DMA_BUF_REFUSED_MAPPED, -EBUSY },
		{ DMA_BUF_REFUSED_VMAPPED, -EBUSY },
		{ DMA_BUF_REFUSED_RAW, -EBUSY },
		{ DMA_BUF_REFUSED_NO_MEMORY, -ENOMEM },
		{ DMA_BUF_REFUSED_NO_CONTIG, -ENOMEM },
	};
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_ADMIT,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		buf->refuse = cases[i].why;
		expect_refused(test, buf, dev, 0, cases[i].err, cases[i].why);
	}
}

static void admit_without_a_reason(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_ADMIT,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);

	mock_expect_complaints(test);
	buf->admit_ret = -EBUSY;
	expect_refused(test, buf, dev, 0, -EBUSY, DMA_BUF_REFUSED_NOT);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_ADMIT_ERRNO), 0);

	buf->admit_ret = -EINTR;
	expect_refused(test, buf, dev, 0, -EOPNOTSUPP, DMA_BUF_REFUSED_NOT);
	KUNIT_EXPECT_EQ(test, mock_complaints(DMA_BUF_MISUSE_ADMIT_ERRNO), 1);
}

/* Somebody is refused; those who are attached, and the next one, are not. */
static void admit_refusal_is_forgotten(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_ADMIT,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *first, *second;

	first = mock_attach(test, buf, dev, 0);
	buf->refuse = DMA_BUF_REFUSED_PINNED;
	second = dma_buf_attach_flags(buf->dmabuf, dev, CONTIG);
	KUNIT_EXPECT_PTR_EQ(test, second, ERR_PTR(-EBUSY));
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_attachments, 1);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->attach_flags, 0);
	KUNIT_EXPECT_EQ(test, first->refusal, DMA_BUF_REFUSED_NOT);

	buf->refuse = DMA_BUF_REFUSED_NOT;
	second = mock_attach(test, buf, dev, CONTIG);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, DMA_BUF_REFUSED_PINNED);
	dma_buf_detach(buf->dmabuf, second);
	dma_buf_detach(buf->dmabuf, first);
}

#define RACERS	8

struct race {
	struct mock_buffer *buf;
	struct device *dev;
	struct completion start;
	struct completion done;
	struct task_struct *task;
	struct dma_buf_attachment *attach;
};

static int race_thread(void *data)
{
	struct race *race = data;

	wait_for_completion(&race->start);
	race->attach = dma_buf_attach_flags(race->buf->dmabuf, race->dev, CONTIG);
	complete(&race->done);

	return 0;
}

/* An exporter that admits one: nobody comes in between asking and inserting. */
static void admit_is_one_section(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_ADMIT,
						     MOCK_CONTIGUOUS);
	struct device *dev = mock_device_create(test, 0);
	int i, admitted = 0;
	struct race *race;

	buf->exclusive = true;
	buf->quiet = true;
	race = kunit_kcalloc(test, RACERS, sizeof(*race), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, race);
	for (i = 0; i < RACERS; i++) {
		race[i].buf = buf;
		race[i].dev = dev;
		init_completion(&race[i].start);
		init_completion(&race[i].done);
		race[i].task = kthread_create(race_thread, &race[i],
					      "dma-buf-race%d", i);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, race[i].task);
		get_task_struct(race[i].task);
		wake_up_process(race[i].task);
	}
	for (i = 0; i < RACERS; i++)
		complete(&race[i].start);
	/* One that is stopped before it has started does not start. */
	for (i = 0; i < RACERS; i++) {
		wait_for_completion(&race[i].done);
		kthread_stop_put(race[i].task);
	}

	for (i = 0; i < RACERS; i++) {
		if (IS_ERR(race[i].attach)) {
			KUNIT_EXPECT_PTR_EQ(test, race[i].attach, ERR_PTR(-EBUSY));
			continue;
		}
		admitted++;
		dma_buf_detach(buf->dmabuf, race[i].attach);
	}
	KUNIT_EXPECT_EQ(test, admitted, 1);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->nr_attachments, 0);
}

/* Mapping and pinning */

static void map_is_not_at_attach(struct kunit *test)
{
	static const unsigned int has[] = { MOCK_MAP, MOCK_MAP | MOCK_PIN,
					    MOCK_MAP | MOCK_CACHED };
	struct device *dev = mock_device_create(test, 0);
	struct dma_buf_attachment *attach;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(has); i++) {
		struct mock_buffer *buf = mock_buffer_create(test, has[i],
							     MOCK_SCATTERED);

		attach = mock_attach(test, buf, dev, 0);
		mock_detach(attach);
		attach = mock_attach_dynamic(test, buf, dev, 0);
		mock_detach(attach);
		mock_expect_log(test, buf, "adad");
	}
}

static void map_pins_for_static_importers(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_PIN,
						     MOCK_SCATTERED);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = mock_attach(test, buf, NULL, 0);
	sgt = mock_map(test, attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, buf->pins, 1);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	mock_expect_log(test, buf, "apmUu");

	buf->pin_ret = -ENOMEM;
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-ENOMEM));
	mock_expect_log(test, buf, "p");

	buf->pin_ret = 0;
	buf->map_ret = ERR_PTR(-EIO);
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-EIO));
	buf->map_ret = NULL;
	buf->null = true;
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-ENOMEM));
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	mock_expect_log(test, buf, "pmupmu");
	mock_detach(attach);
}

static void map_does_not_pin_for_dynamic_importers(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_PIN,
						     MOCK_SCATTERED);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	if (!IS_ENABLED(CONFIG_DMABUF_MOVE_NOTIFY))
		kunit_skip(test, "needs CONFIG_DMABUF_MOVE_NOTIFY");

	attach = mock_attach_dynamic(test, buf, NULL, 0);
	mock_lock(buf);
	sgt = dma_buf_map_attachment(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, sgt);
	dma_buf_move_notify(buf->dmabuf);
	if (!IS_ERR(sgt))
		dma_buf_unmap_attachment(attach, sgt, DMA_TO_DEVICE);
	mock_unlock(buf);
	KUNIT_EXPECT_EQ(test, mock_moves(), 1);
	mock_expect_log(test, buf, "amU");

	mock_lock(buf);
	KUNIT_EXPECT_EQ(test, dma_buf_pin(attach), 0);
	KUNIT_EXPECT_EQ(test, buf->pins, 1);
	dma_buf_unpin(attach);
	mock_unlock(buf);
	mock_expect_log(test, buf, "pu");
	mock_detach(attach);
}

static void map_cached(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_CACHED,
						     MOCK_CONTIGUOUS);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = mock_attach(test, buf, NULL, CONTIG);
	sgt = mock_map(test, attach, DMA_TO_DEVICE);
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	KUNIT_EXPECT_PTR_EQ(test, sgt,
			    dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE));
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EBUSY),
			    dma_buf_map_attachment_unlocked(attach, DMA_FROM_DEVICE));
	mock_expect_log(test, buf, "am");
	mock_detach(attach);
	mock_expect_log(test, buf, "Ud");
}

/* One range for those who ask */

static void map_for(struct kunit *test, struct mock_buffer *buf, u32 flags,
		    int err)
{
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	buf->dmabuf->last_refusal = DMA_BUF_REFUSED_NOT;
	attach = mock_attach(test, buf, NULL, flags);
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(sgt), err);
	if (!IS_ERR_OR_NULL(sgt))
		dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, buf->maps, 0);
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	mock_detach(attach);
}

static void contig_adjacent(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_PIN,
						     MOCK_CONTIGUOUS);

	map_for(test, buf, CONTIG, 0);
	map_for(test, buf, 0, 0);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, DMA_BUF_REFUSED_NOT);
}

static void contig_scattered(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_PIN,
						     MOCK_SCATTERED);

	map_for(test, buf, 0, 0);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, DMA_BUF_REFUSED_NOT);
	map_for(test, buf, CONTIG, -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, DMA_BUF_REFUSED_SCATTERED);
}

static void contig_all_but_the_last(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP, MOCK_LAST_APART);

	map_for(test, buf, CONTIG, -EOPNOTSUPP);
	map_for(test, buf, 0, 0);
}

static bool bounced(struct device *dev, struct sg_table *sgt)
{
	return true;
}

static void contig_bounced(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP, MOCK_CONTIGUOUS);

	kunit_activate_static_stub(test, dma_buf_sgt_is_bounced, bounced);
	map_for(test, buf, 0, 0);
	map_for(test, buf, CONTIG, -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, DMA_BUF_REFUSED_BOUNCED);

	/* The copy of a range need not be one, and is still the reason. */
	buf = mock_buffer_create(test, MOCK_MAP, MOCK_SCATTERED);
	map_for(test, buf, CONTIG, -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, DMA_BUF_REFUSED_BOUNCED);
}

static void contig_dynamic(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_PIN,
						     MOCK_SCATTERED);
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	attach = mock_attach_dynamic(test, buf, NULL, CONTIG);
	mock_lock(buf);
	sgt = dma_buf_map_attachment(attach, DMA_BIDIRECTIONAL);
	mock_unlock(buf);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-EOPNOTSUPP));
	KUNIT_EXPECT_EQ(test, attach->refusal, DMA_BUF_REFUSED_SCATTERED);
	KUNIT_EXPECT_EQ(test, buf->maps, 0);
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	mock_detach(attach);
}

/* CPU access */

/* The device is done before the exporter looks after the caches. */
static void access_waits_first(struct kunit *test)
{
	struct mock_buffer *buf = mock_buffer_create(test, MOCK_MAP | MOCK_ACCESS,
						     MOCK_CONTIGUOUS);
	struct dma_buf_test_fence *fence;

	fence = dma_buf_test_fence(test, buf->dmabuf->resv, DMA_RESV_USAGE_WRITE);
	buf->fence = &fence->base;
	dma_buf_test_signal_later(fence);
	KUNIT_EXPECT_EQ(test, dma_buf_begin_cpu_access(buf->dmabuf, DMA_FROM_DEVICE), 0);
	KUNIT_EXPECT_EQ(test, dma_buf_end_cpu_access(buf->dmabuf, DMA_FROM_DEVICE), 0);
	mock_expect_log(test, buf, "be");
}

/* Without a way to map there is nothing to export. */
static void export_needs_operations(struct kunit *test)
{
	static const unsigned int ways[] = { MOCK_MAP, MOCK_SGT, MOCK_PFNS };
	struct dma_buf_ops ops = {};
	unsigned int i;

	KUNIT_EXPECT_FALSE(test, dma_buf_ops_can_map(&ops));
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		ops = mock_buffer_create(test, ways[i] | MOCK_PIN, 0)->ops;
		KUNIT_EXPECT_TRUE(test, dma_buf_ops_can_map(&ops));
		/* Whoever gives takes back. */
		ops.unmap_dma_buf = NULL;
		ops.put_scatterlist = NULL;
		ops.put_pfns = NULL;
		KUNIT_EXPECT_FALSE(test, dma_buf_ops_can_map(&ops));
	}
	ops = mock_buffer_create(test, MOCK_MAP, 0)->ops;
	ops.map_dma_buf = NULL;
	KUNIT_EXPECT_FALSE(test, dma_buf_ops_can_map(&ops));
}

static struct kunit_case dma_buf_flags_cases[] = {
	KUNIT_CASE(device_default_values),
	KUNIT_CASE(device_default_is_added),
	KUNIT_CASE(device_default_is_fixed_by_use),
	KUNIT_CASE(device_default_goes_with_the_driver),
	KUNIT_CASE(device_default_is_the_last_word),
	KUNIT_CASE(device_parameters_go_first),
	KUNIT_CASE(flags_are_kept),
	KUNIT_CASE(flags_unknown),
	KUNIT_CASE(flags_pages),
	KUNIT_CASE(flags_behind_an_iommu),
	KUNIT_CASE(admit_order),
	KUNIT_CASE(admit_reasons),
	KUNIT_CASE(admit_without_a_reason),
	KUNIT_CASE(admit_refusal_is_forgotten),
	KUNIT_CASE(admit_is_one_section),
	KUNIT_CASE(map_is_not_at_attach),
	KUNIT_CASE(map_pins_for_static_importers),
	KUNIT_CASE(map_does_not_pin_for_dynamic_importers),
	KUNIT_CASE(map_cached),
	KUNIT_CASE(contig_adjacent),
	KUNIT_CASE(contig_scattered),
	KUNIT_CASE(contig_all_but_the_last),
	KUNIT_CASE(contig_bounced),
	KUNIT_CASE(contig_dynamic),
	KUNIT_CASE(access_waits_first),
	KUNIT_CASE(export_needs_operations),
	{}
};

static struct kunit_suite dma_buf_flags_suite = {
	.name = "dma_buf_flags",
	.test_cases = dma_buf_flags_cases,
};

kunit_test_suite(dma_buf_flags_suite);
