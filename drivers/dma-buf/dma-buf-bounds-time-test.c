// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long sharing may take, measured: see dma-buf-bounds-memory-test.c for
 * memory.
 *
 * Times are compared with others of the same run only. On an emulator whose
 * clock counts instructions they are instructions, and the same each time.
 * Each bound is printed with what was measured.
 */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/dma-buf.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/highmem.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "dma-buf-bounds-test.h"
#include "dma-buf-generation.h"

#define ROUNDS		4
#define ATTACHES	64
#define FILLER		0xa5

/* A line for who reads the figures, and the verdict */
void bounds_tell(struct kunit *test, const char *name, u64 seen, u64 limit)
{
	kunit_info(test, "is %llu, may be %llu: %s", seen, limit, name);
	KUNIT_EXPECT_LE(test, seen, limit);
}

static u64 percent(u64 n, u32 percent)
{
	return div_u64(n * percent, 100);
}

/*
 * Buffers
 */

static void bounds_release(struct dma_buf *dmabuf)
{
	struct dma_buf_storage *st = dmabuf->priv;

	dma_buf_storage_unexport(st);
	dma_buf_storage_fini(st);
}

static const struct dma_buf_ops bounds_ops = {
	DMA_BUF_STORAGE_OPS,
	.release = bounds_release,
};

void bounds_free_buffer(struct kunit *test)
{
	struct bounds_test *t = test->priv;

	dma_buf_put(t->dmabuf);
	flush_delayed_fput();
	t->dmabuf = NULL;
}

/* A buffer with memory: whatever pages there are unless @need says more. */
void bounds_make_buffer(struct kunit *test, unsigned long n_pages, u32 need)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct bounds_test *t = test->priv;
	bool contig = n_pages == 1 || need & DMA_BUF_ATTACH_CONTIG;

	KUNIT_ASSERT_EQ(test, 0, dma_buf_storage_init(&t->st,
						      n_pages << PAGE_SHIFT,
						      DMA_BUF_STORAGE_CACHED,
						      need));
	info.ops = &bounds_ops;
	info.flags = O_RDWR;
	t->dmabuf = dma_buf_storage_export(&t->st, &info);
	if (IS_ERR(t->dmabuf)) {
		dma_buf_storage_fini(&t->st);
		t->dmabuf = NULL;
		KUNIT_FAIL_AND_ABORT(test, "the buffer cannot be exported");
	}
	KUNIT_ASSERT_EQ(test, 0, dma_buf_storage_prepare_unlocked(&t->st));
	KUNIT_ASSERT_EQ(test, contig, t->st.now->contiguous);
}

struct dma_buf_attachment *bounds_attach(struct kunit *test, u32 flags)
{
	struct bounds_test *t = test->priv;
	struct dma_buf_attachment *attach;

	attach = dma_buf_attach_flags(t->dmabuf, t->dev, flags);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	return attach;
}

int bounds_init(struct kunit *test)
{
	struct bounds_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct platform_device *pdev;

	if (IS_ENABLED(CONFIG_KASAN) || IS_ENABLED(CONFIG_LOCKDEP))
		kunit_skip(test, "what this kernel watches costs more than what it does");
	KUNIT_ASSERT_NOT_NULL(test, t);
	pdev = platform_device_register_simple("dma-buf-bounds",
					       PLATFORM_DEVID_AUTO, NULL, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pdev);
	t->dev = &pdev->dev;
	test->priv = t;
	return 0;
}

void bounds_exit(struct kunit *test)
{
	struct bounds_test *t = test->priv;

	if (!t)
		return;
	if (t->dmabuf)
		bounds_free_buffer(test);
	platform_device_unregister(to_platform_device(t->dev));
}

/*
 * Attaching
 */

static struct page *hand_out_block(unsigned long n_pages)
{
	struct bounds_test *t = kunit_get_current_test()->priv;
	struct page *block = t->block;

	t->block = NULL;
	return block;
}

/* What the allocator does is not to be measured, so it is done before. */
static void take_block(struct kunit *test, unsigned long n_pages)
{
	struct bounds_test *t = test->priv;

	t->block = dma_buf_generation_take_block(n_pages);
	KUNIT_ASSERT_NOT_NULL(test, t->block);
	kunit_activate_static_stub(test, dma_buf_generation_take_block,
				   hand_out_block);
}

