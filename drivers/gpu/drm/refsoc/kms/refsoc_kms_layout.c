// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC scanout driver: what an IDMAC channel has to be told about a picture
 *
 * Nothing here touches hardware, so that KUnit can test it anywhere.
 */

#include <linux/align.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/math.h>

#include <drm/drm_fourcc.h>

#include "refsoc_kms_layout.h"

/* Fields of the channel parameter memory (IMX6DQRM, 37.4.2.3 CPMEM) and what they can hold. */
#define REFSOC_MIN_FULL_WIDTH	13
#define REFSOC_MIN_HEIGHT	2
#define REFSOC_MAX_WIDTH	8192		/* FW */
#define REFSOC_MAX_HEIGHT	4096		/* FH */
#define REFSOC_MAX_PITCH	16384		/* SL, SLUV */
#define REFSOC_MAX_UV_OFFSET	0xfffff8	/* UBO, VBO */

/* The IDMAC addresses memory in words of this many bytes. */
#define REFSOC_WORD		8

/* A burst is at most this many bytes on the bus. */
#define REFSOC_BURST_BYTES	64

/*
 * The formats that ipu_cpmem_set_fmt() knows and that need no second channel for alpha.  RGB
 * comes first: a CRTC without display processor has nothing that could convert YUV.
 */
const u32 refsoc_formats[] = {
	DRM_FORMAT_XRGB8888,
	DRM_FORMAT_ARGB8888,
	DRM_FORMAT_XBGR8888,
	DRM_FORMAT_ABGR8888,
	DRM_FORMAT_RGBX8888,
	DRM_FORMAT_RGBA8888,
	DRM_FORMAT_BGRX8888,
	DRM_FORMAT_BGRA8888,
	DRM_FORMAT_RGB888,
	DRM_FORMAT_BGR888,
	DRM_FORMAT_RGB565,
	DRM_FORMAT_BGR565,
	DRM_FORMAT_ARGB1555,
	DRM_FORMAT_ABGR1555,
	DRM_FORMAT_RGBA5551,
	DRM_FORMAT_BGRA5551,
	DRM_FORMAT_ARGB4444,
	/* from here on YUV */
	DRM_FORMAT_YUYV,
	DRM_FORMAT_UYVY,
	DRM_FORMAT_NV12,
	DRM_FORMAT_NV16,
	DRM_FORMAT_YUV420,
	DRM_FORMAT_YVU420,
	DRM_FORMAT_YUV422,
	DRM_FORMAT_YVU422,
	DRM_FORMAT_YUV444,
	DRM_FORMAT_YVU444,
};

const unsigned int refsoc_num_formats = ARRAY_SIZE(refsoc_formats);
const unsigned int refsoc_num_rgb_formats = 17;

static bool refsoc_format_known(u32 format)
{
	unsigned int i;

	for (i = 0; i < refsoc_num_formats; i++) {
		if (refsoc_formats[i] == format)
			return true;
	}

	return false;
}

static bool refsoc_format_v_before_u(u32 format)
{
	return format == DRM_FORMAT_YVU420 || format == DRM_FORMAT_YVU422 ||
	       format == DRM_FORMAT_YVU444;
}

/*
 * The largest burst of whole words which, repeated to the end of a line, stays within the
 * pitch.  One that reads on into the next line costs bandwidth for nothing and, in the last
 * line, leaves the buffer.
 */
static void refsoc_scanout_bursts(struct refsoc_scanout *so, unsigned int cpp)
{
	unsigned int bytes = so->width * cpp;
	unsigned int fits = 0, npb, n;

	for (npb = REFSOC_BURST_BYTES / cpp; npb; npb--) {
		if (npb * cpp % REFSOC_WORD)
			continue;
		fits = npb;
		if (roundup(bytes, npb * cpp) <= so->pitch)
			break;
	}
	so->burst = fits;

	for (n = 8; n > 1; n /= 2) {
		if (roundup(bytes, fits * cpp * n) <= so->pitch)
			break;
	}
	so->bursts = n;
}

