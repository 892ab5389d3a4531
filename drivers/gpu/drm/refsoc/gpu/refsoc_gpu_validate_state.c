// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC GPU driver: what a load does to a state of the 2D core, and which values
 * users may load
 *
 * Names and encodings are those of rnndb (state_2d.xml) of the etna_viv project.
 */

#include <kunit/visibility.h>

#include <linux/bits.h>
#include <linux/export.h>
#include <linux/kernel.h>

#include "refsoc_gpu_de.h"
#include "refsoc_gpu_validate_int.h"

/* DE_PE_TRANSPARENCY, DE_PE_CONTROL and DE_ROT_ANGLE of 0 set all their fields. */
const struct refsoc_gpu_state refsoc_gpu_2d_defaults[] = {
	{ DE_SRC_SIZE, 0 },
	{ DE_SRC_COLOR_BG, 0 },
	{ DE_SRC_COLOR_FG, 0 },
	{ DE_PATTERN_LOW, 0 },
	{ DE_PATTERN_HIGH, 0 },
	{ DE_PATTERN_MASK_LOW, 0 },
	{ DE_PATTERN_MASK_HIGH, 0 },
	{ DE_PATTERN_BG_COLOR, 0 },
	{ DE_PATTERN_FG_COLOR, 0 },
	{ DE_ROP, DE_ROP_TYPE_ROP4 << 20 | DE_ROP_COPY << 8 | DE_ROP_COPY },
	{ DE_CLEAR_BYTE_MASK, 0xff },
	{ DE_CONFIG, 0 },
	{ DE_CLEAR_PIXEL_VALUE_LOW, 0 },
	{ DE_CLEAR_PIXEL_VALUE_HIGH, 0 },
	{ DE_SRC_ORIGIN_FRACTION, 0 },
	{ DE_ALPHA_CONTROL, 0 },
	{ DE_ALPHA_MODES, 0 },
	{ DE_DEST_ROTATION_HEIGHT, 0 },
	{ DE_SRC_ROTATION_HEIGHT, 0 },
	{ DE_ROT_ANGLE, 0 },
	{ DE_CLEAR_PIXEL_VALUE32, 0 },
	{ DE_DEST_COLOR_KEY, 0 },
	{ DE_GLOBAL_SRC_COLOR, 0 },
	{ DE_GLOBAL_DEST_COLOR, 0 },
	{ DE_COLOR_MULTIPLY_MODES, 0 },
	{ DE_PE_TRANSPARENCY, 0 },
	{ DE_PE_CONTROL, 0 },
	{ DE_SRC_COLOR_KEY_HIGH, 0 },
	{ DE_DEST_COLOR_KEY_HIGH, 0 },
	{ DE_PE_DITHER_LOW, ~0u },
	{ DE_PE_DITHER_HIGH, ~0u },
};
EXPORT_SYMBOL_IF_KUNIT(refsoc_gpu_2d_defaults);

const unsigned int refsoc_gpu_2d_n_defaults = ARRAY_SIZE(refsoc_gpu_2d_defaults);
EXPORT_SYMBOL_IF_KUNIT(refsoc_gpu_2d_n_defaults);

/*
 * The bits users may set in a state; none at all means that they may not load
 * it. Tiled surfaces, sources out of the stream, transparency by mask or by
 * override, and the mirror of the old walkers are missing on purpose, and so is
 * PE_CONFIG, which lets the engine scribble on what is around a rectangle.
 */
