// SPDX-License-Identifier: MIT
/*
 * A job that stops the front end: it is noticed, the core is reset, its owner
 * is banned, and nobody else loses a job.  The hang is asked for in debugfs, as
 * no stream that is let through stops the front end.
 */

#include <dirent.h>
#include <fcntl.h>

#include "igt.h"
#include "sw_sync.h"

#include "gc320.h"
#include "gpu_job.h"

IGT_TEST_DESCRIPTION("Hangs, resets and core dumps of refsoc-gpu");

#define DUMPS	"/sys/class/devcoredump"

/* Somebody else: a file, and a picture to draw on */
struct client {
	int fd;
	uint32_t handle;
	uint32_t *map;
};

static struct client client_new(void)
{
	struct client c = { .fd = gc320_open_node() };

	igt_assert_fd(c.fd);
	c.handle = gpu_new_bo(c.fd, GPU_BYTES);
	c.map = gpu_map_bo(c.fd, c.handle, GPU_BYTES);
	return c;
}

static void client_del(struct client *c)
{
	munmap(c->map, GPU_BYTES);
	close(c->fd);
}

static int submit_fill(const struct client *c, uint32_t color)
{
	struct gpu_job j;

	gpu_build_fill(&j, c->handle, color);
	return gpu_submit_fenced(c->fd, &j, -1);
}

/* What became of the job whose fence it is; closes it. */
static int outcome(int fence)
{
	int ret;

	igt_assert_eq(sync_fence_wait(fence, 10000), 0);
	ret = sync_fence_status(fence);
	close(fence);
	return ret;
}

/* Some are on the ring when the reset comes, some wait. */
static void test_innocents(void)
{
	struct client bad = client_new(), good = client_new();
	int hung, behind, after[3];

	gpu_hang_next();
	hung = submit_fill(&bad, 1);
	for (int i = 0; i < 3; i++)
		after[i] = submit_fill(&good, 0x100 + i);
	behind = submit_fill(&bad, 2);
	igt_assert_eq(outcome(hung), -ECANCELED);
	igt_assert_eq(outcome(behind), -ECANCELED);
	for (int i = 0; i < 3; i++)
		igt_assert_eq(outcome(after[i]), 1);
	igt_assert_eq_u32(good.map[0], 0x102);
	igt_assert_eq_u32(good.map[GPU_BYTES / 4 - 1], 0x102);
	gpu_good_job_on(good.fd, good.handle, good.map);
	client_del(&bad);
	client_del(&good);
	gpu_good_job();
}

/* Banned is a file, not who holds it. */
static void test_ban(void)
{
	struct client bad = client_new(), again;
	struct gpu_job j;

	gpu_hang_next();
	igt_assert_eq(outcome(submit_fill(&bad, 1)), -ECANCELED);
	gpu_build_fill(&j, bad.handle, 1);
	for (int i = 0; i < 3; i++)
		igt_assert_eq(gpu_submit(bad.fd, &j), ECANCELED);
	again = client_new();
	gpu_good_job_on(again.fd, again.handle, again.map);
	client_del(&again);
	client_del(&bad);
}

static void test_many(void)
{
	for (int i = 0; i < 5; i++) {
		struct client bad = client_new();

		gpu_hang_next();
		igt_assert_eq(outcome(submit_fill(&bad, 1)), -ECANCELED);
		client_del(&bad);
		gpu_good_job();
	}
}

static void test_close(void)
{
	struct client bad = client_new();

	gpu_hang_next();
	for (int i = 0; i < 8; i++)
		close(submit_fill(&bad, i));
	client_del(&bad);
	gpu_good_job();
}

/* Waiting for a hung job, in each of the ways there are, comes to an end. */
static void test_waits(void)
{
	struct client bad = client_new();
	struct gpu_job j;

	gpu_hang_next();
	gpu_build_fill(&j, bad.handle, 1);
	igt_assert_eq(gpu_submit(bad.fd, &j), 0);
	igt_assert_eq(gpu_wait(bad.fd, j.args.fence, 10), 0);
	igt_assert_eq(gpu_prep(bad.fd, bad.handle, ETNA_PREP_WRITE, 1), 0);
	client_del(&bad);
	gpu_good_job();
}

