/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A monitor or panel behind a bridge: a console with the picture of an IPU
 * head, or nothing.
 */
#ifndef HW_IMX6_MONITOR_H
#define HW_IMX6_MONITOR_H

#include "hw/imx6/ipu.h"
#include "hw/qdev-core.h"
#include "ui/console.h"

/**
 * struct IMX6MonitorOps - what the bridge knows
 * @input: the head that it has selected, as it is now
 * @shows: does it make a picture of it?
 * @row: what the monitor makes of a row of the bus; NULL: it is shown as it is
 */
typedef struct IMX6MonitorOps {
    IMX6IPUHead (*input)(void *opaque);
    bool (*shows)(void *opaque, const IMX6IPUHead *head);
    void (*row)(void *opaque, const uint32_t *bus, uint32_t *out, unsigned n);
} IMX6MonitorOps;

/* Nothing of it is migrated: it is drawn anew. */
typedef struct IMX6Monitor {
    QemuConsole *con;
    const IMX6MonitorOps *ops;
    void *opaque;
    bool blank;                 /* what the console shows */
    bool redraw;
    uint64_t shown_frame;
} IMX6Monitor;

void imx6_monitor_init(IMX6Monitor *m, DeviceState *dev,
                       const IMX6MonitorOps *ops, void *opaque);

/* The bridge does something else now; or a head has stopped. */
static inline void imx6_monitor_redraw(IMX6Monitor *m)
{
    m->redraw = true;
}

/* Listen to the heads of both IPUs; a NULL one is not there. */
void imx6_monitor_listen(IMX6IPUState *const ipu[2], IMX6IPUHeadFn *fn,
                         void *opaque);

/* Show a picture of 0x00RRGGBB, row by row through @row unless it is NULL. */
void imx6_monitor_draw(QemuConsole *con, const uint32_t *xrgb, unsigned width,
                       unsigned height,
                       void (*row)(void *opaque, const uint32_t *bus,
                                   uint32_t *out, unsigned n),
                       void *opaque);

/*
 * A display of 18 bits, six a colour, red on the top ones of the bus' lines;
 * those of @lines are connected.
 */
void imx6_monitor_rgb666(uint32_t lines, const uint32_t *restrict bus,
                         uint32_t *restrict out, unsigned n);

#endif
