/* SPDX-License-Identifier: MIT */
/*
 * Buffers, those who allocate them, and those who import them, whatever
 * subsystem they belong to.  Functions return 0 or a negative errno: a refusal
 * is a result here, not a failure.
 */
#ifndef SHARING_H
#define SHARING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHARE_MAX	24
#define SHARE_STRIDE	640	/* bytes; every buffer is a picture of 160 columns */
#define SHARE_BYTES	(960 * SHARE_STRIDE)

struct share_exporter;
struct share_importer;

struct share_buffer {
	int fd;			/* the dma-buf */
	size_t size;
	int owner;		/* closing this one frees what the exporter has */
};

struct share_exporter {
	char name[32];		/* letters, digits and dashes */
	char path[80];
	uint32_t arg;
	int (*alloc)(const struct share_exporter *from, size_t size,
		     struct share_buffer *buf);
};

struct share_import {
	const struct share_importer *by;
	int fd;
	uint32_t handle;	/* or the descriptor, where there are no handles */
	size_t size;
	void *priv;
};

/* What a device does with a buffer; those without use() map when they attach. */
struct share_importer {
	char name[32];
	char path[80];
	int (*attach)(struct share_import *import, const struct share_buffer *buf);
	int (*use)(struct share_import *import, uint32_t seed);
	int (*write)(struct share_import *import, uint32_t seed);
	void (*release)(struct share_import *import);
	/* What the driver tells of it: 1, 0, or an errno if it does not. */
	int (*needs_contig)(const struct share_importer *by);
};

/* Everybody there is on this board; the number is returned. */
unsigned int share_exporters(struct share_exporter list[SHARE_MAX]);
unsigned int share_importers(struct share_importer list[SHARE_MAX]);
const struct share_exporter *share_exporter(const char *name);
const struct share_importer *share_importer(const char *name);

int share_alloc(const struct share_exporter *from, size_t size,
		struct share_buffer *buf);
/* SHARE_BYTES, or a part of it: on-chip memory is smaller. */
int share_alloc_any(const struct share_exporter *from, struct share_buffer *buf);
void share_free(struct share_buffer *buf);

/* Attach, and with some importers map; share_use() maps at the latest, and
 * has a device that can tell compare the contents: -EBADMSG. share_write() has
 * one that can write do so, looks for what it has written, and writes the
 * contents anew: nobody else may use them meanwhile.
 */
int share_attach(const struct share_importer *by,
		 const struct share_buffer *buf, struct share_import *import);
int share_use(struct share_import *import, uint32_t seed);
int share_write(struct share_import *import, uint32_t seed);
void share_release(struct share_import *import);

/* Contents that tell one page from another, by the CPU; -EBADMSG if wrong. */
uint32_t share_word(uint32_t seed, size_t index);
int share_fill(const struct share_buffer *buf, uint32_t seed);
int share_check(const struct share_buffer *buf, uint32_t seed);

/* DMA_BUF_IOCTL_SYNC, for who maps a buffer himself */
int share_sync(int fd, uint64_t flags);

/* DMA_BUF_IOCTL_QUERY; the name of a reason, or of an errno. */
struct dma_buf_query;
int share_query(int fd, struct dma_buf_query *query);
const char *share_reason(uint32_t refusal);
const char *share_errno(int err);

/* Whatever was opened since the first call is closed: failed tests leave it. */
void share_clean_up(void);

/* sharing_importers.c */
unsigned int share_gpu_importer(struct share_importer *list);
unsigned int share_card_importers(struct share_importer *list);
unsigned int share_v4l2_importers(struct share_importer *list);

/* sharing_v4l2.c */
unsigned int share_v4l2_exporters(struct share_exporter *list);
int share_v4l2_open(const char *path, size_t size, uint32_t memory,
		    size_t *bytes);
int share_v4l2_queue(int fd, unsigned int index, int dmabuf);

/* sharing_drm.c: the first card of a kind; what is there is copied to path. */
enum share_card { SHARE_CARD_GPU, SHARE_CARD_KMS, SHARE_CARD_VGEM };
bool share_find_card(enum share_card kind, char *path, size_t len);
unsigned int share_drm_exporters(struct share_exporter *list);

#endif
