/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the Vivante cores' jobs: saved while they are under way, and what
 * the counters have seen of them.
 *
 * Counters by rnndb's state_hi.xml and Linux' etnaviv_perfmon.c. Nothing is
 * expected of how long a job takes, but that it takes the same time whether
 * it was saved and loaded or not, and leaves the same memory.
 */

#include "qemu/osdep.h"
#include "imx6-gc2000-qtest.h"

#define MEMORY_COUNTER_RESET    0x03c
#define READ_BYTES8             0x040
#define WRITE_BYTES8            0x044
#define TOTAL_CYCLES            0x078
#define IDLE_CYCLES             0x07c
#define MC_CYCLE_COUNTER        0x438
#define MC_PROFILE_PE_READ      0x454
#define MC_PROFILE_CONFIG0      0x470
#define   PE_PIXELS_2D          0x000b0000
#define   PE_RESET              0x000f0000

#define WIDTH                   256
#define HEIGHT                  128
#define PITCH                   (WIDTH * 4)
#define PICTURE_BYTES           (PITCH * HEIGHT)

typedef struct Job {
    uint32_t base;
    int spi;
    void (*load)(Stream *s);
} Job;

/* A stretched copy of a source that lies on its side, half of it blended */
static void load_2d(Stream *s)
{
    st_prologue(s);
    st_load(s, DE_SRC_ADDRESS, FROM);
    st_load(s, DE_SRC_STRIDE, PITCH);
    st_load(s, DE_SRC_ROTATION_CONFIG, WIDTH);
    st_load(s, DE_SRC_CONFIG, FORMAT_A8R8G8B8 << 24);
    st_load(s, DE_SRC_ORIGIN, 0);
    st_load(s, DE_SRC_SIZE, xy(100, 200));
    st_load(s, DE_SRC_ROTATION_HEIGHT, HEIGHT);
    st_load(s, DE_ROT_ANGLE, ROT_90);
    st_load(s, DE_STRETCH_FACTOR_LOW, (99 << 16) / 249);
    st_load(s, DE_STRETCH_FACTOR_HIGH, (199 << 16) / 59);
    st_dest(s, TO, PITCH, FORMAT_A8R8G8B8 |
            DEST_COMMAND(COMMAND_STRETCH_BLT));
    st_rect(s, 0, 0, 250, 60);
    st_load(s, DE_ALPHA_CONTROL, 1);
    st_load(s, DE_ALPHA_MODES, 1u << 24 | 3u << 28);
    /* the states of what was kicked are its own: these are the next one's */
    st_load(s, DE_ROT_ANGLE, 0);
    st_dest(s, TO, PITCH, FORMAT_A8R8G8B8 | DEST_COMMAND(COMMAND_BIT_BLT));
    st_put(s, 0x20000000 | 2u << 8, 0);
    st_put(s, xy(0, 60), xy(120, 128));
    st_put(s, xy(130, 50), xy(250, 120));
}

static void load_resolve(Stream *s)
{
    Area from = { FROM, PITCH, MULTI_SUPER, 4 }, to = { TO, PITCH, LINEAR, 4 };

    st_resolve(s, &from, &to, FORMAT_A8R8G8B8 | FORMAT_A8R8G8B8 << 8 |
               RS_SWAP_RB, WIDTH, HEIGHT, 2);
    st_load(s, TS_MEM_CONFIG, TS_COLOR_FAST_CLEAR);
    st_load(s, TS_COLOR_STATUS_BASE, STATUS);
    st_load(s, TS_COLOR_SURFACE_BASE, FROM);
    st_load(s, TS_COLOR_CLEAR_VALUE, 0x13579bdf);
    st_load(s, RS_KICKER, RS_KICK);
    st_load(s, TS_MEM_CONFIG, 0);
}

static void load_tiler(Stream *s)
{
    st_load(s, GL_PIPE_SELECT, 0);
    st_load(s, YUV_CONFIG, YUV_ENABLE_NV12);
    st_load(s, YUV_WINDOW_SIZE, xy(2 * WIDTH, HEIGHT));
    st_load(s, YUV_PLANE(0), FROM);
    st_load(s, YUV_PLANE(0) + 4, 2 * WIDTH);
    st_load(s, YUV_PLANE(1), FROM + PICTURE_BYTES / 2);
    st_load(s, YUV_PLANE(1) + 4, 2 * WIDTH);
    st_load(s, YUV_DEST_BASE, TO);
    st_load(s, YUV_DEST_BASE + 4, PITCH);
    st_load(s, RS_KICKER, RS_KICK);
    st_load(s, YUV_CONFIG, 0);
}

