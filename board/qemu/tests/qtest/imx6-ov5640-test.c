/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the OV5640: what is seen of it on I2C, at its pins and on its
 * lanes (by the PHY_STATE of the receiver).
 *
 * Expectations: drivers/media/i2c/ov5640.c of Linux, OV5640 data sheet 2.03.
 */

#include "qemu/osdep.h"
#include "imx6-camera-qtest.h"

#define LP11_CLOCK      STOPSTATECLK
#define LP11_DATA       (STOPSTATEDATA(0) | STOPSTATEDATA(1))
#define LP11            (LP11_CLOCK | LP11_DATA)
#define LANES           (LP11 | RXCLKACTIVEHS | STOPSTATEDATA(2) | \
                         STOPSTATEDATA(3))

static QTestState *start(void)
{
    QTestState *q = imx6_init("");

    camera_xclk_on(q);
    return q;
}

/* ov5640_check_chip_id(): 0x300a is 0x5640, at the default address */
static void test_id(void)
{
    QTestState *q = start();

    g_assert_cmphex(ov5640_read(q, 0x300a), ==, 0x56);
    g_assert_cmphex(ov5640_read(q, 0x300b), ==, 0x40);
    /* read-only */
    ov5640_write(q, 0x300a, 0);
    g_assert_cmphex(ov5640_read(q, 0x300a), ==, 0x56);
    qtest_quit(q);
}

/* Reset values of the data sheet's chapter 7 that the driver relies on */
static const struct {
    uint16_t reg;
    uint8_t value;
} reset_values[] = {
    { 0x3008, 0x02 },
    { 0x300e, 0x58 },           /* ov5640_set_power_mipi(): "default" */
    { 0x3019, 0x00 },
    { 0x3100, 0x78 },           /* 0x3c << 1 */
    { 0x3034, 0x1a }, { 0x3035, 0x11 }, { 0x3036, 0x69 }, { 0x3037, 0x03 },
    { 0x3820, 0x40 }, { 0x3821, 0x00 },
    { 0x4300, 0xf8 },
    { 0x4800, 0x04 },
    { 0x503d, 0x00 },
    /* 2592x1944 of 2844x1968 */
    { 0x3808, 0x0a }, { 0x3809, 0x20 }, { 0x380a, 0x07 }, { 0x380b, 0x98 },
    { 0x380c, 0x0b }, { 0x380d, 0x1c }, { 0x380e, 0x07 }, { 0x380f, 0xb0 },
};

static void check_resets(QTestState *q)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(reset_values); i++) {
        g_assert_cmphex(ov5640_read(q, reset_values[i].reg), ==,
                        reset_values[i].value);
    }
}

static void spoil_registers(QTestState *q)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(reset_values); i++) {
        if (reset_values[i].reg != 0x3100 && reset_values[i].reg != 0x3008) {
            ov5640_write(q, reset_values[i].reg, ~reset_values[i].value);
        }
    }
    g_assert_cmphex(ov5640_read(q, 0x3035), ==, 0xee);
}

/* Power-on, software reset (0x3008 bit 7) and the RESETB pin (GPIO2_5) */
static void test_resets(void)
{
    QTestState *q = start();

    check_resets(q);
    spoil_registers(q);
    ov5640_write(q, 0x3008, 0x82);
    check_resets(q);

    spoil_registers(q);
    qtest_writel(q, IMX6_GPIO(2) + 0x04, 1u << 5);      /* GDIR: output */
    qtest_writel(q, IMX6_GPIO(2) + 0x00, 0);
    g_assert_cmpint(ov5640_read(q, 0x3035), ==, -1);
    qtest_writel(q, IMX6_GPIO(2) + 0x00, 1u << 5);
    check_resets(q);
    qtest_quit(q);
}

/* PWDN (GPIO6_9, active high): silent, but nothing is forgotten */
static void test_pwdn(void)
{
    QTestState *q = start();

    ov5640_write(q, 0x3035, 0x42);
    qtest_writel(q, IMX6_GPIO(6) + 0x04, 1u << 9);
    qtest_writel(q, IMX6_GPIO(6) + 0x00, 1u << 9);
    g_assert_cmpint(ov5640_read(q, 0x3035), ==, -1);
    qtest_writel(q, IMX6_GPIO(6) + 0x00, 0);
    g_assert_cmphex(ov5640_read(q, 0x3035), ==, 0x42);
    qtest_quit(q);
}