static const u32 de_user_bits[REFSOC_GPU_DE_STATES] = {
	[DE(DE_SRC_ADDRESS)] = ~0u,
	[DE(DE_SRC_STRIDE)] = DE_STRIDE_BITS,
	[DE(DE_SRC_ROTATION_CONFIG)] = DE_ROTATION_CONFIG_WIDTH | DE_ROTATION_CONFIG_ENABLE,
	[DE(DE_SRC_CONFIG)] = DE_SRC_CONFIG_PE10_FORMAT | DE_SRC_CONFIG_RELATIVE |
			      DE_SRC_CONFIG_PACK | DE_SRC_CONFIG_MONO_FOREGROUND |
			      DE_SRC_CONFIG_SWIZZLE | DE_SRC_CONFIG_FORMAT |
			      DE_SRC_CONFIG_NO_420_L2_CACHE | DE_SRC_CONFIG_ENDIAN,
	[DE(DE_SRC_ORIGIN)] = ~0u,
	[DE(DE_SRC_SIZE)] = ~0u,
	[DE(DE_SRC_COLOR_BG)] = ~0u,
	[DE(DE_SRC_COLOR_FG)] = ~0u,
	[DE(DE_STRETCH_FACTOR_LOW)] = GENMASK(30, 0),
	[DE(DE_STRETCH_FACTOR_HIGH)] = GENMASK(30, 0),
	[DE(DE_DEST_ADDRESS)] = ~0u,
	[DE(DE_DEST_STRIDE)] = DE_STRIDE_BITS,
	[DE(DE_DEST_ROTATION_CONFIG)] = DE_ROTATION_CONFIG_WIDTH | DE_ROTATION_CONFIG_ENABLE,
	[DE(DE_DEST_CONFIG)] = DE_DEST_CONFIG_FORMAT | DE_DEST_CONFIG_COMMAND |
			       DE_DEST_CONFIG_SWIZZLE | DE_DEST_CONFIG_ENDIAN,
	[DE(DE_PATTERN_ADDRESS)] = ~0u,
	[DE(DE_PATTERN_CONFIG)] = DE_PATTERN_CONFIG_BITS,
	[DE(DE_PATTERN_LOW)] = ~0u,
	[DE(DE_PATTERN_HIGH)] = ~0u,
	[DE(DE_PATTERN_MASK_LOW)] = ~0u,
	[DE(DE_PATTERN_MASK_HIGH)] = ~0u,
	[DE(DE_PATTERN_BG_COLOR)] = ~0u,
	[DE(DE_PATTERN_FG_COLOR)] = ~0u,
	[DE(DE_ROP)] = DE_ROP_FG | DE_ROP_BG | DE_ROP_TYPE,
	[DE(DE_CLIP_TOP_LEFT)] = DE_CLIP_BITS,
	[DE(DE_CLIP_BOTTOM_RIGHT)] = DE_CLIP_BITS,
	[DE(DE_CLEAR_BYTE_MASK)] = ~0u,
	[DE(DE_CLEAR_PIXEL_VALUE_LOW)] = ~0u,
	[DE(DE_CLEAR_PIXEL_VALUE_HIGH)] = ~0u,
	[DE(DE_SRC_ORIGIN_FRACTION)] = ~0u,
	[DE(DE_ALPHA_CONTROL)] = ~0u,
	[DE(DE_ALPHA_MODES)] = ~0u,
	[DE(DE_UPLANE_ADDRESS)] = ~0u,
	[DE(DE_UPLANE_STRIDE)] = DE_STRIDE_BITS,
	[DE(DE_VPLANE_ADDRESS)] = ~0u,
	[DE(DE_VPLANE_STRIDE)] = DE_STRIDE_BITS,
	[DE(DE_VR_CONFIG)] = DE_VR_CONFIG_START,
	[DE(DE_VR_SOURCE_IMAGE_LOW)] = ~0u,
	[DE(DE_VR_SOURCE_IMAGE_HIGH)] = ~0u,
	[DE(DE_VR_SOURCE_ORIGIN_LOW)] = ~0u,
	[DE(DE_VR_SOURCE_ORIGIN_HIGH)] = ~0u,
	[DE(DE_VR_TARGET_WINDOW_LOW)] = ~0u,
	[DE(DE_VR_TARGET_WINDOW_HIGH)] = ~0u,
	[DE(DE_DEST_ROTATION_HEIGHT)] = DE_ROTATION_HEIGHT,
	[DE(DE_SRC_ROTATION_HEIGHT)] = DE_ROTATION_HEIGHT,
	[DE(DE_ROT_ANGLE)] = DE_ROT_ANGLE_SRC | DE_ROT_ANGLE_DST |
			     DE_ROT_ANGLE_SRC_MIRROR | DE_ROT_ANGLE_DST_MIRROR,
	[DE(DE_CLEAR_PIXEL_VALUE32)] = ~0u,
	[DE(DE_DEST_COLOR_KEY)] = ~0u,
	[DE(DE_GLOBAL_SRC_COLOR)] = ~0u,
	[DE(DE_GLOBAL_DEST_COLOR)] = ~0u,
	[DE(DE_COLOR_MULTIPLY_MODES)] = ~0u,
	[DE(DE_PE_TRANSPARENCY)] = DE_PE_TRANSPARENCY_SOURCE_KEY | DE_PE_TRANSPARENCY_DEST_KEY |
				   DE_PE_TRANSPARENCY_DFB_KEY,
	[DE(DE_PE_CONTROL)] = DE_PE_CONTROL_YUV709 | DE_PE_CONTROL_UV_SWAP |
			      DE_PE_CONTROL_YUV_TO_RGB,
	[DE(DE_SRC_COLOR_KEY_HIGH)] = ~0u,
	[DE(DE_DEST_COLOR_KEY_HIGH)] = ~0u,
	[DE(DE_PE_DITHER_LOW)] = ~0u,
	[DE(DE_PE_DITHER_HIGH)] = ~0u,
};

