/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q pulse width modulator: include/hw/imx6/pwm.h.
 *
 * IMX6DQRM rev. 6, chapter 51. The counter is computed from virtual time
 * when somebody looks; a timer runs only while an interrupt is enabled. The
 * waveform is not drawn, its frequency can be asked for.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "hw/imx6/clk.h"
#include "hw/imx6/fault.h"
#include "hw/imx6/iomuxc.h"
#include "hw/imx6/pwm.h"
#include "trace.h"

#define PWMCR                   0x00
#define   CR_EN                 (1 << 0)
#define   CR_SWR                (1 << 3)
#define   CR_KEPT               0x03c00000      /* DBGEN to STOPEN */
#define   CR_MASK               0x0fffffff
#define PWMSR                   0x04
#define   SR_FE                 (1 << 3)
#define   SR_ROV                (1 << 4)
#define   SR_CMP                (1 << 5)
#define   SR_FWE                (1 << 6)
#define   SR_W1C                (SR_FE | SR_ROV | SR_CMP | SR_FWE)
#define PWMIR                   0x08            /* FIE, RIE, CIE */
#define PWMSAR                  0x0c
#define PWMPR                   0x10
#define PWMCNR                  0x14

#define PR_MAX                  0xfffe
#define CKIL_HZ                 32768
#define FIFO_SIZE               4

/* An interrupt for each cycle of a MHz output would stop the machine. */
#define MIN_EVENT_NS            1000

struct IMX6PWMState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    IMX6CCMState *ccm;
    IMX6IOMUXCState *iomuxc;
    QEMUTimer *timer;
    qemu_irq irq;
    uint32_t unit;

    uint32_t cr;
    uint32_t sr;
    uint32_t ir;
    uint32_t pr;
    uint32_t sample;
    uint32_t uses;              /* of the sample in this and later periods */
    uint32_t fifo[FIFO_SIZE];
    uint32_t fifo_len;

    int64_t base_ns;            /* when the counter was 0 */
    uint64_t base_hz;           /* rate of the counter since then */
    uint64_t periods;           /* seen since then */
    bool compared;              /* in the period seen last */
    uint32_t faults;
};

enum {
    FAULT_NO_OUTPUT,
};

static const IMX6Fault pwm_faults[] = {
    [FAULT_NO_OUTPUT] = { "no-output",
      "the output stays low: no clock, no light" },
};

/* Pads that can carry the output: offset of SW_MUX_CTL and ALT */
typedef struct PWMPad {
    uint16_t mux;
    uint8_t alt;
} PWMPad;

static const PWMPad pads[4][3] = {
    { { 0x190, 2 }, { 0x228, 4 }, { 0x344, 3 } },   /* DISP0_DATA08, ... */
    { { 0x194, 2 }, { 0x224, 4 }, { 0x34c, 3 } },   /* DISP0_DATA09, ... */
    { { 0x320, 2 }, { 0x33c, 2 } },                 /* SD4_DATA1, SD1_DATA1 */
    { { 0x324, 2 }, { 0x348, 2 } },                 /* SD4_DATA2, SD1_CMD */
};

static bool on_pad(IMX6PWMState *s)
{
    if (!s->iomuxc) {
        return true;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(pads[0]); i++) {
        const PWMPad *pad = &pads[s->unit - 1][i];

        if (pad->mux && imx6_iomuxc_mux_mode(s->iomuxc, pad->mux) == pad->alt) {
            return true;
        }
    }
    return false;
}

/* CCGR4's gate is on all of the block: registers and counter */
static uint64_t gated_hz(IMX6PWMState *s)
{
    return s->ccm ? imx6q_clk_hz(s->ccm, IMX6Q_CLK_PWM1 + s->unit - 1) : 0;
}

/* Rate at which the counter counts */
static uint64_t counter_hz(IMX6PWMState *s)
{
    uint64_t hz = gated_hz(s);

    if (!(s->cr & CR_EN) || !hz) {
        return 0;
    }
    switch (extract32(s->cr, 16, 2)) {
    case 0:
        return 0;
    case 1:
        hz = imx6q_clk_hz(s->ccm, IMX6Q_CLK_IPG);
        break;
    case 3:
        hz = CKIL_HZ;
        break;
    }
    return hz / (extract32(s->cr, 4, 12) + 1);
}

static uint32_t period_ticks(IMX6PWMState *s)
{
    return MIN(s->pr, PR_MAX) + 2;
}

uint64_t imx6_pwm_output_hz(IMX6PWMState *s)
{
    if ((s->faults & BIT(FAULT_NO_OUTPUT)) ||
        extract32(s->cr, 19, 1) || !s->sample ||
        s->sample >= period_ticks(s) || !on_pad(s)) {
        return 0;
    }
    return counter_hz(s) / period_ticks(s);
}

static uint64_t ticks_at(IMX6PWMState *s, int64_t now)
{
    return muldiv64(now - s->base_ns, s->base_hz, NANOSECONDS_PER_SECOND);
}

