// SPDX-License-Identifier: GPL-2.0-only
/*
 * Importing into DRM: who waits for whom, and what comes of two threads that
 * import the same buffer at the same time. KUnit tests of drm_prime.c.
 */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/dma-buf.h>
#include <linux/file.h>
#include <linux/idr.h>
#include <linux/slab.h>

#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_gem_shmem_helper.h>
#include <drm/drm_prime.h>

#include "dma-buf-exporters-test.h"
#include "dma-buf-slow-test.h"
#include "dma-buf-test-help.h"

/* The file, and then buffers that only the file had */
static void close_file(void *file)
{
	fput(file);
	flush_delayed_fput();
	flush_delayed_fput();
}

static struct drm_file *open_file(struct kunit *test, struct drm_device *drm)
{
	struct file *file = mock_drm_getfile(drm->primary, O_RDWR);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, close_file,
							   file));

	return file->private_data;
}

/**
 * struct worker - a thread that may be held up
 * @drm: device it imports into
 * @file: file of @drm
 * @fd: what it imports
 * @handle: and gets
 * @export: and what it exports then, or 0
 * @dmabuf: and gets
 * @ret: 0, or what went wrong
 * @done: it has come to its end
 * @task: the thread
 */
struct worker {
	struct drm_device *drm;
	struct drm_file *file;
	int fd;
	u32 handle;
	u32 export;
	struct dma_buf *dmabuf;
	int ret;
	struct completion done;
	struct task_struct *task;
};

static int worker_thread(void *data)
{
	struct worker *w = data;

	w->ret = drm_gem_prime_fd_to_handle(w->drm, w->file, w->fd, &w->handle);
	if (!w->ret && w->export) {
		w->dmabuf = drm_gem_prime_handle_to_dmabuf(w->drm, w->file,
							   w->export, O_RDWR);
		w->ret = PTR_ERR_OR_ZERO(w->dmabuf);
	}
	complete_all(&w->done);

	return 0;
}

static struct worker *worker(struct kunit *test, struct drm_device *drm,
			     struct drm_file *file, int fd)
{
	struct worker *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->drm = drm;
	w->file = file;
	w->fd = fd;
	init_completion(&w->done);

	return w;
}

static void worker_start(struct worker *w)
{
	w->task = test_thread(worker_thread, w);
}

static void worker_end(struct kunit *test, struct worker *w)
{
	test_thread_end(test, w->task, &w->done);
	KUNIT_EXPECT_EQ(test, w->ret, 0);
}

/* An importer that waits for fences with the lock held, as many do */
struct mapper {
	struct dma_buf_attachment *attach;
	struct sg_table *sgt;
	struct completion locked, done;
	struct task_struct *task;
};

static int mapper_thread(void *data)
{
	struct mapper *m = data;
	struct dma_resv *resv = m->attach->dmabuf->resv;

	dma_resv_lock(resv, NULL);
	complete(&m->locked);
	m->sgt = dma_buf_map_attachment(m->attach, DMA_TO_DEVICE);
	if (!IS_ERR(m->sgt))
		dma_buf_unmap_attachment(m->attach, m->sgt, DMA_TO_DEVICE);
	dma_resv_unlock(resv);
	complete_all(&m->done);

	return 0;
}

static void mapper_start(struct kunit *test, struct mapper *m,
			 struct dma_buf *dmabuf)
{
	init_completion(&m->locked);
	init_completion(&m->done);
	m->attach = dma_buf_attach(dmabuf, test_device(test));
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, m->attach);
	m->task = test_thread(mapper_thread, m);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, m->task);
	wait_for_completion(&m->locked);
}

static void mapper_end(struct kunit *test, struct mapper *m)
{
	test_thread_end(test, m->task, &m->done);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, m->sgt);
	dma_buf_detach(m->attach->dmabuf, m->attach);
}

/**
 * struct setting - who waits, and who must not
 * @name: of the test
 * @locked: the first importer is kept from attaching; else it attaches, and
 *	waits itself when it maps
 * @same_file: the other one has the same file, and not only the same device
 */
