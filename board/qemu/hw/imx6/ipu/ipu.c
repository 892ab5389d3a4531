/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q image processing unit: the device, its register windows, its reset.
 *
 * IMX6DQRM rev. 6, chapter 37; windows as drivers/gpu/ipu-v3 of Linux maps
 * them. The DP can be written directly (0x218000) or through its shadow in the
 * shared register memory (0x340000).
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/log.h"
#include "hw/qdev-properties.h"
#include "hw/imx6/iomuxc.h"
#include "ipu.h"
#include "trace.h"

/* IC_CONF: PRPENC_EN, PRPVF_EN, PP_EN */
#define IC_CONF_TASKS   0x00010101

bool ipu_clocked(IMX6IPUState *s)
{
    return !s->ccm || imx6q_clk_hz(s->ccm, s->unit == 1 ? IMX6Q_CLK_IPU1 :
                                           IMX6Q_CLK_IPU2);
}

bool ipu_block_ok(IPUBlock *b, hwaddr offset, bool write)
{
    const char *how = write ? "write" : "read";

    if (!ipu_clocked(b->ipu)) {
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u %s: %s at 0x%" HWADDR_PRIx
                      " with the clock gated\n", b->ipu->unit, b->name, how,
                      offset);
        return false;
    }
    if (offset / 4 >= b->count) {
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u %s: no register to %s at 0x%"
                      HWADDR_PRIx "\n", b->ipu->unit, b->name, how, offset);
        return false;
    }
    return true;
}

uint64_t ipu_block_read(void *opaque, hwaddr offset, unsigned size)
{
    IPUBlock *b = opaque;
    uint32_t value = ipu_block_ok(b, offset, false) ? b->regs[offset / 4] : 0;

    trace_imx6_ipu_read(b->ipu->unit, b->name, offset, value);
    return value;
}

static void storage_write(void *opaque, hwaddr offset, uint64_t value,
                          unsigned size)
{
    IPUBlock *b = opaque;

    trace_imx6_ipu_write(b->ipu->unit, b->name, offset, value);
    if (!ipu_block_ok(b, offset, true)) {
        return;
    }
    if (offset == 0 && (value & b->unimp)) {
        qemu_log_mask(LOG_UNIMP, "ipu%u %s: task enabled (0x%08" PRIx64 ")\n",
                      b->ipu->unit, b->name, value);
    }
    b->regs[offset / 4] = value;
}

