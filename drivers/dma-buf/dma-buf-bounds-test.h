/* SPDX-License-Identifier: GPL-2.0-only */
/* Buffers and importers whose cost is measured. */
#ifndef __DMA_BUF_BOUNDS_TEST_H__
#define __DMA_BUF_BOUNDS_TEST_H__

#include <kunit/test.h>
#include <linux/dma-buf-storage.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/workqueue.h>

#define SMALL_PAGES	16
#define LARGE_PAGES	(SZ_8M >> PAGE_SHIFT)
#define MAX_OTHERS	64

/**
 * struct bounds_test - what a test works with
 * @dev: device of all importers
 * @st: storage
 * @dmabuf: the dma-buf made of it, or NULL
 * @block: block that the next who needs one gets, or NULL
 * @others: importers that are attached before the one that is looked at
 * @fence: a fence in the reservation object, or NULL
 * @signal: signals it, for those who wait and should not
 */
struct bounds_test {
	struct device *dev;
	struct dma_buf_storage st;
	struct dma_buf *dmabuf;
	struct page *block;
	struct dma_buf_attachment *others[MAX_OTHERS];
	struct dma_fence *fence;
	struct delayed_work signal;
};

int bounds_init(struct kunit *test);
void bounds_exit(struct kunit *test);
void bounds_tell(struct kunit *test, const char *name, u64 seen, u64 limit);
void bounds_make_buffer(struct kunit *test, unsigned long n_pages, u32 need);
void bounds_free_buffer(struct kunit *test);
struct dma_buf_attachment *bounds_attach(struct kunit *test, u32 flags);

#endif /* __DMA_BUF_BOUNDS_TEST_H__ */
