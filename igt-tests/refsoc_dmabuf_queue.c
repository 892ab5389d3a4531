// SPDX-License-Identifier: MIT
/*
 * A V4L2 queue to which somebody wants to add a buffer that has to move, while
 * user space holds the fence that is waited for: everybody else goes on.
 */

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/media.h>
#include <linux/videodev2.h>

#include "igt.h"
#include "sw_sync.h"

#include "dmabuf_uapi.h"
#include "moving.h"
#include "sharing.h"

IGT_TEST_DESCRIPTION("V4L2 queues while a dma-buf waits to be moved");

#define SEED		0x5eed0400
#define BUFFERS		4	/* of the queue; the first one is the mover's */
#define FRAMES		10
#define ROUNDS		10
#define DRAWING		4	/* threads */

static const struct share_exporter *from, *camera;
static const struct share_importer *by, *display, *gpu;

static int buffers(int queue, unsigned int count)
{
	struct v4l2_requestbuffers req = {
		.count = count, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
	};

	return ioctl(queue, VIDIOC_REQBUFS, &req) ? -errno : 0;
}

/* The media device that a queue is of, for requests */
static int open_media(int queue)
{
	struct v4l2_capability cap = { 0 };
	struct media_device_info info;
	char path[32];
	int fd;

	do_ioctl(queue, VIDIOC_QUERYCAP, &cap);
	for (int i = 0; i < 16; i++) {
		snprintf(path, sizeof(path), "/dev/media%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (!ioctl(fd, MEDIA_IOC_DEVICE_INFO, &info) &&
		    !strcmp(info.bus_info, (char *)cap.bus_info))
			return fd;
		close(fd);
	}
	return -ENODEV;
}

/* A request that has a buffer of the queue; its descriptor is returned. */
static int request(int media, int queue, unsigned int index, int dmabuf)
{
	struct v4l2_buffer b = {
		.index = index,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
		.flags = V4L2_BUF_FLAG_REQUEST_FD,
		.m.fd = dmabuf,
	};
	int fd;

	if (ioctl(media, MEDIA_IOC_REQUEST_ALLOC, &fd))
		return -errno;
	b.request_fd = fd;
	return ioctl(queue, VIDIOC_QBUF, &b) ? -errno : fd;
}

static int queue_request(int request)
{
	return ioctl(request, MEDIA_REQUEST_IOC_QUEUE) ? -errno : 0;
}

/**
 * struct scene - a queue, and a buffer that is on its way to it
 * @queue: the queue's file
 * @media: its media device, if the buffer is to go there by a request
 * @buf: the buffer
 * @import: the display wants it contiguous
 * @pid: who adds it to the queue, and waits
 */
struct scene {
	int queue;
	int media;
	struct share_buffer buf;
	struct share_import import;
	pid_t pid;
};

static unsigned int attachments(const struct share_buffer *buf)
{
	struct dma_buf_query query;

	igt_assert_eq(share_query(buf->fd, &query), 0);
	return query.attachments;
}

/* As it waits, and does not only get ready to */
static bool sleeps_in_ioctl(pid_t pid)
{
	char path[32];
	int times = 0;
	long number;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	for (int ms = 0; ms < 3 * AT_ONCE_MS && times < 10; ms += 20) {
		usleep(20000);
		f = fopen(path, "r");
		if (!f)
			return false;
		/* Of one that does not sleep it says "running". */
		times = fscanf(f, "%ld", &number) == 1 && number == SYS_ioctl ?
			times + 1 : 0;
		fclose(f);
	}
	return times == 10;
}

