// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way from the CSI to memory: sensor multi FIFO controller (SMFC) and
 * image DMA controller (IDMAC) of the i.MX6 IPU.
 */
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <media/videobuf2-dma-contig.h>
#include <video/imx-ipu-v3.h>

#include "refsoc-capture.h"
#include "refsoc-formats.h"

/**
 * DOC: buffers
 *
 * The IDMAC has two buffers and alternates between them.  The driver gives
 * one to it by writing an address and setting the buffer's ready bit; the
 * IDMAC owns it until it has moved on to the other one.  An address is only
 * changed, and a buffer only handed to user space, when it is the driver's
 * again, which refsoc_slots_done() finds out from the IDMAC's registers and
 * not from counting interrupts.
 *
 * A frame for which no buffer is queued goes to memory of the driver's own.
 * It counts, so user space sees a gap in the sequence numbers.  If interrupts
 * are held up for so long that the IDMAC has used up both buffers, it drops
 * frames by itself and says so ("new frame before end of frame").  That counts,
 * too, but the IDMAC says it once for all it drops until it is heard.
 */

/* Long enough for the slowest sensor to finish a frame. */
#define DMA_DRAIN_MS	1000

/* Until a burst under way has reached memory. */
#define DMA_IDLE_MS	10

/* Give the oldest slot to the IDMAC, with a buffer if there is one. */
static void dma_arm(struct refsoc_dma *dma, unsigned int slot)
{
	struct refsoc_buffer *buf;
	dma_addr_t addr = dma->dummy_dma;

	buf = list_first_entry_or_null(&dma->queue, struct refsoc_buffer, list);
	if (buf) {
		list_del(&buf->list);
		addr = vb2_dma_contig_plane_dma_addr(&buf->vb.vb2_buf, 0);
	}
	dma->slot[slot] = buf;

	/* A ready bit left over would show the IDMAC half an address. */
	if (ipu_idmac_buffer_is_ready(dma->channel, slot))
		ipu_idmac_clear_buffer(dma->channel, slot);
	ipu_cpmem_set_buffer(dma->channel, slot, addr);
	ipu_idmac_select_buffer(dma->channel, slot);
}

static void dma_done(struct refsoc_dma *dma, struct refsoc_buffer *buf)
{
	buf->vb.sequence = dma->sequence;
	buf->vb.field = V4L2_FIELD_NONE;
	buf->vb.vb2_buf.timestamp = ktime_get_ns();
	vb2_buffer_done(&buf->vb.vb2_buf, dma->damaged ? VB2_BUF_STATE_ERROR :
							 VB2_BUF_STATE_DONE);
}

/* The oldest slot is finished: pass its buffer on, and reuse the slot. */
static void dma_finish_oldest(struct refsoc_dma *dma)
{
	unsigned int slot = dma->oldest;

	if (dma->slot[slot])
		dma_done(dma, dma->slot[slot]);
	dma->slot[slot] = NULL;
	dma->sequence++;
	dma->damaged = false;
	dma->oldest ^= 1;

	if (!dma->draining)
		dma_arm(dma, slot);
}

static unsigned int dma_slots_done(struct refsoc_dma *dma)
{
	return refsoc_slots_done(ipu_idmac_get_current_buffer(dma->channel),
				 dma->oldest,
				 ipu_idmac_buffer_is_ready(dma->channel, 0),
				 ipu_idmac_buffer_is_ready(dma->channel, 1));
}

static void dma_collect(struct refsoc_dma *dma)
{
	unsigned int i;

	/* More than both cannot be finished: each is armed again at once. */
	for (i = 0; i < 2 && dma_slots_done(dma); i++) {
		dma_finish_oldest(dma);
		if (!dma->draining)
			continue;
		/*
		 * Stop the CSI here, between two frames: to stop the IDMAC
		 * first can hang the system.
		 */
		refsoc_csi_halt(dma->csi);
		complete(&dma->drained);
		break;
	}
}

static irqreturn_t dma_eof(int irq, void *data)
{
	struct refsoc_dma *dma = data;

	spin_lock(&dma->lock);
	dma_collect(dma);
	spin_unlock(&dma->lock);

	return IRQ_HANDLED;
}

static irqreturn_t dma_nfb4eof(int irq, void *data)
{
	struct refsoc_dma *dma = data;
	bool starved;

	spin_lock(&dma->lock);

	starved = !ipu_idmac_buffer_is_ready(dma->channel, 0) &&
		  !ipu_idmac_buffer_is_ready(dma->channel, 1);
	/* What was finished before comes first in the sequence. */
	dma_collect(dma);
	if (starved)
		dma->sequence++;
	else
		dma->damaged = true;

	spin_unlock(&dma->lock);

	return IRQ_HANDLED;
}

