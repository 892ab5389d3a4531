// SPDX-License-Identifier: MIT
/*
 * Doubts about the GC320's 2D pipe: each a drawing of 16x16 pixels, and a look
 * at what came of it.  States by the numbers of rnndb's state_2d.xml.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

#define STRIDE		64
#define RED		0xffff0000
#define BLUE		0xff0000ff
#define GREEN		0xff00ff00
#define CANVAS		0x55555555

#define SRC_FORMAT	0x120c
#define SRC_ORIGIN	0x1210
#define SRC_BG		0x1218
#define SRC_FG		0x121c
#define DEST_CONFIG	0x1234
#define PATTERN_ADDRESS	0x1238
#define PATTERN_CONFIG	0x123c
#define PATTERN_LOW	0x1240
#define PATTERN_FG	0x1254
#define ROP		0x125c
#define ROP4		(3 << 20)
#define DE_CONFIG	0x126c
#define ALPHA		0x127c	/* CONTROL, MODES */
#define ROT_ANGLE	0x12bc
#define  ROT_90		4
#define  ROT_270	6
#define CLEAR_VALUE	0x12c0
#define DEST_KEY	0x12c4
#define GLOBAL_SRC	0x12c8
#define TRANSPARENCY	0x12d4
#define SRC_KEY_HIGH	0x12dc
#define DEST_KEY_HIGH	0x12e0
#define DITHER		0x12e8

#define A8R8G8B8	6
#define R5G6B5		4
#define MONO		10
#define PACKED8		0
#define UNPACKED	3
#define CLEAR		0
#define LINE		1
#define BLIT		2

static uint32_t *from, *to;

static uint32_t xy(int x, int y)
{
	return ((uint32_t)x & 0xffff) | (uint32_t)y << 16;
}

static uint32_t at(int x, int y)
{
	return to[y * STRIDE / 4 + x];
}

/* All that a drawing looks at, from FROM to TO */
static void start(uint32_t source, uint32_t command)
{
	from = pipe_clear(FROM, 0);
	to = pipe_clear(TO, CANVAS & 0xff);
	pipe_clear(ASIDE, 0);
	pipe_begin();
	pipe_address(0x1200, FROM, 0);
	pipe_state(0x1204, STRIDE);
	pipe_states(0x1208, (uint32_t[]){ 16, source << 24, 0, xy(16, 16) }, 4);
	pipe_states(SRC_BG, (uint32_t[]){ 0, 0 }, 2);
	pipe_address(0x1228, TO, 0);
	pipe_state(0x122c, STRIDE);
	pipe_states(0x1230, (uint32_t[]){ 16, A8R8G8B8 | command << 12 }, 2);
	pipe_states(PATTERN_LOW, (uint32_t[]){ 0, 0, ~0u, ~0u, 0, 0 }, 6);
	pipe_states(ROP, (uint32_t[]){ ROP4 | 0xcccc, 0, xy(16, 16) }, 3);
	pipe_state(DE_CONFIG, 0);
	pipe_states(ALPHA, (uint32_t[]){ 0, 0 }, 2);
	pipe_states(0x12b4, (uint32_t[]){ 16, 16, 0, 0, 0, 0, 0, 0, 0 }, 9);
	pipe_state(0x12d8, 0);
	pipe_states(SRC_KEY_HIGH, (uint32_t[]){ 0, 0 }, 2);
	pipe_states(DITHER, (uint32_t[]){ ~0u, ~0u }, 2);
}

static void rect_with(int x0, int y0, int x1, int y1, const uint32_t *data,
		      unsigned int n)
{
	pipe_word(0x20000000 | n << 16 | 1 << 8);
	pipe_word(0);
	pipe_word(xy(x0, y0));
	pipe_word(xy(x1, y1));
	for (unsigned int i = 0; i < n + n % 2; i++)
		pipe_word(i < n ? data[i] : 0);
	for (int i = 0; i < 3; i++)
		pipe_state(0, 0);
}

static void rect(int x0, int y0, int x1, int y1)
{
	rect_with(x0, y0, x1, y1, NULL, 0);
}

static void mono(void)
{
	pipe_state(SRC_FG, RED);
	pipe_state(SRC_BG, BLUE);
}

