// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC scanout driver: KUnit tests of what it accepts and refuses
 */

#include <kunit/test.h>

#include <linux/module.h>
#include <linux/sizes.h>

#include <drm/drm_fourcc.h>

/* To be tested where there is no IPU and hence no driver, too */
#include "refsoc_kms_layout.c"
#include "refsoc_kms_limits.c"

#define BASE	0x20000000

/* A frame buffer of 800x480 in which all color planes follow each other in one buffer. */
static struct refsoc_view test_view(u32 format)
{
	const struct drm_format_info *info = drm_format_info(format);
	struct refsoc_view view = {
		.info = info,
		.width = 800,
		.height = 480,
		.full = true,
	};
	u64 offset = 0;
	unsigned int i;

	for (i = 0; i < info->num_planes; i++) {
		view.pitch[i] = drm_format_info_min_pitch(info, i, i ? 800 / info->hsub : 800);
		view.addr[i] = BASE + offset;
		offset += view.pitch[i] * (i ? 480 / info->vsub : 480);
	}
	for (i = 0; i < info->num_planes; i++)
		view.size[i] = BASE + offset - view.addr[i];

	return view;
}

static void refsoc_test_formats(struct kunit *test)
{
	struct refsoc_scanout so;
	unsigned int i;

	for (i = 0; i < refsoc_num_formats; i++) {
		const struct drm_format_info *info = drm_format_info(refsoc_formats[i]);
		struct refsoc_view view = test_view(refsoc_formats[i]);

		KUNIT_EXPECT_EQ(test, info->is_yuv, i >= refsoc_num_rgb_formats);
		KUNIT_EXPECT_STREQ(test, refsoc_scanout_init(&so, &view) ?: "", "");
		KUNIT_EXPECT_EQ(test, so.format, refsoc_formats[i]);
		KUNIT_EXPECT_EQ(test, so.base, BASE);
		KUNIT_EXPECT_EQ(test, !!so.uv_pitch, info->num_planes > 1);
		KUNIT_EXPECT_EQ(test, so.burst * info->cpp[0] % 8, 0);
		KUNIT_EXPECT_LE(test, so.burst * info->cpp[0], 64);
	}
}

static void refsoc_test_unknown_formats(struct kunit *test)
{
	/* imx-drm offers these, though ipu_cpmem_set_fmt() does not know them */
	static const u32 formats[] = {
		DRM_FORMAT_XRGB1555, DRM_FORMAT_XBGR1555, DRM_FORMAT_VYUY, DRM_FORMAT_YVYU,
		DRM_FORMAT_NV21, DRM_FORMAT_XRGB2101010,
	};
	struct refsoc_scanout so;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		struct refsoc_view view = test_view(formats[i]);

		KUNIT_EXPECT_STREQ(test, refsoc_scanout_init(&so, &view),
				   "format is not supported");
	}
}

static void refsoc_test_position(struct kunit *test)
{
	struct refsoc_view view = test_view(DRM_FORMAT_NV12);
	struct refsoc_scanout so;

	view.full = false;
	view.x = 16;
	view.y = 10;
	view.width = 320;
	view.height = 240;
	KUNIT_ASSERT_NULL(test, refsoc_scanout_init(&so, &view));
	KUNIT_EXPECT_EQ(test, so.width, 320);
	KUNIT_EXPECT_EQ(test, so.height, 240);
	KUNIT_EXPECT_EQ(test, so.base, BASE + 10 * 800 + 16);
	KUNIT_EXPECT_EQ(test, so.base + so.u_offset, BASE + 480 * 800 + 5 * 800 + 16);
	KUNIT_EXPECT_EQ(test, so.v_offset, so.u_offset);
	KUNIT_EXPECT_EQ(test, so.uv_pitch, 800);

	view.x = 15;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.x = 18;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.x = 16;
	view.y = 11;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.y = 10;
	view.height = 239;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.height = 240;
	view.width = 319;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
}

static void refsoc_test_alignment(struct kunit *test)
{
	struct refsoc_view view = test_view(DRM_FORMAT_RGB565);
	struct refsoc_scanout so;

	view.full = false;
	view.width = 100;
	view.x = 4;
	KUNIT_EXPECT_NULL(test, refsoc_scanout_init(&so, &view));
	view.x = 2;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.x = 0;
	view.addr[0] += 4;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.addr[0] = BASE;
	view.pitch[0] = 1596;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
}

