/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante graphics cores: what a state does when the stream loads it.
 *
 * Most states only lie there until a command or a kick uses them. State
 * numbers after rnndb (state.xml, state_2d.xml).
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "vivante.h"
#include "trace.h"

/* Below are registers, not states: libdrm and the X driver load 0 and 4. */
#define FIRST_STATE     (0x600 / 4)

/* A field of a masked register changes only where its mask bit is 0. */
typedef struct MaskedField {
    uint8_t mask_bit;
    uint32_t field;
} MaskedField;

typedef struct MaskedState {
    uint16_t index;
    MaskedField fields[5];
} MaskedState;

static const MaskedState masked_states[] = {
    { R_DE_PE_CONFIG, { { 3, 0x3 } } },
    { R_DE_ROT_ANGLE, { { 8, 0x7 }, { 9, 0x38 }, { 15, 0x3000 },
                        { 19, 0x30000 } } },
    { R_DE_PE_TRANSPARENCY, { { 12, 0x333 }, { 28, 0x3330000 },
                              { 31, 0x20000000 } } },
    { R_DE_PE_CONTROL, { { 3, 0x1 }, { 7, 0x10 }, { 11, 0x100 } } },
    { R_DE_VR_CONFIG_EX, { { 3, 0x3 }, { 8, 0xf0 } } },
    { R_DE_BW_CONFIG, { { 3, 0x1 }, { 7, 0x10 }, { 11, 0x100 },
                        { 15, 0x1000 } } },
};

static uint32_t masked_value(uint32_t index, uint32_t old, uint32_t value)
{
    for (unsigned i = 0; i < ARRAY_SIZE(masked_states); i++) {
        const MaskedState *m = &masked_states[i];
        uint32_t take = 0;

        if (m->index != index) {
            continue;
        }
        for (unsigned j = 0; j < ARRAY_SIZE(m->fields); j++) {
            if (m->fields[j].field &&
                !(value & (1u << m->fields[j].mask_bit))) {
                take |= m->fields[j].field;
            }
        }
        return (old & ~take) | (value & take);
    }
    return value;
}

static void load_event(VivanteGPUState *s, uint32_t value)
{
    uint32_t bit = 1u << FIELD_EX32(value, GL_EVENT, EVENT_ID);
    bool fe = FIELD_EX32(value, GL_EVENT, FROM_FE);
    bool pe = FIELD_EX32(value, GL_EVENT, FROM_PE);

    trace_vivante_event(s->core->name, value);
    if (!(bit & R_HI_INTR_ACKNOWLEDGE_INTR_VEC_MASK) || (!fe && !pe)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: event 0x%x\n", s->core->name,
                      value);
    }
    bit &= R_HI_INTR_ACKNOWLEDGE_INTR_VEC_MASK;
    if (fe || (pe && !viv_pe_busy(s))) {
        viv_raise(s, bit);
    } else if (pe && !s->pe.stuck) {
        s->pe.events |= bit;    /* behind a stuck unit it never comes */
    }
}

static bool unit_exists(VivanteGPUState *s, uint32_t unit)
{
    switch (unit) {
    case SYNC_FE:
    case SYNC_PE:
        return true;
    case SYNC_RA:
        return s->core->has_3d;
    case SYNC_DE:
        return s->core->has_2d;
    }
    return false;
}

static void load_semaphore(VivanteGPUState *s, uint32_t value)
{
    uint32_t from = FIELD_EX32(value, GL_SEMAPHORE_TOKEN, FROM);
    uint32_t to = FIELD_EX32(value, GL_SEMAPHORE_TOKEN, TO);

    if (!unit_exists(s, from) || !unit_exists(s, to)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: semaphore from unit %u to %u\n",
                      s->core->name, from, to);
        return;                 /* nobody answers: the stall never ends */
    }
    if (s->pe.stuck) {
        return;                 /* nor does it get past this one */
    }
    if (viv_pe_busy(s)) {
        s->tokens_sent[from] |= 1u << to;
    } else {
        s->tokens[from] |= 1u << to;
    }
}

/* The job is done: the tokens behind it have come through. */
void viv_return_tokens(VivanteGPUState *s)
{
    for (unsigned i = 0; i < ARRAY_SIZE(s->tokens); i++) {
        s->tokens[i] |= s->tokens_sent[i];
        s->tokens_sent[i] = 0;
    }
}

