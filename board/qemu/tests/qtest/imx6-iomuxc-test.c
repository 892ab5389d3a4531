/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the IOMUXC's registers. What pads and GPRs do is in the tests of
 * those who ask: imx6-ov5640-test (a pad), imx6-csi-capture-test (GPR1).
 *
 * Expectations: IMX6DQRM chapter 36; offsets of Linux's imx6q-pinfunc.h and
 * imx6q-iomuxc-gpr.h; fields of fsl,imx6q-pinctrl.txt.
 */

#include "qemu/osdep.h"
#include "imx6-qtest.h"

#define MUX_FIRST       0x04c
#define MUX_LAST        0x35c
#define MUX_MASK        0x17            /* SION, MUX_MODE */
/* HYS, PUS, PUE, PKE, ODE, SPEED, DSE, SRE */
#define PAD_MASK        0x0001f8f9

static const IMX6Reg gprs[] = {
    { 0x00, 0x00000000, 0xffffffff }, { 0x04, 0x48400005, 0xffffffff },
    { 0x08, 0x00000000, 0xffffffff }, { 0x0c, 0x01e00000, 0xffffffff },
    { 0x10, 0x00000000, 0xffffffff }, { 0x18, 0x22222222, 0xffffffff },
    { 0x1c, 0x22222222, 0xffffffff }, { 0x20, 0x00000000, 0xffffffff },
    { 0x24, 0x00000000, 0xffffffff }, { 0x28, 0x00003800, 0xffffffff },
    { 0x2c, 0x00003800, 0xffffffff }, { 0x30, 0x0f000000, 0xffffffff },
    { 0x34, 0x059124c4, 0xffffffff },
};

/* By pad: MUX and CTL as imx6q-pinfunc.h has them */
static const IMX6Reg pads[] = {
    { 0x04c, 5, MUX_MASK }, { 0x360, 0x0001b0b0, PAD_MASK },    /* SD2_DAT1 */
    { 0x088, 0, MUX_MASK }, { 0x39c, 0x0000b0b1, PAD_MASK },    /* EIM_A25 */
    { 0x08c, 5, MUX_MASK }, { 0x3a0, 0x0001b0b0, PAD_MASK },    /* EIM_EB2 */
    { 0x15c, 5, MUX_MASK }, { 0x470, 0x0001b0b0, PAD_MASK },    /* DI0_CLK */
    { 0x1f8, 5, MUX_MASK }, { 0x5c8, 0x0001b0b0, PAD_MASK },    /* KEY_COL0 */
    { 0x33c, 5, MUX_MASK }, { 0x724, 0x0001b0b0, PAD_MASK },    /* SD1_DAT1 */
    { 0x35c, 5, MUX_MASK }, { 0x744, 0x0001b0b0, PAD_MASK },    /* SD2_DAT3 */
    /* SELECT_INPUT, first to last: ASRC_EXT_CLK, I2C2_SCL, SD1_WP */
    { 0x7b0, 0, 7 }, { 0x8a0, 0, 7 }, { 0x94c, 0, 7 },
};

static void test_gprs(void)
{
    QTestState *q = imx6_init("");

    imx6_check_resets(q, IMX6_IOMUXC, gprs, G_N_ELEMENTS(gprs));
    imx6_check_masks(q, IMX6_IOMUXC, gprs, G_N_ELEMENTS(gprs));
    qtest_quit(q);
}

static void test_pads(void)
{
    QTestState *q = imx6_init("");

    imx6_check_resets(q, IMX6_IOMUXC, pads, G_N_ELEMENTS(pads));
    imx6_check_masks(q, IMX6_IOMUXC, pads, G_N_ELEMENTS(pads));
    qtest_quit(q);
}

/* Every pad with a multiplexer is a GPIO (ALT5) or an EIM pin after reset. */
static void test_all_muxes(void)
{
    QTestState *q = imx6_init("");
    unsigned gpio = 0, eim = 0;

    for (unsigned i = MUX_FIRST; i <= MUX_LAST; i += 4) {
        IMX6Reg reg = { i, qtest_readl(q, IMX6_IOMUXC + i), MUX_MASK };

        g_assert_true(reg.reset == 5 || reg.reset == 0);
        gpio += reg.reset == 5;
        eim += reg.reset == 0;
        imx6_check_masks(q, IMX6_IOMUXC, &reg, 1);
    }
    /* A16 to A25, DA0 to DA15, CS0/1, EB0/1, OE, RW, LBA, WAIT, BCLK */
    g_assert_cmpuint(eim, ==, 35);
    g_assert_cmpuint(gpio, ==, 197 - 35);
    qtest_quit(q);
}

/* Neighbours are neighbours: each register keeps what is written to it. */
static void test_storage(void)
{
    QTestState *q = imx6_init("");

    for (unsigned i = MUX_FIRST; i <= MUX_LAST; i += 4) {
        qtest_writel(q, IMX6_IOMUXC + i, i / 4 & 7);
    }
    q = imx6_migrate(q, "");
    for (unsigned i = MUX_FIRST; i <= MUX_LAST; i += 4) {
        g_assert_cmphex(qtest_readl(q, IMX6_IOMUXC + i), ==, i / 4 & 7);
    }
    qtest_system_reset(q);
    imx6_check_resets(q, IMX6_IOMUXC, pads, G_N_ELEMENTS(pads));
    imx6_check_resets(q, IMX6_IOMUXC, gprs, G_N_ELEMENTS(gprs));
    qtest_quit(q);
}

/* Nothing behind the last register, nor between the kinds */
static void test_holes(void)
{
    static const uint16_t holes[] = { 0x7ec, 0x950, 0x1000, 0x3ffc };
    QTestState *q = imx6_init("");

    for (unsigned i = 0; i < G_N_ELEMENTS(holes); i++) {
        qtest_writel(q, IMX6_IOMUXC + holes[i], 0xffffffff);
        g_assert_cmphex(qtest_readl(q, IMX6_IOMUXC + holes[i]), ==, 0);
    }
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-iomuxc/gprs", test_gprs);
    qtest_add_func("/imx6-iomuxc/pads", test_pads);
    qtest_add_func("/imx6-iomuxc/all-muxes", test_all_muxes);
    qtest_add_func("/imx6-iomuxc/storage", test_storage);
    qtest_add_func("/imx6-iomuxc/holes", test_holes);
    return g_test_run();
}
