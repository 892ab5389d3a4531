/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Storage for exporters of dma-bufs that is chosen late, by who is attached,
 * and that moves when somebody with greater needs joins.
 */
#ifndef __DMA_BUF_STORAGE_H__
#define __DMA_BUF_STORAGE_H__

#include <linux/dma-buf.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/types.h>

struct address_space;
struct device;
struct dma_buf_generation;
struct dma_buf_storage;
struct dma_resv;
struct iosys_map;
struct sg_table;
struct vm_area_struct;
struct vm_fault;

/**
 * enum dma_buf_storage_caching - how CPUs map the storage, all of them
 * @DMA_BUF_STORAGE_CACHED: like any memory; access is bracketed
 * @DMA_BUF_STORAGE_WC: write-combined
 * @DMA_BUF_STORAGE_UNCACHED: not cached, not combined
 */
enum dma_buf_storage_caching {
	DMA_BUF_STORAGE_CACHED,
	DMA_BUF_STORAGE_WC,
	DMA_BUF_STORAGE_UNCACHED,
};

/**
 * struct dma_buf_storage_ops - what the owner of a storage is asked for
 */
struct dma_buf_storage_ops {
	/**
	 * @put_tables:
	 *
	 * The storage is about to move, and the owner gives back all tables of
	 * dma_buf_storage_get_table(), or makes sure that nothing uses them any
	 * more and gives them back later. The reservation lock is held, and
	 * every fence in it has signalled.
	 *
	 * This callback is optional for owners that get no tables.
	 */
	void (*put_tables)(struct dma_buf_storage *st);

	/**
	 * @begin_cpu_access:
	 *
	 * A CPU is about to access the buffer through the dma-buf, and the
	 * owner synchronizes its own mapping. The reservation lock is held, and
	 * the storage is there.
	 *
	 * This callback is optional.
	 */
	void (*begin_cpu_access)(struct dma_buf_storage *st,
				 enum dma_data_direction dir);

	/**
	 * @end_cpu_access:
	 *
	 * The CPU is done. As @begin_cpu_access.
	 */
	void (*end_cpu_access)(struct dma_buf_storage *st,
			       enum dma_data_direction dir);
};

/**
 * struct dma_buf_storage - where the contents of a buffer are
 * @ops: the owner's callbacks, or NULL
 * @resv: lock of everything below; that of the dma-buf
 * @dmabuf: the dma-buf whose attachments count, NULL while there is none
 * @ino: its number, 0 while there is none; its file may go before it does
 * @mapping: where user space's mappings of it are found, and of nothing else
 *	between @pgoff and the end of the buffer
 * @pgoff: page of @mapping at which the buffer starts
 * @n_pages: how large it is
 * @caching: how CPUs map it
 * @need: DMA_BUF_ATTACH_* flags of the owner's own
 * @now: memory that holds the contents, NULL while nobody has asked for any
 * @next: contiguous memory that will be @now at the next use
 * @refs: tables and PFNs that have been handed out
 * @pins: how many have pinned it
 * @vmaps: how many have @vaddr
 * @vaddr: the kernel's mapping
 * @state: DMA_BUF_STORAGE_STATE_*, read without the lock
 *
 * Nobody but the functions of this header looks into it.
 */
struct dma_buf_storage {
	const struct dma_buf_storage_ops *ops;
	struct dma_resv *resv;
	struct dma_buf *dmabuf;
	unsigned long ino;
	struct address_space *mapping;
	pgoff_t pgoff;
	unsigned long n_pages;
	enum dma_buf_storage_caching caching;
	u32 need;
	struct dma_buf_generation *now;
	struct dma_buf_generation *next;
	struct list_head refs;
	unsigned int pins;
	unsigned int vmaps;
	void *vaddr;
	unsigned int state;
};

#define DMA_BUF_STORAGE_STATE_ALLOCATED		BIT(0)
#define DMA_BUF_STORAGE_STATE_CONTIGUOUS	BIT(1)

/* The owner */
int dma_buf_storage_init(struct dma_buf_storage *st, size_t size,
			 enum dma_buf_storage_caching caching, u32 need);
