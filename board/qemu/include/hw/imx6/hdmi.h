/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q HDMI transmitter (DesignWare HDMI TX 1.30a with the 3D TX PHY), and
 * the monitor's end of its DDC.
 *
 * i.MX 6Dual/6Quad Reference Manual (IMX6DQRM) rev. 6, chapters 33 and 34.
 *
 * imx6-hdmi: links "ccm" and "iomuxc" (left out: always clocked, head 0),
 * "ipu1", "ipu2" (left out: a pixel clock is always there, no picture).
 * Memory region 0: 0x9000 bytes at 0x00120000. sysbus IRQ 0. Property
 * "connected", at any time: whether a monitor is plugged in.
 *
 * imx6-hdmi-ddc: I2C slave with the EDID of a monitor, for whatever bus the
 * board leads the connector's DDC pins to; link "hdmi" says to which
 * transmitter's monitor it belongs, without which it is always there. Property
 * "edid", at any time: file of 128 or 256 bytes that takes the place of the
 * monitor's own EDID, as it is, right or wrong; "" gives back the monitor's.
 * A guest sees the change when it next reads: unplug, and plug in again.
 */
#ifndef HW_IMX6_HDMI_H
#define HW_IMX6_HDMI_H

#include "qom/object.h"

#define TYPE_IMX6_HDMI "imx6-hdmi"
OBJECT_DECLARE_SIMPLE_TYPE(IMX6HDMIState, IMX6_HDMI)

#define TYPE_IMX6_HDMI_DDC "imx6-hdmi-ddc"

#define IMX6_HDMI_SIZE          0x9000
#define IMX6_HDMI_DDC_ADDR      0x50

/* Whether a monitor is plugged in */
bool imx6_hdmi_connected(IMX6HDMIState *s);

#endif
