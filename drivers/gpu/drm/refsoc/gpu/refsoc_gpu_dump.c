// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Core dump
 *
 * What a hung core looked like is written down before its reset, as text: its
 * registers, the ring, the stream and where the buffers are. Others may wait
 * for fences meanwhile, so that this allocates nothing: the memory is there
 * beforehand, and a worker hands it to devcoredump and gets new.
 */

#include <linux/devcoredump.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "refsoc_gpu_drv.h"

#define DUMP_SIZE	SZ_128K

static const struct {
	u32 addr;
	const char *name;
} dumped[] = {
	{ VIVS_HI_CLOCK_CONTROL, "HI_CLOCK_CONTROL" },
	{ VIVS_HI_IDLE_STATE, "HI_IDLE_STATE" },
	{ VIVS_HI_AXI_CONFIG, "HI_AXI_CONFIG" },
	{ VIVS_HI_INTR_ENBL, "HI_INTR_ENBL" },
	{ VIVS_PM_POWER_CONTROLS, "PM_POWER_CONTROLS" },
	{ VIVS_PM_MODULE_CONTROLS, "PM_MODULE_CONTROLS" },
	{ VIVS_PM_PULSE_EATER, "PM_PULSE_EATER" },
	{ VIVS_MC_MMU_FE_PAGE_TABLE, "MC_MMU_FE_PAGE_TABLE" },
	{ VIVS_MC_MMU_PE_PAGE_TABLE, "MC_MMU_PE_PAGE_TABLE" },
	{ VIVS_MC_DEBUG_MEMORY, "MC_DEBUG_MEMORY" },
	{ VIVS_MC_MEMORY_BASE_ADDR_FE, "MC_MEMORY_BASE_ADDR_FE" },
	{ VIVS_MC_MEMORY_BASE_ADDR_PE, "MC_MEMORY_BASE_ADDR_PE" },
	{ VIVS_MC_BUS_CONFIG, "MC_BUS_CONFIG" },
	{ VIVS_FE_DMA_STATUS, "FE_DMA_STATUS" },
	{ VIVS_FE_DMA_DEBUG_STATE, "FE_DMA_DEBUG_STATE" },
	{ VIVS_FE_DMA_ADDRESS, "FE_DMA_ADDRESS" },
	{ VIVS_FE_DMA_LOW, "FE_DMA_LOW" },
	{ VIVS_FE_DMA_HIGH, "FE_DMA_HIGH" },
};

static __printf(2, 3) void put(struct refsoc_gpu_dump *dump, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	dump->length += vscnprintf(dump->text + dump->length,
				   DUMP_SIZE - dump->length, fmt, args);
	va_end(args);
}

static void put_commands(struct refsoc_gpu_dump *dump, const char *what,
			 const u32 *words, u32 n_words)
{
	put(dump, "%s:\n", what);
	for (u32 i = 0; i < n_words; i += 2)
		put(dump, "  +%05x: %08x %08x\n", i * 4, words[i],
		    words[i + 1]);
}

/**
 * refsoc_gpu_dump() - write down what a core looks like
 * @core: the core; its lock is held
 * @job: the job it hangs in
 *
 * Nothing is written if the last dump is still on its way.
 */
void refsoc_gpu_dump(struct refsoc_gpu_core *core, struct refsoc_gpu_job *job)
{
	struct refsoc_gpu_dump *dump = &core->dump;
	char *text = xchg(&dump->spare, NULL);

	lockdep_assert_held(&core->lock);
	/* Without a spare one, the last is still the worker's. */
	if (!text)
		return;
	dump->text = text;
	dump->length = 0;
	put(dump, "GC%x revision %x, pipe %d\nregisters:\n", core->id.model,
	    core->id.revision, core->pipe);
	for (unsigned int i = 0; i < ARRAY_SIZE(dumped); i++)
		put(dump, "  %05x %s: %08x\n", dumped[i].addr, dumped[i].name,
		    gpu_read(core, dumped[i].addr));
	put(dump, "buffers:\n");
	for (u32 i = 0; i < job->n_bos; i++)
		put(dump, "  %08x: %zu bytes\n",
		    job->bos[i].backing->map.iova, job->bos[i].bo->base.size);
	put(dump, "ring at %08x, idles at +%05x, slots at %08x\n",
	    core->ring.iova, core->ring_wait * 4, core->slots[0].iova);
	put_commands(dump, "ring", core->ring.cpu, core->ring_tail);
	put_commands(dump, "stream", job->words, job->n_words);
	queue_work(system_unbound_wq, &dump->work);
}

static void publish(struct work_struct *work)
{
	struct refsoc_gpu_dump *dump =
		container_of(work, struct refsoc_gpu_dump, work);
	struct refsoc_gpu_core *core =
		container_of(dump, struct refsoc_gpu_core, dump);

	dev_coredumpv(core->dev, dump->text, dump->length, GFP_KERNEL);
	dump->text = NULL;
	xchg(&dump->spare, vmalloc(DUMP_SIZE));
}

/**
 * refsoc_gpu_dump_init() - be ready for a dump
 * @core: the core
 *
 * Return: 0 or -ENOMEM.
 */
int refsoc_gpu_dump_init(struct refsoc_gpu_core *core)
{
	INIT_WORK(&core->dump.work, publish);
	core->dump.spare = vmalloc(DUMP_SIZE);
	return core->dump.spare ? 0 : -ENOMEM;
}

/**
 * refsoc_gpu_dump_fini() - no more dumps, and nobody reads the last one
 * @core: the core
 */
void refsoc_gpu_dump_fini(struct refsoc_gpu_core *core)
{
	flush_work(&core->dump.work);
	dev_coredump_put(core->dev);
	vfree(core->dump.spare);
	core->dump.spare = NULL;
}
