// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC scanout driver: how the display processor puts two planes together
 */

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_print.h>

#include "refsoc_kms_drv.h"

/**
 * refsoc_blend_check - check that a CRTC can show its planes together
 * @crtc: the CRTC
 * @crtc_state: its new state, which is active
 *
 * Returns: 0 or -EINVAL.
 */
int refsoc_blend_check(struct refsoc_crtc *crtc, struct drm_crtc_state *crtc_state)
{
	const struct drm_plane_state *primary = NULL, *overlay = NULL, *plane_state;
	struct drm_device *drm = crtc->base.dev;
	struct refsoc_blend blend;
	struct drm_plane *plane;
	const char *why;

	drm_atomic_crtc_state_for_each_plane_state(plane, plane_state, crtc_state) {
		if (to_refsoc_plane(plane)->overlay)
			overlay = plane_state;
		else
			primary = plane_state;
	}

	if (!primary || !primary->visible) {
		drm_dbg_kms(drm, "[CRTC:%d:%s] needs its primary plane\n",
			    crtc->base.base.id, crtc->base.name);
		return -EINVAL;
	}

	why = refsoc_blend_init(&blend, primary, overlay);
	if (why) {
		drm_dbg_kms(drm, "[CRTC:%d:%s] %s\n", crtc->base.base.id, crtc->base.name, why);
		return -EINVAL;
	}

	return 0;
}

static bool refsoc_blend_equal(const struct refsoc_blend *a, const struct refsoc_blend *b)
{
	return a->valid == b->valid && a->primary_on_top == b->primary_on_top &&
	       a->global == b->global && a->alpha == b->alpha &&
	       a->primary_cs == b->primary_cs && a->overlay_cs == b->overlay_cs &&
	       a->encoding == b->encoding;
}

/**
 * refsoc_blend_apply - tell the display processor how to blend
 * @crtc: the CRTC, which has one, with its new state
 *
 * The display processor takes all of this over between two frames.
 */
void refsoc_blend_apply(struct refsoc_crtc *crtc)
{
	struct drm_plane_state *primary = crtc->primary->base.state;
	struct drm_plane_state *overlay = crtc->overlay->base.state;
	struct refsoc_blend blend;

	/* A state that does not pass was refused by refsoc_blend_check(). */
	refsoc_blend_init(&blend, primary, overlay);
	if (refsoc_blend_equal(&blend, &crtc->blend))
		return;

	ipu_dp_set_global_alpha(crtc->overlay->dp, blend.global, blend.alpha,
				blend.primary_on_top);
	ipu_dp_setup_channel(crtc->primary->dp, blend.encoding, DRM_COLOR_YCBCR_LIMITED_RANGE,
			     blend.primary_cs, IPUV3_COLORSPACE_RGB);
	if (blend.overlay_cs != IPUV3_COLORSPACE_UNKNOWN)
		ipu_dp_setup_channel(crtc->overlay->dp, blend.encoding,
				     DRM_COLOR_YCBCR_LIMITED_RANGE, blend.overlay_cs,
				     IPUV3_COLORSPACE_UNKNOWN);

	crtc->blend = blend;
}
