/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the IPU's common module: registers after reset, interrupts,
 * hand-over of buffers, memory reset, clocks. hw/imx6/ipu.
 *
 * Expectations: what drivers/gpu/ipu-v3/ipu-common.c of Linux relies on.
 */

#include "qemu/osdep.h"
#include "imx6-display-qtest.h"

#define CM(n)                   (IMX6_IPU(n) + 0x200000)
#define CONF                    0x000
#define INT_CTRL(n)             (0x03c + 4 * (n))
#define DISP_GEN                0x0c4
#define MEM_RST                 0x0dc
#define GPR                     0x0e4
#define DB_MODE_SEL             0x150
#define INT_STAT(n)             (0x200 + 4 * (n))
#define CUR_BUF                 0x23c
#define BUF0_RDY                0x268
#define BUF1_RDY                0x270
#define BUF2_RDY                0x288
#define INT_REGS                15

#define SRC_SCR                 (IMX6_SRC + 0x000)
#define US                      1000ll

static QTestState *start(void)
{
    QTestState *q = imx6_init_irq("");

    display_clocks(q);
    return q;
}

/* Off after reset: nothing enabled, pending, ready or busy, in both IPUs */
static void test_reset_values(void)
{
    static const IMX6Reg regs[] = {
        { CONF, 0 }, { 0x0a4, 0 }, { MEM_RST, 0 }, { GPR, 0 },
        { DB_MODE_SEL, 0 }, { DB_MODE_SEL + 4, 0 }, { CUR_BUF, 0 },
        { CUR_BUF + 4, 0 }, { BUF0_RDY, 0 }, { BUF0_RDY + 4, 0 },
        { BUF1_RDY, 0 }, { BUF1_RDY + 4, 0 }, { BUF2_RDY, 0 },
        { BUF2_RDY + 4, 0 }, { 0x24c, 0 },
    };
    QTestState *q = start();

    for (unsigned n = 1; n <= 2; n++) {
        imx6_check_resets(q, CM(n), regs, G_N_ELEMENTS(regs));
        for (unsigned i = 0; i < INT_REGS; i++) {
            g_assert_cmphex(qtest_readl(q, CM(n) + INT_CTRL(i)), ==, 0);
            g_assert_cmphex(qtest_readl(q, CM(n) + INT_STAT(i)), ==, 0);
        }
        for (unsigned i = 0; i < 2; i++) {      /* CHA_EN, CHA_BUSY */
            g_assert_cmphex(qtest_readl(q, IMX6_IPU(n) + 0x208004 + 4 * i),
                            ==, 0);
            g_assert_cmphex(qtest_readl(q, IMX6_IPU(n) + 0x208100 + 4 * i),
                            ==, 0);
        }
    }
    qtest_quit(q);
}

/* The two are apart; and a write to one block is none to another. */
static void test_storage(void)
{
    /* CM, DC, DMFC, CPMEM, SRM, templates: one plain register of each */
    static const uint32_t regs[] = {
        0x200000 + 0xa8, 0x258000 + 0xe8, 0x260004, 0x300000, 0x340008,
        0x380000,
    };
    QTestState *q = start();

    for (unsigned n = 1; n <= 2; n++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(regs); i++) {
            qtest_writel(q, IMX6_IPU(n) + regs[i], n << 16 | i);
        }
    }
    for (unsigned n = 1; n <= 2; n++) {
        for (unsigned i = 0; i < G_N_ELEMENTS(regs); i++) {
            g_assert_cmphex(qtest_readl(q, IMX6_IPU(n) + regs[i]), ==,
                            n << 16 | i);
        }
    }
    qtest_quit(q);
}

/*
 * Masks let interrupts through and hold them, latches stay until a 1 is
 * written, and a 0 or another's 1 does not clear them.
 */
