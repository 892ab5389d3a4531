// SPDX-License-Identifier: GPL-2.0-only
/*
 * What user space is shown of a dma-buf.
 *
 * Snapshots, taken without a lock: whoever holds the reservation lock may wait
 * for fences that user space holds back, and looking must not join that queue.
 * A snapshot is consistent in each of its values, not between them.
 */

#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/export.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "dma-buf-core.h"
#include "dma-buf-info.h"

static_assert(DMA_BUF_NEED_CONTIG == DMA_BUF_ATTACH_CONTIG);
static_assert(DMA_BUF_NEED_PAGES == DMA_BUF_ATTACH_PAGES);
static_assert(sizeof(struct dma_buf_query) == 32);

static const char * const dma_buf_refusal_names[] = {
	[DMA_BUF_REFUSED_NOT] = "none",
	[DMA_BUF_REFUSED_FLAGS] = "flags",
	[DMA_BUF_REFUSED_SCATTERED] = "scattered",
	[DMA_BUF_REFUSED_NO_PAGES] = "no_pages",
	[DMA_BUF_REFUSED_TOO_LARGE] = "too_large",
	[DMA_BUF_REFUSED_PINNED] = "pinned",
	[DMA_BUF_REFUSED_MAPPED] = "mapped",
	[DMA_BUF_REFUSED_VMAPPED] = "vmapped",
	[DMA_BUF_REFUSED_RAW] = "raw",
	[DMA_BUF_REFUSED_NO_MEMORY] = "no_memory",
	[DMA_BUF_REFUSED_NO_CONTIG] = "no_contig",
	[DMA_BUF_REFUSED_BOUNCED] = "bounced",
};

static const char *dma_buf_refusal_name(u32 why)
{
	return why < ARRAY_SIZE(dma_buf_refusal_names) ?
	       dma_buf_refusal_names[why] : "unknown";
}

static const char *dma_buf_needs_name(u32 flags)
{
	switch (flags & (DMA_BUF_ATTACH_CONTIG | DMA_BUF_ATTACH_PAGES)) {
	case DMA_BUF_ATTACH_CONTIG | DMA_BUF_ATTACH_PAGES:
		return "contig pages";
	case DMA_BUF_ATTACH_CONTIG:
		return "contig";
	case DMA_BUF_ATTACH_PAGES:
		return "pages";
	default:
		return "none";
	}
}

/**
 * dma_buf_dev_needs - what a device will need of buffers
 * @dev: device that would be attached, or NULL if that is not known yet
 * @flags: DMA_BUF_ATTACH_* flags it would be attached with
 *
 * For subsystems to tell user space. Unlike an attachment, this leaves
 * dma_set_attach_flags() the choice.
 *
 * Return: @flags with the default of @dev, without %DMA_BUF_ATTACH_CONTIG if an
 * IOMMU makes any memory contiguous for @dev.
 */
u32 dma_buf_dev_needs(struct device *dev, u32 flags)
{
	if (!dev)
		return flags;

	if (dev->dma_parms)
		flags |= READ_ONCE(dev->dma_parms->attach_flags);
	flags &= DMA_BUF_ATTACH_CONTIG | DMA_BUF_ATTACH_PAGES;
	if (dma_buf_dev_translates(dev))
		flags &= ~DMA_BUF_ATTACH_CONTIG;

	return flags;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_dev_needs, DMA_BUF);

/**
 * dma_buf_query - take a snapshot of a buffer
 * @dmabuf: buffer to look at
 * @query: what user space asked; the answer goes there
 *
 * Takes no lock and waits for nothing.
 *
 * Return: 0, or -EINVAL if @query asks for what this kernel does not know.
 */
