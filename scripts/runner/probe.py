# SPDX-License-Identifier: MIT
"""What refsoc-probe says on the emulated board, against the documentation."""

import re

from .board import TOP

DOUBTS = TOP / "docs/hardware-doubts.md"
# A driver that passes nearly all commands has at least so many tests made.
ENOUGH = {"mainline": 30, "refsoc": 15}


def judge(report, suite, run, drivers):
    """An answer to each doubt; none that is not the model's."""
    doubts = re.findall(r"^\| ([A-Z0-9]+-\d+) \|", DOUBTS.read_text(),
                        re.MULTILINE)
    answers = dict(re.findall(r"^# ([A-Z0-9]+-\d+): .* \| .* -> (\S.*?)\s*$",
                              run.tap, re.MULTILINE))
    missing = [d for d in doubts if d not in answers]
    more = [d for d in answers if d not in doubts]
    report.check(suite, "refsoc-probe answers every doubt",
                 doubts and not missing and not more,
                 f"no answer to {missing}, no doubt like {more}")
    other = [f"{d}: {a}" for d, a in answers.items()
             if not re.match(r"A\b|not asked: |blue of|fill |[0-9a-f]+/", a)]
    report.check(suite, "refsoc-probe finds the board as documented", not other,
                 "; ".join(other))
    made = sum(a[0] == "A" for a in answers.values())
    report.check(suite, "refsoc-probe makes its tests",
                 made >= ENOUGH[drivers], f"only {made}")
