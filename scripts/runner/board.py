# SPDX-License-Identifier: MIT
"""Booting the emulated board for a test, and judging its kernel log."""

import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
# Which kernel, and its build folder: as in scripts/lib.sh
KERNEL = os.environ.get("KERNEL") or ""
BUILD = Path(os.environ.get("REFSOC_BUILD") or TOP / "build").resolve() / KERNEL

# A debug kernel does more in the same time, host's or virtual.
SLOWER = 6 if KERNEL else 1

# What the kernel says when something is wrong with the kernel, or when it no
# longer looks whether something is.
BAD_LOG = re.compile(
    r"WARNING:|BUG:|BUG at|Oops|Internal error|Unable to handle|"
    r"possible (circular|recursive) locking|inconsistent lock state|"
    r"possible irq lock inversion|lock order detected|bad unlock balance|"
    r"still held|suspicious RCU|non-static key|"
    r"lockdep is turned off|locking correctness validator|ODEBUG:|"
    r"KASAN|KFENCE|UBSAN|kmemleak: (?!Kernel memory leak detector init)|"
    r"DMA-API: (?!preallocated \d+ debug entries|debugging enabled by|"
    r"dma_debug_entry pool grown)|"
    r"scheduling while atomic|sleeping function called|"
    r"blocked for more than|stall(ed)? on CPU|rcu_sched detected|Kernel panic|"
    r"refcount_t:|list_(add|del) corruption|nobody cared|"
    r"invoked oom-killer|Out of memory")


@dataclass
class Run:
    """One boot: what it left behind."""
    out: Path
    status: int
    seconds: float

    @property
    def serial(self):
        return self._text("serial.log")

    @property
    def tap(self):
        """What the test printed at its end; nothing if it never got there."""
        found = re.search(r"^-- tap\r*\n(.*?)^-- tap ends", self.serial,
                          re.MULTILINE | re.DOTALL)
        return found[1] if found else ""

    @property
    def record(self):
        return self._text("record.txt")

    def watched(self):
        """What is wrong with the end of a run on a kernel that watches itself:
        board/rootfs/usr/libexec/refsoc/watched."""
        found = re.search(r"^-- watched\n(.*?)^-- watched ends",
                          self.serial.replace("\r", ""), re.MULTILINE | re.DOTALL)
        if not found:
            return ["nobody asked the kernel what it has found"]
        lines = found[1].splitlines()
        wanted = ["debug_locks 1", "dma-api disabled N", "dma-api errors 0"]
        return [f"not said at the end: {w}" for w in wanted if w not in lines] + \
            [line for line in lines if line not in wanted]

    def _text(self, name):
        path = self.out / name
        return path.read_text(errors="replace") if path.exists() else ""

    def kernel_complaints(self):
        """Lines of the kernel log that no run may hold."""
        allowed = (TOP / "board/tests/log-allow.txt").read_text().splitlines()
        allowed = [a for a in allowed if a and not a.startswith("#")]
        return [line.strip() for line in self.serial.splitlines()
                if BAD_LOG.search(line)
                and not any(a in line for a in allowed)] + \
            (self.watched() if KERNEL else [])


def boot(name, script, drivers="refsoc", timeout=300, out=None, append="",
         args=(), qemu=()):
    """Boot, run `script` on the board, and wait for the machine to end.

    `append` goes to the kernel command line, `args` to scripts/boot and
    `qemu` to QEMU.
    """
    out = out or BUILD / "test" / name
    out.mkdir(parents=True, exist_ok=True)
    cmd = [str(TOP / "scripts/boot"), "-d", drivers, "-o", str(out),
           "-t", str(timeout * SLOWER), "-r", script, "-a", append, *args, "--", *qemu]
    start = time.monotonic()
    with open(out / "qemu.log", "w") as log:
        status = subprocess.call(cmd, stdout=log, stderr=subprocess.STDOUT)
    return Run(out, status, time.monotonic() - start)


def judge(report, suite, run):
    """What holds for every boot: it ended by itself, and a clean log."""
    why = {124: "it did not end by itself in time"}.get(
        run.status, f"exit status {run.status}")
    report.check(suite, "the board ends by itself with status 0",
                 run.status == 0, f"{why}: see {run.out}/serial.log and qemu.log",
                 run.seconds)
    bad = run.kernel_complaints()
    booted = "Linux version" in run.serial
    report.check(suite, "the kernel log is clean", booted and not bad,
                 bad[0] if bad else "the kernel printed nothing")


def tap_suite(report, suite, script, **how):
    """A suite that is one script on the board printing TAP."""
    run = boot(suite, script, **how)
    report.tap(suite, run.tap, run.seconds)
    judge(report, suite, run)
    return run
