/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 3D cores: the resolve engine (RS), which copies, converts, tiles,
 * scales down by two and fills, and the YUV tiler that it drives.
 *
 * States after rnndb (state_3d.xml); what is programmed for a job of two
 * pixel pipes is seen in Mesa's etnaviv_rs.c: each does a window of the same
 * size at its own offset, and both have the address of the first pipe unless
 * the surface is multi-tiled. Widths that are no multiple of 16 hang the core
 * (same place); of heights see etna_viv's doc/hardware.md, "Resolve".
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "vivante.h"
#include "tile.h"

#define PIPES           2
#define LINES           4       /* written together */

struct VivResolve {
    VivTiling src, dst;
    VivTileStatus ts;
    VivSurface from, to;        /* formats */
    bool fill, same, swap_rb, flip;
    bool half_x, half_y;
    unsigned mode;
    uint16_t bits;
    uint32_t value[4];
    uint8_t endian;
    uint32_t width, height;     /* of a pipe's window, in source samples */
    uint32_t x[PIPES], y[PIPES];
    /* The tiler */
    bool yuv, planar, uv_swap;
    uint32_t plane[3], plane_stride[3];
    uint8_t *raw, *out, *buffer;
    uint32_t *argb;
};

static bool wrong(VivanteGPUState *s, const char *what, uint32_t value)
{
    qemu_log_mask(LOG_GUEST_ERROR, "%s: resolve: %s 0x%x\n", s->core->name,
                  what, value);
    return false;
}

bool viv_resolve_is_yuv(const VivJob *job)
{
    return FIELD_EX32(VIV_RS(job, YUV_CONFIG), YUV_CONFIG, ENABLE);
}

static bool fills(const VivJob *job)
{
    return FIELD_EX32(VIV_RS(job, RS_CLEAR_CONTROL), RS_CLEAR_CONTROL, MODE);
}

static uint32_t size_of(const VivJob *job)
{
    return viv_resolve_is_yuv(job) ? VIV_RS(job, YUV_WINDOW_SIZE) :
                                     VIV_RS(job, RS_WINDOW_SIZE);
}

/* Does anything come of it? */
bool viv_resolve_check(VivanteGPUState *s, const VivJob *job)
{
    uint32_t config = VIV_RS(job, RS_CONFIG), size = size_of(job);
    unsigned src = FIELD_EX32(config, RS_CONFIG, SOURCE_FORMAT);
    unsigned dst = FIELD_EX32(config, RS_CONFIG, DEST_FORMAT);

    if (!(size & 0xffff) || !(size >> 16)) {
        return wrong(s, "window of", size);
    }
    if (viv_resolve_is_yuv(job)) {
        unsigned format = FIELD_EX32(VIV_RS(job, YUV_CONFIG), YUV_CONFIG,
                                     SOURCE_FORMAT);

        return format <= YUV_NV12 || wrong(s, "YUV format", format);
    }
    if (src > DE_FORMAT_A8R8G8B8 || (!fills(job) && dst > DE_FORMAT_A8R8G8B8)) {
        return wrong(s, "formats", config);
    }
    return true;
}

/*
 * Sizes that silicon does not survive. Rows by fours: into tiles, and from
 * linear to linear; out of tiles any number will do.
 */
bool viv_resolve_hangs(const VivJob *job)
{
    uint32_t config = VIV_RS(job, RS_CONFIG), size = size_of(job);
    bool to_tiles = FIELD_EX32(config, RS_CONFIG, DEST_TILED);
    bool from_tiles = FIELD_EX32(config, RS_CONFIG, SOURCE_TILED);
    bool by_fours = to_tiles || (!fills(job) && !from_tiles);
    uint32_t rows = !fills(job) &&
                    FIELD_EX32(config, RS_CONFIG, DOWNSAMPLE_Y) ? 8 : 4;

    if (viv_resolve_is_yuv(job)) {
        return size & 1;
    }
    return (size & 15) || (by_fours && (size >> 16) % rows);
}

static void decode_surface(VivTiling *t, bool tiled, uint32_t stride,
                           const uint32_t *base)
{
    t->tiled = tiled;
    t->super = tiled && (stride & R_RS_SOURCE_STRIDE_TILING_MASK);
    t->multi = tiled && (stride & R_RS_SOURCE_STRIDE_MULTI_MASK);
    t->stride = stride & R_RS_SOURCE_STRIDE_STRIDE_MASK;
    t->base[0] = base[0];
    t->base[1] = t->multi ? base[1] : base[0];
}

