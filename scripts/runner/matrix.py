# SPDX-License-Identifier: MIT
"""The suite `dmabuf` as far as it runs in user space on the board, and the
tables of who can share with whom that refsoc-dmabuf measures there."""

import re

from .board import BUILD, KERNEL, TOP, tap_suite

TESTS = "/usr/libexec/refsoc/tests"
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


def half(document, patched):
    """What the document says of the kernel with RefSoC, or of that without"""
    text, _, without = document.partition("\n# Without")
    return text if patched else without


def differences(document, matrix):
    """Rows that stand in one of them and not in the other"""
    a, b = tables(document), tables(matrix)
    if not b:
        return ["nothing was measured"]
    return [f"documented: {row}" for row in a if row not in b] + \
        [f"measured: {row}" for row in b if row not in a] or \
        (["the rows stand in another order"] if a != b else [])


def compare(report, suite, run, name, patched):
    """Leave the tables that a run has printed, and hold the document to them."""
    matrix, path = measured(run.serial), BUILD / f"test/{name}.md"
    path.write_text(matrix)
    wrong = differences(half(DOCUMENTED.read_text(), patched), matrix)
    report.check(suite, "docs/dma-buf-matrix.md is what is measured",
                 not wrong, "; ".join(wrong[:2]) + f": see {path}")


def suite(report):
    """Pairs, queries, maintenance and races, and the table."""
    run = tap_suite(report, "dmabuf", f"{TESTS}/dmabuf.sh")
    compare(report, "dmabuf", run, "dmabuf-matrix", patched=True)
    tap_suite(report, "dmabuf-race", f"{TESTS}/dmabuf-race.sh", args=("-f",))
