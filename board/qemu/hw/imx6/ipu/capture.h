/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capture side of the IPU model: CSI0, CSI1, SMFC and the IDMAC channels
 * that write memory.
 */
#ifndef HW_IMX6_IPU_CAPTURE_H
#define HW_IMX6_IPU_CAPTURE_H

#include "exec/memory.h"
#include "migration/vmstate.h"
#include "hw/imx6/ipu.h"

typedef struct IPUCapture {
    MemoryRegion csi_mr[2];
    MemoryRegion smfc_mr;
} IPUCapture;

/* Map the register windows into the IPU's region and set up links. */
void ipu_capture_realize(IMX6IPUState *s, Error **errp);
void ipu_capture_reset(IMX6IPUState *s);
/* IPU_CONF, IDMAC_CH_EN or the clock may have changed. */
void ipu_capture_update(IMX6IPUState *s);

extern const VMStateDescription vmstate_ipu_capture;

#endif
