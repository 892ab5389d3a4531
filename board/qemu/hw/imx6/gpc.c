/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q general power controller: the GPU/VPU power domain ("PU") and the
 * interrupt masks for low power modes.
 *
 * IMX6DQRM rev. 6, chapter 27. Not modelled: DVFS (0x180), the sources of
 * ISR1-4 (interrupts reach the GIC directly, the masks only matter to wake
 * up from WAIT and STOP, which QEMU does not enter), CPU power gating.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "hw/imx6/clk.h"
#include "hw/imx6/fault.h"
#include "hw/imx6/gpc.h"
#include "trace.h"

#define GPC_CNTR                0x000
#define   CNTR_GPU_VPU_PDN_REQ  (1 << 0)
#define   CNTR_GPU_VPU_PUP_REQ  (1 << 1)
#define   CNTR_REQS             (CNTR_GPU_VPU_PDN_REQ | CNTR_GPU_VPU_PUP_REQ)
#define   CNTR_WRITABLE         0x00600000      /* L2_PGE, GPCIRQM */
#define GPC_PGR                 0x004
#define GPC_IMR1                0x008
#define GPC_ISR1                0x018
#define GPC_ISR4                0x024
#define GPC_NUM_REGS            (0x28 / 4)

#define PGC_GPU                 0x260
#define PGC_CPU                 0x2a0
#define PGC_NUM_REGS            4

/* Registers of one power gating controller, IMX6DQRM 27.5 */
enum { PGC_CTRL, PGC_PUPSCR, PGC_PDNSCR, PGC_SR };

#define IPG_DEFAULT_HZ          66000000

struct IMX6GPCState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    IMX6CCMState *ccm;
    QEMUTimer *timer;
    qemu_irq pu_power;

    uint32_t regs[GPC_NUM_REGS];
    uint32_t gpu[PGC_NUM_REGS];
    uint32_t cpu[PGC_NUM_REGS];
    bool pu_on;
    uint32_t faults;
};

enum {
    FAULT_STUCK_POWER,
};

static const IMX6Fault gpc_faults[] = {
    [FAULT_STUCK_POWER] = { "stuck-power",
      "a request to switch the PU domain on or off stays under way" },
};

static const uint32_t pgc_mask[PGC_NUM_REGS] = { 1, 0x3f3f, 0x3f3f, 1 };

/* The domain's switch is the LDO_PU regulator: IMX6DQRM 27.3, 50.6 */
static bool pu_fed(IMX6GPCState *s)
{
    return !s->ccm || extract32(s->ccm->analog[PMU_REG_CORE], 9, 5);
}

bool imx6_gpc_pu_on(IMX6GPCState *s)
{
    return s->pu_on && pu_fed(s);
}

/* SW and SW2ISO, or ISO and ISO2SW, count IPG clocks: IMX6DQRM 27.5.2/3 */
static int64_t sequence_ns(IMX6GPCState *s, uint32_t scr)
{
    uint64_t hz = s->ccm ? imx6q_clk_hz(s->ccm, IMX6Q_CLK_IPG) : 0;
    uint64_t clocks = extract32(scr, 0, 6) + extract32(scr, 8, 6);

    return MAX(1, clocks * NANOSECONDS_PER_SECOND / (hz ?: IPG_DEFAULT_HZ));
}

static void set_pu(IMX6GPCState *s, bool on)
{
    s->pu_on = on;
    trace_imx6_gpc_pu(on);
    qemu_set_irq(s->pu_power, on);
}

static void imx6_gpc_sequence_done(void *opaque)
{
    IMX6GPCState *s = opaque;
    uint32_t req = s->regs[GPC_CNTR / 4] & CNTR_REQS;

    if (s->faults & BIT(FAULT_STUCK_POWER)) {
        return;
    }
    s->regs[GPC_CNTR / 4] &= ~CNTR_REQS;
    if (req & CNTR_GPU_VPU_PUP_REQ) {
        set_pu(s, true);
    } else if (s->gpu[PGC_CTRL] & 1) {
        s->gpu[PGC_SR] = 1;
        set_pu(s, false);
    }
}

static void gpc_faults_changed(Object *obj, uint32_t on)
{
    IMX6GPCState *s = IMX6_GPC(obj);

    if (!(on & BIT(FAULT_STUCK_POWER)) && (s->regs[GPC_CNTR / 4] & CNTR_REQS)) {
        timer_mod(s->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    }
}

static void write_cntr(IMX6GPCState *s, uint32_t value)
{
    uint32_t *cntr = &s->regs[GPC_CNTR / 4];
    uint32_t busy = *cntr & CNTR_REQS;
    uint32_t req = value & CNTR_REQS & ~busy;
    uint32_t scr;

    *cntr = (*cntr & ~CNTR_WRITABLE) | (value & CNTR_WRITABLE);
    if (!req) {
        return;
    }
    if (busy || req == CNTR_REQS) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: power request 0x%x while 0x%x is "
                      "under way\n", TYPE_IMX6_GPC, req, busy);
        return;
    }
    *cntr |= req;
    scr = s->gpu[req & CNTR_GPU_VPU_PUP_REQ ? PGC_PUPSCR : PGC_PDNSCR];
    timer_mod(s->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
              sequence_ns(s, scr));
}

