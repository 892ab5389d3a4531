/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside of the Vivante model: what its parts share.
 *
 *   gpu.c          registers, identity, reset, interrupts, clock
 *   perf.c         counters
 *   mmu.c          MMUv1 and the bus
 *   fe.c           front end: runs the command stream
 *   fe_sleep.c     the idle front end
 *   state.c        what a state does when the stream loads it
 *   pe.c           jobs of the pixel engine: queue of one, bands, time
 *   pe2d_blit.c    one row of a rectangle
 *   pe2d_source.c  the source's part of it: rotation, mirror, stretch, bits
 *   pe2d_pattern.c the pattern's part of it
 *   pe2d_line.c    lines
 *   pe2d_format.c  pixel formats
 *   pe2d_rop.c     raster operations
 *   pe2d_blend.c   alpha blending
 *   vr.c           filter blit (video rasteriser)
 *   vr_rows.c      its rows, in loops for the compiler
 *   vr_naive.c     the same, plainly
 *   rs.c           resolve engine and YUV tiler
 *   tile.c         layouts of its surfaces, tile status
 *   vmstate.c      migration
 */
#ifndef HW_IMX6_VIVANTE_INTERNAL_H
#define HW_IMX6_VIVANTE_INTERNAL_H

#include "exec/memory.h"
#include "hw/sysbus.h"
#include "hw/imx6/clk.h"
#include "hw/imx6/dma.h"
#include "hw/imx6/gpc.h"
#include "hw/imx6/vivante.h"
#include "migration/vmstate.h"
#include "qemu/timer.h"
#include "regs.h"
#include "states.h"

/* States 0x0000-0x3ffc are kept; shaders and later states are not. */
#define VIV_STATES          0x1000
#define VIV_REGS            0x200
#define VIV_MAX_RECTS       256
#define VIV_MAX_STREAM      2047

/*
 * The size of the real TLBs is not public. 64 direct-mapped entries (256 KiB)
 * a client is our estimate: small enough that a full-screen job turns it
 * over, large enough that a forgotten FLUSH_MMU shows.
 */
#define VIV_TLB_ENTRIES     64

typedef enum VivClient {
    VIV_FE,
    VIV_TX,
    VIV_PE,
    VIV_PEZ,
    VIV_RA,
    VIV_CLIENTS
} VivClient;

typedef struct VivTLBEntry {
    uint32_t page;              /* GPU page number, 0: empty */
    uint32_t pa;
} VivTLBEntry;

typedef struct VivId {
    uint16_t offset;
    uint32_t value;
} VivId;

typedef struct VivCore {
    const char *name;
    const char *fe_port;
    const char *pe_port;
    const char *mmu_port;
    bool has_2d;
    bool has_3d;
    IMX6QClock core_clk;
    IMX6QClock axi_clk;
    uint32_t default_hz;        /* without a CCM */
    const VivId *id;
    unsigned n_id;
} VivCore;

typedef enum VivFEState {
    FE_IDLE,
    FE_RUN,
    FE_WAIT,                    /* in WAIT, until the timer */
    FE_STALL,                   /* in STALL, until the token comes back */
    FE_BLOCKED,                 /* the pipe takes no more work */
    FE_HUNG,                    /* for good, until reset */
    FE_STATES
} VivFEState;

typedef struct VivFE {
    QEMUTimer *timer;
    uint32_t state;             /* VivFEState */
    uint32_t addr;              /* of the command, GPU address */
    uint32_t left;              /* 64-bit words still fetched, from addr on */
    uint32_t low, high;         /* last fetched word */
    uint32_t cmd_state;         /* for FE_DMA_DEBUG_STATE */
    uint32_t ret_addr;
    uint32_t ret_left;
    bool ret_valid;
    uint32_t draws;
    int64_t time;               /* virtual time the FE has come to */
    /* Idle: see fe_sleep.c. Not migrated, a snapshot finds it polling. */
    uint32_t wait_addr;         /* of the last WAIT */
    unsigned since_wait;        /* commands, up to 3 */
    bool looping;
    bool asleep;
    uint64_t period;            /* of the polls that are left out, in ns */
    hwaddr watched, loop;       /* page, and the two commands in it */
    MemoryRegion watch;
    MemoryRegion *ram;
    AddressSpace ram_as;
} VivFE;

typedef enum VivJobKind {
    VIV_JOB_NONE,
    VIV_JOB_DRAW,
    VIV_JOB_VR_H,
    VIV_JOB_VR_V,
    VIV_JOB_RESOLVE,
    VIV_JOB_KINDS
} VivJobKind;

