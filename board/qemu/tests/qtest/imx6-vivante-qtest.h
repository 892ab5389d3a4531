/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bring-up of the Vivante cores for qtests, and how to write their commands.
 *
 * In the order and with the values of Linux's drivers/gpu/drm/etnaviv:
 * etnaviv_gpu.c, etnaviv_buffer.c, and the register headers there, which
 * come from the rnndb database. 2D states: rnndb's state_2d.xml.
 */
#ifndef IMX6_VIVANTE_QTEST_H
#define IMX6_VIVANTE_QTEST_H

#include "imx6-qtest.h"

/* imx6q.dtsi, imx6qdl.dtsi */
#define GC2000_BASE             0x00130000
#define GC320_BASE              0x00134000
#define GC355_BASE              0x02204000
#define GC2000_SPI              9
#define GC320_SPI               10

/* state_hi.xml.h */
#define HI_CLOCK_CONTROL        0x000
#define   CLK3D_DIS             (1u << 0)
#define   CLK2D_DIS             (1u << 1)
#define   FSCALE_VAL(v)         ((v) << 2)
#define   FSCALE_CMD_LOAD       (1u << 9)
#define   SOFT_RESET            (1u << 12)
#define   IDLE_3D               (1u << 16)
#define   IDLE_2D               (1u << 17)
#define   ISOLATE_GPU           (1u << 19)
#define HI_IDLE_STATE           0x004
#define   IDLE_FE               (1u << 0)
#define   IDLE_PE               (1u << 2)
#define   IDLE_ALL              0x7fffffff
#define HI_AXI_CONFIG           0x008
#define HI_AXI_STATUS           0x00c
#define   DET_WR_ERR            (1u << 8)
#define   DET_RD_ERR            (1u << 9)
#define HI_INTR_ACKNOWLEDGE     0x010
#define   AXI_BUS_ERROR         (1u << 31)
#define HI_INTR_ENBL            0x014
#define PM_POWER_CONTROLS       0x100
#define PM_PULSE_EATER          0x10c
#define MC_MMU_PE_PAGE_TABLE    0x408
#define MC_MEMORY_BASE_ADDR_FE  0x41c
#define MC_MEMORY_BASE_ADDR_PE  0x428
#define FE_COMMAND_ADDRESS      0x654
#define FE_COMMAND_CONTROL      0x658
#define   FE_ENABLE             (1u << 16)
#define FE_DMA_ADDRESS          0x664

/* state.xml.h, GL.* */
#define GL_PIPE_SELECT          0x3800
#define GL_EVENT                0x3804
#define   EVENT_FROM_FE         (1u << 5)
#define   EVENT_FROM_PE         (1u << 6)
#define GL_SEMAPHORE_TOKEN      0x3808
#define   TOKEN_FE_PE           0x0701
#define GL_FLUSH_CACHE          0x380c
#define   FLUSH_PE2D            (1u << 3)
#define GL_FLUSH_MMU            0x3810
#define   FLUSH_MMU_ALL         0x1f

