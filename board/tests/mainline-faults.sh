#!/bin/sh
# SPDX-License-Identifier: MIT
# Hardware that fails under mainline's drivers: that they notice, and that they
# work again afterwards. The host sets the switches: runner/faults.py.
. /usr/libexec/refsoc/tests/tap.sh
. /usr/libexec/refsoc/tests/mainline-media.sh

# fault DEVICE NAME on|off: goes on when the host has set the switch
fault() {
	local i gate
	gate=$(($(devmem $testdev_gate 32) + 1))
	printf '\n-- fault %s %s fault-%s %s\n' $gate "$1" "$2" "$3" >/dev/console
	for i in $(seq 1000); do
		[ $(($(devmem $testdev_gate 32))) = $gate ] && return 0
		usleep 20000
	done
	echo "the host sets no switch"
	return 1
}

# broken DEVICE FAULT CMD...: CMD passes with the fault, which then goes.
broken() {
	local device=$1 name=$2 status
	shift 2
	fault "$device" "$name" on || return 1
	"$@"
	status=$?
	fault "$device" "$name" off && return $status
}

# logged TEXT: the kernel says so within 15 seconds.
logged() {
	local i
	for i in $(seq 50); do
		dmesg | grep -m 1 "$1" && return 0
		sleep 0.3
	done
	return 1
}

# told TEXT CMD...: when CMD has run, or a little later.
told() {
	local text=$1
	shift
	dmesg -c >/dev/null
	"$@"
	logged "$text"
}

vga() { camera UYVY8_1X16 640x480 30 UYVY; }
good() { vga && frames 5; }

# no_start REASON: streaming does not even begin.
no_start() {
	vga || return 1
	frames 1 && return 1
	grep "STREAMON.*$1" /tmp/stream
}

# starves: a stream begins, no frame comes, and the reader is told.
starves() {
	vga || return 1
	frames 1 && return 1
	grep -m 1 'STREAMON returned 0' /tmp/stream && ! grep 'cap dqbuf' /tmp/stream
}

# They come all the same; what is wrong stays in the receiver's register.
bad_sums() {
	good && /usr/libexec/refsoc/refsoc-probe CSI2-1 CSI2-2 >/tmp/probe
	cat /tmp/probe
	[ "$(grep -c -- '-> A' /tmp/probe)" = 2 ]
}

# Frames come, and half as many in the time.
slower() { vga && frames 7 && rate 15 3; }

# What was lost stays pending, and is the first thing that the next stream
# hears.
good_again() {
	vga && frames 3
	good
}

check "the camera works" good
# ov5640 leaves the sensor at twice its rate until it has streamed and slept.
# From then on it stays awake: runtime PM remembers an error of its resume
# callback, and would refuse the sensor for ever after its first failure.
for i in 1 2 3 4 5 6 7 8 9 10; do
	! grep -q active /sys/bus/i2c/devices/1-0040/power/runtime_status || sleep 0.3
done
echo on >/sys/bus/i2c/devices/1-0040/power/control

check "a sensor that does not answer: STREAMON fails" \
	broken ov5640 dead-i2c no_start "such device\|I/O error\|timed out"
check "and when it does, it streams" good
check "no XCLK: STREAMON fails" \
	broken pwm3 no-output no_start "such device\|I/O error\|timed out"
check "and with it, it streams" good
check "no LP-11: the clock lane times out" \
	broken ov5640 no-lp11 told "LP-11 wait timeout" no_start "timed out"
check "and with it, it streams" good
check "no clock on the lanes: STREAMON times out" \
	broken ov5640 no-clock no_start "timed out"
check "and with it, it streams" good
check "no frames: imx-media tells its reader" \
	broken ov5640 no-frames told "EOF timeout" starves
check "and with them, it streams" good
check "headers beyond repair: no frame comes" \
	broken mipi-csi2 ecc-error told "EOF timeout" starves
check "and without, it streams" good
check "every other frame is left out: half the rate" \
	broken ov5640 late-frames slower
check "frames of half the lines: NFB4EOF" \
	broken ov5640 short-frames told "NFB4EOF" starves
check "and whole, it streams" good
check "a FIFO that runs over: no frame ends" \
	broken ipu1 fifo-overflow told "EOF timeout" starves
check "and without, it streams" good
check "ends of frame that get lost: imx-media tells its reader" \
	broken ipu1 lost-eof told "EOF timeout" starves
check "and with them, it streams" good
check "no interrupt from the IPU: imx-media tells its reader" \
	broken ipu1 lost-irq told "EOF timeout" starves
check "and with it, it streams" good_again
check "wrong checksums: the frames come all the same" \
	broken mipi-csi2 crc-error bad_sums

# Display
modetest -M imx-drm -c >/tmp/connectors 2>&1
panel=$(awk '$4 == "DPI-1" || $5 == "DPI-1" { print $1; exit }' /tmp/connectors)
modetest -M imx-drm -p >/tmp/planes 2>&1
crtc=$(awk '/^CRTCs/ { c = 1; next } c && /^[0-9]/ { print $1; exit }' /tmp/planes)

# flips_at HZ [TIMES]: page flips come so often, in virtual time; modetest says
# so for each 60 of them.
flips_at() {
	sleep 4 | modetest -M imx-drm -s "$panel@$crtc:800x480" -v 2>&1 | tee /tmp/flips
	[ "$(grep -c "^freq: $1.Hz\$" /tmp/flips)" -ge ${2:-2} ]
}

# Flips go on until one of them never ends; what follows is quick again.
flip_gets_lost() {
	local status
	dmesg -c >/dev/null
	mkfifo /tmp/hold
	modetest -M imx-drm -s "$panel@$crtc:800x480" -v </tmp/hold >/dev/null 2>&1 &
	exec 4>/tmp/hold
	sleep 1
	fault ipu1 lost-eof on
	exec 4>&-
	logged "flip_done timed out\|commit wait timed out"
	status=$?
	fault ipu1 lost-eof off
	wait
	return $status
}

edid_read() {
	echo detect >"$(echo /sys/class/drm/card*-HDMI-A-1/status)"
	[ "$(hexdump -n 8 /sys/class/drm/card*-HDMI-A-1/edid)" ]
}

no_edid() { ! edid_read; }

check "late vsync: flips at half the rate" broken ipu1 late-vsync flips_at 3[01].[0-9] 1
check "and without, at the panel's" flips_at 61.5
check "a display without EOF: the commit times out" flip_gets_lost
check "and with it, flips come" flips_at 61.5
check "a monitor that does not answer has no EDID" broken hdmi-ddc dead-i2c no_edid
check "and when it does, it has one" edid_read

# GPU
for card in /sys/class/drm/renderD*; do
	render=/dev/dri/${card##*/}
done
draw() { timeout 60 etnaviv_2d_test "$render"; }
draws() { draw >/tmp/draw 2>&1 || { cat /tmp/draw; return 1; }; }

bus_errors() { told "AXI bus error" draw && logged "recover hung GPU"; }

check "the GC320 draws" draws
check "a pipe that hangs: etnaviv recovers it" \
	broken gc320 stuck-busy told "recover hung GPU" draw
check "and without, it draws" draws
check "interrupts that get lost: etnaviv recovers the core" \
	broken gc320 lost-irq told "recover hung GPU" draw
check "and with them, it draws" draws
check "bus errors: etnaviv tells of them and recovers the core" \
	broken gc320 bus-error bus_errors
check "and without, it draws" draws
finish
