/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REFSOC_GPU_DRV_H
#define REFSOC_GPU_DRV_H

#include <linux/bitmap.h>
#include <linux/dma-buf-storage.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <drm/drm_device.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_mm.h>
#include <drm/gpu_scheduler.h>
#include <uapi/drm/etnaviv_drm.h>

#include "refsoc_gpu_regs.h"

struct clk;
struct refsoc_gpu_core;
struct refsoc_gpu_device;
struct sync_file;

/* ---- refsoc_gpu_mmu.c: addresses as the GPU sees them ---- */

#define REFSOC_GPU_PAGE_SHIFT		12
#define REFSOC_GPU_PAGE_SIZE		BIT(REFSOC_GPU_PAGE_SHIFT)

/* The last page is never given away: its entry is always the scratch page. */
#define REFSOC_GPU_GUARD_ADDRESS	0xfffff000

/**
 * struct refsoc_gpu_mmu - the page table that all cores and clients share
 * @lock: protects @mm, @idle, every mapping's place in them, and @table
 * @mm: pages of the upper half of the GPU's address space
 * @idle: mappings no job uses, least recently used first
 * @table: the page table, one little-endian word a page
 * @table_dma: its bus address
 * @scratch: page that unused entries point at
 * @scratch_dma: its bus address
 * @seq: counts changes of the table; a core whose last flush is older flushes
 * @evictions: idle mappings that had to make room
 * @base: bus address at which the linear window starts
 */
struct refsoc_gpu_mmu {
	/* protects @mm, @idle, the mappings in them, and @table */
	struct mutex lock;
	struct drm_mm mm;
	struct list_head idle;
	__le32 *table;
	dma_addr_t table_dma;
	void *scratch;
	dma_addr_t scratch_dma;
	atomic_t seq;
	unsigned int evictions;
	dma_addr_t base;
};

/**
 * struct refsoc_gpu_mapping - where one buffer is in the GPU's address space
 * @node: pages taken from &refsoc_gpu_mmu.mm; not allocated if linear
 * @idle: in &refsoc_gpu_mmu.idle while @uses is 0 and @node is allocated
 * @uses: jobs that need it
 * @iova: GPU address of the buffer's first byte
 * @valid: @iova is one
 */
struct refsoc_gpu_mapping {
	struct drm_mm_node node;
	struct list_head idle;
	unsigned int uses;
	u32 iova;
	bool valid;
};

int refsoc_gpu_mmu_init(struct refsoc_gpu_device *rdev);
void refsoc_gpu_mmu_fini(struct refsoc_gpu_device *rdev);
int refsoc_gpu_mmu_get(struct refsoc_gpu_device *rdev,
		       struct refsoc_gpu_mapping *map, struct sg_table *sgt,
		       size_t size, bool force_mmu);
void refsoc_gpu_mmu_put(struct refsoc_gpu_device *rdev,
			struct refsoc_gpu_mapping *map);
void refsoc_gpu_mmu_remove(struct refsoc_gpu_device *rdev,
			   struct refsoc_gpu_mapping *map);
bool refsoc_gpu_mmu_changed(struct refsoc_gpu_mmu *mmu, int *seen);
bool refsoc_gpu_mmu_in_window(const struct refsoc_gpu_mmu *mmu,
			      dma_addr_t start, size_t size);

/* ---- refsoc_gpu_gem.c: buffers ---- */

/**
 * struct refsoc_gpu_user - memory of a process that is used as a buffer
 * @mm: whose memory; NULL for all other buffers
 * @start: where it starts there
 * @pages: pages pinned by the first job; reservation lock
 * @sgt: their mapping; likewise
 * @read_only: the GPU may not write to it
 */
struct refsoc_gpu_user {
	struct mm_struct *mm;
	unsigned long start;
	struct page **pages;
	struct sg_table *sgt;
	bool read_only;
};

/**
 * struct refsoc_gpu_bo - a buffer
 * @base: GEM object
 * @list: in &refsoc_gpu_device.bos
 * @storage: its memory if it is a buffer of our own
 * @backing: what jobs use of it, NULL while none does; reservation lock
 * @user: where its memory is if it is a process's
 * @flags: ETNA_BO_* it was created with
 * @cpu_op: not 0 during a CPU access, with its ETNA_PREP_*; reservation lock
 */