static const char *bit_order(void)
{
	const char *why;

	start(MONO, BLIT);
	/* unpacked: refsoc-gpu lets no other pass from memory */
	pipe_state(SRC_FORMAT, MONO << 24 | UNPACKED << 12);
	mono();
	from[0] = 0x80;
	rect(0, 0, 8, 1);
	why = pipe_run();
	return why ? why : either(at(0, 0) == RED, at(7, 0) == RED, at(0, 0));
}

/* Byte 1 is further to the right, or, packed, in the next row. */
static const char *mono_rows(uint32_t pack)
{
	start(MONO, BLIT);
	pipe_state(SRC_FORMAT, MONO << 24 | pack << 12);
	mono();
	from[0] = 0xff00;
	from[STRIDE / 4] = 0x00ff;
	rect(0, 0, 16, 2);
	return pipe_run();
}

static const char *mono_pack(void)
{
	const char *why = mono_rows(UNPACKED);
	bool by_stride = at(8, 0) == RED && at(0, 1) == RED;

	if (!why)
		why = mono_rows(PACKED8);
	return why ? why : either(by_stride && at(8, 0) == RED,
				  by_stride && at(0, 1) == RED &&
				  at(8, 0) == BLUE, at(8, 0));
}

/* mainline's parser takes the data for commands: every other word is a NOP. */
#define NOP	0x18000000

/* Every second word all ones: 16x8 bits packed by eight, then 11x4 unpacked */
static const char *stream(uint32_t pack, int width, int height)
{
	const uint32_t words[4] = { NOP, ~0u, NOP, 0 };

	start(MONO, BLIT);
	mono();
	pipe_state(SRC_FORMAT, MONO << 24 | pack << 12 | 1 << 8);
	rect_with(0, 0, width, height, words, 4);
	return pipe_run();
}

static const char *stream_order(void)
{
	const char *why = stream(PACKED8, 16, 8);
	bool down = at(0, 4) == RED, right = at(8, 0) == RED;

	if (!why)
		why = stream(UNPACKED, 11, 4);
	return why ? why : either(down && at(0, 1) == RED,
				  right || at(0, 1) == BLUE, at(0, 1));
}

static const char *short_stream(void)
{
	const uint32_t word = NOP;
	const char *why;

	start(MONO, BLIT);
	mono();
	pipe_state(SRC_FORMAT, MONO << 24 | 1 << 8);
	rect_with(0, 0, 16, 16, &word, 1);
	why = pipe_run();
	return why ? why : saw("B: the fence comes, pixels %08x %08x", at(0, 0),
			       at(8, 8));
}

/* A ramp of greys under a key from @low to @high; how many were left out */
static const char *keyed(uint32_t low, uint32_t high, unsigned int *left_out)
{
	const char *why;

	start(A8R8G8B8, BLIT);
	for (int i = 0; i < 16; i++)
		from[i] = 0xff000000 | i * 0x101010;
	pipe_state(SRC_BG, low);
	pipe_state(SRC_KEY_HIGH, high);
	pipe_state(TRANSPARENCY, 2);
	pipe_state(ROP, ROP4 | 0xaacc);
	rect(0, 0, 16, 1);
	why = pipe_run();
	*left_out = 0;
	for (int i = 0; i < 16; i++)
		*left_out |= (at(i, 0) == CANVAS) << i;
	return why;
}

static const char *key_range(void)
{
	unsigned int range, low_alone;
	const char *why = keyed(0xff202020, 0xff404040, &range);

	if (!why)
		why = keyed(0xff202020, 0, &low_alone);
	return why ? why : saw("%s: in the range %04x, with KEY_HIGH 0 %04x",
			       range == 0x1c && !low_alone ? "A" :
			       range == 4 && low_alone == 4 ? "B" : "neither",
			       range, low_alone);
}

static const char *key_alpha(void)
{
	unsigned int left_out;
	const char *why = keyed(0x00202020, 0x00202020, &left_out);

	return why ? why : either(left_out == 4, !left_out, left_out);
}

static const char *two_keys(void)
{
	const char *why;

	start(A8R8G8B8, BLIT);
	for (int i = 0; i < 4; i++) {
		from[i] = i & 1 ? GREEN : RED;
		to[i] = i & 2 ? GREEN : BLUE;
	}
	pipe_state(SRC_BG, GREEN);
	pipe_states(SRC_KEY_HIGH, (uint32_t[]){ GREEN, GREEN }, 2);
	pipe_state(DEST_KEY, GREEN);
	pipe_state(TRANSPARENCY, 2 | 2 << 8);
	pipe_state(ROP, ROP4 | 0xffcc);		/* background: white */
	rect(0, 0, 4, 1);
	why = pipe_run();
	return why ? why : either(at(0, 0) == RED && at(1, 0) == ~0u &&
				  at(2, 0) == ~0u && at(3, 0) == ~0u,
				  at(2, 0) == RED && at(3, 0) == ~0u, at(2, 0));
}

