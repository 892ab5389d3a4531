/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the fuses.
 *
 * Expectations: drivers/nvmem/imx-ocotp.c of Linux and the text of the manual
 * it cites; IMX6DQRM chapter 46 and the fuse map of chapter 5.
 */

#include "qemu/osdep.h"
#include "imx6-qtest.h"

#define CTRL            (IMX6_OCOTP + 0x00)
#define   CTRL_BUSY     (1u << 8)
#define   CTRL_ERROR    (1u << 9)
#define   CTRL_RELOAD   (1u << 10)
#define   CTRL_KEY      0x3e770000u
#define SET             4
#define CLR             8
#define TOG             12
#define TIMING          (IMX6_OCOTP + 0x10)
#define DATA            (IMX6_OCOTP + 0x20)
#define READ_CTRL       (IMX6_OCOTP + 0x30)
#define READ_FUSE_DATA  (IMX6_OCOTP + 0x40)
#define SW_STICKY       (IMX6_OCOTP + 0x50)
#define SCS             (IMX6_OCOTP + 0x60)
#define SHADOW(word)    (IMX6_OCOTP + 0x400 + 0x10 * (word))

/* Words: bank * 8 + word in the bank */
#define WORD_LOCK       0x00
#define   LOCK_GP1      (3u << 10)      /* fuse, shadow */
#define WORD_CFG0       0x01            /* unique ID */
#define WORD_MAC0       0x22
#define WORD_MAC1       0x23
#define WORD_GP1        0x26
#define WORD_GP2        0x27

/* imx_ocotp_set_imx6_timing() at 66 MHz */
#define TIMING_66MHZ    (663 | 1 << 12 | 6 << 16)

static QTestState *start(const char *args)
{
    QTestState *q = imx6_init(args);

    imx6_pll2_on(q);
    return q;
}

/* imx_ocotp_wait_for_busy(): false is -EPERM */
static bool ready(QTestState *q)
{
    for (unsigned i = 0; qtest_readl(q, CTRL) & CTRL_BUSY; i++) {
        g_assert_cmpuint(i, <, 1000);
        qtest_clock_step(q, 1000);
    }
    return !(qtest_readl(q, CTRL) & CTRL_ERROR);
}

static bool burn(QTestState *q, unsigned word, uint32_t value)
{
    qtest_writel(q, TIMING, TIMING_66MHZ);
    qtest_writel(q, CTRL, CTRL_KEY | word);
    qtest_writel(q, DATA, value);
    return ready(q);
}

static bool reload(QTestState *q)
{
    qtest_writel(q, CTRL + SET, CTRL_RELOAD);
    return ready(q);
}

static const IMX6Reg regs[] = {
    { 0x00, 0 }, { 0x10, 0x01461299 }, { 0x20, 0 }, { 0x30, 0 }, { 0x40, 0 },
    { 0x50, 0 }, { 0x60, 0 },
};

static void test_registers(void)
{
    QTestState *q = start("");

    imx6_check_resets(q, IMX6_OCOTP, regs, G_N_ELEMENTS(regs));
    qtest_writel(q, TIMING, 0xffffffff);
    g_assert_cmphex(qtest_readl(q, TIMING), ==, 0x0fffffff);

    qtest_writel(q, CTRL, 0x55);
    qtest_writel(q, CTRL + SET, 0x0a);
    g_assert_cmphex(qtest_readl(q, CTRL), ==, 0x5f);
    qtest_writel(q, CTRL + CLR, 0x0f);
    g_assert_cmphex(qtest_readl(q, CTRL), ==, 0x50);
    qtest_writel(q, CTRL + TOG, 0x71);
    g_assert_cmphex(qtest_readl(q, CTRL), ==, 0x21);
    /* status cannot be written */
    qtest_writel(q, CTRL + SET, CTRL_BUSY | CTRL_ERROR);
    g_assert_cmphex(qtest_readl(q, CTRL), ==, 0x21);

    /* sticky until reset; SCS is until its LOCK */
    qtest_writel(q, SW_STICKY, 2);
    qtest_writel(q, SW_STICKY, 4);
    g_assert_cmphex(qtest_readl(q, SW_STICKY), ==, 6);
    qtest_writel(q, SCS + SET, 6);
    qtest_writel(q, SCS + CLR, 2);
    g_assert_cmphex(qtest_readl(q, SCS), ==, 4);
    qtest_writel(q, SCS + SET, 1u << 31);
    qtest_writel(q, SCS, 0);
    g_assert_cmphex(qtest_readl(q, SCS), ==, 1u << 31 | 4);
    qtest_quit(q);
}

