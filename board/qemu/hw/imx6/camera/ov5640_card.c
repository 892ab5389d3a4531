/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The test card in front of the OV5640's lens, and the sensor's own test
 * patterns.
 *
 * Rows are made of runs of the same kind: each kind of row is drawn once and
 * copied until another kind follows, so that a frame costs little more than
 * copying it.
 */

#include "qemu/osdep.h"
#include "ov5640_card.h"

/* A pixel: Y, U and V in the lowest three bytes, BT.601, limited range */
#define YUV(y, u, v)    ((y) | (u) << 8 | (uint32_t)(v) << 16)
#define GREY(y)         YUV(y, 128, 128)
#define BLACK           GREY(16)
#define WHITE           GREY(235)

/* Kinds of rows; the low bits say which one of a kind */
#define ROW_STRIP       0x00000000
#define ROW_BARS        0x01000000
#define ROW_GRADIENT    0x02000000
#define ROW_FLOOR       0x03000000
#define ROW_OBJECT      0x00800000      /* with the moving object in it */
#define ROW_PATTERN     0x04000000
#define ROW_NONE        0xffffffff
#define ROW_ODD         0x00000001      /* of a Bayer row pair */
#define ROW_LEVEL(n)    ((n) << 8)

/* In per cent of the height: where what begins */
#define BARS_TOP        6
#define GRADIENT_TOP    66
#define FLOOR_TOP       82

#define STRIP_CELLS     32
#define BARS            8

/* White, yellow, cyan, green, magenta, red, blue, black; 75 % and 100 % */
static const uint32_t bars_75[BARS] = {
    YUV(180, 128, 128), YUV(162, 44, 142), YUV(131, 156, 44),
    YUV(112, 72, 58), YUV(84, 184, 198), YUV(65, 100, 212),
    YUV(35, 212, 114), YUV(16, 128, 128),
};

static const uint32_t bars_100[BARS] = {
    YUV(235, 128, 128), YUV(210, 16, 146), YUV(170, 166, 16),
    YUV(145, 54, 34), YUV(106, 202, 222), YUV(81, 90, 240),
    YUV(41, 240, 110), YUV(16, 128, 128),
};

#define OBJECT_YUV      YUV(145, 54, 180)       /* orange */
#define FLOOR_YUV       GREY(64)

#define TEST_ENABLE     0x80
#define TEST_ROLLING    0x40
#define TEST_SQUARE_BW  0x10
#define TEST_STYLE(p)   ((p) >> 2 & 3)
#define TEST_KIND(p)    ((p) & 3)
#define TEST_LEVELS     16

static void fill(uint32_t *yuv, unsigned from, unsigned to, uint32_t value)
{
    for (unsigned x = from; x < to; x++) {
        yuv[x] = value;
    }
}

/* Sum of the six nibbles of the number, so that a host can trust it */
static uint32_t strip_bits(uint32_t number)
{
    uint32_t sum = 0;

    number &= 0xffffff;
    for (unsigned i = 0; i < 24; i += 4) {
        sum += number >> i & 0xf;
    }
    return 0xau << 28 | number << 4 | (sum & 0xf);
}

static void draw_strip(uint32_t *yuv, const OV5640Picture *pic)
{
    uint32_t bits = strip_bits(pic->number);

    for (unsigned i = 0; i < STRIP_CELLS; i++) {
        fill(yuv, pic->width * i / STRIP_CELLS,
             pic->width * (i + 1) / STRIP_CELLS,
             bits >> (STRIP_CELLS - 1 - i) & 1 ? WHITE : BLACK);
    }
}

static void draw_bars(uint32_t *yuv, unsigned width, const uint32_t *colours)
{
    for (unsigned i = 0; i < BARS; i++) {
        fill(yuv, width * i / BARS, width * (i + 1) / BARS, colours[i]);
    }
}

static void draw_gradient(uint32_t *yuv, unsigned width)
{
    for (unsigned x = 0; x < width; x++) {
        yuv[x] = GREY(16 + x * 220 / width);
    }
}

