// SPDX-License-Identifier: GPL-2.0-only
/*
 * Camera sensor interface of the i.MX6 IPU (IMX6DQRM chapter "Image
 * Processing Unit", section "Camera Sensor Interface").
 */
#include <linux/dma-mapping.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/pinctrl/consumer.h>
#include <linux/slab.h>
#include <media/v4l2-common.h>
#include <media/v4l2-event.h>
#include <media/v4l2-fwnode.h>
#include <media/v4l2-mc.h>
#include <video/imx-ipu-v3.h>

#include "refsoc-capture.h"
#include "refsoc-formats.h"

/**
 * DOC: csi
 *
 * The CSI finds the frames in what the receiver sends, cuts a window out of
 * them and hands its pixels to the IDMAC, which packs them for memory.  The
 * sink pad has the format of the source and the crop rectangle; the source
 * pad has the same media bus code and the size of the rectangle.
 *
 * The CSI's own generator can stand in for a source.  It produces squares of
 * one colour at about 30 frames a second and is chosen with
 * V4L2_CID_TEST_PATTERN; then what is linked to the sink pad is not started.
 */

/* The generator makes a pixel a clock; its divider has 8 bits. */
#define CSI_PATTERN_FPS		30
#define CSI_PATTERN_MIN_HZ	2000000
#define CSI_PATTERN_MAX_HZ	90000000

/**
 * struct refsoc_csi_colour - colour of the generator's squares
 * @rgb: red, green and blue
 * @yuv: the same colour as luma and chroma, BT.601, limited range
 */
struct refsoc_csi_colour {
	u8 rgb[3];
	u8 yuv[3];
};

/* In the order of the menu, after "Disabled". */
static const struct refsoc_csi_colour csi_colours[] = {
	{ .rgb = { 255, 255, 255 }, .yuv = { 235, 128, 128 } },
	{ .rgb = { 255,   0,   0 }, .yuv = {  81,  90, 240 } },
	{ .rgb = {   0, 255,   0 }, .yuv = { 145,  54,  34 } },
	{ .rgb = {   0,   0, 255 }, .yuv = {  41, 240, 110 } },
};

static const char * const csi_pattern_menu[] = {
	"Disabled",
	"White Squares",
	"Red Squares",
	"Green Squares",
	"Blue Squares",
};

static_assert(ARRAY_SIZE(csi_pattern_menu) == ARRAY_SIZE(csi_colours) + 1);

static struct refsoc_csi *sd_to_csi(struct v4l2_subdev *sd)
{
	return container_of(sd, struct refsoc_csi, sd);
}

/*
 * Hardware
 */

static void csi_set_pattern(struct refsoc_csi *csi,
			    const struct v4l2_mbus_framefmt *fmt, u32 pattern)
{
	const struct refsoc_csi_colour *colour;
	const u8 *c;
	u32 hz;

	if (!pattern) {
		ipu_csi_set_test_generator(csi->ipu_csi, false, 0, 0, 0, 0);
		return;
	}

	colour = &csi_colours[pattern - 1];
	c = refsoc_mbus_by_code(fmt->code)->yuv ? colour->yuv : colour->rgb;
	hz = clamp_t(u32, fmt->width * fmt->height * CSI_PATTERN_FPS,
		     CSI_PATTERN_MIN_HZ, CSI_PATTERN_MAX_HZ);
	ipu_csi_set_test_generator(csi->ipu_csi, true, c[0], c[1], c[2], hz);
}

static int csi_configure(struct refsoc_csi *csi,
			 struct v4l2_subdev_state *state)
{
	const struct v4l2_mbus_framefmt *sink, *source;
	struct v4l2_mbus_config bus = { .type = V4L2_MBUS_CSI2_DPHY };
	u32 pattern = csi->pattern->cur.val;
	struct v4l2_mbus_framefmt in;
	int ret;

	sink = v4l2_subdev_state_get_format(state, REFSOC_CSI_SINK);
	source = v4l2_subdev_state_get_format(state, REFSOC_CSI_SOURCE);
	in = *sink;
	/* The generator makes three components, whatever they stand for. */
	in.code = pattern ? MEDIA_BUS_FMT_RGB888_1X24 :
			    refsoc_mbus_by_code(sink->code)->csi_code;

	ipu_csi_set_window(csi->ipu_csi,
			   v4l2_subdev_state_get_crop(state, REFSOC_CSI_SINK));
	ipu_csi_set_downsize(csi->ipu_csi, false, false);
	ret = ipu_csi_init_interface(csi->ipu_csi, &bus, &in, source);
	if (ret)
		return ret;

