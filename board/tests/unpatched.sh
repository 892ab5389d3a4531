#!/bin/sh
# SPDX-License-Identifier: MIT
# Linux without RefSoC, with mainline's drivers: who can share with whom there.
. /usr/libexec/refsoc/tests/tap.sh
. /usr/libexec/refsoc/tests/partners.sh

check "the kernel is one without RefSoC" [ ! -d /sys/kernel/tracing/events/dma_buf ]
check "etnaviv binds the GC320" bound 134000.gpu etnaviv-gpu
check "imx-drm binds the display" bound imx-ipuv3-crtc.2 imx-ipuv3-crtc
check "imx-media binds the camera" bound imx-ipuv3-csi.0 imx-ipuv3-csi
check "the partners in sharing are there" partners
matrix
finish
