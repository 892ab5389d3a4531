/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the HDMI transmitter and its monitor: identity, PHY, hot plug,
 * EDID, clocks, picture. hw/imx6/hdmi.
 *
 * Expectations: drivers/gpu/drm/bridge/synopsys/dw-hdmi.c of Linux, and VESA
 * E-EDID 1.3.
 */

#include "qemu/osdep.h"
#include "imx6-display-qtest.h"

#define HDMI                    0x00120000
#define HDMI_SPI                115
#define DDC_ADDR                0x50

/* dw-hdmi.h */
#define PRODUCT_ID0             0x0002
#define PRODUCT_ID1             0x0003
#define CONFIG2_ID              0x0006
#define IH_PHY_STAT0            0x0104
#define   IH_HPD                0x01
#define   IH_RX_SENSE           0x3c
#define IH_I2CMPHY_STAT0        0x0108
#define   I2CMPHY_DONE          0x02
#define   I2CMPHY_ERROR         0x01
#define IH_MUTE_FC_STAT0        0x0180
#define IH_MUTE_PHY_STAT0       0x0184
#define IH_MUTE                 0x01ff
#define FC_INVIDCONF            0x1000
#define   INVIDCONF_HDMI        0x08
#define FC_INHACTV0             0x1001
#define FC_INHACTV1             0x1002
#define FC_INVACTV0             0x1005
#define FC_INVACTV1             0x1006
#define PHY_CONF0               0x3000
#define   CONF0_PDDQ            0x10
#define   CONF0_TXPWRON         0x08
#define   CONF0_ENHPDRXSENSE    0x04
#define PHY_STAT0               0x3004
#define   PHY_LOCK              0x01
#define   PHY_HPD               0x02
#define   PHY_RX_SENSE          0xf0
#define PHY_MASK0               0x3006
#define PHY_POL0                0x3007
#define PHY_I2CM_SLAVE          0x3020
#define PHY_I2CM_ADDRESS        0x3021
#define PHY_I2CM_DATAO_1        0x3022
#define PHY_I2CM_DATAO_0        0x3023
#define PHY_I2CM_DATAI_1        0x3024
#define PHY_I2CM_DATAI_0        0x3025
#define PHY_I2CM_OPERATION      0x3026
#define   OPERATION_READ        0x01
#define   OPERATION_WRITE       0x10
#define PHY_I2CM_INT            0x3027
#define PHY_I2CM_CTLINT         0x3028
#define MC_CLKDIS               0x4001
#define MC_PHYRSTZ              0x4005
#define PHY_GEN2                0x69

#define AUD_N1                  0x3200
#define AUD_CTS3                0x3205
#define AHB_DMA_CONF0           0x3600
#define AHB_DMA_STRADDR0        0x3604

#define MS                      1000000ll
#define US                      1000ll

static uint8_t rd(QTestState *q, uint32_t reg)
{
    return qtest_readb(q, HDMI + reg);
}

static void wr(QTestState *q, uint32_t reg, uint8_t value)
{
    qtest_writeb(q, HDMI + reg, value);
}

static void plug(QTestState *q, bool in)
{
    qtest_qmp_assert_success(q, "{ 'execute': 'qom-set', 'arguments': { "
                             "'path': '/machine/hdmi', "
                             "'property': 'connected', 'value': %i } }", in);
}

static QTestState *start(void)
{
    QTestState *q = imx6_init_irq("");

    imx6_pll2_on(q);
    imx6_pll3_on(q);            /* SFR clock */
    return q;
}

/* dw_hdmi_probe(): "controller with HDCP", and which PHY */
static void test_identity(void)
{
    QTestState *q = start();
    uint8_t phy = rd(q, CONFIG2_ID);

    g_assert_cmphex(rd(q, PRODUCT_ID0), ==, 0xa0);
    g_assert_cmphex(rd(q, PRODUCT_ID1) & ~0xc0, ==, 0x01);
    g_assert_true(phy == 0xf2 || phy == 0xe2);  /* 3D TX, with HEAC or not */
    wr(q, PRODUCT_ID0, 0);
    wr(q, CONFIG2_ID, 0);
    g_assert_cmphex(rd(q, PRODUCT_ID0), ==, 0xa0);
    g_assert_cmphex(rd(q, CONFIG2_ID), ==, phy);
    /* initialize_hdmi_ih_mutes(): "boot up defaults" */
    g_assert_cmphex(rd(q, IH_MUTE), ==, 0x03);
    for (unsigned i = 0; i < 10; i++) {
        g_assert_cmphex(rd(q, IH_MUTE_FC_STAT0 + i), ==, 0);
    }
    qtest_quit(q);
}

