# SPDX-License-Identifier: MIT
"""The suite `dmabuf` as far as it runs in user space on the board, and the
table of who can share with whom that refsoc-dmabuf measures there."""

import re

from .board import BUILD, KERNEL, TOP, tap_suite

TESTS = "/usr/libexec/refsoc/tests"
MEASURED = BUILD / "test/dmabuf-matrix.md"
DOCUMENTED = TOP / "docs/dma-buf-matrix.md"
MEMORY = re.compile(r"^(\|[^|]*)\|[^|]*")


def tables(text):
    """The lines that hold a title or a row, without what the words between
    them and trailing blanks make of it. Whether pages of the page allocator
    lie together is luck, and another with a debug kernel: there the column that
    tells does not count."""
    rows = [line.rstrip() for line in text.replace("\r", "").splitlines()
            if line.startswith(("## ", "|"))]
    return [MEMORY.sub(r"\1", row) for row in rows] if KERNEL else rows


def measured(serial):
    """What refsoc-dmabuf has printed on the board."""
    found = re.search(r"^-- matrix\n(.*?)^-- matrix ends",
                      serial.replace("\r", ""), re.MULTILINE | re.DOTALL)
    return found[1].strip() + "\n" if found else ""


def differences(document, matrix):
    """Rows that stand in one of them and not in the other; what the document
    says of a kernel without RefSoC does not count."""
    a, b = tables(document.partition("\n# Without")[0]), tables(matrix)
    if not b:
        return ["nothing was measured"]
    return [f"documented: {row}" for row in a if row not in b] + \
        [f"measured: {row}" for row in b if row not in a] or \
        (["the rows stand in another order"] if a != b else [])


def suite(report):
    """Pairs, queries, maintenance and races, and the table."""
    run = tap_suite(report, "dmabuf", f"{TESTS}/dmabuf.sh")
    matrix = measured(run.serial)
    MEASURED.write_text(matrix)
    wrong = differences(DOCUMENTED.read_text(), matrix)
    report.check("dmabuf", "docs/dma-buf-matrix.md is what is measured",
                 not wrong, "; ".join(wrong[:2]) + f": see {MEASURED}")
    tap_suite(report, "dmabuf-race", f"{TESTS}/dmabuf-race.sh", args=("-f",))
