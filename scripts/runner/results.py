# SPDX-License-Identifier: MIT
"""Results: reading TAP, collecting, reporting."""

import json
import re
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

TAP_LINE = re.compile(r"^(not )?ok\b\s*(\d+)?\s*(?:- )?([^#]*)(?:#\s*(.*))?$")
TAP_PLAN = re.compile(r"^1\.\.(\d+)(?:\s*#\s*skip\s*(.*))?\s*$", re.IGNORECASE)


def say(line):
    """Print a line in one piece: two suites run at a time."""
    print(line + "\n", end="", flush=True)


@dataclass
class Result:
    suite: str
    name: str
    result: str         # pass, fail or skip
    seconds: float = 0.0
    why: str = ""


class Report:
    """What a run of the tests has found so far."""

    def __init__(self, out: Path):
        self.out = out
        self.results: list[Result] = []
        self.started = time.monotonic()
        self.writing = threading.Lock()

    def add(self, suite, name, result, seconds=0.0, why=""):
        r = Result(suite, name, result, round(seconds, 2), why.strip())
        self.results.append(r)
        note = f"  ({r.why})" if r.why else ""
        say(f"{result:4}  {suite}: {name}{note}")
        return result == "pass"

    def check(self, suite, name, ok, why="", seconds=0.0):
        """One result from a condition; `why` tells what was seen."""
        return self.add(suite, name, "pass" if ok else "fail", seconds,
                        "" if ok else why)

    def tap(self, suite, text, seconds=0.0, prefix=""):
        """Results from a TAP stream. A stream that ends before its plan, or
        has none, is a failure: a test that died must not look like one that
        had nothing to say."""
        plan, seen, diag = None, 0, []
        per_test = seconds / max(1, len(re.findall(r"^(?:not )?ok\b", text, re.M)))
        for line in text.splitlines():
            line = line.rstrip("\r")
            if m := TAP_PLAN.match(line):
                plan = int(m[1])
                if plan == 0:
                    self.add(suite, prefix or "all", "skip", seconds, m[2] or "")
                diag = []
            elif m := TAP_LINE.match(line):
                seen += 1
                self._tap_result(suite, prefix + m[3].strip(), bool(m[1]),
                                 m[4] or "", diag, per_test)
                diag = []
            elif line.startswith("#"):
                diag.append(line.lstrip("# "))
            elif line.startswith("Bail out!"):
                self.add(suite, prefix + "bail out", "fail", 0, line[9:])
        if plan is None or seen != plan:
            self.add(suite, prefix + "the whole plan ran", "fail", 0,
                     f"planned {plan}, saw {seen}")

    def _tap_result(self, suite, name, failed, directive, diag, seconds):
        if directive.lower().startswith("skip"):
            self.add(suite, name, "skip", seconds, directive[4:])
        elif failed:
            self.add(suite, name, "fail", seconds, "; ".join(diag[-4:]))
        else:
            self.add(suite, name, "pass", seconds)

    def counts(self):
        kinds = [r.result for r in self.results]
        return tuple(kinds.count(k) for k in ("pass", "fail", "skip"))

    def write(self):
        """What has been found until now."""
        with self.writing:
            self._write()

    def _write(self):
        self.out.mkdir(parents=True, exist_ok=True)
        (self.out / "results.json").write_text(
            json.dumps([asdict(r) for r in self.results], indent=1) + "\n")
        passed, failed, skipped = self.counts()
        lines = ["# Test report", "",
                 f"{passed} passed, {failed} failed, {skipped} skipped in "
                 f"{time.monotonic() - self.started:.0f} s, all in emulation.", ""]
        for kind in ("fail", "skip", "pass"):
            rows = [r for r in self.results if r.result == kind]
            if rows:
                lines += [f"## {kind}", "", "| suite | test | s | why |",
                          "|---|---|---|---|"]
                lines += [f"| {r.suite} | {r.name} | {r.seconds} | "
                          f"{r.why.replace('|', '/')} |" for r in rows]
                lines.append("")
        (self.out / "report.md").write_text("\n".join(lines))
