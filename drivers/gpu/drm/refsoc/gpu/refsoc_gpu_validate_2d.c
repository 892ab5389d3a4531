// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC GPU driver: what a user's command stream may have the 2D core do
 *
 * Every draw is held against the buffers it reads and writes with the states
 * as they are at that moment. Where it is not known for sure what the core
 * makes of a state, the check assumes the worst or refuses the state.
 *
 * Names and encodings are those of rnndb (state_2d.xml) of the etna_viv
 * project.
 */

#include <kunit/visibility.h>

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/minmax.h>

#include "refsoc_gpu_de.h"
#include "refsoc_gpu_validate_int.h"

static const struct de_format de_formats[32] = {
	[0] = { 16, 1, 1, 1, true },	/* X4R4G4B4 */
	[1] = { 16, 1, 1, 1, true },	/* A4R4G4B4 */
	[2] = { 16, 1, 1, 1, true },	/* X1R5G5B5 */
	[3] = { 16, 1, 1, 1, true },	/* A1R5G5B5 */
	[4] = { 16, 1, 1, 1, true },	/* R5G6B5 */
	[5] = { 32, 1, 1, 1, true },	/* X8R8G8B8 */
	[6] = { 32, 1, 1, 1, true },	/* A8R8G8B8 */
	[7] = { 16, 2, 1, 1, true },	/* YUY2 */
	[8] = { 16, 2, 1, 1, true },	/* UYVY */
	[9] = { 8, 1, 1, 1, false },	/* INDEX8 */
	[10] = { 1, 32, 1, 1, false },	/* MONOCHROME */
	[15] = { 8, 2, 3, 2, false },	/* YV12 */
	[16] = { 8, 1, 1, 1, false },	/* A8 */
	[17] = { 8, 2, 2, 2, false },	/* NV12 */
	[18] = { 8, 2, 2, 1, false },	/* NV16 */
};

/* Pixels: right and bottom do not belong to it. */
struct de_window {
	s64 left;
	s64 top;
	s64 right;
	s64 bottom;
};

/* Where the states of a surface are */
struct de_surface {
	const char *name;
	u32 address;
	u32 stride;
	u32 width;
	u32 height;
	u32 angles;
};

static const struct de_surface de_src = {
	.name = "source",
	.address = DE_SRC_ADDRESS,
	.stride = DE_SRC_STRIDE,
	.width = DE_SRC_ROTATION_CONFIG,
	.height = DE_SRC_ROTATION_HEIGHT,
	.angles = DE_ROT_ANGLE_SRC | DE_ROT_ANGLE_SRC_MIRROR,
};

static const struct de_surface de_dest = {
	.name = "destination",
	.address = DE_DEST_ADDRESS,
	.stride = DE_DEST_STRIDE,
	.width = DE_DEST_ROTATION_CONFIG,
	.height = DE_DEST_ROTATION_HEIGHT,
	.angles = DE_ROT_ANGLE_DST | DE_ROT_ANGLE_DST_MIRROR,
};

/* States that a draw takes: lists that end with a 0 */
static const u16 needs_dest[] = {
	DE_DEST_ADDRESS, DE_DEST_STRIDE, DE_DEST_ROTATION_CONFIG, DE_DEST_CONFIG, 0
};

static const u16 needs_src[] = {
	DE_SRC_ADDRESS, DE_SRC_STRIDE, DE_SRC_ROTATION_CONFIG, DE_SRC_CONFIG, 0
};

static const u16 needs_u[] = { DE_UPLANE_ADDRESS, DE_UPLANE_STRIDE, 0 };
static const u16 needs_v[] = { DE_VPLANE_ADDRESS, DE_VPLANE_STRIDE, 0 };
static const u16 needs_origin[] = { DE_SRC_ORIGIN, 0 };
static const u16 needs_clip[] = { DE_CLIP_TOP_LEFT, DE_CLIP_BOTTOM_RIGHT, 0 };
static const u16 needs_pattern[] = { DE_PATTERN_CONFIG, 0 };
static const u16 needs_stretch[] = { DE_STRETCH_FACTOR_LOW, DE_STRETCH_FACTOR_HIGH, 0 };

