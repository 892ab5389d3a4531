// SPDX-License-Identifier: MIT
/*
 * refsoc-dmabuf: who can share buffers with whom on this board, as a table.
 *
 * Each pair is tried: the exporter allocates, the CPU fills, devices attach and
 * use, and the contents are compared. Nothing is concluded from names or flags.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/dma-buf.h>

#include "sharing.h"

#define SEED	0x5eed0001

/* A buffer as the trial has it: without CPU mappings nothing can be compared. */
struct trial {
	struct share_buffer buf;
	bool filled;
	char said[80];
};

static uint32_t last_refusal(const struct trial *t)
{
	struct dma_buf_query query;

	return share_query(t->buf.fd, &query) ? DMA_BUF_REFUSED_NOT :
	       query.last_refusal;
}

/* Put an error into words, with the kernel's reason if it has a new one. */
static void say(struct trial *t, const char *when, int err)
{
	uint32_t why = last_refusal(t);
	size_t used = strlen(t->said);

	if (err == -EMSGSIZE) {
		snprintf(t->said, sizeof(t->said), "%sno picture that small",
			 when);
		return;
	}
	snprintf(t->said + used, sizeof(t->said) - used, "%s%s%s%s", when,
		 share_errno(err), why ? " " : "", why ? share_reason(why) : "");
}

static int begin(struct trial *t, const struct share_exporter *from)
{
	int err;

	*t = (struct trial) { 0 };
	err = share_alloc_any(from, &t->buf);
	if (err) {
		snprintf(t->said, sizeof(t->said), "no buffer: %s",
			 share_errno(err));
		return err;
	}
	t->filled = !share_fill(&t->buf, SEED);
	return 0;
}

/* One device: attached, and put to use. False if the trial is over. */
static bool join(struct trial *t, const struct share_importer *by,
		 struct share_import *import, const char *when)
{
	char at_use[40];
	int err = share_attach(by, &t->buf, import);

	if (err) {
		say(t, when, err);
		return false;
	}
	err = share_use(import, SEED);
	if (!err || (err == -EBADMSG && !t->filled))
		return true;
	snprintf(at_use, sizeof(at_use), "%sat use: ", when);
	if (err == -EBADMSG)
		snprintf(t->said, sizeof(t->said), "%sreads other contents",
			 when);
	else
		say(t, at_use, err);
	share_release(import);
	return false;
}

/* The importer and another, one after the other; the words for the table. */
static const char *try_pair(const struct share_exporter *from,
			    const struct share_importer *by,
			    const struct share_importer *other, bool other_first)
{
	static struct trial t;
	struct share_import a, b;
	bool first, second = false;

	if (begin(&t, from))
		return t.said;
	first = join(&t, other_first ? other : by, &a,
		     other_first ? "gpu first: " : "");
	if (first) {
		second = join(&t, other_first ? by : other, &b,
			      other_first ? "" : "yes; then the gpu: ");
		if (second)
			share_release(&b);
		share_release(&a);
	}
	if (first && second)
		snprintf(t.said, sizeof(t.said), "%s",
			 t.filled && share_check(&t.buf, SEED) ? "damaged" :
								 "yes");
	share_free(&t.buf);
	return t.said;
}

static const char *memory_of(const struct share_exporter *from)
{
	static struct trial t;
	struct dma_buf_query query;

	if (begin(&t, from))
		return t.said;
	if (share_query(t.buf.fd, &query))
		query.state = 0;
	snprintf(t.said, sizeof(t.said), "%s%s%s",
		 !(query.state & DMA_BUF_STATE_KNOWN) ? "not told" :
		 !(query.state & DMA_BUF_STATE_ALLOCATED) ? "none yet" :
		 query.state & DMA_BUF_STATE_CONTIGUOUS ? "contiguous" :
							  "scattered",
		 query.state & DMA_BUF_STATE_KNOWN &&
		 !(query.state & DMA_BUF_STATE_PAGES) ? ", no pages" : "",
		 t.filled ? "" : ", not for CPUs");
	share_free(&t.buf);
	return t.said;
}

static void table(const struct share_exporter *from, unsigned int n_from,
		  const struct share_importer *by, unsigned int n_by,
		  const struct share_importer *gpu, bool gpu_first)
{
	printf("\n## %s\n\n| from | memory |", gpu_first ?
	       "The GPU has used the buffer, and keeps it" :
	       "The importer comes first, the GPU after it");
	for (unsigned int i = 0; i < n_by; i++)
		printf(" %s |", by[i].name);
	printf("\n|---|---|");
	for (unsigned int i = 0; i < n_by; i++)
		printf("---|");
	printf("\n| *says it needs* | |");
	for (unsigned int i = 0; i < n_by; i++) {
		int needs = by[i].needs_contig(&by[i]);

		printf(" %s |", needs < 0 ? "*not told*" : needs ?
		       "*contiguous*" : "*nothing*");
	}
	for (unsigned int k = 0; k < n_from; k++) {
		printf("\n| %s | %s |", from[k].name, memory_of(&from[k]));
		for (unsigned int i = 0; i < n_by; i++) {
			printf(" %s |", try_pair(&from[k], &by[i], gpu,
						 gpu_first));
			fflush(stdout);
		}
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	static struct share_exporter from[SHARE_MAX];
	static struct share_importer by[SHARE_MAX];
	unsigned int n_from = share_exporters(from), n_by = share_importers(by);
	const struct share_importer *gpu = share_importer("gpu");

	if (argc != 1) {
		fputs("usage: refsoc-dmabuf\n"
		      "Try every exporter of dma-bufs with every importer, and print a table.\n",
		      argc == 2 && !strcmp(argv[1], "-h") ? stdout : stderr);
		return argc == 2 && !strcmp(argv[1], "-h") ? 0 : 2;
	}
	if (!gpu || !n_from) {
		fputs("refsoc-dmabuf: no GPU, or nobody who exports\n", stderr);
		return 1;
	}
	table(from, n_from, by, n_by, gpu, false);
	table(from, n_from, by, n_by, gpu, true);
	return 0;
}
