/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of who resets what: the SRC's block resets as the blocks feel them,
 * and the watchdog.
 *
 * Expectations: arch/arm/mach-imx/src.c, drivers/watchdog/imx2_wdt.c of
 * Linux; IMX6DQRM chapters 60 (SRC) and 70 (WDOG).
 */

#include "qemu/osdep.h"
#include "imx6-camera-qtest.h"

#define SCR             (IMX6_SRC + 0x00)
#define   SCR_RESET     0x00000521
/* sw_reset_bits[]: GPU, VPU, IPU1, OPENVG, IPU2 */
#define   SW_GPU_RST    (1u << 1)
#define   SW_VPU_RST    (1u << 2)
#define   SW_IPU1_RST   (1u << 3)
#define   SW_OPENVG_RST (1u << 4)
#define   SW_IPU2_RST   (1u << 12)
#define SRC_GPR(n)      (IMX6_SRC + 0x20 + 4 * ((n) - 1))

#define WCR             (IMX6_WDOG1 + 0x0)
#define   WCR_WT(half)  (((half) - 1) << 8)     /* half seconds */
#define   WCR_WDA       (1 << 5)
#define   WCR_SRS       (1 << 4)
#define   WCR_WDT       (1 << 3)
#define   WCR_WDE       (1 << 2)
#define WSR             (IMX6_WDOG1 + 0x2)
#define WICR            (IMX6_WDOG1 + 0x6)
#define   WICR_WIE      (1 << 15)
#define   WICR_WTIS     (1 << 14)
#define WMCR            (IMX6_WDOG1 + 0x8)

#define SECOND          1000000000ll

/* A register of each block that a reset puts back to 0 */
#define IPU_MARK(n)     (IMX6_IPU(n) + 0x230000 + 0x04)     /* SENS_FRM_SIZE */
#define GPU_MARK(base)  ((base) + 0x14)                     /* INTR_ENBL */
#define GC2000          0x00130000
#define GC320           0x00134000
#define GC355           0x02204000

static const struct {
    uint32_t mark;
    uint32_t bit;               /* that resets it */
} blocks[] = {
    { IPU_MARK(1), SW_IPU1_RST },
    { IPU_MARK(2), SW_IPU2_RST },
    { GPU_MARK(GC2000), SW_GPU_RST },
    { GPU_MARK(GC320), SW_GPU_RST },
    { GPU_MARK(GC355), SW_OPENVG_RST },
};

static QTestState *start(const char *args)
{
    QTestState *q = imx6_init_irq(args);

    imx6_pll2_on(q);
    imx6_pll3_on(q);
    return q;
}

/* imx_src_reset_module() waits for the bit to fall, for a second. */
static void test_blocks(void)
{
    static const uint32_t bits[] = {
        SW_GPU_RST, SW_VPU_RST, SW_IPU1_RST, SW_OPENVG_RST, SW_IPU2_RST,
    };
    QTestState *q = start("");

    g_assert_cmphex(qtest_readl(q, SCR), ==, SCR_RESET);
    for (unsigned i = 0; i < G_N_ELEMENTS(bits); i++) {
        for (unsigned b = 0; b < G_N_ELEMENTS(blocks); b++) {
            qtest_writel(q, blocks[b].mark, 0x15);
        }
        imx6_update(q, SCR, 0, bits[i]);
        g_assert_cmphex(qtest_readl(q, SCR), ==, SCR_RESET);
        for (unsigned b = 0; b < G_N_ELEMENTS(blocks); b++) {
            g_assert_cmphex(qtest_readl(q, blocks[b].mark), ==,
                            blocks[b].bit == bits[i] ? 0 : 0x15);
        }
    }
    qtest_quit(q);
}

/* A reset of the IPU in mid-frame ends the capture; the sensor goes on. */
static void test_capture(void)
{
    QTestState *q = imx6_init("");

    camera_start(q, &(SensorMode) {}, &(Capture) {});
    qtest_clock_step(q, VGA_FRAME_NS * 3 / 4);
    imx6_update(q, SCR, 0, SW_IPU1_RST);
    g_assert_cmphex(qtest_readl(q, IPU_CONF), ==, 0);
    g_assert_cmphex(qtest_readl(q, IDMAC_CHA_BUSY), ==, 0);
    qtest_memset(q, BUF0, 0x3c, 640 * 480 * 2);
    g_assert_cmpint(capture_wait(q, INT_EOF, 2 * VGA_FRAME_NS), ==, -1);
    for (unsigned y = 0; y < 480; y++) {
        g_assert_cmphex(qtest_readb(q, BUF0 + y * 1280), ==, 0x3c);
    }
    capture_setup(q, &(Capture) {});
    capture_ready(q, 0);
    capture_enable(q);
    g_assert_cmpint(capture_wait(q, INT_EOF, 2 * VGA_FRAME_NS), >, 0);
    g_assert_cmpint(uyvy_number(q, BUF0), ==, 3);
    qtest_quit(q);
}

