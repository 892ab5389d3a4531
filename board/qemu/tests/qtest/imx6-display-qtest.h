/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bring-up of IPU1's display path for qtests, as Linux's imx-drm does it:
 * drivers/gpu/drm/imx/ipuv3/ipuv3-crtc.c and ipuv3-plane.c over
 * drivers/gpu/ipu-v3/ipu-{dc,di,dmfc,dp,cpmem,common}.c.
 */
#ifndef IMX6_DISPLAY_QTEST_H
#define IMX6_DISPLAY_QTEST_H

#include "imx6-camera-qtest.h"

#define CONF_DP_EN              (1u << 5)
#define CONF_DI_EN(di)          (1u << (6 + (di)))
#define CONF_DC_EN              (1u << 9)
#define CONF_DMFC_EN            (1u << 10)

#define IPU_SRM_PRI2            (IPU_CM + 0x0a4)
#define   SRM_DP_NEXT_FRAME     (1u << 3)
#define   SRM_DP_NOW            (3u << 3)
#define IPU_DISP_GEN            (IPU_CM + 0x0c4)
#define   DI_COUNTER_RELEASE(n) (1u << (24 + (n)))
#define IPU_MEM_RST             (IPU_CM + 0x0dc)

#define IPU_DC                  (IMX6_IPU(1) + 0x258000)
#define IPU_DC_TMPL             (IMX6_IPU(1) + 0x380000)
#define IPU_DMFC                (IMX6_IPU(1) + 0x260000)
#define IPU_DP                  (IMX6_IPU(1) + 0x340000)
#define   DP_COM_CONF           (IPU_DP + 0x00)
#define     DP_FG_EN            (1u << 0)
#define     DP_GWSEL            (1u << 1)
#define     DP_GWAM             (1u << 2)
#define     DP_CSC_BG           (2u << 8)
#define   DP_GRAPH_WIND_CTRL    (IPU_DP + 0x04)
#define   DP_FG_POS             (IPU_DP + 0x08)
#define   DP_CSC_A_0            (IPU_DP + 0x44)
#define IPU_DI(n)               (IMX6_IPU(1) + 0x240000 + 0x8000 * (n))

/* Interrupts by the numbers of ipu-common.c: 32 * register + bit */
#define IRQ_EOF(ch)             (ch)
#define IRQ_NFACK(ch)           (64 + (ch))
#define IRQ_AXIR_ERR            318
#define IRQ_DP_SF_START         450
#define IRQ_DP_SF_END           451
#define IRQ_VSYNC_PRE(di)       (462 + (di))

#define CH_BG                   23
#define CH_FG                   27
#define CH_DC                   28

#define TESTDEV_SHOT            0x00138008
#define TESTDEV_SHOTS           0x0013800c

/* DC maps: ipu-dc.c, enum ipu_dc_map */
#define MAP_RGB24               0
#define MAP_BGR666              3

/* Frame buffers */
#define FB(n)                   (IMX6_RAM + 0x400000 + 0x400000 * (n))

/* Active pixels or lines, and the blanking as struct videomode names it */
typedef struct DisplayMode {
    unsigned hactive, hfront, hback, hsync;
    unsigned vactive, vfront, vback, vsync;
} DisplayMode;

/* okaya,rs800480t-7x0gp in panel-simple.c: 928 by 525 in all at 30 MHz */
#define PANEL_MODE              { 800, 40, 40, 48, 480, 13, 29, 3 }
/* The same period with a picture that is quick to compare */
#define SMALL_MODE              { 64, 776, 40, 48, 64, 429, 29, 3 }
#define PANEL_PERIOD            (928ll * 525 * 1000000000 / 30000000)
#define PANEL_LINE              (PANEL_PERIOD / 525)

/* A channel's picture. Zero members: 0x00RRGGBB words, no more than needed */
typedef struct Plane {
    unsigned width, height;
    uint32_t addr;
    unsigned stride;
    uint8_t pfs;
    uint8_t bpp;                /* CPMEM code: 0 is 32, 3 is 16 bits */
} Plane;

typedef struct Display {
    QTestState *q;
    unsigned di;
    DisplayMode mode;
    char *dir;                  /* for screenshots */
    unsigned shots;
} Display;

static inline unsigned mode_htotal(const DisplayMode *m)
{
    return m->hactive + m->hfront + m->hback + m->hsync;
}

static inline unsigned mode_vtotal(const DisplayMode *m)
{
    return m->vactive + m->vfront + m->vback + m->vsync;
}

