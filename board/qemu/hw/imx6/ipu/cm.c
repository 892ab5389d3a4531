/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU common module: module enables, interrupts, buffer hand-over.
 *
 * IMX6DQRM rev. 6, chapter 37, IPUx_IPU_*; bits the manual's text leaves open
 * are taken from what drivers/gpu/ipu-v3/ipu-common.c of Linux relies on.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "ipu.h"
#include "trace.h"

enum {
    R_CONF = 0x00 / 4,
    R_INT_CTRL = 0x3c / 4,
    R_SRM_PRI2 = 0xa4 / 4,
    R_DISP_GEN = 0xc4 / 4,
    R_MEM_RST = 0xdc / 4,
    R_GPR = 0xe4 / 4,
    R_DB_MODE = 0x150 / 4,
    R_INT_STAT = 0x200 / 4,
    R_CUR_BUF = 0x23c / 4,
    R_ALT_CUR_BUF = 0x244 / 4,
    R_SRM_STAT = 0x24c / 4,
    R_DISP_TASK_STAT = 0x254 / 4,
    R_TRB_CUR_BUF = 0x258 / 4,
    R_BUF0_RDY = 0x268 / 4,
    R_BUF1_RDY = 0x270 / 4,
    R_ALT_BUF0_RDY = 0x278 / 4,
    R_ALT_BUF1_RDY = 0x280 / 4,
    R_BUF2_RDY = 0x288 / 4,
};

#define MEM_RST_START   BIT(31)
#define MEM_RST_ALL     0x7fffff
#define MEM_RST_NS      (10 * SCALE_US)

/* Registers of INT_CTRL/STAT that drive the error line; the rest is sync. */
#define ERROR_REGS      (BIT(4) | BIT(5) | BIT(8) | BIT(9))

uint32_t ipu_conf(IMX6IPUState *s)
{
    return s->cm[R_CONF];
}

uint32_t ipu_srm_pri2(IMX6IPUState *s)
{
    return s->cm[R_SRM_PRI2];
}

bool ipu_di_released(IMX6IPUState *s, unsigned di)
{
    return s->cm[R_DISP_GEN] & BIT(24 + di);
}

void ipu_update_irq(IMX6IPUState *s)
{
    uint32_t sync = 0, err = 0;

    for (unsigned i = 0; i < IPU_INT_REGS; i++) {
        uint32_t on = s->cm[R_INT_STAT + i] & s->cm[R_INT_CTRL + i];

        if (ERROR_REGS & BIT(i)) {
            err |= on;
        } else {
            sync |= on;
        }
    }
    if (s->faults & BIT(IPU_FAULT_LOST_IRQ)) {
        sync = err = 0;
    }
    qemu_set_irq(s->irq_sync, !!sync);
    qemu_set_irq(s->irq_err, !!err);
}

void ipu_raise(IMX6IPUState *s, unsigned hwirq)
{
    if (hwirq < IPU_IRQ_EOF + IPU_CHANNELS &&
        (s->faults & BIT(IPU_FAULT_LOST_EOF))) {
        return;
    }
    trace_imx6_ipu_raise(s->unit, hwirq);
    s->cm[R_INT_STAT + hwirq / 32] |= BIT(hwirq % 32);
    ipu_update_irq(s);
}

static bool bit_of(IMX6IPUState *s, unsigned reg, unsigned ch)
{
    return s->cm[reg + ch / 32] & BIT(ch % 32);
}

bool ipu_ch_double(IMX6IPUState *s, unsigned ch)
{
    return bit_of(s, R_DB_MODE, ch);
}

unsigned ipu_ch_current(IMX6IPUState *s, unsigned ch)
{
    return bit_of(s, R_CUR_BUF, ch);
}

static unsigned ready_reg(unsigned buf)
{
    return buf ? R_BUF1_RDY : R_BUF0_RDY;
}

bool ipu_ch_ready(IMX6IPUState *s, unsigned ch, unsigned buf)
{
    return bit_of(s, ready_reg(buf), ch);
}

static void clear_ready(IMX6IPUState *s, unsigned ch, unsigned buf)
{
    s->cm[ready_reg(buf) + ch / 32] &= ~BIT(ch % 32);
}

