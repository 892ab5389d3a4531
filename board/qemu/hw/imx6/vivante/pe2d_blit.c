/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: clear, bit blit and stretch blit, row by row.
 *
 * States after rnndb (state_2d.xml and doc/2d.md). The direction of the
 * 90 degree rotation is xf86-video-armada's: the source pixel of (x, y) is
 * (width - 1 - y, x); the others follow from which of the surface's width
 * and height the documentation says they need.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "vivante.h"

/* Logical rows that a rotated source hands over at a time */
#define STRIP_ROWS      16

static int32_t lo16(uint32_t v)
{
    return (int16_t)v;
}

static int32_t hi16(uint32_t v)
{
    return (int16_t)(v >> 16);
}

static void unimplemented(const char *what)
{
    qemu_log_mask(LOG_UNIMP, "gc320: %s\n", what);
}

static bool wrong(const char *what, unsigned value)
{
    qemu_log_mask(LOG_GUEST_ERROR, "gc320: %s %u\n", what, value);
    return false;
}

static bool check_source(const VivJob *job)
{
    uint32_t config = VIV_DE(job, DE_SRC_CONFIG);
    unsigned format = FIELD_EX32(config, DE_SRC_CONFIG, SOURCE_FORMAT);

    if (FIELD_EX32(config, DE_SRC_CONFIG, LOCATION)) {
        unimplemented("source in the command stream");
        return false;
    }
    if (format == DE_FORMAT_MONOCHROME) {
        unimplemented("monochrome source");
        return false;
    }
    if (FIELD_EX32(config, DE_SRC_CONFIG, TILED)) {
        unimplemented("tiled source");
    }
    if (!viv_format_bytes(format)) {
        /* YUV in a bit blit came with 2D_TILING, not in 5.0.0.7 */
        return wrong("no bit blit from format", format);
    }
    return true;
}

static void check_rest(const VivJob *job, unsigned format)
{
    uint32_t config = VIV_DE(job, DE_DEST_CONFIG);

    if (FIELD_EX32(config, DE_DEST_CONFIG, TILED)) {
        unimplemented("tiled destination");
    }
    if (FIELD_EX32(config, DE_DEST_CONFIG, ENDIAN_CONTROL)) {
        unimplemented("byte swapping");
    }
    if (FIELD_EX32(VIV_DE(job, DE_ROT_ANGLE), DE_ROT_ANGLE, DST) ||
        FIELD_EX32(VIV_DE(job, DE_DEST_ROTATION_CONFIG),
                   DE_SRC_ROTATION_CONFIG, ROTATION)) {
        unimplemented("rotated destination");
    }
    if (viv_format_bytes(format) == 2 &&
        (VIV_DE(job, DE_PE_DITHER_LOW) & VIV_DE(job, DE_PE_DITHER_HIGH)) !=
        0xffffffff) {
        unimplemented("dithering");
    }
    if (FIELD_EX32(VIV_DE(job, DE_PE_TRANSPARENCY), DE_PE_TRANSPARENCY,
                   DESTINATION)) {
        unimplemented("destination colour key");
    }
}

/* Is this something the 2D pipe of GC320 5.0.0.7 draws? */
bool viv_blit_check(const VivJob *job)
{
    uint32_t config = VIV_DE(job, DE_DEST_CONFIG);
    unsigned command = FIELD_EX32(config, DE_DEST_CONFIG, COMMAND);
    unsigned format = FIELD_EX32(config, DE_DEST_CONFIG, FORMAT);
    VivBlit b;
    bool ok;

    switch (command) {
    case DE_CLEAR:
    case DE_BIT_BLT:
    case DE_STRETCH_BLT:
        break;
    case DE_LINE:
        unimplemented("lines");
        return false;
    default:
        return wrong("DRAW_2D does not do command", command);
    }
    if (viv_format_bytes(format) < 2) {
        return wrong("cannot draw to format", format);
    }
    check_rest(job, format);
    viv_blit_decode(job, &b);
    ok = !b.reads_src || check_source(job);
    viv_blit_done(&b);
    return ok;
}

