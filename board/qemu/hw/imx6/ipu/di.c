/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU display interface: pixel clock and the counters that make the timing.
 *
 * IMX6DQRM rev. 6, chapter 37, IPUx_DIn_*. Nine counters, each counting the
 * display clock or another counter; the template of the DC names the one of
 * the active pixels, and from there the chain of "cleared by" leads to active
 * lines and VSYNC, that of "runs on" to HSYNC (drivers/gpu/ipu-v3/ipu-di.c
 * sets up two such arrangements, U-Boot's driver one of them).
 */

#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "ipu.h"
#include "trace.h"

enum {
    R_GENERAL = 0x00 / 4,
    R_BS_CLKGEN0 = 0x04 / 4,
    R_SW_GEN0 = 0x0c / 4,       /* counter 1 */
    R_SW_GEN1 = 0x30 / 4,
    R_STP_REP = 0x148 / 4,      /* counters 1 and 2 */
    R_STP_REP_9 = 0x158 / 4,
    R_STAT = 0x174 / 4,
};

#define COUNTERS        9
#define CLK_EXT         BIT(20)

/* Sources of a counter: 1 is the display clock, n + 1 is counter n. */
#define SRC_CLK         1

#define DEFAULT_COUNTER 5
#define MIN_HZ          1000

static uint32_t run_src(IPUDisplay *d, unsigned n)
{
    return extract32(d->regs[R_SW_GEN0 + n - 1], 16, 3);
}

static uint32_t clear_src(IPUDisplay *d, unsigned n)
{
    return extract32(d->regs[R_SW_GEN1 + n - 1], 25, 3);
}

static uint32_t repeat(IPUDisplay *d, unsigned n)
{
    if (n == COUNTERS) {
        return extract32(d->regs[R_STP_REP_9], 0, 12);
    }
    return extract32(d->regs[R_STP_REP + (n - 1) / 2], (n - 1) % 2 * 16, 12);
}

/* Display clocks between two pulses of a source; 0: never */
static uint64_t source_ticks(IPUDisplay *d, unsigned src)
{
    uint64_t ticks = 1;

    for (unsigned depth = 0; depth < COUNTERS; depth++) {
        if (src == SRC_CLK) {
            return ticks;
        }
        if (src < SRC_CLK) {
            return 0;
        }
        ticks *= extract32(d->regs[R_SW_GEN0 + src - 2], 19, 12) + 1;
        if (ticks > UINT32_MAX) {
            return 0;
        }
        src = run_src(d, src - 1);
    }
    return 0;
}

static uint64_t clock_hz(IPUDisplay *d)
{
    IMX6IPUState *s = d->ipu;
    static const IMX6QClock hsp[2] = { IMX6Q_CLK_IPU1, IMX6Q_CLK_IPU2 };
    static const IMX6QClock ext[2][2] = {
        { IMX6Q_CLK_IPU1_DI0, IMX6Q_CLK_IPU1_DI1 },
        { IMX6Q_CLK_IPU2_DI0, IMX6Q_CLK_IPU2_DI1 },
    };

    if (!s->ccm) {
        return 264000000;
    }
    return imx6q_clk_hz(s->ccm, d->regs[R_GENERAL] & CLK_EXT ?
                                ext[s->unit - 1][d->di] : hsp[s->unit - 1]);
}

bool ipu_di_timing(IPUDisplay *d, unsigned counter, IPUTiming *t)
{
    uint32_t div16 = extract32(d->regs[R_BS_CLKGEN0], 0, 12);
    unsigned pixels = counter ? counter : DEFAULT_COUNTER;
    unsigned lines, vsync;
    uint64_t hz = clock_hz(d), hticks, vticks;

    if (hz < MIN_HZ || !div16 || pixels > COUNTERS ||
        clear_src(d, pixels) <= SRC_CLK) {
        return false;
    }
    lines = clear_src(d, pixels) - 1;
    if (clear_src(d, lines) <= SRC_CLK) {
        return false;
    }
    vsync = clear_src(d, lines) - 1;
    hticks = source_ticks(d, run_src(d, lines));
    vticks = source_ticks(d, vsync + 1);
    if (!hticks || !vticks || vticks < hticks) {
        return false;
    }
    t->htotal = hticks;
    t->vtotal = vticks / hticks;
    t->hactive = MIN(repeat(d, pixels), t->htotal);
    t->vstart = MIN(extract32(d->regs[R_SW_GEN0 + lines - 1], 3, 12),
                    t->vtotal);
    t->vactive = MIN(repeat(d, lines), t->vtotal - t->vstart);
    t->pixel_hz = hz * 16 / div16;
    t->period_ns = muldiv64(vticks * div16, NANOSECONDS_PER_SECOND / 16, hz);
    return t->hactive && t->vactive;
}

static void di_write(void *opaque, hwaddr offset, uint64_t value,
                     unsigned size)
{
    IPUBlock *b = opaque;

    trace_imx6_ipu_write(b->ipu->unit, b->name, offset, value);
    if (!ipu_block_ok(b, offset, true)) {
        return;
    }
    if (offset / 4 == R_STAT) {
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u %s: DI_STAT is read-only\n",
                      b->ipu->unit, b->name);
        return;
    }
    b->regs[offset / 4] = value;
}

static const MemoryRegionOps di_ops = {
    .read = ipu_block_read,
    .write = di_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

void ipu_di_init(IMX6IPUState *s, unsigned di)
{
    IPUDisplay *d = &s->display[di];

    d->ipu = s;
    d->di = di;
    ipu_block_init(s, &d->block, di ? "di1" : "di0",
                   di ? 0x248000 : 0x240000, &di_ops, d->regs, IPU_DI_REGS);
}
