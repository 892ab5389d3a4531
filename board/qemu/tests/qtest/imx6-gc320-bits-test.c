/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the GC320's 2D pipe: lines, single bits from memory and from the
 * stream, palettes, formats without colour or alpha, byte order, blending, and
 * the kinds of YUV.
 *
 * Expectations, none of them from the model: rnndb's state_2d.xml and
 * common.xml; etna_viv's doc/2d.md; its attic/test2d, whose data for a stream
 * of bits are readable in one order only.
 */

#include "qemu/osdep.h"
#include "imx6-gc320-qtest.h"

#define DE_PALETTE              0x3400

#define FORMAT_X4R4G4B4         0
#define FORMAT_X1R5G5B5         2
#define FORMAT_INDEX8           9
#define FORMAT_MONO             10
#define FORMAT_A8               16
#define COMMAND_LINE            1

#define SRC_STREAM              (1u << 8)

/* Bresenham as in the books: in steps along the longer axis */
static void plot(uint32_t *screen, int x0, int y0, int x1, int y1,
                 uint32_t color)
{
    int dx = ABS(x1 - x0), dy = -ABS(y1 - y0), err = dx + dy;
    int sx = x0 < x1 ? 1 : -1, sy = y0 < y1 ? 1 : -1;

    while (x0 != x1 || y0 != y1) {
        int e2 = 2 * err;

        if (x0 >= 0 && x0 < 32 && y0 >= 0 && y0 < 32) {
            screen[y0 * 32 + x0] = color;
        }
        if (e2 >= dy) {
            err += dy;
            x0 += sx;
        }
        if (e2 <= dx) {
            err += dx;
            y0 += sy;
        }
    }
}

/*
 * The last pixel is not drawn (doc/2d.md). None of these lines goes exactly
 * between two pixels; all octants, some longer than the clip.
 */
static void test_lines(void)
{
    static const int ends[][4] = {
        { 1, 1, 9, 1 }, { 12, 3, 4, 3 }, { 2, 5, 2, 12 }, { 20, 14, 20, 6 },
        { 5, 5, 12, 12 }, { 30, 30, 20, 20 }, { 3, 20, 10, 13 },
        { 0, 16, 11, 19 }, { 11, 25, 0, 22 }, { 16, 0, 19, 11 },
        { 25, 11, 22, 0 }, { 0, 31, 9, 28 }, { 28, 9, 31, 0 },
        { 7, 7, 7, 7 }, { -5, -3, 36, 20 }, { 40, 2, -9, 29 },
    };
    GPU g = start();

    for (unsigned i = 0; i < G_N_ELEMENTS(ends); i++) {
        uint32_t screen[32 * 32] = { 0 };
        const int *e = ends[i];
        Stream s = { 0 };

        put(&g, DST, 32 * 32, zero);
        st_prologue(&s);
        st_src(&s, 0, 0, FORMAT_MONO, 0, 0);
        st_load(&s, DE_SRC_COLOR_BG, 0xff44ff44);
        st_load(&s, DE_SRC_COLOR_FG, 0xff44ff44);
        st_load(&s, DE_CLIP_BOTTOM_RIGHT, xy(32, 32));
        st_dest(&s, DST, 32 * 4, FORMAT_A8R8G8B8 | DEST_COMMAND(COMMAND_LINE));
        st_rect(&s, e[0], e[1], e[2], e[3]);
        gpu_finish(&g, &s);
        plot(screen, e[0], e[1], e[2], e[3], 0xff44ff44);
        for (unsigned k = 0; k < 32 * 32; k++) {
            g_assert_cmphex(gpu_peek(&g, DST + 4 * k), ==, screen[k]);
        }
    }
    gpu_quit(&g);
}

/* A picture of bits, which has no symmetry */
static bool glyph(unsigned x, unsigned y)
{
    return (x * 7 + y * 13 + x * y) % 5 < 2;
}

static void check_glyph(GPU *g, unsigned w, unsigned h, uint32_t zeros)
{
    for (unsigned y = 0; y < h; y++) {
        for (unsigned x = 0; x < w; x++) {
            uint32_t want = glyph(x, y) ? 0xffaabbcc :
                            zeros ?: below(y * w + x);

            g_assert_cmphex(gpu_peek(g, DST + (y * w + x) * 4), ==, want);
        }
    }
}

