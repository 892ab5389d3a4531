// SPDX-License-Identifier: MIT
/*
 * The "deferred" and "ocram" dma-heaps: what they refuse, that buffers start
 * with zeroes, and that nothing is taken before it is used.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "igt.h"

IGT_TEST_DESCRIPTION("Buffers of RefSoC's dma-heaps");

#ifndef DMA_HEAP_FLAG_CONTIG
#define DMA_HEAP_FLAG_CONTIG	(1ULL << 0)
#endif

#define PAGE	4096u
#define MIB	(1024 * 1024ull)
#define FRAME	(1920 * 1080 * 4u)
#define MANY	256
#define OCRAM	0x1e000u		/* see the device tree */

static int deferred, ocram;

/* A file descriptor, or minus the errno */
static int heap_alloc(int heap, uint64_t size, uint64_t flags)
{
	struct dma_heap_allocation_data args = {
		.len = size,
		.fd_flags = O_RDWR | O_CLOEXEC,
		.heap_flags = flags,
	};

	return ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &args) ? -errno : (int)args.fd;
}

static uint32_t *map(int fd, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	igt_assert(p != MAP_FAILED);
	return p;
}

static unsigned long long meminfo(const char *key)
{
	unsigned long long kib = 0;
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];

	igt_assert(f);
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, key, strlen(key)))
			kib = strtoull(line + strlen(key), NULL, 10);
	}
	fclose(f);
	return kib * 1024;
}

static void test_sizes(int heap)
{
	unsigned long long ram = meminfo("MemTotal:");
	int fd = heap_alloc(heap, 1, 0);

	igt_assert_lte(0, fd);
	igt_assert_eq(prime_get_size(fd), PAGE);
	close(fd);
	igt_assert_eq(heap_alloc(heap, 0, 0), -EINVAL);
	igt_assert_eq(heap_alloc(heap, UINT64_MAX, 0), -EINVAL);
	/* The upper half of the length counts as well. */
	igt_assert_lt(heap_alloc(heap, (1ull << 32) + PAGE, 0), 0);
	igt_assert_eq(heap_alloc(heap, ram + 64 * MIB, 0), -ENOMEM);
	igt_assert_eq(heap_alloc(heap, PAGE, ~DMA_HEAP_FLAG_CONTIG), -EINVAL);
}

static void test_zeroes(int heap, size_t size)
{
	for (int round = 0; round < 3; round++) {
		int fd = heap_alloc(heap, size, 0);
		uint32_t *p;

		igt_assert_lte(0, fd);
		p = map(fd, size);
		for (size_t i = 0; i < size / 4; i++)
			igt_assert_eq_u32(p[i], 0);
		memset(p, 0xdb, size);
		munmap(p, size);
		close(fd);
	}
}

/* Much more than there is, none of it used */
static void test_no_memory_before_use(void)
{
	unsigned long long size = meminfo("MemTotal:") / 4;
	unsigned long long before = meminfo("MemFree:");
	int fds[16];
	uint32_t *p;

	for (int i = 0; i < 16; i++) {
		fds[i] = heap_alloc(deferred, size, 0);
		igt_assert_lte(0, fds[i]);
	}
	igt_assert(meminfo("MemFree:") + 16 * MIB > before);
	p = map(fds[3], PAGE);
	igt_assert_eq_u32(p[5], 0);
	igt_assert(meminfo("MemFree:") + size / 2 < before);
	munmap(p, PAGE);
	for (int i = 0; i < 16; i++)
		close(fds[i]);
	igt_assert(meminfo("MemFree:") + size / 2 > before);
}

/* The flag takes contiguous memory at once, up to an end that is an error. */
static void test_contiguous(void)
{
	unsigned long long area = meminfo("CmaTotal:");
	int fds[MANY], n, err;

	igt_assert_eq(heap_alloc(deferred, area + PAGE, DMA_HEAP_FLAG_CONTIG),
		      -EOPNOTSUPP);
	for (n = 0; n < MANY; n++) {
		fds[n] = heap_alloc(deferred, FRAME, DMA_HEAP_FLAG_CONTIG);
		if (fds[n] < 0)
			break;
	}
	igt_assert_lt(0, n);
	igt_assert_lt(n, MANY);
	err = fds[n];
	igt_assert_eq(err, -ENOMEM);
	igt_assert(meminfo("CmaFree:") < area - (unsigned long long)n * FRAME);
	/* Who does not ask for it is not affected. */
	err = heap_alloc(deferred, FRAME, 0);
	igt_assert_lte(0, err);
	igt_assert_eq_u32(map(err, FRAME)[FRAME / 8], 0);
	close(err);
	while (n--)
		close(fds[n]);
}

