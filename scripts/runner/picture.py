# SPDX-License-Identifier: MIT
"""Pictures: reading PPM, writing PNG, comparing, reading the number strip."""

import struct
import zlib
from pathlib import Path

STRIP_CELLS = 32
STRIP_ROW_PERMILLE = 30


class Picture:
    """An RGB picture; `rgb` is bytes, 3 a pixel."""

    def __init__(self, width, height, rgb):
        self.width, self.height, self.rgb = width, height, rgb

    @classmethod
    def read_ppm(cls, path):
        data = Path(path).read_bytes()
        magic, size, depth, rgb = data.split(b"\n", 3)
        if magic != b"P6" or depth != b"255":
            raise ValueError(f"{path} is not a PPM as the models write it")
        width, height = map(int, size.split())
        if len(rgb) != 3 * width * height:
            raise ValueError(f"{path} is cut short")
        return cls(width, height, rgb)

    def write_png(self, path):
        def chunk(kind, body):
            return (struct.pack(">I", len(body)) + kind + body +
                    struct.pack(">I", zlib.crc32(kind + body)))
        stride = 3 * self.width
        rows = b"".join(b"\0" + self.rgb[y * stride:(y + 1) * stride]
                        for y in range(self.height))
        Path(path).write_bytes(
            b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack(">IIBBBBB", self.width, self.height,
                                       8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))

    def pixel(self, x, y):
        i = 3 * (y * self.width + x)
        return tuple(self.rgb[i:i + 3])

    def luma_row(self, y):
        """Rec. 601 luma of one row, full range."""
        return bytes((77 * r + 150 * g + 29 * b) >> 8
                     for r, g, b in (self.pixel(x, y)
                                     for x in range(self.width)))

    def frame_number(self):
        return strip_number(
            self.luma_row(self.height * STRIP_ROW_PERMILLE // 1000))

    def on_18_bits(self):
        """The same on a panel with six bits a colour, as a screenshot shows
        it: the low bits are filled from the high ones."""
        table = bytes(v & 0xfc | v >> 6 for v in range(256))
        return Picture(self.width, self.height, self.rgb.translate(table))

    def is_black(self):
        return not any(self.rgb)

    def differences(self, other, tolerance=0):
        """How many pixels differ by more than `tolerance` in any channel."""
        if (self.width, self.height) != (other.width, other.height):
            return self.width * self.height
        return sum(
            max(abs(self.rgb[i + c] - other.rgb[i + c]) for c in range(3))
            > tolerance for i in range(0, len(self.rgb), 3))


def strip_number(luma):
    """The frame number in a row of luma samples, or None where there is no
    strip or its check fails (docs/test-card.md)."""
    if len(luma) < STRIP_CELLS:
        return None
    bits = 0
    for cell in range(STRIP_CELLS):
        value = luma[(2 * cell + 1) * len(luma) // (2 * STRIP_CELLS)]
        if 96 < value < 160:
            return None
        bits = bits << 1 | (value >= 160)
    number = bits >> 4 & 0xffffff
    check = sum(number >> s & 15 for s in range(0, 24, 4)) & 15
    if bits >> 28 != 0b1010 or bits & 15 != check:
        return None
    return number
