// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of a storage, see dma-buf-storage.c.
 */

#include <kunit/static_stub.h>
#include <kunit/visibility.h>
#include <linux/cacheflush.h>
#include <linux/cma.h>
#include <linux/dma-map-ops.h>
#include <linux/err.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "dma-buf-core.h"
#include "dma-buf-generation.h"

/* How many pages are copied before somebody else may run. */
#define COPY_PAGES	32

/**
 * dma_buf_generation_max_block - how large a contiguous block can ever be
 *
 * Return: the size of the default CMA area in pages, or where there is none,
 * that of the largest block of the page allocator.
 */
unsigned long dma_buf_generation_max_block(void)
{
	struct cma *cma = dev_get_cma_area(NULL);

	KUNIT_STATIC_STUB_REDIRECT(dma_buf_generation_max_block);

	return cma ? cma_get_size(cma) >> PAGE_SHIFT : MAX_ORDER_NR_PAGES;
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_generation_max_block);

/**
 * dma_buf_generation_take_block - take contiguous pages from where they are
 * @n_pages: how many
 *
 * From the default CMA area and no other: which importers there will be is not
 * known, and an area of one device's own may be out of reach for the rest.
 *
 * Return: the first of them, with any contents, or NULL.
 */
struct page *dma_buf_generation_take_block(unsigned long n_pages)
{
	struct cma *cma = dev_get_cma_area(NULL);
	void *block;

	KUNIT_STATIC_STUB_REDIRECT(dma_buf_generation_take_block, n_pages);

	/* No alignment: it would cost up to half of the area. */
	if (cma)
		return cma_alloc(cma, n_pages, 0, true);

	block = alloc_pages_exact(n_pages << PAGE_SHIFT,
				  GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
	return block ? virt_to_page(block) : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_generation_take_block);

/**
 * dma_buf_generation_take_page - take a page from anywhere
 *
 * Charged to the process that is the first to use the buffer. Who wants more
 * memory than there is gets an error, and nobody is killed for it.
 *
 * Return: the page, with zeroes in it, or NULL.
 */
struct page *dma_buf_generation_take_page(void)
{
	KUNIT_STATIC_STUB_REDIRECT(dma_buf_generation_take_page);

