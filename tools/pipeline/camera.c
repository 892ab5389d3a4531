// SPDX-License-Identifier: MIT
/* The camera: its media graph, formats, and a V4L2 capture queue. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <linux/media.h>
#include <linux/media-bus-format.h>
#include <linux/v4l2-subdev.h>
#include <linux/videodev2.h>

#include "pipeline.h"

#define MAX_ENTITIES	64
#define MAX_PADS	256
#define MAX_LINKS	256
#define MAX_PATH	16

/* A media graph as the kernel tells it. */
struct graph {
	int fd;
	char driver[32];
	struct media_v2_entity entities[MAX_ENTITIES];
	struct media_v2_interface interfaces[MAX_ENTITIES];
	struct media_v2_pad pads[MAX_PADS];
	struct media_v2_link links[MAX_LINKS];
	unsigned int n_entities, n_interfaces, n_pads, n_links;
};

static const struct {
	const char *name;
	uint32_t fourcc, code;
} formats[] = {
	{ "UYVY", V4L2_PIX_FMT_UYVY, MEDIA_BUS_FMT_UYVY8_1X16 },
	{ "YUYV", V4L2_PIX_FMT_YUYV, MEDIA_BUS_FMT_YUYV8_1X16 },
};

static int xioctl(int fd, unsigned long request, void *arg)
{
	int ret;

	do {
		ret = ioctl(fd, request, arg);
	} while (ret < 0 && (errno == EINTR || errno == EAGAIN));
	return ret;
}

static bool read_graph(struct graph *g, const char *node)
{
	struct media_device_info info = { 0 };
	struct media_v2_topology topo = {
		.num_entities = MAX_ENTITIES,
		.ptr_entities = (uintptr_t)g->entities,
		.num_interfaces = MAX_ENTITIES,
		.ptr_interfaces = (uintptr_t)g->interfaces,
		.num_pads = MAX_PADS,
		.ptr_pads = (uintptr_t)g->pads,
		.num_links = MAX_LINKS,
		.ptr_links = (uintptr_t)g->links,
	};

	g->fd = open(node, O_RDWR | O_CLOEXEC);
	if (g->fd < 0)
		return false;
	if (xioctl(g->fd, MEDIA_IOC_DEVICE_INFO, &info) ||
	    xioctl(g->fd, MEDIA_IOC_G_TOPOLOGY, &topo)) {
		close(g->fd);
		return false;
	}
	snprintf(g->driver, sizeof(g->driver), "%s", info.driver);
	g->n_entities = topo.num_entities;
	g->n_interfaces = topo.num_interfaces;
	g->n_pads = topo.num_pads;
	g->n_links = topo.num_links;
	return true;
}

static const struct media_v2_entity *entity_by_id(const struct graph *g,
						  uint32_t id)
{
	for (unsigned int i = 0; i < g->n_entities; i++)
		if (g->entities[i].id == id)
			return &g->entities[i];
	return NULL;
}

static const struct media_v2_pad *pad_by_id(const struct graph *g, uint32_t id)
{
	for (unsigned int i = 0; i < g->n_pads; i++)
		if (g->pads[i].id == id)
			return &g->pads[i];
	return NULL;
}

static const struct media_v2_entity *by_function(const struct graph *g,
						 uint32_t function)
{
	for (unsigned int i = 0; i < g->n_entities; i++)
		if (g->entities[i].function == function)
			return &g->entities[i];
	return NULL;
}

static bool is_data_link(const struct media_v2_link *link)
{
	return (link->flags & MEDIA_LNK_FL_LINK_TYPE) == MEDIA_LNK_FL_DATA_LINK;
}

