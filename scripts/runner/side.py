# SPDX-License-Identifier: MIT
"""Kernels other than the board's, with the dma-buf core's KUnit tests built
in: scripts/side-kernel."""

import subprocess
import time

from . import ktap
from .board import BUILD, TOP, Run

CORE = {"dma_buf_flags", "dma_buf_mapping", "dma_buf_raw", "dma_buf_storage",
        "dma_buf_storage_wait", "dma_buf_waits"}


def kernel(report, suite, name, wanted):
    """Build, run, and judge; `wanted` is the set of suites that have to be
    there. The run, or None."""
    out = BUILD / "test" / name
    out.mkdir(parents=True, exist_ok=True)
    log = out / "serial.log"
    script = TOP / "scripts/side-kernel"
    start = time.monotonic()
    built = subprocess.run([script, name, "build"], check=False)
    if not report.check(suite, f"{name.upper()} builds", built.returncode == 0,
                        "see build/logs", time.monotonic() - start):
        return None
    start = time.monotonic()
    with log.open("w") as f:
        done = subprocess.run([script, name, "run"], check=False, stdout=f,
                              stderr=subprocess.DEVNULL)
    run = Run(out, done.returncode, time.monotonic() - start)
    text = run.serial.replace("\r", "")
    report.check(suite, f"{name.upper()} ends by itself", run.status == 0,
                 f"status {run.status}: {log}")
    missing = wanted - ktap.judge(report, suite, text, log)
    report.check(suite, "every suite is there", not missing,
                 f"no {', '.join(sorted(missing))}: {log}", run.seconds)
    skipped = [case for found, _, cases in ktap.cases(text) if found in wanted
               for case, result, _ in cases if result == "skip"]
    report.check(suite, "no case of theirs is skipped", not skipped,
                 f"{', '.join(skipped)}: {log}")
    bad = run.kernel_complaints()
    report.check(suite, "the kernel log is clean", "Linux version" in text and
                 not bad, "; ".join(bad[:4]) or "the kernel printed nothing")
    return run


def uml(report, suite):
    """On User Mode Linux, with KASAN and lockdep."""
    kernel(report, suite, "uml", CORE | {"vb2_dmabuf"})


def lpae(report, suite):
    """With memory above 4 GiB and huge pages; then user space."""
    run = kernel(report, suite, "lpae", CORE | {"dma_buf_reach", "udmabuf"})
    if run:
        report.tap(suite, run.tap, run.seconds)