/* state_2d.xml.h, DE.* */
#define DE_SRC_ADDRESS          0x1200
#define DE_SRC_STRIDE           0x1204
#define DE_SRC_ROTATION_CONFIG  0x1208
#define DE_SRC_CONFIG           0x120c
#define DE_SRC_ORIGIN           0x1210
#define DE_SRC_SIZE             0x1214
#define DE_SRC_COLOR_BG         0x1218
#define DE_SRC_COLOR_FG         0x121c
#define DE_STRETCH_FACTOR_LOW   0x1220
#define DE_STRETCH_FACTOR_HIGH  0x1224
#define DE_DEST_ADDRESS         0x1228
#define DE_DEST_STRIDE          0x122c
#define DE_DEST_ROTATION_CONFIG 0x1230
#define DE_DEST_CONFIG          0x1234
#define   DEST_COMMAND(c)       ((c) << 12)
#define   COMMAND_CLEAR         0
#define   COMMAND_BIT_BLT       2
#define   COMMAND_STRETCH_BLT   4
#define   COMMAND_HOR_FILTER    5
#define   COMMAND_VER_FILTER    6
#define DE_PATTERN_ADDRESS      0x1238
#define DE_PATTERN_CONFIG       0x123c
#define   PATTERN_PIXELS        (1u << 4 | 3u << 6)     /* TYPE, trigger */
#define DE_ROP                  0x125c
#define   ROP_TYPE_ROP4         (3u << 20)
#define DE_CLIP_TOP_LEFT        0x1260
#define DE_CLIP_BOTTOM_RIGHT    0x1264
#define DE_CONFIG               0x126c
#define DE_ALPHA_CONTROL        0x127c
#define DE_ALPHA_MODES          0x1280
#define DE_UPLANE_ADDRESS       0x1284
#define DE_UPLANE_STRIDE        0x1288
#define DE_VPLANE_ADDRESS       0x128c
#define DE_VPLANE_STRIDE        0x1290
#define DE_VR_CONFIG            0x1294
#define DE_VR_SOURCE_IMAGE_LOW  0x1298
#define DE_VR_SOURCE_ORIGIN_LOW 0x12a0
#define DE_VR_TARGET_WINDOW_LOW 0x12a8
#define DE_SRC_ROTATION_HEIGHT  0x12b8
#define DE_ROT_ANGLE            0x12bc
#define DE_CLEAR_PIXEL_VALUE32  0x12c0
#define DE_GLOBAL_SRC_COLOR     0x12c8
#define DE_COLOR_MULTIPLY_MODES 0x12d0
#define DE_PE_TRANSPARENCY      0x12d4
#define DE_PE_CONTROL           0x12d8
#define DE_VR_CONFIG_EX         0x12e4
#define DE_PE_DITHER_LOW        0x12e8
#define DE_PE_DITHER_HIGH       0x12ec
#define DE_FILTER_KERNEL        0x1800

/* DE_FORMAT_* */
#define FORMAT_A4R4G4B4         1
#define FORMAT_A1R5G5B5         3
#define FORMAT_R5G6B5           4
#define FORMAT_X8R8G8B8         5
#define FORMAT_A8R8G8B8         6
#define FORMAT_YUY2             7
#define FORMAT_UYVY             8
#define FORMAT_YV12             15
#define FORMAT_NV12             17
#define FORMAT_NV16             18

/* DE_ROT_MODE_* */
#define ROT_0                   0
#define ROT_FLIP_X              1
#define ROT_FLIP_Y              2
#define ROT_90                  4
#define ROT_180                 5
#define ROT_270                 6

/*
 * The window's base as etnaviv_gpu_init() has it: command buffers' address,
 * rounded down to 128 MiB. GPU addresses in it are offsets into the RAM.
 */
#define GPU_WINDOW              IMX6_RAM
#define GPU_STREAM              0x00010000
#define GPU_RING                0x00020000

#define MS                      1000000ll
#define US                      1000ll

typedef struct GPU {
    QTestState *q;
    uint32_t base;
    int spi;
} GPU;

/* Commands on their way to memory */
typedef struct Stream {
    uint32_t w[2048];
    unsigned n;
} Stream;

static inline uint32_t gpu_read(GPU *g, uint32_t reg)
{
    return qtest_readl(g->q, g->base + reg);
}

static inline void gpu_write(GPU *g, uint32_t reg, uint32_t value)
{
    qtest_writel(g->q, g->base + reg, value);
}

/* etnaviv_gpu_load_clock() */
static inline void gpu_load_clock(GPU *g, uint32_t clock)
{
    gpu_write(g, HI_CLOCK_CONTROL, clock | FSCALE_CMD_LOAD);
    gpu_write(g, HI_CLOCK_CONTROL, clock);
}

