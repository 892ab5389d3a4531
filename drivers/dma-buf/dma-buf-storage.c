// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Storage that is chosen late
 *
 * Whether a buffer has to be contiguous depends on who will use it, and is not
 * known when it is allocated. &struct dma_buf_storage is for exporters that
 * have no opinion: it takes no memory until the buffer is mapped, looked at or
 * pinned for the first time, and takes what suits everybody who is attached by
 * then. Contiguous memory is scarce, and used if one of them says
 * %DMA_BUF_ATTACH_CONTIG and not otherwise.
 *
 * When such an importer comes after that, the contents move: but not while an
 * importer that cannot be told has the buffer mapped, or somebody has pinned
 * it, has a raw reference or a mapping of the kernel's. It is refused with
 * -EBUSY then, and -EOPNOTSUPP if no block could ever be that large. In all
 * other cases attaching takes a contiguous block, or fails with -ENOMEM, and
 * does no more. It is the next use of the buffer that tells dynamic importers,
 * waits for fences, takes CPU mappings away and copies.
 *
 * Fences can take long and come from anywhere, and who attaches waits for the
 * reservation lock, and cannot be killed meanwhile. So nobody waits for fences
 * here who holds the lock: what finds one gets -EAGAIN, waits without
 * the lock, and comes again. That comes to an end, as drivers use the storage
 * before they add a fence, and then they wait as well. Only for importers that
 * hold the lock themselves, and have not set &dma_buf_attach_ops.allow_retry,
 * the core waits under it.
 *
 * Memory is freed with its last user and not when the contents leave it. So
 * nobody has to wait for importers to unmap, which takes the lock as well.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "dma-buf-core.h"
#include "dma-buf-generation.h"
#include "dma-buf-storage-core.h"

#define CREATE_TRACE_POINTS
#include <trace/events/dma_buf_storage.h>

/* What keeps a generation: a table or an array of PFNs, by its address */
struct storage_ref {
	struct list_head node;
	const void *what;
	struct dma_buf_generation *gen;
};

static bool is_uncached(struct dma_buf_storage *st)
{
	return st->caching != DMA_BUF_STORAGE_CACHED;
}

static phys_addr_t first_byte(struct dma_buf_generation *gen)
{
	return page_to_phys(dma_buf_generation_page(gen, 0));
}

/* Takes the block that will be needed, so that it is there when it is. */
static enum dma_buf_refusal reserve(struct dma_buf_storage *st)
{
	if (st->n_pages > dma_buf_generation_max_block())
		return DMA_BUF_REFUSED_TOO_LARGE;
	st->next = dma_buf_generation_alloc_block(st->n_pages,
						  is_uncached(st));
	if (!st->next)
		return DMA_BUF_REFUSED_NO_CONTIG;
	trace_dma_buf_storage_reserve(st, first_byte(st->next), true);
	return DMA_BUF_REFUSED_NOT;
}

/**
 * dma_buf_storage_init - prepare a storage
 * @st: storage, with any contents
 * @size: how many bytes it has to hold
 * @caching: how CPUs will map it
 * @need: DMA_BUF_ATTACH_* flags of the owner's own, which count as if somebody
 *	were attached with them
 *
 * The owner sets &dma_buf_storage.ops, &dma_buf_storage.resv,
 * &dma_buf_storage.mapping and &dma_buf_storage.pgoff afterwards if the storage
 * is to be used before or beyond its export.
 *
 * Return: 0, -EINVAL for no bytes, -ENOMEM for more than there is memory or if
 * @need cannot be met now, -EOPNOTSUPP if it never can.
 */
