/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the CCM and its analog part: the rates at which the models are
 * clocked, and what registers report.
 *
 * Expectations: the tree of drivers/clk/imx/clk-imx6q.c of Linux (parents,
 * fields, gates), clk-pllv3.c and clk-pfd.c; reset values of IMX6DQRM 18.6
 * and 18.7. Rates are computed here from those, by hand.
 */

#include "qemu/osdep.h"
#include "imx6-qtest.h"

#define MHZ             1000000

#define ANALOG(reg)     (IMX6_ANATOP + (reg))
#define PLL_NUM         ANALOG(0xb0)    /* PLL_VIDEO's fraction */
#define PLL_DENOM       ANALOG(0xc0)
#define MISC2           ANALOG(0x170)
#define TEMPSENSE0      ANALOG(0x180)
#define DIGPROG         ANALOG(0x260)
#define PLL_POWERDOWN   (1u << 12)
#define PLL_ENABLE      (1u << 13)
#define PLL_BYPASS      (1u << 16)
#define PLL_LOCK        (1u << 31)

/* With PLL2 at 528 and PLL3 at 480 MHz, as the boot ROM leaves them */
static QTestState *start(void)
{
    QTestState *q = imx6_init("");

    imx6_pll2_on(q);
    imx6_pll3_on(q);
    return q;
}

#define assert_hz(q, name, hz) \
    g_assert_cmpuint(imx6_clk_hz(q, name), ==, hz)

static const IMX6Reg ccm_resets[] = {
    { 0x14, 0x00018d40 },       /* CBCDR */
    { 0x18, 0x00022324 },       /* CBCMR */
    { 0x20, 0x02b92f06 },       /* CSCMR2 */
    { 0x2c, 0x000736c1 },       /* CS2CDR */
    { 0x30, 0x33f71f92 },       /* CDCDR */
    { 0x34, 0x0002a150 },       /* CHSCCDR */
    { 0x38, 0x0002a150 },       /* CSCDR2 */
    { 0x3c, 0x00014841 },       /* CSCDR3 */
    { 0x48, 0x00000000 },       /* CDHIPR: no handshake is under way */
    { 0x6c, 0xffffffff },       /* CCGR1 */
    { 0x74, 0xffffffff },       /* CCGR3 */
    { 0x78, 0xffffffff },       /* CCGR4 */
};

static const IMX6Reg analog_resets[] = {
    { 0x010, 0x00012000 },      /* PLL_USB1: bypassed, not locked */
    { 0x030, 0x00013001 },      /* PLL_SYS: powered down */
    { 0x0a0, 0x0001100c },      /* PLL_VIDEO */
    { 0x0b0, 0x05f5e100 },
    { 0x0c0, 0x10a24447 },
    { 0x0f0, 0x1311100c },      /* PFD_480 */
    { 0x100, 0x1018101b },      /* PFD_528 */
    { 0x140, 0x00402010 },      /* PMU_REG_CORE */
    { 0x170, 0x00272727 },      /* MISC2 */
    { 0x180, 0x00000001 },      /* TEMPSENSE0: powered down */
};

static void test_resets(void)
{
    QTestState *q = imx6_init("");

    imx6_check_resets(q, IMX6_CCM, ccm_resets, G_N_ELEMENTS(ccm_resets));
    imx6_check_resets(q, IMX6_ANATOP, analog_resets,
                      G_N_ELEMENTS(analog_resets));
    /* bypassed PLLs give the oscillator, PLL5 is not enabled */
    assert_hz(q, "ipg-hz", 24 * MHZ / 4 / 2);
    qtest_quit(q);
}

