/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the fault switches: each breaks what it says and nothing before
 * it is on, and the device works again after it is off. hw/imx6/fault.c.
 *
 * Expectations: what the devices do without, by their own tests; which error
 * bit is which: ipu-common.c and imx6-mipi-csi2.c of Linux, and ERR1 in
 * regsmipicsi.h of Freescale's iMX6 Platform SDK.
 */

#include "qemu/osdep.h"
#include "imx6-display-qtest.h"
#include "imx6-vivante-qtest.h"

#define FRAME_WAIT              (VGA_FRAME_NS * 3)
#define CSI2_MSK2               (IMX6_MIPI_CSI + 0x02c)
#define ERR1_F_BNDRY            (1u << 4)
#define ERR1_CRC                (1u << 24)
#define ERR1_ECC_DOUBLE         (1u << 28)
#define IRQ_NFB4EOF0            128
#define IRQ_SMFC0_FRM_LOST      288
#define IRQ_AXIW_ERR            317

#define GPC_CNTR                IMX6_GPC
#define   PUP_REQ               (1u << 1)
#define OCOTP_READ_CTRL         (IMX6_OCOTP + 0x30)
#define   OCOTP_BUSY            (1u << 8)

#define HDMI                    0x00120000
#define HDMI_SPI                115
#define HDMI_IH_MUTE_PHY_STAT0  0x0184
#define HDMI_IH_MUTE            0x01ff
#define HDMI_PHY_CONF0          0x3000
#define HDMI_PHY_STAT0          0x3004
#define HDMI_PHY_MASK0          0x3006
#define HDMI_PHY_POL0           0x3007
#define HDMI_MC_PHYRSTZ         0x4005
#define EDID_ADDR               0x50

static void fault(QTestState *q, const char *device, const char *name, bool on)
{
    g_autofree char *path = g_strdup_printf("/machine/%s", device);
    g_autofree char *property = g_strdup_printf("fault-%s", name);

    qtest_qmp_assert_success(q, "{ 'execute': 'qom-set', 'arguments': { "
                             "'path': %s, 'property': %s, 'value': %i } }",
                             path, property, on);
}

static bool fault_is_on(QTestState *q, const char *device, const char *name)
{
    g_autofree char *path = g_strdup_printf("/machine/%s", device);
    g_autofree char *property = g_strdup_printf("fault-%s", name);
    QDict *r = qtest_qmp(q, "{ 'execute': 'qom-get', 'arguments': { "
                         "'path': %s, 'property': %s } }", path, property);
    bool on = qdict_get_bool(r, "return");

    qobject_unref(r);
    return on;
}

/* Two switches of a device do not touch each other, and a reset neither. */
static void test_switches(void)
{
    QTestState *q = imx6_init("");

    fault(q, "ipu1", "lost-irq", true);
    g_assert_true(fault_is_on(q, "ipu1", "lost-irq"));
    g_assert_false(fault_is_on(q, "ipu1", "lost-eof"));
    g_assert_false(fault_is_on(q, "ipu2", "lost-irq"));
    fault(q, "ipu1", "lost-eof", true);
    fault(q, "ipu1", "lost-irq", false);
    g_assert_true(fault_is_on(q, "ipu1", "lost-eof"));
    qtest_system_reset(q);
    g_assert_true(fault_is_on(q, "ipu1", "lost-eof"));
    g_assert_false(fault_is_on(q, "ipu1", "lost-irq"));
    qtest_quit(q);
}

/* Sensor */

static void test_dead_i2c(void)
{
    QTestState *q = imx6_init("");

    camera_xclk_on(q);
    g_assert_cmphex(ov5640_read(q, 0x300a), ==, 0x56);
    fault(q, "ov5640", "dead-i2c", true);
    g_assert_cmpint(ov5640_read(q, 0x300a), ==, -1);
    g_assert_false(ov5640_write_at(q, OV5640_ADDR, 0x3808, 1));
    fault(q, "ov5640", "dead-i2c", false);
    g_assert_cmphex(ov5640_read(q, 0x300a), ==, 0x56);
    g_assert_cmphex(ov5640_read(q, 0x3808), ==, 0x0a);
    qtest_quit(q);
}

static void test_no_lp11(void)
{
    uint32_t stop = STOPSTATEDATA(0) | STOPSTATEDATA(1) | STOPSTATECLK;
    QTestState *q = imx6_init("");

    ov5640_setup(q, &(SensorMode) {});
    csi2_on(q, 2, HSFREQ_400);
    g_assert_cmphex(qtest_readl(q, CSI2_PHY_STATE) & stop, ==, stop);
    fault(q, "ov5640", "no-lp11", true);
    g_assert_cmphex(qtest_readl(q, CSI2_PHY_STATE) & stop, ==, 0);
    fault(q, "ov5640", "no-lp11", false);
    g_assert_cmphex(qtest_readl(q, CSI2_PHY_STATE) & stop, ==, stop);
    qtest_quit(q);
}