/* A key that matches all, and ROP_BG keeps the target */
static const char *all_keyed(uint32_t rop, uint32_t alpha)
{
	start(A8R8G8B8, BLIT);
	from[0] = GREEN;
	pipe_state(SRC_BG, 0);
	pipe_state(SRC_KEY_HIGH, ~0u);
	pipe_state(TRANSPARENCY, 2);
	pipe_state(ROP, rop);
	pipe_states(ALPHA, (uint32_t[]){ alpha, 1 << 24 | 3u << 28 }, 2);
	rect(0, 0, 1, 1);
	return pipe_run();
}

static const char *key_rop3(void)
{
	const char *why = all_keyed(2 << 20 | 0xaacc, 0);

	return why ? why : either(at(0, 0) == GREEN, at(0, 0) == CANVAS,
				  at(0, 0));
}

static const char *key_blend(void)
{
	const char *why = all_keyed(ROP4 | 0xaacc, 1);

	return why ? why : either(at(0, 0) == CANVAS, at(0, 0) == GREEN,
				  at(0, 0));
}

static void mono_pattern(uint32_t low, uint32_t origin, uint32_t trigger)
{
	pipe_states(PATTERN_LOW, (uint32_t[]){ low, 0, ~0u, ~0u, BLUE, RED }, 6);
	pipe_address(PATTERN_ADDRESS, ASIDE, 0);
	pipe_state(PATTERN_CONFIG, 1 << 4 | trigger << 6 | origin << 16 | MONO |
		   MONO << 24);
	pipe_state(ROP, ROP4 | 0xf0f0);
}

static const char *pattern_trigger(void)
{
	const char *why;

	start(A8R8G8B8, BLIT);
	mono_pattern(0xff, 0, 3);
	rect(0, 0, 8, 8);
	pipe_state(PATTERN_LOW, 0xff00);
	rect(8, 0, 16, 8);
	why = pipe_run();
	return why ? why : either(at(8, 1) == RED, at(8, 0) == RED, at(8, 0));
}

static const char *pattern_origin(void)
{
	bool right, left;
	const char *why;

	start(A8R8G8B8, BLIT);
	mono_pattern(0x80, 1, 3);
	rect(0, 0, 8, 8);
	why = pipe_run();
	right = at(1, 0) == RED;
	left = at(7, 0) == RED;
	if (why)
		return why;
	start(A8R8G8B8, BLIT);
	mono_pattern(0x80, 0, 3);
	pipe_state(ROT_ANGLE, ROT_90 << 3);
	rect(0, 0, 16, 16);
	why = pipe_run();
	return why ? why : either(right && at(15, 0) == RED,
				  left || at(0, 0) == RED, at(15, 0));
}

static const char *line_source(void)
{
	const char *why;

	start(A8R8G8B8, LINE);
	for (int i = 0; i < 256; i++)
		from[i] = GREEN;
	mono();
	rect(0, 0, 8, 0);
	why = pipe_run();
	return why ? why : either(at(2, 0) == RED, at(2, 0) == GREEN, at(2, 0));
}

/* Bit n: the line's n-th column has its pixel in the second row already. */
static const char *line_ties(void)
{
	unsigned int there, back;
	const char *why;

	start(A8R8G8B8, LINE);
	mono();
	rect(0, 0, 4, 2);
	rect(4, 12, 0, 10);
	why = pipe_run();
	if (why)
		return why;
	there = at(1, 1) == RED;
	back = at(3, 11) == RED;
	return saw("%s: away from the start %s, and back %s",
		   there && back ? "A" : "B", there ? "yes" : "no",
		   back ? "yes" : "no");
}

