/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the IPU's display path: timing, order of events, flips, what is
 * on the panel. hw/imx6/ipu.
 *
 * Expectations: how Linux's imx-drm (drivers/gpu/drm/imx/ipuv3) programs the
 * path and what it waits for; PANEL_PERIOD is arithmetic on the mode.
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "imx6-display-qtest.h"

#define MS                      1000000ll
#define TWO_FRAMES              (2 * PANEL_PERIOD)

/* Every pixel another colour, and none black */
static uint32_t pattern(unsigned x, unsigned y)
{
    return (x * 4 & 0xff) << 16 | (y * 4 & 0xff) << 8 | 0x80;
}

static double apart(double a, double b)
{
    return a > b ? a - b : b - a;
}

static void draw_pattern(QTestState *q, uint32_t addr, unsigned width,
                         unsigned height)
{
    g_autofree uint32_t *p = g_new(uint32_t, width * height);

    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++) {
            p[y * width + x] = cpu_to_le32(pattern(x, y));
        }
    }
    qtest_bufwrite(q, addr, p, width * height * 4);
}

static void fill(QTestState *q, unsigned fb, uint8_t byte)
{
    qtest_memset(q, FB(fb), byte, 800 * 480 * 4);
}

static Display small_on(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);

    draw_pattern(d.q, FB(0), 64, 64);
    display_on(&d);
    return d;
}

/* h_total * v_total * div / f, exact, for many frames */
static void test_period(void)
{
    static const struct {
        unsigned di, div;
        bool di_clock;
    } rates[] = {
        { 0, 3, true }, { 0, 2, true }, { 1, 3, true }, { 0, 9, false },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(rates); i++) {
        Display d = display_init(rates[i].di, (DisplayMode) PANEL_MODE);
        unsigned eof = IRQ_EOF(d.di ? CH_DC : CH_BG);
        double hz = rates[i].di_clock ? DI_CLOCK_HZ : 264e6;
        double want = 928.0 * 525 * rates[i].div * 1e9 / hz;
        int64_t first, last;

        g_assert_cmpuint(imx6_clk_hz(d.q, "ipu1-hz"), ==, 264000000);
        g_assert_cmpuint(imx6_clk_hz(d.q, d.di ? "ipu1-di1-hz" :
                                                 "ipu1-di0-hz"), ==,
                         DI_CLOCK_HZ);
        di_setup(&d, rates[i].div, rates[i].di_clock);
        display_on(&d);
        first = irq_wait(d.q, eof, TWO_FRAMES);
        g_assert_cmpint(first, >, 0);
        last = first;
        for (unsigned n = 0; n < 20; n++) {
            int64_t now = irq_wait(d.q, eof, TWO_FRAMES);

            g_assert_cmpfloat(apart(now - last, want), <, 2);
            last = now;
        }
        g_assert_cmpfloat(apart(last - first, 20 * want), <, 21);
        display_quit(&d);
    }
}

/*
 * New frame, end of frame after the last active line, VSYNC_PRE before the
 * next VSYNC, and so on; the channel is busy between the first two.
 */
static void test_order(void)
{
    Display d = display_init(0, (DisplayMode) PANEL_MODE);
    QTestState *q = d.q;
    int64_t start, end, pre, next;

    display_on(&d);
    start = irq_wait(q, IRQ_NFACK(CH_BG), TWO_FRAMES);
    g_assert_cmpint(start, >=, 0);
    g_assert_true(irq_pending(q, IRQ_DP_SF_START));
    g_assert_false(irq_pending(q, IRQ_EOF(CH_BG)));
    g_assert_false(irq_pending(q, IRQ_DP_SF_END));
    g_assert_cmphex(qtest_readl(q, IDMAC_CHA_BUSY), ==, 1u << CH_BG);
    end = irq_wait(q, IRQ_EOF(CH_BG), TWO_FRAMES);
    g_assert_true(irq_pending(q, IRQ_DP_SF_END));
    g_assert_false(irq_pending(q, IRQ_VSYNC_PRE(0)));
    g_assert_cmphex(qtest_readl(q, IDMAC_CHA_BUSY), ==, 0);
    pre = irq_wait(q, IRQ_VSYNC_PRE(0), TWO_FRAMES);
    g_assert_false(irq_pending(q, IRQ_NFACK(CH_BG)));
    next = irq_wait(q, IRQ_NFACK(CH_BG), TWO_FRAMES);

    g_assert_cmpint(next - start, ==, PANEL_PERIOD);
    /* VSYNC, back porch and active lines; the IDMAC may be a bit ahead. */
    g_assert_cmpint(end - start, <=, (3 + 29 + 480) * PANEL_LINE + 1000);
    g_assert_cmpint(end - start, >=, (480 - 16) * PANEL_LINE);
    g_assert_cmpint(pre, >=, end);
    g_assert_cmpint(pre, <, next);
    g_assert_cmpint(next - pre, <, 13 * PANEL_LINE);
    /* None of the other interface's, nor errors */
    g_assert_false(irq_pending(q, IRQ_VSYNC_PRE(1)));
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(8)), ==, 0);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(9)), ==, 0);
    display_quit(&d);
}