static QTestState *camera(void)
{
    QTestState *q = imx6_init_irq("");

    camera_start(q, &(SensorMode) {}, &(Capture) {});
    return q;
}

/* One frame comes, and its buffer is given back. */
static void assert_frame(QTestState *q)
{
    unsigned buf = qtest_readl(q, IPU_CHA_CUR_BUF) & 1;

    capture_ready(q, buf);
    qtest_writel(q, IPU_INT_STAT(INT_EOF), 1);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
}

/* The switch stops the frames as long as it is on. */
static void check_no_frames(const char *device, const char *name)
{
    QTestState *q = camera();

    assert_frame(q);
    fault(q, device, name, true);
    capture_wait(q, INT_EOF, FRAME_WAIT);       /* one may be under way */
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), ==, -1);
    fault(q, device, name, false);
    assert_frame(q);
    assert_frame(q);
    qtest_quit(q);
}

static void test_no_frames(void)
{
    check_no_frames("ov5640", "no-frames");
}

static void test_no_clock(void)
{
    QTestState *q = imx6_init("");

    ov5640_setup(q, &(SensorMode) {});
    csi2_on(q, 2, HSFREQ_400);
    fault(q, "ov5640", "no-clock", true);
    ov5640_stream(q, true);
    for (unsigned i = 0; i < 50; i++) {
        qtest_clock_step(q, MS);
        g_assert_cmphex(qtest_readl(q, CSI2_PHY_STATE) & RXCLKACTIVEHS, ==, 0);
    }
    qtest_quit(q);
}

/* The sensor's clock comes from here. */
static void test_no_output(void)
{
    QTestState *q = camera();

    assert_frame(q);
    fault(q, "pwm3", "no-output", true);
    g_assert_cmpint(ov5640_read(q, 0x300a), ==, -1);
    capture_wait(q, INT_EOF, FRAME_WAIT);
    capture_ready(q, 0);
    capture_ready(q, 1);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), ==, -1);
    fault(q, "pwm3", "no-output", false);
    g_assert_cmphex(ov5640_read(q, 0x300a), ==, 0x56);
    assert_frame(q);
    qtest_quit(q);
}

static void test_short_frames(void)
{
    QTestState *q = camera();

    assert_frame(q);
    fault(q, "ov5640", "short-frames", true);
    capture_wait(q, INT_EOF, FRAME_WAIT);
    capture_ready(q, 0);
    capture_ready(q, 1);
    irq_clear(q, IRQ_NFB4EOF0);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), ==, -1);
    g_assert_true(irq_pending(q, IRQ_NFB4EOF0));
    fault(q, "ov5640", "short-frames", false);
    assert_frame(q);
    qtest_quit(q);
}

static void test_late_frames(void)
{
    QTestState *q = camera();
    int64_t t[3];

    fault(q, "ov5640", "late-frames", true);
    for (unsigned i = 0; i < 3; i++) {
        t[i] = capture_wait(q, INT_EOF, FRAME_WAIT);
        capture_ready(q, i & 1);
    }
    g_assert_cmpint(ABS(t[2] - t[1] - 2 * VGA_FRAME_NS), <=, 2);
    qtest_quit(q);
}

/* Receiver */

static void test_crc(void)
{
    QTestState *q = camera();

    qtest_writel(q, CSI2_MSK1, 0);
    fault(q, "mipi-csi2", "crc-error", true);
    assert_frame(q);
    g_assert_true(imx6_spi(q, IMX6_SPI_MIPI_CSI(1)));
    fault(q, "mipi-csi2", "lost-irq", true);
    g_assert_false(imx6_spi(q, IMX6_SPI_MIPI_CSI(1)));
    fault(q, "mipi-csi2", "lost-irq", false);
    g_assert_true(imx6_spi(q, IMX6_SPI_MIPI_CSI(1)));
    g_assert_cmphex(qtest_readl(q, CSI2_ERR1), ==, ERR1_CRC);
    g_assert_false(imx6_spi(q, IMX6_SPI_MIPI_CSI(1)));
    fault(q, "mipi-csi2", "crc-error", false);
    assert_frame(q);
    g_assert_cmphex(qtest_readl(q, CSI2_ERR1), ==, 0);
    qtest_quit(q);
}

