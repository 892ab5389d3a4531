// SPDX-License-Identifier: MIT
/* DRM devices as exporters: see sharing.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>
#include <drm/etnaviv_drm.h>

#include "sharing.h"

static bool is_kind(int fd, enum share_card kind)
{
	drmVersionPtr version = drmGetVersion(fd);
	bool vgem = version && !strcmp(version->name, "vgem");
	bool etnaviv = version && !strcmp(version->name, "etnaviv");
	drmModeResPtr res;
	bool kms;

	drmFreeVersion(version);
	if (kind == SHARE_CARD_GPU)
		return etnaviv;
	if (kind == SHARE_CARD_VGEM)
		return vgem;
	res = drmModeGetResources(fd);
	kms = res && res->count_connectors && !vgem && !etnaviv;
	drmModeFreeResources(res);
	return kms;
}

bool share_find_card(enum share_card kind, char *path, size_t len)
{
	bool found = false;

	for (int i = 0; i < 16 && !found; i++) {
		int fd;

		if (kind == SHARE_CARD_GPU)
			snprintf(path, len, "/dev/dri/renderD%d", 128 + i);
		else
			snprintf(path, len, "/dev/dri/card%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		found = is_kind(fd, kind);
		close(fd);
	}
	return found;
}

static int export_handle(struct share_buffer *buf, uint32_t handle)
{
	return drmPrimeHandleToFD(buf->owner, handle, DRM_CLOEXEC | DRM_RDWR,
				  &buf->fd) ? -errno : 0;
}

static int gpu_alloc(const struct share_exporter *from, size_t size,
		     struct share_buffer *buf)
{
	struct drm_etnaviv_gem_new args = { .size = size, .flags = from->arg };

	buf->owner = open(from->path, O_RDWR | O_CLOEXEC);
	if (buf->owner < 0 ||
	    drmIoctl(buf->owner, DRM_IOCTL_ETNAVIV_GEM_NEW, &args))
		return -errno;
	buf->size = size;
	return export_handle(buf, args.handle);
}

static int dumb_alloc(const struct share_exporter *from, size_t size,
		      struct share_buffer *buf)
{
	uint32_t handle, stride;
	uint64_t bytes;

	buf->owner = open(from->path, O_RDWR | O_CLOEXEC);
	if (buf->owner < 0)
		return -errno;
	/* Whoever opens a card first is its master: this is left to importers. */
	drmDropMaster(buf->owner);
	if (drmModeCreateDumbBuffer(buf->owner, SHARE_STRIDE / 4,
				    size / SHARE_STRIDE, 32, 0, &handle,
				    &stride, &bytes))
		return -errno;
	if (stride != SHARE_STRIDE)
		return -ERANGE;
	buf->size = bytes;
	return export_handle(buf, handle);
}

static unsigned int add(struct share_exporter *to, const char *name,
			enum share_card kind, uint32_t flags)
{
	*to = (struct share_exporter) {
		.arg = flags,
		.alloc = kind == SHARE_CARD_GPU ? gpu_alloc : dumb_alloc,
	};
	snprintf(to->name, sizeof(to->name), "%s", name);
	return share_find_card(kind, to->path, sizeof(to->path));
}

unsigned int share_drm_exporters(struct share_exporter *list)
{
	unsigned int n = 0;

	n += add(list + n, "gpu-cached", SHARE_CARD_GPU, ETNA_BO_CACHED);
	n += add(list + n, "gpu-wc", SHARE_CARD_GPU, ETNA_BO_WC);
	n += add(list + n, "gpu-uncached", SHARE_CARD_GPU, ETNA_BO_UNCACHED);
	n += add(list + n, "display", SHARE_CARD_KMS, 0);
	n += add(list + n, "vgem", SHARE_CARD_VGEM, 0);
	return n;
}
