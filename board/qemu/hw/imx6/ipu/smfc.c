/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU sensor multi FIFO controller: which camera stream goes to which of
 * IDMAC channels 0 to 3. IMX6DQRM rev. 6, 37.4.6.
 *
 * The FIFOs keep up here unless a fault switch says otherwise (capture.c):
 * watermarks and burst sizes are storage.
 */

#include "qemu/osdep.h"
#include "ipu.h"
#include "trace.h"

enum {
    R_MAP = 0x00 / 4,
    R_WMC = 0x04 / 4,
    R_BS = 0x08 / 4,
};

static const uint32_t write_mask[IPU_SMFC_REGS] = {
    [R_MAP] = 0x00000fff,
    [R_WMC] = 0x0fff0fff,
    [R_BS] = 0x0000ffff,
};

static bool feeds(IPUCsi *csi, unsigned id, unsigned ch)
{
    IMX6IPUState *s = csi->block.ipu;
    unsigned map = s->capture.smfc[R_MAP] >> ch * 3 & 7;

    return map == (csi->n << 2 | id) && (ipu_conf(s) & IPU_CONF_SMFC_EN) &&
           ipu_ch_enabled(s, ch);
}

void ipu_smfc_begin(IPUCsi *csi, unsigned id)
{
    for (unsigned ch = 0; ch < IPU_SMFC_CHANNELS; ch++) {
        if (feeds(csi, id, ch)) {
            ipu_writer_begin(csi, ch);
        }
    }
}

void ipu_smfc_row(IPUCsi *csi, unsigned id, IPURow *row)
{
    for (unsigned ch = 0; ch < IPU_SMFC_CHANNELS; ch++) {
        if (feeds(csi, id, ch)) {
            ipu_writer_row(csi, ch, row);
        }
    }
}

static uint64_t smfc_read(void *opaque, hwaddr offset, unsigned size)
{
    IPUBlock *b = opaque;
    uint32_t value = ipu_block_ok(b, offset, false) ? b->regs[offset / 4] : 0;

    trace_imx6_ipu_read(b->ipu->unit, b->name, offset, value);
    return value;
}

static void smfc_write(void *opaque, hwaddr offset, uint64_t value,
                       unsigned size)
{
    IPUBlock *b = opaque;

    trace_imx6_ipu_write(b->ipu->unit, b->name, offset, value);
    if (ipu_block_ok(b, offset, true)) {
        b->regs[offset / 4] = value & write_mask[offset / 4];
    }
}

const MemoryRegionOps ipu_smfc_ops = {
    .read = smfc_read,
    .write = smfc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};
