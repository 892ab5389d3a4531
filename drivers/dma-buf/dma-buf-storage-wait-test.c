// SPDX-License-Identifier: GPL-2.0-only
/*
 * Storage that moves while devices are at work and CPUs have it mapped, see
 * dma-buf-storage.c.
 */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/iosys-map.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/timer.h>
#include <linux/uaccess.h>

#include "dma-buf-generation.h"
#include "dma-buf-storage-test.h"

static struct dma_buf_attachment *attach_contig(struct kunit *test)
{
	struct dma_buf_attachment *attach;

	attach = storage_attach(test, false, DMA_BUF_ATTACH_CONTIG);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	return attach;
}

/* Who holds the lock, and can do without for a while, is not kept waiting. */
static void test_locked_map_gives_up(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	unsigned long slept;

	storage_fill(test, 11);
	attach = storage_attach_retrying(test, DMA_BUF_ATTACH_CONTIG);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	storage_add_fence(test);
	storage_lock(test);
	slept = current->nvcsw;
	sgt = dma_buf_map_attachment(attach, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, slept, current->nvcsw);
	storage_unlock(test);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-EAGAIN));
	KUNIT_EXPECT_EQ(test, TEST_PAGES, storage_pages_in_use(test));

	dma_fence_signal(&t->fence->base);
	storage_lock(test);
	sgt = dma_buf_map_attachment(attach, DMA_BIDIRECTIONAL);
	storage_unlock(test);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	storage_unmap(attach, sgt);
	dma_buf_detach(t->dmabuf, attach);
	storage_expect(test, 11);
}

/* Whoever else holds the lock waits, and is served. */
static void test_locked_map_waits(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;

	storage_fill(test, 14);
	attach = attach_contig(test);
	storage_add_fence(test);
	dma_buf_test_signal_later(t->fence);
	storage_lock(test);
	sgt = dma_buf_map_attachment(attach, DMA_BIDIRECTIONAL);
	storage_unlock(test);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	storage_unmap(attach, sgt);
	dma_buf_detach(t->dmabuf, attach);
	storage_expect(test, 14);
}

static void test_locked_vmap_waits(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;
	struct iosys_map map;
	int ret;

	storage_fill(test, 15);
	attach = attach_contig(test);
	storage_add_fence(test);
	dma_buf_test_signal_later(t->fence);
	storage_lock(test);
	ret = dma_buf_vmap(t->dmabuf, &map);
	if (!ret)
		dma_buf_vunmap(t->dmabuf, &map);
	storage_unlock(test);
	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	dma_buf_detach(t->dmabuf, attach);
	storage_expect(test, 15);
}

/* Being killed ends what a signal does not: making and copying of memory. */
static void test_killed(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach = storage_attach(test, false, 0);
	struct sg_table *sgt;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	dma_buf_test_kill();
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_BIDIRECTIONAL);
	dma_buf_test_revive();
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-EINTR));
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	KUNIT_EXPECT_NULL(test, t->st->now);
	dma_buf_detach(t->dmabuf, attach);

	storage_fill(test, 16);
	attach = attach_contig(test);
	dma_buf_test_kill();
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_BIDIRECTIONAL);
	dma_buf_test_revive();
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-EINTR));
	KUNIT_EXPECT_EQ(test, TEST_PAGES, storage_pages_in_use(test));
	KUNIT_EXPECT_NOT_NULL(test, t->st->next);

	/* Who comes next finds what was there, and can do it. */
	sgt = storage_map(test, attach);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	storage_unmap(attach, sgt);
	dma_buf_detach(t->dmabuf, attach);
	storage_expect(test, 16);
}

