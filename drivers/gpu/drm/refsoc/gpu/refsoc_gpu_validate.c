// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Validation
 *
 * The MMU of these cores protects nothing: addresses below 2 GiB go past it and
 * its one table is shared by all processes. Hence the front end must execute
 * exactly what was checked here, word by word, and nothing that is executed may
 * reach memory outside the buffers of the submit.
 *
 * Names and encodings are those of rnndb (cmdstream.xml, state.xml) of the
 * etna_viv project.
 */

#include <kunit/visibility.h>

#include <linux/align.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/stdarg.h>

#include <drm/drm_device.h>
#include <drm/drm_print.h>

#include "refsoc_gpu_validate_int.h"

#define FE_OP				GENMASK(31, 27)
#define FE_OP_LOAD_STATE		1
#define FE_OP_NOP			3
#define FE_OP_DRAW_2D			4
#define FE_OP_DRAW_PRIMITIVES		5
#define FE_OP_DRAW_INDEXED		6
#define FE_OP_STALL			9
#define FE_OP_DRAW_INSTANCED		12

#define FE_LOAD_STATE_FIXP		BIT(26)
#define FE_LOAD_STATE_COUNT		GENMASK(25, 16)
#define FE_LOAD_STATE_OFFSET		GENMASK(15, 0)

#define FE_DRAW_2D_DATA_COUNT		GENMASK(26, 16)
#define FE_DRAW_2D_COUNT		GENMASK(15, 8)
/* What a COUNT of 0 stands for */
#define FE_DRAW_2D_MAX			256

/* Two dummies, for the three loads GC320 wants after a draw */
#define STATE_DUMMY_LAST		0x0004
/* Everything below is no state but a register of the host interface */
#define STATE_FIRST			0x0600
#define FE_COMMAND_ADDRESS		0x0654
#define FE_LAST_DEBUG			0x067c
#define DE_FIRST			0x1200
#define DE_LAST				0x13fc
#define GL_PIPE_SELECT			0x3800
#define GL_EVENT			0x3804
#define GL_SEMAPHORE_TOKEN		0x3808
#define GL_FLUSH_CACHE			0x380c
#define GL_FLUSH_CACHE_ALL		GENMASK(6, 0)
#define GL_FLUSH_MMU			0x3810
#define GL_STALL_TOKEN			0x3c00
#define GL_LAST				0x3ffc

#define TOKEN_FE_TO_PE			0x0701
#define TOKEN_RA_TO_PE			0x0705

struct state_range {
	u32 first;
	u32 last;
};

/* States of the 3D core that hold an address: one each, or arrays of them. */
static const struct state_range addresses_3d[] = {
	{ 0x00644, 0x00644 }, { 0x0064c, 0x0064c }, { 0x00680, 0x0069c }, { 0x0086c, 0x0086c },
	{ 0x01028, 0x01028 }, { 0x01410, 0x01410 }, { 0x01430, 0x01430 }, { 0x01458, 0x01458 },
	{ 0x01460, 0x0149c }, { 0x01500, 0x0155c }, { 0x01608, 0x01608 }, { 0x01610, 0x01610 },
	{ 0x01658, 0x01658 }, { 0x0165c, 0x0165c }, { 0x01664, 0x01664 }, { 0x01668, 0x01668 },
	{ 0x01680, 0x01680 }, { 0x01688, 0x01688 }, { 0x01690, 0x01690 }, { 0x01698, 0x01698 },
	{ 0x016a4, 0x016a4 }, { 0x016c0, 0x016fc }, { 0x01740, 0x0175c }, { 0x017c0, 0x017fc },
	{ 0x02400, 0x0277c }, { 0x03824, 0x03824 }, { 0x10800, 0x10ffc }, { 0x14600, 0x1463c },
	{ 0x14800, 0x148fc },
};

/* What no stream may load on the 3D core, even one that may draw */
static const struct state_range refused_3d[] = {
	{ STATE_DUMMY_LAST + 4, STATE_FIRST - 4 },
	{ FE_COMMAND_ADDRESS, FE_LAST_DEBUG },
	{ DE_FIRST, DE_LAST },
	{ GL_PIPE_SELECT, GL_EVENT },
	{ GL_FLUSH_MMU, GL_FLUSH_MMU },
};

/*
 * Refuse the stream for what is at the word under check: say why and return
 * @err.
 */
int refsoc_gpu_refuse(const struct refsoc_gpu_check *c, int err, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	drm_dbg_driver(c->stream->drm, "word %u of %u: %pV\n", c->word, c->stream->n_words, &vaf);
	va_end(args);

	return err;
}

static bool in_ranges(u32 addr, const struct state_range *ranges, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (addr >= ranges[i].first && addr <= ranges[i].last)
			return true;
	}

	return false;
}

static bool is_address(const struct refsoc_gpu_check *c, u32 addr)
{
	if (c->stream->has_2d)
		return refsoc_gpu_2d_is_address(addr);

	return in_ranges(addr, addresses_3d, ARRAY_SIZE(addresses_3d));
}