static void test_ecc(void)
{
    QTestState *q = camera();

    assert_frame(q);
    fault(q, "mipi-csi2", "ecc-error", true);
    capture_wait(q, INT_EOF, FRAME_WAIT);
    g_assert_cmphex(qtest_readl(q, CSI2_ERR1), ==, ERR1_ECC_DOUBLE);
    qtest_quit(q);
    check_no_frames("mipi-csi2", "ecc-error");
}

static void test_lost_frame_end(void)
{
    QTestState *q = camera();

    assert_frame(q);
    qtest_clock_step(q, VGA_FRAME_NS / 2);
    g_assert_cmphex(qtest_readl(q, CSI2_ERR1), ==, 0);
    fault(q, "mipi-csi2", "lost-frame-end", true);
    assert_frame(q);
    assert_frame(q);
    g_assert_cmphex(qtest_readl(q, CSI2_ERR1), ==, ERR1_F_BNDRY);
    qtest_quit(q);
}

/* IPU */

static void test_ipu_lost_irq(void)
{
    QTestState *q = camera();

    qtest_writel(q, IPU_INT_CTRL(INT_EOF), 1);
    fault(q, "ipu1", "lost-irq", true);
    qtest_clock_step(q, 2 * VGA_FRAME_NS);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)) & 1, ==, 1);
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    fault(q, "ipu1", "lost-irq", false);
    g_assert_true(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    qtest_quit(q);
}

/* Buffers are used up all the same. */
static void test_lost_eof(void)
{
    QTestState *q = camera();

    fault(q, "ipu1", "lost-eof", true);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), ==, -1);
    g_assert_cmphex(qtest_readl(q, IPU_CHA_BUF_RDY(0)) & 1, ==, 0);
    g_assert_true(irq_pending(q, IRQ_NFB4EOF0));
    fault(q, "ipu1", "lost-eof", false);
    assert_frame(q);
    qtest_quit(q);
}

static void test_stuck_busy(void)
{
    QTestState *q = camera();

    capture_wait(q, INT_NFACK, FRAME_WAIT);
    g_assert_cmphex(qtest_readl(q, IDMAC_CHA_BUSY), ==, 1);
    fault(q, "ipu1", "stuck-busy", true);
    ov5640_stream(q, false);
    qtest_writel(q, IDMAC_CHA_EN, 0);
    qtest_clock_step(q, FRAME_WAIT);
    g_assert_cmphex(qtest_readl(q, IDMAC_CHA_BUSY), ==, 1);
    fault(q, "ipu1", "stuck-busy", false);
    g_assert_cmphex(qtest_readl(q, IDMAC_CHA_BUSY), ==, 0);
    qtest_quit(q);
}

static void test_write_error(void)
{
    QTestState *q = camera();

    qtest_memset(q, BUF0, 0x3c, 4096);
    fault(q, "ipu1", "bus-error-write", true);
    assert_frame(q);
    g_assert_true(irq_pending(q, IRQ_AXIW_ERR));
    g_assert_cmphex(qtest_readl(q, BUF0), ==, 0x3c3c3c3c);
    fault(q, "ipu1", "bus-error-write", false);
    assert_frame(q);
    irq_clear(q, IRQ_AXIW_ERR);
    assert_frame(q);
    g_assert_false(irq_pending(q, IRQ_AXIW_ERR));
    g_assert_cmphex(qtest_readl(q, BUF0), !=, 0x3c3c3c3c);
    qtest_quit(q);
}

static void test_overflow(void)
{
    QTestState *q = camera();

    assert_frame(q);
    irq_clear(q, IRQ_SMFC0_FRM_LOST);
    assert_frame(q);
    g_assert_false(irq_pending(q, IRQ_SMFC0_FRM_LOST));
    capture_ready(q, 0);
    capture_ready(q, 1);
    fault(q, "ipu1", "fifo-overflow", true);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), ==, -1);
    g_assert_true(irq_pending(q, IRQ_SMFC0_FRM_LOST));
    fault(q, "ipu1", "fifo-overflow", false);
    assert_frame(q);
    qtest_quit(q);
}

static void test_read_error(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    int64_t wait = 2 * PANEL_PERIOD;

    display_on(&d);
    g_assert_cmpint(irq_next(d.q, IRQ_EOF(CH_BG), wait), >, 0);
    g_assert_false(irq_pending(d.q, IRQ_AXIR_ERR));
    fault(d.q, "ipu1", "bus-error-read", true);
    g_assert_cmpint(irq_wait(d.q, IRQ_AXIR_ERR, wait), >, 0);
    fault(d.q, "ipu1", "bus-error-read", false);
    irq_next(d.q, IRQ_EOF(CH_BG), wait);
    irq_clear(d.q, IRQ_AXIR_ERR);
    g_assert_cmpint(irq_next(d.q, IRQ_EOF(CH_BG), wait), >, 0);
    g_assert_false(irq_pending(d.q, IRQ_AXIR_ERR));
    display_quit(&d);
}

