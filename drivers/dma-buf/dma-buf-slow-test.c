// SPDX-License-Identifier: GPL-2.0-only
/*
 * An exporter that does not answer at once, and threads that may be held up:
 * what the KUnit tests of who waits for whom have in common.
 */

#include <linux/dma-buf-exporter.h>
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/gfp.h>
#include <linux/iosys-map.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "dma-buf-exporters-test.h"
#include "dma-buf-slow-test.h"

/**
 * gate_init - a gate nobody has come to
 * @gate: the gate; anybody may go on
 */
void gate_init(struct gate *gate)
{
	init_waitqueue_head(&gate->wait);
	atomic_set(&gate->come, 0);
	gate->meet = 0;
}

/**
 * gate_wait - wait for others at a gate, without going through it
 * @gate: the gate
 * @meet: how many others
 *
 * Return: whether they have come in time.
 */
bool gate_wait(struct gate *gate, int meet)
{
	return wait_event_timeout(gate->wait, atomic_read(&gate->come) >= meet,
				  IN_TIME);
}

/**
 * gate_pass - go through a gate, with as many as have to meet there or late
 * @gate: the gate
 *
 * Return: as which one the caller has come: 1 is the first.
 */
int gate_pass(struct gate *gate)
{
	int n = atomic_inc_return(&gate->come);

	wake_up_all(&gate->wait);
	gate_wait(gate, gate->meet);

	return n;
}

static int slow_attach(struct dma_buf *dmabuf,
		       struct dma_buf_attachment *attach)
{
	struct slow *slow = dmabuf->priv;

	if (gate_pass(&slow->attach) < 2 || !slow->refuse)
		return 0;
	wait_for_completion_timeout(slow->refuse, IN_TIME);

	return -EBUSY;
}

static bool slow_again(struct slow *slow)
{
	gate_pass(&slow->map);
	if (!slow->again)
		return false;
	slow->again--;

	return true;
}

static struct sg_table *slow_get_scatterlist(struct dma_buf_attachment *attach)
{
	struct slow *slow = attach->dmabuf->priv;

	if (slow_again(slow))
		return ERR_PTR(-EAGAIN);

	return dma_buf_pages_to_sgt(attach, &slow->page);
}

static int slow_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct slow *slow = dmabuf->priv;

	if (slow_again(slow))
		return -EAGAIN;
	iosys_map_set_vaddr(map, page_address(slow->page));

	return 0;
}

static void slow_free(struct slow *slow)
{
	__free_page(slow->page);
	kfree(slow);
}

static void slow_release(struct dma_buf *dmabuf)
{
	slow_free(dmabuf->priv);
}

static const struct dma_buf_ops slow_ops = {
	.attach = slow_attach,
	.get_scatterlist = slow_get_scatterlist,
	.put_scatterlist = dma_buf_put_own_sgt,
	.vmap = slow_vmap,
	.release = slow_release,
};

/**
 * slow_buffer - a buffer of the slow exporter
 * @test: test that it lives as long as; files of the test may hold it longer
 *
 * Return: the buffer, with a struct slow as its private data.
 */
struct dma_buf *slow_buffer(struct kunit *test)
{
	struct slow *slow = kzalloc(sizeof(*slow), GFP_KERNEL);
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct dma_buf *dmabuf;

	KUNIT_ASSERT_NOT_NULL(test, slow);
	KUNIT_ASSERT_NOT_NULL(test, page);
	gate_init(&slow->attach);
	gate_init(&slow->map);
	slow->page = page;
	info.ops = &slow_ops;
	info.size = PAGE_SIZE;
	info.flags = O_RDWR;
	info.priv = slow;
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf))
		slow_free(slow);
	test_keep(test, dmabuf);

	return dmabuf;
}

static void close_number(void *fd)
{
	close_fd((long)fd);
	flush_delayed_fput();
}

/**
 * test_descriptor - what user space knows a buffer by
 * @test: test that it is open as long as
 * @dmabuf: the buffer, which is referenced
 *
 * Return: the number of a file descriptor.
 */
int test_descriptor(struct kunit *test, struct dma_buf *dmabuf)
{
	int fd;

	get_dma_buf(dmabuf);
	fd = dma_buf_fd(dmabuf, O_CLOEXEC);
	if (fd < 0)
		dma_buf_put(dmabuf);
	KUNIT_ASSERT_GE(test, fd, 0);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, close_number,
							   (void *)(long)fd));

	return fd;
}

/**
 * test_thread - start a thread that may be held up
 * @thread: what it does; completes what test_thread_end() waits for
 * @data: for @thread
 *
 * From here on until it has ended, the test must not.
 *
 * Return: the thread, or an error.
 */
struct task_struct *test_thread(int (*thread)(void *data), void *data)
{
	struct task_struct *task = kthread_create(thread, data, "dma-buf-test");

	if (!IS_ERR(task))
		wake_up_process(get_task_struct(task));

	return task;
}

/**
 * test_thread_end - wait for the end of a thread
 * @test: the test
 * @task: what test_thread() has returned
 * @done: only a thread that is done has nothing to be torn out of
 */
void test_thread_end(struct kunit *test, struct task_struct *task,
		     struct completion *done)
{
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, task);
	if (IS_ERR(task))
		return;
	wait_for_completion(done);
	kthread_stop_put(task);
}
