// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exporters that had rather not wait under the lock, and importers that do not
 * take it: KUnit tests of the dma-buf core
 */

#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/dma-resv.h>
#include <linux/string.h>

#include "dma-buf-mock.h"

/* Whatever an importer can ask for, and what it does with the answer */
struct asking {
	const char *name;
	void *(*ask)(struct dma_buf_attachment *attach);
	void (*give)(struct dma_buf_attachment *attach, void *what);
	bool dynamic;
	bool locked;
};

static void *ask_map(struct dma_buf_attachment *attach)
{
	return dma_buf_map_attachment(attach, DMA_TO_DEVICE);
}

static void *ask_map_unlocked(struct dma_buf_attachment *attach)
{
	return dma_buf_map_attachment_unlocked(attach, DMA_TO_DEVICE);
}

static void give_map(struct dma_buf_attachment *attach, void *what)
{
	dma_buf_unmap_attachment(attach, what, DMA_TO_DEVICE);
}

static void *ask_table(struct dma_buf_attachment *attach)
{
	return dma_buf_get_scatterlist(attach);
}

static void *ask_table_unlocked(struct dma_buf_attachment *attach)
{
	return dma_buf_get_scatterlist_unlocked(attach);
}

static void give_table(struct dma_buf_attachment *attach, void *what)
{
	dma_buf_put_scatterlist(attach, what);
}

static void *ask_pfns(struct dma_buf_attachment *attach)
{
	return dma_buf_get_pfns(attach);
}

static void give_pfns(struct dma_buf_attachment *attach, void *what)
{
	dma_buf_put_pfns(attach, what);
}

static void *ask_pin(struct dma_buf_attachment *attach)
{
	int ret = dma_buf_pin(attach);

	return ret ? ERR_PTR(ret) : attach;
}

static void give_pin(struct dma_buf_attachment *attach, void *what)
{
	dma_buf_unpin(attach);
}

static const struct asking askings[] = {
	{ "map", ask_map, give_map, false, true },
	{ "map, dynamic", ask_map, give_map, true, true },
	{ "map, unlocked", ask_map_unlocked, give_map, false, false },
	{ "table", ask_table, give_table, false, true },
	{ "table, dynamic", ask_table, give_table, true, true },
	{ "table, unlocked", ask_table_unlocked, give_table, true, false },
	{ "PFNs", ask_pfns, give_pfns, false, true },
	{ "PFNs, dynamic", ask_pfns, give_pfns, true, true },
	{ "pin", ask_pin, give_pin, true, true },
};

static void asking_desc(const struct asking *asking, char *desc)
{
	strscpy(desc, asking->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(asking, askings, asking_desc);

static struct mock_buffer *waiting_buffer(struct kunit *test)
{
	return mock_buffer_create(test, MOCK_SGT | MOCK_PFNS | MOCK_PIN,
				  MOCK_SCATTERED);
}

static void *ask(struct kunit *test, struct dma_buf_attachment *attach)
{
	const struct asking *asking = test->param_value;
	void *what;

	if (asking->locked)
		dma_resv_lock(attach->dmabuf->resv, NULL);
	what = asking->ask(attach);
	if (asking->locked)
		dma_resv_unlock(attach->dmabuf->resv);

	return what;
}

static void expect_answer(struct kunit *test, struct dma_buf_attachment *attach,
			  void *what)
{
	const struct asking *asking = test->param_value;

	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, what);
	if (IS_ERR_OR_NULL(what))
		return;
	dma_resv_lock(attach->dmabuf->resv, NULL);
	asking->give(attach, what);
	dma_resv_unlock(attach->dmabuf->resv);
}

static struct dma_buf_attachment *attach_asking(struct kunit *test,
						struct mock_buffer *buf)
{
	const struct asking *asking = test->param_value;

	return asking->dynamic ? mock_attach_dynamic(test, buf, NULL, 0) :
				 mock_attach(test, buf, NULL, 0);
}

/* Who has never heard of -EAGAIN gets what it asked for, however long it takes. */
static void waits_for_fences(struct kunit *test)
{
	const struct asking *asking = test->param_value;
	struct mock_buffer *buf = waiting_buffer(test);
	struct dma_buf_attachment *attach = attach_asking(test, buf);
	struct dma_buf_test_fence *fence;

	fence = dma_buf_test_fence(test, buf->dmabuf->resv,
				   DMA_RESV_USAGE_BOOKKEEP);
	buf->again = 1;
	dma_buf_test_signal_later(fence);
	expect_answer(test, attach, ask(test, attach));
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(&fence->base));
	flush_delayed_work(&fence->work);
	KUNIT_EXPECT_EQ(test, fence->waited_locked, asking->locked);
	KUNIT_EXPECT_EQ(test, buf->again, 0);
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	mock_detach(attach);
}