/* By the reset values of muxes and dividers */
static void test_defaults(void)
{
    static const struct {
        const char *name;
        uint64_t hz;
    } rates[] = {
        { "ipg-hz", 66 * MHZ },                 /* 528 / 4 / 2 */
        { "perclk-hz", 66 * MHZ },
        { "ipu1-hz", 264 * MHZ },               /* mmdc_ch0 528 / 2 */
        { "ipu2-hz", 198 * MHZ },               /* PLL2 PFD2 396 / 2 */
        { "hsi-tx-hz", 198 * MHZ },
        { "eim-slow-hz", 198 * MHZ },           /* ACLK_PODF reads 1 */
        { "video-27m-hz", 27 * MHZ },           /* PLL3 PFD1 540 / 20 */
        { "ipu1-di0-hz", 180 * MHZ },           /* PLL3 PFD1 540 / 3 */
        { "ipu1-di1-hz", 180 * MHZ },
        { "ipu2-di0-hz", 180 * MHZ },
        { "ipu2-di1-hz", 180 * MHZ },
        { "ldb-di0-hz", 75428571 },             /* mmdc_ch1 528 / 3.5 / 2 */
        { "ldb-di1-hz", 75428571 },
        { "gpu2d-core-hz", 352 * MHZ },         /* PLL2 PFD0 */
        { "gpu2d-axi-hz", 198 * MHZ },          /* PLL2 PFD2 396 / 2 */
        { "gpu3d-core-hz", 594 * MHZ },         /* PLL2 PFD1 */
        { "gpu3d-shader-hz", 720 * MHZ },       /* PLL3 PFD0 */
        { "gpu3d-axi-hz", 198 * MHZ },
        { "hdmi-iahb-hz", 132 * MHZ },          /* AHB */
        { "hdmi-isfr-hz", 27 * MHZ },           /* video_27m */
        { "pwm1-hz", 66 * MHZ }, { "pwm2-hz", 66 * MHZ },
        { "pwm3-hz", 66 * MHZ }, { "pwm4-hz", 66 * MHZ },
        { "ocotp-hz", 66 * MHZ },
    };
    QTestState *q = start();

    for (unsigned i = 0; i < G_N_ELEMENTS(rates); i++) {
        if (imx6_clk_hz(q, rates[i].name) != rates[i].hz) {
            g_test_message("%s", rates[i].name);
        }
        assert_hz(q, rates[i].name, rates[i].hz);
    }
    qtest_quit(q);
}

/* Each gate stops its clocks and nobody else's. */
static void test_gates(void)
{
    static const struct {
        unsigned ccgr;
        unsigned cg;
        const char *names[3];
    } gates[] = {
        { 1, 12, { "gpu2d-core-hz", "gpu2d-axi-hz" } },
        { 1, 13, { "gpu3d-core-hz", "gpu3d-shader-hz", "gpu3d-axi-hz" } },
        { 2, 0, { "hdmi-iahb-hz" } },
        { 2, 2, { "hdmi-isfr-hz" } },
        { 2, 6, { "ocotp-hz" } },
        { 3, 0, { "ipu1-hz" } },
        { 3, 1, { "ipu1-di0-hz" } },
        { 3, 2, { "ipu1-di1-hz" } },
        { 3, 3, { "ipu2-hz" } },
        { 3, 4, { "ipu2-di0-hz" } },
        { 3, 5, { "ipu2-di1-hz" } },
        { 3, 6, { "ldb-di0-hz" } },
        { 3, 7, { "ldb-di1-hz" } },
        { 3, 8, { "hsi-tx-hz", "hdmi-isfr-hz" } },      /* mipi_core_cfg */
        { 4, 8, { "pwm1-hz" } },
        { 4, 9, { "pwm2-hz" } },
        { 4, 10, { "pwm3-hz" } },
        { 4, 11, { "pwm4-hz" } },
    };
    QTestState *q = start();

    for (unsigned g = 0; g < G_N_ELEMENTS(gates); g++) {
        imx6_gate(q, gates[g].ccgr, gates[g].cg, false);
        for (unsigned other = 0; other < G_N_ELEMENTS(gates); other++) {
            const char *name = gates[other].names[0];
            bool mine = false;

            for (unsigned i = 0; i < 3; i++) {
                mine |= !g_strcmp0(gates[g].names[i], name);
            }
            g_assert_cmpint(imx6_clk_hz(q, name) == 0, ==, mine);
        }
        for (unsigned i = 0; i < 3 && gates[g].names[i]; i++) {
            assert_hz(q, gates[g].names[i], 0);
        }
        imx6_gate(q, gates[g].ccgr, gates[g].cg, true);
        g_assert_cmpuint(imx6_clk_hz(q, gates[g].names[0]), >, 0);
        /* 1 is "on in run mode": 18.6.23 */
        imx6_update(q, CCM_CCGR(gates[g].ccgr), 2u << (2 * gates[g].cg), 0);
        g_assert_cmpuint(imx6_clk_hz(q, gates[g].names[0]), >, 0);
        imx6_gate(q, gates[g].ccgr, gates[g].cg, true);
    }
    qtest_quit(q);
}

