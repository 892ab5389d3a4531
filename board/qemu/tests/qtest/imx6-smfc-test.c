/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the SMFC and of the IDMAC channels behind it: registers, which
 * camera goes to which channel, overflow, and that channels do not mix.
 *
 * Expectations: drivers/gpu/ipu-v3/ipu-smfc.c, ipu-csi.c and ipu-common.c of
 * Linux; IMX6DQRM 37.5, SMFC_MAP, SMFC_WMC, SMFC_BS.
 */

#include "qemu/osdep.h"
#include "imx6-camera-qtest.h"

#define SMFC(n)                 (IMX6_IPU(n) + 0x250000)
#define IDMAC(n)                (IMX6_IPU(n) + 0x208000)
#define CONF_CSI1_EN            (1u << 1)
#define CONF_CSI1_MIPI          (1u << 29)
#define CONF_IDMAC_DIS          (1u << 22)
#define IPU_CSI1                (IPU_CSI0 + 0x8000)
#define OV5640_MIPI_CTRL14      0x4814
#define INT_LOST                9       /* SMFCn_FRM_LOST, bits 0 to 3 */
#define MARK                    0x3c
#define FRAME_WAIT              (VGA_FRAME_NS * 2)

static const IMX6Reg smfc_regs[] = {
    { 0x00, 0, 0x00000fff }, { 0x04, 0, 0x0fff0fff }, { 0x08, 0, 0x0000ffff },
};

/* Three registers in 4 KiB; what is behind them reads as 0 and stays so. */
static void test_registers(void)
{
    QTestState *q = imx6_init("");

    for (unsigned n = 1; n <= 2; n++) {
        imx6_check_resets(q, SMFC(n), smfc_regs, G_N_ELEMENTS(smfc_regs));
        imx6_check_masks(q, SMFC(n), smfc_regs, G_N_ELEMENTS(smfc_regs));
        qtest_writel(q, SMFC(n) + 0x0c, 0xffffffff);
        g_assert_cmphex(qtest_readl(q, SMFC(n) + 0x0c), ==, 0);
    }
    /* The two IPUs have each their own. */
    qtest_writel(q, SMFC(1), 0x123);
    g_assert_cmphex(qtest_readl(q, SMFC(2)), ==, 0);
    imx6_gate(q, 3, 0, false);
    imx6_check_silent(q, SMFC(1), smfc_regs, G_N_ELEMENTS(smfc_regs));
    qtest_writel(q, SMFC(2), 0x456);
    g_assert_cmphex(qtest_readl(q, SMFC(2)), ==, 0x456);
    imx6_gate(q, 3, 0, true);
    g_assert_cmphex(qtest_readl(q, SMFC(1)), ==, 0x123);
    qtest_system_reset(q);
    imx6_check_resets(q, SMFC(1), smfc_regs, G_N_ELEMENTS(smfc_regs));
    qtest_quit(q);
}

/* Enables are storage, busy is status; CPMEM words have 160 bits each. */
static void test_idmac(void)
{
    QTestState *q = imx6_init("");

    for (unsigned n = 1; n <= 2; n++) {
        for (unsigned i = 0; i < 2; i++) {
            uint32_t en = IDMAC(n) + 0x04 + 4 * i;
            uint32_t busy = IDMAC(n) + 0x100 + 4 * i;

            g_assert_cmphex(qtest_readl(q, en), ==, 0);
            qtest_writel(q, en, 0xffffffff);
            g_assert_cmphex(qtest_readl(q, en), ==, 0xffffffff);
            qtest_writel(q, en, 0);
            qtest_writel(q, busy, 0xffffffff);
            g_assert_cmphex(qtest_readl(q, busy), ==, 0);
        }
        for (unsigned cell = 0; cell < 16; cell++) {
            uint32_t addr = IMX6_IPU(n) + 0x300000 + 17 * 64 + cell * 4;

            qtest_writel(q, addr, 0xffffffff);
            g_assert_cmphex(qtest_readl(q, addr), ==,
                            cell % 8 < 5 ? 0xffffffff : 0);
        }
    }
    qtest_quit(q);
}

