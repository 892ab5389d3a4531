# SPDX-License-Identifier: MIT
"""What sharing buffers and the emulated board cost, against what they may.

Instructions and bytes are counted on the board, whose clock counts
instructions; the host's time is that of the QEMU process a second of the
board's clock, while it streams.
"""

import json
import os
import re
import subprocess
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from . import board, ktap, pipeline, record
from .board import BUILD, TOP
from .qmp import QMP, QMPError

OUT = BUILD / "bench"
SCRIPT = "/usr/libexec/refsoc/tests/bench.sh"
PLAIN = BUILD / "plain"
PLAIN_BOOT = ("-k", str(PLAIN / "zImage"), "-b", str(PLAIN / "board.dtb"),
              "-x", str(PLAIN / "root"))

# -icount shift=1: each instruction takes so long.
NS_PER_INSTRUCTION = 2
# Of what attach, map, unmap and detach cost without RefSoC
COST_PERCENT = 2.0
# Figures that dma-buf-bounds-test prints
KERNEL_BOUNDS = 15

FRAMES = 420
SETTLE = 30             # pictures on the screen before anything is measured
SECONDS = 10            # of the board's clock
HOST_PERCENT = 60.0
NS_REGISTER = 0x138018  # of the test device, 64 bits

BOUND = re.compile(r"# (test_\w+): is (\d+), may be (\d+|anything): (.*)")
COST = re.compile(r"cost: (\w+) (\d+) pages: (\d+) ns for (\d+) times")


@dataclass
class Bound:
    """One thing that was measured, and what it may be at most, if anything."""
    part: str
    name: str
    seen: float
    limit: float | None
    unit: str
    note: str = ""

    @property
    def held(self):
        return self.limit is None or self.seen <= self.limit


def failed(part, name, why):
    """A bound that is broken because it could not be measured"""
    return Bound(part, f"{name}: {why}", 1, 0, "failures")


def costs(serial):
    """Instructions to use a buffer once, by kind of exporter and size"""
    return {(kind, int(pages)): int(ns) / int(times) / NS_PER_INSTRUCTION
            for kind, pages, ns, times in COST.findall(serial)}


def kernel_bounds(serial):
    """What dma-buf-bounds-test has measured. Its cases look at more than
    figures: one that fails is a broken bound as well."""
    bounds = []
    for _, seen, limit, text in BOUND.findall("\n".join(ktap.lines(serial))):
        unit, _, name = text.partition(" ")
        bounds.append(Bound("kernel", name, int(seen), None if limit == "anything"
                            else int(limit), unit))
    for suite, plan, cases in ktap.cases(serial):
        bounds += [failed("kernel", case, why or "it says not ok")
                   for case, result, why in cases if result != "pass"]
        if plan[:1] != [len(cases)]:
            bounds.append(failed("kernel", suite, "it did not run to its end"))
    if len(bounds) < KERNEL_BOUNDS:
        bounds.append(failed("kernel", "dma-buf-bounds-test",
                             f"it printed {len(bounds)} figures"))
    return bounds


def cost_bounds(plain, ours):
    """Cost with RefSoC's core of what does not use it, against without"""
    bounds = []
    for (kind, pages), before in plain.items():
        after = ours.get((kind, pages), float("inf"))
        bounds.append(Bound(
            "unmodified", f"more for {kind} users of {pages * 4} KiB",
            round(100 * (after - before) / before, 2),
            COST_PERCENT, "%",
            f"{before:.0f} instructions without RefSoC, {after:.0f} with it"))
    return bounds or [failed("unmodified", "dma-buf-cost", "it printed nothing")]


def options(path):
    """A kernel's configuration"""
    lines = path.read_text().splitlines()
    return dict(x.split("=", 1) for x in lines if x.startswith("CONFIG_"))


def other_options(plain, ours):
    """Built-in options that one kernel has and the other has not, although
    both could"""
    return sorted(x for x in plain.keys() | ours.keys()
                  if "m" not in (plain.get(x), ours.get(x))
                  and plain.get(x) != ours.get(x))


def measure(out, *args):
    """Boot a kernel and measure; what it printed, and what went wrong"""
    run = board.boot(out.name, SCRIPT, out=out, args=args, timeout=600)
    wrong = run.kernel_complaints()
    if run.status or "not ok" in run.tap or "1.." not in run.tap:
        wrong.append(f"the boot ended with {run.status}: {run.out}/serial.log")
    return run.serial.replace("\r", ""), [failed(out.name, "the board", w)
                                          for w in wrong]


def build_plain():
    """Linux without RefSoC; False if that failed"""
    return subprocess.run([TOP / "scripts/plain-kernel"],
                          check=False).returncode == 0