void dma_buf_storage_fini(struct dma_buf_storage *st);
struct dma_buf *dma_buf_storage_export(struct dma_buf_storage *st,
				       struct dma_buf_export_info *info);
void dma_buf_storage_unexport(struct dma_buf_storage *st);
int dma_buf_storage_prepare(struct dma_buf_storage *st);
int dma_buf_storage_prepare_unlocked(struct dma_buf_storage *st);
struct sg_table *dma_buf_storage_get_table(struct dma_buf_storage *st,
					   struct device *dev);
void dma_buf_storage_put_table(struct dma_buf_storage *st,
			       struct sg_table *sgt);
int dma_buf_storage_vmap(struct dma_buf_storage *st, struct iosys_map *map);
void dma_buf_storage_vunmap(struct dma_buf_storage *st);
int dma_buf_storage_mmap(struct dma_buf_storage *st,
			 struct vm_area_struct *vma);
vm_fault_t dma_buf_storage_fault(struct dma_buf_storage *st,
				 struct vm_fault *vmf);

/* Callbacks for the &struct dma_buf_ops of exporters whose priv is the storage */
int dma_buf_storage_ops_admit(struct dma_buf *dmabuf,
			      struct dma_buf_attachment *attach);
void dma_buf_storage_ops_detach(struct dma_buf *dmabuf,
				struct dma_buf_attachment *attach);
int dma_buf_storage_ops_pin(struct dma_buf_attachment *attach);
void dma_buf_storage_ops_unpin(struct dma_buf_attachment *attach);
struct sg_table *
dma_buf_storage_ops_get_scatterlist(struct dma_buf_attachment *attach);
void dma_buf_storage_ops_put_scatterlist(struct dma_buf_attachment *attach,
					 struct sg_table *sgt);
struct dma_buf_pfns *
dma_buf_storage_ops_get_pfns(struct dma_buf_attachment *attach);
void dma_buf_storage_ops_put_pfns(struct dma_buf_attachment *attach,
				  struct dma_buf_pfns *pfns);
bool dma_buf_storage_ops_cpu_uncached(struct dma_buf *dmabuf);
void dma_buf_storage_ops_snapshot(struct dma_buf *dmabuf,
				  struct dma_buf_snapshot *snap);
int dma_buf_storage_ops_begin_cpu_access(struct dma_buf *dmabuf,
					 enum dma_data_direction dir);
int dma_buf_storage_ops_end_cpu_access(struct dma_buf *dmabuf,
				       enum dma_data_direction dir);
int dma_buf_storage_ops_mmap(struct dma_buf *dmabuf,
			     struct vm_area_struct *vma);
int dma_buf_storage_ops_vmap(struct dma_buf *dmabuf, struct iosys_map *map);
void dma_buf_storage_ops_vunmap(struct dma_buf *dmabuf, struct iosys_map *map);

/**
 * DMA_BUF_STORAGE_OPS - all callbacks of &struct dma_buf_ops but release
 *
 * The exporter's own release calls dma_buf_storage_unexport().
 */
#define DMA_BUF_STORAGE_OPS						\
	.admit = dma_buf_storage_ops_admit,				\
	.detach = dma_buf_storage_ops_detach,				\
	.pin = dma_buf_storage_ops_pin,					\
	.unpin = dma_buf_storage_ops_unpin,				\
	.get_scatterlist = dma_buf_storage_ops_get_scatterlist,		\
	.put_scatterlist = dma_buf_storage_ops_put_scatterlist,		\
	.get_pfns = dma_buf_storage_ops_get_pfns,			\
	.put_pfns = dma_buf_storage_ops_put_pfns,			\
	.cpu_uncached = dma_buf_storage_ops_cpu_uncached,		\
	.snapshot = dma_buf_storage_ops_snapshot,			\
	.begin_cpu_access = dma_buf_storage_ops_begin_cpu_access,	\
	.end_cpu_access = dma_buf_storage_ops_end_cpu_access,		\
	.mmap = dma_buf_storage_ops_mmap,				\
	.vmap = dma_buf_storage_ops_vmap,				\
	.vunmap = dma_buf_storage_ops_vunmap

#endif /* __DMA_BUF_STORAGE_H__ */
