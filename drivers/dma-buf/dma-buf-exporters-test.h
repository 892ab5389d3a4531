/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffers of every exporter there is in the kernel's helpers, for KUnit.
 */
#ifndef __DMA_BUF_EXPORTERS_TEST_H__
#define __DMA_BUF_EXPORTERS_TEST_H__

#include <kunit/test.h>
#include <linux/dma-buf.h>

struct device;
struct drm_device;
struct drm_driver;
struct vb2_buffer;

/**
 * struct test_exporter - an exporter under test
 * @name: what it is called
 * @make: export a buffer of so many pages of @dev, which lives as long as the
 *	test; NULL if this kernel has no such exporter
 * @contiguous: its buffers always are
 * @core_maps: it has nothing but raw operations
 */
struct test_exporter {
	const char *name;
	struct dma_buf *(*make)(struct kunit *test, struct device *dev,
				unsigned int pages);
	bool contiguous;
	bool core_maps;
};

enum test_exporter_id {
	TEST_SYSTEM_HEAP,
	TEST_CMA_HEAP,
	TEST_UDMABUF,
	TEST_GEM_SHMEM,
	TEST_GEM_DMA,
	TEST_VB2_CONTIG,
	TEST_VB2_SG,
	TEST_VB2_VMALLOC,
	TEST_EXPORTERS
};

extern const struct test_exporter test_exporters[TEST_EXPORTERS];

/* What a driver that uses the helpers looks like */
extern const struct drm_driver test_gem_shmem_driver;
extern const struct drm_driver test_gem_dma_driver;

struct device *test_device(struct kunit *test);
struct drm_device *test_drm(struct kunit *test, struct device *dev,
			    const struct drm_driver *driver);
struct vb2_buffer *test_vb2_buffer(struct kunit *test);
void test_keep(struct kunit *test, struct dma_buf *dmabuf);
struct dma_buf *test_buffer(struct kunit *test, enum test_exporter_id id,
			    struct device *dev, unsigned int pages);
struct dma_buf *test_scattered(struct kunit *test, enum test_exporter_id id,
			       struct device *dev);

#endif /* __DMA_BUF_EXPORTERS_TEST_H__ */