static void update_fe(IMX6PWMState *s)
{
    if (FIFO_SIZE - s->fifo_len >= extract32(s->cr, 26, 2) + 1) {
        s->sr |= SR_FE;
    }
}

/* A period begins: take the next sample when this one has been used up. */
static void next_period(IMX6PWMState *s)
{
    if (s->uses) {
        s->uses--;
    }
    if (!s->uses && s->fifo_len) {
        s->sample = s->fifo[0];
        s->fifo_len--;
        memmove(s->fifo, s->fifo + 1, s->fifo_len * sizeof(s->fifo[0]));
        s->uses = 1 << extract32(s->cr, 1, 2);
        update_fe(s);
    }
}

static void update_irq(IMX6PWMState *s)
{
    qemu_set_irq(s->irq, !!(s->sr & SR_W1C & (s->ir << 3)));
}

/* Catch up with what the counter did since somebody looked last. */
static void pwm_sync(IMX6PWMState *s)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint64_t ticks = ticks_at(s, now);
    uint64_t periods = ticks / period_ticks(s);

    if (!s->base_hz) {
        return;
    }
    if (periods != s->periods) {
        /* the FIFO is empty after this many */
        uint64_t n = MIN(periods - s->periods, (FIFO_SIZE + 1) * 8);

        s->sr |= SR_ROV | (s->sample < period_ticks(s) ? SR_CMP : 0);
        s->periods = periods;
        s->compared = false;
        while (n--) {
            next_period(s);
        }
    }
    if (!s->compared && ticks % period_ticks(s) >= s->sample) {
        s->compared = true;
        s->sr |= SR_CMP;
    }
    update_irq(s);
}

/* After a change of rate or period: count from 0, 51.7.5. */
static void pwm_restart(IMX6PWMState *s)
{
    s->base_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    s->base_hz = counter_hz(s);
    s->periods = 0;
    s->compared = false;
    trace_imx6_pwm_output(s->unit, imx6_pwm_output_hz(s));
}

static void pwm_schedule(IMX6PWMState *s)
{
    uint64_t ticks, next;
    int64_t now;

    if (!s->ir || !s->base_hz) {
        timer_del(s->timer);
        return;
    }
    now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    ticks = s->periods * period_ticks(s);
    next = !s->compared && s->sample < period_ticks(s) ? s->sample :
           period_ticks(s);
    timer_mod(s->timer, MAX(now + MIN_EVENT_NS, s->base_ns +
              muldiv64_round_up(ticks + next, NANOSECONDS_PER_SECOND,
                                s->base_hz)));
}

static void imx6_pwm_event(void *opaque)
{
    IMX6PWMState *s = opaque;

    pwm_sync(s);
    pwm_schedule(s);
}

static void pwm_reset_regs(IMX6PWMState *s, uint32_t cr)
{
    s->cr = cr;
    s->sr = SR_FE;
    s->ir = 0;
    s->pr = PR_MAX;
    s->sample = 0;
    s->uses = 0;
    s->fifo_len = 0;
    pwm_restart(s);
    update_irq(s);
}

static void write_cr(IMX6PWMState *s, uint32_t value)
{
    uint32_t old = s->cr;

    if (value & CR_SWR) {
        pwm_reset_regs(s, value & CR_KEPT);
        return;
    }
    s->cr = value & CR_MASK;
    if (((s->cr ^ old) & 0x30000) && (old & CR_EN)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: CLKSRC changed while enabled\n",
                      TYPE_IMX6_PWM);
    }
    if ((s->cr & CR_EN) && !(old & CR_EN)) {
        next_period(s);
    }
    update_fe(s);
    if (counter_hz(s) != s->base_hz || !(old & CR_EN)) {
        pwm_restart(s);
    }
}

static void write_sar(IMX6PWMState *s, uint32_t value)
{
    if ((s->cr & CR_EN) && !s->fifo_len) {
        /* ERR051198: applied at once */
        s->sample = value;
        s->uses = 1 << extract32(s->cr, 1, 2);
    } else if (s->fifo_len == FIFO_SIZE) {
        s->sr |= SR_FWE;
    } else {
        s->fifo[s->fifo_len++] = value;
    }
}

static bool pwm_clocked(IMX6PWMState *s, hwaddr offset)
{
    if (gated_hz(s)) {
        return true;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "%s%u: register 0x%" HWADDR_PRIx
                  " accessed with the clock off\n", TYPE_IMX6_PWM, s->unit,
                  offset);
    return false;
}

