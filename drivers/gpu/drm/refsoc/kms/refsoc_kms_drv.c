// SPDX-License-Identifier: GPL-2.0-only
/*
 * RefSoC scanout driver: the DRM device
 */

#include <linux/bitops.h>
#include <linux/component.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_graph.h>
#include <linux/overflow.h>
#include <linux/pm.h>
#include <linux/seq_file.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_client_setup.h>
#include <drm/drm_debugfs.h>
#include <drm/drm_drv.h>
#include <drm/drm_encoder.h>
#include <drm/drm_fb_dma_helper.h>
#include <drm/drm_fbdev_dma.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem_dma_helper.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_modeset_helper.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_of.h>
#include <drm/drm_probe_helper.h>
#include <drm/drm_vblank.h>

#include "refsoc_kms_drv.h"

/**
 * DOC: Overview
 *
 * The ipu-v3 core finds the IPUs and makes a platform device of each display interface that has
 * a port in the device tree. RefSoC binds these, the outputs, and the display-subsystem node,
 * which together become one DRM device: up to four CRTCs, two of which have a display processor
 * and with it an overlay plane and YUV formats.
 *
 * Registers are touched by nobody but the core; what is left to do here is to tell it in which
 * order, and to know when the hardware has done it.
 */

/**
 * DOC: Unbinding with files open
 *
 * Hardware is touched by nobody after the unbinding, but the buffers of a file live until it is
 * closed, as those of every driver do that is built on the GEM DMA helpers: its own stay
 * allocated, because user space and other devices may have them mapped, and what it has imported
 * stays attached and mapped. Both are given back to the platform device, which the DRM device
 * holds a reference to, and whose DMA addresses do not depend on a driver.
 *
 * So do the connectors, and there is one for each output, which belongs to that output's driver.
 * Before the last file is closed and all of the DRM device is gone, binding again is refused with
 * -EBUSY.
 */

#define REFSOC_MAX_CRTCS	4
#define REFSOC_MAX_SIZE		4096

/**
 * struct refsoc_kms - the DRM device
 * @drm: the DRM device
 */
struct refsoc_kms {
	struct drm_device drm;
};

/* Outputs there is a driver for: the others must not be waited for. */
static const struct of_device_id refsoc_kms_outputs[] = {
	{ .compatible = "fsl,imx-parallel-display" },
	{ .compatible = "fsl,imx6q-hdmi" },
	{ }
};

/* The IDMAC reads lines in groups of eight pixels. */
static int refsoc_kms_dumb_create(struct drm_file *file, struct drm_device *drm,
				  struct drm_mode_create_dumb *args)
{
	u32 width = args->width, bits, size;
	int ret;

	/* What the core has checked is the width before it grows. */
	if (width > U32_MAX - 7 || check_mul_overflow(ALIGN(width, 8), args->bpp, &bits) ||
	    check_mul_overflow(bits / 8, args->height, &size) || !PAGE_ALIGN(size)) {
		drm_dbg_kms(drm, "no buffer of %u lines of %u pixels of %u bits\n", args->height,
			    width, args->bpp);
		return -EINVAL;
	}

	args->width = ALIGN(width, 8);
	ret = drm_gem_dma_dumb_create(file, drm, args);
	args->width = width;

	return ret;
}

DEFINE_DRM_GEM_DMA_FOPS(refsoc_kms_fops);

/*
 * The name is mainline's: this is the same hardware behind the same interface, and user space
 * (Mesa's kmsro, libdrm's tests) knows a scanout device without a GPU of its own by its name.
 */
static const struct drm_driver refsoc_kms_driver = {
	.driver_features = DRIVER_MODESET | DRIVER_GEM | DRIVER_ATOMIC,
	DRM_GEM_DMA_DRIVER_OPS_WITH_DUMB_CREATE(refsoc_kms_dumb_create),
	.gem_prime_import = drm_gem_dma_prime_import_late,
	DRM_FBDEV_DMA_DRIVER_OPS,
	.fops = &refsoc_kms_fops,
	.name = "imx-drm",
	.desc = "RefSoC scanout driver for the i.MX6 IPU",
	.date = "20260101",
	.major = 1,
	.minor = 0,
};

