// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA-BUF heap of on-chip memory.
 *
 * Memory without struct page: contiguous, fast, little of it. The heap serves
 * from a partition of an "mmio-sram" that the device tree labels "dma-heap";
 * what others run code from or keep their state in stays out of reach of user
 * space. Buffers are whole pages, cleared, and nobody maps them cached.
 */

#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/err.h>
#include <linux/genalloc.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define OCRAM_HEAP_LABEL	"dma-heap"

/**
 * struct ocram_buffer - a piece of the pool
 * @pool: where it is from
 * @cookie: its address as the pool knows it
 * @phys: its address
 * @size: whole pages
 * @vaddr: the kernel's write-combined mapping
 */
struct ocram_buffer {
	struct gen_pool *pool;
	unsigned long cookie;
	phys_addr_t phys;
	size_t size;
	void *vaddr;
};

static struct dma_buf_pfns *
ocram_heap_get_pfns(struct dma_buf_attachment *attach)
{
	struct ocram_buffer *buffer = attach->dmabuf->priv;
	struct dma_buf_pfns *pfns;
	unsigned long i;

	pfns = dma_buf_alloc_pfns(attach->dmabuf, DMA_BUF_MEMORY_MMIO);
	for (i = 0; pfns && i < pfns->count; i++)
		pfns->pfn[i] = PHYS_PFN(buffer->phys) + i;
	return pfns;
}

static void ocram_heap_put_pfns(struct dma_buf_attachment *attach,
				struct dma_buf_pfns *pfns)
{
	dma_buf_free_pfns(pfns);
}

static bool ocram_heap_cpu_uncached(struct dma_buf *dmabuf)
{
	return true;
}

static void ocram_heap_snapshot(struct dma_buf *dmabuf,
				struct dma_buf_snapshot *snap)
{
	snap->allocated = true;
	snap->contiguous = true;
	snap->has_pages = false;
}

static int ocram_heap_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct ocram_buffer *buffer = dmabuf->priv;

	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	return io_remap_pfn_range(vma, vma->vm_start,
				  PHYS_PFN(buffer->phys) + vma->vm_pgoff,
				  vma->vm_end - vma->vm_start,
				  vma->vm_page_prot);
}

static int ocram_heap_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct ocram_buffer *buffer = dmabuf->priv;

	iosys_map_set_vaddr(map, buffer->vaddr);
	return 0;
}

static void ocram_buffer_free(struct ocram_buffer *buffer)
{
	if (buffer->vaddr)
		memunmap(buffer->vaddr);
	if (buffer->cookie)
		gen_pool_free(buffer->pool, buffer->cookie, buffer->size);
	kfree(buffer);
}

static void ocram_heap_release(struct dma_buf *dmabuf)
{
	ocram_buffer_free(dmabuf->priv);
}

static const struct dma_buf_ops ocram_heap_buf_ops = {
	.get_pfns = ocram_heap_get_pfns,
	.put_pfns = ocram_heap_put_pfns,
	.cpu_uncached = ocram_heap_cpu_uncached,
	.snapshot = ocram_heap_snapshot,
	.mmap = ocram_heap_mmap,
	.vmap = ocram_heap_vmap,
	.release = ocram_heap_release,
};

/* The pool hands out pieces of 32 bytes; a page must not be shared. */
static int ocram_buffer_alloc(struct ocram_buffer *buffer)
{
	struct genpool_data_align align = { .align = PAGE_SIZE };

	buffer->cookie = gen_pool_alloc_algo(buffer->pool, buffer->size,
					     gen_pool_first_fit_align, &align);
	if (!buffer->cookie)
		return -ENOMEM;
	buffer->phys = gen_pool_virt_to_phys(buffer->pool, buffer->cookie);
	buffer->vaddr = memremap(buffer->phys, buffer->size, MEMREMAP_WC);
	if (!buffer->vaddr)
		return -ENOMEM;
	memset(buffer->vaddr, 0, buffer->size);
	/* Devices and other mappings see zeroes before they see the buffer. */
	wmb();
	return 0;
}

static struct dma_buf *ocram_heap_allocate(struct dma_heap *heap,
					   unsigned long len, u32 fd_flags,
					   u64 heap_flags)
{
	struct dma_buf_export_info info = {
		.exp_name = dma_heap_get_name(heap),
		.owner = THIS_MODULE,
		.ops = &ocram_heap_buf_ops,
		.size = PAGE_ALIGN(len),
		.flags = fd_flags,
	};
	struct ocram_buffer *buffer;
	struct dma_buf *dmabuf;
	int ret;

	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	buffer->pool = dma_heap_get_drvdata(heap);
	buffer->size = info.size;
	info.priv = buffer;
	ret = ocram_buffer_alloc(buffer);
	dmabuf = ret ? ERR_PTR(ret) : dma_buf_export(&info);
	if (IS_ERR(dmabuf))
		ocram_buffer_free(buffer);
	return dmabuf;
}

static const struct dma_heap_ops ocram_heap_ops = {
	.allocate = ocram_heap_allocate,
};

static struct gen_pool *ocram_heap_find_pool(struct device_node *sram)
{
	struct device_node *partition;
	struct platform_device *pdev;
	struct gen_pool *pool = NULL;
	const char *label;

	for_each_available_child_of_node(sram, partition) {
		if (of_property_read_string(partition, "label", &label) ||
		    strcmp(label, OCRAM_HEAP_LABEL))
			continue;
		pdev = of_find_device_by_node(sram);
		if (pdev) {
			pool = gen_pool_get(&pdev->dev, label);
			/* The pool goes with the device, which stays. */
			if (!pool)
				put_device(&pdev->dev);
		}
		of_node_put(partition);
		break;
	}
	return pool;
}

static int __init ocram_heap_init(void)
{
	struct dma_heap_export_info info = {
		.name = "ocram",
		.ops = &ocram_heap_ops,
	};
	struct device_node *sram;

	for_each_compatible_node(sram, NULL, "mmio-sram") {
		info.priv = ocram_heap_find_pool(sram);
		if (!info.priv)
			continue;
		of_node_put(sram);
		return PTR_ERR_OR_ZERO(dma_heap_add(&info));
	}
	return 0;
}
device_initcall(ocram_heap_init);
