// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC scanout driver: parallel display
 */

#include <linux/component.h>
#include <linux/device.h>
#include <linux/media-bus-format.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of.h>

#include <drm/drm_atomic.h>
#include <drm/drm_bridge.h>
#include <drm/drm_bridge_connector.h>
#include <drm/drm_connector.h>
#include <drm/drm_encoder.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_of.h>
#include <drm/drm_print.h>

#include "refsoc_kms_drv.h"

/* The output port of the device tree binding */
#define REFSOC_DPI_PORT		1

/**
 * struct refsoc_dpi - a parallel display
 * @bus_format: media bus format that the wires of the board demand, 0 for the panel's
 *
 * The device is bound to a driver not least for its pins: without it they would not be muxed, and
 * the panel stay black.
 */
struct refsoc_dpi {
	u32 bus_format;
};

/**
 * struct refsoc_dpi_encoder - the encoder of a parallel display
 * @base: the DRM encoder
 * @bus_format: see struct refsoc_dpi
 */
struct refsoc_dpi_encoder {
	struct drm_encoder base;
	u32 bus_format;
};

static const struct {
	const char *name;
	u32 bus_format;
} refsoc_dpi_formats[] = {
	{ "rgb24", MEDIA_BUS_FMT_RGB888_1X24 },
	{ "rgb565", MEDIA_BUS_FMT_RGB565_1X16 },
	{ "bgr666", MEDIA_BUS_FMT_RGB666_1X18 },
	{ "lvds666", MEDIA_BUS_FMT_RGB666_1X24_CPADHI },
};

/* The DC has a mapping of colors to pins for these. */
static bool refsoc_dpi_format_known(u32 bus_format)
{
	switch (bus_format) {
	case MEDIA_BUS_FMT_RGB888_1X24:
	case MEDIA_BUS_FMT_BGR888_1X24:
	case MEDIA_BUS_FMT_GBR888_1X24:
	case MEDIA_BUS_FMT_RGB565_1X16:
	case MEDIA_BUS_FMT_RGB666_1X18:
	case MEDIA_BUS_FMT_RGB666_1X24_CPADHI:
		return true;
	default:
		return false;
	}
}

static u32 refsoc_dpi_bridge_format(struct drm_encoder *encoder, struct drm_atomic_state *state)
{
	struct drm_bridge *bridge = drm_bridge_chain_get_first_bridge(encoder);
	struct drm_bridge_state *bridge_state = drm_atomic_get_new_bridge_state(state, bridge);

	if (!bridge_state || bridge_state->input_bus_cfg.format == MEDIA_BUS_FMT_FIXED)
		return 0;

	return bridge_state->input_bus_cfg.format;
}

static int refsoc_dpi_atomic_check(struct drm_encoder *encoder,
				   struct drm_crtc_state *crtc_state,
				   struct drm_connector_state *conn_state)
{
	struct refsoc_dpi_encoder *dpi = container_of(encoder, struct refsoc_dpi_encoder, base);
	struct refsoc_crtc_state *state = to_refsoc_crtc_state(crtc_state);
	u32 bus_format = dpi->bus_format;

	if (!bus_format)
		bus_format = refsoc_dpi_bridge_format(encoder, crtc_state->state);
	if (!bus_format)
		bus_format = MEDIA_BUS_FMT_RGB888_1X24;

	if (!refsoc_dpi_format_known(bus_format)) {
		drm_dbg_kms(encoder->dev, "[ENCODER:%d:%s] bus format 0x%x is not supported\n",
			    encoder->base.id, encoder->name, bus_format);
		return -EINVAL;
	}

	state->bus_format = bus_format;
	state->bus_flags = conn_state->connector->display_info.bus_flags;

	return 0;
}

static const struct drm_encoder_helper_funcs refsoc_dpi_encoder_helper_funcs = {
	.atomic_check = refsoc_dpi_atomic_check,
};

