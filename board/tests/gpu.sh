#!/bin/sh
# SPDX-License-Identifier: MIT
# refsoc-gpu on the GPU models: what mainline's driver has to draw as well.
. /usr/libexec/refsoc/tests/tap.sh

check "refsoc-gpu binds the GC2000" bound 130000.gpu refsoc-gpu-core
check "refsoc-gpu binds the GC320" bound 134000.gpu refsoc-gpu-core
for card in /sys/class/drm/renderD*; do
	node=/dev/dri/${card##*/}
done
check "libdrm's etnaviv_2d_test" etnaviv_2d_test "$node"
check "libdrm's etnaviv_bo_cache_test" etnaviv_bo_cache_test "$node"
igt refsoc_gc320
igt refsoc_gpu_submit
igt refsoc_gpu_fence
igt refsoc_gpu_hang
igt refsoc_gpu_userptr
igt refsoc_gpu_usage
igt refsoc_gpu_lifecycle
finish
