// SPDX-License-Identifier: MIT
/* Command streams to one core, with the driver's help: see probe.h. */

#include <stdlib.h>
#include <string.h>

#include <etnaviv_drmif.h>
#include <xf86drm.h>

#include "gc320.h"
#include "probe.h"

#define GL_FLUSH_CACHE		0x0380c
#define GL_SEMAPHORE_TOKEN	0x03808
#define TOKEN_FE_TO_PE		0x0701
#define FE_STALL		0x48000000
#define FLUSH_ALL		0xb	/* depth, colour, PE2D */
/* Less than drivers wait before they recover a core: etnaviv, half a second */
#define LONGEST_JOB_NS		250000000ull
#define WAIT_NS			1000000000ull

static struct etna_device *dev;
static struct etna_cmd_stream *stream;
static struct etna_bo *bos[PIPE_BUFFERS];
static struct etna_pipe *the_pipe;

bool pipe_open(bool is_3d)
{
	struct etna_gpu *gpu;
	int fd;

	if (!dev) {
		fd = gc320_open_node();
		dev = fd < 0 ? NULL : etna_device_new(fd);
		for (int i = 0; dev && i < PIPE_BUFFERS; i++)
			bos[i] = etna_bo_new(dev, PIPE_BYTES,
					     DRM_ETNA_GEM_CACHE_WC);
	}
	gpu = dev ? gc320_open_with(dev, is_3d ? GC320_PIPE_3D : GC320_PIPE_2D)
		  : NULL;
	the_pipe = gpu ? etna_pipe_new(gpu, is_3d ? ETNA_PIPE_3D : ETNA_PIPE_2D)
		       : NULL;
	stream = the_pipe ? etna_cmd_stream_new(the_pipe, 4096, NULL, NULL)
			  : NULL;
	if (!stream)
		return false;
	/* A first fence may be 0, which is what a refused one is, too. */
	pipe_begin();
	pipe_run();
	return true;
}

uint32_t *pipe_clear(enum pipe_buffer buffer, uint8_t byte)
{
	uint32_t *p = etna_bo_map(bos[buffer]);

	if (!p)
		exit(2);
	memset(p, byte, PIPE_BYTES);
	return p;
}

void pipe_begin(void)
{
	etna_cmd_stream_reserve(stream, 2048);
}

void pipe_state(uint32_t state, uint32_t value)
{
	gc320_state(stream, state, value);
}

void pipe_states(uint32_t state, const uint32_t *values, unsigned int n)
{
	gc320_states(stream, state, values, n);
}

void pipe_address(uint32_t state, enum pipe_buffer buffer, uint32_t offset)
{
	etna_cmd_stream_emit(stream, 0x08010000 | state >> 2);
	etna_cmd_stream_reloc(stream, &(struct etna_reloc) {
		.bo = bos[buffer],
		.flags = ETNA_RELOC_READ | ETNA_RELOC_WRITE,
		.offset = offset,
	});
}

void pipe_word(uint32_t word)
{
	etna_cmd_stream_emit(stream, word);
}

const char *pipe_submit(void)
{
	uint32_t before = etna_cmd_stream_timestamp(stream), after;

	etna_cmd_stream_flush(stream);
	after = etna_cmd_stream_timestamp(stream);
	if (after == before)
		return "not asked: this driver refuses the commands";
	if (!etna_pipe_wait_ns(the_pipe, after, LONGEST_JOB_NS))
		return NULL;
	/* Its driver recovers it, and tells so by the fence. */
	for (int i = 0; i < 20 && etna_pipe_wait_ns(the_pipe, after, WAIT_NS); i++)
		;
	return CORE_HANGS;
}

const char *pipe_run(void)
{
	gc320_state(stream, GL_FLUSH_CACHE, FLUSH_ALL);
	gc320_state(stream, GL_SEMAPHORE_TOKEN, TOKEN_FE_TO_PE);
	etna_cmd_stream_emit(stream, FE_STALL);
	etna_cmd_stream_emit(stream, TOKEN_FE_TO_PE);
	return pipe_submit();
}

/* A sample before the job and one behind, in words 1 and 2: 0 is the driver's. */
const char *pipe_count(const char *domain, const char *signal, uint32_t *count)
{
	struct etna_perfmon *pm = etna_perfmon_create(the_pipe);
	struct etna_perfmon_domain *d =
		pm ? etna_perfmon_get_dom_by_name(pm, domain) : NULL;
	struct etna_perf perf = {
		.signal = d ? etna_perfmon_get_sig_by_name(d, signal) : NULL,
		.sequence = 1,
		.bo = bos[ASIDE],
	};
	const uint32_t *samples = etna_bo_map(bos[ASIDE]);
	const char *why;

	if (!perf.signal) {
		if (pm)
			etna_perfmon_del(pm);
		return "not asked: this driver has no such counter";
	}
	for (perf.offset = 1; perf.offset <= 2; perf.offset++) {
		perf.flags = perf.offset == 1 ? ETNA_PM_PROCESS_PRE
					      : ETNA_PM_PROCESS_POST;
		etna_cmd_stream_perf(stream, &perf);
	}
	why = pipe_run();
	*count = samples[2] - samples[1];
	etna_perfmon_del(pm);
	return why;
}
