# SPDX-License-Identifier: MIT
"""The record of a run: what the bus masters and the CPUs touched, and which
frame numbers passed where.  Written by board/qemu/hw/imx6/dma.c and
board/qemu/plugins/cputouch.c; judged here, on the host."""

from collections import defaultdict
from dataclasses import dataclass, field

from .picture import strip_number

CAMERA, GPU, IDMAC, SCREEN = "ipu1-csi0", "gc320-pe", "ipu1-idmac", "ipu1-di0"


@dataclass
class Record:
    # port -> [(virtual ns, block's own count, number in the strip or None)]
    taps: dict = field(default_factory=lambda: defaultdict(list))
    # (port, "read" or "write") -> set of page numbers
    pages: dict = field(default_factory=lambda: defaultdict(set))
    # page -> [bytes loaded, bytes stored] by CPUs
    cpu: dict = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    closed: bool = False

    @classmethod
    def parse(cls, record_text, cpu_text=""):
        r = cls()
        for line in record_text.splitlines():
            word = line.split()
            if word[1] == "tap":
                r.taps[word[2]].append(
                    (int(word[0]), int(word[3]),
                     strip_number(bytes.fromhex(word[6]))))
            elif word[1] == "pages":
                first, count = int(word[4]), int(word[5])
                r.pages[word[2], word[3]].update(range(first, first + count))
                r.closed = True
        for line in cpu_text.splitlines():
            _, page, loaded, stored = line.split()
            touched = r.cpu[int(page)]
            touched[0] += int(loaded)
            touched[1] += int(stored)
        return r

    def numbers(self, port):
        """Frame numbers seen at a port, each once, in the order of first
        sight."""
        return list(dict.fromkeys(
            n for _, _, n in self.taps[port] if n is not None))

    def picture_pages(self):
        """Pages through which a picture went on: what the camera wrote and
        the GPU read or a CPU loaded, what the GPU wrote and the display read.
        A driver's spare buffer, which nobody reads, is not one."""
        to_gpu, to_screen = self.handed_over()
        by_cpu = {p for p in self.pages[CAMERA, "write"]
                  if p in self.cpu and self.cpu[p][0]}
        return to_gpu | by_cpu | to_screen

    def handed_over(self):
        """Pages written by one block and read by another: shared, uncopied."""
        return (self.pages[CAMERA, "write"] & self.pages[GPU, "read"],
                self.pages[GPU, "write"] & self.pages[IDMAC, "read"])

    def cpu_bytes(self, pages):
        return (sum(self.cpu[p][0] for p in pages if p in self.cpu),
                sum(self.cpu[p][1] for p in pages if p in self.cpu))

    def rate(self, port):
        """Frames a second of virtual time at a port, by distinct numbers."""
        first = {}
        for ns, _, number in self.taps[port]:
            if number is not None:
                first.setdefault(number, ns)
        times = sorted(first.values())
        if len(times) < 2:
            return 0.0
        return (len(times) - 1) * 1e9 / (times[-1] - times[0])


def missing(reference, seen, settle=10):
    """Numbers of `reference` that are not in `seen`, leaving out the first
    `settle` and those still under way at the end."""
    if not seen:
        return list(reference)
    return [n for n in reference[settle:] if n not in set(seen)
            and n <= seen[-1]]


def in_order(numbers):
    return all(a < b for a, b in zip(numbers, numbers[1:]))
