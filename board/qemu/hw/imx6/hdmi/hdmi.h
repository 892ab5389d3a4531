/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HDMI transmitter: what its files share. Registers by the names of IMX6DQRM
 * 33.5; offsets are bytes, each register is one.
 */
#ifndef HW_IMX6_HDMI_INTERNAL_H
#define HW_IMX6_HDMI_INTERNAL_H

#include "exec/hwaddr.h"

#define DESIGN_ID               0x0000
#define REVISION_ID             0x0001
#define PRODUCT_ID0             0x0002
#define PRODUCT_ID1             0x0003
#define CONFIG0_ID              0x0004
#define CONFIG1_ID              0x0005
#define CONFIG2_ID              0x0006
#define CONFIG3_ID              0x0007
#define IH_FC_STAT0             0x0100
#define IH_PHY_STAT0            0x0104
#define   IH_PHY_HPD            (1 << 0)
#define   IH_PHY_TX_PHY_LOCK    (1 << 1)
#define   IH_PHY_RX_SENSE       (0xf << 2)
#define IH_I2CM_STAT0           0x0105
#define IH_I2CMPHY_STAT0        0x0108
#define   IH_I2CM_ERROR         (1 << 0)
#define   IH_I2CM_DONE          (1 << 1)
#define IH_STATS                10      /* from IH_FC_STAT0 on */
#define IH_MUTE_FC_STAT0        0x0180
#define IH_MUTE                 0x01ff
#define   IH_MUTE_ALL           (1 << 0)
#define FC_INVIDCONF            0x1000
#define   INVIDCONF_HDMI        (1 << 3)        /* DVI_modez */
#define FC_INHACTIV0            0x1001
#define FC_INHACTIV1            0x1002
#define FC_INVACTIV0            0x1005
#define FC_INVACTIV1            0x1006
#define PHY_CONF0               0x3000
#define   CONF0_ENHPDRXSENSE    (1 << 2)
#define   CONF0_TXPWRON         (1 << 3)
#define   CONF0_PDDQ            (1 << 4)
#define PHY_STAT0               0x3004
#define   PHY_TX_PHY_LOCK       (1 << 0)
#define   PHY_HPD               (1 << 1)
#define   PHY_RX_SENSE          (0xf << 4)
#define PHY_INT0                0x3005
#define PHY_MASK0               0x3006
#define PHY_POL0                0x3007
#define PHY_I2CM_SLAVE          0x3020
#define PHY_I2CM_ADDRESS        0x3021
#define PHY_I2CM_DATAO_1        0x3022
#define PHY_I2CM_DATAO_0        0x3023
#define PHY_I2CM_DATAI_1        0x3024
#define PHY_I2CM_DATAI_0        0x3025
#define PHY_I2CM_OPERATION      0x3026
#define   OPERATION_RD          (1 << 0)
#define   OPERATION_RD_EXT      (1 << 1)
#define   OPERATION_WR          (1 << 4)
#define PHY_I2CM_INT            0x3027
#define   INT_DONE_MASK         (1 << 2)
#define   INT_DONE_POL          (1 << 3)
#define PHY_I2CM_CTLINT         0x3028
#define   CTLINT_NACK_MASK      (1 << 6)
#define   CTLINT_NACK_POL       (1 << 7)
#define PHY_I2CM_DIV            0x3029
#define   DIV_FAST              (1 << 3)
#define PHY_I2CM_SOFTRSTZ       0x302a
#define PHY_I2CM_SS_SCL_HCNT_1  0x302b
#define AHB_DMA_START           0x3601
#define MC_CLKDIS               0x4001
#define   CLKDIS_PIXEL          (1 << 0)
#define   CLKDIS_TMDS           (1 << 1)
#define   CLKDIS_PREP           (1 << 2)
#define MC_SWRSTZREQ            0x4002
#define MC_FLOWCTRL             0x4004
#define   FLOWCTRL_CSC          (1 << 0)
#define MC_PHYRSTZ              0x4005
#define MC_LOCKONCLOCK          0x4006
#define   LOCK_PREPCLK          (1 << 4)
#define   LOCK_TCLK             (1 << 5)
#define   LOCK_PCLK             (1 << 6)
#define A_HDCPCFG0              0x5000
#define   HDCPCFG0_RXDETECT     (1 << 2)
#define CEC_CTRL                0x7d00
#define   CEC_CTRL_SEND         (1 << 0)
#define I2CM_SLAVE              0x7e00
#define I2CM_ADDRESS            0x7e01
#define I2CM_DATAO              0x7e02
#define I2CM_DATAI              0x7e03
#define I2CM_OPERATION          0x7e04
#define I2CM_INT                0x7e05
#define I2CM_CTLINT             0x7e06
#define I2CM_DIV                0x7e07
#define I2CM_SEGADDR            0x7e08
#define I2CM_SOFTRSTZ           0x7e09
#define I2CM_SEGPTR             0x7e0a
#define I2CM_SS_SCL_HCNT_1      0x7e0b
#define HDMI_REGS               0x7e13

typedef enum HDMIRegKind {
    REG_RW,
    REG_RO,
    REG_WO,                     /* reads as 0 */
    REG_W1C,
} HDMIRegKind;

typedef struct HDMIRegInfo {
    uint16_t first;
    uint16_t last;
    HDMIRegKind kind;
    uint8_t reset;
    uint8_t mask;               /* bits that are there */
} HDMIRegInfo;

/* What is known of the register at @offset; NULL where there is none */
const HDMIRegInfo *imx6_hdmi_reg_info(hwaddr offset);
void imx6_hdmi_reset_regs(uint8_t *regs);

#endif