static void decode_copy(const VivJob *job, VivResolve *r)
{
    uint32_t config = VIV_RS(job, RS_CONFIG);
    uint32_t clear = VIV_RS(job, RS_CLEAR_CONTROL);

    r->from.format = FIELD_EX32(config, RS_CONFIG, SOURCE_FORMAT);
    r->to.format = fills(job) ? r->from.format :
                   FIELD_EX32(config, RS_CONFIG, DEST_FORMAT);
    r->src.bpp = viv_format_bytes(r->from.format);
    r->dst.bpp = viv_format_bytes(r->to.format);
    decode_surface(&r->src, FIELD_EX32(config, RS_CONFIG, SOURCE_TILED),
                   VIV_RS(job, RS_SOURCE_STRIDE),
                   &VIV_RS(job, RS_PIPE_SOURCE_ADDR));
    decode_surface(&r->dst, FIELD_EX32(config, RS_CONFIG, DEST_TILED),
                   VIV_RS(job, RS_DEST_STRIDE),
                   &VIV_RS(job, RS_PIPE_DEST_ADDR));
    r->swap_rb = FIELD_EX32(config, RS_CONFIG, SWAP_RB);
    r->flip = FIELD_EX32(config, RS_CONFIG, FLIP);
    r->half_x = FIELD_EX32(config, RS_CONFIG, DOWNSAMPLE_X);
    r->half_y = FIELD_EX32(config, RS_CONFIG, DOWNSAMPLE_Y);
    r->same = r->from.format == r->to.format && !r->swap_rb && !r->half_x &&
              !r->half_y;
    r->to.dither = ~((uint64_t)(&VIV_RS(job, RS_DITHER))[1] << 32 |
                     VIV_RS(job, RS_DITHER));
    r->endian = FIELD_EX32(VIV_RS(job, RS_EXTRA_CONFIG), RS_EXTRA_CONFIG,
                           ENDIAN);
    r->fill = fills(job);
    r->mode = FIELD_EX32(clear, RS_CLEAR_CONTROL, MODE);
    r->bits = FIELD_EX32(clear, RS_CLEAR_CONTROL, BITS);
    memcpy(r->value, &VIV_RS(job, RS_FILL_VALUE), sizeof(r->value));
    r->ts = (VivTileStatus) {
        .on = FIELD_EX32(VIV_RS(job, TS_MEM_CONFIG), TS_MEM_CONFIG,
                         COLOR_FAST_CLEAR),
        .status = VIV_RS(job, TS_COLOR_STATUS_BASE),
        .surface = VIV_RS(job, TS_COLOR_SURFACE_BASE),
        .clear = VIV_RS(job, TS_COLOR_CLEAR_VALUE),
    };
}

/* The tiler's target is tiled, its stride that of a row of pixels. */
static void decode_yuv(const VivJob *job, VivResolve *r)
{
    uint32_t config = VIV_RS(job, YUV_CONFIG);

    r->yuv = true;
    r->planar = FIELD_EX32(config, YUV_CONFIG, SOURCE_FORMAT) == YUV_PLANAR;
    r->uv_swap = FIELD_EX32(config, YUV_CONFIG, UV_SWAP);
    for (unsigned i = 0; i < 3; i++) {
        r->plane[i] = (&VIV_RS(job, YUV_Y_BASE))[2 * i];
        r->plane_stride[i] = (&VIV_RS(job, YUV_Y_BASE))[2 * i + 1] &
                             R_RS_SOURCE_STRIDE_STRIDE_MASK;
    }
    r->dst.tiled = true;
    r->dst.bpp = 2;
    r->dst.base[0] = r->dst.base[1] = VIV_RS(job, YUV_DEST_BASE);
    r->dst.stride = LINES * (VIV_RS(job, YUV_DEST_STRIDE) &
                             R_RS_SOURCE_STRIDE_STRIDE_MASK);
}

