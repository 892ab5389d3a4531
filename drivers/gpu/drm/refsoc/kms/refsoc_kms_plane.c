// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC scanout driver: planes
 */

#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/slab.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_blend.h>
#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_fb_dma_helper.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_atomic_helper.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_plane_helper.h>
#include <drm/drm_print.h>
#include <drm/drm_rect.h>

#include "refsoc_kms_drv.h"
#include "refsoc_kms_trace.h"

/**
 * DOC: Updates of a running plane
 *
 * An IDMAC channel has one set of parameters, in which only the address exists twice. Hence
 * three ways to change what a plane shows while its CRTC is on:
 *
 * A new address is a flip. It goes to the buffer that is not in use, which is then marked ready;
 * the IDMAC takes it when the frame is over, and tells so by its current buffer bit. Only that
 * bit proves a flip: an end of frame interrupt may have been on its way when the buffer was
 * marked.
 *
 * A primary plane whose size stays (it always does without a mode set) gets other parameters in
 * the vertical blank, from the end of frame interrupt, as the channel is idle then. In case the
 * interrupt came so late that the next frame has begun, the old buffer is given back one frame
 * later than after a flip.
 *
 * An overlay is taken down for a frame and started anew. Its own end of frame tells nothing about
 * that of the screen, so there is no moment in which both channel and display processor could
 * safely be told about another size.
 */

/* Other IDs are for the prefetch engines of the i.MX6QP, which is not supported. */
#define REFSOC_AXI_ID		0

/* More than two frames of the slowest mode. */
#define REFSOC_STOP_TIMEOUT_MS	50

static void refsoc_plane_view(struct refsoc_view *view, struct drm_plane_state *state)
{
	struct drm_framebuffer *fb = state->fb;
	unsigned int i;

	*view = (struct refsoc_view) {
		.info = fb->format,
		.x = state->src.x1 >> 16,
		.y = state->src.y1 >> 16,
		.width = drm_rect_width(&state->dst),
		.height = drm_rect_height(&state->dst),
		.full = !to_refsoc_plane(state->plane)->overlay,
	};

	for (i = 0; i < min_t(unsigned int, fb->format->num_planes, REFSOC_MAX_COLOR_PLANES); i++) {
		struct drm_gem_dma_object *obj = drm_fb_dma_get_gem_obj(fb, i);

		view->pitch[i] = fb->pitches[i];
		view->addr[i] = (u64)obj->dma_addr + fb->offsets[i];
		view->size[i] = obj->base.size > fb->offsets[i] ?
				obj->base.size - fb->offsets[i] : 0;
	}
}

static int refsoc_plane_atomic_check(struct drm_plane *plane, struct drm_atomic_state *state)
{
	struct drm_plane_state *new = drm_atomic_get_new_plane_state(state, plane);
	bool overlay = to_refsoc_plane(plane)->overlay;
	struct drm_crtc_state *crtc_state = NULL;
	struct refsoc_view view;
	const char *why;
	int ret;

	if (new->crtc)
		crtc_state = drm_atomic_get_new_crtc_state(state, new->crtc);

	ret = drm_atomic_helper_check_plane_state(new, crtc_state, DRM_PLANE_NO_SCALING,
						  DRM_PLANE_NO_SCALING, overlay, true);
	if (ret || !new->visible)
		return ret;

	refsoc_plane_view(&view, new);
	why = refsoc_scanout_init(&to_refsoc_plane_state(new)->so, &view);
	if (why) {
		drm_dbg_kms(plane->dev, "[PLANE:%d:%s] %p4cc at %ux%u+%u+%u: %s\n",
			    plane->base.id, plane->name, &view.info->format, view.width,
			    view.height, view.x, view.y, why);
		return -EINVAL;
	}

	return 0;
}

/*
 * All parameters of the channel, which must be idle.  Both buffers get the address, as the first
 * frame is read without one of them being ready.
 */
