/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capture side of the IPU model.
 */

#include "qemu/osdep.h"
#include "ipu.h"

void ipu_capture_realize(IMX6IPUState *s, Error **errp)
{
}

void ipu_capture_reset(IMX6IPUState *s)
{
}

void ipu_capture_update(IMX6IPUState *s)
{
}

const VMStateDescription vmstate_ipu_capture = {
    .name = "imx6-ipu-capture",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_END_OF_LIST()
    },
};
