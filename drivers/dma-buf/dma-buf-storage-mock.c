// SPDX-License-Identifier: GPL-2.0-only
/* A heap of pages that lie as a test wants, and importers that only count. */

#include <kunit/static_stub.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/highmem.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "dma-buf-generation.h"
#include "dma-buf-storage-test.h"

static unsigned long mock_max_block(void)
{
	return 2 * TEST_PAGES;
}

static struct page *mock_take_block(unsigned long n_pages)
{
	struct storage_test *t = kunit_get_current_test()->priv;
	void *block;

	if (t->blocks == t->max_blocks)
		return NULL;
	block = alloc_pages_exact(n_pages << PAGE_SHIFT, GFP_KERNEL);
	if (!block)
		return NULL;
	t->blocks++;
	/* What has been in it is nobody's business. */
	memset(block, 0xdb, n_pages << PAGE_SHIFT);
	return virt_to_page(block);
}

static struct page *mock_take_page(void)
{
	struct storage_test *t = kunit_get_current_test()->priv;
	struct page *page;

	if (t->next == TEST_POOL)
		return NULL;
	page = t->pool[t->next++];
	get_page(page);
	clear_highpage(page);
	return page;
}

/* Other threads use it too, for whom there is no current test. */
struct mock_storage {
	struct dma_buf_storage base;
	struct storage_test *t;
};

static void mock_put_tables(struct dma_buf_storage *st)
{
	struct storage_test *t =
		container_of(st, struct mock_storage, base)->t;

	t->tables_put++;
	if (t->table)
		dma_buf_storage_put_table(st, t->table);
	t->table = NULL;
}

static const struct dma_buf_storage_ops mock_storage_ops = {
	.put_tables = mock_put_tables,
};

static void mock_release(struct dma_buf *dmabuf)
{
	struct dma_buf_storage *st = dmabuf->priv;

	dma_buf_storage_unexport(st);
	dma_buf_storage_fini(st);
	kfree(container_of(st, struct mock_storage, base));
}

static const struct dma_buf_ops mock_ops = {
	DMA_BUF_STORAGE_OPS,
	.release = mock_release,
};

static void mock_free_pool(void *data)
{
	struct storage_test *t = data;
	unsigned int i;

	for (i = 0; i < TEST_POOL; i++)
		put_page(t->pool[i]);
}

/* From the end to the start, so that no page follows the one before it. */
static void mock_pool(struct kunit *test, struct storage_test *t)
{
	void *block = alloc_pages_exact(TEST_POOL * PAGE_SIZE, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, block);
	for (i = 0; i < TEST_POOL; i++)
		t->pool[i] = virt_to_page(block +
					  (TEST_POOL - 1 - i) * PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, mock_free_pool,
							   t));
}

/* A buffer that nobody has used yet */
int storage_test_init(struct kunit *test)
{
	struct dma_buf_export_info info = {
		.exp_name = "dma-buf-storage-mock",
		.owner = THIS_MODULE,
		.ops = &mock_ops,
		.flags = O_RDWR,
	};
	struct storage_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct mock_storage *mock;

	KUNIT_ASSERT_NOT_NULL(test, t);
	test->priv = t;
	t->max_blocks = UINT_MAX;
	t->dev = dma_buf_test_device(test, "dma-buf-storage-mock");
	mock_pool(test, t);
	kunit_activate_static_stub(test, dma_buf_generation_max_block,
				   mock_max_block);
	kunit_activate_static_stub(test, dma_buf_generation_take_block,
				   mock_take_block);
	kunit_activate_static_stub(test, dma_buf_generation_take_page,
				   mock_take_page);

	mock = kzalloc(sizeof(*mock), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, mock);
	mock->t = t;
	t->st = &mock->base;
	KUNIT_ASSERT_EQ(test, 0, dma_buf_storage_init(t->st, TEST_SIZE,
						      DMA_BUF_STORAGE_CACHED,
						      0));
	t->st->ops = &mock_storage_ops;
	t->dmabuf = dma_buf_storage_export(t->st, &info);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, t->dmabuf);
	return 0;
}

/* The test has no mapping and no importer left: all memory is given back. */
void storage_test_exit(struct kunit *test)
{
	struct storage_test *t = test->priv;

	if (!t || IS_ERR_OR_NULL(t->dmabuf))
		return;
	if (t->fence)
		dma_fence_signal(&t->fence->base);
	dma_buf_put(t->dmabuf);
	flush_delayed_fput();
	KUNIT_EXPECT_EQ(test, 0, storage_pages_in_use(test));
}

