// SPDX-License-Identifier: MIT
/*
 * The display and the cameras go while others still have their buffers, or
 * they the buffers of others, and come back.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/videodev2.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt.h"

#include "dmabuf_uapi.h"
#include "gpu_job.h"
#include "sharing.h"

IGT_TEST_DESCRIPTION("Unbinding display and cameras while buffers are in use");

#define SEED		0x90e5
#define DRIVERS		"/sys/bus/platform/drivers/"
#define DISPLAY		DRIVERS "refsoc-kms"
#define CRTC		DRIVERS "refsoc-kms-crtc"
#define CSI		DRIVERS "refsoc-csi"

static int try(const char *driver, const char *what, const char *device)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", driver, what);
	return gpu_write_file(path, device);
}

static void tell(const char *driver, const char *what, const char *device)
{
	igt_assert_eq(try(driver, what, device), 0);
}

/* What the GPU has let go of is closed by a thread of the kernel, a little later. */
static void bind_display(const char *driver, const char *device)
{
	int err = EBUSY;

	for (int ms = 0; err == EBUSY && ms < 3000; ms += 10) {
		err = try(driver, "bind", device);
		if (err == EBUSY)
			usleep(10000);
	}
	igt_assert_eq(err, 0);
}

static const struct share_importer *importer(const char *name)
{
	const struct share_importer *by = share_importer(name);

	igt_require_f(by, "no %s\n", name);
	return by;
}

static void alloc(const char *name, struct share_buffer *buf)
{
	const struct share_exporter *from = share_exporter(name);

	igt_require_f(from, "no %s\n", name);
	igt_assert_eq(share_alloc(from, SHARE_BYTES, buf), 0);
	igt_assert_eq(share_fill(buf, SEED), 0);
}

static uint32_t attachments(const struct share_buffer *buf)
{
	struct dma_buf_query query;

	igt_assert_eq(share_query(buf->fd, &query), 0);
	return query.attachments;
}

/* Someone new can use the buffer, and it holds what it held. */
static void assert_alive(const struct share_buffer *buf)
{
	struct share_import gpu_import;

	igt_assert_eq(share_check(buf, SEED), 0);
	igt_assert_eq(share_attach(importer("gpu"), buf, &gpu_import), 0);
	igt_assert_eq(share_use(&gpu_import, SEED), 0);
	share_release(&gpu_import);
}

/* ---- the display ---- */

static void require_display(void)
{
	share_clean_up();
	igt_require_f(!access(DISPLAY "/display-subsystem", F_OK),
		      "no display of refsoc-kms\n");
}

static void assert_display_works(const struct share_buffer *buf)
{
	struct share_import screen;

	igt_assert_eq(share_attach(importer("display"), buf, &screen), 0);
	igt_assert_eq(share_use(&screen, SEED), 0);
	share_release(&screen);
}

static void test_display_open(const char *driver, const char *device)
{
	struct share_buffer own, others;
	struct share_import screen;
	drmModeResPtr res;
	uint32_t handle;

	require_display();
	alloc("heap-deferred", &others);
	alloc("display", &own);
	igt_assert_eq(share_attach(importer("display"), &others, &screen), 0);
	igt_assert_eq(share_use(&screen, SEED), 0);

	tell(driver, "unbind", device);
	res = drmModeGetResources(screen.fd);
	igt_assert(!res && errno == ENODEV);
	igt_assert(drmPrimeFDToHandle(screen.fd, own.fd, &handle) &&
		   errno == ENODEV);
	/* It holds on to memory, and to nothing else. */
	assert_alive(&own);
	assert_alive(&others);
	igt_assert_eq(attachments(&others), 1);

	/* Connectors are not free before the last file is closed. */
	igt_assert_eq(try(driver, "bind", device), EBUSY);
	share_release(&screen);
	igt_assert_eq(attachments(&others), 0);
	assert_alive(&own);
	share_free(&own);
	bind_display(driver, device);
	sleep(1);
	assert_display_works(&others);
	share_free(&others);
}

/* Shows two dumb buffers in turns, each when the other has been shown. */
struct flipper {
	int fd;
	uint32_t crtc, fb[2];
	int flips, err;
};

static void flipper_init(struct flipper *f, struct share_import *screen)
{
	drmModeResPtr res = drmModeGetResources(screen->fd);
	drmModeCrtcPtr crtc = NULL;

	igt_assert(res);
	for (int i = 0; i < res->count_crtcs; i++) {
		drmModeFreeCrtc(crtc);
		crtc = drmModeGetCrtc(screen->fd, res->crtcs[i]);
		if (crtc && crtc->mode_valid)
			break;
	}
	igt_assert(crtc && crtc->mode_valid);
	*f = (struct flipper) { .fd = screen->fd, .crtc = crtc->crtc_id };
	for (int i = 0; i < 2; i++) {
		uint32_t handle, stride;
		uint64_t size;

		igt_assert_eq(drmModeCreateDumbBuffer(f->fd, crtc->width,
						      crtc->height, 32, 0,
						      &handle, &stride, &size), 0);
		igt_assert_eq(drmModeAddFB(f->fd, crtc->width, crtc->height, 24,
					   32, stride, handle, &f->fb[i]), 0);
	}
	drmModeFreeCrtc(crtc);
	drmModeFreeResources(res);
}

