// SPDX-License-Identifier: GPL-2.0-only
/*
 * Formats, geometry and buffer arithmetic of the way from the CSI to memory.
 */
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/log2.h>
#include <media/v4l2-common.h>

#include "refsoc-formats.h"

/*
 * The IPU core takes UYVY8_1X16 and its like for generic 16-bit data, which
 * the CSI passes through and the IDMAC cannot repack.  Their names for an
 * 8-bit bus select the CSI's own decoders instead, and the same CSI-2 data
 * type: the wire is the same.
 */
static const struct refsoc_mbus_format refsoc_mbus_formats[] = {
	{
		.code = MEDIA_BUS_FMT_UYVY8_1X16,
		.csi_code = MEDIA_BUS_FMT_UYVY8_2X8,
		.bpp = 16,
		.yuv = true,
	}, {
		.code = MEDIA_BUS_FMT_YUYV8_1X16,
		.csi_code = MEDIA_BUS_FMT_YUYV8_2X8,
		.bpp = 16,
		.yuv = true,
	}, {
		.code = MEDIA_BUS_FMT_RGB565_1X16,
		.csi_code = MEDIA_BUS_FMT_RGB565_2X8_LE,
		.bpp = 16,
	}, {
		.code = MEDIA_BUS_FMT_RGB888_1X24,
		.csi_code = MEDIA_BUS_FMT_RGB888_1X24,
		.bpp = 24,
	},
};

static const struct refsoc_pix_format refsoc_pix_formats[] = {
	{
		.fourcc = V4L2_PIX_FMT_UYVY,
		.bpp = 16,
		.max_burst = 32,
		.stride_align = 8,
		.height_step = 1,
		.yuv = true,
	}, {
		.fourcc = V4L2_PIX_FMT_YUYV,
		.bpp = 16,
		.max_burst = 32,
		.stride_align = 8,
		.height_step = 1,
		.yuv = true,
	}, {
		.fourcc = V4L2_PIX_FMT_NV12,
		.bpp = 8,
		.max_burst = 64,
		.stride_align = 16,
		.height_step = 2,
		.yuv = true,
		.chroma_plane = true,
	}, {
		.fourcc = V4L2_PIX_FMT_RGB565,
		.bpp = 16,
		.max_burst = 16,
		.stride_align = 8,
		.height_step = 1,
	}, {
		.fourcc = V4L2_PIX_FMT_XBGR32,
		.bpp = 32,
		.max_burst = 16,
		.stride_align = 8,
		.height_step = 1,
	},
};

/**
 * refsoc_mbus_by_index - enumerate the media bus formats
 * @index: which one
 *
 * Return: the format, or NULL past the last.
 */
const struct refsoc_mbus_format *refsoc_mbus_by_index(unsigned int index)
{
	if (index >= ARRAY_SIZE(refsoc_mbus_formats))
		return NULL;

	return &refsoc_mbus_formats[index];
}

/**
 * refsoc_mbus_by_code - look up a media bus format
 * @code: media bus code
 *
 * Return: the format, or NULL if the CSI does not take it.
 */
const struct refsoc_mbus_format *refsoc_mbus_by_code(u32 code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refsoc_mbus_formats); i++)
		if (refsoc_mbus_formats[i].code == code)
			return &refsoc_mbus_formats[i];

	return NULL;
}

/**
 * refsoc_mbus_adjust - make a format on a sink pad one the hardware takes
 * @fmt: any format a user may ask for
 */
