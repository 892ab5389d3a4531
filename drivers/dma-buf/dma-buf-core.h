/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the dma-buf core know of each other. Neither exporters nor
 * importers see this.
 */
#ifndef __DMA_BUF_CORE_H__
#define __DMA_BUF_CORE_H__

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/dma-direction.h>
#include <linux/list.h>
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/types.h>

struct page;
struct sg_table;

/* dma-buf.c */
bool dma_buf_map_pins(struct dma_buf_attachment *attach);
int dma_buf_ops_pin(struct dma_buf_attachment *attach);
int dma_buf_wait_moves(struct dma_buf_attachment *attach);
void dma_buf_mangle_sg_table(struct sg_table *sgt);

/* dma-buf-flags.c: who may be attached, and what a mapping must look like */
int dma_buf_attach_needs(struct dma_buf_attachment *attach, u32 flags);
int dma_buf_attach_insert(struct dma_buf_attachment *attach);
void dma_buf_attach_remove(struct dma_buf_attachment *attach);
void dma_buf_refusal_end(struct dma_buf_attachment *attach, int err);
void dma_buf_attach_refused(struct dma_buf_attachment *attach, int err);
int dma_buf_check_table(struct dma_buf_attachment *attach,
			struct sg_table *sgt);
bool dma_buf_dev_translates(struct device *dev);
bool dma_buf_sgt_is_bounced(struct device *dev, struct sg_table *sgt);

/*
 * What is inline here is done for those, too, who need nothing of it.
 */

/* In device_dma_parameters.attach_flags: somebody has relied on the others. */
#define DMA_BUF_DEV_FLAGS_FIXED	BIT(31)

/**
 * dma_buf_attach_init - prepare an attachment before the exporter sees it
 * @attach: the attachment, with its buffer and device, else zeroed
 * @flags: what the importer asked for
 *
 * Return: as dma_buf_attach_needs(), 0 where nobody needs anything.
 */
static inline int dma_buf_attach_init(struct dma_buf_attachment *attach,
				      u32 flags)
{
	struct device_dma_parameters *parms = attach->dev->dma_parms;

	if (!flags && (!parms || READ_ONCE(parms->attach_flags) ==
				 DMA_BUF_DEV_FLAGS_FIXED))
		return 0;

	return dma_buf_attach_needs(attach, flags);
}

/**
 * dma_buf_refusal_begin - before something an exporter may refuse
 * @attach: attachment it is asked for
 */
static inline void dma_buf_refusal_begin(struct dma_buf_attachment *attach)
{
	attach->refusal = DMA_BUF_REFUSED_NOT;
}

/**
 * dma_buf_check_mapping - whether a mapping is what the importer asked for
 * @attach: attachment the table was mapped for
 * @sgt: mapped table
 *
 * Return: as dma_buf_check_table(), 0 where there is nothing to look at.
 */
static inline int dma_buf_check_mapping(struct dma_buf_attachment *attach,
					struct sg_table *sgt)
{
	if (!attach->contig && !IS_ENABLED(CONFIG_DMA_API_DEBUG))
		return 0;

	return dma_buf_check_table(attach, sgt);
}

/**
 * struct dma_buf_extents - the pages of a buffer, in one of three forms
 * @pages: an array of pages, or NULL
 * @pfns: an array of PFNs, or NULL
 * @first: the first of consecutive PFNs if neither array is there
 * @count: how many pages
 */
struct dma_buf_extents {
	struct page **pages;
	const unsigned long *pfns;
	unsigned long first;
	unsigned long count;
};

/* dma-buf-sgt.c */
unsigned long dma_buf_extents_run(const struct dma_buf_extents *ext,
				  unsigned long i, unsigned long max);
struct sg_table *dma_buf_extents_to_sgt(const struct dma_buf_extents *ext,
					struct device *dev);
struct sg_table *dma_buf_map_extents(const struct dma_buf_extents *ext,
				     struct device *dev,
				     enum dma_data_direction dir);
void dma_buf_unmap_extents(struct device *dev, struct sg_table *sgt,
			   unsigned int n, enum dma_data_direction dir);

static inline unsigned long dma_buf_nr_pages(struct dma_buf *dmabuf)
{
	return DIV_ROUND_UP(dmabuf->size, PAGE_SIZE);
}

/**
 * struct dma_buf_raw - a reference to the memory of a buffer
 * @node: in &dma_buf_attachment.raw, unless the core holds it for a mapping
 * @sgt: the exporter's table, or NULL
 * @pfns: the exporter's PFNs, or NULL
 */
struct dma_buf_raw {
	struct hlist_node node;
	struct sg_table *sgt;
	struct dma_buf_pfns *pfns;
};

/* dma-buf-raw.c, under the reservation lock */
bool dma_buf_ops_can_map(const struct dma_buf_ops *ops);
u8 dma_buf_ops_raw(const struct dma_buf_ops *ops);
struct dma_buf_raw *dma_buf_raw_get(struct dma_buf_attachment *attach,
				    u32 kind);
void dma_buf_raw_put(struct dma_buf_attachment *attach,
		     struct dma_buf_raw *raw);
struct dma_buf_raw *dma_buf_raw_find(struct dma_buf_attachment *attach,
				     const void *what);
void dma_buf_raw_release(struct dma_buf_attachment *attach);

/* dma-buf-raw.c, with it or without */
bool dma_buf_try_again(struct dma_buf_attachment *attach, int *err,
		       unsigned int *tries);

/* dma-buf-mapping.c, under the reservation lock */
struct sg_table *dma_buf_raw_map(struct dma_buf_attachment *attach,
				 enum dma_data_direction dir);
void dma_buf_raw_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt,
		       enum dma_data_direction dir);
bool dma_buf_drop_mappings(struct dma_buf_attachment *attach,
			   const void *source);

/* dma-buf-mapping.c, without it */
int dma_buf_raw_sync_for_cpu(struct dma_buf *dmabuf);
void dma_buf_raw_sync_for_device(struct dma_buf *dmabuf);

/* What somebody got wrong; a complaint of each kind is printed once. */
enum dma_buf_misuse {
	DMA_BUF_MISUSE_ADMIT_ERRNO,
	DMA_BUF_MISUSE_BAD_TABLE,
	DMA_BUF_MISUSE_BAD_PFNS,
	DMA_BUF_MISUSE_FOREIGN,
	DMA_BUF_MISUSE_DIRECTION,
	DMA_BUF_MISUSE_PUT_MAPPED,
	DMA_BUF_MISUSE_DETACH_IN_USE,
};

void dma_buf_assert_locked(struct dma_buf *dmabuf);
void dma_buf_complain(struct dma_buf_attachment *attach,
		      enum dma_buf_misuse what);

#endif /* __DMA_BUF_CORE_H__ */
