/* SPDX-License-Identifier: MIT */
/*
 * refsoc-probe: what a board answers to docs/hardware-doubts.md.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One doubt. @a is what the emulated board does, @b what it might be instead.
 * @run returns what was seen, in its own buffer or a constant, and is NULL
 * where no program can ask: @b says then what it takes.
 */
struct doubt {
	const char *id;
	const char *a;
	const char *b;
	const char *(*run)(void);
	char hangs;	/* A or B: that is what a core means which hangs */
};

#define ASK(id, a, b, run)	{ id, a, b, run, 0 }
/* Until its driver recovers it, as the emulated core does or as it does not */
#define HANGS(id, a, b, run)	{ id, a, b, run, 'A' }
#define MAY_HANG(id, a, b, run)	{ id, a, b, run, 'B' }
#define CANNOT(id, a, takes)	{ id, a, takes, NULL, 0 }

extern const struct doubt draw_doubts[], resolve_doubts[], display_doubts[];
extern const struct doubt read_doubts[];

/* "A" or "B"; and anything else that was seen, printed */
const char *either(bool a, bool b, uint32_t seen);
const char *saw(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * A core through its driver, for one job at a time.  False from pipe_open():
 * there is none.
 */
struct etna_bo;
bool pipe_open(bool is_3d);
/* Buffers of PIPE_BYTES, seen by both sides; filled with a byte */
#define PIPE_BYTES	0x10000
/* What pipe_run() and the others say of a job that does not end */
#define CORE_HANGS	"the core hangs"
enum pipe_buffer { FROM, TO, ASIDE, PIPE_BUFFERS };
uint32_t *pipe_clear(enum pipe_buffer buffer, uint8_t byte);
void pipe_begin(void);
void pipe_state(uint32_t state, uint32_t value);
void pipe_states(uint32_t state, const uint32_t *values, unsigned int n);
void pipe_address(uint32_t state, enum pipe_buffer buffer, uint32_t offset);
void pipe_word(uint32_t word);
/* Flush, and wait.  NULL, or why nothing came of it. */
const char *pipe_run(void);
/* The same without commands behind what was put there */
const char *pipe_submit(void);
/* The same as pipe_run(), and what a counter of the core's saw of it; in ASIDE */
const char *pipe_count(const char *domain, const char *signal, uint32_t *count);

/* A picture on the first display that there is. False: there is none. */
bool display_open(void);

/*
 * Registers, read only, and only while their block is powered and clocked: on
 * an i.MX6 a read of one that is not hangs the bus.  A GPU is kept awake from
 * reg_open() to reg_close(); of other blocks the clock must be on already.
 * reg_open() returns NULL, or why it is not safe.
 */
enum reg_block { REG_GC2000, REG_GC320, REG_IPU1, REG_CSI2, REG_GIC };
const char *reg_open(enum reg_block block);
uint32_t reg_read(uint32_t offset);
void reg_close(void);
/* By the kernel's debugfs; 0 if it does not tell */
double clock_hz(const char *name);

#endif
