// SPDX-License-Identifier: GPL-2.0-only
/* What importers need of a dma-buf, and who cannot have it. */

#include <kunit/static_stub.h>
#include <kunit/visibility.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/iommu-dma.h>
#include <linux/scatterlist.h>
#include <linux/swiotlb.h>

#include "dma-buf-core.h"

#define CREATE_TRACE_POINTS
#include <trace/events/dma_buf.h>

/**
 * DOC: needs of importers
 *
 * An importer states its needs when it attaches, with dma_buf_attach_flags() or
 * dma_buf_dynamic_attach_flags(): one contiguous range of DMA addresses, or
 * pages. It does so whether or not an IOMMU sits in front of its device; where
 * one does, &dma_buf_attachment.flags no longer asks for contiguous memory.
 * dma_set_attach_flags() states the needs of a device once and for all.
 *
 * Attaching is where an exporter can still say no in a way that user space
 * understands, so that is where it is decided, by &dma_buf_ops.admit. The errno
 * says what would help, dma_buf_refuse() adds the reason. Nothing is pinned,
 * mapped, moved or waited for; exporters that choose their storage by who is
 * attached choose at the first use.
 *
 * Exporters without that callback need not change. What the core cannot ask it
 * looks at: an importer that needs one range never gets a mapping that is not,
 * nor one of a bounce buffer.
 */

#define DMA_BUF_ATTACH_KNOWN	(DMA_BUF_ATTACH_CONTIG | DMA_BUF_ATTACH_PAGES)

EXPORT_TRACEPOINT_SYMBOL_GPL(dma_buf_refuse);
EXPORT_TRACEPOINT_SYMBOL_GPL(dma_buf_sync_for_cpu);
EXPORT_TRACEPOINT_SYMBOL_GPL(dma_buf_sync_for_device);

/*
 * With the driver that said so: another one may know how to do without. Before
 * the parameters go, if they are the driver's as well.
 */
static void forget_attach_flags(struct device *dev, void *res)
{
	if (dev->dma_parms)
		WRITE_ONCE(dev->dma_parms->attach_flags, 0);
}

/*
 * The first statement of a driver that is probing. Whoever has been attached by
 * then was so for the sake of another driver.
 */
static int dma_first_attach_flags(struct device *dev, u32 flags)
{
	void *res = devres_alloc(forget_attach_flags, 0, GFP_KERNEL);

	if (!res)
		return -ENOMEM;

	WRITE_ONCE(dev->dma_parms->attach_flags, flags);
	devres_add(dev, res);

	return 0;
}

/**
 * dma_set_attach_flags - what a device needs of every dma-buf it imports
 * @dev: device that will be attached to buffers
 * @flags: DMA_BUF_ATTACH_* flags to add to those of each attachment
 *
 * For the driver of @dev to call while it probes: buffers may be attached to
 * the device by code that knows nothing of its limits. Setting the same flags
 * once more is no error. Unbinding the driver clears them, if it was this
 * driver that set them.
 *
 * Devices that share their &device.dma_parms share the flags. A driver that
 * brings its own frees them no sooner than its managed resources.
 *
 * May sleep.
 *
 * Return: 0 on success, -EINVAL for unknown flags, -ENODEV if there is no place
 * for them as @dev has no DMA parameters, -EBUSY if a buffer has already been
 * attached to @dev under other flags, -ENOMEM.
 */
int dma_set_attach_flags(struct device *dev, u32 flags)
{
	u32 old;

	might_sleep();

	if (flags & ~DMA_BUF_ATTACH_KNOWN)
		return -EINVAL;

	if (!dev->dma_parms)
		return -ENODEV;

	if (dev->driver && !device_is_bound(dev) &&
	    !devres_find(dev, forget_attach_flags, NULL, NULL))
		return dma_first_attach_flags(dev, flags);

	old = READ_ONCE(dev->dma_parms->attach_flags);
	do {
		if (old & DMA_BUF_DEV_FLAGS_FIXED)
			return old == (flags | DMA_BUF_DEV_FLAGS_FIXED) ? 0 : -EBUSY;
	} while (!try_cmpxchg(&dev->dma_parms->attach_flags, &old, flags));

	return 0;
}
EXPORT_SYMBOL_NS_GPL(dma_set_attach_flags, DMA_BUF);

