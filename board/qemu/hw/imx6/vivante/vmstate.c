/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante graphics cores: migration.
 */

#include "qemu/osdep.h"
#include "vivante.h"

static const VMStateDescription vmstate_tlb_entry = {
    .name = "vivante-tlb-entry",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(page, VivTLBEntry),
        VMSTATE_UINT32(pa, VivTLBEntry),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_fe = {
    .name = "vivante-fe",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(timer, VivFE),
        VMSTATE_UINT32(state, VivFE),
        VMSTATE_UINT32(addr, VivFE),
        VMSTATE_UINT32(left, VivFE),
        VMSTATE_UINT32(low, VivFE),
        VMSTATE_UINT32(high, VivFE),
        VMSTATE_UINT32(cmd_state, VivFE),
        VMSTATE_UINT32(ret_addr, VivFE),
        VMSTATE_UINT32(ret_left, VivFE),
        VMSTATE_BOOL(ret_valid, VivFE),
        VMSTATE_UINT32(draws, VivFE),
        VMSTATE_INT64(time, VivFE),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_job = {
    .name = "vivante-job",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(kind, VivJob),
        VMSTATE_UINT32_ARRAY(de, VivJob, 128),
        VMSTATE_UINT32_ARRAY(rs, VivJob, 128),
        VMSTATE_UINT32_ARRAY(kernel, VivJob, 128),
        VMSTATE_UINT32_ARRAY(palette, VivJob, 256),
        VMSTATE_UINT32_ARRAY(pattern, VivJob, 64),
        VMSTATE_UINT32_ARRAY(stream, VivJob, VIV_MAX_STREAM),
        VMSTATE_UINT32(n_stream, VivJob),
        VMSTATE_UINT32_ARRAY(rect, VivJob, 2 * VIV_MAX_RECTS),
        VMSTATE_UINT32(n_rects, VivJob),
        VMSTATE_UINT32(cur_rect, VivJob),
        VMSTATE_UINT32(cur_row, VivJob),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_pe = {
    .name = "vivante-pe",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(timer, VivPE),
        VMSTATE_STRUCT(job, VivPE, 1, vmstate_job, VivJob),
        VMSTATE_BOOL(stuck, VivPE),
        VMSTATE_UINT32(events, VivPE),
        VMSTATE_UINT32(band, VivPE),
        VMSTATE_INT64(time, VivPE),
        VMSTATE_INT64(start, VivPE),
        VMSTATE_UINT64(rects, VivPE),
        VMSTATE_UINT64(pixels, VivPE),
        VMSTATE_UINT32_ARRAY(pattern, VivPE, 64),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_bus = {
    .name = "vivante-bus",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT64(read, VivBus),
        VMSTATE_UINT64(written, VivBus),
        VMSTATE_UINT64(reads, VivBus),
        VMSTATE_UINT64(writes, VivBus),
        VMSTATE_UINT64(read_pipe, VivBus),
        VMSTATE_BOOL(stopped, VivBus),
        VMSTATE_END_OF_LIST()
    },
};

/* A sleeping front end is saved, and goes on here, as one that polls. */
static int viv_pre_save(void *opaque)
{
    viv_fe_stir(opaque);
    return 0;
}

/* What comes in is used as indices: believe nothing. */
static int viv_post_load(void *opaque, int version_id)
{
    VivanteGPUState *s = opaque;
    const VivJob *job = &s->pe.job;
    bool resolve = job->kind == VIV_JOB_RESOLVE;

    if (s->fe.state >= FE_STATES || job->kind >= VIV_JOB_KINDS ||
        job->n_rects > VIV_MAX_RECTS || job->n_stream > VIV_MAX_STREAM ||
        job->cur_rect > job->n_rects) {
        return -EINVAL;
    }
    if (job->kind == VIV_JOB_NONE) {
        return 0;
    }
    /* A band of no cycles would end at once, for ever. */
    if (!(resolve ? s->core->has_3d : s->core->has_2d) || !s->pe.band) {
        return -EINVAL;
    }
    if (job->n_rects && !viv_pe_check(s, job)) {
        return -EINVAL;
    }
    if (resolve && (job->n_rects > viv_resolve_windows(job) ||
                    viv_resolve_hangs(job))) {
        return -EINVAL;
    }
    if (!resolve && job->kind != VIV_JOB_DRAW && job->n_rects > 1) {
        return -EINVAL;
    }
    return 0;
}

const VMStateDescription vmstate_vivante_gpu = {
    .name = TYPE_VIVANTE_GPU,
    .version_id = 1,
    .minimum_version_id = 1,
    .pre_save = viv_pre_save,
    .post_load = viv_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, VivanteGPUState, VIV_REGS),
        VMSTATE_UINT32(intr, VivanteGPUState),
        VMSTATE_UINT32(fscale, VivanteGPUState),
        VMSTATE_BOOL(in_reset, VivanteGPUState),
        VMSTATE_UINT32_ARRAY(state, VivanteGPUState, VIV_STATES),
        VMSTATE_UINT32_ARRAY(tokens, VivanteGPUState, 32),
        VMSTATE_UINT32_ARRAY(tokens_sent, VivanteGPUState, 32),
        VMSTATE_STRUCT_2DARRAY(tlb, VivanteGPUState, VIV_CLIENTS,
                               VIV_TLB_ENTRIES, 1, vmstate_tlb_entry,
                               VivTLBEntry),
        VMSTATE_STRUCT(fe, VivanteGPUState, 1, vmstate_fe, VivFE),
        VMSTATE_STRUCT(pe, VivanteGPUState, 1, vmstate_pe, VivPE),
        VMSTATE_INT64(perf_since, VivanteGPUState),
        VMSTATE_INT64(perf_busy_ns, VivanteGPUState),
        VMSTATE_UINT64(perf_cycles, VivanteGPUState),
        VMSTATE_UINT64(perf_idle, VivanteGPUState),
        VMSTATE_STRUCT(bus, VivanteGPUState, 1, vmstate_bus, VivBus),
        VMSTATE_UINT64(draws_3d, VivanteGPUState),
        VMSTATE_END_OF_LIST()
    },
};