static const u16 needs_vr[] = {
	DE_STRETCH_FACTOR_LOW, DE_STRETCH_FACTOR_HIGH,
	DE_VR_SOURCE_IMAGE_LOW, DE_VR_SOURCE_IMAGE_HIGH,
	DE_VR_SOURCE_ORIGIN_LOW, DE_VR_SOURCE_ORIGIN_HIGH,
	DE_VR_TARGET_WINDOW_LOW, DE_VR_TARGET_WINDOW_HIGH, 0
};

static int need(const struct refsoc_gpu_check *c, const u16 *addrs)
{
	for (; *addrs; addrs++) {
		if (!test_bit(DE(*addrs), c->de_set))
			return refsoc_gpu_refuse(c, -EINVAL, "draw without state %#x", *addrs);
	}

	return 0;
}

static u32 get(const struct refsoc_gpu_check *c, u32 addr)
{
	return c->de[DE(addr)];
}

static enum de_command command(const struct refsoc_gpu_check *c)
{
	return FIELD_GET(DE_DEST_CONFIG_COMMAND, get(c, DE_DEST_CONFIG));
}

static s16 signed_x(u32 value)
{
	return FIELD_GET(DE_X, value);
}

static s16 signed_y(u32 value)
{
	return FIELD_GET(DE_Y, value);
}

static bool is_empty(const struct de_window *w)
{
	return w->left >= w->right || w->top >= w->bottom;
}

/* The extents of one plane, from its first byte to the last of the last row */
static int check_plane(const struct refsoc_gpu_check *c, const char *name, u32 address,
		       u32 stride, u64 row_bytes, u64 rows)
{
	const struct refsoc_gpu_stream *s = c->stream;
	const struct refsoc_gpu_reloc *reloc = &s->relocs[get(c, address)];
	u64 room = s->bos[reloc->bo].size - reloc->offset;
	u64 bytes = (rows - 1) * get(c, stride) + row_bytes;

	if (bytes > room)
		return refsoc_gpu_refuse(c, -EINVAL, "%s at %#x takes %llu bytes of %llu", name,
					 address, bytes, room);

	return 0;
}

static int check_chroma(const struct refsoc_gpu_check *c, const struct de_format *format,
			const struct de_window *w)
{
	u64 bytes = round_up(w->right, 2);
	u64 rows = format->vsub == 2 ? round_up(w->bottom, 2) / 2 : w->bottom;
	int ret;

	if (format->planes == 3)
		bytes /= 2;

	ret = need(c, needs_u);
	if (!ret)
		ret = check_plane(c, "chroma", DE_UPLANE_ADDRESS, DE_UPLANE_STRIDE, bytes, rows);
	if (ret || format->planes == 2)
		return ret;

	ret = need(c, needs_v);
	if (!ret)
		ret = check_plane(c, "chroma", DE_VPLANE_ADDRESS, DE_VPLANE_STRIDE, bytes, rows);

	return ret;
}

static bool is_turned(const struct refsoc_gpu_check *c, const struct de_surface *s)
{
	return get(c, s->width) & DE_ROTATION_CONFIG_ENABLE || get(c, DE_ROT_ANGLE) & s->angles;
}

/*
 * A turned or mirrored surface: positions are subtracted from its width or its
 * height, which may mean those before or after the turn. Whichever it is, if
 * the window lies in the square of the shorter side, no address is negative,
 * and none goes past the square of the longer side.
 */
static int turn(const struct refsoc_gpu_check *c, const struct de_surface *s,
		struct de_window *w)
{
	u32 width = FIELD_GET(DE_ROTATION_CONFIG_WIDTH, get(c, s->width));
	u32 height = get(c, s->height);

	if (max(w->right, w->bottom) > min(width, height))
		return refsoc_gpu_refuse(c, -EINVAL, "turned %s exceeds the square of %ux%u",
					 s->name, width, height);

	w->right = max(width, height);
	w->bottom = w->right;
	return 0;
}

