// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the subdevs of the receiver and of the CSI say in the same words: sink
 * pads take every format there is, source pads give the one that was set.
 */
#include <media/v4l2-subdev.h>

#include "refsoc-capture.h"
#include "refsoc-formats.h"

static bool is_sink(struct v4l2_subdev *sd, u32 pad)
{
	return sd->entity.pads[pad].flags & MEDIA_PAD_FL_SINK;
}

/**
 * refsoc_enum_mbus_code - &v4l2_subdev_pad_ops.enum_mbus_code
 * @sd: receiver or CSI
 * @state: its state, locked
 * @code: pad and index, on return the media bus code
 *
 * Return: 0, or -EINVAL beyond the last code.
 */
int refsoc_enum_mbus_code(struct v4l2_subdev *sd,
			  struct v4l2_subdev_state *state,
			  struct v4l2_subdev_mbus_code_enum *code)
{
	const struct refsoc_mbus_format *mbus;

	if (!is_sink(sd, code->pad)) {
		if (code->index)
			return -EINVAL;
		code->code = v4l2_subdev_state_get_format(state,
							  code->pad)->code;
		return 0;
	}

	mbus = refsoc_mbus_by_index(code->index);
	if (!mbus)
		return -EINVAL;
	code->code = mbus->code;

	return 0;
}

/**
 * refsoc_enum_frame_size - &v4l2_subdev_pad_ops.enum_frame_size
 * @sd: receiver or CSI
 * @state: its state, locked
 * @fse: pad, index and media bus code, on return the sizes in pixels and lines
 *
 * Return: 0, or -EINVAL beyond the first, or for a code the pad does not have.
 */
int refsoc_enum_frame_size(struct v4l2_subdev *sd,
			   struct v4l2_subdev_state *state,
			   struct v4l2_subdev_frame_size_enum *fse)
{
	const struct v4l2_mbus_framefmt *fmt;

	if (fse->index)
		return -EINVAL;

	if (is_sink(sd, fse->pad)) {
		if (!refsoc_mbus_by_code(fse->code))
			return -EINVAL;
		fse->min_width = REFSOC_MIN_WIDTH;
		fse->max_width = REFSOC_MAX_WIDTH;
		fse->min_height = REFSOC_MIN_HEIGHT;
		fse->max_height = REFSOC_MAX_HEIGHT;
		return 0;
	}

	fmt = v4l2_subdev_state_get_format(state, fse->pad);
	if (fse->code != fmt->code)
		return -EINVAL;
	fse->min_width = fmt->width;
	fse->max_width = fmt->width;
	fse->min_height = fmt->height;
	fse->max_height = fmt->height;

	return 0;
}
