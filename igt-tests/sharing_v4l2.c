// SPDX-License-Identifier: MIT
/* V4L2 capture queues as exporters and importers: see sharing.h. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/videodev2.h>

#include "dmabuf_uapi.h"
#include "sharing.h"

#define NODES	4

#ifndef V4L2_BUF_CAP_DMABUF_NEEDS_CONTIG
#define V4L2_BUF_CAP_DMABUF_NEEDS_CONTIG	(1 << 30)
#endif

struct node {
	char name[32], path[32];
};

/* Which allocator an instance of vivid has, by its module parameter. */
static bool vivid_is_contiguous(unsigned int instance)
{
	FILE *f = fopen("/sys/module/vivid/parameters/allocators", "r");
	char text[256] = "", *word = text;

	if (!f)
		return false;
	if (!fgets(text, sizeof(text), f))
		text[0] = '\0';
	fclose(f);
	while (instance-- && word) {
		word = strchr(word, ',');
		word = word ? word + 1 : NULL;
	}
	return word && atoi(word) == 1;
}

static bool describe(const char *path, struct node *node)
{
	struct v4l2_capability cap = { 0 };
	int fd = open(path, O_RDWR | O_CLOEXEC);
	unsigned int instance;
	const char *name = "camera";
	bool ok;

	if (fd < 0)
		return false;
	ok = !ioctl(fd, VIDIOC_QUERYCAP, &cap) &&
	     cap.device_caps & V4L2_CAP_VIDEO_CAPTURE &&
	     cap.device_caps & V4L2_CAP_STREAMING;
	close(fd);
	if (!ok)
		return false;
	if (sscanf((char *)cap.bus_info, "platform:vivid-%u", &instance) == 1)
		name = vivid_is_contiguous(instance) ? "vivid-contig" :
						       "vivid-vmalloc";
	snprintf(node->name, sizeof(node->name), "%s", name);
	snprintf(node->path, sizeof(node->path), "%s", path);
	return true;
}

/*
 * One node of each name: the first for exporters and the last for importers,
 * as a queue is either one or the other.
 */
static unsigned int find_nodes(struct node *nodes, bool last)
{
	unsigned int n = 0, k;
	struct node node;
	char path[32];

	for (int i = 0; i < 64; i++) {
		snprintf(path, sizeof(path), "/dev/video%d", i);
		if (!describe(path, &node))
			continue;
		for (k = 0; k < n && strcmp(nodes[k].name, node.name); k++)
			;
		if (k < n && !last)
			continue;
		if (k == NODES)
			break;
		nodes[k] = node;
		n += k == n;
	}
	return n;
}

/* A queue of buffers that are not larger than asked for. */
int share_v4l2_open(const char *path, size_t size, uint32_t memory,
		    size_t *bytes)
{
	struct v4l2_requestbuffers req = {
		.count = 2, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = memory,
	};
	struct v4l2_format f = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK), err;

	if (fd < 0)
		return -errno;
	/* What is allocated is for every camera: some have one size only. */
	f.fmt.pix.width = memory == V4L2_MEMORY_MMAP && size >= SHARE_BYTES ?
			  SHARE_STRIDE : SHARE_STRIDE / 2;
	f.fmt.pix.height = size / 2 / f.fmt.pix.width;
	f.fmt.pix.pixelformat = V4L2_PIX_FMT_UYVY;
	f.fmt.pix.field = V4L2_FIELD_NONE;
	if (ioctl(fd, VIDIOC_S_FMT, &f) || ioctl(fd, VIDIOC_REQBUFS, &req)) {
		err = -errno;
		close(fd);
		return err;
	}
	*bytes = f.fmt.pix.sizeimage;
	return fd;
}

static int v4l2_alloc(const struct share_exporter *from, size_t size,
		      struct share_buffer *buf)
{
	struct v4l2_exportbuffer exp = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.flags = O_CLOEXEC | O_RDWR,
	};

	buf->owner = share_v4l2_open(from->path, size, V4L2_MEMORY_MMAP,
				     &buf->size);
	if (buf->owner < 0)
		return buf->owner;
	if (ioctl(buf->owner, VIDIOC_EXPBUF, &exp))
		return -errno;
	buf->fd = exp.fd;
	return 0;
}

