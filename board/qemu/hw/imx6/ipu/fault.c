/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fault switches of the IPU: see include/hw/imx6/fault.h.
 */

#include "qemu/osdep.h"
#include "ipu.h"

static const IMX6Fault ipu_faults[] = {
    [IPU_FAULT_LOST_IRQ] = { "lost-irq",
      "both interrupt lines stay down, whatever is pending" },
    [IPU_FAULT_LOST_EOF] = { "lost-eof",
      "no channel tells the end of a frame (EOF)" },
    [IPU_FAULT_STUCK_BUSY] = { "stuck-busy",
      "IDMAC channels that were busy stay so" },
    [IPU_FAULT_READ_ERROR] = { "bus-error-read",
      "what the IDMAC reads ends in a bus error" },
    [IPU_FAULT_WRITE_ERROR] = { "bus-error-write",
      "what the IDMAC writes ends in a bus error" },
    [IPU_FAULT_LATE_VSYNC] = { "late-vsync",
      "displays take twice the time for a frame, the rest of it blank" },
    [IPU_FAULT_OVERFLOW] = { "fifo-overflow",
      "the IDMAC takes nothing from the SMFC: its FIFOs run over" },
};

static void ipu_faults_changed(Object *obj, uint32_t on)
{
    IMX6IPUState *s = IMX6_IPU(obj);

    s->dma.read_fault = on & BIT(IPU_FAULT_READ_ERROR);
    for (unsigned i = 0; i < IPU_CSIS; i++) {
        s->capture.csi[i].dma.write_fault = on & BIT(IPU_FAULT_WRITE_ERROR);
    }
    if (!(on & BIT(IPU_FAULT_STUCK_BUSY))) {
        ipu_ch_release_busy(s);
    }
    ipu_update_irq(s);
}

void ipu_fault_class_init(ObjectClass *oc)
{
    imx6_fault_add(oc, offsetof(IMX6IPUState, faults), ipu_faults,
                   ARRAY_SIZE(ipu_faults), ipu_faults_changed);
}
