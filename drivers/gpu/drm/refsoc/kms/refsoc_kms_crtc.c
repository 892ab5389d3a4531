// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC scanout driver: CRTCs
 */

#include <linux/component.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/math64.h>
#include <linux/media-bus-format.h>
#include <linux/mod_devicetable.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_managed.h>
#include <drm/drm_modes.h>
#include <drm/drm_print.h>
#include <drm/drm_vblank.h>

#include <video/videomode.h>

#include "refsoc_kms_drv.h"
#include "refsoc_kms_trace.h"

/**
 * DOC: Frames, vertical blanks and events
 *
 * The IPU tells when an IDMAC channel has read the last pixel of a frame (EOF). The FIFO between
 * it and the display holds some lines at most, so that this is where the vertical blank begins.
 * The interrupt stays on as long as the CRTC does: the IPU latches what happens while it is
 * masked, and would report a frame long gone as soon as somebody waits for the next. It thereby
 * counts frames and notes their times without loss, whether or not somebody looks.
 *
 * The event of a commit is not left to the next vertical blank, but sent when
 *
 * - a frame has ended since the commit was handed to the hardware,
 * - each plane that flipped reads its new buffer (see DOC: Updates of a running plane), and
 * - an overlay that was switched off has been stopped.
 *
 * So the old buffers are free, and the next frame shows the new ones.
 */

/* Pins of the DI that carry the sync signals on all boards but those with a TV encoder. */
#define REFSOC_HSYNC_PIN	2
#define REFSOC_VSYNC_PIN	3

/* An end of frame must come within this time, whatever the mode. */
#define REFSOC_EOF_TIMEOUT	msecs_to_jiffies(200)

static bool refsoc_crtc_settled(struct refsoc_crtc *crtc)
{
	return crtc->primary->phase == REFSOC_PLANE_SETTLED &&
	       (!crtc->overlay || crtc->overlay->phase == REFSOC_PLANE_SETTLED);
}

/* Called with event_lock held. */
static void refsoc_crtc_try_complete(struct refsoc_crtc *crtc)
{
	lockdep_assert_held(&crtc->base.dev->event_lock);

	if (!crtc->event || !crtc->eof_seen || crtc->stopping || !refsoc_crtc_settled(crtc))
		return;

	trace_refsoc_kms_commit_done(crtc->base.base.id, crtc->frames);
	drm_crtc_send_vblank_event(&crtc->base, crtc->event);
	crtc->event = NULL;
	drm_crtc_vblank_put(&crtc->base);
}

static irqreturn_t refsoc_crtc_eof_irq(int irq, void *data)
{
	struct refsoc_crtc *crtc = data;
	ktime_t now = ktime_get();

	spin_lock(&crtc->eof_lock);
	crtc->frames++;
	crtc->last_eof = now;
	spin_unlock(&crtc->eof_lock);

	trace_refsoc_kms_frame_end(crtc->base.base.id, crtc->frames);
	drm_crtc_handle_vblank(&crtc->base);

	spin_lock(&crtc->base.dev->event_lock);
	crtc->eof_seen = true;
	refsoc_plane_frame_end(crtc->primary);
	if (crtc->overlay)
		refsoc_plane_frame_end(crtc->overlay);
	refsoc_crtc_try_complete(crtc);
	spin_unlock(&crtc->base.dev->event_lock);

	wake_up(&crtc->eof_wait);

	return IRQ_HANDLED;
}

static ktime_t refsoc_crtc_last_eof(struct refsoc_crtc *crtc)
{
	unsigned long flags;
	ktime_t last_eof;

	spin_lock_irqsave(&crtc->eof_lock, flags);
	last_eof = crtc->last_eof;
	spin_unlock_irqrestore(&crtc->eof_lock, flags);

	return last_eof;
}

/*
 * The overlay's channel may read its last line shortly after the primary's did. Without this, a
 * flip of such an overlay would be noticed one frame late. One that ends while the screen is
 * drawn does not count: what it has taken is not on the screen before the next frame.
 */
