# SPDX-License-Identifier: MIT
"""Tests of the runner itself: what it must not let pass."""

import tempfile
import unittest
from pathlib import Path
from contextlib import redirect_stdout
from io import StringIO

from . import ktap, matrix, probe, record, sharing
from .board import BUILD, Run
from .picture import Picture, strip_number
from .results import Report


def counts(tap):
    report = Report(BUILD / "test")
    with redirect_stdout(StringIO()):
        report.tap("x", tap)
    return report.counts()


class Tap(unittest.TestCase):
    def test_pass_fail_skip(self):
        tap = "1..3\nok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP no camera\n"
        self.assertEqual(counts(tap), (1, 1, 1))

    def test_plan_at_the_end(self):
        self.assertEqual(counts("ok 1 /a/b\r\nok 2 /a/c\r\n1..2\r\n"), (2, 0, 0))

    def test_a_stream_cut_short_fails(self):
        self.assertEqual(counts("1..2\nok 1 - a\n"), (1, 1, 0))

    def test_silence_fails(self):
        self.assertEqual(counts(""), (0, 1, 0))

    def test_nothing_planned_is_a_skip(self):
        self.assertEqual(counts("1..0 # skip no GPU\n"), (0, 0, 1))

    def test_bail_out_fails(self):
        self.assertEqual(counts("1..1\nok 1 a\nBail out! dead\n"), (1, 1, 0))

    def test_why_is_the_diagnostic(self):
        report = Report(BUILD / "test")
        with redirect_stdout(StringIO()):
            report.tap("x", "1..1\n# got 3\nnot ok 1 - a\n")
        self.assertEqual(report.results[0].why, "got 3")


class Log(unittest.TestCase):
    def complaints(self, text):
        with tempfile.TemporaryDirectory() as d:
            (Path(d) / "serial.log").write_text(text)
            return Run(Path(d), 0, 0).kernel_complaints()

    def test_found(self):
        for bad in ("[ 1.0] WARNING: CPU: 0 PID: 1 at foo.c:3",
                    "BUG: scheduling while atomic: a/1/0x2",
                    "[ 2.0] DMA-API: imx: device driver frees",
                    "DMA-API: gpu: cacheline tracking EEXIST, overlapping",
                    "DMA-API: debugging out of memory - disabling",
                    "BUG: KASAN: slab-use-after-free in foo+0x1/0x2",
                    "kmemleak: 3 new suspected memory leaks (see /sys/",
                    "kmemleak: Kernel memory leak detector disabled",
                    "WARNING: possible circular locking dependency detected",
                    "WARNING: possible recursive locking detected",
                    "WARNING: inconsistent lock state",
                    "WARNING: suspicious RCU usage",
                    "WARNING: bad unlock balance detected!",
                    "INFO: trying to register non-static key.",
                    "turning off the locking correctness validator.",
                    "INFO: lockdep is turned off.",
                    "ODEBUG: free active (active state 0) object: 1",
                    "BUG: sleeping function called from invalid context"):
            self.assertEqual(len(self.complaints(f"fine\n{bad}\n")), 1, bad)

    def test_clean(self):
        self.assertEqual(self.complaints("""Linux version 6.12
DMA-API: preallocated 65536 debug entries
DMA-API: debugging enabled by kernel config
DMA-API: dma_debug_entry pool grown to 65537 (200%)
kasan: KernelAddressSanitizer initialized (generic)
kmemleak: Kernel memory leak detector initialized (mem pool available: 9)
Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar
ok
"""), [])


class Watched(unittest.TestCase):
    """The end of a run with KERNEL=debug."""
    GOOD = "debug_locks 1\r\ndma-api disabled N\r\ndma-api errors 0\r\n"

    def found(self, text):
        with tempfile.TemporaryDirectory() as d:
            (Path(d) / "serial.log").write_text(text)
            return Run(Path(d), 0, 0).watched()

    def block(self, text):
        return self.found(f"x\r\n-- watched\r\n{text}-- watched ends\r\n")

    def test_nothing(self):
        self.assertEqual(self.block(self.GOOD), [])

    def test_silence(self):
        self.assertTrue(self.found("ok\n"))
        self.assertTrue(self.block(""))

    def test_a_leak(self):
        leak = "unreferenced object 0xc3124a00 (size 64):\r\n"
        self.assertEqual(len(self.block(self.GOOD + leak)), 1)

    def test_it_stopped_watching(self):
        for was, now in (("locks 1", "locks 0"), ("disabled N", "disabled Y"),
                         ("errors 0", "errors 2")):
            self.assertTrue(self.block(self.GOOD.replace(was, now)), now)


