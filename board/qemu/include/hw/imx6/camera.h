/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HW_IMX6_CAMERA_H
#define HW_IMX6_CAMERA_H

/*
 * OmniVision OV5640 on I2C, with a moving test card in front of the lens
 * (docs/test-card.md). Links "csi2": the receiver, a TYPE_CSI2_SINK, and
 * "xclk": the TYPE_IMX6_PWM that makes its clock; without, "xclk-frequency" is
 * always there. Named GPIO inputs with the level of the pins: "resetb" (low
 * resets), "pwdn" (high powers down).
 */
#define TYPE_OV5640 "ov5640"
#define OV5640_I2C_ADDR 0x3c

/*
 * MIPI CSI-2 host controller, D-PHY and CSI2IPU gasket: IMX6DQRM chapter 40.
 * Links "ccm", "iomuxc" and "csi[0]" to "csi[3]": where the virtual channels
 * go, IPU1 CSI0, IPU1 CSI1, IPU2 CSI0 and IPU2 CSI1.
 */
#define TYPE_IMX6_MIPI_CSI2 "imx6-mipi-csi2"
#define IMX6_MIPI_CSI2_ADDR 0x021dc000
#define IMX6_MIPI_CSI2_IRQ1 100
#define IMX6_MIPI_CSI2_IRQ2 101

#endif