static void test_interrupts(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    QTestState *q = d.q;
    uint32_t stat;

    display_on(&d);
    qtest_clock_step(q, 2 * PANEL_PERIOD);
    display_off(&d);
    qtest_clock_step(q, 2 * PANEL_PERIOD);
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    stat = qtest_readl(q, IPU_INT_STAT(0));
    g_assert_cmphex(stat, ==, 1u << CH_BG);
    qtest_writel(q, IPU_INT_CTRL(0), ~(1u << CH_BG));
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    qtest_writel(q, IPU_INT_CTRL(0), 1u << CH_BG);
    g_assert_true(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU2_SYNC));
    qtest_writel(q, IPU_INT_STAT(0), 0);
    qtest_writel(q, IPU_INT_STAT(0), ~(1u << CH_BG));
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(0)), ==, stat);
    g_assert_true(imx6_spi(q, IMX6_SPI_IPU1_SYNC));

    /* Two causes: the line falls with the last. */
    qtest_writel(q, IPU_INT_CTRL(14), 1u << 14);        /* VSYNC_PRE_0 */
    qtest_writel(q, IPU_INT_STAT(0), 1u << CH_BG);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(0)), ==, 0);
    g_assert_true(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    irq_clear(q, IRQ_VSYNC_PRE(0));
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    g_assert_true(irq_pending(q, IRQ_DP_SF_END));       /* not enabled */
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_ERROR));
    display_quit(&d);
}

static void check_lines(QTestState *q, unsigned n, bool sync, bool error)
{
    g_assert_cmpint(imx6_spi(q, IMX6_SPI_IPU1_SYNC), ==, sync && n == 1);
    g_assert_cmpint(imx6_spi(q, IMX6_SPI_IPU1_ERROR), ==, error && n == 1);
    g_assert_cmpint(imx6_spi(q, IMX6_SPI_IPU2_SYNC), ==, sync && n == 2);
    g_assert_cmpint(imx6_spi(q, IMX6_SPI_IPU2_ERROR), ==, error && n == 2);
}

/*
 * Lines of both IPUs: a DI that runs without a picture still has its
 * VSYNC_PRE. IPU2's DI0 at 264 MHz / 9, counters of ipu-di.c.
 */
static void test_lines(void)
{
    Display d = { .di = 0, .mode = SMALL_MODE };

    for (unsigned n = 1; n <= 2; n++) {
        uint32_t shift = IMX6_IPU(n) - IMX6_IPU(1);

        d.q = start();
        di_setup(&d, 9, false);
        for (uint32_t reg = 0; n == 2 && reg < 0x174; reg += 4) {
            qtest_writel(d.q, IPU_DI(0) + shift + reg,
                         qtest_readl(d.q, IPU_DI(0) + reg));
        }
        qtest_writel(d.q, CM(n) + DISP_GEN, DI_COUNTER_RELEASE(0));
        qtest_writel(d.q, CM(n) + CONF, CONF_DI_EN(0));
        qtest_clock_step(d.q, 4 * PANEL_PERIOD);
        check_lines(d.q, n, false, false);
        qtest_writel(d.q, CM(n) + INT_CTRL(14), 1u << 14);
        check_lines(d.q, n, true, false);
        qtest_writel(d.q, CM(n) + INT_STAT(14), 1u << 14);
        check_lines(d.q, n, false, false);
        qtest_quit(d.q);
    }
}

/* ipu_idmac_select_buffer(), ipu_idmac_clear_buffer(): a 1 sets or clears */
static void test_ready(void)
{
    static const struct { uint32_t reg; unsigned gpr; } bufs[] = {
        { BUF0_RDY, 28 }, { BUF1_RDY, 30 }, { BUF2_RDY, 20 },
    };
    QTestState *q = start();

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(bufs); i++) {
        uint32_t reg = CM(1) + bufs[i / 2].reg + 4 * (i & 1);
        uint32_t gpr = 1u << (bufs[i / 2].gpr + (i & 1));

        qtest_writel(q, reg, 0x00000081);
        qtest_writel(q, reg, 0x00000008);
        qtest_writel(q, reg, 0);
        g_assert_cmphex(qtest_readl(q, reg), ==, 0x00000089);
        qtest_writel(q, CM(1) + GPR, 0xf0300000 & ~gpr);
        qtest_writel(q, reg, 0x00000010);       /* only its own bit counts */
        g_assert_cmphex(qtest_readl(q, reg), ==, 0x00000099);
        qtest_writel(q, CM(1) + GPR, gpr);
        qtest_writel(q, reg, 0x00000081);
        g_assert_cmphex(qtest_readl(q, reg), ==, 0x00000018);
        qtest_writel(q, CM(1) + GPR, 0);
        qtest_writel(q, reg, 0x00000001);
        g_assert_cmphex(qtest_readl(q, reg), ==, 0x00000019);
    }
    qtest_quit(q);
}