static void refsoc_plane_write_channel(struct refsoc_plane *plane,
				       const struct refsoc_scanout *so)
{
	struct ipuv3_channel *ch = plane->channel;

	trace_refsoc_kms_plane_write(plane->base.base.id, plane->dma, 0, so->base);

	ipu_cpmem_zero(ch);
	ipu_cpmem_set_resolution(ch, so->width, so->height);
	if (ipu_cpmem_set_fmt(ch, so->format))
		drm_err_ratelimited(plane->base.dev, "[PLANE:%d:%s] IPU refuses %p4cc\n",
				    plane->base.base.id, plane->base.name, &so->format);
	ipu_cpmem_set_burstsize(ch, so->burst);
	ipu_cpmem_set_high_priority(ch);
	ipu_idmac_enable_watermark(ch, true);
	ipu_idmac_set_double_buffer(ch, true);
	ipu_cpmem_set_stride(ch, so->pitch);
	ipu_cpmem_set_axi_id(ch, REFSOC_AXI_ID);
	if (so->uv_pitch)
		ipu_cpmem_set_yuv_planar_full(ch, so->uv_pitch, so->u_offset, so->v_offset);
	ipu_cpmem_set_buffer(ch, 0, so->base);
	ipu_cpmem_set_buffer(ch, 1, so->base);
	ipu_idmac_lock_enable(ch, so->bursts);
}

static void refsoc_plane_start(struct refsoc_plane *plane, const struct refsoc_scanout *so)
{
	ipu_dmfc_config_wait4eot(plane->dmfc, so->width);
	refsoc_plane_write_channel(plane, so);

	if (plane->dp)
		ipu_dp_enable(plane->ipu);
	ipu_dmfc_enable_channel(plane->dmfc);
	ipu_idmac_enable_channel(plane->channel);
	if (plane->dp)
		ipu_dp_enable_channel(plane->dp);
	if (plane->overlay)
		enable_irq(plane->irq);

	plane->current_so = *so;
	plane->enabled = true;
}

/**
 * refsoc_plane_begin_stop - take an overlay off the screen
 * @plane: the plane; a primary one only goes with its CRTC, so nothing happens to it
 *
 * It is gone in the next frame; refsoc_plane_stop() has to follow after the end of this one.
 */
void refsoc_plane_begin_stop(struct refsoc_plane *plane)
{
	if (!plane->overlay || !plane->enabled || plane->stopping)
		return;

	ipu_dp_disable_channel(plane->dp, true);
	plane->stopping = true;
}

/**
 * refsoc_plane_stop - stop the channel of a plane
 * @plane: the plane
 * @release_dp: take it from the display processor, too
 *
 * Does nothing if it is stopped already. When this returns, its buffer is not read any more.
 */
void refsoc_plane_stop(struct refsoc_plane *plane, bool release_dp)
{
	if (!plane->enabled)
		return;

	if (ipu_idmac_wait_busy(plane->channel, REFSOC_STOP_TIMEOUT_MS))
		drm_dbg_kms(plane->base.dev, "[PLANE:%d:%s] stopped within a frame\n",
			    plane->base.base.id, plane->base.name);

	if (plane->overlay)
		disable_irq(plane->irq);
	if (plane->dp && release_dp)
		ipu_dp_disable_channel(plane->dp, false);
	ipu_idmac_disable_channel(plane->channel);
	ipu_dmfc_disable_channel(plane->dmfc);
	if (plane->dp)
		ipu_dp_disable(plane->ipu);

	plane->enabled = false;
	plane->stopping = false;
	plane->queued = false;

	spin_lock_irq(&plane->base.dev->event_lock);
	plane->phase = REFSOC_PLANE_SETTLED;
	spin_unlock_irq(&plane->base.dev->event_lock);
}

/**
 * refsoc_plane_arm - let the hardware take the update that a commit has queued
 * @plane: the plane
 *
 * Called with the device's event_lock held and interrupts off, for all planes of a CRTC, so that
 * what belongs together goes to the same frame.
 */
void refsoc_plane_arm(struct refsoc_plane *plane)
{
	struct refsoc_scanout *next = &plane->next;
	bool flip;

	if (!plane->queued)
		return;

	plane->queued = false;
	flip = refsoc_scanout_same_layout(next, &plane->current_so);
	if (flip && next->base == plane->current_so.base)
		return;

	plane->current_so = *next;
	if (!flip) {
		plane->phase = REFSOC_PLANE_REWRITE;
		return;
	}

	plane->armed = !ipu_idmac_get_current_buffer(plane->channel);
	trace_refsoc_kms_flip_arm(plane->base.base.id, plane->dma, plane->armed, next->base);
	ipu_cpmem_set_buffer(plane->channel, plane->armed, next->base);
	ipu_idmac_select_buffer(plane->channel, plane->armed);
	plane->phase = REFSOC_PLANE_FLIPPING;
}

/**
 * refsoc_plane_frame_end - see how far an update has come
 * @plane: the plane
 *
 * Called with the device's event_lock held when the plane's channel has read a frame.
 */
