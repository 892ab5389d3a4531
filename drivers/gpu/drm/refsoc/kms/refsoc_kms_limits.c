// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC scanout driver: what the display interface and the display processor can do
 *
 * Nothing here touches hardware, so that KUnit can test it anywhere.
 */

#include <linux/align.h>

#include <drm/drm_blend.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_plane.h>

#include "refsoc_kms_limits.h"

/* The pixel clock the data sheet (IMX6DQCEC, 1.2 Features) allows a display port. */
#define REFSOC_MAX_PIXEL_CLOCK_KHZ	225000

/* The counters of the DI are 12 bits wide, the toggle positions 10 (IMX6DQRM, 37.5 DI_SW_GEN). */
#define REFSOC_MAX_TOTAL	4096
#define REFSOC_MAX_SYNC		511

/* The DI divides the 264 MHz of the IPU by at most 255. */
#define REFSOC_MIN_PIXEL_CLOCK_KHZ	1100

/**
 * refsoc_mode_valid - check a mode against what a DI can generate
 * @mode: the mode
 *
 * Returns: MODE_OK, or what is wrong.
 */
enum drm_mode_status refsoc_mode_valid(const struct drm_display_mode *mode)
{
	int hfp = mode->hsync_start - mode->hdisplay;
	int hsync = mode->hsync_end - mode->hsync_start;
	int vfp = mode->vsync_start - mode->vdisplay;
	int vsync = mode->vsync_end - mode->vsync_start;
	int vbp = mode->vtotal - mode->vsync_end;

	if (mode->flags & DRM_MODE_FLAG_INTERLACE)
		return MODE_NO_INTERLACE;
	if (mode->flags & DRM_MODE_FLAG_DBLSCAN)
		return MODE_NO_DBLESCAN;
	if (mode->vscan > 1)
		return MODE_NO_VSCAN;
	if (mode->clock < REFSOC_MIN_PIXEL_CLOCK_KHZ)
		return MODE_CLOCK_LOW;
	if (mode->clock > REFSOC_MAX_PIXEL_CLOCK_KHZ)
		return MODE_CLOCK_HIGH;
	if (mode->htotal > REFSOC_MAX_TOTAL)
		return MODE_BAD_HVALUE;
	if (mode->vtotal > REFSOC_MAX_TOTAL)
		return MODE_BAD_VVALUE;
	if (hsync < 1 || hsync > REFSOC_MAX_SYNC)
		return MODE_HSYNC_NARROW;
	if (vsync < 1 || vsync > REFSOC_MAX_SYNC)
		return MODE_VSYNC_NARROW;
	/* Lines go out in groups of eight pixels; the porch hides what is too much. */
	if (hfp < (int)(ALIGN(mode->hdisplay, 8) - mode->hdisplay))
		return MODE_H_ILLEGAL;
	/* ipu_di_adjust_videomode() takes two lines from where it can. */
	if (vfp < 2 && vbp < 2 - vfp && vsync <= 2 - vfp)
		return MODE_VBLANK_NARROW;

	return MODE_OK;
}

static enum ipu_color_space refsoc_plane_color_space(const struct drm_plane_state *state)
{
	if (!state || !state->visible)
		return IPUV3_COLORSPACE_UNKNOWN;

	return state->fb->format->is_yuv ? IPUV3_COLORSPACE_YUV : IPUV3_COLORSPACE_RGB;
}

/**
 * refsoc_blend_init - find what the display processor has to do to show two planes
 * @blend: what it has to do
 * @primary: state of the primary plane, which is visible
 * @overlay: state of the overlay, NULL where there is none
 *
 * It blends with either one alpha for all pixels or with one per pixel, of the plane on top, and
 * expects colors that are not multiplied yet. It has one matrix, for either plane or both.
 *
 * Returns: NULL, or what it cannot do, for a debug message.
 */
const char *refsoc_blend_init(struct refsoc_blend *blend, const struct drm_plane_state *primary,
			      const struct drm_plane_state *overlay)
{
	const struct drm_plane_state *top = overlay;
	bool per_pixel;

	*blend = (struct refsoc_blend) {
		.valid = true,
		.primary_cs = refsoc_plane_color_space(primary),
		.overlay_cs = refsoc_plane_color_space(overlay),
		.encoding = primary->color_encoding,
	};

	if (blend->overlay_cs == IPUV3_COLORSPACE_UNKNOWN) {
		blend->primary_on_top = true;
		blend->global = true;
		return NULL;
	}

	if (blend->overlay_cs == IPUV3_COLORSPACE_YUV) {
		if (blend->primary_cs == IPUV3_COLORSPACE_YUV &&
		    primary->color_encoding != overlay->color_encoding)
			return "both planes have to be of the same YUV encoding";
		blend->encoding = overlay->color_encoding;
	}

	if (primary->normalized_zpos > overlay->normalized_zpos) {
		blend->primary_on_top = true;
		top = primary;
	}

	per_pixel = top->fb->format->has_alpha &&
		    top->pixel_blend_mode != DRM_MODE_BLEND_PIXEL_NONE;
	blend->global = !per_pixel;
	blend->alpha = top->alpha >> 8;

	if (per_pixel && top->pixel_blend_mode == DRM_MODE_BLEND_PREMULTI)
		return "pre-multiplied colors cannot be blended";
	if (per_pixel && blend->alpha != 0xff)
		return "alpha of plane and pixel cannot be multiplied";

	return NULL;
}
