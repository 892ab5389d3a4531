/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the GC320's 2D pipe, pixel by pixel. hw/imx6/vivante/pe2d*.c, vr.c.
 *
 * Expectations: encodings of rnndb's state_2d.xml; how libdrm's etnaviv test
 * and xf86-video-armada use them; Porter and Duff; BT.601. Everything that
 * is computed is computed here, in double precision where it filters.
 */

#include "qemu/osdep.h"
#include "imx6-gc320-qtest.h"

#define TMP                     0x00300000

#define BLEND_ZERO              0
#define BLEND_ONE               1
#define BLEND_NORMAL            2
#define BLEND_INVERSED          3

static uint16_t peek16(GPU *g, uint32_t addr)
{
    return qtest_readw(g->q, GPU_WINDOW + addr);
}

/* The value to clear with is A8R8G8B8 whatever the target is. */
static void test_fill(void)
{
    static const struct { unsigned format, bytes; uint32_t want; } t[] = {
        { FORMAT_A8R8G8B8, 4, 0xff40ff40 }, { FORMAT_R5G6B5, 2, 0x47e8 },
        { FORMAT_A1R5G5B5, 2, 0xa3e8 }, { FORMAT_A4R4G4B4, 2, 0xf4f4 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(t); i++) {
        GPU g = start();
        Stream s = { 0 };

        put(&g, DST, W * H, zero);
        st_prologue(&s);
        st_dest(&s, DST, W * t[i].bytes, t[i].format |
                DEST_COMMAND(COMMAND_CLEAR));
        st_load(&s, DE_CLEAR_PIXEL_VALUE32, 0xff40ff40);
        st_rect(&s, 2, 1, 14, 15);
        gpu_finish(&g, &s);
        for (unsigned y = 0; y < H; y++) {
            for (unsigned x = 0; x < W; x++) {
                bool in = x >= 2 && x < 14 && y >= 1 && y < 15;
                uint32_t at = DST + (y * W + x) * t[i].bytes;
                uint32_t got = t[i].bytes == 2 ? peek16(&g, at) :
                                                 gpu_peek(&g, at);

                g_assert_cmphex(got, ==, in ? t[i].want : 0);
            }
        }
        gpu_quit(&g);
    }
}

/* libdrm's etnaviv_2d_test: a count of 0 is 256 rectangles. */
static void test_many_rects(void)
{
    GPU g = start();
    Stream s = { 0 };

    qtest_memset(g.q, GPU_WINDOW + DST, 0, 128 * 128 * 4);
    st_prologue(&s);
    st_dest(&s, DST, 128 * 4, FORMAT_A8R8G8B8 | DEST_COMMAND(COMMAND_CLEAR));
    st_load(&s, DE_CLEAR_PIXEL_VALUE32, 0xff40ff40);
    st_put(&s, 0x20000000, 0);
    for (unsigned i = 0; i < 256; i++) {
        unsigned x = i % 16 * 8, y = i / 16 * 8;

        st_put(&s, xy(x, y), xy(x + 4, y + 4));
    }
    for (unsigned i = 0; i < 3; i++) {
        st_load(&s, 0, 0);                      /* as libdrm's test does */
    }
    gpu_finish(&g, &s);
    for (unsigned y = 0; y < 128; y += 3) {
        for (unsigned x = 0; x < 128; x++) {
            bool in = x % 8 < 4 && y % 8 < 4;

            g_assert_cmphex(gpu_peek(&g, DST + (y * 128 + x) * 4), ==,
                            in ? 0xff40ff40 : 0);
        }
    }
    gpu_quit(&g);
}

/* Top left is inside, bottom right is not; for fills and for copies. */
static void test_clip(void)
{
    for (unsigned copy = 0; copy <= 1; copy++) {
        GPU g = start();
        Stream s = { 0 };

        st_copy(&s);
        if (!copy) {
            st_dest(&s, DST, W * 4, FORMAT_A8R8G8B8 |
                    DEST_COMMAND(COMMAND_CLEAR));
            st_load(&s, DE_CLEAR_PIXEL_VALUE32, 0x12345678);
        }
        st_load(&s, DE_CLIP_TOP_LEFT, xy(3, 5));
        st_load(&s, DE_CLIP_BOTTOM_RIGHT, xy(9, 12));
        st_rect(&s, 0, 0, W, H);
        gpu_finish(&g, &s);
        for (unsigned i = 0; i < W * H; i++) {
            unsigned x = i % W, y = i / W;
            bool in = x >= 3 && x < 9 && y >= 5 && y < 12;
            uint32_t drawn = copy ? source(i) : 0x12345678;

            g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                            in ? drawn : below(i));
        }
        gpu_quit(&g);
    }
}

