/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: pixel formats, to and from A8R8G8B8.
 *
 * Formats and channel orders after rnndb (state_2d.xml, DE_FORMAT and
 * DE_SWIZZLE). Narrow channels are widened by repeating their upper bits and
 * narrowed by dropping the lower ones; a format without alpha reads as
 * opaque.
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "vivante.h"

enum { A, R, G, B };

typedef struct Layout {
    unsigned bytes;
    bool alpha;
    uint8_t bits[4];            /* of A, R, G, B */
    uint8_t shift[4];
} Layout;

static const struct {
    uint8_t bytes;
    bool alpha;
    uint8_t bits[4];
} rgb_formats[] = {
    [DE_FORMAT_X4R4G4B4] = { 2, false, { 4, 4, 4, 4 } },
    [DE_FORMAT_A4R4G4B4] = { 2, true, { 4, 4, 4, 4 } },
    [DE_FORMAT_X1R5G5B5] = { 2, false, { 1, 5, 5, 5 } },
    [DE_FORMAT_A1R5G5B5] = { 2, true, { 1, 5, 5, 5 } },
    [DE_FORMAT_R5G6B5] = { 2, false, { 0, 5, 6, 5 } },
    [DE_FORMAT_X8R8G8B8] = { 4, false, { 8, 8, 8, 8 } },
    [DE_FORMAT_A8R8G8B8] = { 4, true, { 8, 8, 8, 8 } },
};

/* Channels from the most significant bits down */
static const uint8_t swizzles[4][4] = {
    [DE_SWIZZLE_ARGB] = { A, R, G, B },
    [DE_SWIZZLE_RGBA] = { R, G, B, A },
    [DE_SWIZZLE_ABGR] = { A, B, G, R },
    [DE_SWIZZLE_BGRA] = { B, G, R, A },
};

/* v * mul >> shift repeats the upper of n bits to fill eight. */
static const struct {
    uint8_t mul;
    uint8_t shift;
} widen[9] = {
    [1] = { 0xff, 0 }, [4] = { 0x11, 0 }, [5] = { 0x21, 2 },
    [6] = { 0x41, 4 }, [8] = { 0x01, 0 },
};

static Layout layout_of(const VivSurface *f)
{
    Layout l = {
        .bytes = rgb_formats[f->format].bytes,
        .alpha = rgb_formats[f->format].alpha,
    };
    unsigned shift = 0;

    for (int i = 3; i >= 0; i--) {
        uint8_t c = swizzles[f->swizzle & 3][i];

        l.bits[c] = rgb_formats[f->format].bits[c];
        l.shift[c] = shift;
        shift += l.bits[c];
    }
    return l;
}

bool viv_format_is_yuv(unsigned format)
{
    switch (format) {
    case DE_FORMAT_YUY2:
    case DE_FORMAT_UYVY:
    case DE_FORMAT_YV12:
    case DE_FORMAT_NV12:
    case DE_FORMAT_NV16:
        return true;
    }
    return false;
}

/* Bytes of a pixel; 0 for formats that do not go into an RGB row. */
unsigned viv_format_bytes(unsigned format)
{
    if (format < ARRAY_SIZE(rgb_formats)) {
        return rgb_formats[format].bytes;
    }
    return format == DE_FORMAT_A8 || format == DE_FORMAT_INDEX8 ? 1 : 0;
}

static inline uint32_t take(const Layout *l, unsigned c, uint32_t pixel)
{
    uint32_t v = (pixel >> l->shift[c]) & ((1u << l->bits[c]) - 1);

    return (v * widen[l->bits[c]].mul) >> widen[l->bits[c]].shift;
}

static inline uint32_t unpack(const Layout *l, uint32_t pixel)
{
    return (l->alpha ? take(l, A, pixel) : 0xff) << 24 |
           take(l, R, pixel) << 16 | take(l, G, pixel) << 8 |
           take(l, B, pixel);
}

static inline uint32_t put(const Layout *l, unsigned c, uint32_t value)
{
    return ((value & 0xff) >> (8 - l->bits[c])) << l->shift[c];
}

static inline uint32_t pack(const Layout *l, uint32_t argb)
{
    return put(l, A, argb >> 24) | put(l, R, argb >> 16) |
           put(l, G, argb >> 8) | put(l, B, argb);
}

uint32_t viv_unpack_pixel(const VivSurface *f, uint32_t pixel)
{
    Layout l;

    if (f->format >= ARRAY_SIZE(rgb_formats)) {
        return pixel;
    }
    l = layout_of(f);
    return unpack(&l, pixel);
}