static void decode_src(const VivJob *job, VivSurface *f)
{
    uint32_t config = VIV_DE(job, DE_SRC_CONFIG);
    uint32_t rotation = VIV_DE(job, DE_SRC_ROTATION_CONFIG);

    f->addr = VIV_DE(job, DE_SRC_ADDRESS) & ~3u;
    f->stride = FIELD_EX32(VIV_DE(job, DE_SRC_STRIDE), DE_SRC_STRIDE, STRIDE);
    f->format = FIELD_EX32(config, DE_SRC_CONFIG, SOURCE_FORMAT);
    f->swizzle = FIELD_EX32(config, DE_SRC_CONFIG, SWIZZLE);
    f->width = FIELD_EX32(rotation, DE_SRC_ROTATION_CONFIG, WIDTH);
    f->height = VIV_DE(job, DE_SRC_ROTATION_HEIGHT) & 0xffff;
    f->rotation = FIELD_EX32(VIV_DE(job, DE_ROT_ANGLE), DE_ROT_ANGLE, SRC);
    if (f->rotation == DE_ROT_0 &&
        FIELD_EX32(rotation, DE_SRC_ROTATION_CONFIG, ROTATION)) {
        f->rotation = DE_ROT_90;
    }
    f->palette = job->palette;
    f->a8_color = VIV_DE(job, DE_GLOBAL_SRC_COLOR);
}

static void decode_dst(const VivJob *job, VivSurface *f)
{
    uint32_t config = VIV_DE(job, DE_DEST_CONFIG);

    f->addr = VIV_DE(job, DE_DEST_ADDRESS) & ~3u;
    f->stride = FIELD_EX32(VIV_DE(job, DE_DEST_STRIDE), DE_SRC_STRIDE,
                           STRIDE);
    f->format = FIELD_EX32(config, DE_DEST_CONFIG, FORMAT);
    f->swizzle = FIELD_EX32(config, DE_DEST_CONFIG, SWIZZLE);
}

/* Two ways to mirror: one undoes the other. */
static void decode_mirror(const VivJob *job, VivBlit *b)
{
    uint32_t config = VIV_DE(job, DE_CONFIG);
    uint32_t angle = VIV_DE(job, DE_ROT_ANGLE);
    unsigned mode = FIELD_EX32(angle, DE_ROT_ANGLE, SRC_MIRROR) ^
                    FIELD_EX32(angle, DE_ROT_ANGLE, DST_MIRROR);

    if (FIELD_EX32(config, DE_CONFIG, MIRROR_BLT_ENABLE)) {
        mode ^= FIELD_EX32(config, DE_CONFIG, MIRROR_BLT_MODE);
    }
    b->mirror_x = mode & 1;
    b->mirror_y = mode & 2;
}

static void decode_ops(const VivJob *job, VivBlit *b)
{
    uint32_t rop = VIV_DE(job, DE_ROP);
    unsigned type = FIELD_EX32(rop, DE_ROP, TYPE);

    if (b->command == DE_CLEAR) {
        return;                 /* the ROP has no part in it */
    }
    b->rop = viv_rop3(type, FIELD_EX32(rop, DE_ROP, ROP_FG));
    b->rop_bg = viv_rop3(type, FIELD_EX32(rop, DE_ROP, ROP_BG));
    b->alpha = FIELD_EX32(VIV_DE(job, DE_ALPHA_CONTROL), DE_ALPHA_CONTROL,
                          ENABLE);
    if (b->alpha) {
        b->blend = viv_blend_decode(job->de);
        b->reads_src = true;
        b->reads_dst = true;
        return;
    }
    b->keyed = FIELD_EX32(VIV_DE(job, DE_PE_TRANSPARENCY),
                          DE_PE_TRANSPARENCY, SOURCE) == 2;
    b->reads_src = viv_rop_uses_src(b->rop) || b->keyed;
    b->reads_dst = viv_rop_uses_dst(b->rop) ||
                   (b->keyed && viv_rop_uses_dst(b->rop_bg));
}