static void refsoc_kms_commit_tail(struct drm_atomic_state *state)
{
	struct drm_device *drm = state->dev;
	struct drm_crtc_state *crtc_state;
	struct drm_crtc *crtc;
	int i;

	drm_atomic_helper_commit_modeset_disables(drm, state);

	for_each_new_crtc_in_state(state, crtc, crtc_state, i)
		refsoc_crtc_park_overlay(crtc, state);

	drm_atomic_helper_commit_planes(drm, state,
					DRM_PLANE_COMMIT_ACTIVE_ONLY |
					DRM_PLANE_COMMIT_NO_DISABLE_AFTER_MODESET);
	drm_atomic_helper_commit_modeset_enables(drm, state);
	drm_atomic_helper_fake_vblank(state);

	for_each_new_crtc_in_state(state, crtc, crtc_state, i)
		refsoc_crtc_finish_stop(crtc);

	drm_atomic_helper_commit_hw_done(state);
	drm_atomic_helper_wait_for_flip_done(drm, state);
	drm_atomic_helper_cleanup_planes(drm, state);
}

static const struct drm_mode_config_helper_funcs refsoc_kms_mode_config_helpers = {
	.atomic_commit_tail = refsoc_kms_commit_tail,
};

/*
 * Importing only attaches, so that an exporter which chooses memory when it is first used has seen
 * all devices by then. Here it is used: planes look at addresses already when they check a state.
 */
static struct drm_framebuffer *refsoc_kms_fb_create(struct drm_device *drm, struct drm_file *file,
						    const struct drm_mode_fb_cmd2 *cmd)
{
	struct drm_framebuffer *fb = drm_gem_fb_create(drm, file, cmd);
	unsigned int i;
	int ret;

	if (IS_ERR(fb))
		return fb;

	for (i = 0; i < fb->format->num_planes; i++) {
		ret = drm_gem_dma_map_import(drm_fb_dma_get_gem_obj(fb, i));
		if (ret) {
			drm_dbg_kms(drm, "color plane %u cannot be mapped: %d\n", i, ret);
			drm_framebuffer_put(fb);
			return ERR_PTR(ret);
		}
	}

	return fb;
}

static const struct drm_mode_config_funcs refsoc_kms_mode_config_funcs = {
	.fb_create = refsoc_kms_fb_create,
	.atomic_check = drm_atomic_helper_check,
	.atomic_commit = drm_atomic_helper_commit,
};

static int refsoc_kms_state_show(struct seq_file *m, void *data)
{
	struct drm_debugfs_entry *entry = m->private;
	struct drm_crtc *crtc;

	drm_for_each_crtc(crtc, entry->dev) {
		drm_modeset_lock(&crtc->mutex, NULL);
		refsoc_crtc_show(m, crtc);
		drm_modeset_unlock(&crtc->mutex);
	}

	return 0;
}

static const struct drm_debugfs_info refsoc_kms_debugfs[] = {
	{ "refsoc_kms", refsoc_kms_state_show },
};

/**
 * refsoc_encoder_set_crtcs - find the CRTCs an output can be connected to
 * @encoder: the encoder of the output
 * @np: its device tree node, whose endpoints lead to ports of IPUs
 *
 * Returns: 0, or -ENODEV if there is none.
 */
int refsoc_encoder_set_crtcs(struct drm_encoder *encoder, struct device_node *np)
{
	encoder->possible_crtcs = drm_of_find_possible_crtcs(encoder->dev, np);

	return encoder->possible_crtcs ? 0 : -ENODEV;
}

