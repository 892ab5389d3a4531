// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of a dma-buf that the core makes, of raw memory.
 *
 * Each is a record, kept on the attachment until it is unmapped. So the core
 * knows whose caches to look after when the CPU wants the buffer: whoever maps,
 * synchronizes. The list is protected by the reservation lock of the buffer.
 */

#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include <trace/events/dma_buf.h>

#include "dma-buf-core.h"

/**
 * struct dma_buf_mapping - a mapping the core has made for an importer
 * @node: in &dma_buf_attachment.mappings
 * @sgt: the mapped table
 * @source: the raw table or the PFNs it is made from
 * @raw: reference that goes with the mapping, or NULL if it is the importer's.
 *	With one, DMABUF_DEBUG hides the pages of @sgt from the importer.
 * @dir: direction it is mapped for
 * @cached: the CPU may have the memory in its caches, or the device works on
 *	a copy of it
 * @mmio: mapped by dma_map_resource(): no pages, no caches
 */
struct dma_buf_mapping {
	struct hlist_node node;
	struct sg_table *sgt;
	const void *source;
	struct dma_buf_raw *raw;
	enum dma_data_direction dir;
	bool cached;
	bool mmio;
};

/* Where nobody has the memory cached, no cache needs looking after. */
static bool dma_buf_is_cached(struct dma_buf *dmabuf)
{
	return !dmabuf->ops->cpu_uncached || !dmabuf->ops->cpu_uncached(dmabuf);
}

/*
 * Caches are looked after in calls of their own. It comes to the same, but that
 * DMA_API_DEBUG takes memory which is mapped twice and synchronized by mapping
 * it for a bug; and sharing memory is what a dma-buf is for.
 */
static int mapping_map_sgt(struct device *dev, struct dma_buf_mapping *map)
{
	int ret;

	ret = dma_map_sgtable(dev, map->sgt, map->dir, DMA_ATTR_SKIP_CPU_SYNC);
	if (!ret && map->cached)
		dma_sync_sgtable_for_device(dev, map->sgt, map->dir);

	return ret;
}

static void mapping_unmap_sgt(struct device *dev, struct dma_buf_mapping *map)
{
	if (map->cached)
		dma_sync_sgtable_for_cpu(dev, map->sgt, map->dir);
	dma_unmap_sgtable(dev, map->sgt, map->dir, DMA_ATTR_SKIP_CPU_SYNC);
}

/* Make the table of a mapping from its source. */
static int mapping_map(struct dma_buf_attachment *attach,
		       struct dma_buf_mapping *map, struct sg_table *sgt,
		       const struct dma_buf_pfns *pfns)
{
	struct dma_buf_extents ext = {};
	int ret;

	if (pfns) {
		ext.pfns = pfns->pfn;
		ext.count = pfns->count;
		map->mmio = pfns->memory == DMA_BUF_MEMORY_MMIO;
		if (map->mmio)
			sgt = dma_buf_map_extents(&ext, attach->dev, map->dir);
		else
			sgt = dma_buf_extents_to_sgt(&ext, attach->dev);
		if (IS_ERR(sgt))
			return PTR_ERR(sgt);
	}

	map->sgt = sgt;
	map->source = pfns ? (const void *)pfns : sgt;
	if (map->mmio)
		return 0;

	map->cached = dma_buf_is_cached(attach->dmabuf);
	ret = mapping_map_sgt(attach->dev, map);
	if (ret && pfns)
		dma_buf_free_sgt(sgt);
	/* What comes back from a bounce buffer has to be synchronized for. */
	if (!ret && !map->cached)
		map->cached = dma_buf_sgt_is_bounced(attach->dev, sgt);

	return ret;
}

static void mapping_unmap(struct dma_buf_attachment *attach,
			  struct dma_buf_mapping *map)
{
	if (map->mmio) {
		dma_buf_unmap_extents(attach->dev, map->sgt,
				      map->sgt->orig_nents, map->dir);
		return;
	}

	mapping_unmap_sgt(attach->dev, map);
	if (map->sgt != map->source)
		dma_buf_free_sgt(map->sgt);
}