/* From an origin in the source to a rectangle somewhere else */
static void test_copy(void)
{
    GPU g = start();
    Stream s = { 0 };

    st_copy(&s);
    st_load(&s, DE_SRC_ORIGIN, xy(5, 3));
    st_load(&s, DE_SRC_SIZE, xy(6, 7));
    st_rect(&s, 2, 8, 8, 15);
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < W * H; i++) {
        unsigned x = i % W, y = i / W;
        bool in = x >= 2 && x < 8 && y >= 8 && y < 15;

        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                        in ? source((y - 5) * W + x + 3) : below(i));
    }
    gpu_quit(&g);
}

/* Bits of a component in a 16 bit format, and its byte in A8R8G8B8 */
typedef struct Component {
    uint8_t bit, width, shift;
} Component;

static const struct {
    unsigned format;
    Component c[4];
    unsigned n;
} formats16[] = {
    { FORMAT_R5G6B5, { { 11, 5, 16 }, { 5, 6, 8 }, { 0, 5, 0 } }, 3 },
    { FORMAT_A1R5G5B5,
      { { 10, 5, 16 }, { 5, 5, 8 }, { 0, 5, 0 }, { 15, 1, 24 } }, 4 },
    { FORMAT_A4R4G4B4,
      { { 8, 4, 16 }, { 4, 4, 8 }, { 0, 4, 0 }, { 12, 4, 24 } }, 4 },
};

static unsigned get_bits(uint32_t v, unsigned bit, unsigned width)
{
    return v >> bit & ((1u << width) - 1);
}

/* Down to 16 bits: a step at most; up again: the ends stay the ends. */
static void test_convert(void)
{
    for (unsigned f = 0; f < G_N_ELEMENTS(formats16); f++) {
        GPU g = start();
        Stream s = { 0 };

        gpu_poke(&g, SRC, 0xffffffff);
        gpu_poke(&g, SRC + 4, 0);
        st_copy(&s);
        st_dest(&s, DST, W * 2, formats16[f].format |
                DEST_COMMAND(COMMAND_BIT_BLT));
        st_rect(&s, 0, 0, W, H);
        st_src(&s, DST, W * 2, formats16[f].format, W, H);
        st_load(&s, GL_FLUSH_CACHE, FLUSH_PE2D);
        st_dest(&s, TMP, W * 4, FORMAT_A8R8G8B8 |
                DEST_COMMAND(COMMAND_BIT_BLT));
        st_rect(&s, 0, 0, W, H);
        gpu_finish(&g, &s);
        for (unsigned i = 0; i < W * H; i++) {
            uint32_t from = gpu_peek(&g, SRC + 4 * i);
            uint32_t mid = peek16(&g, DST + 2 * i);
            uint32_t to = gpu_peek(&g, TMP + 4 * i);

            for (unsigned n = 0; n < formats16[f].n; n++) {
                const Component *c = &formats16[f].c[n];
                unsigned a = get_bits(from, c->shift, 8);
                unsigned b = get_bits(mid, c->bit, c->width);
                unsigned d = get_bits(to, c->shift, 8);
                unsigned max = (1u << c->width) - 1;

                if (c->width > 1) {
                    g_assert_cmpint(apart(b, a >> (8 - c->width)), <=, 1);
                }
                g_assert_cmpint(apart(d, b * 255 / max), <=, 4);
                if (b == 0 || b == max) {
                    g_assert_cmpuint(d, ==, b ? 255 : 0);
                }
            }
            if (formats16[f].n == 3) {
                g_assert_cmphex(to >> 24, ==, 0xff);    /* no alpha: opaque */
            }
        }
        g_assert_cmphex(gpu_peek(&g, TMP), ==, 0xffffffff);
        gpu_quit(&g);
    }
}

