// SPDX-License-Identifier: GPL-2.0-only
/*
 * The media device of the i.MX6 capture path.
 */
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <media/media-device.h>
#include <media/v4l2-async.h>
#include <media/v4l2-device.h>

#include "refsoc-capture.h"

/**
 * DOC: graph
 *
 * One MIPI CSI-2 receiver serves the four CSIs of two IPUs, so all of them
 * are entities of one media device.  It belongs to the node that the device
 * tree has for this, "fsl,imx-capture-subsystem", which lists the CSIs' ports;
 * everything else is found along the graph by the notifiers of the CSIs, the
 * video multiplexers (mainline's) and the receiver.
 *
 * The device nodes appear when the last entity has, because links cannot be
 * added safely to a media device that user space already reads.  A sensor
 * that is not there has to be disabled in the device tree; then the test
 * pattern generators of the CSIs remain as sources.
 */

/**
 * DOC: lifetime
 *
 * Any of the drivers can be unbound at any time.  Before an entity leaves,
 * all streams are stopped (REFSOC_NOTIFY_BROKEN), as a pipeline must not
 * point to pads that are gone, and none starts until the graph is complete
 * again.  All of this happens in callbacks of v4l2-async, which serializes
 * them.
 *
 * The queue of a video node goes with its CSI and puts all buffers, also when
 * files stay open: what it has imported is unmapped and detached.  What user
 * space or a dma-buf has of memory that it has allocated remains theirs until
 * they let go of it.
 *
 * Subdevs are touched when the last file handle of their node is closed,
 * which may be long after their driver is gone.  So the media device, which
 * every node holds a reference to, in turn holds one to each of our subdevs.
 */

/**
 * struct refsoc_media - the media device
 * @mdev: media device
 * @v4l2_dev: V4L2 device; its last reference frees this structure
 * @notifier: waits for the CSIs
 * @csis: the CSIs that are here; protected by v4l2-async's lock
 * @kept: subdevs to release with this structure; likewise
 * @registered: @mdev is visible to user space; likewise
 */
struct refsoc_media {
	struct media_device mdev;
	struct v4l2_device v4l2_dev;
	struct v4l2_async_notifier notifier;
	struct list_head csis;
	struct list_head kept;
	bool registered;
};

struct refsoc_kept {
	struct list_head list;
	struct kref *ref;
	void (*release)(struct kref *ref);
};

static void refsoc_media_notify(struct v4l2_subdev *sd, unsigned int event,
				void *arg);

static struct refsoc_media *to_refsoc_media(struct v4l2_device *v4l2_dev)
{
	return container_of(v4l2_dev, struct refsoc_media, v4l2_dev);
}

/**
 * refsoc_media_keep - hold a reference for as long as the media device lives
 * @v4l2_dev: the V4L2 device a subdev was added to
 * @ref: reference counter to get, and to put in the end
 * @release: what to do when it was the last
 *
 * Return: 0, -ENOMEM, or -EINVAL if the V4L2 device is not this driver's, as
 * its drivers and those of drivers/staging/media/imx cannot be mixed.
 */
int refsoc_media_keep(struct v4l2_device *v4l2_dev, struct kref *ref,
		      void (*release)(struct kref *ref))
{
	struct refsoc_kept *kept;

	if (v4l2_dev->notify != refsoc_media_notify)
		return -EINVAL;

	kept = kzalloc(sizeof(*kept), GFP_KERNEL);
	if (!kept)
		return -ENOMEM;

	kref_get(ref);
	kept->ref = ref;
	kept->release = release;
	list_add(&kept->list, &to_refsoc_media(v4l2_dev)->kept);

	return 0;
}

/**
 * refsoc_media_add_csi - a CSI has joined
 * @csi: the CSI, whose subdev is registered
 */
void refsoc_media_add_csi(struct refsoc_csi *csi)
{
	struct list_head *csis = &to_refsoc_media(csi->sd.v4l2_dev)->csis;
	struct refsoc_csi *other;

	/* Video nodes get their numbers in this order: always the same. */
	list_for_each_entry(other, csis, entry)
		if (strcmp(csi->sd.name, other->sd.name) < 0)
			break;
	list_add_tail(&csi->entry, &other->entry);
}

/**
 * refsoc_media_remove_csi - a CSI leaves
 * @csi: the CSI
 */
void refsoc_media_remove_csi(struct refsoc_csi *csi)
{
	list_del(&csi->entry);
}

static void refsoc_media_notify(struct v4l2_subdev *sd, unsigned int event,
				void *arg)
{
	struct refsoc_csi *csi;

	if (event != REFSOC_NOTIFY_BROKEN)
		return;

	list_for_each_entry(csi, &to_refsoc_media(sd->v4l2_dev)->csis, entry)
		if (csi->video)
			refsoc_video_graph_broken(csi->video);
}