	ipu_csi_set_dest(csi->ipu_csi, IPU_CSI_DEST_IDMAC);
	ipu_csi_set_skip_smfc(csi->ipu_csi, 0, 0, 0);
	/*
	 * The virtual channel has chosen the CSI; inside the IPU everything is
	 * virtual channel 0.
	 */
	ret = ipu_csi_set_mipi_datatype(csi->ipu_csi, 0, &in);
	if (ret)
		return ret;

	ipu_set_csi_src_mux(csi->ipu, csi->id, !pattern);
	csi_set_pattern(csi, sink, pattern);

	return 0;
}

/**
 * refsoc_csi_halt - let no further frame in
 * @csi: the CSI
 *
 * May be called from interrupts, and more than once.
 */
void refsoc_csi_halt(struct refsoc_csi *csi)
{
	ipu_csi_disable(csi->ipu_csi);
}

/*
 * Streaming
 */

/*
 * The pad of the receiver that feeds the CSI, directly or through a video
 * multiplexer.  The multiplexer's s_stream is passed over: it only calls
 * s_stream of the receiver, which cannot tell its four outputs apart there.
 */
static struct media_pad *csi_find_source(struct refsoc_csi *csi)
{
	struct v4l2_subdev *sd;
	struct media_pad *pad;

	pad = media_pad_remote_pad_unique(&csi->pads[REFSOC_CSI_SINK]);
	if (!IS_ERR(pad) && pad->entity->function == MEDIA_ENT_F_VID_MUX)
		pad = media_entity_remote_source_pad_unique(pad->entity);
	if (IS_ERR(pad)) {
		dev_dbg(csi->dev, "no source is linked\n");
		return ERR_PTR(-ENOLINK);
	}

	sd = media_entity_to_v4l2_subdev(pad->entity);
	if (!sd || !refsoc_csi2_is_receiver(sd)) {
		dev_dbg(csi->dev, "%s is not a CSI-2 receiver\n",
			pad->entity->name);
		return ERR_PTR(-EINVAL);
	}

	return pad;
}

static int csi_start_source(struct refsoc_csi *csi)
{
	struct v4l2_subdev *sd;
	struct media_pad *pad;
	int ret;

	pad = csi_find_source(csi);
	if (IS_ERR(pad))
		return PTR_ERR(pad);

	sd = media_entity_to_v4l2_subdev(pad->entity);
	ret = v4l2_subdev_enable_streams(sd, pad->index, BIT_ULL(0));
	if (ret)
		return ret;

	csi->source = pad;
	return 0;
}

static void csi_stop_source(struct refsoc_csi *csi)
{
	struct v4l2_subdev *sd;

	if (!csi->source)
		return;

	sd = media_entity_to_v4l2_subdev(csi->source->entity);
	v4l2_subdev_disable_streams(sd, csi->source->index, BIT_ULL(0));
	csi->source = NULL;
}

static int csi_enable_streams(struct v4l2_subdev *sd,
			      struct v4l2_subdev_state *state, u32 pad,
			      u64 streams_mask)
{
	struct refsoc_csi *csi = sd_to_csi(sd);
	int ret;

	if (!csi->pattern->cur.val) {
		ret = csi_start_source(csi);
		if (ret)
			return ret;
	}

	ret = csi_configure(csi, state);
	if (ret) {
		csi_stop_source(csi);
		return ret;
	}

	__v4l2_ctrl_grab(csi->pattern, true);
	ipu_csi_enable(csi->ipu_csi);

	return 0;
}

static int csi_disable_streams(struct v4l2_subdev *sd,
			       struct v4l2_subdev_state *state, u32 pad,
			       u64 streams_mask)
{
	struct refsoc_csi *csi = sd_to_csi(sd);

	refsoc_csi_halt(csi);
	csi_stop_source(csi);
	csi_set_pattern(csi, NULL, 0);
	__v4l2_ctrl_grab(csi->pattern, false);

	return 0;
}

/*
 * Subdev
 */

/* A new input is taken whole, and the output follows. */
static void csi_set_sink(struct v4l2_subdev_state *state,
			 const struct v4l2_mbus_framefmt *fmt)
{
	struct v4l2_mbus_framefmt *source;
	struct v4l2_rect *crop;

	*v4l2_subdev_state_get_format(state, REFSOC_CSI_SINK) = *fmt;

	crop = v4l2_subdev_state_get_crop(state, REFSOC_CSI_SINK);
	*crop = (struct v4l2_rect){ 0, 0, fmt->width, fmt->height };
	refsoc_crop_adjust(crop, fmt->width, fmt->height, 0);

	source = v4l2_subdev_state_get_format(state, REFSOC_CSI_SOURCE);
	*source = *fmt;
	source->width = crop->width;
	source->height = crop->height;
}