/* The states a job works with are those of the moment it was kicked. */
typedef struct VivJob {
    uint32_t kind;              /* VivJobKind */
    uint32_t de[128];           /* 0x1200-0x13fc */
    uint32_t rs[128];           /* 0x1600-0x17fc */
    uint32_t kernel[128];       /* 0x1800-0x19fc */
    uint32_t palette[256];      /* 0x3400-0x37fc */
    uint32_t pattern[64];
    uint32_t stream[VIV_MAX_STREAM];        /* data behind the rectangles */
    uint32_t n_stream;
    uint32_t rect[2 * VIV_MAX_RECTS];
    uint32_t n_rects;
    uint32_t cur_rect;
    uint32_t cur_row;
} VivJob;

typedef struct VivPE {
    QEMUTimer *timer;
    VivJob job;
    bool stuck;                 /* a unit waits for what never comes */
    uint32_t events;            /* to raise when the job is done */
    uint32_t band;              /* cycles of a band */
    int64_t time;               /* end of the band under way */
    int64_t start;
    uint64_t rects;             /* drawn since power-on: names them for taps */
    uint64_t pixels;
    uint32_t pattern[64];       /* what PATTERN_CONFIG's trigger fetched */
    /* Rows on their way, not state: nothing is kept in them between bands. */
    uint8_t *raw;
    uint32_t *src, *dst, *pat, *mix, *out;
    uint8_t *opaque;
} VivPE;

/* Traffic, in bytes and requests */
typedef struct VivBus {
    uint64_t read, written;
    uint64_t reads, writes;
    uint64_t read_pipe;         /* not by the front end */
    bool stopped;
} VivBus;

struct VivanteGPUState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    char *core_name;
    bool naive;                 /* plain loops, and a timer for each poll */
    const VivCore *core;
    IMX6CCMState *ccm;
    IMX6GPCState *gpc;
    IMX6DMA dma_fe, dma_pe, dma_mmu;
    bool in_dma;

    uint32_t regs[VIV_REGS];
    uint32_t intr;
    uint32_t fscale;
    bool in_reset;              /* the SRC holds it */

    uint32_t state[VIV_STATES];
    uint32_t tokens[32];        /* semaphores back again: [from], bit to */
    uint32_t tokens_sent[32];   /* those still behind the job under way */
    VivTLBEntry tlb[VIV_CLIENTS][VIV_TLB_ENTRIES];
    VivFE fe;
    VivPE pe;

    /* Counters */
    int64_t perf_since;         /* up to here cycles are counted */
    int64_t perf_busy_ns;
    uint64_t perf_cycles, perf_idle;
    VivBus bus;
    uint64_t draws_3d;
    uint32_t faults;            /* switches: gpu.c */
};

enum {
    VIV_FAULT_LOST_IRQ,
    VIV_FAULT_STUCK_BUSY,
    VIV_FAULT_BUS_ERROR,
};

/* gpu.c */
uint64_t viv_core_hz(VivanteGPUState *s);
void viv_soft_reset(VivanteGPUState *s);
void viv_raise(VivanteGPUState *s, uint32_t bits);
static inline bool viv_pe_busy(VivanteGPUState *s)
{
    return s->pe.job.kind != VIV_JOB_NONE || s->pe.stuck;
}

/* When a clock is off, look again after this long. */
#define VIV_RETRY_NS        (100 * SCALE_US)
/* Timers that come later than this do not catch up. */
#define VIV_MAX_LAG_NS      (1 * SCALE_MS)

/* perf.c */
bool viv_perf_read(VivanteGPUState *s, hwaddr offset, uint32_t *value);
bool viv_perf_write(VivanteGPUState *s, hwaddr offset, uint32_t value);
void viv_perf_reset(VivanteGPUState *s);
void viv_perf_count(VivanteGPUState *s);
void viv_perf_job_done(VivanteGPUState *s);
void viv_perf_bus(VivanteGPUState *s, VivClient client, bool write,
                  uint32_t addr, size_t len);

/* mmu.c */
bool viv_read(VivanteGPUState *s, VivClient client, uint32_t addr, void *buf,
              size_t len);
bool viv_write(VivanteGPUState *s, VivClient client, uint32_t addr,
               const void *buf, size_t len);
void viv_mmu_flush(VivanteGPUState *s, uint32_t which);
bool viv_fe_address(VivanteGPUState *s, uint32_t addr, hwaddr *pa);

/* fe.c */
void viv_fe_init(VivanteGPUState *s);
void viv_fe_reset(VivanteGPUState *s);
void viv_fe_start(VivanteGPUState *s, uint32_t addr, uint32_t prefetch);
void viv_fe_hang(VivanteGPUState *s, const char *why);
void viv_fe_wake(VivanteGPUState *s, int64_t when);
uint32_t viv_fe_debug_state(VivanteGPUState *s);

