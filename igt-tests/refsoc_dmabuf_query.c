// SPDX-License-Identifier: MIT
/*
 * What user space can ask about a dma-buf: the query ioctl, fdinfo, and what
 * devices say they need; and what is refused to be answered.
 */

#include <fcntl.h>
#include <sys/mman.h>

#include <linux/videodev2.h>

#include "igt.h"

#include "dmabuf_uapi.h"
#include "sharing.h"

IGT_TEST_DESCRIPTION("Queries on dma-bufs and on their importers");

#define SEED	0x5eed0200

static struct share_buffer buf;
static const struct share_importer *gpu;

static struct dma_buf_query ask(void)
{
	struct dma_buf_query query;

	igt_assert_eq(share_query(buf.fd, &query), 0);
	return query;
}

static void create(const char *name)
{
	const struct share_exporter *from = share_exporter(name);

	igt_require_f(from, "there is no %s here\n", name);
	share_clean_up();
	igt_assert_eq(share_alloc(from, SHARE_BYTES, &buf), 0);
}

static void bad_flags(void)
{
	struct dma_buf_query query;

	for (int bit = 0; bit < 32; bit++) {
		query = (struct dma_buf_query) { .flags = 1u << bit };
		do_ioctl_err(buf.fd, DMA_BUF_IOCTL_QUERY, &query, EINVAL);
		query = (struct dma_buf_query) { .pad = 1u << bit };
		do_ioctl_err(buf.fd, DMA_BUF_IOCTL_QUERY, &query, EINVAL);
	}
	/* The fields of the answer are not looked at. */
	memset(&query, 0xff, sizeof(query));
	query.flags = 0;
	query.pad = 0;
	do_ioctl(buf.fd, DMA_BUF_IOCTL_QUERY, &query);
	igt_assert_eq_u64(query.size, prime_get_size(buf.fd));
	igt_assert_eq_u32(query.attachments, 0);
}

static void bad_pointers(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	igt_assert(map != MAP_FAILED);
	do_ioctl_err(buf.fd, DMA_BUF_IOCTL_QUERY, NULL, EFAULT);
	do_ioctl_err(buf.fd, DMA_BUF_IOCTL_QUERY, (void *)-8l, EFAULT);
	/* Half of it is there; all of it is there, and cannot be written. */
	igt_assert_eq(munmap(map + page, page), 0);
	do_ioctl_err(buf.fd, DMA_BUF_IOCTL_QUERY,
		     map + page - sizeof(struct dma_buf_query) / 2, EFAULT);
	igt_assert_eq(mprotect(map, page, PROT_READ), 0);
	do_ioctl_err(buf.fd, DMA_BUF_IOCTL_QUERY, map, EFAULT);
	munmap(map, page);
}

static void bad_numbers(void)
{
	char data[256] = { 0 };
	int other = open("/dev/null", O_RDWR);

	do_ioctl_err(buf.fd, _IOWR(DMA_BUF_BASE, 64, char[24]), data, ENOTTY);
	do_ioctl_err(buf.fd, _IOWR(DMA_BUF_BASE, 64, char[40]), data, ENOTTY);
	do_ioctl_err(buf.fd, _IOW(DMA_BUF_BASE, 64, struct dma_buf_query), data,
		     ENOTTY);
	do_ioctl_err(other, DMA_BUF_IOCTL_QUERY, data, ENOTTY);
	close(other);
	do_ioctl_err(other, DMA_BUF_IOCTL_QUERY, data, EBADF);
}

/* Those who come and go are counted, and what they need is forgotten. */
static void attachments(void)
{
	const struct share_importer *contig = share_importer("vivid-contig");
	struct share_import a, b;

	igt_require(gpu && contig);
	igt_assert_eq_u32(ask().attachments, 0);
	igt_assert_eq_u32(ask().attach_flags, 0);
	igt_assert_eq(share_attach(gpu, &buf, &a), 0);
	igt_assert_eq_u32(ask().attachments, 1);
	igt_assert_eq_u32(ask().attach_flags & DMA_BUF_NEED_CONTIG, 0);
	igt_assert_eq(share_attach(contig, &buf, &b), 0);
	igt_assert_eq_u32(ask().attachments, 2);
	igt_assert_eq_u32(ask().attach_flags & DMA_BUF_NEED_CONTIG,
			  DMA_BUF_NEED_CONTIG);
	share_release(&b);
	igt_assert_eq_u32(ask().attachments, 1);
	igt_assert_eq_u32(ask().attach_flags & DMA_BUF_NEED_CONTIG, 0);
	share_release(&a);
	igt_assert_eq_u32(ask().attachments, 0);
}