/* The flags of all attachments of @dev; from now on they stay what they are. */
static u32 dma_buf_dev_flags(struct device *dev)
{
	u32 old;

	if (!dev->dma_parms)
		return 0;

	old = READ_ONCE(dev->dma_parms->attach_flags);
	while (!(old & DMA_BUF_DEV_FLAGS_FIXED)) {
		if (try_cmpxchg(&dev->dma_parms->attach_flags, &old,
				old | DMA_BUF_DEV_FLAGS_FIXED))
			break;
	}

	return old & ~DMA_BUF_DEV_FLAGS_FIXED;
}

/**
 * dma_buf_dev_translates - whether any memory is contiguous to a device
 * @dev: device that asks for contiguous buffers
 *
 * Only where the DMA API itself maps through an IOMMU, and puts all of a table
 * into one range of I/O addresses. A driver that manages a domain of its own
 * gets physical addresses from the DMA API, as does one in an identity domain;
 * and what 32-bit ARM does for domains of its own leaves gaps.
 *
 * Return: true if @dev needs no contiguous memory to see a contiguous buffer.
 */
bool dma_buf_dev_translates(struct device *dev)
{
	KUNIT_STATIC_STUB_REDIRECT(dma_buf_dev_translates, dev);

	return use_dma_iommu(dev);
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_dev_translates);

static const int dma_buf_refusal_errno[] = {
	[DMA_BUF_REFUSED_FLAGS] = -EINVAL,
	[DMA_BUF_REFUSED_SCATTERED] = -EOPNOTSUPP,
	[DMA_BUF_REFUSED_NO_PAGES] = -EOPNOTSUPP,
	[DMA_BUF_REFUSED_TOO_LARGE] = -EOPNOTSUPP,
	[DMA_BUF_REFUSED_PINNED] = -EBUSY,
	[DMA_BUF_REFUSED_MAPPED] = -EBUSY,
	[DMA_BUF_REFUSED_VMAPPED] = -EBUSY,
	[DMA_BUF_REFUSED_RAW] = -EBUSY,
	[DMA_BUF_REFUSED_NO_MEMORY] = -ENOMEM,
	[DMA_BUF_REFUSED_NO_CONTIG] = -ENOMEM,
	[DMA_BUF_REFUSED_BOUNCED] = -EOPNOTSUPP,
};

/**
 * dma_buf_refuse - give the reason why an attachment cannot be served
 * @attach: the attachment
 * @why: the reason
 *
 * For exporters, to be returned from &dma_buf_ops.attach, &dma_buf_ops.admit,
 * &dma_buf_ops.map_dma_buf or the raw operations. The reason is kept with the
 * attachment, and for user space with the buffer as soon as the core refuses.
 *
 * The caller has the sole use of @attach or holds the reservation lock.
 *
 * Return: the errno that goes with @why.
 */
int dma_buf_refuse(struct dma_buf_attachment *attach, enum dma_buf_refusal why)
{
	if (WARN_ON_ONCE(why <= DMA_BUF_REFUSED_NOT ||
			 why >= ARRAY_SIZE(dma_buf_refusal_errno)))
		return -EINVAL;

	attach->refusal = why;
	return dma_buf_refusal_errno[why];
}
EXPORT_SYMBOL_NS_GPL(dma_buf_refuse, DMA_BUF);

/*
 * A reason that was given for something else is none; and that there was no
 * memory need not be said.
 */
static enum dma_buf_refusal refusal_of(struct dma_buf_attachment *attach,
				       int err)
{
	enum dma_buf_refusal why = attach->refusal;

	if (why && dma_buf_refusal_errno[why] == err)
		return why;

	return err == -ENOMEM ? DMA_BUF_REFUSED_NO_MEMORY : DMA_BUF_REFUSED_NOT;
}

/**
 * dma_buf_attach_refused - make a refusal known
 * @attach: attachment that has been refused
 * @err: what the importer is told
 */
void dma_buf_attach_refused(struct dma_buf_attachment *attach, int err)
{
	enum dma_buf_refusal why = refusal_of(attach, err);

	attach->refusal = why;
	if (why)
		WRITE_ONCE(attach->dmabuf->last_refusal, why);
	trace_dma_buf_refuse(attach, why, err);
}

/**
 * dma_buf_refusal_end - after something has failed on a buffer in use
 * @attach: attachment it was asked for
 * @err: what the importer is told
 *
 * An error without a reason, like a signal, is no refusal.
 */