/* Open the device node behind an entity. */
static int open_entity(const struct graph *g, uint32_t entity)
{
	char path[64], target[256];
	ssize_t n;

	for (unsigned int i = 0; i < g->n_links; i++) {
		const struct media_v2_link *l = &g->links[i];

		if (is_data_link(l) || l->sink_id != entity)
			continue;
		for (unsigned int k = 0; k < g->n_interfaces; k++) {
			const struct media_v2_interface *f = &g->interfaces[k];

			if (f->id != l->source_id)
				continue;
			snprintf(path, sizeof(path), "/sys/dev/char/%u:%u",
				 f->devnode.major, f->devnode.minor);
			n = readlink(path, target, sizeof(target) - 1);
			if (n < 0)
				return -1;
			target[n] = '\0';
			snprintf(path, sizeof(path), "/dev/%s",
				 strrchr(target, '/') + 1);
			return open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		}
	}
	return -1;
}

/*
 * A CSI-2 receiver has a source pad for each virtual channel, the first for
 * channel 0, on which a sensor sends that was told nothing else.
 */
static bool is_first_source(const struct graph *g,
			    const struct media_v2_pad *pad)
{
	for (unsigned int i = 0; i < g->n_pads; i++)
		if (g->pads[i].entity_id == pad->entity_id &&
		    g->pads[i].flags & MEDIA_PAD_FL_SOURCE &&
		    g->pads[i].index < pad->index)
			return false;
	return true;
}

/* Shortest way of links from the sensor to a capture node, breadth first. */
static unsigned int find_path(const struct graph *g, uint32_t sensor,
			      const struct media_v2_link **path)
{
	uint32_t queue[MAX_ENTITIES] = { sensor };
	const struct media_v2_link *via[MAX_ENTITIES] = { NULL };
	unsigned int from[MAX_ENTITIES] = { 0 };
	unsigned int head, tail = 1, depth = 0;

	for (head = 0; head < tail; head++) {
		const struct media_v2_entity *e = entity_by_id(g, queue[head]);

		if (e && e->function == MEDIA_ENT_F_IO_V4L)
			break;
		for (unsigned int i = 0; i < g->n_links; i++) {
			const struct media_v2_link *l = &g->links[i];
			const struct media_v2_pad *src, *dst;
			unsigned int k;

			if (!is_data_link(l))
				continue;
			src = pad_by_id(g, l->source_id);
			dst = pad_by_id(g, l->sink_id);
			if (!src || !dst || src->entity_id != queue[head] ||
			    (head == 1 && !is_first_source(g, src)))
				continue;
			for (k = 0; k < tail && queue[k] != dst->entity_id; k++)
				;
			if (k < tail || tail == MAX_ENTITIES)
				continue;
			queue[tail] = dst->entity_id;
			via[tail] = l;
			from[tail++] = head;
		}
	}
	if (head == tail)
		return 0;
	for (unsigned int i = head; via[i]; i = from[i])
		depth++;
	if (depth > MAX_PATH)
		return 0;
	for (unsigned int i = head, d = depth; via[i]; i = from[i])
		path[--d] = via[i];
	return depth;
}

static void enable_link(const struct graph *g, const struct media_v2_link *l)
{
	const struct media_v2_pad *src = pad_by_id(g, l->source_id);
	const struct media_v2_pad *dst = pad_by_id(g, l->sink_id);
	struct media_link_desc desc = {
		.source = { .entity = src->entity_id, .index = src->index },
		.sink = { .entity = dst->entity_id, .index = dst->index },
		.flags = MEDIA_LNK_FL_ENABLED,
	};

	if (l->flags & (MEDIA_LNK_FL_ENABLED | MEDIA_LNK_FL_IMMUTABLE))
		return;
	if (xioctl(g->fd, MEDIA_IOC_SETUP_LINK, &desc))
		die(EXIT_NO_CAMERA, "cannot enable the link from %s to %s: %s",
		    entity_by_id(g, src->entity_id)->name,
		    entity_by_id(g, dst->entity_id)->name, strerror(errno));
}

/* Set the format on one pad; the driver may change it, the next pad follows. */
static void set_pad(const struct graph *g, const struct media_v2_pad *pad,
		    struct v4l2_mbus_framefmt *fmt)
{
	struct v4l2_subdev_format f = {
		.which = V4L2_SUBDEV_FORMAT_ACTIVE,
		.pad = pad->index,
		.format = *fmt,
	};
	const struct media_v2_entity *e = entity_by_id(g, pad->entity_id);
	int fd;

