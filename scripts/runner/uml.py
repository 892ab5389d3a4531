# SPDX-License-Identifier: MIT
"""The dma-buf core's KUnit tests on User Mode Linux."""

import re
import subprocess
import time

from .board import BAD_LOG, BUILD, TOP

# One case of a suite, or a suite; deeper are parameters.
CASE = re.compile(r"^    (not )?ok \d+ (\S+)(?: # SKIP ?(.*))?$")
SUBTEST = re.compile(r"^    # Subtest: (\S+)$")
PLAN = re.compile(r"^    1\.\.(\d+)$")


def cases(text):
    """Of each suite: its name, its plan, and (case, result, why) of its cases,
    where why is what KUnit said before the result."""
    suites, said = [], []
    for line in text.splitlines():
        if m := SUBTEST.match(line):
            suites.append((m[1], [], []))
            said = []
        elif suites and (m := PLAN.match(line)):
            suites[-1][1].append(int(m[1]))
            said = []
        elif suites and (m := CASE.match(line)):
            result = "fail" if m[1] else "skip" if m[3] is not None else "pass"
            why = m[3] if result == "skip" else "; ".join(said[:4])
            suites[-1][2].append((m[2], result, why if result != "pass" else ""))
            said = []
        elif line.startswith("    # "):
            said.append(line.strip("# "))
    return suites


def suite(report, wanted):
    """Build, run, and judge; `wanted` are the suites that have to be there."""
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
    found = cases(text)
    for name, plan, results in found:
        for case, result, why in results:
            report.add(f"dmabuf-{name}", case, result, 0, why)
        report.check("dmabuf", f"{name} ran to its end",
                     plan and results and plan[0] == len(results),
                     f"planned {plan}, saw {len(results)}: {log}")
    missing = set(wanted) - {name for name, _, _ in found}
    report.check("dmabuf", "every suite is there", not missing,
                 f"no {', '.join(sorted(missing))}: {log}", seconds)
    bad = [line for line in text.splitlines() if BAD_LOG.search(line)
           and "DMA-API: preallocated" not in line
           and "DMA-API: debugging enabled" not in line]
    report.check("dmabuf", "the kernel log is clean (KASAN, lockdep, DMA-API)",
                 not bad, "; ".join(bad[:4]))
