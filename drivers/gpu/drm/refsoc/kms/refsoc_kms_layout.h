/* SPDX-License-Identifier: GPL-2.0-only */
/* RefSoC scanout driver: what an IDMAC channel has to be told about a picture */

#ifndef _REFSOC_KMS_LAYOUT_H_
#define _REFSOC_KMS_LAYOUT_H_

#include <linux/types.h>

#include <drm/drm_fourcc.h>

#define REFSOC_MAX_COLOR_PLANES		3

/**
 * struct refsoc_view - a rectangle of a frame buffer in memory
 * @info: the pixel format
 * @pitch: bytes from line to line, of each color plane
 * @addr: DMA address of the first pixel of the whole frame buffer, of each color plane
 * @size: bytes of memory from @addr on, of each color plane
 * @x: left edge of the rectangle in pixels
 * @y: top edge of the rectangle in lines
 * @width: width of the rectangle in pixels
 * @height: height of the rectangle in lines
 * @full: the rectangle feeds a whole screen, whose lines go out in groups of eight pixels
 */
struct refsoc_view {
	const struct drm_format_info *info;
	u32 pitch[REFSOC_MAX_COLOR_PLANES];
	u64 addr[REFSOC_MAX_COLOR_PLANES];
	u64 size[REFSOC_MAX_COLOR_PLANES];
	u32 x, y;
	u32 width, height;
	bool full;
};

/**
 * struct refsoc_scanout - the settings of an IDMAC channel that reads a picture
 * @format: fourcc code, one of refsoc_formats
 * @width: pixels in a line
 * @height: lines in a frame
 * @pitch: bytes from line to line
 * @uv_pitch: the same for the chroma planes, 0 if there are none
 * @u_offset: bytes from @base to the U (or the interleaved UV) plane
 * @v_offset: bytes from @base to the V plane
 * @burst: pixels in a burst
 * @bursts: bursts that may follow each other without arbitration, a power of two
 * @base: DMA address of the first pixel
 *
 * Only @base exists twice in the channel's parameters and may thus change while the channel is
 * at work.
 */
struct refsoc_scanout {
	u32 format;
	u32 width, height;
	u32 pitch, uv_pitch;
	u32 u_offset, v_offset;
	u32 burst, bursts;
	u32 base;
};

extern const u32 refsoc_formats[];
extern const unsigned int refsoc_num_formats;
extern const unsigned int refsoc_num_rgb_formats;

const char *refsoc_scanout_init(struct refsoc_scanout *so, const struct refsoc_view *view);
bool refsoc_scanout_same_layout(const struct refsoc_scanout *a, const struct refsoc_scanout *b);

#endif
