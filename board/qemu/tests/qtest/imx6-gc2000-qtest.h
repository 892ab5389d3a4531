/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What qtests of the GC2000's resolve engine share: its states by the names
 * of rnndb's state_3d.xml, the layouts of surfaces by the words and tables of
 * etna_viv's doc/hardware.md, and a resolve as Mesa's etnaviv_rs.c emits it.
 */
#ifndef IMX6_GC2000_QTEST_H
#define IMX6_GC2000_QTEST_H

#include "imx6-vivante-qtest.h"

#define RS_KICKER               0x1600
#define   RS_KICK               0xbeebbeeb
#define RS_CONFIG               0x1604
#define   RS_SOURCE_FORMAT(f)   (f)
#define   RS_DOWNSAMPLE_X       (1u << 5)
#define   RS_DOWNSAMPLE_Y       (1u << 6)
#define   RS_SOURCE_TILED       (1u << 7)
#define   RS_DEST_FORMAT(f)     ((f) << 8)
#define   RS_DEST_TILED         (1u << 14)
#define   RS_SWAP_RB            (1u << 29)
#define   RS_FLIP               (1u << 30)
#define RS_SOURCE_STRIDE        0x160c
#define   RS_MULTI              (1u << 30)
#define   RS_SUPER              (1u << 31)
#define RS_DEST_STRIDE          0x1614
#define RS_WINDOW_SIZE          0x1620
#define RS_DITHER(n)            (0x1630 + 4 * (n))
#define RS_CLEAR_CONTROL        0x163c
#define   RS_CLEAR_ONE          (1u << 16)
#define RS_FILL_VALUE(n)        (0x1640 + 4 * (n))
#define TS_MEM_CONFIG           0x1654
#define   TS_COLOR_FAST_CLEAR   (1u << 1)
#define TS_COLOR_STATUS_BASE    0x1658
#define TS_COLOR_SURFACE_BASE   0x165c
#define TS_COLOR_CLEAR_VALUE    0x1660
#define YUV_CONFIG              0x1678
#define   YUV_ENABLE_NV12       (1u << 0 | 1u << 4)
#define YUV_WINDOW_SIZE         0x167c
#define YUV_PLANE(n)            (0x1680 + 8 * (n))      /* base, then stride */
#define YUV_DEST_BASE           0x1698
#define RS_EXTRA_CONFIG         0x16a0
#define RS_PIPE_SOURCE_ADDR(n)  (0x16c0 + 4 * (n))
#define RS_PIPE_DEST_ADDR(n)    (0x16e0 + 4 * (n))
#define RS_PIPE_OFFSET(n)       (0x1700 + 4 * (n))

/* In the linear window */
#define FROM                    0x00100000
#define TO                      0x00200000
#define STATUS                  0x00300000
#define PIPE1                   0x00080000      /* from a multi-tiled base */

typedef enum Layout { LINEAR, TILED, SUPER, MULTI_TILED, MULTI_SUPER } Layout;

/* A surface of a layout; the stride is that of a row of pixels. */
typedef struct Area {
    uint32_t base;
    uint32_t stride;
    Layout layout;
    unsigned bytes;
} Area;

static inline GPU gc2000_start(void)
{
    return gpu_start(GC2000_BASE, GC2000_SPI);
}

/* The table of a supertile, "old" order: in it, blocks of two by four tiles */
static inline unsigned in_supertile(unsigned tx, unsigned ty)
{
    return (ty / 4) * 64 + (tx / 2) * 8 + (ty % 4) * 2 + tx % 2;
}

