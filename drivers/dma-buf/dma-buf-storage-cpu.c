// SPDX-License-Identifier: GPL-2.0-only
/*
 * How CPUs map a storage, see dma-buf-storage.c.
 *
 * User space's mappings are page table entries without pages, made at faults
 * under the reservation lock and taken away when the contents move. The
 * kernel's keep the contents where they are.
 */

#include <linux/dma-resv.h>
#include <linux/export.h>
#include <linux/iosys-map.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/vmalloc.h>

#include "dma-buf-generation.h"
#include "dma-buf-storage-core.h"

/* How long a fault waits for fences before it is repeated */
#define FAULT_WAIT_MS	20

/* Entries that one fault makes: the neighbours are usually wanted next. */
#define FAULT_PAGES	16

static pgprot_t storage_prot(struct dma_buf_storage *st, pgprot_t prot)
{
	switch (st->caching) {
	case DMA_BUF_STORAGE_WC:
		return pgprot_writecombine(prot);
	case DMA_BUF_STORAGE_UNCACHED:
		return pgprot_noncached(prot);
	default:
		return prot;
	}
}

/**
 * dma_buf_storage_vmap - map a storage for the kernel
 * @st: storage; the caller holds its reservation lock
 * @map: where it is
 *
 * The contents stay where they are until dma_buf_storage_vunmap().
 *
 * Return: 0, or what dma_buf_storage_prepare() says.
 */
int dma_buf_storage_vmap(struct dma_buf_storage *st, struct iosys_map *map)
{
	int ret = dma_buf_storage_prepare(st);

	if (ret)
		return ret;
	if (!st->vmaps) {
		st->vaddr = dma_buf_generation_vmap(st->now,
						    storage_prot(st, PAGE_KERNEL));
		if (!st->vaddr)
			return -ENOMEM;
	}
	st->vmaps++;
	iosys_map_set_vaddr(map, st->vaddr);
	return 0;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_vmap, DMA_BUF);

/**
 * dma_buf_storage_vunmap - undo dma_buf_storage_vmap()
 * @st: storage; the caller holds its reservation lock
 */
void dma_buf_storage_vunmap(struct dma_buf_storage *st)
{
	dma_resv_assert_held(st->resv);
	if (WARN_ON(!st->vmaps) || --st->vmaps)
		return;
	vunmap(st->vaddr);
	st->vaddr = NULL;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_vunmap, DMA_BUF);

/**
 * dma_buf_storage_mmap - prepare a mapping of user space's
 * @st: storage
 * @vma: pages of it, whose offset is in &dma_buf_storage.mapping
 *
 * The caller sets the operations of @vma, and calls dma_buf_storage_fault() in
 * theirs. No memory is taken before the first fault.
 *
 * Return: 0, or -EINVAL for a private mapping: that would be a copy of the
 * contents as they happened to be.
 */
int dma_buf_storage_mmap(struct dma_buf_storage *st,
			 struct vm_area_struct *vma)
{
	/* Not VM_SHARED: shared mappings of who may not write are without it. */
	if (is_cow_mapping(vma->vm_flags))
		return -EINVAL;
	if (vma->vm_pgoff < st->pgoff ||
	    vma->vm_pgoff - st->pgoff + vma_pages(vma) > st->n_pages)
		return -EINVAL;
	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = storage_prot(st, vm_get_page_prot(vma->vm_flags));
	return 0;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_mmap, DMA_BUF);

static vm_fault_t insert_pages(struct dma_buf_storage *st, struct vm_fault *vmf,
			       unsigned long i)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long addr = vmf->address & PAGE_MASK, n;
	vm_fault_t fault = VM_FAULT_NOPAGE;

	for (n = 0; n < FAULT_PAGES && addr < vma->vm_end; n++) {
		struct page *page = dma_buf_generation_page(st->now, i + n);
		vm_fault_t ret = vmf_insert_pfn(vma, addr, page_to_pfn(page));

		if (!n)
			fault = ret;
		if (ret != VM_FAULT_NOPAGE)
			break;
		addr += PAGE_SIZE;
	}
	return fault;
}

/*
 * Out of memory is no VM_FAULT_OOM: no process that can be killed makes more of
 * contiguous memory, and the fault would be repeated for ever.
 */
static vm_fault_t fault_error(int err)
{
	if (err == -ENOMEM || fatal_signal_pending(current))
		return VM_FAULT_SIGBUS;
	/*
	 * The kernel's own access comes back without a look at signals, and
	 * with one pending it never sleeps: let who has the lock get on.
	 */
	cond_resched();
	return VM_FAULT_NOPAGE;
}

/**
 * dma_buf_storage_fault - a CPU wants to see a page
 * @st: storage
 * @vmf: the fault, in a VMA of dma_buf_storage_mmap()
 *
 * If the contents have to move and there are fences to wait for, this waits for
 * a moment, without the lock. Then the fault happens again, and signals are
 * looked at in between.
 *
 * Return: a VM_FAULT_* code.
 */
vm_fault_t dma_buf_storage_fault(struct dma_buf_storage *st,
				 struct vm_fault *vmf)
{
	vm_fault_t fault;
	int ret;

	if (vmf->pgoff < st->pgoff || vmf->pgoff - st->pgoff >= st->n_pages)
		return VM_FAULT_SIGBUS;
	ret = dma_resv_lock_interruptible(st->resv, NULL);
	if (ret)
		return fault_error(ret);
	ret = dma_buf_storage_prepare(st);
	if (!ret)
		fault = insert_pages(st, vmf, vmf->pgoff - st->pgoff);
	dma_resv_unlock(st->resv);
	if (!ret)
		return fault;
	/* Not interruptible: the kernel's own accesses would come back at once. */
	if (ret == -EAGAIN)
		dma_resv_wait_timeout(st->resv, DMA_RESV_USAGE_BOOKKEEP, false,
				      msecs_to_jiffies(FAULT_WAIT_MS));
	return fault_error(ret);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_storage_fault, DMA_BUF);
