/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante graphics cores: the front end, which runs the command stream.
 *
 * Commands after rnndb (cmdstream.xml). There is no doorbell: an idle driver
 * leaves the front end going round between WAIT and LINK, and changes the
 * WAIT when there is work. Hence nothing is read ahead here, and a command's
 * second word is read after its first.
 *
 * The front end has only as many 64-bit words as 0x658, LINK, CALL or RETURN
 * told it to fetch. Behind them it waits for ever, busy, as silicon does.
 */

#include "qemu/osdep.h"
#include "qemu/atomic.h"
#include "qemu/log.h"
#include "vivante.h"
#include "trace.h"

/* Commands run in one go before the rest of QEMU gets its turn. */
#define FE_BUDGET           64

/* Our estimates, in core cycles: a word decoded, a jump's fetch from DRAM. */
#define FE_CYCLES_WORD      1
#define FE_CYCLES_JUMP      128

#define FE_MAX_STATES       1024
#define FE_WINDOW_END       0x80000000u

static const char * const fe_states[FE_STATES] = {
    "idle", "run", "wait", "stall", "blocked", "hung"
};

static void fe_set_state(VivanteGPUState *s, VivFEState state,
                         uint32_t cmd_state)
{
    trace_vivante_fe_state(s->core->name, fe_states[state], s->fe.addr,
                           s->fe.left);
    s->fe.state = state;
    s->fe.cmd_state = cmd_state;
    if (state == FE_IDLE) {
        viv_fe_unwatch(s);
    }
}

void viv_fe_hang(VivanteGPUState *s, const char *why)
{
    qemu_log_mask(LOG_GUEST_ERROR, "%s: front end hangs at 0x%08x: %s\n",
                  s->core->name, s->fe.addr, why);
    trace_vivante_fe_hang(s->core->name, s->fe.addr, why);
    s->fe.state = FE_HUNG;
    timer_del(s->fe.timer);
    viv_fe_unwatch(s);
}

uint32_t viv_fe_debug_state(VivanteGPUState *s)
{
    uint32_t fetch = s->fe.left ? FE_CMD_FETCH_STATE_VALID : 0;

    return s->fe.state == FE_IDLE ? FE_CMD_STATE_IDLE :
           s->fe.cmd_state | fetch;
}

static void fe_schedule(VivanteGPUState *s, uint64_t cycles)
{
    uint64_t hz = viv_core_hz(s);

    if (hz) {
        s->fe.time += muldiv64(cycles, NANOSECONDS_PER_SECOND, hz);
    } else {
        s->fe.time = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + VIV_RETRY_NS;
    }
    timer_mod(s->fe.timer, s->fe.time);
}

/* Words of the command under way; the header's are two. */
static void fe_fetch(VivanteGPUState *s, uint32_t word, uint32_t *buf,
                     unsigned n)
{
    viv_read(s, VIV_FE, s->fe.addr + 4 * word, buf, 4 * n);
    for (unsigned i = 0; i < n; i++) {
        buf[i] = le32_to_cpu(buf[i]);
    }
}

/* To the next command; returns what this one cost in cycles. */
static unsigned fe_next(VivanteGPUState *s, uint32_t words64)
{
    s->fe.addr += 8 * words64;
    s->fe.left -= words64;
    return words64 * FE_CYCLES_WORD;
}

static unsigned fe_jump(VivanteGPUState *s, uint32_t addr, uint32_t prefetch)
{
    s->fe.addr = addr & ~7u;
    s->fe.left = prefetch;
    if (addr >= FE_WINDOW_END) {
        viv_fe_hang(s, "commands come through the linear window only");
    }
    return FE_CYCLES_JUMP;
}

/* Length of a command in 64-bit words, 0: no such command. */
static uint32_t fe_length(VivanteGPUState *s, uint32_t header)
{
    uint32_t n;

    switch (FIELD_EX32(header, FE_CMD, OP)) {
    case FE_OP_LOAD_STATE:
        n = FIELD_EX32(header, FE_CMD, STATE_COUNT) ?: FE_MAX_STATES;
        return DIV_ROUND_UP(1 + n, 2);
    case FE_OP_DRAW_2D:
        n = FIELD_EX32(header, FE_CMD, RECT_COUNT) ?: VIV_MAX_RECTS;
        return 1 + n +
               DIV_ROUND_UP(FIELD_EX32(header, FE_CMD, DATA_COUNT), 2);
    case FE_OP_END:
    case FE_OP_NOP:
    case FE_OP_WAIT:
    case FE_OP_LINK:
    case FE_OP_STALL:
    case FE_OP_RETURN:
        return 1;
    case FE_OP_CALL:
        return 2;
    case FE_OP_DRAW_PRIMITIVES:
    case FE_OP_DRAW_INSTANCED:
        return s->core->has_3d ? 2 : 0;
    case FE_OP_DRAW_INDEXED_PRIMITIVES:
        return s->core->has_3d ? 3 : 0;
    }
    return 0;
}

