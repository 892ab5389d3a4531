/* SPDX-License-Identifier: GPL-2.0-only */
/* A heap of pages that lie as a test wants, and importers that only count. */
#ifndef __DMA_BUF_STORAGE_TEST_H__
#define __DMA_BUF_STORAGE_TEST_H__

#include <kunit/test.h>
#include <linux/dma-buf-storage.h>

#include "dma-buf-test-help.h"

#define TEST_PAGES	4
#define TEST_SIZE	(TEST_PAGES * PAGE_SIZE)
#define TEST_POOL	16

/**
 * struct storage_test - what a test works with
 * @st: storage
 * @dmabuf: the dma-buf made of it
 * @dev: device of all importers
 * @pool: pages for scattered storage, never in a row; a reference to each is
 *	kept, so that it shows which of them are in use
 * @next: the next one to hand out
 * @blocks: contiguous blocks handed out so far
 * @max_blocks: how many there are
 * @moves: how often a dynamic importer has been told
 * @table: the owner's own table
 * @tables_put: how often the owner has been asked for it
 * @fence: a fence in the reservation object
 */
struct storage_test {
	struct dma_buf_storage *st;
	struct dma_buf *dmabuf;
	struct device *dev;
	struct page *pool[TEST_POOL];
	unsigned int next;
	unsigned int blocks, max_blocks;
	unsigned int moves;
	struct sg_table *table;
	unsigned int tables_put;
	struct dma_buf_test_fence *fence;
};

int storage_test_init(struct kunit *test);
void storage_test_exit(struct kunit *test);
struct dma_buf_attachment *storage_attach(struct kunit *test, bool dynamic,
					  u32 flags);
struct dma_buf_attachment *storage_attach_retrying(struct kunit *test,
						   u32 flags);
struct sg_table *storage_map(struct kunit *test,
			     struct dma_buf_attachment *attach);
void storage_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt);
void storage_fill(struct kunit *test, u8 seed);
void storage_expect(struct kunit *test, u8 seed);
void storage_expect_zero(struct kunit *test);
void storage_add_fence(struct kunit *test);
unsigned int storage_pages_in_use(struct kunit *test);
void storage_lock(struct kunit *test);
void storage_unlock(struct kunit *test);

#endif /* __DMA_BUF_STORAGE_TEST_H__ */
