// SPDX-License-Identifier: MIT
/* Memory of a process as a buffer of refsoc-gpu. */

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "igt.h"

#include "gc320.h"
#include "gpu_job.h"

IGT_TEST_DESCRIPTION("User pointers of refsoc-gpu");

#define RW	(ETNA_USERPTR_READ | ETNA_USERPTR_WRITE)
#define COLOR	0x00c0ffee

static int userptr(int fd, uint64_t at, uint64_t size, uint32_t flags,
		   uint32_t *handle)
{
	struct drm_etnaviv_gem_userptr args = {
		.user_ptr = at, .user_size = size, .flags = flags,
	};

	if (igt_ioctl(fd, DRM_IOCTL_ETNAVIV_GEM_USERPTR, &args))
		return errno;
	*handle = args.handle;
	return 0;
}

static uint32_t good_userptr(void *at, uint32_t flags)
{
	uint32_t handle = 0;

	igt_assert_eq(userptr(gpu.fd, (uintptr_t)at, GPU_BYTES, flags, &handle),
		      0);
	return handle;
}

static uint32_t *memory(int flags)
{
	uint32_t *map = mmap(NULL, GPU_BYTES, PROT_READ | PROT_WRITE,
			     MAP_ANONYMOUS | flags, -1, 0);

	igt_assert(map != MAP_FAILED);
	for (int i = 0; i < GPU_BYTES / 4; i++)
		map[i] = 0xdead0000 + i;
	return map;
}

static int fill(int fd, uint32_t handle, uint32_t color)
{
	struct gpu_job j;

	gpu_build_fill(&j, handle, color);
	return gpu_submit(fd, &j);
}

static void wait_for(uint32_t handle)
{
	igt_assert_eq(gpu_prep(gpu.fd, handle, ETNA_PREP_READ, 5), 0);
}

static void assert_filled(const uint32_t *map, uint32_t color)
{
	for (int i = 0; i < GPU_BYTES / 4; i++)
		igt_assert_eq_u32(map[i], color);
}

static void test_write(int flags)
{
	uint32_t *map = memory(flags), handle = good_userptr(map, RW);

	for (int i = 0; i < 3; i++) {
		igt_assert_eq(fill(gpu.fd, handle, COLOR + i), 0);
		wait_for(handle);
		assert_filled(map, COLOR + i);
	}
	gem_close(gpu.fd, handle);
	munmap(map, GPU_BYTES);
}

/* A copy from @from to the target of good jobs */
static int copy(uint32_t from)
{
	struct gpu_job j;

	gpu_job_init(&j, gpu.pipe_2d, from);
	j.args.nr_bos = 2;
	j.bos[0].flags = ETNA_SUBMIT_BO_READ;
	j.bos[1].handle = gpu.handle;
	j.bos[1].flags = ETNA_SUBMIT_BO_WRITE;
	for (int i = 0; i < GPU_COPY_STATES; i++) {
		const struct gpu_state *s = &gpu_copy_states[i];

		if (!gpu_is_address(s->addr)) {
			gpu_load(&j, s->addr, s->value);
			continue;
		}
		gpu_load_address(&j, s->addr);
		j.relocs[j.args.nr_relocs - 1].reloc_idx = s->addr == 0x1228;
	}
	gpu_draw(&j, 0, GPU_SIDE << 16 | GPU_SIDE);
	return gpu_submit(gpu.fd, &j);
}

static void assert_copied(const uint32_t *map)
{
	wait_for(gpu.handle);
	for (int i = 0; i < GPU_BYTES / 4; i++)
		igt_assert_eq_u32(gpu.map[i], map[i]);
}

/* What the GPU may only read it does not write, however the job declares it. */
static void test_read_only(void)
{
	uint32_t *map = memory(MAP_PRIVATE);
	uint32_t handle = good_userptr(map, ETNA_USERPTR_READ);

	igt_assert_eq(copy(handle), 0);
	assert_copied(map);
	igt_assert_eq(fill(gpu.fd, handle, COLOR), EINVAL);
	igt_assert_eq_u32(map[0], 0xdead0000);
	gem_close(gpu.fd, handle);
	munmap(map, GPU_BYTES);
	gpu_good_job();
}

/* Memory that its owner may only read can be read, not written. */
static void test_read_only_mapping(void)
{
	uint32_t *map = memory(MAP_PRIVATE), handle;

	igt_assert_eq(mprotect(map, GPU_BYTES, PROT_READ), 0);
	handle = good_userptr(map, RW);
	igt_assert_eq(fill(gpu.fd, handle, COLOR), EFAULT);
	gem_close(gpu.fd, handle);
	handle = good_userptr(map, ETNA_USERPTR_READ);
	igt_assert_eq(copy(handle), 0);
	assert_copied(map);
	gem_close(gpu.fd, handle);
	munmap(map, GPU_BYTES);
}