/* Where the rectangle starts in a color plane; NULL if all of it lies in memory. */
static const char *refsoc_view_start(const struct refsoc_view *view, unsigned int plane,
				     u32 width, u64 *start)
{
	const struct drm_format_info *info = view->info;
	unsigned int hsub = plane ? info->hsub : 1;
	unsigned int vsub = plane ? info->vsub : 1;
	u64 pitch = view->pitch[plane];
	u64 line = (u64)DIV_ROUND_UP(width, hsub) * info->cpp[plane];
	u64 first, last;

	if (!pitch || pitch > REFSOC_MAX_PITCH || !IS_ALIGNED(pitch, REFSOC_WORD))
		return "pitch is not a multiple of 8 up to 16384";
	if (line > pitch)
		return "pitch is smaller than a line";

	first = (view->y / vsub) * pitch + (u64)(view->x / hsub) * info->cpp[plane];
	last = first + (DIV_ROUND_UP(view->height, vsub) - 1) * pitch + line;
	if (last > view->size[plane])
		return "picture ends outside of its buffer";
	if (view->addr[plane] > U32_MAX || view->addr[plane] + last > (u64)U32_MAX + 1)
		return "buffer is out of reach of 32 bit addresses";

	*start = view->addr[plane] + first;
	if (!IS_ALIGNED(*start, REFSOC_WORD))
		return "first pixel is not at a multiple of 8 bytes";

	return NULL;
}

/* Chroma planes are found by their distance from the luma plane. */
static const char *refsoc_scanout_chroma(struct refsoc_scanout *so,
					 const struct refsoc_view *view)
{
	u64 offset[REFSOC_MAX_COLOR_PLANES];
	unsigned int i, n = view->info->num_planes;
	const char *why;

	for (i = 1; i < n; i++) {
		u64 start;

		why = refsoc_view_start(view, i, so->width, &start);
		if (why)
			return why;
		if (view->pitch[i] != view->pitch[1])
			return "U and V differ in pitch";
		if (start < so->base || start - so->base > REFSOC_MAX_UV_OFFSET)
			return "chroma plane is not within 16 MiB after the luma plane";
		offset[i] = start - so->base;
	}

	so->uv_pitch = view->pitch[1];
	so->u_offset = offset[1];
	so->v_offset = offset[n - 1];
	if (refsoc_format_v_before_u(so->format))
		swap(so->u_offset, so->v_offset);

	return NULL;
}

static const char *refsoc_view_check_rect(const struct refsoc_view *view)
{
	const struct drm_format_info *info = view->info;

	if (view->full && view->width < REFSOC_MIN_FULL_WIDTH)
		return "plane is narrower than 13 pixels";
	if (!view->width || view->width > REFSOC_MAX_WIDTH)
		return "width is out of range";
	if (view->height < REFSOC_MIN_HEIGHT || view->height > REFSOC_MAX_HEIGHT)
		return "height is out of range";
	if (view->x % info->hsub || view->y % info->vsub)
		return "position does not fall on a chroma sample";
	if (view->width % info->hsub || view->height % info->vsub)
		return "size is not in whole chroma samples";

	return NULL;
}

/**
 * refsoc_scanout_init - turn a rectangle of a frame buffer into channel settings
 * @so: the settings to fill in
 * @view: the rectangle
 *
 * Returns: NULL, or what the hardware cannot do about @view, for a debug message.
 */
const char *refsoc_scanout_init(struct refsoc_scanout *so, const struct refsoc_view *view)
{
	const struct drm_format_info *info = view->info;
	const char *why;
	u64 start;

	*so = (struct refsoc_scanout) {
		.format = info->format,
		.width = view->full ? ALIGN(view->width, 8) : view->width,
		.height = view->height,
		.pitch = view->pitch[0],
	};

	if (!refsoc_format_known(info->format))
		return "format is not supported";

	why = refsoc_view_check_rect(view);
	if (why)
		return why;

	why = refsoc_view_start(view, 0, so->width, &start);
	if (why)
		return why;
	so->base = start;

	refsoc_scanout_bursts(so, info->cpp[0]);

	return info->num_planes > 1 ? refsoc_scanout_chroma(so, view) : NULL;
}

/**
 * refsoc_scanout_same_layout - do two pictures differ in their address only?
 * @a: settings
 * @b: settings
 *
 * Returns: true if a channel can go from one to the other by a flip.
 */
bool refsoc_scanout_same_layout(const struct refsoc_scanout *a, const struct refsoc_scanout *b)
{
	return a->width == b->width && a->height == b->height && a->format == b->format &&
	       a->pitch == b->pitch && a->uv_pitch == b->uv_pitch &&
	       a->u_offset == b->u_offset && a->v_offset == b->v_offset &&
	       a->burst == b->burst && a->bursts == b->bursts;
}