/* A refused device is not attached, and its reason stays. */
static void refusal(void)
{
	const struct share_importer *contig = share_importer("vivid-contig");
	struct share_import a, b;

	igt_require(gpu && contig);
	igt_assert_eq_u32(ask().last_refusal, DMA_BUF_REFUSED_NOT);
	igt_assert_eq(share_attach(contig, &buf, &b), -EOPNOTSUPP);
	igt_assert_eq_u32(ask().last_refusal, DMA_BUF_REFUSED_SCATTERED);
	igt_assert_eq_u32(ask().attachments, 0);
	igt_assert_eq(share_attach(gpu, &buf, &a), 0);
	igt_assert_eq_u32(ask().last_refusal, DMA_BUF_REFUSED_SCATTERED);
	share_release(&a);
}

/* Memory is there when somebody wants it, and contiguous if somebody says so. */
static void deferred(bool contiguous)
{
	const struct share_importer *contig = share_importer("vivid-contig");
	const uint32_t there = DMA_BUF_STATE_KNOWN | DMA_BUF_STATE_ALLOCATED |
			       DMA_BUF_STATE_PAGES;
	struct share_import import;

	igt_require(contig);
	igt_assert_eq_u32(ask().state & DMA_BUF_STATE_KNOWN,
			  DMA_BUF_STATE_KNOWN);
	igt_assert_eq_u32(ask().state & DMA_BUF_STATE_ALLOCATED, 0);
	if (contiguous)
		igt_assert_eq(share_attach(contig, &buf, &import), 0);
	igt_assert_eq(share_fill(&buf, SEED), 0);
	igt_assert_eq_u32(ask().state & there, there);
	igt_assert_eq_u32(!!(ask().state & DMA_BUF_STATE_CONTIGUOUS),
			  contiguous);
	if (contiguous)
		share_release(&import);
}

static bool has_line(const char *text, const char *key, const char *value)
{
	char line[80];

	snprintf(line, sizeof(line), "\n%s:\t%s\n", key, value);
	return strstr(text, line);
}

/* fdinfo says the same, and names no device. */
static void fdinfo(void)
{
	char path[64], text[1024] = "";
	struct share_import import;
	ssize_t n;
	int fd;

	igt_require(gpu);
	igt_assert_eq(share_attach(gpu, &buf, &import), 0);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", buf.fd);
	fd = open(path, O_RDONLY);
	igt_assert_fd(fd);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	igt_assert(n > 0);
	igt_info("%s", text);
	igt_assert(has_line(text, "attachments", "1"));
	igt_assert(has_line(text, "attach_flags", "none") ||
		   has_line(text, "attach_flags", "pages"));
	igt_assert(has_line(text, "last_refusal", "none"));
	igt_assert(!strstr(text, "etnaviv") && !strstr(text, "gpu"));
	if (ask().state & DMA_BUF_STATE_KNOWN)
		igt_assert(has_line(text, "allocated",
				    ask().state & DMA_BUF_STATE_ALLOCATED ?
				    "1" : "0"));
	share_release(&import);
}

/* What devices say they need is what they refuse to do without. */
static void needs(void)
{
	struct share_importer by[SHARE_MAX];
	unsigned int n = share_importers(by);

	for (unsigned int i = 0; i < n; i++)
		igt_dynamic(by[i].name) {
			struct share_import import;
			int says = by[i].needs_contig(&by[i]), err;

			igt_assert_lte(0, says);
			err = share_attach(&by[i], &buf, &import);
			igt_assert_eq(err, says ? -EOPNOTSUPP : 0);
			if (!err)
				share_release(&import);
		}
}

int igt_main()
{
	static const struct {
		const char *name, *exporter;
		void (*run)(void);
	} subtests[] = {
		{ "bad-flags", "heap-system", bad_flags },
		{ "bad-pointers", "heap-system", bad_pointers },
		{ "bad-numbers", "heap-system", bad_numbers },
		{ "attachments", "display", attachments },
		{ "refusal", "heap-system", refusal },
		{ "fdinfo", "heap-system", fdinfo },
		{ "fdinfo-deferred", "heap-deferred", fdinfo },
	};

	igt_fixture() {
		gpu = share_importer("gpu");
		share_clean_up();
	}

	for (unsigned int i = 0; i < ARRAY_SIZE(subtests); i++)
		igt_subtest(subtests[i].name) {
			create(subtests[i].exporter);
			subtests[i].run();
			share_free(&buf);
		}
	igt_subtest_with_dynamic("needs") {
		create("udmabuf");
		needs();
		share_free(&buf);
	}
	igt_subtest("deferred-scattered") {
		create("heap-deferred");
		deferred(false);
		share_free(&buf);
	}
	igt_subtest("deferred-contiguous") {
		create("heap-deferred");
		deferred(true);
		share_free(&buf);
	}
}