static void test_unmapped(void)
{
	uint32_t *map = memory(MAP_PRIVATE), handle;

	/* nothing there */
	munmap(map, GPU_BYTES);
	handle = good_userptr(map, RW);
	igt_assert_eq(fill(gpu.fd, handle, COLOR), EFAULT);
	gem_close(gpu.fd, handle);
	/* a hole in the middle */
	map = memory(MAP_PRIVATE);
	munmap((char *)map + 4096, 4096);
	handle = good_userptr(map, RW);
	igt_assert_eq(fill(gpu.fd, handle, COLOR), EFAULT);
	gem_close(gpu.fd, handle);
	munmap(map, GPU_BYTES);
	gpu_good_job();
}

/* Memory without pages behind it */
static void test_device_memory(void)
{
	int fd = open("/dev/mem", O_RDWR);
	uint32_t handle;
	void *map;

	igt_require_fd(fd);
	map = mmap(NULL, GPU_BYTES, PROT_READ, MAP_SHARED, fd, 0x00134000);
	igt_require(map != MAP_FAILED);
	handle = good_userptr(map, ETNA_USERPTR_READ);
	igt_assert_eq(copy(handle), EFAULT);
	gem_close(gpu.fd, handle);
	munmap(map, GPU_BYTES);
	close(fd);
	gpu_good_job();
}

/* The pages are the GPU's until the buffer goes; the owner may go before. */
static void test_munmap_in_flight(void)
{
	for (int i = 0; i < 10; i++) {
		uint32_t *map = memory(MAP_PRIVATE);
		uint32_t handle = good_userptr(map, RW), *other;

		igt_assert_eq(fill(gpu.fd, handle, COLOR), 0);
		munmap(map, GPU_BYTES);
		/* Whoever gets memory now does not get that. */
		other = memory(MAP_PRIVATE);
		wait_for(handle);
		for (int n = 0; n < GPU_BYTES / 4; n++)
			igt_assert_eq_u32(other[n], 0xdead0000 + n);
		munmap(other, GPU_BYTES);
		gem_close(gpu.fd, handle);
	}
	gpu_good_job();
}

/* Pages that are pinned are not copied on write, neither there nor here. */
static void test_fork_in_flight(void)
{
	uint32_t *map = memory(MAP_PRIVATE), handle = good_userptr(map, RW);

	igt_assert_eq(fill(gpu.fd, handle, 0), 0);
	wait_for(handle);
	igt_fork(child, 1) {
		map[0] = 1;
		igt_assert_eq_u32(map[1], 0);
	}
	igt_assert_eq(fill(gpu.fd, handle, COLOR), 0);
	igt_waitchildren();
	wait_for(handle);
	assert_filled(map, COLOR);
	map[0] = 2;
	igt_assert_eq(fill(gpu.fd, handle, COLOR + 1), 0);
	wait_for(handle);
	assert_filled(map, COLOR + 1);
	gem_close(gpu.fd, handle);
	munmap(map, GPU_BYTES);
}

/* A file that is passed on does not pass on the memory. */
static void test_other_process(void)
{
	uint32_t *map = memory(MAP_PRIVATE), handle = good_userptr(map, RW);

	igt_fork(child, 1)
		igt_assert_eq(fill(gpu.fd, handle, COLOR), EPERM);
	igt_waitchildren();
	igt_assert_eq_u32(map[0], 0xdead0000);
	igt_assert_eq(fill(gpu.fd, handle, COLOR), 0);
	wait_for(handle);
	assert_filled(map, COLOR);
	gem_close(gpu.fd, handle);
	munmap(map, GPU_BYTES);
}

/* The owner exits before the first job. */
static void test_owner_gone(void)
{
	int pipes[2];
	uint32_t handle;

	igt_assert_eq(pipe(pipes), 0);
	igt_fork(child, 1) {
		handle = good_userptr(memory(MAP_PRIVATE), RW);
		igt_assert_eq(write(pipes[1], &handle, sizeof(handle)),
			      (int)sizeof(handle));
	}
	igt_waitchildren();
	igt_assert_eq(read(pipes[0], &handle, sizeof(handle)),
		      (int)sizeof(handle));
	igt_assert_eq(fill(gpu.fd, handle, COLOR), EPERM);
	gem_close(gpu.fd, handle);
	close(pipes[0]);
	close(pipes[1]);
	gpu_good_job();
}

