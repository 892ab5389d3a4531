/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q general power controller.
 *
 * i.MX 6Dual/6Quad Reference Manual (IMX6DQRM) rev. 6, chapter 27, GPC.
 *
 * Property "ccm" (link): the clock controller; it paces the sequences and its
 * ANATOP half feeds the domain. Without it: 66 MHz and always fed.
 * Named GPIO output "pu-power": level, 1 while the GPU/VPU domain is on. A
 * block in the domain loses its state at the falling edge.
 */
#ifndef HW_IMX6_GPC_H
#define HW_IMX6_GPC_H

#include "qom/object.h"

#define TYPE_IMX6_GPC "imx6-gpc"
OBJECT_DECLARE_SIMPLE_TYPE(IMX6GPCState, IMX6_GPC)

/**
 * imx6_gpc_pu_on: is the GPU/VPU domain ("PU") powered and out of isolation?
 *
 * False from the end of a power-down sequence to the end of a power-up one,
 * and while the PU regulator in ANATOP (PMU_REG_CORE, REG1_TARG) is off.
 */
bool imx6_gpc_pu_on(IMX6GPCState *s);

#endif