/* __ipu_idmac_reset_current_buffer(): a 1 leads back to buffer 0. */
static void test_current_buffer(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);

    qtest_writel(d.q, CM(1) + CUR_BUF, 0xffffffff);
    g_assert_cmphex(qtest_readl(d.q, CM(1) + CUR_BUF), ==, 0);
    qtest_writel(d.q, CM(1) + BUF1_RDY, 1u << CH_BG);
    display_on(&d);
    g_assert_cmpint(irq_wait(d.q, IRQ_EOF(CH_BG), 2 * PANEL_PERIOD), >, 0);
    g_assert_cmphex(qtest_readl(d.q, CM(1) + CUR_BUF), ==, 1u << CH_BG);
    qtest_writel(d.q, CM(1) + CUR_BUF, ~(1u << CH_BG));
    g_assert_cmphex(qtest_readl(d.q, CM(1) + CUR_BUF), ==, 1u << CH_BG);
    qtest_writel(d.q, CM(1) + CUR_BUF, 1u << CH_BG);
    g_assert_cmphex(qtest_readl(d.q, CM(1) + CUR_BUF), ==, 0);
    display_quit(&d);
}

/* Without double buffers there is no other one to go to. */
static void test_single_buffer(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);

    imx6_update(d.q, CM(1) + DB_MODE_SEL, 1u << CH_BG, 0);
    qtest_writel(d.q, CM(1) + BUF1_RDY, 1u << CH_BG);
    display_on(&d);
    for (unsigned i = 0; i < 3; i++) {
        g_assert_cmpint(irq_wait(d.q, IRQ_EOF(CH_BG), 2 * PANEL_PERIOD), >,
                        0);
        g_assert_cmphex(qtest_readl(d.q, CM(1) + CUR_BUF), ==, 0);
    }
    display_quit(&d);
}

/* ipu_memory_reset(): polls for up to a second, then gives up. */
static void test_memory_reset(void)
{
    static const uint32_t memories[] = { 0x300000, 0x340000, 0x380000 };
    QTestState *q = start();
    int64_t end;

    for (unsigned i = 0; i < G_N_ELEMENTS(memories); i++) {
        qtest_writel(q, IMX6_IPU(1) + memories[i], 0x5a5a5a5a);
    }
    qtest_writel(q, CM(1) + DB_MODE_SEL, 0x5a5a5a5a);
    qtest_writel(q, CM(1) + MEM_RST, 0x807fffff);
    g_assert_cmphex(qtest_readl(q, CM(1) + MEM_RST) >> 31, ==, 1);
    end = imx6_now(q) + 1000000 * US;
    while (qtest_readl(q, CM(1) + MEM_RST) >> 31 && imx6_now(q) < end) {
        qtest_clock_step(q, 10 * US);
    }
    g_assert_cmphex(qtest_readl(q, CM(1) + MEM_RST) >> 31, ==, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(memories); i++) {
        g_assert_cmphex(qtest_readl(q, IMX6_IPU(1) + memories[i]), ==, 0);
    }
    /* Memories, not registers */
    g_assert_cmphex(qtest_readl(q, CM(1) + DB_MODE_SEL), ==, 0x5a5a5a5a);
    qtest_quit(q);
}

/* SRC_SCR: a reset for each IPU (imx6qdl.dtsi: bits 3 and 12), self-clearing */
static void test_block_reset(void)
{
    static const unsigned bit[] = { 3, 12 };

    for (unsigned n = 1; n <= 2; n++) {
        QTestState *q = start();

        for (unsigned i = 1; i <= 2; i++) {
            qtest_writel(q, CM(i) + INT_CTRL(0), 0x1234);
            qtest_writel(q, CM(i) + BUF0_RDY, 0x1234);
        }
        imx6_update(q, SRC_SCR, 0, 1u << bit[n - 1]);
        qtest_clock_step(q, 1000 * US);
        g_assert_cmphex(qtest_readl(q, SRC_SCR) >> bit[n - 1] & 1, ==, 0);
        for (unsigned i = 1; i <= 2; i++) {
            uint32_t want = i == n ? 0 : 0x1234;

            g_assert_cmphex(qtest_readl(q, CM(i) + INT_CTRL(0)), ==, want);
            g_assert_cmphex(qtest_readl(q, CM(i) + BUF0_RDY), ==, want);
        }
        qtest_quit(q);
    }
}

