# SPDX-License-Identifier: GPL-2.0-or-later
# One board: the SABRE Lite with the SoC blocks mainline QEMU lacks.
CONFIG_SABRELITE=y
CONFIG_UNIMP=y
CONFIG_SABRELITE_REFSOC=y
# A CPU and memory such as the board has not: scripts/side-kernel lpae.
CONFIG_VEXPRESS=y
