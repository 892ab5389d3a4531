/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: alpha blending, source * Fs + destination * Fd.
 *
 * Fields after rnndb (state_2d.xml). That the source's factor is taken from
 * the destination's alpha and the other way round, as Porter and Duff have
 * it, is seen in xf86-video-armada (its table of Render operators). Rounding,
 * and that "inverted" comes before the global alpha, are our choice.
 */

#include "qemu/osdep.h"
#include "vivante.h"

enum {
    BLEND_ZERO = 0,
    BLEND_ONE = 1,
    BLEND_NORMAL = 2,
    BLEND_INVERSED = 3,
    BLEND_COLOR = 4,
    BLEND_COLOR_INVERSED = 5,
    BLEND_SATURATED_ALPHA = 6,
    BLEND_SATURATED_DEST_ALPHA = 7,
};

enum {
    GLOBAL_OFF = 0,
    GLOBAL_OWN = 1,
    GLOBAL_SCALED = 2,
};

enum {
    PREMULTIPLY_OFF = 0,
    PREMULTIPLY_ALPHA = 1,
    PREMULTIPLY_COLOR = 2,
};

VivBlend viv_blend_decode(const uint32_t *de)
{
    uint32_t modes = de[R_DE_ALPHA_MODES - R_DE_SRC_ADDRESS];
    uint32_t mult = de[R_DE_COLOR_MULTIPLY_MODES - R_DE_SRC_ADDRESS];

    return (VivBlend) {
        .src_factor = FIELD_EX32(modes, DE_ALPHA_MODES, SRC_BLENDING_MODE),
        .dst_factor = FIELD_EX32(modes, DE_ALPHA_MODES, DST_BLENDING_MODE),
        .src_alpha_mode = FIELD_EX32(modes, DE_ALPHA_MODES,
                                     GLOBAL_SRC_ALPHA_MODE),
        .dst_alpha_mode = FIELD_EX32(modes, DE_ALPHA_MODES,
                                     GLOBAL_DST_ALPHA_MODE),
        .src_invert = FIELD_EX32(modes, DE_ALPHA_MODES, SRC_ALPHA_MODE),
        .dst_invert = FIELD_EX32(modes, DE_ALPHA_MODES, DST_ALPHA_MODE),
        .src_premultiply = FIELD_EX32(mult, DE_COLOR_MULTIPLY_MODES,
                                      SRC_PREMULTIPLY),
        .dst_premultiply = FIELD_EX32(mult, DE_COLOR_MULTIPLY_MODES,
                                      DST_PREMULTIPLY),
        .demultiply = FIELD_EX32(mult, DE_COLOR_MULTIPLY_MODES,
                                 DST_DEMULTIPLY),
        .src_global_premultiply = FIELD_EX32(mult, DE_COLOR_MULTIPLY_MODES,
                                             SRC_GLOBAL_PREMULTIPLY),
        .src_color = de[R_DE_GLOBAL_SRC_COLOR - R_DE_SRC_ADDRESS],
        .dst_color = de[R_DE_GLOBAL_DEST_COLOR - R_DE_SRC_ADDRESS],
    };
}

static inline uint32_t mul8(uint32_t a, uint32_t b)
{
    uint32_t t = a * b + 128;

    return (t + (t >> 8)) >> 8;
}

static inline uint32_t channel(uint32_t argb, unsigned shift)
{
    return (argb >> shift) & 0xff;
}

/* All four channels times the channels of @f */
static inline uint32_t mul_channels(uint32_t argb, uint32_t f)
{
    return mul8(argb >> 24, f >> 24) << 24 |
           mul8(channel(argb, 16), channel(f, 16)) << 16 |
           mul8(channel(argb, 8), channel(f, 8)) << 8 |
           mul8(channel(argb, 0), channel(f, 0));
}

static inline uint32_t grey(uint32_t a)
{
    return a * 0x01010101u;
}

