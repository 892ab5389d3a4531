// SPDX-License-Identifier: MIT
/*
 * Who can share buffers with whom: every exporter on this board with every two
 * importers in either order, before and after they have used the buffer.  A
 * refusal has one of three meanings and a reason, and comes at attach.
 */

#include "igt.h"

#include "dmabuf_uapi.h"
#include "sharing.h"

IGT_TEST_DESCRIPTION("Sharing dma-bufs between every two devices");

#define SEED	0x5eed0100

static struct share_exporter from[SHARE_MAX];
static struct share_importer by[SHARE_MAX];
static unsigned int n_from, n_by;

/* Storage of these is chosen late and moves when it has to. */
static bool moves(const struct share_exporter *exporter)
{
	return !strncmp(exporter->name, "gpu-", 4) ||
	       !strcmp(exporter->name, "heap-deferred");
}

/* These map what they attach to at once, and take it as it is. */
static bool maps_at_once(const struct share_importer *importer)
{
	return !strcmp(importer->name, "vgem") ||
	       !strcmp(importer->name, "vivid-vmalloc");
}

static int errno_of(uint32_t refusal)
{
	switch (refusal) {
	case DMA_BUF_REFUSED_SCATTERED:
	case DMA_BUF_REFUSED_NO_PAGES:
	case DMA_BUF_REFUSED_TOO_LARGE:
	case DMA_BUF_REFUSED_BOUNCED:
		return -EOPNOTSUPP;
	case DMA_BUF_REFUSED_PINNED:
	case DMA_BUF_REFUSED_MAPPED:
	case DMA_BUF_REFUSED_VMAPPED:
	case DMA_BUF_REFUSED_RAW:
		return -EBUSY;
	case DMA_BUF_REFUSED_NO_MEMORY:
	case DMA_BUF_REFUSED_NO_CONTIG:
		return -ENOMEM;
	default:
		return 0;
	}
}

/* What user space was told and what it can ask for say the same. */
static void assert_refused(const struct share_buffer *buf, int err, int want)
{
	struct dma_buf_query query;

	igt_assert_eq(share_query(buf->fd, &query), 0);
	igt_assert_f(err == want && errno_of(query.last_refusal) == want,
		     "refused with %s and reason \"%s\", not with %s\n",
		     share_errno(err), share_reason(query.last_refusal),
		     share_errno(want));
}

static void create(const struct share_exporter *exporter,
		   struct share_buffer *buf)
{
	int err = share_alloc_any(exporter, buf);

	/* What the last one showed is freed when the display is done with it. */
	for (int i = 0; i < 50 && err == -ENOMEM; i++) {
		usleep(20000);
		err = share_alloc_any(exporter, buf);
	}
	igt_assert_f(!err, "%s gives no buffer: %s\n", exporter->name,
		     share_errno(err));
	igt_assert_eq(share_fill(buf, SEED), 0);
}

static int attach(const struct share_importer *importer,
		  const struct share_buffer *buf, struct share_import *import)
{
	int err = share_attach(importer, buf, import);

	igt_require_f(err != -EMSGSIZE, "%s has no picture of %zu bytes\n",
		      importer->name, buf->size);
	return err;
}

/* The display lets go of what it shows when that is off the screen. */
static void assert_let_go(const struct share_buffer *buf)
{
	struct dma_buf_query query;

	for (int i = 0; i < 50; i++) {
		igt_assert_eq(share_query(buf->fd, &query), 0);
		if (!query.attachments)
			break;
		usleep(20000);
	}
	igt_assert_eq(query.attachments, 0);
}

/* Whoever has been let in can use it. */
static void use(struct share_import *import)
{
	int err = share_use(import, SEED);

	if (!err)
		err = share_write(import, SEED);
	igt_assert_f(!err, "%s cannot use what it has attached: %s\n",
		     import->by->name, share_errno(err));
}

static void pair(const struct share_exporter *exporter,
		 const struct share_importer *a, const struct share_importer *b,
		 bool used)
{
	struct share_import ia, ib;
	struct share_buffer buf;
	int err;

	share_clean_up();
	create(exporter, &buf);
	err = attach(a, &buf, &ia);
	if (err) {
		/* Nobody else is there: it can only be for ever. */
		assert_refused(&buf, err, -EOPNOTSUPP);
		goto out;
	}
	if (used)
		use(&ia);
	err = attach(b, &buf, &ib);
	if (err && moves(exporter)) {
		assert_refused(&buf, err, -EBUSY);
		igt_assert(used || maps_at_once(a));
		/* The errno says what helps. */
		share_release(&ia);
		igt_assert_eq(attach(b, &buf, &ib), 0);
		igt_assert_eq(attach(a, &buf, &ia), 0);
	} else if (err) {
		assert_refused(&buf, err, -EOPNOTSUPP);
	}
	if (!err || moves(exporter)) {
		use(&ib);
		share_release(&ib);
	}
	use(&ia);
	share_release(&ia);
out:
	igt_assert_eq(share_check(&buf, SEED), 0);
	assert_let_go(&buf);
	share_free(&buf);
}

static void pairs(bool used)
{
	for (unsigned int e = 0; e < n_from; e++)
		for (unsigned int a = 0; a < n_by; a++)
			for (unsigned int b = 0; b < n_by; b++) {
				if (a == b)
					continue;
				igt_dynamic_f("%.31s-to-%.31s-and-%.31s", from[e].name,
					      by[a].name, by[b].name)
					pair(&from[e], &by[a], &by[b], used);
			}
}

/* One after the other: each finds the contents the one before has seen. */
static void everybody(void)
{
	for (unsigned int e = 0; e < n_from; e++)
		igt_dynamic(from[e].name) {
			struct share_import imports[SHARE_MAX];
			bool in[SHARE_MAX] = { false };
			struct share_buffer buf;

			share_clean_up();
			create(&from[e], &buf);
			for (unsigned int i = 0; i < n_by; i++)
				in[i] = !share_attach(&by[i], &buf, &imports[i]);
			for (unsigned int i = 0; i < n_by; i++) {
				if (!in[i])
					continue;
				use(&imports[i]);
				share_release(&imports[i]);
			}
			igt_assert_eq(share_check(&buf, SEED), 0);
			assert_let_go(&buf);
			share_free(&buf);
		}
}

int igt_main()
{
	igt_fixture() {
		n_from = share_exporters(from);
		n_by = share_importers(by);
		share_clean_up();
		igt_require(n_from && n_by);
	}

	igt_describe("Both are attached before either uses the buffer");
	igt_subtest_with_dynamic("pairs-unmapped")
		pairs(false);
	igt_describe("The first has used the buffer when the second comes");
	igt_subtest_with_dynamic("pairs-mapped")
		pairs(true);
	igt_describe("All at once");
	igt_subtest_with_dynamic("everybody")
		everybody();
}
