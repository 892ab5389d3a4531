// SPDX-License-Identifier: GPL-2.0-only
/*
 * MIPI CSI-2 receiver of the i.MX6 (IMX6DQRM chapter "MIPI CSI to IPU").
 */
#include <linux/clk.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/mod_devicetable.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <media/v4l2-common.h>
#include <media/v4l2-fwnode.h>
#include <media/v4l2-mc.h>

#include "refsoc-capture.h"
#include "refsoc-formats.h"

/**
 * DOC: receiver
 *
 * The receiver passes on what the sensor sends; its four source pads stand for
 * the virtual channels, and each leads to another CSI.  The order of a start
 * is the manual's: the sensor shows LP-11, the D-PHY leaves reset, the sensor
 * streams, its clock is seen.  So the sensor must have power first, which is
 * why the receiver resumes it before it looks at the lanes.
 *
 * How many lanes there are is asked from the sensor; those that cannot tell
 * use all that the endpoint in the device tree has.  The frequency comes from
 * V4L2_CID_LINK_FREQ.
 */

#define CSI2_VERSION			0x000
#define CSI2_N_LANES			0x004
#define CSI2_PHY_SHUTDOWNZ		0x008
#define CSI2_DPHY_RSTZ			0x00c
#define CSI2_RESETN			0x010
#define CSI2_PHY_STATE			0x014
#define   PHY_STOPSTATEDATA(lanes)	(GENMASK((lanes) - 1, 0) << 4)
#define   PHY_RXCLKACTIVEHS		BIT(8)
#define   PHY_STOPSTATECLK		BIT(10)
#define CSI2_ERR1			0x020
#define CSI2_ERR2			0x024
#define CSI2_PHY_TST_CTRL0		0x030
#define   PHY_TESTCLR			BIT(0)
#define   PHY_TESTCLK			BIT(1)
#define CSI2_PHY_TST_CTRL1		0x034
#define   PHY_TESTEN			BIT(16)
/* The gasket between receiver and IPU shares the register range. */
#define CSI2IPU_SW_RST			0xf00
#define   CSI2IPU_YUYV			BIT(2)

/* D-PHY test code of the register that holds the frequency range. */
#define DPHY_HSFREQRANGE		0x44

/* A lane changes state within microseconds; a sensor may take its time. */
#define CSI2_STATE_TIMEOUT_US		(500 * USEC_PER_MSEC)

/* One sink, and one source for each virtual channel. */
enum refsoc_csi2_pad {
	REFSOC_CSI2_SINK,
	REFSOC_CSI2_SOURCE_VC0,
	REFSOC_CSI2_NUM_PADS = REFSOC_CSI2_SOURCE_VC0 + 4
};

/**
 * struct refsoc_csi2 - MIPI CSI-2 receiver
 * @ref: held by the driver's binding and by the media devices it was part of
 * @dev: platform device
 * @base: registers
 * @clks: for the D-PHY, its PLL, and the pixels
 * @num_clks: number of @clks
 * @max_lanes: data lanes the board has wired
 * @sd: subdev
 * @pads: its pads
 * @notifier: waits for the sensor
 * @source: pad of the sensor while it streams; protected by the state's lock
 * @users: sources that are enabled; likewise
 */
struct refsoc_csi2 {
	struct kref ref;
	struct device *dev;
	void __iomem *base;
	struct clk_bulk_data *clks;
	int num_clks;
	unsigned int max_lanes;
	struct v4l2_subdev sd;
	struct media_pad pads[REFSOC_CSI2_NUM_PADS];
	struct v4l2_async_notifier notifier;
	struct media_pad *source;
	unsigned int users;
};

static struct refsoc_csi2 *sd_to_csi2(struct v4l2_subdev *sd)
{
	return container_of(sd, struct refsoc_csi2, sd);
}

static u32 csi2_read(struct refsoc_csi2 *csi2, unsigned int reg)
{
	return readl(csi2->base + reg);
}

static void csi2_write(struct refsoc_csi2 *csi2, unsigned int reg, u32 value)
{
	writel(value, csi2->base + reg);
}

