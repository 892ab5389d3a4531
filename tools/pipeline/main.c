// SPDX-License-Identifier: MIT
/*
 * refsoc-pipeline: show the camera on the screen through the GPU, without a
 * CPU touching a pixel.
 *
 * Per frame: the camera fills a buffer, the GC320 scales and converts it into
 * a scanout buffer and blends a plate with the frame count over it, the
 * display flips to it when the GPU's fence signals.
 */

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <drm_fourcc.h>

#include "pipeline.h"

#define STALL_MS	3000
#define SPRITE_WIDTH	256
#define SPRITE_HEIGHT	48

struct options {
	enum party camera_memory, scanout_memory;
	unsigned int width, height, frames;
	const char *format, *hook;
	bool plane, copy, repeat_strip;
};

struct pipeline {
	struct options opt;
	struct camera cam;
	struct gpu gpu;
	struct display disp;
	struct gc320_surface copies[CAMERA_BUFFERS];
	void *maps[CAMERA_BUFFERS];
	/* Scanout buffers by number; -1 for none. */
	int front, flipping, ready, rendering;
	int rendering_camera;	/* camera buffer the GPU reads */
	int fence;		/* of the job in flight */
	int ready_fence;	/* of the buffer in `ready` */
	unsigned int rendered, skipped;
	uint64_t copied;
	bool hooked;
};

static struct pipeline p;

static void run_hook(const char *when)
{
	char command[512];

	if (!p.opt.hook)
		return;
	snprintf(command, sizeof(command), "%s %s", p.opt.hook, when);
	if (system(command))
		fprintf(stderr, "refsoc-pipeline: \"%s\" failed\n", command);
	p.hooked = !strcmp(when, "start");
}