/* To and fro in @range steps */
static unsigned bounce(uint32_t n, unsigned range)
{
    if (!range) {
        return 0;
    }
    n %= 2 * range;
    return n < range ? n : 2 * range - n;
}

static unsigned object_size(const OV5640Picture *pic)
{
    return pic->height / 8;
}

static unsigned object_left(const OV5640Picture *pic)
{
    unsigned room = pic->width - MIN(pic->width, object_size(pic));

    return bounce(pic->number * 4, room) & ~1u;
}

static unsigned object_top(const OV5640Picture *pic)
{
    unsigned top = pic->height * BARS_TOP / 100 + 1;

    return top + bounce(pic->number * 2,
                        pic->height - top - object_size(pic));
}

static uint32_t card_key(const OV5640Picture *pic, unsigned y)
{
    unsigned top = object_top(pic);
    uint32_t key;

    if (y < pic->height * BARS_TOP / 100) {
        return ROW_STRIP;
    }
    if (y < pic->height * GRADIENT_TOP / 100) {
        key = ROW_BARS;
    } else if (y < pic->height * FLOOR_TOP / 100) {
        key = ROW_GRADIENT;
    } else {
        key = ROW_FLOOR;
    }
    return y >= top && y < top + object_size(pic) ? key | ROW_OBJECT : key;
}

/*
 * OV5640 data sheet 2.03, table 7-18 (0x503d): bars, squares or black, and a
 * bar that rolls down. The chip draws them behind the array: they are not
 * mirrored or flipped.
 */
static uint32_t pattern_key(const OV5640Picture *pic, unsigned y)
{
    unsigned roll = pic->number * 4 % pic->height;
    uint32_t level;

    if (pic->pattern & TEST_ROLLING &&
        (y + pic->height - roll) % pic->height < pic->height / 16) {
        return ROW_PATTERN | ROW_OBJECT;
    }
    if (TEST_KIND(pic->pattern) == 0 && TEST_STYLE(pic->pattern) == 0) {
        return ROW_PATTERN;
    }
    level = y * TEST_LEVELS / pic->height;
    return ROW_PATTERN | ROW_LEVEL(level);
}

/* Bars of style 1 and 3 get darker downwards or upwards, style 2 sideways. */
static void shade_bars(uint32_t *yuv, unsigned width, unsigned style,
                       unsigned level)
{
    for (unsigned x = 0; x < width; x++) {
        unsigned by = style == 1 ? TEST_LEVELS - level :
                      style == 3 ? level + 1 :
                      TEST_LEVELS - x * TEST_LEVELS / width;
        uint32_t y = 16 + ((yuv[x] & 0xff) - 16) * by / TEST_LEVELS;

        yuv[x] = (yuv[x] & ~0xffu) | y;
    }
}

static void draw_squares(uint32_t *yuv, const OV5640Picture *pic,
                         unsigned level)
{
    unsigned row = level * BARS / TEST_LEVELS;

    for (unsigned i = 0; i < BARS; i++) {
        uint32_t colour = bars_100[(i + row) % BARS];

        if (pic->pattern & TEST_SQUARE_BW) {
            colour = (i + row) % 2 ? BLACK : WHITE;
        }
        fill(yuv, pic->width * i / BARS, pic->width * (i + 1) / BARS, colour);
    }
}

static void draw_random(uint32_t *yuv, const OV5640Picture *pic,
                        unsigned level)
{
    uint32_t seed = pic->number * TEST_LEVELS + level;

    for (unsigned x = 0; x < pic->width; x++) {
        seed = seed * 1664525 + 1013904223;
        yuv[x] = GREY(16 + (seed >> 24) * 219 / 255);
    }
}