/* All that a window of a surface touches must lie in its buffer. */
static int check_surface(const struct refsoc_gpu_check *c, const struct de_surface *s,
			 const struct de_format *format, const struct de_window *window)
{
	struct de_window w = *window;
	u64 bytes;
	int ret;

	if (w.left < 0 || w.top < 0)
		return refsoc_gpu_refuse(c, -EINVAL, "%s from %lld, %lld on", s->name, w.left,
					 w.top);
	if (is_turned(c, s)) {
		ret = turn(c, s, &w);
		if (ret)
			return ret;
	}

	bytes = DIV_ROUND_UP_ULL((u64)round_up(w.right, format->group) * format->bits, 8);
	ret = check_plane(c, s->name, s->address, s->stride, bytes, w.bottom);
	if (ret || format->planes == 1)
		return ret;

	return check_chroma(c, format, &w);
}

static int check_dest(const struct refsoc_gpu_check *c, const struct de_window *w)
{
	u32 format = FIELD_GET(DE_DEST_CONFIG_FORMAT, get(c, DE_DEST_CONFIG));

	return check_surface(c, &de_dest, &de_formats[format], w);
}

static int check_src(const struct refsoc_gpu_check *c, const struct de_window *w)
{
	u32 format = FIELD_GET(DE_SRC_CONFIG_FORMAT, get(c, DE_SRC_CONFIG));

	return check_surface(c, &de_src, &de_formats[format], w);
}

/* What is the same for all rectangles */
static int prepare_dest(const struct refsoc_gpu_check *c)
{
	struct refsoc_gpu_stream_bo *bo;
	u32 format;
	int ret;

	ret = need(c, needs_dest);
	if (ret)
		return ret;

	format = FIELD_GET(DE_DEST_CONFIG_FORMAT, get(c, DE_DEST_CONFIG));
	if (!de_formats[format].dest)
		return refsoc_gpu_refuse(c, -EINVAL, "destination of format %u", format);

	bo = &c->stream->bos[c->stream->relocs[get(c, DE_DEST_ADDRESS)].bo];
	if (!bo->write)
		return refsoc_gpu_refuse(c, -EINVAL, "destination is not for writing");

	bo->written = true;
	return 0;
}

static int prepare_src(const struct refsoc_gpu_check *c)
{
	u32 config, format;
	int ret;

	ret = need(c, needs_src);
	if (ret)
		return ret;

	config = get(c, DE_SRC_CONFIG);
	format = FIELD_GET(DE_SRC_CONFIG_FORMAT, config);
	if (!de_formats[format].bits)
		return refsoc_gpu_refuse(c, -EINVAL, "source of format %u", format);
	if (format == DE_FORMAT_INDEX8 &&
	    !bitmap_full(c->palette_set, REFSOC_GPU_PALETTE_WORDS))
		return refsoc_gpu_refuse(c, -EINVAL, "indexed source without all of its palette");
	/* packed, a word may hold pixels of several rows, and the stride mean nothing */
	if (format == DE_FORMAT_MONOCHROME &&
	    FIELD_GET(DE_SRC_CONFIG_PACK, config) != DE_SRC_CONFIG_PACK_UNPACKED)
		return refsoc_gpu_refuse(c, -EINVAL, "packed monochrome source");

	return 0;
}

/* Bits of a truth table whose index has the source's or the pattern's bit clear */
#define ROP_NO_SOURCE	0x33
#define ROP_NO_PATTERN	0x0f

static bool rop_uses_source(u32 rop)
{
	u32 fg = FIELD_GET(DE_ROP_FG, rop), bg = FIELD_GET(DE_ROP_BG, rop);

	switch (FIELD_GET(DE_ROP_TYPE, rop)) {
	case DE_ROP_TYPE_ROP3:
		return ((fg >> 2) ^ fg) & ROP_NO_SOURCE;
	case DE_ROP_TYPE_ROP4:
		return (((fg >> 2) ^ fg) | ((bg >> 2) ^ bg)) & ROP_NO_SOURCE;
	default:
		return true;
	}
}

static bool rop_uses_pattern(u32 rop)
{
	u32 fg = FIELD_GET(DE_ROP_FG, rop), bg = FIELD_GET(DE_ROP_BG, rop);

	switch (FIELD_GET(DE_ROP_TYPE, rop)) {
	case DE_ROP_TYPE_ROP2_SOURCE:
		return false;
	case DE_ROP_TYPE_ROP3:
		return ((fg >> 4) ^ fg) & ROP_NO_PATTERN;
	case DE_ROP_TYPE_ROP4:
		return (((fg >> 4) ^ fg) | ((bg >> 4) ^ bg)) & ROP_NO_PATTERN;
	default:
		return true;
	}
}

