/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q on-chip one-time programmable fuses.
 *
 * i.MX 6Dual/6Quad Reference Manual (IMX6DQRM) rev. 6, chapter 46, OCOTP.
 *
 * Properties: "mac" (the address burnt into MAC0/1); link "ccm" (without it:
 * clocked at 66 MHz).
 */
#ifndef HW_IMX6_OCOTP_H
#define HW_IMX6_OCOTP_H

#include "qom/object.h"

#define TYPE_IMX6_OCOTP "imx6-ocotp"
OBJECT_DECLARE_SIMPLE_TYPE(IMX6OCOTPState, IMX6_OCOTP)

#endif