/* etnaviv_hw_reset() */
static inline void gpu_reset(GPU *g)
{
    uint32_t control = FSCALE_VAL(64);

    gpu_write(g, PM_POWER_CONTROLS, 0);
    gpu_write(g, PM_PULSE_EATER, 0x015b0880);
    gpu_write(g, PM_PULSE_EATER, 0x015b0881);
    gpu_load_clock(g, control);
    gpu_write(g, HI_CLOCK_CONTROL, control | ISOLATE_GPU);
    gpu_write(g, HI_CLOCK_CONTROL, control | ISOLATE_GPU | SOFT_RESET);
    qtest_clock_step(g->q, 10 * US);
    gpu_write(g, HI_CLOCK_CONTROL, control | ISOLATE_GPU);
    gpu_write(g, HI_CLOCK_CONTROL, control);
    g_assert_cmphex(gpu_read(g, HI_IDLE_STATE) & IDLE_ALL, ==, IDLE_ALL);
    g_assert_cmphex(gpu_read(g, HI_CLOCK_CONTROL) & (IDLE_2D | IDLE_3D), ==,
                    IDLE_2D | IDLE_3D);
}

/* etnaviv_gpu_hw_init(), etnaviv_iommuv1_restore() without a page table */
static inline void gpu_hw_init(GPU *g)
{
    for (uint32_t reg = 0x418; reg <= MC_MEMORY_BASE_ADDR_PE; reg += 4) {
        gpu_write(g, reg, GPU_WINDOW);
    }
    gpu_write(g, HI_AXI_CONFIG, 0x2200);
    gpu_write(g, PM_PULSE_EATER, 0x01590880);
    gpu_write(g, HI_INTR_ENBL, 0xffffffff);
}

/* Rates of the GPUs need PLL2; reset leaves all gates open. */
static inline GPU gpu_start_with(const char *args, uint32_t base, int spi)
{
    GPU g = { .q = imx6_init_irq(args), .base = base, .spi = spi };

    imx6_pll2_on(g.q);
    gpu_reset(&g);
    gpu_hw_init(&g);
    return g;
}

static inline GPU gpu_start(uint32_t base, int spi)
{
    return gpu_start_with("", base, spi);
}

static inline GPU gc320_start(void)
{
    return gpu_start(GC320_BASE, GC320_SPI);
}

static inline void gpu_quit(GPU *g)
{
    qtest_quit(g->q);
}

/* Commands: cmdstream.xml.h */
static inline void st_put(Stream *s, uint32_t low, uint32_t high)
{
    g_assert_cmpuint(s->n + 2, <=, G_N_ELEMENTS(s->w));
    s->w[s->n++] = low;
    s->w[s->n++] = high;
}

static inline void st_load(Stream *s, uint32_t state, uint32_t value)
{
    st_put(s, 0x08000000 | 1u << 16 | state / 4, value);
}

static inline void st_end(Stream *s)
{
    st_put(s, 0x10000000, 0);
}

static inline void st_wait(Stream *s, uint16_t cycles)
{
    st_put(s, 0x38000000 | cycles, 0);
}

static inline void st_link(Stream *s, uint16_t prefetch, uint32_t address)
{
    st_put(s, 0x40000000 | prefetch, address);
}

static inline void st_event(Stream *s, unsigned id, uint32_t from)
{
    st_load(s, GL_EVENT, id | from);
}

/* CMD_SEM() and CMD_STALL() of etnaviv_buffer.c, from FE to PE */
static inline void st_sync(Stream *s)
{
    st_load(s, GL_SEMAPHORE_TOKEN, TOKEN_FE_PE);
    st_put(s, 0x48000000, TOKEN_FE_PE);
}

/* Two dimensions in a word */
static inline uint32_t xy(unsigned x, unsigned y)
{
    return (y & 0xffff) << 16 | (x & 0xffff);
}

static inline void st_rect(Stream *s, unsigned x0, unsigned y0, unsigned x1,
                           unsigned y1)
{
    st_put(s, 0x20000000 | 1u << 8, 0);
    st_put(s, xy(x0, y0), xy(x1, y1));
}

