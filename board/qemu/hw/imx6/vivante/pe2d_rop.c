/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: raster operations.
 *
 * A code is the truth table of pattern (bit 2 of the index), source (bit 1)
 * and destination (bit 0); the two-input kinds know only the low four bits
 * (rnndb, state_2d.xml, 2D_ROP).
 */

#include "qemu/osdep.h"
#include "vivante.h"

enum {
    ROP2_PATTERN = 0,
    ROP2_SOURCE = 1,
    ROP3 = 2,
    ROP4 = 3,
};

/* Any kind of code as a code of three inputs. */
uint8_t viv_rop3(unsigned type, uint8_t code)
{
    uint8_t low = code & 0x3, high = (code >> 2) & 0x3;

    switch (type) {
    case ROP2_PATTERN:          /* whatever the source is */
        return low | low << 2 | high << 4 | high << 6;
    case ROP2_SOURCE:           /* whatever the pattern is */
        return (code & 0xf) | (code & 0xf) << 4;
    }
    return code;
}

/* The background code belongs to ROP4 alone; else all pixels are alike. */
uint8_t viv_rop3_bg(unsigned type, uint32_t rop)
{
    return type == ROP4 ? FIELD_EX32(rop, DE_ROP, ROP_BG) :
                          viv_rop3(type, FIELD_EX32(rop, DE_ROP, ROP_FG));
}

static void rop_any(uint8_t rop, const uint32_t *src, const uint32_t *dst,
                    const uint32_t *pat, uint32_t *out, unsigned width)
{
    uint32_t m[8];

    for (unsigned i = 0; i < 8; i++) {
        m[i] = rop & (1u << i) ? UINT32_MAX : 0;
    }
    for (unsigned x = 0; x < width; x++) {
        uint32_t s = src[x], d = dst[x], p = pat[x];
        uint32_t without = (m[0] & ~s & ~d) | (m[1] & ~s & d) |
                           (m[2] & s & ~d) | (m[3] & s & d);
        uint32_t with = (m[4] & ~s & ~d) | (m[5] & ~s & d) |
                        (m[6] & s & ~d) | (m[7] & s & d);

        out[x] = (~p & without) | (p & with);
    }
}

void viv_rop_row(uint8_t rop, const uint32_t *src, const uint32_t *dst,
                 const uint32_t *pattern, uint32_t *out, unsigned width)
{
    switch (rop) {
    case 0xcc:
        memcpy(out, src, width * sizeof(*out));
        return;
    case 0xaa:
        memcpy(out, dst, width * sizeof(*out));
        return;
    case 0xf0:
        memcpy(out, pattern, width * sizeof(*out));
        return;
    }
    rop_any(rop, src, dst, pattern, out, width);
}