/* There is enough, but nowhere in one piece: an error at once, and no harm. */
static void test_fragmented(void)
{
	unsigned long long piece = 2 * MIB;
	int fds[MANY], n, fd;

	for (n = 0; n < MANY; n++) {
		fds[n] = heap_alloc(deferred, piece, DMA_HEAP_FLAG_CONTIG);
		if (fds[n] < 0)
			break;
	}
	igt_assert_lt(8, n);
	igt_assert_lt(n, MANY);
	igt_assert_eq(fds[n], -ENOMEM);
	for (int i = 0; i < n; i += 2)
		close(fds[i]);
	igt_set_timeout(30, "memory that is not there");
	igt_assert_eq(heap_alloc(deferred, 2 * piece, DMA_HEAP_FLAG_CONTIG),
		      -ENOMEM);
	igt_reset_timeout();
	for (int i = 0; i < n; i += 2) {
		fds[i] = heap_alloc(deferred, piece, DMA_HEAP_FLAG_CONTIG);
		igt_assert_lte(0, fds[i]);
	}
	for (int i = 0; i < n; i++)
		close(fds[i]);
	fd = heap_alloc(deferred, 2 * piece, DMA_HEAP_FLAG_CONTIG);
	igt_assert_lte(0, fd);
	close(fd);
}

static void test_private_mapping(int heap)
{
	int fd = heap_alloc(heap, PAGE, 0);

	igt_assert_lte(0, fd);
	igt_assert(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) ==
		   MAP_FAILED);
	igt_assert_eq(errno, EINVAL);
	close(fd);
}

/* Who may only read looks at the same memory, and does not write to it. */
static void test_read_only(int heap)
{
	struct dma_heap_allocation_data args = {
		.len = PAGE,
		.fd_flags = O_RDONLY | O_CLOEXEC,
	};
	uint32_t *p;
	int fd;

	igt_assert_eq(ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &args), 0);
	fd = args.fd;
	p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	igt_assert(p != MAP_FAILED);
	igt_assert_eq_u32(p[5], 0);
	igt_assert_neq(mprotect(p, PAGE, PROT_READ | PROT_WRITE), 0);
	munmap(p, PAGE);
	igt_assert(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) ==
		   MAP_FAILED);
	igt_assert_eq(errno, EACCES);
	close(fd);
}

/* Pages are handed out until none is left, and then again; none of them twice. */
static void test_ocram_exhausted(void)
{
	for (int round = 0; round < 2; round++) {
		uint32_t *p[MANY];
		int fd, n;

		for (n = 0; n < MANY; n++) {
			fd = heap_alloc(ocram, PAGE, 0);
			if (fd < 0)
				break;
			p[n] = map(fd, PAGE);
			*p[n] = n;
			/* The mapping keeps the buffer. */
			close(fd);
		}
		igt_assert_eq(fd, -ENOMEM);
		igt_assert_eq(n, OCRAM / PAGE);
		for (int i = 0; i < n; i++) {
			igt_assert_eq_u32(*p[i], i);
			munmap(p[i], PAGE);
		}
	}
}

int igt_main()
{
	igt_fixture() {
		deferred = open("/dev/dma_heap/deferred", O_RDONLY | O_CLOEXEC);
		igt_require_f(deferred >= 0, "no deferred heap\n");
		ocram = open("/dev/dma_heap/ocram", O_RDONLY | O_CLOEXEC);
	}

	igt_subtest("deferred-sizes")
		test_sizes(deferred);
	igt_subtest("deferred-zeroes")
		test_zeroes(deferred, FRAME);
	igt_subtest("deferred-takes-nothing")
		test_no_memory_before_use();
	igt_subtest("deferred-contiguous")
		test_contiguous();
	igt_subtest("deferred-fragmented")
		test_fragmented();
	igt_subtest("deferred-private")
		test_private_mapping(deferred);
	igt_subtest("deferred-read-only")
		test_read_only(deferred);
	igt_subtest_group() {
		igt_fixture()
			igt_require_f(ocram >= 0, "no ocram heap\n");
		igt_subtest("ocram-sizes") {
			igt_assert_eq(heap_alloc(ocram, 0, 0), -EINVAL);
			igt_assert_eq(heap_alloc(ocram, MIB, 0), -ENOMEM);
			igt_assert_eq(heap_alloc(ocram, PAGE,
						 DMA_HEAP_FLAG_CONTIG), -EINVAL);
		}
		igt_subtest("ocram-zeroes")
			test_zeroes(ocram, OCRAM);
		igt_subtest("ocram-private")
			test_private_mapping(ocram);
		igt_subtest("ocram-read-only")
			test_read_only(ocram);
		igt_subtest("ocram-exhausted")
			test_ocram_exhausted();
	}

	igt_fixture() {
		close(deferred);
		if (ocram >= 0)
			close(ocram);
	}
}