/* fe_sleep.c */
void viv_fe_sleep_init(VivanteGPUState *s);
bool viv_fe_sleep(VivanteGPUState *s, uint32_t addr, uint64_t cycles);
void viv_fe_stir(VivanteGPUState *s);
void viv_fe_catch_up(VivanteGPUState *s);
void viv_fe_unwatch(VivanteGPUState *s);

/* state.c */
bool viv_states_need_pe(VivanteGPUState *s, uint32_t first, uint32_t n);
void viv_load_state(VivanteGPUState *s, uint32_t index, uint32_t value);
void viv_return_tokens(VivanteGPUState *s);

/* pe.c */
void viv_pe_init(VivanteGPUState *s);
void viv_pe_reset(VivanteGPUState *s);
void viv_pe_draw(VivanteGPUState *s, const uint32_t *rects, unsigned n,
                 const uint32_t *stream, unsigned n_stream);
void viv_pe_filter(VivanteGPUState *s, VivJobKind kind);
void viv_pe_resolve(VivanteGPUState *s);
void viv_pe_hang(VivanteGPUState *s, const char *why);
bool viv_pe_check(VivanteGPUState *s, const VivJob *job);

/* pe2d_source.c */
typedef struct VivPoint {
    int32_t x, y;
} VivPoint;

/* From the coordinates of the drawing to those of the surface */
typedef struct VivTurn {
    int8_t xx, xy, yx, yy;
    int32_t tx, ty;
} VivTurn;

VivTurn viv_turn(unsigned rotation, uint32_t width, uint32_t height);
VivPoint viv_turn_point(const VivTurn *t, int32_t x, int32_t y);
VivPoint viv_turn_from(const VivTurn *t, int32_t x, int32_t y);
void viv_turn_rect(const VivTurn *t, int32_t *x0, int32_t *y0, int32_t *x1,
                   int32_t *y1);

/* pe2d_format.c */
typedef struct VivSurface {
    uint32_t addr, stride;
    uint32_t addr_u, stride_u;
    uint32_t addr_v, stride_v;
    VivTurn turn;
    const uint32_t *palette;    /* NULL: indices are left alone */
    uint32_t a8_color;
    uint64_t dither;            /* see viv_dither() */
    uint8_t format;
    uint8_t swizzle;
    uint8_t endian;
} VivSurface;

bool viv_format_is_yuv(unsigned format);
unsigned viv_format_bytes(unsigned format);
void viv_read_row(VivanteGPUState *s, const VivSurface *f, int32_t x,
                  int32_t y, unsigned width, uint32_t *argb);
void viv_write_row(VivanteGPUState *s, const VivSurface *f, int32_t x,
                   int32_t y, unsigned width, const uint32_t *argb);
uint64_t viv_dither(const VivJob *job);
void viv_unpack_raw(const VivSurface *f, const uint8_t *raw, unsigned width,
                    uint32_t *argb);
void viv_pack_raw(VivanteGPUState *s, const VivSurface *f, int32_t x,
                  int32_t y, unsigned width, const uint32_t *argb,
                  uint8_t *raw);
void viv_swap_bytes(uint8_t *raw, size_t len, unsigned endian);
uint32_t viv_channel_mask(const VivSurface *f, unsigned channels);
uint32_t viv_unpack_pixel(const VivSurface *f, uint32_t pixel);
void viv_tap_row(VivanteGPUState *s, unsigned row, unsigned rows,
                 const uint32_t *argb, unsigned width);

/* pe2d_rop.c */
uint8_t viv_rop3(unsigned type, uint8_t code);
uint8_t viv_rop3_bg(unsigned type, uint32_t rop);
static inline bool viv_rop_uses_dst(uint8_t rop)
{
    return ((rop >> 1) ^ rop) & 0x55;
}

static inline bool viv_rop_uses_src(uint8_t rop)
{
    return ((rop >> 2) ^ rop) & 0x33;
}

static inline bool viv_rop_uses_pattern(uint8_t rop)
{
    return ((rop >> 4) ^ rop) & 0x0f;
}
void viv_rop_row(uint8_t rop, const uint32_t *src, const uint32_t *dst,
                 const uint32_t *pattern, uint32_t *out, unsigned width);

/* pe2d_pattern.c */
typedef struct VivPattern {
    uint32_t color[64];
    uint8_t opaque[64];
    uint8_t origin_x, origin_y;
} VivPattern;

void viv_load_pattern(VivanteGPUState *s, uint32_t value);
void viv_pattern_decode(const VivJob *job, VivPattern *p);
void viv_pattern_row(const VivPattern *p, const VivTurn *turn, int32_t x,
                     int32_t y, uint32_t *color, uint8_t *opaque, unsigned n);

