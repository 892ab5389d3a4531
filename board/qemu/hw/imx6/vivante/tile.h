/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Layouts of surfaces of the 3D cores, and tile status: see tile.c.
 */
#ifndef HW_IMX6_VIVANTE_TILE_H
#define HW_IMX6_VIVANTE_TILE_H

typedef struct VivTiling {
    uint32_t base[2];           /* of each pixel pipe's part, if multi */
    uint32_t stride;            /* of a row of pixels, or of one of tiles */
    bool tiled, super, multi;
    uint8_t bpp;                /* bytes of a pixel */
    uint8_t *buffer;            /* as large as four rows of what is moved */
} VivTiling;

typedef struct VivTileStatus {
    bool on;
    uint32_t status;            /* the bits */
    uint32_t surface;
    uint32_t clear;
} VivTileStatus;

bool viv_read_block(VivanteGPUState *s, const VivTiling *t,
                    const VivTileStatus *ts, uint32_t x, uint32_t y,
                    unsigned width, unsigned lines, uint8_t *raw);
void viv_write_block(VivanteGPUState *s, const VivTiling *t, uint32_t x,
                     uint32_t y, unsigned width, unsigned lines,
                     const uint8_t *raw);

#endif