/* Address of a pixel: doc/hardware.md, "Texture tiling" to "Multi-tiling" */
static inline uint32_t pixel_at(const Area *a, unsigned x, unsigned y)
{
    unsigned c = x / 4, r = y / 4, in = y % 4 * 4 + x % 4;
    uint32_t tile = 16 * a->bytes, row = 4 * a->stride, index;

    switch (a->layout) {
    case LINEAR:
        return a->base + y * a->stride + x * a->bytes;
    case TILED:
        return a->base + r * row + c * tile + in * a->bytes;
    case SUPER:
        index = in_supertile(c % 16, r % 16);
        return a->base + r / 16 * 16 * row + c / 16 * 256 * tile +
               index * tile + in * a->bytes;
    case MULTI_TILED:
        /* 0T0 1T0 0T2 1T2 above 1T1 0T1 1T3 0T3 */
        return a->base + (c % 2 == r % 2 ? 0 : PIPE1) + r / 2 * row +
               (c / 2 * 2 + r % 2) * tile + in * a->bytes;
    default:
        /* 0T000 0T001 1T000 1T001 0T016 ... above 1T008 1T009 0T008 0T009 */
        index = r % 32 / 8 * 64 + c % 16 / 4 * 16 + r % 2 * 8 +
                r % 8 / 2 * 2 + c % 2;
        return a->base + (c / 2 % 2 == r % 2 ? 0 : PIPE1) +
               r / 32 * 16 * row + c / 16 * 256 * tile + index * tile +
               in * a->bytes;
    }
}

/* Of tiled layouts four rows, with bits for what kind they are */
static inline uint32_t rs_stride(const Area *a)
{
    return (a->layout == LINEAR ? a->stride : 4 * a->stride) |
           (a->layout == SUPER || a->layout == MULTI_SUPER ? RS_SUPER : 0) |
           (a->layout >= MULTI_TILED ? RS_MULTI : 0);
}

static inline void st_pipes(Stream *s, uint32_t state, const Area *a)
{
    st_load(s, state, a->base);
    if (a->layout >= MULTI_TILED) {
        st_load(s, state + 4, a->base + PIPE1);
    }
}

/*
 * A resolve up to its kick. @windows: one for each pixel pipe, which have
 * half of the height each, or one alone.
 */
static inline void st_resolve(Stream *s, const Area *from, const Area *to,
                              uint32_t config, unsigned width,
                              unsigned height, unsigned windows)
{
    st_load(s, GL_PIPE_SELECT, 0);
    st_load(s, RS_CONFIG, config |
            (from->layout == LINEAR ? 0 : RS_SOURCE_TILED) |
            (to->layout == LINEAR ? 0 : RS_DEST_TILED));
    st_load(s, RS_SOURCE_STRIDE, rs_stride(from));
    st_load(s, RS_DEST_STRIDE, rs_stride(to));
    st_pipes(s, RS_PIPE_SOURCE_ADDR(0), from);
    st_pipes(s, RS_PIPE_DEST_ADDR(0), to);
    st_load(s, RS_PIPE_OFFSET(0), 0);
    st_load(s, RS_PIPE_OFFSET(1), windows == 2 ? xy(0, height / 2) : 0);
    st_load(s, RS_WINDOW_SIZE, xy(width, height / windows));
    st_load(s, RS_DITHER(0), 0xffffffff);
    st_load(s, RS_DITHER(1), 0xffffffff);
    st_load(s, RS_CLEAR_CONTROL, 0);
    st_load(s, RS_EXTRA_CONFIG, 0);
}

static inline uint32_t rs_pixel(unsigned x, unsigned y)
{
    return (x * 0x01010301u) ^ (y * 0x0b050107u) ^ 0x5a96c30fu;
}

static inline void area_poke(GPU *g, const Area *a, unsigned x, unsigned y,
                             uint32_t value)
{
    uint32_t at = GPU_WINDOW + pixel_at(a, x, y);

    if (a->bytes == 2) {
        qtest_writew(g->q, at, value);
    } else {
        qtest_writel(g->q, at, value);
    }
}

static inline uint32_t area_peek(GPU *g, const Area *a, unsigned x,
                                 unsigned y)
{
    uint32_t at = GPU_WINDOW + pixel_at(a, x, y);

    return a->bytes == 2 ? qtest_readw(g->q, at) : qtest_readl(g->q, at);
}

#endif
