# SPDX-License-Identifier: MIT
"""The dma-buf core's KUnit tests on User Mode Linux."""

import subprocess
import time

from . import ktap
from .board import BAD_LOG, BUILD, TOP


def suite(report, wanted):
    """Build, run, and judge; `wanted` is the set of suites that have to be there."""
    out = BUILD / "test/dmabuf"
    out.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    built = subprocess.run([TOP / "scripts/uml", "build"], check=False)
    if not report.check("dmabuf", "UML builds", built.returncode == 0,
                        "see build/logs", time.monotonic() - start):
        return
    start = time.monotonic()
    log = out / "uml.log"
    with log.open("w") as f:
        subprocess.run([TOP / "scripts/uml", "run"], check=False, stdout=f,
                       stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    text = log.read_text(errors="replace")
    missing = wanted - ktap.judge(report, "dmabuf", text, log)
    report.check("dmabuf", "every suite is there", not missing,
                 f"no {', '.join(sorted(missing))}: {log}", seconds)
    bad = [line for line in text.splitlines() if BAD_LOG.search(line)]
    report.check("dmabuf", "the kernel log is clean (KASAN, lockdep, DMA-API)",
                 not bad, "; ".join(bad[:4]))
