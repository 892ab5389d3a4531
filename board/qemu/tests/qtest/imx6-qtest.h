/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the qtests of the i.MX6 models share: addresses, clocks, pads,
 * interrupts, register tables, migration.
 *
 * Addresses and interrupts: IMX6DQRM rev. 6, tables 2-1 and 3-1, as in
 * imx6qdl.dtsi and imx6q.dtsi of Linux.
 */
#ifndef IMX6_QTEST_H
#define IMX6_QTEST_H

#include <glib/gstdio.h>
#include "libqtest.h"
#include "qobject/qdict.h"

#define IMX6_TESTDEV            0x00138000
#define IMX6_OCRAM              0x00900000
#define IMX6_PWM(n)             (0x02080000 + 0x4000 * ((n) - 1))
#define IMX6_WDOG1              0x020bc000
#define IMX6_CCM                0x020c4000
#define IMX6_ANATOP             0x020c8000
#define IMX6_SRC                0x020d8000
#define IMX6_GPC                0x020dc000
#define IMX6_IOMUXC             0x020e0000
#define IMX6_I2C(n)             (0x021a0000 + 0x4000 * ((n) - 1))
#define IMX6_OCOTP              0x021bc000
#define IMX6_MIPI_CSI           0x021dc000
#define IMX6_IPU(n)             (0x02400000 + 0x400000 * ((n) - 1))
#define IMX6_GPIO(n)            (0x0209c000 + 0x4000 * ((n) - 1))
#define IMX6_RAM                0x10000000

/* Numbers of shared peripheral interrupts */
#define IMX6_SPI_IPU1_ERROR     5
#define IMX6_SPI_IPU1_SYNC      6
#define IMX6_SPI_IPU2_ERROR     7
#define IMX6_SPI_IPU2_SYNC      8
#define IMX6_SPI_I2C(n)         (36 + (n) - 1)
#define IMX6_SPI_WDOG1          80
#define IMX6_SPI_PWM(n)         (83 + (n) - 1)
#define IMX6_SPI_MIPI_CSI(n)    (100 + (n) - 1)

#define CCM_CBCDR               (IMX6_CCM + 0x14)
#define CCM_CBCMR               (IMX6_CCM + 0x18)
#define CCM_CSCMR1              (IMX6_CCM + 0x1c)
#define CCM_CCGR(n)             (IMX6_CCM + 0x68 + 4 * (n))
#define CCM_CSCMR2              (IMX6_CCM + 0x20)
#define CCM_CS2CDR              (IMX6_CCM + 0x2c)
#define CCM_CDCDR               (IMX6_CCM + 0x30)
#define CCM_CHSCCDR             (IMX6_CCM + 0x34)
#define CCM_CSCDR2              (IMX6_CCM + 0x38)
#define CCM_CSCDR3              (IMX6_CCM + 0x3c)
#define ANATOP_PLL_USB1         (IMX6_ANATOP + 0x10)
#define ANATOP_PLL_SYS          (IMX6_ANATOP + 0x30)
#define ANATOP_PLL_VIDEO        (IMX6_ANATOP + 0xa0)
#define ANATOP_PFD_480          (IMX6_ANATOP + 0xf0)
#define ANATOP_PFD_528          (IMX6_ANATOP + 0x100)

#define IMX6_MACHINE            "-machine sabrelite-refsoc -m 64M "

/* A register: what it reads after reset, which of its bits can be written */
typedef struct IMX6Reg {
    uint16_t offset;
    uint32_t reset;
    uint32_t mask;
} IMX6Reg;

/* The board, with @args (or "") more on the command line */
static inline QTestState *imx6_init(const char *args)
{
    return qtest_initf(IMX6_MACHINE "%s", args);
}

/* Watch the interrupts at the GIC: imx6_spi() is the level of each. */
static inline QTestState *imx6_init_irq(const char *args)
{
    QTestState *q = imx6_init(args);

    qtest_irq_intercept_in(q, "/machine/soc/a9mpcore");
    return q;
}

static inline bool imx6_spi(QTestState *q, int spi)
{
    return qtest_get_irq(q, spi);
}

static inline void imx6_update(QTestState *q, uint32_t addr, uint32_t clear,
                               uint32_t set)
{
    qtest_writel(q, addr, (qtest_readl(q, addr) & ~clear) | set);
}

/* CCGRn's gate CGm: 0 is off, 3 is on (18.6.23) */
static inline void imx6_gate(QTestState *q, unsigned ccgr, unsigned cg,
                             bool on)
{
    imx6_update(q, CCM_CCGR(ccgr), 3u << (2 * cg), (on ? 3u : 0) << (2 * cg));
}

