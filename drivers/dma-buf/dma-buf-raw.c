// SPDX-License-Identifier: GPL-2.0-only
/* The memory behind a dma-buf, for importers that map it themselves. */

#include <kunit/visibility.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include <trace/events/dma_buf.h>

#include "dma-buf-core.h"

/**
 * DOC: raw access
 *
 * Importers that cannot use what the exporter would map for them get the memory
 * itself: a table of pages with dma_buf_get_scatterlist(), or page frame numbers
 * with dma_buf_get_pfns() where there may be no pages. &dma_buf_attachment.raw_ops
 * says what a buffer offers. Either is a reference, kept on the attachment until
 * it is put, and holds the memory in place as a mapping does. It is for DMA
 * only.
 *
 * Importers map it with dma_buf_map_raw() or dma_buf_map_pfns(), never with the
 * DMA API itself: these keep a record of the mapping, and whoever maps has to
 * synchronize. dma_buf_begin_cpu_access() and dma_buf_end_cpu_access() do that
 * for each record in its own direction. Of memory that no CPU ever has in its
 * caches, as &dma_buf_ops.cpu_uncached says, or that is no RAM, nothing is
 * synchronized.
 *
 * An exporter with raw operations needs none to map. References and mappings
 * are protected by the reservation lock of the buffer.
 */

/**
 * dma_buf_ops_can_map - whether a buffer can be mapped, and unmapped again
 * @ops: the exporter's operations
 *
 * Either the exporter maps, or the core does with the help of raw operations.
 *
 * Return: true if one of them can.
 */
bool dma_buf_ops_can_map(const struct dma_buf_ops *ops)
{
	return (ops->map_dma_buf || ops->get_scatterlist || ops->get_pfns) &&
	       !ops->map_dma_buf == !ops->unmap_dma_buf &&
	       !ops->get_scatterlist == !ops->put_scatterlist &&
	       !ops->get_pfns == !ops->put_pfns;
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_ops_can_map);

/**
 * dma_buf_ops_raw - which raw operations there are
 * @ops: the exporter's operations
 *
 * Return: DMA_BUF_RAW_* bits.
 */
u8 dma_buf_ops_raw(const struct dma_buf_ops *ops)
{
	return (ops->get_scatterlist ? DMA_BUF_RAW_SCATTERLIST : 0) |
	       (ops->get_pfns ? DMA_BUF_RAW_PFNS : 0);
}

/*
 * A raw table is one an importer may read and write as a whole: exactly the
 * pages of the buffer, all of them there. Whoever needs a range gets one.
 */
static int check_raw_sgt(struct dma_buf_attachment *attach,
			 struct sg_table *sgt)
{
	u64 want = (u64)dma_buf_nr_pages(attach->dmabuf) << PAGE_SHIFT;
	phys_addr_t next = 0;
	struct scatterlist *sg;
	bool range = true;
	u64 total = 0;
	int i;

	for_each_sgtable_sg(sgt, sg, i) {
		/* There may be fewer entries than the table says. */
		if (!sg || !sg_page(sg) || !sg->length || sg->offset ||
		    !PAGE_ALIGNED(sg->length))
			goto bad;
		if (i && sg_phys(sg) != next)
			range = false;
		next = sg_phys(sg) + sg->length;
		total += sg->length;
	}
	if (total != want)
		goto bad;

	if (!range && (attach->flags & DMA_BUF_ATTACH_CONTIG))
		return dma_buf_refuse(attach, DMA_BUF_REFUSED_SCATTERED);

	return 0;

bad:
	dma_buf_complain(attach, DMA_BUF_MISUSE_BAD_TABLE);
	return -EINVAL;
}

/*
 * The exporter says what its PFNs are. What can be seen from here is RAM that
 * is not there, and pages of the allocator that were called MMIO.
 */
