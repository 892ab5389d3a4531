/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the LVDS bridge: routes, width, clock. hw/imx6/ldb.c.
 *
 * Expectations: drivers/gpu/drm/imx/ipuv3/imx-ldb.c of Linux.
 */

#include "qemu/osdep.h"
#include "imx6-display-qtest.h"

#define GPR2                    (IMX6_IOMUXC + 0x08)
#define GPR3                    (IMX6_IOMUXC + 0x0c)
#define   LVDS0_MUX             (3u << 6)
#define   LVDS1_MUX             (3u << 8)
#define CH0_TO_DI0              (1u << 0)
#define CH0_TO_DI1              (3u << 0)
#define WIDTH_CH0_24            (1u << 5)
#define CS2CDR                  0x020c402c
#define CSCMR2                  0x020c4020
#define LDB_GATE                6               /* of CCGR3 */

/* The colour of the panel's last pixel, 0 where it is black */
static uint32_t shown(Display *d)
{
    g_autofree char *path = g_strdup_printf("%s/lvds.ppm", d->dir);
    g_autofree char *text = NULL;
    unsigned char *p;
    size_t size;

    qtest_clock_step(d->q, 2 * PANEL_PERIOD);
    qtest_qmp_assert_success(d->q, "{ 'execute': 'screendump', 'arguments': "
                             "{ 'filename': %s, 'device': 'lvds0' } }", path);
    g_assert_true(g_file_get_contents(path, &text, &size, NULL));
    g_unlink(path);
    p = (unsigned char *)text + size - 3;
    return p[0] << 16 | p[1] << 8 | p[2];
}

/* 480 MHz for seven bits a pixel, and the same rate from the DI */
static Display start(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);

    imx6_pll3_on(d.q);
    imx6_update(d.q, CS2CDR, 7u << 9, 4u << 9);
    imx6_update(d.q, CSCMR2, 0, 1u << 10);
    imx6_gate(d.q, 3, LDB_GATE, true);
    qtest_writel(d.q, IPU_DI(0) + 0x04, DI_CLOCK_HZ * 7ull * 16 / 480000000);
    qtest_writel(d.q, IPU_DI(0) + 0x08, 1u << 16);
    for (unsigned i = 0; i < 3; i++) {          /* 24 bits on the bus */
        dc_map(d.q, MAP_BGR666, i, 8 * i + 7, 0xff);
    }
    qtest_memset(d.q, FB(0), 0xa5, 64 * 64 * 4);
    display_on(&d);
    return d;
}

static void test_routes(void)
{
    Display d = start();

    g_assert_cmphex(shown(&d), ==, 0);
    qtest_writel(d.q, GPR2, CH0_TO_DI0 | WIDTH_CH0_24);
    g_assert_cmphex(shown(&d), ==, 0xa5a5a5);
    /* Another head, which stands still, at the first input */
    imx6_update(d.q, GPR3, LVDS0_MUX, 2u << 6);
    g_assert_cmphex(shown(&d), ==, 0);
    /* The second input, which has the head that runs, then has not */
    qtest_writel(d.q, GPR2, CH0_TO_DI1 | WIDTH_CH0_24);
    g_assert_cmphex(shown(&d), ==, 0xa5a5a5);
    imx6_update(d.q, GPR3, LVDS1_MUX, 1u << 8);
    g_assert_cmphex(shown(&d), ==, 0);
    imx6_update(d.q, GPR3, LVDS0_MUX, 0);
    qtest_writel(d.q, GPR2, CH0_TO_DI0 | WIDTH_CH0_24);
    g_assert_cmphex(shown(&d), ==, 0xa5a5a5);
    qtest_writel(d.q, GPR2, WIDTH_CH0_24);
    g_assert_cmphex(shown(&d), ==, 0);
    display_quit(&d);
}

/* Of 0xa5a5a5 on the bus, the lower 18 lines: 26, 22, 37 of 63 */
static void test_width(void)
{
    Display d = start();

    qtest_writel(d.q, GPR2, CH0_TO_DI0);
    g_assert_cmphex(shown(&d) & 0xfcfcfc, ==, 26 << 18 | 22 << 10 | 37 << 2);
    display_quit(&d);
}

static void test_clock(void)
{
    Display d = start();

    qtest_writel(d.q, GPR2, CH0_TO_DI0 | WIDTH_CH0_24);
    g_assert_cmphex(shown(&d), ==, 0xa5a5a5);
    imx6_gate(d.q, 3, LDB_GATE, false);
    qtest_writel(d.q, GPR2, CH0_TO_DI0);
    g_assert_cmphex(shown(&d), ==, 0);
    imx6_gate(d.q, 3, LDB_GATE, true);
    qtest_writel(d.q, GPR2, CH0_TO_DI0 | WIDTH_CH0_24);
    g_assert_cmphex(shown(&d), ==, 0xa5a5a5);
    imx6_update(d.q, CSCMR2, 1u << 10, 0);      /* twice as fast */
    qtest_writel(d.q, GPR2, CH0_TO_DI0);
    g_assert_cmphex(shown(&d), ==, 0);
    display_quit(&d);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-ldb/routes", test_routes);
    qtest_add_func("/imx6-ldb/width", test_width);
    qtest_add_func("/imx6-ldb/clock", test_clock);
    return g_test_run();
}