static void mock_move_notify(struct dma_buf_attachment *attach)
{
	struct storage_test *t = attach->importer_priv;

	t->moves++;
}

static const struct dma_buf_attach_ops mock_attach_ops = {
	.move_notify = mock_move_notify,
};

static const struct dma_buf_attach_ops mock_retrying_ops = {
	.allow_retry = true,
	.move_notify = mock_move_notify,
};

static struct dma_buf_attachment *
attach_with(struct kunit *test, const struct dma_buf_attach_ops *ops, u32 flags)
{
	struct storage_test *t = test->priv;

	return dma_buf_dynamic_attach_flags(t->dmabuf, t->dev, ops, t, flags);
}

/* Attach an importer that can be told when the buffer moves, or cannot. */
struct dma_buf_attachment *storage_attach(struct kunit *test, bool dynamic,
					  u32 flags)
{
	return attach_with(test, dynamic ? &mock_attach_ops : NULL, flags);
}

/* Attach one that takes -EAGAIN for an answer. */
struct dma_buf_attachment *storage_attach_retrying(struct kunit *test,
						   u32 flags)
{
	return attach_with(test, &mock_retrying_ops, flags);
}

/* Map the buffer for an importer. */
struct sg_table *storage_map(struct kunit *test,
			     struct dma_buf_attachment *attach)
{
	struct sg_table *sgt;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, attach);
	sgt = dma_buf_map_attachment_unlocked(attach, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sgt);
	return sgt;
}

void storage_unmap(struct dma_buf_attachment *attach, struct sg_table *sgt)
{
	dma_buf_unmap_attachment_unlocked(attach, sgt, DMA_BIDIRECTIONAL);
}

void storage_lock(struct kunit *test)
{
	struct storage_test *t = test->priv;

	dma_resv_lock(t->dmabuf->resv, NULL);
}

void storage_unlock(struct kunit *test)
{
	struct storage_test *t = test->priv;

	dma_resv_unlock(t->dmabuf->resv);
}

static u8 byte_at(u8 seed, unsigned int i)
{
	return seed + i + i / PAGE_SIZE * 7;
}

/* Access through the kernel's mapping, which is gone afterwards */
static u8 *begin(struct kunit *test)
{
	struct storage_test *t = test->priv;
	struct iosys_map map;

	KUNIT_ASSERT_EQ(test, 0, dma_buf_begin_cpu_access(t->dmabuf,
							  DMA_BIDIRECTIONAL));
	KUNIT_ASSERT_EQ(test, 0, dma_buf_vmap_unlocked(t->dmabuf, &map));
	return map.vaddr;
}

static void end(struct kunit *test, u8 *p)
{
	struct storage_test *t = test->priv;
	struct iosys_map map = IOSYS_MAP_INIT_VADDR(p);

	dma_buf_vunmap_unlocked(t->dmabuf, &map);
	dma_buf_end_cpu_access(t->dmabuf, DMA_BIDIRECTIONAL);
}

/* Write to the buffer. */
void storage_fill(struct kunit *test, u8 seed)
{
	u8 *p = begin(test);
	unsigned int i;

	for (i = 0; i < TEST_SIZE; i++)
		p[i] = byte_at(seed, i);
	end(test, p);
}

/* The buffer contains what was written with this seed. */
void storage_expect(struct kunit *test, u8 seed)
{
	unsigned int i, wrong = 0;
	u8 *p = begin(test);

	for (i = 0; i < TEST_SIZE; i++)
		wrong += p[i] != byte_at(seed, i);
	end(test, p);
	KUNIT_EXPECT_EQ(test, 0, wrong);
}

/* Nobody has written to the buffer. */
void storage_expect_zero(struct kunit *test)
{
	u8 *p = begin(test);

	KUNIT_EXPECT_NULL(test, memchr_inv(p, 0, TEST_SIZE));
	end(test, p);
}

/* How many of the scattered pages somebody has */
unsigned int storage_pages_in_use(struct kunit *test)
{
	struct storage_test *t = test->priv;
	unsigned int i, n = 0;

	for (i = 0; i < TEST_POOL; i++)
		n += page_count(t->pool[i]) > 1;
	return n;
}

/* A device is at work on the buffer; the test or its end signals the fence. */
void storage_add_fence(struct kunit *test)
{
	struct storage_test *t = test->priv;

	t->fence = dma_buf_test_fence(test, t->dmabuf->resv,
				      DMA_RESV_USAGE_BOOKKEEP);
}
