/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of what else the GC320's 2D pipe does to pixels: it turns, mirrors,
 * combines, and leaves them out.
 *
 * Expectations, none of them from the model: rnndb's state_2d.xml;
 * etna_viv's doc/2d.md; how xf86-video-armada describes a rotation
 * (etnaviv_render.c). The arithmetic is done here, a pixel at a time.
 */

#include "qemu/osdep.h"
#include "imx6-gc320-qtest.h"

#define DE_PATTERN_MASK_LOW     0x1248
#define DE_PATTERN_BG_COLOR     0x1250
#define DE_PATTERN_FG_COLOR     0x1254
#define DE_DEST_ROTATION_HEIGHT 0x12b4
#define DE_DEST_COLOR_KEY       0x12c4
#define DE_SRC_COLOR_KEY_HIGH   0x12dc
#define DE_DEST_COLOR_KEY_HIGH  0x12e0

#define ROP_TYPE_ROP3           (2u << 20)
#define SRC_RELATIVE            (1u << 6)

/* A surface that is not square */
#define SW                      24
#define SH                      16

static uint32_t want_src(unsigned x, unsigned y)
{
    return source(y * SW + x);
}

/*
 * "source coord = rotation(destination coord + source origin)", where 90
 * degrees are (width - y, x): xf86-video-armada. Twice that is 180, and 270
 * undoes it.
 */
static void turned(unsigned angle, unsigned w, unsigned h, unsigned *x,
                   unsigned *y)
{
    unsigned a = *x, b = *y;

    switch (angle) {
    case ROT_FLIP_X:
        *x = w - 1 - a;
        break;
    case ROT_FLIP_Y:
        *y = h - 1 - b;
        break;
    case ROT_90:
        *x = w - 1 - b;
        *y = a;
        break;
    case ROT_180:
        *x = w - 1 - a;
        *y = h - 1 - b;
        break;
    case ROT_270:
        *x = b;
        *y = h - 1 - a;
        break;
    }
}

static const unsigned angles[] = {
    ROT_0, ROT_FLIP_X, ROT_FLIP_Y, ROT_90, ROT_180, ROT_270,
};

static bool on_its_side(unsigned angle)
{
    return angle == ROT_90 || angle == ROT_270;
}

/* A piece of a turned source, at another place of an upright target */
static void test_rotate_source(void)
{
    enum { OX = 3, OY = 2, LEFT = 5, TOP = 1, STRIDE = 32 * 4 };
    GPU g = start();

    for (unsigned i = 0; i < G_N_ELEMENTS(angles); i++) {
        unsigned w = (on_its_side(angles[i]) ? SH : SW) - OX;
        unsigned h = (on_its_side(angles[i]) ? SW : SH) - OY;
        Stream s = { 0 };

        put(&g, SRC, SW * SH, source);
        st_prologue(&s);
        st_src(&s, SRC, SW * 4, FORMAT_A8R8G8B8, SW, SH);
        st_load(&s, DE_SRC_ROTATION_CONFIG, SW);
        st_load(&s, DE_SRC_ROTATION_HEIGHT, SH);
        st_load(&s, DE_ROT_ANGLE, angles[i]);
        /* the origin, less where the rectangle is */
        st_load(&s, DE_SRC_ORIGIN, xy(OX, OY));
        st_dest(&s, DST, STRIDE, FORMAT_A8R8G8B8 |
                DEST_COMMAND(COMMAND_BIT_BLT));
        st_rect(&s, LEFT, TOP, LEFT + w, TOP + h);
        gpu_finish(&g, &s);
        for (unsigned y = 0; y < h; y++) {
            for (unsigned x = 0; x < w; x++) {
                unsigned sx = x + OX, sy = y + OY;

                turned(angles[i], SW, SH, &sx, &sy);
                g_assert_cmphex(gpu_peek(&g, DST + (TOP + y) * STRIDE +
                                         (LEFT + x) * 4), ==,
                                want_src(sx, sy));
            }
        }
    }
    gpu_quit(&g);
}