static irqreturn_t refsoc_crtc_overlay_eof_irq(int irq, void *data)
{
	struct refsoc_crtc *crtc = data;
	ktime_t blank_end = ktime_add(refsoc_crtc_last_eof(crtc), crtc->blank);

	if (ktime_after(ktime_get(), blank_end))
		return IRQ_HANDLED;

	spin_lock(&crtc->base.dev->event_lock);
	refsoc_plane_frame_end(crtc->overlay);
	refsoc_crtc_try_complete(crtc);
	spin_unlock(&crtc->base.dev->event_lock);

	return IRQ_HANDLED;
}

/* The interrupt is on whenever the CRTC is: there is nothing to switch. */
static int refsoc_crtc_enable_vblank(struct drm_crtc *crtc)
{
	return 0;
}

static void refsoc_crtc_disable_vblank(struct drm_crtc *crtc)
{
}

static u32 refsoc_crtc_get_vblank_counter(struct drm_crtc *base)
{
	return READ_ONCE(to_refsoc_crtc(base)->frames);
}

/* The time of a vertical blank is when it ends, that is, when the first new pixel goes out. */
static bool refsoc_crtc_get_vblank_timestamp(struct drm_crtc *base, int *max_error,
					     ktime_t *vblank_time, bool in_vblank_irq)
{
	struct refsoc_crtc *crtc = to_refsoc_crtc(base);
	ktime_t last_eof = refsoc_crtc_last_eof(crtc);

	if (!last_eof)
		return false;

	*vblank_time = ktime_add(last_eof, crtc->blank);

	return true;
}

static enum drm_mode_status refsoc_crtc_mode_valid(struct drm_crtc *crtc,
						   const struct drm_display_mode *mode)
{
	return refsoc_mode_valid(mode);
}

/* The DI starts the vertical sync two lines early: lengthen the front porch if need be. */
static int refsoc_crtc_adjust_mode(struct refsoc_crtc *crtc, struct drm_display_mode *mode)
{
	struct videomode vm;
	int ret;

	drm_display_mode_to_videomode(mode, &vm);
	ret = ipu_di_adjust_videomode(crtc->di, &vm);
	if (ret)
		return ret;

	mode->vsync_start = mode->vdisplay + vm.vfront_porch;
	mode->vsync_end = mode->vsync_start + vm.vsync_len;
	drm_mode_set_crtcinfo(mode, 0);

	return 0;
}

static int refsoc_crtc_atomic_check(struct drm_crtc *base, struct drm_atomic_state *state)
{
	struct drm_crtc_state *crtc_state = drm_atomic_get_new_crtc_state(state, base);
	struct refsoc_crtc *crtc = to_refsoc_crtc(base);
	int ret;

	if (crtc_state->enable && drm_atomic_crtc_needs_modeset(crtc_state)) {
		ret = refsoc_crtc_adjust_mode(crtc, &crtc_state->adjusted_mode);
		if (ret) {
			drm_dbg_kms(base->dev, "[CRTC:%d:%s] no room for the vertical sync: %d\n",
				    base->base.id, base->name, ret);
			return ret;
		}
	}

	return crtc_state->active ? refsoc_blend_check(crtc, crtc_state) : 0;
}

static void refsoc_crtc_set_mode(struct refsoc_crtc *crtc)
{
	struct refsoc_crtc_state *state = to_refsoc_crtc_state(crtc->base.state);
	struct drm_display_mode *mode = &state->base.adjusted_mode;
	struct ipu_di_signal_cfg sig = {
		.clk_pol = !!(state->bus_flags & DRM_BUS_FLAG_PIXDATA_DRIVE_POSEDGE),
		.enable_pol = !(state->bus_flags & DRM_BUS_FLAG_DE_LOW),
		.bus_format = state->bus_format,
		.hsync_pin = REFSOC_HSYNC_PIN,
		.vsync_pin = REFSOC_VSYNC_PIN,
	};
	u32 width = ALIGN(mode->hdisplay, 8);
	unsigned int lines = mode->vtotal - mode->vdisplay;

	drm_display_mode_to_videomode(mode, &sig.mode);
	sig.mode.hfront_porch -= width - sig.mode.hactive;
	sig.mode.hactive = width;

	ipu_dc_init_sync(crtc->dc, crtc->di, false, state->bus_format, width);
	ipu_di_init_sync_panel(crtc->di, &sig);

	crtc->blank = div_u64((u64)lines * mode->htotal * NSEC_PER_MSEC, mode->clock);
}