/* IPU1's sync line, by the mask of the driver's vblank */
static void test_vblank_line(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    int64_t now, seen = 0;

    display_on(&d);
    qtest_clock_step(d.q, TWO_FRAMES);
    g_assert_false(imx6_spi(d.q, IMX6_SPI_IPU1_SYNC));
    irq_clear(d.q, IRQ_EOF(CH_BG));
    qtest_writel(d.q, IPU_INT_CTRL(0), 1u << CH_BG);
    for (unsigned i = 0; i < 3; i++) {
        while (!imx6_spi(d.q, IMX6_SPI_IPU1_SYNC)) {
            qtest_clock_step_next(d.q);
        }
        now = imx6_now(d.q);
        g_assert_true(irq_pending(d.q, IRQ_EOF(CH_BG)));
        irq_clear(d.q, IRQ_EOF(CH_BG));
        g_assert_false(imx6_spi(d.q, IMX6_SPI_IPU1_SYNC));
        g_assert_true(!seen || now - seen == PANEL_PERIOD);
        seen = now;
    }
    g_assert_false(imx6_spi(d.q, IMX6_SPI_IPU1_ERROR));
    display_quit(&d);
}

/* The pixels of memory, in their places, with six bits a colour */
static void test_picture(void)
{
    Display d = small_on();
    g_autofree uint8_t *shot = shot_take(&d);

    for (unsigned y = 0; y < 64; y++) {
        for (unsigned x = 0; x < 64; x++) {
            g_assert_cmphex(PANEL(shot_pixel(&d, shot, x, y)), ==,
                            PANEL(pattern(x, y)));
        }
    }
    display_quit(&d);
}

/* DI1 by the DC's own channel, 24 bits, DP not involved */
static void test_di1(void)
{
    Display d = display_init(1, (DisplayMode) SMALL_MODE);
    g_autofree uint8_t *shot = NULL;

    draw_pattern(d.q, FB(0), 64, 64);
    display_on(&d);
    shot = shot_take(&d);
    for (unsigned i = 0; i < 64; i++) {
        g_assert_cmphex(shot_pixel(&d, shot, i, 63 - i), ==,
                        pattern(i, 63 - i));
    }
    qtest_clock_step(d.q, PANEL_PERIOD);
    g_assert_true(irq_pending(d.q, IRQ_EOF(CH_DC)));
    g_assert_true(irq_pending(d.q, IRQ_VSYNC_PRE(1)));
    g_assert_false(irq_pending(d.q, IRQ_EOF(CH_BG)));
    display_quit(&d);
}

static unsigned current(Display *d)
{
    return qtest_readl(d->q, IPU_CHA_CUR_BUF) >> CH_BG & 1;
}

static bool ready(Display *d, unsigned buf)
{
    return qtest_readl(d->q, IPU_CHA_BUF_RDY(buf)) >> CH_BG & 1;
}

/*
 * ipu_plane_atomic_update(): the other buffer's address, then its RDY. The
 * frame under way stays whole; from its end on it is the other buffer's.
 */
