/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante graphics cores of the i.MX6Q: registers, identity, reset, clock
 * and interrupts.
 *
 * Sources: rnndb (state_hi.xml), Linux drivers/gpu/drm/etnaviv, the feature
 * words in etna_viv's gpus.json ("Freescale i.MX 6 Quad"), and a register
 * dump of the GC880, the i.MX6DL's sister of the GC2000, for reset values.
 */

#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "qapi/error.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/imx6/fault.h"
#include "hw/imx6/gpc.h"
#include "vivante.h"
#include "trace.h"

typedef struct VivRegister {
    uint16_t offset;
    uint32_t reset;
    uint32_t write;             /* bits that can be written */
} VivRegister;

/* Registers that only remember. The others are in the switches below. */
static const VivRegister viv_registers[] = {
    { A_HI_AXI_CONFIG,              0x00000000, 0x0000ffff },
    { A_HI_AXI_STATUS,              0x00000000, 0x00000000 },
    { A_HI_INTR_ENBL,               0x00000000, 0xffffffff },
    { A_HI_GP_OUT0,                 0x00000000, 0xffffffff },
    { A_HI_GP_OUT1,                 0x00000000, 0xffffffff },
    { A_HI_GP_OUT2,                 0x00000000, 0xffffffff },
    { A_HI_AXI_CONTROL,             0x00000000, 0x00000001 },
    { A_PM_POWER_CONTROLS,          0x00140020, 0xffff00f7 },
    { A_PM_MODULE_CONTROLS,         0x00000000, 0xffffffff },
    { A_MC_MMU_FE_PAGE_TABLE,       0x00000000, 0xfffff000 },
    { A_MC_MMU_TX_PAGE_TABLE,       0x00000000, 0xfffff000 },
    { A_MC_MMU_PE_PAGE_TABLE,       0x00000000, 0xfffff000 },
    { A_MC_MMU_PEZ_PAGE_TABLE,      0x00000000, 0xfffff000 },
    { A_MC_MMU_RA_PAGE_TABLE,       0x00000000, 0xfffff000 },
    { A_MC_DEBUG_MEMORY,            0x3e000000, 0xffffffff },
    { A_MC_MEMORY_BASE_ADDR_RA,     0x00000000, 0xffffffff },
    { A_MC_MEMORY_BASE_ADDR_FE,     0x00000000, 0xffffffff },
    { A_MC_MEMORY_BASE_ADDR_TX,     0x00000000, 0xffffffff },
    { A_MC_MEMORY_BASE_ADDR_PEZ,    0x00000000, 0xffffffff },
    { A_MC_MEMORY_BASE_ADDR_PE,     0x00000000, 0xffffffff },
    { A_MC_MEMORY_TIMING_CONTROL,   0x00000000, 0xffffffff },
    { A_MC_BUS_CONFIG,              0x00000088, 0x000000ff },
    { A_FE_COMMAND_ADDRESS,         0x00000000, 0xfffffff8 },
    { A_FE_AUTO_FLUSH,              0x00000000, 0xffffffff },
};

/*
 * Identity. CHIP_IDENTITY, CHIP_DATE and CHIP_TIME are the GC880's: those of
 * these cores are not public. Product, customer and ECO number read 0.
 * CHIP_SPECS is packed from the decoded numbers in gpus.json.
 */
static const VivId common_id[] = {
    { A_HI_CHIP_IDENTITY,           0x0c010000 },
    { A_HI_CHIP_DATE,               0x20110511 },
    { A_HI_CHIP_TIME,               0x01012500 },
    { A_HI_CHIP_CUSTOMER_ID,        0x00000000 },
    { A_HI_CHIP_SPECS_3,            0x00000000 },
    { A_HI_CHIP_MINOR_FEATURE_4,    0x00000000 },
    { A_HI_CHIP_SPECS_4,            0x00000000 },
    { A_HI_CHIP_MINOR_FEATURE_5,    0x00000000 },
    { A_HI_CHIP_PRODUCT_ID,         0x00000000 },
    { A_HI_CHIP_ECO_ID,             0x00000000 },
};