struct refsoc_gpu_bo {
	struct drm_gem_object base;
	struct list_head list;
	struct dma_buf_storage storage;
	struct refsoc_gpu_backing *backing;
	struct refsoc_gpu_user user;
	u32 flags;
	u32 cpu_op;
};

static inline struct refsoc_gpu_bo *to_refsoc_gpu_bo(struct drm_gem_object *obj)
{
	return container_of(obj, struct refsoc_gpu_bo, base);
}

extern const struct drm_gem_object_funcs refsoc_gpu_gem_funcs;
void refsoc_gpu_gem_init(struct drm_device *drm, struct refsoc_gpu_bo *bo,
			 size_t size);
void refsoc_gpu_gem_unmap(struct refsoc_gpu_bo *bo);
void refsoc_gpu_gem_unmap_all(struct refsoc_gpu_device *rdev);
int refsoc_gpu_ioctl_gem_new(struct drm_device *drm, void *data,
			     struct drm_file *file);
int refsoc_gpu_ioctl_gem_info(struct drm_device *drm, void *data,
			      struct drm_file *file);
int refsoc_gpu_ioctl_gem_cpu_prep(struct drm_device *drm, void *data,
				  struct drm_file *file);
int refsoc_gpu_ioctl_gem_cpu_fini(struct drm_device *drm, void *data,
				  struct drm_file *file);
int refsoc_gpu_ioctl_gem_wait(struct drm_device *drm, void *data,
			      struct drm_file *file);
long refsoc_gpu_timeout(const struct drm_etnaviv_timespec *when);

/* ---- refsoc_gpu_backing.c: the memory behind them ---- */

/**
 * struct refsoc_gpu_backing - memory that jobs work on
 * @ref: the buffer's, and one a job
 * @bo: the buffer, which every job that has this has as well
 * @sgt: the memory, mapped for the cores
 * @map: its place in the GPU's address space
 */
struct refsoc_gpu_backing {
	struct kref ref;
	struct refsoc_gpu_bo *bo;
	struct sg_table *sgt;
	struct refsoc_gpu_mapping map;
};

int refsoc_gpu_map_table(struct refsoc_gpu_bo *bo, struct sg_table *sgt,
			 enum dma_data_direction dir);
void refsoc_gpu_unmap_table(struct refsoc_gpu_bo *bo, struct sg_table *sgt,
			    enum dma_data_direction dir);
struct refsoc_gpu_backing *
refsoc_gpu_backing_get(struct refsoc_gpu_device *rdev,
		       struct refsoc_gpu_bo *bo);
void refsoc_gpu_backing_put(struct refsoc_gpu_device *rdev,
			    struct refsoc_gpu_backing *backing);
void refsoc_gpu_backing_drop(struct refsoc_gpu_bo *bo);
void refsoc_gpu_backing_sync(struct refsoc_gpu_bo *bo,
			     enum dma_data_direction dir, bool for_cpu);

/* ---- refsoc_gpu_prime.c: buffers from and for others ---- */

extern const struct dma_buf_storage_ops refsoc_gpu_storage_ops;

struct dma_buf *refsoc_gpu_prime_export(struct drm_gem_object *obj, int flags);
struct drm_gem_object *refsoc_gpu_prime_import(struct drm_device *drm,
					       struct dma_buf *dmabuf);

/* ---- refsoc_gpu_userptr.c: memory of a process as a buffer ---- */

int refsoc_gpu_userptr_map(struct refsoc_gpu_bo *bo);
void refsoc_gpu_userptr_unmap(struct refsoc_gpu_bo *bo);
int refsoc_gpu_ioctl_gem_userptr(struct drm_device *drm, void *data,
				 struct drm_file *file);

/* ---- refsoc_gpu_cmdbuf.c: memory the front end can fetch from ---- */

#define REFSOC_GPU_MAX_STREAM		SZ_128K
#define REFSOC_GPU_RING_SIZE		SZ_4K

/* Jobs that a core may have on its way, each with a slot for its stream */
#define REFSOC_GPU_SLOTS		4

