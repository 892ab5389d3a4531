# SPDX-License-Identifier: MIT
# Sourced on the board: partners in sharing, and the table of who can share with
# whom.

# Those that are no hardware. Two of vivid with vmalloc's memory and two with
# contiguous memory, to share among each other.

partners() {
	modprobe vgem &&
		modprobe vivid n_devs=4 allocators=0,0,1,1 node_types=1,1,1,1 &&
		sleep 1 && [ -e /dev/udmabuf ]
}

# For the host: scripts/runner/matrix.py
matrix() {
	check "every pair has been tried" eval "refsoc-dmabuf >/tmp/matrix"
	dmesg -n 1
	printf '\n-- matrix\n%s\n-- matrix ends\n' "$(cat /tmp/matrix)"
	dmesg -n 7
}