/* A signal ends the wait, and the contents are where they were. */
static void test_signal(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	int ret;

	storage_fill(test, 12);
	attach = attach_contig(test);
	storage_add_fence(test);
	set_thread_flag(TIF_SIGPENDING);
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_BIDIRECTIONAL);
	ret = dma_buf_storage_prepare_unlocked(t->st);
	clear_thread_flag(TIF_SIGPENDING);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-ERESTARTSYS));
	KUNIT_EXPECT_EQ(test, ret, -ERESTARTSYS);
	KUNIT_EXPECT_EQ(test, TEST_PAGES, storage_pages_in_use(test));

	dma_fence_signal(&t->fence->base);
	dma_buf_detach(t->dmabuf, attach);
	storage_expect(test, 12);
	KUNIT_EXPECT_EQ(test, TEST_PAGES, storage_pages_in_use(test));
}

/* Fences are waited for if the contents move, and not otherwise. */
static void test_no_wait_without_move(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach = storage_attach(test, true, 0);
	struct sg_table *sgt;

	storage_add_fence(test);
	sgt = storage_map(test, attach);
	storage_unmap(attach, sgt);
	dma_buf_detach(t->dmabuf, attach);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(&t->fence->base));
}

struct mapper {
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	struct completion done;
};

static int map_thread(void *data)
{
	struct mapper *m = data;

	m->sgt = dma_buf_map_attachment_unlocked(m->attach, DMA_BIDIRECTIONAL);
	complete(&m->done);
	return 0;
}

/*
 * One importer waits for the move; others come and go meanwhile, and can be
 * sure that they are not kept waiting by a fence.
 */
static void test_attach_while_moving(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *told = storage_attach(test, true, 0);
	struct dma_buf_attachment *other;
	struct task_struct *task;
	struct mapper m = {};
	unsigned int i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, told);
	storage_fill(test, 13);
	m.attach = attach_contig(test);
	storage_add_fence(test);
	init_completion(&m.done);
	task = kthread_run(map_thread, &m, "dma-buf-mapper");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	/* It is at it when others have been told. */
	while (!READ_ONCE(t->moves))
		msleep(20);
	for (i = 0; i < 10; i++) {
		other = storage_attach(test, i & 1, 0);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
		dma_buf_detach(t->dmabuf, other);
		KUNIT_EXPECT_FALSE(test, try_wait_for_completion(&m.done));
	}
	dma_fence_signal(&t->fence->base);
	wait_for_completion(&m.done);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, m.sgt);
	storage_unmap(m.attach, m.sgt);
	dma_buf_detach(t->dmabuf, m.attach);
	dma_buf_detach(t->dmabuf, told);
	storage_expect(test, 13);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
}

/* Return: where it is in user space, 0 if it cannot be. */
static unsigned long map_prot(struct kunit *test, unsigned long prot,
			      unsigned long flags)
{
	struct storage_test *t = test->priv;
	unsigned long addr;

	addr = kunit_vm_mmap(test, t->dmabuf->file, 0, TEST_SIZE, prot, flags,
			     0);
	return IS_ERR_VALUE(addr) ? 0 : addr;
}

static unsigned long map_user(struct kunit *test, unsigned long flags)
{
	return map_prot(test, PROT_READ | PROT_WRITE, flags);
}

static int user_write(unsigned long addr, u8 byte)
{
	return put_user(byte, (u8 __user *)addr);
}

static int user_read(unsigned long addr)
{
	u8 byte;
	int ret = get_user(byte, (u8 __user *)addr);

	return ret ?: byte;
}

/* Before the end of the test, which looks for memory in use */
static void unmap_user(unsigned long addr)
{
	vm_munmap(addr, TEST_SIZE);
}

