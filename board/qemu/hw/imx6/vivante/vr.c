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

#define TAPS            9
#define CENTRE          4
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
    int32_t left, top, right, bottom;   /* of the source image */
    int32_t x, y;               /* origin, 16.16 */
    uint32_t step;              /* 16.16 */
    unsigned channels;
    int16_t kernel[PHASES][TAPS];
    /* Source columns [x0, x0 + span), inside the image, as planes of 16 bits */
    int32_t x0;
    unsigned span;
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
    if (FIELD_EX32(VIV_DE(job, DE_ALPHA_CONTROL), DE_ALPHA_CONTROL, ENABLE) ||
        FIELD_EX32(VIV_DE(job, DE_ROT_ANGLE), DE_ROT_ANGLE, SRC) ||
        FIELD_EX32(VIV_DE(job, DE_ROT_ANGLE), DE_ROT_ANGLE, DST)) {
        qemu_log_mask(LOG_UNIMP, "gc320: filter blit that blends or turns\n");
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

        for (unsigned t = 0; t < TAPS; t++) {
            unsigned i = row * TAPS + (mirrored ? TAPS - 1 - t : t);

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
        first = (first >> 16) - CENTRE;
        last = (last >> 16) + CENTRE;
    }
    first = MAX(MIN(first, f->right - 1), f->left);
    last = MAX(MIN(last, f->right - 1), f->left);
    f->x0 = first;
    f->span = last - first + 1;
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
    decode_kernel(job, f);
    decode_surfaces(job, f);
    decode_span(f);
    f->cache = g_new(int16_t, (size_t)CACHE_ROWS * f->channels * f->span);
    f->result = g_new(int16_t, 4 * (size_t)MAX(f->target.width, 1));
    f->raw = g_malloc(4 * ((size_t)f->span + 2));
    return f;
}