/* CCGR2 CG6, "iim" */
static void test_gate(void)
{
    QTestState *q = start("");

    imx6_gate(q, 2, 6, false);
    imx6_check_silent(q, IMX6_OCOTP, regs, G_N_ELEMENTS(regs));
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_CFG0)), ==, 0);
    imx6_gate(q, 2, 6, true);
    imx6_check_resets(q, IMX6_OCOTP, regs, G_N_ELEMENTS(regs));
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_CFG0)), !=, 0);
    qtest_quit(q);
}

/*
 * "mac-addr" of imx6qdl.dtsi is 6 bytes at 0x88, i.e. word 0x22, and
 * imx_ocotp_cell_pp() turns them around.
 */
static void test_mac(void)
{
    QTestState *q = start("-nic user,mac=00:19:b8:12:34:56");

    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_MAC0)), ==, 0xb8123456);
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_MAC1)), ==, 0x00000019);
    qtest_quit(q);
}

/* imx_ocotp_write(): only ones are burnt, shadows follow a reload. */
static void test_burn(void)
{
    QTestState *q = start("");
    int64_t t0;

    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 0);
    t0 = imx6_now(q);
    g_assert_true(burn(q, WORD_GP1, 0x00ff00f0));
    /* TIMING_STROBE_PROG_US: no fuse is burnt in less */
    g_assert_cmpint(imx6_now(q) - t0, >=, 10000);
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 0);
    g_assert_true(reload(q));
    g_assert_cmphex(qtest_readl(q, CTRL) & CTRL_RELOAD, ==, 0);
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 0x00ff00f0);
    g_assert_true(burn(q, WORD_GP1, 0x0000000f));
    g_assert_true(reload(q));
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 0x00ff00ff);
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP2)), ==, 0);
    qtest_quit(q);
}

/* "... set BUSY and clear WR_UNLOCK": the key is for one write. */
static void test_key(void)
{
    QTestState *q = start("");

    qtest_writel(q, TIMING, TIMING_66MHZ);
    qtest_writel(q, CTRL, WORD_GP1);
    qtest_writel(q, DATA, 1);
    g_assert_cmphex(qtest_readl(q, CTRL) & CTRL_BUSY, ==, 0);
    qtest_writel(q, CTRL, 0x3e760000 | WORD_GP1);
    qtest_writel(q, DATA, 2);
    g_assert_cmphex(qtest_readl(q, CTRL) & CTRL_BUSY, ==, 0);
    qtest_writel(q, CTRL, CTRL_KEY | WORD_GP1);
    qtest_writel(q, DATA, 4);
    g_assert_cmphex(qtest_readl(q, CTRL), ==, CTRL_BUSY | WORD_GP1);
    g_assert_true(ready(q));
    qtest_writel(q, DATA, 8);
    g_assert_cmphex(qtest_readl(q, CTRL), ==, WORD_GP1);
    g_assert_true(reload(q));
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 4);
    qtest_quit(q);
}

/*
 * "A write request to a locked region will result in no OTP access and no
 * setting of BUSY. In addition ERROR will be set. It must be cleared by
 * software before any new write access can be issued."
 */
