// SPDX-License-Identifier: MIT
/* Buffers by the CPU, and exporters that are no devices: see sharing.h. */

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-heap.h>
#include <linux/udmabuf.h>

#include "dmabuf_uapi.h"
#include "sharing.h"

static int heap_alloc(const struct share_exporter *from, size_t size,
		      struct share_buffer *buf)
{
	struct dma_heap_allocation_data data = {
		.len = size, .fd_flags = O_RDWR | O_CLOEXEC,
	};
	int heap = open(from->path, O_RDWR | O_CLOEXEC), err = 0;

	if (heap < 0)
		return -errno;
	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data))
		err = -errno;
	close(heap);
	if (err)
		return err;
	buf->fd = data.fd;
	buf->size = size;
	return 0;
}

/* Neighbours in the file come from different places, whatever the order was. */
static int scatter(int memfd, size_t size, size_t page)
{
	for (size_t first = 0; first < 2; first++)
		for (size_t at = first * page; at < size; at += 2 * page)
			if (pwrite(memfd, "", 1, at) != 1)
				return -errno;
	return 0;
}

static int udmabuf_alloc(const struct share_exporter *from, size_t size,
			 struct share_buffer *buf)
{
	size_t page = sysconf(_SC_PAGESIZE);
	struct udmabuf_create create = { .flags = UDMABUF_FLAGS_CLOEXEC };
	int dev = open(from->path, O_RDWR | O_CLOEXEC), err = 0;