static void st_mono(Stream *s, unsigned w, uint32_t config)
{
    st_prologue(s);
    st_src(s, SRC, 4, FORMAT_MONO, 0, 0);
    st_load(s, DE_SRC_CONFIG, FORMAT_MONO << 24 | config);
    st_load(s, DE_SRC_COLOR_FG, 0xffaabbcc);
    st_load(s, DE_SRC_COLOR_BG, 0xff112233);
    st_dest(s, DST, w * 4, FORMAT_A8R8G8B8 | DEST_COMMAND(COMMAND_BIT_BLT));
}

/* The top bit is the left pixel, as in the stream. */
static void test_mono_memory(void)
{
    GPU g = start();
    Stream s = { 0 };

    for (unsigned y = 0; y < 12; y++) {
        uint32_t row = 0;

        for (unsigned x = 0; x < 32; x++) {
            row |= (uint32_t)glyph(x, y) << (x / 8 * 8 + 7 - x % 8);
        }
        gpu_poke(&g, SRC + 4 * y, row);
    }
    st_mono(&s, 30, 0);
    st_rect(&s, 0, 0, 30, 12);
    gpu_finish(&g, &s);
    check_glyph(&g, 30, 12, 0xff112233);
    gpu_quit(&g);
}

/*
 * The stream's words of 8x4, 16x2 or 32x1 pixels: those below each other come
 * first, then the column of words to their right. In attic/test2d's
 * bitblt2d_from_stream.c 32 words of 8x4 make a line of text of 128x8, which
 * is readable that way, with the top bit of each byte to the left; it is
 * not, the other way round.
 */
static unsigned stream_of(uint32_t *words, unsigned w, unsigned h,
                          unsigned chunk_w)
{
    unsigned chunk_h = 32 / chunk_w, rows = DIV_ROUND_UP(h, chunk_h);
    unsigned n = rows * DIV_ROUND_UP(w, chunk_w);

    memset(words, 0, 4 * n);
    for (unsigned y = 0; y < h; y++) {
        for (unsigned x = 0; x < w; x++) {
            unsigned word = x / chunk_w * rows + y / chunk_h;
            unsigned bit = y % chunk_h * chunk_w + x % chunk_w;

            words[word] |= (uint32_t)glyph(x, y) << (bit / 8 * 8 + 7 -
                                                     bit % 8);
        }
    }
    return n;
}

static void st_stream_rect(Stream *s, unsigned w, unsigned h,
                           const uint32_t *words, unsigned n)
{
    st_put(s, 0x20000000 | n << 16 | 1u << 8, 0);
    st_put(s, xy(0, 0), xy(w, h));
    for (unsigned i = 0; i < n; i += 2) {
        st_put(s, words[i], i + 1 < n ? words[i + 1] : 0);
    }
}

static void test_mono_stream(void)
{
    static const unsigned sizes[][2] = { { 128, 8 }, { 16, 8 }, { 8, 4 },
                                         { 19, 7 } };
    GPU g = start();

    for (unsigned i = 0; i < 3 * G_N_ELEMENTS(sizes); i++) {
        unsigned w = sizes[i / 3][0], h = sizes[i / 3][1], pack = i % 3, n;
        uint32_t words[256];
        Stream s = { 0 };

        n = stream_of(words, w, h, 8 << pack);
        st_mono(&s, w, SRC_STREAM | pack << 12);
        st_stream_rect(&s, w, h, words, n);
        gpu_finish(&g, &s);
        check_glyph(&g, w, h, 0xff112233);
    }
    gpu_quit(&g);
}

/* Transparent zeros: MONO_TRANSPARENCY is BACKGROUND, 0. */
static void test_mono_transparent(void)
{
    uint32_t words[64];
    unsigned n = stream_of(words, W, H, 8);
    GPU g = start();
    Stream s = { 0 };

    st_mono(&s, W, SRC_STREAM);
    st_leave_out(&s, KEY);
    st_stream_rect(&s, W, H, words, n);
    gpu_finish(&g, &s);
    check_glyph(&g, W, H, 0);
    gpu_quit(&g);
}