/*
 * Hardware
 */

/* Upper ends of the D-PHY's frequency ranges for a 27 MHz reference. */
static const struct {
	u16 mbps;
	u8 range;
} dphy_ranges[] = {
	{   90, 0x00 }, {  100, 0x20 }, {  110, 0x40 }, {  125, 0x02 },
	{  140, 0x22 }, {  150, 0x42 }, {  160, 0x04 }, {  180, 0x24 },
	{  200, 0x44 }, {  210, 0x06 }, {  240, 0x26 }, {  250, 0x46 },
	{  270, 0x08 }, {  300, 0x28 }, {  330, 0x48 }, {  360, 0x2a },
	{  400, 0x4a }, {  450, 0x0c }, {  500, 0x2c }, {  550, 0x0e },
	{  600, 0x2e }, {  650, 0x10 }, {  700, 0x30 }, {  750, 0x12 },
	{  800, 0x32 }, {  850, 0x14 }, {  900, 0x34 }, {  950, 0x54 },
	{ 1000, 0x74 },
};

static int dphy_range(s64 link_freq)
{
	/* data moves on both edges */
	u64 mbps = div_u64(2 * link_freq + USEC_PER_SEC - 1, USEC_PER_SEC);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dphy_ranges); i++)
		if (mbps <= dphy_ranges[i].mbps)
			return dphy_ranges[i].range;

	return -ERANGE;
}

/* The test interface takes the code on a falling, data on a rising edge. */
static void dphy_write(struct refsoc_csi2 *csi2, u8 code, u8 value)
{
	csi2_write(csi2, CSI2_PHY_TST_CTRL0, PHY_TESTCLR);
	csi2_write(csi2, CSI2_PHY_TST_CTRL1, 0);
	csi2_write(csi2, CSI2_PHY_TST_CTRL0, 0);

	csi2_write(csi2, CSI2_PHY_TST_CTRL0, PHY_TESTCLK);
	csi2_write(csi2, CSI2_PHY_TST_CTRL1, PHY_TESTEN | code);
	csi2_write(csi2, CSI2_PHY_TST_CTRL0, 0);

	csi2_write(csi2, CSI2_PHY_TST_CTRL1, value);
	csi2_write(csi2, CSI2_PHY_TST_CTRL0, PHY_TESTCLK);
	csi2_write(csi2, CSI2_PHY_TST_CTRL0, 0);
}

static void csi2_set_reset(struct refsoc_csi2 *csi2, bool reset)
{
	csi2_write(csi2, CSI2_PHY_SHUTDOWNZ, !reset);
	csi2_write(csi2, CSI2_DPHY_RSTZ, !reset);
	csi2_write(csi2, CSI2_RESETN, !reset);
}

static void csi2_configure(struct refsoc_csi2 *csi2, u32 code,
			   unsigned int lanes, u8 range)
{
	csi2_set_reset(csi2, true);
	csi2_write(csi2, CSI2IPU_SW_RST,
		   code == MEDIA_BUS_FMT_YUYV8_1X16 ? CSI2IPU_YUYV : 0);
	dphy_write(csi2, DPHY_HSFREQRANGE, range);
	csi2_write(csi2, CSI2_N_LANES, lanes - 1);
	csi2_set_reset(csi2, false);
}

static int csi2_wait_state(struct refsoc_csi2 *csi2, u32 mask)
{
	u32 state;

	return read_poll_timeout(csi2_read, state, (state & mask) == mask, 50,
				 CSI2_STATE_TIMEOUT_US, false, csi2,
				 CSI2_PHY_STATE);
}

/*
 * Streaming
 */

static int csi2_active_lanes(struct refsoc_csi2 *csi2, struct media_pad *source)
{
	struct v4l2_subdev *sensor;
	struct v4l2_mbus_config config;
	unsigned int lanes;
	int ret;

	sensor = media_entity_to_v4l2_subdev(source->entity);
	ret = v4l2_subdev_call(sensor, pad, get_mbus_config, source->index,
			       &config);
	/* Not every sensor can tell; then it uses what the board has wired. */
	if (ret == -ENOIOCTLCMD)
		return csi2->max_lanes;
	if (ret)
		return ret;

	lanes = config.bus.mipi_csi2.num_data_lanes;
	if (config.type != V4L2_MBUS_CSI2_DPHY || !lanes ||
	    lanes > csi2->max_lanes) {
		dev_dbg(csi2->dev, "bus type %u with %u lanes is not wired\n",
			config.type, lanes);
		return -EINVAL;
	}

	return lanes;
}