int dma_buf_storage_init(struct dma_buf_storage *st, size_t size,
			 enum dma_buf_storage_caching caching, u32 need)
{
	*st = (struct dma_buf_storage) {
		.n_pages = (size >> PAGE_SHIFT) + !!offset_in_page(size),
		.caching = caching,
		.need = need,
	};
	INIT_LIST_HEAD(&st->refs);
	if (!size)
		return -EINVAL;
	if (st->n_pages > min(totalram_pages(), SIZE_MAX >> PAGE_SHIFT))
		return -ENOMEM;
	if (!(need & DMA_BUF_ATTACH_CONTIG))
		return 0;
	switch (reserve(st)) {
	case DMA_BUF_REFUSED_NOT:
		return 0;
	case DMA_BUF_REFUSED_TOO_LARGE:
		return -EOPNOTSUPP;
	default:
		return -ENOMEM;
	}
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_init, DMA_BUF);

/**
 * dma_buf_storage_fini - the end of a storage
 * @st: storage that dma_buf_storage_init() has been called for, whatever it
 *	returned, and that nobody uses
 */
void dma_buf_storage_fini(struct dma_buf_storage *st)
{
	WARN_ON(!list_empty(&st->refs) || st->pins || st->vmaps);
	dma_buf_generation_put(st->next);
	dma_buf_generation_put(st->now);
	st->next = NULL;
	st->now = NULL;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_fini, DMA_BUF);

/**
 * dma_buf_storage_export - make a dma-buf of a storage
 * @st: storage
 * @info: what dma_buf_export() needs, with callbacks of DMA_BUF_STORAGE_OPS;
 *	size, reservation object and private data are those of @st
 *
 * Only one dma-buf may exist for a storage at a time. The lock is not taken: who
 * has it may be waiting for another buffer, and DRM exports with locks of the
 * file and the device held.
 *
 * Return: the dma-buf, or what dma_buf_export() says.
 */
struct dma_buf *dma_buf_storage_export(struct dma_buf_storage *st,
				       struct dma_buf_export_info *info)
{
	struct dma_buf *dmabuf;

	info->size = st->n_pages << PAGE_SHIFT;
	info->resv = st->resv;
	info->priv = st;
	dmabuf = dma_buf_export(info);
	if (IS_ERR(dmabuf))
		return dmabuf;
	if (st->mapping)
		dmabuf->file->f_mapping = st->mapping;
	else
		st->mapping = dmabuf->file->f_mapping;
	st->resv = dmabuf->resv;
	WARN_ON(st->dmabuf);
	WRITE_ONCE(st->ino, file_inode(dmabuf->file)->i_ino);
	/* Who has the lock may see it or not: nobody is attached yet. */
	smp_store_release(&st->dmabuf, dmabuf);
	return dmabuf;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_export, DMA_BUF);

/**
 * dma_buf_storage_unexport - the dma-buf is being released
 * @st: its storage, which may live on
 */
void dma_buf_storage_unexport(struct dma_buf_storage *st)
{
	dma_resv_lock(st->resv, NULL);
	st->dmabuf = NULL;
	st->ino = 0;
	dma_buf_storage_release_block(st);
	dma_resv_unlock(st->resv);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_unexport, DMA_BUF);

static void publish(struct dma_buf_storage *st, struct dma_buf_generation *gen)
{
	unsigned int state = DMA_BUF_STORAGE_STATE_ALLOCATED;

	if (gen->contiguous)
		state |= DMA_BUF_STORAGE_STATE_CONTIGUOUS;
	st->now = gen;
	WRITE_ONCE(st->state, state);
}

/* The first use */
static int choose(struct dma_buf_storage *st)
{
	struct dma_buf_generation *gen = st->next;
	int ret;

	if (gen) {
		ret = dma_buf_generation_clear(gen);
		if (ret)
			return ret;
		st->next = NULL;
	} else {
		gen = dma_buf_generation_alloc_pages(st->n_pages,
						     is_uncached(st));
		if (IS_ERR(gen))
			return PTR_ERR(gen);
	}
	publish(st, gen);
	trace_dma_buf_storage_allocate(st, first_byte(gen), gen->contiguous);
	return 0;
}

