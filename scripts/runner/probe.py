# SPDX-License-Identifier: MIT
"""What refsoc-probe says on the emulated board, against the documentation."""

import re

from .board import TOP

DOUBTS = TOP / "docs/hardware-doubts.md"
# A driver that refuses many commands has at least so many tests made.
ENOUGH = 15
# They take a camera's broken link: suite mainline-faults.
ELSEWHERE = {"CSI2-1", "CSI2-2"}


def wrongly_asked(asked_by, answer, hanging):
    """Is a test made, or left out, by another than the table says?"""
    impossible = answer.startswith("not asked: it takes ")
    left_out = answer.startswith("not asked: it may hang ")
    return impossible != (asked_by not in ("probe", "-H")) or \
        left_out != (asked_by == "-H" and not hanging)


def judge(report, suite, run, drivers, hanging=False):
    """An answer to each doubt; none that is not the model's."""
    doubts = dict(re.findall(r"^\| ([A-Z0-9]+-\d+) \|.*\| (\S+) \|$",
                             DOUBTS.read_text(), re.MULTILINE))
    answers = dict(re.findall(r"^# ([A-Z0-9]+-\d+): .* \| .* -> (\S.*?)\s*$",
                              run.tap, re.MULTILINE))
    missing = [d for d in doubts if d not in answers]
    more = [d for d in answers if d not in doubts]
    report.check(suite, "refsoc-probe answers every doubt",
                 doubts and not missing and not more,
                 f"no answer to {missing}, no doubt like {more}")
    other = [f"{d}: {a}" for d, a in answers.items()
             if not re.match(r"A\b|not asked: ", a)]
    report.check(suite, "refsoc-probe finds the board as documented", not other,
                 "; ".join(other))
    wrong = [f"{d}: {a}" for d, a in answers.items()
             if wrongly_asked(doubts.get(d), a, hanging)]
    report.check(suite, "refsoc-probe asks what the table says", not wrong,
                 "; ".join(wrong))
    unmade = [d for d, a in answers.items() if a.startswith("not asked: ")
              and not re.match("not asked: it (takes|may hang) ", a)]
    made = sum(a[0] == "A" for a in answers.values())
    report.check(suite, "refsoc-probe makes its tests",
                 set(unmade) == ELSEWHERE if drivers == "mainline" else
                 made >= ENOUGH, f"{made} made, but not {unmade}")