/* The front end and the pixel engine, or between units of the 3D pipe. */
static int check_semaphore(struct refsoc_gpu_check *c, u32 token)
{
	const struct refsoc_gpu_stream *s = c->stream;

	if (token != TOKEN_FE_TO_PE && (token != TOKEN_RA_TO_PE || s->has_2d || !s->unsafe_3d))
		return refsoc_gpu_refuse(c, -EINVAL, "semaphore of token %#x", token);
	if (c->token)
		return refsoc_gpu_refuse(c, -EINVAL, "semaphore before the stall of the last one");

	c->token = token;
	return 0;
}

/* A stall without its semaphore never ends. */
static int check_stall(struct refsoc_gpu_check *c, u32 token, u32 expected)
{
	if (token != expected || c->token != token)
		return refsoc_gpu_refuse(c, -EINVAL, "stall of token %#x without its semaphore",
					 token);

	c->token = 0;
	return 0;
}

static int check_3d_state(struct refsoc_gpu_check *c, u32 addr, u32 value)
{
	if (in_ranges(addr, refused_3d, ARRAY_SIZE(refused_3d)))
		return refsoc_gpu_refuse(c, -EINVAL, "state %#x is not the user's", addr);
	if (!c->stream->unsafe_3d)
		return refsoc_gpu_refuse(c, -EACCES, "state %#x needs unsafe_3d", addr);
	if (addr == GL_STALL_TOKEN)
		return check_stall(c, value, TOKEN_RA_TO_PE);

	return 0;
}

/* @value: that of the stream, or the index of the relocation of an address */
static int check_state(struct refsoc_gpu_check *c, u32 addr, u32 value)
{
	if (addr <= STATE_DUMMY_LAST)
		return 0;
	if (addr == GL_SEMAPHORE_TOKEN)
		return check_semaphore(c, value);
	if (addr == GL_FLUSH_CACHE)
		return value & ~GL_FLUSH_CACHE_ALL ?
		       refsoc_gpu_refuse(c, -EINVAL, "flush of %#x", value) : 0;
	if (c->stream->has_2d)
		return refsoc_gpu_2d_state(c, addr, value);

	return check_3d_state(c, addr, value);
}

/* Shaders get pointers in uniforms, but what else was checked must stay as it is. */
static bool takes_pointer(const struct refsoc_gpu_check *c, u32 addr)
{
	return !c->stream->has_2d && c->stream->unsafe_3d && addr >= STATE_FIRST &&
	       (addr < GL_PIPE_SELECT || addr > GL_LAST);
}

/* @address: the state at the word under check is known to hold an address */
static int check_reloc(const struct refsoc_gpu_check *c, u32 addr, bool address)
{
	const struct refsoc_gpu_stream *s = c->stream;
	const struct refsoc_gpu_reloc *reloc = &s->relocs[c->reloc];

	if (!address && !takes_pointer(c, addr))
		return refsoc_gpu_refuse(c, -EINVAL, "relocation in state %#x, no address", addr);
	if (reloc->offset >= s->bos[reloc->bo].size || !IS_ALIGNED(reloc->offset, 4))
		return refsoc_gpu_refuse(c, -EINVAL, "relocation to %#llx of a buffer of %#llx",
					 reloc->offset, s->bos[reloc->bo].size);

	return 0;
}

/* One word of a LOAD_STATE and the state it goes to */
static int check_loaded(struct refsoc_gpu_check *c, u32 addr)
{
	const struct refsoc_gpu_stream *s = c->stream;
	bool address = is_address(c, addr);
	bool reloc = c->reloc < s->n_relocs && s->relocs[c->reloc].word == c->word;
	int ret;

	if (address && !reloc)
		return refsoc_gpu_refuse(c, -EINVAL, "address state %#x without relocation", addr);
	if (reloc) {
		ret = check_reloc(c, addr, address);
		if (ret)
			return ret;
	}

	ret = check_state(c, addr, address ? c->reloc : s->words[c->word]);
	if (reloc)
		c->reloc++;

	return ret;
}

static int check_load_state(struct refsoc_gpu_check *c, u32 header)
{
	u32 count = FIELD_GET(FE_LOAD_STATE_COUNT, header);
	u32 offset = FIELD_GET(FE_LOAD_STATE_OFFSET, header);
	u32 i;
	int ret;

	if (header & FE_LOAD_STATE_FIXP)
		return refsoc_gpu_refuse(c, -EINVAL, "states in fixed point");
	if (offset + count > FE_LOAD_STATE_OFFSET + 1)
		return refsoc_gpu_refuse(c, -EINVAL, "%u states from %#x on", count, offset * 4);

	for (i = 0; i < count; i++) {
		c->word++;
		ret = check_loaded(c, (offset + i) * 4);
		if (ret)
			return ret;
	}

	return 0;
}