/* PLL2: power, output, bypass, 20 or 22 times 24 MHz */
static void test_pll2(void)
{
    QTestState *q = start();

    assert_hz(q, "ipu1-hz", 528 * MHZ / 2);
    qtest_writel(q, ANATOP_PLL_SYS, PLL_ENABLE);
    assert_hz(q, "ipu1-hz", 480 * MHZ / 2);
    qtest_writel(q, ANATOP_PLL_SYS, PLL_ENABLE | PLL_POWERDOWN | 1);
    assert_hz(q, "ipu1-hz", 0);
    qtest_writel(q, ANATOP_PLL_SYS, 1);
    assert_hz(q, "ipu1-hz", 0);
    qtest_writel(q, ANATOP_PLL_SYS, PLL_BYPASS | PLL_ENABLE | PLL_POWERDOWN);
    assert_hz(q, "ipu1-hz", 24 * MHZ / 2);
    /* SET, CLR and TOG at 4, 8 and 12 */
    qtest_writel(q, ANATOP_PLL_SYS + 8, PLL_BYPASS | PLL_POWERDOWN);
    assert_hz(q, "ipu1-hz", 480 * MHZ / 2);
    qtest_writel(q, ANATOP_PLL_SYS + 4, 1);
    assert_hz(q, "ipu1-hz", 528 * MHZ / 2);
    qtest_writel(q, ANATOP_PLL_SYS + 12, 1);
    assert_hz(q, "ipu1-hz", 480 * MHZ / 2);
    qtest_quit(q);
}

/* PLL3's bit 12 powers it up (clk-pllv3.c: "power bit of USB PLLs is 1"). */
static void test_pll3(void)
{
    QTestState *q = start();

    assert_hz(q, "gpu3d-shader-hz", 720 * MHZ);
    qtest_writel(q, ANATOP_PLL_USB1, PLL_ENABLE);
    assert_hz(q, "gpu3d-shader-hz", 0);
    qtest_writel(q, ANATOP_PLL_USB1, PLL_ENABLE | 1u << 12 | 1);
    assert_hz(q, "gpu3d-shader-hz", 528ull * MHZ * 18 / 12);
    qtest_quit(q);
}

/*
 * LOCK follows the power and is nobody's to write: clk_pllv3_wait_lock()
 * writes the register back with what it read.
 */
static void test_lock(void)
{
    static const struct {
        uint16_t reg;
        bool power_up;
    } plls[] = {
        { 0x00, false }, { 0x10, true }, { 0x20, true }, { 0x30, false },
        { 0x70, false }, { 0xa0, false }, { 0xe0, false },
    };
    QTestState *q = imx6_init("");

    for (unsigned i = 0; i < G_N_ELEMENTS(plls); i++) {
        uint32_t on = plls[i].power_up ? 1u << 12 : 0, off = on ^ 1u << 12;

        qtest_writel(q, ANALOG(plls[i].reg), on | PLL_ENABLE);
        g_assert_cmphex(qtest_readl(q, ANALOG(plls[i].reg)), ==,
                        on | PLL_ENABLE | PLL_LOCK);
        qtest_writel(q, ANALOG(plls[i].reg), off | PLL_LOCK);
        g_assert_cmphex(qtest_readl(q, ANALOG(plls[i].reg)), ==, off);
    }
    qtest_quit(q);
}

/*
 * PLL5 with its fraction and both post dividers (post_div_table and
 * video_div_table; they work from revision 1.1 on), at IPU1 DI0.
 */
static void test_pll5(void)
{
    static const struct {
        unsigned post;
        unsigned video;
        unsigned div;
    } divs[] = {
        { 2, 0, 1 }, { 1, 0, 2 }, { 0, 0, 4 }, { 2, 1, 2 }, { 2, 2, 1 },
        { 2, 3, 4 }, { 0, 3, 16 },
    };
    QTestState *q = start();

    imx6_update(q, CCM_CHSCCDR, 0x1ff, 2 << 6);     /* pll5_video_div / 1 */
    assert_hz(q, "ipu1-di0-hz", 0);
    qtest_writel(q, PLL_NUM, 1);
    qtest_writel(q, PLL_DENOM, 2);
    for (unsigned i = 0; i < G_N_ELEMENTS(divs); i++) {
        qtest_writel(q, ANATOP_PLL_VIDEO,
                     PLL_ENABLE | divs[i].post << 19 | 27);
        imx6_update(q, MISC2, 3u << 30, (uint32_t)divs[i].video << 30);
        assert_hz(q, "ipu1-di0-hz", 660 * MHZ / divs[i].div);   /* 24 * 27.5 */
    }
    qtest_writel(q, PLL_NUM, 0);
    assert_hz(q, "ipu1-di0-hz", 648 * MHZ / 16);
    qtest_writel(q, PLL_DENOM, 0);                  /* no division by it */
    imx6_clk_hz(q, "ipu1-di0-hz");
    qtest_quit(q);
}