/* Source and target: to which end of the diagonal does the right corner go? */
static const char *turn(void)
{
	static const struct {
		uint32_t angle;
		int a;
	} ways[] = {
		{ ROT_90, 0 }, { ROT_270, 15 }, { ROT_90 << 3, 15 }, { ROT_270 << 3, 0 },
	};
	bool all_a = true, all_b = true;
	uint32_t seen = 0;

	for (int i = 0; i < 4; i++) {
		int a = ways[i].a;
		const char *why;

		start(A8R8G8B8, BLIT);
		from[15] = RED;
		pipe_state(ROT_ANGLE, ways[i].angle);
		rect(0, 0, 16, 16);
		why = pipe_run();
		if (why)
			return why;
		all_a &= at(a, a) == RED;
		all_b &= at(15 - a, 15 - a) == RED;
		seen |= (uint32_t)(at(a, a) == RED) << i;
	}
	return either(all_a, all_b, seen);
}

static const char *two_mirrors(void)
{
	const char *why;

	start(A8R8G8B8, BLIT);
	from[0] = RED;
	pipe_state(DE_CONFIG, 1 | 1 << 4);
	pipe_state(ROT_ANGLE, 1 << 12);
	rect(0, 0, 16, 1);
	why = pipe_run();
	return why ? why : either(at(0, 0) == RED, at(15, 0) == RED, at(0, 0));
}

/* A ramp over cells of 0 to 3: of eight bits three are dropped. */
static const char *dither(void)
{
	static char text[128];
	bool as_said = true;
	const char *why;
	uint16_t *p;
	int n;

	start(A8R8G8B8, BLIT);
	for (int i = 0; i < 16; i++)
		from[i] = 0xff000000 | i;
	pipe_state(DEST_CONFIG, R5G6B5 | BLIT << 12);
	pipe_states(DITHER, (uint32_t[]){ 0x76543210, 0xfedcba98 }, 2);
	rect(0, 0, 16, 1);
	why = pipe_run();
	if (why)
		return why;
	p = (uint16_t *)to;
	n = sprintf(text, "A: blue of 0 to 15:");
	for (int i = 0; i < 16; i++) {
		n += sprintf(text + n, " %x", p[i]);
		as_said &= p[i] == i / 8 + (i % 8 * 2 > i % 4);
	}
	text[0] = as_said ? 'A' : 'B';
	return text;
}

/* The greatest distance from rounding to nearest */
static const char *rounding(void)
{
	const char *why;
	int worst = 0;

	start(A8R8G8B8, BLIT);
	for (int i = 0; i < 256; i++) {
		from[i] = (uint32_t)i << 24;
		to[i] = ~0u;
	}
	pipe_states(ALPHA, (uint32_t[]){ 1, 1 << 24 | 3u << 28 }, 2);
	rect(0, 0, 16, 16);
	why = pipe_run();
	for (int i = 0; !why && i < 256; i++) {
		int off = (int)(at(i % 16, i / 16) & 0xff) - (255 - i);

		worst = off < 0 ? off < worst || -worst < -off ? -off : worst
				: off > worst ? off : worst;
	}
	return why ? why : saw("%s: off by %d at most", worst ? "B" : "A", worst);
}

/* One horizontal pass of 8 pixels, by a kernel that passes the centre on */
static const char *filter(uint32_t origin, uint32_t angle, uint32_t control,
			  uint32_t format)
{
	uint32_t kernel[77] = { 0 };

	start(format, 5);
	for (int i = 0; i < 256; i++)
		from[i] = format == 7 ? 0x80eb80eb : 0xff000000 | i * 0x111111;
	for (int row = 0; row < 17; row++)
		kernel[(row * 9 + 4) / 2] |= 0x4000u << ((row * 9 + 4) % 2 * 16);
	pipe_states(0x1800, kernel, 77);
	pipe_states(0x1220, (uint32_t[]){ 0x10000, 0x10000 }, 2);
	pipe_state(ROT_ANGLE, angle);
	pipe_state(0x12d8, control);
	pipe_states(0x1298, (uint32_t[]){ 0, xy(16, 16), origin, 0 }, 4);
	pipe_states(0x12a8, (uint32_t[]){ 0, xy(8, 1) }, 2);
	pipe_state(0x1294, 0);
	return pipe_run();
}

static const char *filter_centre(void)
{
	const char *why = filter(0x20000 + 0x8000, 0, 0, A8R8G8B8);

	return why ? why : either(at(0, 0) == 0xff222222,
				  at(0, 0) == 0xff333333, at(0, 0));
}

static const char *filter_turn(void)
{
	const char *why = filter(0x8000, ROT_90, 0, A8R8G8B8);

	return why ? why : either(at(1, 0) == 0xff111111,
				  at(1, 0) != 0xff111111, at(1, 0));
}