/* What user space sees and writes goes along, with no mapping left behind. */
static void test_fault(struct kunit *test)
{
	struct storage_test *t = test->priv;
	unsigned long addr = map_user(test, MAP_SHARED);
	unsigned long byte = addr + PAGE_SIZE + 1;
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	u8 *second;

	KUNIT_ASSERT_NE(test, 0, addr);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	KUNIT_EXPECT_EQ(test, 0, user_write(byte, 0x5a));
	KUNIT_EXPECT_EQ(test, TEST_PAGES, storage_pages_in_use(test));

	attach = attach_contig(test);
	KUNIT_EXPECT_EQ(test, 0x5a, user_read(byte));
	KUNIT_EXPECT_EQ(test, TEST_PAGES, storage_pages_in_use(test));
	sgt = storage_map(test, attach);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	KUNIT_EXPECT_EQ(test, 0x5a, user_read(byte));
	KUNIT_EXPECT_EQ(test, 0, user_write(byte, 0xa5));
	second = page_address(dma_buf_generation_page(t->st->now, 1));
	KUNIT_EXPECT_EQ(test, 0xa5, second[1]);
	storage_unmap(attach, sgt);
	dma_buf_detach(t->dmabuf, attach);
	unmap_user(addr);
}

/*
 * Who looks at a buffer that is to move waits for its fences, and then sees it.
 * (The mapping that is there already has a page table, without which User Mode
 * Linux cannot repeat a fault.)
 */
static void test_fault_waits(struct kunit *test)
{
	struct storage_test *t = test->priv;
	unsigned long there = map_user(test, MAP_SHARED);
	unsigned long addr = map_user(test, MAP_SHARED);
	struct dma_buf_attachment *attach;

	KUNIT_ASSERT_NE(test, 0, there);
	KUNIT_ASSERT_NE(test, 0, addr);
	KUNIT_EXPECT_EQ(test, 0, user_write(there, 0x5a));
	attach = attach_contig(test);
	storage_add_fence(test);
	/* What is in the page table stays there until the contents move. */
	KUNIT_EXPECT_EQ(test, 0x5a, user_read(there));
	KUNIT_EXPECT_NOT_NULL(test, t->st->next);

	dma_buf_test_signal_later(t->fence);
	KUNIT_EXPECT_EQ(test, 0x5a, user_read(addr));
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(&t->fence->base));
	KUNIT_EXPECT_NULL(test, t->st->next);
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
	KUNIT_EXPECT_EQ(test, 0, user_write(addr, 0xa5));
	KUNIT_EXPECT_EQ(test, 0xa5, user_read(there));
	dma_buf_detach(t->dmabuf, attach);
	unmap_user(addr);
	unmap_user(there);
}

/* Somebody else who wants the lock, over and over */
struct locker {
	struct dma_resv *resv;
	unsigned int got, missed;
};

static int lock_thread(void *data)
{
	struct locker *l = data;

	while (!kthread_should_stop()) {
		if (dma_resv_trylock(l->resv)) {
			l->got++;
			dma_resv_unlock(l->resv);
		} else {
			l->missed++;
		}
		usleep_range(1000, 2000);
	}
	return 0;
}

/*
 * Who looks at a buffer that is to move keeps nobody from the lock. There may be
 * a hundred of them, and somebody who attaches and cannot be killed meanwhile.
 */
static void test_fault_holds_up_nobody(struct kunit *test)
{
	struct storage_test *t = test->priv;
	unsigned long there = map_user(test, MAP_SHARED);
	unsigned long addr = map_user(test, MAP_SHARED);
	struct locker l = { .resv = t->dmabuf->resv };
	struct dma_buf_attachment *attach;
	struct task_struct *task;

	KUNIT_ASSERT_NE(test, 0, there);
	KUNIT_ASSERT_NE(test, 0, addr);
	KUNIT_EXPECT_EQ(test, 0, user_write(there, 0x5a));
	attach = attach_contig(test);
	storage_add_fence(test);
	task = kthread_run(lock_thread, &l, "dma-buf-locker");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	dma_buf_test_signal_later(t->fence);
	KUNIT_EXPECT_EQ(test, 0x5a, user_read(addr));
	kthread_stop(task);
	KUNIT_EXPECT_GT(test, l.got, l.missed);
	dma_buf_detach(t->dmabuf, attach);
	unmap_user(addr);
	unmap_user(there);
}

/* Somebody who has the lock, and needs the CPU to release it */
struct holder {
	struct dma_resv *resv;
	struct completion locked, released;
	struct timer_list timer;
	struct task_struct *waiter;
	bool too_late;
};

