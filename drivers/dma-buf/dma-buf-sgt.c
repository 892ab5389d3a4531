// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of the pages of a dma-buf, in pieces as long as the importer's device
 * takes them.
 */

#include <linux/dma-buf.h>
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/iommu-dma.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "dma-buf-core.h"

static unsigned long extents_pfn(const struct dma_buf_extents *ext,
				 unsigned long i)
{
	if (ext->pages)
		return page_to_pfn(ext->pages[i]);
	if (ext->pfns)
		return ext->pfns[i];

	return ext->first + i;
}

/**
 * dma_buf_extents_run - how many pages follow each other
 * @ext: the pages
 * @i: the first page to look at
 * @max: how many are enough
 *
 * Return: their number, at least 1.
 */
unsigned long dma_buf_extents_run(const struct dma_buf_extents *ext,
				  unsigned long i, unsigned long max)
{
	unsigned long pfn = extents_pfn(ext, i);
	unsigned long n;

	max = min(max, ext->count - i);
	if (!ext->pages && !ext->pfns)
		return max;

	for (n = 1; n < max; n++) {
		if (extents_pfn(ext, i + n) != pfn + n)
			break;
	}

	return n;
}

/*
 * The same, within the limits of @dev for one segment, and for what has to be
 * copied because it does not reach it: @copy.
 */
static unsigned long extents_segment(const struct dma_buf_extents *ext,
				     unsigned long i, struct device *dev,
				     size_t copy)
{
	phys_addr_t phys = PFN_PHYS(extents_pfn(ext, i));
	u64 mask = dma_get_seg_boundary(dev);
	u64 max = dma_get_max_seg_size(dev);
	unsigned long n;

	/* From here to the boundary, less one byte. */
	max = min(max - 1, mask - (phys & mask));
	max = max_t(u64, (max + 1) >> PAGE_SHIFT, 1);

	n = dma_buf_extents_run(ext, i, min_t(u64, max, ULONG_MAX));
	if (n > copy >> PAGE_SHIFT &&
	    !dma_capable(dev, phys_to_dma(dev, phys), n << PAGE_SHIFT, true))
		n = max_t(size_t, copy >> PAGE_SHIFT, 1);

	return n;
}

/* A table with an entry for each segment, still empty. */
static struct sg_table *extents_alloc_sgt(const struct dma_buf_extents *ext,
					  struct device *dev, size_t copy)
{
	unsigned long i, nents = 0;
	struct sg_table *sgt;

	for (i = 0; i < ext->count; i += extents_segment(ext, i, dev, copy))
		nents++;
	if (!nents || nents > UINT_MAX)
		return ERR_PTR(-EINVAL);

	sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	if (!sgt)
		return ERR_PTR(-ENOMEM);

	if (sg_alloc_table(sgt, nents, GFP_KERNEL)) {
		kfree(sgt);
		return ERR_PTR(-ENOMEM);
	}

	return sgt;
}

/**
 * dma_buf_extents_to_sgt - build a table of pages
 * @ext: the pages, all with a &struct page
 * @dev: device whose limits the entries keep
 *
 * Return: a table for dma_buf_free_sgt(), -EINVAL for no pages, or -ENOMEM.
 */
struct sg_table *dma_buf_extents_to_sgt(const struct dma_buf_extents *ext,
					struct device *dev)
{
	size_t copy = dma_max_mapping_size(dev);
	struct scatterlist *sg;
	struct sg_table *sgt;
	unsigned long i, n;

	sgt = extents_alloc_sgt(ext, dev, copy);
	if (IS_ERR(sgt))
		return sgt;

	for (i = 0, sg = sgt->sgl; i < ext->count; i += n, sg = sg_next(sg)) {
		n = extents_segment(ext, i, dev, copy);
		sg_set_page(sg, pfn_to_page(extents_pfn(ext, i)),
			    n << PAGE_SHIFT, 0);
	}

	return sgt;
}

/**
 * dma_buf_pages_to_sgt - build the raw table of a buffer from its pages
 * @attach: attachment the table is for
 * @pages: the pages of the buffer: its size, rounded up
 *
 * For &dma_buf_ops.get_scatterlist. Pages that follow each other become one
 * entry, within the limits of the importer's device for one segment. Takes no
 * reference to the pages.
 *
 * Return: a table for dma_buf_free_sgt(), or ERR_PTR(-ENOMEM).
 */
struct sg_table *dma_buf_pages_to_sgt(struct dma_buf_attachment *attach,
				      struct page **pages)
{
	struct dma_buf_extents ext = {
		.pages = pages,
		.count = dma_buf_nr_pages(attach->dmabuf),
	};

	return dma_buf_extents_to_sgt(&ext, attach->dev);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_pages_to_sgt, DMA_BUF);

/**
 * dma_buf_range_to_sgt - build the raw table of a contiguous buffer
 * @attach: attachment the table is for
 * @first: the first page
 *
 * Like dma_buf_pages_to_sgt(), without looking at each page: the table has one
 * entry if the importer's device has no limit, however large the buffer is.
 *
 * Return: a table for dma_buf_free_sgt(), or ERR_PTR(-ENOMEM).
 */
