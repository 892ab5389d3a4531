// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the formats and the geometry.
 */
#include <kunit/test.h>
#include <linux/module.h>

/* The code under test needs no hardware; its module does. */
#include "refsoc-formats.c"

static void refsoc_mbus_lookup(struct kunit *test)
{
	const struct refsoc_mbus_format *mbus;
	unsigned int i;

	for (i = 0; (mbus = refsoc_mbus_by_index(i)); i++) {
		KUNIT_EXPECT_PTR_EQ(test, refsoc_mbus_by_code(mbus->code),
				    mbus);
		KUNIT_EXPECT_EQ(test, mbus->bpp % 8, 0);
	}
	KUNIT_EXPECT_EQ(test, i, ARRAY_SIZE(refsoc_mbus_formats));
	KUNIT_EXPECT_NULL(test, refsoc_mbus_by_index(UINT_MAX));
	KUNIT_EXPECT_NULL(test, refsoc_mbus_by_code(0));
	KUNIT_EXPECT_NULL(test, refsoc_mbus_by_code(MEDIA_BUS_FMT_JPEG_1X8));
	KUNIT_EXPECT_NOT_NULL(test, refsoc_mbus_by_code(REFSOC_DEFAULT_CODE));
}

static void refsoc_mbus_garbage(struct kunit *test)
{
	struct v4l2_mbus_framefmt fmt, again;

	memset(&fmt, 0xff, sizeof(fmt));
	refsoc_mbus_adjust(&fmt);
	KUNIT_EXPECT_EQ(test, fmt.code, REFSOC_DEFAULT_CODE);
	KUNIT_EXPECT_EQ(test, fmt.width, REFSOC_MAX_WIDTH);
	KUNIT_EXPECT_EQ(test, fmt.height, REFSOC_MAX_HEIGHT);
	KUNIT_EXPECT_EQ(test, fmt.field, V4L2_FIELD_NONE);
	KUNIT_EXPECT_EQ(test, fmt.colorspace, V4L2_COLORSPACE_SRGB);
	KUNIT_EXPECT_NE(test, fmt.ycbcr_enc, 0xffff);
	KUNIT_EXPECT_NE(test, fmt.quantization, 0xffff);
	KUNIT_EXPECT_NE(test, fmt.xfer_func, 0xffff);
	KUNIT_EXPECT_EQ(test, fmt.flags, 0);

	again = fmt;
	refsoc_mbus_adjust(&again);
	KUNIT_EXPECT_MEMEQ(test, &fmt, &again, sizeof(fmt));

	memset(&fmt, 0, sizeof(fmt));
	refsoc_mbus_adjust(&fmt);
	KUNIT_EXPECT_EQ(test, fmt.width, REFSOC_MIN_WIDTH);
	KUNIT_EXPECT_EQ(test, fmt.height, REFSOC_MIN_HEIGHT);
}

static void refsoc_mbus_keeps_colours(struct kunit *test)
{
	struct v4l2_mbus_framefmt fmt = {
		.code = MEDIA_BUS_FMT_YUYV8_1X16,
		.width = 1920,
		.height = 1080,
		.colorspace = V4L2_COLORSPACE_REC709,
		.ycbcr_enc = V4L2_YCBCR_ENC_601,
		.quantization = V4L2_QUANTIZATION_FULL_RANGE,
		.xfer_func = V4L2_XFER_FUNC_NONE,
		.field = V4L2_FIELD_NONE,
	};
	struct v4l2_mbus_framefmt want = fmt;

	refsoc_mbus_adjust(&fmt);
	KUNIT_EXPECT_MEMEQ(test, &fmt, &want, sizeof(fmt));
}

static void refsoc_pix_lookup(struct kunit *test)
{
	static const struct {
		u32 code;
		unsigned int formats;
	} cases[] = {
		{ 0, ARRAY_SIZE(refsoc_pix_formats) },
		{ MEDIA_BUS_FMT_UYVY8_1X16, 3 },
		{ MEDIA_BUS_FMT_YUYV8_1X16, 3 },
		{ MEDIA_BUS_FMT_RGB565_1X16, 2 },
		{ MEDIA_BUS_FMT_RGB888_1X24, 2 },
		{ MEDIA_BUS_FMT_SBGGR8_1X8, 0 },
	};
	const struct refsoc_pix_format *pix;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (n = 0; (pix = refsoc_pix_by_index(n, cases[i].code)); n++)
			KUNIT_EXPECT_PTR_EQ(test,
					    refsoc_pix_by_fourcc(pix->fourcc),
					    pix);
		KUNIT_EXPECT_EQ_MSG(test, n, cases[i].formats, "code 0x%x",
				    cases[i].code);
	}
	KUNIT_EXPECT_NULL(test, refsoc_pix_by_fourcc(V4L2_PIX_FMT_MJPEG));
}

