#!/bin/sh
# SPDX-License-Identifier: MIT
# The capture driver: what v4l2-compliance does not ask.
. /usr/libexec/refsoc/tests/tap.sh
platform=/sys/bus/platform/drivers

# camera CODE WIDTHxHEIGHT FOURCC: the sensor's pipeline to IPU1 CSI0's node.
camera() {
	media-ctl -r &&
		media-ctl -l '"ov5640 1-0040":0 -> "imx6-mipi-csi2":0 [1]' &&
		media-ctl -l '"imx6-mipi-csi2":1 -> "ipu1_csi0_mux":0 [1]' &&
		media-ctl -l '"ipu1_csi0_mux":2 -> "ipu1_csi0":0 [1]' &&
		for pad in "ov5640 1-0040" imx6-mipi-csi2 ipu1_csi0_mux ipu1_csi0; do
			media-ctl -V "\"$pad\":0 [fmt:$1/$2]" || return 1
		done &&
		format "${2%x*}" "${2#*x}" "$3"
}

node() { media-ctl -e "ipu1_csi0 capture"; }
format() { v4l2-ctl -d "$(node)" --set-fmt-video=width=$1,height=$2,pixelformat=$3; }
pattern() { v4l2-ctl -d "$(media-ctl -e ipu1_csi0)" -c test_pattern=$1; }
crop() { media-ctl -V "\"ipu1_csi0\":0 [crop:$1]"; }

# frames N: that many come, numbered without a gap.
frames() {
	rm -f /tmp/frames
	v4l2-ctl -d "$(node)" --stream-mmap=4 --stream-count=$1 \
		--stream-to=/tmp/frames --verbose 2>&1 |
		sed -n 's/.*dqbuf:.*seq: *\([0-9]*\) .*/\1/p;/STREAMON/p' >/tmp/numbers
	grep STREAMON /tmp/numbers
	[ "$(grep -v STREAMON /tmp/numbers)" = "$(seq 0 $(($1 - 1)))" ]
}

# bytes OFFSET COUNT: of the last recording, in hexadecimal.
bytes() { dd if=/tmp/frames bs=1 skip=$1 count=$2 2>/dev/null | hexdump -ve '1/1 "%02x"'; }

# refused REASON CMD...: CMD fails and says why.
refused() {
	local reason=$1 out
	shift
	out=$("$@" 2>&1) && return 1
	echo "$out" | tail -n 3
	case $out in *"$reason"*) ;; *) return 1 ;; esac
}


# No link, no stream: the test needs STREAMON's error, not v4l2-ctl's status.
streamon_fails() {
	v4l2-ctl -d "$(node)" --stream-mmap=4 --stream-count=1 2>&1 | grep "STREAMON.*$1"
}

# reader: a stream that runs until something ends it.
reader() {
	v4l2-ctl -d "$(node)" --stream-mmap=4 --stream-count=0 >/tmp/reader 2>&1 &
	reader=$!
	sleep 0.3
}

reader_gets_eio() {
	local i
	for i in 1 2 3 4 5; do
		kill -0 $reader 2>/dev/null || break
		sleep 0.2
	done
	kill -9 $reader 2>/dev/null && return 1
	wait $reader
	grep -o "DQBUF: failed: Input/output error" /tmp/reader
}

# GPIO6_9 powers the sensor down behind its driver's back: it does not answer
# any more, and a start has to be undone.
start_undone() {
	local pins status
	frames 3 || return 1
	pins=$(devmem 0x020b0000)
	devmem 0x020b0000 32 $((pins | 1 << 9))
	streamon_fails "No such device or address"
	status=$?
	devmem 0x020b0000 32 "$pins"
	[ $status = 0 ] &&
		[ "$(cat /sys/kernel/debug/clk/hsi_tx/clk_enable_count)" = 0 ]
}

# leaves DRIVER DEVICE: it is unbound under a running stream, and comes back.
leaves() {
	reader
	echo "$2" >"$1/unbind" || return 1
	reader_gets_eio || return 1
	echo "$2" >"$1/bind" || return 1
	sleep 1
	camera UYVY8_1X16 640x480 UYVY && frames 5
}

kunit() {
	modprobe refsoc-formats-test
	dmesg | sed -n 's/^.*# refsoc-capture-formats: //p;/not ok .* refsoc_/p' | tee /tmp/kunit
	grep -q 'pass:[1-9][0-9]* fail:0 skip:0' /tmp/kunit
}

