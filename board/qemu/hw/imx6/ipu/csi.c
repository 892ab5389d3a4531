/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU camera sensor interface: registers, what it takes from the CSI-2
 * receiver, cropping, skipping and downsizing.
 *
 * IMX6DQRM rev. 6, 37.4.5 and 37.5 (CSI0, CSI1); field positions and what
 * goes with a CSI-2 source as in drivers/gpu/ipu-v3/ipu-csi.c of Linux.
 *
 * Not modelled: the parallel and BT.656 inputs (nothing is connected), the
 * image converter as destination, companding, generic data of 12 bits and more
 * that is not 16.
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "ipu.h"
#include "trace.h"

/* SENS_CONF */
#define CONF_PRTCL(c)           ((c) >> 4 & 7)
#define   PRTCL_NON_GATED       1
#define CONF_DATA_FMT(c)        ((c) >> 8 & 7)
#define   FMT_RGB_YUV444        0
#define   FMT_YUYV              1
#define   FMT_UYVY              2
#define   FMT_GENERIC           3       /* "Bayer or generic data" */
#define   FMT_RGB565            4
#define   FMT_RGB555            5
#define   FMT_RGB444            6
#define CONF_DATA_WIDTH(c)      ((c) >> 11 & 0xf)
#define   WIDTH_8               1
#define   WIDTH_10              3
#define   WIDTH_16              9
#define CONF_DEST_SMFC          BIT(26)

#define OUT_HDOWN               BIT(31)
#define OUT_VDOWN               BIT(30)

static const uint32_t write_mask[IPU_CSI_REGS] = {
    [IPU_CSI_SENS_CONF] = 0xbfffffff,
    [IPU_CSI_SENS_FRM_SIZE] = 0x0fff1fff,
    [IPU_CSI_ACT_FRM_SIZE] = 0x0fff1fff,
    [IPU_CSI_OUT_FRM_CTRL] = 0xdfff0fff,
    [IPU_CSI_TST_CTRL] = 0x01ffffff,
    [IPU_CSI_CCIR_CODE_1 ... IPU_CSI_MIPI_DI] = 0xffffffff,
    [IPU_CSI_SKIP] = 0x000003ff,
    [IPU_CSI_SKIP + 1 ... IPU_CSI_REGS - 1] = 0xffffffff,
};

#define TYPE_IPU_CSI_PORT "imx6-ipu-csi-port"
OBJECT_DECLARE_SIMPLE_TYPE(IPUCsiPort, IPU_CSI_PORT)

/* The end of the link from the CSI-2 receiver: a child object of the IPU */
struct IPUCsiPort {
    Object parent_obj;

    IPUCsi *csi;
};

bool ipu_csi_enabled(IPUCsi *csi)
{
    IMX6IPUState *s = csi->block.ipu;

    return ipu_clocked(s) && (ipu_conf(s) & (IPU_CONF_CSI0_EN << csi->n));
}

/* Is the CSI-2 receiver the source, rather than pads or the generator? */
static bool takes_mipi(IPUCsi *csi)
{
    return ipu_csi_enabled(csi) &&
           (ipu_conf(csi->block.ipu) & (IPU_CONF_CSI0_MIPI << csi->n)) &&
           !(csi->regs[IPU_CSI_TST_CTRL] & IPU_CSI_TEST_GEN);
}

static void complain(IPUCsi *csi, const char *what)
{
    qemu_log_mask(LOG_GUEST_ERROR, "ipu%u csi%u: %s\n", csi->block.ipu->unit,
                  csi->n, what);
}

/*
 * CSI_SKIP: of each MAX_RATIO + 1 frames those whose bit is set are dropped;
 * the last of six has none.
 */
static bool frame_skipped(IPUCsi *csi, unsigned id)
{
    uint32_t skip = csi->regs[IPU_CSI_SKIP];
    unsigned ratio = MIN(skip & 7, 5);

    if (!ratio || (skip >> 8 & 3) != id) {
        return false;
    }
    return skip >> 3 & 0x1f & BIT((csi->frames - 1) % (ratio + 1));
}

void ipu_csi_begin_frame(IPUCsi *csi)
{
    csi->in_frame = true;
    csi->started = 0;
    csi->skipping = 0;
    csi->frames++;
}