struct sg_table *dma_buf_range_to_sgt(struct dma_buf_attachment *attach,
				      struct page *first)
{
	struct dma_buf_extents ext = {
		.first = page_to_pfn(first),
		.count = dma_buf_nr_pages(attach->dmabuf),
	};

	return dma_buf_extents_to_sgt(&ext, attach->dev);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_range_to_sgt, DMA_BUF);

/**
 * dma_buf_free_sgt - free a table
 * @sgt: table of dma_buf_pages_to_sgt() or dma_buf_range_to_sgt()
 */
void dma_buf_free_sgt(struct sg_table *sgt)
{
	sg_free_table(sgt);
	kfree(sgt);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_free_sgt, DMA_BUF);

/**
 * dma_buf_alloc_pfns - allocate the array for the PFNs of a buffer
 * @dmabuf: the buffer
 * @memory: what its PFNs are
 *
 * For &dma_buf_ops.get_pfns, which fills it.
 *
 * Return: an array for dma_buf_free_pfns() with its count set, or NULL.
 */
struct dma_buf_pfns *dma_buf_alloc_pfns(struct dma_buf *dmabuf,
					enum dma_buf_memory memory)
{
	unsigned long count = dma_buf_nr_pages(dmabuf);
	struct dma_buf_pfns *pfns;
	size_t size = struct_size(pfns, pfn, count);

	/* Beyond a page, kmalloc() would take up to twice as much. */
	pfns = size > PAGE_SIZE ? vzalloc(size) : kzalloc(size, GFP_KERNEL);
	if (!pfns)
		return NULL;

	pfns->count = count;
	pfns->memory = memory;

	return pfns;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_alloc_pfns, DMA_BUF);

/**
 * dma_buf_free_pfns - free an array of dma_buf_alloc_pfns()
 * @pfns: the array
 */
void dma_buf_free_pfns(struct dma_buf_pfns *pfns)
{
	kvfree(pfns);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_free_pfns, DMA_BUF);

/**
 * dma_buf_unmap_extents - undo dma_buf_map_extents()
 * @dev: device it was mapped for
 * @sgt: the table; is freed
 * @n: how many entries are mapped
 * @dir: direction it was mapped for
 */
void dma_buf_unmap_extents(struct device *dev, struct sg_table *sgt,
			   unsigned int n, enum dma_data_direction dir)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sg(sgt->sgl, sg, n, i)
		dma_unmap_resource(dev, sg_dma_address(sg), sg_dma_len(sg), dir,
				   DMA_ATTR_SKIP_CPU_SYNC);
	dma_buf_free_sgt(sgt);
}

/*
 * The DMA API warns when it is asked to map what a device cannot reach. Here it
 * is no bug: user space chooses which device imports what.
 */
static dma_addr_t map_if_in_reach(struct device *dev, phys_addr_t phys,
				  size_t len, enum dma_data_direction dir)
{
	if (!use_dma_iommu(dev) && !get_dma_ops(dev) &&
	    !dma_capable(dev, phys, len, false))
		return DMA_MAPPING_ERROR;

	return dma_map_resource(dev, phys, len, dir, DMA_ATTR_SKIP_CPU_SYNC);
}

/**
 * dma_buf_map_extents - map what has no pages
 * @ext: PFNs of it
 * @dev: device to map for
 * @dir: direction of DMA transfer
 *
 * Return: a table with DMA addresses and nothing else, -EINVAL for no PFNs,
 * -ENOMEM, or -EIO if @dev cannot reach them.
 */
struct sg_table *dma_buf_map_extents(const struct dma_buf_extents *ext,
				     struct device *dev,
				     enum dma_data_direction dir)
{
	/* What is no memory is not copied: in reach as it is, or not at all. */
	const size_t copy = SIZE_MAX;
	unsigned int nents = 0;
	struct scatterlist *sg;
	struct sg_table *sgt;
	unsigned long i, n;

	sgt = extents_alloc_sgt(ext, dev, copy);
	if (IS_ERR(sgt))
		return sgt;

	for (i = 0, sg = sgt->sgl; i < ext->count; i += n, sg = sg_next(sg)) {
		dma_addr_t addr;

		n = extents_segment(ext, i, dev, copy);
		addr = map_if_in_reach(dev, PFN_PHYS(extents_pfn(ext, i)),
				       n << PAGE_SHIFT, dir);
		if (dma_mapping_error(dev, addr)) {
			dma_buf_unmap_extents(dev, sgt, nents, dir);
			return ERR_PTR(-EIO);
		}
		sg_set_page(sg, NULL, n << PAGE_SHIFT, 0);
		sg_dma_address(sg) = addr;
		sg_dma_len(sg) = n << PAGE_SHIFT;
		nents++;
	}

	return sgt;
}