/* A masked blit has its colours in memory and the mask in the stream. */
static void test_masked_blit(void)
{
    uint32_t words[64];
    unsigned n = stream_of(words, W, H, 8);
    GPU g = start();
    Stream s = { 0 };

    st_copy(&s);
    st_load(&s, DE_SRC_CONFIG, FORMAT_A8R8G8B8 << 24 | SRC_STREAM);
    st_leave_out(&s, MASK);
    st_stream_rect(&s, W, H, words, n);
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < W * H; i++) {
        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                        glyph(i % W, i / W) ? source(i) : below(i));
    }
    gpu_quit(&g);
}

/* A palette of A8R8G8B8 at 0x3400 */
static void test_palette(void)
{
    GPU g = start();
    Stream s = { 0 };

    for (unsigned i = 0; i < W * H; i++) {
        qtest_writeb(g.q, GPU_WINDOW + SRC + i, i * 37);
    }
    st_copy(&s);
    for (unsigned i = 0; i < 256; i++) {
        st_load(&s, DE_PALETTE + 4 * i, below(i) ^ 0x00ffffff);
    }
    st_src(&s, SRC, W, FORMAT_INDEX8, W, H);
    st_rect(&s, 0, 0, W, H);
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < W * H; i++) {
        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                        below(i * 37 & 0xff) ^ 0x00ffffff);
    }
    gpu_quit(&g);
}

/* Alpha only: the colour is GLOBAL_SRC_COLOR's (state_2d.xml). */
static void test_alpha_only(void)
{
    GPU g = start();
    Stream s = { 0 };

    for (unsigned i = 0; i < W * H; i++) {
        qtest_writeb(g.q, GPU_WINDOW + SRC + i, i);
    }
    st_copy(&s);
    st_src(&s, SRC, W, FORMAT_A8, W, H);
    st_load(&s, DE_GLOBAL_SRC_COLOR, 0x00123456);
    st_rect(&s, 0, 0, W, H);
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < W * H; i++) {
        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==, i << 24 | 0x123456);
    }
    gpu_quit(&g);
}

/* Formats with an X where others have alpha are opaque when read. */
static void test_no_alpha(void)
{
    static const struct { unsigned format; uint16_t pixel; } t[] = {
        { FORMAT_X4R4G4B4, 0x0a5f }, { FORMAT_X1R5G5B5, 0x7c1f },
        { FORMAT_R5G6B5, 0xf81f }, { FORMAT_X8R8G8B8, 0 },
    };
    GPU g = start();

    for (unsigned i = 0; i < G_N_ELEMENTS(t); i++) {
        Stream s = { 0 };

        qtest_writew(g.q, GPU_WINDOW + SRC, t[i].pixel);
        st_prologue(&s);
        st_src(&s, SRC, W * 4, t[i].format, W, H);
        st_dest(&s, DST, W * 4, FORMAT_A8R8G8B8 |
                DEST_COMMAND(COMMAND_BIT_BLT));
        st_rect(&s, 0, 0, 1, 1);
        gpu_finish(&g, &s);
        g_assert_cmphex(gpu_peek(&g, DST) >> 24, ==, 0xff);
    }
    gpu_quit(&g);
}

/* ENDIAN_MODE of common.xml: A B C D to B A D C, and to D C B A */
static void test_byte_order(void)
{
    static const uint32_t want[] = { 0x44332211, 0x33441122, 0x11223344 };
    GPU g = start();

    for (unsigned mode = 0; mode < 3; mode++) {
        for (unsigned side = 0; side < 2; side++) {
            uint32_t swap = mode;
            Stream s = { 0 };

            gpu_poke(&g, SRC, 0x44332211);
            st_copy(&s);
            if (side) {
                st_load(&s, DE_DEST_CONFIG, FORMAT_A8R8G8B8 | swap << 20 |
                        DEST_COMMAND(COMMAND_BIT_BLT));
            } else {
                st_load(&s, DE_SRC_CONFIG, FORMAT_A8R8G8B8 << 24 |
                        swap << 30);
            }
            st_rect(&s, 0, 0, 1, 1);
            gpu_finish(&g, &s);
            g_assert_cmphex(gpu_peek(&g, DST), ==, want[mode]);
        }
    }
    gpu_quit(&g);
}

/* How a component comes out; tolerance for rounding, which is not known */
static void check_blended(GPU *g, double (*want)(uint32_t, uint32_t, unsigned))
{
    for (unsigned i = 0; i < W * H; i++) {
        uint32_t got = gpu_peek(g, DST + 4 * i);

        for (unsigned shift = 0; shift < 24; shift += 8) {
            double w = want(source(i), below(i), shift);

            w = w > 255 ? 255 : w;
            g_assert_cmpint(apart(got >> shift & 0xff, w + 0.5), <=, 2);
        }
    }
}

