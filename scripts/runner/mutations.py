# SPDX-License-Identifier: MIT
"""Drivers broken on purpose: each must turn a test red that is green without.

docs/mutations.md tells how to add one.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import board, modetest, pipeline
from .board import BUILD, TOP
from .picture import Picture
from .results import say

PATCHES = TOP / "board/mutations"
WORK = BUILD / "mutations"
KERNEL = BUILD / "kernel"
TESTS = "/usr/libexec/refsoc/tests"
FRAMES = 60

# What `Rebuild:` may say of a module: its folder and its option.
MODULES = {
    "gpu": ("drivers/gpu/drm/refsoc/gpu", "CONFIG_DRM_REFSOC_GPU"),
    "kms": ("drivers/gpu/drm/refsoc/kms", "CONFIG_DRM_REFSOC_KMS"),
    "capture": ("drivers/media/platform/refsoc",
                "CONFIG_VIDEO_REFSOC_CAPTURE"),
}


@dataclass
class Mutation:
    """A patch and what its header says."""
    path: Path
    breaks: str     # regex over the names of expectations
    rebuild: str    # gpu, kms, capture, pipeline or dtb
    run: str        # stream, gpu or kms: what to run on it

    @classmethod
    def read(cls, path):
        head = dict(re.findall(r"^(\w+): *(.*)$", path.read_text(), re.M))
        return cls(path, head["Breaks"], head["Rebuild"],
                   head.get("Run", "stream"))

    @property
    def name(self):
        return self.path.stem


def call(log, *cmd, **how):
    with open(log, "a") as f:
        subprocess.run(cmd, check=True, stdin=subprocess.DEVNULL, stdout=f,
                       stderr=subprocess.STDOUT, **how)


def copy_patched(m, work, folders):
    """The folders of the repository the patch may touch, patched."""
    src = work / "src"
    for folder in folders:
        shutil.copytree(TOP / folder, src / folder)
    with open(m.path) as patch, open(work / "build.log", "a") as log:
        subprocess.run(["patch", "-p1", "-F0", "-s", "-d", src], stdin=patch,
                       stdout=log, stderr=log, check=True)
    return src


def build_module(m, work):
    folder, option = MODULES[m.rebuild]
    src = copy_patched(m, work, [folder]) / folder
    env = dict(os.environ, CCACHE_DIR=str(
        Path(os.environ.get("REFSOC_CACHE", Path.home() / ".cache/refsoc"))
        / "ccache"))
    call(work / "build.log", "make", "-C", KERNEL, "-s", "-j2", "ARCH=arm",
         "CROSS_COMPILE=arm-linux-gnueabihf-",
         "CC=ccache arm-linux-gnueabihf-gcc", f"M={src}", f"{option}=m",
         f"{option}_KUNIT_TEST=n", "modules", env=env)
    release = (KERNEL / "include/config/kernel.release").read_text().strip()
    to = work / "root/usr/lib/modules" / release / "kernel" / folder
    to.mkdir(parents=True)
    for ko in src.glob("*.ko"):
        shutil.copy(ko, to)


def build_pipeline(m, work):
    src = copy_patched(m, work, ["tools", "igt-tests", "scripts"])
    # The same script, on the patched sources: only where they are differs.
    call(work / "build.log", src / "scripts/tools", "-t",
         work / "root/usr/libexec/refsoc",
         env=dict(os.environ, REFSOC_BUILD=str(BUILD)))


def build_dtb(m, work):
    folder = "arch/arm/boot/dts/nxp/imx"
    src = copy_patched(m, work, [folder]) / folder
    dts, dtb = src / "imx6q-sabrelite-refsoc.dts", work / "board.dtb"
    call(work / "build.log", "cpp", "-nostdinc", "-undef", "-P", "-x",
         "assembler-with-cpp", f"-I{src}", f"-I{KERNEL / folder}",
         f"-I{KERNEL}/include", f"-I{KERNEL}/scripts/dtc/include-prefixes",
         dts, work / "board.dts")
    call(work / "build.log", KERNEL / "scripts/dtc/dtc", "-q", "-O", "dtb",
         "-o", dtb, work / "board.dts")


def run_stream(out, boot_args):
    s = pipeline.stream(out, "refsoc", FRAMES, ("-t",), shots=40,
                        boot_args=boot_args, timeout=120)
    return pipeline.judge(s, FRAMES)["expectations"]


def tap_expectations(out, script, boot_args):
    """What a script on the board says, and what holds for every boot."""
    run = board.boot(out, f"{TESTS}/{script}", args=boot_args, timeout=120)
    found = [(name, "not ok" if bad else "") for bad, name in
             re.findall(r"^(not )?ok \d+ - (.*?)\r*$", run.tap, re.M)]
    found.append(("the board ends by itself with status 0",
                  "" if run.status == 0 else f"status {run.status}"))
    found.append(("the kernel log is clean",
                  "; ".join(run.kernel_complaints()[:1])))
    return run, found


def run_gpu(out, boot_args):
    return tap_expectations(out, "mutation-gpu.sh", boot_args)[1]


def run_kms(out, boot_args):
    run, found = tap_expectations(out, "mutation-kms.sh", boot_args)
    shot = run.out / "ipu1-di0-1.ppm"
    seen = Picture.read_ppm(shot) if shot.exists() else None
    smpte = modetest.smpte(320, 240)
    visible = Picture(240, 240, b"".join(
        smpte.rgb[3 * (320 * y + 80):3 * 320 * (y + 1)] for y in range(240)))
    wanted = modetest.paste(modetest.plain(800, 480), visible, 0, 120)
    wrong = seen.differences(wanted.on_18_bits()) if seen else "all"
    found.append(("an overlay is cut at the edge of the screen",
                  f"{wrong} pixels differ" if wrong else ""))
    return found


RUNS = {"stream": run_stream, "gpu": run_gpu, "kms": run_kms}


def build(m):
    """Returns the arguments for scripts/boot."""
    work = WORK / m.name
    shutil.rmtree(work, ignore_errors=True)
    (work / "root").mkdir(parents=True)
    if m.rebuild == "dtb":
        build_dtb(m, work)
        return ("-b", str(work / "board.dtb"))
    if m.rebuild == "pipeline":
        build_pipeline(m, work)
    else:
        build_module(m, work)
    return ("-x", str(work / "root"))


def mutate(report, m):
    """Pass if an expectation that the patch names is no longer met."""
    try:
        boot_args = build(m)
    except (subprocess.CalledProcessError, OSError) as e:
        report.check("mutations", f"{m.name} is caught", False,
                     f"it does not build: {e}: {WORK / m.name}/build.log")
        return
    found = RUNS[m.run](f"mutations/{m.name}", boot_args)
    red = [f"{name} ({why})" for name, why in found if why]
    hits = [r for r in red if re.search(m.breaks, r)]
    report.check("mutations", f"{m.name} is caught", hits,
                 f"nothing that matches \"{m.breaks}\" turned red; red: {red}")
    if hits:
        say(f"      by: {hits[0]}")


def suite(report):
    """Each control once, then each mutation whose control is green."""
    wanted = os.environ.get("MUTATION", "")
    all_of_them = [Mutation.read(p) for p in sorted(PATCHES.glob("*.patch"))
                   if wanted in p.stem]
    for kind, run in RUNS.items():
        mine = [m for m in all_of_them if m.run == kind]
        if not mine:
            continue
        red = [f"{name}: {why}" for name, why in
               run(f"mutations/control-{kind}", ()) if why]
        report.check("mutations", f"the unbroken {kind} run is green",
                     not red, "; ".join(red))
        for m in mine:
            mutate(report, m)
