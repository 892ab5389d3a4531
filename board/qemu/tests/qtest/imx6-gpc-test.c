/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the GPC: the GPU/VPU power domain as the GPUs in it feel it, and
 * the interrupt masks.
 *
 * Expectations: drivers/pmdomain/imx/gpc.c and arch/arm/mach-imx/gpc.c of
 * Linux; IMX6DQRM chapter 27.
 */

#include "qemu/osdep.h"
#include "imx6-qtest.h"

#define CNTR            (IMX6_GPC + 0x000)
#define   PDN_REQ       (1u << 0)
#define   PUP_REQ       (1u << 1)
#define ISR(n)          (IMX6_GPC + 0x018 + 4 * (n))
#define PGC_GPU_CTRL    (IMX6_GPC + 0x260)
#define PGC_GPU_PUPSCR  (IMX6_GPC + 0x264)
#define PGC_GPU_PDNSCR  (IMX6_GPC + 0x268)
#define PGC_GPU_SR      (IMX6_GPC + 0x26c)
#define PMU_REG_CORE    (IMX6_ANATOP + 0x140)
#define   REG1_TARG     (0x1fu << 9)

/* A block in the domain: GC320's model register reads 0x320 */
#define GC320_MODEL     (0x00134000 + 0x20)

/* Longer than the longest sequence: 63 + 63 clocks of 66 MHz */
#define SEQUENCE_NS     2000

static const IMX6Reg regs[] = {
    { 0x000, 0x00100000, 0x00600000 },          /* GPC_CNTR, but requests */
    { 0x008, 0, 0xffffffff }, { 0x00c, 0, 0xffffffff },         /* IMR */
    { 0x010, 0, 0xffffffff }, { 0x014, 0, 0xffffffff },
    { 0x018, 0, 0 }, { 0x01c, 0, 0 }, { 0x020, 0, 0 }, { 0x024, 0, 0 },
    { 0x260, 0, 0x00000001 },                   /* PGC_GPU_CTRL: PCR */
    { 0x264, 0x00000f01, 0x00003f3f },          /* PUPSCR: SW2ISO, SW */
    { 0x268, 0x00000101, 0x00003f3f },          /* PDNSCR: ISO2SW, ISO */
    { 0x26c, 0, 0 },                            /* SR: write-1-to-clear */
    { 0x2a0, 0, 0x00000001 },                   /* the same of the CPU */
    { 0x2a4, 0x00000f01, 0x00003f3f },
    { 0x2a8, 0x00000101, 0x00003f3f },
};

static QTestState *start(void)
{
    QTestState *q = imx6_init("");

    imx6_pll2_on(q);
    imx6_pll3_on(q);
    return q;
}

static bool gpu_answers(QTestState *q)
{
    uint32_t model = qtest_readl(q, GC320_MODEL);

    g_assert_true(model == 0x320 || model == 0);
    return model;
}

static void test_registers(void)
{
    QTestState *q = start();

    imx6_check_resets(q, IMX6_GPC, regs, G_N_ELEMENTS(regs));
    /* all ones in CNTR would be both requests */
    imx6_check_masks(q, IMX6_GPC, regs + 1, G_N_ELEMENTS(regs) - 1);
    qtest_writel(q, CNTR, 0xfffffffc);
    g_assert_cmphex(qtest_readl(q, CNTR), ==, 0x00700000);
    qtest_writel(q, CNTR, 0);
    g_assert_cmphex(qtest_readl(q, CNTR), ==, 0x00100000);
    qtest_quit(q);
}

static void request(QTestState *q, uint32_t req)
{
    imx6_update(q, CNTR, 0, req);
    g_assert_cmphex(qtest_readl(q, CNTR) & 3, ==, req);
    qtest_clock_step(q, SEQUENCE_NS);
    g_assert_cmphex(qtest_readl(q, CNTR) & 3, ==, 0);
}

