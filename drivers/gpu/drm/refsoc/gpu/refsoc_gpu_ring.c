// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Ring
 *
 * The front end has no doorbell. While idle it runs WAIT and a LINK back to
 * that WAIT. A job is added behind them, and then the WAIT is turned into a
 * LINK to it: first its second word, the address, then the first, which
 * makes the front end leave the loop.
 *
 * A job is three pieces: a prologue in the ring (flush of the MMU, change of
 * pipe, states reset to defaults, LINK to the stream), the stream with a LINK
 * back, and an epilogue in the ring (flush of the caches, wait for the pixel
 * engine, event, and the next WAIT and LINK).
 *
 * A LINK carries the number of 64-bit words the front end may fetch behind
 * it. One too few and it stops for good.
 */

#include "refsoc_gpu_drv.h"
#include "refsoc_gpu_trace.h"
#include "refsoc_gpu_validate.h"

#define RING_WORDS	(REFSOC_GPU_RING_SIZE / sizeof(u32))

/* Room for the longest prologue and epilogue, see queue_prologue(). */
#define JOB_WORDS	128

/* Else the ring's start would not be free again when its end is reached. */
static_assert((REFSOC_GPU_SLOTS + 1) * JOB_WORDS <= RING_WORDS);

/* Prefetch of the idle loop: WAIT and LINK. */
#define IDLE_PREFETCH	2

static void emit(struct refsoc_gpu_core *core, u32 word)
{
	core->ring.cpu[core->ring_tail++] = word;
}

static void emit_state(struct refsoc_gpu_core *core, u32 addr, u32 value)
{
	emit(core, VIV_FE_LOAD_STATE(addr, 1));
	emit(core, value);
}

static u32 ring_address(struct refsoc_gpu_core *core, u32 word)
{
	return core->ring.iova + word * sizeof(u32);
}

/* Wait in the front end until the pixel engine has done what was before. */
static void emit_stall(struct refsoc_gpu_core *core)
{
	emit_state(core, VIVS_GL_SEMAPHORE_TOKEN, VIV_TOKEN_FE_TO_PE);
	emit(core, VIV_FE_STALL);
	emit(core, VIV_TOKEN_FE_TO_PE);
}

static void emit_flush(struct refsoc_gpu_core *core, int pipe)
{
	if (pipe == ETNA_PIPE_2D) {
		emit_state(core, VIVS_GL_FLUSH_CACHE,
			   VIVS_GL_FLUSH_CACHE_PE2D);
		return;
	}
	emit_state(core, VIVS_GL_FLUSH_CACHE,
		   VIVS_GL_FLUSH_CACHE_DEPTH | VIVS_GL_FLUSH_CACHE_COLOR |
		   VIVS_GL_FLUSH_CACHE_SHADER_L1);
	emit_state(core, VIVS_TS_FLUSH_CACHE, VIVS_TS_FLUSH_CACHE_FLUSH);
}

static void emit_idle(struct refsoc_gpu_core *core)
{
	core->ring_wait = core->ring_tail;
	emit(core, VIV_FE_WAIT(core->wait_cycles));
	emit(core, 0);
	emit(core, VIV_FE_LINK(IDLE_PREFETCH));
	emit(core, ring_address(core, core->ring_wait));
}

/* Fetches of 64 bits from ring word @from to the tail */
static u32 prefetch_from(struct refsoc_gpu_core *core, u32 from)
{
	return (core->ring_tail - from) / 2;
}

static void start(struct refsoc_gpu_core *core)
{
	core->ring_tail = 0;
	emit_idle(core);
	core->pipe = -1;
	core->flushed = -1;
	/* The ring must be in memory before the front end looks. */
	wmb();
	gpu_write(core, VIVS_FE_COMMAND_ADDRESS, ring_address(core, 0));
	gpu_write(core, VIVS_FE_COMMAND_CONTROL,
		  VIVS_FE_COMMAND_CONTROL_ENABLE | IDLE_PREFETCH);
	core->running = true;
}

/* Turn the WAIT in which the front end idles into another command. */
static void replace_wait(struct refsoc_gpu_core *core, u32 wait, u32 command,
			 u32 argument)
{
	core->ring.cpu[wait + 1] = argument;
	/* The front end fetches both words at once, as soon as it sees one. */
	wmb();
	core->ring.cpu[wait] = command;
	/* Push it out of the write buffer: nothing else would. */
	mb();
}

