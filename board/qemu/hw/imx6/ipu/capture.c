/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capture side of the IPU model: IDMAC channels 0 to 3 that write what the
 * SMFC has, row by row as it comes.
 *
 * IMX6DQRM rev. 6, 37.4.2 and the CPMEM tables; what each pixel format looks
 * like in memory: drivers/gpu/ipu-v3/ipu-cpmem.c of Linux.
 *
 * There is no colour conversion on this way, so RGB memory filled from a YUV
 * source gets Y, U and V as its components, as on the silicon. Generic 16 bit
 * data that came as a YUV 4:2:2 packet is written like YUV 4:2:2: mainline's
 * drivers depend on it, the manual does not tell.
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "ipu.h"
#include "trace.h"

#define SMFC_OFFSET     0x250000

/* Channel parameters as a frame needs them */
typedef struct Params {
    unsigned pfs;
    unsigned bytes;             /* a pixel, for raw data and RGB */
    unsigned width;
    unsigned height;
    unsigned stride;
    unsigned stride_uv;
    uint64_t ubo;
    uint64_t vbo;
    bool skip_odd_chroma;
} Params;

static void get_params(IMX6IPUState *s, unsigned ch, Params *p)
{
    static const uint8_t bytes[8] = { [0] = 4, [1] = 3, [3] = 2, [5] = 1 };

    p->pfs = ipu_cpmem_get(s, ch, IPU_FIELD_PFS);
    p->bytes = bytes[ipu_cpmem_get(s, ch, IPU_FIELD_BPP)];
    p->width = ipu_cpmem_get(s, ch, IPU_FIELD_FW) + 1;
    p->height = ipu_cpmem_get(s, ch, IPU_FIELD_FH) + 1;
    p->stride = ipu_cpmem_get(s, ch, IPU_FIELD_SL) + 1;
    p->stride_uv = ipu_cpmem_get(s, ch, IPU_FIELD_SLUV) + 1;
    p->ubo = (uint64_t)ipu_cpmem_get(s, ch, IPU_FIELD_UBO) << 3;
    p->vbo = (uint64_t)ipu_cpmem_get(s, ch, IPU_FIELD_VBO) << 3;
    p->skip_odd_chroma = ipu_cpmem_get(s, ch, IPU_FIELD_RDRW);
}

/* Rules of the IDMAC that a frame breaks: say so once, when it begins. */
static void check_params(IMX6IPUState *s, unsigned ch)
{
    unsigned burst = ipu_cpmem_get(s, ch, IPU_FIELD_NPB) + 1;
    Params p;

    get_params(s, ch, &p);
    if (p.width % burst) {
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u channel %u: width %u is not a "
                      "number of bursts of %u\n", s->unit, ch, p.width, burst);
    }
    if (p.stride % 8) {
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u channel %u: stride %u is not a "
                      "multiple of 8\n", s->unit, ch, p.stride);
    }
    if (ipu_cpmem_get(s, ch, IPU_FIELD_SO) ||
        ipu_cpmem_get(s, ch, IPU_FIELD_BM) ||
        ipu_cpmem_get(s, ch, IPU_FIELD_ROT) ||
        ipu_cpmem_get(s, ch, IPU_FIELD_HF) ||
        ipu_cpmem_get(s, ch, IPU_FIELD_VF)) {
        qemu_log_mask(LOG_UNIMP, "ipu%u channel %u: interlaced, block, rotated "
                      "or flipped writing\n", s->unit, ch);
    }
}

/* The bus moves words of 8 bytes: the lowest bits of a row do not count. */
static void put(IPUCsi *csi, uint64_t addr, const void *data, size_t len)
{
    if (imx6_dma_write(&csi->dma, addr & ~7ull, data, len) != MEMTX_OK) {
        ipu_raise(csi->block.ipu, IPU_IRQ_AXIW_ERR);
    }
}