/* The first use after somebody with greater needs has been admitted */
static int move(struct dma_buf_storage *st)
{
	struct dma_buf_generation *old = st->now, *gen = st->next;
	struct dma_buf *dmabuf = READ_ONCE(st->dmabuf);
	int ret;

	if (dmabuf)
		dma_buf_move_notify(dmabuf);
	if (!dma_resv_test_signaled(st->resv, DMA_RESV_USAGE_BOOKKEEP))
		return -EAGAIN;
	if (st->ops && st->ops->put_tables)
		st->ops->put_tables(st);
	/* What the CPU writes from now on faults, and comes after the copy. */
	if (st->mapping)
		unmap_mapping_range(st->mapping, (loff_t)st->pgoff << PAGE_SHIFT,
				    (loff_t)st->n_pages << PAGE_SHIFT, 1);
	ret = dma_buf_generation_copy(gen, old);
	if (ret)
		return ret;
	st->next = NULL;
	publish(st, gen);
	trace_dma_buf_storage_move(st, first_byte(gen), gen->contiguous);
	dma_buf_generation_put(old);
	return 0;
}

/**
 * dma_buf_storage_prepare - have memory that suits all who are attached
 * @st: storage; the caller holds its reservation lock
 *
 * What every function that hands out the memory does first; for owners that
 * want to know earlier. &dma_buf_storage.now stays where it is until the lock is
 * released.
 *
 * Return: 0, -EAGAIN if the contents have to move and there are fences to wait
 * for, -EINTR if the process is being killed, or -ENOMEM.
 */
int dma_buf_storage_prepare(struct dma_buf_storage *st)
{
	dma_resv_assert_held(st->resv);
	if (!st->now)
		return choose(st);
	return st->next ? move(st) : 0;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_prepare, DMA_BUF);

/**
 * dma_buf_storage_prepare_unlocked - have memory, and wait as long as it takes
 * @st: storage; the caller does not hold its reservation lock
 *
 * dma_buf_storage_prepare() for those who can wait for fences without the lock.
 * Somebody may be admitted, and new fences added, as soon as it returns.
 *
 * Return: 0, -ERESTARTSYS, -EINTR or -ENOMEM.
 */
int dma_buf_storage_prepare_unlocked(struct dma_buf_storage *st)
{
	long ret;

	for (;;) {
		ret = dma_resv_lock_interruptible(st->resv, NULL);
		if (ret)
			return ret;
		ret = dma_buf_storage_prepare(st);
		dma_resv_unlock(st->resv);
		if (ret != -EAGAIN)
			return ret;
		ret = dma_resv_wait_timeout(st->resv, DMA_RESV_USAGE_BOOKKEEP,
					    true, MAX_SCHEDULE_TIMEOUT);
		if (ret < 0)
			return ret;
	}
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_prepare_unlocked, DMA_BUF);

/**
 * dma_buf_storage_ref - something is made of the memory that is used now
 * @st: storage that has been settled
 * @what: its address
 *
 * Return: 0 or -ENOMEM.
 */
int dma_buf_storage_ref(struct dma_buf_storage *st, const void *what)
{
	struct storage_ref *ref = kmalloc(sizeof(*ref), GFP_KERNEL);

	if (!ref)
		return -ENOMEM;
	ref->what = what;
	ref->gen = dma_buf_generation_get(st->now);
	list_add(&ref->node, &st->refs);
	return 0;
}

/**
 * dma_buf_storage_unref - what was made of the memory is no longer used
 * @st: storage
 * @what: its address
 */
void dma_buf_storage_unref(struct dma_buf_storage *st, const void *what)
{
	struct storage_ref *ref;

	dma_resv_assert_held(st->resv);
	list_for_each_entry(ref, &st->refs, node) {
		if (ref->what != what)
			continue;
		list_del(&ref->node);
		dma_buf_generation_put(ref->gen);
		kfree(ref);
		return;
	}
	WARN_ON_ONCE(1);
}