/* The older way, by SRC_ROTATION_CONFIG, knows 90 degrees only. */
static void test_rotate_old(void)
{
    GPU g = start();
    Stream s = { 0 };

    put(&g, SRC, SW * SH, source);
    st_prologue(&s);
    st_src(&s, SRC, SW * 4, FORMAT_A8R8G8B8, SW, SH);
    st_load(&s, DE_SRC_ROTATION_CONFIG, 1u << 16 | SW);
    st_dest(&s, DST, SH * 4, FORMAT_A8R8G8B8 | DEST_COMMAND(COMMAND_BIT_BLT));
    st_rect(&s, 0, 0, SH, SW);
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < SW * SH; i++) {
        unsigned x = i % SH, y = i / SH;

        turned(ROT_90, SW, SH, &x, &y);
        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==, want_src(x, y));
    }
    gpu_quit(&g);
}

/* What is drawn at (x, y) lies where a turned source would be read there. */
static void test_rotate_target(void)
{
    GPU g = start();

    for (unsigned i = 0; i < G_N_ELEMENTS(angles); i++) {
        unsigned w = on_its_side(angles[i]) ? SH : SW;
        unsigned h = on_its_side(angles[i]) ? SW : SH;
        Stream s = { 0 };

        put(&g, SRC, SW * SH, source);
        put(&g, DST, SW * SH, zero);
        st_prologue(&s);
        st_src(&s, SRC, w * 4, FORMAT_A8R8G8B8, w, h);
        st_dest(&s, DST, SW * 4, FORMAT_A8R8G8B8 |
                DEST_COMMAND(COMMAND_BIT_BLT));
        st_load(&s, DE_DEST_ROTATION_CONFIG, SW);
        st_load(&s, DE_DEST_ROTATION_HEIGHT, SH);
        st_load(&s, DE_ROT_ANGLE, angles[i] << 3);
        st_rect(&s, 0, 0, w, h);
        gpu_finish(&g, &s);
        for (unsigned k = 0; k < SW * SH; k++) {
            unsigned x = k % w, y = k / w;

            turned(angles[i], SW, SH, &x, &y);
            g_assert_cmphex(gpu_peek(&g, DST + (y * SW + x) * 4), ==,
                            source(k));
        }
    }
    gpu_quit(&g);
}

/* ROT_ANGLE is masked: a mask bit of 1 leaves its field as it was. */
static void test_masked_angle(void)
{
    GPU g = start();
    Stream s = { 0 };

    st_copy(&s);
    st_load(&s, DE_SRC_ROTATION_CONFIG, W);
    st_load(&s, DE_SRC_ROTATION_HEIGHT, H);
    st_load(&s, DE_ROT_ANGLE, ROT_180);
    st_load(&s, DE_ROT_ANGLE, 1u << 8 | ROT_FLIP_X);
    st_rect(&s, 0, 0, W, H);
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < W * H; i++) {
        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==, source(W * H - 1 - i));
    }
    gpu_quit(&g);
}

/* ... has fields that mirror within the rectangle, too: MIRROR_X is 1. */
static void test_mirror_angle(void)
{
    static const unsigned shift[] = { 12, 16 };
    GPU g = start();

    for (unsigned n = 0; n < 8; n++) {
        unsigned mode = n % 4;
        Stream s = { 0 };

        st_copy(&s);
        st_load(&s, DE_ROT_ANGLE, mode << shift[n / 4]);
        st_rect(&s, 4, 2, 14, 12);
        gpu_finish(&g, &s);
        for (unsigned y = 0; y < 10; y++) {
            for (unsigned x = 0; x < 10; x++) {
                unsigned sx = mode & 1 ? 9 - x : x, sy = mode & 2 ? 9 - y : y;

                g_assert_cmphex(gpu_peek(&g, DST + ((y + 2) * W + x + 4) * 4),
                                ==, source(sy * W + sx));
            }
        }
    }
    gpu_quit(&g);
}

