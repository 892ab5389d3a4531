# SPDX-License-Identifier: MIT
"""The camera's test card on a screenshot: docs/test-card.md."""

from .picture import strip_number

# 75 % bars, left to right; each channel is on or off.
BARS = ("white", "yellow", "cyan", "green", "magenta", "red", "blue", "black")
COLOURS = ((191, 191, 191), (191, 191, 0), (0, 191, 191), (0, 191, 0),
           (191, 0, 191), (191, 0, 0), (0, 0, 191), (0, 0, 0))
# Where to look, in % of the height: the square covers one of them at most.
ROWS = (12, 35, 58)
TOLERANCE = 32


def wrong_bars(picture):
    """Names of the bars whose colour is wrong in two rows of three."""
    wrong = []
    for i, name in enumerate(BARS):
        x = (2 * i + 1) * picture.width // (2 * len(BARS))
        seen = [picture.pixel(x, picture.height * y // 100) for y in ROWS]
        bad = sum(any(abs(a - b) > TOLERANCE
                      for a, b in zip(colour, COLOURS[i])) for colour in seen)
        if bad >= 2:
            wrong.append(name)
    return wrong


def two_numbers(picture):
    """Number in the strip at the head, and in its repetition at the foot
    (refsoc-pipeline -t)."""
    return picture.frame_number(), strip_number(
        picture.luma_row(picture.height * 97 // 100))