/**
 * struct refsoc_gpu_cmdbuf - memory for commands, in the linear window
 * @cpu: where the kernel writes it
 * @iova: where the front end reads it
 */
struct refsoc_gpu_cmdbuf {
	u32 *cpu;
	u32 iova;
};

int refsoc_gpu_cmdbuf_init(struct refsoc_gpu_core *core);
void refsoc_gpu_cmdbuf_fini(struct refsoc_gpu_core *core);

/* ---- refsoc_gpu_core.c: one core ---- */

#define REFSOC_GPU_MAX_CORES		4

/**
 * struct refsoc_gpu_id - what the core says of itself
 * @model: 0x320, 0x2000
 * @revision: 0x5007, 0x5108
 * @features: chipFeatures, then chipMinorFeatures0 to 5
 * @specs: the four words of chipSpecs
 * @product: product id
 * @customer: customer id
 * @eco: id of the engineering change
 */
struct refsoc_gpu_id {
	u32 model, revision;
	u32 features[7];
	u32 specs[4];
	u32 product, customer, eco;
};

/**
 * struct refsoc_gpu_dump - memory for what a hung core looked like
 * @work: hands @text to devcoredump, and fetches a new @spare
 * @spare: memory for the next dump
 * @text: dump on its way, @work's
 * @length: of @text
 */
struct refsoc_gpu_dump {
	struct work_struct work;
	char *spare;
	char *text;
	size_t length;
};

/**
 * struct refsoc_gpu_core - a core
 * @dev: its platform device
 * @rdev: the DRM device it is part of; NULL while not bound
 * @index: its number in the user interface, that of the device tree's order
 * @regs: registers
 * @irq: interrupt
 * @clks: bus, core and shader clock, as far as the device tree has them
 * @n_clks: how many
 * @id: what the core says of itself
 * @commands: @ring and @slots in one piece
 * @commands_dma: its bus address
 * @ring: ring buffer in which the front end idles
 * @slots: streams of the jobs on their way
 * @ring_tail: word at which the next commands go
 * @ring_wait: word of the WAIT in which the front end idles
 * @lock: protects @ring*, @slots, @running, @pipe, @flushed and the registers
 *	that start and stop the front end; taken from run_job
 * @running: the front end has been started since the last reset
 * @pipe: ETNA_PIPE_* that is selected, negative after a reset
 * @flushed: &refsoc_gpu_mmu.seq at the last flush
 * @wait_cycles: delay of the idle WAIT
 * @hang_next: have the next job hang, for tests
 * @resets: how often it hung
 * @dump: memory for core dumps; @lock
 * @fence_lock: protects @events, @fence_seq, @done_* and serves the fences
 * @events: fence of the job in each slot; a hardware event of the slot's
 *	number signals it
 * @idle: woken when the last of @events is gone
 * @fence_context: of the hardware fences
 * @fence_seq: number of the last one
 * @sched: scheduler
 * @paused: no more jobs may start, for system suspend
 * @push_lock: keeps fences and queue in one order
 * @user_fences: fences by the number user space knows
 * @user_next: where the search for a free number goes on
 * @hang_address: where the front end was at the last time-out
 * @hang_seq: number of the last completed fence then
 * @done_seq: number of the last completed fence
 * @done_time: when that was
 */
struct refsoc_gpu_core {
	struct device *dev;
	struct refsoc_gpu_device *rdev;
	unsigned int index;
	void __iomem *regs;
	int irq;
	struct clk_bulk_data *clks;
	int n_clks;
	struct refsoc_gpu_id id;

	void *commands;
	dma_addr_t commands_dma;
	struct refsoc_gpu_cmdbuf ring, slots[REFSOC_GPU_SLOTS];
	u32 ring_tail, ring_wait;
	/* protects the ring, the slots, @running, @pipe, @flushed; see above */
	struct mutex lock;
	bool running;
	int pipe;
	int flushed;
	u32 wait_cycles;
	bool hang_next;
	unsigned int resets;
	struct refsoc_gpu_dump dump;

	/* protects @events and @fence_seq */
	spinlock_t fence_lock;
	struct dma_fence *events[REFSOC_GPU_SLOTS];
	wait_queue_head_t idle;
	u64 fence_context;
	u32 fence_seq;

