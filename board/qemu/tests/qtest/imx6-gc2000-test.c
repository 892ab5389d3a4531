/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the GC2000's resolve engine, tile status and YUV tiler.
 *
 * Expectations, none of them from the model: see imx6-gc2000-qtest.h, and
 * the documentation of RS, TS and YUV in rnndb's state_3d.xml.
 */

#include "qemu/osdep.h"
#include "imx6-gc2000-qtest.h"

#define A8R8G8B8                RS_SOURCE_FORMAT(FORMAT_A8R8G8B8)
#define TO_A8R8G8B8             RS_DEST_FORMAT(FORMAT_A8R8G8B8)
#define COPY_32                 (A8R8G8B8 | TO_A8R8G8B8)

static const Area linear = { FROM, 128 * 4, LINEAR, 4 };

static void put_picture(GPU *g, const Area *a, unsigned w, unsigned h)
{
    for (unsigned y = 0; y < h; y++) {
        for (unsigned x = 0; x < w; x++) {
            area_poke(g, a, x, y, rs_pixel(x, y));
        }
    }
}

static void check_picture(GPU *g, const Area *a, unsigned w, unsigned h,
                          uint32_t (*want)(unsigned, unsigned))
{
    for (unsigned y = 0; y < h; y++) {
        for (unsigned x = 0; x < w; x++) {
            g_assert_cmphex(area_peek(g, a, x, y), ==, want(x, y));
        }
    }
}

static void kick(GPU *g, Stream *s)
{
    st_load(s, RS_KICKER, RS_KICK);
    gpu_finish(g, s);
}

/*
 * From and to every layout, by one pipe and by both. A window behind the
 * picture's end must not be touched.
 */
static void test_layouts(void)
{
    enum { WIDTH = 64, HEIGHT = 128 };
    GPU g = gc2000_start();

    put_picture(&g, &linear, WIDTH, HEIGHT);
    for (unsigned n = 0; n < 10; n++) {
        Area tiled = { TO, 128 * 4, n / 2, 4 };
        Area back = { STATUS, 128 * 4, LINEAR, 4 };
        unsigned windows = 1 + n % 2;
        Stream s = { 0 };

        qtest_memset(g.q, GPU_WINDOW + TO, 0x11, 2 * PIPE1);
        qtest_memset(g.q, GPU_WINDOW + STATUS, 0x22, PIPE1);
        st_resolve(&s, &linear, &tiled, COPY_32, WIDTH, HEIGHT, windows);
        kick(&g, &s);
        check_picture(&g, &tiled, WIDTH, HEIGHT, rs_pixel);
        if (tiled.layout != SUPER && tiled.layout != MULTI_SUPER) {
            g_assert_cmphex(area_peek(&g, &tiled, WIDTH, 0), ==, 0x11111111);
        }

        s.n = 0;
        st_resolve(&s, &tiled, &back, COPY_32, WIDTH, HEIGHT, windows);
        kick(&g, &s);
        check_picture(&g, &back, WIDTH, HEIGHT, rs_pixel);
        g_assert_cmphex(area_peek(&g, &back, WIDTH, 0), ==, 0x22222222);
        g_assert_cmphex(area_peek(&g, &back, 0, HEIGHT), ==, 0x22222222);
    }
    gpu_quit(&g);
}

static uint32_t narrow(unsigned x, unsigned y)
{
    uint32_t p = rs_pixel(x, y);

    return (p >> 8 & 0xf800) | (p >> 5 & 0x7e0) | (p >> 3 & 0x1f);
}

static uint32_t swapped(unsigned x, unsigned y)
{
    uint32_t p = rs_pixel(x, y);

    return (p & 0xff00ff00) | (p & 0xff) << 16 | (p >> 16 & 0xff);
}

static uint32_t upside_down(unsigned x, unsigned y)
{
    return rs_pixel(x, 15 - y);
}

