/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capture side of the IPU model: CSI0, CSI1, SMFC and the IDMAC channels
 * that write memory.
 *
 * A CSI takes lines from the CSI-2 receiver or from its test generator and
 * makes rows of them; the SMFC says which IDMAC channels get them; a channel
 * writes them as its parameter memory tells.
 */
#ifndef HW_IMX6_IPU_CAPTURE_H
#define HW_IMX6_IPU_CAPTURE_H

#include "migration/vmstate.h"
#include "qemu/timer.h"
#include "hw/imx6/csi2_link.h"
#include "hw/imx6/dma.h"

#define IPU_CSIS                2
#define IPU_SMFC_CHANNELS       4
#define IPU_CSI_REGS            (0xf4 / 4)
#define IPU_SMFC_REGS           (0x0c / 4)
#define IPU_MAX_LINE            8192    /* CSI frame width: 13 bits */

/* CSI registers, IMX6DQRM 37.5, CSI0 and CSI1 */
enum {
    IPU_CSI_SENS_CONF = 0x00 / 4,
    IPU_CSI_SENS_FRM_SIZE = 0x04 / 4,
    IPU_CSI_ACT_FRM_SIZE = 0x08 / 4,
    IPU_CSI_OUT_FRM_CTRL = 0x0c / 4,
    IPU_CSI_TST_CTRL = 0x10 / 4,
    IPU_CSI_CCIR_CODE_1 = 0x14 / 4,
    IPU_CSI_MIPI_DI = 0x20 / 4,
    IPU_CSI_SKIP = 0x24 / 4,
};

#define IPU_CSI_TEST_GEN        BIT(24)         /* of TST_CTRL */

typedef struct IPUCsi {
    IPUBlock block;
    Object *port;               /* the CSI2Sink: child "csi0", "csi1" */
    IMX6DMA dma;
    unsigned n;

    uint32_t regs[IPU_CSI_REGS];
    bool in_frame;
    uint32_t started;           /* streams that had a line in this frame */
    uint32_t skipping;          /* ... whose frame is skipped */
    uint32_t frames;            /* frames begun since it was enabled */

    QEMUTimer test_timer;
    bool test_on;
    int64_t test_base_ns;       /* start of the frame at hand */
    uint32_t test_line;
} IPUCsi;

/* An IDMAC channel that takes from the SMFC */
typedef struct IPUWriter {
    bool active;                /* a frame is being written */
    bool lost;                  /* its FIFO ran over: the rest is dropped */
    uint32_t row;
    uint64_t eba;
    uint64_t frame;
} IPUWriter;

typedef struct IPUCapture {
    IPUCsi csi[IPU_CSIS];
    IPUBlock smfc_block;
    uint32_t smfc[IPU_SMFC_REGS];
    IPUWriter writer[IPU_SMFC_CHANNELS];

    /* Scratch: three components of a row, and a row as memory has it */
    uint8_t component[3][IPU_MAX_LINE + 1];
    uint16_t sample[IPU_MAX_LINE];
    uint8_t out[(IPU_MAX_LINE + 1) * 4];
} IPUCapture;

/*
 * A row as it leaves a CSI. It has bytes as they came, of which a YUV 4:2:2
 * row can be told its order, or only its three components.
 */
typedef struct IPURow {
    const uint8_t *bytes;
    unsigned width;             /* pixels, or units of generic data */
    unsigned unit;              /* bytes of one in @bytes */
    bool yuv422;
    bool luma_first;
    bool rgb;                   /* components are R, G, B */
    bool raw10;                 /* @bytes are CSI-2's RAW10 as yet */
    uint8_t depth;              /* bits of R and B in a pixel of 16 ... */
    uint8_t green;              /* ... and of G */
    bool unpacked;              /* components are valid */
} IPURow;

/* Map the register windows into the IPU's region and set up links. */
void ipu_capture_realize(IMX6IPUState *s, Error **errp);
void ipu_capture_reset(IMX6IPUState *s);
/* IPU_CONF, IDMAC_CH_EN or the clock may have changed. */
void ipu_capture_update(IMX6IPUState *s);

extern const VMStateDescription vmstate_ipu_capture;

/* csi.c */
void ipu_csi_realize(IMX6IPUState *s, unsigned n);
void ipu_csi_reset(IPUCsi *csi);
void ipu_csi_update(IPUCsi *csi);
bool ipu_csi_enabled(IPUCsi *csi);
/* A frame comes in: its start, and line by line what belongs to stream @id. */
void ipu_csi_begin_frame(IPUCsi *csi);
void ipu_csi_take_row(IPUCsi *csi, unsigned id, unsigned line, IPURow *row);
/* Make components of a YUV 4:2:2 row's bytes. */
void ipu_row_unpack(IMX6IPUState *s, IPURow *row);

/* csi_test.c */
void ipu_csi_test_init(IPUCsi *csi);
void ipu_csi_test_update(IPUCsi *csi);

/* smfc.c */
extern const MemoryRegionOps ipu_smfc_ops;
/* Stream @id (which of MIPI_DI0 to 3 matched) of a CSI begins a frame. */
void ipu_smfc_begin(IPUCsi *csi, unsigned id);
void ipu_smfc_row(IPUCsi *csi, unsigned id, IPURow *row);

/* capture.c */
void ipu_writer_begin(IPUCsi *csi, unsigned ch);
void ipu_writer_row(IPUCsi *csi, unsigned ch, IPURow *row);

#endif
