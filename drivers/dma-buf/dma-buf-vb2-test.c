// SPDX-License-Identifier: GPL-2.0-only
/*
 * Importing into V4L2: who waits for whom, and what comes of a queue while
 * somebody waits who has released its lock. KUnit tests of videobuf2.
 */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-buf.h>
#include <linux/file.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include <media/media-device.h>
#include <media/media-request.h>
#include <media/videobuf2-dma-contig.h>
#include <media/videobuf2-dma-sg.h>
#include <media/videobuf2-v4l2.h>
#include <media/videobuf2-vmalloc.h>

#include "dma-buf-exporters-test.h"
#include "dma-buf-slow-test.h"
#include "dma-buf-test-help.h"

#define BUFFERS		2
#define REQUEST_FD	4711

/**
 * struct camera - a queue, with the lock that its ioctls take
 * @queue: the queue
 * @lock: its lock
 * @mdev: a media device for requests
 */
struct camera {
	struct vb2_queue queue;
	struct mutex lock;	/* of the queue */
	struct media_device mdev;
};

static int camera_setup(struct vb2_queue *q, unsigned int *buffers,
			unsigned int *planes, unsigned int sizes[],
			struct device *alloc_devs[])
{
	*planes = 1;
	sizes[0] = PAGE_SIZE;

	return 0;
}

static void camera_queue(struct vb2_buffer *vb)
{
}

static const struct vb2_ops camera_ops = {
	.queue_setup = camera_setup,
	.buf_queue = camera_queue,
	.buf_request_complete = camera_queue,
	.wait_prepare = vb2_ops_wait_prepare,
	.wait_finish = vb2_ops_wait_finish,
};

/* Of a driver that has no way to release its lock */
static const struct vb2_ops stubborn_ops = {
	.queue_setup = camera_setup,
	.buf_queue = camera_queue,
};

static int camera_buffers(struct camera *cam, unsigned int count)
{
	struct v4l2_requestbuffers req = {
		.count = count,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
	};

	return vb2_reqbufs(&cam->queue, &req);
}

static void camera_release(void *data)
{
	struct camera *cam = data;

	vb2_queue_release(&cam->queue);
	media_device_cleanup(&cam->mdev);
	flush_delayed_fput();
}

static const struct media_device_ops camera_media_ops = {
	.req_validate = vb2_request_validate,
	.req_queue = vb2_request_queue,
};

static struct camera *camera(struct kunit *test, const struct vb2_ops *ops,
			     const struct vb2_mem_ops *mem_ops)
{
	struct camera *cam = kunit_kzalloc(test, sizeof(*cam), GFP_KERNEL);
	struct vb2_queue *q;

	KUNIT_ASSERT_NOT_NULL(test, cam);
	mutex_init(&cam->lock);
	cam->mdev.dev = test_device(test);
	cam->mdev.ops = &camera_media_ops;

	q = &cam->queue;
	q->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	q->io_modes = VB2_DMABUF;
	q->timestamp_flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
	q->dev = cam->mdev.dev;
	q->lock = &cam->lock;
	q->ops = ops;
	q->mem_ops = mem_ops;
	q->supports_requests = !!ops->buf_request_complete;
	KUNIT_ASSERT_EQ(test, vb2_queue_init(q), 0);
	media_device_init(&cam->mdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, camera_release,
							   cam));
	KUNIT_ASSERT_EQ(test, camera_buffers(cam, BUFFERS), 0);

	return cam;
}

/**
 * struct queuer - who queues or prepares a buffer
 * @cam: the queue
 * @buf: the buffer, and its dma-buf
 * @prepare: it is prepared only
 * @ret: what has come of it
 * @done: the thread has come to its end
 * @task: the thread
 */
struct queuer {
	struct camera *cam;
	struct v4l2_buffer buf;
	bool prepare;
	int ret;
	struct completion done;
	struct task_struct *task;
};

static struct queuer *queuer(struct kunit *test, struct camera *cam,
			     unsigned int index, struct dma_buf *dmabuf)
{
	struct queuer *queuer = kunit_kzalloc(test, sizeof(*queuer), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, queuer);
	queuer->cam = cam;
	queuer->buf.index = index;
	queuer->buf.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	queuer->buf.memory = V4L2_MEMORY_DMABUF;
	queuer->buf.m.fd = test_descriptor(test, dmabuf);
	init_completion(&queuer->done);

	return queuer;
}

/* What the ioctl does, with the lock held */
static int queuer_ioctl(struct queuer *queuer)
{
	struct camera *cam = queuer->cam;

	if (queuer->prepare)
		return vb2_prepare_buf(&cam->queue, &cam->mdev, &queuer->buf);

	return vb2_qbuf(&cam->queue, &cam->mdev, &queuer->buf);
}

