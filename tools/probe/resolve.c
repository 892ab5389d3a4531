// SPDX-License-Identifier: MIT
/*
 * Doubts about the GC2000's resolve engine and about waiting for it: copies of
 * 64x64 pixels.  States by the numbers of rnndb's state_3d.xml.
 */

#include <stdio.h>
#include <string.h>

#include "probe.h"

#define PIXELS		64
#define STRIDE		(PIXELS * 4)
#define PIPE1		(PIXELS * STRIDE / 2)

#define CONFIG		0x1604
#define  COPY		(6 | 6 << 8)
#define  HALF		(1 << 5 | 1 << 6)
#define  FROM_TILES	(1 << 7)
#define  TO_TILES	(1 << 14)
#define  FLIP		(1 << 30)
#define WINDOW		0x1620
#define CLEAR		0x163c	/* CONTROL, four values */
#define TS_CONFIG	0x1654
#define YUV		0x1678
#define  PLANAR		1
#define  NV12		(1 | 1 << 4)
#define SOURCE		0x16c0
#define DEST		0x16e0
#define OFFSET		0x1700
#define KICKER		0x1600
#define KICK		0xbeebbeeb

static uint32_t *from, *to, *aside;

static uint32_t at(unsigned int x, unsigned int y)
{
	return to[y * PIXELS + x];
}

/* A copy of all by both pipes, up to its kick */
static void start(uint32_t config)
{
	from = pipe_clear(FROM, 0);
	to = pipe_clear(TO, 0x55);
	aside = pipe_clear(ASIDE, 0);
	for (unsigned int i = 0; i < PIXELS * PIXELS; i++)
		from[i] = 0xff000000 | i;
	pipe_begin();
	pipe_state(CONFIG, config);
	pipe_state(0x160c, config & FROM_TILES ? 4 * STRIDE : STRIDE);
	pipe_state(0x1614, config & TO_TILES ? 4 * STRIDE : STRIDE);
	for (unsigned int pipe = 0; pipe < 2; pipe++) {
		pipe_address(SOURCE + 4 * pipe, FROM, 0);
		pipe_address(DEST + 4 * pipe, TO, 0);
		pipe_state(OFFSET + 4 * pipe, pipe * PIXELS / 2 << 16);
	}
	pipe_state(WINDOW, PIXELS | PIXELS / 2 << 16);
	pipe_states(0x1630, (uint32_t[]){ ~0u, ~0u }, 2);
	pipe_states(CLEAR, (uint32_t[]){ 0, 0, 0, 0, 0 }, 5);
	pipe_state(TS_CONFIG, 0);
	pipe_state(0x16a0, 0);
}

static const char *kick(void)
{
	pipe_state(KICKER, KICK);
	return pipe_run();
}

static const char *old_addresses(void)
{
	const char *why;

	start(COPY);
	pipe_address(0x1608, FROM, 0);
	pipe_address(0x1610, TO, 0);
	for (unsigned int pipe = 0; pipe < 2; pipe++)
		pipe_address(DEST + 4 * pipe, ASIDE, 0);
	why = kick();
	return why ? why : either(aside[1] == from[1], at(1, 0) == from[1],
				  at(1, 0));
}

static const char *second_address(void)
{
	const char *why;

	start(COPY);
	pipe_address(DEST + 4, ASIDE, 0);
	why = kick();
	return why ? why : either(at(0, 40) == from[40 * PIXELS],
				  aside[40 * PIXELS] == from[40 * PIXELS],
				  at(0, 40));
}

static const char *odd_width(void)
{
	const char *why;

	start(COPY | FROM_TILES);
	pipe_state(WINDOW, 24 | 8 << 16);
	why = kick();
	return why ? why : saw("B: it ends, pixels %08x %08x", at(23, 0),
			       at(24, 0));
}

/* The status of all is twice @bits; the depth's if @depth */
static const char *status(uint8_t bits, bool depth)
{
	start(COPY | FROM_TILES);
	memset(aside, bits, PIXELS * PIXELS * 4 / 64 / 4);
	pipe_state(TS_CONFIG, depth ? 1 : 2);
	pipe_address(depth ? 0x1664 : 0x1658, ASIDE, 0);
	pipe_address(depth ? 0x1668 : 0x165c, FROM, 0);
	pipe_state(depth ? 0x166c : 0x1660, 0x12345678);
	return kick();
}

