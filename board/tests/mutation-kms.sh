#!/bin/sh
# SPDX-License-Identifier: MIT
# An overlay that begins left of the screen; the host compares the picture.
. /usr/libexec/refsoc/tests/tap.sh

modetest -M imx-drm -c >/tmp/connectors 2>&1
panel=$(awk '$4 == "DPI-1" || $5 == "DPI-1" { print $1; exit }' /tmp/connectors)
modetest -M imx-drm -p >/tmp/planes 2>&1
crtc=$(awk '/^CRTCs/ { c = 1; next } c && /^[0-9]/ { print $1; exit }' /tmp/planes)
overlay=$(awk '/^Planes/ { p = 1 } p && /^[0-9].*0x00000001$/ { id = $1 } END { print id }' /tmp/planes)

show() {
	local status
	mkfifo /tmp/hold
	modetest -M imx-drm "$@" </tmp/hold >/tmp/modetest 2>&1 &
	exec 4>/tmp/hold
	sleep 1
	picture 1
	status=$?
	exec 4>&-
	wait
	cat /tmp/modetest
	return $status
}

check "an overlay partly off the screen is taken" \
	show -s "$panel@$crtc:800x480@XR24" \
	-P "$overlay@$crtc:320x240-80+120@XR24" -F plain,smpte
finish
