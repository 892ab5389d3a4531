/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random commands for the Vivante cores: streams that were right before some
 * of their words changed, and streams of arbitrary commands.
 */
#ifndef IMX6_FUZZ_GPU_H
#define IMX6_FUZZ_GPU_H

#include "imx6-fuzz.h"
#include "imx6-gc2000-qtest.h"

#define FUZZ_GPU_PICTURES       0x00100000
#define FUZZ_GPU_TABLE          0x00080000

static GPU fuzz_gpu(Fuzz *f)
{
    bool is_3d = f->model->name[2] == '2';

    return (GPU) {
        .q = f->q,
        .base = is_3d ? GC2000_BASE : GC320_BASE,
        .spi = is_3d ? 9 : GC320_SPI,
    };
}

/* What gpu_reset() does, without expecting anything */
static void fuzz_gpu_reset(Fuzz *f)
{
    GPU g = fuzz_gpu(f);
    uint32_t control = FSCALE_VAL(64);

    gpu_write(&g, PM_POWER_CONTROLS, 0);
    gpu_load_clock(&g, control);
    gpu_write(&g, HI_CLOCK_CONTROL, control | ISOLATE_GPU | SOFT_RESET);
    qtest_clock_step(f->q, 10 * US);
    gpu_write(&g, HI_CLOCK_CONTROL, control);
    gpu_hw_init(&g);
    for (uint32_t reg = 0x400; reg <= 0x410; reg += 4) {
        gpu_write(&g, reg, GPU_WINDOW + FUZZ_GPU_TABLE);
    }
}

static void fuzz_gpu_setup(Fuzz *f)
{
    imx6_pll2_on(f->q);
    for (unsigned i = 0; i < 512; i++) {
        uint32_t page = IMX6_RAM + (fuzz_below(f, FUZZ_RAM_SIZE) & ~0xfff);

        qtest_writel(f->q, GPU_WINDOW + FUZZ_GPU_TABLE + 4 * i,
                     fuzz_one_in(f, 8) ? fuzz_value(f) : page);
    }
    fuzz_gpu_reset(f);
}

/* Of a picture, as a GPU sees memory: in the window or through the table */
static uint32_t fuzz_gpu_address(Fuzz *f)
{
    switch (fuzz_below(f, 16)) {
    case 0:
        return fuzz_one_in(f, 2) ? -(fuzz_below(f, 0x10000) & ~63u) :
               g_rand_int(f->rand);
    case 1 ... 3:
        return 0x80000000 + fuzz_below(f, 512 << 12);
    default:
        return FUZZ_GPU_PICTURES + (fuzz_below(f, 1 << 22) & ~0x3f);
    }
}

static uint32_t fuzz_gpu_state(Fuzz *f)
{
    switch (fuzz_below(f, 12)) {
    case 0:
        return g_rand_int(f->rand) & 0x3fffc;
    case 1:
        return GL_PIPE_SELECT + fuzz_below(f, 8) * 4;
    case 2:
        return DE_FILTER_KERNEL + fuzz_below(f, 128) * 4;
    case 3:
        return RS_KICKER + fuzz_below(f, 70) * 4;
    case 4:
        return 0x3400 + fuzz_below(f, 256) * 4;
    default:
        return DE_SRC_ADDRESS + fuzz_below(f, 62) * 4;
    }
}

static uint32_t fuzz_gpu_value(Fuzz *f)
{
    switch (fuzz_below(f, 5)) {
    case 0:
        return fuzz_gpu_address(f);
    case 1:
        return xy(fuzz_below(f, 128), fuzz_below(f, 128));
    case 2:
        return fuzz_below(f, 20) | fuzz_below(f, 10) << 12 |
               fuzz_below(f, 4) << 16 | fuzz_below(f, 20) << 24;
    default:
        return fuzz_value(f);
    }
}

