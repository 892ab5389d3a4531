# SPDX-License-Identifier: MIT
"""The suites, in the order in which they run."""

import os
import subprocess
import time

from . import selftest
from .board import BUILD, TOP, tap_suite

QTESTS = TOP / "board/qemu/tests/qtest/imx6-tests.list"


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
    """The board boots, and every device that real hardware has is there."""
    for drivers in ("mainline", "refsoc"):
        tap_suite(report, f"machine-{drivers}", "/usr/libexec/refsoc/tests/machine.sh",
                  drivers=drivers)


ALL = {
    "runner": selftest.run,
    "models": models,
    "machine": machine,
}