static int csi_init_state(struct v4l2_subdev *sd,
			  struct v4l2_subdev_state *state)
{
	struct v4l2_mbus_framefmt fmt = {
		.code = REFSOC_DEFAULT_CODE,
		.width = REFSOC_DEFAULT_WIDTH,
		.height = REFSOC_DEFAULT_HEIGHT,
	};

	refsoc_mbus_adjust(&fmt);
	csi_set_sink(state, &fmt);

	return 0;
}

static int csi_set_fmt(struct v4l2_subdev *sd, struct v4l2_subdev_state *state,
		       struct v4l2_subdev_format *fmt)
{
	/* The output follows the input and the crop rectangle. */
	if (fmt->pad == REFSOC_CSI_SOURCE)
		return v4l2_subdev_get_fmt(sd, state, fmt);

	if (fmt->which == V4L2_SUBDEV_FORMAT_ACTIVE &&
	    media_entity_is_streaming(&sd->entity)) {
		dev_dbg(sd->dev, "%s is streaming\n", sd->name);
		return -EBUSY;
	}

	refsoc_mbus_adjust(&fmt->format);
	csi_set_sink(state, &fmt->format);

	return 0;
}

static int csi_get_selection(struct v4l2_subdev *sd,
			     struct v4l2_subdev_state *state,
			     struct v4l2_subdev_selection *sel)
{
	const struct v4l2_mbus_framefmt *fmt;

	if (sel->pad != REFSOC_CSI_SINK)
		return -EINVAL;

	switch (sel->target) {
	case V4L2_SEL_TGT_CROP:
		sel->r = *v4l2_subdev_state_get_crop(state, sel->pad);
		return 0;
	case V4L2_SEL_TGT_CROP_DEFAULT:
	case V4L2_SEL_TGT_CROP_BOUNDS:
		fmt = v4l2_subdev_state_get_format(state, sel->pad);
		sel->r = (struct v4l2_rect){ 0, 0, fmt->width, fmt->height };
		return 0;
	default:
		return -EINVAL;
	}
}

static int csi_set_selection(struct v4l2_subdev *sd,
			     struct v4l2_subdev_state *state,
			     struct v4l2_subdev_selection *sel)
{
	struct v4l2_mbus_framefmt *sink, *source;
	struct v4l2_rect *crop;

	if (sel->pad != REFSOC_CSI_SINK || sel->target != V4L2_SEL_TGT_CROP)
		return -EINVAL;

	if (sel->which == V4L2_SUBDEV_FORMAT_ACTIVE &&
	    media_entity_is_streaming(&sd->entity)) {
		dev_dbg(sd->dev, "%s is streaming\n", sd->name);
		return -EBUSY;
	}

	crop = v4l2_subdev_state_get_crop(state, sel->pad);
	/* The output cannot keep its size when the rectangle changes. */
	if (sel->flags & V4L2_SEL_FLAG_KEEP_CONFIG) {
		sel->r = *crop;
		return 0;
	}

	sink = v4l2_subdev_state_get_format(state, REFSOC_CSI_SINK);
	refsoc_crop_adjust(&sel->r, sink->width, sink->height, sel->flags);
	*crop = sel->r;

	source = v4l2_subdev_state_get_format(state, REFSOC_CSI_SOURCE);
	source->width = crop->width;
	source->height = crop->height;

	return 0;
}

static void csi_release(struct kref *ref)
{
	struct refsoc_csi *csi = container_of(ref, struct refsoc_csi, ref);

	v4l2_subdev_cleanup(&csi->sd);
	v4l2_ctrl_handler_free(&csi->ctrls);
	media_entity_cleanup(&csi->sd.entity);
	kfree(csi);
}

static int csi_registered(struct v4l2_subdev *sd)
{
	struct refsoc_csi *csi = sd_to_csi(sd);
	int ret;

	ret = refsoc_media_keep(sd->v4l2_dev, &csi->ref, csi_release);
	if (ret)
		return ret;

	refsoc_media_add_csi(csi);
	return 0;
}

static void csi_unregistered(struct v4l2_subdev *sd)
{
	struct refsoc_csi *csi = sd_to_csi(sd);

	v4l2_subdev_notify(sd, REFSOC_NOTIFY_BROKEN, NULL);
	if (csi->video)
		refsoc_video_unregister(csi);
	refsoc_media_remove_csi(csi);
}

static const struct v4l2_subdev_core_ops csi_core_ops = {
	.subscribe_event = v4l2_ctrl_subdev_subscribe_event,
	.unsubscribe_event = v4l2_event_subdev_unsubscribe,
};