static bool uses_source(const struct refsoc_gpu_check *c)
{
	if (get(c, DE_ALPHA_CONTROL) & DE_ALPHA_CONTROL_ENABLE ||
	    get(c, DE_PE_TRANSPARENCY) & DE_PE_TRANSPARENCY_SOURCE_KEY)
		return true;

	switch (command(c)) {
	case DE_COMMAND_CLEAR:
		return false;
	case DE_COMMAND_BIT_BLT:
		return rop_uses_source(get(c, DE_ROP));
	default:
		return true;
	}
}

static int prepare_pattern(const struct refsoc_gpu_check *c)
{
	return rop_uses_pattern(get(c, DE_ROP)) ? need(c, needs_pattern) : 0;
}

/*
 * Pixels of the source for @n of a stretched destination. Neither is it known for
 * sure that the core rounds down, nor that @fraction, of the origin, only counts in
 * filter blits.
 */
static s64 stretched(u32 n, u32 factor, u32 fraction)
{
	return (((u64)(n - 1) * factor + fraction + GENMASK(15, 0)) >> 16) + 1;
}

/*
 * What a rectangle reads: documents say that the size register matters only
 * for some commands, so take the larger of what it could be.
 */
static struct de_window source_window(const struct refsoc_gpu_check *c,
				      const struct de_window *rect)
{
	u32 origin = get(c, DE_SRC_ORIGIN), size = get(c, DE_SRC_SIZE);
	u32 fraction = get(c, DE_SRC_ORIGIN_FRACTION);
	bool relative = get(c, DE_SRC_CONFIG) & DE_SRC_CONFIG_RELATIVE;
	s64 width = rect->right - rect->left, height = rect->bottom - rect->top;
	struct de_window w = { .left = signed_x(origin), .top = signed_y(origin) };

	if (relative) {
		w.left += rect->left;
		w.top += rect->top;
	}
	w.right = w.left + FIELD_GET(DE_X, size);
	w.bottom = w.top + FIELD_GET(DE_Y, size);

	if (command(c) == DE_COMMAND_STRETCH_BLT) {
		w.right = max(w.right, w.left + stretched(width, get(c, DE_STRETCH_FACTOR_LOW),
							  FIELD_GET(DE_X, fraction)));
		w.bottom = max(w.bottom, w.top + stretched(height, get(c, DE_STRETCH_FACTOR_HIGH),
							   FIELD_GET(DE_Y, fraction)));
	}
	if (command(c) != DE_COMMAND_STRETCH_BLT || relative) {
		w.right = max(w.right, w.left + width);
		w.bottom = max(w.bottom, w.top + height);
	}

	return w;
}

static void clip(const struct refsoc_gpu_check *c, struct de_window *w)
{
	const struct de_window bounds = {
		.left = FIELD_GET(DE_X, get(c, DE_CLIP_TOP_LEFT)),
		.top = FIELD_GET(DE_Y, get(c, DE_CLIP_TOP_LEFT)),
		.right = FIELD_GET(DE_X, get(c, DE_CLIP_BOTTOM_RIGHT)),
		.bottom = FIELD_GET(DE_Y, get(c, DE_CLIP_BOTTOM_RIGHT)),
	};

	w->left = max(w->left, bounds.left);
	w->top = max(w->top, bounds.top);
	w->right = min(w->right, bounds.right);
	w->bottom = min(w->bottom, bounds.bottom);
}

/* @source: it reads one */
static int check_rect(const struct refsoc_gpu_check *c, u32 top_left, u32 bottom_right,
		      bool source)
{
	struct de_window rect = {
		.left = signed_x(top_left),
		.top = signed_y(top_left),
		.right = signed_x(bottom_right),
		.bottom = signed_y(bottom_right),
	}, w;
	int ret;

	if (is_empty(&rect))
		return refsoc_gpu_refuse(c, -EINVAL, "rectangle %lld, %lld to %lld, %lld",
					 rect.left, rect.top, rect.right, rect.bottom);

	if (source) {
		w = source_window(c, &rect);
		ret = check_src(c, &w);
		if (ret)
			return ret;
	}

	/* whether the clip is turned, too, is not known */
	w = rect;
	if (!is_turned(c, &de_dest))
		clip(c, &w);

	return is_empty(&w) ? 0 : check_dest(c, &w);
}