void die(int status, const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("refsoc-pipeline: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	camera_stop(&p.cam);
	if (p.hooked)
		run_hook("stop");
	exit(status);
}

static void usage(int status)
{
	FILE *f = status ? stderr : stdout;

	fputs("usage: refsoc-pipeline [options]\n"
	      "  -c WHO   who allocates the camera's buffers: camera (default), display, gpu\n"
	      "  -s WHO   who allocates the scanout buffers: display (default), gpu\n"
	      "  -g WxH   size of the camera's picture (640x480)\n"
	      "  -F FMT   its format: UYVY (default) or YUYV\n"
	      "  -n N     stop after N frames (150)\n"
	      "  -p       frame count on the overlay plane, not blended by the GPU\n"
	      "  -C       copy: the CPU copies each frame to the GPU (the control)\n"
	      "  -t       the test card's number strip at the foot, too: shows tearing\n"
	      "  -k CMD   run \"CMD start\" and \"CMD stop\" around the streaming\n", f);
	exit(status);
}

static enum party parse_party(const char *name)
{
	if (!strcmp(name, "camera"))
		return PARTY_CAMERA;
	if (!strcmp(name, "gpu"))
		return PARTY_GPU;
	if (!strcmp(name, "display"))
		return PARTY_DISPLAY;
	fprintf(stderr, "refsoc-pipeline: who is %s?\n", name);
	usage(EXIT_USAGE);
	return PARTY_CAMERA;
}

static void parse_size(struct options *opt, const char *arg)
{
	char end;

	if (sscanf(arg, "%ux%u%c", &opt->width, &opt->height, &end) != 2 ||
	    opt->width < 16 || opt->width > 4096 || opt->height < 16 ||
	    opt->height > 4096)
		die(EXIT_BAD_FORMAT, "size %s: from 16x16 to 4096x4096", arg);
}

static void parse(struct options *opt, int argc, char **argv)
{
	int o;

	*opt = (struct options) {
		.camera_memory = PARTY_CAMERA,
		.scanout_memory = PARTY_DISPLAY,
		.width = 640, .height = 480, .frames = 150, .format = "UYVY",
	};
	while ((o = getopt(argc, argv, "c:s:g:F:n:pCtk:h")) != -1) {
		switch (o) {
		case 'c':
			opt->camera_memory = parse_party(optarg);
			break;
		case 's':
			opt->scanout_memory = parse_party(optarg);
			break;
		case 'g':
			parse_size(opt, optarg);
			break;
		case 'F':
			opt->format = optarg;
			break;
		case 'n':
			opt->frames = strtoul(optarg, NULL, 0);
			break;
		case 'p':
			opt->plane = true;
			break;
		case 'C':
			opt->copy = true;
			break;
		case 't':
			opt->repeat_strip = true;
			break;
		case 'k':
			opt->hook = optarg;
			break;
		default:
			usage(o == 'h' ? 0 : EXIT_USAGE);
		}
	}
	if (optind != argc || !opt->frames ||
	    opt->scanout_memory == PARTY_CAMERA)
		usage(EXIT_USAGE);
}

static enum gc320_format gpu_format(void)
{
	return strcmp(p.opt.format, "UYVY") ? GC320_YUY2 : GC320_UYVY;
}

/* Camera memory: allocated by one of the three, imported by the others. */
static void share_camera(void)
{
	enum gc320_format format = gpu_format();
	struct camera *cam = &p.cam;

	for (int i = 0; i < CAMERA_BUFFERS; i++) {
		struct scanout s;

		switch (p.opt.camera_memory) {
		case PARTY_DISPLAY:
			display_dumb(&p.disp, &s, cam->width, cam->height,
				     DRM_FORMAT_UYVY);
			if (s.mem.stride != cam->stride)
				die(EXIT_BAD_FORMAT, "the display's stride of %u bytes is not the camera's %u: choose another width",
				    s.mem.stride, cam->stride);
			cam->buffers[i] = s.mem;
			break;
		case PARTY_GPU:
			cam->buffers[i] = gpu_export(&p.gpu,
						     cam->buffers[i].size,
						     cam->stride);
			break;
		case PARTY_CAMERA:
			break;
		}
	}
	if (p.opt.camera_memory == PARTY_CAMERA)
		camera_export(cam);
	else
		camera_import(cam);

	for (int i = 0; i < CAMERA_BUFFERS; i++) {
		if (!p.opt.copy) {
			gpu_import(&p.gpu, &p.gpu.camera[i], &cam->buffers[i],
				   cam->width, cam->height, format);
			continue;
		}
		p.maps[i] = mmap(NULL, cam->buffers[i].size, PROT_READ,
				 MAP_SHARED, cam->buffers[i].fd, 0);
		if (p.maps[i] == MAP_FAILED)
			die(EXIT_FAILED, "cannot map a camera buffer: %s",
			    strerror(errno));
		gpu_alloc(&p.gpu, &p.gpu.camera[i], cam->width, cam->height,
			  format);
	}
}

static void share_scanout(void)
{
	struct display *disp = &p.disp;
	int err;

	for (int i = 0; i < SCANOUT_BUFFERS; i++) {
		struct scanout *s = &disp->scanout[i];

		if (p.opt.scanout_memory == PARTY_DISPLAY) {
			display_dumb(disp, s, disp->width, disp->height,
				     DRM_FORMAT_XRGB8888);
		} else {
			s->mem = gpu_export(&p.gpu, 4 * disp->width *
					    disp->height, 4 * disp->width);
			err = display_import(disp, s, disp->width, disp->height,
					     DRM_FORMAT_XRGB8888);
			if (err)
				die(EXIT_NOT_SHARED, "the display cannot scan out the GPU's memory: %s; let the display allocate (-s display)",
				    strerror(err));
		}
		gpu_import(&p.gpu, &p.gpu.scanout[i], &s->mem, disp->width,
			   disp->height, GC320_X8R8G8B8);
	}
}

static void share_sprite(void)
{
	p.gpu.blend = !p.opt.plane;
	p.gpu.repeat_strip = p.opt.repeat_strip;
	if (p.gpu.blend) {
		gpu_alloc(&p.gpu, &p.gpu.sprite, SPRITE_WIDTH, SPRITE_HEIGHT,
			  GC320_A8R8G8B8);
		return;
	}
	if (!p.disp.overlay)
		die(EXIT_NO_PANEL, "%s has no overlay plane",
		    p.disp.connector_name);
	display_dumb(&p.disp, &p.disp.sprite, SPRITE_WIDTH, SPRITE_HEIGHT,
		     DRM_FORMAT_ARGB8888);
	gpu_import(&p.gpu, &p.gpu.sprite, &p.disp.sprite.mem, SPRITE_WIDTH,
		   SPRITE_HEIGHT, GC320_A8R8G8B8);
}

static int free_scanout(void)
{
	for (int i = 0; i < SCANOUT_BUFFERS; i++)
		if (i != p.front && i != p.flipping && i != p.ready)
			return i;
	return -1;
}

/* A filled camera buffer: give it to the GPU, or back if the GPU is busy. */
static void on_camera(void)
{
	int index = camera_dequeue(&p.cam), to = free_scanout();

	if (index < 0)
		return;
	if (p.rendering >= 0 || to < 0) {
		p.skipped++;
		camera_queue(&p.cam, index);
		return;
	}
	if (p.opt.copy) {
		gpu_copy_in(&p.gpu.camera[index], p.maps[index],
			    p.cam.stride * p.cam.height);
		p.copied += p.cam.stride * p.cam.height;
	}
	p.fence = gpu_render(&p.gpu, index, to, p.cam.captured);
	p.rendering = to;
	p.rendering_camera = index;
	p.rendered++;
	/* A frame that was never shown gives way to the newer one. */
	if (p.ready >= 0) {
		close(p.ready_fence);
		p.skipped++;
	}
	p.ready = to;
	p.ready_fence = dup(p.fence);
}

static void on_rendered(void)
{
	camera_queue(&p.cam, p.rendering_camera);
	close(p.fence);
	p.rendering = -1;
	p.fence = -1;
}

static void on_flipped(void)
{
	display_event(&p.disp);
	p.front = p.flipping;
	p.flipping = -1;
}

static void start_flip(void)
{
	if (p.ready < 0 || p.disp.flip_pending)
		return;
	display_flip(&p.disp, &p.disp.scanout[p.ready],
		     p.opt.plane ? &p.disp.sprite : NULL, p.ready_fence);
	close(p.ready_fence);
	p.flipping = p.ready;
	p.ready = -1;
}

static void stream(void)
{
	p.front = p.flipping = p.ready = p.rendering = p.fence = -1;
	while (p.disp.flips < p.opt.frames) {
		struct pollfd fds[] = {
			{ .fd = p.cam.fd, .events = POLLIN },
			{ .fd = p.disp.fd, .events = POLLIN },
			{ .fd = p.fence, .events = POLLIN },
		};
		int n = poll(fds, 3, STALL_MS);

		if (n < 0 && errno != EINTR)
			die(EXIT_FAILED, "poll: %s", strerror(errno));
		if (n == 0)
			die(EXIT_STALLED, "nothing happened for %d ms: %u captured, %u rendered, %u displayed",
			    STALL_MS, p.cam.captured, p.rendered, p.disp.flips);
		if (fds[2].revents)
			on_rendered();
		if (fds[1].revents)
			on_flipped();
		if (fds[0].revents)
			on_camera();
		start_flip();
	}
}

static const char *party_name(enum party who)
{
	return who == PARTY_CAMERA ? "camera" :
	       who == PARTY_GPU ? "gpu" : "display";
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void print_table(double seconds)
{
	printf("stage      driver           what                 frames\n");
	printf("camera     %-16s %ux%u %-12s %6u (%u missing)\n", p.cam.driver,
	       p.cam.width, p.cam.height, p.opt.format, p.cam.captured,
	       p.cam.missing);
	printf("gpu        %-16s filter, %-12s %6u (%u skipped)\n",
	       p.gpu.driver, p.gpu.blend ? "blend" : "draw", p.rendered,
	       p.skipped);
	printf("display    %-16s %s %ux%-9u %6u\n", p.disp.driver,
	       p.disp.connector_name, p.disp.width, p.disp.height,
	       p.disp.flips);
	printf("camera's memory from %s, scanout's from %s, %s\n",
	       party_name(p.opt.camera_memory),
	       party_name(p.opt.scanout_memory),
	       p.opt.copy ? "copied by the CPU" : "nothing copied");
	printf("%u flips were told before their fence\n", p.disp.early);
	printf("%.2f frames a second, %llu bytes copied by the CPU\n",
	       p.disp.flips / seconds, (unsigned long long)p.copied);
}

int main(int argc, char **argv)
{
	double start;

	parse(&p.opt, argc, argv);
	display_open(&p.disp);
	gpu_open(&p.gpu);
	camera_open(&p.cam, p.opt.width, p.opt.height, p.opt.format);
	share_camera();
	share_scanout();
	share_sprite();
	gpu_alloc(&p.gpu, &p.gpu.filtered, p.cam.width, p.disp.height,
		  gpu_format());

	run_hook("start");
	camera_start(&p.cam);
	start = now();
	stream();
	run_hook("stop");
	print_table(now() - start);
	camera_stop(&p.cam);
	display_close(&p.disp);
	return 0;
}