/* To 16 bits, with dithering off; red for blue; the last row first */
static void test_convert(void)
{
    static const struct {
        uint32_t config;
        unsigned bytes;
        uint32_t (*want)(unsigned, unsigned);
    } t[] = {
        { A8R8G8B8 | RS_DEST_FORMAT(FORMAT_R5G6B5), 2, narrow },
        { COPY_32 | RS_SWAP_RB, 4, swapped },
        { COPY_32 | RS_FLIP, 4, upside_down },
    };
    GPU g = gc2000_start();

    put_picture(&g, &linear, 32, 16);
    for (unsigned i = 0; i < G_N_ELEMENTS(t); i++) {
        Area to = { TO, 32 * t[i].bytes, LINEAR, t[i].bytes };
        Stream s = { 0 };

        st_resolve(&s, &linear, &to, t[i].config, 32, 16, 1);
        kick(&g, &s);
        check_picture(&g, &to, 32, 16, t[i].want);
    }
    gpu_quit(&g);
}

/* Sums of two and of four divide without rest: no rounding to guess. */
static uint32_t coarse(unsigned x, unsigned y)
{
    uint32_t v = (x * 4 + y * 8) & 0x7c;

    return v << 24 | v << 16 | (v ^ 0x40) << 8 | 0x10;
}

static unsigned mean_of(unsigned x, unsigned y, unsigned w, unsigned h,
                        unsigned shift)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < w * h; i++) {
        sum += coarse(x * w + i % w, y * h + i / w) >> shift & 0xff;
    }
    return sum / (w * h);
}

/* WINDOW_SIZE is that of the source. */
static void test_downsample(void)
{
    static const struct { uint32_t config; unsigned w, h; } t[] = {
        { RS_DOWNSAMPLE_X, 2, 1 }, { RS_DOWNSAMPLE_X | RS_DOWNSAMPLE_Y, 2, 2 },
    };

    GPU g = gc2000_start();
    Area from = { FROM, 64 * 4, TILED, 4 };

    for (unsigned i = 0; i < 64 * 32; i++) {
        area_poke(&g, &from, i % 64, i / 64, coarse(i % 64, i / 64));
    }
    for (unsigned n = 0; n < 4; n++) {
        unsigned w = t[n / 2].w, h = t[n / 2].h;
        Area to = { TO, 64 * 4, LINEAR, 4 };
        Stream s = { 0 };

        qtest_memset(g.q, GPU_WINDOW + TO, 0x33, 64 * 4 * 40);
        st_resolve(&s, &from, &to, COPY_32 | t[n / 2].config, 64, 32,
                   1 + n % 2);
        kick(&g, &s);
        for (unsigned i = 0; i < 64 / w * (32 / h); i++) {
            unsigned x = i % (64 / w), y = i / (64 / w);
            uint32_t got = area_peek(&g, &to, x, y);

            for (unsigned shift = 0; shift < 32; shift += 8) {
                g_assert_cmpuint(got >> shift & 0xff, ==,
                                 mean_of(x, y, w, h, shift));
            }
        }
        g_assert_cmphex(area_peek(&g, &to, 64 / w, 0), ==, 0x33333333);
        g_assert_cmphex(area_peek(&g, &to, 0, 32 / h), ==, 0x33333333);
    }
    gpu_quit(&g);
}

/*
 * Clears disregard the source. Of the channels' bits Mesa has 0x1111 for the
 * stencil of S8_UINT_Z24_UNORM, which is the lowest byte, and 0xeeee for the
 * depth: what is not cleared stays as it is.
 */
static void test_clear(void)
{
    static const struct { uint32_t bits, mask; } t[] = {
        { 0xffff, 0xffffffff }, { 0x1111, 0x000000ff }, { 0xeeee, 0xffffff00 },
    };
    Area to = { TO, 64 * 4, TILED, 4 };
    GPU g = gc2000_start();

    for (unsigned n = 0; n < 2 * G_N_ELEMENTS(t); n++) {
        uint32_t mask = t[n / 2].mask;
        Stream s = { 0 };

        put_picture(&g, &to, 64, 20);
        st_resolve(&s, &linear, &to, COPY_32, 32, 16, 1 + n % 2);
        st_load(&s, RS_CLEAR_CONTROL, RS_CLEAR_ONE | t[n / 2].bits);
        st_load(&s, RS_FILL_VALUE(0), 0x89abcdef);
        kick(&g, &s);
        for (unsigned i = 0; i < 64 * 20; i++) {
            unsigned x = i % 64, y = i / 64;
            uint32_t old = rs_pixel(x, y);

            g_assert_cmphex(area_peek(&g, &to, x, y), ==, x < 32 && y < 16 ?
                            (old & ~mask) | (0x89abcdef & mask) : old);
        }
    }
    gpu_quit(&g);
}