/* All that a draw takes besides its rectangles */
static int prepare_draw(const struct refsoc_gpu_check *c)
{
	int ret;

	ret = prepare_dest(c);
	if (ret)
		return ret;

	switch (command(c)) {
	case DE_COMMAND_CLEAR:
	case DE_COMMAND_BIT_BLT:
		ret = 0;
		break;
	case DE_COMMAND_STRETCH_BLT:
		ret = need(c, needs_stretch);
		break;
	default:
		return refsoc_gpu_refuse(c, -EINVAL, "2D draw of command %u", command(c));
	}
	if (!ret)
		ret = need(c, needs_clip);
	if (!ret)
		ret = prepare_pattern(c);
	if (ret || !uses_source(c))
		return ret;

	ret = need(c, needs_origin);
	if (!ret)
		ret = prepare_src(c);

	return ret;
}

/*
 * refsoc_gpu_2d_draw - check the DRAW_2D command at the word under check
 *
 * The caller has made sure that the rectangles are part of the stream.
 */
int refsoc_gpu_2d_draw(struct refsoc_gpu_check *c, u32 n_rects)
{
	const u32 *words = c->stream->words;
	bool source;
	u32 i;
	int ret;

	ret = prepare_draw(c);
	if (ret)
		return ret;

	source = uses_source(c);
	for (i = 0; i < n_rects; i++) {
		c->word += 2;
		ret = check_rect(c, words[c->word], words[c->word + 1], source);
		if (ret)
			return ret;
	}

	return 0;
}

static int check_vr_windows(const struct refsoc_gpu_check *c)
{
	struct de_window image = {
		.left = signed_x(get(c, DE_VR_SOURCE_IMAGE_LOW)),
		.top = signed_y(get(c, DE_VR_SOURCE_IMAGE_LOW)),
		.right = signed_x(get(c, DE_VR_SOURCE_IMAGE_HIGH)),
		.bottom = signed_y(get(c, DE_VR_SOURCE_IMAGE_HIGH)),
	};
	struct de_window target = {
		.left = signed_x(get(c, DE_VR_TARGET_WINDOW_LOW)),
		.top = signed_y(get(c, DE_VR_TARGET_WINDOW_LOW)),
		.right = signed_x(get(c, DE_VR_TARGET_WINDOW_HIGH)),
		.bottom = signed_y(get(c, DE_VR_TARGET_WINDOW_HIGH)),
	};
	int ret;

	if (is_empty(&image) || is_empty(&target))
		return refsoc_gpu_refuse(c, -EINVAL, "filter with an empty window");

	/* beyond the image, its edges repeat; there is no clip */
	ret = check_src(c, &image);
	if (!ret)
		ret = check_dest(c, &target);

	return ret;
}

/* VR_CONFIG: start a filter blit unless the mask says not to. */
static int check_vr(const struct refsoc_gpu_check *c, u32 config)
{
	u32 start = FIELD_GET(DE_VR_CONFIG_START, config);
	enum de_command wanted;
	int ret;

	if (config & DE_VR_CONFIG_START_MASK)
		return 0;
	if (start > DE_VR_CONFIG_START_VERTICAL)
		return refsoc_gpu_refuse(c, -EINVAL, "filter start %u", start);

	ret = prepare_dest(c);
	if (ret)
		return ret;

	wanted = start == DE_VR_CONFIG_START_HORIZONTAL ? DE_COMMAND_HOR_FILTER_BLT :
							  DE_COMMAND_VER_FILTER_BLT;
	if (command(c) != wanted)
		return refsoc_gpu_refuse(c, -EINVAL, "filter start %u of command %u", start,
					 command(c));
	if (!bitmap_full(c->kernel_set, REFSOC_GPU_KERNEL_WORDS))
		return refsoc_gpu_refuse(c, -EINVAL, "filter without all of its kernel");

	ret = need(c, needs_vr);
	if (!ret)
		ret = prepare_pattern(c);
	if (!ret)
		ret = prepare_src(c);
	if (!ret)
		ret = check_vr_windows(c);

	return ret;
}