/* FIXP: values come as signed 16.16 and are loaded as float. */
static uint32_t fe_fixp(uint32_t value)
{
    float f = (int32_t)value / 65536.0f;
    uint32_t bits;

    memcpy(&bits, &f, sizeof(bits));
    return bits;
}

static unsigned fe_load_state(VivanteGPUState *s, uint32_t header,
                              uint32_t words64)
{
    uint32_t n = FIELD_EX32(header, FE_CMD, STATE_COUNT) ?: FE_MAX_STATES;
    uint32_t first = FIELD_EX32(header, FE_CMD, STATE_OFFSET);
    uint32_t values[FE_MAX_STATES];

    if (viv_states_need_pe(s, first, n) && viv_pe_busy(s)) {
        fe_set_state(s, FE_BLOCKED, FE_CMD_STATE_WAITFIFO);
        return 0;
    }
    fe_fetch(s, 1, values, n);
    for (uint32_t i = 0; i < n && s->fe.state == FE_RUN; i++) {
        uint32_t v = values[i];

        viv_load_state(s, first + i,
                       FIELD_EX32(header, FE_CMD, FIXP) ? fe_fixp(v) : v);
    }
    return s->fe.state == FE_RUN ? fe_next(s, words64) : 0;
}

static unsigned fe_draw_2d(VivanteGPUState *s, uint32_t header,
                           uint32_t words64)
{
    uint32_t n = FIELD_EX32(header, FE_CMD, RECT_COUNT) ?: VIV_MAX_RECTS;
    uint32_t n_stream = FIELD_EX32(header, FE_CMD, DATA_COUNT);
    uint32_t rects[2 * VIV_MAX_RECTS], stream[VIV_MAX_STREAM];

    if (!s->core->has_2d || s->state[R_GL_PIPE_SELECT] != PIPE_2D) {
        s->fe.cmd_state = FE_CMD_STATE_2DRECT0;
        viv_fe_hang(s, "2D drawing and the 2D pipe not selected");
        return 0;
    }
    if (viv_pe_busy(s)) {
        fe_set_state(s, FE_BLOCKED, FE_CMD_STATE_WAITFIFO);
        return 0;
    }
    fe_fetch(s, 2, rects, 2 * n);
    fe_fetch(s, 2 + 2 * n, stream, n_stream);
    s->fe.draws++;
    viv_pe_draw(s, rects, n, stream, n_stream);
    return fe_next(s, words64);
}

static unsigned fe_draw_3d(VivanteGPUState *s, uint32_t words64)
{
    if (s->state[R_GL_PIPE_SELECT] != PIPE_3D) {
        viv_fe_hang(s, "3D drawing and the 3D pipe not selected");
        return 0;
    }
    s->fe.draws++;
    s->draws_3d++;
    trace_vivante_draw_3d(s->core->name, s->draws_3d);
    qemu_log_mask(LOG_UNIMP, "%s: 3D draw %" PRIu64 " dropped\n",
                  s->core->name, s->draws_3d);
    return fe_next(s, words64);
}

/* The token came back when the unit has done all that came before it. */
static unsigned fe_stall(VivanteGPUState *s)
{
    uint32_t from = FIELD_EX32(s->fe.high, GL_SEMAPHORE_TOKEN, FROM);
    uint32_t to = FIELD_EX32(s->fe.high, GL_SEMAPHORE_TOKEN, TO);

    if (!(s->tokens[from] & (1u << to))) {
        if (!(s->tokens_sent[from] & (1u << to))) {
            qemu_log_mask(LOG_GUEST_ERROR, "%s: stall of %u for %u at "
                          "0x%08x and no semaphore\n", s->core->name, from,
                          to, s->fe.addr);
        }
        fe_set_state(s, FE_STALL, FE_CMD_STATE_STALL);
        return 0;
    }
    s->tokens[from] &= ~(1u << to);
    return fe_next(s, 1);
}

static unsigned fe_call(VivanteGPUState *s, uint32_t header)
{
    uint32_t w[3];

    fe_fetch(s, 1, w, 3);
    s->fe.ret_valid = true;
    s->fe.ret_left = w[1] & 0xffff;
    s->fe.ret_addr = w[2];
    return fe_jump(s, w[0], FIELD_EX32(header, FE_CMD, PREFETCH));
}

static unsigned fe_return(VivanteGPUState *s)
{
    if (!s->fe.ret_valid) {
        viv_fe_hang(s, "RETURN without CALL");
        return 0;
    }
    s->fe.ret_valid = false;
    return fe_jump(s, s->fe.ret_addr, s->fe.ret_left);
}

/* Back at the same WAIT after one more command, which was a LINK then: idle */
static unsigned fe_wait(VivanteGPUState *s, uint32_t header)
{
    unsigned cycles = FIELD_EX32(header, FE_CMD, DELAY);

    s->fe.looping = s->fe.since_wait == 2 && s->fe.wait_addr == s->fe.addr;
    s->fe.since_wait = 0;
    s->fe.wait_addr = s->fe.addr;
    cycles += fe_next(s, 1);
    fe_set_state(s, FE_WAIT, FE_CMD_STATE_WAIT);
    return cycles;
}