static void draw_pattern(uint32_t *yuv, const OV5640Picture *pic,
                         uint32_t key)
{
    unsigned style = TEST_STYLE(pic->pattern);
    unsigned level = key >> 8 & (TEST_LEVELS - 1);

    if (key & ROW_OBJECT) {
        fill(yuv, 0, pic->width, GREY(200));
        return;
    }
    switch (TEST_KIND(pic->pattern)) {
    case 0:
        draw_bars(yuv, pic->width, bars_100);
        if (style) {
            shade_bars(yuv, pic->width, style, level);
        }
        break;
    case 1:
        draw_random(yuv, pic, level);
        break;
    case 2:
        draw_squares(yuv, pic, level);
        break;
    default:
        fill(yuv, 0, pic->width, BLACK);
    }
}

static void mirror_row(uint32_t *yuv, unsigned width)
{
    for (unsigned a = 0, b = width - 1; a < b; a++, b--) {
        uint32_t t = yuv[a];

        yuv[a] = yuv[b];
        yuv[b] = t;
    }
}

static void draw_row(uint32_t *yuv, const OV5640Picture *pic, uint32_t key)
{
    unsigned left = object_left(pic);

    switch (key & 0xff000000) {
    case ROW_STRIP:
        draw_strip(yuv, pic);
        break;
    case ROW_BARS:
        draw_bars(yuv, pic->width, bars_75);
        break;
    case ROW_GRADIENT:
        draw_gradient(yuv, pic->width);
        break;
    case ROW_FLOOR:
        fill(yuv, 0, pic->width, FLOOR_YUV);
        break;
    default:
        draw_pattern(yuv, pic, key);
        return;
    }
    if (key & ROW_OBJECT) {
        fill(yuv, left, MIN(left + object_size(pic), pic->width),
             OBJECT_YUV);
    }
    if (pic->mirror) {
        mirror_row(yuv, pic->width);
    }
}

/* Two pixels share the chroma of the first, as a sensor's YUV 4:2:2 has it. */
static void pack_yuv422(uint8_t *out, const uint32_t *yuv, unsigned width,
                        bool luma_first, bool v_first)
{
    unsigned l = luma_first ? 0 : 1, c = !l;
    unsigned u = v_first ? 16 : 8, v = v_first ? 8 : 16;

    for (unsigned x = 0; x < width; x += 2, out += 4) {
        out[l] = yuv[x];
        out[c] = yuv[x] >> u;
        out[l + 2] = yuv[x + 1];
        out[c + 2] = yuv[x] >> v;
    }
}

static uint8_t clamp8(int value)
{
    return value < 0 ? 0 : value > 255 ? 255 : value;
}

/* BT.601 limited range to full range RGB, 0x00RRGGBB */
static uint32_t to_rgb(uint32_t yuv)
{
    int y = 298 * ((int)(yuv & 0xff) - 16) + 128;
    int u = (int)(yuv >> 8 & 0xff) - 128;
    int v = (int)(yuv >> 16 & 0xff) - 128;

    return clamp8((y + 409 * v) >> 8) << 16 |
           clamp8((y - 100 * u - 208 * v) >> 8) << 8 |
           clamp8((y + 516 * u) >> 8);
}

/* CSI-2 v1.0, 11.3: 555 and 444 have the places of 565, the rest is padding. */
static void pack_rgb565(uint8_t *out, const uint32_t *yuv, unsigned width,
                        OV5640Format format)
{
    uint16_t mask = format == OV5640_RGB555 ? 0xffdf :
                    format == OV5640_RGB444 ? 0xf79e : 0xffff;
    unsigned lo = format == OV5640_RGB565_BE;

    for (unsigned x = 0; x < width; x++, out += 2) {
        uint32_t rgb = to_rgb(yuv[x]);
        uint16_t v = ((rgb >> 8 & 0xf800) | (rgb >> 5 & 0x7e0) |
                      (rgb >> 3 & 0x1f)) & mask;

        out[lo] = v;
        out[!lo] = v >> 8;
    }
}

static void pack_rgb888(uint8_t *out, const uint32_t *yuv, unsigned width)
{
    for (unsigned x = 0; x < width; x++, out += 3) {
        uint32_t rgb = to_rgb(yuv[x]);

        out[0] = rgb;
        out[1] = rgb >> 8;
        out[2] = rgb >> 16;
    }
}