static const char *bad_status(void)
{
	const char *why = status(0xaa, false);

	return why ? why : saw("B: it ends, pixel %08x", at(0, 0));
}

static const char *depth_status(void)
{
	const char *why = status(0x55, true);

	return why ? why : either(at(0, 0) == from[0], at(0, 0) == 0x12345678,
				  at(0, 0));
}

/* Blocks of 0, 0, 0, 1 and of 0, 1, 1, 1 */
static const char *rounding(void)
{
	const char *why;

	start(COPY | HALF);
	memset(from, 0, 2 * STRIDE);
	from[PIXELS + 1] = 0x01010101;
	from[3] = from[PIXELS + 2] = from[PIXELS + 3] = 0x01010101;
	why = kick();
	return why ? why : saw("%s: %x, %x", (at(0, 0) & 0xff) == 1 &&
			       (at(1, 0) & 0xff) == 1 ? "A" : "B",
			       at(0, 0) & 0xff, at(1, 0) & 0xff);
}

static const char *flip(void)
{
	const char *why;

	start(COPY | FLIP);
	why = kick();
	return why ? why : either(at(0, 0) == from[31 * PIXELS],
				  at(0, 0) == from[63 * PIXELS], at(0, 0));
}

/* Four values, by columns of four pixels */
static const char *stripes(uint32_t mode, bool *are)
{
	const char *why;

	start(COPY);
	pipe_states(CLEAR, (uint32_t[]){ mode << 16 | 0xffff, 1, 2, 3, 4 }, 5);
	why = kick();
	for (unsigned int x = 0; x < 16; x++)
		*are &= at(x, 0) == x / 4 + 1;
	return why;
}

static const char *clear_bits(void)
{
	bool four = true;
	uint32_t seen[4];
	const char *why = stripes(2, &four);

	if (!why)
		why = stripes(3, &four);
	for (unsigned int i = 0; i < 4 && !why; i++) {
		start(COPY);
		pipe_states(CLEAR, (uint32_t[]){ 1 << 16 | 0x1111 << i, ~0u }, 2);
		why = kick();
		seen[i] = at(0, 0);
	}
	return why ? why : saw("%s: %08x %08x %08x %08x, %s",
			       seen[0] == 0x555555ff && seen[3] == 0xff555555 &&
			       four ? "A" : "B", seen[0], seen[1], seen[2],
			       seen[3], four ? "stripes" : "other values");
}

static const char *even_kick(void)
{
	const char *why;

	start(COPY);
	pipe_state(KICKER, KICK & ~1u);
	why = pipe_run();
	return why ? why : either(at(0, 0) == 0x55555555, at(0, 0) == from[0],
				  at(0, 0));
}

/* Where the tile to the right of the first two lies: eighth, or fourth */
static const char *supertile(void)
{
	const char *why;

	start(COPY | TO_TILES);
	pipe_state(0x1614, (uint32_t)4 * STRIDE | 1u << 31);
	why = kick();
	return why ? why : either(to[8 * 16] == from[8], to[4 * 16] == from[8],
				  to[4 * 16]);
}

static const char *lone_stall(void)
{
	const char *why;

	pipe_begin();
	pipe_word(0x48000000);
	pipe_word(0x0701);
	why = pipe_run();
	return why ? why : "B: it goes on";
}

static const char *two_tokens(void)
{
	const char *why;

	pipe_begin();
	for (int i = 0; i < 2; i++)
		pipe_state(0x3808, 0x0701);
	for (int i = 0; i < 2; i++) {
		pipe_word(0x48000000);
		pipe_word(0x0701);
	}
	why = pipe_run();
	return why ? why : "B: it goes on";
}

#define NOP		0x18000000

/* A kick among the words of a load: mainline's parser takes it for a command. */
static const char *count_0(void)
{
	const char *why;

	start(COPY);
	pipe_word(0x08000000 | 0x4000 >> 2);	/* instructions of a shader */
	pipe_word(NOP);
	pipe_state(KICKER, KICK);
	for (int i = 4; i < 1026; i++)
		pipe_word(NOP);
	why = pipe_run();
	return why ? why : either(at(0, 0) == 0x55555555, at(0, 0) == from[0],
				  at(0, 0));
}

