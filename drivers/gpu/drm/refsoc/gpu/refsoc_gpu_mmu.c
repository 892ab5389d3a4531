// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Memory management unit
 *
 * The lower half of a core's addresses is a linear window onto physical
 * memory, the upper half goes through one flat table of 4 KiB pages
 * (MMUv1). Neither has permission bits, and one table serves all cores and
 * all clients. The driver writes the table itself: for the DMA API the cores
 * are plain bus masters.
 *
 * A buffer that is contiguous and inside the window needs no entry. Others
 * get pages of the upper half at their first use and keep them until the
 * buffer goes or the space is wanted by somebody else. Entries not in use
 * point at a scratch page.
 *
 * The cores cache translations until told to forget them, through the command
 * stream. Each change of the table moves &refsoc_gpu_mmu.seq on, and a job
 * that starts on a core which last flushed before that flushes first.
 */

#include <kunit/visibility.h>

#include <linux/dma-mapping.h>
#include <linux/export.h>
#include <linux/scatterlist.h>

#include <drm/drm_managed.h>

#include "refsoc_gpu_drv.h"
#include "refsoc_gpu_trace.h"

#define MMU_ENTRIES	(SZ_2G >> REFSOC_GPU_PAGE_SHIFT)
#define MMU_TABLE_SIZE	(MMU_ENTRIES * sizeof(__le32))
#define MMU_WINDOW	SZ_2G

/**
 * refsoc_gpu_mmu_init() - make a page table in which nothing is mapped
 * @rdev: the device
 *
 * Return: 0 or -ENOMEM.
 */
int refsoc_gpu_mmu_init(struct refsoc_gpu_device *rdev)
{
	struct refsoc_gpu_mmu *mmu = &rdev->mmu;
	struct device *dev = rdev->drm.dev;
	int ret;

	ret = drmm_mutex_init(&rdev->drm, &mmu->lock);
	if (ret)
		return ret;
	INIT_LIST_HEAD(&mmu->idle);
	mmu->scratch = dma_alloc_wc(dev, REFSOC_GPU_PAGE_SIZE,
				    &mmu->scratch_dma, GFP_KERNEL);
	if (!mmu->scratch)
		return -ENOMEM;
	mmu->table = dma_alloc_wc(dev, MMU_TABLE_SIZE, &mmu->table_dma,
				  GFP_KERNEL);
	if (!mmu->table) {
		dma_free_wc(dev, REFSOC_GPU_PAGE_SIZE, mmu->scratch,
			    mmu->scratch_dma);
		return -ENOMEM;
	}
	memset32((u32 *)mmu->table,
		 (__force u32)cpu_to_le32(lower_32_bits(mmu->scratch_dma)),
		 MMU_ENTRIES);
	/* Node sizes are in pages; the last page stays a guard. */
	drm_mm_init(&mmu->mm, 0, MMU_ENTRIES - 1);
	/*
	 * The window starts at one half of the bus or the other: at that which
	 * such memory comes from, as command memory must be in it.
	 */
	mmu->base = mmu->table_dma & SZ_2G;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(refsoc_gpu_mmu_init);

/**
 * refsoc_gpu_mmu_fini() - give the page table back
 * @rdev: the device; nothing is mapped, and no core looks at the table any more
 */
void refsoc_gpu_mmu_fini(struct refsoc_gpu_device *rdev)
{
	struct refsoc_gpu_mmu *mmu = &rdev->mmu;
	struct device *dev = rdev->drm.dev;

	drm_mm_takedown(&mmu->mm);
	dma_free_wc(dev, MMU_TABLE_SIZE, mmu->table, mmu->table_dma);
	dma_free_wc(dev, REFSOC_GPU_PAGE_SIZE, mmu->scratch, mmu->scratch_dma);
}
EXPORT_SYMBOL_IF_KUNIT(refsoc_gpu_mmu_fini);

/**
 * refsoc_gpu_mmu_in_window() - whether the linear window reaches memory
 * @mmu: the page table
 * @start: bus address of its first byte
 * @size: its size in bytes
 *
 * Bus addresses have 32 bits, and memory may end where they do.
 *
 * Return: true if all of it is reached without the table.
 */
bool refsoc_gpu_mmu_in_window(const struct refsoc_gpu_mmu *mmu,
			      dma_addr_t start, size_t size)
{
	return start >= mmu->base &&
	       (u64)start - mmu->base + size <= MMU_WINDOW;
}

/* A bus range that is one piece and inside the window needs no table. */
static bool map_linear(struct refsoc_gpu_mmu *mmu,
		       struct refsoc_gpu_mapping *map, struct sg_table *sgt,
		       size_t size)
{
	dma_addr_t start = sg_dma_address(sgt->sgl), next = start;
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (sg_dma_address(sg) != next)
			return false;
		next += sg_dma_len(sg);
	}
	if (next - start < size || !refsoc_gpu_mmu_in_window(mmu, start, size))
		return false;
	map->iova = start - mmu->base;
	return true;
}

