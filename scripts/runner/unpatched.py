# SPDX-License-Identifier: MIT
"""The suite `unpatched`: Linux without RefSoC, with mainline's drivers. Who can
share with whom there, and what RefSoC adds for those who do not use it."""

import time

from . import bench, matrix
from .board import BUILD, tap_suite

SUITE = "unpatched"
OUT = BUILD / "test" / SUITE


def suite(report):
    """Build it, share on it, and measure it and the board's own"""
    start = time.monotonic()
    if not report.check(SUITE, "Linux without RefSoC builds", bench.build_plain(),
                        "see build/logs", time.monotonic() - start):
        return
    run = tap_suite(report, SUITE, f"/usr/libexec/refsoc/tests/{SUITE}.sh",
                    drivers="mainline", args=bench.PLAIN_BOOT)
    matrix.compare(report, SUITE, run, "dmabuf-matrix-unpatched", patched=False)
    _, bounds = bench.both(OUT)
    (OUT / "cost.md").write_text(bench.table(bounds) + "\n")
    for bound in bounds:
        if bound.limit is not None:
            report.check(SUITE, bound.name, bound.held,
                         f"{bound.seen} {bound.unit}, may be {bound.limit}: "
                         f"{bound.note}")