/*
 * No rate that a block could not calculate with: PLL5's VCO ends at 1.3 GHz
 * (18.7.10), a PFD divides by 12 at least (18.7.16).
 */
static void test_limits(void)
{
    QTestState *q = start();

    imx6_update(q, CCM_CHSCCDR, 0x1ff, 2 << 6);
    qtest_writel(q, PLL_NUM, 1u << 28);             /* 2^32 Hz, all in all */
    qtest_writel(q, PLL_DENOM, 1500000);
    qtest_writel(q, ANATOP_PLL_VIDEO, PLL_ENABLE | 2 << 19);
    g_assert_cmpuint(imx6_clk_hz(q, "ipu1-di0-hz"), <=, 1300 * MHZ);
    qtest_writel(q, ANATOP_PFD_528, 0x01010101);
    g_assert_cmpuint(imx6_clk_hz(q, "gpu3d-core-hz"), <=, 792 * MHZ);
    qtest_quit(q);
}

/* 18 / FRAC of the PLL; bit 7 of each byte gates (clk-pfd.c). */
static void test_pfd(void)
{
    QTestState *q = start();

    for (unsigned frac = 12; frac <= 35; frac++) {
        imx6_update(q, ANATOP_PFD_528, 0x3f, frac);             /* PFD0 */
        assert_hz(q, "gpu2d-core-hz", 528ull * MHZ * 18 / frac);
    }
    qtest_writel(q, ANATOP_PFD_528 + 4, 0x80);
    assert_hz(q, "gpu2d-core-hz", 0);
    assert_hz(q, "gpu3d-core-hz", 594 * MHZ);                   /* PFD1 */
    qtest_writel(q, ANATOP_PFD_528 + 8, 0x80);
    assert_hz(q, "gpu2d-core-hz", 528ull * MHZ * 18 / 35);
    qtest_writel(q, ANATOP_PFD_480 + 4, 0x8000);                /* PFD1 */
    assert_hz(q, "video-27m-hz", 0);
    qtest_quit(q);
}

/* ipu_sels, podf of 1 to 8 */
static void test_ipu(void)
{
    static const unsigned mhz[] = { 528, 396, 120, 540 };
    QTestState *q = start();

    for (unsigned sel = 0; sel < 4; sel++) {
        for (unsigned podf = 0; podf < 8; podf++) {
            qtest_writel(q, CCM_CSCDR3, sel << 9 | podf << 11 |
                         (3 - sel) << 14 | (7 - podf) << 16);
            assert_hz(q, "ipu1-hz", mhz[sel] * MHZ / (podf + 1));
            assert_hz(q, "ipu2-hz", mhz[3 - sel] * MHZ / (8 - podf));
        }
    }
    qtest_quit(q);
}

/* ipu_di_pre_sels, pre divider, and ipu1_di0_sels for both DIs of both IPUs */
static void test_di(void)
{
    static const struct {
        const char *name;
        uint32_t reg;
        unsigned shift;
    } dis[] = {
        { "ipu1-di0-hz", CCM_CHSCCDR, 0 }, { "ipu1-di1-hz", CCM_CHSCCDR, 9 },
        { "ipu2-di0-hz", CCM_CSCDR2, 0 }, { "ipu2-di1-hz", CCM_CSCDR2, 9 },
    };
    static const unsigned mhz[] = { 528, 480, 648, 352, 396, 540 };
    QTestState *q = start();

    qtest_writel(q, ANATOP_PLL_VIDEO, PLL_ENABLE | 2 << 19 | 27);
    qtest_writel(q, PLL_NUM, 0);
    imx6_update(q, CCM_CSCMR2, 3u << 10, 1u << 11);     /* DI1 LDB / 7 */
    for (unsigned i = 0; i < G_N_ELEMENTS(dis); i++) {
        for (unsigned sel = 0; sel < 6; sel++) {
            qtest_writel(q, dis[i].reg,
                         (sel << 6 | (sel + 1) << 3) << dis[i].shift);
            assert_hz(q, dis[i].name, mhz[sel] * MHZ / (sel + 2));
        }
        qtest_writel(q, dis[i].reg, 1 << dis[i].shift);
        assert_hz(q, dis[i].name, 0);                   /* the DI's pad */
        qtest_writel(q, dis[i].reg, 3 << dis[i].shift);
        assert_hz(q, dis[i].name, 528ull * MHZ * 2 / 7);
        qtest_writel(q, dis[i].reg, 4 << dis[i].shift);
        assert_hz(q, dis[i].name, 528ull * MHZ * 2 / 7 / 2);
    }
    qtest_quit(q);
}

