/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What qtests of the GC320's 2D pipe share: a source, a target, a copy.
 */
#ifndef IMX6_GC320_QTEST_H
#define IMX6_GC320_QTEST_H

#include "imx6-vivante-qtest.h"

/* In the linear window */
#define SRC                     0x00100000
#define DST                     0x00200000

/* DE_PE_TRANSPARENCY */
#define MASK                    1
#define KEY                     2

#define W                       16
#define H                       16

static inline uint32_t source(unsigned i)
{
    return (i * 0x01030507u) ^ (i * i * 0x00a5c317u) ^ 0x80402010u;
}

static inline uint32_t below(unsigned i)
{
    return (i * 0x07050301u) ^ (i * i * 0x0017c3a5u) ^ 0x10204080u;
}

/* 32 bit pixels by a function of their number */
static inline void put(GPU *g, uint32_t addr, unsigned n,
                       uint32_t (*pixel)(unsigned))
{
    g_autofree uint32_t *p = g_new(uint32_t, n);

    for (unsigned i = 0; i < n; i++) {
        p[i] = GUINT32_TO_LE(pixel(i));
    }
    qtest_bufwrite(g->q, GPU_WINDOW + addr, p, 4 * n);
}

static inline uint32_t zero(unsigned i)
{
    return 0;
}

static inline void st_src(Stream *s, uint32_t addr, uint32_t stride,
                          unsigned format, unsigned width, unsigned height)
{
    st_load(s, DE_SRC_ADDRESS, addr);
    st_load(s, DE_SRC_STRIDE, stride);
    st_load(s, DE_SRC_ROTATION_CONFIG, 0);
    st_load(s, DE_SRC_CONFIG, (uint32_t)format << 24);
    st_load(s, DE_SRC_ORIGIN, 0);
    st_load(s, DE_SRC_SIZE, xy(width, height));
}

/* A copy of W by H pixels of 32 bits, up to its rectangle */
static inline void st_copy(Stream *s)
{
    st_prologue(s);
    st_src(s, SRC, W * 4, FORMAT_A8R8G8B8, W, H);
    st_dest(s, DST, W * 4, FORMAT_A8R8G8B8 | DEST_COMMAND(COMMAND_BIT_BLT));
}

/* What a key or a mask, of an input by its shift, takes stays as it is. */
static inline void st_leave_out(Stream *s, uint32_t how)
{
    st_load(s, DE_PE_TRANSPARENCY, how);
    st_load(s, DE_ROP, ROP_TYPE_ROP4 | 0xaa << 8 | 0xcc);
}

static inline GPU start(void)
{
    GPU g = gc320_start();

    put(&g, SRC, W * H, source);
    put(&g, DST, W * H, below);
    return g;
}

static inline int apart(int a, int b)
{
    return a > b ? a - b : b - a;
}

#endif