static inline uint32_t add_channels(uint32_t a, uint32_t b)
{
    uint32_t out = 0;

    for (unsigned shift = 0; shift < 32; shift += 8) {
        out |= MIN(channel(a, shift) + channel(b, shift), 255) << shift;
    }
    return out;
}

static inline uint32_t alpha_of(uint32_t argb, bool invert, uint8_t mode,
                                uint32_t global)
{
    uint32_t a = invert ? 255 - (argb >> 24) : argb >> 24;

    switch (mode) {
    case GLOBAL_OWN:
        return global >> 24;
    case GLOBAL_SCALED:
        return mul8(a, global >> 24);
    }
    return a;
}

/* A factor for one side out of the @other side's pixel; alphas are final. */
static inline uint32_t factor(uint8_t mode, uint32_t other, uint32_t sa,
                              uint32_t da, uint32_t other_alpha)
{
    switch (mode) {
    case BLEND_ONE:
        return 0xffffffff;
    case BLEND_NORMAL:
        return grey(other_alpha);
    case BLEND_INVERSED:
        return grey(255 - other_alpha);
    case BLEND_COLOR:
        return other;
    case BLEND_COLOR_INVERSED:
        return ~other;
    case BLEND_SATURATED_ALPHA:
        return grey(MIN(sa, 255 - da)) | 0xff000000;
    case BLEND_SATURATED_DEST_ALPHA:
        return grey(MIN(da, 255 - sa)) | 0xff000000;
    }
    return 0;
}

static inline uint32_t premultiply(uint32_t argb)
{
    return mul_channels(argb, grey(argb >> 24) | 0xff000000);
}

static inline uint32_t demultiply(uint32_t argb)
{
    uint32_t a = argb >> 24, out = argb & 0xff000000;

    for (unsigned shift = 0; a && shift < 24; shift += 8) {
        out |= MIN((channel(argb, shift) * 255 + a / 2) / a, 255) << shift;
    }
    return out;
}

static inline uint32_t blend_pixel(const VivBlend *b, uint32_t s, uint32_t d)
{
    uint32_t sa = alpha_of(s, b->src_invert, b->src_alpha_mode, b->src_color);
    uint32_t da = alpha_of(d, b->dst_invert, b->dst_alpha_mode, b->dst_color);
    uint32_t out;

    s = (s & 0xffffff) | sa << 24;
    d = (d & 0xffffff) | da << 24;
    if (b->src_premultiply) {
        s = premultiply(s);
    }
    if (b->src_global_premultiply == PREMULTIPLY_ALPHA) {
        s = mul_channels(s, grey(b->src_color >> 24) | 0xff000000);
    } else if (b->src_global_premultiply == PREMULTIPLY_COLOR) {
        s = mul_channels(s, b->src_color | 0xff000000);
    }
    if (b->dst_premultiply) {
        d = premultiply(d);
    }
    out = add_channels(mul_channels(s, factor(b->src_factor, d, sa, da, da)),
                       mul_channels(d, factor(b->dst_factor, s, sa, da, sa)));
    return b->demultiply ? demultiply(out) : out;
}

/* Premultiplied "over" without anything else is what everybody uses. */
static bool is_plain_over(const VivBlend *b)
{
    return b->src_factor == BLEND_ONE && b->dst_factor == BLEND_INVERSED &&
           !b->src_invert && !b->dst_invert && !b->src_premultiply &&
           !b->dst_premultiply && !b->demultiply &&
           !b->src_global_premultiply && b->src_alpha_mode == GLOBAL_OFF &&
           b->dst_alpha_mode == GLOBAL_OFF;
}

void viv_blend_row(const VivBlend *b, const uint32_t *src,
                   const uint32_t *dst, uint32_t *out, unsigned width)
{
    if (is_plain_over(b)) {
        for (unsigned x = 0; x < width; x++) {
            uint32_t inv = grey(255 - (src[x] >> 24));

            out[x] = add_channels(src[x], mul_channels(dst[x], inv));
        }
        return;
    }
    for (unsigned x = 0; x < width; x++) {
        out[x] = blend_pixel(b, src[x], dst[x]);
    }
}