void refsoc_plane_frame_end(struct refsoc_plane *plane)
{
	switch (plane->phase) {
	case REFSOC_PLANE_SETTLED:
		return;
	case REFSOC_PLANE_FLIPPING:
		if (ipu_idmac_get_current_buffer(plane->channel) != plane->armed)
			return;
		trace_refsoc_kms_flip_done(plane->base.base.id, plane->dma, plane->armed,
					   plane->next.base);
		break;
	case REFSOC_PLANE_REWRITE:
		refsoc_plane_write_channel(plane, &plane->next);
		plane->phase = REFSOC_PLANE_REWRITTEN;
		return;
	case REFSOC_PLANE_REWRITTEN:
		break;
	}

	plane->phase = REFSOC_PLANE_SETTLED;
}

static void refsoc_plane_atomic_update(struct drm_plane *base, struct drm_atomic_state *state)
{
	struct drm_plane_state *new = drm_atomic_get_new_plane_state(state, base);
	const struct refsoc_scanout *so = &to_refsoc_plane_state(new)->so;
	struct refsoc_plane *plane = to_refsoc_plane(base);
	int idx;

	if (!new->visible) {
		refsoc_plane_begin_stop(plane);
		return;
	}

	if (!drm_dev_enter(base->dev, &idx))
		return;

	if (plane->overlay)
		ipu_dp_set_window_pos(plane->dp, new->dst.x1, new->dst.y1);

	if (plane->enabled) {
		plane->next = *so;
		plane->queued = true;
	} else {
		refsoc_plane_start(plane, so);
	}

	drm_dev_exit(idx);
}

static void refsoc_plane_atomic_disable(struct drm_plane *plane, struct drm_atomic_state *state)
{
	refsoc_plane_begin_stop(to_refsoc_plane(plane));
}

static const struct drm_plane_helper_funcs refsoc_overlay_helper_funcs = {
	.prepare_fb = drm_gem_plane_helper_prepare_fb,
	.atomic_check = refsoc_plane_atomic_check,
	.atomic_update = refsoc_plane_atomic_update,
	.atomic_disable = refsoc_plane_atomic_disable,
};

static const struct drm_plane_helper_funcs refsoc_primary_helper_funcs = {
	.prepare_fb = drm_gem_plane_helper_prepare_fb,
	.atomic_check = refsoc_plane_atomic_check,
	.atomic_update = refsoc_plane_atomic_update,
	.atomic_disable = refsoc_plane_atomic_disable,
	.get_scanout_buffer = drm_fb_dma_get_scanout_buffer,
};

static void refsoc_plane_destroy_state(struct drm_plane *plane, struct drm_plane_state *state)
{
	__drm_atomic_helper_plane_destroy_state(state);
	kfree(to_refsoc_plane_state(state));
}

static void refsoc_plane_reset(struct drm_plane *plane)
{
	struct refsoc_plane_state *state;

	if (plane->state)
		refsoc_plane_destroy_state(plane, plane->state);
	plane->state = NULL;

	state = kzalloc(sizeof(*state), GFP_KERNEL);
	if (!state)
		return;

	__drm_atomic_helper_plane_reset(plane, &state->base);
	/*
	 * The core insists on pre-multiplied colors as the default, which the display processor
	 * cannot blend.  Start with what it can.
	 */
	state->base.pixel_blend_mode = DRM_MODE_BLEND_COVERAGE;
}

static struct drm_plane_state *refsoc_plane_duplicate_state(struct drm_plane *plane)
{
	struct refsoc_plane_state *state;

	state = kmemdup(to_refsoc_plane_state(plane->state), sizeof(*state), GFP_KERNEL);
	if (!state)
		return NULL;

	__drm_atomic_helper_plane_duplicate_state(plane, &state->base);

	return &state->base;
}

static const struct drm_plane_funcs refsoc_plane_funcs = {
	.update_plane = drm_atomic_helper_update_plane,
	.disable_plane = drm_atomic_helper_disable_plane,
	.reset = refsoc_plane_reset,
	.atomic_duplicate_state = refsoc_plane_duplicate_state,
	.atomic_destroy_state = refsoc_plane_destroy_state,
};

static const u64 refsoc_modifiers[] = {
	DRM_FORMAT_MOD_LINEAR,
	DRM_FORMAT_MOD_INVALID
};

static void refsoc_put_channel(void *channel)
{
	ipu_idmac_put(channel);
}

static void refsoc_put_dmfc(void *dmfc)
{
	ipu_dmfc_put(dmfc);
}

static void refsoc_put_dp(void *dp)
{
	ipu_dp_put(dp);
}

