/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU scan-out: rows of pixels on their way to a panel, in loops that compilers
 * turn into vector code. Built with -O3: every frame passes here, seen or not.
 */

#include "qemu/osdep.h"
#include "rows.h"

/*
 * Byte 0 of a pixel is blue, 2 is red. A byte's top bit comes to lie on line
 * "offset", the others below; those that would fall off are lost.
 */
void ipu_row_bus(const IPUBusMap *m, const uint32_t *restrict rgb,
                 uint32_t *restrict bus, unsigned n)
{
    unsigned o0 = m->offset[0] + 1, o1 = m->offset[1] + 1;
    unsigned o2 = m->offset[2] + 1;
    uint32_t m0 = m->mask[0], m1 = m->mask[1], m2 = m->mask[2];

    if (m->identity) {
        for (unsigned i = 0; i < n; i++) {
            bus[i] = rgb[i] & 0xffffff;
        }
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        uint32_t p = rgb[i];

        bus[i] = (p & m0) << o0 >> 8 | (p >> 8 & m1) << o1 >> 8 |
                 (p >> 16 & m2) << o2 >> 8;
    }
}