def both(out):
    """Both kernels on the board: what RefSoC's has printed, and the bounds on
    what it adds for those who do not use it"""
    plain, bad = measure(out / "plain", *PLAIN_BOOT)
    ours, more = measure(out / "refsoc")
    return ours, cost_bounds(costs(plain), costs(ours)) + bad + more


def kernel():
    """What is measured on the board"""
    if not build_plain():
        return [failed("kernel", "Linux without RefSoC", "it does not build")]
    print("measuring on the board, without RefSoC and with it", flush=True)
    ours, bounds = both(OUT)
    return kernel_bounds(ours) + bounds


class Stream(threading.Thread):
    """A boot that streams, and what QEMU's process has used at a time."""

    def __init__(self, name, folder, *qemu):
        super().__init__(daemon=True)
        self.out = OUT / name
        self.socket, self.pidfile = folder / name, folder / f"{name}.pid"
        self.qemu, self.result = qemu, None

    def run(self):
        self.result = board.boot(
            self.out.name, "/usr/libexec/refsoc/tests/stream.sh", out=self.out,
            append=f"refsoc.args=-n,{FRAMES}",
            qemu=("-qmp", f"unix:{self.socket},server,nowait",
                  "-pidfile", str(self.pidfile), *self.qemu))

    def shown(self):
        """Pictures on the screen so far, by a record that is being written"""
        path = self.out / "record.txt"
        text = path.read_text(errors="replace") if path.exists() else ""
        return text.count(f" tap {record.SCREEN} ")

    def sample(self, qmp):
        """The board's clock and QEMU's CPU time, in seconds"""
        text = qmp.call("human-monitor-command",
                        command_line=f"xp /2xw {NS_REGISTER:#x}")
        low, high = (int(x, 16) for x in text.split(":")[1].split()[:2])
        stat = Path(f"/proc/{int(self.pidfile.read_text())}/stat").read_text()
        ticks = stat.rpartition(")")[2].split()[11:13]
        return ((high << 32 | low) / 1e9,
                sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"))

    def percent(self):
        """Of one core of this machine, by a second of the board's clock"""
        self.start()
        qmp = QMP(self.socket, patience=60)
        while self.shown() < SETTLE:
            if not self.is_alive():
                raise QMPError("it ended before it could be measured")
            time.sleep(0.1)
        first = last = self.sample(qmp)
        while last[0] - first[0] < SECONDS:
            time.sleep(0.2)
            last = self.sample(qmp)
        qmp.call("quit")
        self.join(timeout=30)
        return 100 * (last[1] - first[1]) / (last[0] - first[0])


def host():
    """The pipeline, and the same with the plain loops: in turns, and the best
    of each, as somebody else may use this machine."""
    found = {"fast": [], "naive": []}
    args = {"fast": (), "naive": ("-global", "vivante-gpu.naive=on")}
    with tempfile.TemporaryDirectory() as folder:
        for turn in ("fast", "naive", "fast", "naive"):
            n = len(found[turn])
            print(f"streaming, {turn}", flush=True)
            try:
                stream = Stream(f"{turn}-{n}", Path(folder), *args[turn])
                found[turn].append(stream.percent())
            except (OSError, QMPError, ValueError, IndexError) as e:
                return [failed("host", "the stream", e)]
    fast, naive = min(found["fast"]), min(found["naive"])
    return [Bound("host", "of a core for 640x480 to 800x480 at "
                  f"{pipeline.SENSOR_FPS:.0f} frames a second",
                  round(fast, 1), HOST_PERCENT, "%",
                  f"{naive:.1f} % with vivante-gpu.naive=on; " +
                  ", ".join(f"{x:.1f}" for x in found["fast"]) + " and " +
                  ", ".join(f"{x:.1f}" for x in found["naive"]))]


PARTS = {"kernel": kernel, "host": host}


def table(bounds):
    lines = ["| | measured | may be | | |", "|---|---|---|---|---|"]
    for b in bounds:
        limit = "" if b.limit is None else f"{b.limit} {b.unit}"
        held = "" if b.limit is None else "held" if b.held else "**broken**"
        lines.append(f"| {b.name} | {b.seen} {b.unit} | {limit} | {held} | "
                     f"{b.note} |")
    return "\n".join(lines)


def write(bounds):
    """report.md and report.json"""
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "report.json").write_text(json.dumps(
        [dict(asdict(b), held=b.held) for b in bounds], indent=1) + "\n")
    ours, plain = BUILD / "kernel/.config", PLAIN / "config"
    lines = ["# What it costs", "", table(bounds), ""]
    if ours.exists() and plain.exists():
        other = other_options(options(plain), options(ours))
        lines += ["Built-in options that differ between the two kernels: " +
                  (", ".join(other) or "none") + ".", ""]
    (OUT / "report.md").write_text("\n".join(lines))
