// SPDX-License-Identifier: MIT
/* Buffers that are to move: see moving.h. */

#include <sys/wait.h>

#include "sw_sync.h"

#include "dmabuf_uapi.h"
#include "moving.h"

static int timeline;

void moving_hold(const struct share_buffer *buf)
{
	struct dma_buf_import_sync_file import = { .flags = DMA_BUF_SYNC_WRITE };

	timeline = sw_sync_timeline_create();
	import.fd = sw_sync_timeline_create_fence(timeline, 1);
	do_ioctl(buf->fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import);
	close(import.fd);
}

void moving_let_go(void)
{
	sw_sync_timeline_inc(timeline, 1);
	close(timeline);
}

bool moving_contiguous(const struct share_buffer *buf)
{
	struct dma_buf_query query;

	igt_assert_eq(share_query(buf->fd, &query), 0);
	return query.state & DMA_BUF_STATE_CONTIGUOUS;
}

/* Memory may be contiguous by luck; what was is kept, so that there is less. */
void moving_scattered(const struct share_exporter *from, uint32_t seed,
		      struct share_buffer *buf)
{
	for (int i = 0; i < 20; i++) {
		igt_assert_eq(share_alloc(from, SHARE_BYTES, buf), 0);
		igt_assert_eq(share_fill(buf, seed), 0);
		if (!moving_contiguous(buf))
			return;
	}
	igt_assert_f(false, "all memory is contiguous\n");
}

bool moving_ends_in_time(pid_t pid, int *status)
{
	for (int ms = 0; ms < 3 * AT_ONCE_MS; ms += 10) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		usleep(10000);
	}
	return false;
}
