/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The picture the OV5640 model sees: docs/test-card.md.
 */
#ifndef HW_IMX6_OV5640_CARD_H
#define HW_IMX6_OV5640_CARD_H

#define OV5640_MAX_WIDTH    2624    /* native array, Linux's ov5640.c */

typedef enum OV5640Format {
    OV5640_UYVY,
    OV5640_VYUY,
    OV5640_YUYV,
    OV5640_YVYU,
    OV5640_RGB565_LE,           /* {g[2:0], b}, {r, g[5:3]} */
    OV5640_RGB565_BE,
    OV5640_RGB555,              /* as 565, with low bits of zero */
    OV5640_RGB444,
    OV5640_RGB888,              /* b, g, r */
    OV5640_RAW_BGGR,
    OV5640_RAW_GBRG,
    OV5640_RAW_GRBG,
    OV5640_RAW_RGGB,
} OV5640Format;

typedef struct OV5640Picture {
    unsigned width;
    unsigned height;
    OV5640Format format;
    uint32_t number;            /* of the frame, shown in the strip */
    bool mirror;
    bool flip;
    bool raw10;                 /* raw: 4 bytes and one of low bits */
    uint8_t pattern;            /* PRE ISP TEST SET1, 0x503d */
} OV5640Picture;

/* One row of the picture is kept: nearly always the next one is the same. */
typedef struct OV5640Card {
    uint32_t key;
    OV5640Picture of;
    uint32_t yuv[OV5640_MAX_WIDTH + 1];
    uint8_t row[OV5640_MAX_WIDTH * 3];
} OV5640Card;

size_t ov5640_card_row_bytes(const OV5640Picture *pic);

/* Rows @first to @first + @count - 1 of @pic, one after the other in @out. */
void ov5640_card_render(OV5640Card *card, const OV5640Picture *pic,
                        unsigned first, unsigned count, uint8_t *out);

#endif
