// SPDX-License-Identifier: MIT
/* Jobs for refsoc-gpu: see gpu_job.h. */

#include <ctype.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "igt.h"

#include "gc320.h"
#include "gpu_job.h"

struct gpu gpu;

const struct gpu_state gpu_fill_states[GPU_FILL_STATES] = {
	{ 0x1228, 0 }, { 0x122c, GPU_STRIDE }, { 0x1230, GPU_SIDE },
	{ 0x1234, 6 }, { 0x125c, 0x30cccc }, { 0x1260, 0 },
	{ 0x1264, GPU_SIDE << 16 | GPU_SIDE }, { 0x12c0, 0 },
};

const struct gpu_state gpu_copy_states[GPU_COPY_STATES] = {
	{ 0x1200, 0 }, { 0x1204, GPU_STRIDE }, { 0x1208, GPU_SIDE },
	{ 0x120c, 6 << 24 }, { 0x1210, 0 },
	{ 0x1214, GPU_SIDE << 16 | GPU_SIDE },
	{ 0x1228, 0 }, { 0x122c, GPU_STRIDE }, { 0x1230, GPU_SIDE },
	{ 0x1234, 6 | 2 << 12 }, { 0x125c, 0x30cccc }, { 0x1260, 0 },
	{ 0x1264, GPU_SIDE << 16 | GPU_SIDE },
};

bool gpu_is_address(uint32_t state)
{
	return state == 0x1200 || state == 0x1228;
}

void gpu_emit(struct gpu_job *j, uint32_t word)
{
	j->words[j->args.stream_size / 4] = word;
	j->args.stream_size += 4;
}

void gpu_load(struct gpu_job *j, uint32_t state, uint32_t value)
{
	gpu_emit(j, 0x08010000 | state >> 2);
	gpu_emit(j, value);
}

void gpu_load_address(struct gpu_job *j, uint32_t state)
{
	j->relocs[j->args.nr_relocs++] = (struct drm_etnaviv_gem_submit_reloc) {
		.submit_offset = j->args.stream_size + 4,
	};
	gpu_load(j, state, 0);
}

void gpu_draw(struct gpu_job *j, uint32_t top_left, uint32_t bottom_right)
{
	gpu_emit(j, 0x20000100);
	gpu_emit(j, 0);
	gpu_emit(j, top_left);
	gpu_emit(j, bottom_right);
}

void gpu_job_init(struct gpu_job *j, uint32_t pipe, uint32_t handle)
{
	memset(j, 0, sizeof(*j));
	j->args.pipe = pipe;
	j->args.exec_state = pipe == gpu.pipe_2d ? ETNA_PIPE_2D : ETNA_PIPE_3D;
	j->args.nr_bos = 1;
	j->bos[0].handle = handle;
	j->bos[0].flags = ETNA_SUBMIT_BO_READ | ETNA_SUBMIT_BO_WRITE;
	j->args.bos = (uintptr_t)j->bos;
	j->args.relocs = (uintptr_t)j->relocs;
	j->args.stream = (uintptr_t)j->words;
}

void gpu_build_fill(struct gpu_job *j, uint32_t handle, uint32_t color)
{
	gpu_job_init(j, gpu.pipe_2d, handle);
	for (size_t i = 0; i < ARRAY_SIZE(gpu_fill_states); i++) {
		const struct gpu_state *s = &gpu_fill_states[i];

		if (gpu_is_address(s->addr))
			gpu_load_address(j, s->addr);
		else
			gpu_load(j, s->addr, s->addr == 0x12c0 ? color :
				 s->value);
	}
	gpu_draw(j, 0, GPU_SIDE << 16 | GPU_SIDE);
}

void gpu_build_long(struct gpu_job *j, uint32_t handle, uint32_t color)
{
	gpu_job_init(j, gpu.pipe_2d, handle);
	gpu_load_address(j, 0x1228);
	gpu_load(j, 0x122c, GPU_BIG_SIDE * 4);
	gpu_load(j, 0x1230, GPU_BIG_SIDE);
	gpu_load(j, 0x1234, 6);
	gpu_load(j, 0x125c, 0x30cccc);
	gpu_load(j, 0x1260, 0);
	gpu_load(j, 0x1264, GPU_BIG_SIDE << 16 | GPU_BIG_SIDE);
	gpu_load(j, 0x12c0, color);
	for (int i = 0; i < 8; i++)
		gpu_draw(j, 0, GPU_BIG_SIDE << 16 | GPU_BIG_SIDE);
}

int gpu_submit(int fd, struct gpu_job *j)
{
	int ret = igt_ioctl(fd, DRM_IOCTL_ETNAVIV_GEM_SUBMIT, &j->args);

	return ret ? errno : 0;
}

int gpu_submit_fenced(int fd, struct gpu_job *j, int in_fence)
{
	j->args.flags = ETNA_SUBMIT_FENCE_FD_OUT;
	if (in_fence >= 0)
		j->args.flags |= ETNA_SUBMIT_FENCE_FD_IN;
	j->args.fence_fd = in_fence;
	igt_assert_eq(gpu_submit(fd, j), 0);
	return j->args.fence_fd;
}