void dma_buf_refusal_end(struct dma_buf_attachment *attach, int err)
{
	if (attach->refusal || err == -ENOMEM)
		dma_buf_attach_refused(attach, err);
}

/**
 * dma_buf_attach_needs - what an importer and its device need
 * @attach: the attachment, with its buffer and device
 * @flags: what the importer asked for
 *
 * Return: 0, or -EINVAL for unknown flags.
 */
int dma_buf_attach_needs(struct dma_buf_attachment *attach, u32 flags)
{
	attach->flags = flags | dma_buf_dev_flags(attach->dev);
	if (flags & ~DMA_BUF_ATTACH_KNOWN)
		return dma_buf_refuse(attach, DMA_BUF_REFUSED_FLAGS);

	attach->contig = attach->flags & DMA_BUF_ATTACH_CONTIG;
	if (attach->contig && dma_buf_dev_translates(attach->dev))
		attach->flags &= ~DMA_BUF_ATTACH_CONTIG;

	return 0;
}

static int dma_buf_admit(struct dma_buf_attachment *attach)
{
	struct dma_buf *dmabuf = attach->dmabuf;
	int ret;

	if ((attach->flags & DMA_BUF_ATTACH_PAGES) &&
	    !(attach->raw_ops & DMA_BUF_RAW_SCATTERLIST))
		return dma_buf_refuse(attach, DMA_BUF_REFUSED_NO_PAGES);

	if (!dmabuf->ops->admit)
		return 0;

	ret = dmabuf->ops->admit(dmabuf, attach);
	if (ret && ret != -EOPNOTSUPP && ret != -EBUSY && ret != -ENOMEM) {
		dma_buf_complain(attach, DMA_BUF_MISUSE_ADMIT_ERRNO);
		ret = -EOPNOTSUPP;
	}

	return ret;
}

/**
 * dma_buf_attach_insert - ask the exporter, and add the attachment to the list
 * @attach: attachment that &dma_buf_ops.attach has seen
 *
 * Both in one section under the reservation lock: nobody can be admitted, and
 * no storage be chosen, in between.
 *
 * Return: 0, or the errno with which the exporter refused.
 */
int dma_buf_attach_insert(struct dma_buf_attachment *attach)
{
	struct dma_buf *dmabuf = attach->dmabuf;
	int ret;

	dma_resv_assert_held(dmabuf->resv);

	ret = dma_buf_admit(attach);
	if (ret)
		return ret;

	list_add(&attach->node, &dmabuf->attachments);
	if (attach->flags)
		WRITE_ONCE(dmabuf->attach_flags,
			   dmabuf->attach_flags | attach->flags);
	WRITE_ONCE(dmabuf->nr_attachments, dmabuf->nr_attachments + 1);
	trace_dma_buf_attach(attach, DMA_BUF_REFUSED_NOT, 0);

	return 0;
}

static void dma_buf_sum_flags(struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attach;
	u32 flags = 0;

	list_for_each_entry(attach, &dmabuf->attachments, node)
		flags |= attach->flags;
	WRITE_ONCE(dmabuf->attach_flags, flags);
}

/**
 * dma_buf_attach_remove - take an attachment off the list
 * @attach: attachment that has been inserted
 */
void dma_buf_attach_remove(struct dma_buf_attachment *attach)
{
	struct dma_buf *dmabuf = attach->dmabuf;

	dma_resv_assert_held(dmabuf->resv);

	list_del(&attach->node);
	if (attach->flags)
		dma_buf_sum_flags(dmabuf);
	WRITE_ONCE(dmabuf->nr_attachments, dmabuf->nr_attachments - 1);
	trace_dma_buf_detach(attach, DMA_BUF_REFUSED_NOT, 0);
}

/**
 * dma_buf_sgt_is_bounced - whether a device works on a copy
 * @dev: device the table is mapped for
 * @sgt: mapped table
 *
 * Return: true if any part of @sgt went through a bounce buffer.
 */
bool dma_buf_sgt_is_bounced(struct device *dev, struct sg_table *sgt)
{
	struct scatterlist *sg;
	int i;

	KUNIT_STATIC_STUB_REDIRECT(dma_buf_sgt_is_bounced, dev, sgt);

	if (use_dma_iommu(dev))
		return sg_dma_is_swiotlb(sgt->sgl);

	if (!is_swiotlb_active(dev))
		return false;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (swiotlb_find_pool(dev, dma_to_phys(dev, sg_dma_address(sg))))
			return true;
	}

	return false;
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_sgt_is_bounced);