/* Two bits for 64 bytes, a tile of 32 bit pixels: 01 is cleared. */
static bool cleared(unsigned tile)
{
    return tile % 7 == 3 || tile % 5 == 0;
}

static void put_status(GPU *g, unsigned tiles)
{
    for (unsigned i = 0; i < tiles; i += 4) {
        uint8_t bits = 0;

        for (unsigned k = 0; k < 4; k++) {
            bits |= cleared(i + k) << (2 * k);
        }
        qtest_writeb(g->q, GPU_WINDOW + STATUS + i / 4, bits);
    }
}

/*
 * "Set by the blob to 0x55555555": all of a surface; and a mixture. In a
 * surface for both pixel pipes the status goes by addresses, too: pipe 1's
 * half comes behind.
 */
static void test_tile_status(void)
{
    static const Layout layouts[] = { TILED, SUPER, MULTI_TILED };
    Area to = { TO, 64 * 4, LINEAR, 4 };
    GPU g = gc2000_start();

    for (unsigned n = 0; n < 2 * G_N_ELEMENTS(layouts); n++) {
        Area from = { FROM, 64 * 4, layouts[n / 2], 4 };
        Stream s = { 0 };

        put_picture(&g, &from, 64, 64);
        put_status(&g, 2 * PIPE1 / 64);
        st_resolve(&s, &from, &to, COPY_32, 64, 64, 1 + n % 2);
        st_load(&s, TS_MEM_CONFIG, TS_COLOR_FAST_CLEAR);
        st_load(&s, TS_COLOR_STATUS_BASE, STATUS);
        st_load(&s, TS_COLOR_SURFACE_BASE, FROM);
        st_load(&s, TS_COLOR_CLEAR_VALUE, 0xfedcba98);
        kick(&g, &s);
        for (unsigned i = 0; i < 64 * 64; i++) {
            unsigned x = i % 64, y = i / 64;
            unsigned tile = (pixel_at(&from, x, y) - FROM) / 64;

            g_assert_cmphex(area_peek(&g, &to, x, y), ==,
                            cleared(tile) ? 0xfedcba98 : rs_pixel(x, y));
        }
    }
    gpu_quit(&g);
}

/* Off, the status is not looked at: "work like a normal copy engine". */
static void test_tile_status_off(void)
{
    Area from = { FROM, 64 * 4, TILED, 4 }, to = { TO, 64 * 4, LINEAR, 4 };
    GPU g = gc2000_start();
    Stream s = { 0 };

    put_picture(&g, &from, 64, 16);
    qtest_memset(g.q, GPU_WINDOW + STATUS, 0x55, 64);
    st_resolve(&s, &from, &to, COPY_32, 64, 16, 2);
    st_load(&s, TS_MEM_CONFIG, 0);
    st_load(&s, TS_COLOR_STATUS_BASE, STATUS);
    st_load(&s, TS_COLOR_SURFACE_BASE, FROM);
    st_load(&s, TS_COLOR_CLEAR_VALUE, 0xfedcba98);
    kick(&g, &s);
    check_picture(&g, &to, 64, 16, rs_pixel);
    gpu_quit(&g);
}

/*
 * A source whose rows go on beyond the last address: its status is looked for
 * behind the status' first bytes, and nowhere else. (Found by review: a length
 * was computed modulo 2^32, and 4 GiB allocated.)
 */
static void test_tile_status_wraps(void)
{
    Area from = { 0xfffffc00, 1024 * 4, LINEAR, 4 };
    Area to = { TO, 1024 * 4, LINEAR, 4 };
    GPU g = gc2000_start();
    int64_t host = g_get_monotonic_time();
    Stream s = { 0 };

    st_resolve(&s, &from, &to, COPY_32, 1024, 4, 1);
    st_load(&s, TS_MEM_CONFIG, TS_COLOR_FAST_CLEAR);
    st_load(&s, TS_COLOR_STATUS_BASE, STATUS);
    st_load(&s, TS_COLOR_SURFACE_BASE, 0);
    st_load(&s, RS_KICKER, RS_KICK);
    st_end(&s);
    gpu_run(&g, &s);
    qtest_clock_step(g.q, 10 * MS);
    g_assert_cmpint(g_get_monotonic_time() - host, <, 8 * G_USEC_PER_SEC);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE, ==, IDLE_FE);
    gpu_quit(&g);
}