/*
 * The plane itself lives as long as the DRM device, which an open file keeps alive.  Its hardware
 * goes back to the IPU core when @dev is unbound.
 */
static int refsoc_plane_get_hardware(struct refsoc_plane *plane, struct device *dev, int flow)
{
	int ret;

	plane->channel = ipu_idmac_get(plane->ipu, plane->dma);
	if (IS_ERR(plane->channel))
		return PTR_ERR(plane->channel);
	ret = devm_add_action_or_reset(dev, refsoc_put_channel, plane->channel);
	if (ret)
		return ret;

	plane->dmfc = ipu_dmfc_get(plane->ipu, plane->dma);
	if (IS_ERR(plane->dmfc))
		return PTR_ERR(plane->dmfc);
	ret = devm_add_action_or_reset(dev, refsoc_put_dmfc, plane->dmfc);
	if (ret)
		return ret;

	plane->irq = ipu_idmac_channel_irq(plane->ipu, plane->channel, IPU_IRQ_EOF);
	if (plane->irq <= 0)
		return -ENXIO;

	if (flow == REFSOC_NO_DP)
		return 0;

	plane->dp = ipu_dp_get(plane->ipu, flow);
	if (IS_ERR(plane->dp))
		return PTR_ERR(plane->dp);

	return devm_add_action_or_reset(dev, refsoc_put_dp, plane->dp);
}

static int refsoc_plane_create_properties(struct refsoc_plane *plane)
{
	int ret;

	if (!plane->dp)
		return drm_plane_create_zpos_immutable_property(&plane->base, 0);

	ret = drm_plane_create_zpos_property(&plane->base, plane->overlay, 0, 1);
	if (ret)
		return ret;

	ret = drm_plane_create_alpha_property(&plane->base);
	if (ret)
		return ret;

	ret = drm_plane_create_blend_mode_property(&plane->base,
						   BIT(DRM_MODE_BLEND_PIXEL_NONE) |
						   BIT(DRM_MODE_BLEND_PREMULTI) |
						   BIT(DRM_MODE_BLEND_COVERAGE));
	if (ret)
		return ret;

	return drm_plane_create_color_properties(&plane->base,
						 BIT(DRM_COLOR_YCBCR_BT601) |
						 BIT(DRM_COLOR_YCBCR_BT709),
						 BIT(DRM_COLOR_YCBCR_LIMITED_RANGE),
						 DRM_COLOR_YCBCR_BT601,
						 DRM_COLOR_YCBCR_LIMITED_RANGE);
}

/**
 * refsoc_plane_create - create a plane
 * @drm: the DRM device it becomes part of
 * @dev: the device that holds its hardware, and gives it back when it is unbound
 * @ipu: the IPU that has this hardware
 * @dma: number of its IDMAC channel
 * @flow: its way through the display processor, IPU_DP_FLOW_SYNC_* or REFSOC_NO_DP
 * @possible_crtcs: the CRTCs an overlay can be on; 0 for the primary plane of one to come
 *
 * Returns: the plane or an ERR_PTR().
 */
struct refsoc_plane *refsoc_plane_create(struct drm_device *drm, struct device *dev,
					 struct ipu_soc *ipu, unsigned int dma, int flow,
					 u32 possible_crtcs)
{
	bool overlay = flow == IPU_DP_FLOW_SYNC_FG;
	struct refsoc_plane *plane;
	int ret;

	plane = drmm_universal_plane_alloc(drm, struct refsoc_plane, base, possible_crtcs,
					   &refsoc_plane_funcs, refsoc_formats,
					   flow == REFSOC_NO_DP ? refsoc_num_rgb_formats :
								  refsoc_num_formats,
					   refsoc_modifiers,
					   overlay ? DRM_PLANE_TYPE_OVERLAY :
						     DRM_PLANE_TYPE_PRIMARY,
					   NULL);
	if (IS_ERR(plane))
		return plane;

	plane->ipu = ipu;
	plane->dma = dma;
	plane->overlay = overlay;
	drm_plane_helper_add(&plane->base, overlay ? &refsoc_overlay_helper_funcs :
						     &refsoc_primary_helper_funcs);

	ret = refsoc_plane_get_hardware(plane, dev, flow);
	if (ret)
		return ERR_PTR(dev_err_probe(dev, ret, "no hardware for IDMAC channel %u\n", dma));

	ret = refsoc_plane_create_properties(plane);
	if (ret)
		return ERR_PTR(ret);

	return plane;
}