/* DE_SWIZZLE: 0 ARGB, 1 RGBA, 2 ABGR, 3 BGRA, most significant first */
static void test_swizzle(void)
{
    static const uint32_t want[] = {
        0x11223344, 0x44112233, 0x11443322, 0x44332211,
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(want); i++) {
        GPU g = start();
        Stream s = { 0 };

        gpu_poke(&g, SRC, 0x11223344);
        st_copy(&s);
        st_load(&s, DE_SRC_CONFIG, FORMAT_A8R8G8B8 << 24 | i << 20);
        st_rect(&s, 0, 0, 1, 1);
        gpu_finish(&g, &s);
        g_assert_cmphex(gpu_peek(&g, DST), ==, want[i]);
        gpu_quit(&g);
    }
}

static void st_stretch(Stream *s, unsigned sw, unsigned sh, unsigned dw,
                       unsigned dh)
{
    st_copy(s);
    st_load(s, DE_SRC_SIZE, xy(sw, sh));
    st_load(s, DE_STRETCH_FACTOR_LOW, ((sw - 1) << 16) / (dw - 1));
    st_load(s, DE_STRETCH_FACTOR_HIGH, ((sh - 1) << 16) / (dh - 1));
    st_dest(s, DST, W * 4, FORMAT_A8R8G8B8 |
            DEST_COMMAND(COMMAND_STRETCH_BLT));
    st_rect(s, 0, 0, dw, dh);
}

/* The pixel that is nearest by the factor, ((src - 1) << 16) / (dst - 1) */
static void test_stretch(void)
{
    GPU g = start();
    Stream s = { 0 };

    st_stretch(&s, 15, 11, 8, 6);               /* every second */
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < W * H; i++) {
        unsigned x = i % W, y = i / W;

        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                        x < 8 && y < 6 ? source(2 * y * W + 2 * x) :
                                         below(i));
    }
    /* Upwards both ends are kept, and nothing comes twice as often. */
    s.n = 0;
    st_stretch(&s, 8, 8, 15, 15);
    gpu_finish(&g, &s);
    for (unsigned y = 0; y < 15; y++) {
        for (unsigned x = 0; x < 15; x++) {
            uint32_t got = gpu_peek(&g, DST + 4 * (y * W + x));
            bool near = false;

            for (unsigned k = 0; k < 4; k++) {
                near |= got == source((y + (k >> 1)) / 2 * W +
                                      (x + (k & 1)) / 2);
            }
            g_assert_true(near);
            if (!(x & 1) && !(y & 1)) {
                g_assert_cmphex(got, ==, source(y / 2 * W + x / 2));
            }
        }
    }
    gpu_quit(&g);
}

/* All that need no pattern: S is 0xcc, D is 0xaa. */
static void test_rop(void)
{
    GPU g = start();

    for (unsigned n = 0; n < 16; n++) {
        uint32_t rop = n * 0x11;
        Stream s = { 0 };

        put(&g, DST, W * H, below);
        st_copy(&s);
        st_load(&s, DE_ROP, ROP_TYPE_ROP4 | rop << 8 | rop);
        st_rect(&s, 0, 0, W, H);
        gpu_finish(&g, &s);
        for (unsigned i = 0; i < W * H; i += 7) {
            uint32_t a = source(i), b = below(i), want = 0;

            want |= n & 1 ? ~a & ~b : 0;
            want |= n & 2 ? ~a & b : 0;
            want |= n & 4 ? a & ~b : 0;
            want |= n & 8 ? a & b : 0;
            g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==, want);
        }
    }
    gpu_quit(&g);
}