	if (e->function == MEDIA_ENT_F_IO_V4L)
		return;
	fd = open_entity(g, pad->entity_id);
	if (fd < 0 || xioctl(fd, VIDIOC_SUBDEV_S_FMT, &f))
		die(EXIT_NO_CAMERA, "cannot set the format of %s pad %u: %s",
		    e->name, pad->index, strerror(errno));
	close(fd);
	if (f.format.width != fmt->width || f.format.height != fmt->height)
		die(EXIT_BAD_FORMAT, "%s does not do %ux%u, its nearest is %ux%u",
		    e->name, fmt->width, fmt->height, f.format.width,
		    f.format.height);
	*fmt = f.format;
}

static void set_video_format(struct camera *cam)
{
	struct v4l2_format f = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };

	f.fmt.pix.width = cam->width;
	f.fmt.pix.height = cam->height;
	f.fmt.pix.pixelformat = cam->fourcc;
	f.fmt.pix.field = V4L2_FIELD_NONE;
	if (xioctl(cam->fd, VIDIOC_S_FMT, &f))
		die(EXIT_BAD_FORMAT, "the camera refuses %ux%u: %s",
		    cam->width, cam->height, strerror(errno));
	if (f.fmt.pix.pixelformat != cam->fourcc ||
	    f.fmt.pix.width != cam->width || f.fmt.pix.height != cam->height)
		die(EXIT_BAD_FORMAT, "the camera offers %ux%u %.4s instead",
		    f.fmt.pix.width, f.fmt.pix.height,
		    (char *)&f.fmt.pix.pixelformat);
	cam->stride = f.fmt.pix.bytesperline;
	for (unsigned int i = 0; i < CAMERA_BUFFERS; i++)
		cam->buffers[i] = (struct shared) {
			.fd = -1,
			.stride = f.fmt.pix.bytesperline,
			.size = f.fmt.pix.sizeimage,
		};
}

static bool find_camera(struct graph *g, const struct media_v2_entity **sensor)
{
	struct dirent *d;
	DIR *dev = opendir("/dev");
	char node[300];

	while (dev && (d = readdir(dev))) {
		if (strncmp(d->d_name, "media", 5))
			continue;
		snprintf(node, sizeof(node), "/dev/%s", d->d_name);
		if (!read_graph(g, node))
			continue;
		*sensor = by_function(g, MEDIA_ENT_F_CAM_SENSOR);
		if (*sensor) {
			closedir(dev);
			return true;
		}
		close(g->fd);
	}
	if (dev)
		closedir(dev);
	return false;
}

void camera_open(struct camera *cam, unsigned int width, unsigned int height,
		 const char *format)
{
	static struct graph g;
	const struct media_v2_entity *sensor;
	const struct media_v2_link *path[MAX_PATH];
	struct v4l2_mbus_framefmt fmt = { .width = width, .height = height };
	unsigned int i, n;

	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (!strcmp(formats[i].name, format))
			break;
	if (i == sizeof(formats) / sizeof(*formats))
		die(EXIT_BAD_FORMAT, "unknown camera format %s: UYVY or YUYV",
		    format);
	*cam = (struct camera) {
		.width = width, .height = height, .fourcc = formats[i].fourcc,
	};
	fmt.code = formats[i].code;
	fmt.field = V4L2_FIELD_NONE;

	if (!find_camera(&g, &sensor))
		die(EXIT_NO_CAMERA, "no camera: no media device has a sensor");
	snprintf(cam->driver, sizeof(cam->driver), "%s", g.driver);
	snprintf(cam->entity, sizeof(cam->entity), "%s", sensor->name);
	n = find_path(&g, sensor->id, path);
	if (!n)
		die(EXIT_NO_CAMERA, "no camera: no way from %s to a video node",
		    sensor->name);
	for (i = 0; i < n; i++) {
		enable_link(&g, path[i]);
		set_pad(&g, pad_by_id(&g, path[i]->source_id), &fmt);
		set_pad(&g, pad_by_id(&g, path[i]->sink_id), &fmt);
	}
	cam->fd = open_entity(&g, pad_by_id(&g, path[n - 1]->sink_id)->entity_id);
	if (cam->fd < 0)
		die(EXIT_NO_CAMERA, "cannot open the camera's video node: %s",
		    strerror(errno));
	set_video_format(cam);
	close(g.fd);
}

