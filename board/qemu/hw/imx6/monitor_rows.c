/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of a panel with six lines a colour. Built with -O3, for a loop of vector
 * code: every frame passes here, seen or not.
 */

#include "qemu/osdep.h"
#include "hw/imx6/monitor.h"

void imx6_monitor_rgb666(uint32_t lines, const uint32_t *restrict bus,
                         uint32_t *restrict out, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        uint32_t on = bus[i] & lines;
        uint32_t rgb = (on & 0x3f000) << 6 | (on & 0xfc0) << 4 |
                       (on & 0x3f) << 2;

        out[i] = rgb | (rgb >> 6 & 0x030303);
    }
}