void viv_blit_decode(const VivJob *job, VivBlit *b)
{
    uint32_t origin = VIV_DE(job, DE_SRC_ORIGIN);
    uint32_t size = VIV_DE(job, DE_SRC_SIZE);

    memset(b, 0, sizeof(*b));
    b->command = FIELD_EX32(VIV_DE(job, DE_DEST_CONFIG), DE_DEST_CONFIG,
                            COMMAND);
    decode_src(job, &b->src);
    decode_dst(job, &b->dst);
    decode_mirror(job, b);
    decode_ops(job, b);
    b->relative = FIELD_EX32(VIV_DE(job, DE_SRC_CONFIG), DE_SRC_CONFIG,
                             SRC_RELATIVE);
    b->origin_x = lo16(origin);
    b->origin_y = hi16(origin);
    b->src_width = (size & 0xffff) ?: 0x10000;
    b->src_height = (size >> 16) ?: 0x10000;
    b->factor_x = FIELD_EX32(VIV_DE(job, DE_STRETCH_FACTOR_LOW),
                             DE_STRETCH_FACTOR, VALUE);
    b->factor_y = FIELD_EX32(VIV_DE(job, DE_STRETCH_FACTOR_HIGH),
                             DE_STRETCH_FACTOR, VALUE);
    b->clear = VIV_DE(job, DE_CLEAR_PIXEL_VALUE32);
    b->pattern = VIV_DE(job, DE_PATTERN_FG_COLOR);
    b->key = viv_unpack_pixel(&b->src, VIV_DE(job, DE_SRC_COLOR_BG));
}

void viv_blit_done(VivBlit *b)
{
    g_clear_pointer(&b->strip, g_free);
}

/* A rectangle of the job, and what the clip leaves of it */
VivRect viv_blit_rect(const VivJob *job, unsigned n)
{
    uint32_t tl = VIV_DE(job, DE_CLIP_TOP_LEFT) & 0x7fff7fff;
    uint32_t br = VIV_DE(job, DE_CLIP_BOTTOM_RIGHT) & 0x7fff7fff;
    uint32_t from = job->rect[2 * n], to = job->rect[2 * n + 1];
    VivRect r = { .left = lo16(from), .top = hi16(from) };

    r.width = lo16(to) - r.left;
    r.height = hi16(to) - r.top;
    r.x0 = MAX(r.left, lo16(tl));
    r.y0 = MAX(r.top, hi16(tl));
    r.x1 = MAX(r.x0, MIN(lo16(to), lo16(br)));
    r.y1 = MAX(r.y0, MIN(hi16(to), hi16(br)));
    if (r.x1 == r.x0 || r.y1 == r.y0) {
        r.x1 = r.x0;
        r.y1 = r.y0;
    }
    return r;
}

unsigned viv_blit_cycles(const VivBlit *b)
{
    return b->reads_dst ? 2 : 1;
}

static void reverse(uint32_t *p, unsigned n)
{
    for (unsigned i = 0, j = n; i + 1 < j; i++) {
        uint32_t t = p[i];

        p[i] = p[--j];
        p[j] = t;
    }
}

/* Turn @rows columns of the surface into rows [@y, @y + @rows) of the strip */
static void read_strip(VivanteGPUState *s, VivBlit *b, int32_t x, int32_t y,
                       unsigned n, unsigned rows)
{
    const VivSurface *f = &b->src;
    uint32_t piece[STRIP_ROWS];

    b->strip = g_renew(uint32_t, b->strip, (size_t)n * STRIP_ROWS);
    b->strip_y = y;
    b->strip_rows = rows;
    for (unsigned i = 0; i < n; i++) {
        int32_t lx = x + i;

        if (f->rotation == DE_ROT_90) {
            viv_read_row(s, f, (int32_t)f->width - y - (int32_t)rows, lx,
                         rows, piece);
            reverse(piece, rows);
        } else {
            viv_read_row(s, f, y, (int32_t)f->height - 1 - lx, rows, piece);
        }
        for (unsigned k = 0; k < rows; k++) {
            b->strip[(size_t)k * n + i] = piece[k];
        }
    }
}

/*
 * A piece of a row as the rotation shows it. @ahead more rows come after it,
 * upwards or downwards.
 */
static void read_rotated(VivanteGPUState *s, VivBlit *b, int32_t x, int32_t y,
                         unsigned n, unsigned ahead, uint32_t *out)
{
    const VivSurface *f = &b->src;
    unsigned rows = MIN(ahead + 1, STRIP_ROWS);

    switch (f->rotation) {
    case DE_ROT_FLIP_X:
    case DE_ROT_180:
        x = (int32_t)f->width - x - (int32_t)n;
        if (f->rotation == DE_ROT_180) {
            y = (int32_t)f->height - 1 - y;
        }
        viv_read_row(s, f, x, y, n, out);
        reverse(out, n);
        return;
    case DE_ROT_90:
    case DE_ROT_270:
        if (!b->strip_rows || y < b->strip_y ||
            y - b->strip_y >= (int32_t)b->strip_rows) {
            read_strip(s, b, x, b->mirror_y ? y - (int32_t)rows + 1 : y, n,
                       rows);
        }
        memcpy(out, b->strip + (size_t)(y - b->strip_y) * n, n * sizeof(*out));
        return;
    case DE_ROT_FLIP_Y:
        y = (int32_t)f->height - 1 - y;
        break;
    }
    viv_read_row(s, f, x, y, n, out);
}

