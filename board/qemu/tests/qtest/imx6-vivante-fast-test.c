/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QTest of the GC320's filter blits: loops made for the host's compiler give
 * the pixels of the plain ones ("naive"), for less of the host's time.
 */

#include "qemu/osdep.h"
#include <sys/resource.h>
#include "imx6-vivante-qtest.h"

#define SRC             0x00100000
#define SRC_U           0x00180000
#define SRC_V           0x001c0000
#define DST             0x00200000
#define BYTES           0x00180000

typedef struct Job {
    unsigned src, dst;          /* formats */
    bool vertical;
    unsigned left, top, right, bottom;  /* of the source image */
    int32_t x, y;               /* origin, 16.16 */
    uint32_t step;
    unsigned tx, ty, tw, th;    /* target window */
    unsigned seed;              /* of the kernel */
} Job;

static const Job jobs[] = {
    { FORMAT_YUY2, FORMAT_A8R8G8B8, false, 0, 0, 64, 20, 0x8000, 0,
      0xcccc, 0, 0, 80, 20, 1 },
    { FORMAT_UYVY, FORMAT_UYVY, true, 3, 2, 61, 19, 0x10000, 0x8000,
      0x6000, 5, 1, 57, 40, 2 },
    { FORMAT_YUY2, FORMAT_YUY2, true, 1, 0, 40, 12, -0x50000, 0x30000,
      0x11111, 2, 0, 63, 15, 3 },
    { FORMAT_NV12, FORMAT_R5G6B5, false, 5, 1, 63, 20, -0x98000, 0x10000,
      0x1a000, 3, 2, 70, 12, 4 },
    { FORMAT_YV12, FORMAT_X8R8G8B8, true, 0, 0, 33, 17, 0x200000, 0x90000,
      0x4321, 0, 0, 30, 31, 5 },
    { FORMAT_NV16, FORMAT_A8R8G8B8, false, 7, 0, 24, 9, 0x400000, 0,
      0x300, 1, 1, 33, 8, 6 },
    { FORMAT_A8R8G8B8, FORMAT_A8R8G8B8, false, 2, 2, 50, 14, 0x24000, 0x20000,
      0x28000, 0, 0, 41, 11, 7 },
    { FORMAT_R5G6B5, FORMAT_A8R8G8B8, true, 0, 3, 48, 18, 0, 0x48000,
      0x10000, 4, 4, 44, 13, 8 },
};

static uint32_t noise(uint32_t i)
{
    i = (i ^ i >> 15) * 0x2c1b3c6du;
    i = (i ^ i >> 12) * 0x297a2d39u;
    return i ^ i >> 15;
}

static GPU start(bool naive)
{
    GPU g = gpu_start_with(naive ? "-global vivante-gpu.naive=on" : "",
                           GC320_BASE, GC320_SPI);
    g_autofree uint32_t *p = g_new(uint32_t, BYTES / 4);

    for (unsigned i = 0; i < BYTES / 4; i++) {
        p[i] = noise(i);
    }
    qtest_bufwrite(g.q, GPU_WINDOW + SRC, p, 0x100000);
    qtest_bufwrite(g.q, GPU_WINDOW + DST, p, BYTES);
    return g;
}

/* Rows of taps of both signs that add up to about one */
static void st_kernel(Stream *s, unsigned seed)
{
    uint16_t k[154] = { 0 };

    for (unsigned i = 0; i < 153; i++) {
        k[i] = (int)(noise(seed * 153 + i) % 8192) - 2200;
    }
    for (unsigned i = 0; i < 77; i++) {
        st_load(s, DE_FILTER_KERNEL + 4 * i,
                k[2 * i] | (uint32_t)k[2 * i + 1] << 16);
    }
}

