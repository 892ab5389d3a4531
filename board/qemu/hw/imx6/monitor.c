/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A monitor or panel behind a bridge: include/hw/imx6/monitor.h.
 */

#include "qemu/osdep.h"
#include "hw/imx6/monitor.h"

void imx6_monitor_draw(QemuConsole *con, const uint32_t *xrgb, unsigned width,
                       unsigned height,
                       void (*row)(void *opaque, const uint32_t *bus,
                                   uint32_t *out, unsigned n),
                       void *opaque)
{
    DisplaySurface *surface;
    uint8_t *out;

    qemu_console_resize(con, width, height);
    surface = qemu_console_surface(con);
    out = surface_data(surface);
    for (unsigned y = 0; y < height; y++, xrgb += width) {
        if (row) {
            row(opaque, xrgb, (uint32_t *)out, width);
        } else {
            memcpy(out, xrgb, width * 4);
        }
        out += surface_stride(surface);
    }
    dpy_gfx_update_full(con);
}

static void draw_blank(QemuConsole *con)
{
    DisplaySurface *surface = qemu_console_surface(con);

    memset(surface_data(surface), 0,
           (size_t)surface_stride(surface) * surface_height(surface));
    dpy_gfx_update_full(con);
}

/* Frames are asked for when somebody looks. */
static void monitor_update(void *opaque)
{
    IMX6Monitor *m = opaque;
    IMX6IPUHead head = m->ops->input(m->opaque);

    if (!m->redraw && head.frame == m->shown_frame) {
        return;
    }
    m->redraw = false;
    m->shown_frame = head.frame;
    if (m->ops->shows(m->opaque, &head)) {
        m->blank = false;
        imx6_monitor_draw(m->con, head.xrgb, head.width, head.height,
                          m->ops->row, m->opaque);
    } else if (!m->blank) {
        m->blank = true;
        draw_blank(m->con);
    }
}

static void monitor_invalidate(void *opaque)
{
    IMX6Monitor *m = opaque;

    m->redraw = true;
    m->blank = false;
}

static const GraphicHwOps monitor_ops = {
    .invalidate = monitor_invalidate,
    .gfx_update = monitor_update,
};

void imx6_monitor_init(IMX6Monitor *m, DeviceState *dev,
                       const IMX6MonitorOps *ops, void *opaque)
{
    m->ops = ops;
    m->opaque = opaque;
    m->con = graphic_console_init(dev, 0, &monitor_ops, m);
}

void imx6_monitor_listen(IMX6IPUState *const ipu[2], IMX6IPUHeadFn *fn,
                         void *opaque)
{
    for (unsigned n = 0; n < 4; n++) {
        if (ipu[n / 2]) {
            imx6_ipu_head_listen(ipu[n / 2], n & 1, fn, opaque);
        }
    }
}