/* imx6_pm_domain_power_off(), imx6_pm_domain_power_on() */
static void test_power(void)
{
    QTestState *q = start();

    g_assert_true(gpu_answers(q));
    qtest_writel(q, PGC_GPU_CTRL, 1);
    g_assert_true(gpu_answers(q));
    request(q, PDN_REQ);
    g_assert_false(gpu_answers(q));
    g_assert_cmphex(qtest_readl(q, PGC_GPU_SR), ==, 1);
    qtest_writel(q, PGC_GPU_SR, 0);
    g_assert_cmphex(qtest_readl(q, PGC_GPU_SR), ==, 1);
    qtest_writel(q, PGC_GPU_SR, 1);
    g_assert_cmphex(qtest_readl(q, PGC_GPU_SR), ==, 0);

    request(q, PUP_REQ);
    g_assert_true(gpu_answers(q));
    qtest_quit(q);
}

/* Without PCR ("gate off domain when powered down") nothing is gated. */
static void test_no_pcr(void)
{
    QTestState *q = start();

    request(q, PDN_REQ);
    g_assert_true(gpu_answers(q));
    g_assert_cmphex(qtest_readl(q, PGC_GPU_SR), ==, 0);
    qtest_quit(q);
}

/* A sequence takes ISO + ISO2SW, or SW + SW2ISO, cycles of IPG (66 MHz). */
static void test_time(void)
{
    QTestState *q = start();

    qtest_writel(q, PGC_GPU_CTRL, 1);
    qtest_writel(q, PGC_GPU_PDNSCR, 33 << 8 | 33);      /* 1 us */
    imx6_update(q, CNTR, 0, PDN_REQ);
    qtest_clock_step(q, 990);
    g_assert_cmphex(qtest_readl(q, CNTR) & 3, ==, PDN_REQ);
    g_assert_true(gpu_answers(q));
    qtest_clock_step(q, 20);
    g_assert_cmphex(qtest_readl(q, CNTR) & 3, ==, 0);
    g_assert_false(gpu_answers(q));

    qtest_writel(q, PGC_GPU_PUPSCR, 60 << 8 | 6);       /* 1 us */
    imx6_update(q, CNTR, 0, PUP_REQ);
    qtest_clock_step(q, 990);
    g_assert_cmphex(qtest_readl(q, CNTR) & 3, ==, PUP_REQ);
    g_assert_false(gpu_answers(q));
    qtest_clock_step(q, 20);
    g_assert_true(gpu_answers(q));
    qtest_quit(q);
}

/* The domain's supply is LDO_PU, off with REG1_TARG 0 (vddpu, imx6qdl.dtsi). */
static void test_regulator(void)
{
    QTestState *q = start();

    imx6_update(q, PMU_REG_CORE, REG1_TARG, 0);
    g_assert_false(gpu_answers(q));
    imx6_update(q, PMU_REG_CORE, 0, 0x10 << 9);
    g_assert_true(gpu_answers(q));
    qtest_quit(q);
}

/* Saved while a power-down is under way */
static void test_migration(void)
{
    QTestState *q = start();

    qtest_writel(q, IMX6_GPC + 0x10, 0xa5a5a5a5);
    qtest_writel(q, PGC_GPU_CTRL, 1);
    qtest_writel(q, PGC_GPU_PDNSCR, 33 << 8 | 33);
    imx6_update(q, CNTR, 0, PDN_REQ);
    qtest_clock_step(q, 500);
    q = imx6_migrate(q, "");
    g_assert_cmphex(qtest_readl(q, IMX6_GPC + 0x10), ==, 0xa5a5a5a5);
    g_assert_cmphex(qtest_readl(q, CNTR) & 3, ==, PDN_REQ);
    g_assert_true(gpu_answers(q));
    qtest_clock_step(q, 520);
    g_assert_cmphex(qtest_readl(q, CNTR) & 3, ==, 0);
    g_assert_false(gpu_answers(q));
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-gpc/registers", test_registers);
    qtest_add_func("/imx6-gpc/power", test_power);
    qtest_add_func("/imx6-gpc/no-pcr", test_no_pcr);
    qtest_add_func("/imx6-gpc/time", test_time);
    qtest_add_func("/imx6-gpc/regulator", test_regulator);
    qtest_add_func("/imx6-gpc/migration", test_migration);
    return g_test_run();
}
