// SPDX-License-Identifier: GPL-2.0-only
/*
 * The video node of a CSI.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <media/v4l2-common.h>
#include <media/v4l2-fh.h>
#include <media/v4l2-ioctl.h>
#include <media/v4l2-mc.h>
#include <media/videobuf2-dma-contig.h>

#include "refsoc-capture.h"
#include "refsoc-formats.h"

/* Buffer addresses have a granularity of 8 bytes (EBA0, EBA1). */
#define VIDEO_ADDR_ALIGN	8

static struct refsoc_buffer *to_refsoc_buffer(struct vb2_buffer *vb)
{
	return container_of(to_vb2_v4l2_buffer(vb), struct refsoc_buffer, vb);
}

/*
 * Queue
 */

static int video_queue_setup(struct vb2_queue *q, unsigned int *num_buffers,
			     unsigned int *num_planes, unsigned int sizes[],
			     struct device *alloc_devs[])
{
	struct refsoc_video *video = vb2_get_drv_priv(q);

	if (*num_planes) {
		if (*num_planes == 1 && sizes[0] >= video->pix.sizeimage)
			return 0;
		dev_dbg(&video->vdev.dev, "%u planes, the first of %u bytes\n",
			*num_planes, sizes[0]);
		return -EINVAL;
	}

	*num_planes = 1;
	sizes[0] = video->pix.sizeimage;

	return 0;
}

static int video_buf_prepare(struct vb2_buffer *vb)
{
	struct refsoc_video *video = vb2_get_drv_priv(vb->vb2_queue);
	dma_addr_t addr = vb2_dma_contig_plane_dma_addr(vb, 0);

	if (vb2_plane_size(vb, 0) < video->pix.sizeimage) {
		dev_dbg(&video->vdev.dev, "buffer of %lu bytes is too small\n",
			vb2_plane_size(vb, 0));
		return -EINVAL;
	}

	if (!IS_ALIGNED(addr, VIDEO_ADDR_ALIGN)) {
		dev_dbg(&video->vdev.dev, "buffer at %pad is not aligned\n",
			&addr);
		return -EINVAL;
	}

	vb2_set_plane_payload(vb, 0, video->pix.sizeimage);

	return 0;
}

static void video_buf_queue(struct vb2_buffer *vb)
{
	struct refsoc_video *video = vb2_get_drv_priv(vb->vb2_queue);

	refsoc_dma_queue(&video->csi->dma, to_refsoc_buffer(vb));
}

/* The CSI is the last to start: it lets the frames in. */
static int video_start(struct refsoc_video *video)
{
	struct refsoc_csi *csi = video->csi;
	int ret;

	ret = refsoc_dma_start(&csi->dma, &video->pix);
	if (ret)
		return ret;

	ret = v4l2_subdev_enable_streams(&csi->sd, REFSOC_CSI_SOURCE,
					 BIT_ULL(0));
	if (ret)
		refsoc_dma_stop(&csi->dma);

	return ret;
}

/* And the first to stop: see refsoc_dma_drain(). */
static void video_stop(struct refsoc_video *video)
{
	struct refsoc_csi *csi = video->csi;

	refsoc_dma_drain(&csi->dma);
	v4l2_subdev_disable_streams(&csi->sd, REFSOC_CSI_SOURCE, BIT_ULL(0));
	refsoc_dma_stop(&csi->dma);
	video_device_pipeline_stop(&video->vdev);
	video->running = false;
}

static int video_start_streaming(struct vb2_queue *q, unsigned int count)
{
	struct refsoc_video *video = vb2_get_drv_priv(q);
	int ret = -ENOLINK;

	if (!video->whole) {
		dev_dbg(&video->vdev.dev, "a part of the graph is missing\n");
		goto err_return;
	}

	ret = video_device_pipeline_alloc_start(&video->vdev);
	if (ret)
		goto err_return;

	ret = video_start(video);
	if (ret)
		goto err_pipeline;

	video->running = true;
	return 0;

err_pipeline:
	video_device_pipeline_stop(&video->vdev);
err_return:
	refsoc_dma_return(&video->csi->dma, VB2_BUF_STATE_QUEUED);
	return ret;
}

static void video_stop_streaming(struct vb2_queue *q)
{
	struct refsoc_video *video = vb2_get_drv_priv(q);

	if (video->running)
		video_stop(video);
	refsoc_dma_return(&video->csi->dma, VB2_BUF_STATE_ERROR);
}

static const struct vb2_ops video_queue_ops = {
	.queue_setup = video_queue_setup,
	.buf_prepare = video_buf_prepare,
	.buf_queue = video_buf_queue,
	.start_streaming = video_start_streaming,
	.stop_streaming = video_stop_streaming,
	.wait_prepare = vb2_ops_wait_prepare,
	.wait_finish = vb2_ops_wait_finish,
};

/**
 * refsoc_video_graph_whole - from now on streaming may start
 * @video: video node
 */