static int hold_thread(void *data)
{
	struct holder *h = data;

	dma_resv_lock(h->resv, NULL);
	complete(&h->locked);
	msleep(20);
	dma_resv_unlock(h->resv);
	complete(&h->released);
	return 0;
}

/* Without its signal the waiter sleeps, so that the test comes to an end. */
static void end_of_signal(struct timer_list *timer)
{
	struct holder *h = from_timer(h, timer, timer);

	h->too_late = true;
	clear_tsk_thread_flag(h->waiter, TIF_SIGPENDING);
}

/*
 * With a signal pending, nobody sleeps who waits for the lock, and the kernel's
 * own access comes back at once: on one CPU, without preemption, it is the fault
 * that has to let others run.
 */
static void test_fault_lets_others_run(struct kunit *test)
{
	struct storage_test *t = test->priv;
	unsigned long there = map_user(test, MAP_SHARED);
	unsigned long addr = map_user(test, MAP_SHARED);
	struct holder h = { .resv = t->dmabuf->resv, .waiter = current };
	struct task_struct *task;

	KUNIT_ASSERT_NE(test, 0, there);
	KUNIT_ASSERT_NE(test, 0, addr);
	KUNIT_EXPECT_EQ(test, 0, user_write(there, 0x5a));
	init_completion(&h.locked);
	init_completion(&h.released);
	task = kthread_run(hold_thread, &h, "dma-buf-holder");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	wait_for_completion(&h.locked);
	timer_setup_on_stack(&h.timer, end_of_signal, 0);
	mod_timer(&h.timer, jiffies + HZ);
	set_thread_flag(TIF_SIGPENDING);
	KUNIT_EXPECT_EQ(test, 0x5a, user_read(addr));
	timer_delete_sync(&h.timer);
	clear_thread_flag(TIF_SIGPENDING);
	destroy_timer_on_stack(&h.timer);
	KUNIT_EXPECT_FALSE(test, h.too_late);
	wait_for_completion(&h.released);
	unmap_user(addr);
	unmap_user(there);
}

static void release_storage(struct dma_buf *dmabuf)
{
	dma_buf_storage_unexport(dmabuf->priv);
	dma_buf_storage_fini(dmabuf->priv);
}

static const struct dma_buf_ops storage_ops = {
	DMA_BUF_STORAGE_OPS,
	.release = release_storage,
};

/* Who exports may do it with locks held, and does not wait for the owner's. */
static void test_export_holds_up_nobody(struct kunit *test)
{
	struct dma_buf_export_info info = {
		.exp_name = "dma-buf-storage-mock",
		.owner = THIS_MODULE,
		.ops = &storage_ops,
		.flags = O_RDWR,
	};
	struct dma_buf_storage st;
	struct task_struct *task;
	struct dma_buf *dmabuf;
	struct dma_resv resv;
	struct holder h = { .resv = &resv };

	dma_resv_init(&resv);
	KUNIT_ASSERT_EQ(test, 0, dma_buf_storage_init(&st, PAGE_SIZE,
						      DMA_BUF_STORAGE_CACHED,
						      0));
	st.resv = &resv;
	init_completion(&h.locked);
	init_completion(&h.released);
	task = kthread_run(hold_thread, &h, "dma-buf-holder");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	wait_for_completion(&h.locked);
	dmabuf = dma_buf_storage_export(&st, &info);
	KUNIT_EXPECT_FALSE(test, completion_done(&h.released));
	wait_for_completion(&h.released);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dmabuf);
	KUNIT_EXPECT_PTR_EQ(test, st.dmabuf, dmabuf);
	dma_buf_put(dmabuf);
	flush_delayed_fput();
	KUNIT_EXPECT_NULL(test, st.dmabuf);
	dma_resv_fini(&resv);
}

