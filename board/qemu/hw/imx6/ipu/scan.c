/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU scan-out: the course of a frame on a display interface.
 *
 * Every frame is a fixed row of steps on the virtual clock, each at an
 * absolute time, so that nothing drifts:
 *
 *   start         VSYNC. DP registers and CPMEM are taken over, NFACK.
 *   band 0..15    a sixteenth of the active lines is fetched, combined and
 *                 put on the bus when its first line is due.
 *   end           the last active line is out: EOF, buffers change.
 *   vsync_pre     two lines before the next VSYNC.
 *
 * A channel's parameters and start address count from its new frame on: that
 * is what double buffering and the notes on pending updates in Linux'
 * drivers/gpu/drm/imx/ipuv3/ipuv3-plane.c rest on. Where in the blanking the
 * new frame lies is not in the manual; here it is VSYNC.
 */

#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "ipu.h"
#include "trace.h"

#define BANDS           16
#define PRE_LINES       2

/* A frame this short is a mistake; it would only keep the host busy. */
#define MIN_PERIOD_NS   (2 * SCALE_MS)
/* How often to look whether the clock has come on */
#define POLL_NS         (5 * SCALE_MS)

enum {
    STEP_START,
    STEP_BAND,
    STEP_END = STEP_BAND + BANDS,
    STEP_PRE,
    STEPS
};

static uint32_t band_line(IPUDisplay *d, unsigned band)
{
    return (uint64_t)d->t.vactive * band / BANDS;
}

/* From the frame's start, in lines */
static uint32_t step_line(IPUDisplay *d, unsigned step)
{
    uint32_t end = d->t.vstart + d->t.vactive;

    switch (step) {
    case STEP_START:
        return 0;
    case STEP_END:
        return end;
    case STEP_PRE:
        return MAX(end, d->t.vtotal - MIN(PRE_LINES, d->t.vtotal));
    case STEPS:
        return d->t.vtotal;
    default:
        return d->t.vstart + band_line(d, step - STEP_BAND);
    }
}

static void arm(IPUDisplay *d)
{
    timer_mod(d->timer, d->t0 + muldiv64(d->t.period_ns,
                                         step_line(d, d->step), d->t.vtotal));
}

static void raise_once(IPUDisplay *d, bool *told, unsigned hwirq)
{
    if (!*told) {
        *told = true;
        ipu_raise(d->ipu, hwirq);
    }
}

static void begin_layers(IPUDisplay *d)
{
    IMX6IPUState *s = d->ipu;
    uint32_t need = IPU_CONF_DP_EN | IPU_CONF_DMFC_EN;

    if (d->dc_ch == 1) {
        if (ipu_conf(s) & IPU_CONF_DMFC_EN) {
            ipu_layer_begin(s, &d->main, IPU_CH_DC_SYNC);
        }
        return;
    }
    if ((ipu_conf(s) & need) != need) {
        return;
    }
    ipu_dp_new_frame(s);
    ipu_raise(s, IPU_IRQ_DP_SF_START);
    ipu_layer_begin(s, &d->main, IPU_CH_BG_SYNC);
    if (ipu_layer_has_alpha(&d->main)) {
        ipu_layer_begin(s, &d->main_alpha, IPU_CH_BG_ALPHA);
    }
    if (!(s->dp[DP_COM_CONF] & DP_COM_CONF_FG_EN)) {
        ipu_layer_abort(s, &d->part);
        ipu_layer_abort(s, &d->part_alpha);
        return;
    }
    ipu_layer_begin(s, &d->part, IPU_CH_FG_SYNC);
    if (ipu_layer_has_alpha(&d->part)) {
        ipu_layer_begin(s, &d->part_alpha, IPU_CH_FG_ALPHA);
    }
}

static void drop_picture(IPUDisplay *d)
{
    ipu_layer_abort(d->ipu, &d->main);
    ipu_layer_abort(d->ipu, &d->main_alpha);
    ipu_layer_abort(d->ipu, &d->part);
    ipu_layer_abort(d->ipu, &d->part_alpha);
    if (d->picture) {
        d->picture = false;
        ipu_head_blank(d);
    }
}

/* Clock gone or counters that make no timing: look again later. */
static void stall(IPUDisplay *d)
{
    drop_picture(d);
    d->idle = true;
    d->t.pixel_hz = 0;
    d->step = STEP_START;
    d->t0 = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + POLL_NS;
    timer_mod(d->timer, d->t0);
}

static bool new_timing(IPUDisplay *d, unsigned counter)
{
    IPUTiming t;

    if (!ipu_clocked(d->ipu) || !ipu_di_timing(d, counter, &t)) {
        return false;
    }
    if (t.period_ns < MIN_PERIOD_NS) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: frame of %" PRIu64 " ns\n",
                      d->name, t.period_ns);
        t.period_ns = MIN_PERIOD_NS;
    }
    if (d->ipu->faults & BIT(IPU_FAULT_LATE_VSYNC)) {
        /* As many lines again, all of them blank */
        t.period_ns *= 2;
        t.vtotal *= 2;
    }
    d->t = t;
    return true;
}