static void refsoc_pix_sizes(struct kunit *test)
{
	static const struct {
		u32 fourcc, width, height, stride;
		u32 want_width, want_height, want_stride, want_size;
	} cases[] = {
		{ V4L2_PIX_FMT_UYVY, 640, 480, 0, 640, 480, 1280, 614400 },
		{ V4L2_PIX_FMT_YUYV, 641, 481, 0, 640, 481, 1280, 615680 },
		{ V4L2_PIX_FMT_UYVY, 640, 480, 1300, 640, 480, 1304, 625920 },
		{ V4L2_PIX_FMT_UYVY, 640, 480, 16, 640, 480, 1280, 614400 },
		{ V4L2_PIX_FMT_UYVY, 640, 480, ~0, 640, 480, 16384, 7864320 },
		{ V4L2_PIX_FMT_NV12, 640, 480, 0, 640, 480, 640, 460800 },
		{ V4L2_PIX_FMT_NV12, 648, 481, 0, 648, 482, 656, 474288 },
		{ V4L2_PIX_FMT_RGB565, 8, 8, 0, 32, 32, 64, 2048 },
		{ V4L2_PIX_FMT_XBGR32, ~0, ~0, ~0,
		  4096, 4096, 16384, 67108864 },
		{ V4L2_PIX_FMT_NV12, ~0, ~0, ~0,
		  4096, 4096, 8176, 50233344 },
	};
	struct v4l2_pix_format pix;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		memset(&pix, 0xff, sizeof(pix));
		pix.pixelformat = cases[i].fourcc;
		pix.width = cases[i].width;
		pix.height = cases[i].height;
		pix.bytesperline = cases[i].stride;
		refsoc_pix_adjust(&pix);
		KUNIT_EXPECT_EQ_MSG(test, pix.width, cases[i].want_width,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, pix.height, cases[i].want_height,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, pix.bytesperline,
				    cases[i].want_stride, "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, pix.sizeimage, cases[i].want_size,
				    "case %u", i);
	}
}

/* What the driver returns it must take again without a change. */
static void refsoc_pix_stable(struct kunit *test)
{
	const struct refsoc_pix_format *fmt;
	struct v4l2_pix_format pix, again;
	unsigned int i, width;

	for (i = 0; (fmt = refsoc_pix_by_index(i, 0)); i++) {
		for (width = 1; width < 5000; width += 37) {
			memset(&pix, 0, sizeof(pix));
			pix.pixelformat = fmt->fourcc;
			pix.width = width;
			pix.height = width / 2;
			pix.bytesperline = width * 3;
			refsoc_pix_adjust(&pix);
			again = pix;
			refsoc_pix_adjust(&again);
			KUNIT_EXPECT_MEMEQ(test, &pix, &again, sizeof(pix));
			KUNIT_EXPECT_EQ(test, pix.width % REFSOC_WIDTH_STEP, 0);
			KUNIT_EXPECT_EQ(test,
					pix.bytesperline % fmt->stride_align,
					0);
			KUNIT_EXPECT_GE(test, pix.bytesperline * 8,
					pix.width * fmt->bpp);
		}
	}
}

static void refsoc_pix_unknown(struct kunit *test)
{
	struct v4l2_pix_format pix;

	memset(&pix, 0xff, sizeof(pix));
	refsoc_pix_adjust(&pix);
	KUNIT_EXPECT_EQ(test, pix.pixelformat, V4L2_PIX_FMT_UYVY);
	KUNIT_EXPECT_EQ(test, pix.field, V4L2_FIELD_NONE);
	KUNIT_EXPECT_EQ(test, pix.colorspace, V4L2_COLORSPACE_SRGB);
	KUNIT_EXPECT_LT(test, pix.ycbcr_enc, 0xff);
	KUNIT_EXPECT_LT(test, pix.quantization, 0xff);
	KUNIT_EXPECT_LT(test, pix.xfer_func, 0xff);
	KUNIT_EXPECT_EQ(test, pix.flags, 0);
}

static void refsoc_pix_bursts(struct kunit *test)
{
	const struct refsoc_pix_format *uyvy, *nv12, *rgb;

	uyvy = refsoc_pix_by_fourcc(V4L2_PIX_FMT_UYVY);
	nv12 = refsoc_pix_by_fourcc(V4L2_PIX_FMT_NV12);
	rgb = refsoc_pix_by_fourcc(V4L2_PIX_FMT_RGB565);

	KUNIT_EXPECT_EQ(test, refsoc_pix_burst(uyvy, 640), 32);
	KUNIT_EXPECT_EQ(test, refsoc_pix_burst(uyvy, 720), 16);
	KUNIT_EXPECT_EQ(test, refsoc_pix_burst(uyvy, 648), 8);
	KUNIT_EXPECT_EQ(test, refsoc_pix_burst(nv12, 640), 64);
	KUNIT_EXPECT_EQ(test, refsoc_pix_burst(nv12, 32), 32);
	KUNIT_EXPECT_EQ(test, refsoc_pix_burst(nv12, 4096), 64);
	KUNIT_EXPECT_EQ(test, refsoc_pix_burst(rgb, 640), 16);
	KUNIT_EXPECT_EQ(test, refsoc_pix_burst(rgb, 1000), 8);
}