static void test_arguments(void)
{
	uint32_t *map = memory(MAP_PRIVATE), handle;
	uintptr_t at = (uintptr_t)map;

	igt_assert_eq(userptr(gpu.fd, at, 0, RW, &handle), EINVAL);
	igt_assert_eq(userptr(gpu.fd, at + 4, 4096, RW, &handle), EINVAL);
	igt_assert_eq(userptr(gpu.fd, at, 4100, RW, &handle), EINVAL);
	igt_assert_eq(userptr(gpu.fd, at, 4096, 0, &handle), EINVAL);
	igt_assert_eq(userptr(gpu.fd, at, 4096, RW | 4, &handle), EINVAL);
	/* sizes and addresses that do not fit, or whose sum does not */
	igt_assert_eq(userptr(gpu.fd, at, 1ull << 32, RW, &handle), EINVAL);
	igt_assert_eq(userptr(gpu.fd, at, (1ull << 32) + 4096, RW, &handle),
		      EINVAL);
	igt_assert_eq(userptr(gpu.fd, at, ~0xfffull, RW, &handle), EINVAL);
	igt_assert_eq(userptr(gpu.fd, at + (1ull << 32), 4096, RW, &handle),
		      EINVAL);
	igt_assert_eq(userptr(gpu.fd, at, 0x80000000, RW, &handle), EFAULT);
	igt_assert_eq(userptr(gpu.fd, 0xfffff000, 0x2000, RW, &handle), EFAULT);
	igt_assert_eq(userptr(gpu.fd, 0xc0000000, 4096, RW, &handle), EFAULT);
	munmap(map, GPU_BYTES);
	gpu_good_job();
}

/* What is beyond the buffer is not the GPU's. */
static void test_bounds(void)
{
	uint32_t *map = memory(MAP_PRIVATE), handle;

	igt_assert_eq(userptr(gpu.fd, (uintptr_t)map, GPU_BYTES - 4096, RW,
			      &handle), 0);
	igt_assert_eq(fill(gpu.fd, handle, COLOR), EINVAL);
	gem_close(gpu.fd, handle);
	munmap(map, GPU_BYTES);
	gpu_good_job();
}

/* There is one way to the memory: its owner's. */
static void test_not_shared(void)
{
	uint32_t *map = memory(MAP_PRIVATE), handle = good_userptr(map, RW);
	struct drm_etnaviv_gem_info info = { .handle = handle };
	struct drm_prime_handle prime = { .handle = handle };
	void *again;

	do_ioctl_err(gpu.fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime, EOPNOTSUPP);
	if (!igt_ioctl(gpu.fd, DRM_IOCTL_ETNAVIV_GEM_INFO, &info)) {
		again = mmap(NULL, GPU_BYTES, PROT_READ, MAP_SHARED, gpu.fd,
			     info.offset);
		igt_assert(again == MAP_FAILED);
	}
	gem_close(gpu.fd, handle);
	munmap(map, GPU_BYTES);
}

/* Pinned memory of this process, in bytes */
static uint64_t pinned(void)
{
	char *text = gpu_read_file("/proc/self/status");
	uint64_t kib = gpu_number_after(text, "VmPin:");

	free(text);
	return kib * 1024;
}

/* Jobs let go of what they have used when they find the time. */
static void assert_pinned_at_last(uint64_t bytes)
{
	for (int i = 0; pinned() != bytes && i < 100; i++)
		usleep(20000);
	igt_assert_eq_u64(pinned(), bytes);
}

static void pin_to_the_limit(void)
{
	const struct rlimit limit = { GPU_BYTES, GPU_BYTES };
	uint32_t *map = memory(MAP_PRIVATE), *second = memory(MAP_PRIVATE);
	uint32_t handle = good_userptr(map, RW), other = good_userptr(second, RW);

	igt_assert_eq(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
	igt_drop_root();
	/* Not twice what is pinned once, and nothing that is not */
	for (int i = 0; i < 2; i++)
		igt_assert_eq(fill(gpu.fd, handle, COLOR), 0);
	igt_assert_eq_u64(pinned(), GPU_BYTES);
	igt_assert_eq(fill(gpu.fd, other, COLOR), ENOMEM);
	igt_assert_eq_u64(pinned(), GPU_BYTES);
	gem_close(gpu.fd, handle);
	assert_pinned_at_last(0);
	munmap(second, GPU_BYTES);
	igt_assert_eq(fill(gpu.fd, other, COLOR), EFAULT);
	igt_assert_eq_u64(pinned(), 0);
	gem_close(gpu.fd, other);
}

/* A user who is not root pins as much as may be locked, and no more. */
static void test_limit(void)
{
	igt_fork(child, 1)
		pin_to_the_limit();
	igt_waitchildren();
	gpu_good_job();
}

int igt_main()
{
	igt_fixture()
		gpu_setup();

	igt_subtest("write-private")
		test_write(MAP_PRIVATE);
	igt_subtest("write-shared")
		test_write(MAP_SHARED);
	igt_subtest("read-only")
		test_read_only();
	igt_subtest("read-only-mapping")
		test_read_only_mapping();
	igt_subtest("unmapped")
		test_unmapped();
	igt_subtest("device-memory")
		test_device_memory();
	igt_subtest("munmap-in-flight")
		test_munmap_in_flight();
	igt_subtest("fork-in-flight")
		test_fork_in_flight();
	igt_subtest("other-process")
		test_other_process();
	igt_subtest("owner-gone")
		test_owner_gone();
	igt_subtest("arguments")
		test_arguments();
	igt_subtest("bounds")
		test_bounds();
	igt_subtest("not-shared")
		test_not_shared();
	igt_subtest("limit")
		test_limit();

	igt_fixture()
		gpu_teardown();
}