static const char *filter_yuv(void)
{
	const char *why = filter(0x8000, 0, 0, 7);

	return why ? why : either((at(1, 0) & 0xffffff) == 0xffffff,
				  (at(1, 0) & 0xffffff) == 0xeb8080, at(1, 0));
}

static const char *tiled(void)
{
	const char *why;

	start(A8R8G8B8, BLIT);
	for (int i = 0; i < 256; i++)
		from[i] = i;
	pipe_state(SRC_FORMAT, A8R8G8B8 << 24 | 1 << 7);
	rect(0, 0, 16, 16);
	why = pipe_run();
	return why ? why : either(at(0, 1) == 16, at(0, 1) == 4, at(0, 1));
}

static const char *no_command(void)
{
	const char *why;

	start(A8R8G8B8, 7);
	rect(0, 0, 16, 16);
	why = pipe_run();
	return why ? why : either(at(0, 0) == CANVAS, at(0, 0) != CANVAS,
				  at(0, 0));
}

static const char *unused_data(void)
{
	const uint32_t words[2] = { 0x08010000 | CLEAR_VALUE >> 2, GREEN };
	const char *why;

	start(A8R8G8B8, CLEAR);
	pipe_state(CLEAR_VALUE, RED);
	rect_with(0, 0, 8, 8, words, 2);
	rect(8, 0, 16, 8);
	why = pipe_run();
	return why ? why : either(at(8, 0) == RED, at(8, 0) == GREEN, at(8, 0));
}

/*
 * The driver's LINK behind the stream is taken for the rectangle's data, which
 * mainline's parser does not count: the words end that the FE was told to fetch.
 */
static const char *short_prefetch(void)
{
	const char *why;

	start(A8R8G8B8, CLEAR);
	pipe_word(0x20000000 | 2 << 16 | 1 << 8);
	pipe_word(0);
	pipe_word(0);
	pipe_word(xy(8, 8));
	why = pipe_submit();
	return why ? why : "B: it goes on";
}

static const char *source_factor(void)
{
	const char *why;

	start(A8R8G8B8, BLIT);
	from[0] = 0xff808080;
	to[0] = 0xff202020;
	pipe_states(ALPHA, (uint32_t[]){ 1, 4 << 24 }, 2);
	rect(0, 0, 1, 1);
	why = pipe_run();
	return why ? why : either((at(0, 0) & 0xff) == 0x10,
				  (at(0, 0) & 0xff) == 0x40, at(0, 0));
}

/* Over, onto X8R8G8B8 in the order R, G, B, X, from a transparent source */
static const char *target_without_alpha(void)
{
	const char *why;

	start(A8R8G8B8, BLIT);
	to[0] = 0x20406000;
	pipe_state(DEST_CONFIG, 5 | BLIT << 12 | 1 << 16);
	pipe_states(ALPHA, (uint32_t[]){ 1, 1 << 24 | 3u << 28 }, 2);
	rect(0, 0, 1, 1);
	why = pipe_run();
	return why ? why : either(at(0, 0) >> 8 == 0x204060,
				  at(0, 0) >> 24 == 0xff, at(0, 0));
}

/* @n times 1024x16 pixels: fills, copies, or blends */
static const char *many(unsigned int n, uint32_t command, bool blend,
			double *seconds)
{
	struct timespec then, now;
	const char *why;

	start(A8R8G8B8, command);
	pipe_state(0x1204, 4096);
	pipe_state(0x122c, 4096);
	pipe_state(0x1264, xy(1024, 16));
	pipe_states(ALPHA, (uint32_t[]){ blend, 1 << 24 | 3u << 28 }, 2);
	for (unsigned int i = 0; i < n; i++)
		rect(0, 0, 1024, 16);
	clock_gettime(CLOCK_MONOTONIC, &then);
	why = pipe_run();
	clock_gettime(CLOCK_MONOTONIC, &now);
	*seconds = now.tv_sec - then.tv_sec + (now.tv_nsec - then.tv_nsec) / 1e9;
	return why;
}

