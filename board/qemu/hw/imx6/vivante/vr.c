/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: filter blit (video rasteriser), one pass at a time.
 *
 * Registers after rnndb (state_2d.xml); IMX6DQRM 31.4.1.6, Filter BLT. The
 * pass filters along one axis with nine taps and steps by whole pixels along
 * the other. How the position picks pixel and coefficients is described in
 * the vendor's own sample (TI's gcx, gcComputeFilterBlit): the integer part
 * is the centre pixel, so that callers add half a pixel to the origin, and
 * the upper five bits of the fraction are the row of the coefficient table.
 * Row r holds the kernel shifted by 1/2 - r/32; rows 17 to 31 are not stored,
 * being rows 15 to 1 backwards. Beyond the source image its edge repeats.
 *
 * YUV to RGB happens when the source is YUV and the target is RGB, whatever
 * the YUVRGB bit says: xf86-video-armada leaves it 0.
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "vivante.h"
#include "vr.h"

#define PHASES          32
#define STORED_ROWS     17

/* Nine rows are needed at a time, and they follow each other. */
#define CACHE_ROWS      16

enum { Y = 0, U = 1, V = 2 };

struct VivFilter {
    VivSurface src, dst;
    VivRect target;
    bool vertical;
    bool src_yuv, dst_yuv;
    bool empty;                 /* the target's kind of YUV does not match */
    bool swap_uv, bt709;
    bool alpha;
    VivBlend blend;
    int32_t left, top, right, bottom;   /* of the source image */
    int32_t x, y;               /* origin, 16.16 */
    uint32_t step;              /* 16.16 */
    unsigned channels;
    int16_t kernel[PHASES][VR_KERNEL];
    /*
     * Source columns [x0, x0 + span), inside the image, as planes of 16 bits
     * whose edges repeat for VR_PAD columns on both sides.
     */
    int32_t x0;
    unsigned span;
    unsigned plane;             /* from one to the next */
    VRColumn *columns;
    int16_t *cache;
    int32_t cached[CACHE_ROWS];
    bool valid[CACHE_ROWS];
    int16_t *result;            /* a row of planes, target's width */
    uint8_t *raw;
};

static bool wrong(const char *what, unsigned value)
{
    qemu_log_mask(LOG_GUEST_ERROR, "gc320: filter blit: %s %u\n", what, value);
    return false;
}

static unsigned src_format(const VivJob *job)
{
    return FIELD_EX32(VIV_DE(job, DE_SRC_CONFIG), DE_SRC_CONFIG,
                      SOURCE_FORMAT);
}

static unsigned dst_format(const VivJob *job)
{
    return FIELD_EX32(VIV_DE(job, DE_DEST_CONFIG), DE_DEST_CONFIG, FORMAT);
}

static bool is_packed_yuv(unsigned format)
{
    return format == DE_FORMAT_YUY2 || format == DE_FORMAT_UYVY;
}

bool viv_filter_check(const VivJob *job)
{
    unsigned src = src_format(job), dst = dst_format(job);
    unsigned command = FIELD_EX32(VIV_DE(job, DE_DEST_CONFIG),
                                  DE_DEST_CONFIG, COMMAND);
    uint32_t low = VIV_DE(job, DE_VR_SOURCE_IMAGE_LOW);
    uint32_t high = VIV_DE(job, DE_VR_SOURCE_IMAGE_HIGH);

    if (command != (job->kind == VIV_JOB_VR_V ? DE_VER_FILTER_BLT :
                                                DE_HOR_FILTER_BLT)) {
        return wrong("pass does not fit command", command);
    }
    if (!viv_format_is_yuv(src) && viv_format_bytes(src) < 2) {
        return wrong("no source format", src);
    }
    if (!is_packed_yuv(dst) && viv_format_bytes(dst) < 2) {
        return wrong("no target format", dst);
    }
    if ((low & 0xffff) >= (high & 0xffff) || low >> 16 >= high >> 16) {
        return wrong("source image ends where it starts, at", low & 0xffff);
    }
    if (FIELD_EX32(VIV_DE(job, DE_ROT_ANGLE), DE_ROT_ANGLE, SRC) ||
        FIELD_EX32(VIV_DE(job, DE_ROT_ANGLE), DE_ROT_ANGLE, DST)) {
        qemu_log_mask(LOG_UNIMP, "gc320: filter blit that turns\n");
    }
    return true;
}

