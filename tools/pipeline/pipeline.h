/* SPDX-License-Identifier: MIT */
/* refsoc-pipeline: camera to GPU to display, every buffer shared by dma-buf. */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gc320.h"

/* Exit codes: each missing piece has its own, so that a script can tell. */
enum {
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_CAMERA = 10,
	EXIT_NO_GPU = 11,
	EXIT_NO_PANEL = 12,
	EXIT_BAD_FORMAT = 13,
	EXIT_NOT_SHARED = 14,
	EXIT_NO_MEMORY = 15,
	EXIT_STALLED = 16,
};

void die(int status, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

#define CAMERA_BUFFERS	4
#define SCANOUT_BUFFERS	3

enum party { PARTY_CAMERA, PARTY_GPU, PARTY_DISPLAY };

/* A piece of memory that somebody allocated and others imported. */
struct shared {
	int fd;			/* the dma-buf */
	uint32_t stride;
	size_t size;
};

/* camera.c */
struct camera {
	int fd;
	char driver[32];
	char entity[64];	/* the sensor */
	unsigned int width, height;
	uint32_t fourcc;	/* V4L2 */
	uint32_t stride;
	bool imports;		/* buffers come from elsewhere */
	struct shared buffers[CAMERA_BUFFERS];
	unsigned int captured;
	uint32_t first, last;	/* sequence numbers */
	unsigned int missing;
	bool started;
};

void camera_open(struct camera *cam, unsigned int width, unsigned int height,
		 const char *format);
void camera_export(struct camera *cam);
void camera_import(struct camera *cam);
void camera_queue(struct camera *cam, unsigned int index);
void camera_start(struct camera *cam);
int camera_dequeue(struct camera *cam);
void camera_stop(struct camera *cam);

/* display.c */
struct scanout {
	uint32_t handle, fb;
	struct shared mem;
};

struct display {
	int fd;
	char driver[32];
	char connector_name[32];
	unsigned int width, height;
	uint32_t connector, crtc, primary, overlay;
	uint32_t mode_blob;
	unsigned int crtc_index;
	struct scanout scanout[SCANOUT_BUFFERS];
	struct scanout sprite;	/* the overlay plane's, if asked for */
	bool lit;
	bool flip_pending;
	unsigned int flips;
	unsigned int early;	/* flips told before their fence */
	int fence;		/* of the flip under way */
};

void display_open(struct display *disp);
void display_dumb(struct display *disp, struct scanout *s, unsigned int width,
		  unsigned int height, uint32_t fourcc);
int display_import(struct display *disp, struct scanout *s, unsigned int width,
		   unsigned int height, uint32_t fourcc);
void display_flip(struct display *disp, const struct scanout *s,
		  const struct scanout *sprite, int fence);
void display_event(struct display *disp);
void display_close(struct display *disp);

/* gpu.c */
struct gpu {
	struct etna_device *dev;
	struct etna_gpu *core;
	struct etna_pipe *pipe;
	struct etna_cmd_stream *stream;
	char driver[32];
	struct gc320_surface camera[CAMERA_BUFFERS];
	struct gc320_surface scanout[SCANOUT_BUFFERS];
	struct gc320_surface sprite;	/* overlay plane's buffer, or our own */
	struct gc320_surface filtered;	/* between the two passes */
	bool blend;			/* compose the sprite by GPU */
	bool repeat_strip;		/* at the foot of the picture */
};

void gpu_open(struct gpu *gpu);
struct shared gpu_export(struct gpu *gpu, size_t size, uint32_t stride);
void gpu_import(struct gpu *gpu, struct gc320_surface *surface,
		const struct shared *mem, unsigned int width,
		unsigned int height, enum gc320_format format);
void gpu_alloc(struct gpu *gpu, struct gc320_surface *surface,
	       unsigned int width, unsigned int height,
	       enum gc320_format format);
void gpu_copy_in(struct gc320_surface *surface, const void *from, size_t size);
int gpu_render(struct gpu *gpu, unsigned int camera, unsigned int scanout,
	       unsigned int number);

#endif