/* Bit positions in 0x00RRGGBB of the two colours of an even and an odd row */
static const uint8_t bayer[4][2][2] = {
    { { 0, 8 }, { 8, 16 } },    /* BGGR */
    { { 8, 0 }, { 16, 8 } },    /* GBRG */
    { { 8, 16 }, { 0, 8 } },    /* GRBG */
    { { 16, 8 }, { 8, 0 } },    /* RGGB */
};

static void pack_raw8(uint8_t *out, const uint32_t *yuv, unsigned width,
                      const uint8_t *colours)
{
    for (unsigned x = 0; x < width; x++) {
        out[x] = to_rgb(yuv[x]) >> colours[x & 1];
    }
}

static bool is_raw(OV5640Format format)
{
    return format >= OV5640_RAW_BGGR;
}

/* Four pixels' high bytes, then their low bits: CSI-2 v1.0, 11.4.4 */
static void pack_raw10(uint8_t *out, const uint8_t *samples, unsigned width)
{
    for (unsigned x = 0; x + 4 <= width; x += 4, out += 5) {
        memcpy(out, samples + x, 4);
        out[4] = 0;
        for (unsigned i = 0; i < 4; i++) {
            out[4] |= samples[x + i] >> 6 << (2 * i);
        }
    }
}

static void pack_raw(OV5640Card *card, const OV5640Picture *pic, bool odd_row)
{
    const uint8_t *colours = bayer[pic->format - OV5640_RAW_BGGR][odd_row];
    uint8_t *samples = card->row + sizeof(card->row) - pic->width;

    if (pic->raw10) {
        pack_raw8(samples, card->yuv, pic->width, colours);
        pack_raw10(card->row, samples, pic->width);
    } else {
        pack_raw8(card->row, card->yuv, pic->width, colours);
    }
}

static void pack_row(OV5640Card *card, const OV5640Picture *pic, uint32_t key)
{
    unsigned w = pic->width;

    card->yuv[w] = card->yuv[w - 1];    /* the pair of an odd last pixel */
    switch (pic->format) {
    case OV5640_UYVY:
    case OV5640_VYUY:
        pack_yuv422(card->row, card->yuv, w, false,
                    pic->format == OV5640_VYUY);
        break;
    case OV5640_YUYV:
    case OV5640_YVYU:
        pack_yuv422(card->row, card->yuv, w, true,
                    pic->format == OV5640_YVYU);
        break;
    case OV5640_RGB565_LE:
    case OV5640_RGB565_BE:
    case OV5640_RGB555:
    case OV5640_RGB444:
        pack_rgb565(card->row, card->yuv, w, pic->format);
        break;
    case OV5640_RGB888:
        pack_rgb888(card->row, card->yuv, w);
        break;
    default:
        pack_raw(card, pic, key & ROW_ODD);
    }
}

size_t ov5640_card_row_bytes(const OV5640Picture *pic)
{
    if (is_raw(pic->format)) {
        return pic->raw10 ? pic->width / 4 * 5 : pic->width;
    }
    if (pic->format == OV5640_RGB888) {
        return (size_t)pic->width * 3;
    }
    return ((size_t)pic->width + 1) / 2 * 4;
}

void ov5640_card_render(OV5640Card *card, const OV5640Picture *pic,
                        unsigned first, unsigned count, uint8_t *out)
{
    size_t bytes = ov5640_card_row_bytes(pic);

    if (memcmp(&card->of, pic, sizeof(*pic))) {
        card->of = *pic;
        card->key = ROW_NONE;
    }
    for (unsigned y = first; y < first + count; y++, out += bytes) {
        uint32_t key;

        if (pic->pattern & TEST_ENABLE) {
            key = pattern_key(pic, y);
        } else {
            key = card_key(pic, pic->flip ? pic->height - 1 - y : y);
        }
        if (is_raw(pic->format) && y & 1) {
            key |= ROW_ODD;
        }
        if (key != card->key) {
            draw_row(card->yuv, pic, key);
            pack_row(card, pic, key);
            card->key = key;
        }
        memcpy(out, card->row, bytes);
    }
}
