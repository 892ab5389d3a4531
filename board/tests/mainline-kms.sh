#!/bin/sh
# SPDX-License-Identifier: MIT
# Mainline's imx-drm on the IPU and HDMI models; the host compares pictures.
. /usr/libexec/refsoc/tests/tap.sh

all_components_bound() {
	cat /sys/kernel/debug/device_component/display-subsystem
	[ "$(grep -c ' bound$' /sys/kernel/debug/device_component/display-subsystem)" -ge 7 ] &&
		! grep -q 'not bound\|unknown' /sys/kernel/debug/device_component/display-subsystem
}

# connector NAME: its id; crtc of the head it can use first.
modetest -M imx-drm -c >/tmp/connectors 2>&1
connector() {
	awk -v n="$1" '$4 == n || $5 == n { print $1; exit }' /tmp/connectors
}
panel=$(connector DPI-1)
hdmi=$(connector HDMI-A-1)

modetest -M imx-drm -p >/tmp/planes 2>&1
crtc=$(awk '/^CRTCs/ { c = 1; next } c && /^[0-9]/ { print $1; exit }' /tmp/planes)

has_mode() {
	grep -A3 "$1" /tmp/connectors
	grep "$1" /tmp/connectors | grep -q connected && grep -q " $2 " /tmp/connectors
}

# show PICTURE ARGS...: modetest holds the picture until its stdin closes.
show() {
	local number=$1 status
	shift
	mkfifo /tmp/hold.$number
	modetest -M imx-drm "$@" </tmp/hold.$number >/tmp/modetest.$number 2>&1 &
	exec 4>/tmp/hold.$number
	sleep 1
	picture "$number"
	status=$?
	exec 4>&-
	wait
	cat /tmp/modetest.$number
	return $status
}

# The panel's 30 MHz over 928 x 525 is 61.58 Hz, in virtual time.
flips_at_panel_rate() {
	local rate
	show 9 -s "$panel@$crtc:800x480" -v >/dev/null
	rate=$(sed -n 's/^freq: \([0-9.]*\)Hz/\1/p' /tmp/modetest.9 | tail -n 1)
	echo "modetest flips at $rate Hz"
	case $rate in 61.5* | 61.6*) ;; *) return 1 ;; esac
}

check "imx-drm binds the first CRTC" bound imx-ipuv3-crtc.2 imx-ipuv3-crtc
check "imx-drm binds the second IPU's" bound imx-ipuv3-crtc.6 imx-ipuv3-crtc
check "every component is bound" all_components_bound
check "the panel is connected" has_mode DPI-1 800x480
check "HDMI reads its EDID" [ -n "$(hexdump -n 8 /sys/class/drm/card*-HDMI-A-1/edid)" ]
check "a mode is set" show 1 -s "$panel@$crtc:800x480@XR24" -F smpte
check "RGB565 is shown" show 2 -s "$panel@$crtc:800x480@RG16" -F smpte
check "an overlay is shown" show 3 -s "$panel@$crtc:800x480@XR24" -F plain,smpte \
	-P "$(awk -v c="$crtc" '/^[0-9]/ && $1 != c && seen++ == 1 { print $1 }' /tmp/planes | head -n 1)@$crtc:320x240+240+120@XR24"
check "flips keep the panel's rate" flips_at_panel_rate
finish