static unsigned fe_execute(VivanteGPUState *s, uint32_t header,
                           uint32_t words64)
{
    switch (FIELD_EX32(header, FE_CMD, OP)) {
    case FE_OP_LOAD_STATE:
        return fe_load_state(s, header, words64);
    case FE_OP_END:
        fe_next(s, 1);
        fe_set_state(s, FE_IDLE, FE_CMD_STATE_IDLE);
        return 0;
    case FE_OP_NOP:
        return fe_next(s, 1);
    case FE_OP_DRAW_2D:
        return fe_draw_2d(s, header, words64);
    case FE_OP_WAIT:
        return fe_wait(s, header);
    case FE_OP_LINK:
        return fe_jump(s, s->fe.high,
                       FIELD_EX32(header, FE_CMD, PREFETCH));
    case FE_OP_STALL:
        return fe_stall(s);
    case FE_OP_CALL:
        return fe_call(s, header);
    case FE_OP_RETURN:
        return fe_return(s);
    }
    return fe_draw_3d(s, words64);
}

static unsigned fe_step(VivanteGPUState *s)
{
    uint32_t header, words64;

    if (!s->fe.left) {
        s->fe.cmd_state = FE_CMD_STATE_DEC;
        viv_fe_hang(s, "ran past the words it was told to fetch");
        return 0;
    }
    fe_fetch(s, 0, &header, 1);
    /* Whoever patches a command writes the header last. */
    smp_rmb();
    s->fe.low = header;
    fe_fetch(s, 1, &s->fe.high, 1);
    s->fe.cmd_state = FE_CMD_STATE_DEC;
    words64 = fe_length(s, header);
    trace_vivante_fe_command(s->core->name, s->fe.addr, s->fe.left, header);
    if (!words64) {
        viv_fe_hang(s, "no such command");
        return 0;
    }
    if (words64 > s->fe.left) {
        s->fe.addr += 8 * s->fe.left;
        s->fe.left = 0;
        viv_fe_hang(s, "a command is longer than what it was told to fetch");
        return 0;
    }
    s->fe.since_wait = MIN(s->fe.since_wait + 1, 3);
    return fe_execute(s, header, words64);
}

static void fe_run(VivanteGPUState *s)
{
    uint64_t cycles = 0;

    for (unsigned i = 0; i < FE_BUDGET && s->fe.state == FE_RUN; i++) {
        cycles += fe_step(s);
    }
    if (s->fe.state == FE_WAIT && s->fe.looping &&
        viv_fe_sleep(s, s->fe.wait_addr, cycles)) {
        return;
    }
    if (s->fe.state == FE_RUN || s->fe.state == FE_WAIT) {
        fe_schedule(s, cycles);
    }
}

static void fe_tick(void *opaque)
{
    VivanteGPUState *s = opaque;
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    if (!viv_core_hz(s)) {
        if (s->fe.state != FE_IDLE) {   /* it was, if the power went */
            fe_schedule(s, 0);
        }
        return;
    }
    if (now - s->fe.time > VIV_MAX_LAG_NS) {
        s->fe.time = now;
    }
    if (s->fe.state == FE_RUN || s->fe.state == FE_WAIT) {
        s->fe.state = FE_RUN;
        fe_run(s);
    }
}

/* The pipe has finished a job at @when: what waited for that goes on. */
void viv_fe_wake(VivanteGPUState *s, int64_t when)
{
    if (s->fe.state == FE_STALL || s->fe.state == FE_BLOCKED) {
        s->fe.time = MAX(s->fe.time, when);
        fe_set_state(s, FE_RUN, FE_CMD_STATE_DEC);
        fe_schedule(s, FE_CYCLES_WORD);
    }
}

void viv_fe_start(VivanteGPUState *s, uint32_t addr, uint32_t prefetch)
{
    if (s->fe.state != FE_IDLE) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: front end started while busy\n",
                      s->core->name);
        return;
    }
    s->fe.time = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    fe_jump(s, addr, prefetch);
    if (s->fe.state != FE_HUNG) {
        fe_set_state(s, FE_RUN, FE_CMD_STATE_DEC);
        fe_schedule(s, FE_CYCLES_JUMP);
    }
}

void viv_fe_init(VivanteGPUState *s)
{
    s->fe.timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, fe_tick, s);
    viv_fe_sleep_init(s);
}

void viv_fe_reset(VivanteGPUState *s)
{
    viv_fe_unwatch(s);
    timer_del(s->fe.timer);
    s->fe.state = FE_IDLE;
    s->fe.addr = 0;
    s->fe.left = 0;
    s->fe.low = 0;
    s->fe.high = 0;
    s->fe.cmd_state = FE_CMD_STATE_IDLE;
    s->fe.ret_addr = 0;
    s->fe.ret_left = 0;
    s->fe.ret_valid = false;
    s->fe.draws = 0;
    s->fe.time = 0;
}