/* A picture is drawn from another: any of the ways there are */
static void fuzz_gpu_draw(Fuzz *f, Stream *s)
{
    static const uint8_t commands[] = { 0, 1, 2, 2, 4, 5, 6, 7, 8 };
    unsigned command = commands[fuzz_below(f, sizeof(commands))];
    unsigned width = 1 + fuzz_below(f, 200), height = 1 + fuzz_below(f, 50);

    st_prologue(s);
    st_load(s, DE_SRC_ADDRESS, fuzz_gpu_address(f));
    st_load(s, DE_SRC_STRIDE, (width * 4 + 31) & ~31);
    st_load(s, DE_SRC_ROTATION_CONFIG, width);
    st_load(s, DE_SRC_CONFIG, fuzz_below(f, 20) << 24 | fuzz_below(f, 2) << 8 |
            fuzz_below(f, 4) << 12 | fuzz_below(f, 4) << 30);
    if (fuzz_one_in(f, 3)) {
        st_load(s, DE_PE_TRANSPARENCY, fuzz_value(f));
        st_load(s, DE_PATTERN_ADDRESS, fuzz_gpu_address(f));
        st_load(s, DE_PATTERN_CONFIG, fuzz_value(f) | PATTERN_PIXELS);
    }
    st_load(s, DE_SRC_ORIGIN, xy(fuzz_below(f, 20), fuzz_below(f, 20)));
    st_load(s, DE_SRC_SIZE, xy(width, height));
    st_load(s, DE_STRETCH_FACTOR_LOW, fuzz_below(f, 0x40000));
    st_load(s, DE_STRETCH_FACTOR_HIGH, fuzz_below(f, 0x40000));
    st_load(s, DE_ROP, ROP_TYPE_ROP4 | fuzz_below(f, 0x10000));
    st_load(s, DE_ALPHA_CONTROL, fuzz_below(f, 2));
    st_load(s, DE_ALPHA_MODES, g_rand_int(f->rand));
    if (fuzz_one_in(f, 4)) {
        st_load(s, DE_ROT_ANGLE, fuzz_below(f, 8) | fuzz_below(f, 8) << 3);
    }
    st_load(s, DE_UPLANE_ADDRESS, fuzz_gpu_address(f));
    st_load(s, DE_VPLANE_ADDRESS, fuzz_gpu_address(f));
    st_load(s, DE_UPLANE_STRIDE, width);
    st_load(s, DE_VPLANE_STRIDE, width);
    st_dest(s, fuzz_gpu_address(f), (width * 4 + 31) & ~31,
            fuzz_below(f, 20) | DEST_COMMAND(command));
    if (command == COMMAND_HOR_FILTER || command == COMMAND_VER_FILTER) {
        st_load(s, DE_VR_SOURCE_IMAGE_LOW, 0);
        st_load(s, DE_VR_SOURCE_IMAGE_LOW + 4, xy(width, height));
        st_load(s, DE_VR_TARGET_WINDOW_LOW, 0);
        st_load(s, DE_VR_TARGET_WINDOW_LOW + 4,
                xy(1 + fuzz_below(f, 200), 1 + fuzz_below(f, 50)));
        st_load(s, DE_VR_CONFIG, command - COMMAND_HOR_FILTER);
    } else {
        unsigned x = fuzz_below(f, 50), y = fuzz_below(f, 50);
        unsigned n = fuzz_one_in(f, 3) ? fuzz_below(f, 300) : 0;

        st_put(s, 0x20000000 | n << 16 | 1u << 8, 0);
        st_put(s, xy(x, y), xy(x + width, y + height));
        for (unsigned i = 0; i < n; i += 2) {
            st_put(s, fuzz_value(f), fuzz_value(f));
        }
    }
    st_load(s, GL_FLUSH_CACHE, FLUSH_PE2D);
}

/* One of each pixel pipe's */
static void fuzz_gpu_pipes(Fuzz *f, Stream *s, uint32_t state)
{
    for (unsigned i = 0; i < 2; i++) {
        st_load(s, state + 4 * i, fuzz_gpu_address(f));
    }
}

/* A row of pixels, or of tiles, with the bits of the layouts */
static uint32_t fuzz_rs_stride(Fuzz *f)
{
    return fuzz_below(f, 64) << 6 | fuzz_below(f, 4) << 30;
}

/* Most of a tile status says "as in memory" or "cleared". */
static void fuzz_tile_status(Fuzz *f, Stream *s)
{
    uint32_t status = fuzz_gpu_address(f), surface = fuzz_gpu_address(f);
    uint8_t bits = fuzz_one_in(f, 4) ? fuzz_value(f) : fuzz_value(f) & 0x55;

    if (status < FUZZ_RAM_SIZE - 0x1000) {
        qtest_memset(f->q, GPU_WINDOW + status, bits, 0x1000);
    }
    st_load(s, TS_MEM_CONFIG, TS_COLOR_FAST_CLEAR | fuzz_below(f, 0x100));
    st_load(s, TS_COLOR_STATUS_BASE, status);
    st_load(s, TS_COLOR_SURFACE_BASE, surface);
    if (!fuzz_one_in(f, 4)) {
        st_load(s, RS_PIPE_SOURCE_ADDR(0), surface + 64 * fuzz_below(f, 64));
    }
}

static void fuzz_gpu_tiler(Fuzz *f, Stream *s)
{
    st_load(s, GL_PIPE_SELECT, 0);
    st_load(s, YUV_CONFIG, 1 | fuzz_below(f, 3) << 4 | fuzz_below(f, 2) << 8);
    st_load(s, YUV_WINDOW_SIZE, xy(1 + fuzz_below(f, 300),
                                   1 + fuzz_below(f, 60)));
    for (unsigned i = 0; i < 4; i++) {
        st_load(s, YUV_PLANE(i), fuzz_gpu_address(f));
        st_load(s, YUV_PLANE(i) + 4, fuzz_below(f, 1024));
    }
    st_load(s, RS_KICKER, RS_KICK);
    st_load(s, YUV_CONFIG, 0);
}

