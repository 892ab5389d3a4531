// SPDX-License-Identifier: MIT
/*
 * refsoc-gpu under files that stay open: its cores go and come back, the
 * machine sleeps, cores are switched off between jobs.
 */

#include <fcntl.h>
#include <linux/sync_file.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "igt.h"
#include "sw_sync.h"

#include "gc320.h"
#include "gpu_job.h"

IGT_TEST_DESCRIPTION("Unbinding and suspending refsoc-gpu while it is in use");

#define DRIVER	"/sys/bus/platform/drivers/refsoc-gpu-core/"
#define CORE	"134000.gpu"
#define POWER	"/sys/bus/platform/devices/" CORE "/power/"
#define CLOCK	"/sys/kernel/debug/clk/gpu2d_core/clk_enable_count"
#define TRACING	"/sys/kernel/tracing/"
#define UNMAP	TRACING "events/refsoc_gpu/refsoc_gpu_unmap/enable"

/* A file with pictures of each kind, and jobs on their way */
struct client {
	int fd, dmabuf, fence;
	uint32_t handle, big;
	uint32_t *map;
};

static struct client client_new(void)
{
	struct client c = { .fd = gc320_open_node() };
	struct gpu_job j;

	igt_assert_fd(c.fd);
	c.handle = gpu_new_bo(c.fd, GPU_BYTES);
	c.map = gpu_map_bo(c.fd, c.handle, GPU_BYTES);
	c.dmabuf = prime_handle_to_fd(c.fd, c.handle);
	c.big = gpu_new_bo(c.fd, GPU_BIG_BYTES);
	for (int i = 0; i < 5; i++) {
		gpu_build_long(&j, c.big, i);
		igt_assert_eq(gpu_submit(c.fd, &j), 0);
	}
	gpu_build_fill(&j, c.handle, 0x1ce);
	c.fence = gpu_submit_fenced(c.fd, &j, -1);
	return c;
}

static void client_del(struct client *c)
{
	munmap(c->map, GPU_BYTES);
	close(c->dmabuf);
	close(c->fence);
	close(c->fd);
}

static void bind_core(const char *what)
{
	char path[96];

	snprintf(path, sizeof(path), DRIVER "%s", what);
	igt_assert_eq(gpu_write_file(path, CORE), 0);
}

/* A file of a device that is gone is good for nothing but to be closed. */
static void assert_gone(int fd)
{
	struct drm_etnaviv_param param = { .param = ETNAVIV_PARAM_GPU_MODEL };
	struct drm_etnaviv_gem_new new = { .size = 4096, .flags = ETNA_BO_WC };
	struct gpu_job j;

	do_ioctl_err(fd, DRM_IOCTL_ETNAVIV_GET_PARAM, &param, ENODEV);
	do_ioctl_err(fd, DRM_IOCTL_ETNAVIV_GEM_NEW, &new, ENODEV);
	gpu_build_fill(&j, 1, 0);
	igt_assert_eq(gpu_submit(fd, &j), ENODEV);
	igt_assert_eq(gpu_wait(fd, 1, 1), ENODEV);
}

static int count_unmaps(void)
{
	char *text = gpu_read_file(TRACING "trace"), *at = text;
	int n = 0;

	while ((at = strstr(at, "refsoc_gpu_unmap: "))) {
		at++;
		n++;
	}
	free(text);
	return n;
}

static void test_unbind(void)
{
	struct client c = client_new();
	uint32_t *again;

	gpu_teardown();
	igt_require(!access(UNMAP, W_OK));
	igt_assert_eq(gpu_write_file(TRACING "trace", "\n"), 0);
	igt_assert_eq(gpu_write_file(UNMAP, "1"), 0);
	bind_core("unbind");
	igt_assert_eq(gpu_write_file(UNMAP, "0"), 0);
	/* Nothing stays mapped for a device without a driver. */
	igt_assert_eq(count_unmaps(), 2);
	assert_gone(c.fd);
	/* Each of its jobs has run or has ended with an error. */
	igt_assert_eq(sync_fence_wait(c.fence, 0), 0);
	igt_assert_neq(sync_fence_status(c.fence), 0);
	/* Memory stays what it was for those who have it. */
	c.map[1] = 0x5eed;
	again = mmap(NULL, GPU_BYTES, PROT_READ, MAP_SHARED, c.dmabuf, 0);
	if (again != MAP_FAILED) {
		igt_assert_eq_u32(again[1], 0x5eed);
		munmap(again, GPU_BYTES);
	}
	bind_core("bind");
	gpu_setup();
	gpu_good_job();
	/* Its buffers are given back long after their page table is gone. */
	assert_gone(c.fd);
	client_del(&c);
	gpu_good_job();
}