/*
 * PLL5 at 24 MHz * 30, divided by 8: 90 MHz at DI0 and DI1 (18.7.10, 18.7.15;
 * CHSCCDR: pre-mux to PLL5, podf 8, mux to the divider, 18.6.15).
 */
#define DI_CLOCK_HZ             90000000
static inline void display_clocks(QTestState *q)
{
    uint32_t half = 2u << 6 | 7u << 3;

    imx6_pll2_on(q);
    qtest_writel(q, IMX6_ANATOP + 0x0b0, 0);            /* NUM */
    qtest_writel(q, IMX6_ANATOP + 0x0a0, 0x2000 | 2u << 19 | 30);
    qtest_writel(q, IMX6_CCM + 0x34, half << 9 | half);
}

/* pinctrl_j15 of imx6qdl-sabrelite.dtsi: ALT0 for all of the pads */
static inline void display_pads(QTestState *q, unsigned alt)
{
    for (uint32_t pad = 0x15c; pad <= 0x168; pad += 4) {
        qtest_writel(q, IMX6_IOMUXC + pad, alt);        /* DI0_... */
    }
    for (unsigned i = 0; i < 24; i++) {
        qtest_writel(q, IMX6_IOMUXC + 0x170 + 4 * i, alt);
    }
}

static inline uint32_t dc_channel(const Display *d)
{
    return IPU_DC + (d->di ? 0x1c : 0x5c);
}

/* ipu_dc_map_config() */
static inline void dc_map(QTestState *q, unsigned map, unsigned byte,
                          unsigned offset, unsigned mask)
{
    unsigned ptr = map * 3 + byte;

    imx6_update(q, IPU_DC + 0x144 + (ptr & ~1) * 2, 0xffffu << 16 * (ptr & 1),
                (offset << 8 | mask) << 16 * (ptr & 1));
    imx6_update(q, IPU_DC + 0x108 + (map & ~1) * 2,
                0x1fu << (16 * (map & 1) + 5 * byte),
                ptr << (16 * (map & 1) + 5 * byte));
}

static inline void dc_template(QTestState *q, unsigned word, unsigned map,
                               unsigned glue, bool stop)
{
    qtest_writel(q, IPU_DC_TMPL + 8 * word,
                 5 | glue << 4 | 1u << 11 | (map + 1) << 15);
    qtest_writel(q, IPU_DC_TMPL + 8 * word + 4, 0x18u << 4 | stop << 9);
}

/* ipu_dc_init(), ipu_dc_init_sync() */
static inline void dc_setup(Display *d)
{
    QTestState *q = d->q;
    unsigned map = d->di ? MAP_RGB24 : MAP_BGR666, word = d->di ? 5 : 0;
    uint32_t ch = dc_channel(d);

    for (unsigned i = 0; i < 3; i++) {
        dc_map(q, MAP_RGB24, i, 8 * i + 7, 0xff);
        dc_map(q, MAP_BGR666, i, 6 * i + 5, 0xfc);
    }
    qtest_writel(q, IPU_DC + 0xd4, 2u << 1 | 1u << 7);  /* DC_GEN */
    qtest_writel(q, ch, 2 | (d->di ? 1u << 3 | 1u << 2 : 0));
    qtest_writel(q, ch + 0x08, ((word + 2) << 8 | 3) << 16);    /* NL */
    qtest_writel(q, ch + 0x10, (word + 3) << 8 | 2);            /* EOL */
    qtest_writel(q, ch + 0x18, (word + 1) << 8 | 1);            /* NEW_DATA */
    dc_template(q, word + 2, map, 8, true);
    dc_template(q, word + 3, map, 4, false);
    dc_template(q, word + 1, map, 0, true);
    qtest_writel(q, IPU_DC_TMPL + 8 * (word + 4), 0);
    qtest_writel(q, IPU_DC_TMPL + 8 * (word + 4) + 4, 1u << 7 | 1u << 9);
    qtest_writel(q, ch + 0x04, 0);
    qtest_writel(q, IPU_DC + 0xe8 + 4 * d->di, d->mode.hactive);
}

/* A counter of the DI: ipu_di_sync_config() */
static inline void di_counter(Display *d, unsigned n, unsigned run,
                              unsigned run_src, unsigned offset,
                              unsigned offset_src, unsigned repeat,
                              unsigned clear)
{
    uint32_t base = IPU_DI(d->di);

    qtest_writel(d->q, base + 0x0c + 4 * (n - 1),
                 run << 19 | run_src << 16 | offset << 3 | offset_src);
    qtest_writel(d->q, base + 0x30 + 4 * (n - 1),
                 clear << 25 | (repeat ? 0 : 1u << 28));
    imx6_update(d->q, base + 0x148 + 4 * ((n - 1) / 2),
                0xffffu << 16 * ((n - 1) & 1), repeat << 16 * ((n - 1) & 1));
}