static GPU start_job(const Job *job)
{
    g_autofree uint32_t *p = g_new(uint32_t, PICTURE_BYTES / 4);
    GPU g = gpu_start(job->base, job->spi);
    Stream s = { 0 };

    for (unsigned i = 0; i < PICTURE_BYTES / 4; i++) {
        p[i] = GUINT32_TO_LE(rs_pixel(i % WIDTH, i / WIDTH));
    }
    qtest_bufwrite(g.q, GPU_WINDOW + FROM, p, PICTURE_BYTES);
    qtest_bufwrite(g.q, GPU_WINDOW + FROM + PIPE1, p, PICTURE_BYTES);
    qtest_memset(g.q, GPU_WINDOW + TO, 0x5a, PICTURE_BYTES);
    for (unsigned i = 0; i < 2 * PIPE1 / 64 / 4; i++) {
        qtest_writeb(g.q, GPU_WINDOW + STATUS + i,
                     i % 3 ? 0 : i % 2 ? 0x11 : 0x54);
    }
    job->load(&s);
    st_sync(&s);
    st_event(&s, 7, EVENT_FROM_PE);
    st_end(&s);
    gpu_run(&g, &s);
    return g;
}

static uint8_t *result_of(GPU *g)
{
    uint8_t *p = g_malloc(PICTURE_BYTES);

    qtest_bufread(g->q, GPU_WINDOW + TO, p, PICTURE_BYTES);
    return p;
}

static bool is_done(GPU *g)
{
    return (gpu_read(g, HI_IDLE_STATE) & IDLE_ALL) == IDLE_ALL;
}

/*
 * Saved at each sixth of its time: the picture is partly there, ends at the
 * very time it ends without, and is the same.
 */
static void test_migrate(const void *data)
{
    const Job *job = data;
    GPU g = start_job(job);
    g_autofree uint8_t *before = result_of(&g), *want = NULL;
    int64_t start = imx6_now(g.q), end = start;
    unsigned halfway = 0;

    while (!is_done(&g)) {
        g_assert_cmpint(end, <, start + 10 * MS);
        end = qtest_clock_step(g.q, US / 2);
    }
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 7);
    want = result_of(&g);
    gpu_quit(&g);

    for (unsigned i = 1; i < 6; i++) {
        g_autofree uint8_t *half = NULL, *got = NULL;

        g = start_job(job);
        g_assert_cmpint(imx6_now(g.q), ==, start);
        qtest_clock_set(g.q, start + (end - start) * i / 6);
        g_assert_false(is_done(&g));
        half = result_of(&g);
        halfway += memcmp(half, before, PICTURE_BYTES) &&
                   memcmp(half, want, PICTURE_BYTES);
        g.q = imx6_migrate(g.q, "");
        got = result_of(&g);
        g_assert_cmpint(memcmp(got, half, PICTURE_BYTES), ==, 0);
        qtest_clock_set(g.q, end - US / 2);
        g_assert_false(is_done(&g));
        qtest_clock_set(g.q, end);
        g_assert_true(is_done(&g));
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 7);
        g_free(got);
        got = result_of(&g);
        g_assert_cmpint(memcmp(got, want, PICTURE_BYTES), ==, 0);
        gpu_quit(&g);
    }
    g_assert_cmpuint(halfway, >=, 3);
}

static void st_fill_64(Stream *s)
{
    st_fill(s, TO, 64 * 4, 64, 64, 0xff102030);
}

/* PIXELS_RENDERED_2D; 15 resets, and what is not selected reads as 0. */
static void test_pixels(void)
{
    GPU g = gc320_start();
    Stream s = { 0 };

    gpu_write(&g, MC_PROFILE_CONFIG0, PE_RESET);
    gpu_write(&g, MC_PROFILE_CONFIG0, PE_PIXELS_2D);
    g_assert_cmpuint(gpu_read(&g, MC_PROFILE_PE_READ), ==, 0);
    st_fill_64(&s);
    gpu_finish(&g, &s);
    g_assert_cmpuint(gpu_read(&g, MC_PROFILE_PE_READ), ==, 64 * 64);
    s.n = 0;
    st_fill(&s, TO, 64 * 4, 10, 3, 0);
    gpu_finish(&g, &s);
    g_assert_cmpuint(gpu_read(&g, MC_PROFILE_PE_READ), ==, 64 * 64 + 30);
    gpu_write(&g, MC_PROFILE_CONFIG0, PE_RESET);
    gpu_write(&g, MC_PROFILE_CONFIG0, PE_PIXELS_2D);
    g_assert_cmpuint(gpu_read(&g, MC_PROFILE_PE_READ), ==, 0);
    gpu_quit(&g);
}

/*
 * "Total reads (writes) in terms of 64bits. Writing 1 [to the counter reset]
 * will reset the counters and stop counting. Write 0 to start again."
 */
