/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the capture driver share.
 */
#ifndef REFSOC_CAPTURE_H
#define REFSOC_CAPTURE_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>
#include <media/media-entity.h>
#include <media/v4l2-async.h>
#include <media/v4l2-ctrls.h>
#include <media/v4l2-dev.h>
#include <media/v4l2-device.h>
#include <media/v4l2-subdev.h>
#include <media/videobuf2-v4l2.h>

struct ipu_csi;
struct ipu_smfc;
struct ipu_soc;
struct ipuv3_channel;
struct refsoc_csi;

/* Sent up by a subdev when a part of the graph is about to go away. */
#define REFSOC_NOTIFY_BROKEN	_IO('R', 0)

/**
 * struct refsoc_buffer - a buffer of the video node
 * @vb: videobuf2's part
 * @list: link in &refsoc_dma.queue
 */
struct refsoc_buffer {
	struct vb2_v4l2_buffer vb;
	struct list_head list;
};

/**
 * struct refsoc_dma - the way to memory of one CSI: SMFC and IDMAC
 * @dev: device of the CSI, for memory and messages
 * @csi: the CSI it serves
 * @ipu: the IPU it is in
 * @smfc: FIFO between CSI and IDMAC
 * @channel: IDMAC channel
 * @irq_eof: end of frame
 * @irq_nfb4eof: a new frame came before the end of the last one
 * @dummy: where frames go that nobody has a buffer for
 * @dummy_dma: address of @dummy for the IDMAC
 * @dummy_size: size of @dummy in bytes
 * @drained: completed at the last frame before a stop
 * @lock: taken by the interrupt handlers
 * @queue: buffers that wait for a frame
 * @slot: the two buffers the IDMAC may write; NULL stands for @dummy
 * @oldest: the slot that will be finished first
 * @sequence: number of the frame that goes into @oldest
 * @damaged: something of the frame in flight was lost
 * @draining: the next end of frame is the last
 */
struct refsoc_dma {
	struct device *dev;
	struct refsoc_csi *csi;
	struct ipu_soc *ipu;
	struct ipu_smfc *smfc;
	struct ipuv3_channel *channel;
	int irq_eof;
	int irq_nfb4eof;
	void *dummy;
	dma_addr_t dummy_dma;
	size_t dummy_size;
	struct completion drained;
	spinlock_t lock;	/* protects all below */
	struct list_head queue;
	struct refsoc_buffer *slot[2];
	unsigned int oldest;
	u32 sequence;
	bool damaged;
	bool draining;
};

/**
 * struct refsoc_video - the video node of one CSI
 * @vdev: the node; its last reference frees this structure
 * @pad: sink pad, fed by the CSI
 * @queue: videobuf2 queue
 * @csi: the CSI; gone once @vdev is unregistered
 * @lock: lock of the node and of its queue
 * @pix: format of the buffers
 * @whole: the graph is complete, streaming may start
 * @running: the hardware writes frames
 */
struct refsoc_video {
	struct video_device vdev;
	struct media_pad pad;
	struct vb2_queue queue;
	struct refsoc_csi *csi;
	struct mutex lock;	/* serializes ioctls, protects all below */
	struct v4l2_pix_format pix;
	bool whole;
	bool running;
};

enum refsoc_csi_pad {
	REFSOC_CSI_SINK,
	REFSOC_CSI_SOURCE,
	REFSOC_CSI_NUM_PADS
};

/**
 * struct refsoc_csi - one of the two CSIs of an IPU
 * @ref: held by the driver's binding and by the media devices it was part of
 * @dev: platform device, a child of the IPU
 * @ipu: the IPU it is in
 * @ipu_csi: the CSI in the IPU core
 * @id: 0 or 1
 * @sd: subdev
 * @pads: its pads
 * @notifier: waits for what the device tree connects to the sink pad
 * @ctrls: control handler; its lock is that of the subdev's state too
 * @pattern: source is the test pattern generator unless 0
 * @source: pad of the receiver that streams for us, NULL if none does;
 *	protected by the state's lock
 * @dma: the way to memory
 * @video: video node, from the completion of the graph on
 * @entry: link in the media device's list of CSIs
 */
struct refsoc_csi {
	struct kref ref;
	struct device *dev;
	struct ipu_soc *ipu;
	struct ipu_csi *ipu_csi;
	unsigned int id;
	struct v4l2_subdev sd;
	struct media_pad pads[REFSOC_CSI_NUM_PADS];
	struct v4l2_async_notifier notifier;
	struct v4l2_ctrl_handler ctrls;
	struct v4l2_ctrl *pattern;
	struct media_pad *source;
	struct refsoc_dma dma;
	struct refsoc_video *video;
	struct list_head entry;
};

int refsoc_media_keep(struct v4l2_device *v4l2_dev, struct kref *ref,
		      void (*release)(struct kref *ref));
void refsoc_media_add_csi(struct refsoc_csi *csi);
void refsoc_media_remove_csi(struct refsoc_csi *csi);

int refsoc_enum_mbus_code(struct v4l2_subdev *sd,
			  struct v4l2_subdev_state *state,
			  struct v4l2_subdev_mbus_code_enum *code);
int refsoc_enum_frame_size(struct v4l2_subdev *sd,
			   struct v4l2_subdev_state *state,
			   struct v4l2_subdev_frame_size_enum *fse);

bool refsoc_csi2_is_receiver(const struct v4l2_subdev *sd);
void refsoc_csi_halt(struct refsoc_csi *csi);

int refsoc_dma_init(struct refsoc_dma *dma, struct refsoc_csi *csi);
void refsoc_dma_cleanup(struct refsoc_dma *dma);
void refsoc_dma_queue(struct refsoc_dma *dma, struct refsoc_buffer *buf);
int refsoc_dma_start(struct refsoc_dma *dma,
		     const struct v4l2_pix_format *pix);
void refsoc_dma_drain(struct refsoc_dma *dma);
void refsoc_dma_stop(struct refsoc_dma *dma);
void refsoc_dma_return(struct refsoc_dma *dma, enum vb2_buffer_state state);

int refsoc_video_register(struct refsoc_csi *csi);
void refsoc_video_unregister(struct refsoc_csi *csi);
void refsoc_video_graph_whole(struct refsoc_video *video);
void refsoc_video_graph_broken(struct refsoc_video *video);

extern struct platform_driver refsoc_csi_driver;
extern struct platform_driver refsoc_csi2_driver;

#endif