/* Who has is told, and nobody waits under the lock. */
static void tells_those_who_retry(struct kunit *test)
{
	const struct asking *asking = test->param_value;
	struct mock_buffer *buf = waiting_buffer(test);
	struct dma_buf_attachment *attach = mock_attach_retrying(test, buf);
	struct dma_buf_test_fence *fence;

	fence = dma_buf_test_fence(test, buf->dmabuf->resv,
				   DMA_RESV_USAGE_BOOKKEEP);
	buf->again = 1;
	if (asking->locked) {
		KUNIT_EXPECT_PTR_EQ(test, ask(test, attach), ERR_PTR(-EAGAIN));
		KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(&fence->base));
		dma_fence_signal(&fence->base);
	} else {
		dma_buf_test_signal_later(fence);
	}
	expect_answer(test, attach, ask(test, attach));
	flush_delayed_work(&fence->work);
	KUNIT_EXPECT_FALSE(test, fence->waited_locked);
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, DMA_BUF_REFUSED_NOT);
	mock_detach(attach);
}

/* Importers with locks of their own are told, and nobody waits or is locked. */
static void nowait_tells(struct kunit *test)
{
	struct mock_buffer *buf = waiting_buffer(test);
	struct dma_buf_attachment *attach = mock_attach(test, buf, NULL, 0);
	struct dma_buf_test_fence *fence;
	unsigned int tries = 0;
	struct sg_table *sgt;

	fence = dma_buf_test_fence(test, buf->dmabuf->resv,
				   DMA_RESV_USAGE_BOOKKEEP);
	buf->again = 1;
	sgt = dma_buf_map_attachment_nowait(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_PTR_EQ(test, sgt, ERR_PTR(-EAGAIN));
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(&fence->base));
	KUNIT_EXPECT_FALSE(test, dma_resv_is_locked(buf->dmabuf->resv));
	KUNIT_EXPECT_EQ(test, buf->dmabuf->last_refusal, DMA_BUF_REFUSED_NOT);

	dma_buf_test_signal_later(fence);
	KUNIT_EXPECT_EQ(test, dma_buf_wait_to_retry(buf->dmabuf, &tries), 0);
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(&fence->base));
	flush_delayed_work(&fence->work);
	KUNIT_EXPECT_FALSE(test, fence->waited_locked);

	sgt = dma_buf_map_attachment_nowait(attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, sgt);
	if (!IS_ERR_OR_NULL(sgt))
		dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	mock_detach(attach);
}

/*
 * What was waited for may have signalled before anybody could look, more than
 * once; but not for ever.
 */
static void fences_that_are_gone(struct kunit *test)
{
	struct mock_buffer *buf = waiting_buffer(test);
	struct dma_buf_attachment *attach = attach_asking(test, buf);

	buf->again = 3;
	expect_answer(test, attach, ask(test, attach));
	KUNIT_EXPECT_EQ(test, buf->again, 0);

	buf->again = 100;
	KUNIT_EXPECT_PTR_EQ(test, ask(test, attach), ERR_PTR(-EAGAIN));
	KUNIT_EXPECT_GT(test, buf->again, 90);
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	mock_detach(attach);
}