/* The resolve engine: rnndb's state_3d.xml, RS.* */
static void fuzz_gpu_resolve(Fuzz *f, Stream *s)
{
    if (fuzz_one_in(f, 5)) {
        fuzz_gpu_tiler(f, s);
        return;
    }
    st_load(s, GL_PIPE_SELECT, 0);
    st_load(s, RS_CONFIG, fuzz_below(f, 7) | fuzz_below(f, 8) << 5 |
            fuzz_below(f, 7) << 8 | fuzz_below(f, 2) << 14 |
            fuzz_below(f, 4) << 29);
    st_load(s, RS_SOURCE_STRIDE, fuzz_rs_stride(f));
    st_load(s, RS_DEST_STRIDE, fuzz_rs_stride(f));
    fuzz_gpu_pipes(f, s, RS_PIPE_SOURCE_ADDR(0));
    fuzz_gpu_pipes(f, s, RS_PIPE_DEST_ADDR(0));
    st_load(s, RS_PIPE_OFFSET(0), fuzz_one_in(f, 4) ? fuzz_value(f) : 0);
    st_load(s, RS_PIPE_OFFSET(1), fuzz_one_in(f, 4) ? fuzz_value(f) :
            xy(0, 4 * fuzz_below(f, 16)));
    st_load(s, RS_WINDOW_SIZE, xy(16 * (1 + fuzz_below(f, 20)),
                                  4 * (1 + fuzz_below(f, 16))));
    st_load(s, RS_CLEAR_CONTROL, fuzz_one_in(f, 2) ? 0 : fuzz_value(f));
    st_load(s, RS_EXTRA_CONFIG, fuzz_below(f, 3) << 8);
    st_load(s, TS_MEM_CONFIG, 0);
    if (fuzz_one_in(f, 2)) {
        fuzz_tile_status(f, s);
    }
    st_load(s, RS_KICKER, RS_KICK);
}

static void fuzz_gpu_command(Fuzz *f, Stream *s)
{
    unsigned n;

    switch (fuzz_below(f, 12)) {
    case 0:
        st_wait(s, fuzz_below(f, 2000));
        break;
    case 1:
        st_sync(s);
        break;
    case 2:
        st_event(s, fuzz_below(f, 32), fuzz_value(f) & 0xe0);
        break;
    case 3:
        st_put(s, fuzz_below(f, 32) << 27 | fuzz_below(f, 0x10000),
               fuzz_gpu_value(f));
        break;
    case 4:
        st_link(s, fuzz_below(f, 64), fuzz_one_in(f, 4) ? fuzz_value(f) :
                GPU_STREAM + fuzz_below(f, 64) * 8);
        break;
    case 5:
        n = fuzz_below(f, 8);
        st_put(s, 0x20000000 | n << 8, fuzz_value(f));
        for (; n; n--) {
            st_put(s, fuzz_gpu_value(f), fuzz_gpu_value(f));
        }
        break;
    case 6:
        st_put(s, fuzz_value(f), fuzz_value(f));
        break;
    default:
        st_load(s, fuzz_gpu_state(f), fuzz_gpu_value(f));
    }
}

static void fuzz_gpu_act(Fuzz *f)
{
    g_autofree Stream *s = g_new0(Stream, 1);
    GPU g = fuzz_gpu(f);
    unsigned commands = fuzz_below(f, 30);

    if (!fuzz_one_in(f, 3)) {
        if (g.base == GC320_BASE || fuzz_one_in(f, 8)) {
            fuzz_gpu_draw(f, s);
        } else {
            fuzz_gpu_resolve(f, s);
        }
    }
    for (unsigned i = 0; i < commands; i++) {
        fuzz_gpu_command(f, s);
    }
    st_sync(s);
    st_event(s, 29, EVENT_FROM_PE);
    st_end(s);
    for (unsigned i = fuzz_below(f, 4); i; i--) {
        s->w[fuzz_below(f, s->n)] = fuzz_gpu_value(f);
    }
    gpu_put_stream(&g, s, GPU_STREAM);
    gpu_start_fe(&g, GPU_STREAM, fuzz_one_in(f, 10) ? fuzz_value(f) :
                                                      s->n / 2);
    for (unsigned i = 0; i < 4; i++) {
        qtest_clock_step(f->q, 1 + fuzz_below(f, 100 * US));
        gpu_read(&g, HI_INTR_ACKNOWLEDGE);
    }
    /* A loop in the stream would go on for ever. */
    if (!fuzz_one_in(f, 8)) {
        fuzz_gpu_reset(f);
    }
}

static const FuzzWindow fuzz_gc320_windows[] = {
    { GC320_BASE, 0x800, 1 },
};

static const FuzzWindow fuzz_gc2000_windows[] = {
    { GC2000_BASE, 0x800, 4 }, { GC355_BASE, 0x800, 1 },
};

#endif
