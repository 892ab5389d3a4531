/* SPDX-License-Identifier: GPL-2.0-only */
/* What KUnit tests call of exporters that otherwise only user space calls. */
#ifndef __DMA_BUF_TEST_HOOKS_H__
#define __DMA_BUF_TEST_HOOKS_H__

#include <linux/kconfig.h>
#include <linux/types.h>

#if IS_ENABLED(CONFIG_KUNIT)

struct dma_buf;
struct udmabuf_create_item;
struct udmabuf_create_list;

struct dma_buf *dma_heap_test_alloc(const char *name, size_t len);
long udmabuf_create(struct udmabuf_create_list *head,
		    struct udmabuf_create_item *list);

#endif
#endif /* __DMA_BUF_TEST_HOOKS_H__ */
