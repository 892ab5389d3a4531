// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: debugfs
 *
 * ``cores`` tells what each core is and does, ``ring`` what its ring holds and
 * ``mmu`` which GPU addresses are taken. None of them wakes a core up. The
 * number of a core written to ``hang`` makes the next job there hang, to see
 * what becomes of the others.
 */

#include <linux/debugfs.h>
#include <linux/pm_runtime.h>
#include <linux/seq_file.h>

#include <drm/drm_debugfs.h>
#include <drm/drm_print.h>

#include "refsoc_gpu_drv.h"

static void show_registers(struct seq_file *m, struct refsoc_gpu_core *core)
{
	if (pm_runtime_get_if_active(core->dev) <= 0) {
		seq_puts(m, "  suspended\n");
		return;
	}
	seq_printf(m, "  clock control %08x\n",
		   gpu_read(core, VIVS_HI_CLOCK_CONTROL));
	seq_printf(m, "  idle %08x\n", gpu_read(core, VIVS_HI_IDLE_STATE));
	seq_printf(m, "  front end at %08x, state %08x\n",
		   gpu_read(core, VIVS_FE_DMA_ADDRESS),
		   gpu_read(core, VIVS_FE_DMA_DEBUG_STATE));
	pm_runtime_put_autosuspend(core->dev);
}

static void show_core(struct seq_file *m, struct refsoc_gpu_core *core)
{
	const struct refsoc_gpu_id *id = &core->id;

	seq_printf(m, "%u: %s, GC%x revision %x\n", core->index,
		   dev_name(core->dev), id->model, id->revision);
	seq_printf(m, "  features %08x", id->features[0]);
	for (unsigned int i = 1; i < ARRAY_SIZE(id->features); i++)
		seq_printf(m, " %08x", id->features[i]);
	seq_printf(m, "\n  specs %08x %08x %08x %08x\n", id->specs[0],
		   id->specs[1], id->specs[2], id->specs[3]);
	seq_printf(m, "  jobs begun %u, last done %u\n",
		   READ_ONCE(core->fence_seq), READ_ONCE(core->done_seq));
	seq_printf(m, "  resets %u\n", READ_ONCE(core->resets));
	show_registers(m, core);
}

static void show_ring(struct seq_file *m, struct refsoc_gpu_core *core)
{
	mutex_lock(&core->lock);
	seq_printf(m, "%u: at %08x, %sidles at +%03x\n", core->index,
		   core->ring.iova, core->running ? "" : "not running, ",
		   core->ring_wait * 4);
	for (u32 i = 0; i < core->ring_tail; i += 2)
		seq_printf(m, "  +%03x: %08x %08x\n", i * 4, core->ring.cpu[i],
			   core->ring.cpu[i + 1]);
	mutex_unlock(&core->lock);
}

static int show_each_core(struct seq_file *m, void *unused)
{
	struct drm_debugfs_entry *entry = m->private;
	struct refsoc_gpu_device *rdev = to_refsoc_gpu_device(entry->dev);
	void (*show)(struct seq_file *m, struct refsoc_gpu_core *core) =
		entry->file.data;

	for (unsigned int i = 0; i < REFSOC_GPU_MAX_CORES; i++)
		if (rdev->cores[i])
			show(m, rdev->cores[i]);
	return 0;
}

static int show_mmu(struct seq_file *m, void *unused)
{
	struct drm_debugfs_entry *entry = m->private;
	struct refsoc_gpu_device *rdev = to_refsoc_gpu_device(entry->dev);
	struct drm_printer p = drm_seq_file_printer(m);
	struct refsoc_gpu_mmu *mmu = &rdev->mmu;

	seq_printf(m, "table at %pad, scratch page at %pad, window from %pad\n",
		   &mmu->table_dma, &mmu->scratch_dma, &mmu->base);
	mutex_lock(&mmu->lock);
	seq_printf(m, "changes %d, evictions %u, pages:\n",
		   atomic_read(&mmu->seq), mmu->evictions);
	drm_mm_print(&mmu->mm, &p);
	mutex_unlock(&mmu->lock);
	return 0;
}

static int hang_set(void *data, u64 index)
{
	struct refsoc_gpu_core *core = refsoc_gpu_core_by_pipe(data, index);

	if (IS_ERR(core))
		return PTR_ERR(core);
	WRITE_ONCE(core->hang_next, true);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE(hang_fops, NULL, hang_set, "%llu\n");

static const struct drm_debugfs_info files[] = {
	{ "cores", show_each_core, 0, show_core },
	{ "ring", show_each_core, 0, show_ring },
	{ "mmu", show_mmu },
};

/**
 * refsoc_gpu_debugfs_init() - make the files
 * @minor: whose folder they go to
 */
void refsoc_gpu_debugfs_init(struct drm_minor *minor)
{
	drm_debugfs_add_files(minor->dev, files, ARRAY_SIZE(files));
	debugfs_create_file_unsafe("hang", 0200, minor->debugfs_root,
				   to_refsoc_gpu_device(minor->dev), &hang_fops);
}