/* Premultiplied: no component above alpha */
static uint32_t premultiplied(uint32_t argb)
{
    uint32_t a = argb >> 24, out = a << 24;

    for (unsigned shift = 0; shift < 24; shift += 8) {
        out |= (argb >> shift & 0xff) * a / 255 << shift;
    }
    return out;
}

static uint32_t soft_source(unsigned i)
{
    return premultiplied(source(i));
}

static uint32_t soft_below(unsigned i)
{
    return premultiplied(below(i));
}

static double factor(unsigned mode, double alpha)
{
    switch (mode) {
    case BLEND_ZERO:
        return 0;
    case BLEND_ONE:
        return 1;
    case BLEND_NORMAL:
        return alpha;
    default:
        return 1 - alpha;
    }
}

static void check_blend(GPU *g, unsigned src, unsigned dst, double global)
{
    for (unsigned i = 0; i < W * H; i++) {
        uint32_t a = soft_source(i), b = soft_below(i);
        uint32_t got = gpu_peek(g, DST + 4 * i);
        double fs = factor(src, (b >> 24) / 255.0);
        double fd = factor(dst, (a >> 24) / 255.0 * global);

        for (unsigned shift = 0; shift < 32; shift += 8) {
            double want = fs * global * (a >> shift & 0xff) +
                          fd * (b >> shift & 0xff);

            want = want > 255 ? 255 : want;
            g_assert_cmpint(apart(got >> shift & 0xff, want + 0.5), <=, 2);
        }
    }
}

/*
 * Porter and Duff: the source's factor is of the target's alpha, and the
 * other way around (xf86-video-armada, etnaviv_accel_composite_masked()).
 */
static void test_alpha(void)
{
    static const struct { unsigned src, dst; } ops[] = {
        { BLEND_ONE, BLEND_INVERSED },          /* over */
        { BLEND_INVERSED, BLEND_ONE },          /* over, reverse */
        { BLEND_NORMAL, BLEND_ZERO },           /* in */
        { BLEND_ZERO, BLEND_NORMAL },           /* in, reverse */
        { BLEND_INVERSED, BLEND_ZERO },         /* out */
        { BLEND_ZERO, BLEND_INVERSED },         /* out, reverse */
        { BLEND_NORMAL, BLEND_INVERSED },       /* atop */
        { BLEND_INVERSED, BLEND_INVERSED },     /* xor */
        { BLEND_ONE, BLEND_ONE },               /* add */
        { BLEND_ZERO, BLEND_ZERO },             /* clear */
    };
    GPU g = start();

    put(&g, SRC, W * H, soft_source);
    for (unsigned i = 0; i < G_N_ELEMENTS(ops); i++) {
        Stream s = { 0 };

        put(&g, DST, W * H, soft_below);
        st_copy(&s);
        st_load(&s, DE_ALPHA_CONTROL, 1);
        st_load(&s, DE_ALPHA_MODES, ops[i].src << 24 | ops[i].dst << 28);
        st_rect(&s, 0, 0, W, H);
        gpu_finish(&g, &s);
        check_blend(&g, ops[i].src, ops[i].dst, 1);
    }
    gpu_quit(&g);
}

/*
 * Over with a plane's alpha on top: scaled by the global one, which the
 * colours are multiplied with as well (GLOBAL_SRC_ALPHA_MODE 2 and
 * SRC_GLOBAL_PREMULTIPLY 1).
 */