static int check_draw_2d(struct refsoc_gpu_check *c, u32 header)
{
	if (!c->stream->has_2d)
		return refsoc_gpu_refuse(c, -EINVAL, "2D draw on a core without 2D pipe");
	if (header & ~(FE_OP | FE_DRAW_2D_COUNT))
		return refsoc_gpu_refuse(c, -EINVAL, "2D draw %#x, with data or unknown bits",
					 header);

	return refsoc_gpu_2d_draw(c, FIELD_GET(FE_DRAW_2D_COUNT, header) ?: FE_DRAW_2D_MAX);
}

static int check_draw_3d(const struct refsoc_gpu_check *c)
{
	if (c->stream->has_2d)
		return refsoc_gpu_refuse(c, -EINVAL, "3D draw on the 2D pipe");
	if (!c->stream->unsafe_3d)
		return refsoc_gpu_refuse(c, -EACCES, "3D draw needs unsafe_3d");

	return 0;
}

/* In words, with what pads it to 64 bits; 0 if it is not for users. */
static u32 command_length(u32 header)
{
	u32 count;

	switch (FIELD_GET(FE_OP, header)) {
	case FE_OP_LOAD_STATE:
		count = FIELD_GET(FE_LOAD_STATE_COUNT, header);
		/* 1024 according to some documents, none according to others */
		return count ? ALIGN(1 + count, 2) : 0;
	case FE_OP_DRAW_2D:
		return 2 + 2 * (FIELD_GET(FE_DRAW_2D_COUNT, header) ?: FE_DRAW_2D_MAX);
	case FE_OP_DRAW_PRIMITIVES:
	case FE_OP_DRAW_INSTANCED:
		return 4;
	case FE_OP_DRAW_INDEXED:
		return 6;
	case FE_OP_NOP:
	case FE_OP_STALL:
		return 2;
	default:
		return 0;
	}
}

/* A command whose header has no fields */
static int check_plain(const struct refsoc_gpu_check *c, u32 header)
{
	if (header & ~FE_OP)
		return refsoc_gpu_refuse(c, -EINVAL, "command %#010x, with unknown bits", header);

	return 0;
}

static int check_command(struct refsoc_gpu_check *c, u32 header)
{
	int ret;

	switch (FIELD_GET(FE_OP, header)) {
	case FE_OP_LOAD_STATE:
		return check_load_state(c, header);
	case FE_OP_DRAW_2D:
		return check_draw_2d(c, header);
	case FE_OP_NOP:
		return check_plain(c, header);
	case FE_OP_STALL:
		ret = check_plain(c, header);
		return ret ?: check_stall(c, c->stream->words[c->word + 1], TOKEN_FE_TO_PE);
	default:
		return check_draw_3d(c);
	}
}

/* The command at the word under check; on success, go on to the next. */
static int check_next(struct refsoc_gpu_check *c)
{
	const struct refsoc_gpu_stream *s = c->stream;
	u32 header = s->words[c->word];
	u32 length = command_length(header);
	u32 end = c->word + length;
	int ret;

	if (!length)
		return refsoc_gpu_refuse(c, -EINVAL, "command %#010x", header);
	if (length > s->n_words - c->word)
		return refsoc_gpu_refuse(c, -EINVAL, "command %#010x goes past the end", header);

	ret = check_command(c, header);
	if (ret)
		return ret;

	if (c->reloc < s->n_relocs && s->relocs[c->reloc].word < end)
		return refsoc_gpu_refuse(c, -EINVAL, "relocation at word %u, which is no state",
					 s->relocs[c->reloc].word);

	c->word = end;
	return 0;
}

/**
 * refsoc_gpu_validate - check that a command stream cannot do any harm
 * @stream: the stream, its relocations and buffers
 *
 * Every word is accounted for. On a 2D core, all memory that the stream reads
 * or writes lies in the buffers its relocations name, and what it writes in
 * such as may be written; no state of an earlier stream matters, provided that
 * the driver loads refsoc_gpu_2d_defaults first. A 3D core can not be held to
 * that, so all but flushes and waits needs &refsoc_gpu_stream.unsafe_3d there.
 *
 * Return: 0 if it may run, -EACCES if it could with
 * &refsoc_gpu_stream.unsafe_3d, and -EINVAL otherwise.
 */
int refsoc_gpu_validate(const struct refsoc_gpu_stream *stream)
{
	struct refsoc_gpu_check c = { .stream = stream };
	int ret;

	refsoc_gpu_2d_init(&c);

	while (c.word < stream->n_words) {
		ret = check_next(&c);
		if (ret)
			return ret;
	}

	if (c.token)
		return refsoc_gpu_refuse(&c, -EINVAL, "end before the stall of a semaphore");
	if (c.reloc < stream->n_relocs)
		return refsoc_gpu_refuse(&c, -EINVAL, "relocation past the end");

	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(refsoc_gpu_validate);
