/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q clock tree as seen by the blocks that hang on it.
 *
 * i.MX 6Dual/6Quad Reference Manual (IMX6DQRM) rev. 6, chapter 18, CCM.
 */
#ifndef HW_IMX6_CLK_H
#define HW_IMX6_CLK_H

#include "hw/misc/imx6_ccm.h"

typedef enum IMX6QClock {
    IMX6Q_CLK_IPU1,             /* HSP clock, CCGR3 CG0 */
    IMX6Q_CLK_IPU1_DI0,         /* CCGR3 CG1 */
    IMX6Q_CLK_IPU1_DI1,         /* CCGR3 CG2 */
    IMX6Q_CLK_IPU2,             /* CCGR3 CG3 */
    IMX6Q_CLK_IPU2_DI0,         /* CCGR3 CG4 */
    IMX6Q_CLK_IPU2_DI1,         /* CCGR3 CG5 */
    IMX6Q_CLK_LDB_DI0,          /* CCGR3 CG6 */
    IMX6Q_CLK_LDB_DI1,          /* CCGR3 CG7 */
    IMX6Q_CLK_HSI_TX,           /* MIPI core_cfg, CCGR3 CG8 */
    IMX6Q_CLK_GPU2D_CORE,       /* CCGR1 CG12 */
    IMX6Q_CLK_GPU2D_AXI,        /* follows MMDC/AXI, gated with the core */
    IMX6Q_CLK_GPU3D_CORE,       /* CCGR1 CG13 */
    IMX6Q_CLK_GPU3D_SHADER,
    IMX6Q_CLK_GPU3D_AXI,
    IMX6Q_CLK_HDMI_IAHB,        /* CCGR2 CG0 */
    IMX6Q_CLK_HDMI_ISFR,        /* CCGR2 CG2 */
    IMX6Q_CLK_EIM_SLOW,         /* CSI-2 pixel clock source (eim_podf) */
    IMX6Q_CLK_VIDEO_27M,        /* CCGR2 CG2's source */
    IMX6Q_CLK_IPG,
    IMX6Q_CLK_PERCLK,           /* I2C, PWM "ipg" side */
    IMX6Q_CLK_PWM1,             /* CCGR4 CG8 */
    IMX6Q_CLK_PWM2,
    IMX6Q_CLK_PWM3,
    IMX6Q_CLK_PWM4,
    IMX6Q_CLK_OCOTP,            /* IIM, CCGR2 CG6 */
    IMX6Q_CLK_COUNT
} IMX6QClock;

/**
 * imx6q_clk_hz: rate at which a block is clocked now, in Hz
 * @ccm: the clock controller
 * @clock: which clock
 *
 * Computed from the CCM and ANATOP registers at each call, nothing is cached.
 * Returns 0 when the clock is gated or its PLL is powered down or bypassed
 * to nothing. Never more than fits in 32 bits, whatever a guest programs.
 */
uint64_t imx6q_clk_hz(IMX6CCMState *ccm, IMX6QClock clock);

/**
 * imx6q_clk_add_properties: let tests and users ask for the rates
 * @ccm: gets a read-only QOM property for each clock, "ipu1-hz" and so on
 */
void imx6q_clk_add_properties(IMX6CCMState *ccm);

#endif
