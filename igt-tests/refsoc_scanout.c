// SPDX-License-Identifier: MIT
/*
 * Memory on the screen that the display has not allocated: the on-chip one,
 * which has no struct page, and a picture of the GPU's that had to move for it.
 *
 * What is on the screen only somebody outside can tell. REFSOC_PICTURE names a
 * program that takes a picture of it, by its number; where there is none, the
 * tests show that nothing is refused, and that CPU and GPU see the contents.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "igt.h"

#include "dmabuf_uapi.h"
#include "gpu_job.h"
#include "sharing.h"

IGT_TEST_DESCRIPTION("Scanout of memory that others have allocated");

#define SEED		0x5ca0
#define OCRAM_ROWS	180
#define HOLES_BYTES	(16 << 20)

/* The first words of a buffer that a good job's picture covers */
#define DRAWN		(GPU_BYTES / 4)

static void picture(int number)
{
	const char *program = getenv("REFSOC_PICTURE");
	char command[256];

	if (!program)
		return;
	snprintf(command, sizeof(command), "%s %d", program, number);
	igt_assert_eq(system(command), 0);
}

static const struct share_importer *display(void)
{
	const struct share_importer *by = share_importer("display");

	igt_require_f(by, "no display\n");
	return by;
}

/* On the overlay plane, over a primary one that is black */
static void show(struct share_import *import, int number)
{
	igt_assert_eq(share_use(import, SEED), 0);
	picture(number);
}

static void test_ocram(void)
{
	const struct share_exporter *ocram = share_exporter("heap-ocram");
	struct share_import gpu_import, screen;
	struct dma_buf_query query;
	struct share_buffer buf;

	share_clean_up();
	igt_require_f(ocram, "no on-chip memory to allocate from\n");
	igt_assert_eq(share_alloc(ocram, OCRAM_ROWS * SHARE_STRIDE, &buf), 0);
	igt_assert_eq(share_query(buf.fd, &query), 0);
	igt_assert(!(query.state & DMA_BUF_STATE_PAGES));
	igt_assert_eq(share_fill(&buf, SEED), 0);

	/* The GPU has no other way to it than by PFN, and reads what is there. */
	igt_assert_eq(share_attach(share_importer("gpu"), &buf, &gpu_import), 0);
	igt_assert_eq(share_use(&gpu_import, SEED), 0);
	igt_assert_eq(share_attach(display(), &buf, &screen), 0);
	show(&screen, 1);
	igt_assert_eq(share_use(&gpu_import, SEED), 0);

	share_release(&screen);
	share_release(&gpu_import);
	igt_assert_eq(share_check(&buf, SEED), 0);
	share_free(&buf);
}

/* The GPU's colour where it has drawn, and what the CPU wrote elsewhere */
static void assert_contents(const struct share_buffer *buf, uint32_t color)
{
	uint32_t *map = mmap(NULL, buf->size, PROT_READ, MAP_SHARED, buf->fd, 0);

	igt_assert(map != MAP_FAILED);
	prime_sync_start(buf->fd, false);
	for (size_t i = 0; i < buf->size / 4; i++)
		igt_assert_eq_u32(map[i], i < DRAWN ? color : share_word(SEED, i));
	prime_sync_end(buf->fd, false);
	munmap(map, buf->size);
}

static void draw(uint32_t handle, uint32_t color)
{
	struct gpu_job j;

	gpu_build_fill(&j, handle, color);
	igt_assert_eq(gpu_submit(gpu.fd, &j), 0);
	igt_assert_eq(gpu_prep(gpu.fd, handle, ETNA_PREP_READ, 5), 0);
}

static bool is_contiguous(const struct share_buffer *buf)
{
	struct dma_buf_query query;

	igt_assert_eq(share_query(buf->fd, &query), 0);
	return query.state & DMA_BUF_STATE_CONTIGUOUS;
}

/* Free pages with no free neighbours, for who allocates pages next */
static void *scatter(void)
{
	char *map = mmap(NULL, HOLES_BYTES, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	size_t page = sysconf(_SC_PAGESIZE);

	igt_assert(map != MAP_FAILED);
	for (size_t i = 0; i < HOLES_BYTES; i += 2 * page)
		igt_assert_eq(madvise(map + i, page, MADV_DONTNEED), 0);
	return map;
}

static void test_moved(const char *kind, int number)
{
	const struct share_exporter *from = share_exporter(kind);
	struct share_import screen;
	struct share_buffer buf;
	uint32_t handle;
	void *holes;

	share_clean_up();
	igt_require_f(from, "no %s\n", kind);
	igt_assert_eq(share_alloc(from, SHARE_BYTES, &buf), 0);
	holes = scatter();
	igt_assert_eq(share_fill(&buf, SEED), 0);
	munmap(holes, HOLES_BYTES);
	handle = prime_fd_to_handle(gpu.fd, buf.fd);
	draw(handle, 0xff2040c0);
	igt_assert(!is_contiguous(&buf));
	assert_contents(&buf, 0xff2040c0);

	/* A display joins: nothing is lost on the way to where it can read. */
	igt_assert_eq(share_attach(display(), &buf, &screen), 0);
	assert_contents(&buf, 0xff2040c0);
	igt_assert(is_contiguous(&buf));
	show(&screen, number);
	draw(handle, 0xffc04020);
	assert_contents(&buf, 0xffc04020);
	show(&screen, number + 1);

	share_release(&screen);
	gem_close(gpu.fd, handle);
	share_free(&buf);
}

/*
 * A line that overflows when it grows to eight pixels, and the longest that not;
 * likewise all lines together
 */
static void test_dumb_overflow(void)
{
	struct drm_mode_create_dumb args = {
		.width = 0x1fffffff, .height = 1, .bpp = 8,
	};
	int fd = open(display()->path, O_RDWR | O_CLOEXEC);

	igt_assert_fd(fd);
	do_ioctl_err(fd, DRM_IOCTL_MODE_CREATE_DUMB, &args, EINVAL);
	args.width = ~0u;
	do_ioctl_err(fd, DRM_IOCTL_MODE_CREATE_DUMB, &args, EINVAL);
	args.width = 0x1ffffff8;
	do_ioctl_err(fd, DRM_IOCTL_MODE_CREATE_DUMB, &args, ENOMEM);
	args.width = 1;
	args.height = 0x20000001;
	do_ioctl_err(fd, DRM_IOCTL_MODE_CREATE_DUMB, &args, EINVAL);
	args.height = 0x1fffffff;
	do_ioctl_err(fd, DRM_IOCTL_MODE_CREATE_DUMB, &args, EINVAL);
	args.width = 13;
	args.height = 1;
	do_ioctl(fd, DRM_IOCTL_MODE_CREATE_DUMB, &args);
	igt_assert_eq(args.pitch, 16);
	close(fd);
}

int igt_main()
{
	igt_fixture() {
		gpu_setup();
		share_clean_up();
	}

	igt_subtest("dumb-overflow")
		test_dumb_overflow();
	igt_subtest("ocram-overlay")
		test_ocram();
	igt_subtest("moved-cached")
		test_moved("gpu-cached", 2);
	igt_subtest("moved-wc")
		test_moved("gpu-wc", 4);

	igt_fixture()
		gpu_teardown();
}