static void refsoc_crtc_atomic_begin(struct drm_crtc *base, struct drm_atomic_state *state)
{
	struct refsoc_crtc *crtc = to_refsoc_crtc(base);
	int idx;

	if (!drm_dev_enter(base->dev, &idx))
		return;

	if (!crtc->running)
		refsoc_crtc_set_mode(crtc);
	if (crtc->overlay)
		refsoc_blend_apply(crtc);

	drm_dev_exit(idx);
}

/* Hand the commit to the hardware, all at once, and keep its event for refsoc_crtc_eof_irq(). */
static void refsoc_crtc_arm(struct refsoc_crtc *crtc)
{
	struct drm_pending_vblank_event *event;
	bool referenced = !drm_crtc_vblank_get(&crtc->base);

	spin_lock_irq(&crtc->base.dev->event_lock);

	crtc->eof_seen = false;
	crtc->stopping = crtc->overlay && crtc->overlay->stopping;
	refsoc_plane_arm(crtc->primary);
	if (crtc->overlay)
		refsoc_plane_arm(crtc->overlay);

	event = crtc->base.state->event;
	crtc->base.state->event = NULL;
	if (event && referenced && !drm_WARN_ON(crtc->base.dev, crtc->event)) {
		crtc->event = event;
		referenced = false;
	} else if (event) {
		drm_crtc_send_vblank_event(&crtc->base, event);
	}

	spin_unlock_irq(&crtc->base.dev->event_lock);

	if (referenced)
		drm_crtc_vblank_put(&crtc->base);
}

/* Nothing will happen on the screen any more: nobody shall wait for it. */
static void refsoc_crtc_send_events(struct refsoc_crtc *crtc, bool all)
{
	spin_lock_irq(&crtc->base.dev->event_lock);
	if (crtc->event) {
		drm_crtc_send_vblank_event(&crtc->base, crtc->event);
		crtc->event = NULL;
		drm_crtc_vblank_put(&crtc->base);
	}
	if (all && crtc->base.state->event) {
		drm_crtc_send_vblank_event(&crtc->base, crtc->base.state->event);
		crtc->base.state->event = NULL;
	}
	spin_unlock_irq(&crtc->base.dev->event_lock);
}

/* The planes of a CRTC that is yet to be enabled run already, see refsoc_plane_start(). */
static void refsoc_crtc_atomic_flush(struct drm_crtc *base, struct drm_atomic_state *state)
{
	struct refsoc_crtc *crtc = to_refsoc_crtc(base);
	int idx;

	if (!drm_dev_enter(base->dev, &idx)) {
		refsoc_crtc_send_events(crtc, true);
		return;
	}

	if (crtc->running)
		refsoc_crtc_arm(crtc);

	drm_dev_exit(idx);
}

static void refsoc_crtc_atomic_enable(struct drm_crtc *base, struct drm_atomic_state *state)
{
	struct refsoc_crtc *crtc = to_refsoc_crtc(base);
	int idx;

	if (!drm_dev_enter(base->dev, &idx)) {
		refsoc_crtc_send_events(crtc, true);
		return;
	}

	crtc->last_eof = 0;
	crtc->running = true;
	enable_irq(crtc->primary->irq);
	drm_crtc_vblank_on(base);
	refsoc_crtc_arm(crtc);

	ipu_dc_enable(crtc->ipu);
	ipu_dc_enable_channel(crtc->dc);
	ipu_di_enable(crtc->di);

	drm_dev_exit(idx);
}

static void refsoc_crtc_wait_eof(struct refsoc_crtc *crtc)
{
	if (!wait_event_timeout(crtc->eof_wait, READ_ONCE(crtc->eof_seen), REFSOC_EOF_TIMEOUT))
		drm_err(crtc->base.dev, "[CRTC:%d:%s] no end of frame\n", crtc->base.base.id,
			crtc->base.name);
}