/* SRC_RELATIVE: the origin counts from the target's coordinates. */
static void test_relative(void)
{
    GPU g = start();
    Stream s = { 0 };

    st_copy(&s);
    st_load(&s, DE_SRC_CONFIG, FORMAT_A8R8G8B8 << 24 | SRC_RELATIVE);
    st_load(&s, DE_SRC_ORIGIN, xy(2, -1));
    st_put(&s, 0x20000000 | 2u << 8, 0);
    st_put(&s, xy(1, 1), xy(5, 6));
    st_put(&s, xy(6, 8), xy(12, 15));
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < W * H; i++) {
        unsigned x = i % W, y = i / W;
        bool in = (x >= 1 && x < 5 && y >= 1 && y < 6) ||
                  (x >= 6 && x < 12 && y >= 8 && y < 15);

        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                        in ? source((y - 1) * W + x + 2) : below(i));
    }
    gpu_quit(&g);
}

/* Bit 0 of the index is the target, 1 the source, 2 the pattern. */
static uint32_t rop3(unsigned code, uint32_t p, uint32_t s, uint32_t d)
{
    uint32_t out = 0;

    for (unsigned bit = 0; bit < 32; bit++) {
        unsigned index = (p >> bit & 1) << 2 | (s >> bit & 1) << 1 |
                         (d >> bit & 1);

        out |= (uint32_t)(code >> index & 1) << bit;
    }
    return out;
}

/* All 256 of them, with a pattern of one colour (armada's brush) */
static void test_rop3(void)
{
    static const uint32_t brush = 0xc35a3ca5;
    GPU g = start();

    for (unsigned code = 0; code < 256; code++) {
        Stream s = { 0 };

        put(&g, DST, W * H, below);
        st_copy(&s);
        st_load(&s, DE_PATTERN_MASK_LOW, 0xffffffff);
        st_load(&s, DE_PATTERN_MASK_LOW + 4, 0xffffffff);
        st_load(&s, DE_PATTERN_BG_COLOR, 0);
        st_load(&s, DE_PATTERN_FG_COLOR, brush);
        st_load(&s, DE_PATTERN_CONFIG, 3u << 6);
        /* the background code has no part in a ROP3 */
        st_load(&s, DE_ROP, ROP_TYPE_ROP3 | (~code & 0xff) << 8 | code);
        st_rect(&s, 0, 0, W, H);
        gpu_finish(&g, &s);
        for (unsigned i = code % 5; i < W * H; i += 5) {
            g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                            rop3(code, brush, source(i), below(i)));
        }
    }
    gpu_quit(&g);
}

/* 64 pixels from memory, again every eight; clips do not move them. */
static void test_pattern_pixels(void)
{
    static const struct { unsigned format, bytes; } t[] = {
        { FORMAT_A8R8G8B8, 4 }, { FORMAT_R5G6B5, 2 },
    };
    GPU g = start();

    for (unsigned n = 0; n < G_N_ELEMENTS(t); n++) {
        Stream s = { 0 };

        put(&g, DST, W * H, below);
        for (unsigned i = 0; i < 64 && t[n].bytes == 2; i++) {
            qtest_writew(g.q, GPU_WINDOW + SRC + 2 * i, i * 0x0841);
        }
        st_prologue(&s);
        st_load(&s, DE_PATTERN_ADDRESS, SRC);
        st_load(&s, DE_PATTERN_MASK_LOW, 0xffffffff);
        st_load(&s, DE_PATTERN_MASK_LOW + 4, 0xffffffff);
        st_load(&s, DE_PATTERN_CONFIG, PATTERN_PIXELS | t[n].format |
                t[n].format << 24);
        st_load(&s, DE_ROP, ROP_TYPE_ROP4 | 0xf0f0);
        st_load(&s, DE_CLIP_TOP_LEFT, xy(3, 2));
        st_dest(&s, DST, W * 4, FORMAT_A8R8G8B8 |
                DEST_COMMAND(COMMAND_BIT_BLT));
        st_rect(&s, 0, 0, W, H);
        gpu_finish(&g, &s);
        for (unsigned i = 0; i < W * H; i++) {
            unsigned x = i % W, y = i / W, at = y % 8 * 8 + x % 8;
            uint32_t got = gpu_peek(&g, DST + 4 * i);

            if (x < 3 || y < 2) {
                g_assert_cmphex(got, ==, below(i));
            } else if (t[n].bytes == 4) {
                g_assert_cmphex(got, ==, source(at));
            } else {
                /* to 8 bits a component and back again */
                g_assert_cmphex((got >> 8 & 0xf800) | (got >> 5 & 0x7e0) |
                                (got >> 3 & 0x1f), ==,
                                (at * 0x0841) & 0xffff);
            }
        }
    }
    gpu_quit(&g);
}