static void toggle(IMX6IPUState *s, unsigned ch)
{
    s->cm[R_CUR_BUF + ch / 32] ^= BIT(ch % 32);
}

bool ipu_ch_begin_write(IMX6IPUState *s, unsigned ch, hwaddr *eba)
{
    unsigned buf = ipu_ch_current(s, ch);

    if (!ipu_ch_ready(s, ch, buf)) {
        ipu_raise(s, IPU_IRQ_NFB4EOF + ch);
        return false;
    }
    *eba = ipu_ch_eba(s, ch, buf);
    trace_imx6_ipu_frame_begin(s->unit, ch, buf, *eba);
    ipu_ch_set_busy(s, ch, true);
    ipu_raise(s, IPU_IRQ_NFACK + ch);
    return true;
}

void ipu_ch_end_write(IMX6IPUState *s, unsigned ch)
{
    clear_ready(s, ch, ipu_ch_current(s, ch));
    if (ipu_ch_double(s, ch)) {
        toggle(s, ch);
    }
    ipu_ch_set_busy(s, ch, false);
    ipu_raise(s, IPU_IRQ_EOF + ch);
}

void ipu_ch_start_reads(IMX6IPUState *s, unsigned first, uint32_t mask)
{
    for (; mask; mask &= mask - 1) {
        unsigned ch = first + ctz32(mask);
        unsigned buf = ipu_ch_current(s, ch);

        if (ipu_ch_double(s, ch) && !ipu_ch_ready(s, ch, buf)) {
            clear_ready(s, ch, !buf);
            toggle(s, ch);
        }
    }
}

hwaddr ipu_ch_begin_read(IMX6IPUState *s, unsigned ch)
{
    unsigned buf = ipu_ch_current(s, ch);
    hwaddr eba = ipu_ch_eba(s, ch, buf);

    trace_imx6_ipu_frame_begin(s->unit, ch, buf, eba);
    ipu_ch_set_busy(s, ch, true);
    ipu_raise(s, IPU_IRQ_NFACK + ch);
    return eba;
}

void ipu_ch_end_read(IMX6IPUState *s, unsigned ch)
{
    unsigned other = !ipu_ch_current(s, ch);

    if (ipu_ch_double(s, ch)) {
        if (ipu_ch_ready(s, ch, other)) {
            clear_ready(s, ch, other);
            toggle(s, ch);
        }
    } else {
        clear_ready(s, ch, 0);
    }
    ipu_ch_set_busy(s, ch, false);
    ipu_raise(s, IPU_IRQ_EOF + ch);
}

/*
 * IPU_GPR's top bits make writing 1 to the ready registers clear instead of
 * set (IMX6DQRM, IPU_GPR: IPU_CHn_BUFm_RDYk_CLR).
 */
static void write_ready(IMX6IPUState *s, unsigned reg, uint32_t value,
                        unsigned gpr_bit)
{
    if (s->cm[R_GPR] & BIT(gpr_bit)) {
        s->cm[reg] &= ~value;
    } else {
        s->cm[reg] |= value;
    }
}

/*
 * A bit for each memory of the IPU; the top bit starts and stays up while
 * they are being cleared. How long that takes is not in the manual.
 */
static void write_mem_rst(IMX6IPUState *s, uint32_t value)
{
    s->cm[R_MEM_RST] = value & ~MEM_RST_START;
    if (!(value & MEM_RST_START)) {
        return;
    }
    s->mem_rst_end = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + MEM_RST_NS;
    if ((value & MEM_RST_ALL) != MEM_RST_ALL) {
        qemu_log_mask(LOG_UNIMP, "ipu%u: reset of single memories\n",
                      s->unit);
        return;
    }
    memset(s->cpmem, 0, sizeof(s->cpmem));
    memset(s->srm, 0, sizeof(s->srm));
    memset(s->tmpl, 0, sizeof(s->tmpl));
    memset(s->tpm, 0, sizeof(s->tpm));
}