static bool pfn_fits(unsigned long pfn, enum dma_buf_memory memory)
{
	/* A number that is no address would be mapped as another one. */
	if (PHYS_PFN(PFN_PHYS(pfn)) != pfn)
		return false;

	if (memory == DMA_BUF_MEMORY_RAM)
		return pfn_valid(pfn);

	return !pfn_valid(pfn) || PageReserved(pfn_to_page(pfn));
}

static int check_raw_pfns(struct dma_buf_attachment *attach,
			  struct dma_buf_pfns *pfns)
{
	struct dma_buf_extents ext = { .pfns = pfns->pfn };
	unsigned long i;

	if (pfns->count != dma_buf_nr_pages(attach->dmabuf) ||
	    (pfns->memory != DMA_BUF_MEMORY_RAM &&
	     pfns->memory != DMA_BUF_MEMORY_MMIO))
		goto bad;

	for (i = 0; i < pfns->count; i++) {
		if (!pfn_fits(pfns->pfn[i], pfns->memory))
			goto bad;
	}

	ext.count = pfns->count;
	if ((attach->flags & DMA_BUF_ATTACH_CONTIG) &&
	    dma_buf_extents_run(&ext, 0, ext.count) != ext.count)
		return dma_buf_refuse(attach, DMA_BUF_REFUSED_SCATTERED);

	return 0;

bad:
	dma_buf_complain(attach, DMA_BUF_MISUSE_BAD_PFNS);
	return -EINVAL;
}

/* How often an exporter may say that there is something, when there is not */
#define RETRIES	3

/**
 * dma_buf_wait_to_retry - an exporter had rather not wait under the lock
 * @dmabuf: buffer whose exporter has returned -EAGAIN
 * @tries: 0 before the first attempt, counts those in a row that had nothing to
 *	wait for
 *
 * An exporter that has to wait for fences before it can map returns -EAGAIN,
 * so that nobody who wants the reservation lock has to wait for them as well.
 * They may have signalled by now, and new ones may be there the next time. But
 * an exporter that goes on to return it without any means something else.
 *
 * Importers need it after dma_buf_map_attachment_nowait() and
 * dma_buf_vmap_nowait(), once they have released their own locks and the
 * reservation lock; they keep a reference to @dmabuf meanwhile.
 *
 * Return: 0 to try again, -EAGAIN to pass it on, or -ERESTARTSYS.
 */
int dma_buf_wait_to_retry(struct dma_buf *dmabuf, unsigned int *tries)
{
	long ret;

	if (dma_resv_test_signaled(dmabuf->resv, DMA_RESV_USAGE_BOOKKEEP))
		return (*tries)++ < RETRIES ? 0 : -EAGAIN;

	*tries = 0;
	ret = dma_resv_wait_timeout(dmabuf->resv, DMA_RESV_USAGE_BOOKKEEP, true,
				    MAX_SCHEDULE_TIMEOUT);

	return ret < 0 ? ret : 0;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_wait_to_retry, DMA_BUF);

/**
 * dma_buf_try_again - ask an exporter once more, for who holds the lock
 * @attach: attachment it was asked for
 * @err: what it has returned; becomes what to tell the importer
 * @tries: as for dma_buf_wait_to_retry()
 *
 * Importers that know nothing of -EAGAIN would fail because of it: for them it
 * is waited under the lock, as exporters do that never return it.
 *
 * Return: whether to ask again.
 */
bool dma_buf_try_again(struct dma_buf_attachment *attach, int *err,
		       unsigned int *tries)
{
	if (*err != -EAGAIN ||
	    (attach->importer_ops && attach->importer_ops->allow_retry))
		return false;

	*err = dma_buf_wait_to_retry(attach->dmabuf, tries);

	return !*err;
}

/**
 * dma_buf_raw_put - give a reference of the core's back
 * @attach: attachment it was got for
 * @raw: the reference
 */