/* dw_hdmi_setup_i2c(), dw_hdmi_phy_setup_hpd(), mutes as in probe */
static void hpd_setup(QTestState *q)
{
    wr(q, IH_MUTE, 0x03);
    wr(q, PHY_MASK0, 0xff);
    for (unsigned i = 0; i < 10; i++) {
        wr(q, IH_MUTE_FC_STAT0 + i, 0xff);
    }
    wr(q, IH_MUTE, 0);
    wr(q, PHY_POL0, PHY_HPD | PHY_RX_SENSE);
    wr(q, IH_PHY_STAT0, IH_HPD | IH_RX_SENSE);
    wr(q, PHY_MASK0, (uint8_t)~(PHY_HPD | PHY_RX_SENSE));
    wr(q, IH_PHY_STAT0, IH_HPD | IH_RX_SENSE);
    wr(q, IH_MUTE_PHY_STAT0, (uint8_t)~(IH_HPD | IH_RX_SENSE));
}

/* dw_hdmi_hardirq() and dw_hdmi_irq(); what the PHY said */
static uint8_t hpd_irq(QTestState *q)
{
    uint8_t ih = rd(q, IH_PHY_STAT0), stat, pol;

    wr(q, IH_MUTE_PHY_STAT0, 0xff);
    g_assert_false(imx6_spi(q, HDMI_SPI));
    stat = rd(q, PHY_STAT0);
    pol = (ih & IH_HPD ? PHY_HPD : 0) | (ih & IH_RX_SENSE) << 2;
    wr(q, PHY_POL0, rd(q, PHY_POL0) ^ pol);
    wr(q, IH_PHY_STAT0, ih);
    wr(q, IH_MUTE_PHY_STAT0, (uint8_t)~(IH_HPD | IH_RX_SENSE));
    return stat & (PHY_HPD | PHY_RX_SENSE);
}

/* Plugging and pulling, each an interrupt that the driver's handler ends */
static void test_hot_plug(void)
{
    QTestState *q = start();

    plug(q, false);
    hpd_setup(q);
    g_assert_false(imx6_spi(q, HDMI_SPI));
    g_assert_cmphex(rd(q, PHY_STAT0) & (PHY_HPD | PHY_RX_SENSE), ==, 0);
    for (unsigned i = 0; i < 3; i++) {
        plug(q, true);
        g_assert_true(imx6_spi(q, HDMI_SPI));
        g_assert_cmphex(hpd_irq(q), ==, PHY_HPD | PHY_RX_SENSE);
        g_assert_false(imx6_spi(q, HDMI_SPI));
        g_assert_cmphex(rd(q, IH_PHY_STAT0), ==, 0);
        plug(q, true);                          /* nothing new */
        g_assert_false(imx6_spi(q, HDMI_SPI));
        plug(q, false);
        g_assert_true(imx6_spi(q, HDMI_SPI));
        g_assert_cmphex(hpd_irq(q), ==, 0);
        g_assert_false(imx6_spi(q, HDMI_SPI));
    }
    /* Muted at the top, in its group, masked in the PHY */
    wr(q, IH_MUTE, 0x01);
    plug(q, true);
    g_assert_false(imx6_spi(q, HDMI_SPI));
    wr(q, IH_MUTE, 0);
    g_assert_true(imx6_spi(q, HDMI_SPI));
    wr(q, IH_MUTE_PHY_STAT0, 0xff);
    g_assert_false(imx6_spi(q, HDMI_SPI));
    hpd_irq(q);
    wr(q, PHY_MASK0, 0xff);
    plug(q, false);
    g_assert_false(imx6_spi(q, HDMI_SPI));
    g_assert_cmphex(rd(q, IH_PHY_STAT0), ==, 0);
    qtest_quit(q);
}

/* There at power-on: the first setup already finds it. */
static void test_plugged_at_start(void)
{
    QTestState *q = start();

    hpd_setup(q);
    g_assert_true(imx6_spi(q, HDMI_SPI));
    g_assert_cmphex(hpd_irq(q), ==, PHY_HPD | PHY_RX_SENSE);
    g_assert_false(imx6_spi(q, HDMI_SPI));
    qtest_quit(q);
}

