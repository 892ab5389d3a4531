/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The test generator of an IPU camera port: a chess board of black and one
 * programmed colour, one pixel a cycle of HSP_CLK / (DIV_RATIO + 1), and
 * frames of SENS_FRM_SIZE one after the other.
 *
 * IMX6DQRM rev. 6, 37.4.5 (test mode) and CSI_TST_CTRL; how it is set up:
 * ipu_csi_config() of Freescale's iMX6 Platform SDK. The size of a square is
 * written nowhere: taken as 64 pixels. Three components a pixel, the values
 * of PG_R, PG_G and PG_B: as Y, U and V if the memory is to have YUV.
 */

#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "ipu.h"
#include "trace.h"

#define SQUARE          64
#define BANDS           16
#define MIN_FRAME_NS    (2 * SCALE_MS)
#define HSP_HZ          264000000       /* with no clock tree to ask */

static unsigned frame_width(IPUCsi *csi)
{
    return (csi->regs[IPU_CSI_SENS_FRM_SIZE] & 0x1fff) + 1;
}

static unsigned frame_height(IPUCsi *csi)
{
    return (csi->regs[IPU_CSI_SENS_FRM_SIZE] >> 16 & 0xfff) + 1;
}

static uint64_t frame_ns(IPUCsi *csi)
{
    IMX6IPUState *s = csi->block.ipu;
    uint64_t hz = HSP_HZ, clocks, ns;

    if (s->ccm) {
        hz = imx6q_clk_hz(s->ccm, s->unit == 1 ? IMX6Q_CLK_IPU1 :
                                                 IMX6Q_CLK_IPU2);
    }
    if (!hz || hz > UINT32_MAX) {
        return MIN_FRAME_NS;
    }
    clocks = (uint64_t)frame_width(csi) * frame_height(csi) *
             ((csi->regs[IPU_CSI_SENS_CONF] >> 16 & 0xff) + 1);
    ns = muldiv64(clocks, NANOSECONDS_PER_SECOND, hz);
    if (ns < MIN_FRAME_NS) {
        qemu_log_mask(LOG_UNIMP, "ipu%u csi%u: test frames in less than 2 ms\n",
                      s->unit, csi->n);
        return MIN_FRAME_NS;
    }
    return ns;
}

/* When line @line ends: absolute, nothing adds up within a frame. */
static int64_t line_end_ns(IPUCsi *csi, uint64_t period, unsigned line)
{
    unsigned height = frame_height(csi);

    return csi->test_base_ns + period * MIN(line + 1, height) / height;
}

static unsigned band_lines(IPUCsi *csi)
{
    return MAX(frame_height(csi) / BANDS, 1);
}

static bool wanted(IPUCsi *csi)
{
    return ipu_csi_enabled(csi) &&
           (csi->regs[IPU_CSI_TST_CTRL] & IPU_CSI_TEST_GEN);
}

static void draw_line(IPUCsi *csi, unsigned line)
{
    IPUCapture *c = &csi->block.ipu->capture;
    uint32_t tst = csi->regs[IPU_CSI_TST_CTRL];
    unsigned width = frame_width(csi);

    for (unsigned i = 0; i < 3; i++) {
        uint8_t value = tst >> (8 * i);

        for (unsigned x = 0; x < width; x++) {
            c->component[i][x] = (x ^ line) & SQUARE ? value : 0;
        }
    }
}

static void send_band(IPUCsi *csi)
{
    unsigned last = MIN(csi->test_line + band_lines(csi), frame_height(csi));

    if (!csi->test_line) {
        ipu_csi_begin_frame(csi);
    }
    for (; csi->test_line < last; csi->test_line++) {
        IPURow row = {
            .width = frame_width(csi),
            .rgb = true,
            .unpacked = true,
        };

        draw_line(csi, csi->test_line);
        ipu_csi_take_row(csi, 0, csi->test_line, &row);
    }
}

static void tick(void *opaque)
{
    IPUCsi *csi = opaque;
    uint64_t period;

    if (!wanted(csi)) {
        csi->test_on = false;
        return;
    }
    send_band(csi);
    period = frame_ns(csi);
    if (csi->test_line >= frame_height(csi)) {
        csi->in_frame = false;
        csi->test_line = 0;
        csi->test_base_ns += period;
    }
    timer_mod(&csi->test_timer, line_end_ns(csi, period, csi->test_line +
                                            band_lines(csi) - 1));
}

void ipu_csi_test_update(IPUCsi *csi)
{
    if (wanted(csi) == csi->test_on) {
        return;
    }
    csi->test_on = !csi->test_on;
    csi->test_line = 0;
    if (csi->test_on) {
        csi->test_base_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        timer_mod(&csi->test_timer,
                  line_end_ns(csi, frame_ns(csi), band_lines(csi) - 1));
    } else {
        csi->in_frame = false;
        timer_del(&csi->test_timer);
    }
}

void ipu_csi_test_init(IPUCsi *csi)
{
    timer_init_ns(&csi->test_timer, QEMU_CLOCK_VIRTUAL, tick, csi);
}
