/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: the source's part of a row of the destination.
 *
 * Rotation turns the coordinates of a surface, mirroring those within the
 * rectangle (rnndb, DE_ROT_ANGLE and DE_CONFIG). A row of a destination that
 * is turned itself is a column of the drawing, so what is asked for here is
 * always a straight line of the source, along a row or a column of it.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "vivante.h"

/* Columns that are read together */
#define STRIP       64

/* The rotation of xf86-video-armada: (x, y) is at (width - 1 - y, x). */
VivTurn viv_turn(unsigned rotation, uint32_t width, uint32_t height)
{
    int32_t w = width, h = height;

    switch (rotation) {
    case DE_ROT_FLIP_X:
        return (VivTurn) { -1, 0, 0, 1, w - 1, 0 };
    case DE_ROT_FLIP_Y:
        return (VivTurn) { 1, 0, 0, -1, 0, h - 1 };
    case DE_ROT_90:
        return (VivTurn) { 0, -1, 1, 0, w - 1, 0 };
    case DE_ROT_180:
        return (VivTurn) { -1, 0, 0, -1, w - 1, h - 1 };
    case DE_ROT_270:
        return (VivTurn) { 0, 1, -1, 0, 0, h - 1 };
    }
    return (VivTurn) { 1, 0, 0, 1, 0, 0 };
}

static VivPoint turn_to(const VivTurn *t, int32_t x, int32_t y)
{
    return (VivPoint) { t->xx * x + t->xy * y + t->tx,
                        t->yx * x + t->yy * y + t->ty };
}

VivPoint viv_turn_from(const VivTurn *t, int32_t x, int32_t y)
{
    x -= t->tx;
    y -= t->ty;
    return (VivPoint) { t->xx * x + t->yx * y, t->xy * x + t->yy * y };
}

/* A rectangle of the drawing on the surface; right and bottom exclusive */
void viv_turn_rect(const VivTurn *t, int32_t *x0, int32_t *y0, int32_t *x1,
                   int32_t *y1)
{
    VivPoint a = turn_to(t, *x0, *y0), b = turn_to(t, *x1 - 1, *y1 - 1);

    *x0 = MIN(a.x, b.x);
    *y0 = MIN(a.y, b.y);
    *x1 = MAX(a.x, b.x) + 1;
    *y1 = MAX(a.y, b.y) + 1;
}

VivPoint viv_turn_point(const VivTurn *t, int32_t x, int32_t y)
{
    return turn_to(t, x, y);
}

/* Words of the stream that a rectangle's bits fill */
static unsigned pack_width(unsigned pack)
{
    return pack == DE_PACKED8 ? 8 : pack == DE_PACKED16 ? 16 : 32;
}

uint64_t viv_stream_words(unsigned pack, uint32_t width, uint32_t height)
{
    unsigned w = pack_width(pack), lines = 32 / w;

    return (uint64_t)DIV_ROUND_UP(width, w) * DIV_ROUND_UP(height, lines);
}

/*
 * Chunks of 32 bits go down and then to the right; in a chunk, lines one after
 * the other, each from the top bit of its first byte on. That is the order in
 * which the data of etna_viv's attic/test2d/bitblt2d_from_stream.c are a line
 * of text; they are for two rows of chunks 8 pixels wide.
 */
bool viv_stream_bit(const VivBlit *b, uint32_t height, uint32_t i, uint32_t j)
{
    unsigned w = pack_width(b->pack), lines = 32 / w;
    uint64_t chunk = (uint64_t)(i / w) * DIV_ROUND_UP(height, lines) +
                     j / lines;
    unsigned bit = (j % lines) * w + i % w;

    if (chunk >= b->n_stream) {
        return false;
    }
    return b->stream[chunk] >> (bit / 8 * 8 + 7 - bit % 8) & 1;
}

static void reverse(uint32_t *p, unsigned n)
{
    for (unsigned i = 0, j = n; i + 1 < j; i++) {
        uint32_t t = p[i];

        p[i] = p[--j];
        p[j] = t;
    }
}

/* Turn columns [x, x + columns) of the surface, n pixels from y on, to rows */
static void read_strip(VivanteGPUState *s, VivBlit *b, int32_t x, int32_t y,
                       int32_t step, unsigned n, unsigned columns)
{
    uint32_t piece[STRIP];

    b->strip = g_renew(uint32_t, b->strip, (size_t)n * columns);
    b->strip_x = x;
    b->strip_y = y;
    b->strip_n = n;
    b->strip_columns = columns;
    for (unsigned i = 0; i < n; i++, y += step) {
        viv_read_row(s, &b->src, x, y, columns, piece);
        for (unsigned k = 0; k < columns; k++) {
            b->strip[(size_t)k * n + i] = piece[k];
        }
    }
}

/*
 * @n pixels from @first to @last, one column of the surface; the next lines
 * to be asked for are @ahead ones, @step columns from each other.
 */
