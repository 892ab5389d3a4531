// SPDX-License-Identifier: MIT
/*
 * Many threads that import and close the same buffers on one file: a buffer has
 * one handle there, and nothing is left when it has none.
 */

#include <fcntl.h>
#include <pthread.h>

#include <xf86drm.h>

#include "igt.h"

#include "dmabuf_uapi.h"
#include "sharing.h"

IGT_TEST_DESCRIPTION("Threads that import the same dma-bufs at the same time");

#define AT_ONCE		4
#define MANY		100

struct opener {
	int file;
	int fd[2];
	pthread_barrier_t *meet;
	uint32_t handle;
	volatile bool stop;
	int err;
	unsigned int times;
};

static void *import_at_once(void *arg)
{
	struct opener *o = arg;

	for (;;) {
		pthread_barrier_wait(o->meet);
		if (o->stop)
			return NULL;
		if (drmPrimeFDToHandle(o->file, o->fd[0], &o->handle))
			o->err = -errno;
		pthread_barrier_wait(o->meet);
	}
}

/* Numbers are used again: what it closes may be another's by now, or nobody's. */
static void *import_and_close(void *arg)
{
	struct opener *o = arg;

	while (!o->stop && !o->err) {
		if (drmPrimeFDToHandle(o->file, o->fd[o->times++ % 2], &o->handle))
			o->err = -errno;
		else if (drmCloseBufferHandle(o->file, o->handle) && errno != EINVAL)
			o->err = -errno;
	}
	return NULL;
}

static unsigned int attachments(const struct share_buffer *buf)
{
	struct dma_buf_query query;

	igt_assert_eq(share_query(buf->fd, &query), 0);
	return query.attachments;
}

/* Whoever imports what another thread imports gets its handle, and no second. */
static void same_handle(struct opener o[AT_ONCE], const struct share_buffer *buf)
{
	pthread_t threads[AT_ONCE];
	pthread_barrier_t meet;
	uint32_t handle;

	pthread_barrier_init(&meet, NULL, AT_ONCE + 1);
	for (int i = 0; i < AT_ONCE; i++) {
		o[i].meet = &meet;
		pthread_create(&threads[i], NULL, import_at_once, &o[i]);
	}
	for (int n = 0; n < MANY; n++) {
		pthread_barrier_wait(&meet);
		pthread_barrier_wait(&meet);
		for (int i = 0; i < AT_ONCE; i++) {
			igt_assert_eq(o[i].err, 0);
			igt_assert_eq_u32(o[i].handle, o[0].handle);
		}
		igt_assert_eq(drmPrimeFDToHandle(o->file, buf->fd, &handle), 0);
		igt_assert_eq_u32(handle, o[0].handle);
		igt_assert_eq(drmCloseBufferHandle(o->file, handle), 0);
		igt_assert_eq(drmCloseBufferHandle(o->file, handle), -1);
		igt_assert_eq(attachments(buf), 0);
	}
	for (int i = 0; i < AT_ONCE; i++)
		o[i].stop = true;
	pthread_barrier_wait(&meet);
	for (int i = 0; i < AT_ONCE; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&meet);
}

/* Nothing is left of handles that are closed while they are made. */
static void nothing_is_left(struct opener o[AT_ONCE], const struct share_buffer buf[2])
{
	pthread_t threads[AT_ONCE];
	uint32_t handle;

	for (int i = 0; i < AT_ONCE; i++) {
		o[i].stop = false;
		pthread_create(&threads[i], NULL, import_and_close, &o[i]);
	}
	usleep(500000);
	for (int i = 0; i < AT_ONCE; i++)
		o[i].stop = true;
	for (int i = 0; i < AT_ONCE; i++) {
		pthread_join(threads[i], NULL);
		igt_assert_eq(o[i].err, 0);
		igt_assert(o[i].times);
	}
	for (int i = 0; i < 2; i++) {
		int fd;

		igt_assert_eq(attachments(&buf[i]), 0);
		igt_assert_eq(drmPrimeFDToHandle(o->file, buf[i].fd, &handle), 0);
		igt_assert_eq(drmPrimeHandleToFD(o->file, handle, DRM_CLOEXEC, &fd), 0);
		close(fd);
		igt_assert_eq(drmCloseBufferHandle(o->file, handle), 0);
	}
}

static void import_against_import(const struct share_importer *by,
				  const struct share_exporter *from)
{
	struct opener o[AT_ONCE] = { 0 };
	struct share_buffer buf[2];
	int file = open(by->path, O_RDWR | O_CLOEXEC);

	igt_assert(file >= 0);
	for (int i = 0; i < 2; i++)
		igt_assert_eq(share_alloc(from, SHARE_BYTES, &buf[i]), 0);
	for (int i = 0; i < AT_ONCE; i++) {
		o[i].file = file;
		o[i].fd[0] = buf[0].fd;
		o[i].fd[1] = buf[1].fd;
	}
	same_handle(o, &buf[0]);
	nothing_is_left(o, buf);
	close(file);
	for (int i = 0; i < 2; i++)
		share_free(&buf[i]);
}

int igt_main()
{
	static const char * const importers[] = { "gpu", "display", "vgem" };
	/* Two of them import their own. */
	static const char * const exporters[] = {
		"heap-deferred", "gpu-cached", "display",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(importers); i++)
		igt_subtest_with_dynamic(importers[i]) {
			const struct share_importer *by = share_importer(importers[i]);

			igt_require(by);
			for (unsigned int n = 0; n < ARRAY_SIZE(exporters); n++)
				igt_dynamic(exporters[n]) {
					const struct share_exporter *from;

					share_clean_up();
					from = share_exporter(exporters[n]);
					igt_assert(from);
					import_against_import(by, from);
				}
		}
}