void refsoc_video_graph_whole(struct refsoc_video *video)
{
	mutex_lock(&video->lock);
	video->whole = true;
	mutex_unlock(&video->lock);
}

/**
 * refsoc_video_graph_broken - an entity is about to go: stop, and do not start
 * @video: video node
 *
 * User space learns of it by EIO from QBUF and DQBUF, and POLLERR.
 */
void refsoc_video_graph_broken(struct refsoc_video *video)
{
	mutex_lock(&video->lock);
	video->whole = false;
	if (video->running) {
		video_stop(video);
		refsoc_dma_return(&video->csi->dma, VB2_BUF_STATE_ERROR);
		vb2_queue_error(&video->queue);
	}
	mutex_unlock(&video->lock);
}

/*
 * Ioctls
 */

static int video_querycap(struct file *file, void *fh,
			  struct v4l2_capability *cap)
{
	strscpy(cap->driver, "refsoc-capture", sizeof(cap->driver));
	strscpy(cap->card, "refsoc-capture", sizeof(cap->card));

	return 0;
}

static int video_enum_fmt(struct file *file, void *fh,
			  struct v4l2_fmtdesc *desc)
{
	const struct refsoc_pix_format *fmt;

	fmt = refsoc_pix_by_index(desc->index, desc->mbus_code);
	if (!fmt)
		return -EINVAL;
	desc->pixelformat = fmt->fourcc;

	return 0;
}

static int video_enum_framesizes(struct file *file, void *fh,
				 struct v4l2_frmsizeenum *fsize)
{
	const struct refsoc_pix_format *fmt;

	fmt = refsoc_pix_by_fourcc(fsize->pixel_format);
	if (!fmt || fsize->index)
		return -EINVAL;

	fsize->type = V4L2_FRMSIZE_TYPE_STEPWISE;
	fsize->stepwise.min_width = REFSOC_MIN_WIDTH;
	fsize->stepwise.max_width = REFSOC_MAX_WIDTH;
	fsize->stepwise.step_width = REFSOC_WIDTH_STEP;
	fsize->stepwise.min_height = REFSOC_MIN_HEIGHT;
	fsize->stepwise.max_height = REFSOC_MAX_HEIGHT;
	fsize->stepwise.step_height = fmt->height_step;

	return 0;
}

static int video_g_fmt(struct file *file, void *fh, struct v4l2_format *f)
{
	struct refsoc_video *video = video_drvdata(file);

	f->fmt.pix = video->pix;

	return 0;
}

static int video_try_fmt(struct file *file, void *fh, struct v4l2_format *f)
{
	refsoc_pix_adjust(&f->fmt.pix);

	return 0;
}

static int video_s_fmt(struct file *file, void *fh, struct v4l2_format *f)
{
	struct refsoc_video *video = video_drvdata(file);

	if (vb2_is_busy(&video->queue)) {
		dev_dbg(&video->vdev.dev, "there are buffers of this format\n");
		return -EBUSY;
	}

	refsoc_pix_adjust(&f->fmt.pix);
	video->pix = f->fmt.pix;

	return 0;
}

static const struct v4l2_ioctl_ops video_ioctl_ops = {
	.vidioc_querycap = video_querycap,
	.vidioc_enum_fmt_vid_cap = video_enum_fmt,
	.vidioc_enum_framesizes = video_enum_framesizes,
	.vidioc_g_fmt_vid_cap = video_g_fmt,
	.vidioc_try_fmt_vid_cap = video_try_fmt,
	.vidioc_s_fmt_vid_cap = video_s_fmt,
	.vidioc_reqbufs = vb2_ioctl_reqbufs,
	.vidioc_create_bufs = vb2_ioctl_create_bufs,
	.vidioc_remove_bufs = vb2_ioctl_remove_bufs,
	.vidioc_prepare_buf = vb2_ioctl_prepare_buf,
	.vidioc_querybuf = vb2_ioctl_querybuf,
	.vidioc_qbuf = vb2_ioctl_qbuf,
	.vidioc_dqbuf = vb2_ioctl_dqbuf,
	.vidioc_expbuf = vb2_ioctl_expbuf,
	.vidioc_streamon = vb2_ioctl_streamon,
	.vidioc_streamoff = vb2_ioctl_streamoff,
};

static const struct v4l2_file_operations video_fops = {
	.owner = THIS_MODULE,
	.open = v4l2_fh_open,
	.release = vb2_fop_release,
	.poll = vb2_fop_poll,
	.mmap = vb2_fop_mmap,
	.unlocked_ioctl = video_ioctl2,
};

/*
 * Entity
 */