VivResolve *viv_resolve_new(const VivJob *job)
{
    VivResolve *r = g_new0(VivResolve, 1);
    uint32_t size = size_of(job);
    size_t n;

    r->width = size & 0xffff;
    r->height = size >> 16;
    if (viv_resolve_is_yuv(job)) {
        decode_yuv(job, r);
    } else {
        decode_copy(job, r);
        for (unsigned i = 0; i < PIPES; i++) {
            uint32_t offset = (&VIV_RS(job, RS_PIPE_OFFSET))[i];

            r->x[i] = offset & 0xffff;
            r->y[i] = offset >> 16;
        }
    }
    n = ROUND_UP(r->width, 16);
    r->raw = g_malloc(2 * LINES * n * 4);
    r->out = g_malloc0(LINES * n * 4);
    r->buffer = g_malloc(LINES * n * 4);
    r->argb = g_new(uint32_t, 2 * n);
    r->src.buffer = r->dst.buffer = r->buffer;
    return r;
}

void viv_resolve_free(VivResolve *r)
{
    g_free(r->raw);
    g_free(r->out);
    g_free(r->buffer);
    g_free(r->argb);
    g_free(r);
}

/* With the same offset twice, both pipes do the same. */
unsigned viv_resolve_windows(const VivJob *job)
{
    const uint32_t *offset = &VIV_RS(job, RS_PIPE_OFFSET);

    return viv_resolve_is_yuv(job) || offset[0] == offset[1] ? 1 : PIPES;
}

/* A pipe's window: rows are those that are written together. */
VivRect viv_resolve_rect(const VivJob *job)
{
    uint32_t size = size_of(job), config = VIV_RS(job, RS_CONFIG);
    uint32_t lines = size >> 16;
    VivRect rect = { .x1 = size & 0xffff };

    if (!viv_resolve_is_yuv(job) && !fills(job)) {
        lines >>= FIELD_EX32(config, RS_CONFIG, DOWNSAMPLE_Y);
    }
    rect.y1 = DIV_ROUND_UP(lines, LINES);
    return rect;
}

static uint32_t mean(uint32_t a, uint32_t b)
{
    return ((a & 0xff00ff) + (b & 0xff00ff) + 0x10001) >> 1 & 0xff00ff;
}

static uint32_t mean_argb(uint32_t a, uint32_t b)
{
    return mean(a, b) | mean(a >> 8, b >> 8) << 8;
}

/* One line of the target out of one or two of the source, as A8R8G8B8 */
static void convert_line(const VivResolve *r, unsigned line)
{
    size_t pitch = (size_t)r->width * r->src.bpp;
    const uint8_t *raw = r->raw + (line << r->half_y) * pitch;
    uint32_t *p = r->argb, *q = r->argb + r->width;
    unsigned n = r->width >> r->half_x;

    viv_unpack_raw(&r->from, raw, r->width, p);
    if (r->half_y) {
        viv_unpack_raw(&r->from, raw + pitch, r->width, q);
        for (unsigned i = 0; i < r->width; i++) {
            p[i] = mean_argb(p[i], q[i]);
        }
    }
    for (unsigned i = 0; r->half_x && i < n; i++) {
        p[i] = mean_argb(p[2 * i], p[2 * i + 1]);
    }
    for (unsigned i = 0; r->swap_rb && i < n; i++) {
        p[i] = (p[i] & 0xff00ff00) | (p[i] & 0xff) << 16 |
               (p[i] >> 16 & 0xff);
    }
}

/* Which bits of a 32-bit word the fill writes: one of BITS for a channel */
static uint32_t channel_mask(const VivResolve *r, unsigned group)
{
    unsigned bits = r->bits >> 4 * group & 15;

    return viv_channel_mask(&r->to, bits);
}

/* Vertical stripes of a tile's width, or all the same */
static void fill_lines(const VivResolve *r, unsigned lines)
{
    unsigned words = r->width * r->dst.bpp / 4;
    uint32_t mask[4];

    for (unsigned i = 0; i < 4; i++) {
        mask[i] = channel_mask(r, r->mode == 1 ? 0 : i);
    }
    for (unsigned j = 0; j < lines; j++) {
        uint8_t *p = r->out + j * (size_t)words * 4;

        for (unsigned i = 0; i < words; i++, p += 4) {
            unsigned stripe = r->mode == 1 ? 0 :
                              i * 4 / r->dst.bpp / 4 % 4;

            stl_le_p(p, (ldl_le_p(p) & ~mask[stripe]) |
                        (r->value[stripe] & mask[stripe]));
        }
    }
}

