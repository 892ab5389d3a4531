/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: rows of the filter blit, in loops that compilers turn into
 * vector code. Built with -O3. vr_naive.c says what the two passes compute;
 * both give the same pixels.
 */

#include "qemu/osdep.h"
#include "vr.h"

static void vertical_fast(const int16_t *const *rows, const int16_t *k,
                          int16_t *restrict out, unsigned n)
{
    const int16_t *restrict r0 = rows[0], *restrict r1 = rows[1];
    const int16_t *restrict r2 = rows[2], *restrict r3 = rows[3];
    const int16_t *restrict r4 = rows[4], *restrict r5 = rows[5];
    const int16_t *restrict r6 = rows[6], *restrict r7 = rows[7];
    const int16_t *restrict r8 = rows[8];
    int16_t k0 = k[0], k1 = k[1], k2 = k[2], k3 = k[3], k4 = k[4];
    int16_t k5 = k[5], k6 = k[6], k7 = k[7], k8 = k[8];

    for (unsigned i = 0; i < n; i++) {
        int32_t sum = k0 * r0[i] + k1 * r1[i] + k2 * r2[i] + k3 * r3[i] +
                      k4 * r4[i] + k5 * r5[i] + k6 * r6[i] + k7 * r7[i] +
                      k8 * r8[i];

        out[i] = vr_settle(sum);
    }
}

/* A kernel that only passes the centre on */
static bool is_identity(const int16_t *k)
{
    for (unsigned t = 0; t < VR_TAPS; t++) {
        if (k[t] != (t == VR_CENTRE ? 1 << 14 : 0)) {
            return false;
        }
    }
    return true;
}

void vr_row_vertical(bool naive, const int16_t *const *rows, const int16_t *k,
                     int16_t *out, unsigned n)
{
    if (naive) {
        vr_vertical_naive(rows, k, out, n);
    } else if (is_identity(k)) {
        memcpy(out, rows[VR_CENTRE], n * sizeof(*out));
    } else {
        vertical_fast(rows, k, out, n);
    }
}

/*
 * Eight taps fill a vector of 16-bit numbers, the ninth is added. Unrolled,
 * GCC does not see the sum of products.
 */
static void horizontal_fast(const int16_t *restrict row,
                            const VRColumn *restrict at,
                            int16_t (*restrict kernel)[VR_KERNEL],
                            int16_t *restrict out, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const int16_t *restrict k = kernel[at[i].phase];
        const int16_t *restrict p = row + at[i].x - VR_CENTRE;
        int32_t sum = k[8] * p[8];

#pragma GCC unroll 1
        for (unsigned t = 0; t < 8; t++) {
            sum += k[t] * p[t];
        }
        out[i] = vr_settle(sum);
    }
}

void vr_row_horizontal(bool naive, const int16_t *row, const VRColumn *at,
                       int16_t (*kernel)[VR_KERNEL], int16_t *out, unsigned n)
{
    if (naive) {
        vr_horizontal_naive(row, at, kernel, out, n);
    } else {
        horizontal_fast(row, at, kernel, out, n);
    }
}

static inline uint32_t clip8(int32_t v)
{
    v = (v + 128) >> 8;
    v = v < 0 ? 0 : v;
    return v > 255 ? 255 : v;
}

/* Coefficients: etna_viv doc/2d.md, after Vivante's GC320 manual */
void vr_row_rgb(bool bt709, const int16_t *restrict py,
                const int16_t *restrict pu, const int16_t *restrict pv,
                uint32_t *restrict out, unsigned n)
{
    int16_t rv = bt709 ? 461 : 410, gu = bt709 ? 55 : 101;
    int16_t gv = bt709 ? 137 : 209, bu = bt709 ? 543 : 519;

    for (unsigned i = 0; i < n; i++) {
        int16_t y = py[i] - 16, u = pu[i] - 128, v = pv[i] - 128;
        int32_t a = 298 * y;

        out[i] = 0xff000000 | clip8(a + rv * v) << 16 |
                 clip8(a - gu * u - gv * v) << 8 | clip8(a + bu * u);
    }
}

void vr_row_argb(const int16_t *restrict p, uint32_t *restrict out, unsigned n)
{
    const int16_t *a = p, *r = p + n, *g = p + 2 * n, *b = p + 3 * n;

    for (unsigned i = 0; i < n; i++) {
        out[i] = (uint32_t)a[i] << 24 | (uint32_t)r[i] << 16 |
                 (uint32_t)g[i] << 8 | (uint32_t)b[i];
    }
}

/* Four bytes are two pixels with one pair of chroma. */
void vr_unpack_yuv(const uint8_t *restrict raw, bool uyvy, unsigned pairs,
                   int16_t *restrict y, int16_t *restrict u,
                   int16_t *restrict v)
{
    unsigned luma = uyvy, cb = 1 - luma, cr = 3 - luma;

    for (unsigned i = 0; i < pairs; i++) {
        y[2 * i] = raw[4 * i + luma];
        y[2 * i + 1] = raw[4 * i + luma + 2];
        u[2 * i] = u[2 * i + 1] = raw[4 * i + cb];
        v[2 * i] = v[2 * i + 1] = raw[4 * i + cr];
    }
}

/* Even pixels give a pair its U, odd ones its V. */
void vr_pack_yuv(const int16_t *restrict y, const int16_t *restrict even,
                 const int16_t *restrict odd, bool uyvy, unsigned pairs,
                 uint8_t *restrict raw)
{
    unsigned luma = uyvy;

    for (unsigned i = 0; i < pairs; i++) {
        raw[4 * i + luma] = y[2 * i];
        raw[4 * i + 1 - luma] = even[2 * i];
        raw[4 * i + luma + 2] = y[2 * i + 1];
        raw[4 * i + 3 - luma] = odd[2 * i + 1];
    }
}
