#!/bin/sh
# SPDX-License-Identifier: MIT
# Stream from the camera to the screen; refsoc.args= on the kernel command
# line holds refsoc-pipeline's arguments, commas between them.
args=$(sed -n 's/.*\brefsoc\.args=\([^ ]*\).*/\1/p' /proc/cmdline | tr , ' ')
for d in /sys/bus/platform/drivers/*/*[.-]*; do
	case $d in
	*.gpu | *ipuv3-crtc* | *ipuv3-csi* | *mipi | */disp0)
		d=${d#/sys/bus/platform/drivers/}
		echo "${d#*/} is bound to ${d%/*}"
		;;
	esac
done

# ov5640 leaves the sensor at twice its rate after probing, until it has slept.
for i in 1 2 3 4 5 6 7 8 9 10; do
	! grep -q active /sys/bus/i2c/devices/1-0040/power/runtime_status || sleep 0.3
done

# refsoc.shots=N: so many pictures of the screen while it streams, from 11 on.
shots=$(sed -n 's/.*\brefsoc\.shots=\([0-9]*\).*/\1/p' /proc/cmdline)
if [ "$shots" ]; then
	(
		. /usr/libexec/refsoc/tests/testdev.sh
		sleep 1
		for n in $(seq 11 $((10 + shots))); do
			picture "$n" >/dev/null
		done
	) &
fi

# Who shares which buffer with whom; a kernel that is not ours cannot tell.
trace=/sys/kernel/tracing
for event in attach refuse map; do
	[ ! -d $trace/events/dma_buf/dma_buf_$event ] ||
		echo 1 >$trace/events/dma_buf/dma_buf_$event/enable
done
# shellcheck disable=SC2086 # one word an argument
refsoc-pipeline -k /usr/libexec/refsoc/tests/recorder $args
status=$?
if [ -d $trace/events/dma_buf ]; then
	# The kernel's messages would cut a line in two.
	dmesg -n 1
	echo "-- dma-buf"
	sed -n 's,^# entries-in-buffer/entries-written: \([0-9]*\)/\([0-9]*\) .*,# kept \1 of \2,p
		s/^.*: \(dma_buf_[a-z]*: \)/\1/p' $trace/trace
	echo "-- dma-buf ends"
	dmesg -n 7
fi
exit $status