/* dw_hdmi_phy_i2c_set_addr(), dw_hdmi_setup_i2c() */
static void phy_i2c_setup(QTestState *q, uint8_t slave)
{
    wr(q, PHY_I2CM_SLAVE, slave);
    wr(q, PHY_I2CM_INT, 0x08);                  /* DONE_POL */
    wr(q, PHY_I2CM_CTLINT, 0x88);               /* NAC_POL, ARBITRATION_POL */
}

/* hdmi_phy_wait_i2c_done(): within a second; which of the two */
static uint8_t phy_i2c(QTestState *q, uint8_t reg, uint16_t data, uint8_t op)
{
    uint8_t stat = 0;

    wr(q, IH_I2CMPHY_STAT0, 0xff);
    wr(q, PHY_I2CM_ADDRESS, reg);
    wr(q, PHY_I2CM_DATAO_1, data >> 8);
    wr(q, PHY_I2CM_DATAO_0, data);
    wr(q, PHY_I2CM_OPERATION, op);
    g_assert_cmphex(rd(q, IH_I2CMPHY_STAT0), ==, 0);    /* takes a while */
    for (unsigned i = 0; i < 1000 && !stat; i++) {
        qtest_clock_step(q, 100 * US);
        stat = rd(q, IH_I2CMPHY_STAT0) & 3;
    }
    wr(q, IH_I2CMPHY_STAT0, stat);
    g_assert_cmphex(rd(q, IH_I2CMPHY_STAT0), ==, 0);
    return stat;
}

static void test_phy_i2c(void)
{
    QTestState *q = start();

    phy_i2c_setup(q, PHY_GEN2);
    g_assert_cmphex(phy_i2c(q, 0x06, 0x1234, OPERATION_WRITE), ==,
                    I2CMPHY_DONE);
    g_assert_cmphex(phy_i2c(q, 0x15, 0x5678, OPERATION_WRITE), ==,
                    I2CMPHY_DONE);
    g_assert_cmphex(phy_i2c(q, 0x06, 0, OPERATION_READ), ==, I2CMPHY_DONE);
    g_assert_cmphex(rd(q, PHY_I2CM_DATAI_1), ==, 0x12);
    g_assert_cmphex(rd(q, PHY_I2CM_DATAI_0), ==, 0x34);
    /* Nobody has this address. */
    phy_i2c_setup(q, 0x11);
    g_assert_cmphex(phy_i2c(q, 0x06, 0x9999, OPERATION_WRITE), ==,
                    I2CMPHY_ERROR);
    qtest_quit(q);
}

/* dw_hdmi_phy_power_on(): up to five times 2 ms */
static bool phy_power_on(QTestState *q)
{
    wr(q, MC_PHYRSTZ, 1);       /* dw_hdmi_phy_gen2_reset() */
    wr(q, MC_PHYRSTZ, 0);
    wr(q, PHY_CONF0, CONF0_ENHPDRXSENSE | CONF0_PDDQ | 0x02);
    wr(q, PHY_CONF0, CONF0_ENHPDRXSENSE | CONF0_PDDQ | CONF0_TXPWRON | 0x02);
    wr(q, PHY_CONF0, CONF0_ENHPDRXSENSE | CONF0_TXPWRON | 0x02);
    for (unsigned i = 0; i < 5; i++) {
        if (rd(q, PHY_STAT0) & PHY_LOCK) {
            return true;
        }
        qtest_clock_step(q, 2 * MS);
    }
    return false;
}

/* The PLL locks on a pixel clock, and only while the PHY is on. */
static void test_phy_lock(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    QTestState *q = d.q;

    imx6_pll3_on(q);
    g_assert_false(rd(q, PHY_STAT0) & PHY_LOCK);
    g_assert_false(phy_power_on(q));            /* no pixel clock */
    display_on(&d);
    qtest_clock_step(q, 2 * PANEL_PERIOD);
    g_assert_true(phy_power_on(q));
    wr(q, PHY_CONF0, CONF0_ENHPDRXSENSE | CONF0_TXPWRON | CONF0_PDDQ | 0x02);
    g_assert_false(rd(q, PHY_STAT0) & PHY_LOCK);
    g_assert_true(phy_power_on(q));
    wr(q, PHY_CONF0, CONF0_ENHPDRXSENSE | 0x02);
    g_assert_false(rd(q, PHY_STAT0) & PHY_LOCK);
    g_assert_true(phy_power_on(q));
    /* IOMUXC_GPR3[3:2]: another interface, which stands still */
    imx6_update(q, IMX6_IOMUXC + 0x0c, 3u << 2, 1u << 2);
    g_assert_false(rd(q, PHY_STAT0) & PHY_LOCK);
    imx6_update(q, IMX6_IOMUXC + 0x0c, 3u << 2, 0);
    g_assert_true(rd(q, PHY_STAT0) & PHY_LOCK);
    display_off(&d);
    qtest_clock_step(q, 2 * PANEL_PERIOD);
    g_assert_false(rd(q, PHY_STAT0) & PHY_LOCK);
    display_quit(&d);
}