static void test_flip(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);

    fill(d.q, 0, 0x40);
    fill(d.q, 1, 0xc0);
    cpmem_set(d.q, CH_BG, CP_EBA1, FB(1) >> 3);
    display_on(&d);
    irq_wait(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
    for (unsigned i = 0; i < 4; i++) {
        unsigned next = !current(&d);
        uint32_t old = next ? 0x404040 : 0xc0c0c0;
        g_autofree uint8_t *before = NULL, *after = NULL;

        /* Without RDY nothing changes, however long it takes. */
        irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
        irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
        g_assert_cmpuint(current(&d), ==, !next);

        irq_next(d.q, IRQ_NFACK(CH_BG), TWO_FRAMES);
        qtest_clock_step(d.q, 40 * PANEL_LINE);
        cpmem_set(d.q, CH_BG, next ? CP_EBA1 : CP_EBA0, FB(next) >> 3);
        qtest_writel(d.q, IPU_CHA_BUF_RDY(next), 1u << CH_BG);
        shot_request(&d);
        g_assert_cmpuint(current(&d), ==, !next);
        g_assert_true(ready(&d, next));
        irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
        /* The handler computes the buffer that is free from CUR_BUF. */
        g_assert_cmpuint(current(&d), ==, next);
        g_assert_false(ready(&d, next));
        before = shot_get(&d);
        after = shot_take(&d);
        for (unsigned y = 0; y < 64; y++) {
            g_assert_cmphex(PANEL(shot_pixel(&d, before, y, y)), ==,
                            PANEL(old));
            g_assert_cmphex(PANEL(shot_pixel(&d, after, y, y)), ==,
                            PANEL(0x808080 ^ old));
        }
    }
    display_quit(&d);
}

/*
 * U-Boot's setup_disp_channel2(): the picture at EBA1, CUR_BUF reset, nothing
 * marked ready. It is shown, and stays. What is ready goes first.
 */
static void test_first_buffer(void)
{
    for (unsigned is_ready = 0; is_ready < 2; is_ready++) {
        Display d = display_init(0, (DisplayMode) SMALL_MODE);
        uint32_t wanted = is_ready ? 0x404040 : 0xc0c0c0;

        fill(d.q, 0, 0x40);
        fill(d.q, 1, 0xc0);
        cpmem_set(d.q, CH_BG, CP_EBA1, FB(1) >> 3);
        if (is_ready) {
            qtest_writel(d.q, IPU_CHA_BUF_RDY(0), 1u << CH_BG);
        }
        display_on(&d);
        for (unsigned i = 0; i < 3; i++) {
            g_autofree uint8_t *shot = shot_take(&d);

            g_assert_cmphex(PANEL(shot_pixel(&d, shot, 9, 9)), ==,
                            PANEL(wanted));
            g_assert_cmpuint(current(&d), ==, !is_ready);
        }
        display_quit(&d);
    }
}

/* Who draws into what is being shown gets caught. */
static void test_tear(void)
{
    Display d = display_init(0, (DisplayMode) PANEL_MODE);
    g_autofree uint8_t *shot = NULL, *after = NULL;
    unsigned y = 0;

    fill(d.q, 0, 0x40);
    display_on(&d);
    irq_wait(d.q, IRQ_NFACK(CH_BG), TWO_FRAMES);
    qtest_clock_step(d.q, (3 + 29 + 170) * PANEL_LINE);
    fill(d.q, 0, 0xc0);
    shot = shot_take(&d);
    after = shot_take(&d);
    while (y < 480 && PANEL(shot_pixel(&d, shot, 5, y)) == 0x404040) {
        y++;
    }
    /* Fetched in sixteenths at least */
    g_assert_cmpuint(y, >=, 170 - 480 / 16);
    g_assert_cmpuint(y, <=, 170 + 480 / 16);
    for (; y < 480; y++) {
        g_assert_cmphex(PANEL(shot_pixel(&d, shot, 5, y)), ==, 0xc0c0c0);
    }
    for (y = 0; y < 480; y++) {
        g_assert_cmphex(PANEL(shot_pixel(&d, after, 5, y)), ==, 0xc0c0c0);
    }
    display_quit(&d);
}