static uint64_t imx6_pwm_read(void *opaque, hwaddr offset, unsigned size)
{
    IMX6PWMState *s = opaque;
    uint64_t ticks;

    if (!pwm_clocked(s, offset)) {
        return 0;
    }
    pwm_sync(s);
    switch (offset) {
    case PWMCR:
        return s->cr;
    case PWMSR:
        return s->sr | s->fifo_len;
    case PWMIR:
        return s->ir;
    case PWMSAR:
        if (!(s->cr & CR_EN)) {
            qemu_log_mask(LOG_GUEST_ERROR, "%s%u: PWMSAR read while disabled\n",
                          TYPE_IMX6_PWM, s->unit);
            return 0;
        }
        return s->sample;
    case PWMPR:
        return s->pr;
    case PWMCNR:
        ticks = ticks_at(s, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
        return ticks % period_ticks(s);
    }
    qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx "\n",
                  TYPE_IMX6_PWM, offset);
    return 0;
}

static void imx6_pwm_write(void *opaque, hwaddr offset, uint64_t value,
                           unsigned size)
{
    IMX6PWMState *s = opaque;

    trace_imx6_pwm_write(s->unit, offset, value);
    if (!pwm_clocked(s, offset)) {
        return;
    }
    pwm_sync(s);
    if (counter_hz(s) != s->base_hz) {
        pwm_restart(s);
    }
    switch (offset) {
    case PWMCR:
        write_cr(s, value);
        break;
    case PWMSR:
        s->sr &= ~(value & SR_W1C);
        break;
    case PWMIR:
        s->ir = value & 7;
        break;
    case PWMSAR:
        write_sar(s, value & 0xffff);
        break;
    case PWMPR:
        s->pr = value & 0xffff;
        pwm_restart(s);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no writable register at 0x%"
                      HWADDR_PRIx "\n", TYPE_IMX6_PWM, offset);
        return;
    }
    update_irq(s);
    pwm_schedule(s);
}

static const MemoryRegionOps imx6_pwm_ops = {
    .read = imx6_pwm_read,
    .write = imx6_pwm_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void imx6_pwm_reset(DeviceState *dev)
{
    IMX6PWMState *s = IMX6_PWM(dev);

    timer_del(s->timer);
    pwm_reset_regs(s, 0);
}

static void imx6_pwm_realize(DeviceState *dev, Error **errp)
{
    IMX6PWMState *s = IMX6_PWM(dev);

    if (s->unit < 1 || s->unit > ARRAY_SIZE(pads)) {
        error_setg(errp, "%s: unit must be 1 to 4", TYPE_IMX6_PWM);
        return;
    }
    memory_region_init_io(&s->iomem, OBJECT(dev), &imx6_pwm_ops, s,
                          TYPE_IMX6_PWM, 0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(dev), &s->irq);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, imx6_pwm_event, s);
}

static int imx6_pwm_post_load(void *opaque, int version_id)
{
    IMX6PWMState *s = opaque;

    return s->fifo_len <= FIFO_SIZE && s->base_hz <= UINT32_MAX ? 0 : -EINVAL;
}

static const VMStateDescription vmstate_imx6_pwm = {
    .name = TYPE_IMX6_PWM,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = imx6_pwm_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(timer, IMX6PWMState),
        VMSTATE_UINT32(cr, IMX6PWMState),
        VMSTATE_UINT32(sr, IMX6PWMState),
        VMSTATE_UINT32(ir, IMX6PWMState),
        VMSTATE_UINT32(pr, IMX6PWMState),
        VMSTATE_UINT32(sample, IMX6PWMState),
        VMSTATE_UINT32(uses, IMX6PWMState),
        VMSTATE_UINT32_ARRAY(fifo, IMX6PWMState, FIFO_SIZE),
        VMSTATE_UINT32(fifo_len, IMX6PWMState),
        VMSTATE_INT64(base_ns, IMX6PWMState),
        VMSTATE_UINT64(base_hz, IMX6PWMState),
        VMSTATE_UINT64(periods, IMX6PWMState),
        VMSTATE_BOOL(compared, IMX6PWMState),
        VMSTATE_END_OF_LIST()
    },
};

static const Property imx6_pwm_properties[] = {
    DEFINE_PROP_UINT32("unit", IMX6PWMState, unit, 1),
    DEFINE_PROP_LINK("ccm", IMX6PWMState, ccm, TYPE_IMX6_CCM, IMX6CCMState *),
    DEFINE_PROP_LINK("iomuxc", IMX6PWMState, iomuxc, TYPE_IMX6_IOMUXC,
                     IMX6IOMUXCState *),
};

static void imx6_pwm_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "i.MX6Q pulse width modulator";
    dc->realize = imx6_pwm_realize;
    dc->vmsd = &vmstate_imx6_pwm;
    device_class_set_legacy_reset(dc, imx6_pwm_reset);
    device_class_set_props(dc, imx6_pwm_properties);
    imx6_fault_add(klass, offsetof(IMX6PWMState, faults), pwm_faults,
                   ARRAY_SIZE(pwm_faults), NULL);
}

static const TypeInfo imx6_pwm_info = {
    .name = TYPE_IMX6_PWM,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6PWMState),
    .class_init = imx6_pwm_class_init,
};

static void imx6_pwm_register(void)
{
    type_register_static(&imx6_pwm_info);
}

type_init(imx6_pwm_register)
