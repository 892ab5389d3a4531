/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of the filter blit: see vr_rows.c and vr_naive.c.
 */
#ifndef HW_IMX6_VIVANTE_VR_H
#define HW_IMX6_VIVANTE_VR_H

#define VR_TAPS         9
#define VR_CENTRE       4
/* A row of coefficients, with zeros behind the taps */
#define VR_KERNEL       16
/* Pixels to the left and right of a row of planes that repeat its edges */
#define VR_PAD          16

/* Where a target column looks in the source row, and with which kernel */
typedef struct VRColumn {
    int32_t x;
    uint32_t phase;
} VRColumn;

/* From s1.14 to a channel */
static inline int16_t vr_settle(int32_t sum)
{
    sum = (sum + (1 << 13)) >> 14;
    sum = sum < 0 ? 0 : sum;
    return sum > 255 ? 255 : sum;
}

void vr_vertical_naive(const int16_t *const *rows, const int16_t *k,
                       int16_t *out, unsigned n);
void vr_horizontal_naive(const int16_t *row, const VRColumn *at,
                         int16_t (*kernel)[VR_KERNEL], int16_t *out,
                         unsigned n);
void vr_row_vertical(bool naive, const int16_t *const *rows, const int16_t *k,
                     int16_t *out, unsigned n);
void vr_row_horizontal(bool naive, const int16_t *row, const VRColumn *at,
                       int16_t (*kernel)[VR_KERNEL], int16_t *out, unsigned n);
void vr_row_rgb(bool bt709, const int16_t *py, const int16_t *pu,
                const int16_t *pv, uint32_t *out, unsigned n);
void vr_row_argb(const int16_t *p, uint32_t *out, unsigned n);
void vr_unpack_yuv(const uint8_t *raw, bool uyvy, unsigned pairs, int16_t *y,
                   int16_t *u, int16_t *v);
void vr_pack_yuv(const int16_t *y, const int16_t *even, const int16_t *odd,
                 bool uyvy, unsigned pairs, uint8_t *raw);

#endif
