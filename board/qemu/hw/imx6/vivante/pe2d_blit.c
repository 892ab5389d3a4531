/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: clear, line, bit blit and stretch blit, row by row.
 *
 * States after rnndb (state_2d.xml and doc/2d.md of etna_viv) and the
 * register comments in TI's gcx driver (gcreg.h, GPL). The direction of the
 * 90 degree rotation is xf86-video-armada's; the others follow from which of
 * the surface's width and height the documentation says they need.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "vivante.h"

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

    if (FIELD_EX32(config, DE_SRC_CONFIG, TILED)) {
        wrong("no 2D_TILING, source taken as linear:", 1);
    }
    if (format != DE_FORMAT_MONOCHROME && !viv_format_bytes(format)) {
        /* YUV in a bit blit came with 2D_TILING, not in 5.0.0.7 */
        return wrong("no bit blit from format", format);
    }
    return true;
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
    case DE_LINE:
    case DE_BIT_BLT:
    case DE_STRETCH_BLT:
        break;
    default:
        return wrong("DRAW_2D does not do command", command);
    }
    if (viv_format_bytes(format) < 2) {
        return wrong("cannot draw to format", format);
    }
    if (FIELD_EX32(config, DE_DEST_CONFIG, TILED)) {
        wrong("no 2D_TILING, destination taken as linear:", 1);
    }
    if (FIELD_EX32(config, DE_DEST_CONFIG, GDI_STRE)) {
        unimplemented("GDI stretch blit");
    }
    viv_blit_decode(job, &b);
    ok = !b.reads_src || command == DE_LINE || check_source(job);
    viv_blit_done(&b);
    return ok;
}

/* Does the stream hold fewer bits than rectangle @n asks for? */
bool viv_blit_starves(const VivJob *job)
{
    VivBlit b;
    bool starves = false;

    viv_blit_decode(job, &b);
    for (unsigned i = 0; i < job->n_rects && b.from_stream; i++) {
        VivRect r = viv_blit_rect(job, i);

        starves |= r.x1 > r.x0 &&
                   viv_stream_words(b.pack, r.width, r.height) > b.n_stream;
    }
    viv_blit_done(&b);
    return starves;
}

static unsigned rotation(uint32_t angle, uint32_t config)
{
    if (angle == DE_ROT_0 &&
        FIELD_EX32(config, DE_SRC_ROTATION_CONFIG, ROTATION)) {
        return DE_ROT_90;
    }
    return angle;
}

static void decode_src(const VivJob *job, VivBlit *b)
{
    uint32_t config = VIV_DE(job, DE_SRC_CONFIG);
    uint32_t size = VIV_DE(job, DE_SRC_ROTATION_CONFIG);
    uint32_t angle = FIELD_EX32(VIV_DE(job, DE_ROT_ANGLE), DE_ROT_ANGLE, SRC);
    VivSurface *f = &b->src;

    f->addr = VIV_DE(job, DE_SRC_ADDRESS) & ~3u;
    f->stride = FIELD_EX32(VIV_DE(job, DE_SRC_STRIDE), DE_SRC_STRIDE, STRIDE);
    f->format = FIELD_EX32(config, DE_SRC_CONFIG, SOURCE_FORMAT);
    f->swizzle = FIELD_EX32(config, DE_SRC_CONFIG, SWIZZLE);
    f->endian = FIELD_EX32(config, DE_SRC_CONFIG, ENDIAN_CONTROL);
    f->turn = viv_turn(rotation(angle, size),
                       FIELD_EX32(size, DE_SRC_ROTATION_CONFIG, WIDTH),
                       VIV_DE(job, DE_SRC_ROTATION_HEIGHT) & 0xffff);
    f->a8_color = VIV_DE(job, DE_GLOBAL_SRC_COLOR);
    /* An index stays one until its key has been looked at. */
    b->palette = f->format == DE_FORMAT_INDEX8 ? job->palette : NULL;
    b->mono = f->format == DE_FORMAT_MONOCHROME;
    b->from_stream = FIELD_EX32(config, DE_SRC_CONFIG, LOCATION);
    b->pack = FIELD_EX32(config, DE_SRC_CONFIG, PACK);
    b->stream = job->stream;
    b->n_stream = job->n_stream;
    b->mono_fg = VIV_DE(job, DE_SRC_COLOR_FG);
    b->mono_bg = VIV_DE(job, DE_SRC_COLOR_BG);
    b->mono_key = FIELD_EX32(config, DE_SRC_CONFIG, MONO_TRANSPARENCY);
}

