// SPDX-License-Identifier: GPL-2.0-only
/**
 * DOC: Cores
 *
 * Each core is a platform device of its own; together they make one DRM
 * device, because they share the page table. A core is reset and set up at
 * probe, to learn what it is, and again at each runtime resume. Its front end
 * is started by the first job after that.
 */

#include <linux/bitfield.h>
#include <linux/clk.h>
#include <linux/component.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/iopoll.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>

#include <drm/drm_print.h>

#include "refsoc_gpu_drv.h"

#define AUTOSUSPEND_MS		200
#define RESET_TIMEOUT_MS	1000
#define STOP_TIMEOUT_US		100000

/* Full rate: the scaler counts in 64ths. */
#define FSCALE_FULL		64

/* Values of the vendor's driver for these two registers, meaning unknown. */
#define PULSE_EATER_RESET	0x015b0880
#define PULSE_EATER_RUN		0x01590880

/* A GC320 of this date needs no memory workaround. */
#define GC320_CHIP_TIME_FIXED	0x02062400

static void set_fscale(struct refsoc_gpu_core *core)
{
	u32 clock = FIELD_PREP(VIVS_HI_CLOCK_CONTROL_FSCALE_VAL, FSCALE_FULL);

	gpu_write(core, VIVS_HI_CLOCK_CONTROL,
		  clock | VIVS_HI_CLOCK_CONTROL_FSCALE_CMD_LOAD);
	gpu_write(core, VIVS_HI_CLOCK_CONTROL, clock);
}

static bool try_reset(struct refsoc_gpu_core *core)
{
	const u32 clock = FIELD_PREP(VIVS_HI_CLOCK_CONTROL_FSCALE_VAL,
				     FSCALE_FULL);
	u32 idle;

	/* Gated clocks would keep parts of the core from seeing the reset. */
	gpu_write(core, VIVS_PM_POWER_CONTROLS, 0);
	gpu_read(core, VIVS_PM_POWER_CONTROLS);
	gpu_write(core, VIVS_PM_PULSE_EATER, PULSE_EATER_RESET);
	gpu_write(core, VIVS_PM_PULSE_EATER, PULSE_EATER_RESET | BIT(0));
	gpu_read(core, VIVS_PM_PULSE_EATER);

	set_fscale(core);
	gpu_write(core, VIVS_HI_CLOCK_CONTROL,
		  clock | VIVS_HI_CLOCK_CONTROL_ISOLATE_GPU);
	gpu_write(core, VIVS_HI_CLOCK_CONTROL,
		  clock | VIVS_HI_CLOCK_CONTROL_ISOLATE_GPU |
		  VIVS_HI_CLOCK_CONTROL_SOFT_RESET);
	usleep_range(10, 20);
	gpu_write(core, VIVS_HI_CLOCK_CONTROL,
		  clock | VIVS_HI_CLOCK_CONTROL_ISOLATE_GPU);
	gpu_write(core, VIVS_HI_CLOCK_CONTROL, clock);

	idle = VIVS_HI_CLOCK_CONTROL_IDLE_3D | VIVS_HI_CLOCK_CONTROL_IDLE_2D;
	return (gpu_read(core, VIVS_HI_IDLE_STATE) & VIVS_HI_IDLE_STATE_FE) &&
	       (gpu_read(core, VIVS_HI_CLOCK_CONTROL) & idle) == idle;
}

/**
 * refsoc_gpu_core_reset() - reset a core
 * @core: the core, powered and clocked
 *
 * Afterwards the front end stands still, no pipe is selected and every state
 * has its reset value. May sleep.
 *
 * Return: 0, or -ETIMEDOUT if the core does not become idle within a second.
 */
int refsoc_gpu_core_reset(struct refsoc_gpu_core *core)
{
	ktime_t end = ktime_add_ms(ktime_get(), RESET_TIMEOUT_MS);

	while (!try_reset(core)) {
		if (ktime_after(ktime_get(), end)) {
			dev_err(core->dev, "not idle after reset: idle %08x, clock %08x\n",
				gpu_read(core, VIVS_HI_IDLE_STATE),
				gpu_read(core, VIVS_HI_CLOCK_CONTROL));
			return -ETIMEDOUT;
		}
	}
	gpu_write(core, VIVS_HI_CLOCK_CONTROL,
		  FIELD_PREP(VIVS_HI_CLOCK_CONTROL_FSCALE_VAL, FSCALE_FULL) |
		  VIVS_HI_CLOCK_CONTROL_DIS_DEBUG_REGS);
	set_fscale(core);
	core->running = false;
	core->pipe = -1;
	return 0;
}