const MemoryRegionOps ipu_storage_ops = {
    .read = ipu_block_read,
    .write = storage_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

void ipu_block_init(IMX6IPUState *s, IPUBlock *b, const char *name,
                    hwaddr offset, const MemoryRegionOps *ops,
                    uint32_t *regs, unsigned count)
{
    b->ipu = s;
    b->name = name;
    b->regs = regs;
    b->count = count;
    memory_region_init_io(&b->mr, OBJECT(s), ops, b, name,
                          ROUND_UP(count * 4, 0x1000));
    memory_region_add_subregion(&s->mr, offset, &b->mr);
}

/* The memories (CPMEM, SRM, templates) keep what they hold. */
static void ipu_reset_hold(Object *obj, ResetType type)
{
    IMX6IPUState *s = IMX6_IPU(obj);

    ipu_scan_reset(&s->display[0]);
    ipu_scan_reset(&s->display[1]);
    ipu_cm_reset(s);
    ipu_dc_reset(s);
    memset(s->idmac, 0, sizeof(s->idmac));
    memset(s->dp, 0, sizeof(s->dp));
    s->srm_pending = false;
    memset(s->ic, 0, sizeof(s->ic));
    memset(s->irt, 0, sizeof(s->irt));
    memset(s->vdi, 0, sizeof(s->vdi));
    memset(s->dmfc, 0, sizeof(s->dmfc));
    ipu_capture_reset(s);
    ipu_update_irq(s);
}

static void ipu_reset_line(void *opaque, int n, int level)
{
    if (level) {
        ipu_reset_hold(OBJECT(opaque), RESET_TYPE_COLD);
    }
}

static void ipu_map_blocks(IMX6IPUState *s)
{
    ipu_block_init(s, &s->cm_block, "cm", 0x200000, &ipu_cm_ops, s->cm,
                   IPU_CM_REGS);
    ipu_block_init(s, &s->idmac_block, "idmac", 0x208000, &ipu_idmac_ops,
                   s->idmac, IPU_IDMAC_REGS);
    ipu_block_init(s, &s->dp_block, "dp", 0x218000, &ipu_storage_ops,
                   s->dp, IPU_DP_REGS);
    ipu_block_init(s, &s->storage[0], "ic", 0x220000, &ipu_storage_ops,
                   s->ic, IPU_IC_REGS);
    s->storage[0].unimp = IC_CONF_TASKS;
    ipu_block_init(s, &s->storage[1], "irt", 0x228000, &ipu_storage_ops,
                   s->irt, IPU_IRT_REGS);
    ipu_block_init(s, &s->dc_block, "dc", 0x258000, &ipu_dc_ops,
                   s->dc, IPU_DC_REGS);
    ipu_block_init(s, &s->storage[2], "dmfc", 0x260000, &ipu_storage_ops,
                   s->dmfc, IPU_DMFC_REGS);
    ipu_block_init(s, &s->storage[3], "vdi", 0x268000, &ipu_storage_ops,
                   s->vdi, IPU_VDI_REGS);
    ipu_block_init(s, &s->cpmem_block, "cpmem", 0x300000, &ipu_cpmem_ops,
                   s->cpmem, IPU_CPMEM_REGS);
    ipu_block_init(s, &s->srm_block, "srm", 0x340000, &ipu_storage_ops,
                   s->srm, IPU_DP_REGS);
    ipu_block_init(s, &s->storage[4], "tpm", 0x360000, &ipu_storage_ops,
                   s->tpm, IPU_TPM_REGS);
    ipu_block_init(s, &s->storage[5], "tmpl", 0x380000, &ipu_storage_ops,
                   s->tmpl, IPU_TMPL_REGS);
}

static void ipu_realize(DeviceState *dev, Error **errp)
{
    IMX6IPUState *s = IMX6_IPU(dev);
    SysBusDevice *sbd = SYS_BUS_DEVICE(dev);

    if (s->unit != 1 && s->unit != 2) {
        error_setg(errp, "there is no IPU%u", s->unit);
        return;
    }
    s->dma_name = g_strdup_printf("ipu%u-idmac", s->unit);
    imx6_dma_init(&s->dma, s->dma_name);

    memory_region_init(&s->mr, OBJECT(s), TYPE_IMX6_IPU, IMX6_IPU_SIZE);
    sysbus_init_mmio(sbd, &s->mr);
    sysbus_init_irq(sbd, &s->irq_sync);
    sysbus_init_irq(sbd, &s->irq_err);

    ipu_map_blocks(s);
    s->raw = g_malloc(4 * IPU_MAX_WIDTH);
    for (unsigned i = 0; i < 2; i++) {
        s->row[i] = g_new(uint32_t, IPU_MAX_WIDTH);
        ipu_di_init(s, i);
        ipu_head_init(&s->display[i], errp);
        ipu_scan_init(&s->display[i]);
    }
    ipu_capture_realize(s, errp);
}

static const Property ipu_properties[] = {
    DEFINE_PROP_UINT32("unit", IMX6IPUState, unit, 1),
    DEFINE_PROP_LINK("ccm", IMX6IPUState, ccm, TYPE_IMX6_CCM, IMX6CCMState *),
    DEFINE_PROP_LINK("iomuxc", IMX6IPUState, iomuxc, TYPE_IMX6_IOMUXC,
                     IMX6IOMUXCState *),
};

static void ipu_init(Object *obj)
{
    qdev_init_gpio_in_named(DEVICE(obj), ipu_reset_line, "reset", 1);
}

static void ipu_finalize(Object *obj)
{
    IMX6IPUState *s = IMX6_IPU(obj);

    for (unsigned i = 0; i < 2; i++) {
        timer_free(s->display[i].timer);
        ipu_head_finalize(&s->display[i]);
        g_free(s->row[i]);
    }
    g_free(s->raw);
    g_free(s->dma_name);
}

static const VMStateDescription vmstate_ipu = {
    .name = TYPE_IMX6_IPU,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(cm, IMX6IPUState, IPU_CM_REGS),
        VMSTATE_UINT32_ARRAY(idmac, IMX6IPUState, IPU_IDMAC_REGS),
        VMSTATE_UINT32_ARRAY(cpmem, IMX6IPUState, IPU_CPMEM_REGS),
        VMSTATE_UINT32_ARRAY(dp, IMX6IPUState, IPU_DP_REGS),
        VMSTATE_UINT32_ARRAY(srm, IMX6IPUState, IPU_DP_REGS),
        VMSTATE_BOOL(srm_pending, IMX6IPUState),
        VMSTATE_INT64(mem_rst_end, IMX6IPUState),
        VMSTATE_UINT32_ARRAY(dc, IMX6IPUState, IPU_DC_REGS),
        VMSTATE_UINT32_ARRAY(ic, IMX6IPUState, IPU_IC_REGS),
        VMSTATE_UINT32_ARRAY(irt, IMX6IPUState, IPU_IRT_REGS),
        VMSTATE_UINT32_ARRAY(vdi, IMX6IPUState, IPU_VDI_REGS),
        VMSTATE_UINT32_ARRAY(dmfc, IMX6IPUState, IPU_DMFC_REGS),
        VMSTATE_UINT32_ARRAY(tmpl, IMX6IPUState, IPU_TMPL_REGS),
        VMSTATE_UINT32_ARRAY(tpm, IMX6IPUState, IPU_TPM_REGS),
        VMSTATE_STRUCT_ARRAY(display, IMX6IPUState, 2, 1, vmstate_ipu_display,
                             IPUDisplay),
        VMSTATE_STRUCT(capture, IMX6IPUState, 1, vmstate_ipu_capture,
                       IPUCapture),
        VMSTATE_END_OF_LIST()
    },
};

static void ipu_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);

    dc->desc = "i.MX6Q image processing unit";
    dc->realize = ipu_realize;
    dc->vmsd = &vmstate_ipu;
    dc->user_creatable = false;
    device_class_set_props(dc, ipu_properties);
    ipu_fault_class_init(oc);
    RESETTABLE_CLASS(oc)->phases.hold = ipu_reset_hold;
}

static const TypeInfo ipu_info = {
    .name = TYPE_IMX6_IPU,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6IPUState),
    .instance_init = ipu_init,
    .instance_finalize = ipu_finalize,
    .class_init = ipu_class_init,
};

static void ipu_register(void)
{
    type_register_static(&ipu_info);
}

type_init(ipu_register)
