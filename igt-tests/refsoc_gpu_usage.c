// SPDX-License-Identifier: MIT
/*
 * What refsoc-gpu tells of itself: usage statistics in fdinfo, trace points,
 * debugfs.
 */

#include <fcntl.h>

#include "igt.h"

#include "gc320.h"
#include "gpu_job.h"

IGT_TEST_DESCRIPTION("fdinfo, trace points and debugfs of refsoc-gpu");

#define TRACING	"/sys/kernel/tracing/"
#define EVENTS	TRACING "events/refsoc_gpu/"

static char *fdinfo(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", getpid(), fd);
	return gpu_read_file(path);
}

static uint64_t fdinfo_number(int fd, const char *key)
{
	char *text = fdinfo(fd);
	uint64_t n = gpu_number_after(text, key);

	free(text);
	return n;
}

/* Until the job has been freed: its time is counted when it ends. */
static void run(int fd, struct gpu_job *j)
{
	igt_assert_eq(gpu_submit(fd, j), 0);
	igt_assert_eq(gpu_wait(fd, j->args.fence, 5), 0);
}

static void test_fdinfo_keys(void)
{
	char *text = fdinfo(gpu.fd);

	igt_assert(strstr(text, "drm-driver:\tetnaviv\n"));
	igt_assert(strstr(text, "drm-client-id:\t"));
	igt_assert(strstr(text, "drm-engine-2d:\t"));
	igt_assert(strstr(text, "drm-engine-3d:\t"));
	igt_assert(strstr(text, " ns\n"));
	free(text);
}

/* A core that works the whole time is busy for that long, and no longer. */
static void test_fdinfo_busy(void)
{
	int fd = gc320_open_node();
	uint32_t handle;
	struct timespec start = { 0 };
	uint64_t took, busy;
	struct gpu_job j;

	igt_assert_fd(fd);
	igt_assert_eq_u64(fdinfo_number(fd, "drm-engine-2d:"), 0);
	igt_assert_eq_u64(fdinfo_number(fd, "refsoc-jobs-2d:"), 0);
	handle = gpu_new_bo(fd, GPU_BIG_BYTES);
	/* The first maps the buffer, which is not the core's work. */
	gpu_build_long(&j, handle, 0);
	run(fd, &j);
	busy = fdinfo_number(fd, "drm-engine-2d:");
	igt_assert_lt_u64(0, busy);
	igt_nsec_elapsed(&start);
	for (int i = 0; i < 10; i++) {
		gpu_build_long(&j, handle, i);
		igt_assert_eq(gpu_submit(fd, &j), 0);
	}
	igt_assert_eq(gpu_wait(fd, j.args.fence, 20), 0);
	took = igt_nsec_elapsed(&start);
	busy = fdinfo_number(fd, "drm-engine-2d:") - busy;
	igt_info("busy for %" PRIu64 " of %" PRIu64 " us\n", busy / 1000,
		 took / 1000);
	igt_assert_lt_u64(took / 2, busy);
	igt_assert_lte_u64(busy, took);
	igt_assert_eq_u64(fdinfo_number(fd, "refsoc-jobs-2d:"), 11);
	igt_assert_eq_u64(fdinfo_number(fd, "drm-engine-3d:"), 0);
	close(fd);
}

/* What one file does is not counted for another. */
static void test_fdinfo_others(void)
{
	uint64_t busy = fdinfo_number(gpu.fd, "drm-engine-2d:"), jobs;
	int fd = gc320_open_node();
	struct gpu_job j;

	igt_assert_fd(fd);
	jobs = fdinfo_number(gpu.fd, "refsoc-jobs-2d:");
	gpu_build_long(&j, gpu_new_bo(fd, GPU_BIG_BYTES), 0);
	run(fd, &j);
	igt_assert_lt_u64(0, fdinfo_number(fd, "drm-engine-2d:"));
	igt_assert_eq_u64(fdinfo_number(gpu.fd, "drm-engine-2d:"), busy);
	igt_assert_eq_u64(fdinfo_number(gpu.fd, "refsoc-jobs-2d:"), jobs);
	close(fd);
}

static void test_fdinfo_memory(void)
{
	int fd = gc320_open_node();
	uint32_t handle;

	igt_assert_fd(fd);
	igt_assert_eq_u64(fdinfo_number(fd, "drm-total-memory:"), 0);
	handle = gpu_new_bo(fd, 1 << 20);
	igt_assert(strstr(fdinfo(fd), "drm-total-memory:\t1 MiB"));
	gem_close(fd, handle);
	igt_assert_eq_u64(fdinfo_number(fd, "drm-total-memory:"), 0);
	close(fd);
}

/* ---- trace points ---- */

static void trace_begin(void)
{
	igt_require(!access(EVENTS "enable", W_OK));
	igt_assert_eq(gpu_write_file(EVENTS "enable", "1"), 0);
	igt_assert_eq(gpu_write_file(TRACING "tracing_on", "1"), 0);
	close(open(TRACING "trace", O_WRONLY | O_TRUNC));
}