/* Entries that touch are one range; those of no length say nothing. */
static bool dma_buf_sgt_is_range(struct sg_table *sgt)
{
	struct scatterlist *sg;
	dma_addr_t next = 0;
	bool first = true;
	int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (!sg_dma_len(sg))
			continue;
		if (!first && sg_dma_address(sg) != next)
			return false;
		next = sg_dma_address(sg) + sg_dma_len(sg);
		first = false;
	}

	return !first;
}

/*
 * A hint for those who debug DMA. It cannot be an error: exporters have always
 * built their tables by their own limits, and importers lived with it.
 */
static void dma_buf_check_segments(struct device *dev, struct sg_table *sgt)
{
	unsigned long boundary = dma_get_seg_boundary(dev);
	unsigned int max = dma_get_max_seg_size(dev);
	struct scatterlist *sg;
	int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		dma_addr_t start = sg_dma_address(sg);
		unsigned int len = sg_dma_len(sg);

		if (len > max || (len && ((start ^ (start + len - 1)) & ~(dma_addr_t)boundary))) {
			dev_warn_once(dev, "dma-buf: a segment of %u bytes at %pad breaks the device's limits\n",
				      len, &start);
			return;
		}
	}
}

/**
 * dma_buf_check_table - whether a mapping is what the importer asked for
 * @attach: attachment the table was mapped for
 * @sgt: mapped table; only its DMA addresses are looked at
 *
 * Return: 0, or -EOPNOTSUPP if the importer has asked for one range and the
 * table is something else.
 */
int dma_buf_check_table(struct dma_buf_attachment *attach,
			struct sg_table *sgt)
{
	if (IS_ENABLED(CONFIG_DMA_API_DEBUG))
		dma_buf_check_segments(attach->dev, sgt);

	if (!attach->contig)
		return 0;

	/* First: the pieces of a copy may lie anywhere, whatever they are of. */
	if (dma_buf_sgt_is_bounced(attach->dev, sgt))
		return dma_buf_refuse(attach, DMA_BUF_REFUSED_BOUNCED);

	if (!dma_buf_sgt_is_range(sgt))
		return dma_buf_refuse(attach, DMA_BUF_REFUSED_SCATTERED);

	return 0;
}

static const char * const dma_buf_misuses[] = {
	[DMA_BUF_MISUSE_ADMIT_ERRNO] = "exporter refuses with an errno of its own",
	[DMA_BUF_MISUSE_BAD_TABLE] = "exporter's table does not fit the buffer",
	[DMA_BUF_MISUSE_BAD_PFNS] = "exporter's PFNs do not fit the buffer",
	[DMA_BUF_MISUSE_FOREIGN] = "importer passes what it never got",
	[DMA_BUF_MISUSE_DIRECTION] = "importer unmaps in another direction",
	[DMA_BUF_MISUSE_PUT_MAPPED] = "importer puts what it still has mapped",
	[DMA_BUF_MISUSE_DETACH_IN_USE] = "importer detaches with raw references",
};

/**
 * dma_buf_assert_locked - the caller has to hold the reservation lock
 * @dmabuf: buffer it is that of
 *
 * A matter of lockdep, unless a test looks.
 */
void dma_buf_assert_locked(struct dma_buf *dmabuf)
{
	KUNIT_STATIC_STUB_REDIRECT(dma_buf_assert_locked, dmabuf);

	dma_resv_assert_held(dmabuf->resv);
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_assert_locked);

/**
 * dma_buf_complain - report a bug of an exporter or an importer
 * @attach: attachment on which it was seen
 * @what: what was done wrong
 *
 * Warns once for each kind.
 */
void dma_buf_complain(struct dma_buf_attachment *attach,
		      enum dma_buf_misuse what)
{
	static unsigned long seen;

	KUNIT_STATIC_STUB_REDIRECT(dma_buf_complain, attach, what);

	if (!test_and_set_bit(what, &seen))
		WARN(1, "dma-buf: %s (exporter %s, importer %s)\n",
		     dma_buf_misuses[what], attach->dmabuf->exp_name,
		     dev_name(attach->dev));
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_complain);
