# SPDX-License-Identifier: MIT
# Sourced on the board: partners in sharing that are no hardware. Two of vivid
# with vmalloc's memory and two with contiguous memory, to share among each other.

partners() {
	modprobe vgem &&
		modprobe vivid n_devs=4 allocators=0,0,1,1 node_types=1,1,1,1 &&
		sleep 1 && [ -e /dev/udmabuf ]
}
