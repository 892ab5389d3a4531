/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the MIPI CSI-2 receiver and its D-PHY.
 *
 * Expectations: drivers/staging/media/imx/imx6-mipi-csi2.c of Linux; fields
 * of ERR1, ERR2 and the masks as in Freescale's iMX6 Platform SDK,
 * regsmipicsi.h; IMX6DQRM chapter 40; lane states: MIPI D-PHY v1.0.
 */

#include "qemu/osdep.h"
#include "imx6-camera-qtest.h"

#define FRAME_WAIT      (VGA_FRAME_NS * 2)
#define LP11            (STOPSTATECLK | STOPSTATEDATA(0) | STOPSTATEDATA(1))

static const IMX6Reg regs[] = {
    { 0x004, 0, 0x3 },                  /* N_LANES: lanes - 1 */
    { 0x008, 0, 0x1 },                  /* PHY_SHUTDOWNZ */
    { 0x00c, 0, 0x1 },                  /* DPHY_RSTZ */
    { 0x010, 0, 0x1 },                  /* CSI2_RESETN */
    { 0x018, 0, 0xffffffff },           /* DATA_IDS_1, _2 */
    { 0x01c, 0, 0xffffffff },
    { 0x028, 0, 0x1fffffff },           /* MASK1: up to err_ecc_double */
    { 0x02c, 0, 0x00ffffff },           /* MASK2 */
    { 0x030, 0, 0x00000003 },           /* PHY_TST_CTRL0: CLR, CLK */
    { 0x034, 0, 0x000100ff },           /* PHY_TST_CTRL1: EN, DIN */
};

static void test_registers(void)
{
    QTestState *q = imx6_init("");
    uint32_t version;

    imx6_pll3_on(q);
    imx6_check_resets(q, IMX6_MIPI_CSI, regs, G_N_ELEMENTS(regs));
    imx6_check_masks(q, IMX6_MIPI_CSI, regs, G_N_ELEMENTS(regs));
    g_assert_cmphex(qtest_readl(q, CSI2_GASKET), ==, 0);
    qtest_writel(q, CSI2_GASKET, GASKET_YUYV);
    g_assert_cmphex(qtest_readl(q, CSI2_GASKET), ==, GASKET_YUYV);

    /* read-only */
    version = qtest_readl(q, CSI2_VERSION);
    g_assert_cmphex(version, !=, 0);
    qtest_writel(q, CSI2_VERSION, ~version);
    g_assert_cmphex(qtest_readl(q, CSI2_VERSION), ==, version);
    qtest_writel(q, CSI2_ERR1, 0xffffffff);
    g_assert_cmphex(qtest_readl(q, CSI2_ERR1), ==, 0);
    qtest_writel(q, CSI2_PHY_STATE, 0x7ff);
    g_assert_cmphex(qtest_readl(q, CSI2_PHY_STATE) & 0x7ff, ==, 0);
    qtest_quit(q);
}

/* The dphy clock of the driver is HSI_TX: CCGR3 CG8 (imx6q-clock, mipi). */
static void test_gate(void)
{
    QTestState *q = imx6_init("");

    imx6_pll3_on(q);
    qtest_writel(q, CSI2_N_LANES, 1);
    imx6_gate(q, 3, 8, false);
    imx6_check_silent(q, IMX6_MIPI_CSI, regs, G_N_ELEMENTS(regs));
    g_assert_cmphex(qtest_readl(q, CSI2_VERSION), ==, 0);
    imx6_gate(q, 3, 8, true);
    g_assert_cmphex(qtest_readl(q, CSI2_N_LANES), ==, 1);
    g_assert_cmphex(qtest_readl(q, CSI2_PHY_SHUTDOWNZ), ==, 0);
    qtest_quit(q);
}

static uint32_t state(QTestState *q)
{
    return qtest_readl(q, CSI2_PHY_STATE) & 0x7ff;
}

/* What csi2_dphy_wait_stopstate() and _wait_clock_lane() wait for */
static void test_phy_state(void)
{
    QTestState *q = imx6_init("");

    ov5640_setup(q, &(SensorMode) {});
    csi2_on(q, 2, HSFREQ_400);
    /* RXULPSCLKNOT, low active, is up when the clock is not in ULPS */
    g_assert_cmphex(state(q), ==, LP11 | RXULPSCLKNOT);

    /* a PHY that is shut down, in reset or has no reference sees nothing */
    qtest_writel(q, CSI2_PHY_SHUTDOWNZ, 0);
    g_assert_cmphex(state(q), ==, 0);
    qtest_writel(q, CSI2_PHY_SHUTDOWNZ, 1);
    qtest_writel(q, CSI2_DPHY_RSTZ, 0);
    g_assert_cmphex(state(q), ==, 0);
    qtest_writel(q, CSI2_DPHY_RSTZ, 1);
    g_assert_cmphex(state(q), ==, LP11 | RXULPSCLKNOT);

    ov5640_stream(q, true);
    qtest_clock_step(q, VGA_FRAME_NS * 3 / 4);
    g_assert_cmphex(state(q), ==, RXCLKACTIVEHS | RXULPSCLKNOT);
    ov5640_stream(q, false);
    qtest_clock_step(q, VGA_FRAME_NS);
    g_assert_cmphex(state(q), ==, LP11 | RXULPSCLKNOT);
    qtest_quit(q);
}