/* First line of a stream in a frame: does the frame go anywhere? */
static void begin_stream(IPUCsi *csi, unsigned id, IPURow *row)
{
    csi->started |= BIT(id);
    if (frame_skipped(csi, id)) {
        csi->skipping |= BIT(id);
        return;
    }
    if (!id && !(csi->regs[IPU_CSI_SENS_CONF] & CONF_DEST_SMFC)) {
        qemu_log_mask(LOG_UNIMP, "ipu%u csi%u: destination is not the SMFC\n",
                      csi->block.ipu->unit, csi->n);
        csi->skipping |= BIT(id);
        return;
    }
    if (row->width != (csi->regs[IPU_CSI_SENS_FRM_SIZE] & 0x1fff) + 1) {
        complain(csi, "SENS_FRM_WIDTH is not what the source sends");
    }
    ipu_smfc_begin(csi, id);
}

void ipu_row_unpack(IMX6IPUState *s, IPURow *row)
{
    IPUCapture *c = &s->capture;
    unsigned l = row->luma_first ? 0 : 1, u = !l;
    const uint8_t *in = row->bytes;

    if (row->unpacked) {
        return;
    }
    for (unsigned x = 0; x < row->width; x += 2, in += 4) {
        c->component[0][x] = in[l];
        c->component[0][x + 1] = in[l + 2];
        c->component[1][x] = c->component[1][x + 1] = in[u];
        c->component[2][x] = c->component[2][x + 1] = in[u + 2];
    }
    row->unpacked = true;
}

static void crop_row(IPUCsi *csi, IPURow *row, unsigned left, unsigned width)
{
    IPUCapture *c = &csi->block.ipu->capture;

    left = MIN(left, row->width);
    if (row->yuv422 && left & 1) {
        ipu_row_unpack(csi->block.ipu, row);
    }
    row->width = MIN(row->width - left, width);
    if (row->unpacked) {
        row->bytes = NULL;
        for (unsigned i = 0; i < 3 && left; i++) {
            memmove(c->component[i], c->component[i] + left, row->width);
        }
    } else {
        row->bytes += left * row->unit;
    }
}

/* Every other pixel: 37.4.5, downsizing */
static void halve_row(IPUCsi *csi, IPURow *row)
{
    IPUCapture *c = &csi->block.ipu->capture;

    if (!row->yuv422 && !row->unpacked) {
        complain(csi, "generic data cannot be downsized");
        return;
    }
    ipu_row_unpack(csi->block.ipu, row);
    row->bytes = NULL;
    row->width /= 2;
    for (unsigned i = 0; i < 3; i++) {
        for (unsigned x = 0; x < row->width; x++) {
            c->component[i][x] = c->component[i][2 * x];
        }
    }
}

void ipu_csi_take_row(IPUCsi *csi, unsigned id, unsigned line, IPURow *row)
{
    uint32_t act = csi->regs[IPU_CSI_ACT_FRM_SIZE];
    uint32_t out = csi->regs[IPU_CSI_OUT_FRM_CTRL];
    unsigned top = out & 0xfff;

    if (!csi->in_frame) {
        return;
    }
    if (!(csi->started & BIT(id))) {
        begin_stream(csi, id, row);
    }
    if (csi->skipping & BIT(id) || line < top ||
        line - top > (act >> 16 & 0xfff) ||
        line > (csi->regs[IPU_CSI_SENS_FRM_SIZE] >> 16 & 0xfff) ||
        (out & OUT_VDOWN && (line - top) & 1)) {
        return;
    }
    crop_row(csi, row, out >> 16 & 0x1fff, (act & 0x1fff) + 1);
    if (out & OUT_HDOWN) {
        halve_row(csi, row);
    }
    if (row->width) {
        ipu_smfc_row(csi, id, row);
    }
}

/* Which of MIPI_DI0 to 3 takes packets of a type? -1: none. */
static int stream_of(IPUCsi *csi, unsigned dt)
{
    for (unsigned id = 0; id < 4; id++) {
        if ((csi->regs[IPU_CSI_MIPI_DI] >> (8 * id) & 0xff) == dt) {
            return id;
        }
    }
    return -1;
}

/*
 * How the bytes of these lines are read with SENS_CONF as it is. Which order
 * a YUV 4:2:2 packet has is told twice, to the gasket and here: what happens
 * if they disagree is inferred.
 */