static inline void st_dest(Stream *s, uint32_t address, uint32_t stride,
                           uint32_t config)
{
    st_load(s, DE_DEST_ADDRESS, address);
    st_load(s, DE_DEST_STRIDE, stride);
    st_load(s, DE_DEST_ROTATION_CONFIG, 0);
    st_load(s, DE_DEST_CONFIG, config);
}

/* What every drawing needs: xf86-video-armada, etnaviv_de_start() */
static inline void st_prologue(Stream *s)
{
    st_load(s, GL_PIPE_SELECT, 1);
    st_load(s, DE_ROP, ROP_TYPE_ROP4 | 0xcccc);
    st_load(s, DE_CLIP_TOP_LEFT, 0);
    st_load(s, DE_CLIP_BOTTOM_RIGHT, xy(0x7fff, 0x7fff));
    st_load(s, DE_CONFIG, 0);
    st_load(s, DE_ALPHA_CONTROL, 0);
    st_load(s, DE_ROT_ANGLE, 0);
    st_load(s, DE_PE_TRANSPARENCY, 0);
    st_load(s, DE_PE_CONTROL, 0);
    st_load(s, DE_COLOR_MULTIPLY_MODES, 0);
    st_load(s, DE_PE_DITHER_LOW, 0xffffffff);
    st_load(s, DE_PE_DITHER_HIGH, 0xffffffff);
}

static inline void st_fill(Stream *s, uint32_t address, uint32_t stride,
                           unsigned width, unsigned height, uint32_t argb)
{
    st_prologue(s);
    st_dest(s, address, stride, FORMAT_A8R8G8B8 |
            DEST_COMMAND(COMMAND_CLEAR));
    st_load(s, DE_CLEAR_PIXEL_VALUE32, argb);
    st_rect(s, 0, 0, width, height);
}

static inline void gpu_poke(GPU *g, uint32_t address, uint32_t value)
{
    qtest_writel(g->q, GPU_WINDOW + address, value);
}

static inline uint32_t gpu_peek(GPU *g, uint32_t address)
{
    return qtest_readl(g->q, GPU_WINDOW + address);
}

static inline void gpu_put_stream(GPU *g, const Stream *s, uint32_t address)
{
    for (unsigned i = 0; i < s->n; i++) {
        gpu_poke(g, address + 4 * i, s->w[i]);
    }
}

/* etnaviv_gpu_start_fe() */
static inline void gpu_start_fe(GPU *g, uint32_t address, uint16_t prefetch)
{
    gpu_write(g, FE_COMMAND_ADDRESS, address);
    gpu_write(g, FE_COMMAND_CONTROL, FE_ENABLE | prefetch);
}

static inline void gpu_run(GPU *g, const Stream *s)
{
    gpu_put_stream(g, s, GPU_STREAM);
    gpu_start_fe(g, GPU_STREAM, s->n / 2);
}

/* Until an interrupt is pending, in steps; returns the virtual time. */
static inline int64_t gpu_wait_irq(GPU *g, int64_t step, int64_t limit)
{
    int64_t now = imx6_now(g->q), end = now + limit;

    while (!imx6_spi(g->q, g->spi) && now < end) {
        now = qtest_clock_step(g->q, step);
    }
    g_assert_true(imx6_spi(g->q, g->spi));
    return now;
}

/* Run to the END: a flush, a fence from the PE, and nothing else is due. */
static inline void gpu_finish(GPU *g, Stream *s)
{
    st_load(s, GL_FLUSH_CACHE, FLUSH_PE2D);
    st_sync(s);
    st_event(s, 29, EVENT_FROM_PE);
    st_end(s);
    gpu_run(g, s);
    gpu_wait_irq(g, 50 * US, 100 * MS);
    g_assert_cmphex(gpu_read(g, HI_INTR_ACKNOWLEDGE), ==, 1u << 29);
    qtest_clock_step(g->q, 10 * US);
    g_assert_cmphex(gpu_read(g, HI_IDLE_STATE) & IDLE_ALL, ==, IDLE_ALL);
}

#endif