/* A stride that is not the picture's shears it. */
static void test_stride(void)
{
    Display d = small_on();
    g_autofree uint8_t *shot = NULL;

    cpmem_set(d.q, CH_BG, CP_SL, 64 * 4 + 16 - 1);
    irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
    shot = shot_take(&d);
    for (unsigned y = 0; y < 48; y++) {
        for (unsigned x = 0; x < 64; x++) {
            unsigned i = y * 68 + x;

            g_assert_cmphex(PANEL(shot_pixel(&d, shot, x, y)), ==,
                            PANEL(pattern(i % 64, i / 64)));
        }
    }
    display_quit(&d);
}

/* ipu-cpmem.c: 16 bits, red on top; YUYV through the DP's converter */
static void test_formats(void)
{
    static const uint32_t csc601[] = {          /* ipu_dp_csc_init() */
        0x00000095, 0x009500cc, 0x039803ce, 0x00ff0095, 0x7e420000,
        0x7dd6410a,
    };
    /* Y, U, V and what BT.601 of limited range makes of them */
    static const struct { uint8_t y, u, v, r, g, b; } colors[] = {
        { 16, 128, 128, 0, 0, 0 }, { 235, 128, 128, 255, 255, 255 },
        { 126, 128, 128, 128, 128, 128 }, { 81, 90, 240, 255, 0, 0 },
        { 145, 54, 34, 0, 255, 0 }, { 41, 240, 110, 0, 0, 255 },
    };
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    g_autofree uint8_t *rgb = NULL, *yuv = NULL;

    plane_setup(d.q, CH_BG, &(Plane) { .width = 64, .height = 64,
                .addr = FB(0), .stride = 128, .pfs = PFS_RGB, .bpp = 3 });
    qtest_writel(d.q, FB(0), 0x07e0f800);       /* red, green */
    qtest_writel(d.q, FB(0) + 4, 0x8410001f);   /* blue, grey */
    display_on(&d);
    rgb = shot_take(&d);
    g_assert_cmphex(PANEL(shot_pixel(&d, rgb, 0, 0)), ==, 0xfc0000);
    g_assert_cmphex(PANEL(shot_pixel(&d, rgb, 1, 0)), ==, 0x00fc00);
    g_assert_cmphex(PANEL(shot_pixel(&d, rgb, 2, 0)), ==, 0x0000fc);
    /* How five bits become more is not in the manual. */
    g_assert_cmphex(shot_pixel(&d, rgb, 3, 0) & 0xf8fcf8, ==, 0x808080);

    plane_setup(d.q, CH_BG, &(Plane) { .width = 64, .height = 64,
                .addr = FB(0), .stride = 128, .pfs = PFS_YUYV, .bpp = 3 });
    for (unsigned i = 0; i < G_N_ELEMENTS(csc601); i++) {
        qtest_writel(d.q, DP_CSC_A_0 + 4 * i, csc601[i]);
    }
    qtest_writel(d.q, DP_COM_CONF, DP_CSC_BG);
    qtest_writel(d.q, IPU_SRM_PRI2, SRM_DP_NEXT_FRAME);
    for (unsigned i = 0; i < G_N_ELEMENTS(colors); i++) {
        qtest_writel(d.q, FB(0) + 4 * i, colors[i].y | colors[i].u << 8 |
                     colors[i].y << 16 | (uint32_t)colors[i].v << 24);
    }
    irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
    yuv = shot_take(&d);
    for (unsigned i = 0; i < G_N_ELEMENTS(colors); i++) {
        const uint8_t *p = yuv + 3 * (2 * i + 1);

        /* Four of a step of the panel's, and the coefficients' rounding */
        g_assert_cmpint(abs(p[0] - colors[i].r), <=, 6);
        g_assert_cmpint(abs(p[1] - colors[i].g), <=, 6);
        g_assert_cmpint(abs(p[2] - colors[i].b), <=, 6);
    }
    display_quit(&d);
}

static void overlay_alpha(Display *d, uint32_t conf, unsigned alpha)
{
    qtest_writel(d->q, DP_GRAPH_WIND_CTRL, alpha << 24);
    qtest_writel(d->q, DP_COM_CONF, conf);
    qtest_writel(d->q, IPU_SRM_PRI2, SRM_DP_NEXT_FRAME);
}