/**
 * refsoc_dma_queue - give a buffer for some frame to come
 * @dma: the way to memory
 * @buf: the buffer
 */
void refsoc_dma_queue(struct refsoc_dma *dma, struct refsoc_buffer *buf)
{
	unsigned long flags;

	spin_lock_irqsave(&dma->lock, flags);
	list_add_tail(&buf->list, &dma->queue);
	spin_unlock_irqrestore(&dma->lock, flags);
}

/**
 * refsoc_dma_return - give all buffers back
 * @dma: the way to memory, which is stopped
 * @state: what to tell videobuf2 of them
 */
void refsoc_dma_return(struct refsoc_dma *dma, enum vb2_buffer_state state)
{
	struct refsoc_buffer *buf, *next;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&dma->lock, flags);

	for (i = 0; i < 2; i++, dma->oldest ^= 1) {
		buf = dma->slot[dma->oldest];
		if (buf)
			vb2_buffer_done(&buf->vb.vb2_buf, state);
		dma->slot[dma->oldest] = NULL;
	}
	list_for_each_entry_safe(buf, next, &dma->queue, list) {
		list_del(&buf->list);
		vb2_buffer_done(&buf->vb.vb2_buf, state);
	}

	spin_unlock_irqrestore(&dma->lock, flags);
}

static int dma_set_image(struct refsoc_dma *dma,
			 const struct v4l2_pix_format *pix)
{
	const struct refsoc_pix_format *fmt;
	struct ipu_image image = {
		.pix = *pix,
		.rect = { .width = pix->width, .height = pix->height },
		.phys0 = dma->dummy_dma,
		.phys1 = dma->dummy_dma,
	};
	unsigned int burst;
	int ret;

	fmt = refsoc_pix_by_fourcc(pix->pixelformat);
	burst = refsoc_pix_burst(fmt, pix->width);

	ipu_cpmem_zero(dma->channel);
	ret = ipu_cpmem_set_image(dma->channel, &image);
	if (ret)
		return ret;
	/* The CSI makes 4:2:2; every second line of chroma is left out. */
	if (fmt->chroma_plane)
		ipu_cpmem_skip_odd_chroma_rows(dma->channel);
	ipu_cpmem_set_burstsize(dma->channel, burst);
	ipu_cpmem_set_axi_id(dma->channel, 0);

	/*
	 * The sensor does not wait: raise the priority as soon as anything is
	 * in the FIFO (IMX6DQRM, table "Calculated priority value").
	 */
	ipu_smfc_set_watermark(dma->smfc, 0x02, 0x01);
	ipu_smfc_set_burstsize(dma->smfc, burst / 4 - 1);
	ipu_cpmem_set_high_priority(dma->channel);
	ipu_idmac_enable_watermark(dma->channel, true);

	return 0;
}

/**
 * refsoc_dma_start - get ready for the first frame
 * @dma: the way to memory
 * @pix: format of the buffers
 *
 * Return: 0 or a negative error code.
 */
int refsoc_dma_start(struct refsoc_dma *dma, const struct v4l2_pix_format *pix)
{
	unsigned long flags;
	int ret;

	dma->dummy_size = pix->sizeimage;
	dma->dummy = dma_alloc_attrs(dma->dev, dma->dummy_size, &dma->dummy_dma,
				     GFP_KERNEL | __GFP_NOWARN,
				     DMA_ATTR_NO_KERNEL_MAPPING);
	if (!dma->dummy)
		return -ENOMEM;

	ret = dma_set_image(dma, pix);
	if (ret) {
		dma_free_attrs(dma->dev, dma->dummy_size, dma->dummy,
			       dma->dummy_dma, DMA_ATTR_NO_KERNEL_MAPPING);
		return ret;
	}

	ipu_smfc_map_channel(dma->smfc, dma->csi->id, 0);
	ipu_smfc_enable(dma->smfc);
	ipu_idmac_set_double_buffer(dma->channel, true);

	spin_lock_irqsave(&dma->lock, flags);
	dma->oldest = 0;
	dma->sequence = 0;
	dma->damaged = false;
	dma->draining = false;
	reinit_completion(&dma->drained);
	dma_arm(dma, 0);
	dma_arm(dma, 1);
	spin_unlock_irqrestore(&dma->lock, flags);

	ipu_idmac_enable_channel(dma->channel);
	enable_irq(dma->irq_nfb4eof);
	enable_irq(dma->irq_eof);

	return 0;
}