/* drm_do_probe_ddc_edid(): write the offset, read on after a restart */
static bool edid_read(QTestState *q, uint8_t *edid, unsigned n)
{
    bool there;

    i2c_start(q, 0);
    there = i2c_byte(q, DDC_ADDR << 1) && i2c_byte(q, 0);
    if (there) {
        qtest_writew(q, I2C2 + I2CR,
                     I2CR_IEN | I2CR_MSTA | I2CR_MTX | I2CR_RSTA);
        g_assert_true(i2c_byte(q, DDC_ADDR << 1 | 1));
        qtest_writew(q, I2C2 + I2CR, I2CR_IEN | I2CR_MSTA);
        qtest_readw(q, I2C2 + I2DR);
        for (unsigned i = 0; i < n; i++) {
            edid[i] = qtest_readw(q, I2C2 + I2DR);
        }
    }
    i2c_stop(q);
    return there;
}

static void test_edid(void)
{
    static const uint8_t header[8] = {
        0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00,
    };
    QTestState *q = start();
    uint8_t edid[256], again[256];
    const uint8_t *dtd = edid + 54;

    g_assert_true(edid_read(q, edid, sizeof(edid)));
    g_assert_cmpmem(edid, 8, header, 8);
    g_assert_cmpuint(edid[126], ==, 1);         /* extensions */
    for (unsigned block = 0; block < 2; block++) {
        uint8_t sum = 0;

        for (unsigned i = 0; i < 128; i++) {
            sum += edid[128 * block + i];
        }
        g_assert_cmphex(sum, ==, 0);
    }
    g_assert_cmphex(edid[18], ==, 1);           /* version 1.3 or 1.4 */
    g_assert_cmphex(edid[19], >=, 3);
    g_assert_cmphex(edid[20] & 0x80, !=, 0);    /* digital */
    g_assert_cmphex(edid[128], ==, 0x02);       /* CTA-861 */
    /* The preferred timing makes sense: so many Hz. */
    {
        unsigned clock = (dtd[0] | dtd[1] << 8) * 10000;
        unsigned h = dtd[2] | (dtd[4] & 0xf0) << 4;
        unsigned v = dtd[5] | (dtd[7] & 0xf0) << 4;

        h += dtd[3] | (dtd[4] & 0x0f) << 8;
        v += dtd[6] | (dtd[7] & 0x0f) << 8;
        g_assert_cmpuint(clock / h / v, >=, 49);
        g_assert_cmpuint(clock / h / v, <=, 76);
    }
    /* The monitor goes, and its EDID with it. */
    plug(q, false);
    g_assert_false(edid_read(q, again, sizeof(again)));
    plug(q, true);
    g_assert_true(edid_read(q, again, sizeof(again)));
    g_assert_cmpmem(edid, sizeof(edid), again, sizeof(again));
    qtest_quit(q);
}

static bool set_edid(QTestState *q, const char *file)
{
    QDict *answer = qtest_qmp(q, "{ 'execute': 'qom-set', 'arguments': { "
                              "'path': '/machine/hdmi-ddc', "
                              "'property': 'edid', 'value': %s } }", file);
    bool ok = qdict_haskey(answer, "return");

    qobject_unref(answer);
    return ok;
}