/* Bit 0: there is a DRM device, bound or with open files. The SoC has one display-subsystem. */
static unsigned long refsoc_kms_exists;

static void refsoc_kms_gone(struct drm_device *drm, void *data)
{
	clear_bit_unlock(0, &refsoc_kms_exists);
}

/*
 * What is registered first happens last, when drm_mode_config_cleanup() has looked at each
 * connector: one that another DRM device had initialized meanwhile would be on two lists.
 */
static int refsoc_kms_claim(struct drm_device *drm)
{
	if (test_and_set_bit_lock(0, &refsoc_kms_exists))
		return dev_err_probe(drm->dev, -EBUSY, "an old DRM device is still open\n");

	return drmm_add_action_or_reset(drm, refsoc_kms_gone, NULL);
}

static int refsoc_kms_mode_config_init(struct drm_device *drm)
{
	struct drm_mode_config *config = &drm->mode_config;
	int ret;

	ret = drmm_mode_config_init(drm);
	if (ret)
		return ret;

	config->min_width = 1;
	config->min_height = 1;
	config->max_width = REFSOC_MAX_SIZE;
	config->max_height = REFSOC_MAX_SIZE;
	config->preferred_depth = 24;
	config->normalize_zpos = true;
	config->funcs = &refsoc_kms_mode_config_funcs;
	config->helper_private = &refsoc_kms_mode_config_helpers;

	/* The frames counted in refsoc_crtc_eof_irq() */
	drm->max_vblank_count = U32_MAX;

	return drm_vblank_init(drm, REFSOC_MAX_CRTCS);
}

static int refsoc_kms_bind(struct device *dev)
{
	struct refsoc_kms *kms;
	struct drm_device *drm;
	int ret;

	kms = devm_drm_dev_alloc(dev, &refsoc_kms_driver, struct refsoc_kms, drm);
	if (IS_ERR(kms))
		return PTR_ERR(kms);

	drm = &kms->drm;
	ret = refsoc_kms_claim(drm);
	if (ret)
		return ret;

	ret = refsoc_kms_mode_config_init(drm);
	if (ret)
		return ret;

	ret = component_bind_all(dev, drm);
	if (ret)
		return ret;

	dev_set_drvdata(dev, drm);
	drm_mode_config_reset(drm);
	drm_kms_helper_poll_init(drm);
	drm_debugfs_add_files(drm, refsoc_kms_debugfs, ARRAY_SIZE(refsoc_kms_debugfs));

	ret = drm_dev_register(drm, 0);
	if (ret)
		goto err_unbind;

	drm_client_setup(drm, NULL);

	return 0;

err_unbind:
	drm_kms_helper_poll_fini(drm);
	dev_set_drvdata(dev, NULL);
	component_unbind_all(dev, drm);

	return ret;
}

/*
 * From drm_dev_unplug() on nothing is switched on any more; the shutdown then switches off what
 * is on, before the hardware goes back to the IPU core.
 */
static void refsoc_kms_unbind(struct device *dev)
{
	struct drm_device *drm = dev_get_drvdata(dev);

	drm_dev_unplug(drm);
	drm_kms_helper_poll_fini(drm);
	drm_atomic_helper_shutdown(drm);
	dev_set_drvdata(dev, NULL);
	component_unbind_all(dev, drm);
}

static const struct component_master_ops refsoc_kms_master_ops = {
	.bind = refsoc_kms_bind,
	.unbind = refsoc_kms_unbind,
};

/* The devices of CRTCs have no device tree node of their own, but know their port's. */
static int refsoc_kms_compare(struct device *dev, void *data)
{
	struct device_node *np = data;

	if (dev->driver == &refsoc_crtc_driver.driver) {
		const struct ipu_client_platformdata *pdata = dev_get_platdata(dev);

		return pdata->of_node == np;
	}

	return dev->of_node == np;
}

