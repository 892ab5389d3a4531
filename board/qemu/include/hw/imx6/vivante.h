/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante graphics cores of the i.MX6Q: GC2000 (3D), GC320 (2D), GC355 (VG).
 *
 * i.MX 6Dual/6Quad Reference Manual (IMX6DQRM) rev. 6, chapters 31 and 32;
 * registers after the public rnndb database (etna_viv) and the Linux driver
 * etnaviv.
 *
 * Properties: "core" is "gc2000", "gc320" or "gc355"; links "ccm" and "gpc"
 * (left out: always clocked, always powered). Memory region 0: 16 KiB at
 * 0x00130000, 0x00134000 or 0x02204000. sysbus IRQ 0: the core's interrupt.
 * GPIO inputs: "reset" from the SRC, level 1 resets; "power" from the GPC,
 * level 0 forgets everything.
 */
#ifndef HW_IMX6_VIVANTE_H
#define HW_IMX6_VIVANTE_H

#include "qom/object.h"

#define TYPE_VIVANTE_GPU "vivante-gpu"
OBJECT_DECLARE_SIMPLE_TYPE(VivanteGPUState, VIVANTE_GPU)

#define VIVANTE_GPU_SIZE    0x4000

#endif