/*
 * The start that the comment in imx6-mipi-csi2.c cites from the manual: lanes
 * in LP-11 first. A receiver switched on while the clock runs has missed the
 * way into high speed (D-PHY 5.7) and gets nothing.
 */
static void test_clock_first(void)
{
    QTestState *q = imx6_init("");

    ov5640_setup(q, &(SensorMode) {});
    ov5640_write(q, 0x4800, 0x04);              /* clock not gated */
    ov5640_stream(q, true);
    qtest_clock_step(q, VGA_FRAME_NS / 4);
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {});
    capture_ready(q, 0);
    capture_enable(q);
    g_assert_cmphex(state(q) & RXCLKACTIVEHS, ==, 0);
    g_assert_cmpint(capture_wait(q, INT_EOF, 2 * FRAME_WAIT), ==, -1);

    /* the clock lane through LP-11 again, and it works */
    ov5640_stream(q, false);
    ov5640_write(q, 0x4800, 0x24);
    qtest_clock_step(q, VGA_FRAME_NS);
    ov5640_stream(q, true);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
    qtest_quit(q);
}

/* A clock lane that was never in LP-11: out of nothing into high speed */
static void test_no_lp11(void)
{
    QTestState *q = imx6_init("");

    ov5640_setup(q, &(SensorMode) {});
    ov5640_write(q, 0x4800, 0x20);              /* gated, idle is not LP-11 */
    ov5640_write(q, 0x3019, 0x00);
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {});
    capture_ready(q, 0);
    capture_enable(q);
    g_assert_cmphex(state(q) & LP11, ==, 0);
    ov5640_stream(q, true);
    g_assert_cmpint(capture_wait(q, INT_EOF, 2 * FRAME_WAIT), ==, -1);
    qtest_quit(q);
}

/* Does a capture with this range of bit rates get a frame? */
static bool captures(uint8_t code, uint8_t data)
{
    QTestState *q = imx6_init("");
    bool frame;

    ov5640_setup(q, &(SensorMode) {});
    csi2_on(q, 2, 0);
    csi2_phy_write(q, code, data);
    capture_setup(q, &(Capture) {});
    capture_ready(q, 0);
    capture_enable(q);
    ov5640_stream(q, true);
    frame = capture_wait(q, INT_EOF, FRAME_WAIT) > 0;
    if (!frame) {
        /* start of transmission not found: errsotsynchs of both lanes */
        g_assert_cmphex(qtest_readl(q, CSI2_ERR1), ==, 0x3);
    }
    qtest_quit(q);
    return frame;
}

/* hsfreq_map[]: 385 Mbit/s a lane are in none of the outer ranges. */
static void test_hsfreq(void)
{
    g_assert_true(captures(0x44, 0x4a));        /* up to 400 */
    g_assert_true(captures(0x44, 0x2a));        /* up to 360: nearly */
    g_assert_false(captures(0x44, 0x00));       /* up to 90 */
    g_assert_false(captures(0x44, 0x74));       /* 950 to 1000 */
    g_assert_false(captures(0x45, 0x4a));       /* some other test code */
}

/* N_LANES may be written in stop state only (IMX6DQRM 40, N_LANES). */
static void test_lanes_busy(void)
{
    QTestState *q = imx6_init("");

    camera_start(q, &(SensorMode) {}, &(Capture) {});
    qtest_clock_step(q, VGA_FRAME_NS * 3 / 4);
    qtest_writel(q, CSI2_N_LANES, 3);
    g_assert_cmphex(qtest_readl(q, CSI2_N_LANES), ==, 1);
    ov5640_stream(q, false);
    qtest_clock_step(q, VGA_FRAME_NS);
    qtest_writel(q, CSI2_N_LANES, 3);
    g_assert_cmphex(qtest_readl(q, CSI2_N_LANES), ==, 3);
    qtest_quit(q);
}

/* Each of the three resets keeps packets away, RESETN without the PHY too. */
static void test_resets(void)
{
    static const uint32_t reset[] = {
        CSI2_PHY_SHUTDOWNZ, CSI2_DPHY_RSTZ, CSI2_RESETN,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(reset); i++) {
        QTestState *q = imx6_init("");

        ov5640_setup(q, &(SensorMode) {});
        csi2_on(q, 2, HSFREQ_400);
        capture_setup(q, &(Capture) {});
        capture_ready(q, 0);
        capture_enable(q);
        qtest_writel(q, reset[i], 0);
        ov5640_stream(q, true);
        g_assert_cmpint(capture_wait(q, INT_EOF, 2 * FRAME_WAIT), ==, -1);
        /* released between two frames: the next one comes */
        qtest_clock_step(q, VGA_FRAME_NS / 4);
        qtest_writel(q, reset[i], 1);
        g_assert_cmpint(capture_wait(q, INT_EOF, 2 * FRAME_WAIT), >, 0);
        qtest_quit(q);
    }
}

