/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q LVDS display bridge, one channel of it, with a panel.
 *
 * i.MX 6Dual/6Quad Reference Manual (IMX6DQRM) rev. 6, chapter 39: its control
 * register is IOMUXC_GPR2, its input multiplexer in IOMUXC_GPR3.
 *
 * Links "ccm", "iomuxc", "ipu1", "ipu2"; property "channel" 0 or 1. No memory
 * region, no interrupt: what it does is seen on its console. The panel is one
 * that takes the width and order of bits that the channel is set to.
 */
#ifndef HW_IMX6_LDB_H
#define HW_IMX6_LDB_H

#include "qom/object.h"

#define TYPE_IMX6_LDB "imx6-ldb"
OBJECT_DECLARE_SIMPLE_TYPE(IMX6LDBState, IMX6_LDB)

#endif
