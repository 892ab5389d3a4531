#!/bin/sh
# SPDX-License-Identifier: MIT
# What a camera stream does not tell of a broken GPU driver.
. /usr/libexec/refsoc/tests/tap.sh

power=/sys/bus/platform/devices/134000.gpu/power

suspended() {
	for _ in $(seq 50); do
		[ "$(cat $power/runtime_status)" = suspended ] && return
		sleep 0.1
	done
	return 1
}

# A core that comes back has no translations, one that stays on keeps them: the
# first buffer is to be the first it sees, and the others are not.
check "the core has been off" suspended
echo on >$power/control
refsoc-gpucheck >/tmp/gpucheck 2>&1
seen=$?
echo auto >$power/control

# 3: pages of a new buffer are wrong, 4: only those at an address used before
# (check has a status of its own.)
wrong() {
	cat /tmp/gpucheck
	case $seen in
	0 | 3 | 4) [ "$seen" != "$1" ] ;;
	*) return 2 ;;
	esac
}

check "the GPU's pages are the CPU's" wrong 3
check "a new mapping is seen at an old address" wrong 4
finish
