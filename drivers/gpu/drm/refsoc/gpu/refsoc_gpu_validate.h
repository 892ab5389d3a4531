/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REFSOC_GPU_VALIDATE_H
#define REFSOC_GPU_VALIDATE_H

#include <linux/types.h>

struct drm_device;

/**
 * struct refsoc_gpu_reloc - a word of a stream that holds a buffer's address
 * @word: index of the word in the stream
 * @bo: index of the buffer in &refsoc_gpu_stream.bos
 * @offset: what is added to the buffer's address, in bytes
 */
struct refsoc_gpu_reloc {
	u32 word;
	u32 bo;
	u64 offset;
};

/**
 * struct refsoc_gpu_stream_bo - what the validator must know of a buffer
 * @size: its size in bytes
 * @write: the GPU may write to it; what is not is refused as a destination
 * @written: set by refsoc_gpu_validate() if the 2D core draws to it. libdrm's
 *	etnaviv_2d_test declares its destination as only read, so fences must
 *	not go by what the submit declares alone
 */
struct refsoc_gpu_stream_bo {
	u64 size;
	bool write;
	bool written;
};

/**
 * struct refsoc_gpu_stream - a user's command stream before it may run
 * @drm: for debug messages
 * @words: the stream, already copied from user space
 * @n_words: its length in 32-bit words, even
 * @relocs: sorted by @word, each word at most once, indices in range
 * @n_relocs: how many
 * @bos: the buffers of the submit
 * @n_bos: how many
 * @has_2d: the core has a 2D pipe, and the stream runs on it
 * @unsafe_3d: draws and shader states may pass unbounded (CAP_SYS_RAWIO)
 */
struct refsoc_gpu_stream {
	struct drm_device *drm;
	const u32 *words;
	u32 n_words;
	const struct refsoc_gpu_reloc *relocs;
	u32 n_relocs;
	struct refsoc_gpu_stream_bo *bos;
	u32 n_bos;
	bool has_2d;
	bool unsafe_3d;
};

/**
 * struct refsoc_gpu_state - a state and the value it has before a stream
 * @addr: address of the state, in bytes
 * @value: what the driver loads into it
 */
struct refsoc_gpu_state {
	u32 addr;
	u32 value;
};

/*
 * The driver must load these before every stream of a user on a 2D core: the
 * validator takes them for granted. Nothing else may be left to the stream
 * that ran before.
 */
extern const struct refsoc_gpu_state refsoc_gpu_2d_defaults[];
extern const unsigned int refsoc_gpu_2d_n_defaults;

int refsoc_gpu_validate(const struct refsoc_gpu_stream *stream);

#endif