static void refsoc_kms_match_outputs(struct device *dev, struct component_match **match,
				     struct device_node *port)
{
	struct device_node *ep, *remote;

	for_each_child_of_node(port, ep) {
		remote = of_graph_get_remote_port_parent(ep);
		if (remote && of_device_is_available(remote) &&
		    of_match_node(refsoc_kms_outputs, remote))
			drm_of_component_match_add(dev, match, refsoc_kms_compare, remote);
		of_node_put(remote);
	}
}

/* CRTCs come first, as outputs look for those that they can be connected to. */
static struct component_match *refsoc_kms_match(struct device *dev)
{
	struct component_match *match = NULL;
	struct device_node *port;
	int i;

	for (i = 0; (port = of_parse_phandle(dev->of_node, "ports", i)); i++) {
		if (of_device_is_available(port->parent))
			drm_of_component_match_add(dev, &match, refsoc_kms_compare, port);
		of_node_put(port);
	}

	for (i = 0; (port = of_parse_phandle(dev->of_node, "ports", i)); i++) {
		if (of_device_is_available(port->parent))
			refsoc_kms_match_outputs(dev, &match, port);
		of_node_put(port);
	}

	return match;
}

static int refsoc_kms_probe(struct platform_device *pdev)
{
	struct component_match *match;
	int ret;

	ret = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;

	/* An imported buffer is one segment, whatever its size. */
	dma_set_max_seg_size(&pdev->dev, UINT_MAX);

	match = refsoc_kms_match(&pdev->dev);
	if (!match)
		return dev_err_probe(&pdev->dev, -ENODEV, "no port is available\n");

	return component_master_add_with_match(&pdev->dev, &refsoc_kms_master_ops, match);
}

static void refsoc_kms_remove(struct platform_device *pdev)
{
	component_master_del(&pdev->dev, &refsoc_kms_master_ops);
}

static void refsoc_kms_shutdown(struct platform_device *pdev)
{
	drm_atomic_helper_shutdown(platform_get_drvdata(pdev));
}

static int refsoc_kms_suspend(struct device *dev)
{
	return drm_mode_config_helper_suspend(dev_get_drvdata(dev));
}

static int refsoc_kms_resume(struct device *dev)
{
	return drm_mode_config_helper_resume(dev_get_drvdata(dev));
}

static DEFINE_SIMPLE_DEV_PM_OPS(refsoc_kms_pm_ops, refsoc_kms_suspend, refsoc_kms_resume);

static const struct of_device_id refsoc_kms_of_match[] = {
	{ .compatible = "fsl,imx-display-subsystem" },
	{ }
};
MODULE_DEVICE_TABLE(of, refsoc_kms_of_match);

static struct platform_driver refsoc_kms_platform_driver = {
	.probe = refsoc_kms_probe,
	.remove = refsoc_kms_remove,
	.shutdown = refsoc_kms_shutdown,
	.driver = {
		.name = "refsoc-kms",
		.of_match_table = refsoc_kms_of_match,
		.pm = pm_sleep_ptr(&refsoc_kms_pm_ops),
	},
};

static struct platform_driver * const refsoc_kms_drivers[] = {
	&refsoc_kms_platform_driver,
	&refsoc_crtc_driver,
	&refsoc_dpi_driver,
	&refsoc_hdmi_driver,
};

static int __init refsoc_kms_init(void)
{
	if (drm_firmware_drivers_only())
		return -ENODEV;

	return platform_register_drivers(refsoc_kms_drivers, ARRAY_SIZE(refsoc_kms_drivers));
}
module_init(refsoc_kms_init);

static void __exit refsoc_kms_exit(void)
{
	platform_unregister_drivers(refsoc_kms_drivers, ARRAY_SIZE(refsoc_kms_drivers));
}
module_exit(refsoc_kms_exit);

MODULE_DESCRIPTION("RefSoC scanout driver for the i.MX6 IPU");
MODULE_LICENSE("GPL");