static void refsoc_crtc_wait_next_eof(struct refsoc_crtc *crtc)
{
	spin_lock_irq(&crtc->base.dev->event_lock);
	crtc->eof_seen = false;
	spin_unlock_irq(&crtc->base.dev->event_lock);

	refsoc_crtc_wait_eof(crtc);
}

/*
 * Between two frames, when the channels are idle; else they would have to be cut off. The order
 * matters: DC and DI first, so that nothing pulls at the channels any more, but the clock of the
 * DC last, without which the IDMAC would hang.
 *
 * Not within drm_dev_enter(): this is how the hardware is put to rest when the driver goes. What
 * has not been switched on is left alone.
 */
static void refsoc_crtc_stop(struct refsoc_crtc *crtc)
{
	if (crtc->running) {
		refsoc_crtc_wait_next_eof(crtc);
		ipu_dc_disable_channel(crtc->dc);
		ipu_di_disable(crtc->di);
	}

	if (crtc->overlay)
		refsoc_plane_stop(crtc->overlay, true);
	refsoc_plane_stop(crtc->primary, true);
	crtc->blend.valid = false;

	if (crtc->running) {
		ipu_dc_disable(crtc->ipu);
		disable_irq(crtc->primary->irq);
		crtc->running = false;
	}
}

static void refsoc_crtc_atomic_disable(struct drm_crtc *base, struct drm_atomic_state *state)
{
	struct refsoc_crtc *crtc = to_refsoc_crtc(base);
	bool was_running = crtc->running;

	refsoc_crtc_stop(crtc);
	if (was_running)
		drm_crtc_vblank_off(base);
	refsoc_crtc_send_events(crtc, !base->state->active);
}

/**
 * refsoc_crtc_park_overlay - stop an overlay that has to be started anew
 * @base: a CRTC of the commit
 * @state: the commit
 *
 * To be called before the planes are committed.
 */
void refsoc_crtc_park_overlay(struct drm_crtc *base, struct drm_atomic_state *state)
{
	struct refsoc_crtc *crtc = to_refsoc_crtc(base);
	struct refsoc_plane *overlay = crtc->overlay;
	struct drm_plane_state *new;

	if (!overlay || !overlay->enabled)
		return;

	new = drm_atomic_get_new_plane_state(state, &overlay->base);
	if (!new || !new->visible ||
	    refsoc_scanout_same_layout(&to_refsoc_plane_state(new)->so, &overlay->current_so))
		return;

	refsoc_plane_begin_stop(overlay);
	refsoc_crtc_wait_next_eof(crtc);
	refsoc_plane_stop(overlay, false);
	crtc->blend.valid = false;
}

/**
 * refsoc_crtc_finish_stop - stop an overlay that a commit has switched off
 * @base: a CRTC of the commit
 *
 * To be called after the commit was handed to the hardware. Sends the event that had to wait.
 */
void refsoc_crtc_finish_stop(struct drm_crtc *base)
{
	struct refsoc_crtc *crtc = to_refsoc_crtc(base);

	if (!crtc->overlay || !crtc->overlay->stopping)
		return;

	refsoc_crtc_wait_eof(crtc);
	refsoc_plane_stop(crtc->overlay, false);

	spin_lock_irq(&base->dev->event_lock);
	crtc->stopping = false;
	refsoc_crtc_try_complete(crtc);
	spin_unlock_irq(&base->dev->event_lock);
}

