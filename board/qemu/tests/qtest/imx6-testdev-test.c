/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qtest of the emulated board's test device: hw/imx6/testdev.c. */

#include "qemu/osdep.h"
#include "libqtest.h"

#define BASE 0x00138000

static void test_id(void)
{
    QTestState *q = qtest_init("-machine sabrelite-refsoc");

    g_assert_cmphex(qtest_readl(q, BASE), ==, 0x52665443);
    qtest_writel(q, BASE, 0);
    g_assert_cmphex(qtest_readl(q, BASE), ==, 0x52665443);
    qtest_quit(q);
}

static void test_time(void)
{
    QTestState *q = qtest_init("-machine sabrelite-refsoc");
    uint64_t t0, t1;

    t0 = qtest_readl(q, BASE + 0x18);
    t0 |= (uint64_t)qtest_readl(q, BASE + 0x1c) << 32;
    qtest_clock_step(q, 5000000000ll);
    t1 = qtest_readl(q, BASE + 0x18);
    t1 |= (uint64_t)qtest_readl(q, BASE + 0x1c) << 32;
    g_assert_cmpuint(t1 - t0, ==, 5000000000ull);
    qtest_quit(q);
}

static void test_record(void)
{
    g_autofree char *dir = g_dir_make_tmp("refsoc-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "record", NULL);
    g_autofree char *text = NULL;
    QTestState *q = qtest_initf("-machine sabrelite-refsoc,record=%s", path);

    qtest_writel(q, BASE + 0x10, 1);            /* not open: not written */
    qtest_writel(q, BASE + 0x14, 1);
    qtest_writel(q, BASE + 0x10, 77);
    qtest_writel(q, BASE + 0x14, 0);
    qtest_quit(q);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, " note guest 77\n"));
    g_assert_null(strstr(text, " note guest 1\n"));
    g_unlink(path);
    g_rmdir(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-testdev/id", test_id);
    qtest_add_func("/imx6-testdev/time", test_time);
    qtest_add_func("/imx6-testdev/record", test_record);
    return g_test_run();
}
