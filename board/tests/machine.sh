#!/bin/sh
# SPDX-License-Identifier: MIT
# The board came up as hardware does: nothing deferred, nothing failed.
. /usr/libexec/refsoc/tests/tap.sh

nothing_deferred() {
	cat /sys/kernel/debug/devices_deferred
	[ ! -s /sys/kernel/debug/devices_deferred ]
}

# Kernel messages of level error and above, less those real hardware prints.
no_errors() {
	! dmesg -r | grep '^<[0-3]>' | grep -vFf /usr/libexec/refsoc/tests/errors-allow.txt
}

chip_revision() {
	cat /sys/devices/soc0/soc_id /sys/devices/soc0/revision
	[ "$(cat /sys/devices/soc0/soc_id)" = i.MX6Q ] &&
		[ "$(cat /sys/devices/soc0/revision)" = 1.5 ]
}

clock_is() {
	local rate
	rate=$(cat "/sys/kernel/debug/clk/$1/clk_rate")
	echo "$1 runs at $rate Hz"
	[ "$rate" = "$2" ]
}

check "no device waits for another" nothing_deferred
check "no error in the kernel log" no_errors
check "the chip is an i.MX6Q 1.5" chip_revision
check "the SD card is mmc0" [ -b /dev/mmcblk0p2 ]
check "the IPUs' clock runs at 264 MHz" clock_is ipu1 264000000
check "the GPU power domain is there" [ -d /sys/kernel/debug/pm_genpd/PU ]
check "the network interface has a MAC address" \
	grep -qv 00:00:00:00:00:00 /sys/class/net/eth0/address

check "refsoc-probe ends well" probe
finish
