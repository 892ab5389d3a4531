/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the I2C controller's answer to addresses where nobody is, which is
 * how Linux finds out: i2c_imx_trx_complete(), then i2c_imx_acked().
 *
 * Expectations: drivers/i2c/busses/i2c-imx.c of Linux; IMX6DQRM chapter 35.
 */

#include "qemu/osdep.h"
#include "imx6-camera-qtest.h"

#define ABSENT          0x2a

static uint16_t status(QTestState *q)
{
    return qtest_readw(q, I2C2 + I2SR);
}

/* IIF is set when a byte has gone out, acknowledged or not (35.7.4). */
static void test_nack(void)
{
    QTestState *q = imx6_init_irq("");

    i2c_start(q, I2CR_IIEN);
    g_assert_cmphex(status(q) & (I2SR_IBB | I2SR_IIF), ==, I2SR_IBB);
    g_assert_false(imx6_spi(q, IMX6_SPI_I2C(2)));
    qtest_writew(q, I2C2 + I2DR, ABSENT << 1);
    g_assert_cmphex(status(q) & (I2SR_IIF | I2SR_RXAK | I2SR_ICF), ==,
                    I2SR_IIF | I2SR_RXAK | I2SR_ICF);
    g_assert_true(imx6_spi(q, IMX6_SPI_I2C(2)));
    g_assert_false(imx6_spi(q, IMX6_SPI_I2C(1)));

    /* write-0-to-clear: i2c_imx_clear_irq() */
    qtest_writew(q, I2C2 + I2SR, I2SR_IIF);
    g_assert_true(imx6_spi(q, IMX6_SPI_I2C(2)));
    qtest_writew(q, I2C2 + I2SR, 0);
    g_assert_false(imx6_spi(q, IMX6_SPI_I2C(2)));
    g_assert_cmphex(status(q) & I2SR_IIF, ==, 0);

    /* i2c_imx_stop() waits for the bus to be free */
    qtest_writew(q, I2C2 + I2CR, I2CR_IEN);
    g_assert_cmphex(status(q) & I2SR_IBB, ==, 0);
    qtest_quit(q);
}

static void test_ack(void)
{
    QTestState *q = imx6_init_irq("");

    camera_xclk_on(q);
    i2c_start(q, I2CR_IIEN);
    qtest_writew(q, I2C2 + I2DR, OV5640_ADDR << 1);
    g_assert_cmphex(status(q) & (I2SR_IIF | I2SR_RXAK), ==, I2SR_IIF);
    g_assert_true(imx6_spi(q, IMX6_SPI_I2C(2)));
    i2c_stop(q);
    qtest_quit(q);
}

/* Polled (IIEN off): the flag is there all the same, the line is not. */
static void test_polled(void)
{
    QTestState *q = imx6_init_irq("");

    i2c_start(q, 0);
    qtest_writew(q, I2C2 + I2DR, ABSENT << 1 | 1);
    g_assert_cmphex(status(q) & (I2SR_IIF | I2SR_RXAK), ==,
                    I2SR_IIF | I2SR_RXAK);
    g_assert_false(imx6_spi(q, IMX6_SPI_I2C(2)));
    i2c_stop(q);
    qtest_quit(q);
}

/* A NACK leaves nothing behind: the next transfer works. */
static void test_after_nack(void)
{
    QTestState *q = imx6_init("");

    camera_xclk_on(q);
    for (unsigned i = 0; i < 3; i++) {
        i2c_start(q, 0);
        g_assert_false(i2c_byte(q, ABSENT << 1));
        i2c_stop(q);
        g_assert_cmphex(ov5640_read(q, 0x300a), ==, 0x56);
        /* by a repeated start, too */
        i2c_start(q, 0);
        g_assert_false(i2c_byte(q, ABSENT << 1));
        qtest_writew(q, I2C2 + I2CR,
                     I2CR_IEN | I2CR_MSTA | I2CR_MTX | I2CR_RSTA);
        g_assert_true(i2c_byte(q, OV5640_ADDR << 1));
        i2c_stop(q);
    }
    qtest_quit(q);
}

/* All three controllers, and no address but those of the board's chips */
static void test_buses(void)
{
    QTestState *q = imx6_init("");

    camera_xclk_on(q);
    for (unsigned n = 1; n <= 3; n++) {
        for (unsigned addr = 0x60; addr < 0x78; addr++) {
            qtest_writew(q, IMX6_I2C(n) + I2CR, I2CR_IEN);
            qtest_writew(q, IMX6_I2C(n) + I2CR,
                         I2CR_IEN | I2CR_MSTA | I2CR_MTX);
            qtest_writew(q, IMX6_I2C(n) + I2SR, 0);
            qtest_writew(q, IMX6_I2C(n) + I2DR, addr << 1);
            g_assert_cmphex(qtest_readw(q, IMX6_I2C(n) + I2SR) &
                            (I2SR_IIF | I2SR_RXAK), ==, I2SR_IIF | I2SR_RXAK);
            qtest_writew(q, IMX6_I2C(n) + I2CR, I2CR_IEN);
        }
    }
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-i2c-nack/nack", test_nack);
    qtest_add_func("/imx6-i2c-nack/ack", test_ack);
    qtest_add_func("/imx6-i2c-nack/polled", test_polled);
    qtest_add_func("/imx6-i2c-nack/after-nack", test_after_nack);
    qtest_add_func("/imx6-i2c-nack/buses", test_buses);
    return g_test_run();
}