static void *flip(void *data)
{
	drmEventContext context = { .version = 2 };
	struct flipper *f = data;

	for (;;) {
		struct pollfd p = { .fd = f->fd, .events = POLLIN };

		f->err = drmModePageFlip(f->fd, f->crtc, f->fb[f->flips & 1],
					 DRM_MODE_PAGE_FLIP_EVENT, NULL);
		if (f->err)
			break;
		/* The event comes, whatever becomes of the driver. */
		if (poll(&p, 1, 5000) != 1 || drmHandleEvent(f->fd, &context)) {
			f->err = -ETIMEDOUT;
			break;
		}
		f->flips++;
	}
	return NULL;
}

/* In the middle of flips */
static void test_display_busy(const char *driver, const char *device)
{
	struct share_buffer buf;

	require_display();
	alloc("heap-deferred", &buf);
	for (int i = 0; i < 3; i++) {
		struct share_import screen;
		struct flipper flipper;
		pthread_t thread;

		igt_assert_eq(share_attach(importer("display"), &buf, &screen), 0);
		igt_assert_eq(share_use(&screen, SEED), 0);
		flipper_init(&flipper, &screen);
		igt_assert_eq(pthread_create(&thread, NULL, flip, &flipper), 0);
		usleep(200000 + i * 7000);
		tell(driver, "unbind", device);
		pthread_join(thread, NULL);
		share_release(&screen);
		bind_display(driver, device);
		sleep(1);
		igt_assert_eq(flipper.err, -ENODEV);
		igt_assert_lt(2, flipper.flips);
	}
	assert_display_works(&buf);
	share_free(&buf);
}

/* ---- the cameras ---- */

static void cameras(const char *what)
{
	static const char * const names[] = {
		"imx-ipuv3-csi.0", "imx-ipuv3-csi.1", "imx-ipuv3-csi.4",
		"imx-ipuv3-csi.5",
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(*names); i++)
		tell(CSI, what, names[i]);
	sleep(1);
}

static void require_cameras(void)
{
	share_clean_up();
	igt_require_f(!access(CSI "/imx-ipuv3-csi.0", F_OK),
		      "no camera of refsoc-capture\n");
}

/* What others have of a queue is theirs for as long as they want. */
static void test_camera_exported(void)
{
	struct v4l2_buffer b = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP,
	};
	struct share_import gpu_import;
	struct share_buffer buf;

	require_cameras();
	alloc("camera", &buf);
	igt_assert_eq(share_attach(importer("gpu"), &buf, &gpu_import), 0);
	igt_assert_eq(share_use(&gpu_import, SEED), 0);

	cameras("unbind");
	do_ioctl_err(buf.owner, VIDIOC_QBUF, &b, ENODEV);
	igt_assert_eq(share_use(&gpu_import, SEED), 0);
	assert_alive(&buf);
	cameras("bind");
	assert_alive(&buf);
	share_release(&gpu_import);
	share_free(&buf);
	alloc("camera", &buf);
	share_free(&buf);
}

/* A queue lets go of what it has imported, even while its file is open. */
static void test_camera_imported(void)
{
	struct share_import camera;
	struct share_buffer buf;

	require_cameras();
	alloc("heap-deferred", &buf);
	igt_assert_eq(share_attach(importer("camera"), &buf, &camera), 0);
	igt_assert_eq(attachments(&buf), 1);

	cameras("unbind");
	igt_assert_eq(attachments(&buf), 0);
	assert_alive(&buf);
	cameras("bind");
	share_release(&camera);
	igt_assert_eq(share_attach(importer("camera"), &buf, &camera), 0);
	share_release(&camera);
	share_free(&buf);
}

int igt_main()
{
	igt_fixture() {
		gpu_setup();
		share_clean_up();
	}

	igt_subtest("display-open")
		test_display_open(DISPLAY, "display-subsystem");
	igt_subtest("display-crtc-open")
		test_display_open(CRTC, "imx-ipuv3-crtc.2");
	igt_subtest("display-busy")
		test_display_busy(DISPLAY, "display-subsystem");
	igt_subtest("display-crtc-busy")
		test_display_busy(CRTC, "imx-ipuv3-crtc.2");
	igt_subtest("camera-exported")
		test_camera_exported();
	igt_subtest("camera-imported")
		test_camera_imported();

	igt_fixture()
		gpu_teardown();
}
