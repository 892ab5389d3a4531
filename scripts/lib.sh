# SPDX-License-Identifier: MIT
# Sourced by every shell script here: where things are, how steps report,
# and how a source tree is laid out under build/.

set -euo pipefail
shopt -s inherit_errexit

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${REFSOC_BUILD:-$top/build}
cache=${REFSOC_CACHE:-$HOME/.cache/refsoc}
jobs=${JOBS:-$(nproc)}
pristine=$build/pristine
# Another kernel makes another board: it has a build folder of its own, with
# the emulator of the usual one.
case ${KERNEL-} in
'') ;;
debug)
	build=$build/debug
	mkdir -p "$build"
	ln -sfn ../qemu "$build/qemu"
	;;
*)
	echo "error: KERNEL=$KERNEL: say debug, or nothing for the usual kernel" >&2
	exit 1
	;;
esac
logs=$build/logs
mkdir -p "$logs" "$cache"

# What this release was tested with. The archive moves on: scripts/fetch says
# so, instead of building something nobody has tried.
suite=trixie
linux_version=6.12.107-1
qemu_version=1:10.0.13+ds-0+deb13u1

cross=arm-linux-gnueabihf-

export CCACHE_DIR=$cache/ccache
export CCACHE_BASEDIR=$top
export CCACHE_NOHASHDIR=1
export CCACHE_MAXSIZE=5G

# What is built must not depend on who builds it.
umask 022
export LC_ALL=C TZ=UTC

# Nothing here may pick up a user's private Python: QEMU's and dtschema's
# private modules are unpacked for Debian's interpreter.
PATH=/usr/lib/ccache:/usr/sbin:/usr/bin:/sbin:/bin

say() { printf '%s\n' "$*" >&2; }

die() {
	say "error: $*"
	exit 1
}

# step NAME WHAT CMD...: run CMD with its output in logs/NAME.log, print how
# long it took; on failure show the end of that log and name it.
step() {
	local name=$1 what=$2 start=$SECONDS log=$logs/$1.log status
	shift 2
	printf '  %-10s %s ... ' "$name" "$what" >&2
	# Not "if CMD": a function called there would go on after a failure.
	set +e
	(set -e && "$@") >"$log" 2>&1 </dev/null
	status=$?
	set -e
	if [ $status = 0 ]; then
		say "$((SECONDS - start)) s"
	else
		say "failed after $((SECONDS - start)) s"
		tail -n 20 "$log" >&2
		die "$what failed; the whole log is $log"
	fi
}

# kmake ARGS...: make in the ARM kernel tree $src, alike whoever does it.
# KASAN does not watch what watches: that would be a third of the work.
unwatched=(KASAN_SANITIZE_{lockdep,unwind,debugobjects}.o=n)
kmake() {
	make -C "$src" -j "$jobs" -s ARCH=arm CROSS_COMPILE="$cross" \
		CC="ccache ${cross}gcc" HOSTCC="ccache gcc" \
		KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=refsoc \
		KBUILD_BUILD_HOST=refsoc KBUILD_BUILD_VERSION=1 \
		"${unwatched[@]}" "$@"
}

# key FILE|DIR|STRING...: one hash over the contents of all that is named.
key() {
	local x
	for x; do
		if [ -d "$x" ]; then
			(cd "$x" && find . -type f -print0 | LC_ALL=C sort -z |
				xargs -0 -r sha256sum)
		elif [ -f "$x" ]; then
			sha256sum <"$x"
		else
			printf '%s\n' "$x"
		fi
	done | sha256sum | cut -c1-24
}