/* Partial plane: ipu_dp_set_window_pos(), ipu_dp_set_global_alpha() */
static void test_overlay(void)
{
    static const struct { unsigned alpha; uint32_t grey; } global[] = {
        { 255, 0xc0 }, { 0, 0x40 }, { 128, 0x80 }, { 64, 0x60 },
    };
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    uint32_t on = DP_FG_EN | DP_GWSEL | DP_GWAM;
    g_autofree uint8_t *same = NULL;

    fill(d.q, 0, 0x40);
    fill(d.q, 1, 0xc0);
    display_on(&d);
    plane_setup(d.q, CH_FG, &(Plane) { .width = 16, .height = 8,
                                       .addr = FB(1) });
    qtest_writel(d.q, DP_FG_POS, 24 << 16 | 40);
    imx6_update(d.q, IDMAC_CHA_EN, 0, 1u << CH_FG);
    /* The shadow alone changes nothing. */
    qtest_writel(d.q, DP_COM_CONF, on);
    qtest_writel(d.q, DP_GRAPH_WIND_CTRL, 255u << 24);
    irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
    same = shot_take(&d);
    g_assert_cmphex(PANEL(shot_pixel(&d, same, 30, 44)), ==, 0x404040);

    for (unsigned i = 0; i < G_N_ELEMENTS(global); i++) {
        g_autofree uint8_t *shot = NULL;

        overlay_alpha(&d, on, global[i].alpha);
        irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
        irq_next(d.q, IRQ_NFACK(CH_BG), TWO_FRAMES);
        shot = shot_take(&d);
        for (unsigned y = 0; y < 64; y++) {
            for (unsigned x = 0; x < 64; x++) {
                bool in = x >= 24 && x < 40 && y >= 40 && y < 48;
                int grey = in ? global[i].grey : 0x40;

                g_assert_cmpint(abs((int)(shot_pixel(&d, shot, x, y) & 0xff) -
                                    grey), <=, 4);
            }
        }
        g_assert_true(irq_pending(d.q, IRQ_EOF(CH_FG)));
        irq_clear(d.q, IRQ_EOF(CH_FG));
    }
    /* ipu_dp_disable_channel() */
    overlay_alpha(&d, DP_GWSEL | DP_GWAM, 255);
    irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
    irq_clear(d.q, IRQ_EOF(CH_FG));
    g_free(same);
    same = shot_take(&d);
    g_assert_cmphex(PANEL(shot_pixel(&d, same, 30, 44)), ==, 0x404040);
    display_quit(&d);
}

/* GWAM off: alpha is the pixels' own, ARGB8888. */
static void test_pixel_alpha(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    g_autofree uint8_t *shot = NULL;

    fill(d.q, 0, 0x40);
    for (unsigned i = 0; i < 4; i++) {
        qtest_writel(d.q, FB(1) + 4 * i, (i * 85u) << 24 | 0xffffff);
    }
    display_on(&d);
    plane_setup(d.q, CH_FG, &(Plane) { .width = 16, .height = 2,
                                       .addr = FB(1) });
    qtest_writel(d.q, DP_FG_POS, 0);
    imx6_update(d.q, IDMAC_CHA_EN, 0, 1u << CH_FG);
    overlay_alpha(&d, DP_FG_EN | DP_GWSEL, 0);
    irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
    irq_next(d.q, IRQ_NFACK(CH_BG), TWO_FRAMES);
    shot = shot_take(&d);
    for (unsigned i = 0; i < 4; i++) {
        double want = 255 * (i / 3.0) + 0x40 * (1 - i / 3.0);

        g_assert_cmpfloat(apart(shot_pixel(&d, shot, i, 0) & 0xff, want), <=,
                          5);
    }
    display_quit(&d);
}