/**
 * refsoc_dma_drain - wait for the end of the frame under way
 * @dma: the way to memory
 *
 * The CSI is off when this returns.
 */
void refsoc_dma_drain(struct refsoc_dma *dma)
{
	unsigned long flags;

	spin_lock_irqsave(&dma->lock, flags);
	dma->draining = true;
	spin_unlock_irqrestore(&dma->lock, flags);

	if (!wait_for_completion_timeout(&dma->drained,
					 msecs_to_jiffies(DMA_DRAIN_MS)))
		dev_dbg(dma->dev, "no frame since %u ms\n", DMA_DRAIN_MS);
	refsoc_csi_halt(dma->csi);
}

/**
 * refsoc_dma_stop - write no more
 * @dma: the way to memory; the CSI is off and the source has stopped
 *
 * The buffers remain to be returned.
 */
void refsoc_dma_stop(struct refsoc_dma *dma)
{
	disable_irq(dma->irq_eof);
	disable_irq(dma->irq_nfb4eof);

	ipu_idmac_wait_busy(dma->channel, DMA_IDLE_MS);
	ipu_idmac_disable_channel(dma->channel);
	ipu_idmac_enable_watermark(dma->channel, false);
	ipu_smfc_disable(dma->smfc);

	dma_free_attrs(dma->dev, dma->dummy_size, dma->dummy, dma->dummy_dma,
		       DMA_ATTR_NO_KERNEL_MAPPING);
	dma->dummy = NULL;
}

static int dma_request_irq(struct refsoc_dma *dma, enum ipu_channel_irq type,
			   irq_handler_t handler, const char *name)
{
	int irq, ret;

	irq = ipu_idmac_channel_irq(dma->ipu, dma->channel, type);
	if (irq <= 0)
		return irq ? : -EINVAL;

	ret = request_irq(irq, handler, IRQF_NO_AUTOEN, name, dma);

	return ret ? : irq;
}

static int dma_request_irqs(struct refsoc_dma *dma)
{
	int ret;

	ret = dma_request_irq(dma, IPU_IRQ_EOF, dma_eof, "refsoc-csi-eof");
	if (ret < 0)
		return ret;
	dma->irq_eof = ret;

	ret = dma_request_irq(dma, IPU_IRQ_NFB4EOF, dma_nfb4eof,
			      "refsoc-csi-nfb4eof");
	if (ret < 0) {
		free_irq(dma->irq_eof, dma);
		return ret;
	}
	dma->irq_nfb4eof = ret;

	return 0;
}

/**
 * refsoc_dma_init - get a FIFO, a DMA channel and its interrupts
 * @dma: the way to memory, zeroed
 * @csi: the CSI it will serve
 *
 * Return: 0 or a negative error code.
 */
int refsoc_dma_init(struct refsoc_dma *dma, struct refsoc_csi *csi)
{
	/* The odd channels are left for second streams of the same CSI. */
	unsigned int channel = IPUV3_CHANNEL_CSI0 + 2 * csi->id;
	int ret;

	dma->dev = csi->dev;
	dma->csi = csi;
	dma->ipu = csi->ipu;
	spin_lock_init(&dma->lock);
	INIT_LIST_HEAD(&dma->queue);
	init_completion(&dma->drained);

	dma->smfc = ipu_smfc_get(dma->ipu, channel);
	if (IS_ERR(dma->smfc))
		return PTR_ERR(dma->smfc);

	dma->channel = ipu_idmac_get(dma->ipu, channel);
	if (IS_ERR(dma->channel)) {
		ret = PTR_ERR(dma->channel);
		goto err_smfc;
	}

	ret = dma_request_irqs(dma);
	if (ret)
		goto err_channel;

	return 0;

err_channel:
	ipu_idmac_put(dma->channel);
err_smfc:
	ipu_smfc_put(dma->smfc);
	return ret;
}

/**
 * refsoc_dma_cleanup - undo refsoc_dma_init()
 * @dma: the way to memory, which is stopped
 */
void refsoc_dma_cleanup(struct refsoc_dma *dma)
{
	free_irq(dma->irq_nfb4eof, dma);
	free_irq(dma->irq_eof, dma);
	ipu_idmac_put(dma->channel);
	ipu_smfc_put(dma->smfc);
}