/* Map raw memory, check it against the importer's needs, and keep a record. */
static struct dma_buf_mapping *mapping_add(struct dma_buf_attachment *attach,
					   struct sg_table *sgt,
					   const struct dma_buf_pfns *pfns,
					   enum dma_data_direction dir)
{
	struct dma_buf *dmabuf = attach->dmabuf;
	struct dma_buf_mapping *map;
	int ret;

	if (!valid_dma_direction(dir))
		return ERR_PTR(-EINVAL);

	map = kzalloc(sizeof(*map), GFP_KERNEL);
	if (!map)
		return ERR_PTR(-ENOMEM);

	map->dir = dir;
	ret = mapping_map(attach, map, sgt, pfns);
	if (ret)
		goto err_free;

	ret = dma_buf_check_mapping(attach, map->sgt);
	if (ret)
		goto err_unmap;

	hlist_add_head(&map->node, &attach->mappings);
	WRITE_ONCE(dmabuf->nr_mappings, dmabuf->nr_mappings + 1);
	trace_dma_buf_map(attach, map->sgt, dir);

	return map;

err_unmap:
	mapping_unmap(attach, map);
err_free:
	kfree(map);
	return ERR_PTR(ret);
}

static struct dma_buf_mapping *
mapping_add_checked(struct dma_buf_attachment *attach, struct sg_table *sgt,
		    const struct dma_buf_pfns *pfns,
		    enum dma_data_direction dir)
{
	struct dma_buf_mapping *map;

	dma_buf_refusal_begin(attach);
	map = mapping_add(attach, sgt, pfns, dir);
	if (IS_ERR(map))
		dma_buf_refusal_end(attach, PTR_ERR(map));

	return map;
}

static void mapping_del(struct dma_buf_attachment *attach,
			struct dma_buf_mapping *map)
{
	struct dma_buf *dmabuf = attach->dmabuf;

	trace_dma_buf_unmap(attach, map->sgt, map->dir);
	hlist_del(&map->node);
	WRITE_ONCE(dmabuf->nr_mappings, dmabuf->nr_mappings - 1);
	mapping_unmap(attach, map);
	if (map->raw)
		dma_buf_raw_put(attach, map->raw);
	kfree(map);
}

static struct dma_buf_mapping *mapping_find(struct dma_buf_attachment *attach,
					    const struct sg_table *sgt)
{
	struct dma_buf_mapping *map;

	hlist_for_each_entry(map, &attach->mappings, node) {
		if (map->sgt == sgt)
			return map;
	}

	return NULL;
}

/* @core: a mapping of dma_buf_raw_map(), which nobody else may undo. */
static void mapping_del_checked(struct dma_buf_attachment *attach,
				struct sg_table *sgt,
				enum dma_data_direction dir, bool core)
{
	struct dma_buf_mapping *map;

	dma_buf_assert_locked(attach->dmabuf);

	map = mapping_find(attach, sgt);
	if (!map || !map->raw == core) {
		dma_buf_complain(attach, DMA_BUF_MISUSE_FOREIGN);
		return;
	}
	if (map->dir != dir)
		dma_buf_complain(attach, DMA_BUF_MISUSE_DIRECTION);
	mapping_del(attach, map);
}

/**
 * dma_buf_map_raw - map a raw table for the device of an attachment
 * @attach: attachment the table was got for
 * @sgt: table of dma_buf_get_scatterlist()
 * @dir: direction of DMA transfer
 *
 * Sets the DMA addresses of @sgt. The core looks after the caches from here on:
 * dma_buf_begin_cpu_access() and dma_buf_end_cpu_access() synchronize the
 * mapping in its direction. A table can be mapped once at a time.
 *
 * The caller holds the reservation lock, and may sleep.
 *
 * Return: 0, -EINVAL for a table that was not got for @attach, -EBUSY if it is
 * mapped already, -EOPNOTSUPP if the importer needs one range and does not get
 * it, or an error of dma_map_sgtable().
 */
int dma_buf_map_raw(struct dma_buf_attachment *attach, struct sg_table *sgt,
		    enum dma_data_direction dir)
{
	might_sleep();

	if (WARN_ON(!attach || !attach->dmabuf || !sgt))
		return -EINVAL;

	dma_buf_assert_locked(attach->dmabuf);

