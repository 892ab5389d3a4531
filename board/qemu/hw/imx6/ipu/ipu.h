/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside of the IPU model: what its sub-blocks share.
 *
 * Numbers of interrupts are "hwirq" numbers as the Linux driver counts them:
 * 32 * register + bit, with register 0 being the manual's IPU_INT_CTRL_1.
 */
#ifndef HW_IMX6_IPU_INTERNAL_H
#define HW_IMX6_IPU_INTERNAL_H

#include "exec/hwaddr.h"
#include "exec/memory.h"
#include "hw/irq.h"
#include "hw/sysbus.h"
#include "hw/imx6/clk.h"
#include "hw/imx6/dma.h"
#include "hw/imx6/ipu.h"
#include "migration/vmstate.h"
#include "qemu/bitops.h"
#include "qemu/timer.h"
#include "ui/console.h"

typedef struct IMX6IOMUXCState IMX6IOMUXCState;

#define IPU_CHANNELS    64
#define IPU_INT_REGS    15

/* IMX6DQRM 37.5.1, IPU_CONF */
#define IPU_CONF_CSI0_EN        BIT(0)
#define IPU_CONF_CSI1_EN        BIT(1)
#define IPU_CONF_IC_EN          BIT(2)
#define IPU_CONF_ROT_EN         BIT(3)
#define IPU_CONF_DP_EN          BIT(5)
#define IPU_CONF_DI0_EN         BIT(6)
#define IPU_CONF_DI1_EN         BIT(7)
#define IPU_CONF_SMFC_EN        BIT(8)
#define IPU_CONF_DC_EN          BIT(9)
#define IPU_CONF_DMFC_EN        BIT(10)
#define IPU_CONF_VDI_EN         BIT(12)
#define IPU_CONF_IDMAC_DIS      BIT(22)
#define IPU_CONF_CSI0_MIPI      BIT(28)
#define IPU_CONF_CSI1_MIPI      BIT(29)

/* Interrupts, first number of a group with one for each channel */
#define IPU_IRQ_EOF             0
#define IPU_IRQ_NFACK           64
#define IPU_IRQ_NFB4EOF         128
#define IPU_IRQ_EOS             192
#define IPU_IRQ_SMFC_FRM_LOST   288     /* + SMFC channel 0..3 */
#define IPU_IRQ_DI_SYNC_ERR     307     /* + DI number */
#define IPU_IRQ_AXIW_ERR        317
#define IPU_IRQ_AXIR_ERR        318
#define IPU_IRQ_DP_SF_START     450
#define IPU_IRQ_DP_SF_END       451
#define IPU_IRQ_DC_FC_1         457
#define IPU_IRQ_VSYNC_PRE       462     /* + DI number */

/* IDMAC channels (IMX6DQRM table 37-5) */
#define IPU_CH_BG_SYNC          23
#define IPU_CH_FG_SYNC          27
#define IPU_CH_DC_SYNC          28
#define IPU_CH_FG_ALPHA         31
#define IPU_CH_BG_ALPHA         51

/* Fields of the channel parameter memory: word, first bit, width */
typedef struct IPUField {
    uint8_t word;
    uint8_t bit;
    uint8_t width;
} IPUField;

#define IPU_FIELD(w, b, n)      ((IPUField) { (w), (b), (n) })
#define IPU_FIELD_UBO           IPU_FIELD(0, 46, 22)
#define IPU_FIELD_VBO           IPU_FIELD(0, 68, 22)
#define IPU_FIELD_IOX           IPU_FIELD(0, 90, 4)
#define IPU_FIELD_RDRW          IPU_FIELD(0, 94, 1)
#define IPU_FIELD_BPP           IPU_FIELD(0, 107, 3)
#define IPU_FIELD_DIM           IPU_FIELD(0, 112, 1)
#define IPU_FIELD_SO            IPU_FIELD(0, 113, 1)
#define IPU_FIELD_BNDM          IPU_FIELD(0, 114, 3)
#define IPU_FIELD_BM            IPU_FIELD(0, 117, 2)
#define IPU_FIELD_ROT           IPU_FIELD(0, 119, 1)
#define IPU_FIELD_HF            IPU_FIELD(0, 120, 1)
#define IPU_FIELD_VF            IPU_FIELD(0, 121, 1)
#define IPU_FIELD_FW            IPU_FIELD(0, 125, 13)
#define IPU_FIELD_FH            IPU_FIELD(0, 138, 12)
#define IPU_FIELD_EBA0          IPU_FIELD(1, 0, 29)
#define IPU_FIELD_EBA1          IPU_FIELD(1, 29, 29)
#define IPU_FIELD_ILO           IPU_FIELD(1, 58, 20)
#define IPU_FIELD_NPB           IPU_FIELD(1, 78, 7)
#define IPU_FIELD_PFS           IPU_FIELD(1, 85, 4)
#define IPU_FIELD_ALU           IPU_FIELD(1, 89, 1)
#define IPU_FIELD_ALBM          IPU_FIELD(1, 90, 3)
#define IPU_FIELD_ID            IPU_FIELD(1, 93, 2)
#define IPU_FIELD_TH            IPU_FIELD(1, 95, 7)
#define IPU_FIELD_SL            IPU_FIELD(1, 102, 14)
#define IPU_FIELD_WID(n)        IPU_FIELD(1, 116 + 3 * (n), 3)
#define IPU_FIELD_OFS(n)        IPU_FIELD(1, 128 + 5 * (n), 5)
#define IPU_FIELD_SLUV          IPU_FIELD(1, 128, 14)
#define IPU_FIELD_CRE           IPU_FIELD(1, 149, 1)

