#!/bin/sh
# SPDX-License-Identifier: MIT
# What sharing buffers costs. The figures are in the kernel's log.
. /usr/libexec/refsoc/tests/tap.sh

# Without RefSoC there is only the module that every kernel can have.
plain=/usr/libexec/refsoc/bench/dma-buf-cost.ko
if [ -e $plain ]; then
	check "dma-buf-cost can be loaded" insmod $plain
else
	check "dma-buf-cost can be loaded" modprobe dma-buf-cost
	check "dma-buf-bounds-test can be loaded" modprobe dma-buf-bounds-test
fi
finish