static uint8_t luma(unsigned x, unsigned y)
{
    return x * 5 + y * 3 + 7;
}

static uint8_t chroma(unsigned x, unsigned y)
{
    return x * 11 ^ y * 29;
}

/*
 * NV12 to a tiled texture of YUY2, as Mesa has it done for a sampler: two
 * bytes a pixel, luma first, with the pair of its two by two pixels.
 */
static void test_yuv_tiler(void)
{
    enum { WIDTH = 64, HEIGHT = 32, PITCH = 80 };
    Area to = { TO, WIDTH * 2, TILED, 2 };
    GPU g = gc2000_start();
    Stream s = { 0 };

    for (unsigned i = 0; i < WIDTH * HEIGHT; i++) {
        unsigned x = i % WIDTH, y = i / WIDTH;

        qtest_writeb(g.q, GPU_WINDOW + FROM + y * PITCH + x, luma(x, y));
        if (y % 2 == 0) {
            qtest_writeb(g.q, GPU_WINDOW + STATUS + y / 2 * PITCH + x,
                         chroma(x, y / 2));
        }
    }
    st_load(&s, GL_PIPE_SELECT, 0);
    st_load(&s, YUV_CONFIG, YUV_ENABLE_NV12);
    st_load(&s, YUV_WINDOW_SIZE, xy(WIDTH, HEIGHT));
    st_load(&s, YUV_PLANE(0), FROM);
    st_load(&s, YUV_PLANE(0) + 4, PITCH);
    st_load(&s, YUV_PLANE(1), STATUS);
    st_load(&s, YUV_PLANE(1) + 4, PITCH);
    st_load(&s, YUV_DEST_BASE, TO);
    st_load(&s, YUV_DEST_BASE + 4, to.stride);
    st_load(&s, RS_KICKER, RS_KICK);
    st_load(&s, YUV_CONFIG, 0);
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < WIDTH * HEIGHT; i++) {
        unsigned x = i % WIDTH, y = i / WIDTH;

        g_assert_cmphex(area_peek(&g, &to, x, y), ==,
                        luma(x, y) | chroma(x, y / 2) << 8);
    }
    gpu_quit(&g);
}

/* What never comes back, until the core is reset */
static void check_stuck(GPU *g, Stream *s)
{
    st_load(s, RS_KICKER, RS_KICK);
    st_sync(s);
    st_event(s, 1, EVENT_FROM_PE);
    st_end(s);
    gpu_run(g, s);
    qtest_clock_step(g->q, 50 * MS);
    g_assert_cmphex(gpu_read(g, HI_INTR_ACKNOWLEDGE), ==, 0);
    g_assert_cmphex(gpu_read(g, HI_IDLE_STATE) & IDLE_FE, ==, 0);
    gpu_reset(g);
    gpu_hw_init(g);
}

/*
 * "Vivante RS needs widths to be a multiple of 16 or bad things happen, such
 * as scribbling over memory, or the GPU hanging, even for non-tiled formats"
 * (Mesa, etnaviv_rs.c); of the two, the model hangs. Targets of tiles need
 * "to be padded to 16x4, otherwise RS will hang" (same file), and "non-tiled
 * to non-tiled: height must be multiple of 4" (doc/hardware.md). "An invalid
 * pattern in the tile status memory can result in hangs" (there, too). After
 * a reset, all is well.
 */
