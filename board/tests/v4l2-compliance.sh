#!/bin/sh
# SPDX-License-Identifier: MIT
# v4l2-compliance on every pipeline of v4l2-compliance-configs.
. /usr/libexec/refsoc/tests/tap.sh
configs=/usr/libexec/refsoc/v4l2-compliance-configs
log=/tmp/v4l2-compliance.log

# each TEXT CMD...: CMD with every line of TEXT that is not empty.
each() {
	local text=$1 line
	shift
	printf '%s\n' "$text" | while IFS= read -r line; do
		[ -z "$line" ] || "$@" "$line" || exit 1
	done
}

set_control() { v4l2-ctl -d "$(media-ctl -e "${1% *}")" -c "${1##* }"; }
reset_control() { set_control "${1%=*}=0"; }

set_video() { v4l2-ctl -d "$(media-ctl -e "$1")" --set-fmt-video="$video"; }

set_up() {
	media-ctl -r &&
		each "$links" media-ctl -l &&
		each "$formats" media-ctl -V &&
		each "$controls" set_control &&
		set_video "$node" && set_video "$exporter"
}

# The last line of the log in words of our own.
outcome() {
	sed -n 's/^Total for .*Failed: \([0-9]*\), Warnings: \([0-9]*\)$/\1 failed, \2 warnings/p'
}

comply() {
	# shellcheck disable=SC2086 # one word an option
	v4l2-compliance -C never -d "$(media-ctl -e "$node")" \
		-e "$(media-ctl -e "$exporter")" $options >$log 2>&1
	grep -E 'fail:|warn:|FAIL' $log
	tail -n 1 $log
	[ "$(outcome <$log)" = "$expect" ]
}

pipeline() {
	. "$1"
	check "$title: can be set up" set_up &&
		check "$title: v4l2-compliance $options" comply
	each "$controls" reset_control
}

# Every node that v4l2-compliance walks through, by the entity it stands for.
graph() {
	local entity failed warnings
	. "$1"
	v4l2-compliance -C never -m /dev/media0 >$log 2>&1
	for node in /dev/media0 /dev/video[0-9]* /dev/v4l-subdev[0-9]*; do
		entity=$(cat "/sys/class/video4linux/${node#/dev/}/name" 2>/dev/null)
		failed=$(printf %s "$foreign" | sed -n "s/^$entity:\(.*\):.*/\1/p")
		warnings=$(printf %s "$foreign" | sed -n "s/^$entity:.*:\(.*\)/\1/p")
		check "${entity:-media device}: v4l2-compliance, ${failed:-0} failures" \
			one_node "$node" "${failed:-0} failed, ${warnings:-0} warnings"
	done
}

one_node() {
	sed -n "\\#^Compliance test for .* $1:#,/^Total for/p" $log >$log.node
	grep -E 'fail:|warn:|FAIL' $log.node
	tail -n 1 $log.node
	[ "$(outcome <$log.node)" = "$2" ]
}

check "the graph is complete" [ -e /dev/media0 ]
graph $configs/graph.conf
for conf in "$configs"/*.conf; do
	[ "$conf" = $configs/graph.conf ] || pipeline "$conf"
done
finish