static void write_conf(IMX6IPUState *s, uint32_t value)
{
    uint32_t unimp = IPU_CONF_ROT_EN | IPU_CONF_VDI_EN;

    if (value & ~s->cm[R_CONF] & unimp) {
        qemu_log_mask(LOG_UNIMP, "ipu%u: rotator and deinterlacer "
                      "(IPU_CONF 0x%08x)\n", s->unit, value);
    }
    s->cm[R_CONF] = value;
    ipu_scan_update(s);
    ipu_capture_update(s);
}

static uint64_t cm_read(void *opaque, hwaddr offset, unsigned size)
{
    IPUBlock *b = opaque;
    IMX6IPUState *s = b->ipu;
    uint32_t value = ipu_block_ok(b, offset, false) ? b->regs[offset / 4] : 0;

    switch (offset / 4) {
    case R_MEM_RST:
        if (qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) < s->mem_rst_end) {
            value |= MEM_RST_START;
        }
        break;
    case R_SRM_STAT:
        value |= ipu_dp_srm_busy(s);
        break;
    }
    trace_imx6_ipu_read(b->ipu->unit, b->name, offset, value);
    return value;
}

/* The registers of buffers; false if @reg is none of them */
static bool write_buffers(IMX6IPUState *s, unsigned reg, uint32_t value)
{
    switch (reg) {
    case R_CUR_BUF ... R_CUR_BUF + 1:
    case R_TRB_CUR_BUF ... R_TRB_CUR_BUF + 3:
        /*
         * Read-only by the manual; a 1 resets the channel's pointer
         * (ipu-common.c, __ipu_idmac_reset_current_buffer()).
         */
        s->cm[reg] &= ~value;
        return true;
    case R_BUF0_RDY ... R_BUF0_RDY + 1:
        write_ready(s, reg, value, 28 + reg - R_BUF0_RDY);
        return true;
    case R_BUF1_RDY ... R_BUF1_RDY + 1:
        write_ready(s, reg, value, 30 + reg - R_BUF1_RDY);
        return true;
    case R_BUF2_RDY ... R_BUF2_RDY + 1:
        write_ready(s, reg, value, 20 + reg - R_BUF2_RDY);
        return true;
    case R_ALT_BUF0_RDY ... R_ALT_BUF0_RDY + 1:
        write_ready(s, reg, value, 24 + reg - R_ALT_BUF0_RDY);
        return true;
    case R_ALT_BUF1_RDY ... R_ALT_BUF1_RDY + 1:
        write_ready(s, reg, value, 26 + reg - R_ALT_BUF1_RDY);
        return true;
    }
    return false;
}

static void cm_write(void *opaque, hwaddr offset, uint64_t value,
                     unsigned size)
{
    IPUBlock *b = opaque;
    IMX6IPUState *s = b->ipu;
    unsigned reg = offset / 4;

    trace_imx6_ipu_write(s->unit, b->name, offset, value);
    if (!ipu_block_ok(b, offset, true) || write_buffers(s, reg, value)) {
        return;
    }
    switch (reg) {
    case R_CONF:
        write_conf(s, value);
        break;
    case R_INT_CTRL ... R_INT_CTRL + IPU_INT_REGS - 1:
        s->cm[reg] = value;
        ipu_update_irq(s);
        break;
    case R_INT_STAT ... R_INT_STAT + IPU_INT_REGS - 1:
        s->cm[reg] &= ~value;
        ipu_update_irq(s);
        break;
    case R_DISP_GEN:
        s->cm[reg] = value;
        ipu_scan_update(s);
        break;
    case R_SRM_PRI2:
        s->cm[reg] = value;
        ipu_dp_srm_mode(s, value);
        break;
    case R_ALT_CUR_BUF ... R_ALT_CUR_BUF + 1:
    case R_SRM_STAT ... R_DISP_TASK_STAT:
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u: status at 0x%" HWADDR_PRIx
                      " is read-only\n", s->unit, offset);
        break;
    case R_MEM_RST:
        write_mem_rst(s, value);
        break;
    default:
        s->cm[reg] = value;
    }
}

const MemoryRegionOps ipu_cm_ops = {
    .read = cm_read,
    .write = cm_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

void ipu_cm_reset(IMX6IPUState *s)
{
    memset(s->cm, 0, sizeof(s->cm));
    s->mem_rst_end = 0;
}