# apply_patches TREE DIR: fuzz 0.
apply_patches() {
	local p
	for p in "$2"/*.patch; do
		[ -e "$p" ] || continue
		patch -d "$1" -p1 -F0 -s --no-backup-if-mismatch <"$p" || {
			say "$(basename "$p") does not apply"
			return 1
		}
	done
}

# patched_files DIR: what the patches there change in files that exist, and
# with "new" as second argument what they create.
patched_files() {
	local before='^--- a/'
	[ "${2-}" != new ] || before='^--- /dev/null'
	cat "$1"/*.patch 2>/dev/null | { grep -A1 "$before" || true; } |
		sed -n 's,^+++ b/\([^\t]*\).*,\1,p' | LC_ALL=C sort -u
}

# patch_tree DEST DIR: bring the files that patches change to what this series
# makes of them, and no other, so that one more patch does not rebuild all.
# They are patched aside, from copies made before the first patch: when one
# fails, the tree is as it was.
patch_tree() {
	local dest=$1 patches=$2 orig=$1/.refsoc-orig work=$1/.refsoc-work f
	mkdir -p "$orig"
	patched_files "$patches" new >"$dest/.refsoc-created.new"
	touch "$dest/.refsoc-created"
	patched_files "$patches" |
		LC_ALL=C comm -23 - "$dest/.refsoc-created.new" |
		while read -r f; do
			[ ! -e "$dest/$f" ] || [ -e "$orig/$f" ] ||
				(cd "$dest" && cp --parents "$f" "$orig")
		done
	rm -rf "$work"
	cp -r "$orig" "$work"
	apply_patches "$work" "$patches" || {
		rm -rf "$work"
		return 1
	}
	rsync -rc "$work/" "$dest/"
	LC_ALL=C comm -23 "$dest/.refsoc-created" "$dest/.refsoc-created.new" |
		(cd "$dest" && xargs -r -d '\n' rm -f)
	mv "$dest/.refsoc-created.new" "$dest/.refsoc-created"
	rm -rf "$work"
}

# came_from TREE TARBALL: that is what it was unpacked from.
came_from() { [ "$(cat "$1/.refsoc-tarball" 2>/dev/null)" = "$(basename "$2")" ]; }

# lay_pristine DEST TARBALL: a tree as it comes. It is unpacked once and linked
# file by file for each tree that is built: nothing writes into a file of it,
# neither rsync nor patches nor kbuild.
lay_pristine() {
	local dest=$1 tarball=$2 orig
	orig=$pristine/$(basename "${tarball%%_*}")
	if ! came_from "$orig" "$tarball"; then
		rm -rf "$orig" "$orig.new"
		mkdir -p "$orig.new"
		tar -xf "$tarball" -C "$orig.new" --strip-components=1
		basename "$tarball" >"$orig.new/.refsoc-tarball"
		mv "$orig.new" "$orig"
	fi
	rm -rf "$dest" "$dest.new"
	mkdir -p "$(dirname "$dest")"
	cp -al "$orig" "$dest.new"
	mv "$dest.new" "$dest"
}

# lay_tree DEST TARBALL PATCHDIR SRC:DST...: unpack, patch, and copy our own
# files over it. Of patched files and of our own only those that changed are
# written, so that an incremental build stays one; those that are gone are
# removed.
lay_tree() {
	local dest=$1 tarball=$2 patches=$3 want new pair
	shift 3
	came_from "$dest" "$tarball" || lay_pristine "$dest" "$tarball"
	want=$(key "$(basename "$tarball")" "$patches")
	if [ "$(cat "$dest/.refsoc-base" 2>/dev/null)" != "$want" ]; then
		patch_tree "$dest" "$patches"
		echo "$want" >"$dest/.refsoc-base"
	fi
	new=$dest/.refsoc-overlay.new
	: >"$new"
	for pair; do
		[ -d "${pair%%:*}" ] || continue
		(cd "${pair%%:*}" && find . -type f -printf "${pair#*:}/%P\n") >>"$new"
		mkdir -p "$dest/${pair#*:}"
		rsync -rc "${pair%%:*}/" "$dest/${pair#*:}/"
	done
	LC_ALL=C sort -o "$new" "$new"
	if [ -e "$dest/.refsoc-overlay" ]; then
		LC_ALL=C comm -23 "$dest/.refsoc-overlay" "$new" |
			(cd "$dest" && xargs -r -d '\n' rm -f)
	fi
	mv "$new" "$dest/.refsoc-overlay"
}

# lay_linux DEST TARBALL: the kernel with our patches and our files.
lay_linux() {
	lay_tree "$1" "$2" "$top/patches/linux" \
		"$top/drivers:drivers" "$top/include:include" \
		"$top/arch:arch" "$top/Documentation:Documentation"
}

# config_key TREE CONFIG: all that the configuration of a tree depends on.
config_key() {
	key "$2" "$(<"$1/.refsoc-base")" \
		"$(cd "$1" && grep Kconfig .refsoc-overlay | xargs -r cat)"
}

# check_config FRAGMENT CONFIG: a misspelt or unmet option in a fragment would
# silently be dropped by kconfig: compare what was asked for with what came out.
check_config() {
	local line bad=0
	while read -r line; do
		case $line in
		CONFIG_*=n) ! grep -q "^${line%=n}=" "$2" ;;
		CONFIG_*) grep -qxF "$line" "$2" ;;
		esac || {
			echo "not taken by kconfig: $line"
			bad=1
		}
	done <"$1"
	return $bad
}

# What files carry as their time, on the board and in its images.
export SOURCE_DATE_EPOCH=1767225600

# become_root ARGS...: run this script again as root of a user namespace, for
# those parts where files are to belong to root on the board.
become_root() {
	[ "$(id -u)" = 0 ] || exec unshare --map-root-user "$0" "$@"
}

# debugfs_fill DIR: commands that copy the files of DIR, in the order of their
# names. (mke2fs -d takes them as readdir does, and keeps their ctime.)
debugfs_fill() {
	echo "set_current_time @$SOURCE_DATE_EPOCH"
	find "$1" -mindepth 1 -printf '%P\t%y\t%m\t%l\n' | LC_ALL=C sort |
		while IFS=$'\t' read -r name type mode target; do
			case $type in
			d) printf 'mkdir "%s"\nsif "%s" mode 04%04d\n' "$name" "$name" "$mode" ;;
			f) printf 'write "%s" "%s"\nsif "%s" mode 010%04d\n' \
				"$1/$name" "$name" "$name" "$mode" ;;
			l) printf 'symlink "%s" "%s"\n' "$name" "$target" ;;
			*) die "$1/$name is neither file, folder nor link" ;;
			esac
		done
}

# make_ext4 IMAGE MIB LABEL N DIR: a file system with the files of DIR, such
# as old versions of U-Boot can read too, and the same for the same files.
make_ext4() {
	rm -f "$1"
	E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -t ext4 -L "$3" \
		-O '^metadata_csum,^64bit' -m 0 \
		-U "5265662d-536f-4c52-8000-00000000000$4" \
		-E "hash_seed=5265662d-536f-4c52-8000-000000000000,root_owner=0:0" \
		"$1" "$2M"
	debugfs_fill "$5" >"$1.fill"
	# Its exit status is 0 whatever happens: it must have nothing to say.
	debugfs -w -f "$1.fill" "$1" 2>&1 >/dev/null | { ! grep -v '^debugfs 1'; }
	e2fsck -fn "$1"
	rm "$1.fill"
}