/* Where the pattern's mask is 0 a ROP4 takes its background code. */
static void test_pattern_mask(void)
{
    static const uint32_t mask[2] = { 0x00ff00ff, 0xffff0000 };
    GPU g = start();
    Stream s = { 0 };

    st_copy(&s);
    st_load(&s, DE_PATTERN_CONFIG, 3u << 6);
    st_load(&s, DE_PATTERN_MASK_LOW, mask[0]);
    st_load(&s, DE_PATTERN_MASK_LOW + 4, mask[1]);
    st_load(&s, DE_PATTERN_FG_COLOR, 0x11223344);
    st_load(&s, DE_ROP, ROP_TYPE_ROP4 | 0xaa << 8 | 0xf0);
    st_load(&s, DE_PE_TRANSPARENCY, MASK << 4);
    st_rect(&s, 0, 0, W, H);
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < W * H; i++) {
        unsigned y = i / W % 8;
        bool set = mask[y / 4] >> (y % 4 * 8) & 1;      /* whole rows */

        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                        set ? 0x11223344 : below(i));
    }
    gpu_quit(&g);
}

static uint32_t checks(unsigned i)
{
    return (i % W + i / W) % 3 ? source(i) | 0x00010000 : 0xff00ff00;
}

/* A sprite: source pixels of the key's colour leave the target alone. */
static void test_source_key(void)
{
    GPU g = start();
    Stream s = { 0 };

    put(&g, SRC, W * H, checks);
    st_copy(&s);
    st_load(&s, DE_SRC_COLOR_BG, 0xff00ff00);
    st_load(&s, DE_SRC_COLOR_KEY_HIGH, 0xff00ff00);
    st_leave_out(&s, KEY);
    st_rect(&s, 0, 0, W, H);
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < W * H; i++) {
        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                        checks(i) == 0xff00ff00 ? below(i) : checks(i));
    }
    gpu_quit(&g);
}

/* ... and only where the target has its key it is not drawn over. */
static void test_target_key(void)
{
    GPU g = start();
    Stream s = { 0 };

    put(&g, DST, W * H, checks);
    st_copy(&s);
    st_load(&s, DE_DEST_COLOR_KEY, 0xff00ff00);
    st_load(&s, DE_DEST_COLOR_KEY_HIGH, 0xff00ff00);
    st_leave_out(&s, KEY << 8);
    st_rect(&s, 0, 0, W, H);
    gpu_finish(&g, &s);
    for (unsigned i = 0; i < W * H; i++) {
        g_assert_cmphex(gpu_peek(&g, DST + 4 * i), ==,
                        checks(i) == 0xff00ff00 ? checks(i) : source(i));
    }
    gpu_quit(&g);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-gc320-ops/rotate-source", test_rotate_source);
    qtest_add_func("/imx6-gc320-ops/rotate-old", test_rotate_old);
    qtest_add_func("/imx6-gc320-ops/rotate-target", test_rotate_target);
    qtest_add_func("/imx6-gc320-ops/masked-angle", test_masked_angle);
    qtest_add_func("/imx6-gc320-ops/mirror-angle", test_mirror_angle);
    qtest_add_func("/imx6-gc320-ops/relative", test_relative);
    qtest_add_func("/imx6-gc320-ops/rop3", test_rop3);
    qtest_add_func("/imx6-gc320-ops/pattern-pixels", test_pattern_pixels);
    qtest_add_func("/imx6-gc320-ops/pattern-mask", test_pattern_mask);
    qtest_add_func("/imx6-gc320-ops/source-key", test_source_key);
    qtest_add_func("/imx6-gc320-ops/target-key", test_target_key);
    return g_test_run();
}