static void test_locked_fuse(void)
{
    QTestState *q = start("");
    uint32_t id = qtest_readl(q, SHADOW(WORD_CFG0));

    g_assert_cmphex(id, !=, 0xffffffff);
    qtest_writel(q, CTRL, CTRL_KEY | WORD_CFG0);
    qtest_writel(q, DATA, 0xffffffff);
    g_assert_cmphex(qtest_readl(q, CTRL) & (CTRL_BUSY | CTRL_ERROR), ==,
                    CTRL_ERROR);
    g_assert_false(burn(q, WORD_GP1, 1));
    qtest_writel(q, CTRL + CLR, CTRL_ERROR);
    g_assert_cmphex(qtest_readl(q, CTRL) & CTRL_ERROR, ==, 0);
    g_assert_true(reload(q));
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_CFG0)), ==, id);
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 0);

    /* a lock that is burnt holds from the next reload on */
    g_assert_true(burn(q, WORD_LOCK, LOCK_GP1));
    g_assert_true(reload(q));
    g_assert_false(burn(q, WORD_GP1, 1));
    qtest_writel(q, CTRL + CLR, CTRL_ERROR);
    g_assert_true(burn(q, WORD_GP2, 1));
    qtest_quit(q);
}

/* Shadows can be written, as long as they are not locked or reloaded. */
static void test_shadow(void)
{
    QTestState *q = start("");

    qtest_writel(q, SHADOW(WORD_GP1), 0x12345678);
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 0x12345678);
    g_assert_true(reload(q));
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 0);

    qtest_writel(q, CTRL + SET, CTRL_RELOAD);
    qtest_writel(q, SHADOW(WORD_GP1), 1);
    g_assert_false(ready(q));
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 0);
    qtest_writel(q, CTRL + CLR, CTRL_ERROR);

    g_assert_true(burn(q, WORD_LOCK, LOCK_GP1));
    g_assert_true(reload(q));
    qtest_writel(q, SHADOW(WORD_GP1), 1);
    g_assert_cmphex(qtest_readl(q, CTRL) & CTRL_ERROR, ==, CTRL_ERROR);
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 0);
    qtest_quit(q);
}

/* READ_CTRL takes a word from the fuses, not from the shadow. */
static void test_read_fuse(void)
{
    QTestState *q = start("");

    qtest_writel(q, TIMING, TIMING_66MHZ);
    g_assert_true(burn(q, WORD_GP1, 0xcafe));
    qtest_writel(q, SHADOW(WORD_GP1), 0x1111);
    qtest_writel(q, CTRL, WORD_GP1);
    qtest_writel(q, READ_CTRL, 1);
    g_assert_true(ready(q));
    g_assert_cmphex(qtest_readl(q, READ_FUSE_DATA), ==, 0xcafe);
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP1)), ==, 0x1111);
    qtest_quit(q);
}

/* Burnt fuses stay burnt: over a reset, and a move in the middle of it. */
static void test_stays(void)
{
    QTestState *q = start("");

    qtest_writel(q, TIMING, TIMING_66MHZ);
    qtest_writel(q, CTRL, CTRL_KEY | WORD_GP2);
    qtest_writel(q, DATA, 0xbeef);
    g_assert_cmphex(qtest_readl(q, CTRL) & CTRL_BUSY, ==, CTRL_BUSY);
    q = imx6_migrate(q, "");
    g_assert_cmphex(qtest_readl(q, CTRL) & CTRL_BUSY, ==, CTRL_BUSY);
    g_assert_true(ready(q));
    qtest_system_reset(q);
    imx6_pll2_on(q);
    g_assert_cmphex(qtest_readl(q, SHADOW(WORD_GP2)), ==, 0xbeef);
    g_assert_cmphex(qtest_readl(q, TIMING), ==, 0x01461299);
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-ocotp/registers", test_registers);
    qtest_add_func("/imx6-ocotp/gate", test_gate);
    qtest_add_func("/imx6-ocotp/mac", test_mac);
    qtest_add_func("/imx6-ocotp/burn", test_burn);
    qtest_add_func("/imx6-ocotp/key", test_key);
    qtest_add_func("/imx6-ocotp/locked-fuse", test_locked_fuse);
    qtest_add_func("/imx6-ocotp/shadow", test_shadow);
    qtest_add_func("/imx6-ocotp/read-fuse", test_read_fuse);
    qtest_add_func("/imx6-ocotp/stays", test_stays);
    return g_test_run();
}
