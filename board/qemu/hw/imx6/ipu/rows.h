/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of pixels on their way to a panel: see rows.c. */
#ifndef HW_IMX6_IPU_ROWS_H
#define HW_IMX6_IPU_ROWS_H

/* How the DC puts the components on the 24 lines to the DI */
typedef struct IPUBusMap {
    uint8_t offset[3];
    uint8_t mask[3];
    bool identity;
} IPUBusMap;

void ipu_row_bus(const IPUBusMap *m, const uint32_t *restrict rgb,
                 uint32_t *restrict bus, unsigned n);

#endif