static VivTurn dst_turn(const VivJob *job)
{
    uint32_t config = VIV_DE(job, DE_DEST_ROTATION_CONFIG);
    uint32_t angle = FIELD_EX32(VIV_DE(job, DE_ROT_ANGLE), DE_ROT_ANGLE, DST);

    return viv_turn(rotation(angle, config),
                    FIELD_EX32(config, DE_SRC_ROTATION_CONFIG, WIDTH),
                    VIV_DE(job, DE_DEST_ROTATION_HEIGHT) & 0xffff);
}

static void decode_dst(const VivJob *job, VivSurface *f)
{
    uint32_t config = VIV_DE(job, DE_DEST_CONFIG);

    f->addr = VIV_DE(job, DE_DEST_ADDRESS) & ~3u;
    f->stride = FIELD_EX32(VIV_DE(job, DE_DEST_STRIDE), DE_SRC_STRIDE,
                           STRIDE);
    f->format = FIELD_EX32(config, DE_DEST_CONFIG, FORMAT);
    f->swizzle = FIELD_EX32(config, DE_DEST_CONFIG, SWIZZLE);
    f->endian = FIELD_EX32(config, DE_DEST_CONFIG, ENDIAN_CONTROL);
    f->turn = dst_turn(job);
    f->dither = viv_dither(job);
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

static bool override(unsigned how, bool used)
{
    return how == DE_USE_ENABLE || (used && how != DE_USE_DISABLE);
}

/* What the ROP codes, the keys and blending need, unless it is overridden */
static void decode_usage(const VivJob *job, VivBlit *b)
{
    uint32_t t = VIV_DE(job, DE_PE_TRANSPARENCY);
    bool two = b->transparent && b->rop_bg != b->rop;

    b->reads_src = b->alpha || viv_rop_uses_src(b->rop) ||
                   (two && viv_rop_uses_src(b->rop_bg)) ||
                   (two && b->src_mode == DE_KEY);
    b->reads_dst = b->alpha || viv_rop_uses_dst(b->rop) ||
                   (two && viv_rop_uses_dst(b->rop_bg)) ||
                   (two && b->dst_mode == DE_KEY);
    b->reads_pat = viv_rop_uses_pattern(b->rop) ||
                   (two && viv_rop_uses_pattern(b->rop_bg)) ||
                   (two && b->pat_mode == DE_MASK);
    b->reads_src = override(FIELD_EX32(t, DE_PE_TRANSPARENCY, USE_SRC),
                            b->reads_src);
    b->reads_dst = override(FIELD_EX32(t, DE_PE_TRANSPARENCY, USE_DST),
                            b->reads_dst);
    b->reads_pat = override(FIELD_EX32(t, DE_PE_TRANSPARENCY, USE_PAT),
                            b->reads_pat);
}

static void decode_keys(const VivJob *job, VivBlit *b)
{
    uint32_t t = VIV_DE(job, DE_PE_TRANSPARENCY);

    b->src_mode = b->command == DE_LINE ? DE_OPAQUE :
                  FIELD_EX32(t, DE_PE_TRANSPARENCY, SOURCE);
    b->pat_mode = FIELD_EX32(t, DE_PE_TRANSPARENCY, PATTERN);
    b->dst_mode = FIELD_EX32(t, DE_PE_TRANSPARENCY, DESTINATION);
    b->transparent = b->src_mode == DE_KEY || b->dst_mode == DE_KEY ||
                     b->pat_mode == DE_MASK ||
                     (b->src_mode == DE_MASK && b->from_stream);
    b->src_key[0] = viv_unpack_pixel(&b->src, VIV_DE(job, DE_SRC_COLOR_BG));
    b->src_key[1] = viv_unpack_pixel(&b->src,
                                     VIV_DE(job, DE_SRC_COLOR_KEY_HIGH));
    b->dst_key[0] = viv_unpack_pixel(&b->dst, VIV_DE(job, DE_DEST_COLOR_KEY));
    b->dst_key[1] = viv_unpack_pixel(&b->dst,
                                     VIV_DE(job, DE_DEST_COLOR_KEY_HIGH));
}

static void decode_ops(const VivJob *job, VivBlit *b)
{
    uint32_t rop = VIV_DE(job, DE_ROP);
    unsigned type = FIELD_EX32(rop, DE_ROP, TYPE);

    if (b->command == DE_CLEAR) {
        return;                 /* the ROP has no part in it */
    }
    b->rop = viv_rop3(type, FIELD_EX32(rop, DE_ROP, ROP_FG));
    b->rop_bg = viv_rop3_bg(type, rop);
    b->alpha = FIELD_EX32(VIV_DE(job, DE_ALPHA_CONTROL), DE_ALPHA_CONTROL,
                          ENABLE);
    if (b->alpha) {
        b->blend = viv_blend_decode(job->de);
    }
    decode_keys(job, b);
    decode_usage(job, b);
    if (b->reads_pat) {
        viv_pattern_decode(job, &b->pattern);
    }
}

void viv_blit_decode(const VivJob *job, VivBlit *b)
{
    uint32_t origin = VIV_DE(job, DE_SRC_ORIGIN);
    uint32_t size = VIV_DE(job, DE_SRC_SIZE);

    memset(b, 0, sizeof(*b));
    b->command = FIELD_EX32(VIV_DE(job, DE_DEST_CONFIG), DE_DEST_CONFIG,
                            COMMAND);
    decode_src(job, b);
    decode_dst(job, &b->dst);
    decode_mirror(job, b);
    if (b->command == DE_LINE) {
        b->mono = false;        /* its source is one colour */
        b->palette = NULL;
        b->from_stream = false;
    }
    decode_ops(job, b);
    /* A masked blit has its mask in the stream, and its source in memory. */
    b->from_stream &= b->reads_src && (b->mono || b->src_mode == DE_MASK);
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
}

void viv_blit_done(VivBlit *b)
{
    g_clear_pointer(&b->strip, g_free);
}

/* What a line can touch: its end points with all between them */
static void line_box(VivRect *r, const VivTurn *t, int32_t bx, int32_t by)
{
    VivPoint a = viv_turn_point(t, r->left, r->top);
    VivPoint b = viv_turn_point(t, bx, by);

    r->ax = a.x;
    r->ay = a.y;
    r->bx = b.x;
    r->by = b.y;
    r->x0 = MAX(r->x0, MIN(a.x, b.x));
    r->y0 = MAX(r->y0, MIN(a.y, b.y));
    r->x1 = MIN(r->x1, MAX(a.x, b.x) + 1);
    r->y1 = MIN(r->y1, MAX(a.y, b.y) + 1);
}

/* A rectangle of the job, and what the clip leaves of it on the surface */
VivRect viv_blit_rect(const VivJob *job, unsigned n)
{
    uint32_t config = VIV_DE(job, DE_DEST_CONFIG);
    uint32_t tl = VIV_DE(job, DE_CLIP_TOP_LEFT) & 0x7fff7fff;
    uint32_t br = VIV_DE(job, DE_CLIP_BOTTOM_RIGHT) & 0x7fff7fff;
    uint32_t from = job->rect[2 * n], to = job->rect[2 * n + 1];
    VivTurn turn = dst_turn(job);
    VivRect r = {
        .left = lo16(from), .top = hi16(from), .x0 = lo16(tl), .y0 = hi16(tl),
        .x1 = lo16(br), .y1 = hi16(br),
    };

    r.line = FIELD_EX32(config, DE_DEST_CONFIG, COMMAND) == DE_LINE;
    r.width = lo16(to) - r.left;
    r.height = hi16(to) - r.top;
    if (!r.line) {
        r.x0 = MAX(r.x0, r.left);
        r.y0 = MAX(r.y0, r.top);
        r.x1 = MIN(r.x1, lo16(to));
        r.y1 = MIN(r.y1, hi16(to));
    }
    if (r.x0 < r.x1 && r.y0 < r.y1) {
        viv_turn_rect(&turn, &r.x0, &r.y0, &r.x1, &r.y1);
        if (r.line) {
            line_box(&r, &turn, lo16(to), hi16(to));
        }
    }
    if (r.x1 <= r.x0 || r.y1 <= r.y0) {
        r.x1 = r.x0;
        r.y1 = r.y0;
    }
    return r;
}

unsigned viv_blit_cycles(const VivBlit *b)
{
    return b->reads_dst ? 2 : 1;
}

static bool within(uint32_t p, const uint32_t *key)
{
    for (unsigned shift = 0; shift < 24; shift += 8) {
        uint32_t c = (p >> shift) & 0xff;

        if (c < ((key[0] >> shift) & 0xff) || c > ((key[1] >> shift) & 0xff)) {
            return false;
        }
    }
    return true;
}

static bool src_is_key(const VivBlit *b, uint32_t p)
{
    if (b->mono) {
        return p == b->mono_key;
    }
    return b->palette ? p >= (b->src_key[0] & 0xff) &&
                        p <= (b->src_key[1] & 0xff) : within(p, b->src_key);
}

/*
 * Which pixels are transparent: they take the background ROP. The source is
 * still in bits or indices; pe.opaque holds the pattern's mask.
 */
static void find_transparent(VivanteGPUState *s, const VivBlit *b,
                             const VivRect *r, int32_t y, unsigned n)
{
    uint8_t *opaque = s->pe.opaque;

    if (b->pat_mode != DE_MASK) {
        memset(opaque, 1, n);
    }
    if (b->src_mode == DE_MASK && b->from_stream && !b->mono) {
        viv_read_mask(b, r, y, s->pe.out, n);
        for (unsigned i = 0; i < n; i++) {
            opaque[i] &= s->pe.out[i];
        }
    }
    for (unsigned i = 0; b->src_mode == DE_KEY && i < n; i++) {
        opaque[i] &= !src_is_key(b, s->pe.src[i]);
    }
    for (unsigned i = 0; b->dst_mode == DE_KEY && i < n; i++) {
        opaque[i] &= !within(s->pe.dst[i], b->dst_key);
    }
}

/* Bits and indices become colours. */
static void color_source(const VivBlit *b, uint32_t *src, unsigned n)
{
    for (unsigned i = 0; b->mono && i < n; i++) {
        src[i] = src[i] ? b->mono_fg : b->mono_bg;
    }
    for (unsigned i = 0; b->palette && i < n; i++) {
        src[i] = b->palette[src[i] & 0xff];
    }
}

static void fill(uint32_t *p, uint32_t color, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        p[i] = color;
    }
}

