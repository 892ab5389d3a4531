/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: lines, one row of pixels at a time.
 *
 * Bresenham's algorithm; the first pixel is drawn, the last is not (etna_viv
 * doc/2d.md). Each row's run of pixels is calculated by itself, so that a
 * line can be clipped and worked off in bands like any rectangle. Where a
 * pixel lies exactly between two, no source says which is taken: here the
 * one away from the start.
 */

#include "qemu/osdep.h"
#include "vivante.h"

/* Rounded up; @a may be negative */
static int64_t div_up(int64_t a, int64_t b)
{
    return a <= 0 ? 0 : (a + b - 1) / b;
}

/*
 * The pixels of the line from (@ax, @ay) to (@bx, @by) in row @y, from *@x0
 * to before *@x1; none if the two are equal.
 */
void viv_line_run(int32_t ax, int32_t ay, int32_t bx, int32_t by, int32_t y,
                  int32_t *x0, int32_t *x1)
{
    int64_t dx = ABS((int64_t)bx - ax), dy = ABS((int64_t)by - ay);
    int64_t k = by < ay ? (int64_t)ay - y : (int64_t)y - ay;
    int64_t from = 0, to = dx;

    *x0 = *x1 = ax;
    if (k < 0 || k > dy) {
        return;
    }
    if (dy > dx) {
        if (k < dy) {
            from = (2 * k * dx + dy) / (2 * dy);
            to = from + 1;
        } else {
            to = 0;
        }
    } else if (dy) {
        from = div_up((2 * k - 1) * dx, 2 * dy);
        to = MIN(dx, div_up((2 * k + 1) * dx, 2 * dy));
    }
    if (from >= to) {
        return;
    }
    *x0 = bx < ax ? ax - to + 1 : ax + from;
    *x1 = bx < ax ? ax - from + 1 : ax + to;
}