static void test_bus(void)
{
    GPU g = gc320_start();
    uint32_t writes, reads;
    Stream s = { 0 };

    gpu_write(&g, MEMORY_COUNTER_RESET, 1);
    st_fill_64(&s);
    gpu_finish(&g, &s);
    g_assert_cmpuint(gpu_read(&g, WRITE_BYTES8), ==, 0);
    g_assert_cmpuint(gpu_read(&g, READ_BYTES8), ==, 0);

    gpu_write(&g, MEMORY_COUNTER_RESET, 0);
    s.n = 0;
    st_fill_64(&s);
    gpu_finish(&g, &s);
    writes = gpu_read(&g, WRITE_BYTES8);
    reads = gpu_read(&g, READ_BYTES8);
    g_assert_cmpuint(writes, ==, 64 * 64 * 4 / 8);
    /* the stream, and little else */
    g_assert_cmpuint(reads, >=, s.n * 4 / 8 - 1);
    g_assert_cmpuint(reads, <, 2 * s.n * 4 / 8);

    s.n = 0;
    st_prologue(&s);
    st_load(&s, DE_SRC_ADDRESS, FROM);
    st_load(&s, DE_SRC_STRIDE, 64 * 4);
    st_load(&s, DE_SRC_ROTATION_CONFIG, 0);
    st_load(&s, DE_SRC_CONFIG, FORMAT_A8R8G8B8 << 24);
    st_load(&s, DE_SRC_ORIGIN, 0);
    st_dest(&s, TO, 64 * 4, FORMAT_A8R8G8B8 | DEST_COMMAND(COMMAND_BIT_BLT));
    st_rect(&s, 0, 0, 64, 64);
    gpu_finish(&g, &s);
    g_assert_cmpuint(gpu_read(&g, WRITE_BYTES8), ==, 2 * writes);
    g_assert_cmpuint(gpu_read(&g, READ_BYTES8) - reads, >=, writes);
    gpu_quit(&g);
}

/* How a core counts cycles: which registers, of which clock */
typedef struct Cycles {
    const Job *job;
    uint32_t total, idle;
    const char *clock;
} Cycles;

/*
 * They go on at the core's rate; idle is when all but the FE are, and writing
 * TOTAL_CYCLES resets both. GC2000 has them elsewhere (etnaviv_perfmon.c).
 */
static void test_cycles(const void *data)
{
    const Cycles *c = data;
    GPU g = start_job(c->job);
    uint64_t hz = imx6_clk_hz(g.q, c->clock), total, idle, busy_ns;
    int64_t start = imx6_now(g.q);

    gpu_write(&g, TOTAL_CYCLES, 0);
    while (!is_done(&g)) {
        qtest_clock_step(g.q, US / 2);
    }
    busy_ns = imx6_now(g.q) - start;
    total = gpu_read(&g, c->total);
    idle = gpu_read(&g, c->idle);
    g_assert_cmpint(labs((long)(total - busy_ns * hz / 1000000000)), <, 600);
    g_assert_cmpuint(idle, <, total / 20);

    qtest_clock_step(g.q, MS);
    g_assert_cmpint(labs((long)(gpu_read(&g, c->total) - total - hz / 1000)),
                    <, 600);
    g_assert_cmpint(labs((long)(gpu_read(&g, c->idle) - idle - hz / 1000)), <,
                    600);
    gpu_write(&g, TOTAL_CYCLES, 0);
    g_assert_cmpuint(gpu_read(&g, c->total), ==, 0);
    g_assert_cmpuint(gpu_read(&g, c->idle), ==, 0);
    gpu_quit(&g);
}

int main(int argc, char **argv)
{
    static const Job draw = { GC320_BASE, GC320_SPI, load_2d };
    static const Job resolve = { GC2000_BASE, GC2000_SPI, load_resolve };
    static const Job tiler = { GC2000_BASE, GC2000_SPI, load_tiler };
    static const Cycles of_2d = { &draw, TOTAL_CYCLES, IDLE_CYCLES,
                                  "gpu2d-core-hz" };
    static const Cycles of_3d = { &resolve, MC_CYCLE_COUNTER, TOTAL_CYCLES,
                                  "gpu3d-core-hz" };

    g_test_init(&argc, &argv, NULL);
    qtest_add_data_func("/imx6-gpu-jobs/migrate-2d", &draw, test_migrate);
    qtest_add_data_func("/imx6-gpu-jobs/migrate-resolve", &resolve,
                        test_migrate);
    qtest_add_data_func("/imx6-gpu-jobs/migrate-tiler", &tiler, test_migrate);
    qtest_add_func("/imx6-gpu-jobs/pixels", test_pixels);
    qtest_add_func("/imx6-gpu-jobs/bus", test_bus);
    qtest_add_data_func("/imx6-gpu-jobs/cycles-2d", &of_2d, test_cycles);
    qtest_add_data_func("/imx6-gpu-jobs/cycles-3d", &of_3d, test_cycles);
    return g_test_run();
}