/* Where secondary CPUs start: imx_set_cpu_jump(), GPR1 to GPR8 */
static void test_gprs(void)
{
    QTestState *q = start("");

    for (unsigned n = 1; n <= 8; n++) {
        g_assert_cmphex(qtest_readl(q, SRC_GPR(n)), ==, 0);
        qtest_writel(q, SRC_GPR(n), 0x11111111 * n);
    }
    for (unsigned n = 1; n <= 8; n++) {
        g_assert_cmphex(qtest_readl(q, SRC_GPR(n)), ==, 0x11111111 * n);
    }
    qtest_quit(q);
}

/* What no reset leaves as it is */
static void spoil(QTestState *q)
{
    qtest_writel(q, IMX6_IOMUXC + 0x04c, 1);
    qtest_writel(q, IMX6_GPC + 0x008, 0x55);
}

static bool spoilt(QTestState *q)
{
    bool pad = qtest_readl(q, IMX6_IOMUXC + 0x04c) == 1;

    g_assert_cmpint(pad, ==, qtest_readl(q, IMX6_GPC + 0x008) == 0x55);
    return pad;
}

static void assert_resets(QTestState *q)
{
    qtest_qmp_eventwait(q, "WATCHDOG");
    qtest_qmp_eventwait(q, "RESET");
    g_assert_false(spoilt(q));
    g_assert_cmphex(qtest_readw(q, WCR), ==, WCR_WDA | WCR_SRS);
    g_assert_cmphex(qtest_readl(q, SCR), ==, SCR_RESET);
}

/* Resets: WDA and SRS up, nothing runs, PDE on, interrupt 2 s ahead */
static void test_wdog_registers(void)
{
    QTestState *q = start("");

    g_assert_cmphex(qtest_readw(q, WCR), ==, WCR_WDA | WCR_SRS);
    g_assert_cmphex(qtest_readw(q, WSR), ==, 0);
    g_assert_cmphex(qtest_readw(q, WICR), ==, 4);
    g_assert_cmphex(qtest_readw(q, WMCR), ==, 1);
    qtest_writew(q, WMCR, 0);
    g_assert_cmphex(qtest_readw(q, WMCR), ==, 0);
    qtest_quit(q);
}

/* imx2_wdt_restart(): SRS written as 0, with or without WDA */
static void test_software_reset(void)
{
    static const uint16_t wcr[] = { WCR_WDE, WCR_WDE | WCR_WDA, WCR_WDA };

    for (unsigned i = 0; i < G_N_ELEMENTS(wcr); i++) {
        QTestState *q = start("");

        spoil(q);
        qtest_writew(q, WCR, wcr[i]);
        assert_resets(q);
        qtest_quit(q);
    }
}

/* ... and when the watchdog is in use: its locks do not keep SRS. */
static void test_software_reset_running(void)
{
    QTestState *q = start("");

    spoil(q);
    qtest_writew(q, WCR, WCR_WT(120) | WCR_WDA | WCR_SRS | WCR_WDE);
    qtest_clock_step(q, SECOND);
    g_assert_true(spoilt(q));
    qtest_writew(q, WCR, WCR_WDE | WCR_WDA);
    assert_resets(q);
    qtest_quit(q);
}

/* WDA alone pulls a pin that this board has not connected to a reset. */
static void test_wda(void)
{
    QTestState *q = start("");

    spoil(q);
    qtest_writew(q, WCR, WCR_SRS);
    qtest_clock_step(q, SECOND);
    g_assert_true(spoilt(q));
    qtest_quit(q);
}

/* WDOG_SEC_TO_COUNT(): the timeout is (WT + 1) / 2 seconds. */
static void test_timeout(void)
{
    static const unsigned halves[] = { 1, 2, 5, 256 };

    for (unsigned i = 0; i < G_N_ELEMENTS(halves); i++) {
        QTestState *q = start("");
        int64_t ns = halves[i] * SECOND / 2;

        spoil(q);
        qtest_writew(q, WCR, WCR_WT(halves[i]) | WCR_WDA | WCR_SRS);
        qtest_writew(q, WCR, WCR_WT(halves[i]) | WCR_WDA | WCR_SRS | WCR_WDE);
        qtest_clock_step(q, ns - SECOND / 100);
        g_assert_true(spoilt(q));
        qtest_clock_step(q, SECOND / 50);
        assert_resets(q);
        qtest_quit(q);
    }
}

