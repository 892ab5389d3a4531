# SPDX-License-Identifier: MIT
"""Streaming on the emulated board, and what the host makes of its record."""

import json
import re

from . import record
from .board import BUILD, boot
from .picture import Picture

SENSOR_FPS = 30.0


class Stream:
    """One run of refsoc-pipeline on the board."""

    def __init__(self, run, frames, args):
        self.run, self.frames, self.args = run, frames, args
        cpu = run.out / "cpu.txt"
        self.record = record.Record.parse(
            run.record, cpu.read_text() if cpu.exists() else "")
        shot = run.out / "ipu1-di0-1.ppm"
        self.screen = Picture.read_ppm(shot) if shot.exists() else None

    def table(self):
        """What refsoc-pipeline printed, without the kernel's lines."""
        found = re.search(r"^(stage .*?copied by the CPU)$",
                          self.run.serial.replace("\r", ""),
                          re.MULTILINE | re.DOTALL)
        return found[1] if found else "refsoc-pipeline printed no table"


def stream(name, drivers, frames, args=(), **how):
    """Boot and stream; `args` are refsoc-pipeline's."""
    out = BUILD / ("run" if name == "run" else f"test/{name}")
    out.mkdir(parents=True, exist_ok=True)
    (out / "cpu.txt").unlink(missing_ok=True)
    if drivers == "mainline":
        # imx-media wants of ov5640 what it does not have: docs/testing.md.
        how["args"] = ("-x", str(BUILD / "test-modules/root"))
    plugin = f"{BUILD}/qemu/cputouch.so,out={out}/cpu.txt"
    run = boot(name, "/usr/libexec/refsoc/tests/stream.sh", drivers, out=out,
               append=f"refsoc.args={','.join(['-n', str(frames), *args])}",
               qemu=("-plugin", plugin), **how)
    return Stream(run, frames, args)


def judge(s, frames):
    """The report, with every way in which the run is not what it should be."""
    r = s.record
    captured = r.numbers(record.CAMERA)
    rendered = r.numbers(record.GPU)
    displayed = r.numbers(record.SCREEN)
    missing = record.missing(captured, displayed)
    to_gpu, to_screen = r.handed_over()
    loads, stores = r.cpu_bytes(r.picture_pages())
    fps = r.rate(record.CAMERA)
    problems = []

    def expect(ok, text):
        if not ok:
            problems.append(text)

    expect(s.run.status == 0, f"the board ended with status {s.run.status}")
    expect(not s.run.kernel_complaints(),
           f"the kernel complains: {s.run.kernel_complaints()[:1]}")
    expect(r.closed, "the record was not closed")
    for where, seen in (("at capture", captured), ("after the GPU", rendered),
                        ("on screen", displayed)):
        expect(len(seen) >= frames, f"{len(seen)} of {frames} frames {where}")
        expect(record.in_order(seen), f"frames out of order {where}")
    expect(len(missing) <= 1, f"{len(missing)} frames never reached the "
           f"screen: {missing[:5]}")
    expect(abs(fps - SENSOR_FPS) < 0.05 * SENSOR_FPS,
           f"{fps:.2f} frames a second of virtual time, the sensor makes 30")
    expect(s.screen and not s.screen.is_black(), "the screen is black")
    copying = "-C" in s.args
    expect(to_screen, "no page went from the GPU to the screen")
    if copying:
        expect(loads >= frames * 640 * 480 * 2,
               f"the copying run loaded only {loads} bytes by CPU")
    else:
        expect(to_gpu, "no page went from the camera to the GPU")
        expect(loads + stores == 0, f"CPUs loaded {loads} and stored {stores} "
               "bytes in pages of pictures")
    return {
        "frames": {"captured": len(captured), "rendered": len(rendered),
                   "displayed": len(displayed), "missing": len(missing)},
        "fps_virtual": round(fps, 3),
        "cpu_bytes_copied": loads + stores,
        "pages": {"camera_to_gpu": len(to_gpu), "gpu_to_screen": len(to_screen),
                  "all_pictures": len(r.picture_pages())},
        "stages": stages(s),
        "problems": problems,
    }


def stages(s):
    """Who allocated what for whom, from refsoc-pipeline's table."""
    found = re.search(r"camera's memory from (\w+), scanout's from (\w+)",
                      s.run.serial)
    if not found:
        return []
    return [
        {"buffer": "camera", "exporter": found[1],
         "importer": "gpu" if found[1] == "camera" else "camera, gpu",
         "flags": "none (6.12's dma-buf has no flags)",
         "mapped": "dma_buf_map_attachment"},
        {"buffer": "scanout", "exporter": found[2],
         "importer": "gpu" if found[2] == "display" else "display",
         "flags": "none (6.12's dma-buf has no flags)",
         "mapped": "dma_buf_map_attachment"},
    ]


def write_report(s, report):
    (s.run.out / "report.json").write_text(json.dumps(report, indent=1) + "\n")