static int queuer_thread(void *data)
{
	struct queuer *queuer = data;

	mutex_lock(&queuer->cam->lock);
	queuer->ret = queuer_ioctl(queuer);
	mutex_unlock(&queuer->cam->lock);
	complete_all(&queuer->done);

	return 0;
}

static void queuer_start(struct queuer *queuer)
{
	queuer->task = test_thread(queuer_thread, queuer);
}

static void queuer_end(struct kunit *test, struct queuer *queuer)
{
	test_thread_end(test, queuer->task, &queuer->done);
}

/* Not mutex_lock(): who holds it may wait for this thread. */
static bool lock_in_time(struct camera *cam)
{
	unsigned long end = jiffies + IN_TIME;

	while (!mutex_trylock(&cam->lock)) {
		if (time_after(jiffies, end))
			return false;
		msleep(20);
	}

	return true;
}

static void expect_state(struct kunit *test, struct queuer *queuer,
			 enum vb2_buffer_state state)
{
	struct vb2_buffer *vb = vb2_get_buffer(&queuer->cam->queue,
					       queuer->buf.index);

	KUNIT_ASSERT_NOT_NULL(test, vb);
	KUNIT_EXPECT_EQ(test, vb->state, state);
	KUNIT_EXPECT_TRUE(test, vb->prepared);
}

/* Nobody has it any more but the test and its descriptor. */
static void expect_unused(struct kunit *test, struct dma_buf *dmabuf)
{
	KUNIT_EXPECT_EQ(test, dmabuf->nr_attachments, 0);
	flush_delayed_fput();
	KUNIT_EXPECT_EQ(test, file_count(dmabuf->file), 2);
}

/**
 * struct way - how a buffer is imported
 * @name: of the test
 * @mem_ops: who maps it
 * @prepare: PREPARE_BUF and not QBUF
 */
struct way {
	const char *name;
	const struct vb2_mem_ops *mem_ops;
	bool prepare;
};

static const struct way ways[] = {
	{ "QBUF, dma-contig", &vb2_dma_contig_memops, false },
	{ "QBUF, dma-sg", &vb2_dma_sg_memops, false },
	{ "QBUF, vmalloc", &vb2_vmalloc_memops, false },
	{ "PREPARE_BUF, dma-contig", &vb2_dma_contig_memops, true },
	{ "PREPARE_BUF, dma-sg", &vb2_dma_sg_memops, true },
	{ "PREPARE_BUF, vmalloc", &vb2_vmalloc_memops, true },
};

static void way_desc(const struct way *way, char *desc)
{
	strscpy(desc, way->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(way, ways, way_desc);

/* A buffer that is to move, and a fence of user space in it */
struct mover {
	struct dma_buf *dmabuf;
	struct slow *slow;
	struct dma_buf_test_fence *fence;
};

static void mover_init(struct kunit *test, struct mover *m)
{
	m->dmabuf = slow_buffer(test);
	m->slow = m->dmabuf->priv;
	m->fence = dma_buf_test_fence(test, m->dmabuf->resv,
				      DMA_RESV_USAGE_BOOKKEEP);
	m->slow->again = 1;
}

static void mover_holds_up_nobody(struct kunit *test)
{
	const struct way *way = test->param_value;
	/* vmalloc attaches none. */
	const unsigned int devices = way->mem_ops != &vb2_vmalloc_memops;
	struct camera *cam = camera(test, &camera_ops, way->mem_ops);
	struct queuer *first, *other;
	struct mover mover;

	mover_init(test, &mover);
	first = queuer(test, cam, 0, mover.dmabuf);
	first->prepare = way->prepare;
	other = queuer(test, cam, 1, slow_buffer(test));

	queuer_start(first);
	KUNIT_EXPECT_TRUE(test, gate_wait(&mover.slow->map, 1));
	queuer_start(other);
	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&other->done,
							     IN_TIME));
	KUNIT_EXPECT_FALSE(test, completion_done(&first->done));
	KUNIT_EXPECT_FALSE(test, dma_resv_is_locked(mover.dmabuf->resv));
	/* Without it the storage would not have to move. */
	KUNIT_EXPECT_EQ(test, mover.dmabuf->nr_attachments, devices);

	dma_fence_signal(&mover.fence->base);
	queuer_end(test, first);
	queuer_end(test, other);
	KUNIT_EXPECT_EQ(test, first->ret, 0);
	KUNIT_EXPECT_EQ(test, other->ret, 0);
	KUNIT_EXPECT_EQ(test, 2, atomic_read(&mover.slow->map.come));
	KUNIT_EXPECT_EQ(test, mover.dmabuf->nr_attachments, devices);
	expect_state(test, first, way->prepare ? VB2_BUF_STATE_DEQUEUED :
						 VB2_BUF_STATE_QUEUED);
	expect_state(test, other, VB2_BUF_STATE_QUEUED);
}

