// SPDX-License-Identifier: MIT
/* DRM devices as importers: see sharing.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <drm_fourcc.h>
#include <etnaviv_drmif.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "gc320.h"
#include "sharing.h"

#define STREAM_WORDS	1024

#ifndef DRM_CAP_PRIME_NEEDS_CONTIG
#define DRM_CAP_PRIME_NEEDS_CONTIG 0x80
#endif

static int drm_needs_contig(const struct share_importer *by)
{
	int fd = open(by->path, O_RDWR | O_CLOEXEC), err;
	uint64_t value = 0;

	if (fd < 0)
		return -errno;
	err = drmGetCap(fd, DRM_CAP_PRIME_NEEDS_CONTIG, &value) ? -errno : 0;
	close(fd);
	return err ? err : (int)value;
}

static unsigned int rows_of(const struct share_import *import)
{
	size_t size = import->size < SHARE_BYTES ? import->size : SHARE_BYTES;

	return size / SHARE_STRIDE;
}

static int prime_attach(struct share_import *import,
			const struct share_buffer *buf)
{
	import->fd = open(import->by->path, O_RDWR | O_CLOEXEC);
	if (import->fd < 0 ||
	    drmPrimeFDToHandle(import->fd, buf->fd, &import->handle))
		return -errno;
	return 0;
}

/* ---- the GPU: copies the buffer to one of its own ---- */

struct gpu {
	struct etna_device *dev;
	struct etna_gpu *core;
	struct etna_pipe *pipe;
	struct etna_cmd_stream *stream;
	struct etna_bo *from, *to;
};

static int gpu_attach(struct share_import *import,
		      const struct share_buffer *buf)
{
	struct gpu *gpu = calloc(1, sizeof(*gpu));
	int err;

	if (!gpu)
		return -ENOMEM;
	import->priv = gpu;
	err = prime_attach(import, buf);
	if (err)
		return err;
	gpu->dev = etna_device_new(import->fd);
	gpu->core = gpu->dev ? gc320_open(gpu->dev) : NULL;
	gpu->pipe = gpu->core ? etna_pipe_new(gpu->core, ETNA_PIPE_2D) : NULL;
	gpu->stream = gpu->pipe ? etna_cmd_stream_new(gpu->pipe, STREAM_WORDS,
						      NULL, NULL) : NULL;
	gpu->from = gpu->stream ? etna_bo_from_dmabuf(gpu->dev, buf->fd) : NULL;
	gpu->to = gpu->from ? etna_bo_new(gpu->dev, SHARE_BYTES,
					  DRM_ETNA_GEM_CACHE_WC) : NULL;
	return gpu->to ? 0 : -ENODEV;
}

static int gpu_use(struct share_import *import, uint32_t seed)
{
	struct gpu *gpu = import->priv;
	unsigned int rows = rows_of(import);
	struct gc320_surface from = {
		.bo = gpu->from, .stride = SHARE_STRIDE,
		.width = SHARE_STRIDE / 4, .height = rows,
		.format = GC320_A8R8G8B8,
	}, to = from;
	const struct gc320_rect all = { 0, 0, SHARE_STRIDE / 4, rows };
	const uint32_t *map;
	int err = 0;

	to.bo = gpu->to;
	gc320_copy(gpu->stream, &to, &all, &from, 0, 0);
	gc320_flush(gpu->stream);
	/*
	 * libdrm prints what is wrong with a submit, and leaves only errno; EAGAIN
	 * when it has called again.
	 */
	errno = 0;
	etna_cmd_stream_finish(gpu->stream);
	err = errno == EAGAIN ? 0 : -errno;
	map = etna_bo_map(gpu->to);
	if (!map || etna_bo_cpu_prep(gpu->to, DRM_ETNA_PREP_READ))
		return -EIO;
	for (size_t i = 0; i < rows * SHARE_STRIDE / 4; i++)
		if (map[i] != share_word(seed, i)) {
			err = err ? err : -EBADMSG;
			break;
		}
	etna_bo_cpu_fini(gpu->to);
	return err;
}

static void gpu_release(struct share_import *import)
{
	struct gpu *gpu = import->priv;

	if (!gpu)
		return;
	if (gpu->to)
		etna_bo_del(gpu->to);
	if (gpu->from)
		etna_bo_del(gpu->from);
	if (gpu->stream)
		etna_cmd_stream_del(gpu->stream);
	if (gpu->pipe)
		etna_pipe_del(gpu->pipe);
	if (gpu->core)
		etna_gpu_del(gpu->core);
	if (gpu->dev)
		etna_device_del(gpu->dev);
	free(gpu);
}