/* A job that takes long, but gets on, is none that hangs. */
static void test_slow(void)
{
	uint32_t handle = gpu_new_bo(gpu.fd, GPU_BIG_BYTES);
	int fence[20];

	for (int i = 0; i < 20; i++) {
		struct gpu_job j;

		gpu_build_long(&j, handle, i);
		fence[i] = gpu_submit_fenced(gpu.fd, &j, -1);
	}
	for (int i = 0; i < 20; i++)
		igt_assert_eq(outcome(fence[i]), 1);
	gem_close(gpu.fd, handle);
}

/* ---- core dumps ---- */

/* The only dump there is; false if there is none */
static bool find_dump(char *path, size_t size)
{
	struct dirent *entry;
	DIR *dir = opendir(DUMPS);
	bool found = false;

	igt_require_f(dir, "no core dumps in this kernel\n");
	while ((entry = readdir(dir))) {
		if (strncmp(entry->d_name, "devcd", 5))
			continue;
		snprintf(path, size, DUMPS "/%s/data", entry->d_name);
		found = true;
	}
	closedir(dir);
	return found;
}

/* Writing to one drops it, a little later: it may be seen once more. */
static void drop_dumps(void)
{
	char path[300];

	while (find_dump(path, sizeof(path))) {
		int fd = open(path, O_WRONLY);

		if (fd < 0) {
			igt_assert_eq(errno, ENOENT);
			continue;
		}
		igt_assert_eq(write(fd, "x", 1), 1);
		close(fd);
		usleep(10000);
	}
}

static void test_dump(void)
{
	struct client bad = client_new();
	char path[300], last[32];
	struct gpu_job j;
	char *text;

	drop_dumps();
	gpu_hang_next();
	gpu_build_fill(&j, bad.handle, 0x5eed5eed);
	igt_assert_eq(outcome(gpu_submit_fenced(bad.fd, &j, -1)), -ECANCELED);
	for (int i = 0; i < 100 && !find_dump(path, sizeof(path)); i++)
		usleep(10000);
	igt_assert(find_dump(path, sizeof(path)));
	text = gpu_read_file(path);
	igt_assert(strstr(text, "GC320 revision"));
	igt_assert(strstr(text, "FE_DMA_ADDRESS"));
	igt_assert(strstr(text, "16384 bytes"));
	/* The colour of the fill is a word of the stream. */
	igt_assert(strstr(strstr(text, "\nstream:"), "5eed5eed"));
	snprintf(last, sizeof(last), "%08x %08x",
		 j.words[j.args.stream_size / 4 - 2],
		 j.words[j.args.stream_size / 4 - 1]);
	igt_assert_f(strstr(text, last), "no \"%s\" in the dump\n", last);
	free(text);
	drop_dumps();
	client_del(&bad);
	gpu_good_job();
}

static uint64_t resets(void)
{
	char *text = gpu_read_file(gpu_debugfs("cores"));
	const char *core = strstr(text, "GC320");
	uint64_t n;

	igt_assert(core);
	n = gpu_number_after(core, "  resets");
	free(text);
	return n;
}

static void test_count(void)
{
	struct client bad = client_new();
	uint64_t before = resets();

	gpu_hang_next();
	igt_assert_eq(outcome(submit_fill(&bad, 1)), -ECANCELED);
	igt_assert_eq_u64(resets(), before + 1);
	client_del(&bad);
}

int igt_main()
{
	igt_fixture()
		gpu_setup();

	igt_describe("Jobs of others end well, those of the guilty do not");
	igt_subtest("innocents")
		test_innocents();
	igt_subtest("ban")
		test_ban();
	igt_subtest("again-and-again")
		test_many();
	igt_subtest("close")
		test_close();
	igt_subtest("waits")
		test_waits();
	igt_subtest("slow-is-no-hang")
		test_slow();
	igt_subtest("devcoredump")
		test_dump();
	igt_subtest("count")
		test_count();

	igt_fixture()
		gpu_teardown();
}