/* The clip does not apply to filter blits. */
VivRect viv_filter_rect(const VivJob *job)
{
    uint32_t low = VIV_DE(job, DE_VR_TARGET_WINDOW_LOW);
    uint32_t high = VIV_DE(job, DE_VR_TARGET_WINDOW_HIGH);
    VivRect r = { .left = low & 0xffff, .top = low >> 16 };

    r.width = MAX((int32_t)(high & 0xffff) - r.left, 0);
    r.height = MAX((int32_t)(high >> 16) - r.top, 0);
    r.x0 = r.left;
    r.y0 = r.top;
    r.x1 = r.left + r.width;
    r.y1 = r.width ? r.top + r.height : r.top;
    return r;
}

static void decode_kernel(const VivJob *job, VivFilter *f)
{
    for (unsigned p = 0; p < PHASES; p++) {
        bool mirrored = p >= STORED_ROWS;
        unsigned row = mirrored ? PHASES - p : p;

        for (unsigned t = 0; t < VR_TAPS; t++) {
            unsigned i = row * VR_TAPS + (mirrored ? VR_TAPS - 1 - t : t);

            f->kernel[p][t] = job->kernel[i / 2] >> (i & 1 ? 16 : 0);
        }
    }
}

static void decode_surfaces(const VivJob *job, VivFilter *f)
{
    uint32_t src = VIV_DE(job, DE_SRC_CONFIG);
    uint32_t dst = VIV_DE(job, DE_DEST_CONFIG);

    f->src = (VivSurface) {
        .addr = VIV_DE(job, DE_SRC_ADDRESS) & ~3u,
        .stride = VIV_DE(job, DE_SRC_STRIDE) & R_DE_SRC_STRIDE_STRIDE_MASK,
        .addr_u = VIV_DE(job, DE_UPLANE_ADDRESS) & ~3u,
        .stride_u = VIV_DE(job, DE_UPLANE_STRIDE) &
                    R_DE_SRC_STRIDE_STRIDE_MASK,
        .addr_v = VIV_DE(job, DE_VPLANE_ADDRESS) & ~3u,
        .stride_v = VIV_DE(job, DE_VPLANE_STRIDE) &
                    R_DE_SRC_STRIDE_STRIDE_MASK,
        .format = src_format(job),
        .swizzle = FIELD_EX32(src, DE_SRC_CONFIG, SWIZZLE),
    };
    f->dst = (VivSurface) {
        .addr = VIV_DE(job, DE_DEST_ADDRESS) & ~3u,
        .stride = VIV_DE(job, DE_DEST_STRIDE) & R_DE_SRC_STRIDE_STRIDE_MASK,
        .format = dst_format(job),
        .swizzle = FIELD_EX32(dst, DE_DEST_CONFIG, SWIZZLE),
        .endian = FIELD_EX32(dst, DE_DEST_CONFIG, ENDIAN_CONTROL),
        .dither = viv_dither(job),
    };
    f->src_yuv = viv_format_is_yuv(f->src.format);
    f->dst_yuv = viv_format_is_yuv(f->dst.format);
    f->channels = f->src_yuv ? 3 : 4;
    /*
     * xf86-video-armada: a YUV target has to be UYVY for a UYVY source and
     * YUY2 for the others, "otherwise the stage1 buffer will be zero filled".
     */
    f->empty = f->dst_yuv &&
               (!f->src_yuv || (f->dst.format == DE_FORMAT_UYVY) !=
                               (f->src.format == DE_FORMAT_UYVY));
    if (f->empty) {
        wrong("target YUV format is not the source's,", f->dst.format);
    }
}

