// SPDX-License-Identifier: MIT
/* The display: atomic KMS on the first connected connector. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <drm_fourcc.h>
#include <linux/sync_file.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "pipeline.h"

static uint32_t property(int fd, uint32_t object, uint32_t type,
			 const char *name, uint64_t *value)
{
	drmModeObjectPropertiesPtr props;
	uint32_t id = 0;

	props = drmModeObjectGetProperties(fd, object, type);
	for (uint32_t i = 0; props && i < props->count_props && !id; i++) {
		drmModePropertyPtr p = drmModeGetProperty(fd, props->props[i]);

		if (p && !strcmp(p->name, name)) {
			id = p->prop_id;
			if (value)
				*value = props->prop_values[i];
		}
		drmModeFreeProperty(p);
	}
	drmModeFreeObjectProperties(props);
	return id;
}

static void add(drmModeAtomicReqPtr req, int fd, uint32_t object,
		uint32_t type, const char *name, uint64_t value)
{
	uint32_t id = property(fd, object, type, name, NULL);

	if (!id || drmModeAtomicAddProperty(req, object, id, value) < 0)
		die(EXIT_FAILED, "the display has no property %s", name);
}

static drmModeConnectorPtr connected(int fd, drmModeResPtr res)
{
	for (int i = 0; i < res->count_connectors; i++) {
		drmModeConnectorPtr c =
			drmModeGetConnector(fd, res->connectors[i]);

		if (c && c->connection == DRM_MODE_CONNECTED && c->count_modes)
			return c;
		drmModeFreeConnector(c);
	}
	return NULL;
}

static bool find_crtc(struct display *disp, drmModeResPtr res,
		      drmModeConnectorPtr c)
{
	for (int i = 0; i < c->count_encoders; i++) {
		drmModeEncoderPtr e = drmModeGetEncoder(disp->fd,
							c->encoders[i]);
		uint32_t possible = e ? e->possible_crtcs : 0;

		drmModeFreeEncoder(e);
		for (int k = 0; k < res->count_crtcs; k++) {
			if (!(possible & 1 << k))
				continue;
			disp->crtc = res->crtcs[k];
			disp->crtc_index = k;
			return true;
		}
	}
	return false;
}

static void find_planes(struct display *disp)
{
	drmModePlaneResPtr planes = drmModeGetPlaneResources(disp->fd);

	for (uint32_t i = 0; planes && i < planes->count_planes; i++) {
		drmModePlanePtr p = drmModeGetPlane(disp->fd, planes->planes[i]);
		uint64_t type = 0;

		if (p && p->possible_crtcs & 1 << disp->crtc_index &&
		    property(disp->fd, p->plane_id, DRM_MODE_OBJECT_PLANE,
			     "type", &type)) {
			if (type == DRM_PLANE_TYPE_PRIMARY && !disp->primary)
				disp->primary = p->plane_id;
			if (type == DRM_PLANE_TYPE_OVERLAY && !disp->overlay)
				disp->overlay = p->plane_id;
		}
		drmModeFreePlane(p);
	}
	drmModeFreePlaneResources(planes);
}

static void use_connector(struct display *disp, drmModeResPtr res,
			  drmModeConnectorPtr c)
{
	drmModeModeInfoPtr mode = &c->modes[0];

	disp->connector = c->connector_id;
	disp->width = mode->hdisplay;
	disp->height = mode->vdisplay;
	snprintf(disp->connector_name, sizeof(disp->connector_name), "%s-%u",
		 drmModeGetConnectorTypeName(c->connector_type),
		 c->connector_type_id);
	if (!find_crtc(disp, res, c) ||
	    drmModeCreatePropertyBlob(disp->fd, mode, sizeof(*mode),
				      &disp->mode_blob))
		die(EXIT_NO_PANEL, "%s cannot be driven", disp->connector_name);
	find_planes(disp);
	if (!disp->primary)
		die(EXIT_NO_PANEL, "%s has no primary plane",
		    disp->connector_name);
}

void display_open(struct display *disp)
{
	drmModeResPtr res;
	drmModeConnectorPtr c;
	char path[32];

	*disp = (struct display) { .fd = -1 };
	for (int i = 0; i < 16; i++) {
		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		disp->fd = open(path, O_RDWR | O_CLOEXEC);
		if (disp->fd < 0)
			continue;
		drmSetClientCap(disp->fd, DRM_CLIENT_CAP_UNIVERSAL_PLANES, 1);
		res = drmModeGetResources(disp->fd);
		c = res && !drmSetClientCap(disp->fd, DRM_CLIENT_CAP_ATOMIC, 1) ?
			connected(disp->fd, res) : NULL;
		if (c) {
			drmVersionPtr v = drmGetVersion(disp->fd);

			snprintf(disp->driver, sizeof(disp->driver), "%s",
				 v ? v->name : "?");
			drmFreeVersion(v);
			use_connector(disp, res, c);
			drmModeFreeConnector(c);
			drmModeFreeResources(res);
			return;
		}
		drmModeFreeResources(res);
		close(disp->fd);
	}
	die(EXIT_NO_PANEL, "no connected panel: no display card has a connector that is connected and has a mode");
}

static int add_fb(struct display *disp, struct scanout *s, unsigned int width,
		  unsigned int height, uint32_t fourcc)
{
	const uint32_t handles[4] = { s->handle };
	const uint32_t pitches[4] = { s->mem.stride };
	const uint32_t offsets[4] = { 0 };

	return drmModeAddFB2(disp->fd, width, height, fourcc, handles, pitches,
			     offsets, &s->fb, 0);
}

/* The display allocates. */
void display_dumb(struct display *disp, struct scanout *s, unsigned int width,
		  unsigned int height, uint32_t fourcc)
{
	uint64_t size;

	*s = (struct scanout) { .mem.fd = -1 };
	if (drmModeCreateDumbBuffer(disp->fd, width, height,
				    fourcc == DRM_FORMAT_UYVY ? 16 : 32, 0,
				    &s->handle, &s->mem.stride, &size))
		die(errno == ENOMEM ? EXIT_NO_MEMORY : EXIT_FAILED,
		    "the display gives no buffer of %ux%u: %s%s", width,
		    height, strerror(errno), errno == ENOMEM ?
		    " (the contiguous pool is full: boot with a larger cma=)" : "");
	s->mem.size = size;
	if (drmPrimeHandleToFD(disp->fd, s->handle, DRM_CLOEXEC | DRM_RDWR,
			       &s->mem.fd))
		die(EXIT_NOT_SHARED, "the display does not export: %s",
		    strerror(errno));
	if (fourcc != DRM_FORMAT_UYVY &&
	    add_fb(disp, s, width, height, fourcc))
		die(EXIT_BAD_FORMAT, "the display does not scan out %ux%u %.4s: %s",
		    width, height, (char *)&fourcc, strerror(errno));
}

