/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU display pictures: what the IDMAC fetches, turned into pixels.
 *
 * The parameters are those of the CPMEM as they were at the new frame. One
 * start address a buffer and one stride: pictures are contiguous, there is no
 * list.
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "ipu.h"
#include "trace.h"

/* CPMEM, BPP: bits of a pixel by code; 0: nothing that a display can use */
static const uint8_t bpp_bits[8] = { 32, 24, 18, 16, 12, 8, 4, 0 };

void ipu_layer_begin(IMX6IPUState *s, IPULayer *l, unsigned ch)
{
    if (l->active) {
        /* The last frame's rows were never all asked for. */
        ipu_raise(s, IPU_IRQ_NFB4EOF + l->ch);
    }
    l->ch = ch;
    l->active = ipu_ch_enabled(s, ch);
    if (l->active) {
        l->eba = ipu_ch_begin_read(s, ch);
        memcpy(l->cell, &s->cpmem[ch * 16], sizeof(l->cell));
    }
}

void ipu_layer_end(IMX6IPUState *s, IPULayer *l)
{
    if (l->active) {
        l->active = false;
        ipu_ch_end_read(s, l->ch);
    }
}

void ipu_layer_abort(IMX6IPUState *s, IPULayer *l)
{
    if (l->active) {
        l->active = false;
        ipu_ch_set_busy(s, l->ch, false);
    }
}

bool ipu_layer_has_alpha(const IPULayer *l)
{
    return l->active && ipu_cpmem_field(l->cell, IPU_FIELD_ALU);
}

static bool unimp(IMX6IPUState *s, const IPULayer *l, const char *what)
{
    qemu_log_mask(LOG_UNIMP, "ipu%u channel %u: %s\n", s->unit, l->ch, what);
    return false;
}

/* WIDn, OFSn: width and distance of a component from the pixel's top bit */
static void decode_components(const IPULayer *l, IPUFormat *f)
{
    f->plain = f->bytes == 4;
    for (unsigned i = 0; i < 4; i++) {
        unsigned max;

        f->wid[i] = ipu_cpmem_field(l->cell, IPU_FIELD_WID(i)) + 1;
        f->ofs[i] = ipu_cpmem_field(l->cell, IPU_FIELD_OFS(i));
        /* Components 0 to 2 are red, green, blue; 3 is alpha. */
        f->plain &= f->wid[i] == 8 && f->ofs[i] == (i == 3 ? 0 : 8 * i + 8);
        max = (1u << f->wid[i]) - 1;
        for (unsigned v = 0; v <= max; v++) {
            f->expand[i][v] = v * 255 / max;
        }
    }
}

bool ipu_layer_decode(IMX6IPUState *s, const IPULayer *l, IPUFormat *f)
{
    const uint32_t *cell = l->cell;

    f->pfs = ipu_cpmem_field(cell, IPU_FIELD_PFS);
    f->bytes = bpp_bits[ipu_cpmem_field(cell, IPU_FIELD_BPP)] / 8;
    f->width = ipu_cpmem_field(cell, IPU_FIELD_FW) + 1;
    f->height = ipu_cpmem_field(cell, IPU_FIELD_FH) + 1;
    f->stride = ipu_cpmem_field(cell, IPU_FIELD_SL) + 1;
    f->uv_stride = ipu_cpmem_field(cell, IPU_FIELD_SLUV) + 1;
    f->y = l->eba;
    f->u = f->y + ((hwaddr)ipu_cpmem_field(cell, IPU_FIELD_UBO) << 3);
    f->v = f->y + ((hwaddr)ipu_cpmem_field(cell, IPU_FIELD_VBO) << 3);
    f->flip = ipu_cpmem_field(cell, IPU_FIELD_VF);
    f->plain = false;

    if (ipu_cpmem_field(cell, IPU_FIELD_SO)) {
        return unimp(s, l, "interlaced scan");
    }
    if (ipu_cpmem_field(cell, IPU_FIELD_ROT) ||
        ipu_cpmem_field(cell, IPU_FIELD_HF) ||
        ipu_cpmem_field(cell, IPU_FIELD_BM)) {
        return unimp(s, l, "rotation, horizontal flip or block mode");
    }
    switch (f->pfs) {
    case IPU_PFS_YUV444P:
    case IPU_PFS_YUV422P:
    case IPU_PFS_YUV420P:
    case IPU_PFS_NV16:
    case IPU_PFS_NV12:
        f->bytes = 1;
        return true;
    case IPU_PFS_YUYV:
    case IPU_PFS_UYVY:
        f->bytes = 2;
        return true;
    case IPU_PFS_RAW:
        return f->bytes == 1 || unimp(s, l, "generic data as a picture");
    case IPU_PFS_RGB:
        if (ipu_cpmem_field(cell, IPU_FIELD_BPP) == 2 ||
            ipu_cpmem_field(cell, IPU_FIELD_BPP) == 4 || !f->bytes) {
            return unimp(s, l, "18, 12 or 4 bits a pixel");
        }
        decode_components(l, f);
        return true;
    }
    return unimp(s, l, "unknown pixel format (CPMEM PFS)");
}

