#!/bin/sh
# SPDX-License-Identifier: MIT
# The dma-heaps of RefSoC's own.
. /usr/libexec/refsoc/tests/tap.sh

igt refsoc_heaps
finish