static void block_taken(struct kunit *test)
{
	struct bounds_test *t = test->priv;

	kunit_deactivate_static_stub(test, dma_buf_generation_take_block);
	KUNIT_EXPECT_NULL(test, t->block);
}

static u64 attach_once(struct kunit *test, u32 flags)
{
	struct bounds_test *t = test->priv;
	struct dma_buf_attachment *one;
	bool contig = flags & DMA_BUF_ATTACH_CONTIG;
	ktime_t start;
	u64 ns;

	if (contig)
		take_block(test, t->st.n_pages);
	start = ktime_get();
	one = dma_buf_attach_flags(t->dmabuf, t->dev, flags);
	ns = ktime_to_ns(ktime_sub(ktime_get(), start));
	if (contig)
		block_taken(test);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, one);
	dma_buf_detach(t->dmabuf, one);
	return ns;
}

/*
 * Many times, as the clock is coarse, and not in step with it. The best of
 * several rounds has been interrupted by nobody.
 */
static u64 attach_cost(struct kunit *test, u32 flags)
{
	u64 sum, best = U64_MAX;
	unsigned int round, i, j;

	for (round = 0; round < ROUNDS; round++) {
		sum = 0;
		for (i = 0; i < ATTACHES; i++) {
			for (j = 0; j < i; j++)
				cpu_relax();
			sum += attach_once(test, flags);
		}
		best = min(best, sum);
	}
	return div_u64(best, ATTACHES);
}

static u64 attach_cost_of_size(struct kunit *test, unsigned long n_pages,
			       u32 flags)
{
	u64 ns;

	bounds_make_buffer(test, n_pages, 0);
	ns = attach_cost(test, flags);
	bounds_free_buffer(test);
	return ns;
}

/* Attaching takes no longer for a larger buffer. */
static void test_attach_size(struct kunit *test)
{
	u64 small = attach_cost_of_size(test, SMALL_PAGES, 0);
	u64 large = attach_cost_of_size(test, LARGE_PAGES, 0);

	bounds_tell(test, "ns to attach to 8 MiB, against 64 KiB + 5 %", large,
		    percent(small, 105));
	small = attach_cost_of_size(test, SMALL_PAGES, DMA_BUF_ATTACH_CONTIG);
	large = attach_cost_of_size(test, LARGE_PAGES, DMA_BUF_ATTACH_CONTIG);
	bounds_tell(test, "ns to attach to 8 MiB that have to move, against 64 KiB + 5 %",
		    large, percent(small, 105));
}

static u64 attach_cost_with_others(struct kunit *test, unsigned int n)
{
	struct bounds_test *t = test->priv;
	unsigned int i;
	u64 ns;

	for (i = 0; i < n; i++)
		t->others[i] = bounds_attach(test, 0);
	ns = attach_cost(test, DMA_BUF_ATTACH_CONTIG);
	for (i = 0; i < n; i++)
		dma_buf_detach(t->dmabuf, t->others[i]);
	return ns;
}

/* It takes at most as much longer as there are more importers. */
static void test_attach_others(struct kunit *test)
{
	u64 none, half, all;

	bounds_make_buffer(test, SMALL_PAGES, 0);
	none = attach_cost_with_others(test, 0);
	half = attach_cost_with_others(test, MAX_OTHERS / 2);
	all = attach_cost_with_others(test, MAX_OTHERS);
	KUNIT_EXPECT_GT(test, half, none);
	bounds_tell(test, "ns more for 64 importers, against twice those for 32 + 10 %",
		    all - none, percent(2 * (half - none), 110));
}

static DEFINE_SPINLOCK(fence_lock);

static const char *fence_name(struct dma_fence *fence)
{
	return "dma-buf-bounds";
}

static const struct dma_fence_ops fence_ops = {
	.get_driver_name = fence_name,
	.get_timeline_name = fence_name,
};

static void signal_late(struct work_struct *work)
{
	struct bounds_test *t =
		container_of(work, struct bounds_test, signal.work);

	dma_fence_signal(t->fence);
}

