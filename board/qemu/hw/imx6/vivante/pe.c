/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante graphics cores: jobs of the pixel engine.
 *
 * One job, a DRAW_2D with its rectangles, a filter blit or a resolve, is under
 * way at a time; the front end runs on and is held up by the next. A job is
 * worked off in bands on virtual time, and a band's pixels reach memory when
 * its time is over: whoever does not wait for the fence sees the old picture,
 * or half.
 *
 * The costs are our estimates, in cycles of the core clock. NXP gives the
 * GC320 600 Mpixel/s at 528 MHz, hence one pixel a cycle; a pass that reads
 * the destination back, and the nine-tap filter, are taken as half as fast. A
 * resolve is taken as a pixel a cycle for each of the two pixel pipes.
 */

#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "vivante.h"
#include "trace.h"

#define PE_CYCLES_RECT      32      /* set up a rectangle */
#define PE_CYCLES_ROW       4       /* turn to the next row */
#define PE_CYCLES_FILTER    2       /* a pixel, in each pass */
#define PE_CYCLES_RESOLVE   2       /* a column of four, in two pipes */

/* At least 16 bands a job, except where they would be tiny or huge. */
#define PE_BANDS            16
#define PE_BAND_MIN         2048
#define PE_BAND_MAX         65536

/* Rows hold what 16-bit coordinates can span. */
#define PE_ROW_PIXELS       0x10000

typedef struct Walk {
    uint32_t rect;
    uint32_t row;
    uint64_t cycles;
} Walk;

/* No job: what a saved state's check wants to see, too */
static void job_clear(VivJob *job)
{
    job->kind = VIV_JOB_NONE;
    job->n_rects = 0;
    job->n_stream = 0;
    job->cur_rect = 0;
    job->cur_row = 0;
}

static VivRect job_rect(const VivJob *job, unsigned n)
{
    switch (job->kind) {
    case VIV_JOB_DRAW:
        return viv_blit_rect(job, n);
    case VIV_JOB_RESOLVE:
        return viv_resolve_rect(job);
    }
    return viv_filter_rect(job);
}

static unsigned row_cycles(const VivJob *job, const VivBlit *b,
                           const VivRect *r)
{
    unsigned pixel = PE_CYCLES_FILTER;

    if (job->kind == VIV_JOB_DRAW) {
        pixel = viv_blit_cycles(b);
    } else if (job->kind == VIV_JOB_RESOLVE) {
        pixel = PE_CYCLES_RESOLVE;
    }
    return PE_CYCLES_ROW + pixel * (r->x1 - r->x0);
}

static uint64_t job_cycles(const VivJob *job, const VivBlit *b)
{
    uint64_t cycles = 0;

    for (unsigned i = 0; i < job->n_rects; i++) {
        VivRect r = job_rect(job, i);

        cycles += PE_CYCLES_RECT +
                  (uint64_t)(r.y1 - r.y0) * row_cycles(job, b, &r);
    }
    return cycles;
}

/*
 * Where the band that comes now ends, and what it costs. A job that is refused
 * takes the time to find that out: a guest that goes on with such jobs would
 * stop the clock otherwise.
 */
static Walk band_end(VivanteGPUState *s, const VivBlit *b)
{
    const VivJob *job = &s->pe.job;
    Walk w = {
        .rect = job->cur_rect,
        .row = job->cur_row,
        .cycles = job->n_rects ? 0 : PE_CYCLES_RECT,
    };

    while (w.rect < job->n_rects && w.cycles < s->pe.band) {
        VivRect r = job_rect(job, w.rect);
        unsigned rows = r.y1 - r.y0, row = row_cycles(job, b, &r);
        uint64_t n = DIV_ROUND_UP(s->pe.band - w.cycles, row);

        if (w.row == 0) {
            w.cycles += PE_CYCLES_RECT;
        }
        n = MIN(n, rows - MIN(rows, w.row));
        w.cycles += n * row;
        w.row += n;
        if (w.row >= rows) {
            w.row = 0;
            w.rect++;
        }
    }
    return w;
}

/* The states are looked at anew for each band: they are part of the job. */
static void decode(const VivJob *job, VivBlit *b)
{
    if (job->kind == VIV_JOB_DRAW) {
        viv_blit_decode(job, b);
    } else {
        memset(b, 0, sizeof(*b));
    }
}