/* A pad that is muxed to something else carries nothing to the panel. */
static void test_pads(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    QTestState *q = d.q;

    fill(q, 0, 0xff);
    display_on(&d);
    for (unsigned i = 0; i < 4; i++) {
        uint32_t pad = i ? 0x170 + 4 * (6 * i - 1) : 0x15c;
        g_autofree uint8_t *shot = NULL;
        uint32_t want = i ? 0xfcfcfc & ~(0x80u << 8 * (i - 1)) : 0;

        display_pads(q, 0);
        qtest_writel(q, IMX6_IOMUXC + pad, 5);  /* a GPIO */
        irq_next(q, IRQ_EOF(CH_BG), TWO_FRAMES);
        shot = shot_take(&d);
        g_assert_cmphex(PANEL(shot_pixel(&d, shot, 9, 9)), ==, want);
    }
    display_quit(&d);
}

/* Without its clock the DI stands, without HSP's the whole IPU. */
static void test_gates(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    QTestState *q = d.q;

    display_on(&d);
    g_assert_cmpint(irq_next(q, IRQ_EOF(CH_BG), TWO_FRAMES), >, 0);
    imx6_gate(q, 3, 1, false);                  /* CCGR3 CG1: ipu1_di0 */
    irq_next(q, IRQ_EOF(CH_BG), TWO_FRAMES);
    g_assert_cmpint(irq_next(q, IRQ_EOF(CH_BG), 5 * PANEL_PERIOD), ==, -1);
    g_assert_cmphex(qtest_readl(q, IPU_DISP_GEN), !=, 0);
    imx6_gate(q, 3, 1, true);
    g_assert_cmpint(irq_next(q, IRQ_EOF(CH_BG), 4 * PANEL_PERIOD), >, 0);

    imx6_gate(q, 3, 0, false);                  /* CG0: ipu1 */
    g_assert_cmphex(qtest_readl(q, IPU_DISP_GEN), ==, 0);
    g_assert_cmphex(qtest_readl(q, IPU_DMFC + 4), ==, 0);
    g_assert_cmphex(qtest_readl(q, IPU_CONF), ==, 0);
    qtest_writel(q, IPU_CONF, 0);
    qtest_clock_step(q, 5 * PANEL_PERIOD);
    imx6_gate(q, 3, 0, true);
    g_assert_cmphex(qtest_readl(q, IPU_CONF), ==, CONF_DP_EN | CONF_DC_EN |
                    CONF_DMFC_EN | CONF_DI_EN(0));
    g_assert_cmpint(irq_next(q, IRQ_EOF(CH_BG), 4 * PANEL_PERIOD), >, 0);
    display_quit(&d);
}

/* A divider's worst: found by review, QEMU divided by the rate modulo 2^32. */
static void test_clock_limit(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);

    /* 24 MHz * NUM / DENOM of 2^32 Hz, undivided, at DI0 */
    qtest_writel(d.q, IMX6_ANATOP + 0x0b0, 1u << 28);
    qtest_writel(d.q, IMX6_ANATOP + 0x0c0, 1500000);
    qtest_writel(d.q, IMX6_ANATOP + 0x0a0, 0x2000 | 2u << 19);
    qtest_writel(d.q, IMX6_CCM + 0x34, 2u << 6);
    di_setup(&d, 3, true);
    display_on(&d);
    qtest_clock_step(d.q, 100 * MS);
    display_quit(&d);
}

/* The driver's order of switching off ends with nothing busy. */
static void test_off(void)
{
    Display d = small_on();

    for (unsigned i = 0; i < 2; i++) {
        irq_next(d.q, IRQ_NFACK(CH_BG), TWO_FRAMES);
        qtest_clock_step(d.q, 50 * PANEL_LINE);
        display_off(&d);
        qtest_clock_step(d.q, 50 * MS);         /* ipu_idmac_wait_busy() */
        g_assert_cmphex(qtest_readl(d.q, IDMAC_CHA_BUSY), ==, 0);
        g_assert_cmpint(irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES), ==, -1);
        g_assert_cmpint(irq_next(d.q, IRQ_VSYNC_PRE(0), TWO_FRAMES), ==, -1);
        display_on(&d);
        g_assert_cmpint(irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES), >, 0);
    }
    display_quit(&d);
}