static void rgb_row(const IPUFormat *f, const uint8_t *raw, uint32_t *out,
                    unsigned n)
{
    unsigned bits = 8 * f->bytes;

    for (unsigned i = 0; i < n; i++, raw += f->bytes) {
        uint32_t pixel = 0xff, word;

        switch (f->bytes) {
        case 1:
            word = (uint32_t)raw[0] << 24;
            break;
        case 2:
            word = (uint32_t)lduw_le_p(raw) << 16;
            break;
        case 3:
            word = (uint32_t)raw[0] << 8 | raw[1] << 16 |
                   (uint32_t)raw[2] << 24;
            break;
        default:
            word = ldl_le_p(raw);
        }
        /* A component beyond the pixel: the driver's way to say opaque. */
        if (f->ofs[3] < bits) {
            pixel = f->expand[3][word << f->ofs[3] >> (32 - f->wid[3])];
        }
        for (unsigned c = 0; c < 3; c++) {
            pixel = pixel << 8 |
                    f->expand[c][word << f->ofs[c] >> (32 - f->wid[c])];
        }
        out[i] = pixel;
    }
}

static inline uint32_t yuv(unsigned y, unsigned u, unsigned v)
{
    return 0xff000000u | y << 16 | u << 8 | v;
}

static bool planar_row(IMX6IPUState *s, const IPUFormat *f, unsigned row,
                       uint32_t *out, unsigned n)
{
    bool v_half = f->pfs == IPU_PFS_YUV420P || f->pfs == IPU_PFS_NV12;
    bool h_half = f->pfs != IPU_PFS_YUV444P;
    bool pairs = f->pfs == IPU_PFS_NV12 || f->pfs == IPU_PFS_NV16;
    size_t uv_ofs = (size_t)(row >> v_half) * f->uv_stride;
    unsigned uv_n = h_half ? (n + 1) / 2 : n;
    uint8_t *y = s->raw;
    uint8_t *u = y + IPU_MAX_WIDTH;
    uint8_t *v = u + IPU_MAX_WIDTH;
    MemTxResult r;

    r = imx6_dma_read(&s->dma, f->y + (size_t)row * f->stride, y, n);
    if (pairs) {
        r |= imx6_dma_read(&s->dma, f->u + uv_ofs, u, 2 * uv_n);
        for (unsigned i = 0; i < n; i++) {
            out[i] = yuv(y[i], u[i & ~1u], u[i | 1]);
        }
    } else {
        r |= imx6_dma_read(&s->dma, f->u + uv_ofs, u, uv_n);
        r |= imx6_dma_read(&s->dma, f->v + uv_ofs, v, uv_n);
        for (unsigned i = 0; i < n; i++) {
            out[i] = yuv(y[i], u[i >> h_half], v[i >> h_half]);
        }
    }
    return r == MEMTX_OK;
}

static void packed_yuv_row(const IPUFormat *f, const uint8_t *raw,
                           uint32_t *out, unsigned n)
{
    unsigned y = f->pfs == IPU_PFS_UYVY;

    for (unsigned i = 0; i < n; i++) {
        const uint8_t *pair = raw + (i / 2) * 4;

        out[i] = yuv(raw[2 * i + y], pair[!y], pair[2 + !y]);
    }
}

static bool packed_row(IMX6IPUState *s, const IPUFormat *f, unsigned row,
                       uint32_t *out, unsigned n)
{
    size_t len = (size_t)n * f->bytes;
    hwaddr addr = f->y + (size_t)row * f->stride;
    MemTxResult r;

    if (f->pfs != IPU_PFS_RGB) {
        len = ROUND_UP(len, 4);
    }
    r = imx6_dma_read(&s->dma, addr, s->raw, len);
    if (f->pfs != IPU_PFS_RGB) {
        packed_yuv_row(f, s->raw, out, n);
    } else if (f->plain) {
        for (unsigned i = 0; i < n; i++) {
            out[i] = ldl_le_p(s->raw + 4 * i);
        }
    } else {
        rgb_row(f, s->raw, out, n);
    }
    return r == MEMTX_OK;
}

bool ipu_layer_row(IMX6IPUState *s, const IPUFormat *f, unsigned row,
                   uint32_t *out, unsigned n)
{
    n = MIN(n, IPU_MAX_WIDTH);
    if (f->flip) {
        row = f->height - 1 - row;
    }
    switch (f->pfs) {
    case IPU_PFS_RGB:
    case IPU_PFS_YUYV:
    case IPU_PFS_UYVY:
        return packed_row(s, f, row, out, n);
    case IPU_PFS_RAW:
        memset(out, 0, n * sizeof(*out));
        return true;
    default:
        return planar_row(s, f, row, out, n);
    }
}

bool ipu_layer_alpha_row(IMX6IPUState *s, const IPUFormat *f, unsigned row,
                         uint32_t *out, unsigned n)
{
    bool ok;

    n = MIN(n, IPU_MAX_WIDTH);
    ok = imx6_dma_read(&s->dma, f->y + (size_t)row * f->stride, s->raw,
                       n) == MEMTX_OK;
    for (unsigned i = 0; i < n; i++) {
        out[i] = deposit32(out[i], 24, 8, s->raw[i]);
    }
    return ok;
}

static int layer_post_load(void *opaque, int version_id)
{
    IPULayer *l = opaque;

    return l->ch < IPU_CHANNELS ? 0 : -EINVAL;
}

const VMStateDescription vmstate_ipu_layer = {
    .name = "imx6-ipu-layer",
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = layer_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(cell, IPULayer, 16),
        VMSTATE_UINT32(eba, IPULayer),
        VMSTATE_UINT32(ch, IPULayer),
        VMSTATE_BOOL(active, IPULayer),
        VMSTATE_END_OF_LIST()
    },
};