static double part(uint32_t p, unsigned shift)
{
    return (p >> shift & 0xff) / 255.0;
}

/* Straight alpha over an opaque target: premultiplied on the way */
static double straight_over(uint32_t s, uint32_t d, unsigned shift)
{
    return 255 * (part(s, shift) * part(s, 24) +
                  part(d, shift) * (1 - part(s, 24)));
}

static double global_over(uint32_t s, uint32_t d, unsigned shift)
{
    return 255 * (part(s, shift) + part(d, shift) * (1 - 0x40 / 255.0));
}

static double inverted_over(uint32_t s, uint32_t d, unsigned shift)
{
    return 255 * (part(s, shift) + part(d, shift) * part(s, 24));
}

static double multiplied(uint32_t s, uint32_t d, unsigned shift)
{
    return 255 * part(s, shift) * part(d, shift);
}

static double screened(uint32_t s, uint32_t d, unsigned shift)
{
    return 255 * (part(s, shift) + part(d, shift) * (1 - part(s, shift)));
}

/* Factors: ZERO 0, ONE 1, INVERSED 3, COLOR 4, COLOR_INVERSED 5 */
static void test_blend_modes(void)
{
    static const struct {
        uint32_t modes, global, multiply;
        double (*want)(uint32_t, uint32_t, unsigned);
    } t[] = {
        { 1u << 24 | 3u << 28, 0, 1, straight_over },
        { 1u << 24 | 3u << 28 | 1u << 8, 0x40000000, 0, global_over },
        { 1u << 24 | 3u << 28 | 1u << 0, 0, 0, inverted_over },
        { 0u << 24 | 4u << 28, 0, 0, multiplied },
        { 1u << 24 | 5u << 28, 0, 0, screened },
    };
    GPU g = start();

    for (unsigned i = 0; i < G_N_ELEMENTS(t); i++) {
        Stream s = { 0 };

        put(&g, DST, W * H, below);
        st_copy(&s);
        st_load(&s, DE_ALPHA_CONTROL, 1);
        st_load(&s, DE_ALPHA_MODES, t[i].modes);
        st_load(&s, DE_GLOBAL_SRC_COLOR, t[i].global);
        st_load(&s, DE_COLOR_MULTIPLY_MODES, t[i].multiply);
        st_rect(&s, 0, 0, W, H);
        gpu_finish(&g, &s);
        check_blended(&g, t[i].want);
    }
    gpu_quit(&g);
}

/* A picture whose chroma changes from pair of rows to pair of rows only */
static uint8_t luma_at(unsigned x, unsigned y)
{
    return 16 + (x * 13 + y * 29) % 220;
}

static uint8_t chroma_at(unsigned pair, bool v)
{
    return v ? 240 - pair * 31 : 16 + pair * 47;
}

static void poke8(GPU *g, uint32_t addr, uint8_t value)
{
    qtest_writeb(g->q, GPU_WINDOW + addr, value);
}

#define PLANE_U                 (SRC + 0x1000)
#define PLANE_V                 (SRC + 0x2000)

/* The names of the formats say where the samples are (state_2d.xml). */
static void put_yuv(GPU *g, unsigned format)
{
    for (unsigned i = 0; i < W * H; i++) {
        unsigned x = i % W, y = i / W;
        uint8_t l = luma_at(x, y), u = chroma_at(y / 2, false);
        uint8_t v = chroma_at(y / 2, true);
        unsigned row = format == FORMAT_NV16 ? y : y / 2;

        switch (format) {
        case FORMAT_YUY2:
        case FORMAT_UYVY:
            poke8(g, SRC + 2 * i + (format == FORMAT_UYVY), l);
            poke8(g, SRC + 2 * i + (format == FORMAT_YUY2), x & 1 ? v : u);
            break;
        case FORMAT_YV12:
            poke8(g, SRC + i, l);
            poke8(g, PLANE_U + row * W + x / 2, u);
            poke8(g, PLANE_V + row * W + x / 2, v);
            break;
        default:
            poke8(g, SRC + i, l);
            poke8(g, PLANE_U + row * W + x, x & 1 ? v : u);
        }
    }
}