/* Somebody adds it, and exits with the errno. */
static pid_t add_mover(struct scene *s, bool by_request)
{
	int req = by_request ? request(s->media, s->queue, 0, s->buf.fd) : -1;
	pid_t pid;

	igt_assert(req >= 0 || !by_request);
	pid = fork();
	igt_assert(pid >= 0);
	if (!pid) {
		signal(SIGTERM, SIG_DFL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(-(by_request ? queue_request(req) :
				     share_v4l2_queue(s->queue, 0, s->buf.fd)));
	}
	if (by_request)
		close(req);
	return pid;
}

static void start(struct scene *s, bool by_request)
{
	size_t bytes;
	int status;

	s->queue = share_v4l2_open(by->path, SHARE_BYTES, V4L2_MEMORY_DMABUF,
				   &bytes);
	igt_assert_lte(0, s->queue);
	igt_assert_eq(buffers(s->queue, BUFFERS), 0);
	s->media = by_request ? open_media(s->queue) : -1;
	moving_scattered(from, SEED, &s->buf);
	igt_assert_lte(bytes, s->buf.size);
	moving_hold(&s->buf);
	assert_at_once(share_attach(display, &s->buf, &s->import) == 0);

	s->pid = add_mover(s, by_request);
	igt_assert(sleeps_in_ioctl(s->pid));
	igt_assert_eq(waitpid(s->pid, &status, WNOHANG), 0);
}

static void finish(struct scene *s)
{
	igt_assert_eq(share_use(&s->import, SEED), 0);
	share_release(&s->import);
	if (s->media >= 0)
		close(s->media);
	close(s->queue);
	igt_assert_eq(attachments(&s->buf), 0);
	share_free(&s->buf);
}

/*
 * Exports a buffer of the same device, and adds others to the queue, which knows
 * them by their descriptors: they stay open.
 */
static int add_others(const struct scene *s)
{
	for (unsigned int i = 1; i < BUFFERS; i++) {
		struct share_buffer exported, imported;

		if (share_alloc(camera, SHARE_BYTES, &exported) ||
		    share_alloc(from, SHARE_BYTES, &imported) ||
		    share_v4l2_queue(s->queue, i, imported.fd))
			return 1;
		share_free(&exported);
	}
	return 0;
}

/*
 * What others do with the queue while the mover waits, who gets @err in the
 * end. Who is held up by a lock cannot be killed: the fence goes first, then the
 * verdict.
 */
static void meanwhile(struct scene *s, int (*what)(const struct scene *s), int err)
{
	bool in_time, waits, moved;
	int status, others;
	pid_t pid = fork();

	igt_assert(pid >= 0);
	if (!pid)
		_exit(what(s));
	in_time = moving_ends_in_time(pid, &others);
	waits = waitpid(s->pid, &status, WNOHANG) == 0;
	moved = moving_contiguous(&s->buf);

	moving_let_go();
	if (!in_time)
		igt_assert_eq(waitpid(pid, &others, 0), pid);
	if (waits)
		igt_assert_eq(waitpid(s->pid, &status, 0), s->pid);
	igt_assert(waits && !moved && in_time);
	igt_assert_eq(others, 0);
	igt_assert(WIFEXITED(status));
	igt_assert_eq(WEXITSTATUS(status), err);
}

static void mover_holds_up_nobody(void)
{
	struct scene s;

	start(&s, false);
	meanwhile(&s, add_others, 0);
	igt_assert(moving_contiguous(&s.buf));
	finish(&s);
}

/* Pictures come into buffers that are added again and again. */
static int take_pictures(int queue)
{
	struct pollfd p = { .fd = queue, .events = POLLIN };
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	for (int i = 0; i < FRAMES; i++) {
		struct v4l2_buffer b = {
			.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
			.memory = V4L2_MEMORY_DMABUF,
		};

		if (poll(&p, 1, AT_ONCE_MS) != 1 ||
		    ioctl(queue, VIDIOC_DQBUF, &b) || b.index == 0 ||
		    ioctl(queue, VIDIOC_QBUF, &b))
			return 1;
	}
	return !!ioctl(queue, VIDIOC_STREAMOFF, &type);
}

static int add_and_stream(const struct scene *s)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	return add_others(s) || ioctl(s->queue, VIDIOC_STREAMON, &type) ||
	       take_pictures(s->queue);
}

static void stream_goes_on(void)
{
	struct scene s;

	start(&s, false);
	meanwhile(&s, add_and_stream, 0);
	finish(&s);
}

/* What it was to be a buffer of is gone. */
static int free_all(const struct scene *s)
{
	return -buffers(s->queue, 0);
}

static void buffers_gone(void)
{
	struct scene s;

	start(&s, false);
	meanwhile(&s, free_all, EINVAL);
	igt_assert_eq(attachments(&s.buf), 1);
	finish(&s);
}

/* Gone, and others there of the same numbers, that somebody else has asked for */
static int another_file;

static int take_over(const struct scene *s)
{
	int err = buffers(s->queue, 0);

	return -(err ? err : buffers(another_file, BUFFERS));
}