	struct drm_gpu_scheduler sched;
	bool paused;
	/* arming, publishing and pushing a job is one step */
	struct mutex push_lock;
	struct xarray user_fences;
	u32 user_next;
	u32 hang_address, hang_seq, done_seq;
	ktime_t done_time;
};

static inline u32 gpu_read(struct refsoc_gpu_core *core, u32 reg)
{
	return readl(core->regs + reg);
}

static inline void gpu_write(struct refsoc_gpu_core *core, u32 reg, u32 value)
{
	writel(value, core->regs + reg);
}

static inline bool refsoc_gpu_core_has_2d(struct refsoc_gpu_core *core)
{
	return core->id.features[0] & VIVS_HI_CHIP_FEATURE_PIPE_2D;
}

extern struct platform_driver refsoc_gpu_core_driver;

void refsoc_gpu_core_init(struct refsoc_gpu_core *core);
int refsoc_gpu_core_reset(struct refsoc_gpu_core *core);
int refsoc_gpu_core_wait_idle(struct refsoc_gpu_core *core,
			      unsigned int timeout_us);

/* ---- refsoc_gpu_ring.c: the ring in which a core idles ---- */

struct refsoc_gpu_job;

void refsoc_gpu_ring_queue(struct refsoc_gpu_core *core,
			   struct refsoc_gpu_job *job, unsigned int slot);
void refsoc_gpu_ring_stop(struct refsoc_gpu_core *core);

/* ---- refsoc_gpu_usage.c: who keeps the cores busy ---- */

/**
 * struct refsoc_gpu_usage - what a file has had of each core, and is to have
 * @refs: the file's, and one for each of its jobs and fences
 * @busy_ns: time
 * @jobs: jobs, those that hung included
 * @pending: jobs that have not been freed yet
 * @freed: woken when @pending falls
 */
struct refsoc_gpu_usage {
	struct kref refs;
	atomic64_t busy_ns[REFSOC_GPU_MAX_CORES];
	atomic64_t jobs[REFSOC_GPU_MAX_CORES];
	atomic_t pending;
	wait_queue_head_t freed;
};

struct refsoc_gpu_usage *refsoc_gpu_usage_new(void);
struct refsoc_gpu_usage *refsoc_gpu_usage_get(struct refsoc_gpu_usage *usage);
void refsoc_gpu_usage_put(struct refsoc_gpu_usage *usage);
int refsoc_gpu_usage_begin(struct refsoc_gpu_usage *usage);
void refsoc_gpu_usage_end(struct refsoc_gpu_usage *usage);
void refsoc_gpu_usage_add(struct refsoc_gpu_usage *usage,
			  struct refsoc_gpu_core *core, ktime_t busy);
void refsoc_gpu_show_fdinfo(struct drm_printer *p, struct drm_file *file);

/* ---- refsoc_gpu_fence.c: events, interrupts, fences ---- */

struct dma_fence *refsoc_gpu_fence_alloc(gfp_t gfp);
void refsoc_gpu_fence_free(struct dma_fence *fence);
int refsoc_gpu_fence_start(struct refsoc_gpu_core *core,
			   struct dma_fence *fence,
			   struct refsoc_gpu_usage *usage);
bool refsoc_gpu_fence_none(struct refsoc_gpu_core *core);
void refsoc_gpu_fence_fail_all(struct refsoc_gpu_core *core, int error);
irqreturn_t refsoc_gpu_irq(int irq, void *data);

/* ---- refsoc_gpu_job.c: scheduler ---- */

/**
 * struct refsoc_gpu_job_bo - a buffer that a job uses
 * @bo: the buffer, with a reference
 * @backing: its memory, likewise
 */
struct refsoc_gpu_job_bo {
	struct refsoc_gpu_bo *bo;
	struct refsoc_gpu_backing *backing;
};

/**
 * struct refsoc_gpu_job - a stream on its way through a core
 * @base: scheduler's part
 * @core: where it runs
 * @free_work: lets go of all this where locks may be taken
 * @usage: its owner's counts, @pending among them
 * @words: the checked, relocated stream
 * @n_words: its length, even
 * @pipe: ETNA_PIPE_* it wants
 * @bos: buffers it uses
 * @n_bos: how many
 * @hw_fence: made ahead, so that run_job allocates nothing
 * @fence_id: number in &refsoc_gpu_core.user_fences, 0 for none
 * @powered: holds a runtime-PM reference
 */
