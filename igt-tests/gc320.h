/* SPDX-License-Identifier: MIT */
/*
 * Command streams for the GC320 2D core, over libdrm_etnaviv.
 *
 * State names, addresses and field positions: rnndb/state_2d.xml and
 * rnndb/cmdstream.xml of the etna_viv project; behaviour of the core as in
 * TI's SPRUIE9, chapter BB2D, which describes the same GC320.
 *
 * Every function emits all states its kick consumes, so that nothing that an
 * earlier stream left behind is used.  None flushes the stream to the kernel.
 */
#ifndef GC320_H
#define GC320_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct etna_bo;
struct etna_cmd_stream;
struct etna_device;
struct etna_gpu;

enum gc320_format {
	GC320_X4R4G4B4 = 0,
	GC320_A4R4G4B4 = 1,
	GC320_X1R5G5B5 = 2,
	GC320_A1R5G5B5 = 3,
	GC320_R5G6B5 = 4,
	GC320_X8R8G8B8 = 5,
	GC320_A8R8G8B8 = 6,
	GC320_YUY2 = 7,
	GC320_UYVY = 8,
};

enum gc320_swizzle {
	GC320_ARGB = 0,
	GC320_RGBA = 1,
	GC320_ABGR = 2,
	GC320_BGRA = 3,
};

struct gc320_surface {
	struct etna_bo *bo;
	uint32_t offset;	/* of the first pixel, in bytes */
	uint32_t stride;	/* in bytes */
	unsigned int width;	/* in pixels */
	unsigned int height;
	enum gc320_format format;
	enum gc320_swizzle swizzle;
};

/* Right and bottom are exclusive. */
struct gc320_rect {
	int left, top, right, bottom;
};

/* Words of a stream that any one of the functions below fits into. */
#define GC320_MAX_WORDS	320

/* The render node; negative if there is none. */
int gc320_open_node(void);
struct etna_gpu *gc320_open(struct etna_device *dev);

/* The first core that has a feature: bits of chipFeatures */
#define GC320_PIPE_3D	(1u << 2)
#define GC320_PIPE_2D	(1u << 9)
struct etna_gpu *gc320_open_with(struct etna_device *dev, uint32_t feature);

/* Loads of one state, and of several behind each other */
void gc320_state(struct etna_cmd_stream *stream, uint32_t addr, uint32_t value);
void gc320_states(struct etna_cmd_stream *stream, uint32_t addr,
		  const uint32_t *values, unsigned int n);

void gc320_begin(struct etna_cmd_stream *stream);
void gc320_fill(struct etna_cmd_stream *stream, const struct gc320_surface *dst,
		const struct gc320_rect *rect, uint32_t argb);
void gc320_copy(struct etna_cmd_stream *stream, const struct gc320_surface *dst,
		const struct gc320_rect *to, const struct gc320_surface *src,
		int x, int y);
void gc320_stretch(struct etna_cmd_stream *stream,
		   const struct gc320_surface *dst, const struct gc320_rect *to,
		   const struct gc320_surface *src,
		   const struct gc320_rect *from);
void gc320_blend_over(struct etna_cmd_stream *stream,
		      const struct gc320_surface *dst,
		      const struct gc320_rect *to,
		      const struct gc320_surface *src, int x, int y);
void gc320_filter(struct etna_cmd_stream *stream,
		  const struct gc320_surface *dst, const struct gc320_surface *src,
		  bool vertical);
void gc320_flush(struct etna_cmd_stream *stream);

/* The part of a filter table that one output pixel uses, for a reference. */
#define GC320_TAPS	9
#define GC320_PHASES	32
#define GC320_ROWS	17
void gc320_filter_rows(int16_t rows[GC320_ROWS][GC320_TAPS],
		       unsigned int src, unsigned int dst);
uint32_t gc320_factor(unsigned int src, unsigned int dst);

#endif