/* The table knows whole pages only; the last piece may end within one. */
static bool is_paged(struct sg_table *sgt)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (!IS_ALIGNED(sg_dma_address(sg), REFSOC_GPU_PAGE_SIZE))
			return false;
		if (i + 1 < sgt->nents &&
		    !IS_ALIGNED(sg_dma_len(sg), REFSOC_GPU_PAGE_SIZE))
			return false;
	}
	return true;
}

static void write_entries(struct refsoc_gpu_mmu *mmu, struct drm_mm_node *node,
			  struct sg_table *sgt)
{
	u32 entry = node->start, end = node->start + node->size;
	struct sg_dma_page_iter iter;

	for_each_sgtable_dma_page(sgt, &iter, 0) {
		if (entry == end)
			break;
		mmu->table[entry++] =
			cpu_to_le32(lower_32_bits(sg_page_iter_dma_address(&iter)));
	}
	/* Not before the entries are in memory may a core be told to look. */
	wmb();
	atomic_inc(&mmu->seq);
}

static void clear_entries(struct refsoc_gpu_mmu *mmu, struct drm_mm_node *node)
{
	memset32((u32 *)mmu->table + node->start,
		 (__force u32)cpu_to_le32(lower_32_bits(mmu->scratch_dma)),
		 node->size);
	/* as in write_entries() */
	wmb();
	atomic_inc(&mmu->seq);
}

static void unmap(struct refsoc_gpu_mmu *mmu, struct refsoc_gpu_mapping *map,
		  bool evicted)
{
	if (map->valid)
		trace_refsoc_gpu_unmap(map->iova, evicted);
	if (drm_mm_node_allocated(&map->node)) {
		list_del(&map->idle);
		clear_entries(mmu, &map->node);
		drm_mm_remove_node(&map->node);
	}
	map->valid = false;
}

/* Idle mappings make room, the longest unused first. */
static int insert_node(struct refsoc_gpu_mmu *mmu,
		       struct refsoc_gpu_mapping *map, u64 pages)
{
	struct refsoc_gpu_mapping *victim;
	int ret;

	if (pages > MMU_ENTRIES - 1)
		return -ENOSPC;
	for (;;) {
		ret = drm_mm_insert_node(&mmu->mm, &map->node, pages);
		if (ret != -ENOSPC)
			return ret;
		victim = list_first_entry_or_null(&mmu->idle,
						  struct refsoc_gpu_mapping,
						  idle);
		if (!victim)
			return ret;
		unmap(mmu, victim, true);
		mmu->evictions++;
	}
}