static void test_late_vsync(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    int64_t wait = 4 * PANEL_PERIOD, a, b;

    display_on(&d);
    irq_next(d.q, IRQ_EOF(CH_BG), wait);
    fault(d.q, "ipu1", "late-vsync", true);
    irq_next(d.q, IRQ_EOF(CH_BG), wait);
    a = irq_next(d.q, IRQ_EOF(CH_BG), wait);
    b = irq_next(d.q, IRQ_EOF(CH_BG), wait);
    g_assert_cmpint(ABS(b - a - 2 * PANEL_PERIOD), <=, 4);
    fault(d.q, "ipu1", "late-vsync", false);
    irq_next(d.q, IRQ_EOF(CH_BG), wait);
    a = irq_next(d.q, IRQ_EOF(CH_BG), wait);
    b = irq_next(d.q, IRQ_EOF(CH_BG), wait);
    g_assert_cmpint(ABS(b - a - PANEL_PERIOD), <=, 4);
    display_quit(&d);
}

/* Transmitter and monitor */

static void test_hdmi(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    QTestState *q = d.q;

    imx6_pll3_on(q);
    display_on(&d);
    qtest_clock_step(q, PANEL_PERIOD);
    qtest_writeb(q, HDMI + HDMI_MC_PHYRSTZ, 0);
    qtest_writeb(q, HDMI + HDMI_PHY_CONF0, 0x0e);
    g_assert_cmphex(qtest_readb(q, HDMI + HDMI_PHY_STAT0) & 1, ==, 1);
    fault(q, "hdmi", "no-phy-lock", true);
    g_assert_cmphex(qtest_readb(q, HDMI + HDMI_PHY_STAT0) & 1, ==, 0);
    fault(q, "hdmi", "no-phy-lock", false);
    g_assert_cmphex(qtest_readb(q, HDMI + HDMI_PHY_STAT0) & 1, ==, 1);

    qtest_writeb(q, HDMI + HDMI_IH_MUTE_PHY_STAT0, 0);
    qtest_writeb(q, HDMI + HDMI_PHY_POL0, 0xff);
    qtest_writeb(q, HDMI + HDMI_PHY_MASK0, 0);
    qtest_writeb(q, HDMI + HDMI_IH_MUTE, 0);
    g_assert_true(imx6_spi(q, HDMI_SPI));
    fault(q, "hdmi", "lost-irq", true);
    g_assert_false(imx6_spi(q, HDMI_SPI));
    fault(q, "hdmi", "lost-irq", false);
    g_assert_true(imx6_spi(q, HDMI_SPI));
    display_quit(&d);
}

static bool edid_answers(QTestState *q)
{
    bool ack;

    i2c_start(q, 0);
    ack = i2c_byte(q, EDID_ADDR << 1) && i2c_byte(q, 0);
    i2c_stop(q);
    return ack;
}

static void test_dead_edid(void)
{
    QTestState *q = imx6_init("");

    g_assert_true(edid_answers(q));
    fault(q, "hdmi-ddc", "dead-i2c", true);
    g_assert_false(edid_answers(q));
    fault(q, "hdmi-ddc", "dead-i2c", false);
    g_assert_true(edid_answers(q));
    qtest_quit(q);
}

/* Basics */

static void test_power(void)
{
    QTestState *q = imx6_init("");

    fault(q, "gpc", "stuck-power", true);
    qtest_writel(q, GPC_CNTR, PUP_REQ);
    qtest_clock_step(q, 100 * MS);
    g_assert_cmphex(qtest_readl(q, GPC_CNTR) & PUP_REQ, ==, PUP_REQ);
    fault(q, "gpc", "stuck-power", false);
    qtest_clock_step(q, MS);
    g_assert_cmphex(qtest_readl(q, GPC_CNTR) & PUP_REQ, ==, 0);
    qtest_quit(q);
}

static void test_fuses(void)
{
    QTestState *q = imx6_init("");

    imx6_pll2_on(q);
    fault(q, "ocotp", "stuck-busy", true);
    qtest_writel(q, OCOTP_READ_CTRL, 1);
    qtest_clock_step(q, 100 * MS);
    g_assert_cmphex(qtest_readl(q, IMX6_OCOTP) & OCOTP_BUSY, ==, OCOTP_BUSY);
    fault(q, "ocotp", "stuck-busy", false);
    qtest_clock_step(q, MS);
    g_assert_cmphex(qtest_readl(q, IMX6_OCOTP) & OCOTP_BUSY, ==, 0);
    qtest_quit(q);
}

