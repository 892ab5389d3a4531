/* SPDX-License-Identifier: GPL-2.0-only */
/* RefSoC scanout driver: what the display interface and the display processor can do */

#ifndef _REFSOC_KMS_LIMITS_H_
#define _REFSOC_KMS_LIMITS_H_

#include <linux/types.h>

#include <drm/drm_color_mgmt.h>
#include <drm/drm_modes.h>

#include <video/imx-ipu-v3.h>

struct drm_plane_state;

/**
 * struct refsoc_blend - what the display processor of a CRTC has to do
 * @valid: the rest was written to the hardware
 * @primary_on_top: alpha belongs to the primary plane, which lies over the overlay
 * @global: one alpha for all pixels, instead of one each
 * @alpha: this alpha
 * @primary_cs: color space of the primary plane
 * @overlay_cs: color space of the overlay, IPUV3_COLORSPACE_UNKNOWN if it is off
 * @encoding: the YUV encoding of those that are YUV
 */
struct refsoc_blend {
	bool valid;
	bool primary_on_top;
	bool global;
	u8 alpha;
	enum ipu_color_space primary_cs;
	enum ipu_color_space overlay_cs;
	enum drm_color_encoding encoding;
};

const char *refsoc_blend_init(struct refsoc_blend *blend, const struct drm_plane_state *primary,
			      const struct drm_plane_state *overlay);
enum drm_mode_status refsoc_mode_valid(const struct drm_display_mode *mode);

#endif