unsigned int share_v4l2_exporters(struct share_exporter *list)
{
	struct node nodes[NODES];
	unsigned int n = find_nodes(nodes, false);

	for (unsigned int i = 0; i < n; i++) {
		list[i] = (struct share_exporter) { .alloc = v4l2_alloc };
		snprintf(list[i].name, sizeof(list[i].name), "%.31s", nodes[i].name);
		snprintf(list[i].path, sizeof(list[i].path), "%s", nodes[i].path);
	}
	return n;
}

int share_v4l2_queue(int fd, unsigned int index, int dmabuf)
{
	struct v4l2_buffer b = {
		.index = index,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
		.m.fd = dmabuf,
	};

	return ioctl(fd, VIDIOC_QBUF, &b) ? -errno : 0;
}

static int queue(struct share_import *import)
{
	return share_v4l2_queue(import->fd, 0, import->handle);
}

/* vb2 attaches and maps in one call. */
static int v4l2_attach(struct share_import *import,
		       const struct share_buffer *buf)
{
	size_t bytes;

	import->fd = share_v4l2_open(import->by->path, buf->size,
				     V4L2_MEMORY_DMABUF, &bytes);
	if (import->fd < 0)
		return import->fd;
	if (bytes > buf->size)
		return -EMSGSIZE;
	import->handle = buf->fd;
	return queue(import);
}

static int one_frame(struct share_import *import, size_t *bytes)
{
	struct v4l2_buffer b = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
	};
	struct pollfd p = { .fd = import->fd, .events = POLLIN };
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE, err = 0;

	if (ioctl(import->fd, VIDIOC_STREAMON, &type))
		return -errno;
	if (poll(&p, 1, 2000) != 1)
		err = -ETIMEDOUT;
	else if (ioctl(import->fd, VIDIOC_DQBUF, &b))
		err = -errno;
	if (ioctl(import->fd, VIDIOC_STREAMOFF, &type) && !err)
		err = -errno;
	*bytes = b.bytesused;
	return err;
}

/* A picture is there, from its first line to its last, and nothing else is. */
static int check_picture(const struct share_buffer *buf, size_t bytes,
			 uint32_t seed)
{
	const size_t line = SHARE_STRIDE / 4;
	size_t first = 0, last = 0, beyond = 0;
	const uint32_t *map;
	int err;

	map = mmap(NULL, buf->size, PROT_READ, MAP_SHARED, buf->fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	err = share_sync(buf->fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	for (size_t i = 0; i < buf->size / 4; i++) {
		bool same = map[i] == share_word(seed, i);

		first += i < line && !same;
		last += i >= bytes / 4 - line && i < bytes / 4 && !same;
		beyond += i >= bytes / 4 && !same;
	}
	share_sync(buf->fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	munmap((void *)map, buf->size);
	if (err)
		return err;
	return first > line / 2 && last > line / 2 && !beyond ? 0 : -EBADMSG;
}

static int vivid_write(struct share_import *import, uint32_t seed)
{
	const struct share_buffer buf = {
		.fd = import->handle, .size = import->size, .owner = -1,
	};
	size_t bytes = 0;
	int err = one_frame(import, &bytes);

	if (!err && bytes < SHARE_STRIDE)
		err = -ENODATA;
	if (!err)
		err = check_picture(&buf, bytes, seed);
	if (!err)
		err = share_fill(&buf, seed);
	return err ? err : queue(import);
}

/* A kernel that does not know the capability says no. */
static int v4l2_needs_contig(const struct share_importer *by)
{
	struct v4l2_requestbuffers req = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_DMABUF,
	};
	int fd = open(by->path, O_RDWR | O_CLOEXEC | O_NONBLOCK), err;

	if (fd < 0)
		return -errno;
	err = ioctl(fd, VIDIOC_REQBUFS, &req) ? -errno : 0;
	close(fd);
	return err ? err :
	       !!(req.capabilities & V4L2_BUF_CAP_DMABUF_NEEDS_CONTIG);
}

unsigned int share_v4l2_importers(struct share_importer *list)
{
	struct node nodes[NODES];
	unsigned int n = find_nodes(nodes, true);

	for (unsigned int i = 0; i < n; i++) {
		list[i] = (struct share_importer) {
			.attach = v4l2_attach,
			.needs_contig = v4l2_needs_contig,
		};
		/* A camera needs a pipeline, and shows there what it writes. */
		if (!strncmp(nodes[i].name, "vivid", 5))
			list[i].write = vivid_write;
		snprintf(list[i].name, sizeof(list[i].name), "%.31s", nodes[i].name);
		snprintf(list[i].path, sizeof(list[i].path), "%s", nodes[i].path);
	}
	return n;
}