static void read_column(VivanteGPUState *s, VivBlit *b, VivPoint first,
                        VivPoint last, unsigned n, unsigned ahead,
                        int32_t step, uint32_t *out)
{
    int32_t x = first.x;
    bool have = b->strip_columns && b->strip_n == n &&
                b->strip_y == first.y && x >= b->strip_x &&
                x - b->strip_x < (int32_t)b->strip_columns;

    if (!have) {
        unsigned columns = step ? MIN(ahead + 1, STRIP) : 1;

        if (step < 0) {
            x -= columns - 1;
        }
        read_strip(s, b, x, first.y, last.y < first.y ? -1 : 1, n, columns);
    }
    memcpy(out, b->strip + (size_t)(first.x - b->strip_x) * n,
           n * sizeof(*out));
}

/* A straight line of the source as its rotation shows it */
static void read_line(VivanteGPUState *s, VivBlit *b, int32_t x, int32_t y,
                      bool along_x, unsigned n, unsigned ahead, int32_t step,
                      uint32_t *out)
{
    const VivTurn *t = &b->src.turn;
    int32_t more = n - 1;
    VivPoint first = turn_to(t, x, y);
    VivPoint last = turn_to(t, along_x ? x + more : x,
                            along_x ? y : y + more);

    if (along_x ? t->yx : t->yy) {
        read_column(s, b, first, last, n, ahead,
                    step * (along_x ? t->xy : t->xx), out);
        return;
    }
    viv_read_row(s, &b->src, MIN(first.x, last.x), first.y, n, out);
    if (last.x < first.x) {
        reverse(out, n);
    }
}

/* One coordinate, from within the rectangle to within the source's */
static int32_t place(const VivAxis *a, int32_t i)
{
    if (a->mirror) {
        i = a->size - 1 - i;
    }
    if (a->stretch) {
        i = MIN(((uint64_t)(uint32_t)i * a->factor) >> 16, a->limit);
    }
    return i;
}

/* Nearest pixel: a stretch blit only looks at the integer part. */
static void spread(const VivAxis *a, int32_t i, int32_t step, int32_t low,
                   const uint32_t *line, uint32_t *out, unsigned n)
{
    for (unsigned k = 0; k < n; k++, i += step) {
        out[k] = line[place(a, i) - low];
    }
}

static VivAxis axis_of(const VivBlit *b, const VivRect *r, bool x)
{
    return (VivAxis) {
        .size = x ? r->width : r->height,
        .mirror = x ? b->mirror_x : b->mirror_y,
        .stretch = b->command == DE_STRETCH_BLT,
        .factor = x ? b->factor_x : b->factor_y,
        .limit = (x ? b->src_width : b->src_height) - 1,
    };
}

static void stream_bits(const VivBlit *b, const VivRect *r, VivPoint at,
                        uint32_t *out, unsigned n)
{
    const VivTurn *d = &b->dst.turn;

    for (unsigned k = 0; k < n; k++, at.x += d->xx, at.y += d->xy) {
        int32_t i = b->mirror_x ? r->width - 1 - at.x : at.x;
        int32_t j = b->mirror_y ? r->height - 1 - at.y : at.y;

        out[k] = viv_stream_bit(b, r->height, i, j);
    }
}

/* Which pixels the stream's mask leaves transparent: its zeros */
void viv_read_mask(const VivBlit *b, const VivRect *r, int32_t y,
                   uint32_t *out, unsigned n)
{
    VivPoint at = viv_turn_from(&b->dst.turn, r->x0, y);

    at.x -= r->left;
    at.y -= r->top;
    stream_bits(b, r, at, out, n);
}

/* What stands in the source for row @y of the destination, into pe.src */
void viv_read_source(VivanteGPUState *s, VivBlit *b, const VivRect *r,
                     int32_t y)
{
    const VivTurn *d = &b->dst.turn;
    VivPoint at = viv_turn_from(d, r->x0, y);
    unsigned n = r->x1 - r->x0, ahead = r->y1 - 1 - y;
    bool along_x = d->xx != 0;
    int32_t step = along_x ? d->xx : d->xy, over = along_x ? d->yy : d->yx;
    VivAxis along = axis_of(b, r, along_x), across = axis_of(b, r, !along_x);
    int32_t i, j, first, last, low, x, y0;

    at.x -= r->left;
    at.y -= r->top;
    if (b->mono && b->from_stream) {
        stream_bits(b, r, at, s->pe.src, n);
        return;
    }
    i = along_x ? at.x : at.y;
    j = place(&across, along_x ? at.y : at.x);
    first = place(&along, i);
    last = place(&along, i + step * (int32_t)(n - 1));
    low = MIN(first, last);
    x = (along_x ? low : j) + b->origin_x + (b->relative ? r->left : 0);
    y0 = (along_x ? j : low) + b->origin_y + (b->relative ? r->top : 0);
    if (across.mirror) {
        over = -over;
    }
    if (along.stretch) {
        /* dst is free: the destination is read after the source */
        read_line(s, b, x, y0, along_x, MAX(first, last) - low + 1, 0, 0,
                  s->pe.dst);
        spread(&along, i, step, low, s->pe.dst, s->pe.src, n);
        return;
    }
    read_line(s, b, x, y0, along_x, n, ahead, over, s->pe.src);
    if (last < first) {
        reverse(s->pe.src, n);
    }
}
