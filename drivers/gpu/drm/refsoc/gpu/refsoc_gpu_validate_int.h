/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REFSOC_GPU_VALIDATE_INT_H
#define REFSOC_GPU_VALIDATE_INT_H

#include <linux/bitmap.h>
#include <linux/compiler_attributes.h>
#include <linux/types.h>

#include "refsoc_gpu_validate.h"

/* States of the drawing engine, 0x1200 to 0x12ec */
#define REFSOC_GPU_DE_STATES		60
/* 17 rows of 9 coefficients, two in a word */
#define REFSOC_GPU_KERNEL_WORDS		77
#define REFSOC_GPU_PALETTE_WORDS	256

/**
 * struct refsoc_gpu_check - how far the check of a stream has come
 * @stream: what is checked
 * @word: the word under check, for debug messages, too
 * @reloc: the first relocation that no word so far has taken
 * @token: of the semaphore whose stall is still to come, 0 if there is none
 * @de: values of the drawing engine's states; for an address, the index of the
 *	relocation
 * @de_set: which of @de this stream or the driver's prologue has loaded
 * @kernel_set: which words of the filter kernel this stream has loaded
 * @palette_set: which colors of the palette this stream has loaded
 */
struct refsoc_gpu_check {
	const struct refsoc_gpu_stream *stream;
	u32 word;
	u32 reloc;
	u32 token;
	u32 de[REFSOC_GPU_DE_STATES];
	DECLARE_BITMAP(de_set, REFSOC_GPU_DE_STATES);
	DECLARE_BITMAP(kernel_set, REFSOC_GPU_KERNEL_WORDS);
	DECLARE_BITMAP(palette_set, REFSOC_GPU_PALETTE_WORDS);
};

__printf(3, 4)
int refsoc_gpu_refuse(const struct refsoc_gpu_check *c, int err, const char *fmt, ...);

u32 refsoc_gpu_2d_merge(u32 addr, u32 old, u32 loaded, u32 *value);
void refsoc_gpu_2d_init(struct refsoc_gpu_check *c);
bool refsoc_gpu_2d_is_address(u32 addr);
int refsoc_gpu_2d_state(struct refsoc_gpu_check *c, u32 addr, u32 value);
int refsoc_gpu_2d_draw(struct refsoc_gpu_check *c, u32 n_rects);

#endif