static bool row_format(IPUCsi *csi, const CSI2Lines *lines, IPURow *row)
{
    uint32_t conf = csi->regs[IPU_CSI_SENS_CONF];
    unsigned fmt = CONF_DATA_FMT(conf), width = CONF_DATA_WIDTH(conf);

    row->unit = width == WIDTH_8 ? 1 : 2;
    switch (fmt) {
    case FMT_GENERIC:
        row->yuv422 = width == WIDTH_16 && lines->dt == CSI2_DT_YUV422_8;
        row->luma_first = lines->luma_first;
        row->raw10 = width == WIDTH_10;
        return width == WIDTH_8 || width == WIDTH_16 ||
               (width == WIDTH_10 && lines->dt == CSI2_DT_RAW10);
    case FMT_YUYV:
    case FMT_UYVY:
        row->yuv422 = true;
        row->unit = 2;
        row->luma_first = fmt == FMT_YUYV;
        if (row->luma_first != lines->luma_first) {
            complain(csi, "YUV order differs from the gasket's");
            row->luma_first = !row->luma_first;
        }
        return width == WIDTH_8 && lines->dt == CSI2_DT_YUV422_8;
    case FMT_RGB_YUV444:
        row->rgb = true;
        row->unit = 3;
        return width == WIDTH_8 && lines->dt == CSI2_DT_RGB888;
    case FMT_RGB565:
    case FMT_RGB555:
    case FMT_RGB444:
        row->rgb = true;
        row->unit = 2;
        row->depth = fmt == FMT_RGB444 ? 4 : 5;
        row->green = fmt == FMT_RGB565 ? 6 : row->depth;
        return width == WIDTH_8 && lines->dt ==
               (fmt == FMT_RGB565 ? CSI2_DT_RGB565 :
                fmt == FMT_RGB555 ? CSI2_DT_RGB555 : CSI2_DT_RGB444);
    default:
        return false;
    }
}

/* The top @bits of a component of 5 or 6, as 8 */
static uint8_t widen(unsigned value, unsigned from, unsigned bits)
{
    value >>= from - bits;
    return value << (8 - bits) | value >> (2 * bits - 8);
}

/* High bytes of four samples, then their low bits: to the top of 16 */
static void unpack_raw10(IPUCsi *csi, IPURow *row)
{
    uint16_t *out = csi->block.ipu->capture.sample;
    const uint8_t *in = row->bytes;

    for (unsigned x = 0; x < row->width; x += 4, in += 5) {
        for (unsigned i = 0; i < 4; i++) {
            stw_le_p(&out[x + i], in[i] << 8 | (in[4] >> (2 * i) & 3) << 6);
        }
    }
    row->bytes = (const uint8_t *)out;
}

static void unpack_rgb(IPUCsi *csi, IPURow *row)
{
    IPUCapture *c = &csi->block.ipu->capture;
    const uint8_t *in = row->bytes;

    for (unsigned x = 0; x < row->width; x++, in += row->unit) {
        if (row->unit == 3) {
            c->component[0][x] = in[2];
            c->component[1][x] = in[1];
            c->component[2][x] = in[0];
        } else {
            unsigned r = in[1] >> 3, b = in[0] & 0x1f;
            unsigned g = (in[1] & 7) << 3 | in[0] >> 5;

            c->component[0][x] = widen(r, 5, row->depth);
            c->component[1][x] = widen(g, 6, row->green);
            c->component[2][x] = widen(b, 5, row->depth);
        }
    }
    row->unpacked = true;
}

static void port_frame_start(CSI2Sink *sink, unsigned vc)
{
    IPUCsi *csi = IPU_CSI_PORT(sink)->csi;

    if (takes_mipi(csi)) {
        ipu_csi_begin_frame(csi);
        trace_imx6_ipu_csi_frame(csi->block.ipu->unit, csi->n, csi->frames);
    }
}