static bool fills_whole(const VivResolve *r)
{
    for (unsigned i = 0; i < (r->mode == 1 ? 1 : 4); i++) {
        if (channel_mask(r, i) != UINT32_MAX) {
            return false;
        }
    }
    return true;
}

static void tap(VivanteGPUState *s, const VivResolve *r, unsigned y,
                unsigned lines, unsigned rows, unsigned n)
{
    for (unsigned j = 0; !r->dst.tiled && j < lines; j++) {
        if (imx6_dma_tap_wants(y + j, rows)) {
            viv_unpack_raw(&r->to, r->out + (size_t)j * n * r->dst.bpp, n,
                           r->argb);
            viv_tap_row(s, y + j, rows, r->argb, n);
        }
    }
}

/* False: the tile status makes no sense. */
static bool copy_lines(VivanteGPUState *s, VivResolve *r, uint32_t x,
                       uint32_t y, unsigned lines)
{
    unsigned n = r->width >> r->half_x;
    size_t pitch = (size_t)n * r->dst.bpp;

    if (!viv_read_block(s, &r->src, &r->ts, x, y, r->width,
                        lines << r->half_y, r->raw)) {
        return false;
    }
    for (unsigned j = 0; j < lines; j++) {
        uint8_t *out = r->out + (r->flip ? lines - 1 - j : j) * pitch;

        if (r->same) {
            memcpy(out, r->raw + j * pitch, pitch);
            continue;
        }
        convert_line(r, j);
        viv_pack_raw(s, &r->to, x >> r->half_x, (y >> r->half_y) + j, n,
                     r->argb, out);
    }
    return true;
}

static void yuv_lines(VivanteGPUState *s, VivResolve *r, uint32_t y,
                      unsigned lines)
{
    unsigned n = ROUND_UP(r->width, LINES), pairs = r->width / 2;
    uint8_t *luma = r->raw, *u = luma + n, *v = u + n;

    memset(r->out, 0, LINES * n * 2);
    for (unsigned j = 0; j < lines; j++) {
        uint32_t line = y + j, half = line / 2;
        uint8_t *out = r->out + (size_t)j * n * 2;

        viv_read(s, VIV_PE, r->plane[0] + line * r->plane_stride[0], luma,
                 r->width);
        viv_read(s, VIV_PE, r->plane[1] + half * r->plane_stride[1], u,
                 r->planar ? pairs : 2 * pairs);
        if (r->planar) {
            viv_read(s, VIV_PE, r->plane[2] + half * r->plane_stride[2], v,
                     pairs);
        }
        for (unsigned i = 0; i < pairs; i++) {
            uint8_t cb = r->planar ? u[i] : u[2 * i];
            uint8_t cr = r->planar ? v[i] : u[2 * i + 1];

            out[4 * i] = luma[2 * i];
            out[4 * i + 1] = r->uv_swap ? cr : cb;
            out[4 * i + 2] = luma[2 * i + 1];
            out[4 * i + 3] = r->uv_swap ? cb : cr;
        }
    }
    viv_write_block(s, &r->dst, 0, y, n, LINES, r->out);
}

/* Lines @row * 4 to + 3 of a window; false: the pipe hangs */
bool viv_resolve_row(VivanteGPUState *s, VivResolve *r, unsigned window,
                     unsigned row)
{
    bool half_y = r->half_y && !r->fill, half_x = r->half_x && !r->fill;
    uint32_t all = r->height >> half_y, j = row * LINES, to;
    unsigned lines = MIN(LINES, all - j), n = r->width >> half_x;
    uint32_t x = r->x[window], y = r->y[window];

    if (r->yuv) {
        yuv_lines(s, r, j, MIN(LINES, r->height - j));
        return true;
    }
    to = (y >> half_y) + (r->flip && !r->fill ? all - j - lines : j);
    if (r->fill) {
        if (!fills_whole(r)) {
            viv_read_block(s, &r->dst, &(VivTileStatus) { }, x, to, n, lines,
                           r->out);
        }
        fill_lines(r, lines);
    } else if (!copy_lines(s, r, x, y + (j << half_y), lines)) {
        return false;
    }
    tap(s, r, to, lines, MAX(r->y[0], r->y[1]) + r->height, n);
    if (r->endian) {
        viv_swap_bytes(r->out, (size_t)lines * n * r->dst.bpp, r->endian);
    }
    viv_write_block(s, &r->dst, x >> half_x, to, n, lines, r->out);
    return true;
}
