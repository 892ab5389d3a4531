/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the i.MX6Q's boot ROM does at power-on.
 *
 * i.MX 6Dual/6Quad Reference Manual (IMX6DQRM) rev. 6, chapter 8, system boot.
 *
 * Link "src": gets the boot mode pins. Property "enabled": false when
 * something else (-kernel) starts the CPU.
 */
#ifndef HW_IMX6_BOOTROM_H
#define HW_IMX6_BOOTROM_H

#include "hw/qdev-core.h"
#include "qemu/typedefs.h"

#define TYPE_IMX6_BOOTROM "imx6-bootrom"

/**
 * imx6_bootrom_set_card: tell which medium is in a slot
 * @slot: 0 for the card on uSDHC3, 1 for uSDHC4
 * @blk: the card's, already in use by the card; NULL without
 *
 * The first slot with a medium is booted from.
 */
void imx6_bootrom_set_card(DeviceState *dev, unsigned slot, BlockBackend *blk);

#endif