static const VivId gc2000_id[] = {
    { A_HI_CHIP_MODEL,              0x00002000 },
    { A_HI_CHIP_REV,                0x00005108 },
    { A_HI_CHIP_FEATURE,            0xe0296cad },
    { A_HI_CHIP_MINOR_FEATURE_0,    0xc9799eff },
    { A_HI_CACHE_CONTROL,           0xc9799eff },
    { A_HI_CHIP_MINOR_FEATURE_1,    0x2efbf2d9 },
    { A_HI_CHIP_MINOR_FEATURE_2,    0x00000000 },
    { A_HI_CHIP_MINOR_FEATURE_3,    0x00000000 },
    { A_HI_CHIP_SPECS,              0x94410a68 },
    { A_HI_CHIP_SPECS_2,            0x00a80000 },
};

static const VivId gc320_id[] = {
    { A_HI_CHIP_MODEL,              0x00000320 },
    { A_HI_CHIP_REV,                0x00005007 },
    { A_HI_CHIP_FEATURE,            0xe02c7eca },
    { A_HI_CHIP_MINOR_FEATURE_0,    0xc1399eff },
    { A_HI_CACHE_CONTROL,           0xc1399eff },
    { A_HI_CHIP_MINOR_FEATURE_1,    0x020fb2db },
    { A_HI_CHIP_MINOR_FEATURE_2,    0x00000000 },
    { A_HI_CHIP_MINOR_FEATURE_3,    0x00000000 },
    { A_HI_CHIP_SPECS,              0xa4410a61 },
    { A_HI_CHIP_SPECS_2,            0x01000008 },
};

static const VivId gc355_id[] = {
    { A_HI_CHIP_MODEL,              0x00000355 },
    { A_HI_CHIP_REV,                0x00001215 },
    { A_HI_CHIP_FEATURE,            0x1e2c7cc8 },
    { A_HI_CHIP_MINOR_FEATURE_0,    0x0024207f },
    { A_HI_CACHE_CONTROL,           0x0024207f },
    { A_HI_CHIP_MINOR_FEATURE_1,    0x00000000 },
    { A_HI_CHIP_MINOR_FEATURE_2,    0x00010104 },
    { A_HI_CHIP_MINOR_FEATURE_3,    0x00000000 },
    { A_HI_CHIP_SPECS,              0x00000000 },
    { A_HI_CHIP_SPECS_2,            0x00000000 },
};

/* Rates: IMX6DQRM table 18-3, what the boot loader leaves behind. */
static const VivCore viv_cores[] = {
    {
        .name = "gc2000", .fe_port = "gc2000-fe", .pe_port = "gc2000-pe",
        .mmu_port = "gc2000-mmu", .has_3d = true,
        .core_clk = IMX6Q_CLK_GPU3D_CORE, .axi_clk = IMX6Q_CLK_GPU3D_AXI,
        .default_hz = 528000000, .id = gc2000_id,
        .n_id = ARRAY_SIZE(gc2000_id),
    }, {
        .name = "gc320", .fe_port = "gc320-fe", .pe_port = "gc320-pe",
        .mmu_port = "gc320-mmu", .has_2d = true,
        .core_clk = IMX6Q_CLK_GPU2D_CORE, .axi_clk = IMX6Q_CLK_GPU2D_AXI,
        .default_hz = 528000000, .id = gc320_id,
        .n_id = ARRAY_SIZE(gc320_id),
    }, {
        .name = "gc355", .fe_port = "gc355-fe", .pe_port = "gc355-pe",
        .mmu_port = "gc355-mmu",
        .core_clk = IMX6Q_CLK_GPU2D_CORE, .axi_clk = IMX6Q_CLK_GPU2D_AXI,
        .default_hz = 528000000, .id = gc355_id,
        .n_id = ARRAY_SIZE(gc355_id),
    },
};

static void viv_update_irq(VivanteGPUState *s)
{
    qemu_set_irq(s->irq, (s->intr & s->regs[R_HI_INTR_ENBL]) &&
                 !(s->faults & BIT(VIV_FAULT_LOST_IRQ)));
}

void viv_raise(VivanteGPUState *s, uint32_t bits)
{
    trace_vivante_raise(s->core->name, bits);
    s->intr |= bits;
    viv_update_irq(s);
}

