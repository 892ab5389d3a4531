/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q pad multiplexer and general purpose registers.
 *
 * i.MX 6Dual/6Quad Reference Manual (IMX6DQRM) rev. 6, chapter 36, IOMUXC.
 */
#ifndef HW_IMX6_IOMUXC_H
#define HW_IMX6_IOMUXC_H

#include "exec/hwaddr.h"
#include "qom/object.h"

#define TYPE_IMX6_IOMUXC "imx6-iomuxc"
OBJECT_DECLARE_SIMPLE_TYPE(IMX6IOMUXCState, IMX6_IOMUXC)

#define IMX6_IOMUXC_NUM_GPRS 14

/**
 * imx6_iomuxc_gpr: content of IOMUXC_GPR<n>; 0 when there is no such register
 */
uint32_t imx6_iomuxc_gpr(IMX6IOMUXCState *s, unsigned n);

/**
 * imx6_iomuxc_mux_mode: the function a pad is switched to
 * @offset: of the pad's IOMUXC_SW_MUX_CTL_PAD register, from the block's base
 *
 * The ALT number, 0..7; 5 is GPIO on every pad. SION is not part of it.
 */
unsigned imx6_iomuxc_mux_mode(IMX6IOMUXCState *s, hwaddr offset);

/**
 * imx6_iomuxc_reg: content of the register at @offset; 0 where there is none
 */
uint32_t imx6_iomuxc_reg(IMX6IOMUXCState *s, hwaddr offset);

#endif
