#!/bin/sh
# SPDX-License-Identifier: MIT
# The KUnit tests of RefSoC's modules: they run when a module is loaded, and
# their KTAP is in the kernel log.
. /usr/libexec/refsoc/tests/tap.sh

# ktap MODULE: its cases are what is indented once; deeper are parameters.
ktap() {
	local module=$1 line suite= name log=/tmp/ktap
	shift
	dmesg -c >/dev/null
	check "$module can be loaded" modprobe "$module" || return
	dmesg -c | sed 's/^\[ *[0-9.]*\] //' >$log
	cases=0
	while IFS= read -r line; do
		case $line in
		"    # Subtest: "*)
			suite=${line#*: }
			continue
			;;
		"    ok "[0-9]* | "    not ok "[0-9]*) ;;
		"    # "* | "        # "*)
			printf '# %s\n' "${line#*# }" >&3
			continue
			;;
		*) continue ;;
		esac
		cases=$((cases + 1))
		tests=$((tests + 1))
		name=${line#*ok [0-9]* }
		echo "${line%%ok *}ok $tests - $suite@$name" | sed 's/^ *//' >&3
	done <$log
	check "$module has run cases" [ $cases -gt 0 ]
	check "$module can be removed" rmmod "$module"
}

found=0
for file in $(find /lib/modules/ -name 'refsoc*test.ko' -o -name 'dma-buf*test.ko' \
	-o -name 'videobuf2*test.ko' |
	sort); do
	found=$((found + 1))
	name=${file##*/}
	ktap "${name%.ko}"
done
check "there are KUnit modules" [ $found -gt 2 ]
finish