/* A running display and its interrupt end with the reset. */
static void test_reset_running(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);

    qtest_writel(d.q, IPU_INT_CTRL(0), 1u << CH_BG);
    display_on(&d);
    qtest_clock_step(d.q, 2 * PANEL_PERIOD);
    g_assert_true(imx6_spi(d.q, IMX6_SPI_IPU1_SYNC));
    imx6_update(d.q, SRC_SCR, 0, 1u << 3);
    qtest_clock_step(d.q, 4 * PANEL_PERIOD);
    g_assert_false(imx6_spi(d.q, IMX6_SPI_IPU1_SYNC));
    g_assert_cmphex(qtest_readl(d.q, IPU_INT_STAT(0)), ==, 0);
    g_assert_cmphex(qtest_readl(d.q, IPU_INT_STAT(14)), ==, 0);
    g_assert_cmphex(qtest_readl(d.q, IDMAC_CHA_BUSY), ==, 0);
    display_quit(&d);
}

/* CCGR3: CG0 is IPU1's clock, CG3 IPU2's (18.6.26) */
static void test_gates(void)
{
    static const IMX6Reg regs[] = {
        { INT_CTRL(0), 0x1234 }, { DB_MODE_SEL, 0x1234 }, { 0x0a8, 0x1234 },
    };

    for (unsigned n = 1; n <= 2; n++) {
        QTestState *q = start();

        for (unsigned k = 1; k <= 2; k++) {
            for (unsigned i = 0; i < G_N_ELEMENTS(regs); i++) {
                qtest_writel(q, CM(k) + regs[i].offset, 0x1234);
            }
        }
        imx6_gate(q, 3, n == 1 ? 0 : 3, false);
        imx6_check_silent(q, CM(n), regs, G_N_ELEMENTS(regs));
        g_assert_cmphex(qtest_readl(q, CM(3 - n) + INT_CTRL(0)), ==, 0x1234);
        imx6_gate(q, 3, n == 1 ? 0 : 3, true);
        imx6_check_resets(q, CM(n), regs, G_N_ELEMENTS(regs));
        qtest_quit(q);
    }
}

/* What the guest has set up is there after loading. */
static void test_migrate(void)
{
    static const uint32_t regs[] = {
        0x200000 + INT_CTRL(3), 0x200000 + DB_MODE_SEL, 0x200000 + BUF1_RDY,
        0x208004, 0x230008, 0x248004, 0x250000, 0x2580e8, 0x260004,
        0x300024, 0x340008, 0x380008,
    };
    QTestState *q = start();

    for (unsigned i = 0; i < G_N_ELEMENTS(regs); i++) {
        qtest_writel(q, IMX6_IPU(2) + regs[i], 0x0100 + i);
    }
    q = imx6_migrate(q, "");
    for (unsigned i = 0; i < G_N_ELEMENTS(regs); i++) {
        g_assert_cmphex(qtest_readl(q, IMX6_IPU(2) + regs[i]), ==,
                        0x0100 + i);
    }
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-ipu-cm/reset-values", test_reset_values);
    qtest_add_func("/imx6-ipu-cm/storage", test_storage);
    qtest_add_func("/imx6-ipu-cm/interrupts", test_interrupts);
    qtest_add_func("/imx6-ipu-cm/lines", test_lines);
    qtest_add_func("/imx6-ipu-cm/ready", test_ready);
    qtest_add_func("/imx6-ipu-cm/current-buffer", test_current_buffer);
    qtest_add_func("/imx6-ipu-cm/single-buffer", test_single_buffer);
    qtest_add_func("/imx6-ipu-cm/memory-reset", test_memory_reset);
    qtest_add_func("/imx6-ipu-cm/block-reset", test_block_reset);
    qtest_add_func("/imx6-ipu-cm/reset-running", test_reset_running);
    qtest_add_func("/imx6-ipu-cm/gates", test_gates);
    qtest_add_func("/imx6-ipu-cm/migrate", test_migrate);
    return g_test_run();
}
