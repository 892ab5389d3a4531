/* SPDX-License-Identifier: GPL-2.0-only */
/* RefSoC scanout driver: what its files share */

#ifndef _REFSOC_KMS_DRV_H_
#define _REFSOC_KMS_DRV_H_

#include <linux/container_of.h>
#include <linux/ktime.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <drm/drm_crtc.h>
#include <drm/drm_plane.h>

#include <video/imx-ipu-v3.h>

#include "refsoc_kms_layout.h"
#include "refsoc_kms_limits.h"

struct drm_atomic_state;
struct drm_encoder;
struct seq_file;

/* The way through the display processor of a plane on a CRTC that has none. */
#define REFSOC_NO_DP	(-1)

/**
 * enum refsoc_plane_phase - how far an update of a running channel has come
 * @REFSOC_PLANE_SETTLED: the channel reads what the commit before asked for
 * @REFSOC_PLANE_FLIPPING: the other buffer is marked ready; it is taken at the end of a frame
 * @REFSOC_PLANE_REWRITE: the channel is to be set up anew after the end of this frame
 * @REFSOC_PLANE_REWRITTEN: it was; a frame may have begun with the old settings
 */
enum refsoc_plane_phase {
	REFSOC_PLANE_SETTLED,
	REFSOC_PLANE_FLIPPING,
	REFSOC_PLANE_REWRITE,
	REFSOC_PLANE_REWRITTEN,
};

/**
 * struct refsoc_plane - a plane and the IDMAC channel that feeds it
 * @base: the DRM plane
 * @ipu: the IPU it belongs to
 * @channel: its IDMAC channel
 * @dmfc: the FIFO behind the channel
 * @dp: its part of the display processor, NULL where there is none
 * @dma: number of the channel, for debugging
 * @irq: the channel's end of frame interrupt
 * @overlay: the plane is the window on top of (or under) the full screen
 * @enabled: the channel runs
 * @stopping: the display processor has let go of the channel, which still runs
 * @queued: @next waits for the flush of this commit
 * @current_so: what the channel was last told; the commit path owns these four
 * @phase: how far an update has come; protected by the device's event_lock
 * @next: what an update asks for; written by the commit path, read under event_lock
 * @armed: the buffer an update marked ready; protected by event_lock
 */
struct refsoc_plane {
	struct drm_plane base;

	struct ipu_soc *ipu;
	struct ipuv3_channel *channel;
	struct dmfc_channel *dmfc;
	struct ipu_dp *dp;
	unsigned int dma;
	int irq;
	bool overlay;

	bool enabled;
	bool stopping;
	bool queued;
	struct refsoc_scanout current_so;

	enum refsoc_plane_phase phase;
	struct refsoc_scanout next;
	int armed;
};

/**
 * struct refsoc_plane_state - state of a plane
 * @base: the DRM state
 * @so: the channel settings that show it; valid if it is visible
 */
struct refsoc_plane_state {
	struct drm_plane_state base;
	struct refsoc_scanout so;
};

/**
 * struct refsoc_crtc - a CRTC: a channel of the DC with the DI that it drives
 * @base: the DRM CRTC
 * @ipu: the IPU it belongs to
 * @dc: its channel of the display controller
 * @di: its display interface
 * @primary: the plane that fills the screen
 * @overlay: the second one, NULL where there is no display processor
 * @blend: what the display processor was told; the commit path owns it
 * @running: DC and DI are on; the commit path owns it
 * @blank: length of the vertical blank; constant while @running
 * @event: to be sent when the current commit is on the screen
 * @eof_seen: a frame has ended since @event was set
 * @stopping: a plane has to be stopped before @event may be sent
 * @eof_wait: woken at each end of a frame
 * @frames: count of frames that have ended
 * @last_eof: when the last one did, 0 if none did since the CRTC is running
 *
 * @event, @eof_seen and @stopping are protected by the device's event_lock.
 */
struct refsoc_crtc {
	struct drm_crtc base;

	struct ipu_soc *ipu;
	struct ipu_dc *dc;
	struct ipu_di *di;
	struct refsoc_plane *primary;
	struct refsoc_plane *overlay;

	struct refsoc_blend blend;
	bool running;
	ktime_t blank;

	struct drm_pending_vblank_event *event;
	bool eof_seen;
	bool stopping;
	wait_queue_head_t eof_wait;

	/** @eof_lock: protects @frames and @last_eof, inside of all other locks */
	spinlock_t eof_lock;
	u32 frames;
	ktime_t last_eof;
};

/**
 * struct refsoc_crtc_state - state of a CRTC
 * @base: the DRM state
 * @bus_format: media bus format of the output
 * @bus_flags: DRM_BUS_FLAG_* of the output
 */
struct refsoc_crtc_state {
	struct drm_crtc_state base;
	u32 bus_format;
	u32 bus_flags;
};

static inline struct refsoc_plane *to_refsoc_plane(struct drm_plane *plane)
{
	return container_of(plane, struct refsoc_plane, base);
}

static inline struct refsoc_plane_state *to_refsoc_plane_state(struct drm_plane_state *state)
{
	return container_of(state, struct refsoc_plane_state, base);
}

static inline struct refsoc_crtc *to_refsoc_crtc(struct drm_crtc *crtc)
{
	return container_of(crtc, struct refsoc_crtc, base);
}

static inline struct refsoc_crtc_state *to_refsoc_crtc_state(struct drm_crtc_state *state)
{
	return container_of(state, struct refsoc_crtc_state, base);
}

extern struct platform_driver refsoc_crtc_driver;
extern struct platform_driver refsoc_dpi_driver;
extern struct platform_driver refsoc_hdmi_driver;

struct refsoc_plane *refsoc_plane_create(struct drm_device *drm, struct device *dev,
					 struct ipu_soc *ipu, unsigned int dma, int flow,
					 u32 possible_crtcs);
void refsoc_plane_arm(struct refsoc_plane *plane);
void refsoc_plane_frame_end(struct refsoc_plane *plane);
void refsoc_plane_begin_stop(struct refsoc_plane *plane);
void refsoc_plane_stop(struct refsoc_plane *plane, bool release_dp);

int refsoc_blend_check(struct refsoc_crtc *crtc, struct drm_crtc_state *crtc_state);
void refsoc_blend_apply(struct refsoc_crtc *crtc);

void refsoc_crtc_park_overlay(struct drm_crtc *crtc, struct drm_atomic_state *state);
void refsoc_crtc_finish_stop(struct drm_crtc *crtc);
void refsoc_crtc_show(struct seq_file *m, struct drm_crtc *crtc);

int refsoc_encoder_set_crtcs(struct drm_encoder *encoder, struct device_node *np);

#endif