/**
 * dma_buf_storage_get_table - the memory as the owner's device is to see it
 * @st: storage; the caller holds its reservation lock
 * @dev: the device
 *
 * The owner maps the table, if it wants to, and looks after caches. It gives
 * the table back when &dma_buf_storage_ops.put_tables says so.
 *
 * Return: a table that is not mapped, or what dma_buf_storage_prepare() says.
 */
struct sg_table *dma_buf_storage_get_table(struct dma_buf_storage *st,
					   struct device *dev)
{
	struct sg_table *sgt;
	int ret = dma_buf_storage_prepare(st);

	if (ret)
		return ERR_PTR(ret);
	sgt = dma_buf_generation_to_sgt(st->now, dev);
	if (IS_ERR(sgt))
		return sgt;
	ret = dma_buf_storage_ref(st, sgt);
	if (ret) {
		dma_buf_free_sgt(sgt);
		return ERR_PTR(ret);
	}
	return sgt;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_get_table, DMA_BUF);

/**
 * dma_buf_storage_put_table - give a table back
 * @st: storage; the caller holds its reservation lock
 * @sgt: table of dma_buf_storage_get_table(), no longer mapped
 */
void dma_buf_storage_put_table(struct dma_buf_storage *st,
			       struct sg_table *sgt)
{
	dma_buf_storage_unref(st, sgt);
	dma_buf_free_sgt(sgt);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_put_table, DMA_BUF);

static bool has_mappings(struct dma_buf_attachment *attach)
{
	return !dma_buf_attachment_is_dynamic(attach) &&
	       !hlist_empty(&attach->mappings);
}

static bool has_raw_references(struct dma_buf_attachment *attach)
{
	return !dma_buf_attachment_is_dynamic(attach) &&
	       !hlist_empty(&attach->raw);
}

/* What keeps the contents where they are, if anything does */
static enum dma_buf_refusal stuck(struct dma_buf_storage *st)
{
	struct dma_buf_attachment *attach;

	list_for_each_entry(attach, &st->dmabuf->attachments, node) {
		if (has_mappings(attach))
			return DMA_BUF_REFUSED_MAPPED;
		if (has_raw_references(attach))
			return DMA_BUF_REFUSED_RAW;
	}
	if (st->vmaps)
		return DMA_BUF_REFUSED_VMAPPED;
	return st->pins ? DMA_BUF_REFUSED_PINNED : DMA_BUF_REFUSED_NOT;
}

/**
 * dma_buf_storage_admit - may somebody be attached?
 * @st: storage
 * @attach: who, not in the list yet
 *
 * Return: 0, or the value of dma_buf_refuse().
 */
int dma_buf_storage_admit(struct dma_buf_storage *st,
			  struct dma_buf_attachment *attach)
{
	enum dma_buf_refusal why;

	dma_resv_assert_held(st->resv);
	if (!(attach->flags & DMA_BUF_ATTACH_CONTIG) || st->next ||
	    (st->now && st->now->contiguous))
		return 0;
	why = st->now ? stuck(st) : DMA_BUF_REFUSED_NOT;
	if (st->n_pages > dma_buf_generation_max_block())
		why = DMA_BUF_REFUSED_TOO_LARGE;
	if (!why)
		why = reserve(st);
	return why ? dma_buf_refuse(attach, why) : 0;
}

/**
 * dma_buf_storage_release_block - free contiguous memory nobody will need
 * @st: storage, after somebody has left
 */
void dma_buf_storage_release_block(struct dma_buf_storage *st)
{
	struct dma_buf *dmabuf = READ_ONCE(st->dmabuf);
	struct dma_buf_attachment *attach;
	u32 need = st->need;

	dma_resv_assert_held(st->resv);
	if (dmabuf) {
		list_for_each_entry(attach, &dmabuf->attachments, node)
			need |= attach->flags;
	}
	if (need & DMA_BUF_ATTACH_CONTIG)
		return;
	dma_buf_generation_put(st->next);
	st->next = NULL;
}