/* REQBUFS has taken the buffers away. */
static void buffers_gone(struct kunit *test)
{
	const struct way *way = test->param_value;
	struct camera *cam = camera(test, &camera_ops, way->mem_ops);
	struct mover mover;
	struct queuer *u;

	mover_init(test, &mover);
	u = queuer(test, cam, 0, mover.dmabuf);
	u->prepare = way->prepare;
	queuer_start(u);
	KUNIT_EXPECT_TRUE(test, gate_wait(&mover.slow->map, 1));
	if (lock_in_time(cam)) {
		KUNIT_EXPECT_EQ(test, camera_buffers(cam, 0), 0);
		mutex_unlock(&cam->lock);
	}
	dma_fence_signal(&mover.fence->base);
	queuer_end(test, u);
	KUNIT_EXPECT_EQ(test, u->ret, -EINVAL);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&mover.slow->map.come));
	expect_unused(test, mover.dmabuf);
}

/* There are buffers of the same numbers, which may be somebody else's. */
static void buffers_anew(struct kunit *test)
{
	const struct way *way = test->param_value;
	struct camera *cam = camera(test, &camera_ops, way->mem_ops);
	struct mover mover;
	struct queuer *u;

	mover_init(test, &mover);
	u = queuer(test, cam, 0, mover.dmabuf);
	u->prepare = way->prepare;
	queuer_start(u);
	KUNIT_EXPECT_TRUE(test, gate_wait(&mover.slow->map, 1));
	if (lock_in_time(cam)) {
		KUNIT_EXPECT_EQ(test, camera_buffers(cam, 0), 0);
		KUNIT_EXPECT_EQ(test, camera_buffers(cam, BUFFERS), 0);
		mutex_unlock(&cam->lock);
	}
	dma_fence_signal(&mover.fence->base);
	queuer_end(test, u);
	KUNIT_EXPECT_EQ(test, u->ret, -EINVAL);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&mover.slow->map.come));
	expect_unused(test, mover.dmabuf);
}

/* In the test's own thread, with nobody else about */
static int queuer_alone(struct queuer *queuer)
{
	int ret;

	mutex_lock(&queuer->cam->lock);
	ret = queuer_ioctl(queuer);
	mutex_unlock(&queuer->cam->lock);

	return ret;
}

static void killed(struct kunit *test)
{
	const struct way *way = test->param_value;
	struct camera *cam = camera(test, &camera_ops, way->mem_ops);
	struct mover mover;
	struct queuer *u;
	int ret;

	mover_init(test, &mover);
	u = queuer(test, cam, 0, mover.dmabuf);
	u->prepare = way->prepare;
	dma_buf_test_kill();
	ret = queuer_alone(u);
	dma_buf_test_revive();
	KUNIT_EXPECT_EQ(test, ret, -ERESTARTSYS);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(&mover.fence->base));
	expect_unused(test, mover.dmabuf);

	/* Nothing of it is left in the queue. */
	dma_fence_signal(&mover.fence->base);
	KUNIT_EXPECT_EQ(test, queuer_alone(u), 0);
}

/* An exporter that means something else by -EAGAIN */
static void no_fences(struct kunit *test)
{
	const struct way *way = test->param_value;
	struct camera *cam = camera(test, &camera_ops, way->mem_ops);
	struct dma_buf *dmabuf = slow_buffer(test);
	struct slow *slow = dmabuf->priv;
	struct queuer *u = queuer(test, cam, 0, dmabuf);

	u->prepare = way->prepare;
	slow->again = 100;
	KUNIT_EXPECT_EQ(test, queuer_alone(u), -EAGAIN);
	KUNIT_EXPECT_GT(test, slow->again, 90);
	expect_unused(test, dmabuf);

	slow->again = 3;
	KUNIT_EXPECT_EQ(test, queuer_alone(u), 0);
}

/* The other one has to wait here, but both get what they want. */
static void lock_that_stays(struct kunit *test)
{
	struct camera *cam = camera(test, &stubborn_ops, &vb2_dma_sg_memops);
	struct queuer *first, *other;
	struct mover mover;

	mover_init(test, &mover);
	first = queuer(test, cam, 0, mover.dmabuf);
	other = queuer(test, cam, 1, slow_buffer(test));

	queuer_start(first);
	KUNIT_EXPECT_TRUE(test, gate_wait(&mover.slow->map, 1));
	queuer_start(other);
	KUNIT_EXPECT_EQ(test, 0, wait_for_completion_timeout(&other->done,
							     IN_TIME / 5));
	dma_fence_signal(&mover.fence->base);
	queuer_end(test, first);
	queuer_end(test, other);
	KUNIT_EXPECT_EQ(test, first->ret, 0);
	KUNIT_EXPECT_EQ(test, other->ret, 0);
	expect_state(test, first, VB2_BUF_STATE_QUEUED);
}

