// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Command memory
 *
 * The front end fetches only through the linear window, so that each core has
 * one contiguous piece of memory there: its ring, and a slot for each of the
 * few jobs that may be on their way at a time. A stream waits for its turn in
 * ordinary memory and is copied to a slot when it starts. So a client whose
 * jobs never start takes nothing from the others.
 */

#include <linux/dma-mapping.h>

#include "refsoc_gpu_drv.h"

/* A whole stream and the LINK behind it */
#define SLOT_SIZE	(REFSOC_GPU_MAX_STREAM + SZ_4K)
#define COMMANDS_SIZE	(REFSOC_GPU_RING_SIZE + REFSOC_GPU_SLOTS * SLOT_SIZE)

static struct refsoc_gpu_cmdbuf part(struct refsoc_gpu_core *core, size_t start)
{
	return (struct refsoc_gpu_cmdbuf) {
		.cpu = core->commands + start,
		.iova = core->commands_dma - core->rdev->mmu.base + start,
	};
}

/**
 * refsoc_gpu_cmdbuf_init() - get a core its command memory
 * @core: the core, part of a DRM device
 *
 * Return: 0, or -ENOMEM if there is none that the front end can reach.
 */
int refsoc_gpu_cmdbuf_init(struct refsoc_gpu_core *core)
{
	core->commands = dma_alloc_wc(core->rdev->drm.dev, COMMANDS_SIZE,
				      &core->commands_dma, GFP_KERNEL);
	if (!core->commands)
		return -ENOMEM;
	if (!refsoc_gpu_mmu_in_window(&core->rdev->mmu, core->commands_dma,
				      COMMANDS_SIZE)) {
		dev_err(core->dev, "command memory at %pad is out of reach\n",
			&core->commands_dma);
		refsoc_gpu_cmdbuf_fini(core);
		return -ENOMEM;
	}
	core->ring = part(core, 0);
	for (unsigned int i = 0; i < REFSOC_GPU_SLOTS; i++)
		core->slots[i] = part(core, REFSOC_GPU_RING_SIZE +
				      i * SLOT_SIZE);
	return 0;
}

void refsoc_gpu_cmdbuf_fini(struct refsoc_gpu_core *core)
{
	dma_free_wc(core->rdev->drm.dev, COMMANDS_SIZE, core->commands,
		    core->commands_dma);
}