static void pe_schedule(VivanteGPUState *s)
{
    uint64_t hz = viv_core_hz(s);
    VivBlit b;

    if (s->pe.job.kind == VIV_JOB_NONE) {
        return;                 /* power was found gone */
    }
    if (hz) {
        decode(&s->pe.job, &b);
        s->pe.time += muldiv64(band_end(s, &b).cycles,
                               NANOSECONDS_PER_SECOND, hz);
        viv_blit_done(&b);
    }
    timer_mod(s->pe.timer, s->pe.time);
}

/* What a band needs while it is drawn */
typedef struct Tools {
    VivBlit blit;
    VivFilter *filter;
    VivResolve *resolve;
} Tools;

static void draw_row(VivanteGPUState *s, Tools *t, const VivRect *r)
{
    VivJob *job = &s->pe.job;

    if (t->resolve) {
        if (!viv_resolve_row(s, t->resolve, job->cur_rect, job->cur_row)) {
            viv_pe_hang(s, "tile status that makes no sense");
        }
        return;
    }
    if (t->filter) {
        viv_filter_row(s, t->filter, job->cur_row);
    } else {
        viv_blit_row(s, &t->blit, r, job->cur_row);
    }
    s->pe.pixels += r->x1 - r->x0;
}

static void draw_rows(VivanteGPUState *s, Tools *t, const Walk *end)
{
    VivJob *job = &s->pe.job;

    while (job->cur_rect < end->rect ||
           (job->cur_rect == end->rect && job->cur_row < end->row)) {
        VivRect r = job_rect(job, job->cur_rect);
        uint32_t rows = r.y1 - r.y0;
        uint32_t stop = job->cur_rect < end->rect ? rows : end->row;

        while (job->cur_row < MIN(rows, stop)) {
            draw_row(s, t, &r);
            if (job->kind == VIV_JOB_NONE) {
                return;         /* hung, or reset by what it wrote itself */
            }
            job->cur_row++;
        }
        if (job->cur_row >= rows) {
            job->cur_row = 0;
            job->cur_rect++;
            s->pe.rects++;
            t->blit.strip_columns = 0;
        }
    }
}

static void draw_band(VivanteGPUState *s)
{
    VivJob *job = &s->pe.job;
    Tools t = { };
    Walk end;

    if (!job->n_rects) {
        return;                 /* refused: its states make no sense */
    }
    decode(job, &t.blit);
    end = band_end(s, &t.blit);
    trace_vivante_band(s->core->name, s->pe.rects, job->cur_rect,
                       job->cur_row, end.rect, end.row);
    if (job->kind == VIV_JOB_RESOLVE) {
        t.resolve = viv_resolve_new(job);
    } else if (job->kind != VIV_JOB_DRAW) {
        t.filter = viv_filter_new(job);
    }
    draw_rows(s, &t, &end);
    g_clear_pointer(&t.filter, viv_filter_free);
    g_clear_pointer(&t.resolve, viv_resolve_free);
    viv_blit_done(&t.blit);
}

/* What came behind the job, up to where a unit may be stuck, comes through. */
static void pe_finish(VivanteGPUState *s)
{
    uint32_t events = s->pe.events;

    trace_vivante_job_done(s->core->name, s->pe.time - s->pe.start);
    viv_perf_job_done(s);
    if (s->faults & BIT(VIV_FAULT_STUCK_BUSY)) {
        viv_pe_hang(s, "a fault switch is on");
        return;
    }
    job_clear(&s->pe.job);
    s->pe.events = 0;
    viv_return_tokens(s);
    if (events) {
        viv_raise(s, events);
    }
    viv_fe_wake(s, s->pe.time);
}

static void pe_tick(void *opaque)
{
    VivanteGPUState *s = opaque;
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    if (!viv_core_hz(s)) {
        if (s->pe.job.kind != VIV_JOB_NONE) {
            s->pe.time = now + VIV_RETRY_NS;
            timer_mod(s->pe.timer, s->pe.time);
        }
        return;
    }
    draw_band(s);
    if (s->pe.job.kind == VIV_JOB_NONE) {
        return;
    }
    if (s->pe.job.cur_rect >= s->pe.job.n_rects) {
        pe_finish(s);
        return;
    }
    if (now - s->pe.time > VIV_MAX_LAG_NS) {
        s->pe.time = now;
    }
    pe_schedule(s);
}

static void snapshot(VivanteGPUState *s, VivJob *job)
{
    memcpy(job->de, &s->state[R_DE_SRC_ADDRESS], sizeof(job->de));
    memcpy(job->rs, &s->state[R_RS_KICKER], sizeof(job->rs));
    memcpy(job->kernel, &s->state[R_DE_FILTER_KERNEL], sizeof(job->kernel));
    memcpy(job->palette, &s->state[R_DE_INDEX_COLOR_TABLE32],
           sizeof(job->palette));
    memcpy(job->pattern, s->pe.pattern, sizeof(job->pattern));
}