/* ipu_di_init_sync_panel(); @div: of the DI's clock, or of the IPU's */
static inline void di_setup(Display *d, unsigned div, bool di_clock)
{
    const DisplayMode *m = &d->mode;
    uint32_t base = IPU_DI(d->di);
    unsigned htotal = mode_htotal(m), vtotal = mode_vtotal(m);

    qtest_writel(d->q, base + 0x04, div << 4);          /* BS_CLKGEN0 */
    qtest_writel(d->q, base + 0x08, div << 16);
    di_counter(d, 1, htotal - 1, 1, 0, 0, 0, 0);        /* internal HSYNC */
    di_counter(d, 2, htotal - 1, 1, 0, 1, 0, 0);        /* HSYNC */
    di_counter(d, 3, vtotal - 1, 2, 0, 0, 0, 0);        /* VSYNC */
    di_counter(d, 4, 0, 3, m->vsync + m->vback, 3, m->vactive, 4);
    di_counter(d, 5, 0, 1, m->hsync + m->hback, 1, m->hactive, 5);
    qtest_writel(d->q, base + 0x170, vtotal - 1);       /* SCR_CONF */
    qtest_writel(d->q, base + 0x00, 1u << 21 | di_clock << 20);
    qtest_writel(d->q, base + 0x54, 2u << 13 | 2);      /* SYNC_AS_GEN */
}

/* cpmem of ipu_plane_atomic_update(), both buffers at the same address */
static inline void plane_setup(QTestState *q, unsigned ch, const Plane *p)
{
    static const uint8_t offset[] = { 8, 16, 24, 0 };
    static const uint8_t offset565[] = { 0, 5, 11, 16 };
    static const uint8_t width565[] = { 5, 6, 5 };
    bool is565 = p->pfs == PFS_RGB && p->bpp == 3;

    cpmem_zero(q, ch);
    cpmem_set(q, ch, CP_FW, p->width - 1);
    cpmem_set(q, ch, CP_FH, p->height - 1);
    cpmem_set(q, ch, CP_SL, (p->stride ?: p->width * 4) - 1);
    cpmem_set(q, ch, CP_BPP, p->bpp);
    cpmem_set(q, ch, CP_PFS, p->pfs ?: PFS_RGB);
    cpmem_set(q, ch, CP_NPB, 15);
    cpmem_set(q, ch, CP_EBA0, p->addr >> 3);
    cpmem_set(q, ch, CP_EBA1, p->addr >> 3);
    /* ipu_cpmem_set_format_rgb(): width and position from the top */
    for (unsigned i = 0; i < 4 && (!p->pfs || p->pfs == PFS_RGB); i++) {
        unsigned width = is565 && i < 3 ? width565[i] : 8;

        cpmem_set(q, ch, CP_WID(i), width - 1);
        cpmem_set(q, ch, CP_OFS(i), is565 ? offset565[i] : offset[i]);
    }
    imx6_update(q, IPU_CHA_DB_MODE_SEL, 0, 1u << ch);
    qtest_writel(q, IPU_CHA_CUR_BUF, 1u << ch);
}

static inline void display_setup(Display *d, const Plane *p)
{
    static const uint32_t dmfc[] = {
        0x00000050, 0x202020f6, 0x00005654, 0x2020f6f6, 0x00000003,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(dmfc); i++) {
        qtest_writel(d->q, IPU_DMFC + 4 + 4 * i, dmfc[i]);
    }
    dc_setup(d);
    di_setup(d, DI_CLOCK_HZ / 30000000, true);
    plane_setup(d->q, d->di ? CH_DC : CH_BG, p);
}

/* Planes, DC, then the DI: ipu_plane_enable(), ipu_crtc_atomic_enable() */
static inline void display_on(Display *d)
{
    QTestState *q = d->q;

    if (!d->di) {
        imx6_update(q, IPU_CONF, 0, CONF_DP_EN);
    }
    imx6_update(q, IPU_CONF, 0, CONF_DMFC_EN);
    imx6_update(q, IDMAC_CHA_EN, 0, 1u << (d->di ? CH_DC : CH_BG));
    imx6_update(q, IPU_CONF, 0, CONF_DC_EN);
    imx6_update(q, dc_channel(d), 0, 4u << 5);
    imx6_update(q, IPU_DISP_GEN, 0, DI_COUNTER_RELEASE(d->di));
    imx6_update(q, IPU_CONF, 0, CONF_DI_EN(d->di));
}

