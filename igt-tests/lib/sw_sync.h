/* SPDX-License-Identifier: MIT */
#ifndef SW_SYNC_H
#define SW_SYNC_H

#include <stdbool.h>
#include <stdint.h>

void igt_require_sw_sync(void);

int sw_sync_timeline_create(void);
int sw_sync_timeline_create_fence(int timeline, uint32_t seqno);
void sw_sync_timeline_inc(int timeline, uint32_t count);

int sync_fence_merge(int fd1, int fd2);
int sync_fence_wait(int fd, int timeout);
int sync_fence_status(int fd);
int sync_fence_count(int fd);

#endif