static void run(GPU *g, const Job *j, unsigned stride, unsigned to)
{
    Stream s = { 0 };

    st_prologue(&s);
    st_kernel(&s, j->seed);
    st_load(&s, DE_SRC_ADDRESS, SRC);
    st_load(&s, DE_SRC_STRIDE, stride);
    st_load(&s, DE_SRC_CONFIG, (uint32_t)j->src << 24);
    st_load(&s, DE_UPLANE_ADDRESS, SRC_U);
    st_load(&s, DE_UPLANE_STRIDE, stride);
    st_load(&s, DE_VPLANE_ADDRESS, SRC_V);
    st_load(&s, DE_VPLANE_STRIDE, stride);
    st_dest(&s, DST, to, j->dst |
            DEST_COMMAND(j->vertical ? COMMAND_VER_FILTER :
                                       COMMAND_HOR_FILTER));
    st_load(&s, DE_STRETCH_FACTOR_LOW, j->step);
    st_load(&s, DE_STRETCH_FACTOR_HIGH, j->step);
    st_load(&s, DE_VR_SOURCE_IMAGE_LOW, xy(j->left, j->top));
    st_load(&s, DE_VR_SOURCE_IMAGE_LOW + 4, xy(j->right, j->bottom));
    st_load(&s, DE_VR_SOURCE_ORIGIN_LOW, j->x);
    st_load(&s, DE_VR_SOURCE_ORIGIN_LOW + 4, j->y);
    st_load(&s, DE_VR_TARGET_WINDOW_LOW, xy(j->tx, j->ty));
    st_load(&s, DE_VR_TARGET_WINDOW_LOW + 4,
            xy(j->tx + j->tw, j->ty + j->th));
    st_load(&s, DE_VR_CONFIG, j->vertical);
    st_load(&s, GL_FLUSH_CACHE, FLUSH_PE2D);
    st_sync(&s);
    st_event(&s, 29, EVENT_FROM_PE);
    st_end(&s);
    gpu_run(g, &s);
    /* In one go: what the test itself costs is no part of this. */
    qtest_clock_step(g->q, 20 * MS);
    g_assert_cmphex(gpu_read(g, HI_INTR_ACKNOWLEDGE), ==, 1u << 29);
}

static uint8_t *picture(GPU *g)
{
    uint8_t *p = g_malloc(BYTES);

    qtest_bufread(g->q, GPU_WINDOW + DST, p, BYTES);
    return p;
}

static void test_same_pixels(void)
{
    GPU plain = start(true), fast = start(false);

    for (unsigned i = 0; i < G_N_ELEMENTS(jobs); i++) {
        g_autofree uint8_t *before = picture(&fast);
        g_autofree uint8_t *a = NULL, *b = NULL;

        run(&plain, &jobs[i], 256, 512);
        run(&fast, &jobs[i], 256, 512);
        a = picture(&plain);
        b = picture(&fast);
        g_assert_cmpmem(a, BYTES, b, BYTES);
        g_assert_true(memcmp(b, before, BYTES) != 0);
    }
    gpu_quit(&plain);
    gpu_quit(&fast);
}

static double seconds(struct timeval t)
{
    return t.tv_sec + t.tv_usec / 1e6;
}

/* User time of QEMU for some frames of the camera, start and all */
static double cost(bool naive, unsigned frames)
{
    static const Job passes[] = {
        { FORMAT_UYVY, FORMAT_UYVY, true, 0, 0, 640, 480, 0, 0x8000, 0x10000,
          0, 0, 640, 480, 9 },
        { FORMAT_UYVY, FORMAT_R5G6B5, false, 0, 0, 640, 480, 0x6666, 0,
          0xcccc, 0, 0, 800, 480, 9 },
    };
    struct rusage before, after;
    GPU g;

    getrusage(RUSAGE_CHILDREN, &before);
    g = start(naive);
    for (unsigned i = 0; i < 2 * frames; i++) {
        run(&g, &passes[i % 2], 1280, 1600);
    }
    gpu_quit(&g);
    getrusage(RUSAGE_CHILDREN, &after);
    return seconds(after.ru_utime) - seconds(before.ru_utime);
}

static void test_less_time(void)
{
    double plain = cost(true, 30) - cost(true, 2);
    double fast = cost(false, 30) - cost(false, 2);

    g_test_message("28 frames: %.2f s naive, %.2f s fast", plain, fast);
    g_assert_cmpfloat(fast, <, plain * 0.7);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-vivante-fast/same-pixels", test_same_pixels);
    qtest_add_func("/imx6-vivante-fast/less-time", test_less_time);
    return g_test_run();
}
