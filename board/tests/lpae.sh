#!/bin/sh
# SPDX-License-Identifier: MIT
# On the kernel of scripts/side-kernel lpae and the machine it is for: huge pages, and
# the heaps with memory above 4 GiB.
. /usr/libexec/refsoc/tests/tap.sh

# The end of memory is beyond 32 bits.
high() {
	grep -i -- "-1[0-9a-f]\{8\} : System RAM" /proc/iomem
}

check "there is memory above 4 GiB" high
check "there are huge pages" grep "^HugePages_Total: *[1-9]" /proc/meminfo
igt refsoc_udmabuf
igt refsoc_heaps --run-subtest 'deferred-*'
(finish)

# SYS_CFGCTRL of the motherboard: start, write, shut down. The kernel's own way
# there takes a mutex where it must not, and lockdep would say so.
devmem 0x1c0100a4 32 0xc0800000
sleep 60
