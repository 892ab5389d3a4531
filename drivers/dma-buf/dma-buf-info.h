/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What user space is shown of a dma-buf: the query ioctl, fdinfo and debugfs.
 */
#ifndef __DMA_BUF_INFO_H__
#define __DMA_BUF_INFO_H__

#include <linux/compiler_types.h>

struct dma_buf;
struct dma_buf_attachment;
struct dma_buf_query;
struct seq_file;

int dma_buf_query(struct dma_buf *dmabuf, struct dma_buf_query *query);
long dma_buf_query_ioctl(struct dma_buf *dmabuf, void __user *arg);
void dma_buf_info_fdinfo(struct dma_buf *dmabuf, struct seq_file *m);
void dma_buf_info_debugfs(struct dma_buf *dmabuf, struct seq_file *m);
void dma_buf_info_attachment(struct dma_buf_attachment *attach,
			     struct seq_file *m);

#endif /* __DMA_BUF_INFO_H__ */
