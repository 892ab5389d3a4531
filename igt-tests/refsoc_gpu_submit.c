// SPDX-License-Identifier: MIT
/*
 * User space that means harm, or does not know better, against refsoc-gpu:
 * every field of the interface, streams the front end must never see, and
 * races.  After each refusal a good job must still run.
 */

#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>

#include "igt.h"
#include "sw_sync.h"

#include "gc320.h"
#include "gpu_job.h"

IGT_TEST_DESCRIPTION("Bad submits, streams and races on refsoc-gpu");

#define NOWHERE		0xfffff000ull	/* no user has memory there */

/* ---- one bad field at a time ---- */

struct field {
	const char *name;
	size_t offset, size;
	uint64_t value;
	int err;
};

#define FIELD(type, member, tag, value, err)				\
	{ #member tag, offsetof(struct drm_etnaviv_##type, member),	\
	  sizeof(((struct drm_etnaviv_##type *)NULL)->member), value, err }

static void put(void *base, const struct field *f)
{
	memcpy((char *)base + f->offset, &f->value, f->size);	/* LE */
}

static const struct field submit_fields[] = {
	FIELD(gem_submit, pipe, "", 7, ENXIO),
	FIELD(gem_submit, pipe, "-max", ~0u, ENXIO),
	FIELD(gem_submit, exec_state, "-3d", ETNA_PIPE_3D, EINVAL),
	FIELD(gem_submit, exec_state, "-vg", ETNA_PIPE_VG, EINVAL),
	FIELD(gem_submit, exec_state, "-max", ~0u, EINVAL),
	FIELD(gem_submit, nr_bos, "-none", 0, EINVAL),
	FIELD(gem_submit, nr_bos, "-empty", 2, EINVAL),
	FIELD(gem_submit, nr_bos, "-max", ~0u, EINVAL),
	FIELD(gem_submit, nr_relocs, "-none", 0, EINVAL),
	FIELD(gem_submit, nr_relocs, "-empty", 2, EINVAL),
	FIELD(gem_submit, nr_relocs, "-max", ~0u, EINVAL),
	FIELD(gem_submit, stream_size, "-0", 0, EINVAL),
	FIELD(gem_submit, stream_size, "-half", 4, EINVAL),
	FIELD(gem_submit, stream_size, "-odd", 9, EINVAL),
	FIELD(gem_submit, stream_size, "-max", ~7u, EINVAL),
	FIELD(gem_submit, bos, "", NOWHERE, EFAULT),
	FIELD(gem_submit, bos, "-null", 0, EFAULT),
	FIELD(gem_submit, relocs, "", NOWHERE, EFAULT),
	FIELD(gem_submit, relocs, "-null", 0, EFAULT),
	FIELD(gem_submit, stream, "", NOWHERE, EFAULT),
	FIELD(gem_submit, stream, "-null", 0, EFAULT),
	FIELD(gem_submit, flags, "", 0x10, EINVAL),
	FIELD(gem_submit, flags, "-softpin", ETNA_SUBMIT_SOFTPIN, EINVAL),
	/* fence_fd is 0 here, which is no sync_file */
	FIELD(gem_submit, flags, "-fence-fd", ETNA_SUBMIT_FENCE_FD_IN, EINVAL),
	FIELD(gem_submit, nr_pmrs, "", 1, EINVAL),
	FIELD(gem_submit, pad, "", 1, EINVAL),
};

static const struct field bo_fields[] = {
	FIELD(gem_submit_bo, flags, "", 4, EINVAL),
	FIELD(gem_submit_bo, handle, "-0", 0, EINVAL),
	FIELD(gem_submit_bo, handle, "-unknown", 9999, EINVAL),
	FIELD(gem_submit_bo, presumed, "-is-ignored", ~0ull, 0),
};

static const struct field reloc_fields[] = {
	FIELD(gem_submit_reloc, submit_offset, "-odd", 6, EINVAL),
	FIELD(gem_submit_reloc, submit_offset, "-header", 0, EINVAL),
	FIELD(gem_submit_reloc, submit_offset, "-no-address", 12, EINVAL),
	FIELD(gem_submit_reloc, submit_offset, "-beyond", 4096, EINVAL),
	FIELD(gem_submit_reloc, reloc_idx, "", 1, EINVAL),
	FIELD(gem_submit_reloc, reloc_idx, "-max", ~0u, EINVAL),
	FIELD(gem_submit_reloc, reloc_offset, "-odd", 2, EINVAL),
	FIELD(gem_submit_reloc, reloc_offset, "-tail", 4, EINVAL),
	FIELD(gem_submit_reloc, reloc_offset, "-end", GPU_BYTES, EINVAL),
	FIELD(gem_submit_reloc, reloc_offset, "-4g", 1ull << 32, EINVAL),
	FIELD(gem_submit_reloc, reloc_offset, "-max", ~3ull, EINVAL),
	FIELD(gem_submit_reloc, flags, "", 1, EINVAL),
};

static const struct field new_fields[] = {
	FIELD(gem_new, size, "-0", 0, EINVAL),
	FIELD(gem_new, size, "-4g", 1ull << 32, EINVAL),
	FIELD(gem_new, size, "-max", ~0ull, EINVAL),
	FIELD(gem_new, flags, "", 1, EINVAL),
	FIELD(gem_new, flags, "-no-mode", 0, EINVAL),
	FIELD(gem_new, flags, "-two-modes", ETNA_BO_CACHED | ETNA_BO_WC, EINVAL),
	FIELD(gem_new, flags, "-unknown-mode", 0x80000, EINVAL),
};

static const struct field info_fields[] = {
	FIELD(gem_info, handle, "", 9999, ENOENT),
	FIELD(gem_info, pad, "", 1, EINVAL),
};

static const struct field prep_fields[] = {
	FIELD(gem_cpu_prep, handle, "", 9999, ENOENT),
	FIELD(gem_cpu_prep, op, "", 8, EINVAL),
};

static const struct field fini_fields[] = {
	FIELD(gem_cpu_fini, handle, "", 9999, ENOENT),
	FIELD(gem_cpu_fini, flags, "", 1, EINVAL),
};

static const struct field wait_fence_fields[] = {
	FIELD(wait_fence, pipe, "", 7, ENXIO),
	FIELD(wait_fence, flags, "", 2, EINVAL),
	FIELD(wait_fence, fence, "-unknown", 0x7ffffff0, 0),
};

static const struct field gem_wait_fields[] = {
	FIELD(gem_wait, pipe, "", 7, ENXIO),
	FIELD(gem_wait, handle, "", 9999, ENOENT),
	FIELD(gem_wait, flags, "", 2, EINVAL),
};

static const struct field param_fields[] = {
	FIELD(param, pipe, "", 7, ENXIO),
	FIELD(param, param, "-0", 0, EINVAL),
	FIELD(param, param, "", 0x1f, EINVAL),
};

/* Each ioctl with arguments that are right but for one field. */
static const struct {
	const char *name;
	unsigned long request;
	const struct field *fields;
	size_t n;
} ioctls[] = {
	{ "gem-new", DRM_IOCTL_ETNAVIV_GEM_NEW, new_fields,
	  ARRAY_SIZE(new_fields) },
	{ "gem-info", DRM_IOCTL_ETNAVIV_GEM_INFO, info_fields,
	  ARRAY_SIZE(info_fields) },
	{ "cpu-prep", DRM_IOCTL_ETNAVIV_GEM_CPU_PREP, prep_fields,
	  ARRAY_SIZE(prep_fields) },
	{ "cpu-fini", DRM_IOCTL_ETNAVIV_GEM_CPU_FINI, fini_fields,
	  ARRAY_SIZE(fini_fields) },
	{ "wait-fence", DRM_IOCTL_ETNAVIV_WAIT_FENCE, wait_fence_fields,
	  ARRAY_SIZE(wait_fence_fields) },
	{ "gem-wait", DRM_IOCTL_ETNAVIV_GEM_WAIT, gem_wait_fields,
	  ARRAY_SIZE(gem_wait_fields) },
	{ "get-param", DRM_IOCTL_ETNAVIV_GET_PARAM, param_fields,
	  ARRAY_SIZE(param_fields) },
};

union any {
	struct drm_etnaviv_gem_new gem_new;
	struct drm_etnaviv_gem_info info;
	struct drm_etnaviv_gem_cpu_prep prep;
	struct drm_etnaviv_gem_cpu_fini fini;
	struct drm_etnaviv_wait_fence wait_fence;
	struct drm_etnaviv_gem_wait gem_wait;
	struct drm_etnaviv_param param;
};

static void good_arguments(union any *a, unsigned long request)
{
	memset(a, 0, sizeof(*a));
	switch (request) {
	case DRM_IOCTL_ETNAVIV_GEM_NEW:
		a->gem_new.size = 4096;
		a->gem_new.flags = ETNA_BO_WC;
		break;
	case DRM_IOCTL_ETNAVIV_GEM_INFO:
		a->info.handle = gpu.handle;
		break;
	case DRM_IOCTL_ETNAVIV_GEM_CPU_PREP:
		a->prep.handle = gpu.handle;
		a->prep.op = ETNA_PREP_READ;
		a->prep.timeout = gpu_in_seconds(5);
		break;
	case DRM_IOCTL_ETNAVIV_GEM_CPU_FINI:
		a->fini.handle = gpu.handle;
		break;
	case DRM_IOCTL_ETNAVIV_WAIT_FENCE:
		a->wait_fence.pipe = gpu.pipe_2d;
		a->wait_fence.timeout = gpu_in_seconds(5);
		break;
	case DRM_IOCTL_ETNAVIV_GEM_WAIT:
		a->gem_wait.pipe = gpu.pipe_2d;
		a->gem_wait.handle = gpu.handle;
		a->gem_wait.timeout = gpu_in_seconds(5);
		break;
	case DRM_IOCTL_ETNAVIV_GET_PARAM:
		a->param.pipe = gpu.pipe_2d;
		a->param.param = ETNAVIV_PARAM_GPU_MODEL;
		break;
	}
}

static void test_ioctl(unsigned long request, const struct field *f)
{
	union any a;

	good_arguments(&a, request);
	do_ioctl(gpu.fd, request, &a);
	good_arguments(&a, request);
	put(&a, f);
	if (f->err)
		do_ioctl_err(gpu.fd, request, &a, f->err);
	else
		do_ioctl(gpu.fd, request, &a);
	gpu_good_job();
}

enum part { SUBMIT, BO, RELOC };

static void test_submit_field(enum part part, const struct field *f)
{
	struct gpu_job j;

	gpu_build_fill(&j, gpu.handle, gpu.color);
	put(part == SUBMIT ? (void *)&j.args : part == BO ? (void *)j.bos :
	    (void *)j.relocs, f);
	igt_assert_eq(gpu_submit(gpu.fd, &j), f->err);
	gpu_good_job();
}

/* ---- bad streams ---- */

struct bad {
	const char *name;
	bool copy;		/* instead of a fill */
	uint32_t omit;		/* a state */
	uint32_t set[2][2];	/* states with another value */
	uint32_t top_left, bottom_right;
	uint32_t tail[6];	/* words behind the draw */
	unsigned int n_tail;
	int err;		/* EINVAL where it says 0 */
};

#define STATE(addr)	(0x08010000 | (addr) >> 2)
#define TAIL(...)							\
	.tail = { __VA_ARGS__ },					\
	.n_tail = sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t)

static const struct bad streams[] = {
	{ "truncated-load-state", TAIL(0x08040000 | 0x125c >> 2, 0) },
	{ "load-state-count-0", TAIL(0x08000000 | 0x125c >> 2, 0) },
	{ "load-state-fixp", TAIL(0x0c010000 | 0x125c >> 2, 0) },
	{ "load-state-wraps", TAIL(0x0802ffff, 0, 0, 0) },
	{ "draw-2d-data-count", TAIL(0x20010100, 0, 0, GPU_SIDE << 16 | GPU_SIDE) },
	{ "draw-2d-truncated", TAIL(0x20000200, 0, 0, GPU_SIDE << 16 | GPU_SIDE) },
	{ "draw-2d-count-0-truncated", TAIL(0x20000000, 0) },
	{ "opcode-0", TAIL(0, 0) },
	{ "opcode-31", TAIL(0xf8000000, 0) },
	{ "end", TAIL(0x10000000, 0) },
	{ "wait", TAIL(0x38000001, 0) },
	{ "link", TAIL(0x40000002, 0) },
	{ "call", TAIL(0x50000002, 0, 2, 0) },
	{ "return", TAIL(0x58000000, 0) },
	{ "chip-select", TAIL(0x68000001, 0) },
	{ "pipe-select", TAIL(STATE(0x3800), 0) },
	{ "event", TAIL(STATE(0x3804), 0x41) },
	{ "flush-mmu", TAIL(STATE(0x3810), 0x1f) },
	{ "fe-address", TAIL(STATE(0x0654), 0) },
	{ "fe-control", TAIL(STATE(0x0658), 0x10002) },
	{ "host-interface", TAIL(STATE(0x0014), 0) },
	{ "mmu-base", TAIL(STATE(0x0428), 0) },
	{ "rs-kick", TAIL(STATE(0x1600), 0xbeebbeeb) },
	{ "stall-without-semaphore", TAIL(0x48000000, 0x701) },
	{ "semaphore-without-stall", TAIL(STATE(0x3808), 0x701) },
	{ "semaphore-twice", TAIL(STATE(0x3808), 0x701, STATE(0x3808), 0x701,
				  0x48000000, 0x701) },
	{ "semaphore-other", TAIL(STATE(0x3808), 0x705, 0x48000000, 0x705) },
	{ "nop-field", TAIL(0x18000001, 0) },
	{ "stall-field", TAIL(STATE(0x3808), 0x701, 0x48000001, 0x701) },
	{ "rotation-bit", TAIL(STATE(0x12bc), 0x40) },
	{ "pixel-engine-bit", TAIL(STATE(0x12d8), 0x2) },
	{ "draw-primitives", TAIL(0x28000000, 4, 0, 1) },
	{ "draw-indexed", TAIL(0x30000000, 4, 0, 1, 0, 0) },
	{ "draw-instanced", TAIL(0x60000000, 4, 1, 0) },
	{ "address-without-relocation", TAIL(STATE(0x1228), 0x10000000) },
	{ "u-plane-without-relocation", TAIL(STATE(0x1284), 0x10000000) },
	{ "pattern-without-relocation", TAIL(STATE(0x1238), 0x10000000) },
	{ "filter-without-kernel", TAIL(STATE(0x1294), 0) },
	{ "dest-stride", .set = { { 0x122c, 2 * GPU_STRIDE } } },
	{ "dest-rectangle", .set = { { 0x1264, 65 << 16 | 64 } },
	  .bottom_right = 65 << 16 | 64 },
	{ "dest-clip", .set = { { 0x1264, 0x7fff7fff } },
	  .bottom_right = 0x7fff7fff },
	{ "dest-one-pixel", .set = { { 0x1264, 65 << 16 | 65 } },
	  .top_left = 64 << 16, .bottom_right = 65 << 16 | 1 },
	{ "dest-empty", .bottom_right = 64 },
	{ "dest-tiled", .set = { { 0x1234, 6 | 1 << 8 } } },
	{ "dest-format", .set = { { 0x1234, 31 } } },
	{ "dest-command", .set = { { 0x1234, 6 | 8 << 12 } } },
	{ "dest-rotated", .set = { { 0x1230, 1 << 16 | 128 } } },
	{ "source-stride", true, .set = { { 0x1204, 2 * GPU_STRIDE } } },
	{ "source-size", true, .set = { { 0x1214, 65 << 16 | 64 } } },
	{ "source-origin", true, .set = { { 0x1210, 1 << 16 } } },
	{ "source-origin-negative", true, .set = { { 0x1210, 0xffff } } },
	{ "source-tiled", true, .set = { { 0x120c, 6 << 24 | 1 << 7 } } },
	{ "source-in-stream", true, .set = { { 0x120c, 6 << 24 | 1 << 8 } } },
	{ "source-format", true, .set = { { 0x120c, 31 << 24 } } },
	{ "source-stretched", true,
	  .set = { { 0x1234, 6 | 4 << 12 }, { 0x1214, 0 } } },
	{ "no-dest-address", .omit = 0x1228 },
	{ "no-dest-stride", .omit = 0x122c },
	{ "no-dest-rotation", .omit = 0x1230 },
	{ "no-dest-config", .omit = 0x1234 },
	{ "no-clip", .omit = 0x1264 },
	{ "no-source-address", true, .omit = 0x1200 },
	{ "no-source-stride", true, .omit = 0x1204 },
	{ "no-source-config", true, .omit = 0x120c },
	{ "no-source-origin", true, .omit = 0x1210 },
};

static void load_changed(struct gpu_job *j, const struct gpu_state *state,
			 const struct bad *b)
{
	uint32_t value = state->value;

	if (state->addr == b->omit)
		return;
	if (gpu_is_address(state->addr)) {
		gpu_load_address(j, state->addr);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(b->set); i++)
		if (b->set[i][0] == state->addr)
			value = b->set[i][1];
	gpu_load(j, state->addr, value);
}

static void build_changed(struct gpu_job *j, const struct bad *b)
{
	const struct gpu_state *states = b->copy ? gpu_copy_states :
						   gpu_fill_states;
	size_t n = b->copy ? GPU_COPY_STATES : GPU_FILL_STATES;

	gpu_job_init(j, gpu.pipe_2d, gpu.handle);
	for (size_t i = 0; i < n; i++)
		load_changed(j, &states[i], b);
	gpu_draw(j, b->top_left, b->bottom_right ?: GPU_SIDE << 16 | GPU_SIDE);
	for (size_t i = 0; i < b->n_tail; i++)
		gpu_emit(j, b->tail[i]);
}

static void test_stream(const struct bad *b)
{
	const struct bad nothing = { .copy = b->copy };
	struct gpu_job j;

	build_changed(&j, &nothing);
	igt_assert_eq(gpu_submit(gpu.fd, &j), 0);
	build_changed(&j, b);
	igt_assert_eq(gpu_submit(gpu.fd, &j), b->err ?: EINVAL);
	gpu_good_job();
}

/* 3D draws cannot be checked: refused unless the administrator allows them. */
static void test_draw_3d(void)
{
	struct gpu_job j;

	igt_require_f(gpu.pipe_3d != ~0u, "no 3D core\n");
	gpu_job_init(&j, gpu.pipe_3d, gpu.handle);
	gpu_emit(&j, 0x28000000);
	gpu_emit(&j, 4);
	gpu_emit(&j, 0);
	gpu_emit(&j, 1);
	igt_assert_eq(gpu_submit(gpu.fd, &j), EACCES);
	gpu_job_init(&j, gpu.pipe_3d, gpu.handle);
	gpu_load(&j, 0x1600, 0xbeebbeeb);
	igt_assert_eq(gpu_submit(gpu.fd, &j), EACCES);
	gpu_job_init(&j, gpu.pipe_3d, gpu.handle);
	gpu_draw(&j, 0, 0x00010001);
	igt_assert_eq(gpu_submit(gpu.fd, &j), EINVAL);
	gpu_good_job();
}

static void test_same_buffer_twice(void)
{
	struct gpu_job j;

	gpu_build_fill(&j, gpu.handle, 0);
	j.args.nr_bos = 2;
	j.bos[1] = j.bos[0];
	igt_assert_eq(gpu_submit(gpu.fd, &j), EINVAL);
	gpu_good_job();
}

static void test_relocs_out_of_order(void)
{
	const struct bad copy = { .copy = true };
	struct drm_etnaviv_gem_submit_reloc first;
	struct gpu_job j;

	build_changed(&j, &copy);
	first = j.relocs[0];
	j.relocs[0] = j.relocs[1];
	j.relocs[1] = first;
	igt_assert_eq(gpu_submit(gpu.fd, &j), EINVAL);
	j.relocs[0] = first;
	igt_assert_eq(gpu_submit(gpu.fd, &j), EINVAL);
	gpu_good_job();
}

static uint64_t ram(void)
{
	struct sysinfo info;

	igt_assert_eq(sysinfo(&info), 0);
	return (uint64_t)info.totalram * info.mem_unit & ~4095ull;
}

/*
 * More than there is: refused at once, or when it is used. Nobody is killed for
 * it: the kernel's log would tell.
 */
static void test_too_large(void)
{
	struct drm_etnaviv_gem_new args = {
		.size = ram() + (64 << 20), .flags = ETNA_BO_WC,
	};
	struct gpu_job j;

	igt_require_f(args.size <= 1ull << 31, "more memory than a buffer may have\n");
	do_ioctl_err(gpu.fd, DRM_IOCTL_ETNAVIV_GEM_NEW, &args, ENOMEM);
	args.size = 1ull << 31;
	do_ioctl_err(gpu.fd, DRM_IOCTL_ETNAVIV_GEM_NEW, &args, ENOMEM);
	args.size = ram() - (1 << 20);
	do_ioctl(gpu.fd, DRM_IOCTL_ETNAVIV_GEM_NEW, &args);
	gpu_build_fill(&j, args.handle, 0);
	igt_assert_eq(gpu_submit(gpu.fd, &j), ENOMEM);
	gpu_good_job();
	gem_close(gpu.fd, args.handle);
	gpu_good_job();
}

#define FUZZ	3000

/* Whatever it says, it must not be more than a refusal. */
static void test_fuzz(void)
{
	const struct bad kinds[2] = { { .copy = false }, { .copy = true } };
	int taken = 0;

	srandom(1);
	for (int i = 0; i < FUZZ; i++) {
		struct gpu_job j;
		uint32_t *word;
		int ret;

		build_changed(&j, &kinds[i % 2]);
		for (int n = random() % 3; n >= 0; n--) {
			word = &j.words[random() % (j.args.stream_size / 4)];
			*word ^= 1u << random() % 32;
		}
		ret = gpu_submit(gpu.fd, &j);
		igt_assert_f(!ret || ret == EINVAL, "errno %d\n", ret);
		taken += !ret;
		if (i % 100 == 0)
			gpu_good_job();
	}
	igt_info("%d of %d were harmless\n", taken, FUZZ);
	igt_assert_lt(0, taken);
	gpu_good_job();
}

/* ---- waits and races ---- */

static void test_timeouts(void)
{
	uint32_t handle = gpu_new_bo(gpu.fd, GPU_BIG_BYTES);
	struct drm_etnaviv_wait_fence wait = { .pipe = gpu.pipe_2d };
	struct drm_etnaviv_gem_wait gem_wait = {
		.pipe = gpu.pipe_2d, .handle = handle,
	};
	struct gpu_job j;

	gpu_build_long(&j, handle, 1);
	igt_assert_eq(gpu_submit(gpu.fd, &j), 0);
	wait.fence = j.args.fence;
	wait.flags = ETNA_WAIT_NONBLOCK;
	do_ioctl_err(gpu.fd, DRM_IOCTL_ETNAVIV_WAIT_FENCE, &wait, EBUSY);
	wait.flags = 0;
	do_ioctl_err(gpu.fd, DRM_IOCTL_ETNAVIV_WAIT_FENCE, &wait, ETIMEDOUT);
	wait.timeout.tv_sec = -1;
	do_ioctl_err(gpu.fd, DRM_IOCTL_ETNAVIV_WAIT_FENCE, &wait, ETIMEDOUT);
	do_ioctl_err(gpu.fd, DRM_IOCTL_ETNAVIV_GEM_WAIT, &gem_wait, ETIMEDOUT);
	igt_assert_eq(gpu_prep(gpu.fd, handle, ETNA_PREP_WRITE, -1), ETIMEDOUT);
	igt_assert_eq(gpu_prep(gpu.fd, handle, ETNA_PREP_WRITE |
			   ETNA_PREP_NOSYNC, 5), EBUSY);
	wait.timeout.tv_sec = INT64_MAX;
	wait.timeout.tv_nsec = INT64_MAX;
	do_ioctl(gpu.fd, DRM_IOCTL_ETNAVIV_WAIT_FENCE, &wait);
	igt_assert_eq(gpu_prep(gpu.fd, handle, ETNA_PREP_WRITE, 5), 0);
	gem_close(gpu.fd, handle);
	gpu_good_job();
}

static void test_close_in_flight(void)
{
	for (int i = 0; i < 20; i++) {
		int fd = gc320_open_node();
		struct gpu_job j;

		igt_assert_fd(fd);
		gpu_build_long(&j, gpu_new_bo(fd, GPU_BIG_BYTES), i);
		for (int n = 0; n < 3; n++)
			igt_assert_eq(gpu_submit(fd, &j), 0);
		close(fd);
	}
	gpu_good_job();
}

/* The job keeps the buffer, and so does the mapping. */
static void test_gem_close_in_flight(void)
{
	uint32_t handle = gpu_new_bo(gpu.fd, GPU_BIG_BYTES);
	uint32_t *map = gpu_map_bo(gpu.fd, handle, GPU_BIG_BYTES);
	struct drm_etnaviv_wait_fence wait = {
		.pipe = gpu.pipe_2d, .timeout = gpu_in_seconds(5),
	};
	struct gpu_job j;

	gpu_build_long(&j, handle, 0x600dc0de);
	igt_assert_eq(gpu_submit(gpu.fd, &j), 0);
	gem_close(gpu.fd, handle);
	igt_assert_eq(gpu_submit(gpu.fd, &j), EINVAL);
	wait.fence = j.args.fence;
	do_ioctl(gpu.fd, DRM_IOCTL_ETNAVIV_WAIT_FENCE, &wait);
	igt_assert_eq_u32(map[GPU_BIG_BYTES / 4 - 1], 0x600dc0de);
	munmap(map, GPU_BIG_BYTES);
	gpu_good_job();
}

static void *submitter(void *data)
{
	uint32_t handle = *(uint32_t *)data;

	for (int i = 0; i < 200; i++) {
		struct gpu_job j;
		int ret;

		gpu_build_fill(&j, handle, i);
		ret = gpu_submit(gpu.fd, &j);
		if (ret && ret != EINVAL)
			return (void *)(intptr_t)ret;
	}
	return NULL;
}

/* @close_it: under their feet */
static void test_threads(bool close_it)
{
	uint32_t handle = gpu_new_bo(gpu.fd, GPU_BYTES);
	pthread_t threads[2];
	void *ret;

	for (int i = 0; i < 2; i++)
		igt_assert_eq(pthread_create(&threads[i], NULL, submitter,
					     &handle), 0);
	if (close_it) {
		usleep(2000);
		gem_close(gpu.fd, handle);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], &ret);
		igt_assert_f(!ret, "errno %d\n", (int)(intptr_t)ret);
	}
	if (!close_it)
		gem_close(gpu.fd, handle);
	gpu_good_job();
}

static void test_fork(void)
{
	igt_fork(child, 4) {
		uint32_t handle = gpu_new_bo(gpu.fd, GPU_BYTES);

		for (int i = 0; i < 50; i++) {
			struct gpu_job j;

			gpu_build_fill(&j, i % 2 ? handle : gpu.handle, i);
			igt_assert_eq(gpu_submit(gpu.fd, &j), 0);
		}
		/* child 0 and 1 leave their jobs behind */
		if (child > 1)
			igt_assert_eq(gpu_prep(gpu.fd, handle, ETNA_PREP_WRITE, 5),
				      0);
	}
	igt_waitchildren();
	gpu_good_job();
}

/* A job waits for a fence that its owner does not live to see. */
static void test_in_fence_never(void)
{
	int timeline, fence, fd = gc320_open_node();
	struct gpu_job j;

	igt_require_sw_sync();
	igt_assert_fd(fd);
	timeline = sw_sync_timeline_create();
	fence = sw_sync_timeline_create_fence(timeline, 1);
	gpu_build_fill(&j, gpu_new_bo(fd, GPU_BYTES), 0);
	j.args.flags = ETNA_SUBMIT_FENCE_FD_IN;
	j.args.fence_fd = fence;
	igt_assert_eq(gpu_submit(fd, &j), 0);
	gpu_good_job();
	igt_set_timeout(5, "close() waits for somebody else's fence");
	close(fd);
	igt_reset_timeout();
	gpu_good_job();
	/* In this order: a sw_sync timeline that goes must not be the one to
	 * let go of a fence for good, it holds the lock that this takes.
	 */
	close(timeline);
	close(fence);
	gpu_good_job();
}

/* Who hangs a core may not use it any more; the others do not notice. */
static void test_hang(void)
{
	int fd = gc320_open_node(), status;
	uint32_t handle;
	struct gpu_job j;

	igt_assert_fd(fd);
	handle = gpu_new_bo(fd, GPU_BYTES);
	gpu_hang_next();
	gpu_build_fill(&j, handle, 0);
	status = gpu_submit_fenced(fd, &j, -1);
	gpu_good_job();
	igt_assert_eq(sync_fence_wait(status, 5000), 0);
	igt_assert_eq(sync_fence_status(status), -ECANCELED);
	close(status);
	gpu_build_fill(&j, handle, 0);
	igt_assert_eq(gpu_submit(fd, &j), ECANCELED);
	close(fd);
	gpu_good_job();
}

/* ---- */

static void test_fields(void)
{
	static const struct {
		const char *name;
		enum part part;
		const struct field *fields;
		size_t n;
	} parts[] = {
		{ "submit", SUBMIT, submit_fields, ARRAY_SIZE(submit_fields) },
		{ "bo", BO, bo_fields, ARRAY_SIZE(bo_fields) },
		{ "reloc", RELOC, reloc_fields, ARRAY_SIZE(reloc_fields) },
	};

	for (size_t k = 0; k < ARRAY_SIZE(ioctls); k++)
		for (size_t i = 0; i < ioctls[k].n; i++)
			igt_subtest_f("%s-%s", ioctls[k].name,
				      ioctls[k].fields[i].name)
				test_ioctl(ioctls[k].request,
					   &ioctls[k].fields[i]);
	for (size_t k = 0; k < ARRAY_SIZE(parts); k++)
		for (size_t i = 0; i < parts[k].n; i++)
			igt_subtest_f("%s-%s", parts[k].name,
				      parts[k].fields[i].name)
				test_submit_field(parts[k].part,
						  &parts[k].fields[i]);
}

int igt_main()
{
	igt_fixture() {
		gpu_setup();
	}

	test_fields();
	igt_subtest("submit-same-buffer-twice")
		test_same_buffer_twice();
	igt_subtest("submit-relocs-out-of-order")
		test_relocs_out_of_order();
	for (size_t i = 0; i < ARRAY_SIZE(streams); i++)
		igt_subtest_f("stream-%s", streams[i].name)
			test_stream(&streams[i]);
	igt_subtest("stream-3d")
		test_draw_3d();
	igt_subtest("too-large")
		test_too_large();
	igt_subtest("stream-fuzz")
		test_fuzz();
	igt_subtest("timeouts")
		test_timeouts();
	igt_subtest("close-in-flight")
		test_close_in_flight();
	igt_subtest("gem-close-in-flight")
		test_gem_close_in_flight();
	igt_subtest("threads")
		test_threads(false);
	igt_subtest("threads-gem-close")
		test_threads(true);
	igt_subtest("fork")
		test_fork();
	igt_subtest("in-fence-never")
		test_in_fence_never();
	igt_subtest("hang")
		test_hang();

	igt_fixture() {
		gpu_teardown();
	}
}
