/* SPDX-License-Identifier: MIT */
/*
 * Surfaces that the tests of the GC320 draw on, and what they compare them
 * with.
 */
#ifndef GC320_SURFACE_H
#define GC320_SURFACE_H

#include <etnaviv_drmif.h>
#include <drm/etnaviv_drm.h>	/* last: it makes macros of the other's names */

#include "gc320.h"

/* How a surface's memory lies, as flags of GEM_NEW. */
#define GC320_LINEAR		DRM_ETNA_GEM_CACHE_WC
#define GC320_ABOVE_WINDOW	(DRM_ETNA_GEM_CACHE_WC | DRM_ETNA_GEM_FORCE_MMU)

struct surface {
	struct gc320_surface s;
	size_t size;
	uint8_t *map;
	uint8_t *before;	/* contents as of surface_new() or _mark() */
};

/* The core, and the stream that a subtest begins. */
struct gc320_test {
	int fd;
	struct etna_device *dev;
	struct etna_gpu *gpu;
	struct etna_pipe *pipe;
	struct etna_cmd_stream *stream;
};

extern struct gc320_test gc320;

enum { A, R, G, B, CHANNELS };

struct gc320_rgb {
	const char *name;
	unsigned int bytes;
	bool alpha;
	unsigned int bits[CHANNELS];
};

#define GC320_N_RGB	7
#define N_SWIZZLES	4
extern const struct gc320_rgb gc320_formats[GC320_N_RGB];

/* A colour; bits is how finely each channel was given, 0: it is exact. */
struct color {
	double c[CHANNELS];
	unsigned int bits[CHANNELS];
};

struct color gc320_argb_color(uint32_t argb);

uint32_t gc320_noise(void);
bool gc320_inside(const struct gc320_rect *r, int x, int y);

/* A stream of its own: a test that failed may have left half a command. */
void gc320_test_begin(void);
void gc320_test_submit(void);

struct surface surface_from(struct etna_bo *bo, unsigned int width,
			    unsigned int height, enum gc320_format format,
			    enum gc320_swizzle swizzle);
size_t surface_size(unsigned int width, unsigned int height,
		    enum gc320_format format);
struct surface surface_new(unsigned int width, unsigned int height,
			   enum gc320_format format,
			   enum gc320_swizzle swizzle);
struct surface surface_argb(unsigned int width, unsigned int height,
			    uint32_t flags);
void surface_del(struct surface *s);

/* Take what is in the surface now for what was there before. */
void surface_mark(struct surface *s);
uint32_t surface_word(const uint8_t *map, const struct gc320_surface *s, int x,
		      int y);
struct color surface_color(const uint8_t *map, const struct gc320_surface *s,
			   int x, int y);
void surface_put_word(const struct surface *s, int x, int y, uint32_t word);
void surface_cpu_begin(const struct surface *s);
void surface_cpu_end(const struct surface *s);
bool surface_is_busy(const struct surface *s);
struct gc320_rect surface_rect(const struct surface *s);
void surface_fill(const struct surface *s, uint32_t argb);

/* All of the surface's memory: wanted pixels inside, nothing new outside. */
typedef struct color (*wanted_fn)(const void *data, int x, int y);
void surface_check(const struct surface *s, const struct gc320_rect *drawn,
		   wanted_fn wanted, const void *data);
struct color gc320_flat(const void *data, int x, int y);	/* an ARGB */
void surface_check_flat(const struct surface *s, uint32_t argb);

struct copied {
	const struct surface *src;
	struct gc320_rect to;
	int x, y;
};

void surface_copy_and_check(struct surface *dst, const struct copied *c);

/* The subtests that are in files of their own */
void gc320_filter_subtests(void);
void gc320_memory_subtests(void);
void gc320_fence_subtests(void);

#endif
