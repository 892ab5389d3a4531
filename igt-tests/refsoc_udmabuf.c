// SPDX-License-Identifier: MIT
/*
 * Buffers that udmabuf makes of huge pages and of parts of them. The board's
 * CPUs have none: this is for others.
 */

#include <fcntl.h>
#include <linux/memfd.h>
#include <linux/udmabuf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "igt.h"

#include "dmabuf_uapi.h"

IGT_TEST_DESCRIPTION("udmabuf and huge pages");

#define HUGE		(2u << 20)
#define MAX_PIECES	3
#define SHMEM_ENABLED	"/sys/kernel/mm/transparent_hugepage/shmem_enabled"

struct piece {
	uint32_t offset, size;
};

struct list {
	struct udmabuf_create_list head;
	struct udmabuf_create_item item[MAX_PIECES];
};

static int udmabuf, memfd = -1;

static uint32_t *map(int fd, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	igt_assert(p != MAP_FAILED);
	return p;
}

/* A file whose words are their numbers; the flags of memfd_create() besides */
static void make_file(unsigned int pages, unsigned int flags)
{
	size_t size = pages * HUGE;
	uint32_t *p;

	if (memfd >= 0)
		close(memfd);
	memfd = memfd_create("huge", MFD_CLOEXEC | MFD_ALLOW_SEALING | flags);
	igt_require_f(memfd >= 0, "no such files: %s\n", strerror(errno));
	igt_assert_eq(ftruncate(memfd, size), 0);
	igt_assert_eq(fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
	igt_require_f(p != MAP_FAILED, "no %u huge pages: %s\n", pages, strerror(errno));
	for (size_t i = 0; i < size / 4; i++)
		p[i] = i;
	munmap(p, size);
}

static int make_buffer(const struct piece *piece, unsigned int n)
{
	struct list list = { .head = { .flags = UDMABUF_FLAGS_CLOEXEC, .count = n } };
	int fd;

	for (unsigned int i = 0; i < n; i++) {
		list.item[i].memfd = memfd;
		list.item[i].offset = piece[i].offset;
		list.item[i].size = piece[i].size;
	}
	fd = ioctl(udmabuf, UDMABUF_CREATE_LIST, &list);
	igt_assert_fd(fd);
	return fd;
}

/* Its mapping has the pieces of the file, and what is written goes there. */
static void check_pieces(int fd, const struct piece *piece, unsigned int n)
{
	size_t size = prime_get_size(fd), file = lseek(memfd, 0, SEEK_END);
	uint32_t *f = map(memfd, file), *p = map(fd, size), *at = p;

	for (unsigned int i = 0; i < n; i++) {
		for (size_t k = 0; k < piece[i].size / 4; k++)
			igt_assert_eq_u32(at[k], piece[i].offset / 4 + k);
		at += piece[i].size / 4;
	}
	igt_assert(at == p + size / 4);
	p[0] = ~0u;
	igt_assert_eq_u32(f[piece[0].offset / 4], ~0u);
	f[piece[0].offset / 4] = piece[0].offset / 4;
	igt_assert_eq_u32(p[0], piece[0].offset / 4);
	munmap(p, size);
	munmap(f, file);
}

/* Make a buffer and look at it: whether the kernel calls it contiguous */
static bool is_contiguous(const struct piece *piece, unsigned int n)
{
	const uint32_t there = DMA_BUF_STATE_KNOWN | DMA_BUF_STATE_ALLOCATED |
			       DMA_BUF_STATE_PAGES;
	struct dma_buf_query query = { 0 };
	int fd = make_buffer(piece, n);

	check_pieces(fd, piece, n);
	do_ioctl(fd, DMA_BUF_IOCTL_QUERY, &query);
	igt_assert_eq_u32(query.state & there, there);
	close(fd);
	return query.state & DMA_BUF_STATE_CONTIGUOUS;
}

static void one_huge_page(void)
{
	const struct piece all = { 0, HUGE }, middle = { HUGE / 4, HUGE / 2 };
	const struct piece page = { HUGE - 4096, 4096 };

	igt_assert(is_contiguous(&all, 1));
	igt_assert(is_contiguous(&middle, 1));
	igt_assert(is_contiguous(&page, 1));
}

static void halves(void)
{
	const struct piece piece[] = { { HUGE / 2, HUGE / 2 }, { 0, HUGE / 2 } };

	igt_assert(!is_contiguous(piece, 2));
}

/* Where they are in memory is not known: but not both ways. */
static void out_of_order(void)
{
	const struct piece up[] = { { 0, HUGE }, { HUGE, HUGE }, { 2 * HUGE, HUGE } };
	const struct piece down[] = { up[2], up[1], up[0] };
	const struct piece across = { HUGE / 2, HUGE };

	igt_assert(!(is_contiguous(up, 3) && is_contiguous(down, 3)));
	is_contiguous(&across, 1);
}

/* What programs get without asking, if the administrator says so */
static void transparent(void)
{
	const struct piece all = { 0, HUGE };
	int fd = open(SHMEM_ENABLED, O_WRONLY | O_CLOEXEC);

	igt_require_f(fd >= 0, "no transparent huge pages\n");
	igt_assert_eq(write(fd, "always", 6), 6);
	make_file(1, 0);
	igt_assert_eq(write(fd, "never", 5), 5);
	close(fd);
	igt_assert(is_contiguous(&all, 1));
	halves();
}

int igt_main()
{
	igt_fixture() {
		udmabuf = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
		igt_require_f(udmabuf >= 0, "no udmabuf\n");
	}

	igt_subtest("pages") {
		make_file(1, 0);
		halves();
	}
	igt_subtest("huge-page") {
		make_file(1, MFD_HUGETLB | MFD_HUGE_2MB);
		one_huge_page();
	}
	igt_subtest("halves-exchanged") {
		make_file(1, MFD_HUGETLB | MFD_HUGE_2MB);
		halves();
	}
	igt_subtest("huge-pages-out-of-order") {
		make_file(3, MFD_HUGETLB | MFD_HUGE_2MB);
		out_of_order();
	}
	igt_subtest("transparent-huge-page")
		transparent();

	igt_fixture()
		close(udmabuf);
}
