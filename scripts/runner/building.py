# SPDX-License-Identifier: MIT
"""The suite `build`: what the build refuses, and what it leaves when it is
cut short or a patch fails."""

import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

from .board import BUILD, TOP

# Mounts of its own, and root in there, for a machine that lacks something.
ALONE = ["unshare", "--map-root-user", "--mount", "sh", "-ec"]


def sh(command, limit=120, **env):
    """Run a shell command; its status and what it printed."""
    done = subprocess.run(command if isinstance(command, list) else
                          ["bash", "-c", command],
                          env=dict(os.environ, **env), text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=limit)
    return done.returncode, done.stdout


def refused(report, name, done, says, absent=()):
    """Non-zero, one error line that says what to do, nothing half-made."""
    status, text = done
    if text.startswith("unshare:"):     # in a chroot, for example
        report.add("build", f"{name} is refused", "skip", 0, text)
        return
    errors = [line for line in text.splitlines() if line.startswith("error: ")]
    left = [str(p) for p in absent if Path(p).exists()]
    report.check("build", f"{name} is refused", status != 0 and
                 len(errors) == 1 and says in errors[0] and not left,
                 f"status {status}, said {text.strip()[-300:]!r}, left {left}")


def refusals(report, tmp):
    """A machine that lacks something, one at a time."""
    small = tmp / "small"
    small.mkdir()
    refused(report, "a disk with too little room", sh(ALONE + [
        f"mount -t tmpfs -o size=64m none {small}; "
        f"REFSOC_BUILD={small}/build REFSOC_CACHE={small}/cache "
        f"{TOP}/scripts/space"]), "GiB free")
    refused(report, "a machine without a Debian mirror", sh(ALONE + [
        f"mount -t tmpfs none /etc/apt; REFSOC_BUILD={tmp}/b "
        f"REFSOC_CACHE={tmp}/c REFSOC_MIRROR= "
        f"{TOP}/scripts/archive source linux 6.12.1-1"]), "REFSOC_MIRROR",
        [tmp / "c/apt/trixie/etc/sources.list", tmp / "c/sources/partial"])

    done = sh(f"{TOP}/scripts/archive source linux 6.12.0-0",
              REFSOC_CACHE=str(tmp / "c"), REFSOC_BUILD=str(tmp / "b"))
    if "package lists failed" in done[1]:
        report.add("build", "an archive without the tested version is refused",
                   "skip", 0, "no network")
    else:
        refused(report, "an archive without the tested version", done,
                "tested with linux 6.12.0-0, the archive has 6.")

    refused(report, "an unknown set of drivers",
            sh(f"{TOP}/scripts/boot -d nouveau"), "say refsoc or mainline")
    cut_short(report, tmp)


def cut_short(report, tmp):
    """A copy of the build whose card image lacks its end."""
    fake = tmp / "cut"
    (fake / "image").mkdir(parents=True)
    for name in ("kernel", "qemu"):
        (fake / name).symlink_to(BUILD / name)
    image = BUILD / "image/sdcard.img"
    (fake / "image/sdcard.img.bmap").symlink_to(f"{image}.bmap")
    with open(fake / "image/sdcard.img", "wb") as f:
        f.truncate(image.stat().st_size - 512)
    refused(report, "a truncated SD image",
            sh(f"{TOP}/scripts/boot -o {fake}/out", REFSOC_BUILD=str(fake)),
            "cut short", [fake / "out/serial.log"])


def patch(path, old, new, line="x"):
    """A patch in a/ b/ form; None for a file that is not there."""
    head = f"--- {'a/' + path if old is not None else '/dev/null'}\n+++ b/{path}\n"
    if old is None:
        return head + f"@@ -0,0 +1 @@\n+{new}\n"
    return head + f"@@ -1,2 +1,2 @@\n-{old}\n+{new}\n {line}\n"