/* What MEDIA_IOC_REQUEST_ALLOC makes, without a file */
static struct media_request *request(struct kunit *test, struct camera *cam)
{
	struct media_request *req = kzalloc(sizeof(*req), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, req);
	req->mdev = &cam->mdev;
	req->state = MEDIA_REQUEST_STATE_IDLE;
	kref_init(&req->kref);
	INIT_LIST_HEAD(&req->objects);
	spin_lock_init(&req->lock);
	init_waitqueue_head(&req->poll_wait);

	return req;
}

/* And what QBUF does for a request, which has the buffer from then on */
static void bind(struct kunit *test, struct queuer *queuer,
		 struct media_request *req)
{
	struct vb2_queue *q = &queuer->cam->queue;
	struct vb2_buffer *vb = vb2_get_buffer(q, queuer->buf.index);

	KUNIT_ASSERT_NOT_NULL(test, vb);
	to_vb2_v4l2_buffer(vb)->planes[0].m.fd = queuer->buf.m.fd;
	to_vb2_v4l2_buffer(vb)->request_fd = REQUEST_FD;
	mutex_lock(q->lock);
	KUNIT_EXPECT_EQ(test, vb2_core_qbuf(q, vb, &queuer->buf, req), 0);
	mutex_unlock(q->lock);
}

/* It is still in its request, and user space is told so. */
static void expect_bound(struct kunit *test, struct queuer *queuer)
{
	struct v4l2_buffer *b = &queuer->buf;

	KUNIT_EXPECT_EQ(test, vb2_querybuf(&queuer->cam->queue, b), 0);
	KUNIT_EXPECT_TRUE(test, b->flags & V4L2_BUF_FLAG_REQUEST_FD);
	KUNIT_EXPECT_EQ(test, b->request_fd, REQUEST_FD);
	expect_state(test, queuer, VB2_BUF_STATE_IN_REQUEST);
}

/* Whoever queues the request waits, when nobody is kept from anything. */
static void request_waits_for_nothing(struct kunit *test)
{
	struct camera *cam = camera(test, &camera_ops, &vb2_dma_sg_memops);
	struct media_request *req = request(test, cam);
	struct media_request_wait *wait;
	struct queuer *first, *second;
	unsigned int tries = 0;
	struct mover mover;

	mover_init(test, &mover);
	first = queuer(test, cam, 0, slow_buffer(test));
	second = queuer(test, cam, 1, mover.dmabuf);
	bind(test, first, req);
	bind(test, second, req);
	KUNIT_EXPECT_EQ(test, vb2_request_validate(req), -EAGAIN);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(&mover.fence->base));
	KUNIT_EXPECT_FALSE(test, mutex_is_locked(&cam->lock));
	KUNIT_EXPECT_NULL(test, cam->queue.waits_for);
	KUNIT_EXPECT_EQ(test, mover.dmabuf->nr_attachments, 1);

	wait = req->wait;
	req->wait = NULL;
	KUNIT_ASSERT_NOT_NULL(test, wait);
	dma_buf_test_signal_later(mover.fence);
	KUNIT_EXPECT_EQ(test, wait->wait(wait, &tries), 0);
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(&mover.fence->base));
	KUNIT_EXPECT_EQ(test, vb2_request_validate(req), 0);
	KUNIT_EXPECT_NULL(test, req->wait);
	wait->release(wait);
	KUNIT_EXPECT_EQ(test, mover.dmabuf->nr_attachments, 1);
	expect_bound(test, first);
	expect_bound(test, second);
	media_request_put(req);
}

static struct kunit_case dma_buf_vb2_cases[] = {
	KUNIT_CASE_PARAM(mover_holds_up_nobody, way_gen_params),
	KUNIT_CASE_PARAM(buffers_gone, way_gen_params),
	KUNIT_CASE_PARAM(buffers_anew, way_gen_params),
	KUNIT_CASE_PARAM(killed, way_gen_params),
	KUNIT_CASE_PARAM(no_fences, way_gen_params),
	KUNIT_CASE(lock_that_stays),
	KUNIT_CASE(request_waits_for_nothing),
	{}
};

static struct kunit_suite dma_buf_vb2_suite = {
	.name = "dma_buf_vb2",
	.test_cases = dma_buf_vb2_cases,
};

kunit_test_suite(dma_buf_vb2_suite);