/* The PGC register at an offset, or NULL */
static uint32_t *pgc_reg(IMX6GPCState *s, hwaddr offset)
{
    if (offset >= PGC_GPU && offset < PGC_GPU + 4 * PGC_NUM_REGS) {
        return &s->gpu[(offset - PGC_GPU) / 4];
    }
    if (offset >= PGC_CPU && offset < PGC_CPU + 4 * PGC_NUM_REGS) {
        return &s->cpu[(offset - PGC_CPU) / 4];
    }
    return NULL;
}

static uint64_t imx6_gpc_read(void *opaque, hwaddr offset, unsigned size)
{
    IMX6GPCState *s = opaque;
    uint32_t *pgc = pgc_reg(s, offset);
    uint32_t value = 0;

    if (pgc) {
        value = *pgc;
    } else if (offset < 4 * GPC_NUM_REGS) {
        value = s->regs[offset / 4];
    } else {
        qemu_log_mask(LOG_UNIMP, "%s: read of 0x%" HWADDR_PRIx "\n",
                      TYPE_IMX6_GPC, offset);
    }
    trace_imx6_gpc_read(offset, value);
    return value;
}

static void write_pgc(IMX6GPCState *s, hwaddr offset, uint32_t value)
{
    uint32_t *pgc = pgc_reg(s, offset);
    unsigned n = extract32(offset, 2, 2);

    if (n == PGC_SR) {
        *pgc &= ~value;
        return;
    }
    if (offset == PGC_GPU && (s->regs[GPC_CNTR / 4] & CNTR_REQS)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: PCR changed while a power request "
                      "is under way\n", TYPE_IMX6_GPC);
    }
    *pgc = value & pgc_mask[n];
}

static void imx6_gpc_write(void *opaque, hwaddr offset, uint64_t value,
                           unsigned size)
{
    IMX6GPCState *s = opaque;

    trace_imx6_gpc_write(offset, value);
    if (pgc_reg(s, offset)) {
        write_pgc(s, offset, value);
        return;
    }
    switch (offset) {
    case GPC_CNTR:
        write_cntr(s, value);
        break;
    case GPC_ISR1 ... GPC_ISR4:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: ISR is read-only\n",
                      TYPE_IMX6_GPC);
        break;
    case GPC_PGR:
    case GPC_IMR1 ... GPC_ISR1 - 1:
        s->regs[offset / 4] = value;
        break;
    default:
        qemu_log_mask(LOG_UNIMP, "%s: write of 0x%" PRIx64 " to 0x%"
                      HWADDR_PRIx "\n", TYPE_IMX6_GPC, value, offset);
    }
}

static const MemoryRegionOps imx6_gpc_ops = {
    .read = imx6_gpc_read,
    .write = imx6_gpc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void imx6_gpc_reset(DeviceState *dev)
{
    static const uint32_t pgc_reset[PGC_NUM_REGS] = { 0, 0xf01, 0x101, 0 };
    IMX6GPCState *s = IMX6_GPC(dev);

    timer_del(s->timer);
    memset(s->regs, 0, sizeof(s->regs));
    s->regs[GPC_CNTR / 4] = 0x00100000;
    memcpy(s->gpu, pgc_reset, sizeof(s->gpu));
    memcpy(s->cpu, pgc_reset, sizeof(s->cpu));
    set_pu(s, true);
}

static void imx6_gpc_realize(DeviceState *dev, Error **errp)
{
    IMX6GPCState *s = IMX6_GPC(dev);

    memory_region_init_io(&s->iomem, OBJECT(dev), &imx6_gpc_ops, s,
                          TYPE_IMX6_GPC, 0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->iomem);
    qdev_init_gpio_out_named(dev, &s->pu_power, "pu-power", 1);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, imx6_gpc_sequence_done, s);
}

static const VMStateDescription vmstate_imx6_gpc = {
    .name = TYPE_IMX6_GPC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(timer, IMX6GPCState),
        VMSTATE_UINT32_ARRAY(regs, IMX6GPCState, GPC_NUM_REGS),
        VMSTATE_UINT32_ARRAY(gpu, IMX6GPCState, PGC_NUM_REGS),
        VMSTATE_UINT32_ARRAY(cpu, IMX6GPCState, PGC_NUM_REGS),
        VMSTATE_BOOL(pu_on, IMX6GPCState),
        VMSTATE_END_OF_LIST()
    },
};

static const Property imx6_gpc_properties[] = {
    DEFINE_PROP_LINK("ccm", IMX6GPCState, ccm, TYPE_IMX6_CCM, IMX6CCMState *),
};

static void imx6_gpc_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "i.MX6Q general power controller";
    dc->realize = imx6_gpc_realize;
    dc->vmsd = &vmstate_imx6_gpc;
    device_class_set_legacy_reset(dc, imx6_gpc_reset);
    device_class_set_props(dc, imx6_gpc_properties);
    imx6_fault_add(klass, offsetof(IMX6GPCState, faults), gpc_faults,
                   ARRAY_SIZE(gpc_faults), gpc_faults_changed);
}

static const TypeInfo imx6_gpc_info = {
    .name = TYPE_IMX6_GPC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6GPCState),
    .class_init = imx6_gpc_class_init,
};

static void imx6_gpc_register(void)
{
    type_register_static(&imx6_gpc_info);
}

type_init(imx6_gpc_register)