static uint32_t clip(int value)
{
    return MAX(MIN((value + 128) >> 8, 255), 0);
}

/* doc/2d.md, "YUV color spaces", after Vivante's GC320 manual */
static uint32_t rgb_of(int y, int u, int v, bool bt709)
{
    int a = 298 * (y - 16), b = u - 128, c = v - 128;

    if (bt709) {
        return 0xff000000 | clip(a + 461 * c) << 16 |
               clip(a - 55 * b - 137 * c) << 8 | clip(a + 543 * b);
    }
    return 0xff000000 | clip(a + 410 * c) << 16 |
           clip(a - 101 * b - 209 * c) << 8 | clip(a + 519 * b);
}

/* Each format as it is, by one pass that filters nothing */
static void test_yuv_formats(void)
{
    static const unsigned formats[] = {
        FORMAT_YUY2, FORMAT_UYVY, FORMAT_YV12, FORMAT_NV12, FORMAT_NV16,
    };
    GPU g = start();

    for (unsigned n = 0; n < 4 * G_N_ELEMENTS(formats); n++) {
        unsigned format = formats[n / 4];
        bool bt709 = n & 1, swap = n & 2;
        unsigned stride = format == FORMAT_YUY2 || format == FORMAT_UYVY ?
                          2 * W : W;
        Stream s = { 0 };

        put_yuv(&g, format);
        st_prologue(&s);
        st_src(&s, SRC, stride, format, W, H);
        st_load(&s, DE_UPLANE_ADDRESS, PLANE_U);
        st_load(&s, DE_UPLANE_STRIDE, W);
        st_load(&s, DE_VPLANE_ADDRESS, PLANE_V);
        st_load(&s, DE_VPLANE_STRIDE, W);
        st_dest(&s, DST, W * 4, FORMAT_A8R8G8B8 |
                DEST_COMMAND(COMMAND_HOR_FILTER));
        for (unsigned i = 0; i < 77; i++) {
            bool even = 2 * i % 9 == 4, odd = (2 * i + 1) % 9 == 4;

            st_load(&s, DE_FILTER_KERNEL + 4 * i, even ? 0x4000 :
                    odd ? 0x40000000 : 0);
        }
        st_load(&s, DE_STRETCH_FACTOR_LOW, 0x10000);
        st_load(&s, DE_STRETCH_FACTOR_HIGH, 0x10000);
        st_load(&s, DE_PE_CONTROL, bt709 | swap << 4 | 1 << 8);
        st_load(&s, DE_VR_SOURCE_IMAGE_LOW, 0);
        st_load(&s, DE_VR_SOURCE_IMAGE_LOW + 4, xy(W, H));
        st_load(&s, DE_VR_SOURCE_ORIGIN_LOW, 0x8000);
        st_load(&s, DE_VR_SOURCE_ORIGIN_LOW + 4, 0x8000);
        st_load(&s, DE_VR_TARGET_WINDOW_LOW, 0);
        st_load(&s, DE_VR_TARGET_WINDOW_LOW + 4, xy(W, H));
        st_load(&s, DE_VR_CONFIG, 0);
        gpu_finish(&g, &s);
        for (unsigned i = 0; i < W * H; i++) {
            unsigned y = i / W;

            g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                            rgb_of(luma_at(i % W, y), chroma_at(y / 2, swap),
                                   chroma_at(y / 2, !swap), bt709));
        }
    }
    gpu_quit(&g);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-gc320-bits/lines", test_lines);
    qtest_add_func("/imx6-gc320-bits/mono-memory", test_mono_memory);
    qtest_add_func("/imx6-gc320-bits/mono-stream", test_mono_stream);
    qtest_add_func("/imx6-gc320-bits/mono-transparent", test_mono_transparent);
    qtest_add_func("/imx6-gc320-bits/masked-blit", test_masked_blit);
    qtest_add_func("/imx6-gc320-bits/palette", test_palette);
    qtest_add_func("/imx6-gc320-bits/alpha-only", test_alpha_only);
    qtest_add_func("/imx6-gc320-bits/no-alpha", test_no_alpha);
    qtest_add_func("/imx6-gc320-bits/byte-order", test_byte_order);
    qtest_add_func("/imx6-gc320-bits/blend-modes", test_blend_modes);
    qtest_add_func("/imx6-gc320-bits/yuv-formats", test_yuv_formats);
    return g_test_run();
}
