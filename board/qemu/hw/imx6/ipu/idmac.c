/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU image DMA controller: channel enables and the parameter memory.
 *
 * IMX6DQRM rev. 6, chapter 37, IPUx_IDMAC_*; field positions of the CPMEM as
 * in drivers/gpu/ipu-v3/ipu-cpmem.c of Linux.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "ipu.h"
#include "trace.h"

enum {
    R_CONF = 0x00 / 4,
    R_CH_EN = 0x04 / 4,
    R_CH_BUSY = 0x100 / 4,
};

/* Two words of 160 bits a channel, 32 bytes apart: cells 5..7 do not exist. */
#define WORD_CELLS      8
#define USED_CELLS      5

uint32_t ipu_cpmem_field(const uint32_t *cells, IPUField field)
{
    const uint32_t *cell = &cells[field.word * WORD_CELLS + field.bit / 32];
    unsigned shift = field.bit % 32;
    uint64_t value = cell[0];

    if (shift + field.width > 32) {
        value |= (uint64_t)cell[1] << 32;
    }
    return extract64(value, shift, field.width);
}

uint32_t ipu_cpmem_get(IMX6IPUState *s, unsigned ch, IPUField field)
{
    return ipu_cpmem_field(&s->cpmem[ch * 2 * WORD_CELLS], field);
}

bool ipu_ch_enabled(IMX6IPUState *s, unsigned ch)
{
    return !(ipu_conf(s) & IPU_CONF_IDMAC_DIS) &&
           (s->idmac[R_CH_EN + ch / 32] & BIT(ch % 32));
}

hwaddr ipu_ch_eba(IMX6IPUState *s, unsigned ch, unsigned buf)
{
    return (hwaddr)ipu_cpmem_get(s, ch, buf ? IPU_FIELD_EBA1 :
                                              IPU_FIELD_EBA0) << 3;
}

/* Those that lead to a display: DP 23, 27, 24, 29; DC 28, 41 */
static const uint32_t display_channels[] = {
    BIT(23) | BIT(24) | BIT(27) | BIT(28) | BIT(29),
    BIT(41 - 32),
};

void ipu_ch_set_busy(IMX6IPUState *s, unsigned ch, bool busy)
{
    uint32_t *reg = &s->idmac[R_CH_BUSY + ch / 32];

    if (s->faults & BIT(IPU_FAULT_STUCK_BUSY)) {
        s->held_busy[ch / 32] = deposit32(s->held_busy[ch / 32], ch % 32, 1,
                                          !busy);
        busy |= *reg >> (ch % 32) & 1;
    }
    *reg = deposit32(*reg, ch % 32, 1, busy);
}

void ipu_ch_release_busy(IMX6IPUState *s)
{
    for (unsigned i = 0; i < ARRAY_SIZE(s->held_busy); i++) {
        s->idmac[R_CH_BUSY + i] &= ~s->held_busy[i];
        s->held_busy[i] = 0;
    }
}

static void idmac_write(void *opaque, hwaddr offset, uint64_t value,
                        unsigned size)
{
    IPUBlock *b = opaque;
    IMX6IPUState *s = b->ipu;
    unsigned reg = offset / 4;

    trace_imx6_ipu_write(s->unit, b->name, offset, value);
    if (!ipu_block_ok(b, offset, true)) {
        return;
    }
    switch (reg) {
    case R_CH_EN ... R_CH_EN + 1:
        ipu_ch_start_reads(s, 32 * (reg - R_CH_EN), value &
                           ~s->idmac[reg] & display_channels[reg - R_CH_EN]);
        s->idmac[reg] = value;
        ipu_scan_update(s);
        ipu_capture_update(s);
        break;
    case R_CH_BUSY ... R_CH_BUSY + 1:
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u: IDMAC_CH_BUSY is read-only\n",
                      s->unit);
        break;
    default:
        s->idmac[reg] = value;
    }
}

const MemoryRegionOps ipu_idmac_ops = {
    .read = ipu_block_read,
    .write = idmac_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void cpmem_write(void *opaque, hwaddr offset, uint64_t value,
                        unsigned size)
{
    IPUBlock *b = opaque;

    trace_imx6_ipu_write(b->ipu->unit, b->name, offset, value);
    if (ipu_block_ok(b, offset, true) &&
        offset / 4 % WORD_CELLS < USED_CELLS) {
        b->regs[offset / 4] = value;
    }
}

const MemoryRegionOps ipu_cpmem_ops = {
    .read = ipu_block_read,
    .write = cpmem_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};