/*
 * The sensor is told to put its lanes into LP-11 and then to stream.  Sensors
 * without pre_streamon reach LP-11 by being powered up, which they leave to
 * runtime PM, so that comes first.
 */
static int csi2_power_sensor(struct v4l2_subdev *sensor)
{
	int ret;

	ret = pm_runtime_resume_and_get(sensor->dev);
	/* -EACCES: it has no runtime PM and is always on */
	if (ret < 0 && ret != -EACCES)
		return ret;
	if (ret == -EACCES)
		pm_runtime_get_noresume(sensor->dev);

	ret = v4l2_subdev_call(sensor, video, pre_streamon,
			       V4L2_SUBDEV_PRE_STREAMON_FL_MANUAL_LP);
	if (ret && ret != -ENOIOCTLCMD) {
		pm_runtime_put(sensor->dev);
		return ret;
	}

	return 0;
}

static void csi2_release_sensor(struct v4l2_subdev *sensor)
{
	v4l2_subdev_call(sensor, video, post_streamoff);
	pm_runtime_put(sensor->dev);
}

static int csi2_start_link(struct refsoc_csi2 *csi2, struct media_pad *source,
			   unsigned int lanes)
{
	struct v4l2_subdev *sensor;
	int ret;

	sensor = media_entity_to_v4l2_subdev(source->entity);
	ret = csi2_wait_state(csi2, PHY_STOPSTATECLK |
			      PHY_STOPSTATEDATA(lanes));
	if (ret)
		dev_warn(csi2->dev, "%s does not show LP-11, state 0x%x\n",
			 sensor->name, csi2_read(csi2, CSI2_PHY_STATE));

	ret = v4l2_subdev_enable_streams(sensor, source->index, BIT_ULL(0));
	if (ret)
		return ret;

	ret = csi2_wait_state(csi2, PHY_RXCLKACTIVEHS);
	if (ret) {
		dev_err(csi2->dev, "no clock from %s, state 0x%x\n",
			sensor->name, csi2_read(csi2, CSI2_PHY_STATE));
		v4l2_subdev_disable_streams(sensor, source->index, BIT_ULL(0));
		return ret;
	}

	csi2->source = source;
	return 0;
}

/* What the D-PHY has to be set up for. */
static int csi2_find_range(struct refsoc_csi2 *csi2, struct v4l2_subdev *sensor,
			   unsigned int bpp, unsigned int lanes)
{
	s64 link_freq;
	int range;

	link_freq = v4l2_get_link_freq(sensor->ctrl_handler, bpp, 2 * lanes);
	range = link_freq < 0 ? link_freq : dphy_range(link_freq);
	if (range < 0)
		dev_dbg(csi2->dev, "link frequency %lld does not do\n",
			link_freq);

	return range;
}

static int csi2_start(struct refsoc_csi2 *csi2, struct v4l2_subdev_state *state)
{
	const struct refsoc_mbus_format *mbus;
	const struct v4l2_mbus_framefmt *fmt;
	struct v4l2_subdev *sensor;
	struct media_pad *source;
	int lanes, range, ret;

	source = media_pad_remote_pad_unique(&csi2->pads[REFSOC_CSI2_SINK]);
	if (IS_ERR(source)) {
		dev_dbg(csi2->dev, "no sensor is linked\n");
		return -ENOLINK;
	}

	lanes = csi2_active_lanes(csi2, source);
	if (lanes < 0)
		return lanes;

	fmt = v4l2_subdev_state_get_format(state, REFSOC_CSI2_SINK);
	mbus = refsoc_mbus_by_code(fmt->code);
	sensor = media_entity_to_v4l2_subdev(source->entity);
	range = csi2_find_range(csi2, sensor, mbus->bpp, lanes);
	if (range < 0)
		return range;

	ret = clk_bulk_prepare_enable(csi2->num_clks, csi2->clks);
	if (ret)
		return ret;

	ret = csi2_power_sensor(sensor);
	if (ret)
		goto err_clks;

	csi2_configure(csi2, mbus->code, lanes, range);
	ret = csi2_start_link(csi2, source, lanes);
	if (ret)
		goto err_reset;

	return 0;

err_reset:
	csi2_set_reset(csi2, true);
	csi2_release_sensor(sensor);
err_clks:
	clk_bulk_disable_unprepare(csi2->num_clks, csi2->clks);
	return ret;
}