/* Somebody else has; s->mem is set. Returns 0 or an errno. */
int display_import(struct display *disp, struct scanout *s, unsigned int width,
		   unsigned int height, uint32_t fourcc)
{
	if (drmPrimeFDToHandle(disp->fd, s->mem.fd, &s->handle) ||
	    add_fb(disp, s, width, height, fourcc))
		return errno;
	return 0;
}

static void add_plane(struct display *disp, drmModeAtomicReqPtr req,
		      uint32_t plane, uint32_t fb, int x, int y,
		      unsigned int w, unsigned int h, int fence)
{
	const struct {
		const char *name;
		uint64_t value;
	} props[] = {
		{ "FB_ID", fb }, { "CRTC_ID", disp->crtc },
		{ "CRTC_X", x }, { "CRTC_Y", y },
		{ "CRTC_W", w }, { "CRTC_H", h },
		{ "SRC_X", 0 }, { "SRC_Y", 0 },
		{ "SRC_W", (uint64_t)w << 16 }, { "SRC_H", (uint64_t)h << 16 },
	};

	for (size_t i = 0; i < sizeof(props) / sizeof(*props); i++)
		add(req, disp->fd, plane, DRM_MODE_OBJECT_PLANE, props[i].name,
		    props[i].value);
	if (fence >= 0)
		add(req, disp->fd, plane, DRM_MODE_OBJECT_PLANE, "IN_FENCE_FD",
		    fence);
}

/*
 * Show a buffer at the next frame, once its fence has signalled. The event
 * that ends the flip is read by display_event().
 */
void display_flip(struct display *disp, const struct scanout *s,
		  const struct scanout *sprite, int fence)
{
	drmModeAtomicReqPtr req = drmModeAtomicAlloc();
	uint32_t flags = DRM_MODE_PAGE_FLIP_EVENT | DRM_MODE_ATOMIC_NONBLOCK;

	if (!disp->lit) {
		flags |= DRM_MODE_ATOMIC_ALLOW_MODESET;
		add(req, disp->fd, disp->connector, DRM_MODE_OBJECT_CONNECTOR,
		    "CRTC_ID", disp->crtc);
		add(req, disp->fd, disp->crtc, DRM_MODE_OBJECT_CRTC, "MODE_ID",
		    disp->mode_blob);
		add(req, disp->fd, disp->crtc, DRM_MODE_OBJECT_CRTC, "ACTIVE",
		    1);
	}
	add_plane(disp, req, disp->primary, s->fb, 0, 0, disp->width,
		  disp->height, fence);
	if (sprite)
		add_plane(disp, req, disp->overlay, sprite->fb, 16,
			  disp->height - 64, 256, 48, -1);
	if (drmModeAtomicCommit(disp->fd, req, flags, disp))
		die(EXIT_FAILED, "the display refuses the flip: %s",
		    strerror(errno));
	drmModeAtomicFree(req);
	disp->fence = dup(fence);
	disp->lit = true;
	disp->flip_pending = true;
}

/* Nothing can have been on the screen before the GPU had drawn it. */
static bool fence_signalled_by(int fence, uint64_t when)
{
	struct sync_fence_info part = { 0 };
	struct sync_file_info info = {
		.num_fences = 1, .sync_fence_info = (uintptr_t)&part,
	};

	if (ioctl(fence, SYNC_IOC_FILE_INFO, &info))
		die(EXIT_FAILED, "the fence says nothing: %s", strerror(errno));
	return part.status == 1 && part.timestamp_ns <= when;
}

static void flip_done(int fd, unsigned int sequence, unsigned int sec,
		      unsigned int usec, unsigned int crtc, void *data)
{
	struct display *disp = data;

	(void)fd;
	(void)sequence;
	(void)crtc;
	if (!fence_signalled_by(disp->fence, sec * 1000000000ull +
				usec * 1000ull + 999))
		disp->early++;
	close(disp->fence);
}

void display_event(struct display *disp)
{
	drmEventContext ctx = {
		.version = 3, .page_flip_handler2 = flip_done,
	};

	if (drmHandleEvent(disp->fd, &ctx))
		die(EXIT_FAILED, "no event from the display: %s",
		    strerror(errno));
	disp->flip_pending = false;
	disp->flips++;
}

/* Closing the card frees its framebuffers, which turns the planes off. */
void display_close(struct display *disp)
{
	drmModeDestroyPropertyBlob(disp->fd, disp->mode_blob);
	close(disp->fd);
}