/* PFS: pixel format, IMX6DQRM table "CPMEM, PFS" */
enum {
    IPU_PFS_YUV444P = 0,
    IPU_PFS_YUV422P = 1,
    IPU_PFS_YUV420P = 2,
    IPU_PFS_NV16 = 3,
    IPU_PFS_NV12 = 4,
    IPU_PFS_RAW = 6,
    IPU_PFS_RGB = 7,
    IPU_PFS_YUYV = 8,
    IPU_PFS_UYVY = 0xa,
};

/* One window on a block's registers; plain storage if ops are ours. */
typedef struct IPUBlock {
    MemoryRegion mr;
    IMX6IPUState *ipu;
    const char *name;
    uint32_t *regs;
    uint32_t count;             /* 32 bit registers */
} IPUBlock;

/* What follows needs IPUBlock. */
#include "capture.h"

#define IPU_CM_REGS     (0x294 / 4)
#define IPU_IDMAC_REGS  (0x140 / 4)
#define IPU_DI_REGS     (0x178 / 4)
#define IPU_DC_REGS     (0x1cc / 4)
#define IPU_DMFC_REGS   (0x38 / 4)
#define IPU_SRM_REGS    (0x118 / 4)
#define IPU_IC_REGS     (0x3c / 4)
#define IPU_IRT_REGS    (0x40 / 4)
#define IPU_VDI_REGS    (0x48 / 4)
#define IPU_TMPL_REGS   (0x800 / 4)
#define IPU_TPM_REGS    (0x10000 / 4)
#define IPU_CPMEM_REGS  (IPU_CHANNELS * 16)

struct IMX6IPUState {
    SysBusDevice parent_obj;

    uint32_t unit;              /* 1 or 2 */
    IMX6CCMState *ccm;
    IMX6IOMUXCState *iomuxc;
    IMX6DMA dma;
    char *dma_name;

    MemoryRegion mr;
    IPUBlock cm_block;
    IPUBlock idmac_block;
    IPUBlock cpmem_block;
    IPUBlock storage[6];
    qemu_irq irq_sync;
    qemu_irq irq_err;

    uint32_t cm[IPU_CM_REGS];
    uint32_t idmac[IPU_IDMAC_REGS];
    uint32_t cpmem[IPU_CPMEM_REGS];
    uint32_t ic[IPU_IC_REGS];
    uint32_t irt[IPU_IRT_REGS];
    uint32_t vdi[IPU_VDI_REGS];
    uint32_t dmfc[IPU_DMFC_REGS];
    uint32_t tmpl[IPU_TMPL_REGS];
    uint32_t tpm[IPU_TPM_REGS];

    IPUCapture capture;         /* CSI0, CSI1, SMFC: capture.h */
};

/* ipu.c */
/* Is the block's own clock (HSP) running? Nothing works while it is not. */
bool ipu_clocked(IMX6IPUState *s);
void ipu_block_init(IMX6IPUState *s, IPUBlock *b, const char *name,
                    hwaddr offset, const MemoryRegionOps *ops,
                    uint32_t *regs, unsigned count);
/*
 * Checks of an access to a block: clocked and inside. False means: reads as
 * 0, write ignored; it was logged.
 */
bool ipu_block_ok(IPUBlock *b, hwaddr offset, bool write);
extern const MemoryRegionOps ipu_storage_ops;

/* cm.c */
extern const MemoryRegionOps ipu_cm_ops;
void ipu_cm_reset(IMX6IPUState *s);
uint32_t ipu_conf(IMX6IPUState *s);
void ipu_raise(IMX6IPUState *s, unsigned hwirq);
void ipu_update_irq(IMX6IPUState *s);

/* idmac.c */
extern const MemoryRegionOps ipu_idmac_ops;
extern const MemoryRegionOps ipu_cpmem_ops;
uint32_t ipu_cpmem_get(IMX6IPUState *s, unsigned ch, IPUField field);

/* CHA_EN set and IPU_CONF does not hold the IDMAC */
bool ipu_ch_enabled(IMX6IPUState *s, unsigned ch);
/* Double buffered, by IPU_CHA_DB_MODE_SEL */
bool ipu_ch_double(IMX6IPUState *s, unsigned ch);
/* The buffer in work: IPU_CHA_CUR_BUF, 0 or 1 */
unsigned ipu_ch_current(IMX6IPUState *s, unsigned ch);
/* IPU_CHA_BUFn_RDY */
bool ipu_ch_ready(IMX6IPUState *s, unsigned ch, unsigned buf);
/* EBA0 or EBA1, in bytes */
hwaddr ipu_ch_eba(IMX6IPUState *s, unsigned ch, unsigned buf);
/* IDMAC_CH_BUSY */
void ipu_ch_set_busy(IMX6IPUState *s, unsigned ch, bool busy);

/*
 * A channel that writes memory wants to begin a frame: is the current buffer
 * ready? If so it gets busy, NFACK is raised, and *eba is where to write.
 * If not, NFB4EOF is raised: the frame has nowhere to go.
 */
bool ipu_ch_begin_write(IMX6IPUState *s, unsigned ch, hwaddr *eba);
/*
 * ... has ended it: the buffer's RDY is cleared, with double buffers CUR_BUF
 * toggles, then EOF is raised.
 */
void ipu_ch_end_write(IMX6IPUState *s, unsigned ch);

/*
 * A channel that reads memory (a display): begins a frame from the current
 * buffer, ready or not, since a display cannot wait; at the end goes on to
 * the other buffer if that is ready, then raises EOF.
 */
hwaddr ipu_ch_begin_read(IMX6IPUState *s, unsigned ch);
void ipu_ch_end_read(IMX6IPUState *s, unsigned ch);

#endif