static void put_raw(IPUCsi *csi, const Params *p, uint64_t addr, IPURow *row)
{
    if (!row->bytes || row->unit != p->bytes) {
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u csi%u: generic memory format "
                      "does not fit the camera's\n", csi->block.ipu->unit,
                      csi->n);
        return;
    }
    put(csi, addr, row->bytes, (size_t)row->width * row->unit);
}

/* YUYV or UYVY */
static void put_packed(IPUCsi *csi, const Params *p, uint64_t addr,
                       IPURow *row)
{
    IPUCapture *c = &csi->block.ipu->capture;
    bool luma_first = p->pfs == IPU_PFS_YUYV;
    unsigned l = luma_first ? 0 : 1, u = !l;
    size_t len = (size_t)row->width * 2;

    if (row->bytes && row->yuv422) {
        if (row->luma_first == luma_first) {
            put(csi, addr, row->bytes, len);
            return;
        }
        for (size_t i = 0; i < len; i += 2) {
            stw_he_p(c->out + i, bswap16(lduw_he_p(row->bytes + i)));
        }
    } else {
        for (unsigned x = 0; x < row->width; x += 2) {
            uint8_t *out = c->out + 2 * x;

            out[l] = c->component[0][x];
            out[l + 2] = c->component[0][x + 1];
            out[u] = c->component[1][x];
            out[u + 2] = c->component[2][x];
        }
    }
    put(csi, addr, c->out, len);
}

/* Every other chroma sample of a component; in place is fine */
static void halve(uint8_t *out, const uint8_t *in, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        out[i] = in[2 * i];
    }
}

static void put_chroma(IPUCsi *csi, const Params *p, IPUWriter *w,
                       unsigned row, unsigned width)
{
    IPUCapture *c = &csi->block.ipu->capture;
    uint64_t u = w->eba + p->ubo + (uint64_t)row * p->stride_uv;
    uint64_t v = w->eba + p->vbo + (uint64_t)row * p->stride_uv;
    unsigned half = (width + 1) / 2;

    switch (p->pfs) {
    case IPU_PFS_YUV444P:
        put(csi, u, c->component[1], width);
        put(csi, v, c->component[2], width);
        break;
    case IPU_PFS_NV12:
    case IPU_PFS_NV16:
        for (unsigned i = 0; i < half; i++) {
            c->out[2 * i] = c->component[1][2 * i];
            c->out[2 * i + 1] = c->component[2][2 * i];
        }
        put(csi, u, c->out, half * 2);
        break;
    default:
        halve(c->out, c->component[1], half);
        put(csi, u, c->out, half);
        halve(c->out, c->component[2], half);
        put(csi, v, c->out, half);
    }
}

/*
 * 4:2:0: both rows of a pair go to the same chroma row, unless odd ones are
 * to be skipped.
 */
static void put_planar(IPUCsi *csi, const Params *p, IPUWriter *w,
                       uint64_t addr, IPURow *row)
{
    IPUCapture *c = &csi->block.ipu->capture;
    bool is_420 = p->pfs == IPU_PFS_YUV420P || p->pfs == IPU_PFS_NV12;

    put(csi, addr, c->component[0], row->width);
    if (!is_420) {
        put_chroma(csi, p, w, w->row, row->width);
    } else if (!(p->skip_odd_chroma && w->row & 1)) {
        put_chroma(csi, p, w, w->row / 2, row->width);
    }
}

/* Any RGB: where each component is and how wide, CPMEM's OFS and WID */
static void put_rgb(IPUCsi *csi, const Params *p, unsigned ch, uint64_t addr,
                    IPURow *row)
{
    IMX6IPUState *s = csi->block.ipu;
    IPUCapture *c = &s->capture;
    unsigned bits = p->bytes * 8, shift[3], drop[3];

    for (unsigned i = 0; i < 3; i++) {
        unsigned wid = ipu_cpmem_get(s, ch, IPU_FIELD_WID(i)) + 1;
        unsigned end = ipu_cpmem_get(s, ch, IPU_FIELD_OFS(i)) + wid;

        drop[i] = 8 - wid;
        shift[i] = end < bits ? bits - end : 0;
    }
    for (unsigned x = 0; x < row->width; x++) {
        uint32_t pixel =
            (uint32_t)(c->component[0][x] >> drop[0]) << shift[0] |
            (uint32_t)(c->component[1][x] >> drop[1]) << shift[1] |
            (uint32_t)(c->component[2][x] >> drop[2]) << shift[2];

        for (unsigned i = 0; i < p->bytes; i++) {
            c->out[x * p->bytes + i] = pixel >> (8 * i);
        }
    }
    put(csi, addr, c->out, (size_t)row->width * p->bytes);
}