/* The three inputs of row @y; what is not fetched reads as zero. */
static void fetch_inputs(VivanteGPUState *s, VivBlit *b, const VivRect *r,
                         int32_t y, unsigned n)
{
    if (!b->reads_src) {
        fill(s->pe.src, 0, n);
    } else if (r->line) {
        fill(s->pe.src, b->mono_fg, n);
    } else {
        viv_read_source(s, b, r, y);
    }
    if (b->reads_dst) {
        viv_read_row(s, &b->dst, r->x0, y, n, s->pe.dst);
    }
    if (b->reads_pat) {
        viv_pattern_row(&b->pattern, &b->dst.turn, r->x0, y, s->pe.pat,
                        s->pe.opaque, n);
    }
    if (b->transparent) {
        find_transparent(s, b, r, y, n);
    }
    if (b->reads_src) {
        color_source(b, s->pe.src, n);
    }
}

static void combine(VivanteGPUState *s, const VivBlit *b, unsigned n)
{
    uint32_t *src = s->pe.src, *dst = s->pe.dst, *pat = s->pe.pat;

    if (b->alpha) {
        viv_blend_row(&b->blend, src, dst, s->pe.out, n);
    } else {
        viv_rop_row(b->rop, src, dst, pat, s->pe.out, n);
    }
    if (!b->transparent || (!b->alpha && b->rop == b->rop_bg)) {
        return;
    }
    viv_rop_row(b->rop_bg, src, dst, pat, s->pe.mix, n);
    for (unsigned i = 0; i < n; i++) {
        s->pe.out[i] = s->pe.opaque[i] ? s->pe.out[i] : s->pe.mix[i];
    }
}

/* Row @row of what the clip has left of @r */
void viv_blit_row(VivanteGPUState *s, VivBlit *b, const VivRect *rect,
                  unsigned row)
{
    VivRect r = *rect;
    int32_t y = r.y0 + row, x0, x1;
    unsigned n;

    if (r.line) {
        viv_line_run(r.ax, r.ay, r.bx, r.by, y, &x0, &x1);
        r.x0 = MAX(r.x0, x0);
        r.x1 = MIN(r.x1, x1);
        if (r.x0 >= r.x1) {
            return;
        }
    }
    n = r.x1 - r.x0;
    if (b->command == DE_CLEAR) {
        fill(s->pe.out, b->clear, n);
    } else {
        fetch_inputs(s, b, &r, y, n);
        combine(s, b, n);
    }
    viv_write_row(s, &b->dst, r.x0, y, n, s->pe.out);
    if (b->dst.turn.xx == 1 && b->dst.turn.yy == 1) {
        viv_tap_row(s, y - r.top, r.height, s->pe.out, n);
    }
}