/* The source columns that the pass looks at */
static void decode_span(VivFilter *f)
{
    int64_t first = f->x, last = f->x;
    int64_t n = MAX(f->target.width - 1, 0);

    if (f->vertical) {
        first >>= 16;
        last = first + n;
    } else {
        last += n * f->step;
        first = (first >> 16) - VR_CENTRE;
        last = (last >> 16) + VR_CENTRE;
    }
    first = MAX(MIN(first, f->right - 1), f->left);
    last = MAX(MIN(last, f->right - 1), f->left);
    f->x0 = first;
    f->span = last - first + 1;
    f->plane = f->span + 2 * VR_PAD;
}

/*
 * The horizontal pass looks at the same columns in each row. All taps of a
 * centre far outside see the edge, however far it is.
 */
static void decode_columns(VivFilter *f)
{
    int64_t pos = (int64_t)f->x - ((int64_t)f->x0 << 16);
    int32_t low = -VR_CENTRE, high = (int32_t)f->span - 1 + VR_CENTRE;

    f->columns = g_new(VRColumn, MAX(f->target.width, 1));
    for (int32_t i = 0; i < f->target.width; i++, pos += f->step) {
        f->columns[i].x = MAX(MIN(pos >> 16, high), low);
        f->columns[i].phase = (pos >> 11) & (PHASES - 1);
    }
}

VivFilter *viv_filter_new(const VivJob *job)
{
    VivFilter *f = g_new0(VivFilter, 1);
    uint32_t low = VIV_DE(job, DE_VR_SOURCE_IMAGE_LOW);
    uint32_t high = VIV_DE(job, DE_VR_SOURCE_IMAGE_HIGH);
    uint32_t control = VIV_DE(job, DE_PE_CONTROL);

    f->vertical = job->kind == VIV_JOB_VR_V;
    f->target = viv_filter_rect(job);
    f->left = low & 0xffff;
    f->top = low >> 16;
    f->right = high & 0xffff;
    f->bottom = high >> 16;
    f->x = VIV_DE(job, DE_VR_SOURCE_ORIGIN_LOW);
    f->y = VIV_DE(job, DE_VR_SOURCE_ORIGIN_HIGH);
    f->step = FIELD_EX32(f->vertical ? VIV_DE(job, DE_STRETCH_FACTOR_HIGH) :
                                       VIV_DE(job, DE_STRETCH_FACTOR_LOW),
                         DE_STRETCH_FACTOR, VALUE);
    f->swap_uv = FIELD_EX32(control, DE_PE_CONTROL, UV_SWIZZLE);
    f->bt709 = FIELD_EX32(control, DE_PE_CONTROL, YUV);
    f->alpha = FIELD_EX32(VIV_DE(job, DE_ALPHA_CONTROL), DE_ALPHA_CONTROL,
                          ENABLE);
    f->blend = viv_blend_decode(job->de);
    decode_kernel(job, f);
    decode_surfaces(job, f);
    decode_span(f);
    if (!f->vertical) {
        decode_columns(f);
    }
    f->cache = g_new(int16_t, (size_t)CACHE_ROWS * f->channels * f->plane);
    f->result = g_new0(int16_t, 4 * (size_t)MAX(f->target.width, 1));
    f->raw = g_malloc(4 * ((size_t)f->span + 2));
    return f;
}

void viv_filter_free(VivFilter *f)
{
    g_free(f->columns);
    g_free(f->cache);
    g_free(f->result);
    g_free(f->raw);
    g_free(f);
}

/* Bytes [first, first + n) of row @y of a plane */
static void read_plane(VivanteGPUState *s, VivFilter *f, uint32_t addr,
                       uint32_t stride, int32_t y, uint32_t first, unsigned n)
{
    viv_read(s, VIV_PE, addr + (uint32_t)y * stride + first, f->raw, n);
}

/* From an odd column on, the pair's first half falls into the edge. */
static void load_packed_yuv(VivanteGPUState *s, VivFilter *f, int32_t y,
                            int16_t *row)
{
    unsigned odd = f->x0 & 1, pairs = (f->span + odd + 1) / 2;
    int16_t *first = row - odd;

    read_plane(s, f, f->src.addr, f->src.stride, y, 2 * (f->x0 - odd),
               4 * pairs);
    vr_unpack_yuv(f->raw, f->src.format == DE_FORMAT_UYVY, pairs, first,
                  first + f->plane, first + 2 * f->plane);
}

