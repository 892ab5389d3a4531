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
#include "hw/imx6/fault.h"
#include "hw/imx6/ipu.h"
#include "migration/vmstate.h"
#include "qemu/bitops.h"
#include "qemu/timer.h"
#include "ui/console.h"
#include "rows.h"

typedef struct IMX6IOMUXCState IMX6IOMUXCState;

#define IPU_CHANNELS    64
#define IPU_INT_REGS    15

/* IPUx_CONF */
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

/* IDMAC channels */
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

/* One window on a block's registers; plain storage with ipu_storage_ops. */
typedef struct IPUBlock {
    MemoryRegion mr;
    IMX6IPUState *ipu;
    const char *name;
    uint32_t *regs;
    uint32_t count;             /* 32 bit registers */
    uint32_t unimp;             /* bits of register 0 that start nothing here */
} IPUBlock;

/*
 * A picture that the IDMAC fetches, with its parameters as the CPMEM held
 * them at the new frame: changes show with the next one.
 */
typedef struct IPULayer {
    uint32_t cell[16];
    uint32_t eba;
    uint32_t ch;
    bool active;                /* a frame is in flight */
} IPULayer;

/* The same, decoded */
typedef struct IPUFormat {
    unsigned pfs;
    unsigned bytes;             /* a pixel, of the first plane */
    unsigned width;
    unsigned height;
    unsigned stride;
    unsigned uv_stride;
    hwaddr y;
    hwaddr u;
    hwaddr v;
    bool flip;                  /* last row first */
    bool plain;                 /* 0xAARRGGBB words */
    uint8_t wid[4];
    uint8_t ofs[4];
    uint8_t expand[4][256];     /* a component to 8 bits */
} IPUFormat;

typedef struct IPUTiming {
    uint64_t pixel_hz;
    uint64_t period_ns;
    uint32_t htotal;
    uint32_t vtotal;
    uint32_t hactive;
    uint32_t vactive;
    uint32_t vstart;            /* lines from VSYNC to the first active one */
} IPUTiming;

#define IPU_DI_REGS     (0x178 / 4)
#define IPU_LISTENERS   4

/* A display interface and the frame that goes out through it */
typedef struct IPUDisplay {
    IMX6IPUState *ipu;
    unsigned di;
    IPUBlock block;
    uint32_t regs[IPU_DI_REGS];

    QEMUTimer *timer;
    bool running;               /* enabled, counters released */
    bool idle;                  /* running, but without clock or timing */
    bool picture;               /* the DC feeds this frame */
    bool error_told;            /* in this frame */
    bool bus_error_told;
    uint32_t step;
    int64_t t0;                 /* start of this frame */
    IPUTiming t;
    uint32_t dc_ch;
    uint32_t map;
    IPULayer main;              /* DP full plane, or the DC's own channel */
    IPULayer main_alpha;
    IPULayer part;              /* DP partial plane */
    IPULayer part_alpha;

    uint64_t frame;
    uint32_t *bus;              /* what the DI's data lines carried */
    uint32_t *panel;            /* what the panel made of it, IPU1 DI0 only */
    uint32_t bus_size;          /* bytes */
    uint32_t pads;              /* data lines that reach the panel */
    bool dirty;
    QemuConsole *con;
    char *name;
    IMX6DMA tap;
    struct {
        IMX6IPUHeadFn *fn;
        void *opaque;
    } listener[IPU_LISTENERS];
    unsigned listeners;
} IPUDisplay;

/* What follows needs IPUBlock. */
#include "capture.h"

#define IPU_CM_REGS     (0x294 / 4)
#define IPU_IDMAC_REGS  (0x140 / 4)
#define IPU_DC_REGS     (0x1cc / 4)
#define IPU_DMFC_REGS   (0x38 / 4)
#define IPU_DP_REGS     (0x118 / 4)
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
    IPUBlock dp_block;
    IPUBlock srm_block;
    IPUBlock dc_block;
    IPUBlock storage[6];
    qemu_irq irq_sync;
    qemu_irq irq_err;

    uint32_t cm[IPU_CM_REGS];
    uint32_t idmac[IPU_IDMAC_REGS];
    uint32_t cpmem[IPU_CPMEM_REGS];
    uint32_t dp[IPU_DP_REGS];
    uint32_t srm[IPU_DP_REGS];
    bool srm_pending;
    int64_t mem_rst_end;
    uint32_t dc[IPU_DC_REGS];
    uint32_t ic[IPU_IC_REGS];
    uint32_t irt[IPU_IRT_REGS];
    uint32_t vdi[IPU_VDI_REGS];
    uint32_t dmfc[IPU_DMFC_REGS];
    uint32_t tmpl[IPU_TMPL_REGS];
    uint32_t tpm[IPU_TPM_REGS];

    IPUDisplay display[2];
    uint8_t *raw;               /* a row as fetched */
    uint32_t *row[2];           /* ... and as pixels */

    IPUCapture capture;         /* CSI0, CSI1, SMFC: capture.h */

    uint32_t faults;
    uint32_t held_busy[2];      /* stuck-busy: of IDMAC_CH_BUSY */
};