/* The buffers must be of the size and the kind of what the CSI puts out. */
static int video_link_validate(struct media_link *link)
{
	struct refsoc_video *video = container_of(link->sink->entity,
						  struct refsoc_video,
						  vdev.entity);
	const struct refsoc_pix_format *pix;
	struct v4l2_subdev_format fmt = {
		.which = V4L2_SUBDEV_FORMAT_ACTIVE,
		.pad = link->source->index,
	};
	int ret;

	ret = v4l2_subdev_call_state_active(&video->csi->sd, pad, get_fmt,
					    &fmt);
	if (ret)
		return ret;

	pix = refsoc_pix_by_fourcc(video->pix.pixelformat);
	if (fmt.format.width != video->pix.width ||
	    fmt.format.height != video->pix.height ||
	    !refsoc_pix_takes(pix, fmt.format.code)) {
		dev_dbg(&video->vdev.dev,
			"%ux%u %p4cc does not take %ux%u of code 0x%x\n",
			video->pix.width, video->pix.height,
			&video->pix.pixelformat, fmt.format.width,
			fmt.format.height, fmt.format.code);
		return -EPIPE;
	}

	return 0;
}

static const struct media_entity_operations video_entity_ops = {
	.link_validate = video_link_validate,
};

static void video_release(struct video_device *vdev)
{
	struct refsoc_video *video = container_of(vdev, struct refsoc_video,
						  vdev);

	media_entity_cleanup(&vdev->entity);
	mutex_destroy(&video->lock);
	kfree(video);
}

static int video_init_queue(struct refsoc_video *video)
{
	struct vb2_queue *q = &video->queue;
	struct device *dev = video->csi->dev;
	int ret;

	/* A buffer is one segment, however long. */
	ret = vb2_dma_contig_set_max_seg_size(dev, DMA_BIT_MASK(32));
	if (ret)
		return ret;

	q->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	q->io_modes = VB2_MMAP | VB2_DMABUF;
	q->dev = dev;
	q->lock = &video->lock;
	q->drv_priv = video;
	q->buf_struct_size = sizeof(struct refsoc_buffer);
	q->ops = &video_queue_ops;
	q->mem_ops = &vb2_dma_contig_memops;
	q->timestamp_flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
	q->min_queued_buffers = 1;
	/* Two at the IDMAC and one in between, or every third frame is lost. */
	q->min_reqbufs_allocation = 3;

	return vb2_queue_init(q);
}

static void video_init_device(struct refsoc_video *video)
{
	struct video_device *vdev = &video->vdev;
	struct v4l2_subdev *sd = &video->csi->sd;

	vdev->v4l2_dev = sd->v4l2_dev;
	vdev->fops = &video_fops;
	vdev->ioctl_ops = &video_ioctl_ops;
	vdev->release = video_release;
	vdev->lock = &video->lock;
	vdev->queue = &video->queue;
	vdev->vfl_dir = VFL_DIR_RX;
	vdev->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING |
			    V4L2_CAP_IO_MC;
	vdev->entity.ops = &video_entity_ops;
	snprintf(vdev->name, sizeof(vdev->name), "%s capture", sd->name);
	video_set_drvdata(vdev, video);
}

static struct refsoc_video *video_create(struct refsoc_csi *csi)
{
	struct refsoc_video *video;
	int ret;

	video = kzalloc(sizeof(*video), GFP_KERNEL);
	if (!video)
		return ERR_PTR(-ENOMEM);

	video->csi = csi;
	mutex_init(&video->lock);
	video->pix.pixelformat = V4L2_PIX_FMT_UYVY;
	video->pix.width = REFSOC_DEFAULT_WIDTH;
	video->pix.height = REFSOC_DEFAULT_HEIGHT;
	refsoc_pix_adjust(&video->pix);
	video_init_device(video);

	ret = video_init_queue(video);
	if (ret)
		goto err_release;

	video->pad.flags = MEDIA_PAD_FL_SINK | MEDIA_PAD_FL_MUST_CONNECT;
	ret = media_entity_pads_init(&video->vdev.entity, 1, &video->pad);
	if (ret)
		goto err_release;

	return video;

err_release:
	video_release(&video->vdev);
	return ERR_PTR(ret);
}

/**
 * refsoc_video_register - create the video node of a CSI and link it
 * @csi: the CSI, whose subdev is registered
 *
 * Return: 0 or a negative error code.
 */
int refsoc_video_register(struct refsoc_csi *csi)
{
	struct refsoc_video *video;
	int ret;

	video = video_create(csi);
	if (IS_ERR(video))
		return PTR_ERR(video);

	ret = video_register_device(&video->vdev, VFL_TYPE_VIDEO, -1);
	if (ret) {
		video_release(&video->vdev);
		return ret;
	}

	ret = media_create_pad_link(&csi->sd.entity, REFSOC_CSI_SOURCE,
				    &video->vdev.entity, 0,
				    MEDIA_LNK_FL_ENABLED |
				    MEDIA_LNK_FL_IMMUTABLE);
	if (ret) {
		vb2_video_unregister_device(&video->vdev);
		return ret;
	}

	csi->video = video;
	return 0;
}

/**
 * refsoc_video_unregister - stop streaming and remove the video node
 * @csi: the CSI
 */
void refsoc_video_unregister(struct refsoc_csi *csi)
{
	struct refsoc_video *video = csi->video;

	csi->video = NULL;
	vb2_video_unregister_device(&video->vdev);
}