static void test_global_alpha(void)
{
    GPU g = start();
    Stream s = { 0 };

    put(&g, SRC, W * H, soft_source);
    put(&g, DST, W * H, soft_below);
    st_copy(&s);
    st_load(&s, DE_ALPHA_CONTROL, 1);
    st_load(&s, DE_ALPHA_MODES, BLEND_ONE << 24 | BLEND_INVERSED << 28 |
            2 << 8);
    st_load(&s, DE_GLOBAL_SRC_COLOR, 0x60000000);
    st_load(&s, DE_COLOR_MULTIPLY_MODES, 1 << 8);
    st_rect(&s, 0, 0, W, H);
    gpu_finish(&g, &s);
    check_blend(&g, BLEND_ONE, BLEND_INVERSED, 0x60 / 255.0);
    gpu_quit(&g);
}

/* DE_CONFIG: mirror along x, along y, along both */
static void test_mirror(void)
{
    GPU g = start();

    for (unsigned mode = 0; mode < 4; mode++) {
        Stream s = { 0 };

        st_copy(&s);
        st_load(&s, DE_CONFIG, 1 | mode << 4);
        st_rect(&s, 0, 0, W, H);
        gpu_finish(&g, &s);
        for (unsigned i = 0; i < W * H; i++) {
            unsigned x = i % W, y = i / W;

            x = mode & 1 ? W - 1 - x : x;
            y = mode & 2 ? H - 1 - y : y;
            g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==, source(y * W + x));
        }
    }
    gpu_quit(&g);
}

/* Filter blit: a picture of SW by SH, to one of DW by DH */
#define SW      16
#define SH      12
#define DW      24
#define DH      20

static double tent(double d)
{
    d = d < 0 ? -d : d;
    return d < 1 ? 1 - d : 0;
}

/*
 * 17 rows of nine taps in s1.14, two in a word: row r is the kernel, here
 * linear interpolation, at 1/2 - r / 32 off the centre pixel.
 */
static void st_kernel(Stream *s)
{
    uint16_t k[154] = { 0 };

    for (int r = 0; r < 17; r++) {
        for (int t = 0; t < 9; t++) {
            k[r * 9 + t] = 16384 * tent(t - 4 + 0.5 - r / 32.0);
        }
    }
    st_load(s, DE_VR_CONFIG_EX, 0xffffffff);
    for (unsigned i = 0; i < 77; i++) {
        st_load(s, DE_FILTER_KERNEL + 4 * i,
                k[2 * i] | (uint32_t)k[2 * i + 1] << 16);
    }
}

static void st_filter(Stream *s, bool vertical, unsigned sw, unsigned sh,
                      unsigned dw, unsigned dh)
{
    uint32_t step = vertical ? (sh << 16) / dh : (sw << 16) / dw;

    st_load(s, DE_STRETCH_FACTOR_LOW, vertical ? 1u << 16 : step);
    st_load(s, DE_STRETCH_FACTOR_HIGH, vertical ? step : 1u << 16);
    st_load(s, DE_VR_SOURCE_IMAGE_LOW, 0);
    st_load(s, DE_VR_SOURCE_IMAGE_LOW + 4, xy(sw, sh));
    /* The middle of the first target pixel */
    st_load(s, DE_VR_SOURCE_ORIGIN_LOW, vertical ? 0 : step / 2);
    st_load(s, DE_VR_SOURCE_ORIGIN_LOW + 4, vertical ? step / 2 : 0);
    st_load(s, DE_VR_TARGET_WINDOW_LOW, 0);
    st_load(s, DE_VR_TARGET_WINDOW_LOW + 4, xy(dw, dh));
    st_load(s, DE_VR_CONFIG, vertical);
}

static unsigned luma(unsigned x, unsigned y)
{
    return 16 + (x * 37 + y * 53 + x * y * 11) % 220;
}

