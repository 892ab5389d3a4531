// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <linux/sync_file.h>

#include "drmtest.h"
#include "sw_sync.h"

/* drivers/dma-buf/sw_sync.c: a debugfs file, so it has no UAPI header. */
struct sw_sync_create_fence_data {
	uint32_t value;
	char name[32];
	int32_t fence;
};

#define SW_SYNC_IOC_CREATE_FENCE \
	_IOWR('W', 0, struct sw_sync_create_fence_data)
#define SW_SYNC_IOC_INC _IOW('W', 1, uint32_t)
#define SW_SYNC_PATH "/sys/kernel/debug/sync/sw_sync"

void igt_require_sw_sync(void)
{
	igt_require(!access(SW_SYNC_PATH, R_OK | W_OK));
}

int sw_sync_timeline_create(void)
{
	int fd = open(SW_SYNC_PATH, O_RDWR | O_CLOEXEC);

	igt_assert_fd(fd);
	return fd;
}

int sw_sync_timeline_create_fence(int timeline, uint32_t seqno)
{
	struct sw_sync_create_fence_data data = { .value = seqno, .fence = -1 };

	do_ioctl(timeline, SW_SYNC_IOC_CREATE_FENCE, &data);
	return data.fence;
}

void sw_sync_timeline_inc(int timeline, uint32_t count)
{
	do_ioctl(timeline, SW_SYNC_IOC_INC, &count);
}

int sync_fence_merge(int fd1, int fd2)
{
	struct sync_merge_data data = { .fd2 = fd2 };

	if (igt_ioctl(fd1, SYNC_IOC_MERGE, &data))
		return -errno;
	return data.fence;
}

int sync_fence_wait(int fd, int timeout)
{
	struct pollfd fds = { .fd = fd, .events = POLLIN };
	int ret;

	do {
		ret = poll(&fds, 1, timeout);
	} while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return -errno;
	if (!ret)
		return -ETIME;
	return fds.revents & (POLLERR | POLLNVAL) ? -EINVAL : 0;
}

static struct sync_file_info info(int fd)
{
	struct sync_file_info data = { 0 };

	if (igt_ioctl(fd, SYNC_IOC_FILE_INFO, &data))
		data.status = -errno;
	return data;
}

int sync_fence_status(int fd)
{
	return info(fd).status;
}

int sync_fence_count(int fd)
{
	return info(fd).num_fences;
}
