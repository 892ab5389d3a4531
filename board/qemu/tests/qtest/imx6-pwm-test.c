/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the PWMs. What their output does is in imx6-ov5640-test (XCLK).
 *
 * Expectations: IMX6DQRM chapter 51; drivers/pwm/pwm-imx27.c of Linux.
 */

#include "qemu/osdep.h"
#include "imx6-qtest.h"

#define CR              0x00
#define   CR_EN         (1u << 0)
#define   CR_SWR        (1u << 3)
#define   CR_PRESCALE(n) (((n) - 1) << 4)
#define   CR_IPG        (1u << 16)
#define   CR_32K        (3u << 16)
#define   CR_DBGEN      (1u << 22)
#define   CR_STOPEN     (1u << 25)
#define SR              0x04
#define   SR_FIFOAV     7
#define   SR_FE         (1u << 3)
#define   SR_ROV        (1u << 4)
#define   SR_CMP        (1u << 5)
#define   SR_FWE        (1u << 6)
#define IR              0x08
#define   IR_FIE        (1u << 0)
#define   IR_RIE        (1u << 1)
#define   IR_CIE        (1u << 2)
#define SAR             0x0c
#define PR              0x10
#define CNR             0x14

#define IPG_HZ          66000000ll

static const IMX6Reg resets[] = {
    { CR, 0 }, { SR, SR_FE }, { IR, 0 }, { PR, 0xfffe }, { CNR, 0 },
};

static uint32_t get(QTestState *q, unsigned n, unsigned reg)
{
    return qtest_readl(q, IMX6_PWM(n) + reg);
}

static void set(QTestState *q, unsigned n, unsigned reg, uint32_t value)
{
    qtest_writel(q, IMX6_PWM(n) + reg, value);
}

static QTestState *start(void)
{
    QTestState *q = imx6_init_irq("");

    imx6_pll2_on(q);
    return q;
}

static void test_registers(void)
{
    static const IMX6Reg masks[] = {
        { IR, 0, 0x7 }, { PR, 0xfffe, 0xffff }, { CNR, 0, 0 },
    };
    QTestState *q = start();

    for (unsigned n = 1; n <= 4; n++) {
        imx6_check_resets(q, IMX6_PWM(n), resets, G_N_ELEMENTS(resets));
        imx6_check_masks(q, IMX6_PWM(n), masks, G_N_ELEMENTS(masks));
        /* 31:28 are reserved, SWR reads 0 */
        set(q, n, CR, 0xfffffff6);
        g_assert_cmphex(get(q, n, CR), ==, 0x0ffffff6);
    }
    qtest_quit(q);
}

/*
 * pwm_imx27_sw_reset() waits for SWR to fall; all is reset but DBGEN, WAITEN,
 * DOZEN and STOPEN (51.7.1).
 */
static void test_software_reset(void)
{
    QTestState *q = start();

    set(q, 1, PR, 99);
    set(q, 1, IR, 7);
    set(q, 1, SAR, 10);
    g_assert_cmphex(get(q, 1, SR) & SR_FIFOAV, ==, 1);
    set(q, 1, CR, CR_SWR | CR_EN | CR_IPG | CR_STOPEN | CR_DBGEN);
    g_assert_cmphex(get(q, 1, CR), ==, CR_STOPEN | CR_DBGEN);
    imx6_check_resets(q, IMX6_PWM(1), resets + 1, G_N_ELEMENTS(resets) - 1);
    qtest_quit(q);
}

/* CCGR4: PWM n has CG8 + n - 1, of its own. */
static void test_gate(void)
{
    QTestState *q = start();

    for (unsigned n = 1; n <= 4; n++) {
        set(q, n, PR, 100 + n);
        imx6_gate(q, 4, 7 + n, false);
        imx6_check_silent(q, IMX6_PWM(n), resets, G_N_ELEMENTS(resets));
        g_assert_cmphex(get(q, n % 4 + 1, PR), !=, 0);
        imx6_gate(q, 4, 7 + n, true);
        g_assert_cmphex(get(q, n, PR), ==, 100 + n);
    }
    qtest_quit(q);
}

/* pwm_imx27_wait_fifo_slot(): FIFOAV counts; a fifth write is an error. */
static void test_fifo(void)
{
    QTestState *q = start();

    for (unsigned i = 0; i < 4; i++) {
        g_assert_cmphex(get(q, 1, SR) & SR_FIFOAV, ==, i);
        set(q, 1, SAR, i);
    }
    g_assert_cmphex(get(q, 1, SR) & (SR_FIFOAV | SR_FWE), ==, 4);
    set(q, 1, SAR, 4);
    g_assert_cmphex(get(q, 1, SR) & (SR_FIFOAV | SR_FWE), ==, SR_FWE | 4);
    /* write-1-to-clear, FIFOAV is read-only */
    set(q, 1, SR, 0xffffffff & ~SR_FWE);
    g_assert_cmphex(get(q, 1, SR) & (SR_FIFOAV | SR_FWE), ==, SR_FWE | 4);
    set(q, 1, SR, SR_FWE);
    g_assert_cmphex(get(q, 1, SR) & (SR_FIFOAV | SR_FWE), ==, 4);

    /* a sample a period once it runs */
    set(q, 1, PR, 64);
    set(q, 1, CR, CR_IPG | CR_EN);
    g_assert_cmphex(get(q, 1, SR) & SR_FIFOAV, ==, 3);
    g_assert_cmphex(get(q, 1, SAR), ==, 0);
    for (unsigned i = 1; i < 4; i++) {
        qtest_clock_step(q, 1000);                      /* 66 / 66 MHz */
        g_assert_cmphex(get(q, 1, SAR), ==, i);
        g_assert_cmphex(get(q, 1, SR) & SR_FIFOAV, ==, 3 - i);
    }
    qtest_quit(q);
}