class Strip(unittest.TestCase):
    @staticmethod
    def row(number, width=640, black=16, white=235):
        check = sum(number >> s & 15 for s in range(0, 24, 4)) & 15
        bits = 0b1010 << 28 | number << 4 | check
        return bytes(white if bits >> (31 - x * 32 // width) & 1 else black
                     for x in range(width))

    def test_read(self):
        for number in (0, 1, 149, 0xabcdef):
            for width in (320, 640, 800, 1280):
                self.assertEqual(strip_number(self.row(number, width)), number)

    def test_one_wrong_cell(self):
        row = bytearray(self.row(149))
        row[400:420] = bytes(251 - v for v in row[400:420])
        self.assertIsNone(strip_number(bytes(row)))

    def test_no_strip(self):
        self.assertIsNone(strip_number(bytes(640)))
        self.assertIsNone(strip_number(bytes([128]) * 640))


class Pictures(unittest.TestCase):
    def test_differences(self):
        a = Picture(2, 1, bytes([0, 0, 0, 9, 9, 9]))
        b = Picture(2, 1, bytes([0, 0, 0, 9, 9, 12]))
        self.assertEqual(a.differences(b), 1)
        self.assertEqual(a.differences(b, tolerance=3), 0)
        self.assertEqual(a.differences(Picture(1, 1, bytes(3))), 2)

    def test_ppm_cut_short(self):
        with tempfile.NamedTemporaryFile() as f:
            f.write(b"P6\n2 2\n255\n" + bytes(11))
            f.flush()
            with self.assertRaises(ValueError):
                Picture.read_ppm(f.name)


class Records(unittest.TestCase):
    TEXT = """5 tap ipu1-csi0 0 64 48 {0}
10 tap ipu1-csi0 1 64 48 {1}
12 tap gc320-pe 7 64 48 {1}
15 tap ipu1-di0 3 64 48 {1}
15 tap ipu1-di0 4 64 48 00
20 pages ipu1-csi0 write 100 4
20 pages gc320-pe read 102 2
20 pages ipu1-idmac read 300 1
"""

    def setUp(self):
        rows = [Strip.row(n, 64).hex() for n in (7, 8)]
        self.r = record.Record.parse(self.TEXT.format(*rows),
                                     "cpu 103 8 4\ncpu 500 64 64\n")

    def test_numbers(self):
        self.assertEqual(self.r.numbers("ipu1-csi0"), [7, 8])
        self.assertEqual(self.r.numbers("ipu1-di0"), [8])

    def test_only_shared_pages_count(self):
        self.assertEqual(self.r.handed_over(), ({102, 103}, set()))
        self.assertEqual(self.r.cpu_bytes(self.r.picture_pages()), (8, 4))

    def test_rate(self):
        self.assertAlmostEqual(self.r.rate("ipu1-csi0"), 2e8)

    def test_missing(self):
        self.assertEqual(record.missing([1, 2, 3, 4], [1, 3], settle=0), [2])
        self.assertEqual(record.missing([1, 2], [], settle=0), [1, 2])

    def test_order(self):
        self.assertTrue(record.in_order([1, 2, 9]))
        self.assertFalse(record.in_order([1, 1]))
        self.assertFalse(record.in_order([2, 1]))


class Sharing(unittest.TestCase):
    LOG = """-- dma-buf
# kept {0} of 5
dma_buf_attach: ino=7 size=100 exporter=drm owner=a importer=x flags=
dma_buf_attach: ino=8 size=100 exporter=drm owner=a importer=x flags=
dma_buf_attach: ino=8 size=100 exporter=drm owner=a importer=y flags=contig|pages
dma_buf_map: ino=8 importer=x nents=2 first=0x1000 dir=to_device
dma_buf_map: ino=8 importer=y nents=1 first=0x1000 dir=from_device
-- dma-buf ends
"""

    def stages(self):
        return sharing.stages(sharing.parse(self.LOG.format(5)))

    def test_who_shares_what(self):
        x, y = self.stages()
        self.assertEqual((x["buffers"], x["mappings"], x["mapped"]),
                         (2, 1, "up to 2 entries, to_device"))
        self.assertEqual((y["flags"], y["mapped"]),
                         (["contig", "pages"], "one range, from_device"))

    def test_lost_events_are_seen(self):
        self.assertEqual(sharing.parse(self.LOG.format(5)).lost, 0)
        self.assertEqual(sharing.parse(self.LOG.format(3)).lost, 2)
        self.assertIsNone(sharing.parse("nothing").lost)


class Ktap(unittest.TestCase):
    LOG = """KTAP version 1
1..1
    KTAP version 1
    # Subtest: dma_buf_raw
    # module: dma_buf_core_test
    1..4
    ok 1 good
    # bad: EXPECTATION FAILED at raw-test.c:1
    not ok 2 bad
    ok 3 absent # SKIP no memory
not ok 1 dma_buf_raw
"""

    def test_cases(self):
        (name, plan, results), = ktap.cases(self.LOG)
        self.assertEqual((name, plan), ("dma_buf_raw", [4]))
        self.assertEqual(results, [
            ("good", "pass", ""),
            ("bad", "fail", "bad: EXPECTATION FAILED at raw-test.c:1"),
            ("absent", "skip", "no memory")])

    def test_nothing_ran(self):
        self.assertEqual(ktap.cases("Kernel panic\n"), [])


class Probe(unittest.TestCase):
    """Who asks a row of docs/hardware-doubts.md, with -H (True) and without"""
    RING = "not asked: it takes the driver's ring, changed by hand"
    HANGS = "not asked: it may hang the core, see -H"

    def test_as_the_table_says(self):
        for case in (("probe", "A", False), ("-H", "A: it hangs", True),
                     ("-H", self.HANGS, False), ("ring", self.RING, True)):
            self.assertFalse(probe.wrongly_asked(*case), case)

    def test_by_another(self):
        for case in (("probe", self.RING, True), ("probe", self.HANGS, False),
                     ("-H", "A", False), ("-H", self.HANGS, True),
                     ("ring", "A", True), (None, "A", False)):
            self.assertTrue(probe.wrongly_asked(*case), case)


class Matrix(unittest.TestCase):
    TABLE = "## a\n\n| from | b |\n|---|---|\n| c | yes |\n"

    def test_printed_among_other_things(self):
        self.assertEqual(
            matrix.measured(f"x\r\n-- matrix\r\n{self.TABLE}-- matrix ends\n"),
            self.TABLE)

    def test_words_around_it_do_not_count(self):
        self.assertEqual(matrix.differences(
            "# t\n\n" + self.TABLE + "\nmore\n", self.TABLE), [])

    def test_each_kernel_has_its_half(self):
        without = self.TABLE.replace("yes", "EINVAL")
        both = f"# t\n\n{self.TABLE}\n# Without: it\n\n{without}"
        for patched, table in ((True, self.TABLE), (False, without)):
            seen = matrix.half(both, patched)
            self.assertEqual(matrix.differences(seen, table), [])

    def test_a_changed_cell_is_seen(self):
        self.assertEqual(len(matrix.differences(
            self.TABLE, self.TABLE.replace("yes", "EBUSY"))), 2)
        self.assertTrue(matrix.differences(self.TABLE, ""))


def run(report):
    """Each test as a result of the suite `runner`."""
    class Recorder(unittest.TestResult):
        def addSuccess(self, test):
            report.add("runner", test.id().split(".", 2)[2], "pass")

        def addFailure(self, test, err):
            report.add("runner", test.id().split(".", 2)[2], "fail", 0,
                       str(err[1]).splitlines()[0])

        addError = addFailure

    unittest.defaultTestLoader.loadTestsFromName(__name__).run(Recorder())