static void identify(struct refsoc_gpu_core *core)
{
	static const u32 features[] = {
		VIVS_HI_CHIP_FEATURE, VIVS_HI_CHIP_MINOR_FEATURE_0,
		VIVS_HI_CHIP_MINOR_FEATURE_1, VIVS_HI_CHIP_MINOR_FEATURE_2,
		VIVS_HI_CHIP_MINOR_FEATURE_3, VIVS_HI_CHIP_MINOR_FEATURE_4,
		VIVS_HI_CHIP_MINOR_FEATURE_5,
	};
	static const u32 specs[] = {
		VIVS_HI_CHIP_SPECS, VIVS_HI_CHIP_SPECS_2,
		VIVS_HI_CHIP_SPECS_3, VIVS_HI_CHIP_SPECS_4,
	};
	struct refsoc_gpu_id *id = &core->id;

	id->model = gpu_read(core, VIVS_HI_CHIP_MODEL);
	id->revision = gpu_read(core, VIVS_HI_CHIP_REV) & 0xffff;
	id->product = gpu_read(core, VIVS_HI_CHIP_PRODUCT_ID);
	id->customer = gpu_read(core, VIVS_HI_CHIP_CUSTOMER_ID);
	id->eco = gpu_read(core, VIVS_HI_CHIP_ECO_ID);
	for (unsigned int i = 0; i < ARRAY_SIZE(features); i++) {
		/* Words after the second exist only where it says so. */
		if (i > 1 &&
		    !(id->features[1] & VIVS_HI_CHIP_MINOR_FEATURE_0_MORE))
			break;
		id->features[i] = gpu_read(core, features[i]);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(specs); i++)
		id->specs[i] = gpu_read(core, specs[i]);
}

static bool core_is_driven(struct refsoc_gpu_core *core)
{
	u32 pipes = VIVS_HI_CHIP_FEATURE_PIPE_2D | VIVS_HI_CHIP_FEATURE_PIPE_3D;

	if (!(core->id.features[0] & pipes)) {
		dev_info(core->dev, "GC%x, revision %x: neither a 2D nor a 3D pipe, left alone\n",
			 core->id.model, core->id.revision);
		return false;
	}
	if (core->id.features[2] & VIVS_HI_CHIP_MINOR_FEATURE_1_MMUV2) {
		dev_info(core->dev, "GC%x, revision %x: has another MMU, left alone\n",
			 core->id.model, core->id.revision);
		return false;
	}
	return true;
}

static void set_up_mmu(struct refsoc_gpu_core *core)
{
	static const u32 tables[] = {
		VIVS_MC_MMU_FE_PAGE_TABLE, VIVS_MC_MMU_TX_PAGE_TABLE,
		VIVS_MC_MMU_PE_PAGE_TABLE, VIVS_MC_MMU_PEZ_PAGE_TABLE,
		VIVS_MC_MMU_RA_PAGE_TABLE,
	};
	static const u32 bases[] = {
		VIVS_MC_MEMORY_BASE_ADDR_RA, VIVS_MC_MEMORY_BASE_ADDR_FE,
		VIVS_MC_MEMORY_BASE_ADDR_TX, VIVS_MC_MEMORY_BASE_ADDR_PEZ,
		VIVS_MC_MEMORY_BASE_ADDR_PE,
	};
	struct refsoc_gpu_mmu *mmu = &core->rdev->mmu;

	for (unsigned int i = 0; i < ARRAY_SIZE(bases); i++)
		gpu_write(core, bases[i], lower_32_bits(mmu->base));
	for (unsigned int i = 0; i < ARRAY_SIZE(tables); i++)
		gpu_write(core, tables[i], lower_32_bits(mmu->table_dma));
}

/**
 * refsoc_gpu_core_init() - set a core up after a reset
 * @core: the core, part of a DRM device
 *
 * Clock gating, bus attributes, interrupts and the MMU. What only one of the
 * cores needs follows etnaviv, which has it from the vendor's driver.
 */
