/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REFSOC_GPU_VALIDATE_TEST_H
#define REFSOC_GPU_VALIDATE_TEST_H

/* Makes streams for the KUnit tests of the validator */

#include <kunit/test.h>

#include <linux/limits.h>

#include "refsoc_gpu_validate.h"

#define MAX_WORDS	2048
#define MAX_RELOCS	16

#define LOAD(addr, n)	(0x08000000u | (n) << 16 | (addr) >> 2)
#define DRAW_2D(n)	(0x20000000u | ((n) & 0xff) << 8)
#define NOP		0x18000000
#define STALL		0x48000000
#define FE_TO_PE	0x0701
#define RA_TO_PE	0x0705

#define XY(x, y)	(((x) & 0xffffu) | (u32)(y) << 16)

#define DST		0
#define SRC		1
#define WIDTH		256
#define HEIGHT		64
#define STRIDE		(WIDTH * 4)
#define SIZE		(STRIDE * HEIGHT)

#define A8R8G8B8	6
#define YUY2		7

/* A stream in the making; a state whose address is @skip is left out. */
struct maker {
	u32 words[MAX_WORDS];
	struct refsoc_gpu_reloc relocs[MAX_RELOCS];
	struct refsoc_gpu_stream_bo bos[2];
	struct refsoc_gpu_stream stream;
	u32 skip;
};

static inline struct maker *maker(struct kunit *test)
{
	struct maker *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->bos[DST].size = SIZE;
	m->bos[DST].write = true;
	m->bos[SRC].size = SIZE;
	m->stream.words = m->words;
	m->stream.relocs = m->relocs;
	m->stream.bos = m->bos;
	m->stream.n_bos = ARRAY_SIZE(m->bos);
	m->stream.has_2d = true;
	m->skip = U32_MAX;

	return m;
}

static inline void emit(struct maker *m, u32 word)
{
	m->words[m->stream.n_words++] = word;
}

static inline void state(struct maker *m, u32 addr, u32 value)
{
	if (addr == m->skip)
		return;

	emit(m, LOAD(addr, 1));
	emit(m, value);
}

static inline void reloc(struct maker *m, u32 word, u32 bo, u64 offset)
{
	m->relocs[m->stream.n_relocs++] = (struct refsoc_gpu_reloc) { word, bo, offset };
}

static inline void address(struct maker *m, u32 addr, u32 bo, u64 offset)
{
	if (addr == m->skip)
		return;

	state(m, addr, 0);
	reloc(m, m->stream.n_words - 1, bo, offset);
}

static inline void dest(struct maker *m, u32 command, u32 format)
{
	address(m, 0x1228, DST, 0);
	state(m, 0x122c, STRIDE);
	state(m, 0x1230, WIDTH);
	state(m, 0x1234, format | command << 12);
}

static inline void source(struct maker *m, u32 format)
{
	address(m, 0x1200, SRC, 0);
	state(m, 0x1204, STRIDE);
	state(m, 0x1208, WIDTH);
	state(m, 0x120c, format << 24);
}

static inline void common(struct maker *m)
{
	state(m, 0x125c, 0x0030cccc);
	state(m, 0x1260, 0);
	state(m, 0x1264, XY(WIDTH, HEIGHT));
	state(m, 0x126c, 0);
	state(m, 0x127c, 0);
	state(m, 0x1280, 0);
	state(m, 0x12d0, 0);
	state(m, 0x12d4, 0);
	state(m, 0x12e8, ~0u);
	state(m, 0x12ec, ~0u);
}

static inline void draw(struct maker *m, u32 top_left, u32 bottom_right)
{
	emit(m, DRAW_2D(1));
	emit(m, 0);
	emit(m, top_left);
	emit(m, bottom_right);
	state(m, 0, 0);
	state(m, 0, 0);
	state(m, 4, 0);
}

static inline void flush(struct maker *m)
{
	state(m, 0x380c, 8);
	state(m, 0x3808, FE_TO_PE);
	emit(m, STALL);
	emit(m, FE_TO_PE);
}

/* The draws of the driver's own tests, all but the kick */
enum kind { FILL, COPY, STRETCH, BLEND, VERTICAL, HORIZONTAL };

static inline void kernel(struct maker *m)
{
	u32 i;

	emit(m, LOAD(0x1800, 77));
	for (i = 0; i < 77; i++)
		emit(m, i);
}

static inline void filter(struct maker *m, bool vertical)
{
	kernel(m);
	source(m, YUY2);
	state(m, 0x1210, 0);
	state(m, 0x1214, XY(WIDTH, HEIGHT));
	dest(m, vertical ? 6 : 5, vertical ? YUY2 : A8R8G8B8);
	common(m);
	state(m, 0x1220, 0x10000);
	state(m, 0x1224, 0x10000);
	state(m, 0x12d8, vertical ? 0 : 0x100);
	state(m, 0x1298, 0);
	state(m, 0x129c, XY(WIDTH, HEIGHT));
	state(m, 0x12a0, 0x8000);
	state(m, 0x12a4, 0x8000);
	state(m, 0x12a8, 0);
	state(m, 0x12ac, XY(WIDTH, HEIGHT));
}

static inline void states(struct maker *m, enum kind base)
{
	if (base == VERTICAL || base == HORIZONTAL) {
		filter(m, base == VERTICAL);
		return;
	}

	if (base != FILL) {
		source(m, A8R8G8B8);
		state(m, 0x1210, 0);
		/* twice the size to the right and down */
		state(m, 0x1214, base == STRETCH ? XY(WIDTH / 2, HEIGHT / 2) : XY(WIDTH, HEIGHT));
	}
	if (base == STRETCH) {
		state(m, 0x1220, ((WIDTH / 2 - 1) << 16) / (WIDTH - 1));
		state(m, 0x1224, ((HEIGHT / 2 - 1) << 16) / (HEIGHT - 1));
	}
	dest(m, base == FILL ? 0 : base == STRETCH ? 4 : 2, A8R8G8B8);
	common(m);
	if (base == FILL)
		state(m, 0x12c0, 0xff40ff40);
	if (base == BLEND) {
		state(m, 0x127c, 1);
		state(m, 0x1280, 1 << 24 | 3 << 28);
	}
}

static inline void kick(struct maker *m, enum kind base)
{
	if (base == VERTICAL || base == HORIZONTAL)
		state(m, 0x1294, base == VERTICAL);
	else
		draw(m, 0, XY(WIDTH, HEIGHT));
}

#endif