/* YV12 has two planes of chroma, NV12 and NV16 one with pairs. */
static void load_planar_yuv(VivanteGPUState *s, VivFilter *f, int32_t y,
                            int16_t *row)
{
    unsigned n = f->span, odd = f->x0 & 1;
    unsigned pairs = (n + odd + 1) / 2;
    int16_t *u = row + f->plane - odd, *v = u + f->plane;
    int32_t cy = f->src.format == DE_FORMAT_NV16 ? y : y / 2;

    read_plane(s, f, f->src.addr, f->src.stride, y, f->x0, n);
    for (unsigned i = 0; i < n; i++) {
        row[i] = f->raw[i];
    }
    if (f->src.format != DE_FORMAT_YV12) {
        read_plane(s, f, f->src.addr_u, f->src.stride_u, cy, f->x0 - odd,
                   2 * pairs);
        for (unsigned i = 0; i < pairs; i++) {
            u[2 * i] = u[2 * i + 1] = f->raw[2 * i];
            v[2 * i] = v[2 * i + 1] = f->raw[2 * i + 1];
        }
        return;
    }
    read_plane(s, f, f->src.addr_u, f->src.stride_u, cy, f->x0 / 2, pairs);
    for (unsigned i = 0; i < pairs; i++) {
        u[2 * i] = u[2 * i + 1] = f->raw[i];
    }
    read_plane(s, f, f->src.addr_v, f->src.stride_v, cy, f->x0 / 2, pairs);
    for (unsigned i = 0; i < pairs; i++) {
        v[2 * i] = v[2 * i + 1] = f->raw[i];
    }
}

static void load_rgb(VivanteGPUState *s, VivFilter *f, int32_t y,
                     int16_t *row)
{
    unsigned n = f->span;

    viv_read_row(s, &f->src, f->x0, y, n, s->pe.src);
    for (unsigned ch = 0; ch < 4; ch++) {
        for (unsigned i = 0; i < n; i++) {
            row[i] = (s->pe.src[i] >> (24 - 8 * ch)) & 0xff;
        }
        row += f->plane;
    }
}

static void repeat_edges(const VivFilter *f, int16_t *row)
{
    for (unsigned ch = 0; ch < f->channels; ch++, row += f->plane) {
        for (unsigned i = 0; i < VR_PAD; i++) {
            row[-1 - (int)i] = row[0];
            row[f->span + i] = row[f->span - 1];
        }
    }
}

static const int16_t *source_row(VivanteGPUState *s, VivFilter *f, int64_t y)
{
    int32_t cy = MAX(MIN(y, f->bottom - 1), f->top);
    unsigned slot = cy % CACHE_ROWS;
    int16_t *row = f->cache + (size_t)slot * f->channels * f->plane + VR_PAD;

    if (f->valid[slot] && f->cached[slot] == cy) {
        return row;
    }
    if (is_packed_yuv(f->src.format)) {
        load_packed_yuv(s, f, cy, row);
    } else if (f->src_yuv) {
        load_planar_yuv(s, f, cy, row);
    } else {
        load_rgb(s, f, cy, row);
    }
    repeat_edges(f, row);
    f->valid[slot] = true;
    f->cached[slot] = cy;
    return row;
}

static void pass_horizontal(VivanteGPUState *s, VivFilter *f,
                            const int16_t *row)
{
    unsigned w = f->target.width;

    for (unsigned ch = 0; ch < f->channels; ch++) {
        vr_row_horizontal(s->naive, row + ch * f->plane, f->columns,
                          f->kernel, f->result + ch * w, w);
    }
}