static void refsoc_test_pitch(struct kunit *test)
{
	struct refsoc_view view = test_view(DRM_FORMAT_XRGB8888);
	struct refsoc_scanout so;

	view.size[0] = SZ_64M;
	view.pitch[0] = 16384;
	KUNIT_EXPECT_NULL(test, refsoc_scanout_init(&so, &view));
	view.pitch[0] = 16392;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.pitch[0] = 3192;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.pitch[0] = 0;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
}

/* A screen's lines go out in groups of eight pixels, which have to exist. */
static void refsoc_test_full_width(struct kunit *test)
{
	struct refsoc_view view = test_view(DRM_FORMAT_XRGB8888);
	struct refsoc_scanout so;

	view.width = 796;
	KUNIT_EXPECT_NULL(test, refsoc_scanout_init(&so, &view));
	KUNIT_EXPECT_EQ(test, so.width, 800);
	view.pitch[0] = 796 * 4 + 8;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.full = false;
	KUNIT_EXPECT_NULL(test, refsoc_scanout_init(&so, &view));
	KUNIT_EXPECT_EQ(test, so.width, 796);
}

static void refsoc_test_size_limits(struct kunit *test)
{
	struct refsoc_view view = test_view(DRM_FORMAT_XRGB8888);
	struct refsoc_scanout so;

	view.width = 12;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.full = false;
	KUNIT_EXPECT_NULL(test, refsoc_scanout_init(&so, &view));
	view.width = 0;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.width = 12;
	view.height = 1;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.height = 4097;
	view.size[0] = SZ_64M;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.height = 4096;
	KUNIT_EXPECT_NULL(test, refsoc_scanout_init(&so, &view));
}

static void refsoc_test_bounds(struct kunit *test)
{
	struct refsoc_view view = test_view(DRM_FORMAT_XRGB8888);
	struct refsoc_scanout so;

	view.size[0] -= 1;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.size[0] += 1;
	view.y = 1;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.y = U32_MAX;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.y = 0;
	view.x = U32_MAX;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.x = 0;
	view.addr[0] = SZ_4G;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.addr[0] = SZ_4G - view.size[0];
	KUNIT_EXPECT_NULL(test, refsoc_scanout_init(&so, &view));
	view.addr[0] += 8;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
}

static void refsoc_test_chroma(struct kunit *test)
{
	struct refsoc_view view = test_view(DRM_FORMAT_YUV420);
	struct refsoc_scanout yuv, yvu, so;

	KUNIT_ASSERT_NULL(test, refsoc_scanout_init(&yuv, &view));
	KUNIT_EXPECT_EQ(test, yuv.u_offset, 800 * 480);
	KUNIT_EXPECT_EQ(test, yuv.v_offset, 800 * 480 * 5 / 4);
	KUNIT_EXPECT_EQ(test, yuv.uv_pitch, 400);

	view.info = drm_format_info(DRM_FORMAT_YVU420);
	KUNIT_ASSERT_NULL(test, refsoc_scanout_init(&yvu, &view));
	KUNIT_EXPECT_EQ(test, yvu.u_offset, yuv.v_offset);
	KUNIT_EXPECT_EQ(test, yvu.v_offset, yuv.u_offset);

	view.pitch[2] = 408;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.pitch[2] = 400;
	view.addr[1] = BASE - SZ_1M;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.addr[1] = BASE + SZ_16M;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
	view.addr[1] = BASE + SZ_16M - 8;
	KUNIT_EXPECT_NULL(test, refsoc_scanout_init(&so, &view));
	view.size[1] = 400 * 240 - 1;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_scanout_init(&so, &view));
}

static void refsoc_test_bursts(struct kunit *test)
{
	struct refsoc_view view = test_view(DRM_FORMAT_XRGB8888);
	struct refsoc_scanout so;

	/* 50 bursts of 64 bytes a line: two at a time come out even */
	KUNIT_ASSERT_NULL(test, refsoc_scanout_init(&so, &view));
	KUNIT_EXPECT_EQ(test, so.burst, 16);
	KUNIT_EXPECT_EQ(test, so.bursts, 2);

	/* 46 pixels in 184 bytes: 23 bursts of 8 bytes are all that ends with the line */
	view.full = false;
	view.width = 46;
	view.pitch[0] = 184;
	KUNIT_ASSERT_NULL(test, refsoc_scanout_init(&so, &view));
	KUNIT_EXPECT_EQ(test, so.burst, 2);
	KUNIT_EXPECT_EQ(test, so.bursts, 1);

	view = test_view(DRM_FORMAT_RGB888);
	KUNIT_ASSERT_NULL(test, refsoc_scanout_init(&so, &view));
	KUNIT_EXPECT_EQ(test, so.burst, 16);
}