/* DC and DI first, then the plane: ipu_crtc_atomic_disable() */
static inline void display_off(Display *d)
{
    QTestState *q = d->q;

    imx6_update(q, dc_channel(d), 7u << 5, 0);
    imx6_update(q, IPU_CONF, CONF_DI_EN(d->di), 0);
    imx6_update(q, IPU_DISP_GEN, DI_COUNTER_RELEASE(d->di), 0);
    imx6_update(q, IDMAC_CHA_EN, 1u << (d->di ? CH_DC : CH_BG), 0);
    imx6_update(q, IPU_CONF, CONF_DMFC_EN | CONF_DP_EN, 0);
    imx6_update(q, IPU_CONF, CONF_DC_EN, 0);
}

/* The board with this mode set up on a DI, not switched on */
static inline Display display_init(unsigned di, DisplayMode mode)
{
    Display d = { .di = di, .mode = mode };
    g_autofree char *args = NULL;

    d.dir = g_dir_make_tmp("imx6-XXXXXX", NULL);
    args = g_strdup_printf("-machine shot-dir=%s", d.dir);
    d.q = imx6_init_irq(args);
    display_clocks(d.q);
    display_pads(d.q, 0);
    display_setup(&d, &(Plane) {
        .width = mode.hactive, .height = mode.vactive, .addr = FB(0),
    });
    return d;
}

static inline void display_quit(Display *d)
{
    qtest_quit(d->q);
    g_rmdir(d->dir);
    g_free(d->dir);
}

static inline bool irq_pending(QTestState *q, unsigned irq)
{
    return qtest_readl(q, IPU_INT_STAT(irq / 32)) >> (irq % 32) & 1;
}

static inline void irq_clear(QTestState *q, unsigned irq)
{
    qtest_writel(q, IPU_INT_STAT(irq / 32), 1u << (irq % 32));
}

/* Event by event until it comes; the time, or -1 after @ns. Clears it. */
static inline int64_t irq_wait(QTestState *q, unsigned irq, int64_t ns)
{
    int64_t now = imx6_now(q), end = now + ns;

    while (!irq_pending(q, irq)) {
        if (now >= end) {
            return -1;
        }
        now = qtest_clock_step_next(q);
    }
    irq_clear(q, irq);
    return now;
}

/* From now on: what is pending does not count. */
static inline int64_t irq_next(QTestState *q, unsigned irq, int64_t ns)
{
    irq_clear(q, irq);
    return irq_wait(q, irq, ns);
}

/* Ask for a picture of the frame that ends next. */
static inline void shot_request(Display *d)
{
    qtest_writel(d->q, TESTDEV_SHOT, ++d->shots);
}

/* ... and have it: rows of RGB triples, to be freed */
static inline uint8_t *shot_get(Display *d)
{
    size_t size = d->mode.hactive * d->mode.vactive * 3, length = 0;
    g_autofree char *path = g_strdup_printf("%s/ipu1-di%u-%u.ppm", d->dir,
                                            d->di, d->shots);
    g_autofree char *head = g_strdup_printf("P6\n%u %u\n255\n",
                                            d->mode.hactive, d->mode.vactive);
    g_autofree char *text = NULL;

    for (unsigned i = 0; i < 100 && qtest_readl(d->q, TESTDEV_SHOTS) <
                                    d->shots; i++) {
        qtest_clock_step(d->q, PANEL_PERIOD / 20);
    }
    g_assert_true(g_file_get_contents(path, &text, &length, NULL));
    g_unlink(path);
    g_assert_cmpuint(length, ==, strlen(head) + size);
    g_assert_true(g_str_has_prefix(text, head));
    return g_memdup2(text + strlen(head), size);
}

static inline uint8_t *shot_take(Display *d)
{
    shot_request(d);
    return shot_get(d);
}

static inline uint32_t shot_pixel(const Display *d, const uint8_t *shot,
                                  unsigned x, unsigned y)
{
    const uint8_t *p = shot + 3 * (y * d->mode.hactive + x);

    return p[0] << 16 | p[1] << 8 | p[2];
}

/* The panel has six lines a colour. */
#define PANEL(rgb)              ((rgb) & 0xfcfcfc)

#endif