/* A channel with a buffer of its own, as capture_setup() makes channel 0 */
static void channel_setup(QTestState *q, unsigned ch, uint32_t addr)
{
    cpmem_zero(q, ch);
    cpmem_set(q, ch, CP_FW, 639);
    cpmem_set(q, ch, CP_FH, 479);
    cpmem_set(q, ch, CP_SL, 1279);
    cpmem_set(q, ch, CP_PFS, PFS_UYVY);
    cpmem_set(q, ch, CP_BPP, 3);
    cpmem_set(q, ch, CP_NPB, 31);
    cpmem_set(q, ch, CP_EBA0, addr >> 3);
    imx6_update(q, IDMAC_CHA_EN, 0, 1u << ch);
    qtest_writel(q, IPU_CHA_BUF_RDY(0), 1u << ch);
    qtest_memset(q, addr, MARK, 640 * 480 * 2);
}

static uint32_t buffer(unsigned ch)
{
    return BUF0 + ch * 0x100000;
}

/* SMFC_MAP has three bits a channel: CSI, and which of its four MIPI_DI. */
static void map(QTestState *q, unsigned ch, unsigned csi, unsigned id)
{
    imx6_update(q, SMFC(1), 7u << 3 * ch, (csi << 2 | id) << 3 * ch);
}

static void eof_wait(QTestState *q, unsigned ch)
{
    int64_t end = imx6_now(q) + FRAME_WAIT;

    while (!(qtest_readl(q, IPU_INT_STAT(INT_EOF)) >> ch & 1)) {
        g_assert_cmpint(qtest_clock_step_next(q), <, end);
    }
}

static bool written(QTestState *q, unsigned ch)
{
    return qtest_readl(q, buffer(ch)) != 0x01010101u * MARK;
}

/* Each of the channels can have the stream, and then no other gets it. */
static void test_map(void)
{
    for (unsigned ch = 0; ch < 4; ch++) {
        QTestState *q = imx6_init("");

        ov5640_setup(q, &(SensorMode) {});
        csi2_on(q, 2, HSFREQ_400);
        capture_setup(q, &(Capture) { .single = true });
        for (unsigned i = 0; i < 4; i++) {
            channel_setup(q, i, buffer(i));
            map(q, i, i == ch ? 0 : 1, 0);
        }
        capture_enable(q);
        ov5640_stream(q, true);
        eof_wait(q, ch);
        for (unsigned i = 0; i < 4; i++) {
            g_assert_cmpint(written(q, i), ==, i == ch);
        }
        g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)) & 0xf, ==,
                        1u << ch);
        g_assert_cmpint(uyvy_number(q, buffer(ch)), ==, 0);
        qtest_quit(q);
    }
}

/* MIPI_DI2 has the data type: it is stream 2 that has to be mapped. */
static void test_stream_id(void)
{
    for (unsigned id = 0; id < 4; id++) {
        QTestState *q = imx6_init("");

        ov5640_setup(q, &(SensorMode) {});
        csi2_on(q, 2, HSFREQ_400);
        capture_setup(q, &(Capture) { .single = true });
        channel_setup(q, 0, buffer(0));
        map(q, 0, 0, id);
        qtest_writel(q, CSI_MIPI_DI, ~(0xffu << 16) | DT_YUV422_8 << 16);
        capture_enable(q);
        ov5640_stream(q, true);
        qtest_clock_step(q, FRAME_WAIT);
        g_assert_cmpint(written(q, 0), ==, id == 2);
        qtest_quit(q);
    }
}