void viv_soft_reset(VivanteGPUState *s)
{
    uint32_t clock = s->regs[R_HI_CLOCK_CONTROL];

    trace_vivante_reset(s->core->name);
    memset(s->regs, 0, sizeof(s->regs));
    for (unsigned i = 0; i < ARRAY_SIZE(viv_registers); i++) {
        s->regs[viv_registers[i].offset / 4] = viv_registers[i].reset;
    }
    s->regs[R_HI_CLOCK_CONTROL] = clock;
    memset(s->state, 0, sizeof(s->state));
    s->state[R_DE_PE_DITHER_LOW] = 0xffffffff;
    s->state[R_DE_PE_DITHER_HIGH] = 0xffffffff;
    s->state[R_DE_PATTERN_MASK_LOW] = 0xffffffff;
    s->state[R_DE_PATTERN_MASK_HIGH] = 0xffffffff;
    memset(s->tokens, 0, sizeof(s->tokens));
    memset(s->tokens_sent, 0, sizeof(s->tokens_sent));
    s->intr = 0;
    viv_mmu_flush(s, 0x1f);
    viv_pe_reset(s);
    viv_fe_reset(s);
    viv_perf_reset(s);
    viv_update_irq(s);
}

static void viv_hard_reset(VivanteGPUState *s)
{
    s->fscale = 64;
    s->regs[R_HI_CLOCK_CONTROL] =
        FIELD_DP32(0, HI_CLOCK_CONTROL, FSCALE_VAL, s->fscale);
    viv_soft_reset(s);
}

static bool viv_powered(VivanteGPUState *s)
{
    return !s->gpc || imx6_gpc_pu_on(s->gpc);
}

static uint64_t viv_clk_hz(VivanteGPUState *s, IMX6QClock clk)
{
    return s->ccm ? imx6q_clk_hz(s->ccm, clk) : s->core->default_hz;
}

/* The rate of the pixel pipe and the front end, 0 while they stand still. */
uint64_t viv_core_hz(VivanteGPUState *s)
{
    uint32_t clock = s->regs[R_HI_CLOCK_CONTROL];
    bool off = s->core->has_3d ?
               FIELD_EX32(clock, HI_CLOCK_CONTROL, CLK3D_DIS) :
               FIELD_EX32(clock, HI_CLOCK_CONTROL, CLK2D_DIS);

    if (!viv_powered(s) || s->in_reset || off ||
        !viv_clk_hz(s, s->core->axi_clk)) {
        return 0;
    }
    return viv_clk_hz(s, s->core->core_clk) * MIN(s->fscale, 64) / 64;
}

static bool viv_answers(VivanteGPUState *s, const char *what, hwaddr offset)
{
    const char *why;

    if (s->in_dma) {
        why = "by itself";
    } else if (!viv_powered(s)) {
        why = "with the PU domain off";
    } else if (s->in_reset) {
        why = "in reset";
    } else if (!viv_clk_hz(s, s->core->core_clk) ||
               !viv_clk_hz(s, s->core->axi_clk)) {
        why = "with its clock off";
    } else {
        return true;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "%s: 0x%03" HWADDR_PRIx " %s %s\n",
                  s->core->name, offset, what, why);
    return false;
}

static uint32_t viv_read_idle(VivanteGPUState *s)
{
    uint32_t idle = 0x7fffffff;

    if (s->fe.state != FE_IDLE) {
        idle = FIELD_DP32(idle, HI_IDLE_STATE, FE, 0);
    }
    if (viv_pe_busy(s)) {
        idle = FIELD_DP32(idle, HI_IDLE_STATE, PE, 0);
        if (s->core->has_2d) {
            idle = FIELD_DP32(idle, HI_IDLE_STATE, DE, 0);
        }
    }
    return idle;
}

static uint32_t viv_read_clock(VivanteGPUState *s)
{
    uint32_t clock = s->regs[R_HI_CLOCK_CONTROL];
    bool idle = s->fe.state == FE_IDLE && !viv_pe_busy(s);

    /* A busy GC880 shows both pipes busy, whichever it has. */
    clock = FIELD_DP32(clock, HI_CLOCK_CONTROL, IDLE_3D, idle);
    clock = FIELD_DP32(clock, HI_CLOCK_CONTROL, IDLE_2D, idle);
    return FIELD_DP32(clock, HI_CLOCK_CONTROL, IDLE_VG, 1);
}