unsigned int share_gpu_importer(struct share_importer *list)
{
	*list = (struct share_importer) {
		.name = "gpu", .attach = gpu_attach, .use = gpu_use,
		.release = gpu_release, .needs_contig = drm_needs_contig,
	};
	return share_find_card(SHARE_CARD_GPU, list->path, sizeof(list->path));
}

/* ---- the display: shows the buffer on its overlay plane ---- */

struct light {
	uint32_t crtc, plane, handle;
};

static uint32_t overlay_of(int fd, unsigned int crtc_index)
{
	drmModePlaneResPtr planes = drmModeGetPlaneResources(fd);
	uint32_t found = 0;

	for (uint32_t i = 0; planes && i < planes->count_planes && !found; i++) {
		drmModePlanePtr p = drmModeGetPlane(fd, planes->planes[i]);

		/* Without universal planes, overlays are all that is listed. */
		if (p && p->possible_crtcs & 1 << crtc_index)
			found = p->plane_id;
		drmModeFreePlane(p);
	}
	drmModeFreePlaneResources(planes);
	return found;
}

static int add_fb(int fd, uint32_t handle, uint32_t width, uint32_t height,
		  uint32_t stride, uint32_t *fb)
{
	const uint32_t handles[4] = { handle }, strides[4] = { stride };
	const uint32_t offsets[4] = { 0 };

	return drmModeAddFB2(fd, width, height, DRM_FORMAT_XRGB8888, handles,
			     strides, offsets, fb, 0) ? -errno : 0;
}

static int set_mode(int fd, drmModeConnectorPtr c, uint32_t crtc,
		    struct light *light)
{
	drmModeModeInfoPtr mode = &c->modes[0];
	uint32_t stride, fb;
	uint64_t size;
	int err;

	if (drmModeCreateDumbBuffer(fd, mode->hdisplay, mode->vdisplay, 32, 0,
				    &light->handle, &stride, &size))
		return -errno;
	err = add_fb(fd, light->handle, mode->hdisplay, mode->vdisplay, stride,
		     &fb);
	if (err)
		return err;
	light->crtc = crtc;
	return drmModeSetCrtc(fd, crtc, fb, 0, 0, &c->connector_id, 1, mode) ?
	       -errno : 0;
}

/* Light up the first connector that has something connected. */
static int light_up(int fd, struct light *light)
{
	drmModeResPtr res = drmModeGetResources(fd);
	int err = -ENODEV;

	for (int i = 0; res && i < res->count_connectors && err == -ENODEV; i++) {
		drmModeConnectorPtr c = drmModeGetConnector(fd,
							    res->connectors[i]);
		drmModeEncoderPtr e = c && c->count_encoders ?
			drmModeGetEncoder(fd, c->encoders[0]) : NULL;

		for (int k = 0; e && k < res->count_crtcs && err == -ENODEV &&
		     c->connection == DRM_MODE_CONNECTED && c->count_modes; k++) {
			if (!(e->possible_crtcs & 1 << k))
				continue;
			light->plane = overlay_of(fd, k);
			if (light->plane)
				err = set_mode(fd, c, res->crtcs[k], light);
		}
		drmModeFreeEncoder(e);
		drmModeFreeConnector(c);
	}
	drmModeFreeResources(res);
	return err;
}

static int display_use(struct share_import *import, uint32_t seed)
{
	unsigned int rows = rows_of(import) < 240 ? rows_of(import) : 240;
	struct light light = { 0 };
	uint32_t fb;
	int err;

	(void)seed;	/* what is on the screen only the host can tell */
	err = light_up(import->fd, &light);
	if (!err)
		err = add_fb(import->fd, import->handle, SHARE_STRIDE / 4, rows,
			     SHARE_STRIDE, &fb);
	if (err)
		return err;
	return drmModeSetPlane(import->fd, light.plane, light.crtc, fb, 0, 0, 0,
			       SHARE_STRIDE / 4, rows, 0, 0,
			       SHARE_STRIDE / 4 << 16, rows << 16) ? -errno : 0;
}

unsigned int share_card_importers(struct share_importer *list)
{
	unsigned int n = 0;

	list[n] = (struct share_importer) {
		.name = "display", .attach = prime_attach, .use = display_use,
		.needs_contig = drm_needs_contig,
	};
	n += share_find_card(SHARE_CARD_KMS, list[n].path, sizeof(list->path));
	list[n] = (struct share_importer) {
		.name = "vgem", .attach = prime_attach,
		.needs_contig = drm_needs_contig,
	};
	return n + share_find_card(SHARE_CARD_VGEM, list[n].path,
				   sizeof(list->path));
}