void dma_buf_raw_put(struct dma_buf_attachment *attach, struct dma_buf_raw *raw)
{
	const struct dma_buf_ops *ops = attach->dmabuf->ops;

	trace_dma_buf_put_raw(attach, raw->pfns);
	if (raw->sgt)
		ops->put_scatterlist(attach, raw->sgt);
	else
		ops->put_pfns(attach, raw->pfns);
	kfree(raw);
}

static int raw_got(const void *ret)
{
	return ret ? PTR_ERR_OR_ZERO(ret) : -ENOMEM;
}

/**
 * dma_buf_raw_get - get a reference that the core keeps to itself
 * @attach: attachment to get it for
 * @kind: DMA_BUF_RAW_SCATTERLIST or DMA_BUF_RAW_PFNS
 *
 * Asks the exporter, and looks at what it returns. Does not pin.
 *
 * Return: the reference, or an ERR_PTR().
 */
struct dma_buf_raw *dma_buf_raw_get(struct dma_buf_attachment *attach, u32 kind)
{
	const struct dma_buf_ops *ops = attach->dmabuf->ops;
	struct dma_buf_raw *raw;
	int ret;

	if (!(attach->raw_ops & kind) || !dma_buf_nr_pages(attach->dmabuf))
		return ERR_PTR(-EINVAL);

	raw = kzalloc(sizeof(*raw), GFP_KERNEL);
	if (!raw)
		return ERR_PTR(-ENOMEM);

	if (kind == DMA_BUF_RAW_SCATTERLIST) {
		raw->sgt = ops->get_scatterlist(attach);
		ret = raw_got(raw->sgt);
	} else {
		raw->pfns = ops->get_pfns(attach);
		ret = raw_got(raw->pfns);
	}
	if (ret) {
		kfree(raw);
		return ERR_PTR(ret);
	}

	trace_dma_buf_get_raw(attach, raw->pfns);
	ret = raw->sgt ? check_raw_sgt(attach, raw->sgt) :
			 check_raw_pfns(attach, raw->pfns);
	if (ret) {
		dma_buf_raw_put(attach, raw);
		return ERR_PTR(ret);
	}

	return raw;
}

/* A reference of the importer's own: pinned like a mapping, and on its list. */
static struct dma_buf_raw *raw_get_pinned(struct dma_buf_attachment *attach,
					  u32 kind)
{
	bool pins = dma_buf_map_pins(attach);
	struct dma_buf_raw *raw;
	int ret;

	dma_buf_assert_locked(attach->dmabuf);

	if (pins) {
		ret = dma_buf_ops_pin(attach);
		if (ret)
			return ERR_PTR(ret);
	}

	dma_buf_refusal_begin(attach);
	raw = dma_buf_raw_get(attach, kind);
	if (!IS_ERR(raw)) {
		ret = dma_buf_wait_moves(attach);
		if (!ret) {
			hlist_add_head(&raw->node, &attach->raw);
			return raw;
		}
		dma_buf_raw_put(attach, raw);
		raw = ERR_PTR(ret);
	}

	if (pins)
		attach->dmabuf->ops->unpin(attach);
	dma_buf_refusal_end(attach, PTR_ERR(raw));

	return raw;
}

/* The same, for an importer that holds the lock. */
static struct dma_buf_raw *raw_get_locked(struct dma_buf_attachment *attach,
					  u32 kind)
{
	unsigned int tries = 0;
	struct dma_buf_raw *raw;
	int ret;

	do {
		raw = raw_get_pinned(attach, kind);
		ret = PTR_ERR_OR_ZERO(raw);
	} while (dma_buf_try_again(attach, &ret, &tries));

	return ret ? ERR_PTR(ret) : raw;
}

static void raw_put_pinned(struct dma_buf_attachment *attach,
			   struct dma_buf_raw *raw)
{
	hlist_del(&raw->node);
	dma_buf_raw_put(attach, raw);
	if (dma_buf_map_pins(attach))
		attach->dmabuf->ops->unpin(attach);
}

