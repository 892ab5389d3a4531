// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC scanout driver: HDMI, what the i.MX6 adds to the Synopsys transmitter
 */

#include <linux/component.h>
#include <linux/device.h>
#include <linux/media-bus-format.h>
#include <linux/mfd/syscon.h>
#include <linux/mfd/syscon/imx6q-iomuxc-gpr.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/regmap.h>

#include <drm/bridge/dw_hdmi.h>
#include <drm/drm_atomic.h>
#include <drm/drm_bridge.h>
#include <drm/drm_encoder.h>
#include <drm/drm_modes.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_of.h>

#include "refsoc_kms_drv.h"

/* Where the tables below end. The transmitter could go on to 266 MHz. */
#define REFSOC_HDMI_MAX_CLOCK_KHZ	216000
#define REFSOC_HDMI_MIN_CLOCK_KHZ	13500

/**
 * struct refsoc_hdmi - the HDMI transmitter
 * @np: its device tree node
 * @hdmi: the Synopsys core
 * @bridge: the bridge the core has made of it
 * @gpr: the register that connects it to an IPU
 */
struct refsoc_hdmi {
	struct device_node *np;
	struct dw_hdmi *hdmi;
	struct drm_bridge *bridge;
	struct regmap *gpr;
};

/**
 * struct refsoc_hdmi_encoder - the encoder of the HDMI transmitter
 * @base: the DRM encoder
 * @np: device tree node of the transmitter
 * @gpr: see struct refsoc_hdmi
 */
struct refsoc_hdmi_encoder {
	struct drm_encoder base;
	struct device_node *np;
	struct regmap *gpr;
};

/*
 * Settings of the 3D TX PHY: operation mode and PLL dividers (OPMODE_PLLCFG) and charge pump gain
 * (GMPCTRL) for a color depth of 8, 10 and 12 bits, up to the pixel clock of the line
 * (IMX6DQRM, 34 HDMI PHY, tables of the PLL configuration).
 */
static const struct dw_hdmi_mpll_config refsoc_hdmi_pll[] = {
	{ 45250000, { { 0x01e0, 0x0000 }, { 0x21e1, 0x0000 }, { 0x41e2, 0x0000 } } },
	{ 92500000, { { 0x0140, 0x0005 }, { 0x2141, 0x0005 }, { 0x4142, 0x0005 } } },
	{ 148500000, { { 0x00a0, 0x000a }, { 0x20a1, 0x000a }, { 0x40a2, 0x000a } } },
	{ 216000000, { { 0x00a0, 0x000a }, { 0x2001, 0x000f }, { 0x4002, 0x000f } } },
	{ ~0UL, { { 0, 0 }, { 0, 0 }, { 0, 0 } } },
};

/* PLL charge pump current (CURRCTRL), likewise */
static const struct dw_hdmi_curr_ctrl refsoc_hdmi_current[] = {
	{ 54000000, { 0x091c, 0x091c, 0x06dc } },
	{ 58400000, { 0x091c, 0x06dc, 0x06dc } },
	{ 72000000, { 0x06dc, 0x06dc, 0x091c } },
	{ 74250000, { 0x06dc, 0x0b5c, 0x091c } },
	{ 118800000, { 0x091c, 0x091c, 0x06dc } },
	{ 216000000, { 0x06dc, 0x0b5c, 0x091c } },
	{ ~0UL, { 0, 0, 0 } },
};

/* Symbol control, termination of 133 Ohm and voltage level of the driver */
static const struct dw_hdmi_phy_config refsoc_hdmi_phy[] = {
	{ 216000000, 0x800d, 0x0005, 0x01ad },
	{ ~0UL, 0, 0, 0 },
};

static enum drm_mode_status refsoc_hdmi_mode_valid(struct dw_hdmi *hdmi, void *data,
						   const struct drm_display_info *info,
						   const struct drm_display_mode *mode)
{
	if (mode->clock < REFSOC_HDMI_MIN_CLOCK_KHZ)
		return MODE_CLOCK_LOW;
	if (mode->clock > REFSOC_HDMI_MAX_CLOCK_KHZ)
		return MODE_CLOCK_HIGH;

	return MODE_OK;
}

static const struct dw_hdmi_plat_data refsoc_hdmi_plat_data = {
	.mode_valid = refsoc_hdmi_mode_valid,
	.mpll_cfg = refsoc_hdmi_pll,
	.cur_ctr = refsoc_hdmi_current,
	.phy_config = refsoc_hdmi_phy,
};

static int refsoc_hdmi_atomic_check(struct drm_encoder *encoder,
				    struct drm_crtc_state *crtc_state,
				    struct drm_connector_state *conn_state)
{
	struct refsoc_crtc_state *state = to_refsoc_crtc_state(crtc_state);

