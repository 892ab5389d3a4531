#!/bin/sh
# SPDX-License-Identifier: MIT
# What refsoc-pipeline cannot do it says in one sentence, with its own status.
. /usr/libexec/refsoc/tests/tap.sh

# refuses STATUS WORDS ARGS...
refuses() {
	local want=$1 words=$2 status
	shift 2
	refsoc-pipeline -n 2 "$@" >/tmp/said 2>&1
	status=$?
	cat /tmp/said
	[ $status = "$want" ] && grep -q "$words" /tmp/said &&
		[ "$(wc -l </tmp/said)" = 1 ]
}

# A driver that goes takes its device with it, and comes back.
without() {
	local module=$1 status
	shift
	rmmod "$module" || return 1
	"$@"
	status=$?
	modprobe "$module"
	sleep 1
	return $status
}

fill_cma() {
	# Dumb buffers of 8 MB until there is no more; held while "$@" runs.
	refsoc-hog /tmp/hog.ready &
	local hog=$! status
	while [ ! -e /tmp/hog.ready ]; do usleep 100000; done
	"$@"
	status=$?
	kill $hog
	wait $hog 2>/dev/null
	return $status
}

check "an unknown format" refuses 13 "unknown camera format" -F MJPG
check "an impossible size" refuses 13 "size 7x7" -g 7x7
check "a size the camera does not do" refuses 13 "does not do" -g 4000x3000
check "scanout from memory of the GPU's, which is contiguous when it has to be" \
	refsoc-pipeline -n 5 -s gpu
check "a full contiguous pool" fill_cma refuses 15 "contiguous pool is full"
check "no GPU" without refsoc_gpu refuses 11 "no GPU"
check "no camera" without refsoc_capture refuses 10 "no camera"
check "no display" without refsoc_kms refuses 12 "no connected panel"
check "and after all that it runs" refsoc-pipeline -n 5
finish