/* Nobody answers at the buffer's address: AXIR_ERR, and time goes on. */
static void test_bus_error(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);

    cpmem_set(d.q, CH_BG, CP_EBA0, 0x80000000u >> 3);
    cpmem_set(d.q, CH_BG, CP_EBA1, 0x80000000u >> 3);
    qtest_writel(d.q, IPU_INT_CTRL(IRQ_AXIR_ERR / 32),
                 1u << IRQ_AXIR_ERR % 32);
    display_on(&d);
    g_assert_cmpint(irq_wait(d.q, IRQ_EOF(CH_BG), TWO_FRAMES), >, 0);
    g_assert_true(irq_pending(d.q, IRQ_AXIR_ERR));
    g_assert_true(imx6_spi(d.q, IMX6_SPI_IPU1_ERROR));
    g_assert_false(imx6_spi(d.q, IMX6_SPI_IPU1_SYNC));
    irq_clear(d.q, IRQ_AXIR_ERR);
    g_assert_false(imx6_spi(d.q, IMX6_SPI_IPU1_ERROR));
    display_quit(&d);
}

/* Saved in the middle of a frame: its end and the next come on time. */
static void test_migrate(void)
{
    Display d = small_on();
    g_autofree char *args = g_strdup_printf("-machine shot-dir=%s", d.dir);
    g_autofree uint8_t *shot = NULL;
    int64_t end, next;

    qtest_writel(d.q, IPU_INT_CTRL(0), 1u << CH_BG);
    end = irq_next(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
    irq_next(d.q, IRQ_NFACK(CH_BG), TWO_FRAMES);
    qtest_clock_step(d.q, 60 * PANEL_LINE);
    qtest_writel(d.q, IPU_CHA_BUF_RDY(0), 1u << CH_BG);
    g_assert_cmphex(qtest_readl(d.q, IDMAC_CHA_BUSY), ==, 1u << CH_BG);
    d.q = imx6_migrate(d.q, args);
    g_assert_cmphex(qtest_readl(d.q, IDMAC_CHA_BUSY), ==, 1u << CH_BG);
    g_assert_cmphex(qtest_readl(d.q, IPU_INT_CTRL(0)), ==, 1u << CH_BG);
    g_assert_cmpuint(current(&d), ==, 1);
    g_assert_true(ready(&d, 0));
    next = irq_wait(d.q, IRQ_EOF(CH_BG), TWO_FRAMES);
    g_assert_cmpint(next - end, ==, PANEL_PERIOD);
    g_assert_cmpuint(current(&d), ==, 0);
    g_assert_false(ready(&d, 0));
    g_assert_cmpint(irq_wait(d.q, IRQ_EOF(CH_BG), TWO_FRAMES) - next, ==,
                    PANEL_PERIOD);
    d.shots = 0;
    shot = shot_take(&d);
    for (unsigned i = 0; i < 64; i++) {
        g_assert_cmphex(PANEL(shot_pixel(&d, shot, i, i)), ==,
                        PANEL(pattern(i, i)));
    }
    display_quit(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-ipu-display/period", test_period);
    qtest_add_func("/imx6-ipu-display/order", test_order);
    qtest_add_func("/imx6-ipu-display/vblank-line", test_vblank_line);
    qtest_add_func("/imx6-ipu-display/picture", test_picture);
    qtest_add_func("/imx6-ipu-display/di1", test_di1);
    qtest_add_func("/imx6-ipu-display/flip", test_flip);
    qtest_add_func("/imx6-ipu-display/first-buffer", test_first_buffer);
    qtest_add_func("/imx6-ipu-display/tear", test_tear);
    qtest_add_func("/imx6-ipu-display/stride", test_stride);
    qtest_add_func("/imx6-ipu-display/formats", test_formats);
    qtest_add_func("/imx6-ipu-display/overlay", test_overlay);
    qtest_add_func("/imx6-ipu-display/pixel-alpha", test_pixel_alpha);
    qtest_add_func("/imx6-ipu-display/pads", test_pads);
    qtest_add_func("/imx6-ipu-display/gates", test_gates);
    qtest_add_func("/imx6-ipu-display/clock-limit", test_clock_limit);
    qtest_add_func("/imx6-ipu-display/off", test_off);
    qtest_add_func("/imx6-ipu-display/bus-error", test_bus_error);
    qtest_add_func("/imx6-ipu-display/migrate", test_migrate);
    return g_test_run();
}