/*
 * States that the last stream may have left behind, and that the validator
 * takes to have these values. Addresses no stream has set go to the page that
 * is never mapped.
 */
static void emit_defaults(struct refsoc_gpu_core *core)
{
	static const u32 addresses[] = {
		VIVS_DE_SRC_ADDRESS, VIVS_DE_DEST_ADDRESS,
		VIVS_DE_PATTERN_ADDRESS, VIVS_DE_UPLANE_ADDRESS,
		VIVS_DE_VPLANE_ADDRESS,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(addresses); i++)
		emit_state(core, addresses[i], REFSOC_GPU_GUARD_ADDRESS);
	for (unsigned int i = 0; i < refsoc_gpu_2d_n_defaults; i++)
		emit_state(core, refsoc_gpu_2d_defaults[i].addr,
			   refsoc_gpu_2d_defaults[i].value);
}

/* Nobody raises the semaphore this waits for. */
static void emit_hang(struct refsoc_gpu_core *core)
{
	emit(core, VIV_FE_STALL);
	emit(core, VIV_TOKEN_FE_TO_PE);
	WRITE_ONCE(core->hang_next, false);
}

/* Return: whether the core forgets its translations first. */
static bool queue_prologue(struct refsoc_gpu_core *core,
			   struct refsoc_gpu_job *job, u32 stream,
			   u32 stream_words)
{
	bool flush = refsoc_gpu_mmu_changed(&core->rdev->mmu, &core->flushed);

	if (flush)
		emit_state(core, VIVS_GL_FLUSH_MMU, VIVS_GL_FLUSH_MMU_ALL);
	if (core->pipe != job->pipe) {
		if (core->pipe >= 0) {
			emit_flush(core, core->pipe);
			emit_stall(core);
		}
		emit_state(core, VIVS_GL_PIPE_SELECT, job->pipe);
		core->pipe = job->pipe;
	}
	if (job->pipe == ETNA_PIPE_2D)
		emit_defaults(core);
	if (READ_ONCE(core->hang_next))
		emit_hang(core);
	emit(core, VIV_FE_LINK(stream_words / 2));
	emit(core, stream);
	return flush;
}

/**
 * refsoc_gpu_ring_queue() - let the front end run a job
 * @core: the core, powered; its lock is held
 * @job: the job
 * @slot: slot for its stream, and number of the event it raises at its end
 */
void refsoc_gpu_ring_queue(struct refsoc_gpu_core *core,
			   struct refsoc_gpu_job *job, unsigned int slot)
{
	struct refsoc_gpu_cmdbuf *stream = &core->slots[slot];
	u32 wait, prologue, epilogue, enter;
	bool flush;

	lockdep_assert_held(&core->lock);
	if (!core->running)
		start(core);
	/* The other jobs on their way are the last before the tail. */
	if (core->ring_tail + JOB_WORDS > RING_WORDS)
		core->ring_tail = 0;
	wait = core->ring_wait;

	prologue = core->ring_tail;
	flush = queue_prologue(core, job, stream->iova, job->n_words + 2);
	enter = prefetch_from(core, prologue);

	epilogue = core->ring_tail;
	emit_flush(core, job->pipe);
	emit_stall(core);
	emit_state(core, VIVS_GL_EVENT, slot | VIVS_GL_EVENT_FROM_PE);
	emit_idle(core);

	memcpy(stream->cpu, job->words, job->n_words * sizeof(u32));
	stream->cpu[job->n_words] = VIV_FE_LINK(prefetch_from(core, epilogue));
	stream->cpu[job->n_words + 1] = ring_address(core, epilogue);

	trace_refsoc_gpu_run(core->index, core->fence_seq, slot, flush);
	replace_wait(core, wait, VIV_FE_LINK(enter),
		     ring_address(core, prologue));
}

/**
 * refsoc_gpu_ring_stop() - end the idle loop
 * @core: the core, idle; its lock is held
 */
void refsoc_gpu_ring_stop(struct refsoc_gpu_core *core)
{
	lockdep_assert_held(&core->lock);
	replace_wait(core, core->ring_wait, VIV_FE_END, 0);
}
