/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante graphics cores: counters, as far as Linux' etnaviv_perfmon.c reads
 * them on these cores. Fields of 0x470 after rnndb (state_hi.xml).
 */

#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "vivante.h"

void viv_perf_reset(VivanteGPUState *s)
{
    s->perf_since = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    s->perf_busy_ns = 0;
    s->bytes_read = 0;
    s->bytes_written = 0;
    s->pe.pixels = 0;
    s->fe.draws = 0;
}

/* Cycles at today's rate: a rate that changed in between is not remembered. */
static uint32_t viv_cycles(VivanteGPUState *s, bool idle)
{
    int64_t ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - s->perf_since;

    if (idle) {
        ns -= MIN(ns, s->perf_busy_ns);
    }
    return muldiv64(MAX(ns, 0), viv_core_hz(s), NANOSECONDS_PER_SECOND);
}

/* DISABLE_DEBUG_REGISTERS: "if 1, debug registers are clock gated" */
static bool viv_debug_on(VivanteGPUState *s)
{
    return !FIELD_EX32(s->regs[R_HI_CLOCK_CONTROL], HI_CLOCK_CONTROL,
                       DISABLE_DEBUG_REGISTERS);
}

static uint32_t viv_profile(VivanteGPUState *s, hwaddr offset)
{
    uint32_t config = s->regs[R_MC_PROFILE_CONFIG0];

    if (!viv_debug_on(s)) {
        return 0;
    }
    if (offset == A_MC_PROFILE_FE_READ) {
        switch (FIELD_EX32(config, MC_PROFILE_CONFIG0, FE)) {
        case PROFILE_FE_CURRENT_PRIM:
        case PROFILE_FE_DRAW_COUNT:
            return s->fe.draws;
        }
    } else if (offset == A_MC_PROFILE_PE_READ &&
               FIELD_EX32(config, MC_PROFILE_CONFIG0, PE) ==
               PROFILE_PE_PIXELS_2D) {
        /* Read for each pixel pipe and summed up: all is in the first. */
        return FIELD_EX32(s->regs[R_HI_CLOCK_CONTROL], HI_CLOCK_CONTROL,
                          DEBUG_PIXEL_PIPE) ? 0 : s->pe.pixels;
    }
    return 0;
}

bool viv_perf_read(VivanteGPUState *s, hwaddr offset, uint32_t *value)
{
    /* 3D cores of this age have them one register further on. */
    bool late = s->core->has_3d;

    switch (offset) {
    case A_HI_PROFILE_READ_BYTES8:
        viv_fe_catch_up(s);
        *value = s->bytes_read / 8;
        return true;
    case A_HI_PROFILE_WRITE_BYTES8:
        *value = s->bytes_written / 8;
        return true;
    case A_HI_PROFILE_TOTAL_CYCLES:
        *value = viv_cycles(s, late);
        return true;
    case A_HI_PROFILE_IDLE_CYCLES:
        *value = late ? 0 : viv_cycles(s, true);
        return true;
    case A_MC_PROFILE_CYCLE_COUNTER:
        *value = late ? viv_cycles(s, false) : 0;
        return true;
    case A_HI_MEMORY_COUNTER_RESET:
    case A_HI_PROFILE_WRITE_BURSTS:
    case A_HI_PROFILE_WRITE_REQUESTS:
    case A_HI_PROFILE_READ_BURSTS ... A_HI_PROFILE_READ_LASTS:
    case A_MC_DEBUG_READ0 ... A_MC_DEBUG_WRITE:
        *value = 0;
        return true;
    case A_MC_PROFILE_RA_READ ... A_MC_PROFILE_HI_READ:
        *value = viv_profile(s, offset);
        return true;
    case A_MC_PROFILE_CONFIG0 ... A_MC_PROFILE_CONFIG3:
        *value = s->regs[offset / 4];
        return true;
    }
    return false;
}

bool viv_perf_write(VivanteGPUState *s, hwaddr offset, uint32_t value)
{
    switch (offset) {
    case A_HI_MEMORY_COUNTER_RESET:
        if (value & 1) {
            s->bytes_read = 0;
            s->bytes_written = 0;
        }
        return true;
    case A_HI_PROFILE_TOTAL_CYCLES:
        s->perf_since = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        s->perf_busy_ns = 0;
        return true;
    case A_MC_PROFILE_CONFIG0:
        if (FIELD_EX32(value, MC_PROFILE_CONFIG0, FE) == PROFILE_FE_RESET) {
            s->fe.draws = 0;
        }
        if (FIELD_EX32(value, MC_PROFILE_CONFIG0, PE) == PROFILE_PE_RESET) {
            s->pe.pixels = 0;
        }
        /* fall through */
    case A_MC_PROFILE_CONFIG1 ... A_MC_PROFILE_CONFIG3:
        s->regs[offset / 4] = value;
        return true;
    }
    return false;
}