class Tree:
    """A small source package for lay_tree, with patches and own files."""

    def __init__(self, tmp):
        self.tmp = tmp
        self.dest = tmp / "tree"
        src = tmp / "pkg-1"
        src.mkdir()
        for name in ("one", "two", "three"):
            (src / name).write_text(f"{name}\nx\n")
        self.tarball = tmp / "pkg_1.orig.tar.xz"
        with tarfile.open(self.tarball, "w:xz") as t:
            t.add(src, "pkg-1")
        (tmp / "patches").mkdir()
        (tmp / "own").mkdir()

    def patches(self, **patches):
        """Let the series consist of these."""
        for p in (self.tmp / "patches").iterdir():
            p.unlink()
        for name, text in patches.items():
            (self.tmp / "patches" / f"{name}.patch").write_text(text)

    def lay(self):
        """What scripts/kernel and scripts/qemu do first."""
        return sh(f". {TOP}/scripts/lib.sh; lay_tree {self.dest} {self.tarball} "
                  f"{self.tmp}/patches {self.tmp}/own:own",
                  REFSOC_BUILD=str(self.tmp / "b"))[0]

    def read(self, name):
        """The first line of a file of the tree, or None."""
        path = self.dest / name
        return path.read_text().split("\n", 1)[0] if path.exists() else None

    def stamp(self):
        """Make every file look old, to see later which were written."""
        for p in self.dest.rglob("*"):
            if p.is_file():
                os.utime(p, (1, 1))

    def written(self):
        """Source files written since stamp()."""
        return sorted(str(p.relative_to(self.dest)) for p in self.dest.rglob("*")
                      if p.is_file() and p.stat().st_mtime > 1
                      and ".refsoc" not in str(p.relative_to(self.dest)))


def laying(report, tmp):
    """An incremental build rebuilds what changed and nothing else."""
    t = Tree(tmp)
    first = {"0001": patch("one", "one", "ONE")}

    def expect(name, wanted, seen):
        report.check("build", name, wanted == seen, f"{seen}, not {wanted}")

    t.patches(**first)
    (tmp / "own/ours").write_text("ours\n")
    t.lay()
    expect("a tree is laid out, patched and overlaid", ("ONE", "two", "ours"),
           (t.read("one"), t.read("two"), t.read("own/ours")))
    t.stamp()
    t.lay()
    expect("laid again, nothing is written", [], t.written())

    t.patches(**first, **{"0002": patch("two", "two", "TWO"),
                          "0003": patch("new", None, "made"),
                          "0004": "--- a/new\n+++ b/new\n@@ -1 +1 @@\n-made\n+remade\n"})
    t.lay()
    expect("one more patch writes the files it names", ["new", "two"], t.written())
    expect("a patch on a file that a patch made", "remade", t.read("new"))

    t.patches(**first, **{"0002": patch("two", "not what is there", "TWO")})
    failed = t.lay() != 0
    expect("a patch that fails leaves the tree as it was",
           (True, "ONE", "TWO", "remade"),
           (failed, t.read("one"), t.read("two"), t.read("new")))
    t.stamp()
    t.patches(**first)
    (tmp / "own/ours").unlink()
    t.lay()
    expect("what patches and files did is undone with them",
           ("ONE", "two", None, None),
           (t.read("one"), t.read("two"), t.read("new"), t.read("own/ours")))
    expect("and no other file is written", ["two"], t.written())

    # Cut short after the files were written and before that was noted.
    t.patches(**first, **{"0003": patch("new", None, "made")})
    t.lay()
    (t.dest / ".refsoc-base").unlink()
    (t.dest / ".refsoc-created").unlink()
    expect("laid again after it was cut short", (0, "made"), (t.lay(), t.read("new")))

    t.patches()
    t.dest = tmp / "another"
    t.lay()
    expect("another tree of the same package knows of none of this",
           ("one", "two", None), (t.read("one"), t.read("two"), t.read("new")))


def check(report):
    """make check finds nothing in our files."""
    try:
        status, text = sh(f"{TOP}/scripts/check", limit=900)
    except subprocess.TimeoutExpired:
        status, text = 1, "it did not end in 15 minutes"
    (BUILD / "test").mkdir(parents=True, exist_ok=True)
    log = BUILD / "test/check.log"
    log.write_text(text)
    report.check("check", "make check finds nothing", status == 0, str(log))


def series(report, tmp):
    """The series applies without fuzz and brings every file of ours. Not in
    build/series: make series BUILD=1 may be at work there, for an hour."""
    (tmp / "kernel").symlink_to(BUILD / "kernel")
    status, text = sh(f"{TOP}/scripts/series", REFSOC_BUILD=str(tmp))
    report.check("build", "make series names every file",
                 status == 0 and any(tmp.glob("series/*.patch")),
                 text.strip()[-300:])


def suite(report):
    """Everything above, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as d:
        refusals(report, Path(d))
    with tempfile.TemporaryDirectory() as d:
        laying(report, Path(d))
    with tempfile.TemporaryDirectory() as d:
        series(report, Path(d))
