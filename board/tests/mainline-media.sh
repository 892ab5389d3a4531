# SPDX-License-Identifier: MIT
# Sourced on the board: mainline's media graph from the sensor to memory.

node() { media-ctl -e "ipu1_csi0 capture"; }
format() { v4l2-ctl -d "$(node)" --set-fmt-video=width=$1,height=$2,pixelformat=$3; }

# source_pad CODE SIZE CROP [COMPOSE]: what leaves the CSI for memory
source_pad() {
	media-ctl -V "\"ipu1_csi0\":0 [crop:$3]" &&
		media-ctl -V "\"ipu1_csi0\":0 [compose:${4:-(0,0)/$2}]" &&
		media-ctl -V "\"ipu1_csi0\":2 [fmt:$1/$2]"
}

# camera CODE SIZE FPS FOURCC: links and formats from the sensor on
camera() {
	media-ctl -r &&
		media-ctl -l '"ov5640 1-0040":0 -> "imx6-mipi-csi2":0 [1]' &&
		media-ctl -l '"imx6-mipi-csi2":1 -> "ipu1_csi0_mux":0 [1]' &&
		media-ctl -l '"ipu1_csi0_mux":2 -> "ipu1_csi0":0 [1]' &&
		media-ctl -l '"ipu1_csi0":2 -> "ipu1_csi0 capture":0 [1]' &&
		media-ctl -V "\"ov5640 1-0040\":0 [fmt:$1/$2@1/$3]" &&
		for pad in '"imx6-mipi-csi2":0' \
			'"imx6-mipi-csi2":1' '"ipu1_csi0_mux":0' \
			'"ipu1_csi0_mux":2'; do
			media-ctl -V "$pad [fmt:$1/$2]" || return 1
		done &&
		media-ctl -V "\"ipu1_csi0\":0 [fmt:$1/$2@1/$3]" &&
		source_pad "$1" "$2" "(0,0)/$2" &&
		media-ctl -V "\"ipu1_csi0\":2 [fmt:$1/$2@1/$3]" &&
		format "${2%x*}" "${2#*x}" "$4"
}

# frames N: that many come; /tmp/frames has them, /tmp/stream what was said
frames() {
	rm -f /tmp/frames
	timeout 60 v4l2-ctl -d "$(node)" --stream-mmap=4 --stream-count=$1 \
		--stream-to=/tmp/frames --verbose >/tmp/stream 2>&1
	grep -v 'cap dqbuf' /tmp/stream | grep 'failed\|rror\|STREAMON'
	[ "$(grep -c 'cap dqbuf' /tmp/stream)" = "$1" ]
}

# rate FPS PERCENT: by the time stamps of all but the first two frames
rate() {
	sed -n 's/.*cap dqbuf.* ts: *\([0-9.]*\).*/\1/p' /tmp/stream | awk -v want="$1" -v percent="$2" '
		NR == 3 { first = $1 }
		{ last = $1 }
		END {
			fps = (NR - 3) / (last - first)
			printf "%.3f frames a second\n", fps
			exit !(fps > want * (1 - percent / 100) &&
			       fps < want * (1 + percent / 100))
		}'
}

# bytes OFFSET COUNT: of the last recording, in hexadecimal
bytes() { dd if=/tmp/frames bs=1 skip=$1 count=$2 2>/dev/null | hexdump -ve '1/1 "%02x"'; }