int dma_buf_query(struct dma_buf *dmabuf, struct dma_buf_query *query)
{
	struct dma_buf_snapshot snap = {};

	if (query->flags || query->pad)
		return -EINVAL;

	*query = (struct dma_buf_query) {
		.size = dmabuf->size,
		.attach_flags = READ_ONCE(dmabuf->attach_flags),
		.attachments = READ_ONCE(dmabuf->nr_attachments),
		.last_refusal = READ_ONCE(dmabuf->last_refusal),
	};
	if (!dmabuf->ops->snapshot)
		return 0;

	dmabuf->ops->snapshot(dmabuf, &snap);
	query->state = DMA_BUF_STATE_KNOWN;
	if (snap.allocated)
		query->state |= DMA_BUF_STATE_ALLOCATED;
	if (snap.contiguous)
		query->state |= DMA_BUF_STATE_CONTIGUOUS;
	if (snap.has_pages)
		query->state |= DMA_BUF_STATE_PAGES;

	return 0;
}

/**
 * dma_buf_query_ioctl - DMA_BUF_IOCTL_QUERY
 * @dmabuf: buffer to look at
 * @arg: a &struct dma_buf_query in user space
 *
 * Return: 0, -EINVAL as dma_buf_query(), or -EFAULT.
 */
long dma_buf_query_ioctl(struct dma_buf *dmabuf, void __user *arg)
{
	struct dma_buf_query query;
	int ret;

	if (copy_from_user(&query, arg, sizeof(query)))
		return -EFAULT;

	ret = dma_buf_query(dmabuf, &query);
	if (ret)
		return ret;

	return copy_to_user(arg, &query, sizeof(query)) ? -EFAULT : 0;
}

/**
 * dma_buf_info_fdinfo - the lines of fdinfo that the query ioctl has as well
 * @dmabuf: buffer to look at
 * @m: file to print to
 *
 * There is no line for what the exporter does not tell.
 */
void dma_buf_info_fdinfo(struct dma_buf *dmabuf, struct seq_file *m)
{
	struct dma_buf_query query = {};

	dma_buf_query(dmabuf, &query);
	if (query.state & DMA_BUF_STATE_KNOWN)
		seq_printf(m, "allocated:\t%d\ncontiguous:\t%d\npages:\t%d\n",
			   !!(query.state & DMA_BUF_STATE_ALLOCATED),
			   !!(query.state & DMA_BUF_STATE_CONTIGUOUS),
			   !!(query.state & DMA_BUF_STATE_PAGES));
	seq_printf(m, "attach_flags:\t%s\nattachments:\t%u\nlast_refusal:\t%s\n",
		   dma_buf_needs_name(query.attach_flags), query.attachments,
		   dma_buf_refusal_name(query.last_refusal));
}

/**
 * dma_buf_info_debugfs - a line on the storage of a buffer
 * @dmabuf: buffer to look at
 * @m: file to print to
 */
void dma_buf_info_debugfs(struct dma_buf *dmabuf, struct seq_file *m)
{
	struct dma_buf_query query = {};

	dma_buf_query(dmabuf, &query);
	seq_printf(m, "\tStorage:%s%s%s%s\n",
		   query.state & DMA_BUF_STATE_KNOWN ? "" : " unknown",
		   query.state & DMA_BUF_STATE_ALLOCATED ? " allocated" : "",
		   query.state & DMA_BUF_STATE_CONTIGUOUS ? " contiguous" : "",
		   query.state & DMA_BUF_STATE_PAGES ? " pages" : "");
	seq_printf(m, "\tLast refusal: %s\n",
		   dma_buf_refusal_name(query.last_refusal));
}

/**
 * dma_buf_info_attachment - a line on a device and what it needs
 * @attach: attachment of the device
 * @m: file to print to
 *
 * The caller holds the reservation lock.
 */
void dma_buf_info_attachment(struct dma_buf_attachment *attach,
			     struct seq_file *m)
{
	seq_printf(m, "\t%s needs: %s\n", dev_name(attach->dev),
		   dma_buf_needs_name(attach->flags));
}
