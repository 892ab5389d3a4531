#!/bin/sh
# SPDX-License-Identifier: MIT
# The board after U-Boot: root file system, network, and a monitor on HDMI that
# comes, goes and is another. "-- host: WHAT" asks the runner
# (scripts/runner/booting.py) to do something and waits for its answer.
. /usr/libexec/refsoc/tests/tap.sh

ns=$(devmem $testdev_ns_lo 32)
up=$(((($(devmem $testdev_ns_hi 32) << 32) + ns) / 1000000))
echo "-- up after $up ms"

argument() {
	sed -n "s/.*\\brefsoc\\.$1=\\([^ ]*\\).*/\\1/p" /proc/cmdline
}

host() {
	local answer
	echo "-- host: $*" >/dev/console
	read -r answer </dev/console
}

debian_13() {
	cat /etc/debian_version
	grep -q '^13' /etc/debian_version
}

root_from_the_card() {
	grep ' / ' /proc/mounts
	grep -q 'root=PARTUUID=5265662d-02' /proc/cmdline &&
		grep -q '^/dev/root / ext4 rw' /proc/mounts &&
		[ -b /dev/mmcblk0p2 ]
}

mac_of_the_fuses() {
	cat /sys/class/net/eth0/address
	[ "$(cat /sys/class/net/eth0/address)" = "$(argument mac)" ]
}

dhcp() {
	udhcpc -i eth0 -n -q -t 5 && ip addr show eth0 &&
		ip addr show eth0 | grep -q 'inet 10.0.2.15/24'
}

# The host has put a file there, and its checksum on the command line.
tftp_get() {
	(cd /tmp && tftp -g -r "$(argument file)" 10.0.2.2) &&
		md5sum "/tmp/$(argument file)" &&
		[ "$(md5sum <"/tmp/$(argument file)" | cut -d' ' -f1)" = "$(argument md5)" ]
}

connector=$(echo /sys/class/drm/card*-HDMI-A-1)

# The driver has heard the interrupt of the hot plug by itself: reading the
# file does not make it look.
status_is() {
	local i
	for i in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(cat $connector/status)" != "$1" ] || break
		usleep 100000
	done
	cat $connector/status
	[ "$(cat $connector/status)" = "$1" ]
}

# The modes of the EDID, the preferred one first
first_mode_is() {
	modetest -M imx-drm -c >/tmp/connectors 2>&1
	cat $connector/modes
	[ "$(head -n 1 $connector/modes)" = "$1" ]
}

lacks_mode() {
	cat $connector/modes
	! grep -qx "$1" $connector/modes
}

# show CONNECTOR MODE NAME: modetest's bars; the host takes the picture.
show() {
	local id
	id=$(awk -v n="$1" '$4 == n || $5 == n { print $1; exit }' /tmp/connectors)
	mkfifo "/tmp/hold.$3"
	modetest -M imx-drm -s "$id:$2" -F smpte <"/tmp/hold.$3" >/tmp/modetest 2>&1 &
	exec 4>"/tmp/hold.$3"
	sleep 1
	host shot "$3"
	exec 4>&-
	wait
	cat /tmp/modetest
	! grep -i fail /tmp/modetest
}

check "Debian 13" debian_13
check "the root file system is the card's" [ -b /dev/mmcblk0p2 ]
[ "$(argument only)" != time ] || finish

check "the root file system is named by its partition" root_from_the_card
check "the MAC address is the fuses'" mac_of_the_fuses
check "the network gives an address" dhcp
check "the gateway answers" ping -c 1 -W 2 10.0.2.2
check "TFTP gets a file" tftp_get

check "720p is the monitor's first mode" first_mode_is 1280x720
check "HDMI is connected" status_is connected
check "720p is set" show HDMI-A-1 1280x720 720p
check "the mode is switched" show HDMI-A-1 640x480 480p
host unplug
check "a monitor that is pulled out is missed" status_is disconnected
host plug other
check "a monitor that is plugged in is seen" status_is connected
check "its modes are those of its own EDID" first_mode_is 1024x768
check "those of the other are gone" lacks_mode 1280x720
check "it shows a picture" show HDMI-A-1 1024x768 xga

# refsoc-kms has no LVDS.
if [ -e "$(echo /sys/class/drm/card*-LVDS-1)" ]; then
	check "the LVDS panel shows a picture" show LVDS-1 1024x768 lvds
fi
finish
