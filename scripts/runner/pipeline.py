# SPDX-License-Identifier: MIT
"""Streaming on the emulated board, and what the host makes of its record."""

import json
import re

from . import record, sharing, testcard
from .board import BUILD, boot
from .picture import Picture

SENSOR_FPS = 30.0

# imx-media wants of ov5640 what it does not have: docs/testing.md.
TEST_MODULES = "refsoc.test-modules"


class Stream:
    """One run of refsoc-pipeline on the board."""

    def __init__(self, run, frames, args):
        self.run, self.frames, self.args = run, frames, args
        cpu = run.out / "cpu.txt"
        self.record = record.Record.parse(
            run.record, cpu.read_text() if cpu.exists() else "")
        shot = run.out / "ipu1-di0-1.ppm"
        self.screen = Picture.read_ppm(shot) if shot.exists() else None
        self.shots = [Picture.read_ppm(p) for p in
                      sorted(run.out.glob("ipu1-di0-[1-9][0-9].ppm"))]

    def early_flips(self):
        """Flips whose event names a time before their fence signalled."""
        found = re.search(r"^(\d+) flips were told before their fence",
                          self.run.serial, re.MULTILINE)
        return int(found[1]) if found else None

    def shared_buffers(self):
        """How many buffers one driver must have handed to another."""
        return (0 if "-C" in self.args else 4) + 3 + ("-p" in self.args)

    def table(self):
        """What refsoc-pipeline printed, without the kernel's lines."""
        found = re.search(r"^(stage .*?copied by the CPU)$",
                          self.run.serial.replace("\r", ""),
                          re.MULTILINE | re.DOTALL)
        return found[1] if found else "refsoc-pipeline printed no table"


def stream(name, drivers, frames, args=(), shots=0, boot_args=(), **how):
    """Boot and stream; `args` are refsoc-pipeline's, `shots` how many pictures
    of the screen to take meanwhile, `boot_args` go to scripts/boot."""
    out = BUILD / ("run" if name == "run" else f"test/{name}")
    out.mkdir(parents=True, exist_ok=True)
    (out / "cpu.txt").unlink(missing_ok=True)
    append = f"{TEST_MODULES} " if drivers == "mainline" else ""
    plugin = f"{BUILD}/qemu/cputouch.so,out={out}/cpu.txt"
    run = boot(name, "/usr/libexec/refsoc/tests/stream.sh", drivers, out=out,
               append=f"{append}refsoc.args={','.join(['-n', str(frames), *args])}" +
               (f" refsoc.shots={shots}" if shots else ""),
               qemu=("-plugin", plugin), args=boot_args, **how)
    return Stream(run, frames, args)


def judge(s, frames):
    """The report, with what was expected of the run and what was not so."""
    r = s.record
    seen = {"at capture": r.numbers(record.CAMERA),
            "after the GPU": r.numbers(record.GPU),
            "on screen": r.numbers(record.SCREEN)}
    captured, rendered, displayed = seen.values()
    missing = record.missing(captured, displayed)
    to_gpu, to_screen = r.handed_over()
    loads, stores = r.cpu_bytes(r.picture_pages())
    fps = r.rate(record.CAMERA)
    trace = sharing.parse(s.run.serial)
    expectations = []

    def expect(name, ok, why=""):
        expectations.append((name, "" if ok else why or "it is not so"))

    complaints = s.run.kernel_complaints()
    expect("the board ends by itself with status 0", s.run.status == 0,
           f"status {s.run.status}: {s.run.out}/serial.log")
    expect("the kernel log is clean", not complaints, "; ".join(complaints[:1]))
    expect("the record was closed", r.closed)
    for where, numbers in seen.items():
        expect(f"every frame number is seen {where}", len(numbers) >= frames,
               f"{len(numbers)} of {frames}")
        expect(f"frame numbers rise {where}", record.in_order(numbers),
               f"{numbers[:20]}")
    expect("at most one frame is lost on the way", len(missing) <= 1,
           f"{len(missing)} never reached the screen: {missing[:5]}")
    expect("the sensor's rate in virtual time", abs(fps - SENSOR_FPS) < 0.3,
           f"{fps:.2f} frames a second instead of {SENSOR_FPS}")
    expect("the screen shows the last frames' picture",
           s.screen and s.screen.frame_number() in displayed[-5:],
           f"its strip says {s.screen and s.screen.frame_number()}")
    expect("the screen shows the test card's bars",
           s.screen and not testcard.wrong_bars(s.screen),
           f"wrong: {s.screen and testcard.wrong_bars(s.screen)}")
    expect("no flip is told before its fence", s.early_flips() == 0,
           f"{s.early_flips()} are")
    if "-t" in s.args:
        # Before the first flip, a picture has neither number.
        pairs = [t for t in map(testcard.two_numbers, s.shots)
                 if t != (None, None)]
        torn = [t for t in pairs if t[0] != t[1]]
        expect("no picture is torn", len(pairs) >= 10 and not torn,
               f"{len(torn)} of {len(pairs)} are, head and foot: {torn[:4]}")
    expect("the GPU's memory is what the screen shows", to_screen)
    if "-C" in s.args:
        expect("the copying run is seen to copy",
               loads >= frames * 640 * 480 * 2, f"{loads} bytes loaded")
    else:
        expect("the camera's memory is what the GPU reads", to_gpu)
        expect("no CPU touches a picture", to_gpu and loads + stores == 0,
               f"{loads} bytes loaded, {stores} stored")
    expect("the kernel traced the sharing of buffers", trace.lost == 0,
           "there is no trace" if trace.lost is None else
           f"{trace.lost} events are lost")
    expect("nobody was refused a buffer", not trace.refusals,
           f"{trace.refusals[:1]}")
    shared = {a.ino for a in trace.attachments if a.entries}
    expect("every buffer that is handed on is mapped by its importer",
           len(shared) >= s.shared_buffers(),
           f"{len(shared)} of {s.shared_buffers()}")
    return {
        "frames": {"captured": len(captured), "rendered": len(rendered),
                   "displayed": len(displayed), "missing": len(missing)},
        "fps_virtual": round(fps, 3),
        "cpu_bytes_copied": loads + stores,
        "pages": {"camera_to_gpu": len(to_gpu), "gpu_to_screen": len(to_screen),
                  "all_pictures": len(r.picture_pages())},
        "stages": sharing.stages(trace),
        "expectations": expectations,
    }


def write_report(s, report):
    report = dict(report, problems=[f"{name}: {why}" for name, why
                                    in report["expectations"] if why])
    del report["expectations"]
    (s.run.out / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    return report["problems"]