static int map_paged(struct refsoc_gpu_mmu *mmu,
		     struct refsoc_gpu_mapping *map, struct sg_table *sgt,
		     size_t size)
{
	int ret;

	if (!is_paged(sgt))
		return -EINVAL;
	ret = insert_node(mmu, map, PAGE_ALIGN(size) >> REFSOC_GPU_PAGE_SHIFT);
	if (ret)
		return ret;
	INIT_LIST_HEAD(&map->idle);
	write_entries(mmu, &map->node, sgt);
	map->iova = SZ_2G + (map->node.start << REFSOC_GPU_PAGE_SHIFT);
	return 0;
}

/**
 * refsoc_gpu_mmu_get() - give a buffer an address for the GPU
 * @rdev: the device
 * @map: the buffer's place, zeroed before the first call
 * @sgt: the buffer's DMA mapping, which must last as long as @map is valid
 * @size: its size in bytes
 * @force_mmu: do not use the linear window
 *
 * @map->iova stays as it is until the matching refsoc_gpu_mmu_put(), and
 * usually for longer.
 *
 * Return: 0, -ENOSPC if the address space is full of mappings that are in
 * use, or -EINVAL if the buffer is neither contiguous nor made of whole pages.
 */
int refsoc_gpu_mmu_get(struct refsoc_gpu_device *rdev,
		       struct refsoc_gpu_mapping *map, struct sg_table *sgt,
		       size_t size, bool force_mmu)
{
	struct refsoc_gpu_mmu *mmu = &rdev->mmu;
	int ret = 0;

	mutex_lock(&mmu->lock);
	if (!map->valid) {
		if (force_mmu || !map_linear(mmu, map, sgt, size))
			ret = map_paged(mmu, map, sgt, size);
		map->valid = !ret;
		if (!ret)
			trace_refsoc_gpu_map(map->iova, size,
					     !drm_mm_node_allocated(&map->node));
	}
	if (!ret && map->uses++ == 0 && drm_mm_node_allocated(&map->node))
		list_del_init(&map->idle);
	mutex_unlock(&mmu->lock);
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(refsoc_gpu_mmu_get);

/**
 * refsoc_gpu_mmu_put() - the end of a use that refsoc_gpu_mmu_get() began
 * @rdev: the device
 * @map: the buffer's place; may be evicted from now on if nobody else uses it
 */
void refsoc_gpu_mmu_put(struct refsoc_gpu_device *rdev,
			struct refsoc_gpu_mapping *map)
{
	struct refsoc_gpu_mmu *mmu = &rdev->mmu;

	mutex_lock(&mmu->lock);
	if (--map->uses == 0 && drm_mm_node_allocated(&map->node))
		list_add_tail(&map->idle, &mmu->idle);
	mutex_unlock(&mmu->lock);
}
EXPORT_SYMBOL_IF_KUNIT(refsoc_gpu_mmu_put);

/**
 * refsoc_gpu_mmu_remove() - a buffer is about to lose its DMA mapping
 * @rdev: the device
 * @map: the buffer's place, no longer used by any job
 */
void refsoc_gpu_mmu_remove(struct refsoc_gpu_device *rdev,
			   struct refsoc_gpu_mapping *map)
{
	struct refsoc_gpu_mmu *mmu = &rdev->mmu;

	mutex_lock(&mmu->lock);
	WARN_ON(map->uses);
	unmap(mmu, map, false);
	mutex_unlock(&mmu->lock);
}
EXPORT_SYMBOL_IF_KUNIT(refsoc_gpu_mmu_remove);

/**
 * refsoc_gpu_mmu_changed() - whether a core must forget its translations
 * @mmu: the page table
 * @seen: what the core has seen of it; brought up to date
 *
 * Asked once for each job, just before it starts: a change after that concerns
 * buffers of later jobs only.
 *
 * Return: true if there were changes since @seen.
 */
bool refsoc_gpu_mmu_changed(struct refsoc_gpu_mmu *mmu, int *seen)
{
	int seq = atomic_read(&mmu->seq), last = *seen;

	*seen = seq;
	return seq != last;
}
EXPORT_SYMBOL_IF_KUNIT(refsoc_gpu_mmu_changed);