/* Coordinates may be outside: the address is 32 bits wide and wraps. */
static uint32_t row_address(const VivSurface *f, int32_t x, int32_t y,
                            unsigned bytes)
{
    return f->addr + (uint32_t)y * f->stride + (uint32_t)x * bytes;
}

void viv_swap_bytes(uint8_t *raw, size_t len, unsigned endian)
{
    for (size_t i = 0; i < len; i += 4) {
        uint32_t v = ldl_le_p(raw + i);

        if (endian == ENDIAN_SWAP_32) {
            v = bswap32(v);
        } else {
            v = (v & 0x00ff00ff) << 8 | (v >> 8 & 0x00ff00ff);
        }
        stl_le_p(raw + i, v);
    }
}

/*
 * Bytes of a surface as a little-endian CPU sees them. Swapping goes by
 * aligned words, so the first byte asked for may not be the first read.
 */
static uint8_t *read_bytes(VivanteGPUState *s, const VivSurface *f,
                           uint32_t addr, size_t len)
{
    unsigned lead = f->endian ? addr & 3 : 0;

    if (!f->endian) {
        viv_read(s, VIV_PE, addr, s->pe.raw, len);
        return s->pe.raw;
    }
    len = ROUND_UP(lead + len, 4);
    viv_read(s, VIV_PE, addr - lead, s->pe.raw, len);
    viv_swap_bytes(s->pe.raw, len, f->endian);
    return s->pe.raw + lead;
}

static void write_bytes(VivanteGPUState *s, const VivSurface *f,
                        uint32_t addr, size_t len)
{
    unsigned lead = f->endian ? addr & 3 : 0;

    if (f->endian) {
        len = ROUND_UP(lead + len, 4);
        viv_swap_bytes(s->pe.raw, len, f->endian);
    }
    viv_write(s, VIV_PE, addr - lead, s->pe.raw, len);
}

static void unpack_bytes(const VivSurface *f, const uint8_t *raw,
                         unsigned width, uint32_t *argb)
{
    for (unsigned i = 0; i < width; i++) {
        if (f->format == DE_FORMAT_A8) {
            argb[i] = (uint32_t)raw[i] << 24 | (f->a8_color & 0xffffff);
        } else {
            argb[i] = f->palette ? f->palette[raw[i]] : raw[i];
        }
    }
}

static void unpack_row(const VivSurface *f, const uint8_t *raw,
                       unsigned width, uint32_t *argb)
{
    Layout l = layout_of(f);
    uint32_t opaque = l.alpha ? 0 : 0xff000000;

    if (l.bytes == 2) {
        for (unsigned i = 0; i < width; i++) {
            argb[i] = unpack(&l, lduw_le_p(raw + 2 * i));
        }
    } else if (f->swizzle == DE_SWIZZLE_ARGB) {
        for (unsigned i = 0; i < width; i++) {
            argb[i] = ldl_le_p(raw + 4 * i) | opaque;
        }
    } else {
        for (unsigned i = 0; i < width; i++) {
            argb[i] = unpack(&l, ldl_le_p(raw + 4 * i));
        }
    }
}

/* Ones and zeros; the top bit of a byte is the left pixel. */
static void read_mono(VivanteGPUState *s, const VivSurface *f, int32_t x,
                      int32_t y, unsigned width, uint32_t *out)
{
    uint32_t addr = f->addr + (uint32_t)y * f->stride + (uint32_t)(x >> 3);
    unsigned bit = x & 7;
    const uint8_t *raw = read_bytes(s, f, addr, (bit + width + 7) / 8);

    for (unsigned i = 0; i < width; i++, bit++) {
        out[i] = raw[bit / 8] >> (7 - bit % 8) & 1;
    }
}

void viv_read_row(VivanteGPUState *s, const VivSurface *f, int32_t x,
                  int32_t y, unsigned width, uint32_t *argb)
{
    unsigned bytes = viv_format_bytes(f->format);
    const uint8_t *raw;

    if (f->format == DE_FORMAT_MONOCHROME) {
        read_mono(s, f, x, y, width, argb);
        return;
    }
    raw = read_bytes(s, f, row_address(f, x, y, bytes), (size_t)width * bytes);
    if (bytes == 1) {
        unpack_bytes(f, raw, width, argb);
    } else if (bytes) {
        unpack_row(f, raw, width, argb);
    }
}

