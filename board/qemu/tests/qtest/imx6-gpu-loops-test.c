/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of command streams that never end, by a guest that means harm: QEMU's
 * monitor answers, and virtual time goes on.
 *
 * The machine runs by itself, with instructions counted or not, as
 * scripts/boot has it. Without a card its CPU comes to nothing.
 */

#include "qemu/osdep.h"
#include "imx6-gc2000-qtest.h"

/* The longest stream that the front end can be told to fetch */
#define MAX_WORDS64             0xffff
#define ROUNDS                  15
/* A monitor that answers at all: how soon is a matter of who else is here. */
#define MAX_ANSWER_US           (10 * G_USEC_PER_SEC)

typedef struct Loop {
    const char *name;
    uint32_t base;
    uint32_t w[4];              /* again and again, */
    unsigned words;             /* so many of them; 0: a LINK to itself */
    unsigned max_cost;          /* the host's CPU time for the machine's */
} Loop;

static const Loop loops[] = {
    { "link", GC320_BASE, { 0 }, 0, 3 },
    { "nop", GC320_BASE, { 0x18000000 }, 2, 200 },
    { "wait-0", GC320_BASE, { 0x38000000 }, 2, 1500 },
    { "refused-draw", GC320_BASE, { 0x20000100, 0, 0, 0x00080008 }, 4, 150 },
    { "refused-resolve", GC2000_BASE,
      { 0x08010000 | RS_KICKER / 4, RS_KICK }, 2, 150 },
};

/* How it runs: see scripts/boot. */
static const struct {
    const char *name, *args;
} ways[] = {
    { "counted", "-accel tcg -icount shift=1,sleep=off" },
    { "free", "-accel tcg" },
};

static double cpu_seconds(QTestState *q)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/stat", qtest_pid(q));
    g_autofree char *text = NULL;
    unsigned long user, system;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpint(sscanf(strrchr(text, ')'), ") %*c %*d %*d %*d %*d %*d %*u "
                           "%*u %*u %*u %*u %lu %lu", &user, &system), ==, 2);
    return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

/* States that no job can be made of, and the loop; returns its length. */
static unsigned put_loop(GPU *g, const Loop *l)
{
    g_autofree uint32_t *w = g_new0(uint32_t, 2 * MAX_WORDS64);
    unsigned n, start;
    Stream s = { 0 };

    st_load(&s, GL_PIPE_SELECT, l->base == GC320_BASE);
    st_load(&s, DE_DEST_CONFIG, DEST_COMMAND(7));
    st_load(&s, RS_WINDOW_SIZE, 0);
    memcpy(w, s.w, 4 * s.n);
    start = l->words ? 0 : s.n;
    for (n = s.n; l->words && n + l->words < 2 * MAX_WORDS64; n += l->words) {
        memcpy(w + n, l->w, 4 * l->words);
    }
    w[n] = 0x40000000 | ((n - start) / 2 + 1);
    w[n + 1] = GPU_STREAM + 4 * start;
    qtest_bufwrite(g->q, GPU_WINDOW + GPU_STREAM, w, 4 * (n + 2));
    return n / 2 + 1;
}

static void test_loop(const void *data)
{
    const Loop *l = &loops[GPOINTER_TO_UINT(data) / G_N_ELEMENTS(ways)];
    const char *args = ways[GPOINTER_TO_UINT(data) % G_N_ELEMENTS(ways)].args;
    GPU g = { .q = imx6_init(args), .base = l->base };
    int64_t virtual_ns, worst = 0;
    unsigned words64;
    double cpu;

    imx6_pll2_on(g.q);
    gpu_load_clock(&g, FSCALE_VAL(64));
    gpu_hw_init(&g);
    words64 = put_loop(&g, l);
    cpu = cpu_seconds(g.q);
    virtual_ns = imx6_now(g.q);
    gpu_start_fe(&g, GPU_STREAM, words64);
    for (unsigned i = 0; i < ROUNDS; i++) {
        int64_t asked = g_get_monotonic_time();

        qtest_qmp_assert_success(g.q, "{ 'execute': 'query-status' }");
        worst = MAX(worst, g_get_monotonic_time() - asked);
        g_usleep(20000);
    }
    virtual_ns = imx6_now(g.q) - virtual_ns;
    cpu = cpu_seconds(g.q) - cpu;
    g_test_message("%.2f CPU seconds for %.3f ms, QMP after %" PRId64 " us",
                   cpu, virtual_ns / 1e6, worst);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE, ==, 0);
    g_assert_cmpint(worst, <, MAX_ANSWER_US);
    g_assert_cmpfloat(cpu, <, l->max_cost * virtual_ns / 1e9);
    gpu_quit(&g);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(loops) * G_N_ELEMENTS(ways); i++) {
        g_autofree char *name =
            g_strdup_printf("/imx6-gpu-loops/%s-%s",
                            loops[i / G_N_ELEMENTS(ways)].name,
                            ways[i % G_N_ELEMENTS(ways)].name);

        qtest_add_data_func(name, GUINT_TO_POINTER(i), test_loop);
    }
    return g_test_run();
}