/* Columns before and behind the image are its edges. */
static void pass_vertical(VivanteGPUState *s, VivFilter *f, unsigned line)
{
    int64_t pos = (int64_t)f->y + (int64_t)line * f->step;
    const int16_t *k = f->kernel[(pos >> 11) & (PHASES - 1)];
    int32_t w = f->target.width, n = f->span;
    int64_t x = (f->x >> 16) - (int64_t)f->x0;
    int32_t lead = MAX(MIN(-x, w), 0);
    int32_t from = MAX(MIN(x, n - 1), 0);
    int32_t mid = MIN(w - lead, n - from);
    const int16_t *r[VR_TAPS], *at[VR_TAPS];

    for (int t = 0; t < VR_TAPS; t++) {
        r[t] = source_row(s, f, (pos >> 16) + t - VR_CENTRE);
    }
    for (unsigned ch = 0; ch < f->channels; ch++) {
        int16_t *out = f->result + ch * w;

        for (unsigned t = 0; t < VR_TAPS; t++) {
            at[t] = r[t] + ch * f->plane + from;
        }
        vr_row_vertical(s->naive, at, k, out + lead, mid);
        if (lead) {
            vr_row_vertical(s->naive, at, k, out, 1);
        }
        for (int32_t i = 1; i < lead; i++) {
            out[i] = out[0];
        }
        for (int32_t i = lead + mid; i < w; i++) {
            out[i] = out[i - 1];
        }
    }
}

static void to_rgb(const VivFilter *f, uint32_t *out)
{
    unsigned w = f->target.width;
    const int16_t *u = f->result + (f->swap_uv ? 2 : 1) * w;
    const int16_t *v = f->result + (f->swap_uv ? 1 : 2) * w;

    vr_row_rgb(f->bt709, f->result, u, v, out, w);
}

/* A row that starts with an odd pixel has its first pair's second half. */
static void write_packed_yuv(VivanteGPUState *s, VivFilter *f, int32_t y)
{
    unsigned w = f->target.width, odd = f->target.left & 1;
    const int16_t *u = f->result + (f->swap_uv ? 2 : 1) * w;
    const int16_t *v = f->result + (f->swap_uv ? 1 : 2) * w;
    uint8_t *raw = s->pe.raw;

    if (f->empty) {
        memset(raw, 0, 2 * w);
    } else if (odd) {
        unsigned luma = f->dst.format == DE_FORMAT_UYVY;

        raw[luma] = f->result[0];
        raw[1 - luma] = v[0];
        vr_pack_yuv(f->result + 1, u + 1, v + 1, luma, w / 2, raw + 2);
    } else {
        vr_pack_yuv(f->result, u, v, f->dst.format == DE_FORMAT_UYVY,
                    (w + 1) / 2, raw);
    }
    viv_write(s, VIV_PE, f->dst.addr + (uint32_t)y * f->dst.stride +
              2 * (uint32_t)f->target.left, raw, 2 * (size_t)w);
}

static void tap_luma(VivanteGPUState *s, const VivFilter *f, unsigned line)
{
    g_autofree uint8_t *luma = NULL;
    unsigned w = f->target.width;

    if (!imx6_dma_tap_wants(line, f->target.height)) {
        return;
    }
    luma = g_malloc0(w);
    for (unsigned i = 0; i < w && !f->empty; i++) {
        luma[i] = f->result[Y * w + i];
    }
    imx6_dma_tap(&s->dma_pe, s->pe.rects, line, f->target.height, luma, w);
}

/* Row @line of the target window */
void viv_filter_row(VivanteGPUState *s, VivFilter *f, unsigned line)
{
    int32_t y = f->target.top + line;

    if (f->vertical) {
        pass_vertical(s, f, line);
    } else {
        pass_horizontal(s, f, source_row(s, f,
                                         (f->y >> 16) + (int64_t)line));
    }
    if (f->dst_yuv) {
        write_packed_yuv(s, f, y);
        tap_luma(s, f, line);
        return;
    }
    if (f->src_yuv) {
        to_rgb(f, s->pe.out);
    } else {
        vr_row_argb(f->result, s->pe.out, f->target.width);
    }
    if (f->alpha) {
        /* DITHER_AND_FILTER_PLUS_ALPHA_2D: the result is blended, too */
        viv_read_row(s, &f->dst, f->target.left, y, f->target.width,
                     s->pe.dst);
        viv_blend_row(&f->blend, s->pe.out, s->pe.dst, s->pe.out,
                      f->target.width);
    }
    viv_write_row(s, &f->dst, f->target.left, y, f->target.width, s->pe.out);
    viv_tap_row(s, line, f->target.height, s->pe.out, f->target.width);
}