/* Another monitor: bytes from a file, right or wrong */
static void test_edid_file(void)
{
    g_autofree char *path = g_strdup_printf("%s/refsoc-edid-%d",
                                            g_get_tmp_dir(), getpid());
    g_autofree char *machine = NULL;
    uint8_t edid[256], own[256], seen[256];
    QTestState *q = start();

    g_assert_true(edid_read(q, own, sizeof(own)));
    for (unsigned i = 0; i < sizeof(edid); i++) {
        edid[i] = 3 * i + 1;
    }
    g_assert_false(set_edid(q, path));          /* no such file */
    g_assert_true(g_file_set_contents(path, (char *)edid, 200, NULL));
    g_assert_false(set_edid(q, path));          /* not whole blocks */
    g_assert_true(edid_read(q, seen, sizeof(seen)));
    g_assert_cmpmem(seen, sizeof(seen), own, sizeof(own));
    g_assert_true(g_file_set_contents(path, (char *)edid, 256, NULL));
    g_assert_true(set_edid(q, path));
    g_assert_true(edid_read(q, seen, sizeof(seen)));
    g_assert_cmpmem(seen, sizeof(seen), edid, sizeof(edid));
    /* One block: its memory is read round and round. */
    g_assert_true(g_file_set_contents(path, (char *)edid, 128, NULL));
    g_assert_true(set_edid(q, path));
    g_assert_true(edid_read(q, seen, sizeof(seen)));
    g_assert_cmpmem(seen, 128, edid, 128);
    g_assert_cmpmem(seen + 128, 128, edid, 128);
    g_unlink(path);
    q = imx6_migrate(q, "");
    g_assert_true(edid_read(q, seen, sizeof(seen)));
    g_assert_cmpmem(seen, 128, edid, 128);
    g_assert_true(set_edid(q, ""));
    g_assert_true(edid_read(q, seen, sizeof(seen)));
    g_assert_cmpmem(seen, sizeof(seen), own, sizeof(own));
    qtest_quit(q);

    g_assert_true(g_file_set_contents(path, (char *)edid, 256, NULL));
    machine = g_strdup_printf("-machine edid=%s", path);
    q = imx6_init_irq(machine);
    g_assert_true(edid_read(q, seen, sizeof(seen)));
    g_assert_cmpmem(seen, sizeof(seen), edid, sizeof(edid));
    qtest_quit(q);
    g_unlink(path);
}

/* Audio: what is written is kept, by the bits there are */
static void test_audio_registers(void)
{
    QTestState *q = start();

    for (unsigned reg = AUD_N1; reg < AUD_CTS3; reg++) {
        wr(q, reg, 0xff);
        g_assert_cmphex(rd(q, reg), ==, reg == AUD_N1 + 2 ? 0x0f : 0xff);
    }
    wr(q, AHB_DMA_CONF0, 0xff);
    g_assert_cmphex(rd(q, AHB_DMA_CONF0), ==, 0x9f);
    wr(q, AHB_DMA_STRADDR0, 0x5a);
    g_assert_cmphex(rd(q, AHB_DMA_STRADDR0), ==, 0x5a);
    qtest_quit(q);
}

/* CCGR2: CG0 is the registers' clock, CG2 the SFR's (18.6.25) */
static void test_gates(void)
{
    static const unsigned cg[] = { 0, 2 };
    QTestState *q = start();

    for (unsigned i = 0; i < G_N_ELEMENTS(cg); i++) {
        wr(q, PHY_POL0, 0x52);
        imx6_gate(q, 2, cg[i], false);
        g_assert_cmphex(rd(q, PRODUCT_ID0), ==, 0);
        g_assert_cmphex(rd(q, PHY_POL0), ==, 0);
        wr(q, PHY_POL0, 0xa1);
        imx6_gate(q, 2, cg[i], true);
        g_assert_cmphex(rd(q, PRODUCT_ID0), ==, 0xa0);
        g_assert_cmphex(rd(q, PHY_POL0), ==, 0x52);
    }
    qtest_quit(q);
}

/* What a monitor shows, as a PPM: its size and one pixel */
static void screen(Display *d, unsigned *width, unsigned *height,
                   uint32_t *rgb)
{
    g_autofree char *path = g_strdup_printf("%s/hdmi.ppm", d->dir);
    g_autofree char *text = NULL;
    unsigned char *p;
    size_t size;

    qtest_qmp_assert_success(d->q, "{ 'execute': 'screendump', 'arguments': "
                             "{ 'filename': %s, 'device': 'hdmi' } }", path);
    g_assert_true(g_file_get_contents(path, &text, &size, NULL));
    g_unlink(path);
    g_assert_cmpint(sscanf(text, "P6\n%u %u\n255\n", width, height), ==, 2);
    p = (unsigned char *)text + size - 3;
    *rgb = p[0] << 16 | p[1] << 8 | p[2];
}