/* Whoever forbids that a core sleeps must not keep it running for ever. */
static void test_unbind_always_on(void)
{
	char *text;

	igt_require(!access(CLOCK, R_OK));
	igt_assert_eq(gpu_write_file(POWER "control", "on"), 0);
	gpu_good_job();
	gpu_teardown();
	bind_core("unbind");
	text = gpu_read_file(CLOCK);
	bind_core("bind");
	gpu_write_file(POWER "control", "auto");
	gpu_setup();
	gpu_good_job();
	igt_assert_eq(atoi(text), 0);
	free(text);
}

static struct sync_fence_info fence_info(int fence)
{
	struct sync_fence_info info = { 0 };
	struct sync_file_info file = {
		.num_fences = 1, .sync_fence_info = (uintptr_t)&info,
	};

	do_ioctl(fence, SYNC_IOC_FILE_INFO, &file);
	return info;
}

/* A job that waits until its timeline is let go of; returns its fence. */
static int submit_waiting(uint32_t color, int *timeline)
{
	struct gpu_job j;
	int before, out;

	igt_require_sw_sync();
	*timeline = sw_sync_timeline_create();
	before = sw_sync_timeline_create_fence(*timeline, 1);
	gpu_build_fill(&j, gpu.handle, color);
	out = gpu_submit_fenced(gpu.fd, &j, before);
	close(before);
	return out;
}

/* Its fence has come, one way or another, when this returns. */
static void let_go(int timeline, int out)
{
	igt_assert_eq(sync_fence_status(out), 0);
	sw_sync_timeline_inc(timeline, 1);
	igt_assert_eq(sync_fence_wait(out, 5000), 0);
	close(timeline);
}

/* The names of a fence are the driver's, who may be gone once it has come. */
static void test_fence_names(void)
{
	int timeline, out = submit_waiting(0, &timeline);

	igt_assert(!strcmp(fence_info(out).obj_name, CORE));
	let_go(timeline, out);
	gpu_teardown();
	bind_core("unbind");
	igt_assert(!strcmp(fence_info(out).obj_name, "signaled-timeline"));
	bind_core("bind");
	close(out);
	gpu_setup();
	gpu_good_job();
}

static int remove_module(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}

/* What holds it may take a while to let go. */
static int remove_module_at_last(const char *name)
{
	int err;

	for (int i = 0; (err = remove_module(name)) == EWOULDBLOCK && i < 100; i++)
		usleep(20000);
	return err;
}

static void load_module(void)
{
	igt_assert_eq(system("modprobe refsoc_gpu"), 0);
	sleep(1);
	gpu_setup();
	gpu_good_job();
}

/* Nor may the module go that a fence still calls when it is let go of. */
static void test_fence_module(void)
{
	struct gpu_job j;
	int fence;

	gpu_build_fill(&j, gpu.handle, 0);
	fence = gpu_submit_fenced(gpu.fd, &j, -1);
	igt_assert_eq(sync_fence_wait(fence, 5000), 0);
	gpu_teardown();
	sleep(1);
	igt_assert_eq(remove_module("refsoc_gpu"), EWOULDBLOCK);
	close(fence);
	igt_assert_eq(remove_module_at_last("refsoc_gpu"), 0);
	load_module();
}

/* The fence of a job that never ran calls the scheduler, and nobody else. */
static void test_fence_scheduler(void)
{
	int timeline, out = submit_waiting(0, &timeline);

	gpu_teardown();
	let_go(timeline, out);
	igt_assert_lt(sync_fence_status(out), 0);
	igt_assert_eq(remove_module_at_last("refsoc_gpu"), 0);
	igt_assert_eq(remove_module("gpu_sched"), EWOULDBLOCK);
	close(out);
	igt_assert_eq(remove_module_at_last("gpu_sched"), 0);
	load_module();
}