	return alloc_page(GFP_HIGHUSER | __GFP_ZERO | __GFP_ACCOUNT |
			  __GFP_NOWARN | __GFP_RETRY_MAYFAIL);
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_generation_take_page);

static void return_block(struct page *first, unsigned long n_pages)
{
	struct cma *cma = dev_get_cma_area(NULL);

	if (!cma || !cma_release(cma, first, n_pages))
		free_pages_exact(page_address(first), n_pages << PAGE_SHIFT);
}

static struct dma_buf_generation *generation_new(unsigned long n_pages,
						 bool uncached)
{
	struct dma_buf_generation *gen = kzalloc(sizeof(*gen), GFP_KERNEL);

	if (gen) {
		kref_init(&gen->ref);
		gen->n_pages = n_pages;
		gen->uncached = uncached;
	}
	return gen;
}

/**
 * dma_buf_generation_alloc_block - allocate a contiguous generation
 * @n_pages: how large
 * @uncached: how CPUs will map it
 *
 * Does not touch the memory, so that this is quick: somebody may wait who
 * attaches.
 *
 * Return: the generation, or NULL.
 */
struct dma_buf_generation *
dma_buf_generation_alloc_block(unsigned long n_pages, bool uncached)
{
	struct dma_buf_generation *gen = generation_new(n_pages, uncached);

	if (!gen)
		return NULL;
	gen->contiguous = true;
	gen->first = dma_buf_generation_take_block(n_pages);
	if (!gen->first) {
		kfree(gen);
		return NULL;
	}
	return gen;
}

static bool pages_are_contiguous(struct dma_buf_generation *gen)
{
	unsigned long i, pfn = page_to_pfn(gen->pages[0]);

	for (i = 1; i < gen->n_pages; i++) {
		if (page_to_pfn(gen->pages[i]) != pfn + i)
			return false;
	}
	return true;
}

/**
 * dma_buf_generation_clean_page - after the CPU has written through the cache
 * @gen: generation
 * @page: one of its pages, whose contents are to be there for everybody else
 */
void dma_buf_generation_clean_page(struct dma_buf_generation *gen,
				   struct page *page)
{
	flush_dcache_page(page);
	if (gen->uncached)
		arch_sync_dma_for_device(page_to_phys(page), PAGE_SIZE,
					 DMA_TO_DEVICE);
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_generation_clean_page);

/**
 * dma_buf_generation_flush_page - before the CPU reads through the cache
 * @page: what others may have written past it
 *
 * The CPU's own writes go to memory first: whoever keeps to the rules has left
 * none in the cache that a device has written over, and where no device has had
 * the buffer mapped, nobody had to keep to rules.
 */
void dma_buf_generation_flush_page(struct page *page)
{
	phys_addr_t phys = page_to_phys(page);

	flush_dcache_page(page);
	arch_sync_dma_for_device(phys, PAGE_SIZE, DMA_TO_DEVICE);
	arch_sync_dma_for_cpu(phys, PAGE_SIZE, DMA_FROM_DEVICE);
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_generation_flush_page);

/**
 * dma_buf_generation_alloc_pages - allocate a generation of any pages
 * @n_pages: how large
 * @uncached: how CPUs will map it
 *
 * Return: the generation, all zeroes, or -ENOMEM, or -EINTR if the process is
 * being killed.
 */
struct dma_buf_generation *
dma_buf_generation_alloc_pages(unsigned long n_pages, bool uncached)
{
	struct dma_buf_generation *gen = generation_new(n_pages, uncached);
	unsigned long i;
	int ret = -ENOMEM;

	if (!gen)
		return ERR_PTR(-ENOMEM);
	gen->pages = kvcalloc(n_pages, sizeof(*gen->pages), GFP_KERNEL);
	if (!gen->pages)
		goto err_put;
	for (i = 0; i < n_pages; i++) {
		ret = fatal_signal_pending(current) ? -EINTR : -ENOMEM;
		if (ret == -EINTR)
			goto err_put;
		gen->pages[i] = dma_buf_generation_take_page();
		if (!gen->pages[i])
			goto err_put;
		dma_buf_generation_clean_page(gen, gen->pages[i]);
		cond_resched();
	}
	gen->contiguous = pages_are_contiguous(gen);
	return gen;

err_put:
	dma_buf_generation_put(gen);
	return ERR_PTR(ret);
}

static void free_pages_of(struct dma_buf_generation *gen)
{
	unsigned long i;

	for (i = 0; gen->pages && i < gen->n_pages && gen->pages[i]; i++)
		__free_page(gen->pages[i]);
	kvfree(gen->pages);
}

static void generation_free(struct kref *ref)
{
	struct dma_buf_generation *gen =
		container_of(ref, struct dma_buf_generation, ref);

	if (gen->first)
		return_block(gen->first, gen->n_pages);
	else
		free_pages_of(gen);
	kfree(gen);
}

/**
 * dma_buf_generation_put - drop a reference
 * @gen: generation, or NULL
 */
void dma_buf_generation_put(struct dma_buf_generation *gen)
{
	if (gen)
		kref_put(&gen->ref, generation_free);
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_generation_put);

/**
 * dma_buf_generation_page - a page of a generation
 * @gen: generation
 * @i: which
 *
 * Return: the page.
 */
struct page *dma_buf_generation_page(struct dma_buf_generation *gen,
				     unsigned long i)
{
	return gen->first ? nth_page(gen->first, i) : gen->pages[i];
}
EXPORT_SYMBOL_IF_KUNIT(dma_buf_generation_page);

/**
 * dma_buf_generation_clear - fill a new generation with zeroes
 * @gen: generation that nobody has seen yet
 *
 * Return: 0, or -EINTR if the process is being killed.
 */
int dma_buf_generation_clear(struct dma_buf_generation *gen)
{
	unsigned long i;

	for (i = 0; i < gen->n_pages; i++) {
		struct page *page = dma_buf_generation_page(gen, i);

		if (fatal_signal_pending(current))
			return -EINTR;
		clear_highpage(page);
		dma_buf_generation_clean_page(gen, page);
		cond_resched();
	}
	return 0;
}

/* The same as copy_highpage(), which looks for a mapping first. */
static void copy_one(struct page *to, struct page *from)
{
	if (PageHighMem(to) || PageHighMem(from))
		copy_highpage(to, from);
	else
		copy_page(lowmem_page_address(to), lowmem_page_address(from));
}

/**
 * dma_buf_generation_copy - fill a new generation with what is in the old one
 * @to: generation that nobody has seen yet
 * @from: generation that no device writes to, and no CPU has mapped
 *
 * Return: 0, or -EINTR if the process is being killed.
 */
int dma_buf_generation_copy(struct dma_buf_generation *to,
			    struct dma_buf_generation *from)
{
	unsigned long i;

	for (i = 0; i < to->n_pages; i++) {
		struct page *page = dma_buf_generation_page(to, i);
		struct page *old = dma_buf_generation_page(from, i);

		if (i % COPY_PAGES == 0) {
			cond_resched();
			if (fatal_signal_pending(current))
				return -EINTR;
		}
		dma_buf_generation_flush_page(old);
		copy_one(page, old);
		dma_buf_generation_clean_page(to, page);
	}
	return 0;
}

/**
 * dma_buf_generation_to_sgt - list the pages of a generation
 * @gen: generation
 * @dev: device whose limits the table keeps to
 *
 * Return: the table, not mapped, for dma_buf_free_sgt(), or -ENOMEM.
 */
struct sg_table *dma_buf_generation_to_sgt(struct dma_buf_generation *gen,
					   struct device *dev)
{
	const struct dma_buf_extents ext = {
		.pages = gen->pages,
		.first = gen->first ? page_to_pfn(gen->first) : 0,
		.count = gen->n_pages,
	};

	return dma_buf_extents_to_sgt(&ext, dev);
}

/**
 * dma_buf_generation_vmap - map a generation for the kernel
 * @gen: generation
 * @prot: how
 *
 * Return: the address, for vunmap(), or NULL.
 */
void *dma_buf_generation_vmap(struct dma_buf_generation *gen, pgprot_t prot)
{
	struct page **pages = gen->pages;
	unsigned long i;
	void *vaddr;

	if (!pages) {
		pages = kvmalloc_array(gen->n_pages, sizeof(*pages),
				       GFP_KERNEL);
		if (!pages)
			return NULL;
		for (i = 0; i < gen->n_pages; i++)
			pages[i] = dma_buf_generation_page(gen, i);
	}
	vaddr = vmap(pages, gen->n_pages, VM_MAP, prot);
	if (pages != gen->pages)
		kvfree(pages);
	return vaddr;
}
