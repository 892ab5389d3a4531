# SPDX-License-Identifier: MIT
"""Who shared which buffer with whom, from the kernel's dma_buf trace events."""

import re
from dataclasses import dataclass, field

LOG = re.compile(r"^-- dma-buf\n(.*?)^-- dma-buf ends", re.MULTILINE | re.DOTALL)
EVENT = re.compile(r"^(dma_buf_\w+): (.*)$", re.MULTILINE)
FIELD = re.compile(r"(\w+)=(\S*)")


@dataclass
class Attachment:
    """One device at one buffer; what is known of its mappings."""
    exporter: str
    importer: str
    ino: str
    size: int
    flags: str
    entries: list = field(default_factory=list)
    directions: set = field(default_factory=set)


@dataclass
class Trace:
    """The events of one run. `lost` counts those the kernel did not keep, and
    is None if there is no trace at all."""
    attachments: list
    refusals: list
    lost: int


def events(log):
    """Each as its name and its fields."""
    for name, text in EVENT.findall(log):
        yield name, dict(FIELD.findall(text))


def parse(serial):
    """What board/tests/stream.sh has printed of the trace."""
    found = LOG.search(serial.replace("\r", ""))
    if not found:
        return Trace([], [], None)
    counts = re.search(r"^# kept (\d+) of (\d+)$", found[1], re.MULTILINE)
    trace = Trace([], [], int(counts[2]) - int(counts[1]) if counts else None)
    for name, f in events(found[1]):
        if name == "dma_buf_attach":
            trace.attachments.append(Attachment(
                f["owner"], f["importer"], f["ino"], int(f["size"]), f["flags"]))
        elif name == "dma_buf_refuse":
            trace.refusals.append(f)
        elif name == "dma_buf_map":
            for a in reversed(trace.attachments):
                if (a.ino, a.importer) == (f["ino"], f["importer"]):
                    a.entries.append(int(f["nents"]))
                    a.directions.add(f["dir"])
                    break
    return trace


def how_mapped(attachments):
    """In words: never, as one range, or in how many entries."""
    entries = [n for a in attachments for n in a.entries]
    if not entries:
        return "not mapped"
    what = "one range" if max(entries) == 1 else f"up to {max(entries)} entries"
    return f"{what}, {'/'.join(sorted(set().union(*(a.directions for a in attachments))))}"


def stages(trace):
    """One entry for each exporter, importer and size, as they came."""
    groups = {}
    for a in trace.attachments:
        groups.setdefault((a.exporter, a.importer, a.size, a.flags),
                          []).append(a)
    return [
        {"exporter": exporter, "importer": importer,
         "buffers": len({a.ino for a in group}), "bytes": size,
         "flags": [f for f in flags.split("|") if f],
         "mapped": how_mapped(group),
         "mappings": sum(len(a.entries) for a in group)}
        for (exporter, importer, size, flags), group in groups.items()]