/*
 * PLL_SYS from "bypassed and powered down", as reset leaves it, to 528 MHz,
 * as the boot ROM leaves it: DIV_SELECT and ENABLE (18.7.4).
 */
static inline void imx6_pll2_on(QTestState *q)
{
    qtest_writel(q, ANATOP_PLL_SYS, 0x2001);
}

/* PLL_USB1 at 480 MHz: EN_USB_CLKS, POWER, ENABLE (18.7.2) */
static inline void imx6_pll3_on(QTestState *q)
{
    qtest_writel(q, ANATOP_PLL_USB1, 0x3040);
}

/* The rate of a clock, by the name of the CCM's property, e.g. "ipu1-hz" */
static inline uint64_t imx6_clk_hz(QTestState *q, const char *name)
{
    QDict *r = qtest_qmp(q, "{ 'execute': 'qom-get', 'arguments': "
                         "{ 'path': '/machine/soc/ccm', 'property': %s } }",
                         name);
    uint64_t hz;

    g_assert_true(qdict_haskey(r, "return"));
    hz = qdict_get_int(r, "return");
    qobject_unref(r);
    return hz;
}

/* The virtual time, of the board's test device: qtest has no command for it */
static inline int64_t imx6_now(QTestState *q)
{
    uint64_t low = qtest_readl(q, IMX6_TESTDEV + 0x18);

    return low | (uint64_t)qtest_readl(q, IMX6_TESTDEV + 0x1c) << 32;
}

static inline void imx6_check_resets(QTestState *q, uint32_t base,
                                     const IMX6Reg *regs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t value = qtest_readl(q, base + regs[i].offset);

        if (value != regs[i].reset) {
            g_test_message("reset value of 0x%03x", regs[i].offset);
        }
        g_assert_cmphex(value, ==, regs[i].reset);
    }
}

/* All ones and all zeroes move the writable bits, and no others. */
static inline void imx6_check_masks(QTestState *q, uint32_t base,
                                    const IMX6Reg *regs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const IMX6Reg *r = &regs[i];
        uint32_t addr = base + r->offset, ones, zeroes;

        qtest_writel(q, addr, 0xffffffff);
        ones = qtest_readl(q, addr);
        qtest_writel(q, addr, 0);
        zeroes = qtest_readl(q, addr);
        qtest_writel(q, addr, r->reset);
        if (ones != (r->reset | r->mask) || zeroes != (r->reset & ~r->mask)) {
            g_test_message("write mask of 0x%03x", r->offset);
        }
        g_assert_cmphex(ones, ==, r->reset | r->mask);
        g_assert_cmphex(zeroes, ==, r->reset & ~r->mask);
    }
}

/* No register answers while the block's clock is off. */
static inline void imx6_check_silent(QTestState *q, uint32_t base,
                                     const IMX6Reg *regs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        qtest_writel(q, base + regs[i].offset, ~regs[i].reset);
        g_assert_cmphex(qtest_readl(q, base + regs[i].offset), ==, 0);
    }
}

static inline void imx6_wait_migration(QTestState *q)
{
    for (;;) {
        QDict *r = qtest_qmp_assert_success_ref(q,
                        "{ 'execute': 'query-migrate' }");
        const char *status = qdict_get_try_str(r, "status");

        if (!g_strcmp0(status, "completed")) {
            qobject_unref(r);
            return;
        }
        g_assert_cmpstr(status, !=, "failed");
        qobject_unref(r);
        g_usleep(2000);
    }
}

/*
 * Save the machine's whole state and go on with it in a new process, at the
 * same virtual time. @args as for imx6_init(). Interrupts are not watched.
 */
static inline QTestState *imx6_migrate(QTestState *from, const char *args)
{
    g_autofree char *dir = g_dir_make_tmp("imx6-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "state", NULL);
    g_autofree char *uri = g_strdup_printf("file:%s", path);
    g_autofree char *more = g_strdup_printf("%s -incoming defer", args);
    int64_t now = imx6_now(from);
    QTestState *to;

    qtest_qmp_assert_success(from, "{ 'execute': 'migrate', "
                             "'arguments': { 'uri': %s } }", uri);
    imx6_wait_migration(from);
    qtest_quit(from);

    to = imx6_init(more);
    qtest_clock_set(to, now);
    qtest_qmp_assert_success(to, "{ 'execute': 'migrate-incoming', "
                             "'arguments': { 'uri': %s } }", uri);
    qtest_qmp_eventwait(to, "RESUME");
    g_unlink(path);
    g_rmdir(dir);
    return to;
}

#endif