/* Inverted: 0 is off, as all ones are in the registers */
uint64_t viv_dither(const VivJob *job)
{
    return ~((uint64_t)VIV_DE(job, DE_PE_DITHER_HIGH) << 32 |
             VIV_DE(job, DE_PE_DITHER_LOW));
}

/*
 * Bits that a narrow channel drops carry into the next step where they
 * exceed the pixel's threshold, in sixteenths. That all ones are "off" fits
 * this; no source tells the arithmetic.
 */
static uint32_t dither_pixel(const Layout *l, uint32_t argb, unsigned limit)
{
    uint32_t out = argb & 0xff000000;

    for (unsigned c = R; c <= B; c++) {
        unsigned shift = 8 * (B - c), drop = 8 - l->bits[c];
        uint32_t v = (argb >> shift) & 0xff, kept = v >> drop;

        if ((v & ((1u << drop) - 1)) << (4 - drop) > limit &&
            kept < (1u << l->bits[c]) - 1) {
            kept++;
        }
        out |= kept << drop << shift;
    }
    return out;
}

static const uint32_t *dither_row(VivanteGPUState *s, const VivSurface *f,
                                  const Layout *l, int32_t x, int32_t y,
                                  unsigned width, const uint32_t *argb)
{
    unsigned row = f->dither >> (y & 3) * 16 & 0xffff;

    if (l->bytes != 2 || !f->dither) {
        return argb;
    }
    for (unsigned i = 0; i < width; i++) {
        unsigned limit = 15 - (row >> ((x + i) & 3) * 4 & 15);

        s->pe.mix[i] = dither_pixel(l, argb[i], limit);
    }
    return s->pe.mix;
}

void viv_unpack_raw(const VivSurface *f, const uint8_t *raw, unsigned width,
                    uint32_t *argb)
{
    unpack_row(f, raw, width, argb);
}

/* What @argb becomes in row @y of a surface, from column @x on */
void viv_pack_raw(VivanteGPUState *s, const VivSurface *f, int32_t x,
                  int32_t y, unsigned width, const uint32_t *argb,
                  uint8_t *raw)
{
    Layout l = layout_of(f);

    argb = dither_row(s, f, &l, x, y, width, argb);
    if (l.bytes == 2) {
        for (unsigned i = 0; i < width; i++) {
            stw_le_p(raw + 2 * i, pack(&l, argb[i]));
        }
    } else if (f->swizzle == DE_SWIZZLE_ARGB) {
        for (unsigned i = 0; i < width; i++) {
            stl_le_p(raw + 4 * i, argb[i]);
        }
    } else {
        for (unsigned i = 0; i < width; i++) {
            stl_le_p(raw + 4 * i, pack(&l, argb[i]));
        }
    }
}

void viv_write_row(VivanteGPUState *s, const VivSurface *f, int32_t x,
                   int32_t y, unsigned width, const uint32_t *argb)
{
    unsigned bytes = viv_format_bytes(f->format);
    uint32_t addr = row_address(f, x, y, bytes);
    size_t len = (size_t)width * bytes;
    uint8_t *raw = s->pe.raw;

    if (f->endian) {
        /* What is swapped with the first and last pixel has to stay. */
        raw = read_bytes(s, f, addr, len);
    }
    viv_pack_raw(s, f, x, y, width, argb, raw);
    write_bytes(s, f, addr, len);
}

/* The bits of channels in a word of memory: blue is bit 0, alpha bit 3. */
uint32_t viv_channel_mask(const VivSurface *f, unsigned channels)
{
    static const uint8_t order[4] = { B, G, R, A };
    Layout l = layout_of(f);
    uint32_t mask = 0;

    for (unsigned i = 0; i < 4; i++) {
        if (channels & (1u << i)) {
            mask |= ((1u << l.bits[order[i]]) - 1) << l.shift[order[i]];
        }
    }
    return l.bytes == 2 ? mask | mask << 16 : mask;
}

/* Luma of what was written, for the recorder. */
void viv_tap_row(VivanteGPUState *s, unsigned row, unsigned rows,
                 const uint32_t *argb, unsigned width)
{
    g_autofree uint8_t *luma = NULL;

    if (!imx6_dma_tap_wants(row, rows)) {
        return;
    }
    luma = g_malloc(width);
    for (unsigned i = 0; i < width; i++) {
        luma[i] = (77 * ((argb[i] >> 16) & 0xff) +
                   150 * ((argb[i] >> 8) & 0xff) + 29 * (argb[i] & 0xff)) >> 8;
    }
    imx6_dma_tap(&s->dma_pe, s->pe.rects, row, rows, luma, width);
}