static void csi2_stop(struct refsoc_csi2 *csi2)
{
	struct v4l2_subdev *sensor;

	sensor = media_entity_to_v4l2_subdev(csi2->source->entity);
	v4l2_subdev_disable_streams(sensor, csi2->source->index, BIT_ULL(0));
	csi2_release_sensor(sensor);
	csi2->source = NULL;

	csi2_set_reset(csi2, true);
	clk_bulk_disable_unprepare(csi2->num_clks, csi2->clks);
}

/* One sensor feeds all outputs: the first starts it, the last stops it. */
static int csi2_enable_streams(struct v4l2_subdev *sd,
			       struct v4l2_subdev_state *state, u32 pad,
			       u64 streams_mask)
{
	struct refsoc_csi2 *csi2 = sd_to_csi2(sd);
	int ret;

	if (!csi2->users) {
		ret = csi2_start(csi2, state);
		if (ret)
			return ret;
	}
	csi2->users++;

	return 0;
}

static int csi2_disable_streams(struct v4l2_subdev *sd,
				struct v4l2_subdev_state *state, u32 pad,
				u64 streams_mask)
{
	struct refsoc_csi2 *csi2 = sd_to_csi2(sd);

	if (!--csi2->users)
		csi2_stop(csi2);

	return 0;
}

/*
 * Subdev
 */

static int csi2_init_state(struct v4l2_subdev *sd,
			   struct v4l2_subdev_state *state)
{
	struct v4l2_mbus_framefmt fmt = {
		.code = REFSOC_DEFAULT_CODE,
		.width = REFSOC_DEFAULT_WIDTH,
		.height = REFSOC_DEFAULT_HEIGHT,
	};
	unsigned int pad;

	refsoc_mbus_adjust(&fmt);
	for (pad = 0; pad < REFSOC_CSI2_NUM_PADS; pad++)
		*v4l2_subdev_state_get_format(state, pad) = fmt;

	return 0;
}

static int csi2_set_fmt(struct v4l2_subdev *sd, struct v4l2_subdev_state *state,
			struct v4l2_subdev_format *fmt)
{
	unsigned int pad;

	/* What goes out is what comes in. */
	if (fmt->pad != REFSOC_CSI2_SINK)
		return v4l2_subdev_get_fmt(sd, state, fmt);

	if (fmt->which == V4L2_SUBDEV_FORMAT_ACTIVE &&
	    media_entity_is_streaming(&sd->entity)) {
		dev_dbg(sd->dev, "%s is streaming\n", sd->name);
		return -EBUSY;
	}

	refsoc_mbus_adjust(&fmt->format);
	for (pad = 0; pad < REFSOC_CSI2_NUM_PADS; pad++)
		*v4l2_subdev_state_get_format(state, pad) = fmt->format;

	return 0;
}

static int csi2_log_status(struct v4l2_subdev *sd)
{
	struct refsoc_csi2 *csi2 = sd_to_csi2(sd);
	struct v4l2_subdev_state *state;

	state = v4l2_subdev_lock_and_get_active_state(sd);
	if (csi2->source)
		dev_info(csi2->dev,
			 "version 0x%x, lanes %u, state 0x%x, errors 0x%x 0x%x\n",
			 csi2_read(csi2, CSI2_VERSION),
			 csi2_read(csi2, CSI2_N_LANES) + 1,
			 csi2_read(csi2, CSI2_PHY_STATE),
			 csi2_read(csi2, CSI2_ERR1),
			 csi2_read(csi2, CSI2_ERR2));
	else
		dev_info(csi2->dev, "off\n");
	v4l2_subdev_unlock_state(state);

	return 0;
}

