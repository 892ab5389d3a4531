/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that programs the board's blocks at random, for qtests: what such
 * a program is made of. Everything follows from a seed.
 */
#ifndef IMX6_FUZZ_H
#define IMX6_FUZZ_H

#include "imx6-qtest.h"

/* Registers that a program writes, and how often against the others */
typedef struct FuzzWindow {
    uint32_t base;
    uint32_t size;
    unsigned weight;
} FuzzWindow;

typedef struct Fuzz Fuzz;

typedef struct FuzzModel {
    const char *name;
    const FuzzWindow *windows;
    unsigned window_count;
    /* Program it as a driver would, so that there is something to break. */
    void (*setup)(Fuzz *f);
    /* One thing more to do than register accesses; every so many steps */
    void (*act)(Fuzz *f);
    unsigned act_every;
} FuzzModel;

struct Fuzz {
    const FuzzModel *model;
    QTestState *q;
    GRand *rand;
    uint32_t seed;
    unsigned step;
    uint32_t faults;            /* switches that are on */
};

#define FUZZ_RAM_SIZE           0x04000000

static inline uint32_t fuzz_below(Fuzz *f, uint32_t n)
{
    return g_rand_int_range(f->rand, 0, n);
}

static inline bool fuzz_one_in(Fuzz *f, uint32_t n)
{
    return fuzz_below(f, n) == 0;
}

/*
 * Somewhere in the RAM, rarely outside or across its end, or on the model's
 * own registers: a bus master that is told to program itself.
 */
static inline uint32_t fuzz_address(Fuzz *f)
{
    uint32_t align = 1u << fuzz_below(f, 13);
    const FuzzWindow *w;

    switch (fuzz_below(f, 20)) {
    case 0:
        return g_rand_int(f->rand);
    case 1:
        return IMX6_RAM + FUZZ_RAM_SIZE - 1 - fuzz_below(f, 0x10000);
    case 2:
        w = &f->model->windows[fuzz_below(f, f->model->window_count)];
        return (w->base + fuzz_below(f, w->size)) & ~7u;
    default:
        return (IMX6_RAM + fuzz_below(f, FUZZ_RAM_SIZE)) & -align;
    }
}

/* What registers hold: few values are good for all of the 32 bits. */
static inline uint32_t fuzz_value(Fuzz *f)
{
    switch (fuzz_below(f, 9)) {
    case 0:
        return g_rand_int(f->rand);
    case 1:
        return 0;
    case 2:
        return 0xffffffff;
    case 3:
        return 1u << fuzz_below(f, 32);
    case 4:
        return fuzz_below(f, 64);
    case 5:
        return fuzz_address(f);
    case 6:
        return fuzz_address(f) >> 3;
    case 7:
        return fuzz_below(f, 0x1000) << 16 | fuzz_below(f, 0x1000);
    default:
        return 0xffffffffu >> fuzz_below(f, 32) << fuzz_below(f, 32);
    }
}

#endif