/* The period is PWMPR + 2 counts (51.7.5) of the chosen, divided clock. */
static void test_counter(void)
{
    static const struct {
        uint32_t cr;
        int64_t hz;
    } clocks[] = {
        { CR_IPG, IPG_HZ },
        { CR_IPG | CR_PRESCALE(66), IPG_HZ / 66 },
        { CR_32K, 32768 },
        { CR_IPG | CR_PRESCALE(4096), IPG_HZ / 4096 },
    };
    QTestState *q = start();

    for (unsigned i = 0; i < G_N_ELEMENTS(clocks); i++) {
        int64_t tick = 1000000000ll / clocks[i].hz;
        int64_t t0;

        set(q, 2, CR, CR_SWR);
        set(q, 2, PR, 998);
        set(q, 2, CR, clocks[i].cr | CR_EN);
        t0 = imx6_now(q);
        for (unsigned step = 1; step < 4; step++) {
            int64_t t = qtest_clock_step(q, 321 * tick) - t0;
            int64_t want = t * clocks[i].hz / 1000000000 % 1000;

            g_assert_cmpint(ABS((int)get(q, 2, CNR) - want), <=, 1);
        }
    }
    /* 100 periods of 1000 counts of 1 us, and a bit: it does not add up */
    set(q, 2, CR, CR_SWR);
    set(q, 2, PR, 998);
    set(q, 2, CR, CR_IPG | CR_PRESCALE(66) | CR_EN);
    qtest_clock_step(q, 100 * 1000 * 1000 + 5500);
    g_assert_cmphex(get(q, 2, CNR), ==, 5);
    /* CLKSRC 0 is off */
    set(q, 2, CR, CR_SWR);
    set(q, 2, CR, CR_EN);
    qtest_clock_step(q, 1000000);
    g_assert_cmphex(get(q, 2, CNR), ==, 0);
    qtest_quit(q);
}

/* Rollover and compare at their times, levels until cleared, each its mask */
static void test_irq(void)
{
    QTestState *q = start();
    const int spi = IMX6_SPI_PWM(3);

    /* 1 us a count, a period of 1 ms, compare at 0.4 ms */
    set(q, 3, PR, 998);
    set(q, 3, SAR, 400);
    set(q, 3, SR, SR_FE);
    set(q, 3, IR, IR_CIE);
    set(q, 3, CR, CR_IPG | CR_PRESCALE(66) | CR_EN);
    set(q, 3, SR, SR_FE | SR_CMP | SR_ROV);
    qtest_clock_step(q, 398000);
    g_assert_false(imx6_spi(q, spi));
    qtest_clock_step(q, 4000);
    g_assert_true(imx6_spi(q, spi));
    g_assert_cmphex(get(q, 3, SR) & (SR_CMP | SR_ROV), ==, SR_CMP);
    set(q, 3, SR, SR_CMP);
    g_assert_false(imx6_spi(q, spi));

    set(q, 3, IR, IR_RIE);
    qtest_clock_step(q, 590000);
    g_assert_false(imx6_spi(q, spi));
    qtest_clock_step(q, 10000);
    g_assert_true(imx6_spi(q, spi));
    g_assert_cmphex(get(q, 3, SR) & SR_ROV, ==, SR_ROV);
    set(q, 3, IR, 0);
    g_assert_false(imx6_spi(q, spi));
    g_assert_cmphex(get(q, 3, SR) & SR_ROV, ==, SR_ROV);
    for (unsigned n = 1; n <= 4; n++) {
        g_assert_false(imx6_spi(q, IMX6_SPI_PWM(n)));
    }
    qtest_quit(q);
}

/* FIFO empty: FE at reset already, its interrupt when enabled */
static void test_fifo_irq(void)
{
    QTestState *q = start();

    g_assert_false(imx6_spi(q, IMX6_SPI_PWM(4)));
    set(q, 4, IR, IR_FIE);
    g_assert_true(imx6_spi(q, IMX6_SPI_PWM(4)));
    set(q, 4, SR, SR_FE);
    g_assert_false(imx6_spi(q, IMX6_SPI_PWM(4)));
    qtest_quit(q);
}

static void test_migration(void)
{
    QTestState *q = imx6_init("");
    int64_t t0;

    imx6_pll2_on(q);
    set(q, 1, PR, 998);
    set(q, 1, SAR, 400);
    set(q, 1, SAR, 500);
    set(q, 1, CR, CR_IPG | CR_PRESCALE(66) | CR_EN);
    t0 = imx6_now(q);
    qtest_clock_step(q, 123000);
    q = imx6_migrate(q, "");
    g_assert_cmphex(get(q, 1, SR) & SR_FIFOAV, ==, 1);
    g_assert_cmphex(get(q, 1, SAR), ==, 400);
    g_assert_cmpint(ABS((int)get(q, 1, CNR) - 123), <=, 1);
    qtest_clock_step(q, t0 + 1456000 - imx6_now(q));
    g_assert_cmphex(get(q, 1, SAR), ==, 500);
    g_assert_cmpint(ABS((int)get(q, 1, CNR) - 456), <=, 1);
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-pwm/registers", test_registers);
    qtest_add_func("/imx6-pwm/software-reset", test_software_reset);
    qtest_add_func("/imx6-pwm/gate", test_gate);
    qtest_add_func("/imx6-pwm/fifo", test_fifo);
    qtest_add_func("/imx6-pwm/counter", test_counter);
    qtest_add_func("/imx6-pwm/irq", test_irq);
    qtest_add_func("/imx6-pwm/fifo-irq", test_fifo_irq);
    qtest_add_func("/imx6-pwm/migration", test_migration);
    return g_test_run();
}