void refsoc_gpu_core_init(struct refsoc_gpu_core *core)
{
	u32 modules = VIVS_PM_MODULE_CONTROLS_RA, bus, debug;

	if (core->id.model == 0x320 &&
	    gpu_read(core, VIVS_HI_CHIP_TIME) != GC320_CHIP_TIME_FIXED) {
		debug = gpu_read(core, VIVS_MC_DEBUG_MEMORY) & ~0xff;
		gpu_write(core, VIVS_MC_DEBUG_MEMORY, debug |
			  VIVS_MC_DEBUG_MEMORY_FAST_CLEAR_BYPASS);
	}
	gpu_write(core, VIVS_PM_POWER_CONTROLS,
		  gpu_read(core, VIVS_PM_POWER_CONTROLS) |
		  VIVS_PM_POWER_CONTROLS_CLOCK_GATING);
	if (core->id.model == 0x2000) {
		modules |= VIVS_PM_MODULE_CONTROLS_PA |
			   VIVS_PM_MODULE_CONTROLS_TX;
		bus = gpu_read(core, VIVS_MC_BUS_CONFIG) &
		      ~(VIVS_MC_BUS_CONFIG_FE | VIVS_MC_BUS_CONFIG_TX);
		gpu_write(core, VIVS_MC_BUS_CONFIG,
			  bus | FIELD_PREP(VIVS_MC_BUS_CONFIG_FE, 1));
	}
	gpu_write(core, VIVS_PM_MODULE_CONTROLS, modules);
	gpu_write(core, VIVS_HI_AXI_CONFIG, VIVS_HI_AXI_CONFIG_CACHED);
	gpu_write(core, VIVS_PM_PULSE_EATER, PULSE_EATER_RUN);
	set_up_mmu(core);
	gpu_write(core, VIVS_HI_INTR_ENBL, ~0u);
}

/**
 * refsoc_gpu_core_wait_idle() - wait until all parts of a core stand still
 * @core: the core, powered
 * @timeout_us: how long at most, in microseconds
 *
 * Return: 0 or -ETIMEDOUT.
 */
int refsoc_gpu_core_wait_idle(struct refsoc_gpu_core *core,
			      unsigned int timeout_us)
{
	const u32 mask = ~VIVS_HI_IDLE_STATE_AXI_LP;
	u32 idle;

	return read_poll_timeout(gpu_read, idle, (idle & mask) == mask, 5,
				 timeout_us, false, core, VIVS_HI_IDLE_STATE);
}

/* Delay of the idle WAIT: long enough to leave the bus alone. */
static u32 wait_cycles(struct refsoc_gpu_core *core)
{
	unsigned long rate = 0;

	for (int i = 0; i < core->n_clks; i++)
		if (!strcmp(core->clks[i].id, "core"))
			rate = clk_get_rate(core->clks[i].clk);
	return clamp(rate >> 15, 200ul, 65535ul);
}

/* The front end idles in memory that may go, with a clock that may stop. */
static void halt(struct refsoc_gpu_core *core)
{
	mutex_lock(&core->lock);
	if (core->running) {
		refsoc_gpu_ring_stop(core);
		if (refsoc_gpu_core_wait_idle(core, STOP_TIMEOUT_US))
			dev_warn(core->dev, "does not stop: %08x\n",
				 gpu_read(core, VIVS_HI_IDLE_STATE));
		core->running = false;
	}
	mutex_unlock(&core->lock);
}

/* The core is powered, and has been reset. */
static int join(struct refsoc_gpu_core *core, struct refsoc_gpu_device *rdev)
{
	int ret;

	core->wait_cycles = wait_cycles(core);
	core->rdev = rdev;
	ret = refsoc_gpu_cmdbuf_init(core);
	if (ret)
		goto err_unset;
	ret = refsoc_gpu_sched_init(core);
	if (ret)
		goto err_cmdbuf;
	/* If it need not suspend, there is no resume that would do this. */
	refsoc_gpu_core_init(core);
	rdev->cores[core->index] = core;
	dev_info(core->dev, "GC%x, revision %x\n", core->id.model,
		 core->id.revision);
	return 0;

err_cmdbuf:
	refsoc_gpu_cmdbuf_fini(core);
err_unset:
	core->rdev = NULL;
	return ret;
}

static int core_bind(struct device *dev, struct device *master, void *data)
{
	struct refsoc_gpu_core *core = dev_get_drvdata(dev);
	int ret;

	if (core->index >= REFSOC_GPU_MAX_CORES)
		return -E2BIG;
	ret = pm_runtime_resume_and_get(dev);
	if (ret < 0)
		return ret;
	/* One that does not work is a hole in the numbers: the others do. */
	if (!refsoc_gpu_core_reset(core)) {
		identify(core);
		if (core_is_driven(core))
			ret = join(core, data);
	}
	pm_runtime_put_sync_suspend(dev);
	return ret;
}

static void core_unbind(struct device *dev, struct device *master, void *data)
{
	struct refsoc_gpu_core *core = dev_get_drvdata(dev);
	struct refsoc_gpu_device *rdev = data;

	if (!core->rdev)
		return;
	refsoc_gpu_sched_fini(core);
	/* It need not suspend: user space can keep it from that. */
	if (!pm_runtime_resume_and_get(dev)) {
		halt(core);
		pm_runtime_put_sync_suspend(dev);
	}
	refsoc_gpu_cmdbuf_fini(core);
	rdev->cores[core->index] = NULL;
	core->rdev = NULL;
}

