#!/bin/sh
# SPDX-License-Identifier: MIT
# Mainline's etnaviv on the GPU models, with libdrm's tests and our streams.
. /usr/libexec/refsoc/tests/tap.sh

core_is() {
	dmesg | grep "etnaviv-gpu $1: model:"
	dmesg | grep -q "etnaviv-gpu $1: model: $2"
}

check "etnaviv binds the GC2000" bound 130000.gpu etnaviv-gpu
check "etnaviv binds the GC320" bound 134000.gpu etnaviv-gpu
check "the GC2000 is known" core_is 130000.gpu "GC2000, revision: 5108"
check "the GC320 is known" core_is 134000.gpu "GC320, revision: 5007"
# It hangs the cores, again and again: what comes behind shows that they work.
check "refsoc-probe -H ends well" probe -H
for card in /sys/class/drm/renderD*; do
	node=/dev/dri/${card##*/}
done
check "libdrm's etnaviv_2d_test" etnaviv_2d_test "$node"
check "libdrm's etnaviv_bo_cache_test" etnaviv_bo_cache_test "$node"
check "libdrm's etnaviv_cmd_stream_test" etnaviv_cmd_stream_test
igt refsoc_gc320
finish