/* A unit behind the FE stalls; the units of a dropped 3D draw are idle. */
static void load_stall(VivanteGPUState *s, uint32_t value)
{
    uint32_t from = FIELD_EX32(value, GL_SEMAPHORE_TOKEN, FROM);
    uint32_t to = FIELD_EX32(value, GL_SEMAPHORE_TOKEN, TO);

    if (!((s->tokens[from] | s->tokens_sent[from]) & (1u << to))) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: stall of unit %u for %u and no "
                      "semaphore\n", s->core->name, from, to);
        s->pe.stuck = true;     /* once the job under way is done */
        return;
    }
    s->tokens[from] &= ~(1u << to);
    s->tokens_sent[from] &= ~(1u << to);
}

static void load_vr_config(VivanteGPUState *s, uint32_t value)
{
    if (FIELD_EX32(value, DE_VR_CONFIG, START_MASK)) {
        return;
    }
    if (!s->core->has_2d || s->state[R_GL_PIPE_SELECT] != PIPE_2D) {
        viv_fe_hang(s, "filter blit and the 2D pipe not selected");
        return;
    }
    switch (FIELD_EX32(value, DE_VR_CONFIG, START)) {
    case VR_HORIZONTAL:
        viv_pe_filter(s, VIV_JOB_VR_H);
        return;
    case VR_VERTICAL:
        viv_pe_filter(s, VIV_JOB_VR_V);
        return;
    }
    /* Needs 2D_TILING, which GC320 5.0.0.7 lacks. */
    qemu_log_mask(LOG_GUEST_ERROR, "%s: no one-pass filter blit\n",
                  s->core->name);
}

/* Bit 0 kicks (etna_viv doc/hardware.md). */
static void load_kicker(VivanteGPUState *s, uint32_t value)
{
    if (!(value & 1)) {
        return;
    }
    if (s->state[R_GL_PIPE_SELECT] != PIPE_3D) {
        viv_fe_hang(s, "resolve and the 3D pipe not selected");
        return;
    }
    viv_pe_resolve(s);
}

static bool kicks_filter(VivanteGPUState *s, uint32_t first, uint32_t n)
{
    return s->core->has_2d && first <= R_DE_VR_CONFIG &&
           R_DE_VR_CONFIG - first < n;
}

/* The pattern's fetch takes its turn behind the job under way. */
static bool loads_pattern(VivanteGPUState *s, uint32_t first, uint32_t n)
{
    return s->core->has_2d && first <= R_DE_PATTERN_CONFIG &&
           R_DE_PATTERN_CONFIG - first < n;
}

static bool kicks_resolve(VivanteGPUState *s, uint32_t first, uint32_t n)
{
    return s->core->has_3d && first <= R_RS_KICKER && R_RS_KICKER - first < n;
}

/* Does loading @n states from @first start work in the pipe? */
bool viv_states_need_pe(VivanteGPUState *s, uint32_t first, uint32_t n)
{
    return kicks_filter(s, first, n) || loads_pattern(s, first, n) ||
           kicks_resolve(s, first, n);
}

static void load_plain(VivanteGPUState *s, uint32_t index, uint32_t value)
{
    if (index < FIRST_STATE) {
        return;
    }
    if (index >= R_FE_COMMAND_ADDRESS && index <= R_FE_DMA_HIGH) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: register 0x%x loaded as state\n",
                      s->core->name, index * 4);
        return;
    }
    if (index < VIV_STATES) {
        s->state[index] = masked_value(index, s->state[index], value);
    }
}

void viv_load_state(VivanteGPUState *s, uint32_t index, uint32_t value)
{
    trace_vivante_state(s->core->name, index * 4, value);
    switch (index) {
    case R_GL_PIPE_SELECT:
        s->state[index] = FIELD_EX32(value, GL_PIPE_SELECT, PIPE);
        return;
    case R_GL_EVENT:
        load_event(s, value);
        return;
    case R_GL_SEMAPHORE_TOKEN:
        load_semaphore(s, value);
        return;
    case R_GL_STALL_TOKEN:
        load_stall(s, value);
        return;
    case R_GL_FLUSH_CACHE:
        /* Caches are not modelled: what the PE has written is in memory. */
        return;
    case R_GL_FLUSH_MMU:
        viv_mmu_flush(s, value);
        return;
    case R_DE_VR_CONFIG:
        load_vr_config(s, value);
        return;
    case R_DE_PATTERN_CONFIG:
        if (s->core->has_2d) {
            viv_load_pattern(s, value);
            return;
        }
        break;
    case R_RS_KICKER:
        if (s->core->has_3d) {
            load_kicker(s, value);
            return;
        }
        break;
    case R_RS_KICKER_INPLACE:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no in-place resolve\n",
                      s->core->name);
        return;
    }
    load_plain(s, index, value);
}