/* Errors latch until read; what MASK1 does not mask is interrupt 1. */
static void test_errors(void)
{
    QTestState *q = imx6_init_irq("");

    ov5640_setup(q, &(SensorMode) {});
    csi2_on(q, 2, 0x74);
    qtest_writel(q, CSI2_MSK1, 0x1fffffff);
    ov5640_stream(q, true);
    qtest_clock_step(q, VGA_FRAME_NS);
    g_assert_false(imx6_spi(q, IMX6_SPI_MIPI_CSI(1)));
    qtest_writel(q, CSI2_MSK1, 0x1ffffffc);
    g_assert_true(imx6_spi(q, IMX6_SPI_MIPI_CSI(1)));
    g_assert_false(imx6_spi(q, IMX6_SPI_MIPI_CSI(2)));
    ov5640_stream(q, false);
    qtest_clock_step(q, VGA_FRAME_NS);
    g_assert_cmphex(qtest_readl(q, CSI2_ERR1), ==, 0x3);
    g_assert_cmphex(qtest_readl(q, CSI2_ERR1), ==, 0);
    g_assert_false(imx6_spi(q, IMX6_SPI_MIPI_CSI(1)));
    g_assert_cmphex(qtest_readl(q, CSI2_ERR2), ==, 0);
    qtest_quit(q);
}

/* A stream that works has no error. */
static void test_clean(void)
{
    QTestState *q = imx6_init_irq("");

    camera_start(q, &(SensorMode) {}, &(Capture) {});
    qtest_clock_step(q, 5 * VGA_FRAME_NS);
    g_assert_cmphex(qtest_readl(q, CSI2_ERR1), ==, 0);
    g_assert_cmphex(qtest_readl(q, CSI2_ERR2), ==, 0);
    g_assert_false(imx6_spi(q, IMX6_SPI_MIPI_CSI(1)));
    qtest_quit(q);
}

/*
 * The pixel clock, eim_podf in imx6qdl.dtsi, takes data further. Here from
 * PLL2's PFD0, which is gated then; nothing else hangs on it.
 */
static void test_pixel_clock(void)
{
    QTestState *q = imx6_init("");

    imx6_update(q, CCM_CSCMR1, 3u << 27, 3u << 27);
    camera_start(q, &(SensorMode) {}, &(Capture) {});
    g_assert_cmpuint(imx6_clk_hz(q, "eim-slow-hz"), >, 0);
    qtest_writel(q, ANATOP_PFD_528 + 4, 1u << 7);       /* SET */
    g_assert_cmpuint(imx6_clk_hz(q, "eim-slow-hz"), ==, 0);
    g_assert_cmpuint(imx6_clk_hz(q, "hsi-tx-hz"), >, 0);
    g_assert_cmpuint(imx6_clk_hz(q, "video-27m-hz"), >, 0);
    g_assert_cmpuint(imx6_clk_hz(q, "ipu1-hz"), >, 0);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), ==, -1);
    qtest_writel(q, ANATOP_PFD_528 + 8, 1u << 7);       /* CLR */
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
    qtest_quit(q);
}

/* Registers and lanes survive a move, in the middle of a frame too. */
static void test_migration(void)
{
    QTestState *q = imx6_init("");
    uint32_t before;

    camera_start(q, &(SensorMode) {}, &(Capture) {});
    qtest_writel(q, CSI2_MSK1, 0x12345);
    qtest_writel(q, CSI2_GASKET, GASKET_YUYV);
    qtest_clock_step(q, VGA_FRAME_NS * 3 / 4);
    before = state(q);
    g_assert_cmphex(before & RXCLKACTIVEHS, !=, 0);
    q = imx6_migrate(q, "");
    g_assert_cmphex(state(q), ==, before);
    g_assert_cmphex(qtest_readl(q, CSI2_MSK1), ==, 0x12345);
    g_assert_cmphex(qtest_readl(q, CSI2_GASKET), ==, GASKET_YUYV);
    g_assert_cmphex(qtest_readl(q, CSI2_N_LANES), ==, 1);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-csi2/registers", test_registers);
    qtest_add_func("/imx6-csi2/gate", test_gate);
    qtest_add_func("/imx6-csi2/phy-state", test_phy_state);
    qtest_add_func("/imx6-csi2/clock-first", test_clock_first);
    qtest_add_func("/imx6-csi2/no-lp11", test_no_lp11);
    qtest_add_func("/imx6-csi2/hsfreq", test_hsfreq);
    qtest_add_func("/imx6-csi2/lanes-busy", test_lanes_busy);
    qtest_add_func("/imx6-csi2/resets", test_resets);
    qtest_add_func("/imx6-csi2/errors", test_errors);
    qtest_add_func("/imx6-csi2/clean", test_clean);
    qtest_add_func("/imx6-csi2/pixel-clock", test_pixel_clock);
    qtest_add_func("/imx6-csi2/migration", test_migration);
    return g_test_run();
}
