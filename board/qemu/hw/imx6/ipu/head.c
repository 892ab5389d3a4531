/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU heads: what the lines of a display interface lead to.
 *
 * On this board the lines of IPU1 DI0 go, through pads, to an 18 bit parallel
 * panel, which has a console. All heads can be listened to by the models of
 * the bridges, which take the 24 lines before any pad.
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/imx6/iomuxc.h"
#include "hw/imx6/monitor.h"
#include "hw/imx6/testdev.h"
#include "ipu.h"
#include "trace.h"

/*
 * Pads of the parallel display, IOMUXC_SW_MUX_CTL_PAD_DI0_DISP_CLK and the
 * three after it, _DISP0_DAT0 and the others; ALT0 is the IPU1 (IMX6DQRM
 * 36.4; arch/arm/boot/dts/nxp/imx/imx6q-pinfunc.h).
 */
#define PAD_DI0_DISP_CLK        0x15c
#define PAD_DI0_CONTROLS        4       /* clock, DRDY, HSYNC, VSYNC */
#define PAD_DISP0_DAT0          0x170
#define PANEL_LINES             18

static bool has_panel(IPUDisplay *d)
{
    return d->ipu->unit == 1 && d->di == 0;
}

static bool pad_is_display(IPUDisplay *d, hwaddr offset)
{
    return !d->ipu->iomuxc ||
           imx6_iomuxc_mux_mode(d->ipu->iomuxc, offset) == 0;
}

static uint32_t connected_lines(IPUDisplay *d)
{
    uint32_t lines = 0;

    for (unsigned i = 0; i < PAD_DI0_CONTROLS; i++) {
        if (!pad_is_display(d, PAD_DI0_DISP_CLK + 4 * i)) {
            return 0;
        }
    }
    for (unsigned i = 0; i < PANEL_LINES; i++) {
        if (pad_is_display(d, PAD_DISP0_DAT0 + 4 * i)) {
            lines |= BIT(i);
        }
    }
    return lines;
}

static size_t frame_bytes(IPUDisplay *d)
{
    return (size_t)d->t.hactive * d->t.vactive * 4;
}

void ipu_head_resize(IPUDisplay *d, unsigned width, unsigned height)
{
    size_t size = (size_t)width * height * 4;

    if (size > d->bus_size) {
        d->bus = g_realloc(d->bus, size);
        memset(d->bus, 0, size);
        if (has_panel(d)) {
            d->panel = g_realloc(d->panel, size);
            memset(d->panel, 0, size);
        }
        d->bus_size = size;
    }
}

void ipu_head_frame_start(IPUDisplay *d)
{
    if (has_panel(d)) {
        d->pads = connected_lines(d);
    }
}

static void tap_row(IPUDisplay *d, unsigned row, const uint32_t *rgb)
{
    g_autofree uint8_t *luma = g_malloc(d->t.hactive);

    for (unsigned i = 0; i < d->t.hactive; i++) {
        luma[i] = ((rgb[i] >> 16 & 0xff) * 77 + (rgb[i] >> 8 & 0xff) * 150 +
                   (rgb[i] & 0xff) * 29) >> 8;
    }
    imx6_dma_tap(&d->tap, d->frame, row, d->t.vactive, luma, d->t.hactive);
}

void ipu_head_row(IPUDisplay *d, unsigned row)
{
    size_t offset = (size_t)row * d->t.hactive;
    const uint32_t *rgb = d->bus + offset;

    if (has_panel(d)) {
        imx6_monitor_rgb666(d->pads, rgb, d->panel + offset, d->t.hactive);
        rgb = d->panel + offset;
    }
    if (imx6_dma_tap_wants(row, d->t.vactive)) {
        tap_row(d, row, rgb);
    }
}

static void tell_listeners(IPUDisplay *d)
{
    IMX6IPUHead head = imx6_ipu_head(d->ipu, d->di);

    for (unsigned i = 0; i < d->listeners; i++) {
        d->listener[i].fn(d->listener[i].opaque, &head);
    }
}

void ipu_head_frame_end(IPUDisplay *d)
{
    d->dirty = true;
    imx6_testdev_frame_done(d->name, has_panel(d) ? d->panel : d->bus,
                            d->t.hactive, d->t.vactive, d->t.hactive * 4);
    tell_listeners(d);
}

void ipu_head_blank(IPUDisplay *d)
{
    if (d->bus) {
        memset(d->bus, 0, MIN(frame_bytes(d), d->bus_size));
    }
    if (d->panel) {
        memset(d->panel, 0, MIN(frame_bytes(d), d->bus_size));
    }
    d->dirty = true;
    tell_listeners(d);
}

IMX6IPUHead imx6_ipu_head(IMX6IPUState *s, unsigned di)
{
    IPUDisplay *d = &s->display[di & 1];
    IMX6IPUHead head = { .name = d->name, .frame = d->frame };

    if (d->picture && d->bus) {
        head.xrgb = d->bus;
        head.width = d->t.hactive;
        head.height = d->t.vactive;
        head.pixel_hz = d->t.pixel_hz;
        head.htotal = d->t.htotal;
        head.vtotal = d->t.vtotal;
    }
    return head;
}

void imx6_ipu_head_listen(IMX6IPUState *s, unsigned di, IMX6IPUHeadFn *fn,
                          void *opaque)
{
    IPUDisplay *d = &s->display[di & 1];

    g_assert(d->listeners < IPU_LISTENERS);
    d->listener[d->listeners].fn = fn;
    d->listener[d->listeners].opaque = opaque;
    d->listeners++;
}

static void console_invalidate(void *opaque)
{
    IPUDisplay *d = opaque;

    d->dirty = true;
}

static void console_update(void *opaque)
{
    IPUDisplay *d = opaque;
    unsigned w = d->t.hactive, h = d->t.vactive;

    if (!d->dirty || !d->panel || !w || !h || frame_bytes(d) > d->bus_size) {
        return;
    }
    d->dirty = false;
    imx6_monitor_draw(d->con, d->panel, w, h, NULL, NULL);
}

static const GraphicHwOps console_ops = {
    .invalidate = console_invalidate,
    .gfx_update = console_update,
};

void ipu_head_init(IPUDisplay *d, Error **errp)
{
    d->name = g_strdup_printf("ipu%u-di%u", d->ipu->unit, d->di);
    imx6_dma_init(&d->tap, d->name);
    if (has_panel(d)) {
        d->con = graphic_console_init(DEVICE(d->ipu), 0, &console_ops, d);
    }
}

void ipu_head_finalize(IPUDisplay *d)
{
    g_free(d->name);
    g_free(d->bus);
    g_free(d->panel);
}