void refsoc_mbus_adjust(struct v4l2_mbus_framefmt *fmt)
{
	const struct refsoc_mbus_format *mbus = refsoc_mbus_by_code(fmt->code);

	if (!mbus)
		mbus = &refsoc_mbus_formats[0];

	fmt->code = mbus->code;
	fmt->field = V4L2_FIELD_NONE;
	fmt->flags = 0;
	v4l_bound_align_image(&fmt->width, REFSOC_MIN_WIDTH, REFSOC_MAX_WIDTH,
			      1, &fmt->height, REFSOC_MIN_HEIGHT,
			      REFSOC_MAX_HEIGHT, 0, 0);

	if (!v4l2_is_colorspace_valid(fmt->colorspace))
		fmt->colorspace = V4L2_COLORSPACE_SRGB;
	if (fmt->ycbcr_enc > U8_MAX || !v4l2_is_ycbcr_enc_valid(fmt->ycbcr_enc))
		fmt->ycbcr_enc = V4L2_MAP_YCBCR_ENC_DEFAULT(fmt->colorspace);
	if (fmt->quantization > U8_MAX ||
	    !v4l2_is_quant_valid(fmt->quantization))
		fmt->quantization =
			V4L2_MAP_QUANTIZATION_DEFAULT(!mbus->yuv,
						      fmt->colorspace,
						      fmt->ycbcr_enc);
	if (!v4l2_is_xfer_func_valid(fmt->xfer_func))
		fmt->xfer_func = V4L2_MAP_XFER_FUNC_DEFAULT(fmt->colorspace);
}

/**
 * refsoc_pix_takes - can a pixel format be written from a media bus format?
 * @pix: pixel format
 * @code: media bus code on the CSI's source pad
 *
 * The IDMAC reorders and drops samples, but it does not convert colours.
 *
 * Return: true if it can.
 */
bool refsoc_pix_takes(const struct refsoc_pix_format *pix, u32 code)
{
	const struct refsoc_mbus_format *mbus = refsoc_mbus_by_code(code);

	return mbus && mbus->yuv == pix->yuv;
}

/**
 * refsoc_pix_by_index - enumerate the pixel formats
 * @index: which one
 * @code: only those that can be written from this media bus code; 0: all
 *
 * Return: the format, or NULL past the last.
 */
const struct refsoc_pix_format *refsoc_pix_by_index(unsigned int index,
						    u32 code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refsoc_pix_formats); i++) {
		const struct refsoc_pix_format *pix = &refsoc_pix_formats[i];

		if (code && !refsoc_pix_takes(pix, code))
			continue;
		if (!index--)
			return pix;
	}

	return NULL;
}

/**
 * refsoc_pix_by_fourcc - look up a pixel format
 * @fourcc: V4L2 pixel format
 *
 * Return: the format, or NULL if the IDMAC does not write it.
 */
const struct refsoc_pix_format *refsoc_pix_by_fourcc(u32 fourcc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refsoc_pix_formats); i++)
		if (refsoc_pix_formats[i].fourcc == fourcc)
			return &refsoc_pix_formats[i];

	return NULL;
}

/* Users may ask for longer lines than the picture needs, within limits. */
static u32 refsoc_pix_stride(const struct refsoc_pix_format *fmt,
			     const struct v4l2_pix_format *pix)
{
	u32 least = ALIGN(pix->width * fmt->bpp / 8, fmt->stride_align);
	u32 most = REFSOC_MAX_STRIDE;

	if (fmt->chroma_plane)
		most = min_t(u32, most, REFSOC_MAX_CHROMA_OFFSET / pix->height);
	most = round_down(most, fmt->stride_align);

	return ALIGN(clamp(pix->bytesperline, least, most), fmt->stride_align);
}

/**
 * refsoc_pix_adjust - make a pixel format one the hardware can write
 * @pix: any format a user may ask for
 */
