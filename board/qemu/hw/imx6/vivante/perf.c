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
    s->perf_cycles = 0;
    s->perf_idle = 0;
    s->perf_busy_ns = 0;
    s->pe.pixels = 0;
    s->fe.draws = 0;
    memset(&s->bus, 0, sizeof(s->bus));
}

/* Work done since the counters were last looked at; not that of the FE */
static int64_t busy_ns(VivanteGPUState *s, int64_t now)
{
    int64_t ns = s->perf_busy_ns;

    if (s->pe.job.kind != VIV_JOB_NONE) {
        ns += now - MAX(s->pe.start, s->perf_since);
    } else if (s->pe.stuck) {
        ns += now - MAX(s->pe.time, s->perf_since);
    }
    return MAX(MIN(ns, now - s->perf_since), 0);
}

/*
 * Bring the cycle counters up to date. To be called before the rate changes
 * by the core's own registers; a change in the CCM is noticed too late.
 */
void viv_perf_count(VivanteGPUState *s)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    int64_t all = MAX(now - s->perf_since, 0), busy = busy_ns(s, now);
    uint64_t hz = viv_core_hz(s);

    s->perf_cycles += muldiv64(all, hz, NANOSECONDS_PER_SECOND);
    s->perf_idle += muldiv64(all - busy, hz, NANOSECONDS_PER_SECOND);
    s->perf_since = now;
    s->perf_busy_ns = 0;
}

/* A job's end: what lies before perf_since has been counted. */
void viv_perf_job_done(VivanteGPUState *s)
{
    s->perf_busy_ns += MAX(s->pe.time - MAX(s->pe.start, s->perf_since), 0);
}

/* Requests are taken to be of 64 bytes, and not to cross their multiples. */
void viv_perf_bus(VivanteGPUState *s, VivClient client, bool write,
                  uint32_t addr, size_t len)
{
    uint64_t requests = ((uint64_t)addr + len + 63) / 64 - addr / 64;

    if (s->bus.stopped || !len) {
        return;
    }
    if (write) {
        s->bus.written += len;
        s->bus.writes += requests;
    } else {
        s->bus.read += len;
        s->bus.reads += requests;
        if (client != VIV_FE) {
            s->bus.read_pipe += len;
        }
    }
}

static uint32_t viv_cycles(VivanteGPUState *s, bool idle)
{
    viv_perf_count(s);
    return idle ? s->perf_idle : s->perf_cycles;
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
    } else if (offset == A_MC_PROFILE_MC_READ) {
        switch (FIELD_EX32(s->regs[R_MC_PROFILE_CONFIG2], MC_PROFILE_CONFIG2,
                           MC)) {
        case PROFILE_MC_READ_8B_PIPELINE:
            return s->bus.read_pipe / 8;
        case PROFILE_MC_READ_8B_IP:
            return (s->bus.read - s->bus.read_pipe) / 8;
        case PROFILE_MC_WRITE_8B_PIPELINE:
            return s->bus.written / 8;
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

    viv_fe_catch_up(s);
    switch (offset) {
    case A_HI_PROFILE_READ_BYTES8:
    case A_HI_PROFILE_READ_BURSTS:
        *value = s->bus.read / 8;
        return true;
    case A_HI_PROFILE_WRITE_BYTES8:
    case A_HI_PROFILE_WRITE_BURSTS:
        *value = s->bus.written / 8;
        return true;
    case A_HI_PROFILE_READ_REQUESTS:
    case A_HI_PROFILE_READ_LASTS:
        *value = s->bus.reads;
        return true;
    case A_HI_PROFILE_WRITE_REQUESTS:
        *value = s->bus.writes;
        return true;
    case A_HI_MEMORY_COUNTER_RESET:
        *value = s->bus.stopped;
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
        /* "Writing 1 will reset the counters and stop counting" (rnndb) */
        memset(&s->bus, 0, sizeof(s->bus));
        s->bus.stopped = value & 1;
        return true;
    case A_HI_PROFILE_TOTAL_CYCLES:
        viv_perf_count(s);
        s->perf_cycles = 0;
        s->perf_idle = 0;
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