/* The recorder's row: luma, or green, or the bytes themselves */
static void tap(IPUCsi *csi, IPUWriter *w, const Params *p, IPURow *row)
{
    IMX6IPUState *s = csi->block.ipu;
    const uint8_t *luma = row->bytes;

    if (!imx6_dma_tap_wants(w->row, p->height)) {
        return;
    }
    if (row->yuv422 || row->unpacked) {
        ipu_row_unpack(s, row);
        luma = s->capture.component[row->rgb ? 1 : 0];
    } else if (row->unit != 1) {
        return;
    }
    imx6_dma_tap(&csi->dma, w->frame, w->row, p->height, luma, row->width);
}

static void put_row(IPUCsi *csi, IPUWriter *w, unsigned ch, const Params *p,
                    IPURow *row)
{
    IMX6IPUState *s = csi->block.ipu;
    uint64_t addr = w->eba + (uint64_t)w->row * p->stride;
    bool pixels = row->yuv422 || row->unpacked;

    if (p->pfs == IPU_PFS_RAW) {
        put_raw(csi, p, addr, row);
        return;
    }
    if (!pixels) {
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u channel %u: generic data with "
                      "pixel format %u\n", s->unit, ch, p->pfs);
        return;
    }
    switch (p->pfs) {
    case IPU_PFS_YUYV:
    case IPU_PFS_UYVY:
        put_packed(csi, p, addr, row);
        break;
    case IPU_PFS_YUV444P:
    case IPU_PFS_YUV422P:
    case IPU_PFS_YUV420P:
    case IPU_PFS_NV16:
    case IPU_PFS_NV12:
        ipu_row_unpack(s, row);
        put_planar(csi, p, w, addr, row);
        break;
    case IPU_PFS_RGB:
        if (p->bytes > 1) {
            ipu_row_unpack(s, row);
            put_rgb(csi, p, ch, addr, row);
            break;
        }
        /* fall through */
    default:
        qemu_log_mask(LOG_UNIMP, "ipu%u channel %u: writing pixel format %u, "
                      "%u bytes\n", s->unit, ch, p->pfs, p->bytes);
    }
}

void ipu_writer_begin(IPUCsi *csi, unsigned ch)
{
    IMX6IPUState *s = csi->block.ipu;
    IPUWriter *w = &s->capture.writer[ch];
    hwaddr eba;

    w->lost = false;
    if (w->active) {
        /* The frame before was too short: literally NFB4EOF. */
        trace_imx6_ipu_frame_short(s->unit, ch, w->row);
        w->row = 0;
        ipu_raise(s, IPU_IRQ_NFB4EOF + ch);
        return;
    }
    if (!ipu_ch_begin_write(s, ch, &eba)) {
        trace_imx6_ipu_frame_dropped(s->unit, ch);
        ipu_raise(s, IPU_IRQ_SMFC_FRM_LOST + ch);
        return;
    }
    check_params(s, ch);
    w->active = true;
    w->row = 0;
    w->eba = eba;
}

/*
 * A FIFO holds less than a row: with the IDMAC standing still, the first one
 * is too much. What the frame has left never ends it, see above.
 */
static bool overflows(IMX6IPUState *s, unsigned ch, IPUWriter *w)
{
    if (!w->lost && (s->faults & BIT(IPU_FAULT_OVERFLOW))) {
        w->lost = true;
        trace_imx6_ipu_overflow(s->unit, ch, w->row);
        ipu_raise(s, IPU_IRQ_SMFC_FRM_LOST + ch);
    }
    return w->lost;
}