static const struct v4l2_subdev_pad_ops csi_pad_ops = {
	.enum_mbus_code = refsoc_enum_mbus_code,
	.enum_frame_size = refsoc_enum_frame_size,
	.get_fmt = v4l2_subdev_get_fmt,
	.set_fmt = csi_set_fmt,
	.get_selection = csi_get_selection,
	.set_selection = csi_set_selection,
	.enable_streams = csi_enable_streams,
	.disable_streams = csi_disable_streams,
};

static const struct v4l2_subdev_ops csi_ops = {
	.core = &csi_core_ops,
	.pad = &csi_pad_ops,
};

static const struct v4l2_subdev_internal_ops csi_internal_ops = {
	.init_state = csi_init_state,
	.registered = csi_registered,
	.unregistered = csi_unregistered,
};

/* The CSI's firmware node is a port of the IPU, not a device. */
static int csi_get_fwnode_pad(struct media_entity *entity,
			      struct fwnode_endpoint *endpoint)
{
	struct v4l2_subdev *sd = media_entity_to_v4l2_subdev(entity);
	struct fwnode_handle *port;

	port = fwnode_get_parent(endpoint->local_fwnode);
	fwnode_handle_put(port);

	return port == sd->fwnode ? REFSOC_CSI_SINK : -ENXIO;
}

static const struct media_entity_operations csi_entity_ops = {
	.link_validate = v4l2_subdev_link_validate,
	.get_fwnode_pad = csi_get_fwnode_pad,
};

/*
 * Binding
 */

static int csi_notify_bound(struct v4l2_async_notifier *notifier,
			    struct v4l2_subdev *sd,
			    struct v4l2_async_connection *asc)
{
	struct refsoc_csi *csi = sd_to_csi(notifier->sd);

	return v4l2_create_fwnode_links_to_pad(sd,
					       &csi->pads[REFSOC_CSI_SINK], 0);
}

static void csi_notify_unbind(struct v4l2_async_notifier *notifier,
			      struct v4l2_subdev *sd,
			      struct v4l2_async_connection *asc)
{
	v4l2_subdev_notify(notifier->sd, REFSOC_NOTIFY_BROKEN, NULL);
}

static const struct v4l2_async_notifier_operations csi_async_ops = {
	.bound = csi_notify_bound,
	.unbind = csi_notify_unbind,
};

/* A port without an endpoint has only the test pattern to offer. */
static int csi_parse_endpoint(struct refsoc_csi *csi)
{
	struct v4l2_async_connection *asc;
	struct fwnode_handle *ep;

	ep = fwnode_graph_get_endpoint_by_id(dev_fwnode(csi->dev->parent),
					     csi->id, 0,
					     FWNODE_GRAPH_ENDPOINT_NEXT);
	if (!ep)
		return 0;

	asc = v4l2_async_nf_add_fwnode_remote(&csi->notifier, ep,
					      struct v4l2_async_connection);
	fwnode_handle_put(ep);

	return PTR_ERR_OR_ZERO(asc);
}

static int csi_init_controls(struct refsoc_csi *csi)
{
	struct v4l2_ctrl_handler *hdl = &csi->ctrls;

	v4l2_ctrl_handler_init(hdl, 1);
	csi->pattern = v4l2_ctrl_new_std_menu_items(hdl, NULL,
						    V4L2_CID_TEST_PATTERN,
						    ARRAY_SIZE(csi_colours), 0,
						    0, csi_pattern_menu);

	return hdl->error;
}

static int csi_init_subdev(struct refsoc_csi *csi, struct fwnode_handle *port)
{
	struct v4l2_subdev *sd = &csi->sd;
	int ret;

	ret = csi_init_controls(csi);
	if (ret)
		return ret;

	v4l2_subdev_init(sd, &csi_ops);
	sd->internal_ops = &csi_internal_ops;
	sd->dev = csi->dev;
	sd->fwnode = port;
	sd->owner = THIS_MODULE;
	sd->flags = V4L2_SUBDEV_FL_HAS_DEVNODE | V4L2_SUBDEV_FL_HAS_EVENTS;
	sd->ctrl_handler = &csi->ctrls;
	sd->state_lock = csi->ctrls.lock;
	sd->entity.function = MEDIA_ENT_F_VID_IF_BRIDGE;
	sd->entity.ops = &csi_entity_ops;
	snprintf(sd->name, sizeof(sd->name), "ipu%d_csi%u",
		 ipu_get_num(csi->ipu) + 1, csi->id);

	csi->pads[REFSOC_CSI_SINK].flags = MEDIA_PAD_FL_SINK;
	csi->pads[REFSOC_CSI_SOURCE].flags = MEDIA_PAD_FL_SOURCE;
	ret = media_entity_pads_init(&sd->entity, REFSOC_CSI_NUM_PADS,
				     csi->pads);
	if (ret)
		return ret;

	return v4l2_subdev_init_finalize(sd);
}