	if (dev < 0)
		return -errno;
	create.size = (size + page - 1) / page * page;
	create.memfd = memfd_create("sharing", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (ftruncate(create.memfd, create.size) ||
	    fcntl(create.memfd, F_ADD_SEALS, F_SEAL_SHRINK))
		err = -errno;
	if (!err)
		err = scatter(create.memfd, create.size, page);
	if (!err) {
		buf->fd = ioctl(dev, UDMABUF_CREATE, &create);
		if (buf->fd < 0)
			err = -errno;
	}
	buf->size = create.size;
	close(create.memfd);
	close(dev);
	return err;
}

static unsigned int heaps(struct share_exporter *list)
{
	struct dirent **names;
	int n = scandir("/dev/dma_heap", &names, NULL, alphasort);
	unsigned int count = 0;

	for (int i = 0; i < n && count < 8; i++) {
		struct share_exporter *e = &list[count];

		if (names[i]->d_name[0] == '.')
			continue;
		*e = (struct share_exporter) { .alloc = heap_alloc };
		snprintf(e->path, sizeof(e->path), "/dev/dma_heap/%.40s",
			 names[i]->d_name);
		snprintf(e->name, sizeof(e->name), "heap-%.20s",
			 names[i]->d_name);
		for (char *c = e->name; *c; c++)
			*c = isalnum(*c) ? *c : '-';
		count++;
	}
	return count;
}

unsigned int share_exporters(struct share_exporter list[SHARE_MAX])
{
	unsigned int n = share_drm_exporters(list);

	n += share_v4l2_exporters(list + n);
	n += heaps(list + n);
	if (!access("/dev/udmabuf", R_OK | W_OK))
		list[n++] = (struct share_exporter) {
			.name = "udmabuf", .path = "/dev/udmabuf",
			.alloc = udmabuf_alloc,
		};
	return n;
}

unsigned int share_importers(struct share_importer list[SHARE_MAX])
{
	unsigned int n = share_gpu_importer(list);

	n += share_card_importers(list + n);
	return n + share_v4l2_importers(list + n);
}

const struct share_exporter *share_exporter(const char *name)
{
	static struct share_exporter list[SHARE_MAX];
	unsigned int n = share_exporters(list);

	for (unsigned int i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

const struct share_importer *share_importer(const char *name)
{
	static struct share_importer list[SHARE_MAX];
	unsigned int n = share_importers(list);

	for (unsigned int i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

int share_alloc(const struct share_exporter *from, size_t size,
		struct share_buffer *buf)
{
	int err;

	*buf = (struct share_buffer) { .fd = -1, .owner = -1 };
	err = from->alloc(from, size, buf);
	if (err)
		share_free(buf);
	return err;
}

int share_alloc_any(const struct share_exporter *from, struct share_buffer *buf)
{
	int err = -ENOMEM;

	for (size_t size = SHARE_BYTES;
	     size >= SHARE_BYTES / 16 && (err == -ENOMEM || err == -EINVAL);
	     size /= 4)
		err = share_alloc(from, size, buf);
	return err;
}

void share_free(struct share_buffer *buf)
{
	if (buf->fd >= 0)
		close(buf->fd);
	if (buf->owner >= 0)
		close(buf->owner);
	buf->fd = -1;
	buf->owner = -1;
}

int share_attach(const struct share_importer *by,
		 const struct share_buffer *buf, struct share_import *import)
{
	int err;

	*import = (struct share_import) { .by = by, .fd = -1, .size = buf->size };
	err = by->attach(import, buf);
	if (err)
		share_release(import);
	return err;
}

int share_use(struct share_import *import, uint32_t seed)
{
	return import->by->use ? import->by->use(import, seed) : 0;
}

int share_write(struct share_import *import, uint32_t seed)
{
	return import->by->write ? import->by->write(import, seed) : 0;
}

void share_release(struct share_import *import)
{
	if (import->by->release)
		import->by->release(import);
	if (import->fd >= 0)
		close(import->fd);
	import->fd = -1;
}

void share_clean_up(void)
{
	static int first;

	if (!first) {
		first = open("/dev/null", O_RDWR);
		if (first >= 0)
			close(first);
		return;
	}
	close_range(first, ~0u, 0);
}

uint32_t share_word(uint32_t seed, size_t index)
{
	return (seed + index) * 0x9e3779b1u;
}

int share_sync(int fd, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };
	int ret;

	do {
		ret = ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync);
	} while (ret && (errno == EINTR || errno == EAGAIN));
	return ret ? -errno : 0;
}

static int for_cpu(const struct share_buffer *buf, uint32_t seed, bool fill)
{
	uint64_t how = fill ? DMA_BUF_SYNC_RW : DMA_BUF_SYNC_READ;
	uint32_t *map;
	int err, end;

	map = mmap(NULL, buf->size, PROT_READ | PROT_WRITE, MAP_SHARED,
		   buf->fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	err = share_sync(buf->fd, DMA_BUF_SYNC_START | how);
	for (size_t i = 0; !err && i < buf->size / 4; i++) {
		if (fill)
			map[i] = share_word(seed, i);
		else if (map[i] != share_word(seed, i))
			err = -EBADMSG;
	}
	end = share_sync(buf->fd, DMA_BUF_SYNC_END | how);
	munmap(map, buf->size);
	return err ? err : end;
}

int share_fill(const struct share_buffer *buf, uint32_t seed)
{
	return for_cpu(buf, seed, true);
}

int share_check(const struct share_buffer *buf, uint32_t seed)
{
	return for_cpu(buf, seed, false);
}

int share_query(int fd, struct dma_buf_query *query)
{
	memset(query, 0, sizeof(*query));
	return ioctl(fd, DMA_BUF_IOCTL_QUERY, query) ? -errno : 0;
}

const char *share_reason(uint32_t refusal)
{
	static const char * const names[] = {
		[DMA_BUF_REFUSED_NOT] = "none",
		[DMA_BUF_REFUSED_FLAGS] = "flags",
		[DMA_BUF_REFUSED_SCATTERED] = "scattered",
		[DMA_BUF_REFUSED_NO_PAGES] = "no pages",
		[DMA_BUF_REFUSED_TOO_LARGE] = "too large",
		[DMA_BUF_REFUSED_PINNED] = "pinned",
		[DMA_BUF_REFUSED_MAPPED] = "mapped",
		[DMA_BUF_REFUSED_VMAPPED] = "vmapped",
		[DMA_BUF_REFUSED_RAW] = "raw",
		[DMA_BUF_REFUSED_NO_MEMORY] = "no memory",
		[DMA_BUF_REFUSED_NO_CONTIG] = "no contiguous memory",
		[DMA_BUF_REFUSED_BOUNCED] = "bounced",
	};

	return refusal < sizeof(names) / sizeof(*names) ? names[refusal] : "?";
}

const char *share_errno(int err)
{
	const char *name = strerrorname_np(err < 0 ? -err : err);

	return name ? name : "?";
}
