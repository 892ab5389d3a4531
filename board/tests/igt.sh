#!/bin/sh
# SPDX-License-Identifier: MIT
# RefSoC's tests as part of a real IGT, and IGT's own of the kernel's selftests:
# what scripts/igt has laid over the board.
. /usr/libexec/refsoc/tests/tap.sh
. /usr/libexec/refsoc/tests/partners.sh

igt_home=/usr/libexec/igt-gpu-tools
export REFSOC_PICTURE=/usr/libexec/refsoc/tests/picture
check "the partners in sharing are there" partners
for program in "$igt_home"/*; do
	name=${program##*/}
	[ "$name" = dmabuf ] || igt "$name"
done
# The one of sharing: those of fences wait for minutes of virtual time.
igt dmabuf --run-subtest all-tests --dynamic-subtest dma_buf
finish
