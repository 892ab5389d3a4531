#!/bin/sh
# SPDX-License-Identifier: MIT
# Sharing buffers: every two devices, what user space is told, and the table of
# who can share with whom.
. /usr/libexec/refsoc/tests/tap.sh
. /usr/libexec/refsoc/tests/partners.sh

# The one of sharing: those of fences wait for minutes of virtual time.
selftest() {
	local name
	name=$(/usr/sbin/modinfo -F parm dmabuf_selftests |
		sed -n 's/^\(igt__[0-9]*__dma_buf\):.*/\1/p')
	[ "$name" ] && modprobe dmabuf_selftests "$name=1" &&
		dmesg | grep "Running dma_buf_sharing/"
}

check "the partners in sharing are there" partners
check "the kernel's selftest of sharing" selftest
for name in refsoc_dmabuf refsoc_dmabuf_query refsoc_dmabuf_sync; do
	igt $name
done
matrix
finish