static void refsoc_test_same_layout(struct kunit *test)
{
	struct refsoc_view view = test_view(DRM_FORMAT_NV12);
	struct refsoc_scanout a, b;

	KUNIT_ASSERT_NULL(test, refsoc_scanout_init(&a, &view));
	view.addr[0] += SZ_1M;
	view.addr[1] += SZ_1M;
	KUNIT_ASSERT_NULL(test, refsoc_scanout_init(&b, &view));
	KUNIT_EXPECT_TRUE(test, refsoc_scanout_same_layout(&a, &b));

	/* only the address is double buffered, the way to the chroma plane is not */
	view.addr[1] += 800;
	view.size[1] += 800;
	KUNIT_ASSERT_NULL(test, refsoc_scanout_init(&b, &view));
	KUNIT_EXPECT_FALSE(test, refsoc_scanout_same_layout(&a, &b));

	view = test_view(DRM_FORMAT_NV16);
	KUNIT_ASSERT_NULL(test, refsoc_scanout_init(&b, &view));
	KUNIT_EXPECT_FALSE(test, refsoc_scanout_same_layout(&a, &b));
}

/* The panel of the SABRE Lite */
static const struct drm_display_mode test_mode = {
	DRM_MODE("800x480", DRM_MODE_TYPE_DRIVER, 30000, 800, 820, 850, 928, 0,
		 480, 490, 503, 525, 0, 0)
};

static void refsoc_test_modes(struct kunit *test)
{
	struct drm_display_mode mode = test_mode;

	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_OK);
	mode.clock = 225001;
	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_CLOCK_HIGH);
	mode.clock = 0;
	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_CLOCK_LOW);

	mode = test_mode;
	mode.flags = DRM_MODE_FLAG_INTERLACE;
	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_NO_INTERLACE);

	mode = test_mode;
	mode.htotal = 4097;
	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_BAD_HVALUE);
	mode = test_mode;
	mode.vsync_end = mode.vsync_start;
	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_VSYNC_NARROW);
}

/* ipu_di_adjust_videomode() must be able to do its work on what was accepted. */
static void refsoc_test_mode_porches(struct kunit *test)
{
	struct drm_display_mode mode = test_mode;

	/* 1366 pixels go out as 1368 */
	mode.hdisplay = 1366;
	mode.hsync_start = 1368;
	mode.hsync_end = 1400;
	mode.htotal = 1500;
	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_OK);
	mode.hsync_start = 1367;
	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_H_ILLEGAL);

	mode = test_mode;
	mode.vsync_start = 480;
	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_OK);
	mode.vsync_end = 482;
	mode.vtotal = 483;
	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_VBLANK_NARROW);
	mode.vtotal = 484;
	KUNIT_EXPECT_EQ(test, refsoc_mode_valid(&mode), MODE_OK);
}

/* A visible plane of this format, as drm_plane_helper_funcs.atomic_check leaves it */
static struct drm_plane_state test_plane(struct drm_framebuffer *fb, u32 format, unsigned int zpos)
{
	fb->format = drm_format_info(format);

	return (struct drm_plane_state) {
		.fb = fb,
		.visible = true,
		.normalized_zpos = zpos,
		.alpha = DRM_BLEND_ALPHA_OPAQUE,
		.pixel_blend_mode = DRM_MODE_BLEND_COVERAGE,
	};
}