static void csi_put_node(void *data)
{
	struct device *dev = data;

	of_node_put(dev->of_node);
	dev->of_node = NULL;
}

/*
 * The IPU core gives its children no node of the device tree, but the port,
 * which stands for the CSI, may name pins.  The device has it for as long as
 * it is bound.
 */
static int csi_select_pins(struct refsoc_csi *csi, struct device_node *port)
{
	struct pinctrl *pinctrl;
	int ret;

	csi->dev->of_node = of_node_get(port);
	ret = devm_add_action_or_reset(csi->dev, csi_put_node, csi->dev);
	if (ret)
		return ret;

	pinctrl = devm_pinctrl_get_select_default(csi->dev);
	if (IS_ERR(pinctrl) && PTR_ERR(pinctrl) != -ENODEV)
		return PTR_ERR(pinctrl);

	return 0;
}

static int csi_get_resources(struct refsoc_csi *csi,
			     const struct ipu_client_platformdata *pdata)
{
	int ret;

	ret = csi_select_pins(csi, pdata->of_node);
	if (ret)
		return ret;

	ret = dma_set_mask_and_coherent(csi->dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;

	csi->ipu_csi = ipu_csi_get(csi->ipu, csi->id);
	if (IS_ERR(csi->ipu_csi))
		return PTR_ERR(csi->ipu_csi);

	ret = refsoc_dma_init(&csi->dma, csi);
	if (ret)
		ipu_csi_put(csi->ipu_csi);

	return ret;
}

static void csi_put_resources(struct refsoc_csi *csi)
{
	refsoc_dma_cleanup(&csi->dma);
	ipu_csi_put(csi->ipu_csi);
}

static int csi_register(struct refsoc_csi *csi)
{
	int ret;

	v4l2_async_subdev_nf_init(&csi->notifier, &csi->sd);
	csi->notifier.ops = &csi_async_ops;
	ret = csi_parse_endpoint(csi);
	if (ret)
		goto err_cleanup;

	ret = v4l2_async_nf_register(&csi->notifier);
	if (ret)
		goto err_cleanup;

	ret = v4l2_async_register_subdev(&csi->sd);
	if (ret)
		goto err_unregister;

	return 0;

err_unregister:
	v4l2_async_nf_unregister(&csi->notifier);
err_cleanup:
	v4l2_async_nf_cleanup(&csi->notifier);
	return ret;
}

static int csi_probe(struct platform_device *pdev)
{
	struct ipu_client_platformdata *pdata = dev_get_platdata(&pdev->dev);
	struct refsoc_csi *csi;
	int ret;

	if (!pdata)
		return -EINVAL;

	csi = kzalloc(sizeof(*csi), GFP_KERNEL);
	if (!csi)
		return -ENOMEM;

	kref_init(&csi->ref);
	csi->dev = &pdev->dev;
	csi->ipu = dev_get_drvdata(pdev->dev.parent);
	csi->id = pdata->csi;
	platform_set_drvdata(pdev, csi);

	ret = csi_init_subdev(csi, of_fwnode_handle(pdata->of_node));
	if (ret)
		goto err_put;

	ret = csi_get_resources(csi, pdata);
	if (ret)
		goto err_put;

	ret = csi_register(csi);
	if (ret)
		goto err_resources;

	return 0;

err_resources:
	csi_put_resources(csi);
err_put:
	kref_put(&csi->ref, csi_release);
	return dev_err_probe(&pdev->dev, ret, "not usable\n");
}

static void csi_remove(struct platform_device *pdev)
{
	struct refsoc_csi *csi = platform_get_drvdata(pdev);

	v4l2_async_nf_unregister(&csi->notifier);
	v4l2_async_nf_cleanup(&csi->notifier);
	v4l2_async_unregister_subdev(&csi->sd);
	csi_put_resources(csi);
	kref_put(&csi->ref, csi_release);
}

static const struct platform_device_id csi_ids[] = {
	{ .name = "imx-ipuv3-csi" },
	{ }
};
MODULE_DEVICE_TABLE(platform, csi_ids);

struct platform_driver refsoc_csi_driver = {
	.probe = csi_probe,
	.remove = csi_remove,
	.id_table = csi_ids,
	.driver = {
		.name = "refsoc-csi",
	},
};
