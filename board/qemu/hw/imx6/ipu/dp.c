/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU display processor, synchronous flow: colour conversion, combination of
 * the full and the partial plane; its registers and their shadow in the SRM.
 *
 * IMX6DQRM rev. 6, 37.4.9.5 (colour conversion) and IPUx_DP_*; how Linux uses
 * the two register sets: drivers/gpu/ipu-v3/ipu-dp.c.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "ipu.h"
#include "trace.h"

enum {
    R_CSC_A = 0x44 / 4,
    R_CSC_0 = 0x54 / 4,
    R_CSC_1 = 0x58 / 4,
    /* The synchronous flow's registers end before this. */
    R_ASYNC0 = 0x60 / 4,
    R_ASYNC1 = 0xbc / 4,
};

/* DP_COM_CONF */
#define GWSEL           BIT(1)      /* graphic window is the partial plane */
#define GWAM            BIT(2)      /* alpha is global */
#define GWCKE           BIT(3)      /* colour key */
#define COC             0x70        /* cursor */
#define CSC_DEF(conf)   extract32(conf, 8, 2)
#define GAMMA_EN        BIT(12)

enum { CSC_OFF, CSC_BOTH, CSC_FULL, CSC_PARTIAL };

/* IPU_SRM_PRI2, DPx_SRM_MODE */
enum { SRM_RAM_ONLY, SRM_NEXT_FRAME, SRM_CONTINUOUS, SRM_NOW };

static void copy_srm(IMX6IPUState *s, unsigned from, unsigned to)
{
    uint32_t *conf = &s->dp[DP_COM_CONF];

    memcpy(&s->dp[from], &s->srm[from], (to - from) * 4);
    if (from == 0 && (*conf & (COC | GAMMA_EN))) {
        qemu_log_mask(LOG_UNIMP, "ipu%u: DP cursor or gamma (0x%08x)\n",
                      s->unit, *conf);
    }
}

void ipu_dp_srm_mode(IMX6IPUState *s, uint32_t value)
{
    switch (extract32(value, 3, 2)) {
    case SRM_NEXT_FRAME:
        s->srm_pending = true;
        break;
    case SRM_NOW:
        copy_srm(s, 0, R_ASYNC0);
        s->srm_pending = false;
        break;
    }
    if (extract32(value, 5, 2) == SRM_NOW) {
        copy_srm(s, R_ASYNC0, R_ASYNC1);
    }
    if (extract32(value, 7, 2) == SRM_NOW) {
        copy_srm(s, R_ASYNC1, IPU_DP_REGS);
    }
}

bool ipu_dp_srm_busy(IMX6IPUState *s)
{
    return s->srm_pending;
}

void ipu_dp_new_frame(IMX6IPUState *s)
{
    if (s->srm_pending ||
        extract32(ipu_srm_pri2(s), 3, 2) == SRM_CONTINUOUS) {
        copy_srm(s, 0, R_ASYNC0);
        s->srm_pending = false;
        trace_imx6_ipu_dp_update(s->unit, s->dp[DP_COM_CONF],
                                 s->dp[DP_GRAPH_WIND_CTRL], s->dp[DP_FG_POS]);
    }
}

static inline int clamp8(int v)
{
    return v < 0 ? 0 : v > 255 ? 255 : v;
}

/*
 * 37.4.9.5: coefficients are 10 bit signed with 8 of them fraction, offsets
 * 14 bit signed with 2; the sum is scaled by 4, 2 or 1 for S = 0, 1, 2 and
 * rounded to nearest. (Three published tables for three values of S agree.)
 */
static void csc_row(const uint32_t *dp, uint32_t *row, unsigned n)
{
    const uint32_t *reg = &dp[R_CSC_A];
    int a[9], b[3], shift[3];

    for (unsigned i = 0; i < 9; i++) {
        a[i] = sextract32(reg[i / 2], i % 2 * 16, 10);
    }
    b[0] = sextract32(dp[R_CSC_0], 16, 14);
    b[1] = sextract32(dp[R_CSC_1], 0, 14);
    b[2] = sextract32(dp[R_CSC_1], 16, 14);
    shift[0] = 6 + extract32(dp[R_CSC_0], 30, 2);
    shift[1] = 6 + extract32(dp[R_CSC_1], 14, 2);
    shift[2] = 6 + extract32(dp[R_CSC_1], 30, 2);
    for (unsigned i = 0; i < 3; i++) {
        b[i] = b[i] * 64 + (1 << (shift[i] - 1));
    }
    for (unsigned i = 0; i < n; i++) {
        int x = row[i] >> 16 & 0xff;
        int y = row[i] >> 8 & 0xff;
        int z = row[i] & 0xff;
        int c0 = (a[0] * x + a[1] * y + a[2] * z + b[0]) >> shift[0];
        int c1 = (a[3] * x + a[4] * y + a[5] * z + b[1]) >> shift[1];
        int c2 = (a[6] * x + a[7] * y + a[8] * z + b[2]) >> shift[2];

        row[i] = (row[i] & 0xff000000u) | clamp8(c0) << 16 |
                 clamp8(c1) << 8 | clamp8(c2);
    }
}

/* @a is 0..256; two components at a time */
static inline uint32_t blend(uint32_t graphic, uint32_t other, unsigned a)
{
    uint32_t rb = (graphic & 0xff00ff) * a + (other & 0xff00ff) * (256 - a);
    uint32_t g = (graphic >> 8 & 0xff) * a + (other >> 8 & 0xff) * (256 - a);

    return ((rb + 0x800080) >> 8 & 0xff00ff) | ((g + 0x80) & 0xff00);
}

/*
 * IPUx_DP_GRAPH_WIND_CTRL: from 0x80 on the alpha that counts is one more.
 * 255 shows the graphic window alone: so do all drivers use it, though the
 * manual's table under GWAV has it the other way around.
 */
static inline unsigned actual_alpha(unsigned a)
{
    return a + (a >> 7);
}

static void combine(const uint32_t *dp, uint32_t *full, const uint32_t *part,
                    unsigned n)
{
    uint32_t conf = dp[DP_COM_CONF];
    uint32_t key = dp[DP_GRAPH_WIND_CTRL] & 0xffffff;
    unsigned global = actual_alpha(dp[DP_GRAPH_WIND_CTRL] >> 24);
    bool is_part = conf & GWSEL;

    if ((conf & GWAM) && !(conf & GWCKE) && (global == 0 || global == 256)) {
        if (is_part == (global == 256)) {
            memcpy(full, part, n * sizeof(*full));
        }
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        uint32_t graphic = is_part ? part[i] : full[i];
        uint32_t other = is_part ? full[i] : part[i];
        unsigned a = conf & GWAM ? global : actual_alpha(graphic >> 24);

        if ((conf & GWCKE) && (graphic & 0xffffff) == key) {
            a = 0;
        }
        full[i] = blend(graphic, other, a);
    }
}

void ipu_dp_row(IMX6IPUState *s, uint32_t *main, unsigned width,
                uint32_t *part, unsigned x, unsigned part_width)
{
    unsigned csc = CSC_DEF(s->dp[DP_COM_CONF]);

    if (csc == CSC_FULL) {
        csc_row(s->dp, main, width);
    }
    if (part && x < width) {
        unsigned n = MIN(part_width, width - x);

        if (csc == CSC_PARTIAL) {
            csc_row(s->dp, part, n);
        }
        combine(s->dp, main + x, part, n);
    }
    if (csc == CSC_BOTH) {
        csc_row(s->dp, main, width);
    }
}