/* No clock, no chip; 6 to 54 MHz is a clock (OV5640_XCLK_MIN, _MAX). */
static void test_xclk(void)
{
    QTestState *q = imx6_init("");

    g_assert_cmpint(ov5640_read(q, 0x300a), ==, -1);
    camera_xclk_on(q);
    g_assert_cmphex(ov5640_read(q, 0x300a), ==, 0x56);

    qtest_writel(q, IMX6_PWM(3) + 0x10, 10);            /* 66/12 = 5.5 MHz */
    g_assert_cmpint(ov5640_read(q, 0x300a), ==, -1);
    qtest_writel(q, IMX6_PWM(3) + 0x10, 9);             /* 66/11 = 6 MHz */
    g_assert_cmphex(ov5640_read(q, 0x300a), ==, 0x56);

    qtest_writel(q, IMX6_IOMUXC + 0x33c, 5);            /* the pad is a GPIO */
    g_assert_cmpint(ov5640_read(q, 0x300a), ==, -1);
    qtest_writel(q, IMX6_IOMUXC + 0x33c, 2);
    g_assert_cmphex(ov5640_read(q, 0x300a), ==, 0x56);

    imx6_gate(q, 4, 10, false);                         /* CCGR4: PWM3 */
    g_assert_cmpint(ov5640_read(q, 0x300a), ==, -1);
    imx6_gate(q, 4, 10, true);
    qtest_writel(q, IMX6_PWM(3), 1u << 16);             /* EN off */
    g_assert_cmpint(ov5640_read(q, 0x300a), ==, -1);
    qtest_quit(q);
}

/*
 * ov5640_init_slave_id(): at power-up the chip is at 0x3c, 0x3100 moves it
 * to the address of the device tree, where nobody was before.
 */
static void test_move(void)
{
    QTestState *q = start();

    g_assert_false(ov5640_write_at(q, 0x40, 0x3035, 0x33));
    g_assert_cmpint(ov5640_read_at(q, 0x40, 0x300a), ==, -1);
    g_assert_true(ov5640_write_at(q, 0x3c, 0x3100, 0x40 << 1));
    g_assert_cmphex(ov5640_read_at(q, 0x40, 0x300a), ==, 0x56);
    g_assert_cmphex(ov5640_read_at(q, 0x40, 0x3100), ==, 0x80);
    g_assert_cmphex(ov5640_read_at(q, 0x40, 0x3035), ==, 0x11);
    g_assert_cmpint(ov5640_read_at(q, 0x3c, 0x300a), ==, -1);
    /* a software reset moves it back */
    ov5640_write_at(q, 0x40, 0x3008, 0x82);
    g_assert_cmpint(ov5640_read_at(q, 0x40, 0x300a), ==, -1);
    g_assert_cmphex(ov5640_read_at(q, 0x3c, 0x300a), ==, 0x56);
    qtest_quit(q);
}

/* ov5640_write_reg16() does not need it, the data sheet (7.1) has it. */
static void test_auto_increment(void)
{
    QTestState *q = start();
    uint8_t bytes[] = { 0x38, 0x08, 0x02, 0x80, 0x01, 0xe0 };

    i2c_start(q, 0);
    g_assert_true(i2c_byte(q, OV5640_ADDR << 1));
    for (unsigned i = 0; i < G_N_ELEMENTS(bytes); i++) {
        g_assert_true(i2c_byte(q, bytes[i]));
    }
    i2c_stop(q);
    for (unsigned i = 2; i < G_N_ELEMENTS(bytes); i++) {
        g_assert_cmphex(ov5640_read(q, 0x3806 + i), ==, bytes[i]);
    }
    qtest_quit(q);
}

static uint32_t lanes(QTestState *q)
{
    return qtest_readl(q, CSI2_PHY_STATE) & LANES;
}