/* imx2_wdt_ping(): 0x5555, then 0xaaaa, and nothing else */
static void test_service(void)
{
    QTestState *q = start("");

    spoil(q);
    qtest_writew(q, WCR, WCR_WT(4) | WCR_WDA | WCR_SRS | WCR_WDE);
    for (unsigned i = 0; i < 4; i++) {
        qtest_clock_step(q, 3 * SECOND / 2);
        qtest_writew(q, WSR, 0x5555);
        qtest_writew(q, WSR, 0xaaaa);
    }
    g_assert_true(spoilt(q));
    qtest_clock_step(q, 3 * SECOND / 2);
    qtest_writew(q, WSR, 0xaaaa);
    qtest_writew(q, WSR, 0x5555);
    g_assert_true(spoilt(q));
    qtest_clock_step(q, 3 * SECOND / 4);
    assert_resets(q);
    qtest_quit(q);
}

/* WDE cannot be taken back, WDA, SRS apart; a reset unlocks (70.7.1). */
static void test_locks(void)
{
    QTestState *q = start("");

    qtest_writew(q, WCR, WCR_WT(20) | WCR_WDA | WCR_SRS | WCR_WDE | WCR_WDT);
    qtest_writew(q, WCR, WCR_WT(40) | WCR_WDA | WCR_SRS);
    g_assert_cmphex(qtest_readw(q, WCR), ==, WCR_WT(40) | WCR_WDA | WCR_SRS |
                    WCR_WDE | WCR_WDT);
    qtest_system_reset(q);
    g_assert_cmphex(qtest_readw(q, WCR), ==, WCR_WDA | WCR_SRS);
    qtest_writew(q, WCR, WCR_WT(40) | WCR_WDA | WCR_SRS);
    g_assert_cmphex(qtest_readw(q, WCR), ==, WCR_WT(40) | WCR_WDA | WCR_SRS);
    qtest_writew(q, WCR, WCR_WT(40) | WCR_WDA | WCR_SRS | WCR_WDT);
    g_assert_cmphex(qtest_readw(q, WCR) & WCR_WDT, ==, WCR_WDT);
    qtest_quit(q);
}

/* imx2_wdt_set_pretimeout(): WICT half seconds ahead, SPI 80, WTIS w1c */
static void test_pretimeout(void)
{
    QTestState *q = start("");

    spoil(q);
    qtest_writew(q, WICR, WICR_WIE | 2);
    qtest_writew(q, WCR, WCR_WT(8) | WCR_WDA | WCR_SRS | WCR_WDE);
    qtest_clock_step(q, 3 * SECOND - SECOND / 100);
    g_assert_false(imx6_spi(q, IMX6_SPI_WDOG1));
    qtest_clock_step(q, SECOND / 50);
    g_assert_true(imx6_spi(q, IMX6_SPI_WDOG1));
    g_assert_cmphex(qtest_readw(q, WICR), ==, WICR_WIE | WICR_WTIS | 2);
    qtest_writew(q, WICR, WICR_WIE | WICR_WTIS | 2);
    g_assert_false(imx6_spi(q, IMX6_SPI_WDOG1));
    g_assert_cmphex(qtest_readw(q, WICR), ==, WICR_WIE | 2);
    g_assert_true(spoilt(q));
    qtest_clock_step(q, SECOND);
    assert_resets(q);
    qtest_quit(q);
}

/* Saved with the watchdog running: it bites at the same time. */
static void test_migration(void)
{
    QTestState *q = imx6_init("");

    spoil(q);
    qtest_writew(q, WCR, WCR_WT(4) | WCR_WDA | WCR_SRS | WCR_WDE);
    qtest_clock_step(q, SECOND);
    q = imx6_migrate(q, "");
    g_assert_true(spoilt(q));
    qtest_clock_step(q, SECOND - SECOND / 100);
    g_assert_true(spoilt(q));
    qtest_clock_step(q, SECOND / 50);
    assert_resets(q);
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-src/blocks", test_blocks);
    qtest_add_func("/imx6-src/capture", test_capture);
    qtest_add_func("/imx6-src/gprs", test_gprs);
    qtest_add_func("/imx6-wdog/registers", test_wdog_registers);
    qtest_add_func("/imx6-wdog/software-reset", test_software_reset);
    qtest_add_func("/imx6-wdog/software-reset-running",
                   test_software_reset_running);
    qtest_add_func("/imx6-wdog/wda", test_wda);
    qtest_add_func("/imx6-wdog/timeout", test_timeout);
    qtest_add_func("/imx6-wdog/service", test_service);
    qtest_add_func("/imx6-wdog/locks", test_locks);
    qtest_add_func("/imx6-wdog/pretimeout", test_pretimeout);
    qtest_add_func("/imx6-wdog/migration", test_migration);
    return g_test_run();
}
