#!/bin/sh
# SPDX-License-Identifier: MIT
# The KUnit tests of RefSoC's modules: they run when a module is loaded. What
# they say is in the kernel log on the console, and judged on the host
# (runner/ktap.py).
. /usr/libexec/refsoc/tests/tap.sh

for file in $(find /lib/modules/ -name 'refsoc*test.ko' -o -name 'dma-buf*test.ko' \
	-o -name 'videobuf2*test.ko' |
	sort); do
	name=${file##*/}
	name=${name%.ko}
	check "$name can be loaded" modprobe "$name" || continue
	check "$name can be removed" rmmod "$name"
done
finish
