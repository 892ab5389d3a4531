/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q image processing unit (IPUv3H): capture and display.
 *
 * i.MX 6Dual/6Quad Reference Manual (IMX6DQRM) rev. 6, chapter 37.
 *
 * Properties: "unit" 1 or 2; links "ccm" and "iomuxc" (left out: always
 * clocked, always muxed). Memory region 0: the whole 4 MiB, at 0x02400000 or
 * 0x02800000. sysbus IRQ 0: sync, IRQ 1: error. GPIO input "reset": from the
 * SRC, level 1 resets.
 */
#ifndef HW_IMX6_IPU_H
#define HW_IMX6_IPU_H

#include "qom/object.h"

#define TYPE_IMX6_IPU "imx6-ipu"
OBJECT_DECLARE_SIMPLE_TYPE(IMX6IPUState, IMX6_IPU)

#define IMX6_IPU_SIZE   0x400000

/**
 * struct IMX6IPUHead - what leaves a display interface, to a bridge or panel
 * @name: "ipu1-di0" and so on
 * @xrgb: the picture, 0x00RRGGBB as 24 bit bus lines, @width words a row;
 *        NULL while nothing was ever scanned out
 * @frame: number of whole frames since reset
 * @pixel_hz: pixel clock, 0 while the interface stands still
 * @htotal: pixels of a line with blanking
 * @vtotal: lines of a frame with blanking
 */
typedef struct IMX6IPUHead {
    const char *name;
    const uint32_t *xrgb;
    unsigned width;
    unsigned height;
    uint64_t frame;
    uint64_t pixel_hz;
    unsigned htotal;
    unsigned vtotal;
} IMX6IPUHead;

/* Called at the end of each frame, and with width 0 when the output stops. */
typedef void IMX6IPUHeadFn(void *opaque, const IMX6IPUHead *head);

/**
 * imx6_ipu_head_listen: let a bridge (HDMI, LVDS) see a display interface
 * @di: 0 or 1
 *
 * Any number of listeners; they look themselves whether the IOMUXC's
 * multiplexer (GPR3) gives them this head.
 */
void imx6_ipu_head_listen(IMX6IPUState *s, unsigned di, IMX6IPUHeadFn *fn,
                          void *opaque);

/* The head as it is now; valid until the guest runs again. */
IMX6IPUHead imx6_ipu_head(IMX6IPUState *s, unsigned di);

#endif