/* GPU */

/* A fill with an event from the pipe behind it */
static void gpu_fill(GPU *g)
{
    g_autofree Stream *s = g_new0(Stream, 1);

    st_fill(s, 0x100000, 256, 64, 16, 0x12345678);
    st_sync(s);
    st_event(s, 3, EVENT_FROM_PE);
    st_end(s);
    gpu_run(g, s);
    qtest_clock_step(g->q, 50 * MS);
}

static void test_gpu_lost_irq(void)
{
    GPU g = gc320_start();

    fault(g.q, "gc320", "lost-irq", true);
    gpu_fill(&g);
    g_assert_false(imx6_spi(g.q, g.spi));
    fault(g.q, "gc320", "lost-irq", false);
    g_assert_true(imx6_spi(g.q, g.spi));
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 3);
    gpu_quit(&g);
}

/* Busy for good, until a reset */
static void test_gpu_stuck(void)
{
    GPU g = gc320_start();

    fault(g.q, "gc320", "stuck-busy", true);
    gpu_fill(&g);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 0);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_PE, ==, 0);
    fault(g.q, "gc320", "stuck-busy", false);
    qtest_clock_step(g.q, 50 * MS);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_PE, ==, 0);
    gpu_reset(&g);
    gpu_hw_init(&g);
    gpu_fill(&g);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 3);
    gpu_quit(&g);
}

static void test_gpu_bus_error(void)
{
    GPU g = gc320_start();

    fault(g.q, "gc320", "bus-error", true);
    gpu_fill(&g);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, AXI_BUS_ERROR);
    g_assert_cmphex(gpu_read(&g, HI_AXI_STATUS) & DET_RD_ERR, ==, DET_RD_ERR);
    fault(g.q, "gc320", "bus-error", false);
    gpu_reset(&g);
    gpu_hw_init(&g);
    gpu_fill(&g);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 3);
    g_assert_cmphex(gpu_peek(&g, 0x100000), ==, 0x12345678);
    gpu_quit(&g);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-fault/switches", test_switches);
    qtest_add_func("/imx6-fault/ov5640/dead-i2c", test_dead_i2c);
    qtest_add_func("/imx6-fault/ov5640/no-lp11", test_no_lp11);
    qtest_add_func("/imx6-fault/ov5640/no-clock", test_no_clock);
    qtest_add_func("/imx6-fault/ov5640/no-frames", test_no_frames);
    qtest_add_func("/imx6-fault/ov5640/short-frames", test_short_frames);
    qtest_add_func("/imx6-fault/ov5640/late-frames", test_late_frames);
    qtest_add_func("/imx6-fault/mipi-csi2/crc-error", test_crc);
    qtest_add_func("/imx6-fault/mipi-csi2/ecc-error", test_ecc);
    qtest_add_func("/imx6-fault/mipi-csi2/lost-frame-end",
                   test_lost_frame_end);
    qtest_add_func("/imx6-fault/ipu/lost-irq", test_ipu_lost_irq);
    qtest_add_func("/imx6-fault/ipu/lost-eof", test_lost_eof);
    qtest_add_func("/imx6-fault/ipu/stuck-busy", test_stuck_busy);
    qtest_add_func("/imx6-fault/ipu/bus-error-write", test_write_error);
    qtest_add_func("/imx6-fault/ipu/bus-error-read", test_read_error);
    qtest_add_func("/imx6-fault/ipu/fifo-overflow", test_overflow);
    qtest_add_func("/imx6-fault/ipu/late-vsync", test_late_vsync);
    qtest_add_func("/imx6-fault/hdmi", test_hdmi);
    qtest_add_func("/imx6-fault/hdmi-ddc/dead-i2c", test_dead_edid);
    qtest_add_func("/imx6-fault/pwm/no-output", test_no_output);
    qtest_add_func("/imx6-fault/gpc/stuck-power", test_power);
    qtest_add_func("/imx6-fault/ocotp/stuck-busy", test_fuses);
    qtest_add_func("/imx6-fault/gpu/lost-irq", test_gpu_lost_irq);
    qtest_add_func("/imx6-fault/gpu/stuck-busy", test_gpu_stuck);
    qtest_add_func("/imx6-fault/gpu/bus-error", test_gpu_bus_error);
    return g_test_run();
}