/* Who is being killed does not wait for a fence that never signals. */
static void test_fault_killed(struct kunit *test)
{
	struct storage_test *t = test->priv;
	unsigned long addr = map_user(test, MAP_SHARED);
	struct dma_buf_attachment *attach;
	int ret;

	KUNIT_ASSERT_NE(test, 0, addr);
	storage_fill(test, 17);
	attach = attach_contig(test);
	storage_add_fence(test);
	dma_buf_test_kill();
	ret = user_write(addr, 1);
	dma_buf_test_revive();
	KUNIT_EXPECT_EQ(test, ret, -EFAULT);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(&t->fence->base));
	KUNIT_EXPECT_EQ(test, TEST_PAGES, storage_pages_in_use(test));
	dma_fence_signal(&t->fence->base);
	dma_buf_detach(t->dmabuf, attach);
	unmap_user(addr);
	storage_expect(test, 17);
}

/* No memory is an error that can be survived, and no reason to try for ever. */
static void test_fault_without_memory(struct kunit *test)
{
	struct storage_test *t = test->priv;
	unsigned long addr = map_user(test, MAP_SHARED);

	KUNIT_ASSERT_NE(test, 0, addr);
	t->next = TEST_POOL;
	KUNIT_EXPECT_EQ(test, -EFAULT, user_write(addr, 1));
	t->next = 0;
	KUNIT_EXPECT_EQ(test, 0, user_write(addr, 1));
	unmap_user(addr);
}

/* A private mapping would be a copy of what the contents were at some time. */
static void test_private_mapping(struct kunit *test)
{
	struct storage_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, 0, map_user(test, MAP_PRIVATE));
	KUNIT_EXPECT_NULL(test, t->st->now);
}

/* Who was given a file that cannot be written to looks at the same memory. */
static void test_read_only_mapping(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct dma_buf_attachment *attach;
	unsigned long addr, writable;
	struct sg_table *sgt;

	t->dmabuf->file->f_mode &= ~FMODE_WRITE;
	addr = map_prot(test, PROT_READ, MAP_SHARED);
	writable = map_prot(test, PROT_READ | PROT_WRITE, MAP_SHARED);
	t->dmabuf->file->f_mode |= FMODE_WRITE;
	KUNIT_EXPECT_EQ(test, 0, writable);
	KUNIT_ASSERT_NE(test, 0, addr);
	storage_fill(test, 18);
	KUNIT_EXPECT_EQ(test, 18, user_read(addr));
	KUNIT_EXPECT_EQ(test, -EFAULT, user_write(addr, 1));

	attach = attach_contig(test);
	sgt = storage_map(test, attach);
	storage_unmap(attach, sgt);
	dma_buf_detach(t->dmabuf, attach);
	storage_fill(test, 19);
	KUNIT_EXPECT_EQ(test, 19, user_read(addr));
	unmap_user(addr);
}

static struct kunit_case storage_wait_cases[] = {
	KUNIT_CASE(test_locked_map_gives_up),
	KUNIT_CASE(test_locked_map_waits),
	KUNIT_CASE(test_locked_vmap_waits),
	KUNIT_CASE(test_killed),
	KUNIT_CASE(test_signal),
	KUNIT_CASE(test_no_wait_without_move),
	KUNIT_CASE(test_attach_while_moving),
	KUNIT_CASE(test_fault),
	KUNIT_CASE(test_fault_waits),
	KUNIT_CASE(test_fault_holds_up_nobody),
	KUNIT_CASE(test_fault_lets_others_run),
	KUNIT_CASE(test_export_holds_up_nobody),
	KUNIT_CASE(test_fault_killed),
	KUNIT_CASE(test_fault_without_memory),
	KUNIT_CASE(test_private_mapping),
	KUNIT_CASE(test_read_only_mapping),
	{}
};

static struct kunit_suite storage_wait_suite = {
	.name = "dma_buf_storage_wait",
	.init = storage_test_init,
	.exit = storage_test_exit,
	.test_cases = storage_wait_cases,
};

kunit_test_suite(storage_wait_suite);