/*
 * Which modules' clocks are gated now: those that may be and have been idle
 * for as long as TURN_OFF_COUNTER says. Those that nothing is modelled of
 * have been so since reset.
 */
static uint32_t viv_read_gated(VivanteGPUState *s)
{
    uint32_t power = s->regs[R_PM_POWER_CONTROLS];
    uint32_t present = s->core->has_3d ? 0xfd : 0x07;
    uint32_t gated = viv_read_idle(s) & present;
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint64_t hz = viv_core_hz(s);
    int64_t wait = hz ? muldiv64(FIELD_EX32(power, PM_POWER_CONTROLS,
                                            TURN_OFF_COUNTER),
                                 NANOSECONDS_PER_SECOND, hz) : 0;

    if (!FIELD_EX32(power, PM_POWER_CONTROLS, ENABLE_MODULE_CLOCK_GATING) ||
        FIELD_EX32(power, PM_POWER_CONTROLS,
                   DISABLE_STARVE_MODULE_CLOCK_GATING)) {
        return 0;
    }
    if (now - s->fe.time < wait) {
        gated = FIELD_DP32(gated, HI_IDLE_STATE, FE, 0);
    }
    if (now - s->pe.time < wait) {
        gated = FIELD_DP32(gated, HI_IDLE_STATE, PE, 0);
        gated = FIELD_DP32(gated, HI_IDLE_STATE, DE, 0);
    }
    return gated & ~s->regs[R_PM_MODULE_CONTROLS];
}

static bool viv_read_special(VivanteGPUState *s, hwaddr offset,
                             uint32_t *value)
{
    switch (offset) {
    case A_HI_CLOCK_CONTROL:
        *value = viv_read_clock(s);
        return true;
    case A_HI_IDLE_STATE:
        *value = viv_read_idle(s);
        return true;
    case A_HI_INTR_ACKNOWLEDGE:
        *value = s->intr;
        s->intr = 0;
        viv_update_irq(s);
        return true;
    case A_PM_MODULE_STATUS:
        *value = viv_read_gated(s);
        return true;
    case A_PM_PULSE_EATER:          /* cannot be read on these revisions */
    case A_FE_COMMAND_CONTROL:
        *value = 0;
        return true;
    case A_FE_DMA_STATUS:
        *value = s->fe.state != FE_IDLE;
        return true;
    case A_FE_DMA_DEBUG_STATE:
        *value = viv_fe_debug_state(s);
        return true;
    case A_FE_DMA_ADDRESS:
        *value = s->fe.addr;
        return true;
    case A_FE_DMA_LOW:
        *value = s->fe.low;
        return true;
    case A_FE_DMA_HIGH:
        *value = s->fe.high;
        return true;
    }
    return viv_perf_read(s, offset, value);
}

static const VivRegister *viv_find(hwaddr offset)
{
    for (unsigned i = 0; i < ARRAY_SIZE(viv_registers); i++) {
        if (viv_registers[i].offset == offset) {
            return &viv_registers[i];
        }
    }
    return NULL;
}

static const VivId *viv_find_id(const VivId *id, unsigned n, hwaddr offset)
{
    for (unsigned i = 0; i < n; i++) {
        if (id[i].offset == offset) {
            return &id[i];
        }
    }
    return NULL;
}

static uint64_t viv_mmio_read(void *opaque, hwaddr offset, unsigned size)
{
    VivanteGPUState *s = opaque;
    const VivId *id;
    uint32_t value = 0;

    if (!viv_answers(s, "read", offset)) {
        return 0;
    }
    id = viv_find_id(s->core->id, s->core->n_id, offset) ?:
         viv_find_id(common_id, ARRAY_SIZE(common_id), offset);
    if (id) {
        return id->value;
    }
    if (viv_read_special(s, offset, &value)) {
        trace_vivante_read(s->core->name, offset, value);
        return value;
    }
    if (viv_find(offset)) {
        value = s->regs[offset / 4];
        trace_vivante_read(s->core->name, offset, value);
        return value;
    }
    qemu_log_mask(LOG_UNIMP, "%s: read of register 0x%03" HWADDR_PRIx "\n",
                  s->core->name, offset);
    return 0;
}