/**
 * dma_buf_raw_find - look for a reference of an importer
 * @attach: attachment of the importer
 * @what: the table or the PFNs it got
 *
 * Return: the reference, or NULL.
 */
struct dma_buf_raw *dma_buf_raw_find(struct dma_buf_attachment *attach,
				     const void *what)
{
	struct dma_buf_raw *raw;

	hlist_for_each_entry(raw, &attach->raw, node) {
		if (raw->sgt == what || raw->pfns == what)
			return raw;
	}

	return NULL;
}

/* A reference that is put takes the mappings made from it along. */
static void raw_put_checked(struct dma_buf_attachment *attach, const void *what)
{
	struct dma_buf_raw *raw;

	dma_buf_assert_locked(attach->dmabuf);

	raw = dma_buf_raw_find(attach, what);
	if (!raw) {
		dma_buf_complain(attach, DMA_BUF_MISUSE_FOREIGN);
		return;
	}

	if (dma_buf_drop_mappings(attach, what))
		dma_buf_complain(attach, DMA_BUF_MISUSE_PUT_MAPPED);
	raw_put_pinned(attach, raw);
}

/**
 * dma_buf_get_scatterlist - get the memory of a buffer as a table of pages
 * @attach: attachment, made with %DMA_BUF_ATTACH_PAGES to be sure of it
 *
 * Each call returns a table of its own, which lists the pages of the buffer for
 * the CPU and is not mapped: dma_buf_map_raw() does that. The pages are there
 * for DMA and nothing else: they must not be mapped to user space, and their
 * reference counts are none of the importer's business.
 *
 * The memory stays where it is until dma_buf_put_scatterlist(), unless the
 * importer is dynamic and has not pinned the buffer: then it has to put the
 * table after &dma_buf_attach_ops.move_notify, as it has to unmap a mapping.
 *
 * The caller holds the reservation lock, and may sleep.
 *
 * Return: the table, or -EINVAL if the exporter has no such operation, or
 * cannot express this memory, or returned nonsense; -ENOMEM; -EOPNOTSUPP if the
 * importer needs one range and the memory is not; -EINTR or -ERESTARTSYS on a
 * signal; -EAGAIN if the importer has set &dma_buf_attach_ops.allow_retry.
 */
struct sg_table *dma_buf_get_scatterlist(struct dma_buf_attachment *attach)
{
	struct dma_buf_raw *raw;

	might_sleep();

	if (WARN_ON(!attach || !attach->dmabuf))
		return ERR_PTR(-EINVAL);

	raw = raw_get_locked(attach, DMA_BUF_RAW_SCATTERLIST);

	return IS_ERR(raw) ? ERR_CAST(raw) : raw->sgt;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_get_scatterlist, DMA_BUF_RAW);

/**
 * dma_buf_get_scatterlist_unlocked - get the memory of a buffer as a table
 * @attach: attachment
 *
 * dma_buf_get_scatterlist() for callers without the reservation lock.
 *
 * Return: as dma_buf_get_scatterlist(), but never -EAGAIN on account of fences.
 */
struct sg_table *
dma_buf_get_scatterlist_unlocked(struct dma_buf_attachment *attach)
{
	unsigned int tries = 0;
	struct dma_buf_raw *raw;
	int ret;

	might_sleep();

	if (WARN_ON(!attach || !attach->dmabuf))
		return ERR_PTR(-EINVAL);

	do {
		dma_resv_lock(attach->dmabuf->resv, NULL);
		raw = raw_get_pinned(attach, DMA_BUF_RAW_SCATTERLIST);
		dma_resv_unlock(attach->dmabuf->resv);
		if (raw != ERR_PTR(-EAGAIN))
			return IS_ERR(raw) ? ERR_CAST(raw) : raw->sgt;
		ret = dma_buf_wait_to_retry(attach->dmabuf, &tries);
	} while (!ret);

	return ERR_PTR(ret);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_get_scatterlist_unlocked, DMA_BUF_RAW);