static void add_fence(struct kunit *test)
{
	struct bounds_test *t = test->priv;

	t->fence = kzalloc(sizeof(*t->fence), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->fence);
	dma_fence_init(t->fence, &fence_ops, &fence_lock,
		       dma_fence_context_alloc(1), 1);
	dma_resv_lock(t->dmabuf->resv, NULL);
	KUNIT_EXPECT_EQ(test, 0, dma_resv_reserve_fences(t->dmabuf->resv, 1));
	dma_resv_add_fence(t->dmabuf->resv, t->fence, DMA_RESV_USAGE_WRITE);
	dma_resv_unlock(t->dmabuf->resv);
	INIT_DELAYED_WORK(&t->signal, signal_late);
	schedule_delayed_work(&t->signal, msecs_to_jiffies(200));
}

static void fill_block(struct page *block, unsigned long n_pages)
{
	unsigned long i;

	for (i = 0; i < n_pages; i++)
		memset_page(nth_page(block, i), 0, FILLER, PAGE_SIZE);
}

static bool block_untouched(struct page *block, unsigned long n_pages)
{
	unsigned long i;
	bool same = true;

	for (i = 0; i < n_pages && same; i++) {
		void *p = kmap_local_page(nth_page(block, i));

		same = !memchr_inv(p, FILLER, PAGE_SIZE);
		kunmap_local(p);
	}
	return same;
}

/* Nor does it wait for a device, or write to the block it reserves. */
static void test_attach_waits_for_nothing(struct kunit *test)
{
	struct bounds_test *t = test->priv;
	struct dma_buf_generation *before;
	struct dma_buf_attachment *one;
	struct page *block;
	ktime_t start;

	bounds_make_buffer(test, LARGE_PAGES, 0);
	before = t->st.now;
	take_block(test, LARGE_PAGES);
	block = t->block;
	fill_block(block, LARGE_PAGES);
	add_fence(test);
	start = ktime_get();
	one = dma_buf_attach_flags(t->dmabuf, t->dev, DMA_BUF_ATTACH_CONTIG);
	bounds_tell(test, "us to attach while a device is at work for 200 ms",
		    ktime_us_delta(ktime_get(), start), 1000);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(t->fence));
	block_taken(test);
	KUNIT_EXPECT_PTR_EQ(test, before, t->st.now);
	KUNIT_EXPECT_TRUE(test, block_untouched(block, LARGE_PAGES));
	flush_delayed_work(&t->signal);
	if (!IS_ERR(one))
		dma_buf_detach(t->dmabuf, one);
	KUNIT_EXPECT_FALSE(test, IS_ERR(one));
	dma_fence_put(t->fence);
}

/*
 * Moving
 */

static u64 time_memcpy(struct kunit *test)
{
	void *from = vzalloc(SZ_8M), *to = vzalloc(SZ_8M);
	u64 best = U64_MAX;
	unsigned int i;

	for (i = 0; i < ROUNDS && from && to; i++) {
		ktime_t start = ktime_get();

		memcpy(to, from, SZ_8M);
		best = min_t(u64, best, ktime_to_ns(ktime_sub(ktime_get(), start)));
	}
	vfree(to);
	vfree(from);
	KUNIT_ASSERT_NE(test, best, U64_MAX);
	return best;
}

/* Going through the pages, with and without what is done to the caches */
static u64 time_pages(struct dma_buf_generation *old,
		      struct dma_buf_generation *new, bool caches)
{
	ktime_t start = ktime_get();
	unsigned long i;

	for (i = 0; i < new->n_pages; i++) {
		struct page *from = dma_buf_generation_page(old, i);
		struct page *to = dma_buf_generation_page(new, i);

		if (caches) {
			dma_buf_generation_flush_page(from);
			dma_buf_generation_clean_page(new, to);
		}
	}
	return ktime_to_ns(ktime_sub(ktime_get(), start));
}

/* What copying the same pages takes, which the kernel may have to map for it */
static u64 time_copy(struct dma_buf_generation *old,
		     struct dma_buf_generation *new)
{
	ktime_t start = ktime_get();
	unsigned long i;

	for (i = 0; i < new->n_pages; i++)
		copy_highpage(dma_buf_generation_page(new, i),
			      dma_buf_generation_page(old, i));
	return ktime_to_ns(ktime_sub(ktime_get(), start));
}

struct move_times {
	u64 all, caches, copy;
};

/*
 * The block has been taken when the importer was attached, and the old pages
 * are freed later.
 */