/*
 * ov5640_set_power_mipi(): 0x300e to 0x44, 0x4800 to 0x24 and 0x3019 to 0x70
 * put clock and two data lanes in LP-11, "on" gives a clock.
 */
static void test_lanes(void)
{
    QTestState *q = imx6_init("");

    csi2_on(q, 2, HSFREQ_400);
    g_assert_cmphex(lanes(q), ==, 0);                   /* no sensor */
    ov5640_setup(q, &(SensorMode) {});
    g_assert_cmphex(lanes(q), ==, LP11);

    ov5640_stream(q, true);
    qtest_clock_step(q, VGA_FRAME_NS * 3 / 4);          /* in a frame */
    g_assert_cmphex(lanes(q), ==, RXCLKACTIVEHS);
    /* the clock is gated in the vertical blanking: 0x4800 bit 5 */
    qtest_clock_step(q, VGA_FRAME_NS / 2);
    g_assert_cmphex(lanes(q), ==, LP11);

    ov5640_stream(q, false);
    qtest_clock_step(q, VGA_FRAME_NS);
    g_assert_cmphex(lanes(q), ==, LP11);                /* 0x3019 */
    ov5640_write(q, 0x3019, 0x30);                      /* [6]: lane 2 */
    g_assert_cmphex(lanes(q), ==, LP11_CLOCK | STOPSTATEDATA(0));
    ov5640_write(q, 0x3019, 0x60);
    g_assert_cmphex(lanes(q), ==, LP11_DATA);

    /* "Reset MIPI bus settings to their default values" */
    ov5640_write(q, 0x3019, 0x70);
    ov5640_write(q, 0x300e, 0x58);
    g_assert_cmphex(lanes(q), ==, 0);
    qtest_quit(q);
}

/* Clock not gated between packets: 0x4800 bit 5 clear */
static void test_free_clock(void)
{
    QTestState *q = imx6_init("");

    csi2_on(q, 2, HSFREQ_400);
    ov5640_setup(q, &(SensorMode) {});
    ov5640_write(q, 0x4800, 0x04);
    ov5640_stream(q, true);
    qtest_clock_step(q, VGA_FRAME_NS / 4);              /* blanking */
    g_assert_cmphex(lanes(q), ==, LP11_DATA | RXCLKACTIVEHS);
    qtest_quit(q);
}

/* Data lanes: 0x300e[7:5] of 0 is one lane */
static void test_lane_count(void)
{
    QTestState *q = imx6_init("");

    csi2_on(q, 2, HSFREQ_400);
    ov5640_setup(q, &(SensorMode) {});
    ov5640_write(q, 0x300e, 0x04);
    g_assert_cmphex(lanes(q), ==, LP11_CLOCK | STOPSTATEDATA(0));
    qtest_quit(q);
}

/* Software power-down (0x3008 bit 6) stops the lanes and keeps registers. */
static void test_sleep(void)
{
    QTestState *q = imx6_init("");

    csi2_on(q, 2, HSFREQ_400);
    ov5640_setup(q, &(SensorMode) {});
    ov5640_stream(q, true);
    qtest_clock_step(q, VGA_FRAME_NS * 3 / 4);
    g_assert_cmphex(lanes(q), ==, RXCLKACTIVEHS);
    ov5640_write(q, 0x3008, 0x42);
    g_assert_cmphex(lanes(q) & RXCLKACTIVEHS, ==, 0);
    g_assert_cmphex(ov5640_read(q, 0x300e), ==, 0x45);
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-ov5640/id", test_id);
    qtest_add_func("/imx6-ov5640/resets", test_resets);
    qtest_add_func("/imx6-ov5640/pwdn", test_pwdn);
    qtest_add_func("/imx6-ov5640/xclk", test_xclk);
    qtest_add_func("/imx6-ov5640/move", test_move);
    qtest_add_func("/imx6-ov5640/auto-increment", test_auto_increment);
    qtest_add_func("/imx6-ov5640/lanes", test_lanes);
    qtest_add_func("/imx6-ov5640/free-clock", test_free_clock);
    qtest_add_func("/imx6-ov5640/lane-count", test_lane_count);
    qtest_add_func("/imx6-ov5640/sleep", test_sleep);
    return g_test_run();
}