	if (!dma_buf_raw_find(attach, sgt)) {
		dma_buf_complain(attach, DMA_BUF_MISUSE_FOREIGN);
		return -EINVAL;
	}

	if (mapping_find(attach, sgt))
		return -EBUSY;

	return PTR_ERR_OR_ZERO(mapping_add_checked(attach, sgt, NULL, dir));
}
EXPORT_SYMBOL_NS_GPL(dma_buf_map_raw, DMA_BUF_RAW);

/**
 * dma_buf_unmap_raw - undo dma_buf_map_raw()
 * @attach: attachment the table was got for
 * @sgt: the mapped table
 * @dir: direction it was mapped for
 *
 * The table stays valid until it is put. The caller holds the reservation lock.
 */
void dma_buf_unmap_raw(struct dma_buf_attachment *attach, struct sg_table *sgt,
		       enum dma_data_direction dir)
{
	might_sleep();

	if (WARN_ON(!attach || !attach->dmabuf || !sgt))
		return;

	mapping_del_checked(attach, sgt, dir, false);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_unmap_raw, DMA_BUF_RAW);

/**
 * dma_buf_map_pfns - map PFNs for the device of an attachment
 * @attach: attachment they were got for
 * @pfns: PFNs of dma_buf_get_pfns()
 * @dir: direction of DMA transfer
 *
 * RAM is mapped as a table would be, and its caches are looked after as with
 * dma_buf_map_raw(). Everything else goes through dma_map_resource() in runs.
 * In either case the importer must look at the DMA addresses of the table and
 * at nothing else. Each call makes a mapping of its own.
 *
 * The caller holds the reservation lock, and may sleep.
 *
 * Return: a mapped table for dma_buf_unmap_pfns(), or -EINVAL for PFNs that
 * were not got for @attach, -ENOMEM, -EOPNOTSUPP if the importer needs one range
 * and does not get it, -EIO if the device cannot reach the memory, or an error
 * of dma_map_sgtable().
 */
struct sg_table *dma_buf_map_pfns(struct dma_buf_attachment *attach,
				  const struct dma_buf_pfns *pfns,
				  enum dma_data_direction dir)
{
	struct dma_buf_mapping *map;

	might_sleep();

	if (WARN_ON(!attach || !attach->dmabuf || !pfns))
		return ERR_PTR(-EINVAL);

	dma_buf_assert_locked(attach->dmabuf);

	if (!dma_buf_raw_find(attach, pfns)) {
		dma_buf_complain(attach, DMA_BUF_MISUSE_FOREIGN);
		return ERR_PTR(-EINVAL);
	}

	map = mapping_add_checked(attach, NULL, pfns, dir);

	return IS_ERR(map) ? ERR_CAST(map) : map->sgt;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_map_pfns, DMA_BUF_RAW);

/**
 * dma_buf_unmap_pfns - undo dma_buf_map_pfns()
 * @attach: attachment the PFNs were got for
 * @sgt: the table that dma_buf_map_pfns() returned; is freed
 * @dir: direction it was mapped for
 *
 * The caller holds the reservation lock.
 */
void dma_buf_unmap_pfns(struct dma_buf_attachment *attach, struct sg_table *sgt,
			enum dma_data_direction dir)
{
	might_sleep();

	if (WARN_ON(!attach || !attach->dmabuf || !sgt))
		return;

	mapping_del_checked(attach, sgt, dir, false);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_unmap_pfns, DMA_BUF_RAW);

/**
 * dma_buf_raw_map - dma_buf_map_attachment() for exporters with raw operations
 * @attach: attachment to map for
 * @dir: direction of DMA transfer
 *
 * As pages if the memory can be had that way, else as PFNs. The caller has
 * pinned what needs to be.
 *
 * Return: a mapped table for dma_buf_raw_unmap(), or an ERR_PTR().
 */
struct sg_table *dma_buf_raw_map(struct dma_buf_attachment *attach,
				 enum dma_data_direction dir)
{
	struct dma_buf_mapping *map;
	struct dma_buf_raw *raw;

	raw = dma_buf_raw_get(attach, DMA_BUF_RAW_SCATTERLIST);
	if (raw == ERR_PTR(-EINVAL))
		raw = dma_buf_raw_get(attach, DMA_BUF_RAW_PFNS);
	if (IS_ERR(raw))
		return ERR_CAST(raw);