/* Virtual channel 1 is CSI1's: ipu_smfc_map_channel(smfc, 1, 0) */
static void test_csi1(void)
{
    QTestState *q = imx6_init("");

    ov5640_setup(q, &(SensorMode) {});
    ov5640_write(q, OV5640_MIPI_CTRL14, 1u << 6 | 0x2a);
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) { .single = true });
    for (uint32_t reg = 0; reg <= 0x24; reg += 4) {
        qtest_writel(q, IPU_CSI1 + reg, qtest_readl(q, IPU_CSI0 + reg));
    }
    channel_setup(q, 0, buffer(0));
    channel_setup(q, 2, buffer(2));
    map(q, 2, 1, 0);
    qtest_writel(q, IPU_CONF, CONF_CSI0_MIPI | CONF_CSI1_MIPI | CONF_CSI0_EN |
                 CONF_CSI1_EN | CONF_SMFC_EN);
    ov5640_stream(q, true);
    eof_wait(q, 2);
    g_assert_true(written(q, 2));
    g_assert_false(written(q, 0));
    qtest_quit(q);
}

/* Without the SMFC, or with the IDMAC held, nothing is written. */
static void test_enables(void)
{
    static const uint32_t conf[] = {
        CONF_CSI0_MIPI | CONF_CSI0_EN,
        CONF_CSI0_MIPI | CONF_CSI0_EN | CONF_SMFC_EN | CONF_IDMAC_DIS,
        CONF_CSI0_MIPI | CONF_SMFC_EN,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(conf); i++) {
        QTestState *q = imx6_init("");

        ov5640_setup(q, &(SensorMode) {});
        csi2_on(q, 2, HSFREQ_400);
        capture_setup(q, &(Capture) { .single = true });
        channel_setup(q, 0, buffer(0));
        qtest_writel(q, IPU_CONF, conf[i]);
        ov5640_stream(q, true);
        qtest_clock_step(q, FRAME_WAIT);
        g_assert_false(written(q, 0));
        g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)), ==, 0);
        capture_enable(q);
        eof_wait(q, 0);
        g_assert_true(written(q, 0));
        qtest_quit(q);
    }
}

/*
 * Two channels have the same stream; one gets no second buffer. Its frames are
 * lost, told by NFB4EOF and FRM_LOST, w1c, on the error line; the other's not.
 */
static void test_overflow(void)
{
    QTestState *q = imx6_init_irq("");

    ov5640_setup(q, &(SensorMode) {});
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) { .single = true });
    channel_setup(q, 0, buffer(0));
    channel_setup(q, 1, buffer(1));
    map(q, 1, 0, 0);
    capture_enable(q);
    ov5640_stream(q, true);
    eof_wait(q, 1);
    g_assert_true(written(q, 0) && written(q, 1));
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_LOST)) & 0xf, ==, 0);

    qtest_writel(q, IPU_CHA_BUF_RDY(0), 1u << 1);
    qtest_writel(q, IPU_INT_STAT(INT_EOF), 3);
    eof_wait(q, 1);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)) & 3, ==, 2);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_LOST)) & 0xf, ==, 1);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_NFB4EOF)) & 0xf, ==, 1);
    g_assert_cmpint(uyvy_number(q, buffer(0)), ==, 0);
    g_assert_cmpint(uyvy_number(q, buffer(1)), ==, 1);

    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_ERROR));
    qtest_writel(q, IPU_INT_CTRL(INT_LOST), 1);
    g_assert_true(imx6_spi(q, IMX6_SPI_IPU1_ERROR));
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    qtest_writel(q, IPU_INT_STAT(INT_LOST), 1);
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_ERROR));
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-smfc/registers", test_registers);
    qtest_add_func("/imx6-smfc/idmac", test_idmac);
    qtest_add_func("/imx6-smfc/map", test_map);
    qtest_add_func("/imx6-smfc/stream-id", test_stream_id);
    qtest_add_func("/imx6-smfc/csi1", test_csi1);
    qtest_add_func("/imx6-smfc/enables", test_enables);
    qtest_add_func("/imx6-smfc/overflow", test_overflow);
    return g_test_run();
}