static void owner_changed(void)
{
	struct scene s;

	start(&s, false);
	another_file = open(by->path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	igt_assert_lte(0, another_file);
	meanwhile(&s, take_over, EINVAL);
	igt_assert_eq(attachments(&s.buf), 1);
	close(another_file);
	finish(&s);
}

static void killed_with(int sig)
{
	struct scene s;
	int status;
	bool in_time;

	start(&s, false);
	kill(s.pid, sig);
	in_time = moving_ends_in_time(s.pid, &status);
	moving_let_go();
	igt_assert(in_time);
	igt_assert(WIFSIGNALED(status) && WTERMSIG(status) == sig);
	igt_assert_eq(attachments(&s.buf), 1);
	igt_assert_eq(share_v4l2_queue(s.queue, 0, s.buf.fd), 0);
	finish(&s);
}

static void mover_killed(void)
{
	killed_with(SIGKILL);
}

static void mover_terminated(void)
{
	killed_with(SIGTERM);
}

/*
 * Other requests are queued and done; files of the device are closed. The stream
 * goes on, as its end would take the buffer out of the mover's request.
 */
static int request_others(const struct scene *s)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	for (unsigned int i = 1; i < BUFFERS; i++) {
		struct share_buffer exported, imported;
		int req;

		if (share_alloc(camera, SHARE_BYTES, &exported) ||
		    share_alloc(from, SHARE_BYTES, &imported))
			return 1;
		share_free(&exported);
		req = request(s->media, s->queue, i, imported.fd);
		if (req < 0 || queue_request(req))
			return 1;
	}
	if (ioctl(s->queue, VIDIOC_STREAMON, &type))
		return 1;
	for (unsigned int i = 1; i < BUFFERS; i++) {
		struct pollfd p = { .fd = s->queue, .events = POLLIN };
		struct v4l2_buffer b = {
			.type = type, .memory = V4L2_MEMORY_DMABUF,
		};

		if (poll(&p, 1, AT_ONCE_MS) != 1 ||
		    ioctl(s->queue, VIDIOC_DQBUF, &b) || b.index != i)
			return 1;
	}
	return 0;
}

static void request_holds_up_nobody(void)
{
	struct scene s;

	start(&s, true);
	meanwhile(&s, request_others, 0);
	finish(&s);
}

/* What is queued in the end is a request of nothing. */
static void request_emptied(void)
{
	struct scene s;

	start(&s, true);
	meanwhile(&s, free_all, ENOENT);
	igt_assert_eq(attachments(&s.buf), 1);
	finish(&s);
}

struct drawing {
	struct share_import import;
	pthread_t thread;
	volatile bool stop;
	int err;
};

static void *draw(void *arg)
{
	struct drawing *d = arg;

	do {
		d->err = share_use(&d->import, SEED);
	} while (!d->stop && !d->err);
	return NULL;
}

/*
 * So many draw that there is hardly a moment without a fence, and nobody else
 * wants it contiguous: it moves because who waits for that stays attached.
 */
static void added_while_drawn(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct drawing d[DRAWING] = { 0 };
		struct share_buffer buf;
		size_t bytes;
		int queue, err;

		queue = share_v4l2_open(by->path, SHARE_BYTES,
					V4L2_MEMORY_DMABUF, &bytes);
		igt_assert_lte(0, queue);
		moving_scattered(from, SEED, &buf);
		for (int k = 0; k < DRAWING; k++) {
			igt_assert_eq(share_attach(gpu, &buf, &d[k].import), 0);
			pthread_create(&d[k].thread, NULL, draw, &d[k]);
		}
		usleep(i * 5000);
		err = share_v4l2_queue(queue, 0, buf.fd);
		for (int k = 0; k < DRAWING; k++)
			d[k].stop = true;
		for (int k = 0; k < DRAWING; k++)
			pthread_join(d[k].thread, NULL);
		igt_assert_eq(err, 0);
		for (int k = 0; k < DRAWING; k++) {
			igt_assert_eq(d[k].err, 0);
			share_release(&d[k].import);
		}
		close(queue);
		share_free(&buf);
	}
}

static void run_all(const char *name)
{
	static const struct {
		const char *name;
		void (*run)(void);
		bool vivid;	/* a camera needs a pipeline, and has no requests */
	} tests[] = {
		{ "mover-holds-up-nobody", mover_holds_up_nobody },
		{ "stream-goes-on", stream_goes_on, .vivid = true },
		{ "buffers-gone", buffers_gone },
		{ "owner-changed", owner_changed },
		{ "mover-killed", mover_killed },
		{ "mover-terminated", mover_terminated },
		{ "added-while-drawn", added_while_drawn },
		{ "request-holds-up-nobody", request_holds_up_nobody, .vivid = true },
		{ "request-emptied", request_emptied, .vivid = true },
	};

	by = share_importer(name);
	camera = share_exporter(name);
	igt_require_f(by && camera, "there is no %s here\n", name);
	for (unsigned int i = 0; i < ARRAY_SIZE(tests); i++) {
		if (tests[i].vivid && !by->write)
			continue;
		igt_dynamic(tests[i].name) {
			share_clean_up();
			tests[i].run();
		}
	}
}

int igt_main()
{
	/* vivid has one lock for all queues of a device. */
	static const char * const names[] = {
		"vivid-contig", "vivid-vmalloc", "camera",
	};

	igt_fixture() {
		from = share_exporter("heap-deferred");
		display = share_importer("display");
		gpu = share_importer("gpu");
		igt_require(from && display && gpu);
		igt_require_sw_sync();
		share_clean_up();
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
		igt_subtest_with_dynamic(names[i])
			run_all(names[i]);
}