static void start_frame(IPUDisplay *d)
{
    unsigned counter = 0;
    bool fed = ipu_dc_source(d->ipu, d->di, &d->dc_ch, &d->map, &counter);

    if (!fed) {
        drop_picture(d);
    }
    if (!new_timing(d, counter)) {
        stall(d);
        return;
    }
    d->idle = false;
    d->error_told = false;
    d->bus_error_told = false;
    d->picture = fed;
    if (fed) {
        ipu_head_resize(d, d->t.hactive, d->t.vactive);
        ipu_head_frame_start(d);
        begin_layers(d);
    }
    trace_imx6_ipu_scan_start(d->name, d->frame, fed, d->t.period_ns);
    d->step++;
}

/* A layer's row with its separate alpha, or black; false if there is none */
static bool layer_row(IPUDisplay *d, IPULayer *l, const IPUFormat *f,
                      IPULayer *alpha, const IPUFormat *af, unsigned row,
                      uint32_t *out, unsigned n)
{
    IMX6IPUState *s = d->ipu;
    bool ok = true;

    if (!l->active || !f->width || row >= f->height) {
        memset(out, 0, n * sizeof(*out));
        return false;
    }
    if (f->width < n) {
        memset(out + f->width, 0, (n - f->width) * sizeof(*out));
    }
    ok = ipu_layer_row(s, f, row, out, MIN(n, f->width));
    if (alpha->active && af->width && row < af->height) {
        ok &= ipu_layer_alpha_row(s, af, row, out, MIN(n, af->width));
    }
    if (!ok) {
        raise_once(d, &d->bus_error_told, IPU_IRQ_AXIR_ERR);
    }
    return f->width >= n;
}

static void decode(IPUDisplay *d, IPULayer *l, IPUFormat *f)
{
    if (!l->active || !ipu_layer_decode(d->ipu, l, f)) {
        f->width = 0;
        f->height = 0;
    }
}

static void scan_band(IPUDisplay *d, unsigned band)
{
    IMX6IPUState *s = d->ipu;
    uint32_t end = band_line(d, band + 1), w = d->t.hactive;
    uint32_t pos = s->dp[DP_FG_POS];
    uint32_t x = extract32(pos, 16, 11), y = extract32(pos, 0, 11);
    IPUFormat f, af, pf, paf;
    IPUBusMap map;

    ipu_dc_bus_map(s, d->map, &map);
    decode(d, &d->main, &f);
    decode(d, &d->main_alpha, &af);
    decode(d, &d->part, &pf);
    decode(d, &d->part_alpha, &paf);
    for (uint32_t row = band_line(d, band); row < end; row++) {
        uint32_t *part = NULL;

        if (!layer_row(d, &d->main, &f, &d->main_alpha, &af, row, s->row[0],
                       w)) {
            raise_once(d, &d->error_told, IPU_IRQ_DI_SYNC_ERR + d->di);
        }
        if (row >= y && row - y < pf.height &&
            (s->dp[DP_COM_CONF] & DP_COM_CONF_FG_EN)) {
            part = s->row[1];
            layer_row(d, &d->part, &pf, &d->part_alpha, &paf, row - y, part,
                      pf.width);
        }
        if (d->dc_ch == 5) {
            ipu_dp_row(s, s->row[0], w, part, x, pf.width);
        }
        ipu_row_bus(&map, s->row[0], d->bus + (size_t)row * w, w);
        ipu_head_row(d, row);
    }
    if (d->part.active && y + pf.height <= end) {
        ipu_layer_end(s, &d->part);
        ipu_layer_end(s, &d->part_alpha);
    }
}

static void end_frame(IPUDisplay *d)
{
    IMX6IPUState *s = d->ipu;

    /* More rows than the interface asked for: not at its end. */
    if (d->main.active &&
        ipu_cpmem_field(d->main.cell, IPU_FIELD_FH) < d->t.vactive) {
        ipu_layer_end(s, &d->main);
        ipu_layer_end(s, &d->main_alpha);
    }
    ipu_raise(s, d->dc_ch == 5 ? IPU_IRQ_DP_SF_END : IPU_IRQ_DC_FC_1);
    d->frame++;
    ipu_head_frame_end(d);
}

static void next_frame(IPUDisplay *d)
{
    int64_t behind;

    ipu_raise(d->ipu, IPU_IRQ_VSYNC_PRE + d->di);
    d->t0 += d->t.period_ns;
    d->step = STEP_START;
    /*
     * Free running on a busy host: leave out whole frames rather than pour
     * out the interrupts of all that were missed.
     */
    behind = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - d->t0;
    if (behind > 2 * (int64_t)d->t.period_ns) {
        d->t0 += behind / d->t.period_ns * d->t.period_ns;
    }
}