/* The picture needs the PHY, the frame composer's size and a monitor. */
static void test_picture(void)
{
    Display d = display_init(0, (DisplayMode) SMALL_MODE);
    QTestState *q = d.q;
    unsigned w, h;
    uint32_t rgb;

    imx6_pll3_on(q);
    for (unsigned i = 0; i < 3; i++) {          /* 24 bits on the bus */
        dc_map(q, MAP_BGR666, i, 8 * i + 7, 0xff);
    }
    qtest_memset(q, FB(0), 0xa5, 64 * 64 * 4);
    display_on(&d);
    qtest_clock_step(q, 2 * PANEL_PERIOD);
    wr(q, FC_INHACTV0, 64);
    wr(q, FC_INHACTV1, 0);
    wr(q, FC_INVACTV0, 64);
    wr(q, FC_INVACTV1, 0);
    wr(q, MC_CLKDIS, 0x7c);     /* dw_hdmi_enable_video_path() */
    screen(&d, &w, &h, &rgb);
    g_assert_cmphex(rgb, ==, 0);
    g_assert_true(phy_power_on(q));
    qtest_clock_step(q, PANEL_PERIOD);
    screen(&d, &w, &h, &rgb);
    g_assert_cmpuint(w, ==, 64);
    g_assert_cmpuint(h, ==, 64);
    g_assert_cmphex(rgb, ==, 0xa5a5a5);
    plug(q, false);
    screen(&d, &w, &h, &rgb);
    g_assert_cmphex(rgb, ==, 0);
    plug(q, true);
    qtest_clock_step(q, PANEL_PERIOD);
    screen(&d, &w, &h, &rgb);
    g_assert_cmphex(rgb, ==, 0xa5a5a5);
    /* A size that is not what comes in: of no matter to DVI (U-Boot) */
    wr(q, FC_INHACTV0, 72);
    wr(q, FC_INVIDCONF, rd(q, FC_INVIDCONF) | INVIDCONF_HDMI);
    qtest_clock_step(q, PANEL_PERIOD);
    screen(&d, &w, &h, &rgb);
    g_assert_cmphex(rgb, ==, 0);
    wr(q, FC_INVIDCONF, rd(q, FC_INVIDCONF) & ~INVIDCONF_HDMI);
    qtest_clock_step(q, PANEL_PERIOD);
    screen(&d, &w, &h, &rgb);
    g_assert_cmphex(rgb, ==, 0xa5a5a5);
    display_quit(&d);
}

/* Saved with the PHY's I2C under way and a plug not yet handled */
static void test_migrate(void)
{
    QTestState *q = start();
    uint8_t edid[8];

    plug(q, false);
    hpd_setup(q);
    phy_i2c_setup(q, PHY_GEN2);
    phy_i2c(q, 0x06, 0x1234, OPERATION_WRITE);
    wr(q, PHY_I2CM_ADDRESS, 0x15);
    wr(q, PHY_I2CM_OPERATION, OPERATION_WRITE);
    plug(q, true);
    plug(q, false);
    q = imx6_migrate(q, "");
    g_assert_cmphex(rd(q, IH_I2CMPHY_STAT0), ==, 0);
    qtest_clock_step(q, 10 * MS);
    g_assert_cmphex(rd(q, IH_I2CMPHY_STAT0), ==, I2CMPHY_DONE);
    g_assert_cmphex(rd(q, IH_PHY_STAT0), ==, IH_HPD | IH_RX_SENSE);
    g_assert_cmphex(rd(q, PHY_STAT0) & PHY_HPD, ==, 0);
    g_assert_false(edid_read(q, edid, sizeof(edid)));
    g_assert_cmphex(phy_i2c(q, 0x06, 0, OPERATION_READ), ==, I2CMPHY_DONE);
    g_assert_cmphex(rd(q, PHY_I2CM_DATAI_1), ==, 0x12);
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-hdmi/identity", test_identity);
    qtest_add_func("/imx6-hdmi/hot-plug", test_hot_plug);
    qtest_add_func("/imx6-hdmi/plugged-at-start", test_plugged_at_start);
    qtest_add_func("/imx6-hdmi/phy-i2c", test_phy_i2c);
    qtest_add_func("/imx6-hdmi/phy-lock", test_phy_lock);
    qtest_add_func("/imx6-hdmi/edid", test_edid);
    qtest_add_func("/imx6-hdmi/edid-file", test_edid_file);
    qtest_add_func("/imx6-hdmi/audio-registers", test_audio_registers);
    qtest_add_func("/imx6-hdmi/gates", test_gates);
    qtest_add_func("/imx6-hdmi/picture", test_picture);
    qtest_add_func("/imx6-hdmi/migrate", test_migrate);
    return g_test_run();
}