/* ldb_di_sels, with another rate at mmdc_ch1 than at mmdc_ch0 */
static void test_ldb(void)
{
    static const unsigned mhz[] = { 648, 352, 396, 264, 480 };
    QTestState *q = start();

    qtest_writel(q, ANATOP_PLL_VIDEO, PLL_ENABLE | 2 << 19 | 27);
    qtest_writel(q, PLL_NUM, 0);
    imx6_update(q, CCM_CSCMR2, 3u << 10, 0);
    imx6_update(q, CCM_CBCDR, 7u << 3, 1u << 3);
    for (unsigned sel = 0; sel < 5; sel++) {
        qtest_writel(q, CCM_CS2CDR, sel << 9 | (4 - sel) << 12);
        assert_hz(q, "ldb-di0-hz", mhz[sel] * 1ull * MHZ * 2 / 7);
        assert_hz(q, "ldb-di1-hz", mhz[4 - sel] * 1ull * MHZ * 2 / 7);
    }
    qtest_quit(q);
}

/* Bus clocks: periph_pre_sels, periph_clk2, AHB, IPG, AXI */
static void test_bus(void)
{
    static const unsigned mhz[] = { 528, 396, 352, 198 };
    QTestState *q = start();

    for (unsigned sel = 0; sel < 4; sel++) {
        imx6_update(q, CCM_CBCMR, 3u << 18, sel << 18);
        assert_hz(q, "hdmi-iahb-hz", mhz[sel] * MHZ / 4);
        assert_hz(q, "ipg-hz", mhz[sel] * MHZ / 8);
    }
    imx6_update(q, CCM_CBCMR, 3u << 18, 0);
    imx6_update(q, CCM_CBCDR, 7u << 10, 1u << 10);      /* AHB / 2 */
    assert_hz(q, "hdmi-iahb-hz", 264 * MHZ);
    imx6_update(q, CCM_CBCDR, 3u << 8, 3u << 8);        /* IPG / 4 */
    assert_hz(q, "ipg-hz", 66 * MHZ);
    qtest_writel(q, CCM_CSCMR1, 10);                    /* PERCLK / 11 */
    assert_hz(q, "perclk-hz", 6 * MHZ);
    assert_hz(q, "pwm1-hz", 6 * MHZ);
    /* periph_clk2: PLL3, then the oscillator, / 3 */
    imx6_update(q, CCM_CBCDR, 0, 1u << 25 | 2u << 27);
    imx6_update(q, CCM_CBCMR, 3u << 12, 0);
    assert_hz(q, "hdmi-iahb-hz", 480 * MHZ / 3 / 2);
    imx6_update(q, CCM_CBCMR, 3u << 12, 1u << 12);
    assert_hz(q, "hdmi-iahb-hz", 24 * MHZ / 3 / 2);
    qtest_quit(q);
}

/* gpu2d_core_sels, gpu3d_core_sels, gpu3d_shader_sels */
static void test_gpu(void)
{
    static const unsigned mhz_2d[] = { 198, 480, 352, 396 };
    static const unsigned mhz_3d[] = { 528, 480, 594, 396 };
    static const unsigned mhz_shader[] = { 528, 480, 594, 720 };
    QTestState *q = start();

    for (unsigned sel = 0; sel < 4; sel++) {
        qtest_writel(q, CCM_CBCMR, sel << 16 | sel << 4 | sel << 8 |
                     1u << 23 | 2u << 26 | 5u << 29);
        assert_hz(q, "gpu2d-core-hz", mhz_2d[sel] * MHZ / 2);
        assert_hz(q, "gpu3d-core-hz", mhz_3d[sel] * MHZ / 3);
        assert_hz(q, "gpu3d-shader-hz", mhz_shader[sel] * MHZ / 6);
    }
    /* gpu_axi_sels: AHB */
    imx6_update(q, CCM_CBCMR, 0, 3);
    assert_hz(q, "gpu2d-axi-hz", 132 * MHZ);
    assert_hz(q, "gpu3d-axi-hz", 132 * MHZ);
    qtest_quit(q);
}