static void viv_write_clock(VivanteGPUState *s, uint32_t value)
{
    uint32_t old = s->regs[R_HI_CLOCK_CONTROL];

    viv_perf_count(s);
    s->regs[R_HI_CLOCK_CONTROL] =
        value & (R_HI_CLOCK_CONTROL_CLK3D_DIS_MASK |
                 R_HI_CLOCK_CONTROL_CLK2D_DIS_MASK |
                 R_HI_CLOCK_CONTROL_FSCALE_VAL_MASK |
                 R_HI_CLOCK_CONTROL_FSCALE_CMD_LOAD_MASK |
                 R_HI_CLOCK_CONTROL_DISABLE_RAM_CLK_GATING_MASK |
                 R_HI_CLOCK_CONTROL_DISABLE_DEBUG_REGISTERS_MASK |
                 R_HI_CLOCK_CONTROL_SOFT_RESET_MASK |
                 R_HI_CLOCK_CONTROL_ISOLATE_GPU_MASK |
                 R_HI_CLOCK_CONTROL_DEBUG_PIXEL_PIPE_MASK);
    if (FIELD_EX32(value, HI_CLOCK_CONTROL, FSCALE_CMD_LOAD)) {
        s->fscale = FIELD_EX32(value, HI_CLOCK_CONTROL, FSCALE_VAL);
        if (s->fscale == 0 || s->fscale > 64) {
            qemu_log_mask(LOG_GUEST_ERROR, "%s: frequency scale %u/64\n",
                          s->core->name, s->fscale);
        }
    }
    if (FIELD_EX32(value & ~old, HI_CLOCK_CONTROL, SOFT_RESET)) {
        viv_soft_reset(s);
    }
}

static void viv_write_control(VivanteGPUState *s, uint32_t value)
{
    if (!FIELD_EX32(value, FE_COMMAND_CONTROL, ENABLE)) {
        qemu_log_mask(LOG_UNIMP, "%s: stopping the front end by register\n",
                      s->core->name);
        return;
    }
    if (!s->core->has_2d && !s->core->has_3d) {
        qemu_log_mask(LOG_UNIMP, "%s: VG front end\n", s->core->name);
        return;
    }
    if (FIELD_EX32(s->regs[R_HI_CLOCK_CONTROL], HI_CLOCK_CONTROL,
                   SOFT_RESET)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: front end started in reset\n",
                      s->core->name);
        return;
    }
    viv_fe_start(s, s->regs[R_FE_COMMAND_ADDRESS],
                 FIELD_EX32(value, FE_COMMAND_CONTROL, PREFETCH));
}

static void viv_mmio_write(void *opaque, hwaddr offset, uint64_t value,
                           unsigned size)
{
    VivanteGPUState *s = opaque;
    const VivRegister *r;

    if (!viv_answers(s, "written", offset)) {
        return;
    }
    trace_vivante_write(s->core->name, offset, value);
    switch (offset) {
    case A_HI_CLOCK_CONTROL:
        viv_write_clock(s, value);
        return;
    case A_PM_PULSE_EATER:          /* no effect known */
    case A_MC_MEMORY_FLUSH:
        return;
    case A_FE_COMMAND_CONTROL:
        viv_write_control(s, value);
        return;
    }
    if (viv_perf_write(s, offset, value)) {
        return;
    }
    r = viv_find(offset);
    if (r && r->write) {
        if (offset == A_MC_MEMORY_BASE_ADDR_FE) {
            viv_fe_stir(s);
        }
        s->regs[offset / 4] = value & r->write;
        viv_update_irq(s);
        return;
    }
    qemu_log_mask(r || offset < A_HI_CHIP_SPECS ? LOG_GUEST_ERROR : LOG_UNIMP,
                  "%s: write of 0x%" PRIx64 " to register 0x%03" HWADDR_PRIx
                  "\n", s->core->name, value, offset);
}