/**
 * dma_buf_put_scatterlist - give a raw table back
 * @attach: attachment it was got for
 * @sgt: table of dma_buf_get_scatterlist(), no longer mapped
 *
 * The caller holds the reservation lock, and may sleep.
 */
void dma_buf_put_scatterlist(struct dma_buf_attachment *attach,
			     struct sg_table *sgt)
{
	might_sleep();

	if (WARN_ON(!attach || !attach->dmabuf || !sgt))
		return;

	raw_put_checked(attach, sgt);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_put_scatterlist, DMA_BUF_RAW);

/**
 * dma_buf_put_scatterlist_unlocked - give a raw table back
 * @attach: attachment it was got for
 * @sgt: table of dma_buf_get_scatterlist(), no longer mapped
 *
 * dma_buf_put_scatterlist() for callers without the reservation lock.
 */
void dma_buf_put_scatterlist_unlocked(struct dma_buf_attachment *attach,
				      struct sg_table *sgt)
{
	might_sleep();

	if (WARN_ON(!attach || !attach->dmabuf || !sgt))
		return;

	dma_resv_lock(attach->dmabuf->resv, NULL);
	dma_buf_put_scatterlist(attach, sgt);
	dma_resv_unlock(attach->dmabuf->resv);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_put_scatterlist_unlocked, DMA_BUF_RAW);

/**
 * dma_buf_get_pfns - get the memory of a buffer as page frame numbers
 * @attach: attachment
 *
 * For memory that may have no &struct page. The numbers are valid until
 * dma_buf_put_pfns(); an importer that is dynamic and has not pinned the buffer
 * has to put them after &dma_buf_attach_ops.move_notify. dma_buf_map_pfns()
 * maps them.
 *
 * The caller holds the reservation lock for as long as it looks at them, which
 * is why there is no unlocked variant, and may sleep.
 *
 * Return: the PFNs, or -EINVAL if the exporter has no such operation, or cannot
 * express this memory, or returned nonsense; -ENOMEM; -EOPNOTSUPP if the
 * importer needs one range and the memory is not; -EINTR or -ERESTARTSYS on a
 * signal; -EAGAIN if the importer has set &dma_buf_attach_ops.allow_retry.
 */
struct dma_buf_pfns *dma_buf_get_pfns(struct dma_buf_attachment *attach)
{
	struct dma_buf_raw *raw;

	might_sleep();

	if (WARN_ON(!attach || !attach->dmabuf))
		return ERR_PTR(-EINVAL);

	raw = raw_get_locked(attach, DMA_BUF_RAW_PFNS);

	return IS_ERR(raw) ? ERR_CAST(raw) : raw->pfns;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_get_pfns, DMA_BUF_RAW);

/**
 * dma_buf_put_pfns - give page frame numbers back
 * @attach: attachment they were got for
 * @pfns: PFNs of dma_buf_get_pfns(), no longer mapped
 *
 * The caller holds the reservation lock, and may sleep.
 */
void dma_buf_put_pfns(struct dma_buf_attachment *attach,
		      struct dma_buf_pfns *pfns)
{
	might_sleep();

	if (WARN_ON(!attach || !attach->dmabuf || !pfns))
		return;

	raw_put_checked(attach, pfns);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_put_pfns, DMA_BUF_RAW);

/**
 * dma_buf_raw_release - clean up after an importer that is about to detach
 * @attach: the attachment, on which it has left something behind
 *
 * Mappings go before the memory they map.
 */
void dma_buf_raw_release(struct dma_buf_attachment *attach)
{
	struct dma_buf_raw *raw;
	struct hlist_node *next;

	dma_resv_assert_held(attach->dmabuf->resv);

	dma_buf_drop_mappings(attach, NULL);
	hlist_for_each_entry_safe(raw, next, &attach->raw, node)
		raw_put_pinned(attach, raw);
	dma_buf_complain(attach, DMA_BUF_MISUSE_DETACH_IN_USE);
}