/* Of a row: how chroma lies between pixels is no part of this. */
static unsigned chroma(unsigned y, bool v)
{
    return 16 + (y * (v ? 31 : 47) + 90) % 225;
}

/* Interpolated between the two neighbours of @at, in 32 steps */
static double sample(const double *p, unsigned n, unsigned stride,
                     unsigned i, unsigned of)
{
    uint32_t step = (n << 16) / of, at = step / 2 + i * step;
    double pos = (at >> 16) + (at >> 11 & 31) / 32.0 - 0.5, sum = 0;

    for (int k = -1; k <= (int)n; k++) {
        int c = k < 0 ? 0 : k >= (int)n ? (int)n - 1 : k;

        sum += tent(k - pos) * p[c * stride];
    }
    return sum;
}

static int clamped(double v)
{
    return v < 0 ? 0 : v > 255 ? 255 : (int)(v + 0.5);
}

static void check_filtered(GPU *g)
{
    double plane[3][SH][SW], tall[3][DH][SW];

    for (unsigned y = 0; y < SH; y++) {
        for (unsigned x = 0; x < SW; x++) {
            plane[0][y][x] = luma(x, y);
            plane[1][y][x] = chroma(y, false);
            plane[2][y][x] = chroma(y, true);
        }
    }
    for (unsigned c = 0; c < 3; c++) {
        for (unsigned y = 0; y < DH; y++) {
            for (unsigned x = 0; x < SW; x++) {
                tall[c][y][x] = sample(&plane[c][0][x], SH, SW, y, DH);
            }
        }
    }
    for (unsigned y = 0; y < DH; y++) {
        for (unsigned x = 0; x < DW; x++) {
            double l = 1.164 * (sample(tall[0][y], SW, 1, x, DW) - 16);
            double u = sample(tall[1][y], SW, 1, x, DW) - 128;
            double v = sample(tall[2][y], SW, 1, x, DW) - 128;
            uint32_t got = gpu_peek(g, DST + 4 * (y * DW + x));

            g_assert_cmpint(apart(got >> 16 & 0xff, clamped(l + 1.596 * v)),
                            <=, 4);
            g_assert_cmpint(apart(got >> 8 & 0xff, clamped(l - 0.391 * u -
                                                           0.813 * v)),
                            <=, 4);
            g_assert_cmpint(apart(got & 0xff, clamped(l + 2.018 * u)), <=, 4);
        }
    }
}

static void put_yuyv(GPU *g)
{
    for (unsigned y = 0; y < SH; y++) {
        for (unsigned x = 0; x < SW; x += 2) {
            gpu_poke(g, SRC + (y * SW + x) * 2, luma(x, y) |
                     chroma(y, false) << 8 | luma(x + 1, y) << 16 |
                     chroma(y, true) << 24);
        }
    }
}

/* Vertically into a YUY2 picture, then horizontally into RGB (armada) */
static void st_two_passes(Stream *s)
{
    st_prologue(s);
    st_kernel(s);
    st_src(s, SRC, SW * 2, FORMAT_YUY2, SW, SH);
    st_dest(s, TMP, SW * 2, FORMAT_YUY2 | DEST_COMMAND(COMMAND_VER_FILTER));
    st_filter(s, true, SW, SH, SW, DH);
    st_src(s, TMP, SW * 2, FORMAT_YUY2, SW, DH);
    st_dest(s, DST, DW * 4, FORMAT_X8R8G8B8 |
            DEST_COMMAND(COMMAND_HOR_FILTER));
    st_filter(s, false, SW, DH, DW, DH);
}

static void test_filter(void)
{
    GPU g = start();
    Stream s = { 0 };

    put_yuyv(&g);
    put(&g, DST, DW * (DH + 1), below);
    st_two_passes(&s);
    /* The clip has no say in filter blits. */
    st_load(&s, DE_CLIP_BOTTOM_RIGHT, xy(1, 1));
    gpu_finish(&g, &s);
    check_filtered(&g);
    for (unsigned i = DW * DH; i < DW * (DH + 1); i++) {
        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==, below(i));
    }
    gpu_quit(&g);
}

