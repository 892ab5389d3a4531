/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An exporter and importers for KUnit: they answer what a test tells them to,
 * and write down what they have been asked.
 */
#ifndef __DMA_BUF_MOCK_H__
#define __DMA_BUF_MOCK_H__

#include <kunit/test.h>
#include <linux/dma-buf.h>

#include "dma-buf-core.h"
#include "dma-buf-test-help.h"

#define MOCK_PAGES	4

/* Bits of mock_buffer.has: which operations the exporter offers */
#define MOCK_MAP	BIT(0)
#define MOCK_PIN	BIT(1)
#define MOCK_SGT	BIT(2)
#define MOCK_PFNS	BIT(3)
#define MOCK_ADMIT	BIT(4)
#define MOCK_CACHED	BIT(5)
#define MOCK_ACCESS	BIT(6)
#define MOCK_UNCACHED	BIT(7)

/**
 * struct mock_buffer - the exporter's side of a buffer
 * @dmabuf: what is exported
 * @ops: operations of this buffer alone
 * @block: twice as many pages as the buffer has, in a row
 * @pages: those the buffer consists of
 * @log: a letter for each operation that was called, in order
 * @wrong_lock: an operation was called with the lock held that should not, or
 *	the other way round
 * @hidden: a table came back with other pages than it left with
 * @pins: how often it is pinned at the moment
 * @maps: how many mappings of the exporter's own there are
 * @gets: how many raw tables and arrays there are
 * @attach_ret: what to return from attach
 * @admit_ret: what to return from admit, if there is no @refuse
 * @refuse: the reason to refuse with
 * @exclusive: refuse while somebody else is attached
 * @quiet: attach and detach write nothing down, for tests with many threads
 * @pin_ret: what to return from pin
 * @again: how often pin, map_dma_buf, get_scatterlist and get_pfns return
 *	-EAGAIN before they do what they should
 * @drop_raw_ops: bits to take out of what attachments are offered
 * @map_ret: what to return from map_dma_buf, NULL for a mapping
 * @get_ret: what to return from get_scatterlist, NULL for a table
 * @pfns_ret: what to return from get_pfns, NULL for an array
 * @spoil_sgt: breaks a table before it is returned
 * @spoil_pfns: breaks an array before it is returned
 * @mmio: PFN from which on there is no memory, to be returned as MMIO; or 0
 * @end_ret: what to return from end_cpu_access
 * @null: return NULL where an error would be an ERR_PTR()
 * @fence: must have been signalled when CPU access begins
 */
struct mock_buffer {
	struct dma_buf *dmabuf;
	struct dma_buf_ops ops;
	struct page *block;
	struct page *pages[MOCK_PAGES];
	char log[32];
	bool wrong_lock;
	bool hidden;
	int pins;
	int maps;
	int gets;

	int attach_ret;
	int admit_ret;
	enum dma_buf_refusal refuse;
	bool exclusive;
	bool quiet;
	int pin_ret;
	unsigned int again;
	u32 drop_raw_ops;
	void *map_ret;
	void *get_ret;
	void *pfns_ret;
	void (*spoil_sgt)(struct sg_table *sgt);
	void (*spoil_pfns)(struct dma_buf_pfns *pfns);
	unsigned long mmio;
	int end_ret;
	bool null;
	struct dma_fence *fence;
};

/* How the pages of a buffer lie */
enum mock_layout {
	MOCK_CONTIGUOUS,
	MOCK_SCATTERED,
	MOCK_LAST_APART,
};

struct mock_buffer *mock_buffer_create(struct kunit *test, unsigned int has,
				       enum mock_layout layout);
struct device *mock_device_create(struct kunit *test, unsigned int max_seg);
struct dma_buf_attachment *mock_attach(struct kunit *test,
				       struct mock_buffer *buf,
				       struct device *dev, u32 flags);
struct dma_buf_attachment *mock_attach_dynamic(struct kunit *test,
					       struct mock_buffer *buf,
					       struct device *dev, u32 flags);
struct dma_buf_attachment *mock_attach_retrying(struct kunit *test,
						struct mock_buffer *buf);
void mock_detach(struct dma_buf_attachment *attach);
struct sg_table *mock_map(struct kunit *test, struct dma_buf_attachment *attach,
			  enum dma_data_direction dir);
struct sg_table *mock_get_table(struct kunit *test,
				struct dma_buf_attachment *attach);
struct dma_buf_pfns *mock_get_pfns(struct kunit *test,
				   struct dma_buf_attachment *attach);
struct mock_buffer *mock_note(struct dma_buf *dmabuf, char letter, bool locked);
void mock_lock(struct mock_buffer *buf);
void mock_unlock(struct mock_buffer *buf);
unsigned int mock_moves(void);
unsigned long mock_no_memory(struct kunit *test);
void mock_expect_log(struct kunit *test, struct mock_buffer *buf,
		     const char *log);

/* Complaints of the core are counted here, instead of warned about. */
void mock_expect_complaints(struct kunit *test);
unsigned int mock_complaints(enum dma_buf_misuse what);

#endif /* __DMA_BUF_MOCK_H__ */