struct setting {
	const char *name;
	bool locked;
	bool same_file;
};

static const struct setting settings[] = {
	{ "attach, another file", true, false },
	{ "attach, the same file", true, true },
	{ "map, another file", false, false },
	{ "map, the same file", false, true },
};

static void setting_desc(const struct setting *setting, char *desc)
{
	strscpy(desc, setting->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(setting, settings, setting_desc);

static u32 created(struct kunit *test, struct drm_device *drm,
		   struct drm_file *file)
{
	struct drm_gem_shmem_object *shmem = drm_gem_shmem_create(drm,
								  PAGE_SIZE);
	u32 handle = 0;
	int ret;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, shmem);
	ret = drm_gem_handle_create(file, &shmem->base, &handle);
	drm_gem_object_put(&shmem->base);
	KUNIT_ASSERT_EQ(test, ret, 0);

	return handle;
}

/*
 * Somebody imports a buffer that is to move, and user space has a fence in it.
 * Other buffers are imported and exported meanwhile.
 */
static void mover_holds_up_nobody(struct kunit *test)
{
	const struct setting *s = test->param_value;
	struct drm_device *drm = test_drm(test, test_device(test),
					  &test_gem_shmem_driver);
	struct drm_file *file = open_file(test, drm);
	struct dma_buf *dmabuf = slow_buffer(test);
	struct slow *slow = dmabuf->priv;
	struct dma_buf_test_fence *fence;
	struct worker *first, *other;
	struct mapper mapper;

	first = worker(test, drm, file, test_descriptor(test, dmabuf));
	if (!s->same_file)
		file = open_file(test, drm);
	other = worker(test, drm, file, test_descriptor(test, slow_buffer(test)));
	other->export = created(test, drm, file);
	fence = dma_buf_test_fence(test, dmabuf->resv, DMA_RESV_USAGE_BOOKKEEP);
	slow->again = 1;
	if (s->locked)
		mapper_start(test, &mapper, dmabuf);

	worker_start(first);
	KUNIT_EXPECT_TRUE(test, gate_wait(&slow->attach, s->locked ? 2 : 1));
	worker_start(other);
	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&other->done,
							     IN_TIME));
	KUNIT_EXPECT_FALSE(test, completion_done(&first->done));
	KUNIT_EXPECT_EQ(test, dma_resv_is_locked(dmabuf->resv), s->locked);

	dma_fence_signal(&fence->base);
	worker_end(test, first);
	worker_end(test, other);
	if (s->locked)
		mapper_end(test, &mapper);
	test_keep(test, other->dmabuf);
}

/* A file that knows nothing of any buffer */
static void expect_empty(struct kunit *test, struct drm_file *file)
{
	KUNIT_EXPECT_TRUE(test, idr_is_empty(&file->object_idr));
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&file->prime.dmabufs));
	KUNIT_EXPECT_TRUE(test, RB_EMPTY_ROOT(&file->prime.handles));
}

/* One handle, and nothing that another handle would have left behind */
static void expect_handle(struct kunit *test, struct drm_file *file, u32 handle,
			  struct dma_buf *dmabuf)
{
	struct drm_gem_object *obj = drm_gem_object_lookup(file, handle);

	KUNIT_EXPECT_NOT_NULL(test, obj);
	if (!obj)
		return;
	KUNIT_EXPECT_EQ(test, obj->handle_count, 1);
	KUNIT_EXPECT_PTR_EQ(test, obj->dma_buf, dmabuf);
	drm_gem_object_put(obj);
	KUNIT_EXPECT_EQ(test, drm_gem_handle_delete(file, handle), 0);
	expect_empty(test, file);
}

/* Import a buffer by two threads that meet on the way. */
static u32 import_twice(struct kunit *test, struct drm_file *file,
			struct dma_buf *dmabuf, struct gate *gate)
{
	struct drm_device *drm = file->minor->dev;
	int fd = test_descriptor(test, dmabuf);
	struct worker *a = worker(test, drm, file, fd);
	struct worker *b = worker(test, drm, file, fd);