/* Planar source, full chroma planes by pairs: NV12, even chroma */
static void test_filter_nv12(void)
{
    GPU g = start();
    Stream s = { 0 };

    for (unsigned i = 0; i < SW * SH; i++) {
        qtest_writeb(g.q, GPU_WINDOW + SRC + i, luma(i % SW, i / SW));
    }
    for (unsigned i = 0; i < SW * SH / 2; i++) {
        qtest_writeb(g.q, GPU_WINDOW + SRC + 0x1000 + i, i & 1 ? 200 : 80);
    }
    st_prologue(&s);
    st_kernel(&s);
    st_src(&s, SRC, SW, FORMAT_NV12, SW, SH);
    st_load(&s, DE_UPLANE_ADDRESS, SRC + 0x1000);
    st_load(&s, DE_UPLANE_STRIDE, SW);
    st_dest(&s, DST, SW * 4, FORMAT_X8R8G8B8 |
            DEST_COMMAND(COMMAND_HOR_FILTER));
    st_filter(&s, false, SW, SH, SW, SH);       /* one to one */
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < SW * SH; i++) {
        double l = 1.164 * (luma(i % SW, i / SW) - 16);
        uint32_t got = gpu_peek(&g, DST + 4 * i);

        g_assert_cmpint(apart(got >> 16 & 0xff, clamped(l + 1.596 * 72)), <=,
                        3);
        g_assert_cmpint(apart(got >> 8 & 0xff, clamped(l + 0.391 * 48 -
                                                       0.813 * 72)), <=, 3);
        g_assert_cmpint(apart(got & 0xff, clamped(l - 2.018 * 48)), <=, 3);
    }
    gpu_quit(&g);
}

/* Saved while the passes are under way, the picture is the same. */
static void test_migrate(void)
{
    unsigned in_the_middle = 0;

    for (unsigned i = 1; i <= 5; i++) {
        GPU g = start();
        Stream s = { 0 };

        put_yuyv(&g);
        put(&g, DST, DW * DH, zero);
        st_two_passes(&s);
        st_sync(&s);
        st_event(&s, 1, EVENT_FROM_PE);
        st_end(&s);
        gpu_run(&g, &s);
        qtest_clock_step(g.q, 1600 * i);
        if (!(gpu_read(&g, HI_IDLE_STATE) & IDLE_PE) &&
            (gpu_peek(&g, TMP) || gpu_peek(&g, DST))) {
            in_the_middle++;
        }
        g.q = imx6_migrate(g.q, "");
        qtest_clock_step(g.q, MS);
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 1);
        check_filtered(&g);
        gpu_quit(&g);
    }
    g_assert_cmpuint(in_the_middle, >=, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-gc320/fill", test_fill);
    qtest_add_func("/imx6-gc320/many-rects", test_many_rects);
    qtest_add_func("/imx6-gc320/clip", test_clip);
    qtest_add_func("/imx6-gc320/copy", test_copy);
    qtest_add_func("/imx6-gc320/convert", test_convert);
    qtest_add_func("/imx6-gc320/swizzle", test_swizzle);
    qtest_add_func("/imx6-gc320/stretch", test_stretch);
    qtest_add_func("/imx6-gc320/rop", test_rop);
    qtest_add_func("/imx6-gc320/alpha", test_alpha);
    qtest_add_func("/imx6-gc320/global-alpha", test_global_alpha);
    qtest_add_func("/imx6-gc320/mirror", test_mirror);
    qtest_add_func("/imx6-gc320/filter", test_filter);
    qtest_add_func("/imx6-gc320/filter-nv12", test_filter_nv12);
    qtest_add_func("/imx6-gc320/migrate", test_migrate);
    return g_test_run();
}
