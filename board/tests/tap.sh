# SPDX-License-Identifier: MIT
# Sourced by every test script on the board: TAP on the console.

# Kept until the end, when the kernel is told to be quiet: its messages would
# cut a line in two.
exec 3>/run/tap

tests=0
. /usr/libexec/refsoc/tests/testdev.sh

# check NAME CMD...: one result; what CMD prints becomes its diagnostics.
check() {
	local name=$1 out status
	shift
	out=$("$@" 2>&1)
	status=$?
	tests=$((tests + 1))
	[ -z "$out" ] || printf '%s\n' "$out" | tail -n 6 | sed 's/^/# /' >&3
	if [ $status = 0 ]; then
		echo "ok $tests - $name" >&3
	else
		echo "# exit status $status" >&3
		echo "not ok $tests - $name" >&3
	fi
	return $status
}

skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2" >&3
}

# igt NAME [ARGS...]: a program of igt-tests, each of its subtests a result.
igt() {
	local program=$1 line name result out=/tmp/igt.out status
	shift
	"${igt_home:-/usr/libexec/refsoc/igt}/$program" "$@" >$out 2>&1
	status=$?
	while read -r line; do
		case $line in
		"Subtest "*": SUCCESS"* | "Subtest "*": SKIP"* | "Subtest "*": FAIL"*) ;;
		*)
			printf '# %s\n' "$line" >&3
			continue
			;;
		esac
		name=${line#Subtest }
		result=${name#*: }
		name=$program@${name%%:*}
		tests=$((tests + 1))
		case $result in
		SUCCESS*) echo "ok $tests - $name" >&3 ;;
		SKIP*) echo "ok $tests - $name # SKIP the program says so" >&3 ;;
		FAIL*) echo "not ok $tests - $name" >&3 ;;
		esac
	done <$out
	check "$program exits 0" [ $status = 0 ]
}

# probe [-H]: what refsoc-probe says, for the host: scripts/runner/probe.py
probe() {
	local status
	/usr/libexec/refsoc/refsoc-probe "$@" >/tmp/probe
	status=$?
	sed 's/^/# /' /tmp/probe >&3
	return $status
}

finish() {
	echo "1..$tests" >&3
	dmesg -n 1
	printf '\n-- tap\n%s\n-- tap ends\n' "$(cat /run/tap)"
	dmesg -n 7
	exit 0
}

# bound DEVICE DRIVER: that platform device is bound to that driver.
bound() {
	local driver
	driver=$(readlink "/sys/bus/platform/devices/$1/driver")
	echo "$1 is bound to ${driver##*/}"
	[ "${driver##*/}" = "$2" ]
}
