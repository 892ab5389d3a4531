// SPDX-License-Identifier: MIT
/*
 * Fences that jobs of refsoc-gpu wait for, which are not the GPU's own and may
 * never come: who waits for one holds up nobody but himself.
 */

#include <signal.h>
#include <sys/wait.h>

#include "igt.h"
#include "sw_sync.h"

#include "gc320.h"
#include "gpu_job.h"

IGT_TEST_DESCRIPTION("Jobs of refsoc-gpu that wait for fences");

/* More than all that ever were on their way at a time */
#define FLOOD	60

struct waiter {
	int fd, timeline, fence;
	uint32_t handle;
};

static struct waiter waiter_new(void)
{
	struct waiter w = { .fd = gc320_open_node() };

	igt_require_sw_sync();
	igt_assert_fd(w.fd);
	w.timeline = sw_sync_timeline_create();
	w.fence = sw_sync_timeline_create_fence(w.timeline, 1);
	w.handle = gpu_new_bo(w.fd, GPU_BYTES);
	return w;
}

static int waiter_submit(const struct waiter *w, uint32_t color)
{
	struct gpu_job j;

	gpu_build_fill(&j, w->handle, color);
	j.args.flags = ETNA_SUBMIT_FENCE_FD_IN;
	j.args.fence_fd = w->fence;
	return gpu_submit(w->fd, &j);
}

/* The timeline first: see in-fence-never of refsoc_gpu_submit. */
static void waiter_del(struct waiter *w)
{
	close(w->timeline);
	close(w->fence);
}

/* Streams of the longest kind, each of which once took a piece of a pool */
static void test_flood(void)
{
	static uint32_t nops[128 * 1024 / 4];
	struct waiter w = waiter_new();
	struct gpu_job j;

	for (size_t i = 0; i < ARRAY_SIZE(nops); i += 2)
		nops[i] = 0x18000000;
	for (int i = 0; i < FLOOD; i++) {
		gpu_job_init(&j, gpu.pipe_2d, w.handle);
		j.args.stream = (uintptr_t)nops;
		j.args.stream_size = sizeof(nops);
		j.args.flags = ETNA_SUBMIT_FENCE_FD_IN;
		j.args.fence_fd = w.fence;
		igt_assert_eq(gpu_submit(w.fd, &j), 0);
		if (i % 10 == 0)
			gpu_good_job();
	}
	gpu_good_job();
	igt_set_timeout(5, "close() waits for a fence");
	close(w.fd);
	igt_reset_timeout();
	gpu_good_job();
	waiter_del(&w);
	gpu_good_job();
}

/* Who has too many jobs waiting waits, can be killed, and goes on later. */
static void test_limit(void)
{
	struct waiter w = waiter_new();
	uint32_t *map = gpu_map_bo(w.fd, w.handle, GPU_BYTES);
	int status, n = 0;
	pid_t child;

	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		signal(SIGTERM, SIG_DFL);
		while (!waiter_submit(&w, n))
			n++;
		_exit(1);
	}
	sleep(1);
	igt_assert_eq(waitpid(child, &status, WNOHANG), 0);
	gpu_good_job();
	kill(child, SIGTERM);
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert(WIFSIGNALED(status));
	gpu_good_job();
	sw_sync_timeline_inc(w.timeline, 1);
	igt_assert_eq(waiter_submit(&w, 0x11223344), 0);
	igt_assert_eq(gpu_prep(w.fd, w.handle, ETNA_PREP_READ, 5), 0);
	igt_assert_eq_u32(map[0], 0x11223344);
	munmap(map, GPU_BYTES);
	close(w.fd);
	waiter_del(&w);
}

static void test_killed(void)
{
	struct waiter w = waiter_new();

	igt_fork(child, 1) {
		int fd = gc320_open_node();
		struct gpu_job j;

		gpu_build_fill(&j, gpu_new_bo(fd, GPU_BYTES), 0);
		j.args.flags = ETNA_SUBMIT_FENCE_FD_IN;
		j.args.fence_fd = w.fence;
		igt_assert_eq(gpu_submit(fd, &j), 0);
		igt_set_timeout(5, "exit waits for a fence");
	}
	igt_waitchildren();
	gpu_good_job();
	close(w.fd);
	waiter_del(&w);
}

/* A job of another file waits for one that waits for a fence. */
static void test_chain(void)
{
	struct waiter w = waiter_new();
	struct gpu_job j;
	int first, second;

	gpu_build_fill(&j, w.handle, 1);
	first = gpu_submit_fenced(w.fd, &j, w.fence);
	gpu_build_fill(&j, gpu.handle, 2);
	second = gpu_submit_fenced(gpu.fd, &j, first);
	igt_assert_eq(sync_fence_wait(second, 100), -ETIME);
	sw_sync_timeline_inc(w.timeline, 1);
	igt_assert_eq(sync_fence_wait(second, 5000), 0);
	igt_assert_eq(sync_fence_status(first), 1);
	igt_assert_eq(sync_fence_status(second), 1);
	close(first);
	close(second);
	close(w.fd);
	waiter_del(&w);
	gpu_good_job();
}

/* The file is gone, its job was not: it ends with an error, and is waited for. */
static void test_chain_closed(void)
{
	struct waiter w = waiter_new();
	struct gpu_job j;
	int first, second;

	gpu_build_fill(&j, w.handle, 1);
	first = gpu_submit_fenced(w.fd, &j, w.fence);
	gpu_build_fill(&j, gpu.handle, 2);
	second = gpu_submit_fenced(gpu.fd, &j, first);
	close(w.fd);
	igt_assert_eq(sync_fence_wait(first, 100), -ETIME);
	sw_sync_timeline_inc(w.timeline, 1);
	igt_assert_eq(sync_fence_wait(second, 5000), 0);
	igt_assert_lt(sync_fence_status(first), 0);
	close(first);
	close(second);
	waiter_del(&w);
	gpu_good_job();
}

/* What is submitted just before the end is done. */
static void test_submit_and_exit(void)
{
	for (int i = 0; i < 10; i++) {
		igt_fork(child, 1) {
			int fd = gc320_open_node();
			uint32_t own = gpu_new_bo(fd, GPU_BIG_BYTES), handle;
			struct gpu_job j;

			handle = prime_fd_to_handle(fd,
						    prime_handle_to_fd(gpu.fd,
								       gpu.handle));
			for (int n = 0; n < 6; n++) {
				gpu_build_long(&j, own, n);
				igt_assert_eq(gpu_submit(fd, &j), 0);
			}
			gpu_build_fill(&j, handle, 0x1000 + i);
			igt_assert_eq(gpu_submit(fd, &j), 0);
		}
		igt_waitchildren();
		igt_assert_eq(gpu_prep(gpu.fd, gpu.handle, ETNA_PREP_READ, 5),
			      0);
		igt_assert_eq_u32(gpu.map[0], 0x1000 + i);
	}
}

int igt_main()
{
	igt_fixture()
		gpu_setup();

	igt_describe("More than could ever be on its way, and nobody notices");
	igt_subtest("flood")
		test_flood();
	igt_subtest("limit")
		test_limit();
	igt_subtest("killed")
		test_killed();
	igt_subtest("chain")
		test_chain();
	igt_subtest("chain-closed")
		test_chain_closed();
	igt_subtest("submit-and-exit")
		test_submit_and_exit();

	igt_fixture()
		gpu_teardown();
}