# The number strip of the test card begins with cells of 1, 0, 1, 0, each 20
# pixels wide: cut from pixel 16 of row 8 on, the first edge is 4 pixels away.
cropped() {
	camera UYVY8_1X16 640x480 UYVY && frames 1 || return 1
	whole=$(bytes $((8 * 1280 + 32)) 120)
	crop '(16,8)/320x240' && format 320 240 UYVY && frames 1 || return 1
	echo "$whole" | grep -q '^\(80eb\)\{4\}\(8010\)\{20\}80eb' &&
		[ "$(bytes 0 120)" = "$whole" ]
}

# Squares of one colour and of nothing; here red, as BT.601 in UYVY.
red_squares() {
	media-ctl -r && media-ctl -V '"ipu1_csi0":0 [fmt:UYVY8_1X16/640x480]' &&
		format 640 480 UYVY && pattern 2 && frames 5 || return 1
	pattern 0
	hexdump -ve '4/1 "%02x" "\n"' -n 614400 /tmp/frames | sort | uniq -c | tee /tmp/colours
	[ "$(awk '{ print $2 }' /tmp/colours | paste -sd' ')" = "00000000 5a51f051" ]
}

check "refsoc-capture binds the media device" bound capture-subsystem refsoc-capture
check "refsoc-csi2 binds the receiver" bound 21dc000.mipi refsoc-csi2
check "refsoc-csi binds the CSIs" bound imx-ipuv3-csi.0 refsoc-csi
check "KUnit: formats and geometry" kunit

for f in UYVY8_1X16:UYVY UYVY8_1X16:YUYV UYVY8_1X16:NV12 YUYV8_1X16:UYVY \
	RGB565_1X16:RGBP RGB565_1X16:XR24; do
	check "a pipeline of ${f%:*} for ${f#*:}" camera ${f%:*} 640x480 ${f#*:}
	check "frames of ${f%:*} as ${f#*:}, none lost" frames 20
done
check "the largest picture: 2592x1944" camera UYVY8_1X16 2592x1944 UYVY
check "frames of the largest picture" frames 3
check "a crop rectangle is what it covers" cropped
check "the test pattern runs without a sensor" red_squares

check "no source: ENOLINK" streamon_fails "Link has been severed"
camera UYVY8_1X16 640x480 UYVY
format 320 240 UYVY
check "another size than the CSI's: EPIPE" streamon_fails "Broken pipe"
format 640 480 RGBP
check "RGB from YUV: EPIPE" streamon_fails "Broken pipe"
format 640 480 UYVY
media-ctl -V '"imx6-mipi-csi2":0 [fmt:UYVY8_1X16/320x240]'
check "links that do not agree: EPIPE" streamon_fails "Broken pipe"
camera UYVY8_1X16 640x480 UYVY

reader
check "no new format while streaming" refused busy \
	media-ctl -V '"ipu1_csi0":0 [fmt:UYVY8_1X16/320x240]'
check "no new format of the receiver either" refused busy \
	media-ctl -V '"imx6-mipi-csi2":0 [fmt:UYVY8_1X16/320x240]'
check "no new crop rectangle" refused busy crop '(8,8)/320x240'
check "no other source" refused busy pattern 1
check "no change of links" refused busy \
	media-ctl -l '"ipu1_csi0_mux":2 -> "ipu1_csi0":0 [0]'
kill -9 $reader
wait $reader
check "a killed reader leaves nothing behind" frames 5

check "a sensor that does not answer: the start is undone" start_undone
check "and when it does again, it streams" frames 5

check "the sensor leaves" leaves /sys/bus/i2c/drivers/ov5640 1-0040
check "the receiver leaves" leaves $platform/refsoc-csi2 21dc000.mipi
check "the CSI leaves" leaves $platform/refsoc-csi imx-ipuv3-csi.0
check "a CSI of the other IPU leaves" leaves $platform/refsoc-csi imx-ipuv3-csi.5
check "the media device leaves" leaves $platform/refsoc-capture capture-subsystem
check "the IPU leaves" leaves $platform/imx-ipuv3 2400000.ipu
check "the module can be unloaded" rmmod refsoc_capture
check "and loaded" modprobe refsoc-capture
sleep 1
check "after which the camera is back" camera UYVY8_1X16 640x480 UYVY
check "and streams" frames 5
finish