/* The table in front of imx_cscmr1_fixup(): written, read, divider */
static void test_cscmr1(void)
{
    static const uint8_t read[] = { 6, 7, 4, 5, 2, 3, 0, 1 };
    QTestState *q = start();

    g_assert_cmpuint(qtest_readl(q, CCM_CSCMR1) >> 20 & 7, ==, 1);
    for (unsigned podf = 0; podf < 8; podf++) {
        qtest_writel(q, CCM_CSCMR1, podf << 20);
        g_assert_cmphex(qtest_readl(q, CCM_CSCMR1), ==,
                        (uint32_t)read[podf] << 20);
        assert_hz(q, "eim-slow-hz", 396 * MHZ / (read[podf] + 1));
    }
    qtest_quit(q);
}

/* imx_init_revision_from_anatop(): 6Q, 1.5 (boards of today) */
static void test_digprog(void)
{
    QTestState *q = imx6_init("");

    g_assert_cmphex(qtest_readl(q, DIGPROG), ==, 0x00630005);
    qtest_writel(q, DIGPROG, 0);
    g_assert_cmphex(qtest_readl(q, DIGPROG), ==, 0x00630005);
    qtest_quit(q);
}

/*
 * imx_get_temp(): powered up and told to measure, FINISHED and a count; the
 * temperature is what fuse word ANA1 makes of it (imx_init_calib()).
 */
static void test_tempmon(void)
{
    QTestState *q = start();
    uint32_t ana1 = qtest_readl(q, IMX6_OCOTP + 0x4e0);
    int64_t n1 = ana1 >> 20, count, c1, milli;

    g_assert_cmphex(ana1, !=, 0);               /* "invalid sensor data" */
    qtest_writel(q, TEMPSENSE0 + 8, 1);         /* power up */
    g_assert_cmphex(qtest_readl(q, TEMPSENSE0) & 4, ==, 0);
    qtest_writel(q, TEMPSENSE0 + 4, 2);         /* MEASURE_TEMP */
    g_assert_cmphex(qtest_readl(q, TEMPSENSE0) & 7, ==, 6);
    count = qtest_readl(q, TEMPSENSE0) >> 8 & 0xfff;
    c1 = 10000000ll * 1000 / (15423 * n1 - 4148468);
    milli = n1 * c1 + 28581 - count * c1;
    g_assert_cmpint(milli, >, 20000);
    g_assert_cmpint(milli, <, 70000);
    qtest_writel(q, TEMPSENSE0 + 8, 2);
    g_assert_cmphex(qtest_readl(q, TEMPSENSE0) & 4, ==, 0);
    qtest_quit(q);
}

static void test_migration(void)
{
    QTestState *q = start();

    qtest_writel(q, CCM_CSCDR3, 1 << 9 | 3 << 11);
    imx6_update(q, ANATOP_PFD_528, 0x3f << 16, 33 << 16);
    q = imx6_migrate(q, "");
    assert_hz(q, "ipu1-hz", 528 * MHZ / 33 * 18 / 4);
    g_assert_cmphex(qtest_readl(q, ANATOP_PLL_SYS), ==, 0x80002001);
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-clk/resets", test_resets);
    qtest_add_func("/imx6-clk/defaults", test_defaults);
    qtest_add_func("/imx6-clk/gates", test_gates);
    qtest_add_func("/imx6-clk/pll2", test_pll2);
    qtest_add_func("/imx6-clk/pll3", test_pll3);
    qtest_add_func("/imx6-clk/lock", test_lock);
    qtest_add_func("/imx6-clk/pll5", test_pll5);
    qtest_add_func("/imx6-clk/limits", test_limits);
    qtest_add_func("/imx6-clk/pfd", test_pfd);
    qtest_add_func("/imx6-clk/ipu", test_ipu);
    qtest_add_func("/imx6-clk/di", test_di);
    qtest_add_func("/imx6-clk/ldb", test_ldb);
    qtest_add_func("/imx6-clk/bus", test_bus);
    qtest_add_func("/imx6-clk/gpu", test_gpu);
    qtest_add_func("/imx6-clk/cscmr1", test_cscmr1);
    qtest_add_func("/imx6-clk/digprog", test_digprog);
    qtest_add_func("/imx6-clk/tempmon", test_tempmon);
    qtest_add_func("/imx6-clk/migration", test_migration);
    return g_test_run();
}