static void refsoc_crop_cases(struct kunit *test)
{
	static const struct {
		struct v4l2_rect ask;
		u32 width, height, flags;
		struct v4l2_rect want;
	} cases[] = {
		/* what fits stays */
		{ { 0, 0, 640, 480 }, 640, 480, 0, { 0, 0, 640, 480 } },
		{ { 16, 9, 320, 241 }, 640, 480, 0, { 16, 9, 320, 241 } },
		/* widths come in eights, left edges in fours */
		{ { 3, 3, 327, 99 }, 640, 480, 0, { 0, 3, 320, 99 } },
		{ { 7, 3, 321, 99 }, 640, 480, V4L2_SEL_FLAG_GE,
		  { 4, 3, 328, 99 } },
		{ { 0, 0, 646, 480 }, 646, 480, V4L2_SEL_FLAG_GE,
		  { 0, 0, 640, 480 } },
		/* moved inside rather than cut */
		{ { 600, 460, 320, 240 }, 640, 480, 0, { 320, 240, 320, 240 } },
		{ { -5, -5, 320, 240 }, 640, 480, 0, { 0, 0, 320, 240 } },
		/* nothing, and far too much */
		{ { 0, 0, 0, 0 }, 640, 480, 0, { 0, 0, 32, 32 } },
		{ { S32_MAX, S32_MIN, U32_MAX, U32_MAX }, 640, 480, 0,
		  { 0, 0, 640, 480 } },
		{ { S32_MAX, S32_MAX, 64, 64 }, 640, 480, 0,
		  { 576, 416, 64, 64 } },
		/* the smallest input */
		{ { 0, 0, 640, 480 }, 34, 32, 0, { 0, 0, 32, 32 } },
	};
	struct v4l2_rect r;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		r = cases[i].ask;
		refsoc_crop_adjust(&r, cases[i].width, cases[i].height,
				   cases[i].flags);
		KUNIT_EXPECT_EQ_MSG(test, r.left, cases[i].want.left,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, r.top, cases[i].want.top,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, r.width, cases[i].want.width,
				    "case %u", i);
		KUNIT_EXPECT_EQ_MSG(test, r.height, cases[i].want.height,
				    "case %u", i);
	}
}

/* A small IDMAC: it writes a ready buffer, else drops the frame. */
struct refsoc_fake_idmac {
	unsigned int at;
	bool ready[2];
	bool early;
};

static void refsoc_fake_frame(struct refsoc_fake_idmac *dma)
{
	if (!dma->ready[dma->at])
		return;
	dma->ready[dma->at] = false;
	dma->at ^= 1;
}

/* Ready bits that fall at the start of a frame rather than at its end. */
static void refsoc_fake_frame_begins(struct refsoc_fake_idmac *dma)
{
	if (dma->early)
		dma->ready[dma->at] = false;
}

static unsigned int refsoc_fake_done(const struct refsoc_fake_idmac *dma,
				     unsigned int oldest)
{
	return refsoc_slots_done(dma->at, oldest, dma->ready[0], dma->ready[1]);
}

static void refsoc_slots_follow(struct kunit *test)
{
	unsigned int oldest, late, early;

	for (early = 0; early < 2; early++) {
		for (oldest = 0; oldest < 2; oldest++) {
			for (late = 0; late < 5; late++) {
				struct refsoc_fake_idmac dma = {
					.at = oldest,
					.ready = { true, true },
					.early = early,
				};
				unsigned int i;

				for (i = 0; i < late; i++)
					refsoc_fake_frame(&dma);
				refsoc_fake_frame_begins(&dma);
				KUNIT_EXPECT_EQ(test,
						refsoc_fake_done(&dma, oldest),
						min(late, 2u));
			}
		}
	}
}

static struct kunit_case refsoc_formats_cases[] = {
	KUNIT_CASE(refsoc_mbus_lookup),
	KUNIT_CASE(refsoc_mbus_garbage),
	KUNIT_CASE(refsoc_mbus_keeps_colours),
	KUNIT_CASE(refsoc_pix_lookup),
	KUNIT_CASE(refsoc_pix_sizes),
	KUNIT_CASE(refsoc_pix_stable),
	KUNIT_CASE(refsoc_pix_unknown),
	KUNIT_CASE(refsoc_pix_bursts),
	KUNIT_CASE(refsoc_crop_cases),
	KUNIT_CASE(refsoc_slots_follow),
	{ }
};

static struct kunit_suite refsoc_formats_suite = {
	.name = "refsoc-capture-formats",
	.test_cases = refsoc_formats_cases,
};

kunit_test_suite(refsoc_formats_suite);

MODULE_DESCRIPTION("KUnit tests of the RefSoC capture driver's formats");
MODULE_LICENSE("GPL");