void refsoc_pix_adjust(struct v4l2_pix_format *pix)
{
	const struct refsoc_pix_format *fmt;

	fmt = refsoc_pix_by_fourcc(pix->pixelformat);
	if (!fmt)
		fmt = &refsoc_pix_formats[0];

	pix->pixelformat = fmt->fourcc;
	pix->field = V4L2_FIELD_NONE;
	pix->flags = 0;
	v4l_bound_align_image(&pix->width, REFSOC_MIN_WIDTH, REFSOC_MAX_WIDTH,
			      ilog2(REFSOC_WIDTH_STEP), &pix->height,
			      REFSOC_MIN_HEIGHT, REFSOC_MAX_HEIGHT,
			      ilog2(fmt->height_step), 0);
	pix->bytesperline = refsoc_pix_stride(fmt, pix);
	pix->sizeimage = pix->bytesperline * pix->height;
	if (fmt->chroma_plane)
		pix->sizeimage += pix->sizeimage / 2;

	if (!v4l2_is_colorspace_valid(pix->colorspace))
		pix->colorspace = V4L2_COLORSPACE_SRGB;
	if (pix->ycbcr_enc > U8_MAX || !v4l2_is_ycbcr_enc_valid(pix->ycbcr_enc))
		pix->ycbcr_enc = V4L2_MAP_YCBCR_ENC_DEFAULT(pix->colorspace);
	if (pix->quantization > U8_MAX ||
	    !v4l2_is_quant_valid(pix->quantization))
		pix->quantization =
			V4L2_MAP_QUANTIZATION_DEFAULT(!fmt->yuv,
						      pix->colorspace,
						      pix->ycbcr_enc);
	if (!v4l2_is_xfer_func_valid(pix->xfer_func))
		pix->xfer_func = V4L2_MAP_XFER_FUNC_DEFAULT(pix->colorspace);
}

/**
 * refsoc_pix_burst - longest burst that divides a line
 * @pix: pixel format
 * @width: of the picture, a multiple of REFSOC_WIDTH_STEP
 *
 * Return: pixels a burst.
 */
unsigned int refsoc_pix_burst(const struct refsoc_pix_format *pix,
			      unsigned int width)
{
	return min_t(unsigned int, pix->max_burst, BIT(__ffs(width)));
}

/**
 * refsoc_crop_adjust - make a crop rectangle one the CSI and the IDMAC take
 * @crop: any rectangle a user may ask for
 * @width: of what enters the CSI
 * @height: of what enters the CSI
 * @flags: V4L2_SEL_FLAG_GE rounds the width up, anything else down
 */
void refsoc_crop_adjust(struct v4l2_rect *crop, unsigned int width,
			unsigned int height, u32 flags)
{
	u32 most = round_down(width, REFSOC_WIDTH_STEP);
	u32 wanted = clamp_t(u32, crop->width, REFSOC_MIN_WIDTH, most);

	if (flags & V4L2_SEL_FLAG_GE)
		crop->width = round_up(wanted, REFSOC_WIDTH_STEP);
	else
		crop->width = round_down(wanted, REFSOC_WIDTH_STEP);
	crop->height = clamp_t(u32, crop->height, REFSOC_MIN_HEIGHT, height);

	/* Whole pairs of pixels, or the colours of 4:2:2 change places. */
	crop->left = clamp_t(s32, crop->left, 0, width - crop->width);
	crop->left = round_down(crop->left, 4);
	crop->top = clamp_t(s32, crop->top, 0, height - crop->height);
}

/**
 * refsoc_slots_done - how many of the IDMAC's two buffers are written?
 * @current_slot: the buffer the IDMAC is at, or will be at next
 * @oldest: the buffer the driver expects to see finished first
 * @ready0: buffer 0 still waits for the IDMAC
 * @ready1: buffer 1 still waits for the IDMAC
 *
 * Interrupts may come late, twice for one frame, or once for two, so they are
 * not counted.  The IDMAC moves on when a buffer is complete: if it has left
 * the oldest one, that is finished.  If it is back at the oldest one and no
 * buffer waits for it, it has been through both; if one waits, it has not
 * finished any.
 *
 * Return: number of finished buffers, beginning with @oldest.
 */
unsigned int refsoc_slots_done(unsigned int current_slot, unsigned int oldest,
			       bool ready0, bool ready1)
{
	if (current_slot != oldest)
		return 1;

	return ready0 || ready1 ? 0 : 2;
}
