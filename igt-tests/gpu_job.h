/* SPDX-License-Identifier: MIT */
/*
 * Jobs for refsoc-gpu, straight over its ioctls: what tests need that want to
 * say each word and each field themselves.
 */
#ifndef GPU_JOB_H
#define GPU_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <etnaviv_drmif.h>
#include <drm/etnaviv_drm.h>	/* last: it makes macros of the other's names */

/* The picture that a good job fills */
#define GPU_SIDE	64
#define GPU_STRIDE	(GPU_SIDE * 4)
#define GPU_BYTES	(GPU_SIDE * GPU_STRIDE)

/* One that takes a core some milliseconds */
#define GPU_BIG_SIDE	1024
#define GPU_BIG_BYTES	(GPU_BIG_SIDE * GPU_BIG_SIDE * 4)

#define GPU_MAX_WORDS	256
#define GPU_MAX_RELOCS	4

struct gpu_job {
	struct drm_etnaviv_gem_submit args;
	struct drm_etnaviv_gem_submit_bo bos[2];
	struct drm_etnaviv_gem_submit_reloc relocs[GPU_MAX_RELOCS];
	uint32_t words[GPU_MAX_WORDS];
};

/* A file of the test's own, and the target of its good jobs */
struct gpu {
	int fd;
	uint32_t pipe_2d, pipe_3d;	/* ~0 where there is none */
	uint32_t handle;
	uint32_t *map;
	uint32_t color;
};

extern struct gpu gpu;

/* Skips the test where the driver is not refsoc-gpu. */
void gpu_setup(void);
void gpu_teardown(void);

void gpu_job_init(struct gpu_job *j, uint32_t pipe, uint32_t handle);
void gpu_emit(struct gpu_job *j, uint32_t word);
void gpu_load(struct gpu_job *j, uint32_t state, uint32_t value);
void gpu_load_address(struct gpu_job *j, uint32_t state);
void gpu_draw(struct gpu_job *j, uint32_t top_left, uint32_t bottom_right);
bool gpu_is_address(uint32_t state);

/* States of a fill, and of a copy of the target onto itself */
struct gpu_state {
	uint32_t addr, value;
};

#define GPU_FILL_STATES	8
#define GPU_COPY_STATES	13
extern const struct gpu_state gpu_fill_states[GPU_FILL_STATES];
extern const struct gpu_state gpu_copy_states[GPU_COPY_STATES];

void gpu_build_fill(struct gpu_job *j, uint32_t handle, uint32_t color);
void gpu_build_long(struct gpu_job *j, uint32_t handle, uint32_t color);

/* 0 or an errno */
int gpu_submit(int fd, struct gpu_job *j);
int gpu_prep(int fd, uint32_t handle, uint32_t op, int seconds);
int gpu_wait(int fd, uint32_t fence, int seconds);

/* With a fence to wait for, or -1; returns the descriptor of the job's own. */
int gpu_submit_fenced(int fd, struct gpu_job *j, int in_fence);

uint32_t gpu_new_bo(int fd, uint64_t size);
void *gpu_map_bo(int fd, uint32_t handle, size_t size);
struct drm_etnaviv_timespec gpu_in_seconds(int seconds);

/* A fill whose every pixel is looked for; fails the test. */
void gpu_good_job(void);
void gpu_good_job_on(int fd, uint32_t handle, const uint32_t *map);

/* Files of sysfs, debugfs and tracefs. Reading: what it says, to be freed. */
char *gpu_read_file(const char *path);
int gpu_write_file(const char *path, const char *text);
uint64_t gpu_number_after(const char *text, const char *key);

/* The debugfs folder of the device, and the platform device of a core */
const char *gpu_debugfs(const char *file);

/* Have the next job of the 2D core hang. */
void gpu_hang_next(void);

#endif