uint32_t gpu_new_bo(int fd, uint64_t size)
{
	struct drm_etnaviv_gem_new new = { .size = size, .flags = ETNA_BO_WC };

	do_ioctl(fd, DRM_IOCTL_ETNAVIV_GEM_NEW, &new);
	return new.handle;
}

struct drm_etnaviv_timespec gpu_in_seconds(int seconds)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (struct drm_etnaviv_timespec) {
		.tv_sec = now.tv_sec + seconds, .tv_nsec = now.tv_nsec,
	};
}

int gpu_prep(int fd, uint32_t handle, uint32_t op, int seconds)
{
	struct drm_etnaviv_gem_cpu_prep args = {
		.handle = handle, .op = op, .timeout = gpu_in_seconds(seconds),
	};

	return igt_ioctl(fd, DRM_IOCTL_ETNAVIV_GEM_CPU_PREP, &args) ? errno : 0;
}

int gpu_wait(int fd, uint32_t fence, int seconds)
{
	struct drm_etnaviv_wait_fence args = {
		.pipe = gpu.pipe_2d, .fence = fence,
		.timeout = gpu_in_seconds(seconds),
	};

	return igt_ioctl(fd, DRM_IOCTL_ETNAVIV_WAIT_FENCE, &args) ? errno : 0;
}

void *gpu_map_bo(int fd, uint32_t handle, size_t size)
{
	struct drm_etnaviv_gem_info info = { .handle = handle };
	void *map;

	do_ioctl(fd, DRM_IOCTL_ETNAVIV_GEM_INFO, &info);
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   info.offset);
	igt_assert(map != MAP_FAILED);
	return map;
}

void gpu_good_job_on(int fd, uint32_t handle, const uint32_t *map)
{
	struct gpu_job j;

	gpu.color += 0x01020305;
	gpu_build_fill(&j, handle, gpu.color);
	igt_assert_eq(gpu_submit(fd, &j), 0);
	igt_assert_eq(gpu_prep(fd, handle, ETNA_PREP_READ, 5), 0);
	for (size_t i = 0; i < GPU_BYTES / 4; i++)
		igt_assert_eq_u32(map[i], gpu.color);
}

void gpu_good_job(void)
{
	gpu_good_job_on(gpu.fd, gpu.handle, gpu.map);
}

static uint32_t find_core(uint64_t feature)
{
	struct drm_etnaviv_param p = { .param = ETNAVIV_PARAM_GPU_FEATURES_0 };

	for (p.pipe = 0; p.pipe < ETNA_MAX_PIPES; p.pipe++)
		if (!igt_ioctl(gpu.fd, DRM_IOCTL_ETNAVIV_GET_PARAM, &p) &&
		    p.value & feature)
			return p.pipe;
	return ~0u;
}

void gpu_setup(void)
{
	gpu.fd = gc320_open_node();
	igt_require_fd(gpu.fd);
	igt_require_f(!access("/sys/module/refsoc_gpu", F_OK),
		      "not refsoc-gpu: others let more through\n");
	gpu.pipe_2d = find_core(1 << 9);
	gpu.pipe_3d = find_core(1 << 2);
	igt_require_f(gpu.pipe_2d != ~0u, "no 2D core\n");
	gpu.handle = gpu_new_bo(gpu.fd, GPU_BYTES);
	gpu.map = gpu_map_bo(gpu.fd, gpu.handle, GPU_BYTES);
}

void gpu_teardown(void)
{
	munmap(gpu.map, GPU_BYTES);
	close(gpu.fd);
}

/* ---- files ---- */

#define MAX_FILE	(256 * 1024)

char *gpu_read_file(const char *path)
{
	char *text = calloc(1, MAX_FILE + 1);
	int fd = open(path, O_RDONLY);
	ssize_t n, size = 0;

	igt_assert_f(fd >= 0, "%s: %s\n", path, strerror(errno));
	do {
		n = read(fd, text + size, MAX_FILE - size);
		igt_assert_f(n >= 0, "%s: %s\n", path, strerror(errno));
		size += n;
	} while (n);
	close(fd);
	return text;
}

int gpu_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), err = 0;

	igt_assert_f(fd >= 0, "%s: %s\n", path, strerror(errno));
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

/* The number behind @key, whatever blanks are between them */
uint64_t gpu_number_after(const char *text, const char *key)
{
	const char *found = strstr(text, key);

	igt_assert_f(found, "no \"%s\" in:\n%s\n", key, text);
	found += strlen(key);
	while (isspace(*found))
		found++;
	igt_assert_f(isdigit(*found), "no number behind \"%s\"\n", key);
	return strtoull(found, NULL, 0);
}

const char *gpu_debugfs(const char *file)
{
	static char path[96];
	struct stat st;

	igt_assert_eq(fstat(gpu.fd, &st), 0);
	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/%u/%s",
		 minor(st.st_rdev), file);
	return path;
}

void gpu_hang_next(void)
{
	char core[8];

	igt_require(!access(gpu_debugfs("hang"), W_OK));
	snprintf(core, sizeof(core), "%u", gpu.pipe_2d);
	igt_assert_eq(gpu_write_file(gpu_debugfs("hang"), core), 0);
}