static void csi2_release(struct kref *ref)
{
	struct refsoc_csi2 *csi2 = container_of(ref, struct refsoc_csi2, ref);

	v4l2_subdev_cleanup(&csi2->sd);
	media_entity_cleanup(&csi2->sd.entity);
	kfree(csi2);
}

static int csi2_registered(struct v4l2_subdev *sd)
{
	return refsoc_media_keep(sd->v4l2_dev, &sd_to_csi2(sd)->ref,
				 csi2_release);
}

static void csi2_unregistered(struct v4l2_subdev *sd)
{
	v4l2_subdev_notify(sd, REFSOC_NOTIFY_BROKEN, NULL);
}

static const struct v4l2_subdev_core_ops csi2_core_ops = {
	.log_status = csi2_log_status,
};

static const struct v4l2_subdev_pad_ops csi2_pad_ops = {
	.enum_mbus_code = refsoc_enum_mbus_code,
	.enum_frame_size = refsoc_enum_frame_size,
	.get_fmt = v4l2_subdev_get_fmt,
	.set_fmt = csi2_set_fmt,
	.enable_streams = csi2_enable_streams,
	.disable_streams = csi2_disable_streams,
};

static const struct v4l2_subdev_ops csi2_ops = {
	.core = &csi2_core_ops,
	.pad = &csi2_pad_ops,
};

static const struct v4l2_subdev_internal_ops csi2_internal_ops = {
	.init_state = csi2_init_state,
	.registered = csi2_registered,
	.unregistered = csi2_unregistered,
};

static const struct media_entity_operations csi2_entity_ops = {
	.link_validate = v4l2_subdev_link_validate,
	.get_fwnode_pad = v4l2_subdev_get_fwnode_pad_1_to_1,
};

/**
 * refsoc_csi2_is_receiver - is this subdev a MIPI CSI-2 receiver of ours?
 * @sd: any subdev
 *
 * Return: true if it is.
 */
bool refsoc_csi2_is_receiver(const struct v4l2_subdev *sd)
{
	return sd->ops == &csi2_ops;
}

/*
 * Binding
 */

static int csi2_notify_bound(struct v4l2_async_notifier *notifier,
			     struct v4l2_subdev *sd,
			     struct v4l2_async_connection *asc)
{
	struct refsoc_csi2 *csi2 = sd_to_csi2(notifier->sd);

	return v4l2_create_fwnode_links_to_pad(sd,
					       &csi2->pads[REFSOC_CSI2_SINK],
					       0);
}

static void csi2_notify_unbind(struct v4l2_async_notifier *notifier,
			       struct v4l2_subdev *sd,
			       struct v4l2_async_connection *asc)
{
	v4l2_subdev_notify(notifier->sd, REFSOC_NOTIFY_BROKEN, NULL);
}

static const struct v4l2_async_notifier_operations csi2_async_ops = {
	.bound = csi2_notify_bound,
	.unbind = csi2_notify_unbind,
};

/* A board may have no sensor, or one that is disabled. */
static int csi2_parse_endpoint(struct refsoc_csi2 *csi2)
{
	struct v4l2_fwnode_endpoint vep = { .bus_type = V4L2_MBUS_CSI2_DPHY };
	struct v4l2_async_connection *asc;
	struct fwnode_handle *ep;
	int ret;

	ep = fwnode_graph_get_endpoint_by_id(dev_fwnode(csi2->dev),
					     REFSOC_CSI2_SINK, 0,
					     FWNODE_GRAPH_ENDPOINT_NEXT);
	if (!ep)
		return 0;

	ret = v4l2_fwnode_endpoint_parse(ep, &vep);
	if (ret)
		goto out;

	csi2->max_lanes = vep.bus.mipi_csi2.num_data_lanes;
	asc = v4l2_async_nf_add_fwnode_remote(&csi2->notifier, ep,
					      struct v4l2_async_connection);
	ret = PTR_ERR_OR_ZERO(asc);
out:
	fwnode_handle_put(ep);
	return ret;
}

