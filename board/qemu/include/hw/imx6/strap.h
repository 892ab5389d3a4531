/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HW_IMX6_STRAP_H
#define HW_IMX6_STRAP_H

/*
 * A resistor or switch of the board: drives the level of its property "level"
 * (bool) on its GPIO output 0 from the end of each reset on.
 */
#define TYPE_IMX6_STRAP "imx6-strap"

#endif