static void refsoc_plane_show(struct seq_file *m, struct refsoc_plane *plane)
{
	static const char * const phases[] = {
		[REFSOC_PLANE_SETTLED] = "settled",
		[REFSOC_PLANE_FLIPPING] = "flipping",
		[REFSOC_PLANE_REWRITE] = "rewrite",
		[REFSOC_PLANE_REWRITTEN] = "rewritten",
	};
	struct refsoc_scanout *so = &plane->current_so;

	seq_printf(m, "\tplane %d: channel %u, %s, %s\n", plane->base.base.id, plane->dma,
		   plane->enabled ? "enabled" : "disabled", phases[plane->phase]);
	if (!plane->enabled)
		return;

	seq_printf(m, "\t\t%p4cc %ux%u at 0x%08x, pitch %u, burst %u x %u\n", &so->format,
		   so->width, so->height, so->base, so->pitch, so->burst, so->bursts);
	if (so->uv_pitch)
		seq_printf(m, "\t\tU +0x%x, V +0x%x, pitch %u\n", so->u_offset, so->v_offset,
			   so->uv_pitch);
}

/**
 * refsoc_crtc_show - describe a CRTC in debugfs
 * @m: the file
 * @base: the CRTC, locked
 */
void refsoc_crtc_show(struct seq_file *m, struct drm_crtc *base)
{
	struct refsoc_crtc *crtc = to_refsoc_crtc(base);

	seq_printf(m, "crtc %d (%s): %s, %u frames, %s\n", base->base.id, base->name,
		   crtc->running ? "running" : "off", crtc->frames,
		   crtc->event ? "commit pending" : "idle");
	refsoc_plane_show(m, crtc->primary);
	if (crtc->overlay)
		refsoc_plane_show(m, crtc->overlay);
}

static void refsoc_crtc_destroy_state(struct drm_crtc *crtc, struct drm_crtc_state *state)
{
	__drm_atomic_helper_crtc_destroy_state(state);
	kfree(to_refsoc_crtc_state(state));
}

static void refsoc_crtc_reset(struct drm_crtc *crtc)
{
	struct refsoc_crtc_state *state;

	if (crtc->state)
		refsoc_crtc_destroy_state(crtc, crtc->state);
	crtc->state = NULL;

	state = kzalloc(sizeof(*state), GFP_KERNEL);
	if (!state)
		return;

	state->bus_format = MEDIA_BUS_FMT_RGB888_1X24;
	__drm_atomic_helper_crtc_reset(crtc, &state->base);
}

static struct drm_crtc_state *refsoc_crtc_duplicate_state(struct drm_crtc *crtc)
{
	struct refsoc_crtc_state *state;

	state = kmemdup(to_refsoc_crtc_state(crtc->state), sizeof(*state), GFP_KERNEL);
	if (!state)
		return NULL;

	__drm_atomic_helper_crtc_duplicate_state(crtc, &state->base);

	return &state->base;
}

static const struct drm_crtc_funcs refsoc_crtc_funcs = {
	.set_config = drm_atomic_helper_set_config,
	.page_flip = drm_atomic_helper_page_flip,
	.reset = refsoc_crtc_reset,
	.atomic_duplicate_state = refsoc_crtc_duplicate_state,
	.atomic_destroy_state = refsoc_crtc_destroy_state,
	.enable_vblank = refsoc_crtc_enable_vblank,
	.disable_vblank = refsoc_crtc_disable_vblank,
	.get_vblank_counter = refsoc_crtc_get_vblank_counter,
	.get_vblank_timestamp = refsoc_crtc_get_vblank_timestamp,
};

static const struct drm_crtc_helper_funcs refsoc_crtc_helper_funcs = {
	.mode_valid = refsoc_crtc_mode_valid,
	.atomic_check = refsoc_crtc_atomic_check,
	.atomic_begin = refsoc_crtc_atomic_begin,
	.atomic_flush = refsoc_crtc_atomic_flush,
	.atomic_enable = refsoc_crtc_atomic_enable,
	.atomic_disable = refsoc_crtc_atomic_disable,
};

static void refsoc_put_dc(void *dc)
{
	ipu_dc_put(dc);
}

static void refsoc_put_di(void *di)
{
	ipu_di_put(di);
}