static const MemoryRegionOps viv_ops = {
    .read = viv_mmio_read,
    .write = viv_mmio_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void viv_reset_hold(Object *obj, ResetType type)
{
    VivanteGPUState *s = VIVANTE_GPU(obj);

    s->pe.rects = 0;
    s->draws_3d = 0;
    viv_hard_reset(s);
}

static void viv_reset_line(void *opaque, int n, int level)
{
    VivanteGPUState *s = opaque;

    s->in_reset = level;
    if (level) {
        viv_hard_reset(s);
    }
}

/* The PU domain's supply: what is in the core goes with it. */
static void viv_power_line(void *opaque, int n, int level)
{
    VivanteGPUState *s = opaque;

    if (!level) {
        viv_hard_reset(s);
    }
}

static void viv_realize(DeviceState *dev, Error **errp)
{
    VivanteGPUState *s = VIVANTE_GPU(dev);

    for (unsigned i = 0; i < ARRAY_SIZE(viv_cores); i++) {
        if (!g_strcmp0(s->core_name, viv_cores[i].name)) {
            s->core = &viv_cores[i];
        }
    }
    if (!s->core) {
        error_setg(errp, "no core \"%s\": gc2000, gc320 or gc355",
                   s->core_name ?: "");
        return;
    }
    imx6_dma_init(&s->dma_fe, s->core->fe_port);
    imx6_dma_init(&s->dma_pe, s->core->pe_port);
    imx6_dma_init(&s->dma_mmu, s->core->mmu_port);
    viv_fe_init(s);
    viv_pe_init(s);
    memory_region_init_io(&s->iomem, OBJECT(dev), &viv_ops, s, s->core->name,
                          VIVANTE_GPU_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(dev), &s->irq);
}

static void viv_instance_init(Object *obj)
{
    qdev_init_gpio_in_named(DEVICE(obj), viv_reset_line, "reset", 1);
    qdev_init_gpio_in_named(DEVICE(obj), viv_power_line, "power", 1);
}

static const IMX6Fault viv_faults[] = {
    [VIV_FAULT_LOST_IRQ] = { "lost-irq", "the interrupt line stays down" },
    [VIV_FAULT_STUCK_BUSY] = { "stuck-busy",
      "a drawing never ends; the core is busy until it is reset" },
    [VIV_FAULT_BUS_ERROR] = { "bus-error",
      "no read or write of memory gets through" },
};

static void viv_faults_changed(Object *obj, uint32_t on)
{
    VivanteGPUState *s = VIVANTE_GPU(obj);
    bool broken = on & BIT(VIV_FAULT_BUS_ERROR);

    s->dma_fe.read_fault = s->dma_mmu.read_fault = broken;
    s->dma_pe.read_fault = s->dma_pe.write_fault = broken;
    viv_update_irq(s);
}

static const Property viv_properties[] = {
    DEFINE_PROP_STRING("core", VivanteGPUState, core_name),
    DEFINE_PROP_BOOL("naive", VivanteGPUState, naive, false),
    DEFINE_PROP_LINK("ccm", VivanteGPUState, ccm, TYPE_IMX6_CCM,
                     IMX6CCMState *),
    DEFINE_PROP_LINK("gpc", VivanteGPUState, gpc, TYPE_IMX6_GPC,
                     IMX6GPCState *),
};

static void viv_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = viv_realize;
    dc->desc = "Vivante graphics core";
    dc->vmsd = &vmstate_vivante_gpu;
    RESETTABLE_CLASS(klass)->phases.hold = viv_reset_hold;
    device_class_set_props(dc, viv_properties);
    imx6_fault_add(klass, offsetof(VivanteGPUState, faults), viv_faults,
                   ARRAY_SIZE(viv_faults), viv_faults_changed);
    set_bit(DEVICE_CATEGORY_DISPLAY, dc->categories);
}

static const TypeInfo viv_info = {
    .name = TYPE_VIVANTE_GPU,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(VivanteGPUState),
    .instance_init = viv_instance_init,
    .class_init = viv_class_init,
};

static void viv_register(void)
{
    type_register_static(&viv_info);
}

type_init(viv_register)