/* A signal ends any wait, and leaves nothing behind. */
static void waits_are_interrupted(struct kunit *test)
{
	struct mock_buffer *buf = waiting_buffer(test);
	struct dma_buf_attachment *attach = attach_asking(test, buf);
	struct dma_buf_test_fence *fence;
	void *what;

	fence = dma_buf_test_fence(test, buf->dmabuf->resv,
				   DMA_RESV_USAGE_BOOKKEEP);
	buf->again = 1;
	dma_buf_test_kill();
	what = ask(test, attach);
	dma_buf_test_revive();
	KUNIT_EXPECT_PTR_EQ(test, what, ERR_PTR(-ERESTARTSYS));
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(&fence->base));
	KUNIT_EXPECT_EQ(test, buf->pins, 0);
	KUNIT_EXPECT_EQ(test, buf->gets, 0);
	mock_detach(attach);
}

static unsigned int asserted, missed;

static void count_assertion(struct dma_buf *dmabuf)
{
	asserted++;
	missed += !dma_resv_is_locked(dmabuf->resv);
}

/* Every function for those who hold the lock has it asserted. */
static void lock_is_asserted(struct kunit *test)
{
	struct mock_buffer *buf = waiting_buffer(test);
	struct dma_buf_attachment *attach = mock_attach(test, buf, NULL, 0);
	struct dma_buf_pfns *pfns;
	struct sg_table *sgt, *ram;
	unsigned int n = 0;

	kunit_activate_static_stub(test, dma_buf_assert_locked, count_assertion);
	asserted = 0;
	missed = 0;
	sgt = dma_buf_get_scatterlist(attach);
	KUNIT_EXPECT_EQ(test, missed, ++n);
	pfns = dma_buf_get_pfns(attach);
	KUNIT_EXPECT_EQ(test, missed, ++n);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, pfns);
	KUNIT_EXPECT_EQ(test, dma_buf_map_raw(attach, sgt, DMA_TO_DEVICE), 0);
	KUNIT_EXPECT_EQ(test, missed, ++n);
	ram = dma_buf_map_pfns(attach, pfns, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, missed, ++n);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, ram);
	dma_buf_unmap_pfns(attach, ram, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, missed, ++n);
	dma_buf_unmap_raw(attach, sgt, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, missed, ++n);
	dma_buf_put_pfns(attach, pfns);
	KUNIT_EXPECT_EQ(test, missed, ++n);
	dma_buf_put_scatterlist(attach, sgt);
	KUNIT_EXPECT_EQ(test, missed, ++n);
	KUNIT_EXPECT_EQ(test, asserted, missed);

	/* With the lock nobody is missed, and those without it take it. */
	sgt = mock_get_table(test, attach);
	dma_buf_put_scatterlist_unlocked(attach, sgt);
	KUNIT_EXPECT_EQ(test, missed, n);
	KUNIT_EXPECT_GT(test, asserted, n);
	mock_detach(attach);
}

static struct kunit_case dma_buf_waits_cases[] = {
	KUNIT_CASE_PARAM(waits_for_fences, asking_gen_params),
	KUNIT_CASE_PARAM(tells_those_who_retry, asking_gen_params),
	KUNIT_CASE_PARAM(fences_that_are_gone, asking_gen_params),
	KUNIT_CASE_PARAM(waits_are_interrupted, asking_gen_params),
	KUNIT_CASE(nowait_tells),
	KUNIT_CASE(lock_is_asserted),
	{}
};

static struct kunit_suite dma_buf_waits_suite = {
	.name = "dma_buf_waits",
	.test_cases = dma_buf_waits_cases,
};

kunit_test_suite(dma_buf_waits_suite);