void viv_filter_free(VivFilter *f)
{
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

static void load_packed_yuv(VivanteGPUState *s, VivFilter *f, int32_t y,
                            int16_t *row)
{
    unsigned luma = f->src.format == DE_FORMAT_YUY2 ? 0 : 1;
    unsigned odd = f->x0 & 1, n = f->span;
    unsigned u = 1 - luma, v = 3 - luma;
    const uint8_t *raw = f->raw;

    read_plane(s, f, f->src.addr, f->src.stride, y, 2 * (f->x0 - odd),
               ROUND_UP(n + odd, 2) * 2);
    for (unsigned i = 0; i < n; i++) {
        const uint8_t *pair = raw + 4 * ((i + odd) / 2);

        row[Y * n + i] = raw[2 * (i + odd) + luma];
        row[U * n + i] = pair[u];
        row[V * n + i] = pair[v];
    }
}

/* YV12 has two planes of chroma, NV12 and NV16 one with pairs. */
static void load_planar_yuv(VivanteGPUState *s, VivFilter *f, int32_t y,
                            int16_t *row)
{
    unsigned n = f->span, odd = f->x0 & 1;
    unsigned pairs = (n + odd + 1) / 2;
    int32_t cy = f->src.format == DE_FORMAT_NV16 ? y : y / 2;

    read_plane(s, f, f->src.addr, f->src.stride, y, f->x0, n);
    for (unsigned i = 0; i < n; i++) {
        row[Y * n + i] = f->raw[i];
    }
    if (f->src.format != DE_FORMAT_YV12) {
        read_plane(s, f, f->src.addr_u, f->src.stride_u, cy, f->x0 - odd,
                   2 * pairs);
        for (unsigned i = 0; i < n; i++) {
            row[U * n + i] = f->raw[2 * ((i + odd) / 2)];
            row[V * n + i] = f->raw[2 * ((i + odd) / 2) + 1];
        }
        return;
    }
    read_plane(s, f, f->src.addr_u, f->src.stride_u, cy, f->x0 / 2, pairs);
    for (unsigned i = 0; i < n; i++) {
        row[U * n + i] = f->raw[(i + odd) / 2];
    }
    read_plane(s, f, f->src.addr_v, f->src.stride_v, cy, f->x0 / 2, pairs);
    for (unsigned i = 0; i < n; i++) {
        row[V * n + i] = f->raw[(i + odd) / 2];
    }
}

static void load_rgb(VivanteGPUState *s, VivFilter *f, int32_t y,
                     int16_t *row)
{
    unsigned n = f->span;

    viv_read_row(s, &f->src, f->x0, y, n, s->pe.src);
    for (unsigned i = 0; i < n; i++) {
        uint32_t argb = s->pe.src[i];

        row[i] = argb >> 24;
        row[n + i] = (argb >> 16) & 0xff;
        row[2 * n + i] = (argb >> 8) & 0xff;
        row[3 * n + i] = argb & 0xff;
    }
}

static const int16_t *source_row(VivanteGPUState *s, VivFilter *f, int64_t y)
{
    int32_t cy = MAX(MIN(y, f->bottom - 1), f->top);
    unsigned slot = cy % CACHE_ROWS;
    int16_t *row = f->cache + (size_t)slot * f->channels * f->span;

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
    f->valid[slot] = true;
    f->cached[slot] = cy;
    return row;
}

static inline int16_t settle(int32_t sum)
{
    sum = (sum + (1 << 13)) >> 14;
    return sum < 0 ? 0 : MIN(sum, 255);
}

static void pass_horizontal(VivFilter *f, const int16_t *row)
{
    unsigned w = f->target.width, n = f->span;
    int64_t pos = (int64_t)f->x - ((int64_t)f->x0 << 16);

    for (unsigned i = 0; i < w; i++, pos += f->step) {
        const int16_t *k = f->kernel[(pos >> 11) & (PHASES - 1)];
        int64_t c = pos >> 16;
        unsigned at[TAPS];

        for (int t = 0; t < TAPS; t++) {
            int64_t x = c + t - CENTRE;

            at[t] = x < 0 ? 0 : MIN(x, n - 1);
        }
        for (unsigned ch = 0; ch < f->channels; ch++) {
            const int16_t *p = row + ch * n;
            int32_t sum = 0;

            for (unsigned t = 0; t < TAPS; t++) {
                sum += k[t] * p[at[t]];
            }
            f->result[ch * w + i] = settle(sum);
        }
    }
}

static void pass_vertical(VivanteGPUState *s, VivFilter *f, unsigned line)
{
    int64_t pos = (int64_t)f->y + (int64_t)line * f->step;
    const int16_t *k = f->kernel[(pos >> 11) & (PHASES - 1)];
    unsigned w = f->target.width, n = f->span;
    int64_t x = (f->x >> 16) - (int64_t)f->x0;
    const int16_t *r[TAPS];

    for (int t = 0; t < TAPS; t++) {
        r[t] = source_row(s, f, (pos >> 16) + t - CENTRE);
    }
    for (unsigned ch = 0; ch < f->channels; ch++) {
        for (unsigned i = 0; i < w; i++) {
            unsigned at = ch * n + (x + i < 0 ? 0 : MIN(x + i, n - 1));
            int32_t sum = 0;

            for (unsigned t = 0; t < TAPS; t++) {
                sum += k[t] * r[t][at];
            }
            f->result[ch * w + i] = settle(sum);
        }
    }
}

static inline uint32_t clip8(int32_t v)
{
    v = (v + 128) >> 8;
    return v < 0 ? 0 : MIN(v, 255);
}

/* Coefficients: etna_viv doc/2d.md, after Vivante's GC320 manual */
static void to_rgb(const VivFilter *f, uint32_t *out)
{
    int rv = f->bt709 ? 461 : 410, gu = f->bt709 ? 55 : 101;
    int gv = f->bt709 ? 137 : 209, bu = f->bt709 ? 543 : 519;
    unsigned w = f->target.width;
    const int16_t *py = f->result, *pu = py + w, *pv = pu + w;

    if (f->swap_uv) {
        const int16_t *t = pu;

        pu = pv;
        pv = t;
    }
    for (unsigned i = 0; i < w; i++) {
        int a = 298 * (py[i] - 16), b = pu[i] - 128, c = pv[i] - 128;

        out[i] = 0xff000000 | clip8(a + rv * c) << 16 |
                 clip8(a - gu * b - gv * c) << 8 | clip8(a + bu * b);
    }
}

static void to_argb(const VivFilter *f, uint32_t *out)
{
    unsigned w = f->target.width;
    const int16_t *p = f->result;

    for (unsigned i = 0; i < w; i++) {
        out[i] = (uint32_t)p[i] << 24 | (uint32_t)p[w + i] << 16 |
                 (uint32_t)p[2 * w + i] << 8 | (uint32_t)p[3 * w + i];
    }
}

/* Even pixels give a pair its U, odd ones its V. */
static void write_packed_yuv(VivanteGPUState *s, VivFilter *f, int32_t y)
{
    unsigned luma = f->dst.format == DE_FORMAT_YUY2 ? 0 : 1;
    unsigned w = f->target.width;
    uint8_t *raw = s->pe.raw;

    for (unsigned i = 0; i < w; i++) {
        bool odd = (f->target.left + i) & 1;
        unsigned ch = odd != f->swap_uv ? V : U;

        raw[2 * i + luma] = f->empty ? 0 : f->result[Y * w + i];
        raw[2 * i + 1 - luma] = f->empty ? 0 : f->result[ch * w + i];
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
        pass_horizontal(f, source_row(s, f, (f->y >> 16) + (int64_t)line));
    }
    if (f->dst_yuv) {
        write_packed_yuv(s, f, y);
        tap_luma(s, f, line);
        return;
    }
    if (f->src_yuv) {
        to_rgb(f, s->pe.out);
    } else {
        to_argb(f, s->pe.out);
    }
    viv_write_row(s, &f->dst, f->target.left, y, f->target.width, s->pe.out);
    viv_tap_row(s, line, f->target.height, s->pe.out, f->target.width);
}