static char *trace_end(void)
{
	char *text = gpu_read_file(TRACING "trace");

	igt_assert_eq(gpu_write_file(EVENTS "enable", "0"), 0);
	return text;
}

/* Where the event stands; fails the test if it is not behind @from. */
static const char *event(const char *from, const char *what)
{
	const char *found = strstr(from, what);

	igt_assert_f(found, "no \"%s\" in:\n%s", what, from);
	return found;
}

static void test_trace_job(void)
{
	uint32_t handle = gpu_new_bo(gpu.fd, GPU_BYTES);
	const char *at;
	char want[96];
	struct gpu_job j;
	char *text;

	trace_begin();
	gpu_build_fill(&j, handle, 1);
	run(gpu.fd, &j);
	igt_assert_eq(gpu_prep(gpu.fd, handle, ETNA_PREP_READ, 5), 0);
	gem_close(gpu.fd, handle);
	usleep(200000);
	text = trace_end();
	snprintf(want, sizeof(want), "refsoc_gpu_submit: core=%u fence=%u words=%u bos=1",
		 gpu.pipe_2d, j.args.fence, j.args.stream_size / 4);
	at = event(text, "refsoc_gpu_map: iova=");
	at = event(at, want);
	at = event(at, "refsoc_gpu_run: core=");
	/* a page table that has just changed */
	igt_assert(strstr(at, "flush_mmu=1"));
	at = event(at, "refsoc_gpu_done: core=");
	igt_assert_lt_u64(0, gpu_number_after(at, "busy_ns="));
	at = event(at, "refsoc_gpu_sync: size=16384");
	event(at, "refsoc_gpu_unmap: iova=");
	free(text);
}

/* Once a core has forgotten its translations it need not do so again. */
static void test_trace_flush(void)
{
	char *text;

	gpu_good_job();
	trace_begin();
	gpu_good_job();
	text = trace_end();
	event(text, "refsoc_gpu_run:");
	igt_assert_f(!strstr(text, "refsoc_gpu_map:"), "%s", text);
	igt_assert_f(strstr(text, "flush_mmu=0"), "%s", text);
	free(text);
}

static void test_trace_reset(void)
{
	int fd = gc320_open_node();
	struct gpu_job j;
	const char *at;
	char *text;

	igt_assert_fd(fd);
	trace_begin();
	gpu_hang_next();
	gpu_build_fill(&j, gpu_new_bo(fd, GPU_BYTES), 0);
	run(fd, &j);
	text = trace_end();
	at = event(text, "refsoc_gpu_run:");
	at = event(at, "refsoc_gpu_reset: core=");
	event(at, "refsoc_gpu_done:");
	free(text);
	close(fd);
	gpu_good_job();
}

/* ---- debugfs ---- */

static void test_debugfs_cores(void)
{
	char *text = gpu_read_file(gpu_debugfs("cores"));
	const char *core = event(text, "GC320 revision 5007");
	uint64_t begun = gpu_number_after(core, "jobs begun");

	igt_assert_eq_u64(gpu_number_after(core, "last done"), begun);
	free(text);
	gpu_good_job();
	text = gpu_read_file(gpu_debugfs("cores"));
	core = event(text, "GC320 revision 5007");
	igt_assert_eq_u64(gpu_number_after(core, "jobs begun"), begun + 1);
	free(text);
}

static void test_debugfs_mmu(void)
{
	uint32_t handle = gpu_new_bo(gpu.fd, 40 << 12);
	struct gpu_job j;
	uint64_t changes;
	char *text;

	text = gpu_read_file(gpu_debugfs("mmu"));
	changes = gpu_number_after(text, "changes");
	free(text);
	gpu_build_fill(&j, handle, 0);
	run(gpu.fd, &j);
	text = gpu_read_file(gpu_debugfs("mmu"));
	igt_assert_lt_u64(changes, gpu_number_after(text, "changes"));
	igt_assert_f(strstr(text, ": 40: used"), "%s", text);
	free(text);
	gem_close(gpu.fd, handle);
}

static void test_debugfs_ring(void)
{
	char *text;

	gpu_good_job();
	text = gpu_read_file(gpu_debugfs("ring"));
	/* WAIT and LINK, in which the front end idles */
	event(event(text, ": 3800"), ": 40000002 ");
	free(text);
}

int igt_main()
{
	igt_fixture()
		gpu_setup();

	igt_subtest("fdinfo-keys")
		test_fdinfo_keys();
	igt_subtest("fdinfo-busy")
		test_fdinfo_busy();
	igt_subtest("fdinfo-others")
		test_fdinfo_others();
	igt_subtest("fdinfo-memory")
		test_fdinfo_memory();
	igt_subtest("trace-job")
		test_trace_job();
	igt_subtest("trace-flush")
		test_trace_flush();
	igt_subtest("trace-reset")
		test_trace_reset();
	igt_subtest("debugfs-cores")
		test_debugfs_cores();
	igt_subtest("debugfs-mmu")
		test_debugfs_mmu();
	igt_subtest("debugfs-ring")
		test_debugfs_ring();

	igt_fixture()
		gpu_teardown();
}
