// SPDX-License-Identifier: MIT
/* When the GC320 has drawn: subtests of refsoc_gc320. */

#include "igt.h"
#include "sw_sync.h"

#include "gc320_surface.h"

/* ---- fences ---- */

/* Takes some milliseconds: the last of them is what remains. */
static void fill_slowly(const struct surface *s, uint32_t argb)
{
	for (int i = 0; i < 4; i++)
		surface_fill(s, i == 3 ? argb : 0x00dead00);
}

static uint32_t last_pixel(const struct surface *s)
{
	return *(volatile uint32_t *)(s->map +
				      (s->s.height - 1) * s->s.stride +
				      (s->s.width - 1) * 4);
}

static void test_fence(void)
{
	struct surface s = surface_argb(1024, 1024, GC320_LINEAR);
	uint32_t old = last_pixel(&s);

	fill_slowly(&s, ~old);
	gc320_test_submit();
	igt_assert_eq_u32(last_pixel(&s), old);
	igt_assert(surface_is_busy(&s));
	surface_cpu_begin(&s);
	igt_assert_eq_u32(last_pixel(&s), ~old);
	surface_cpu_end(&s);
	igt_assert(!surface_is_busy(&s));
	surface_check_flat(&s, ~old);
	surface_del(&s);
}

/* The second reads what the first writes; waiting for the second is enough. */
static void test_order(void)
{
	struct surface a = surface_argb(1024, 1024, GC320_LINEAR);
	struct surface b = surface_argb(1024, 1024, GC320_LINEAR);
	struct gc320_rect all = surface_rect(&a);

	fill_slowly(&a, 0x11223344);
	gc320_test_submit();
	gc320_copy(gc320.stream, &b.s, &all, &a.s, 0, 0);
	gc320_test_submit();
	surface_fill(&a, 0x55667788);
	gc320_test_submit();
	surface_check_flat(&b, 0x11223344);
	surface_check_flat(&a, 0x55667788);
	surface_del(&a);
	surface_del(&b);
}

static void test_out_fence(void)
{
	struct surface s = surface_argb(1024, 1024, GC320_LINEAR);
	int fence = -1;

	fill_slowly(&s, 0xabcdef01);
	gc320_flush(gc320.stream);
	etna_cmd_stream_flush2(gc320.stream, -1, &fence);
	igt_assert_fd(fence);
	igt_assert_eq(sync_fence_status(fence), 0);
	igt_assert_eq(sync_fence_wait(fence, 5000), 0);
	igt_assert_eq(sync_fence_status(fence), 1);
	igt_assert(!surface_is_busy(&s));
	surface_check_flat(&s, 0xabcdef01);
	close(fence);
	surface_del(&s);
}

/* A job waits for a fence that is not the GPU's. */
static void test_in_fence(void)
{
	struct surface s = surface_argb(64, 64, GC320_LINEAR);
	uint32_t old = last_pixel(&s);
	int timeline, fence;

	igt_require_sw_sync();
	timeline = sw_sync_timeline_create();
	fence = sw_sync_timeline_create_fence(timeline, 1);
	surface_fill(&s, ~old);
	gc320_flush(gc320.stream);
	etna_cmd_stream_flush2(gc320.stream, fence, NULL);
	usleep(100000);
	igt_assert(surface_is_busy(&s));
	igt_assert_eq_u32(last_pixel(&s), old);
	sw_sync_timeline_inc(timeline, 1);
	surface_check_flat(&s, ~old);
	close(fence);
	close(timeline);
	surface_del(&s);
}

static void test_fence_chain(void)
{
	struct surface a = surface_argb(1024, 1024, GC320_LINEAR);
	struct surface b = surface_argb(1024, 1024, GC320_LINEAR);
	struct gc320_rect all = surface_rect(&a);
	int first = -1, second = -1;

	fill_slowly(&a, 0x0badcafe);
	gc320_flush(gc320.stream);
	etna_cmd_stream_flush2(gc320.stream, -1, &first);
	igt_assert_fd(first);
	gc320_copy(gc320.stream, &b.s, &all, &a.s, 0, 0);
	gc320_flush(gc320.stream);
	etna_cmd_stream_flush2(gc320.stream, first, &second);
	igt_assert_fd(second);
	igt_assert_eq(sync_fence_wait(second, 5000), 0);
	igt_assert_eq(sync_fence_status(first), 1);
	surface_check_flat(&b, 0x0badcafe);
	close(first);
	close(second);
	surface_del(&a);
	surface_del(&b);
}

void gc320_fence_subtests(void)
{
	igt_describe("Old contents before the fence, new ones after");
	igt_subtest("fence") {
		gc320_test_begin();
		test_fence();
	}
	igt_subtest("fence-order") {
		gc320_test_begin();
		test_order();
	}
	igt_subtest("fence-out") {
		gc320_test_begin();
		test_out_fence();
	}
	igt_subtest("fence-in") {
		gc320_test_begin();
		test_in_fence();
	}
	igt_subtest("fence-chain") {
		gc320_test_begin();
		test_fence_chain();
	}
}