	gate->meet = atomic_read(&gate->come) + 2;
	worker_start(a);
	worker_start(b);
	worker_end(test, a);
	worker_end(test, b);
	KUNIT_EXPECT_EQ(test, gate->meet, atomic_read(&gate->come));
	KUNIT_EXPECT_EQ(test, a->handle, b->handle);

	return a->handle;
}

static void two_threads_one_handle(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test),
					  &test_gem_shmem_driver);
	struct drm_file *file = open_file(test, drm);
	struct dma_buf *dmabuf = slow_buffer(test);
	struct slow *slow = dmabuf->priv;
	u32 handle;

	handle = import_twice(test, file, dmabuf, &slow->attach);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, 1);
	expect_handle(test, file, handle, dmabuf);
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, 0);
	/* The test's own, and that of the descriptor */
	KUNIT_EXPECT_EQ(test, file_count(dmabuf->file), 2);
}

/* What one thread has imported cannot fail for another. */
static void two_threads_one_refused(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test),
					  &test_gem_shmem_driver);
	struct drm_file *file = open_file(test, drm);
	struct dma_buf *dmabuf = slow_buffer(test);
	struct slow *slow = dmabuf->priv;
	int fd = test_descriptor(test, dmabuf);
	struct worker *a = worker(test, drm, file, fd);
	struct worker *b = worker(test, drm, file, fd);

	slow->attach.meet = 2;
	slow->refuse = &a->done;
	worker_start(a);
	KUNIT_EXPECT_TRUE(test, gate_wait(&slow->attach, 1));
	worker_start(b);
	worker_end(test, a);
	worker_end(test, b);
	KUNIT_EXPECT_EQ(test, 2, atomic_read(&slow->attach.come));
	KUNIT_EXPECT_EQ(test, a->handle, b->handle);
	expect_handle(test, file, a->handle, dmabuf);
	KUNIT_EXPECT_EQ(test, file_count(dmabuf->file), 2);
}

/**
 * struct own - an object that comes back to the device it is of
 * @base: the object
 * @import: threads that import it go through it
 * @open: files that get a handle go through it
 * @open_ret: and are told this
 * @closed: how many of them have none any more
 */
struct own {
	struct drm_gem_object base;
	struct gate import;
	struct gate open;
	int open_ret;
	unsigned int closed;
};

static struct own *to_own(struct drm_gem_object *obj)
{
	return container_of(obj, struct own, base);
}

static int own_open(struct drm_gem_object *obj, struct drm_file *file)
{
	gate_pass(&to_own(obj)->open);

	return to_own(obj)->open_ret;
}

static void own_close(struct drm_gem_object *obj, struct drm_file *file)
{
	to_own(obj)->closed++;
}

static void own_free(struct drm_gem_object *obj)
{
	drm_gem_object_release(obj);
	kfree(to_own(obj));
}

static const struct drm_gem_object_funcs own_funcs = {
	.open = own_open,
	.close = own_close,
	.free = own_free,
};

static struct drm_gem_object *own_import(struct drm_device *drm,
					 struct dma_buf *dmabuf)
{
	struct drm_gem_object *obj = drm_gem_prime_import(drm, dmabuf);

	if (!IS_ERR(obj))
		gate_pass(&to_own(obj)->import);

	return obj;
}

DEFINE_DRM_GEM_FOPS(own_fops);

static const struct drm_driver own_driver = {
	.driver_features = DRIVER_GEM,
	.fops = &own_fops,
	.gem_prime_import = own_import,
	.name = "dma-buf-test",
};

