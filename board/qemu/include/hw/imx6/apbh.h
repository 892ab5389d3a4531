/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HW_IMX6_APBH_H
#define HW_IMX6_APBH_H

/* i.MX6Q APBH bridge DMA: control registers only, see hw/imx6/apbh.c. */
#define TYPE_IMX6_APBH "imx6-apbh"

#endif