static uint8_t luma(unsigned int x, unsigned int y)
{
	return x + 16 * y;
}

/* Eight rows of a picture, one behind the other, to tiles of YUYV */
static const char *tile_yuv(uint32_t config, unsigned int width, uint32_t stride)
{
	const uint32_t u = 0x4000, v = 0x8000;
	uint8_t *p;

	from = pipe_clear(FROM, 0x11);
	to = pipe_clear(TO, 0x55);
	p = (uint8_t *)from;
	for (unsigned int i = 0; i < PIXELS * 8; i++)
		p[i] = luma(i % PIXELS, i / PIXELS);
	memset(p + v, 0x22, PIXELS * 8);
	pipe_begin();
	pipe_states(YUV, (uint32_t[]){ config, width | 8 << 16 }, 2);
	pipe_address(YUV + 0x08, FROM, 0);
	pipe_state(YUV + 0x0c, PIXELS);
	pipe_address(YUV + 0x10, FROM, u);
	pipe_state(YUV + 0x14, PIXELS);
	pipe_address(YUV + 0x18, FROM, v);
	pipe_state(YUV + 0x1c, PIXELS);
	pipe_address(YUV + 0x20, TO, 0);
	pipe_state(YUV + 0x24, stride);
	pipe_state(KICKER, KICK);
	pipe_state(YUV, 0);
	return pipe_run();
}

static const char *yuv_planes(void)
{
	const char *why = tile_yuv(PLANAR, 48, 2 * 48);

	return why ? why : either(to[0] >> 8 == 0x220111, to[0] >> 8 == 0x110111,
				  to[0]);
}

/* Where the second row of tiles begins; one has 256 bytes. */
static const char *yuv_stride(void)
{
	const char *why = tile_yuv(NV12, 32, 256);

	return why ? why : either((to[4 * 64] & 0xff) == luma(0, 4),
				  (to[64] & 0xff) == luma(0, 4), to[64]);
}

static const char *yuv_width(void)
{
	const char *why = tile_yuv(NV12, 40, 2 * 40);
	uint32_t last = to[9 * 8];	/* of ten tiles */

	return why ? why : either((last & 0xff) == luma(36, 0),
				  (last & 0xff) != luma(36, 0), last);
}

static const char *counted(void)
{
	const char *why;
	uint32_t n;

	start(COPY);
	pipe_state(KICKER, KICK);
	why = pipe_count("PE", "PIXEL_COUNT_DRAWN_BY_COLOR_PIPE", &n);
	return why ? why : either(!n, n != 0, n);
}

const struct doubt resolve_doubts[] = {
	ASK("RS-1", "only the pipes' addresses count", "1608 and 1610 do",
	    old_addresses),
	ASK("RS-2", "pipe 1 has pipe 0's address", "its own", second_address),
	HANGS("RS-3", "a width of 24 hangs", "it is done", odd_width),
	HANGS("RS-4", "a status of 2 hangs", "it is done", bad_status),
	ASK("RS-5", "the depth's status is not looked at", "it is", depth_status),
	ASK("RS-6", "up, vertically and then horizontally", "otherwise", rounding),
	ASK("RS-7", "each window is flipped by itself", "all is", flip),
	ASK("RS-8", "bit 0 is the lowest byte; stripes", "otherwise", clear_bits),
	ASK("RS-10", "an even KICKER does nothing", "it kicks", even_kick),
	ASK("RS-11", "the older order of tiles", "the newer", supertile),
	ASK("YUV-1", "format 0 is planar", "it is NV12", yuv_planes),
	ASK("YUV-2", "DEST_STRIDE is of pixels", "of tiles", yuv_stride),
	MAY_HANG("YUV-3", "any even width will do", "it takes 16", yuv_width),
	ASK("PERF-2", "resolved pixels are not counted", "they are", counted),
	ASK("FE-1", "COUNT 0 is 1024 words", "none", count_0),
	HANGS("SYNC-1", "a STALL alone waits for ever", "it goes on", lone_stall),
	HANGS("SYNC-2", "tokens are one bit", "they are counted", two_tokens),
	{ .id = NULL },
};