static void scan_step(void *opaque)
{
    IPUDisplay *d = opaque;

    if (d->step == STEP_START) {
        start_frame(d);
        if (d->idle) {
            return;
        }
    } else if (!ipu_clocked(d->ipu)) {
        stall(d);
        return;
    } else {
        if (d->picture && d->step < STEP_END) {
            scan_band(d, d->step - STEP_BAND);
        } else if (d->picture && d->step == STEP_END) {
            end_frame(d);
        }
        if (d->step == STEP_PRE) {
            next_frame(d);
        } else {
            d->step++;
        }
    }
    arm(d);
}

/* A channel that is switched off in mid-frame delivers no more. */
static void drop_disabled(IPUDisplay *d, IPULayer *l)
{
    if (l->active && !ipu_ch_enabled(d->ipu, l->ch)) {
        ipu_layer_abort(d->ipu, l);
    }
}

static void update_one(IPUDisplay *d)
{
    IMX6IPUState *s = d->ipu;
    uint32_t enable = d->di ? IPU_CONF_DI1_EN : IPU_CONF_DI0_EN;
    bool run = (ipu_conf(s) & enable) && ipu_di_released(s, d->di);
    uint32_t ch, map;
    unsigned counter;

    if (run && !d->running) {
        d->running = true;
        d->step = STEP_START;
        d->t0 = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        timer_mod(d->timer, d->t0);
    } else if (!run && d->running) {
        d->running = false;
        d->idle = false;
        timer_del(d->timer);
        d->t.pixel_hz = 0;
        drop_picture(d);
    } else if (d->picture && !ipu_dc_source(s, d->di, &ch, &map, &counter)) {
        drop_picture(d);
    }
    drop_disabled(d, &d->main);
    drop_disabled(d, &d->main_alpha);
    drop_disabled(d, &d->part);
    drop_disabled(d, &d->part_alpha);
}

void ipu_scan_update(IMX6IPUState *s)
{
    update_one(&s->display[0]);
    update_one(&s->display[1]);
}

void ipu_scan_reset(IPUDisplay *d)
{
    timer_del(d->timer);
    drop_picture(d);
    memset(d->regs, 0, sizeof(d->regs));
    memset(&d->t, 0, sizeof(d->t));
    d->running = false;
    d->idle = false;
    d->step = STEP_START;
    d->t0 = 0;
    d->frame = 0;
}

void ipu_scan_init(IPUDisplay *d)
{
    d->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, scan_step, d);
}

/* A snapshot must not lead outside of the frame there is room for. */
static int scan_post_load(void *opaque, int version_id)
{
    IPUDisplay *d = opaque;

    if (d->step >= STEPS || d->t.hactive > IPU_MAX_WIDTH ||
        d->t.vactive > IPU_MAX_HEIGHT || d->map > IPU_MAX_MAP ||
        (d->step != STEP_START && (!d->t.vtotal || !d->t.period_ns))) {
        return -EINVAL;
    }
    /* The picture itself is not migrated: it is whole again a frame later. */
    if (d->picture) {
        ipu_head_resize(d, d->t.hactive, d->t.vactive);
    }
    return 0;
}

static const VMStateDescription vmstate_timing = {
    .name = "imx6-ipu-timing",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT64(pixel_hz, IPUTiming),
        VMSTATE_UINT64(period_ns, IPUTiming),
        VMSTATE_UINT32(htotal, IPUTiming),
        VMSTATE_UINT32(vtotal, IPUTiming),
        VMSTATE_UINT32(hactive, IPUTiming),
        VMSTATE_UINT32(vactive, IPUTiming),
        VMSTATE_UINT32(vstart, IPUTiming),
        VMSTATE_END_OF_LIST()
    },
};

const VMStateDescription vmstate_ipu_display = {
    .name = "imx6-ipu-display",
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = scan_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, IPUDisplay, IPU_DI_REGS),
        VMSTATE_TIMER_PTR(timer, IPUDisplay),
        VMSTATE_BOOL(running, IPUDisplay),
        VMSTATE_BOOL(idle, IPUDisplay),
        VMSTATE_BOOL(picture, IPUDisplay),
        VMSTATE_BOOL(error_told, IPUDisplay),
        VMSTATE_BOOL(bus_error_told, IPUDisplay),
        VMSTATE_UINT32(step, IPUDisplay),
        VMSTATE_INT64(t0, IPUDisplay),
        VMSTATE_STRUCT(t, IPUDisplay, 1, vmstate_timing, IPUTiming),
        VMSTATE_UINT32(dc_ch, IPUDisplay),
        VMSTATE_UINT32(map, IPUDisplay),
        VMSTATE_STRUCT(main, IPUDisplay, 1, vmstate_ipu_layer, IPULayer),
        VMSTATE_STRUCT(main_alpha, IPUDisplay, 1, vmstate_ipu_layer,
                       IPULayer),
        VMSTATE_STRUCT(part, IPUDisplay, 1, vmstate_ipu_layer, IPULayer),
        VMSTATE_STRUCT(part_alpha, IPUDisplay, 1, vmstate_ipu_layer,
                       IPULayer),
        VMSTATE_UINT64(frame, IPUDisplay),
        VMSTATE_UINT32(pads, IPUDisplay),
        VMSTATE_END_OF_LIST()
    },
};
