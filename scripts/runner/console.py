# SPDX-License-Identifier: MIT
"""The emulated board as somebody at its serial console has it, with QMP for
what hands would do: plug a monitor in, look at it."""

import os
import re
import select
import subprocess
import time

from .board import BUILD, TOP, Run
from .picture import Picture
from .qmp import QMP

PROMPT = b"\n=> "


class Console:
    """A board that runs until the `with` ends.  `args` go to scripts/boot,
    `qemu` to QEMU."""

    def __init__(self, name, args=(), qemu=(), out=None):
        self.out = out or BUILD / "test" / name
        self.out.mkdir(parents=True, exist_ok=True)
        self.text, self.read = b"", 0
        self.start = time.monotonic()
        qmp = self.out / "qmp"
        qmp.unlink(missing_ok=True)
        # A path that is short enough for a socket, whatever the clone's is.
        self.qmp_path = os.path.relpath(qmp)
        self.process = subprocess.Popen(
            [str(TOP / "scripts/boot"), "-i", "-o", str(self.out), *args, "--",
             "-qmp", f"unix:{self.qmp_path},server=on,wait=off", *qemu],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, bufsize=0)
        self.monitor = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        (self.out / "serial.log").write_bytes(self.text)
        if self.monitor:
            self.monitor.close()

    def _more(self, seconds):
        """Whether the board is still there; up to a second of its output."""
        if select.select([self.process.stdout], [], [], seconds)[0]:
            data = os.read(self.process.stdout.fileno(), 65536)
            self.text += data
            return bool(data)
        return True

    def expect(self, pattern, timeout=180):
        """The match of the regular expression in what has not been looked at
        yet; None if it does not come in time, or the board ends before."""
        end = time.monotonic() + timeout
        alive = True
        while True:
            found = re.compile(pattern, re.DOTALL).search(self.text, self.read)
            if found:
                self.read = found.end()
                return found
            left = end - time.monotonic()
            if left <= 0 or not alive:
                return None
            alive = self._more(min(left, 1))

    def quiet(self, seconds):
        """Wait so long, and give all that was said since last looked at."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._more(end - time.monotonic()):
            pass
        said, self.read = self.text[self.read:], len(self.text)
        return said

    def say(self, text):
        self.process.stdin.write(text.encode())

    def command(self, text, timeout=180):
        """A command at U-Boot's prompt, and what it printed.  Typed a piece at
        a time: the UART holds 32 characters."""
        for i in range(0, len(text), 16):
            self.say(text[i:i + 16])
            self.expect(re.escape(text[i:i + 16].encode()), 20)
        self.say("\r")
        found = self.expect(b"(.*?)" + PROMPT, timeout)
        return found[1].decode(errors="replace").replace("\r", "") if found else ""

    @property
    def qmp(self):
        if not self.monitor:
            self.monitor = QMP(self.qmp_path)
        return self.monitor

    def picture(self, screen, name):
        """What a monitor shows: `screen` is hdmi, ipu1 or ipu2."""
        path = self.out / f"{name}.ppm"
        self.qmp.call("screendump", filename=str(path), device=screen)
        seen = Picture.read_ppm(path)
        seen.write_png(path.with_suffix(".png"))
        return seen

    def run(self):
        """What the board left, as from a boot that is not watched."""
        (self.out / "serial.log").write_bytes(self.text)
        return Run(self.out, self.process.wait(), time.monotonic() - self.start)
