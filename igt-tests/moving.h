/* SPDX-License-Identifier: MIT */
/* Buffers that are to move, and a fence that user space holds back. */
#ifndef MOVING_H
#define MOVING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "igt.h"

#include "sharing.h"

#define AT_ONCE_MS	1000	/* on a busy host; what waits takes for ever */

/* One fence at a time: whoever moves the buffer waits until it is let go. */
void moving_hold(const struct share_buffer *buf);
void moving_let_go(void);

bool moving_contiguous(const struct share_buffer *buf);

/* A buffer with contents, in memory that a contiguous importer cannot have. */
void moving_scattered(const struct share_exporter *from, uint32_t seed,
		      struct share_buffer *buf);

/* Whether a child ends by itself; one that waits for a fence does not. */
bool moving_ends_in_time(pid_t pid, int *status);

#define assert_at_once(expr) do {					\
	struct timespec igt_unique(t) = { 0 };				\
									\
	igt_nsec_elapsed(&igt_unique(t));				\
	igt_assert(expr);						\
	igt_assert_lt(igt_nsec_elapsed(&igt_unique(t)) / 1000000,	\
		      AT_ONCE_MS);					\
} while (0)

#endif