static void port_lines(CSI2Sink *sink, const CSI2Lines *lines)
{
    IPUCsi *csi = IPU_CSI_PORT(sink)->csi;
    IPURow format = { 0 };
    int id = stream_of(csi, lines->dt);

    if (!csi->in_frame || !takes_mipi(csi) || id < 0) {
        return;
    }
    if (CONF_PRTCL(csi->regs[IPU_CSI_SENS_CONF]) != PRTCL_NON_GATED) {
        complain(csi, "a CSI-2 source needs the non-gated clock mode");
        return;
    }
    if (!row_format(csi, lines, &format)) {
        qemu_log_mask(LOG_UNIMP, "ipu%u csi%u: SENS_CONF 0x%08x with CSI-2 "
                      "data type 0x%02x\n", csi->block.ipu->unit, csi->n,
                      csi->regs[IPU_CSI_SENS_CONF], lines->dt);
        return;
    }
    format.width = MIN(lines->bytes / format.unit, IPU_MAX_LINE);
    if (format.raw10) {
        format.width = MIN(lines->bytes / 5 * 4, IPU_MAX_LINE);
    }
    if (format.yuv422) {
        format.width &= ~1u;    /* pixels come in pairs */
    }
    for (unsigned i = 0; i < lines->count; i++) {
        IPURow row = format;

        row.bytes = lines->data + i * lines->pitch;
        if (row.rgb) {
            unpack_rgb(csi, &row);
        } else if (row.raw10) {
            unpack_raw10(csi, &row);
        }
        ipu_csi_take_row(csi, id, lines->first + i, &row);
    }
}

static void port_frame_end(CSI2Sink *sink, unsigned vc)
{
    IPU_CSI_PORT(sink)->csi->in_frame = false;
}

static uint64_t csi_read(void *opaque, hwaddr offset, unsigned size)
{
    IPUBlock *b = opaque;
    uint32_t value = ipu_block_ok(b, offset, false) ? b->regs[offset / 4] : 0;

    trace_imx6_ipu_read(b->ipu->unit, b->name, offset, value);
    return value;
}

static void csi_write(void *opaque, hwaddr offset, uint64_t value,
                      unsigned size)
{
    IPUBlock *b = opaque;
    IPUCsi *csi = container_of(b, IPUCsi, block);

    trace_imx6_ipu_write(b->ipu->unit, b->name, offset, value);
    if (ipu_block_ok(b, offset, true)) {
        b->regs[offset / 4] = value & write_mask[offset / 4];
        ipu_csi_test_update(csi);
    }
}

static const MemoryRegionOps csi_ops = {
    .read = csi_read,
    .write = csi_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

void ipu_csi_update(IPUCsi *csi)
{
    if (!ipu_csi_enabled(csi)) {
        csi->in_frame = false;
        csi->frames = 0;
    }
    ipu_csi_test_update(csi);
}

void ipu_csi_reset(IPUCsi *csi)
{
    memset(csi->regs, 0, sizeof(csi->regs));
    csi->started = 0;
    csi->skipping = 0;
    ipu_csi_update(csi);
}

void ipu_csi_realize(IMX6IPUState *s, unsigned n)
{
    static const char * const dma_names[2][IPU_CSIS] = {
        { "ipu1-csi0", "ipu1-csi1" },
        { "ipu2-csi0", "ipu2-csi1" },
    };
    static const char * const names[IPU_CSIS] = { "csi0", "csi1" };
    IPUCsi *csi = &s->capture.csi[n];

    csi->n = n;
    imx6_dma_init(&csi->dma, dma_names[s->unit - 1][n]);
    ipu_block_init(s, &csi->block, names[n], 0x230000 + n * 0x8000, &csi_ops,
                   csi->regs, IPU_CSI_REGS);
    csi->port = object_new(TYPE_IPU_CSI_PORT);
    IPU_CSI_PORT(csi->port)->csi = csi;
    object_property_add_child(OBJECT(s), names[n], csi->port);
    object_unref(csi->port);
    ipu_csi_test_init(csi);
}

static void csi_port_class_init(ObjectClass *oc, void *data)
{
    CSI2SinkClass *sc = CSI2_SINK_CLASS(oc);

    sc->frame_start = port_frame_start;
    sc->lines = port_lines;
    sc->frame_end = port_frame_end;
}

static const TypeInfo csi_port_info = {
    .name = TYPE_IPU_CSI_PORT,
    .parent = TYPE_OBJECT,
    .instance_size = sizeof(IPUCsiPort),
    .class_init = csi_port_class_init,
    .interfaces = (InterfaceInfo[]) {
        { TYPE_CSI2_SINK },
        { }
    },
};

static void csi_register(void)
{
    type_register_static(&csi_port_info);
}

type_init(csi_register)
