# SPDX-License-Identifier: MIT
"""Fault switches of the board, set when a test on it asks for them."""

import re
import tempfile
import threading
import time

from . import board
from .qmp import QMP, QMPError

TESTDEV = "/machine/testdev"
ASKED = re.compile(r"^-- fault (\d+) (\S+) (\S+) (on|off)\r*$", re.MULTILINE)


class Switcher(threading.Thread):
    """Reads what the board prints and sets what it asks for."""

    def __init__(self, serial, socket):
        super().__init__(daemon=True)
        self.serial, self.socket = serial, socket
        self.done = threading.Event()
        self.error = ""
        self.switched = []

    def run(self):
        try:
            qmp = QMP(self.socket)
            while not self.done.is_set():
                self.serve(qmp)
                time.sleep(0.02)
        except (OSError, QMPError) as e:
            # At its end, the machine takes the socket along.
            self.error = str(e)

    def serve(self, qmp):
        text = self.serial.read_text(errors="replace") \
            if self.serial.exists() else ""
        for number, device, name, state in \
                ASKED.findall(text)[len(self.switched):]:
            qmp.set(f"/machine/{device}", name, state == "on")
            self.switched.append((device, name, state))
            qmp.set(TESTDEV, "gate", int(number))


def tap_suite(report, suite, script, **how):
    """A suite that is one script on the board, and asks for faults."""
    out = board.BUILD / "test" / suite
    out.mkdir(parents=True, exist_ok=True)
    (out / "serial.log").unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        socket = f"{folder}/qmp"
        switcher = Switcher(out / "serial.log", socket)
        switcher.start()
        run = board.boot(suite, script, out=out, **how,
                         qemu=("-qmp", f"unix:{socket},server,nowait"))
        switcher.done.set()
        switcher.join(timeout=30)
    report.tap(suite, run.tap, run.seconds)
    board.judge(report, suite, run)
    report.check(suite, "switches were asked for and set",
                 switcher.switched, switcher.error or "none was asked for")
