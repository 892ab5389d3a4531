# SPDX-License-Identifier: MIT
"""The machine saved in the middle of a stream, and loaded into another QEMU."""

import shutil
import tempfile
import threading
import time
from pathlib import Path

from . import board, record
from .qmp import QMP, QMPError

SCRIPT = "/usr/libexec/refsoc/tests/stream.sh"
FRAMES = 100
SAVE_AFTER = 40         # pictures that the screen has shown by then


class Stream(threading.Thread):
    """A boot that streams, with its control socket. Its root file system is
    in memory: a card's changes would stay behind."""

    def __init__(self, out, folder, *qemu):
        super().__init__(daemon=True)
        self.out, self.socket, self.qemu = out, folder / out.name, qemu
        self.result = None

    def run(self):
        empty = self.socket.parent / "empty"
        empty.mkdir(exist_ok=True)
        self.result = board.boot(
            self.out.name, SCRIPT, out=self.out, args=("-x", str(empty)),
            append=f"refsoc.args=-n,{FRAMES}",
            qemu=("-qmp", f"unix:{self.socket},server,nowait", *self.qemu))

    def record(self):
        path = self.out / "record.txt"
        return record.Record.parse(path.read_text() if path.exists() else "")

    def shown(self):
        """Pictures on the screen so far, by a record that is being written."""
        path = self.out / "record.txt"
        text = path.read_text() if path.exists() else ""
        return text.count(f" tap {record.SCREEN} ")


def save(stream, path):
    """Write its state to a file in mid-stream, after which it stands still;
    its record until then."""
    qmp = QMP(stream.socket, patience=60)
    while stream.shown() < SAVE_AFTER:
        if not stream.is_alive():
            raise QMPError("it ended before it could be saved")
        time.sleep(0.01)
    qmp.call("migrate", uri=f"file:{path}")
    while True:
        status = qmp.call("query-migrate").get("status")
        if status == "completed":
            break
        if status == "failed":
            raise QMPError("its state cannot be saved")
        time.sleep(0.02)
    qmp.call("quit")
    stream.join(timeout=30)
    return stream.record()


def pictures(port, *records):
    """When which number passed a port, in virtual time."""
    return [(ns, number) for r in records for ns, _, number in r.taps[port]]


def compare(report, plain, before, after, run):
    """A run in two processes against one that nobody disturbed: the board's
    time goes on where it stood still."""
    def check(name, ok, why):
        report.check("migration", name, ok, why)

    shown = len(pictures(record.SCREEN, before))
    check("the loaded board ends by itself with status 0", run.status == 0,
          f"status {run.status}: {run.out}/serial.log")
    check("the stream was saved in its middle",
          SAVE_AFTER <= shown < len(pictures(record.SCREEN, plain)),
          f"{shown} pictures before")
    for port, where in ((record.CAMERA, "at capture"),
                        (record.GPU, "in the GPU"),
                        (record.SCREEN, "on screen")):
        wanted = pictures(port, plain)
        seen = pictures(port, before, after)
        wrong = [pair for pair in zip(wanted, seen) if pair[0] != pair[1]]
        check(f"every picture is seen {where} at its time",
              wanted and seen == wanted,
              f"{len(seen)} of {len(wanted)}, the first that differs: "
              f"{wrong[:1]}")


def suite(report):
    out = board.BUILD / "test/migration"
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = Stream(out / "plain", folder)
        plain.run()
        first = Stream(out / "saved", folder)
        first.start()
        try:
            before = save(first, folder / "state")
        except (OSError, QMPError) as e:
            report.check("migration", "a running stream can be saved", False,
                         str(e))
            return
        second = Stream(out / "loaded", folder, "-incoming",
                        f"file:{folder}/state")
        second.run()
        compare(report, plain.record(), before, second.record(),
                second.result)