static int refsoc_media_complete(struct v4l2_async_notifier *notifier)
{
	struct refsoc_media *media = to_refsoc_media(notifier->v4l2_dev);
	struct refsoc_csi *csi;
	int ret;

	list_for_each_entry(csi, &media->csis, entry) {
		ret = csi->video ? 0 : refsoc_video_register(csi);
		if (ret)
			return ret;
	}

	ret = v4l2_device_register_subdev_nodes(&media->v4l2_dev);
	if (ret)
		return ret;

	if (!media->registered) {
		ret = media_device_register(&media->mdev);
		if (ret)
			return ret;
		media->registered = true;
	}

	list_for_each_entry(csi, &media->csis, entry)
		refsoc_video_graph_whole(csi->video);

	return 0;
}

static const struct v4l2_async_notifier_operations refsoc_media_async_ops = {
	.complete = refsoc_media_complete,
};

/* Wait for the CSIs of those IPUs that are not disabled. */
static int refsoc_media_add_ports(struct refsoc_media *media,
				  struct device_node *np)
{
	struct v4l2_async_connection *asc;
	struct of_phandle_iterator it;
	unsigned int found = 0;
	int err;

	of_for_each_phandle(&it, err, np, "ports", NULL, 0) {
		struct device_node *ipu = of_get_parent(it.node);
		bool available = of_device_is_available(ipu);

		of_node_put(ipu);
		if (!available)
			continue;

		asc = v4l2_async_nf_add_fwnode(&media->notifier,
					       of_fwnode_handle(it.node),
					       struct v4l2_async_connection);
		if (IS_ERR(asc)) {
			of_node_put(it.node);
			return PTR_ERR(asc);
		}
		found++;
	}

	return found ? 0 : -ENODEV;
}

static void refsoc_media_release(struct v4l2_device *v4l2_dev)
{
	struct refsoc_media *media = to_refsoc_media(v4l2_dev);
	struct refsoc_kept *kept, *next;

	list_for_each_entry_safe(kept, next, &media->kept, list) {
		kref_put(kept->ref, kept->release);
		kfree(kept);
	}
	media_device_cleanup(&media->mdev);
	kfree(media);
}

static int refsoc_media_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct refsoc_media *media;
	int ret;

	media = kzalloc(sizeof(*media), GFP_KERNEL);
	if (!media)
		return -ENOMEM;

	INIT_LIST_HEAD(&media->csis);
	INIT_LIST_HEAD(&media->kept);
	platform_set_drvdata(pdev, media);

	media->mdev.dev = dev;
	strscpy(media->mdev.model, "refsoc-capture", sizeof(media->mdev.model));
	media_device_init(&media->mdev);

	media->v4l2_dev.mdev = &media->mdev;
	media->v4l2_dev.notify = refsoc_media_notify;
	media->v4l2_dev.release = refsoc_media_release;
	ret = v4l2_device_register(dev, &media->v4l2_dev);
	if (ret)
		goto err_free;

	v4l2_async_nf_init(&media->notifier, &media->v4l2_dev);
	media->notifier.ops = &refsoc_media_async_ops;
	ret = refsoc_media_add_ports(media, dev->of_node);
	if (ret) {
		dev_err_probe(dev, ret, "no CSI to wait for\n");
		goto err_notifier;
	}

	ret = v4l2_async_nf_register(&media->notifier);
	if (ret) {
		dev_err_probe(dev, ret, "the graph cannot be built\n");
		goto err_notifier;
	}

	return 0;

err_notifier:
	v4l2_async_nf_cleanup(&media->notifier);
	v4l2_device_unregister(&media->v4l2_dev);
	v4l2_device_put(&media->v4l2_dev);
	return ret;

err_free:
	media_device_cleanup(&media->mdev);
	kfree(media);
	return ret;
}

static void refsoc_media_remove(struct platform_device *pdev)
{
	struct refsoc_media *media = platform_get_drvdata(pdev);

	v4l2_async_nf_unregister(&media->notifier);
	v4l2_async_nf_cleanup(&media->notifier);
	if (media->registered)
		media_device_unregister(&media->mdev);
	v4l2_device_unregister(&media->v4l2_dev);
	v4l2_device_put(&media->v4l2_dev);
}

static const struct of_device_id refsoc_media_of_match[] = {
	{ .compatible = "fsl,imx-capture-subsystem" },
	{ }
};
MODULE_DEVICE_TABLE(of, refsoc_media_of_match);

static struct platform_driver refsoc_media_driver = {
	.probe = refsoc_media_probe,
	.remove = refsoc_media_remove,
	.driver = {
		.name = "refsoc-capture",
		.of_match_table = refsoc_media_of_match,
	},
};

static struct platform_driver * const refsoc_drivers[] = {
	&refsoc_csi2_driver,
	&refsoc_csi_driver,
	&refsoc_media_driver,
};

static int __init refsoc_capture_init(void)
{
	return platform_register_drivers(refsoc_drivers,
					 ARRAY_SIZE(refsoc_drivers));
}
module_init(refsoc_capture_init);

static void __exit refsoc_capture_exit(void)
{
	platform_unregister_drivers(refsoc_drivers, ARRAY_SIZE(refsoc_drivers));
}
module_exit(refsoc_capture_exit);

MODULE_DESCRIPTION("Camera capture for i.MX6 with IPUv3");
MODULE_AUTHOR("RefSoC");
MODULE_LICENSE("GPL");