static int refsoc_dpi_bind(struct device *dev, struct device *master, void *data)
{
	struct refsoc_dpi *dpi = dev_get_drvdata(dev);
	struct refsoc_dpi_encoder *encoder;
	struct drm_connector *connector;
	struct drm_device *drm = data;
	struct drm_bridge *bridge;
	int ret;

	/* Tied to the DRM device, which may outlive the binding and detaches it at its end. */
	bridge = drmm_of_get_bridge(drm, dev->of_node, REFSOC_DPI_PORT, 0);
	if (IS_ERR(bridge))
		return dev_err_probe(dev, PTR_ERR(bridge), "no panel or bridge\n");

	encoder = drmm_encoder_alloc(drm, struct refsoc_dpi_encoder, base, NULL,
				     DRM_MODE_ENCODER_DPI, NULL);
	if (IS_ERR(encoder))
		return PTR_ERR(encoder);

	encoder->bus_format = dpi->bus_format;
	drm_encoder_helper_add(&encoder->base, &refsoc_dpi_encoder_helper_funcs);

	ret = refsoc_encoder_set_crtcs(&encoder->base, dev->of_node);
	if (ret)
		return dev_err_probe(dev, ret, "not connected to an IPU\n");

	ret = drm_bridge_attach(&encoder->base, bridge, NULL, DRM_BRIDGE_ATTACH_NO_CONNECTOR);
	if (ret)
		return dev_err_probe(dev, ret, "cannot attach the panel or bridge\n");

	connector = drm_bridge_connector_init(drm, &encoder->base);
	if (IS_ERR(connector))
		return dev_err_probe(dev, PTR_ERR(connector), "no connector\n");

	return drm_connector_attach_encoder(connector, &encoder->base);
}

static const struct component_ops refsoc_dpi_component_ops = {
	.bind = refsoc_dpi_bind,
};

static int refsoc_dpi_parse_format(struct refsoc_dpi *dpi, struct device *dev)
{
	const char *name;
	unsigned int i;

	if (of_property_read_string(dev->of_node, "interface-pix-fmt", &name))
		return 0;

	for (i = 0; i < ARRAY_SIZE(refsoc_dpi_formats); i++) {
		if (!strcmp(name, refsoc_dpi_formats[i].name)) {
			dpi->bus_format = refsoc_dpi_formats[i].bus_format;
			return 0;
		}
	}

	return dev_err_probe(dev, -EINVAL, "unknown interface-pix-fmt \"%s\"\n", name);
}

static int refsoc_dpi_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct drm_bridge *bridge;
	struct drm_panel *panel;
	struct refsoc_dpi *dpi;
	int ret;

	/* Rather wait here for what is connected than in the middle of binding. */
	ret = drm_of_find_panel_or_bridge(dev->of_node, REFSOC_DPI_PORT, 0, &panel, &bridge);
	if (ret)
		return dev_err_probe(dev, ret, "no panel or bridge\n");

	dpi = devm_kzalloc(dev, sizeof(*dpi), GFP_KERNEL);
	if (!dpi)
		return -ENOMEM;

	ret = refsoc_dpi_parse_format(dpi, dev);
	if (ret)
		return ret;

	platform_set_drvdata(pdev, dpi);

	return component_add(dev, &refsoc_dpi_component_ops);
}

static void refsoc_dpi_remove(struct platform_device *pdev)
{
	component_del(&pdev->dev, &refsoc_dpi_component_ops);
}

static const struct of_device_id refsoc_dpi_of_match[] = {
	{ .compatible = "fsl,imx-parallel-display" },
	{ }
};
MODULE_DEVICE_TABLE(of, refsoc_dpi_of_match);

struct platform_driver refsoc_dpi_driver = {
	.probe = refsoc_dpi_probe,
	.remove = refsoc_dpi_remove,
	.driver = {
		.name = "refsoc-kms-dpi",
		.of_match_table = refsoc_dpi_of_match,
	},
};
