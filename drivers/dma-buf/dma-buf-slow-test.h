/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For KUnit tests of who waits for whom: an exporter that does not answer at
 * once, and threads that may be held up.
 */
#ifndef __DMA_BUF_SLOW_TEST_H__
#define __DMA_BUF_SLOW_TEST_H__

#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/dma-buf.h>
#include <linux/jiffies.h>
#include <linux/wait.h>

struct task_struct;

/* Nothing in these tests takes longer, unless it is held up. */
#define IN_TIME		HZ

/**
 * struct gate - where threads wait for each other, for a while
 * @wait: queue of those who have come
 * @come: how many
 * @meet: how many have to come before anybody goes on
 */
struct gate {
	wait_queue_head_t wait;
	atomic_t come;
	int meet;
};

void gate_init(struct gate *gate);
bool gate_wait(struct gate *gate, int meet);
int gate_pass(struct gate *gate);

/**
 * struct slow - a buffer of a page whose exporter does not answer at once
 * @page: its memory
 * @attach: importers go through it to attach
 * @map: and whoever wants to map, each time
 * @again: how often -EAGAIN is the answer to who wants to map
 * @refuse: who is the second to attach waits for this, and is refused
 */
struct slow {
	struct page *page;
	struct gate attach;
	struct gate map;
	unsigned int again;
	struct completion *refuse;
};

struct dma_buf *slow_buffer(struct kunit *test);

int test_descriptor(struct kunit *test, struct dma_buf *dmabuf);

struct task_struct *test_thread(int (*thread)(void *data), void *data);
void test_thread_end(struct kunit *test, struct task_struct *task,
		     struct completion *done);

#endif /* __DMA_BUF_SLOW_TEST_H__ */
