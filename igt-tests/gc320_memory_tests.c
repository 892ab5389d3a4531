// SPDX-License-Identifier: MIT
/* Where the memory of a surface lies: subtests of refsoc_gc320. */

#include <fcntl.h>
#include <sys/mman.h>

#include "igt.h"

#include "gc320_surface.h"

/* ---- memory ---- */

static void test_memory(uint32_t flags, unsigned int width, unsigned int height)
{
	struct surface src = surface_argb(width, height, flags);
	struct surface dst = surface_argb(width, height, flags);
	struct copied c = { &src, surface_rect(&dst), 0, 0 };

	surface_copy_and_check(&dst, &c);
	surface_fill(&dst, 0x12345678);
	gc320_test_submit();
	surface_check_flat(&dst, 0x12345678);
	surface_del(&src);
	surface_del(&dst);
}

#define PAGE		4096
#define BALLAST		(16 << 20)

/* Whether pages that follow each other here do not in memory */
static bool is_scattered(const struct surface *s)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry, last = 0;
	int runs = 0;

	if (fd < 0) {
		igt_info("no pagemap in this kernel: cannot see the pieces\n");
		return true;
	}
	for (size_t i = 0; i < s->size; i += PAGE) {
		off_t at = (uintptr_t)(s->map + i) / PAGE * sizeof(entry);

		igt_assert_eq(pread(fd, &entry, sizeof(entry), at),
			      sizeof(entry));
		entry &= (1ull << 55) - 1;
		runs += entry != last + 1;
		last = entry;
	}
	close(fd);
	igt_debug("%d runs in %zu pages\n", runs, s->size / PAGE);
	return runs > 1;
}

/* Every second page of a piece of memory comes free, and is taken again. */
static void test_scattered(void)
{
	char *ballast = mmap(NULL, BALLAST, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct surface src, dst;
	struct copied c = { .src = &src };

	igt_assert(ballast != MAP_FAILED);
	madvise(ballast, BALLAST, MADV_NOHUGEPAGE);
	memset(ballast, 1, BALLAST);
	for (size_t i = 0; i < BALLAST; i += 2 * PAGE)
		madvise(ballast + i, PAGE, MADV_DONTNEED);
	src = surface_argb(256, 256, GC320_LINEAR);
	dst = surface_argb(256, 256, GC320_LINEAR);
	igt_require_f(is_scattered(&src) && is_scattered(&dst),
		      "memory did not come out in pieces\n");
	c.to = surface_rect(&dst);
	surface_copy_and_check(&dst, &c);
	surface_del(&src);
	surface_del(&dst);
	munmap(ballast, BALLAST);
}

#define MANY	200

static void test_many(void)
{
	static struct surface s[MANY];

	for (int i = 0; i < MANY; i++) {
		s[i] = surface_argb(32, 17 + i % 64, i % 3 ? GC320_ABOVE_WINDOW :
				    GC320_LINEAR);
		surface_fill(&s[i], i * 0x010307);
	}
	gc320_test_submit();
	for (int i = 0; i < MANY; i++) {
		surface_check_flat(&s[i], i * 0x010307);
		surface_del(&s[i]);
	}
}

/* A buffer that never was in the library's cache, nor will be */
static struct etna_bo *fresh_bo(size_t size)
{
	struct drm_etnaviv_gem_new new = { .size = size, .flags = GC320_ABOVE_WINDOW };
	struct etna_bo *bo;
	int fd;

	do_ioctl(gc320.fd, DRM_IOCTL_ETNAVIV_GEM_NEW, &new);
	fd = prime_handle_to_fd_for_mmap(gc320.fd, new.handle);
	igt_assert_fd(fd);
	bo = etna_bo_from_dmabuf(gc320.dev, fd);
	close(fd);
	return bo;
}

#define ROUNDS	60
#define LIVE	4

/*
 * GPU addresses are used again with other pages behind them: somebody else
 * takes those that come free before the next buffer can.  A stale
 * translation draws into that memory.
 */
static void test_churn(void)
{
	struct surface s[LIVE] = { 0 };
	const size_t ballast_size = 1 << 20;
	uint32_t *ballast = NULL, *last = NULL;

	for (int round = 0; round < ROUNDS; round++) {
		int slot = round % LIVE;
		size_t size = (1 + round * 7 % 13) * 16;

		if (s[slot].map)
			surface_del(&s[slot]);
		ballast = mmap(NULL, ballast_size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		igt_assert(ballast != MAP_FAILED);
		memset(ballast, 0x5a, ballast_size);
		if (last)
			munmap(last, ballast_size);
		last = ballast;
		s[slot] = surface_from(fresh_bo(surface_size(64, size,
							     GC320_A8R8G8B8)),
				       64, size, GC320_A8R8G8B8, GC320_ARGB);
		for (int i = 0; i < LIVE; i++)
			if (s[i].map)
				surface_fill(&s[i], round << 8 | i);
		gc320_test_submit();
		for (int i = 0; i < LIVE; i++)
			if (s[i].map)
				surface_check_flat(&s[i], round << 8 | i);
		for (size_t i = 0; i < ballast_size / 4; i++)
			igt_assert_eq_u32(ballast[i], 0x5a5a5a5a);
	}
	for (int i = 0; i < LIVE; i++)
		surface_del(&s[i]);
	munmap(ballast, ballast_size);
}

static const struct {
	const char *name;
	uint32_t flags;
} kinds[] = {
	{ "cached", DRM_ETNA_GEM_CACHE_CACHED },
	{ "wc", DRM_ETNA_GEM_CACHE_WC },
	{ "uncached", DRM_ETNA_GEM_CACHE_UNCACHED },
};

void gc320_memory_subtests(void)
{
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		igt_describe("One page: inside the linear window");
		igt_subtest_f("memory-%s", kinds[k].name) {
			gc320_test_begin();
			test_memory(kinds[k].flags, 32, 32);
		}
		igt_subtest_f("memory-%s-above-window", kinds[k].name) {
			gc320_test_begin();
			test_memory(kinds[k].flags | DRM_ETNA_GEM_FORCE_MMU,
				    100, 100);
		}
	}
	igt_subtest("memory-scattered") {
		gc320_test_begin();
		test_scattered();
	}
	igt_subtest("memory-many") {
		gc320_test_begin();
		test_many();
	}
	igt_describe("Addresses used again: no stale translation");
	igt_subtest("memory-churn") {
		gc320_test_begin();
		test_churn();
	}
}
