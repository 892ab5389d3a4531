# SPDX-License-Identifier: MIT
"""KTAP, as KUnit prints it into a kernel log."""

import re

STAMP = re.compile(r"^\[ *\d+\.\d+\] ")
# One case of a suite, or a suite; deeper are parameters.
CASE = re.compile(r"^    (not )?ok \d+ (\S+)(?: # SKIP ?(.*))?$")
SUBTEST = re.compile(r"^    # Subtest: (\S+)$")
PLAN = re.compile(r"^    1\.\.(\d+)$")
MODULE = re.compile(r"^    # module: (\S+)$")


def lines(log):
    return [STAMP.sub("", line.rstrip("\r")) for line in log.splitlines()]


def cases(log):
    """Of each suite: its name, its plan, and (case, result, why) of its cases,
    where why is what KUnit said before the result."""
    suites, said = [], []
    for line in lines(log):
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


def modules(log):
    """The modules whose suites ran."""
    return {m[1] for line in lines(log) if (m := MODULE.match(line))}


def judge(report, suite, log, where):
    """Each case as a result, and that no suite was cut short; the names of
    the suites that are there."""
    found = cases(log)
    for name, plan, results in found:
        for case, result, why in results:
            report.add(f"{suite}-{name}", case, result, 0, why)
        report.check(suite, f"{name} ran to its end",
                     plan and results and plan[0] == len(results),
                     f"planned {plan}, saw {len(results)}: {where}")
    return {name for name, _, _ in found}