	map = mapping_add(attach, raw->sgt, raw->pfns, dir);
	if (IS_ERR(map)) {
		dma_buf_raw_put(attach, raw);
		return ERR_CAST(map);
	}
	map->raw = raw;

	return map->sgt;
}

/**
 * dma_buf_raw_unmap - undo dma_buf_raw_map()
 * @attach: attachment that was mapped
 * @sgt: the table that was returned
 * @dir: direction it was mapped for
 */
void dma_buf_raw_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt,
		       enum dma_data_direction dir)
{
	mapping_del_checked(attach, sgt, dir, true);
}

/**
 * dma_buf_drop_mappings - unmap what an importer has left mapped
 * @attach: attachment of the importer
 * @source: what the mappings are made from, or NULL for all of them
 *
 * Return: true if there were any.
 */
bool dma_buf_drop_mappings(struct dma_buf_attachment *attach,
			   const void *source)
{
	struct dma_buf_mapping *map;
	struct hlist_node *next;
	bool any = false;

	hlist_for_each_entry_safe(map, next, &attach->mappings, node) {
		bool unpin = map->raw && dma_buf_map_pins(attach);

		if (source && map->source != source)
			continue;
		if (map->raw)
			dma_buf_mangle_sg_table(map->sgt);
		mapping_del(attach, map);
		if (unpin)
			attach->dmabuf->ops->unpin(attach);
		any = true;
	}

	return any;
}

static void mapping_sync(struct dma_buf_attachment *attach,
			 struct dma_buf_mapping *map, bool for_cpu)
{
	if (!map->cached)
		return;

	/* The DMA API may need the pages that DMABUF_DEBUG has hidden. */
	if (map->raw)
		dma_buf_mangle_sg_table(map->sgt);

	if (for_cpu) {
		trace_dma_buf_sync_for_cpu(attach, map->sgt, map->dir);
		dma_sync_sgtable_for_cpu(attach->dev, map->sgt, map->dir);
	} else {
		trace_dma_buf_sync_for_device(attach, map->sgt, map->dir);
		dma_sync_sgtable_for_device(attach->dev, map->sgt, map->dir);
	}

	if (map->raw)
		dma_buf_mangle_sg_table(map->sgt);
}

static void sync_mappings(struct dma_buf *dmabuf, bool for_cpu)
{
	struct dma_buf_attachment *attach;
	struct dma_buf_mapping *map;

	dma_resv_assert_held(dmabuf->resv);

	list_for_each_entry(attach, &dmabuf->attachments, node) {
		hlist_for_each_entry(map, &attach->mappings, node)
			mapping_sync(attach, map, for_cpu);
	}
}

/**
 * dma_buf_raw_sync_for_cpu - hand the buffer to the CPU
 * @dmabuf: buffer whose fences have been waited for
 *
 * Each mapping is synchronized in its own direction: that is the one its device
 * may have written in, whatever the CPU is about to do. Takes the reservation
 * lock if there is anything to do. A mapping that is made at the same time has
 * just been synchronized by the DMA API.
 *
 * Return: 0, or -EINTR if a signal came first.
 */
int dma_buf_raw_sync_for_cpu(struct dma_buf *dmabuf)
{
	int ret;

	if (!READ_ONCE(dmabuf->nr_mappings))
		return 0;

	ret = dma_resv_lock_interruptible(dmabuf->resv, NULL);
	if (ret)
		return ret;

	sync_mappings(dmabuf, true);
	dma_resv_unlock(dmabuf->resv);

	return 0;
}

/**
 * dma_buf_raw_sync_for_device - hand the buffer back to its devices
 * @dmabuf: buffer the CPU is done with
 *
 * Not to be interrupted: most callers in the kernel have no way to come back,
 * and what the CPU wrote would stay in its caches.
 */
void dma_buf_raw_sync_for_device(struct dma_buf *dmabuf)
{
	if (!READ_ONCE(dmabuf->nr_mappings))
		return;

	dma_resv_lock(dmabuf->resv, NULL);
	sync_mappings(dmabuf, false);
	dma_resv_unlock(dmabuf->resv);
}