	state->bus_format = MEDIA_BUS_FMT_RGB888_1X24;
	state->bus_flags = 0;

	return 0;
}

/* The transmitter's ports are numbered as the settings of the multiplexer in front of it. */
static void refsoc_hdmi_atomic_mode_set(struct drm_encoder *encoder,
					struct drm_crtc_state *crtc_state,
					struct drm_connector_state *conn_state)
{
	struct refsoc_hdmi_encoder *hdmi = container_of(encoder, struct refsoc_hdmi_encoder, base);
	int port = drm_of_encoder_active_port_id(hdmi->np, encoder);

	if (port < 0)
		return;

	regmap_update_bits(hdmi->gpr, IOMUXC_GPR3, IMX6Q_GPR3_HDMI_MUX_CTL_MASK,
			   port << IMX6Q_GPR3_HDMI_MUX_CTL_SHIFT);
}

static const struct drm_encoder_helper_funcs refsoc_hdmi_encoder_helper_funcs = {
	.atomic_check = refsoc_hdmi_atomic_check,
	.atomic_mode_set = refsoc_hdmi_atomic_mode_set,
};

static int refsoc_hdmi_bind(struct device *dev, struct device *master, void *data)
{
	struct refsoc_hdmi *hdmi = dev_get_drvdata(dev);
	struct refsoc_hdmi_encoder *encoder;
	struct drm_device *drm = data;
	int ret;

	encoder = drmm_encoder_alloc(drm, struct refsoc_hdmi_encoder, base, NULL,
				     DRM_MODE_ENCODER_TMDS, NULL);
	if (IS_ERR(encoder))
		return PTR_ERR(encoder);

	encoder->np = hdmi->np;
	encoder->gpr = hdmi->gpr;
	drm_encoder_helper_add(&encoder->base, &refsoc_hdmi_encoder_helper_funcs);

	ret = refsoc_encoder_set_crtcs(&encoder->base, hdmi->np);
	if (ret)
		return dev_err_probe(dev, ret, "not connected to an IPU\n");

	/*
	 * The core makes the connector: without an output port in the device tree, which the
	 * binding does not have, it cannot do otherwise. Bridge and connector stay with the DRM
	 * device until all of it is gone, and there is no other before.
	 */
	ret = drm_bridge_attach(&encoder->base, hdmi->bridge, NULL, 0);
	if (ret)
		return dev_err_probe(dev, ret, "cannot attach the bridge\n");

	return 0;
}

static const struct component_ops refsoc_hdmi_component_ops = {
	.bind = refsoc_hdmi_bind,
};

static int refsoc_hdmi_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct refsoc_hdmi *hdmi;
	int ret;

	hdmi = devm_kzalloc(dev, sizeof(*hdmi), GFP_KERNEL);
	if (!hdmi)
		return -ENOMEM;

	hdmi->np = dev->of_node;
	hdmi->gpr = syscon_regmap_lookup_by_phandle(hdmi->np, "gpr");
	if (IS_ERR(hdmi->gpr))
		return dev_err_probe(dev, PTR_ERR(hdmi->gpr), "no gpr\n");

	platform_set_drvdata(pdev, hdmi);

	hdmi->hdmi = dw_hdmi_probe(pdev, &refsoc_hdmi_plat_data);
	if (IS_ERR(hdmi->hdmi))
		return PTR_ERR(hdmi->hdmi);

	hdmi->bridge = of_drm_find_bridge(hdmi->np);
	ret = hdmi->bridge ? component_add(dev, &refsoc_hdmi_component_ops) : -ENODEV;
	if (ret)
		dw_hdmi_remove(hdmi->hdmi);

	return ret;
}

static void refsoc_hdmi_remove(struct platform_device *pdev)
{
	struct refsoc_hdmi *hdmi = platform_get_drvdata(pdev);

	component_del(&pdev->dev, &refsoc_hdmi_component_ops);
	dw_hdmi_remove(hdmi->hdmi);
}

static const struct of_device_id refsoc_hdmi_of_match[] = {
	{ .compatible = "fsl,imx6q-hdmi" },
	{ }
};
MODULE_DEVICE_TABLE(of, refsoc_hdmi_of_match);

struct platform_driver refsoc_hdmi_driver = {
	.probe = refsoc_hdmi_probe,
	.remove = refsoc_hdmi_remove,
	.driver = {
		.name = "refsoc-kms-hdmi",
		/* A DRM device that is still open needs the bridge, even if it was unbound. */
		.suppress_bind_attrs = true,
		.of_match_table = refsoc_hdmi_of_match,
	},
};
