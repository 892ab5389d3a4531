#!/bin/sh
# SPDX-License-Identifier: MIT
# Mainline's imx-media and ov5640 on the camera models: the sensor's modes and
# their rates, formats, and what the CSI does to a picture.
. /usr/libexec/refsoc/tests/tap.sh
. /usr/libexec/refsoc/tests/mainline-media.sh

# mode SIZE FPS: so many frames a second by the buffers' time stamps, within
# what the sensor's dividers can hit: 3 in 100.
mode() {
	camera UYVY8_1X16 "$1" "$2" UYVY && frames 8 && rate "$2" 3
}

# stretched SIZE FPS: so much blanking that a frame has twice the lines
stretched() {
	local sensor blanking
	sensor=$(media-ctl -e "ov5640 1-0040")
	camera UYVY8_1X16 "$1" 30 UYVY || return 1
	blanking=$(v4l2-ctl -d "$sensor" -C vertical_blanking)
	v4l2-ctl -d "$sensor" \
		-c vertical_blanking=$((${blanking#*: } * 2 + ${1#*x})) &&
		frames 6 && rate "$2" 3
}

# The number strip of the test card begins with cells of 1, 0, 1, 0, each 20
# pixels wide: cut from pixel 16 of row 8 on, the first edge is 4 pixels away.
strip_at_pixel_16() { grep -q '^\(80eb\)\{4\}\(8010\)\{20\}80eb'; }

cropped() {
	camera UYVY8_1X16 640x480 30 UYVY && frames 1 || return 1
	whole=$(bytes $((8 * 1280 + 32)) 120)
	source_pad UYVY8_1X16 320x240 '(16,8)/320x240' &&
		format 320 240 UYVY && frames 1 || return 1
	echo "$whole" | strip_at_pixel_16 && [ "$(bytes 0 120)" = "$whole" ]
}

# Every other pixel of every other row: cells of 10 pixels
halved() {
	camera UYVY8_1X16 640x480 30 UYVY &&
		source_pad UYVY8_1X16 320x240 '(0,0)/640x480' '(0,0)/320x240' &&
		format 320 240 UYVY && frames 1 || return 1
	[ "$(wc -c </tmp/frames)" = 153600 ] &&
		bytes $((4 * 640)) 80 |
			grep -q '^\(80eb\)\{10\}\(8010\)\{10\}\(80eb\)\{10\}\(8010\)\{10\}$'
}

# skipped FPS: the CSI leaves frames out of 30 a second.
skipped() {
	camera UYVY8_1X16 640x480 30 UYVY &&
		media-ctl -V "\"ipu1_csi0\":2 [fmt:UYVY8_1X16/640x480@1/$1]" &&
		frames 9 && rate "$1" 3
}

# card_in CODE SIZE FPS FOURCC STRIDE BYTES: what the strip's first cell, at
# least 20 pixels of white, is in row 8 of such a picture.
card_in() {
	camera "$1" "$2" "$3" "$4" && frames 2 || return 1
	bytes $((8 * $5)) 20 | grep "^\($6\)*$"
}

check "imx-media binds the CSI" bound imx-ipuv3-csi.0 imx-ipuv3-csi
check "imx-media binds the receiver" bound 21dc000.mipi imx6-mipi-csi2

for m in 160x120 176x144 320x240 640x480 720x480 720x576 1024x768 1280x720 \
	1920x1080; do
	check "$m at 30 frames a second" mode $m 30
done
check "1920x1080 with twice the lines: 15" stretched 1920x1080 15
check "2592x1944 at 15 frames a second" mode 2592x1944 15

check "the card in UYVY" card_in UYVY8_1X16 640x480 30 UYVY 1280 80eb
check "the card in YUYV" card_in YUYV8_1X16 640x480 30 YUYV 1280 eb80
check "the card in NV12" card_in UYVY8_1X16 640x480 30 NV12 640 eb
check "the card in planar YUV 4:2:0" card_in UYVY8_1X16 640x480 30 YU12 640 eb
check "the card in planar YUV 4:2:2" card_in UYVY8_1X16 640x480 30 422P 640 eb
check "the card in Bayer data" card_in SBGGR8_1X8 1280x720 30 BA81 1280 ff

check "a crop rectangle is what it covers" cropped
check "half the size is every other pixel" halved
check "every other frame is left out" skipped 15
check "two of three are left out" skipped 10
check "one of three is left out" skipped 20
finish