static struct move_times time_move(struct kunit *test, unsigned long n_pages)
{
	struct bounds_test *t = test->priv;
	struct dma_buf_generation *old;
	struct dma_buf_attachment *one;
	struct move_times ns;
	ktime_t start;
	int ret;

	bounds_make_buffer(test, n_pages, 0);
	old = dma_buf_generation_get(t->st.now);
	one = bounds_attach(test, DMA_BUF_ATTACH_CONTIG);
	dma_resv_lock(t->dmabuf->resv, NULL);
	ns.caches = time_pages(t->st.now, t->st.next, true) -
		    time_pages(t->st.now, t->st.next, false);
	ns.copy = time_copy(t->st.now, t->st.next);
	start = ktime_get();
	ret = dma_buf_storage_prepare(&t->st);
	ns.all = ktime_to_ns(ktime_sub(ktime_get(), start));
	dma_resv_unlock(t->dmabuf->resv);
	KUNIT_EXPECT_EQ(test, 0, ret);
	KUNIT_EXPECT_TRUE(test, t->st.now->contiguous);
	KUNIT_EXPECT_NULL(test, t->st.next);
	dma_buf_generation_put(old);
	dma_buf_detach(t->dmabuf, one);
	bounds_free_buffer(test);
	return ns;
}

static struct move_times time_moves(struct kunit *test, unsigned long n_pages)
{
	struct move_times ns, best = { .all = U64_MAX };
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		ns = time_move(test, n_pages);
		if (ns.all < best.all)
			best = ns;
	}
	kunit_info(test, "moving %lu pages takes %llu ns, %llu ns of it for caches",
		   n_pages, best.all, best.caches);
	return best;
}

static struct page *take_low_block(unsigned long n_pages)
{
	void *block = alloc_pages_exact(n_pages << PAGE_SHIFT, GFP_KERNEL);

	return block ? virt_to_page(block) : NULL;
}

/* One of two, or they would follow each other. */
static struct page *take_low_page(void)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_ZERO, 1);

	if (page) {
		split_page(page, 1);
		__free_page(page + 1);
	}
	return page;
}

/*
 * Moving 8 MiB is little more than copying them, where the kernel has all
 * memory mapped; in two halves, as the page allocator has no such blocks.
 */
static void test_move(struct kunit *test)
{
	u64 copy = time_memcpy(test);
	struct move_times half;

	kunit_activate_static_stub(test, dma_buf_generation_take_block,
				   take_low_block);
	kunit_activate_static_stub(test, dma_buf_generation_take_page,
				   take_low_page);
	half = time_moves(test, LARGE_PAGES / 2);
	bounds_tell(test, "ns to move 8 MiB without cache maintenance, against 1.2 times memcpy",
		    2 * (half.all - half.caches), percent(copy, 120));
}

/*
 * High memory is mapped page by page, for a copy as for a move: no more than
 * that is added to it, whatever memory there is.
 */
static void test_move_any(struct kunit *test)
{
	u64 copy = time_memcpy(test);
	struct move_times ns = time_moves(test, LARGE_PAGES);

	bounds_tell(test, "ns to move 8 MiB of any memory, against 1.2 times copy_highpage()",
		    ns.all - ns.caches, percent(ns.copy, 120));
	kunit_info(test, "is %llu, may be anything: %% of memcpy to move 8 MiB of any memory",
		   div64_u64(100 * (ns.all - ns.caches), copy));
}

static struct kunit_case attach_cases[] = {
	KUNIT_CASE_SLOW(test_attach_size),
	KUNIT_CASE_SLOW(test_attach_others),
	KUNIT_CASE(test_attach_waits_for_nothing),
	{}
};

static struct kunit_suite attach_suite = {
	.name = "dma_buf_bounds_attach",
	.init = bounds_init,
	.exit = bounds_exit,
	.test_cases = attach_cases,
};

static struct kunit_case move_cases[] = {
	KUNIT_CASE_SLOW(test_move),
	KUNIT_CASE_SLOW(test_move_any),
	{}
};

static struct kunit_suite move_suite = {
	.name = "dma_buf_bounds_move",
	.init = bounds_init,
	.exit = bounds_exit,
	.test_cases = move_cases,
};

kunit_test_suites(&attach_suite, &move_suite);

MODULE_DESCRIPTION("KUnit tests of what sharing dma-bufs may cost");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(DMA_BUF);
MODULE_IMPORT_NS(DMA_BUF_RAW);
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