/* What it costs to ask is in the few as in the many. */
static const char *cycles(void)
{
	static const struct {
		uint32_t command;
		bool blend;
	} jobs[] = { { CLEAR, false }, { BLIT, false }, { BLIT, true } };
	double hz = clock_hz("gpu2d_core") / (128 * 1024 * 16.0), n[3], few;
	bool as_said = true;

	for (int i = 0; i < 3; i++) {
		const char *why = many(16, jobs[i].command, jobs[i].blend, &few);

		if (!why)
			why = many(144, jobs[i].command, jobs[i].blend, &n[i]);
		if (why)
			return why;
		n[i] = (n[i] - few) * hz;
		as_said &= fabs(n[i] - (jobs[i].blend ? 2 : 1)) < 0.25;
	}
	return saw("%s: fill %.2f, copy %.2f, blend %.2f", as_said ? "A" : "B",
		   n[0], n[1], n[2]);
}

/* 64 KiB written: how many requests were that? */
static const char *requests(void)
{
	uint32_t before, after;
	const char *why = reg_open(REG_GC320);
	double seconds;

	if (why)
		return why;
	before = reg_read(0x50);
	why = many(1, CLEAR, false, &seconds);
	after = reg_read(0x50) - before;
	reg_close();
	return why ? why : !after ? "no request was counted" :
	       saw("%s: %u bytes each", after == 1024 ? "A" : "B",
		   65536 / after);
}

/* Behind a job the FE goes round in its WAIT; idle, beyond TURN_OFF_COUNTER */
static const char *gated(void)
{
	const char *why = reg_open(REG_GC320);
	uint32_t power, status;
	double seconds;

	if (why)
		return why;
	why = many(1, CLEAR, false, &seconds);
	usleep(100000);
	power = reg_read(0x100);
	status = reg_read(0x108);
	reg_close();
	return why ? why : saw("%s: POWER_CONTROLS %08x, MODULE_STATUS %08x",
			       status & 1 ? "B" : "A", power, status);
}

const struct doubt draw_doubts[] = {
	ASK("2D-1", "a byte's top bit is left", "its lowest", bit_order),
	ASK("2D-2", "words of the stream go down first; unpacked, each is a row",
	    "to the right first, or rows are narrower", stream_order),
	HANGS("2D-3", "the pipe waits", "it draws what it has", short_stream),
	ASK("2D-4", "low to high", "the low one alone", key_range),
	ASK("2D-5", "alpha has no part in a key", "it has", key_alpha),
	ASK("2D-6", "either of two keys", "both", two_keys),
	ASK("2D-7", "a ROP3 has one code", "transparent pixels take ROP_BG",
	    key_rop3),
	ASK("2D-8", "transparent pixels are not blended", "they are", key_blend),
	ASK("2D-9", "a mono pattern counts at once", "after its trigger",
	    pattern_trigger),
	ASK("2D-10", "ORIGIN moves to the right, the drawing turns",
	    "to the left, or it does not", pattern_origin),
	ASK("2D-11", "a line has SRC_COLOR_FG", "it reads a source", line_source),
	ASK("2D-12", "away from the start", "otherwise", line_ties),
	ASK("2D-13", "90 is (W - 1 - y, x), 270 (y, H - 1 - x)", "otherwise round",
	    turn),
	ASK("2D-14", "two mirrors cancel", "they are one", two_mirrors),
	ASK("2D-15", "the dropped bits above the cell's value carry", "otherwise",
	    dither),
	ASK("2D-17", "to nearest", "otherwise", rounding),
	ASK("2D-18", "the integer part is the centre", "half a pixel further",
	    filter_centre),
	ASK("2D-19", "filter blits do not turn", "they do", filter_turn),
	ASK("2D-20", "YUV becomes RGB by its formats", "by bit 8 of 12D8",
	    filter_yuv),
	ASK("2D-21", "tiled is taken as linear", "as tiles", tiled),
	MAY_HANG("2D-22", "command 7 draws nothing", "something", no_command),
	ASK("2D-23", "factor COLOR of the source is the target's", "its own",
	    source_factor),
	ASK("2D-24", "a target without alpha keeps its red", "it becomes 255",
	    target_without_alpha),
	ASK("2D-25", "PACK means nothing in memory", "packed, rows lie in words",
	    mono_pack),
	HANGS("FE-3", "a prefetch that is short hangs", "it goes on",
	      short_prefetch),
	ASK("FE-5", "words behind a rectangle are skipped", "they are commands",
	    unused_data),
	ASK("PM-1", "modules that are idle are gated, the FE is not",
	    "the FE in its WAIT is, too", gated),
	ASK("PERF-1", "64 bytes a request", "another size", requests),
	ASK("TIME-1", "1, 1, 2 cycles a pixel", "others", cycles),
	{ .id = NULL },
};