/* pe2d_line.c */
void viv_line_run(int32_t ax, int32_t ay, int32_t bx, int32_t by, int32_t y,
                  int32_t *x0, int32_t *x1);

/* pe2d_blend.c */
typedef struct VivBlend {
    uint8_t src_factor, dst_factor;
    uint8_t src_alpha_mode, dst_alpha_mode;     /* global: own, scaled */
    bool src_invert, dst_invert;
    bool src_premultiply, dst_premultiply, demultiply;
    uint8_t src_global_premultiply;
    uint32_t src_color, dst_color;              /* global ones */
} VivBlend;

VivBlend viv_blend_decode(const uint32_t *de);
void viv_blend_row(const VivBlend *b, const uint32_t *src,
                   const uint32_t *dst, uint32_t *out, unsigned width);

/* pe2d_blit.c */
typedef struct VivRect {
    int32_t left, top;          /* as drawn */
    int32_t width, height;
    int32_t x0, y0, x1, y1;     /* what the clip leaves, on the surface */
    bool line;
    int32_t ax, ay, bx, by;     /* of a line: its ends, on the surface */
} VivRect;

typedef struct VivAxis {
    int32_t size;               /* of the rectangle */
    bool mirror, stretch;
    uint32_t factor, limit;
} VivAxis;

typedef struct VivBlit {
    unsigned command;
    VivSurface src, dst;
    const uint32_t *palette;
    bool relative;
    int32_t origin_x, origin_y;
    uint32_t factor_x, factor_y;
    uint32_t src_width, src_height;
    bool mirror_x, mirror_y;
    /* Bits: one a pixel, as the source or as its mask */
    bool mono, from_stream, mono_key;
    uint32_t mono_fg, mono_bg;
    unsigned pack;
    const uint32_t *stream;
    uint32_t n_stream;
    uint32_t clear;
    VivPattern pattern;
    uint8_t rop, rop_bg;
    uint8_t src_mode, pat_mode, dst_mode;   /* DE_PE_TRANSPARENCY */
    bool transparent;           /* some pixels may be */
    uint32_t src_key[2], dst_key[2];        /* low, high */
    bool alpha;
    bool reads_src, reads_dst, reads_pat;
    VivBlend blend;
    /* Columns of the source, read together: see pe2d_source.c */
    uint32_t *strip;
    int32_t strip_x, strip_y;
    unsigned strip_n, strip_columns;
} VivBlit;

/* Field of a job's drawing state */
#define VIV_DE(job, reg)    ((job)->de[(R_##reg) - R_DE_SRC_ADDRESS])

void viv_blit_decode(const VivJob *job, VivBlit *b);
bool viv_blit_check(const VivJob *job);
bool viv_blit_starves(const VivJob *job);
VivRect viv_blit_rect(const VivJob *job, unsigned n);
unsigned viv_blit_cycles(const VivBlit *b);
void viv_blit_row(VivanteGPUState *s, VivBlit *b, const VivRect *r,
                  unsigned row);
void viv_blit_done(VivBlit *b);

/* pe2d_source.c */
void viv_read_source(VivanteGPUState *s, VivBlit *b, const VivRect *r,
                     int32_t y);
void viv_read_mask(const VivBlit *b, const VivRect *r, int32_t y,
                   uint32_t *out, unsigned n);
uint64_t viv_stream_words(unsigned pack, uint32_t width, uint32_t height);
bool viv_stream_bit(const VivBlit *b, uint32_t height, uint32_t i, uint32_t j);

/* vr.c */
typedef struct VivFilter VivFilter;

bool viv_filter_check(const VivJob *job);
VivRect viv_filter_rect(const VivJob *job);
VivFilter *viv_filter_new(const VivJob *job);
void viv_filter_row(VivanteGPUState *s, VivFilter *f, unsigned row);
void viv_filter_free(VivFilter *f);

/* rs.c */
typedef struct VivResolve VivResolve;

/* Field of a job's resolve state */
#define VIV_RS(job, reg)    ((job)->rs[(R_##reg) - R_RS_KICKER])

bool viv_resolve_is_yuv(const VivJob *job);
bool viv_resolve_check(VivanteGPUState *s, const VivJob *job);
bool viv_resolve_hangs(const VivJob *job);
unsigned viv_resolve_windows(const VivJob *job);
VivRect viv_resolve_rect(const VivJob *job);
VivResolve *viv_resolve_new(const VivJob *job);
bool viv_resolve_row(VivanteGPUState *s, VivResolve *r, unsigned window,
                     unsigned row);
void viv_resolve_free(VivResolve *r);

/* vmstate.c */
extern const VMStateDescription vmstate_vivante_gpu;

#endif