/* A pattern is read when it is configured: its address must be there already. */
static int check_pattern(const struct refsoc_gpu_check *c, u32 config)
{
	if (FIELD_GET(DE_PATTERN_CONFIG_INIT_TRIGGER, config) !=
	    FIELD_MAX(DE_PATTERN_CONFIG_INIT_TRIGGER))
		return refsoc_gpu_refuse(c, -EINVAL, "pattern that is not loaded anew");
	if (config & DE_PATTERN_CONFIG_PATTERN && !test_bit(DE(DE_PATTERN_ADDRESS), c->de_set))
		return refsoc_gpu_refuse(c, -EINVAL, "pattern without its address");

	return 0;
}

static int check_rotation(const struct refsoc_gpu_check *c, u32 angle)
{
	if (!(BIT(FIELD_GET(DE_ROT_ANGLE_SRC, angle)) & DE_ROT_MODES) ||
	    !(BIT(FIELD_GET(DE_ROT_ANGLE_DST, angle)) & DE_ROT_MODES))
		return refsoc_gpu_refuse(c, -EINVAL, "rotation %#x", angle);

	return 0;
}

static int check_de_state(struct refsoc_gpu_check *c, u32 addr, u32 loaded)
{
	u32 value, unknown;

	/* the one value that changes nothing of the prologue's */
	if (addr == DE_CONFIG && !loaded)
		return 0;

	unknown = refsoc_gpu_2d_merge(addr, get(c, addr), loaded, &value);
	if (unknown)
		return refsoc_gpu_refuse(c, -EINVAL, "bits %#x of state %#x", unknown, addr);

	c->de[DE(addr)] = value;
	__set_bit(DE(addr), c->de_set);

	switch (addr) {
	case DE_PATTERN_ADDRESS:
		return check_plane(c, "pattern", addr, addr, DE_PATTERN_BYTES, 1);
	case DE_PATTERN_CONFIG:
		return check_pattern(c, value);
	case DE_ROT_ANGLE:
		return check_rotation(c, value);
	case DE_VR_CONFIG:
		return check_vr(c, loaded);
	default:
		return 0;
	}
}

/*
 * refsoc_gpu_2d_state - check a load of a state and remember its value
 *
 * @value is the index of the relocation if the state holds an address.
 */
int refsoc_gpu_2d_state(struct refsoc_gpu_check *c, u32 addr, u32 value)
{
	if (addr >= DE_SRC_ADDRESS && DE(addr) < REFSOC_GPU_DE_STATES)
		return check_de_state(c, addr, value);

	if (addr >= DE_FILTER_KERNEL && addr < DE_FILTER_KERNEL + 4 * REFSOC_GPU_KERNEL_WORDS) {
		__set_bit((addr - DE_FILTER_KERNEL) / 4, c->kernel_set);
		return 0;
	}

	if (addr >= DE_INDEX_COLOR_TABLE32 &&
	    addr < DE_INDEX_COLOR_TABLE32 + 4 * REFSOC_GPU_PALETTE_WORDS) {
		__set_bit((addr - DE_INDEX_COLOR_TABLE32) / 4, c->palette_set);
		return 0;
	}

	return refsoc_gpu_refuse(c, -EINVAL, "state %#x is not the user's", addr);
}

/* refsoc_gpu_2d_is_address - whether a state of the 2D core holds an address */
bool refsoc_gpu_2d_is_address(u32 addr)
{
	switch (addr) {
	case DE_SRC_ADDRESS:
	case DE_DEST_ADDRESS:
	case DE_PATTERN_ADDRESS:
	case DE_UPLANE_ADDRESS:
	case DE_VPLANE_ADDRESS:
		return true;
	default:
		return false;
	}
}

/* refsoc_gpu_2d_init - what the states are when a stream starts */
void refsoc_gpu_2d_init(struct refsoc_gpu_check *c)
{
	unsigned int i;

	for (i = 0; i < refsoc_gpu_2d_n_defaults; i++) {
		u32 state = DE(refsoc_gpu_2d_defaults[i].addr);

		c->de[state] = refsoc_gpu_2d_defaults[i].value;
		__set_bit(state, c->de_set);
	}
}
