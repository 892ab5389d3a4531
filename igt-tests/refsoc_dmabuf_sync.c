// SPDX-License-Identifier: MIT
/*
 * Cache maintenance.  An emulator has no caches, so missing maintenance never
 * shows in a picture: the kernel's trace events are what tells.
 */

#include <fcntl.h>

#include <linux/dma-buf.h>

#include "igt.h"

#include "sharing.h"

IGT_TEST_DESCRIPTION("Cache maintenance of dma-bufs, by trace events");

#define TRACING	"/sys/kernel/tracing/"
#define SEED	0x5eed0400

static const struct share_importer *device;

static void write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	igt_assert_fd(fd);
	igt_assert_eq(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
}

/* How many lines of the trace hold both texts; the trace is emptied. */
static unsigned int traced(const char *event, const char *what)
{
	FILE *f = fopen(TRACING "trace", "r");
	unsigned int n = 0;
	char line[512];

	igt_assert(f);
	while (fgets(line, sizeof(line), f))
		n += strstr(line, event) && strstr(line, what);
	fclose(f);
	return n;
}

static void forget(void)
{
	write_to(TRACING "trace", "0");
}

static void sync_buffer(const struct share_buffer *buf, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	do_ioctl(buf->fd, DMA_BUF_IOCTL_SYNC, &sync);
}

/*
 * A device has the buffer mapped, and the CPU gets it and gives it back: each
 * time once for the mapping, if CPUs have it in their caches, else never.
 */
static void handed_over(const char *name, unsigned int times)
{
	const struct share_exporter *from = share_exporter(name);
	struct share_import import;
	struct share_buffer buf;

	igt_require_f(from, "there is no %s here\n", name);
	share_clean_up();
	igt_assert_eq(share_alloc(from, SHARE_BYTES, &buf), 0);
	igt_assert_eq(share_fill(&buf, SEED), 0);
	forget();
	igt_assert_eq(share_attach(device, &buf, &import), 0);
	igt_assert_eq(share_use(&import, SEED), 0);
	igt_assert_eq(traced("dma_buf_map:", "importer="), 1);

	forget();
	sync_buffer(&buf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);
	igt_assert_eq(traced("dma_buf_sync_for_cpu:", "importer="), times);
	igt_assert_eq(traced("dma_buf_sync_for_device:", "importer="), 0);
	sync_buffer(&buf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
	igt_assert_eq(traced("dma_buf_sync_for_cpu:", "importer="), times);
	igt_assert_eq(traced("dma_buf_sync_for_device:", "importer="), times);

	/* Nothing is mapped any more, and nothing is done. */
	share_release(&import);
	igt_assert_eq(traced("dma_buf_unmap:", "importer="), 1);
	forget();
	sync_buffer(&buf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	sync_buffer(&buf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	igt_assert_eq(traced("dma_buf_sync", "importer="), 0);
	share_free(&buf);
}

int igt_main()
{
	static const struct {
		const char *name;
		unsigned int times;
	} exporters[] = {
		{ "heap-system", 1 }, { "heap-deferred", 1 }, { "udmabuf", 1 },
		{ "gpu-cached", 1 }, { "gpu-wc", 0 }, { "gpu-uncached", 0 },
	};

	igt_fixture() {
		igt_require(!access(TRACING "events/dma_buf", R_OK));
		device = share_importer("vgem");
		igt_require(device);
		share_clean_up();
		write_to(TRACING "events/dma_buf/enable", "1");
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(exporters); i++)
		igt_subtest(exporters[i].name)
			handed_over(exporters[i].name, exporters[i].times);
	igt_fixture()
		write_to(TRACING "events/dma_buf/enable", "0");
}