static void read_src(VivanteGPUState *s, VivBlit *b, const VivRect *r,
                     int32_t y)
{
    unsigned n = r->x1 - r->x0;
    int32_t i = r->x0 - r->left, j = y - r->top;

    if (b->mirror_x) {
        i = r->width - i - (int32_t)n;
    }
    if (b->mirror_y) {
        j = r->height - 1 - j;
    }
    read_rotated(s, b, i + b->origin_x + (b->relative ? r->left : 0),
                 j + b->origin_y + (b->relative ? r->top : 0), n,
                 r->y1 - 1 - y, s->pe.src);
    if (b->mirror_x) {
        reverse(s->pe.src, n);
    }
}

static uint32_t stretched(uint32_t i, uint32_t factor, uint32_t size)
{
    return MIN(((uint64_t)i * factor) >> 16, size - 1);
}

/* Nearest pixel: a stretch blit only looks at the integer part. */
static void read_stretched(VivanteGPUState *s, VivBlit *b, const VivRect *r,
                           int32_t y)
{
    unsigned n = r->x1 - r->x0;
    uint32_t i0 = r->x0 - r->left, j = y - r->top;
    uint32_t first, last;

    if (b->mirror_x) {
        i0 = r->width - i0 - n;
    }
    if (b->mirror_y) {
        j = r->height - 1 - j;
    }
    if (b->src.rotation == DE_ROT_90 || b->src.rotation == DE_ROT_270) {
        unimplemented("stretch blit from a surface on its side");
    }
    first = stretched(i0, b->factor_x, b->src_width);
    last = stretched(i0 + n - 1, b->factor_x, b->src_width);
    /* dst is free: the destination is read after the source */
    read_rotated(s, b, b->origin_x + (int32_t)first, b->origin_y +
                 (int32_t)stretched(j, b->factor_y, b->src_height),
                 last - first + 1, 0, s->pe.dst);
    for (unsigned i = 0; i < n; i++) {
        s->pe.src[i] = s->pe.dst[stretched(i0 + i, b->factor_x,
                                           b->src_width) - first];
    }
    if (b->mirror_x) {
        reverse(s->pe.src, n);
    }
}

static void apply_rop(VivanteGPUState *s, const VivBlit *b, unsigned n)
{
    viv_rop_row(b->rop, s->pe.src, s->pe.dst, b->pattern, s->pe.out, n);
    for (unsigned i = 0; b->keyed && i < n; i++) {
        if (((s->pe.src[i] ^ b->key) & 0xffffff) == 0) {
            viv_rop_row(b->rop_bg, s->pe.src + i, s->pe.dst + i, b->pattern,
                        s->pe.out + i, 1);
        }
    }
}

/* Row @row of what the clip has left of @r */
void viv_blit_row(VivanteGPUState *s, VivBlit *b, const VivRect *r,
                  unsigned row)
{
    unsigned n = r->x1 - r->x0;
    int32_t y = r->y0 + row;

    if (b->reads_src && b->command == DE_STRETCH_BLT) {
        read_stretched(s, b, r, y);
    } else if (b->reads_src) {
        read_src(s, b, r, y);
    }
    if (b->reads_dst) {
        viv_read_row(s, &b->dst, r->x0, y, n, s->pe.dst);
    }
    if (b->command == DE_CLEAR) {
        for (unsigned i = 0; i < n; i++) {
            s->pe.out[i] = b->clear;
        }
    } else if (b->alpha) {
        viv_blend_row(&b->blend, s->pe.src, s->pe.dst, s->pe.out, n);
    } else {
        apply_rop(s, b, n);
    }
    viv_write_row(s, &b->dst, r->x0, y, n, s->pe.out);
    viv_tap_row(s, y - r->top, r->height, s->pe.out, n);
}