/* Will anything come of the job? */
bool viv_pe_check(VivanteGPUState *s, const VivJob *job)
{
    switch (job->kind) {
    case VIV_JOB_DRAW:
        return viv_blit_check(job);
    case VIV_JOB_RESOLVE:
        return viv_resolve_check(s, job);
    }
    return viv_filter_check(job);
}

/* Why the pipe never finishes the job, or NULL */
static const char *hang_reason(const VivJob *job)
{
    if (job->kind == VIV_JOB_DRAW && viv_blit_starves(job)) {
        return "the stream ends before its data";
    }
    if (job->kind == VIV_JOB_RESOLVE && viv_resolve_hangs(job)) {
        return "a resolve of odd size";
    }
    return NULL;
}

static void pe_kick(VivanteGPUState *s, VivJobKind kind, unsigned n_rects)
{
    VivJob *job = &s->pe.job;
    const char *why;
    uint64_t cycles;
    VivBlit b;

    job->kind = kind;
    job->n_rects = n_rects;
    job->cur_rect = 0;
    job->cur_row = 0;
    snapshot(s, job);
    if (!viv_pe_check(s, job)) {
        job->n_rects = 0;       /* nothing comes of it */
    } else {
        if (kind == VIV_JOB_RESOLVE) {
            job->n_rects = viv_resolve_windows(job);
        }
        why = hang_reason(job);
        if (why) {
            viv_pe_hang(s, why);
            return;
        }
    }
    decode(job, &b);
    cycles = job_cycles(job, &b);
    viv_blit_done(&b);
    trace_vivante_job(s->core->name, kind, VIV_DE(job, DE_DEST_CONFIG),
                      VIV_DE(job, DE_DEST_ADDRESS), n_rects, cycles);
    s->pe.band = MIN(MAX(cycles / PE_BANDS, PE_BAND_MIN), PE_BAND_MAX);
    s->pe.start = s->pe.time = MAX(s->fe.time, s->pe.time);
    pe_schedule(s);
}

/* A unit waits for what never comes: everything behind it, too. */
void viv_pe_hang(VivanteGPUState *s, const char *why)
{
    qemu_log_mask(LOG_GUEST_ERROR, "%s: the pipe hangs: %s\n", s->core->name,
                  why);
    trace_vivante_pe_hang(s->core->name, why);
    s->pe.stuck = true;
    s->pe.events = 0;
    memset(s->tokens_sent, 0, sizeof(s->tokens_sent));
    timer_del(s->pe.timer);
    job_clear(&s->pe.job);
}

void viv_pe_draw(VivanteGPUState *s, const uint32_t *rects, unsigned n,
                 const uint32_t *stream, unsigned n_stream)
{
    memcpy(s->pe.job.rect, rects, 2 * n * sizeof(*rects));
    memcpy(s->pe.job.stream, stream, n_stream * sizeof(*stream));
    s->pe.job.n_stream = n_stream;
    pe_kick(s, VIV_JOB_DRAW, n);
}

void viv_pe_filter(VivanteGPUState *s, VivJobKind kind)
{
    pe_kick(s, kind, 1);
}

void viv_pe_resolve(VivanteGPUState *s)
{
    pe_kick(s, VIV_JOB_RESOLVE, 1);
}

void viv_pe_init(VivanteGPUState *s)
{
    s->pe.timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, pe_tick, s);
    if (s->core->has_2d || s->core->has_3d) {
        s->pe.raw = g_malloc0(4 * (PE_ROW_PIXELS + 2));
        s->pe.src = g_new0(uint32_t, PE_ROW_PIXELS + 2);
        s->pe.dst = g_new0(uint32_t, PE_ROW_PIXELS + 2);
        s->pe.pat = g_new0(uint32_t, PE_ROW_PIXELS + 2);
        s->pe.mix = g_new0(uint32_t, PE_ROW_PIXELS + 2);
        s->pe.out = g_new0(uint32_t, PE_ROW_PIXELS + 2);
        s->pe.opaque = g_malloc0(PE_ROW_PIXELS + 2);
    }
}

void viv_pe_reset(VivanteGPUState *s)
{
    timer_del(s->pe.timer);
    job_clear(&s->pe.job);
    memset(s->pe.pattern, 0, sizeof(s->pe.pattern));
    s->pe.events = 0;
    s->pe.stuck = false;
    s->pe.time = 0;
}