/* Fields that a load leaves alone when their mask bit is set in its value. */
static const struct {
	u32 addr;
	u32 field;
	u32 mask;
} de_masked[] = {
	{ DE_ROT_ANGLE, DE_ROT_ANGLE_SRC, DE_ROT_ANGLE_SRC_MASK },
	{ DE_ROT_ANGLE, DE_ROT_ANGLE_DST, DE_ROT_ANGLE_DST_MASK },
	{ DE_ROT_ANGLE, DE_ROT_ANGLE_SRC_MIRROR, DE_ROT_ANGLE_SRC_MIRROR_MASK },
	{ DE_ROT_ANGLE, DE_ROT_ANGLE_DST_MIRROR, DE_ROT_ANGLE_DST_MIRROR_MASK },
	{ DE_PE_TRANSPARENCY, DE_PE_TRANSPARENCY_KINDS, DE_PE_TRANSPARENCY_MASK },
	{ DE_PE_TRANSPARENCY, DE_PE_TRANSPARENCY_OVERRIDES, DE_PE_TRANSPARENCY_OVERRIDE_MASK },
	{ DE_PE_TRANSPARENCY, DE_PE_TRANSPARENCY_DFB_KEY, DE_PE_TRANSPARENCY_DFB_KEY_MASK },
	{ DE_PE_CONTROL, DE_PE_CONTROL_YUV709, DE_PE_CONTROL_YUV709_MASK },
	{ DE_PE_CONTROL, DE_PE_CONTROL_UV_SWAP, DE_PE_CONTROL_UV_SWAP_MASK },
	{ DE_PE_CONTROL, DE_PE_CONTROL_YUV_TO_RGB, DE_PE_CONTROL_YUV_TO_RGB_MASK },
	{ DE_VR_CONFIG, DE_VR_CONFIG_START, DE_VR_CONFIG_START_MASK },
};

/*
 * Who sets one field of a state with masks writes ones to all other bits. Some of
 * those that are not known may be masks, too: so they are either all set, or clear
 * as after a reset.
 */
static u32 merge_masked(u32 addr, u32 old, u32 loaded)
{
	u32 fields = 0, masks = 0, kept = 0, unknown;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(de_masked); i++) {
		if (de_masked[i].addr != addr)
			continue;
		fields |= de_masked[i].field;
		masks |= de_masked[i].mask;
		if (loaded & de_masked[i].mask)
			kept |= de_masked[i].field;
	}
	if (!masks)
		return loaded;

	unknown = ~(fields | masks);
	if ((loaded & unknown) == unknown)
		loaded &= ~unknown;

	return (loaded & ~masks & ~kept) | (old & kept);
}

/*
 * refsoc_gpu_2d_merge - the value of a state of the drawing engine after a load
 * @addr: the state
 * @old: its value so far
 * @loaded: what is loaded
 * @value: its value then
 *
 * Return: bits that users may not set; all of them if the state is not theirs.
 */
u32 refsoc_gpu_2d_merge(u32 addr, u32 old, u32 loaded, u32 *value)
{
	u32 bits = de_user_bits[DE(addr)];

	*value = merge_masked(addr, old, loaded);

	return bits ? *value & ~bits : ~0u;
}
