# SPDX-License-Identifier: MIT
"""The suites, in the order of the documentation."""

import os
import subprocess
import time

from . import (booting, building, faults, ktap, matrix, migration, modetest,
               mutations, pipeline, probe, selftest, side, unpatched)
from .board import BUILD, KERNEL, TOP, tap_suite
from .picture import Picture

QTESTS = TOP / "board/qemu/tests/qtest/imx6-tests.list"
KUNIT_MODULES = {
    "dma_buf_core_test", "dma_buf_drivers_test", "dma_buf_storage_test",
    "refsoc_formats_test", "refsoc_gpu_mmu_test", "refsoc_gpu_validate_2d_test",
    "refsoc_gpu_validate_test", "refsoc_kms_test", "videobuf2_dmabuf_test"}


def models(report):
    """The qtests of every device model."""
    for name in QTESTS.read_text().split():
        program = BUILD / "qemu/tests/qtest" / name
        log = BUILD / "test/models" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        env = dict(os.environ,
                   QTEST_QEMU_BINARY=str(BUILD / "qemu/qemu-system-arm"))
        start = time.monotonic()
        try:
            done = subprocess.run([program], env=env, text=True, timeout=300,
                                  stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
            text, status = done.stdout, done.returncode
        except subprocess.TimeoutExpired as e:
            text, status = (e.stdout or b"").decode(), "a timeout"
        log.write_text(text)
        report.tap("models", text, time.monotonic() - start)
        if status != 0:
            report.add("models", f"{name} exits 0", "fail", 0,
                       f"it ended with {status}: {log}")


def machine(report):
    """The board boots, every device that real hardware has is there, and it
    does what the documentation says where silicon may differ."""
    for drivers in ("mainline", "refsoc"):
        suite = f"machine-{drivers}"
        run = tap_suite(report, suite, "/usr/libexec/refsoc/tests/machine.sh",
                        drivers=drivers)
        probe.judge(report, suite, run, drivers)


def same_picture(report, suite, run, shot, wanted):
    """A screenshot against a computed picture, pixel by pixel."""
    name = f"picture {shot} is what was drawn"
    path = run.out / f"{shot}.ppm"
    if not path.exists():
        return report.add(suite, name, "fail", 0, "no picture was taken")
    seen = Picture.read_ppm(path)
    seen.write_png(path.with_suffix(".png"))
    wrong = seen.differences(wanted)
    if wrong:
        wanted.write_png(path.with_suffix(".wanted.png"))
    return report.check(suite, name, not wrong,
                        f"{wrong} pixels differ: {path.with_suffix('.png')}")


def mainline_kms(report):
    """Unmodified imx-drm on the display models."""
    run = tap_suite(report, "mainline-kms",
                    "/usr/libexec/refsoc/tests/mainline-kms.sh",
                    drivers="mainline")
    bars = modetest.smpte(800, 480)
    overlaid = modetest.paste(modetest.plain(800, 480),
                              modetest.smpte(320, 240), 240, 120)
    for shot, wanted in (("ipu1-di0-1", bars),
                         ("ipu1-di0-2", modetest.rgb565(bars)),
                         ("ipu1-di0-3", overlaid)):
        same_picture(report, "mainline-kms", run, shot, wanted.on_18_bits())


def mainline_gpu(report):
    """Unmodified etnaviv on the GPU models."""
    run = tap_suite(report, "mainline-gpu",
                    "/usr/libexec/refsoc/tests/mainline-gpu.sh",
                    drivers="mainline")
    probe.judge(report, "mainline-gpu", run, "mainline", hanging=True)


def gpu(report):
    """refsoc-gpu on the GPU models, and user space that means harm."""
    tap_suite(report, "gpu", "/usr/libexec/refsoc/tests/gpu.sh")


def heaps(report):
    """The dma-heaps that RefSoC adds."""
    tap_suite(report, "heaps", "/usr/libexec/refsoc/tests/heaps.sh")


def word_picture(rows, drawn=0, rgb=()):
    """What igt-tests/sharing.c writes to a buffer of 160 columns, the first
    `drawn` words in a colour of the GPU's instead."""
    pixels = bytearray()
    for i in range(160 * rows):
        word = (0x5ca0 + i) * 0x9e3779b1
        pixels += bytes(rgb) if i < drawn else word.to_bytes(
            8, "little")[2::-1]
    return Picture(160, rows, bytes(pixels))


def scanout(report):
    """Memory that others have allocated, on the screen."""
    run = tap_suite(report, "scanout", "/usr/libexec/refsoc/tests/scanout.sh")
    black = modetest.plain(800, 480, (0, 0, 0))
    before = word_picture(240, 4096, (0x20, 0x40, 0xc0))
    after = word_picture(240, 4096, (0xc0, 0x40, 0x20))
    for n, overlay in enumerate((word_picture(180), before, after, before,
                                 after), 1):
        same_picture(report, "scanout", run, f"ipu1-di0-{n}", modetest.paste(
            black, overlay, 0, 0).on_18_bits())


def real_igt(report):
    """RefSoC's tests built in the IGT tree that IGT= names, and IGT's own."""
    files = BUILD / "test/igt-files"
    subprocess.run([TOP / "scripts/igt", os.environ["IGT"], files], check=True)
    tap_suite(report, "igt", "/usr/libexec/refsoc/tests/igt.sh", timeout=1800,
              args=("-x", str(files)))


def kunit(report):
    """KUnit tests of our modules, on the board."""
    run = tap_suite(report, "kunit", "/usr/libexec/refsoc/tests/kunit.sh")
    ktap.judge(report, "kunit", run.serial, f"{run.out}/serial.log")
    silent = KUNIT_MODULES - ktap.modules(run.serial)
    report.check("kunit", "every module has run its suites", not silent,
                 f"not {', '.join(sorted(silent))}: {run.out}/serial.log")


def dmabuf(report):
    """KUnit tests of the dma-buf core: on UML with KASAN and lockdep; then
    every two devices on the board, and races."""
    if not KERNEL:
        side.uml(report, "dmabuf")
    matrix.suite(report)


def lpae(report):
    """The dma-buf core and udmabuf with what the board's CPU does not have:
    64-bit physical addresses, and huge pages."""
    side.lpae(report, "lpae")


def stream(report, suite, drivers, frames, args=()):
    """refsoc-pipeline on the board; each expectation is a result."""
    run = pipeline.stream(suite, drivers, frames, args)
    verdict = pipeline.judge(run, frames)
    pipeline.write_report(run, verdict)
    for name, why in verdict["expectations"]:
        report.check(suite, name, not why, why)
    return run


def bound_to(report, suite, run, drivers):
    """The log of the very run says whose drivers it was."""
    for device, driver in drivers.items():
        line = f"{device} is bound to {driver}"
        report.check(suite, line, line in run.run.serial.replace("\r", ""),
                     "it is not, says the serial log")


def mainline_capture(report):
    """Unmodified imx-media, and an ov5640 that has get_mbus_config."""
    run = stream(report, "mainline-capture", "mainline", 60)
    bound_to(report, "mainline-capture", run, {
        "imx-ipuv3-csi.0": "imx-ipuv3-csi", "21dc000.mipi": "imx6-mipi-csi2",
        "imx-ipuv3-crtc.2": "imx-ipuv3-crtc", "134000.gpu": "etnaviv-gpu"})
    tap_suite(report, "mainline-camera",
              "/usr/libexec/refsoc/tests/mainline-camera.sh",
              drivers="mainline", append=pipeline.TEST_MODULES)


def mainline_faults(report):
    """Hardware that fails, under mainline's drivers."""
    faults.tap_suite(report, "mainline-faults",
                     "/usr/libexec/refsoc/tests/mainline-faults.sh",
                     drivers="mainline", append=pipeline.TEST_MODULES)


def pipeline_suite(report):
    """RefSoC's three drivers: camera to GPU to display."""
    run = stream(report, "pipeline", "refsoc", 150)
    bound_to(report, "pipeline", run, {
        "134000.gpu": "refsoc-gpu-core", "imx-ipuv3-crtc.2": "refsoc-kms-crtc",
        "imx-ipuv3-csi.0": "refsoc-csi"})
    stream(report, "pipeline-copy", "refsoc", 60, ("-C",))
    stream(report, "pipeline-plane", "refsoc", 60, ("-p",))
    stream(report, "pipeline-display-allocates", "refsoc", 60, ("-c", "display"))
    stream(report, "pipeline-gpu-allocates", "refsoc", 60, ("-s", "gpu"))
    tap_suite(report, "pipeline-refusals",
              "/usr/libexec/refsoc/tests/refusals.sh")


def capture(report):
    """refsoc-capture on the camera models, and v4l2-compliance on it."""
    for name in ("refsoc-capture", "v4l2-compliance"):
        tap_suite(report, name, f"/usr/libexec/refsoc/tests/{name}.sh")


ALL = {
    "runner": selftest.run,
    "build": building.suite,
    "check": building.check,
    "models": models,
    "machine": machine,
    "boot": booting.suite,
    "mainline-kms": mainline_kms,
    "mainline-gpu": mainline_gpu,
    "mainline-capture": mainline_capture,
    "mainline-faults": mainline_faults,
    "gpu": gpu,
    "dmabuf": dmabuf,
    "heaps": heaps,
    "scanout": scanout,
    "kunit": kunit,
    "lpae": lpae,
    "unpatched": unpatched.suite,
    "capture": capture,
    "pipeline": pipeline_suite,
    "migration": migration.suite,
    "mutations": mutations.suite,
}

# Only with what the user has.
OPTIONAL = {"igt": real_igt} if os.environ.get("IGT") else {}

# On a kernel that watches itself: where RefSoC's drivers and the dma-buf core
# run. The others do not boot it, or ask what it does not change.
if KERNEL:
    ALL = {name: ALL[name] for name in (
        "machine", "mainline-gpu", "gpu", "dmabuf", "heaps", "scanout",
        "kunit", "capture", "pipeline")}

# More than itself: all that is claimed of sharing buffers.
WITH = {"dmabuf": [name for name in ("heaps", "scanout", "kunit", "lpae",
                                     "unpatched") if name in ALL]}

# Alone and first, in this order: the runner tests itself by what it prints; the
# other two write into the build folders that everybody reads.
ALONE = ("runner", "build", "check")