static int refsoc_crtc_get_hardware(struct refsoc_crtc *crtc, struct device *dev,
				    const struct ipu_client_platformdata *pdata)
{
	int ret;

	crtc->dc = ipu_dc_get(crtc->ipu, pdata->dc);
	if (IS_ERR(crtc->dc))
		return PTR_ERR(crtc->dc);
	ret = devm_add_action_or_reset(dev, refsoc_put_dc, crtc->dc);
	if (ret)
		return ret;

	crtc->di = ipu_di_get(crtc->ipu, pdata->di);
	if (IS_ERR(crtc->di))
		return PTR_ERR(crtc->di);
	ret = devm_add_action_or_reset(dev, refsoc_put_di, crtc->di);
	if (ret)
		return ret;

	ret = devm_request_irq(dev, crtc->primary->irq, refsoc_crtc_eof_irq, IRQF_NO_AUTOEN,
			       dev_name(dev), crtc);
	if (ret || !crtc->overlay)
		return ret;

	return devm_request_irq(dev, crtc->overlay->irq, refsoc_crtc_overlay_eof_irq,
				IRQF_NO_AUTOEN, dev_name(dev), crtc);
}

static int refsoc_crtc_bind(struct device *dev, struct device *master, void *data)
{
	const struct ipu_client_platformdata *pdata = dev_get_platdata(dev);
	struct ipu_soc *ipu = dev_get_drvdata(dev->parent);
	struct drm_device *drm = data;
	bool has_dp = pdata->dp >= 0 && pdata->dma[1] >= 0;
	struct refsoc_plane *primary;
	struct refsoc_crtc *crtc;
	int ret;

	primary = refsoc_plane_create(drm, dev, ipu, pdata->dma[0],
				      has_dp ? IPU_DP_FLOW_SYNC_BG : REFSOC_NO_DP, 0);
	if (IS_ERR(primary))
		return PTR_ERR(primary);

	crtc = drmm_crtc_alloc_with_planes(drm, struct refsoc_crtc, base, &primary->base, NULL,
					   &refsoc_crtc_funcs, "ipu%d-di%d",
					   ipu_get_num(ipu) + 1, pdata->di);
	if (IS_ERR(crtc))
		return PTR_ERR(crtc);

	crtc->ipu = ipu;
	crtc->primary = primary;
	crtc->base.port = pdata->of_node;
	spin_lock_init(&crtc->eof_lock);
	init_waitqueue_head(&crtc->eof_wait);
	drm_crtc_helper_add(&crtc->base, &refsoc_crtc_helper_funcs);

	if (has_dp) {
		crtc->overlay = refsoc_plane_create(drm, dev, ipu, pdata->dma[1],
						    IPU_DP_FLOW_SYNC_FG,
						    drm_crtc_mask(&crtc->base));
		if (IS_ERR(crtc->overlay))
			return PTR_ERR(crtc->overlay);
	}

	ret = refsoc_crtc_get_hardware(crtc, dev, pdata);
	if (ret)
		return dev_err_probe(dev, ret, "no hardware\n");

	dev_set_drvdata(dev, crtc);

	return 0;
}

/* A commit that was cut short by the unbinding may have left a channel on. */
static void refsoc_crtc_unbind(struct device *dev, struct device *master, void *data)
{
	refsoc_crtc_stop(dev_get_drvdata(dev));
}

static const struct component_ops refsoc_crtc_component_ops = {
	.bind = refsoc_crtc_bind,
	.unbind = refsoc_crtc_unbind,
};

static int refsoc_crtc_probe(struct platform_device *pdev)
{
	if (!dev_get_platdata(&pdev->dev))
		return -EINVAL;

	return component_add(&pdev->dev, &refsoc_crtc_component_ops);
}

static void refsoc_crtc_remove(struct platform_device *pdev)
{
	component_del(&pdev->dev, &refsoc_crtc_component_ops);
}

static const struct platform_device_id refsoc_crtc_ids[] = {
	{ .name = "imx-ipuv3-crtc" },
	{ }
};
MODULE_DEVICE_TABLE(platform, refsoc_crtc_ids);

struct platform_driver refsoc_crtc_driver = {
	.probe = refsoc_crtc_probe,
	.remove = refsoc_crtc_remove,
	.id_table = refsoc_crtc_ids,
	.driver = {
		.name = "refsoc-kms-crtc",
	},
};