/* An object that lives as long as its dma-buf, with a handle in a file */
static struct own *own_exported(struct kunit *test, struct drm_file *file,
				u32 *handle)
{
	struct own *own = kzalloc(sizeof(*own), GFP_KERNEL);
	struct drm_device *drm = file->minor->dev;
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, own);
	gate_init(&own->import);
	gate_init(&own->open);
	own->base.funcs = &own_funcs;
	drm_gem_private_object_init(drm, &own->base, PAGE_SIZE);
	ret = drm_gem_handle_create(file, &own->base, handle);
	drm_gem_object_put(&own->base);
	KUNIT_ASSERT_EQ(test, ret, 0);
	test_keep(test, drm_gem_prime_handle_to_dmabuf(drm, file, *handle,
						       O_RDWR));

	return own;
}

static void own_by_two_threads(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test), &own_driver);
	struct drm_file *from = open_file(test, drm);
	struct drm_file *to = open_file(test, drm);
	struct dma_buf *dmabuf;
	struct own *own;
	u32 handle;

	own = own_exported(test, from, &handle);
	dmabuf = own->base.dma_buf;
	KUNIT_EXPECT_EQ(test, drm_gem_handle_delete(from, handle), 0);
	KUNIT_EXPECT_NULL(test, own->base.dma_buf);
	expect_empty(test, from);

	handle = import_twice(test, to, dmabuf, &own->open);
	KUNIT_EXPECT_EQ(test, own->closed, 2);
	expect_handle(test, to, handle, dmabuf);
	KUNIT_EXPECT_EQ(test, own->closed, 3);
	KUNIT_EXPECT_NULL(test, own->base.dma_buf);
	KUNIT_EXPECT_EQ(test, kref_read(&own->base.refcount), 1);
}

/* The exporter's handle, the last there was, is closed in the middle. */
static void own_loses_its_handle(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test), &own_driver);
	struct drm_file *from = open_file(test, drm);
	struct drm_file *to = open_file(test, drm);
	struct dma_buf *dmabuf;
	struct worker *w;
	struct own *own;
	u32 handle;

	own = own_exported(test, from, &handle);
	dmabuf = own->base.dma_buf;
	w = worker(test, drm, to, test_descriptor(test, dmabuf));
	own->import.meet = 2;
	worker_start(w);
	KUNIT_EXPECT_TRUE(test, gate_wait(&own->import, 1));
	KUNIT_EXPECT_EQ(test, drm_gem_handle_delete(from, handle), 0);
	KUNIT_EXPECT_NULL(test, own->base.dma_buf);
	gate_pass(&own->import);
	worker_end(test, w);
	expect_handle(test, to, w->handle, dmabuf);
	KUNIT_EXPECT_EQ(test, kref_read(&own->base.refcount), 1);
	KUNIT_EXPECT_EQ(test, file_count(dmabuf->file), 2);
}

static void own_is_not_opened(struct kunit *test)
{
	struct drm_device *drm = test_drm(test, test_device(test), &own_driver);
	struct drm_file *from = open_file(test, drm);
	struct drm_file *to = open_file(test, drm);
	struct own *own;
	u32 handle;
	int fd;

	own = own_exported(test, from, &handle);
	fd = test_descriptor(test, own->base.dma_buf);
	own->open_ret = -EPERM;
	KUNIT_EXPECT_EQ(test, drm_gem_prime_fd_to_handle(drm, to, fd, &handle),
			-EPERM);
	expect_empty(test, to);
	KUNIT_EXPECT_EQ(test, own->closed, 0);
	KUNIT_EXPECT_EQ(test, own->base.handle_count, 1);
	KUNIT_EXPECT_NOT_NULL(test, own->base.dma_buf);
}

static struct kunit_case dma_buf_prime_cases[] = {
	KUNIT_CASE_PARAM(mover_holds_up_nobody, setting_gen_params),
	KUNIT_CASE(two_threads_one_handle),
	KUNIT_CASE(two_threads_one_refused),
	KUNIT_CASE(own_by_two_threads),
	KUNIT_CASE(own_loses_its_handle),
	KUNIT_CASE(own_is_not_opened),
	{}
};

static struct kunit_suite dma_buf_prime_suite = {
	.name = "dma_buf_prime",
	.test_cases = dma_buf_prime_cases,
};

kunit_test_suite(dma_buf_prime_suite);