static void *submit_on(void *data)
{
	int fd = *(int *)data, ret;
	uint32_t handle = gpu_new_bo(fd, GPU_BYTES);

	do {
		struct gpu_job j;

		gpu_build_fill(&j, handle, 0);
		ret = gpu_submit(fd, &j);
	} while (!ret);
	return (void *)(intptr_t)ret;
}

/* In the middle of all that */
static void test_unbind_busy(void)
{
	for (int i = 0; i < 3; i++) {
		int fd = gc320_open_node();
		pthread_t thread;
		void *ret;

		igt_assert_fd(fd);
		igt_assert_eq(pthread_create(&thread, NULL, submit_on, &fd), 0);
		usleep(100000);
		gpu_teardown();
		bind_core("unbind");
		pthread_join(thread, &ret);
		igt_assert_eq((int)(intptr_t)ret, ENODEV);
		bind_core("bind");
		close(fd);
		gpu_setup();
		gpu_good_job();
	}
}

/* A hung job is dealt with before the core may go. */
static void test_unbind_hung(void)
{
	struct client c;

	gpu_hang_next();
	c = client_new();
	gpu_teardown();
	bind_core("unbind");
	igt_assert_eq(sync_fence_wait(c.fence, 0), 0);
	bind_core("bind");
	client_del(&c);
	gpu_setup();
	gpu_good_job();
}

/* ---- suspend ---- */

static bool can_test_suspend(void)
{
	return !access("/sys/power/pm_test", W_OK) &&
	       !access("/sys/module/suspend/parameters/pm_test_delay", W_OK);
}

/* All devices, but not the machine: it wakes up by itself after a second. */
static void suspend_devices(void)
{
	gpu_write_file("/sys/module/suspend/parameters/pm_test_delay", "1");
	igt_assert_eq(gpu_write_file("/sys/power/pm_test", "devices"), 0);
	igt_assert_eq(gpu_write_file("/sys/power/state", "mem"), 0);
	igt_assert_eq(gpu_write_file("/sys/power/pm_test", "none"), 0);
}

static void test_suspend(bool hang)
{
	struct client c;

	igt_require(can_test_suspend());
	if (hang)
		gpu_hang_next();
	c = client_new();
	suspend_devices();
	igt_assert_eq(sync_fence_wait(c.fence, 5000), 0);
	igt_assert_eq(sync_fence_status(c.fence), hang ? -ECANCELED : 1);
	if (!hang)
		igt_assert_eq_u32(c.map[0], 0x1ce);
	client_del(&c);
	gpu_good_job();
}

/* What waits for a fence while the machine sleeps starts when it comes. */
static void test_suspend_waiting(void)
{
	int timeline, out;

	igt_require(can_test_suspend());
	out = submit_waiting(0xa110c, &timeline);
	suspend_devices();
	let_go(timeline, out);
	igt_assert_eq(sync_fence_status(out), 1);
	igt_assert_eq_u32(gpu.map[0], 0xa110c);
	close(out);
	gpu_good_job();
}

static void test_runtime_suspend(void)
{
	for (int i = 0; i < 3; i++) {
		char *text = NULL;

		for (int n = 0; n < 100; n++) {
			free(text);
			text = gpu_read_file(POWER "runtime_status");
			if (!strcmp(text, "suspended\n"))
				break;
			usleep(20000);
		}
		igt_assert_f(!strcmp(text, "suspended\n"), "still %s", text);
		free(text);
		gpu_good_job();
	}
}

int igt_main()
{
	igt_fixture() {
		gpu_setup();
		igt_require_f(!access(DRIVER CORE, F_OK), "no " CORE "\n");
	}

	igt_subtest("runtime-suspend")
		test_runtime_suspend();
	igt_subtest("suspend-busy")
		test_suspend(false);
	igt_subtest("suspend-hung")
		test_suspend(true);
	igt_subtest("suspend-waiting")
		test_suspend_waiting();
	igt_subtest("unbind-open")
		test_unbind();
	igt_subtest("unbind-always-on")
		test_unbind_always_on();
	igt_subtest("fence-names")
		test_fence_names();
	igt_subtest("fence-module")
		test_fence_module();
	igt_subtest("fence-scheduler")
		test_fence_scheduler();
	igt_subtest("unbind-busy")
		test_unbind_busy();
	igt_subtest("unbind-hung")
		test_unbind_hung();

	igt_fixture()
		gpu_teardown();
}