static int csi2_init_subdev(struct refsoc_csi2 *csi2)
{
	struct v4l2_subdev *sd = &csi2->sd;
	unsigned int pad;
	int ret;

	v4l2_subdev_init(sd, &csi2_ops);
	sd->internal_ops = &csi2_internal_ops;
	sd->dev = csi2->dev;
	sd->owner = THIS_MODULE;
	sd->flags = V4L2_SUBDEV_FL_HAS_DEVNODE;
	sd->entity.function = MEDIA_ENT_F_VID_IF_BRIDGE;
	sd->entity.ops = &csi2_entity_ops;
	strscpy(sd->name, "imx6-mipi-csi2", sizeof(sd->name));

	csi2->pads[REFSOC_CSI2_SINK].flags = MEDIA_PAD_FL_SINK;
	for (pad = REFSOC_CSI2_SOURCE_VC0; pad < REFSOC_CSI2_NUM_PADS; pad++)
		csi2->pads[pad].flags = MEDIA_PAD_FL_SOURCE;
	ret = media_entity_pads_init(&sd->entity, REFSOC_CSI2_NUM_PADS,
				     csi2->pads);
	if (ret)
		return ret;

	return v4l2_subdev_init_finalize(sd);
}

static int csi2_get_resources(struct refsoc_csi2 *csi2)
{
	struct platform_device *pdev = to_platform_device(csi2->dev);

	csi2->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(csi2->base))
		return PTR_ERR(csi2->base);

	csi2->num_clks = devm_clk_bulk_get_all(csi2->dev, &csi2->clks);
	if (csi2->num_clks < 0)
		return csi2->num_clks;

	return 0;
}

static int csi2_probe(struct platform_device *pdev)
{
	struct refsoc_csi2 *csi2;
	int ret;

	csi2 = kzalloc(sizeof(*csi2), GFP_KERNEL);
	if (!csi2)
		return -ENOMEM;

	kref_init(&csi2->ref);
	csi2->dev = &pdev->dev;
	platform_set_drvdata(pdev, csi2);

	ret = csi2_get_resources(csi2);
	if (ret) {
		dev_err_probe(csi2->dev, ret, "no registers or clocks\n");
		goto err_put;
	}

	ret = csi2_init_subdev(csi2);
	if (ret)
		goto err_put;

	v4l2_async_subdev_nf_init(&csi2->notifier, &csi2->sd);
	csi2->notifier.ops = &csi2_async_ops;
	ret = csi2_parse_endpoint(csi2);
	if (ret) {
		dev_err_probe(csi2->dev, ret, "bad endpoint\n");
		goto err_cleanup;
	}

	ret = v4l2_async_nf_register(&csi2->notifier);
	if (ret)
		goto err_cleanup;

	ret = v4l2_async_register_subdev(&csi2->sd);
	if (ret)
		goto err_unregister;

	return 0;

err_unregister:
	v4l2_async_nf_unregister(&csi2->notifier);
err_cleanup:
	v4l2_async_nf_cleanup(&csi2->notifier);
err_put:
	kref_put(&csi2->ref, csi2_release);
	return ret;
}

static void csi2_remove(struct platform_device *pdev)
{
	struct refsoc_csi2 *csi2 = platform_get_drvdata(pdev);

	v4l2_async_nf_unregister(&csi2->notifier);
	v4l2_async_nf_cleanup(&csi2->notifier);
	v4l2_async_unregister_subdev(&csi2->sd);
	kref_put(&csi2->ref, csi2_release);
}

static const struct of_device_id csi2_of_match[] = {
	{ .compatible = "fsl,imx6-mipi-csi2" },
	{ }
};
MODULE_DEVICE_TABLE(of, csi2_of_match);

struct platform_driver refsoc_csi2_driver = {
	.probe = csi2_probe,
	.remove = csi2_remove,
	.driver = {
		.name = "refsoc-csi2",
		.of_match_table = csi2_of_match,
	},
};
