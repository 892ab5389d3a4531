# SPDX-License-Identifier: MIT
# Sourced on the board: the emulated board's test device
# (board/qemu/hw/imx6/testdev.c).

testdev_shot=0x00138008
testdev_shots=0x0013800c
testdev_record=0x00138014
testdev_ns_lo=0x00138018
testdev_ns_hi=0x0013801c
testdev_gate=0x00138020

# picture N: the next whole frame of a head becomes <head>-N.ppm on the host.
picture() {
	local before i
	before=$(devmem $testdev_shots 32)
	devmem $testdev_shot 32 "$1"
	for i in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(devmem $testdev_shots 32)" = "$before" ] || return 0
		usleep 20000
	done
	echo "no frame was scanned out in 200 ms"
	return 1
}