static void test_hangs(void)
{
    static const struct {
        Layout from, to;
        unsigned width, height;
    } t[] = {
        { TILED, LINEAR, 24, 16 }, { LINEAR, LINEAR, 40, 16 },
        { LINEAR, TILED, 32, 6 }, { LINEAR, LINEAR, 32, 6 },
    };
    Area from = { FROM, 64 * 4, TILED, 4 }, to = { TO, 64 * 4, LINEAR, 4 };
    GPU g = gc2000_start();
    Stream s = { 0 };

    for (unsigned i = 0; i < G_N_ELEMENTS(t); i++) {
        Area a = { FROM, 64 * 4, t[i].from, 4 };
        Area b = { TO, 64 * 4, t[i].to, 4 };

        s.n = 0;
        st_resolve(&s, &a, &b, COPY_32, t[i].width, t[i].height, 1);
        check_stuck(&g, &s);
    }
    qtest_memset(g.q, GPU_WINDOW + STATUS, 0xff, 64);
    s.n = 0;
    st_resolve(&s, &from, &to, COPY_32, 64, 16, 2);
    st_load(&s, TS_MEM_CONFIG, TS_COLOR_FAST_CLEAR);
    st_load(&s, TS_COLOR_STATUS_BASE, STATUS);
    st_load(&s, TS_COLOR_SURFACE_BASE, FROM);
    check_stuck(&g, &s);

    /* "Sending 3D commands in the 2D pipe" (the same list) */
    s.n = 0;
    st_resolve(&s, &from, &to, COPY_32, 64, 16, 2);
    st_load(&s, GL_PIPE_SELECT, 1);
    check_stuck(&g, &s);

    put_picture(&g, &from, 64, 16);
    s.n = 0;
    st_resolve(&s, &from, &to, COPY_32, 64, 16, 2);
    kick(&g, &s);
    check_picture(&g, &to, 64, 16, rs_pixel);
    gpu_quit(&g);
}

/* "Tiled to non-tiled: height must be at least 1" */
static void test_any_height(void)
{
    Area from = { FROM, 64 * 4, TILED, 4 }, to = { TO, 64 * 4, LINEAR, 4 };
    GPU g = gc2000_start();

    put_picture(&g, &from, 64, 16);
    for (unsigned height = 1; height < 8; height++) {
        Stream s = { 0 };

        qtest_memset(g.q, GPU_WINDOW + TO, 0x66, 64 * 4 * 16);
        st_resolve(&s, &from, &to, COPY_32, 64, height, 1);
        kick(&g, &s);
        check_picture(&g, &to, 64, height, rs_pixel);
        g_assert_cmphex(area_peek(&g, &to, 0, height), ==, 0x66666666);
    }
    gpu_quit(&g);
}

/* Bit 0 of the value kicks (doc/hardware.md, "Operations"). */
static void test_kicker(void)
{
    Area to = { TO, 64 * 4, LINEAR, 4 };
    GPU g = gc2000_start();
    Stream s = { 0 };

    put_picture(&g, &linear, 64, 16);
    qtest_memset(g.q, GPU_WINDOW + TO, 0x44, 64 * 4 * 16);
    st_resolve(&s, &linear, &to, COPY_32, 64, 16, 2);
    st_load(&s, RS_KICKER, 0xbeebbeea);
    gpu_finish(&g, &s);
    g_assert_cmphex(area_peek(&g, &to, 0, 0), ==, 0x44444444);
    s.n = 0;
    st_load(&s, GL_PIPE_SELECT, 0);
    kick(&g, &s);
    check_picture(&g, &to, 64, 16, rs_pixel);
    gpu_quit(&g);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-gc2000/layouts", test_layouts);
    qtest_add_func("/imx6-gc2000/convert", test_convert);
    qtest_add_func("/imx6-gc2000/downsample", test_downsample);
    qtest_add_func("/imx6-gc2000/clear", test_clear);
    qtest_add_func("/imx6-gc2000/tile-status", test_tile_status);
    qtest_add_func("/imx6-gc2000/tile-status-off", test_tile_status_off);
    qtest_add_func("/imx6-gc2000/tile-status-wraps", test_tile_status_wraps);
    qtest_add_func("/imx6-gc2000/yuv-tiler", test_yuv_tiler);
    qtest_add_func("/imx6-gc2000/hangs", test_hangs);
    qtest_add_func("/imx6-gc2000/any-height", test_any_height);
    qtest_add_func("/imx6-gc2000/kicker", test_kicker);
    return g_test_run();
}