static void refsoc_test_alpha(struct kunit *test)
{
	struct drm_framebuffer *fb = kunit_kzalloc(test, 2 * sizeof(*fb), GFP_KERNEL);
	struct drm_plane_state primary, overlay;
	struct refsoc_blend blend;

	KUNIT_ASSERT_NOT_NULL(test, fb);
	primary = test_plane(&fb[0], DRM_FORMAT_ARGB8888, 0);
	overlay = test_plane(&fb[1], DRM_FORMAT_ARGB8888, 1);

	KUNIT_EXPECT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));
	KUNIT_EXPECT_FALSE(test, blend.global);
	KUNIT_EXPECT_FALSE(test, blend.primary_on_top);

	overlay.alpha = 0x8000;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));
	overlay.pixel_blend_mode = DRM_MODE_BLEND_PIXEL_NONE;
	KUNIT_EXPECT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));
	KUNIT_EXPECT_TRUE(test, blend.global);
	KUNIT_EXPECT_EQ(test, blend.alpha, 0x80);

	overlay.alpha = DRM_BLEND_ALPHA_OPAQUE;
	overlay.pixel_blend_mode = DRM_MODE_BLEND_PREMULTI;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));

	/* what lies below is not blended with anything */
	overlay.normalized_zpos = 0;
	primary.normalized_zpos = 1;
	KUNIT_EXPECT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));
	KUNIT_EXPECT_TRUE(test, blend.primary_on_top);

	/* nor is what is alone */
	primary.pixel_blend_mode = DRM_MODE_BLEND_PREMULTI;
	KUNIT_EXPECT_NOT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));
	overlay.visible = false;
	KUNIT_EXPECT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));
	KUNIT_EXPECT_EQ(test, blend.overlay_cs, IPUV3_COLORSPACE_UNKNOWN);
	KUNIT_EXPECT_NULL(test, refsoc_blend_init(&blend, &primary, NULL));
}

static void refsoc_test_encoding(struct kunit *test)
{
	struct drm_framebuffer *fb = kunit_kzalloc(test, 2 * sizeof(*fb), GFP_KERNEL);
	struct drm_plane_state primary, overlay;
	struct refsoc_blend blend;

	KUNIT_ASSERT_NOT_NULL(test, fb);
	primary = test_plane(&fb[0], DRM_FORMAT_XRGB8888, 0);
	overlay = test_plane(&fb[1], DRM_FORMAT_NV12, 1);
	overlay.color_encoding = DRM_COLOR_YCBCR_BT709;

	KUNIT_EXPECT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));
	KUNIT_EXPECT_EQ(test, blend.primary_cs, IPUV3_COLORSPACE_RGB);
	KUNIT_EXPECT_EQ(test, blend.overlay_cs, IPUV3_COLORSPACE_YUV);
	KUNIT_EXPECT_EQ(test, blend.encoding, DRM_COLOR_YCBCR_BT709);

	fb[0].format = drm_format_info(DRM_FORMAT_YUYV);
	KUNIT_EXPECT_NOT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));
	primary.color_encoding = DRM_COLOR_YCBCR_BT709;
	KUNIT_EXPECT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));

	fb[1].format = drm_format_info(DRM_FORMAT_RGB565);
	overlay.color_encoding = DRM_COLOR_YCBCR_BT601;
	KUNIT_EXPECT_NULL(test, refsoc_blend_init(&blend, &primary, &overlay));
	KUNIT_EXPECT_EQ(test, blend.encoding, DRM_COLOR_YCBCR_BT709);
}

static struct kunit_case refsoc_kms_test_cases[] = {
	KUNIT_CASE(refsoc_test_formats),
	KUNIT_CASE(refsoc_test_unknown_formats),
	KUNIT_CASE(refsoc_test_position),
	KUNIT_CASE(refsoc_test_alignment),
	KUNIT_CASE(refsoc_test_pitch),
	KUNIT_CASE(refsoc_test_full_width),
	KUNIT_CASE(refsoc_test_size_limits),
	KUNIT_CASE(refsoc_test_bounds),
	KUNIT_CASE(refsoc_test_chroma),
	KUNIT_CASE(refsoc_test_bursts),
	KUNIT_CASE(refsoc_test_same_layout),
	KUNIT_CASE(refsoc_test_modes),
	KUNIT_CASE(refsoc_test_mode_porches),
	KUNIT_CASE(refsoc_test_alpha),
	KUNIT_CASE(refsoc_test_encoding),
	{ }
};

static struct kunit_suite refsoc_kms_test_suite = {
	.name = "refsoc_kms",
	.test_cases = refsoc_kms_test_cases,
};

kunit_test_suite(refsoc_kms_test_suite);

MODULE_DESCRIPTION("KUnit tests of the RefSoC scanout driver");
MODULE_LICENSE("GPL");