/* Fault switches: fault.c */
enum {
    IPU_FAULT_LOST_IRQ,
    IPU_FAULT_LOST_EOF,
    IPU_FAULT_STUCK_BUSY,
    IPU_FAULT_READ_ERROR,
    IPU_FAULT_WRITE_ERROR,
    IPU_FAULT_LATE_VSYNC,
    IPU_FAULT_OVERFLOW,
};
void ipu_fault_class_init(ObjectClass *oc);

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
uint64_t ipu_block_read(void *opaque, hwaddr offset, unsigned size);
extern const MemoryRegionOps ipu_storage_ops;

/* cm.c */
extern const MemoryRegionOps ipu_cm_ops;
void ipu_cm_reset(IMX6IPUState *s);
uint32_t ipu_conf(IMX6IPUState *s);
uint32_t ipu_srm_pri2(IMX6IPUState *s);
/* IPU_DISP_GEN lets the counters of a DI run */
bool ipu_di_released(IMX6IPUState *s, unsigned di);
void ipu_raise(IMX6IPUState *s, unsigned hwirq);
void ipu_update_irq(IMX6IPUState *s);

/* idmac.c */
extern const MemoryRegionOps ipu_idmac_ops;
extern const MemoryRegionOps ipu_cpmem_ops;
uint32_t ipu_cpmem_field(const uint32_t *cells, IPUField field);
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
/* What the fault switch stuck-busy held is not busy any more. */
void ipu_ch_release_busy(IMX6IPUState *s);

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
 * Channels of a display have been enabled, those of @mask from @first on.
 * With double buffers and the current one not ready, they begin with the
 * other. Inferred: U-Boot and Freescale's kernels leave CUR_BUF at 0 and none
 * ready, have their picture at EBA1 (mxc_ipuv3_fb.c, setup_disp_channel2()),
 * and that is what is seen.
 */
void ipu_ch_start_reads(IMX6IPUState *s, unsigned first, uint32_t mask);
/*
 * A channel that reads memory (a display): begins a frame from the current
 * buffer, ready or not, since a display cannot wait; at the end goes on to
 * the other buffer if that is ready, then raises EOF.
 */
hwaddr ipu_ch_begin_read(IMX6IPUState *s, unsigned ch);
void ipu_ch_end_read(IMX6IPUState *s, unsigned ch);

/* layer.c */
#define IPU_MAX_WIDTH   8192    /* CPMEM FW */
#define IPU_MAX_HEIGHT  4096    /* ... FH */
#define IPU_MAX_MAP     30
void ipu_layer_begin(IMX6IPUState *s, IPULayer *l, unsigned ch);
void ipu_layer_end(IMX6IPUState *s, IPULayer *l);
void ipu_layer_abort(IMX6IPUState *s, IPULayer *l);
/* Its alpha comes from a channel of its own. */
bool ipu_layer_has_alpha(const IPULayer *l);
bool ipu_layer_decode(IMX6IPUState *s, const IPULayer *l, IPUFormat *f);
/*
 * Fetch @n pixels of a row to 0xAARRGGBB or 0xAAYYUUVV. False is a bus error;
 * what could not be read is black.
 */
bool ipu_layer_row(IMX6IPUState *s, const IPUFormat *f, unsigned row,
                   uint32_t *out, unsigned n);
bool ipu_layer_alpha_row(IMX6IPUState *s, const IPUFormat *f, unsigned row,
                         uint32_t *out, unsigned n);
extern const VMStateDescription vmstate_ipu_layer;

/* dp.c */
#define DP_COM_CONF             0
#define DP_GRAPH_WIND_CTRL      1
#define DP_FG_POS               2
#define DP_COM_CONF_FG_EN       BIT(0)
/* IPU_SRM_PRI2 was written. */
void ipu_dp_srm_mode(IMX6IPUState *s, uint32_t value);
bool ipu_dp_srm_busy(IMX6IPUState *s);
void ipu_dp_new_frame(IMX6IPUState *s);
/* Conversion and combination of one row; @part may be NULL. */
void ipu_dp_row(IMX6IPUState *s, uint32_t *main, unsigned width,
                uint32_t *part, unsigned x, unsigned part_width);

/* dc.c */
extern const MemoryRegionOps ipu_dc_ops;
/* Which DC channel feeds a DI now, by which map and on which DI counter? */
bool ipu_dc_source(IMX6IPUState *s, unsigned di, uint32_t *ch, uint32_t *map,
                   unsigned *counter);
void ipu_dc_reset(IMX6IPUState *s);
void ipu_dc_bus_map(IMX6IPUState *s, uint32_t map, IPUBusMap *m);

/* di.c */
void ipu_di_init(IMX6IPUState *s, unsigned di);
bool ipu_di_timing(IPUDisplay *d, unsigned counter, IPUTiming *t);

/* scan.c */
void ipu_scan_init(IPUDisplay *d);
void ipu_scan_reset(IPUDisplay *d);
/* A module or channel enable may have changed. */
void ipu_scan_update(IMX6IPUState *s);
extern const VMStateDescription vmstate_ipu_display;

/* head.c */
void ipu_head_init(IPUDisplay *d, Error **errp);
void ipu_head_finalize(IPUDisplay *d);
void ipu_head_resize(IPUDisplay *d, unsigned width, unsigned height);
void ipu_head_frame_start(IPUDisplay *d);
/* A row of the bus is complete. */
void ipu_head_row(IPUDisplay *d, unsigned row);
void ipu_head_frame_end(IPUDisplay *d);
/* Nothing drives the lines any more. */
void ipu_head_blank(IPUDisplay *d);

#endif
