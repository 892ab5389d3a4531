#!/bin/sh
# SPDX-License-Identifier: MIT
# Mainline's imx-drm on the IPU and HDMI models; the host compares pictures.
. /usr/libexec/refsoc/tests/tap.sh

all_components_bound() {
	cat /sys/kernel/debug/device_component/display-subsystem
	for c in crtc.2 crtc.3 crtc.6 crtc.7 disp0 hdmi ldb; do
		grep "$c" /sys/kernel/debug/device_component/display-subsystem |
			grep -qv 'not bound' || return 1
	done
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

overlay=$(awk '/^Planes/ { p = 1 } p && /^[0-9].*0x00000001$/ { id = $1 } END { print id }' /tmp/planes)

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
	sleep 4 | modetest -M imx-drm -s "$panel@$crtc:800x480" -v 2>&1 |
		tee /tmp/flips
	[ "$(grep -c '^freq: 61.58Hz$' /tmp/flips)" -ge 2 ]
}

check "imx-drm binds the first CRTC" bound imx-ipuv3-crtc.2 imx-ipuv3-crtc
check "imx-drm binds the second IPU's" bound imx-ipuv3-crtc.6 imx-ipuv3-crtc
check "every component is bound" all_components_bound
check "the panel is connected" has_mode DPI-1 800x480
check "HDMI reads its EDID" [ -n "$(hexdump -n 8 /sys/class/drm/card*-HDMI-A-1/edid)" ]
check "a mode is set" show 1 -s "$panel@$crtc:800x480@XR24" -F smpte
check "RGB565 is shown" show 2 -s "$panel@$crtc:800x480@RG16" -F smpte
check "an overlay is shown" show 3 -s "$panel@$crtc:800x480@XR24" \
	-P "$overlay@$crtc:320x240+240+120@XR24" -F plain,smpte
check "flips keep the panel's rate" flips_at_panel_rate
finish
