// SPDX-License-Identifier: MIT
#include <fcntl.h>

#include <linux/dma-buf.h>

#include "ioctl_wrappers.h"

void gem_close(int fd, uint32_t handle)
{
	struct drm_gem_close close_bo = { .handle = handle };

	do_ioctl(fd, DRM_IOCTL_GEM_CLOSE, &close_bo);
}

static int export(int fd, uint32_t handle, uint32_t flags)
{
	struct drm_prime_handle args = {
		.handle = handle, .flags = flags, .fd = -1,
	};

	do_ioctl(fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &args);
	return args.fd;
}

int prime_handle_to_fd(int fd, uint32_t handle)
{
	return export(fd, handle, DRM_CLOEXEC);
}

int prime_handle_to_fd_for_mmap(int fd, uint32_t handle)
{
	return export(fd, handle, DRM_CLOEXEC | DRM_RDWR);
}

uint32_t prime_fd_to_handle(int fd, int dma_buf_fd)
{
	struct drm_prime_handle args = { .fd = dma_buf_fd };

	do_ioctl(fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &args);
	return args.handle;
}

off_t prime_get_size(int dma_buf_fd)
{
	off_t size = lseek(dma_buf_fd, 0, SEEK_END);

	igt_assert(size >= 0);
	return size;
}

static void sync_cpu(int dma_buf_fd, uint64_t flags, bool write)
{
	struct dma_buf_sync sync = {
		.flags = flags | DMA_BUF_SYNC_READ |
			 (write ? DMA_BUF_SYNC_WRITE : 0),
	};

	do_ioctl(dma_buf_fd, DMA_BUF_IOCTL_SYNC, &sync);
}

void prime_sync_start(int dma_buf_fd, bool write)
{
	sync_cpu(dma_buf_fd, DMA_BUF_SYNC_START, write);
}

void prime_sync_end(int dma_buf_fd, bool write)
{
	sync_cpu(dma_buf_fd, DMA_BUF_SYNC_END, write);
}
