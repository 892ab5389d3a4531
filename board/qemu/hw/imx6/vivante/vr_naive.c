/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: the two passes of the filter blit, as plainly as can be.
 *
 * The core's property "naive" takes these in place of those in vr_rows.c, so
 * that a test can compare pixels and time.
 */

#include "qemu/osdep.h"
#include "vr.h"

void vr_vertical_naive(const int16_t *const *rows, const int16_t *k,
                       int16_t *out, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        int32_t sum = 0;

        for (unsigned t = 0; t < VR_TAPS; t++) {
            sum += k[t] * rows[t][i];
        }
        out[i] = vr_settle(sum);
    }
}

void vr_horizontal_naive(const int16_t *row, const VRColumn *at,
                         int16_t (*kernel)[VR_KERNEL], int16_t *out,
                         unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const int16_t *k = kernel[at[i].phase];
        int32_t sum = 0;

        for (int t = 0; t < VR_TAPS; t++) {
            sum += k[t] * row[at[i].x + t - VR_CENTRE];
        }
        out[i] = vr_settle(sum);
    }
}
