# SPDX-License-Identifier: MIT
"""What modetest's test patterns look like, computed.

The layout is that of the SMPTE colour bars (SMPTE EG 1): seven bars, a strip
of the castellated complement, and a row with -I, white, +Q and PLUGE.  The
values are those modetest documents in its pattern tables.
"""

from .picture import Picture

TOP = [(192, 192, 192), (192, 192, 0), (0, 192, 192), (0, 192, 0),
       (192, 0, 192), (192, 0, 0), (0, 0, 192)]
MIDDLE = [(0, 0, 192), (19, 19, 19), (192, 0, 192), (19, 19, 19),
          (0, 192, 192), (19, 19, 19), (192, 192, 192)]
BOTTOM = [(0, 33, 76), (255, 255, 255), (50, 0, 106), (19, 19, 19),
          (9, 9, 9), (19, 19, 19), (29, 29, 29), (19, 19, 19)]


def bottom_colour(x, width):
    five, six = width * 5 // 7, width * 6 // 7
    if x < five:
        return BOTTOM[x * 4 // five]
    if x < six:
        return BOTTOM[(x - five) * 3 // (width // 7) + 4]
    return BOTTOM[7]


def smpte(width, height):
    """The pattern `smpte` in a buffer of that size."""
    def row(colour):
        return b"".join(bytes(colour(x)) for x in range(width))

    top = row(lambda x: TOP[x * 7 // width])
    middle = row(lambda x: MIDDLE[x * 7 // width])
    bottom = row(lambda x: bottom_colour(x, width))
    n_top, n_middle = height * 6 // 9, height * 7 // 9
    return Picture(width, height, top * n_top + middle * (n_middle - n_top) +
                   bottom * (height - n_middle))


def plain(width, height, rgb=(0x77, 0x77, 0x77)):
    """The pattern `plain`: one grey."""
    return Picture(width, height, bytes(rgb) * (width * height))


def rgb565(picture):
    """The same after going through RGB565, low bits filled from the high."""
    def squeeze(i, value):
        bits = 6 if i % 3 == 1 else 5
        v = value >> (8 - bits)
        return v << (8 - bits) | v >> (2 * bits - 8)
    return Picture(picture.width, picture.height,
                   bytes(squeeze(i, v) for i, v in enumerate(picture.rgb)))


def paste(picture, other, left, top):
    """`other` laid over `picture`."""
    rgb = bytearray(picture.rgb)
    for y in range(other.height):
        at = 3 * ((top + y) * picture.width + left)
        rgb[at:at + 3 * other.width] = \
            other.rgb[3 * y * other.width:3 * (y + 1) * other.width]
    return Picture(picture.width, picture.height, bytes(rgb))