static const struct component_ops core_component_ops = {
	.bind = core_bind,
	.unbind = core_unbind,
};

/* User space counts cores in the order of the device tree, as with etnaviv. */
static unsigned int core_index(struct device_node *self)
{
	struct device_node *np;
	unsigned int index = 0;

	for_each_compatible_node(np, NULL, "vivante,gc") {
		if (np == self) {
			of_node_put(np);
			break;
		}
		if (of_device_is_available(np))
			index++;
	}
	return index;
}

static int core_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct refsoc_gpu_core *core;
	int ret;

	core = devm_kzalloc(dev, sizeof(*core), GFP_KERNEL);
	if (!core)
		return -ENOMEM;
	core->dev = dev;
	core->index = core_index(dev->of_node);
	core->pipe = -1;
	spin_lock_init(&core->fence_lock);
	init_waitqueue_head(&core->idle);
	xa_init_flags(&core->user_fences, XA_FLAGS_ALLOC1);
	ret = devm_mutex_init(dev, &core->lock);
	if (!ret)
		ret = devm_mutex_init(dev, &core->push_lock);
	if (ret)
		return ret;

	core->regs = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(core->regs))
		return PTR_ERR(core->regs);
	ret = devm_clk_bulk_get_all(dev, &core->clks);
	if (ret < 0)
		return dev_err_probe(dev, ret, "no clocks\n");
	core->n_clks = ret;
	core->irq = platform_get_irq(pdev, 0);
	if (core->irq < 0)
		return core->irq;
	ret = devm_request_irq(dev, core->irq, refsoc_gpu_irq, IRQF_NO_AUTOEN,
			       dev_name(dev), core);
	if (ret)
		return dev_err_probe(dev, ret, "no interrupt\n");

	platform_set_drvdata(pdev, core);
	pm_runtime_set_autosuspend_delay(dev, AUTOSUSPEND_MS);
	pm_runtime_use_autosuspend(dev);
	pm_runtime_enable(dev);
	ret = component_add(dev, &core_component_ops);
	if (ret) {
		pm_runtime_dont_use_autosuspend(dev);
		pm_runtime_disable(dev);
	}
	return ret;
}

static void core_remove(struct platform_device *pdev)
{
	component_del(&pdev->dev, &core_component_ops);
	pm_runtime_dont_use_autosuspend(&pdev->dev);
	pm_runtime_force_suspend(&pdev->dev);
}

static int core_runtime_suspend(struct device *dev)
{
	struct refsoc_gpu_core *core = dev_get_drvdata(dev);

	/* Jobs hold references: nothing is on its way. */
	if (core->rdev)
		halt(core);
	disable_irq(core->irq);
	clk_bulk_disable_unprepare(core->n_clks, core->clks);
	return 0;
}

static int core_runtime_resume(struct device *dev)
{
	struct refsoc_gpu_core *core = dev_get_drvdata(dev);
	int ret;

	ret = clk_bulk_prepare_enable(core->n_clks, core->clks);
	if (ret)
		return ret;
	enable_irq(core->irq);
	if (!core->rdev)
		return 0;
	ret = refsoc_gpu_core_reset(core);
	if (ret) {
		disable_irq(core->irq);
		clk_bulk_disable_unprepare(core->n_clks, core->clks);
		return ret;
	}
	refsoc_gpu_core_init(core);
	return 0;
}

static int core_suspend(struct device *dev)
{
	struct refsoc_gpu_core *core = dev_get_drvdata(dev);
	int ret;

	if (!core->rdev)
		return pm_runtime_force_suspend(dev);
	ret = refsoc_gpu_sched_pause(core);
	if (ret)
		return ret;
	ret = pm_runtime_force_suspend(dev);
	if (ret)
		refsoc_gpu_sched_resume(core);
	return ret;
}

static int core_resume(struct device *dev)
{
	struct refsoc_gpu_core *core = dev_get_drvdata(dev);
	int ret = pm_runtime_force_resume(dev);

	if (!ret && core->rdev)
		refsoc_gpu_sched_resume(core);
	return ret;
}

static const struct dev_pm_ops core_pm_ops = {
	RUNTIME_PM_OPS(core_runtime_suspend, core_runtime_resume, NULL)
	SYSTEM_SLEEP_PM_OPS(core_suspend, core_resume)
};

static const struct of_device_id core_of_match[] = {
	{ .compatible = "vivante,gc" },
	{ }
};
MODULE_DEVICE_TABLE(of, core_of_match);

struct platform_driver refsoc_gpu_core_driver = {
	.driver = {
		.name = "refsoc-gpu-core",
		.of_match_table = core_of_match,
		.pm = pm_ptr(&core_pm_ops),
	},
	.probe = core_probe,
	.remove = core_remove,
};