struct refsoc_gpu_job {
	struct drm_sched_job base;
	struct refsoc_gpu_core *core;
	struct work_struct free_work;
	struct refsoc_gpu_usage *usage;
	u32 *words;
	u32 n_words;
	u32 pipe;
	struct refsoc_gpu_job_bo *bos;
	u32 n_bos;
	struct dma_fence *hw_fence;
	u32 fence_id;
	bool powered;
};

int refsoc_gpu_sched_init(struct refsoc_gpu_core *core);
void refsoc_gpu_sched_fini(struct refsoc_gpu_core *core);
int refsoc_gpu_sched_pause(struct refsoc_gpu_core *core);
void refsoc_gpu_sched_resume(struct refsoc_gpu_core *core);
struct refsoc_gpu_job *refsoc_gpu_job_new(struct refsoc_gpu_core *core,
					  struct refsoc_gpu_usage *usage);
void refsoc_gpu_job_free(struct refsoc_gpu_job *job);

/* ---- refsoc_gpu_dump.c: what a hung core looked like ---- */

int refsoc_gpu_dump_init(struct refsoc_gpu_core *core);
void refsoc_gpu_dump_fini(struct refsoc_gpu_core *core);
void refsoc_gpu_dump(struct refsoc_gpu_core *core, struct refsoc_gpu_job *job);

/* ---- refsoc_gpu_debugfs.c ---- */

void refsoc_gpu_debugfs_init(struct drm_minor *minor);

/* ---- refsoc_gpu_submit.c ---- */

int refsoc_gpu_ioctl_submit(struct drm_device *drm, void *data,
			    struct drm_file *file);
int refsoc_gpu_ioctl_wait_fence(struct drm_device *drm, void *data,
				struct drm_file *file);

/* ---- refsoc_gpu_drv.c: the DRM device ---- */

/**
 * struct refsoc_gpu_device - the DRM device
 * @drm: base
 * @cores: by number; NULL where the core is not one we drive
 * @mmu: shared page table
 * @free_wq: where jobs that have ended are freed
 * @jobs: jobs there are, of all files
 * @no_jobs: woken when there are none
 * @files_lock: protects @files, and their queues from being given up twice
 * @files: open files
 * @bos_lock: protects @bos; taken before a reservation lock
 * @bos: all buffers that may be mapped for the cores
 */
struct refsoc_gpu_device {
	struct drm_device drm;
	struct refsoc_gpu_core *cores[REFSOC_GPU_MAX_CORES];
	struct refsoc_gpu_mmu mmu;
	struct workqueue_struct *free_wq;
	atomic_t jobs;
	wait_queue_head_t no_jobs;
	/* protects @files and &refsoc_gpu_file.dead */
	struct mutex files_lock;
	struct list_head files;
	/* protects @bos */
	struct mutex bos_lock;
	struct list_head bos;
};

/**
 * struct refsoc_gpu_file - an open file
 * @list: in &refsoc_gpu_device.files
 * @dead: its queues have been given up
 * @entities: queue of each core
 * @guilty: set once a job of that queue has hung: it gets no more
 * @last: signals when the last job of that queue has left it;
 *	&refsoc_gpu_core.push_lock
 * @usage: what it has had of the cores
 */
struct refsoc_gpu_file {
	struct list_head list;
	bool dead;
	struct drm_sched_entity entities[REFSOC_GPU_MAX_CORES];
	atomic_t guilty[REFSOC_GPU_MAX_CORES];
	struct dma_fence *last[REFSOC_GPU_MAX_CORES];
	struct refsoc_gpu_usage *usage;
};

static inline struct refsoc_gpu_device *
to_refsoc_gpu_device(struct drm_device *drm)
{
	return container_of(drm, struct refsoc_gpu_device, drm);
}

struct refsoc_gpu_core *refsoc_gpu_core_by_pipe(struct refsoc_gpu_device *rdev,
						u32 pipe);
extern bool refsoc_gpu_unsafe_3d;

#endif