static void request_buffers(struct camera *cam, enum v4l2_memory memory)
{
	struct v4l2_requestbuffers req = {
		.count = CAMERA_BUFFERS,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = memory,
	};

	if (xioctl(cam->fd, VIDIOC_REQBUFS, &req))
		die(errno == ENOMEM ? EXIT_NO_MEMORY : EXIT_FAILED,
		    "the camera gives no buffers: %s%s", strerror(errno),
		    errno == ENOMEM ? " (the contiguous pool is full: boot with a larger cma=)" : "");
	if (req.count != CAMERA_BUFFERS)
		die(EXIT_NO_MEMORY, "the camera gives %u buffers of %u: the contiguous pool is full, boot with a larger cma=",
		    req.count, CAMERA_BUFFERS);
}

/* The camera allocates. */
void camera_export(struct camera *cam)
{
	request_buffers(cam, V4L2_MEMORY_MMAP);
	for (unsigned int i = 0; i < CAMERA_BUFFERS; i++) {
		struct v4l2_exportbuffer exp = {
			.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
			.index = i,
			.flags = O_CLOEXEC | O_RDWR,
		};

		if (xioctl(cam->fd, VIDIOC_EXPBUF, &exp))
			die(EXIT_NOT_SHARED, "the camera does not export: %s",
			    strerror(errno));
		cam->buffers[i].fd = exp.fd;
	}
}

/* Somebody else has; cam->buffers[].fd are set. */
void camera_import(struct camera *cam)
{
	cam->imports = true;
	request_buffers(cam, V4L2_MEMORY_DMABUF);
}

void camera_queue(struct camera *cam, unsigned int index)
{
	struct v4l2_buffer buf = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = cam->imports ? V4L2_MEMORY_DMABUF : V4L2_MEMORY_MMAP,
		.index = index,
	};

	if (cam->imports)
		buf.m.fd = cam->buffers[index].fd;
	if (xioctl(cam->fd, VIDIOC_QBUF, &buf))
		die(cam->imports ? EXIT_NOT_SHARED : EXIT_FAILED,
		    "the camera does not take buffer %u: %s", index,
		    strerror(errno));
}

void camera_start(struct camera *cam)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	for (unsigned int i = 0; i < CAMERA_BUFFERS; i++)
		camera_queue(cam, i);
	if (xioctl(cam->fd, VIDIOC_STREAMON, &type))
		die(EXIT_NO_CAMERA, "the camera does not start: %s",
		    strerror(errno));
	cam->started = true;
}

/* Returns the index of a filled buffer, -1 for one the camera marked bad. */
int camera_dequeue(struct camera *cam)
{
	struct v4l2_buffer buf = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = cam->imports ? V4L2_MEMORY_DMABUF : V4L2_MEMORY_MMAP,
	};

	if (xioctl(cam->fd, VIDIOC_DQBUF, &buf))
		die(EXIT_STALLED, "the camera gave no frame: %s",
		    strerror(errno));
	if (cam->captured)
		cam->missing += buf.sequence - cam->last - 1;
	else
		cam->first = buf.sequence;
	cam->last = buf.sequence;
	cam->captured++;
	if (buf.flags & V4L2_BUF_FLAG_ERROR) {
		camera_queue(cam, buf.index);
		return -1;
	}
	return buf.index;
}

void camera_stop(struct camera *cam)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	if (cam->started)
		xioctl(cam->fd, VIDIOC_STREAMOFF, &type);
	cam->started = false;
}