void ipu_writer_row(IPUCsi *csi, unsigned ch, IPURow *row)
{
    IMX6IPUState *s = csi->block.ipu;
    IPUWriter *w = &s->capture.writer[ch];
    IPURow mine = *row;
    Params p;

    if (!w->active || overflows(s, ch, w)) {
        return;
    }
    get_params(s, ch, &p);
    if (!w->row && row->width != p.width) {
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u channel %u: %u pixels a row, the "
                      "camera sends %u\n", s->unit, ch, p.width, row->width);
    }
    mine.width = MIN(row->width, p.width);
    tap(csi, w, &p, &mine);
    put_row(csi, w, ch, &p, &mine);
    w->row++;
    if (w->row >= p.height) {
        w->active = false;
        w->frame++;
        trace_imx6_ipu_frame_end(s->unit, ch, w->frame);
        ipu_ch_end_write(s, ch);
    }
}

void ipu_capture_realize(IMX6IPUState *s, Error **errp)
{
    for (unsigned i = 0; i < IPU_CSIS; i++) {
        ipu_csi_realize(s, i);
    }
    ipu_block_init(s, &s->capture.smfc_block, "smfc", SMFC_OFFSET,
                   &ipu_smfc_ops, s->capture.smfc, IPU_SMFC_REGS);
}

void ipu_capture_reset(IMX6IPUState *s)
{
    IPUCapture *c = &s->capture;

    memset(c->smfc, 0, sizeof(c->smfc));
    memset(c->writer, 0, sizeof(c->writer));
    for (unsigned i = 0; i < IPU_CSIS; i++) {
        ipu_csi_reset(&c->csi[i]);
    }
}

void ipu_capture_update(IMX6IPUState *s)
{
    IPUCapture *c = &s->capture;

    for (unsigned i = 0; i < IPU_CSIS; i++) {
        ipu_csi_update(&c->csi[i]);
    }
    for (unsigned ch = 0; ch < IPU_SMFC_CHANNELS; ch++) {
        if (c->writer[ch].active && !ipu_ch_enabled(s, ch)) {
            c->writer[ch].active = false;
            ipu_ch_set_busy(s, ch, false);
        }
    }
}

static const VMStateDescription vmstate_ipu_csi = {
    .name = "imx6-ipu-csi",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, IPUCsi, IPU_CSI_REGS),
        VMSTATE_BOOL(in_frame, IPUCsi),
        VMSTATE_UINT32(started, IPUCsi),
        VMSTATE_UINT32(skipping, IPUCsi),
        VMSTATE_UINT32(frames, IPUCsi),
        VMSTATE_TIMER(test_timer, IPUCsi),
        VMSTATE_BOOL(test_on, IPUCsi),
        VMSTATE_INT64(test_base_ns, IPUCsi),
        VMSTATE_UINT32(test_line, IPUCsi),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_ipu_writer = {
    .name = "imx6-ipu-writer",
    .version_id = 2,
    .minimum_version_id = 2,
    .fields = (const VMStateField[]) {
        VMSTATE_BOOL(active, IPUWriter),
        VMSTATE_BOOL(lost, IPUWriter),
        VMSTATE_UINT32(row, IPUWriter),
        VMSTATE_UINT64(eba, IPUWriter),
        VMSTATE_UINT64(frame, IPUWriter),
        VMSTATE_END_OF_LIST()
    },
};

const VMStateDescription vmstate_ipu_capture = {
    .name = "imx6-ipu-capture",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT_ARRAY(csi, IPUCapture, IPU_CSIS, 1, vmstate_ipu_csi,
                             IPUCsi),
        VMSTATE_UINT32_ARRAY(smfc, IPUCapture, IPU_SMFC_REGS),
        VMSTATE_STRUCT_ARRAY(writer, IPUCapture, IPU_SMFC_CHANNELS, 1,
                             vmstate_ipu_writer, IPUWriter),
        VMSTATE_END_OF_LIST()
    },
};
