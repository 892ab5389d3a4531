/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Formats, geometry and buffer arithmetic of the way from the CSI to memory.
 *
 * Nothing here touches hardware, so that KUnit can run it on any machine.
 */
#ifndef REFSOC_FORMATS_H
#define REFSOC_FORMATS_H

#include <linux/types.h>
#include <linux/v4l2-mediabus.h>
#include <linux/videodev2.h>

/* SENS_FRM_SIZE, ACT_FRM_SIZE and the IDMAC's FW and FH end at 4096 lines. */
#define REFSOC_MIN_WIDTH	32
#define REFSOC_MAX_WIDTH	4096
#define REFSOC_MIN_HEIGHT	32
#define REFSOC_MAX_HEIGHT	4096

/* The IDMAC writes whole bursts, the shortest of which is 8 pixels. */
#define REFSOC_WIDTH_STEP	8

/* Width of the line stride field (SLY) of the channel parameters. */
#define REFSOC_MAX_STRIDE	16384

/* The chroma offset (UBO) has 22 bits and counts units of 8 bytes. */
#define REFSOC_MAX_CHROMA_OFFSET	((BIT(22) - 1) * 8)

#define REFSOC_DEFAULT_WIDTH	640
#define REFSOC_DEFAULT_HEIGHT	480
#define REFSOC_DEFAULT_CODE	MEDIA_BUS_FMT_UYVY8_1X16

/**
 * struct refsoc_mbus_format - what the CSI-2 receiver and the CSI accept
 * @code: media bus code seen on the pads
 * @csi_code: media bus code that makes the IPU core set up the CSI for it
 * @bpp: bits a pixel takes on the CSI-2 link
 * @yuv: true for luma and chroma, false for RGB
 */
struct refsoc_mbus_format {
	u32 code;
	u32 csi_code;
	u8 bpp;
	bool yuv;
};

/**
 * struct refsoc_pix_format - what the IDMAC can write
 * @fourcc: V4L2 pixel format
 * @bpp: bits a pixel takes in the first plane
 * @max_burst: longest IDMAC burst, in pixels
 * @stride_align: every line starts at a multiple of this many bytes
 * @height_step: heights are a multiple of this
 * @yuv: true for luma and chroma, false for RGB
 * @chroma_plane: half as much chroma follows the luma (4:2:0)
 */
struct refsoc_pix_format {
	u32 fourcc;
	u8 bpp;
	u8 max_burst;
	u8 stride_align;
	u8 height_step;
	bool yuv;
	bool chroma_plane;
};

const struct refsoc_mbus_format *refsoc_mbus_by_index(unsigned int index);
const struct refsoc_mbus_format *refsoc_mbus_by_code(u32 code);
void refsoc_mbus_adjust(struct v4l2_mbus_framefmt *fmt);

const struct refsoc_pix_format *refsoc_pix_by_index(unsigned int index,
						    u32 code);
const struct refsoc_pix_format *refsoc_pix_by_fourcc(u32 fourcc);
bool refsoc_pix_takes(const struct refsoc_pix_format *pix, u32 code);
void refsoc_pix_adjust(struct v4l2_pix_format *pix);
unsigned int refsoc_pix_burst(const struct refsoc_pix_format *pix,
			      unsigned int width);

void refsoc_crop_adjust(struct v4l2_rect *crop, unsigned int width,
			unsigned int height, u32 flags);

unsigned int refsoc_slots_done(unsigned int current_slot, unsigned int oldest,
			       bool ready0, bool ready1);

#endif
