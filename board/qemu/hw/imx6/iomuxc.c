/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q IOMUXC: which function each pad has, its electrical settings, and
 * the general purpose registers (GPR) that steer muxes all over the SoC.
 *
 * IMX6DQRM rev. 6, chapter 36. Nothing happens here: the blocks ask what
 * their pads and muxes are set to (include/hw/imx6/iomuxc.h). Register
 * offsets also are in Linux's imx6q-pinfunc.h and imx6q-iomuxc-gpr.h.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "hw/imx6/iomuxc.h"
#include "trace.h"

#define IOMUXC_MUX_FIRST        0x04c
#define IOMUXC_MUX_LAST         0x35c
#define IOMUXC_END              0x950
#define IOMUXC_NUM_REGS         (IOMUXC_END / 4)

/* Writable bits by kind of register */
#define MASK_GPR                0xffffffff
#define MASK_OBSMUX             0xffffffff
#define MASK_MUX                0x00000017      /* SION, MUX_MODE */
#define MASK_PAD                0x0001f8f9      /* HYS to SRE, no DDR */
#define MASK_DDR                0x000ff738      /* DDR_SEL to DSE */
#define MASK_GROUP              0x000ff738
#define MASK_DAISY              0x00000007

struct IMX6IOMUXCState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    uint32_t regs[IOMUXC_NUM_REGS];
};

/* Registers from "offset" on, up to the next entry. Mask 0: there is none. */
typedef struct Run {
    uint16_t offset;
    uint32_t reset;
    uint32_t mask;
} Run;

static const Run runs[] = {
    /* 36.4.1 to 36.4.14: GPR0 to GPR13 */
    { 0x000, 0x00000000, MASK_GPR },
    { 0x004, 0x48400005, MASK_GPR },
    { 0x008, 0x00000000, MASK_GPR },
    { 0x00c, 0x01e00000, MASK_GPR },
    { 0x010, 0x00000000, MASK_GPR },
    { 0x018, 0x22222222, MASK_GPR },
    { 0x020, 0x00000000, MASK_GPR },
    { 0x028, 0x00003800, MASK_GPR },
    { 0x030, 0x0f000000, MASK_GPR },
    { 0x034, 0x059124c4, MASK_GPR },
    { 0x038, 0x00000000, MASK_OBSMUX },
    /* SW_MUX_CTL_PAD: GPIO, but for the pads of the external bus (EIM) */
    { 0x04c, 5, MASK_MUX },             /* SD2_DATA1 */
    { 0x088, 0, MASK_MUX },             /* EIM_ADDR25 */
    { 0x08c, 5, MASK_MUX },             /* EIM_EB2_B */
    { 0x0d4, 0, MASK_MUX },             /* EIM_ADDR24 */
    { 0x15c, 5, MASK_MUX },             /* DI0_DISP_CLK */
    /* SW_PAD_CTL_PAD */
    { 0x360, 0x0001b0b0, MASK_PAD },    /* SD2_DATA1 */
    { 0x36c, 0x00013030, MASK_DDR },    /* RGMII_TXC */
    { 0x370, 0x0001b030, MASK_DDR },    /* RGMII_TD0 */
    { 0x380, 0x00013030, MASK_DDR },    /* RGMII_RX_CTL */
    { 0x384, 0x0001b030, MASK_DDR },    /* RGMII_RD0 */
    { 0x388, 0x00013030, MASK_DDR },    /* RGMII_TX_CTL */
    { 0x38c, 0x0001b030, MASK_DDR },    /* RGMII_RD1 */
    { 0x398, 0x00013030, MASK_DDR },    /* RGMII_RXC */
    { 0x39c, 0x0000b0b1, MASK_PAD },    /* EIM_ADDR25 */
    { 0x3a0, 0x0001b0b0, MASK_PAD },    /* EIM_EB2_B */
    { 0x3e8, 0x0000b0b1, MASK_PAD },    /* EIM_ADDR24 */
    { 0x468, 0x0000b060, MASK_PAD },    /* EIM_WAIT_B */
    { 0x46c, 0x0000b0b1, MASK_PAD },    /* EIM_BCLK */
    { 0x470, 0x0001b0b0, MASK_PAD },    /* DI0_DISP_CLK */
    { 0x50c, 0x00002030, MASK_DDR },    /* DRAM_SDQS5_P */
    { 0x510, 0x00008030, MASK_DDR },    /* DRAM_DQM5 */
    { 0x518, 0x00002030, MASK_DDR },    /* DRAM_SDQS4_P */
    { 0x520, 0x00008030, MASK_DDR },    /* DRAM_DQM3 */
    { 0x524, 0x00002030, MASK_DDR },    /* DRAM_SDQS2_P */
    { 0x528, 0x00008030, MASK_DDR },    /* DRAM_DQM2 */
    { 0x52c, 0x00008000, MASK_DDR },    /* DRAM_ADDR00 */
    { 0x56c, 0x00008030, MASK_DDR },    /* DRAM_CAS_B */
    { 0x570, 0x00008000, MASK_DDR },    /* DRAM_CS0_B */
    { 0x578, 0x00008030, MASK_DDR },    /* DRAM_RAS_B */
    { 0x57c, 0x00083030, MASK_DDR },    /* DRAM_RESET */
    { 0x580, 0x00008000, MASK_DDR },    /* DRAM_SDBA0 */
    { 0x588, 0x00008030, MASK_DDR },    /* DRAM_SDCLK0_P */
    { 0x58c, 0x0000b000, MASK_DDR },    /* DRAM_SDBA2 */
    { 0x590, 0x00003000, MASK_DDR },    /* DRAM_SDCKE0 */
    { 0x594, 0x00008030, MASK_DDR },    /* DRAM_SDCLK1_P */
    { 0x598, 0x00003000, MASK_DDR },    /* DRAM_SDCKE1 */
    { 0x59c, 0x00003030, MASK_DDR },    /* DRAM_ODT0 */
    { 0x5a4, 0x00008000, MASK_DDR },    /* DRAM_SDWE_B */
    { 0x5a8, 0x00002030, MASK_DDR },    /* DRAM_SDQS0_P */
    { 0x5ac, 0x00008030, MASK_DDR },    /* DRAM_DQM0 */
    { 0x5b0, 0x00002030, MASK_DDR },    /* DRAM_SDQS1_P */
    { 0x5b4, 0x00008030, MASK_DDR },    /* DRAM_DQM1 */
    { 0x5b8, 0x00002030, MASK_DDR },    /* DRAM_SDQS6_P */
    { 0x5bc, 0x00008030, MASK_DDR },    /* DRAM_DQM6 */
    { 0x5c0, 0x00002030, MASK_DDR },    /* DRAM_SDQS7_P */
    { 0x5c4, 0x00008030, MASK_DDR },    /* DRAM_DQM7 */
    { 0x5c8, 0x0001b0b0, MASK_PAD },    /* KEY_COL0 */
    { 0x678, 0x00007060, MASK_PAD },    /* JTAG_TMS */
    { 0x67c, 0x0000b060, MASK_PAD },    /* JTAG_MOD */
    { 0x680, 0x00007060, MASK_PAD },    /* JTAG_TRSTB */
    { 0x68c, 0x000090b1, MASK_PAD },    /* JTAG_TDO */
    { 0x690, 0x0001b0b0, MASK_PAD },    /* SD3_DATA7 */
    /* SW_PAD_CTL_GRP */
    { 0x748, 0x00000030, MASK_GROUP },  /* B7DS */
    { 0x750, 0x00000000, MASK_GROUP },  /* DDRMODE_CTL */
    { 0x758, 0x00001000, MASK_GROUP },  /* DDRPKE */
    { 0x75c, 0x00000000, MASK_GROUP },  /* TERM_CTL1 */
    { 0x768, 0x00002000, MASK_GROUP },  /* DDRPK */
    { 0x76c, 0x00000000, MASK_GROUP },  /* TERM_CTL4 */
    { 0x784, 0x00000030, MASK_GROUP },  /* B0DS */
    { 0x790, 0x00080000, MASK_GROUP },  /* DDR_TYPE_RGMII */
    { 0x794, 0x00000030, MASK_GROUP },  /* B2DS */
    { 0x798, 0x00080000, MASK_GROUP },  /* DDR_TYPE */
    { 0x79c, 0x00000030, MASK_GROUP },  /* B3DS */
    { 0x7ac, 0x00000000, MASK_GROUP },  /* RGMII_TERM */
    /* SELECT_INPUT (daisy chains) */
    { 0x7b0, 0x00000000, MASK_DAISY },
    { 0x7ec, 0x00000000, 0 },
    { 0x7f0, 0x00000000, MASK_DAISY },
    { IOMUXC_END, 0x00000000, 0 },
};

static const Run *find_run(hwaddr offset)
{
    unsigned i = 0;

    while (i + 1 < ARRAY_SIZE(runs) && runs[i + 1].offset <= offset) {
        i++;
    }
    return &runs[i];
}

static bool has_reg(hwaddr offset)
{
    return offset < IOMUXC_END && !(offset & 3) && find_run(offset)->mask;
}

uint32_t imx6_iomuxc_reg(IMX6IOMUXCState *s, hwaddr offset)
{
    return has_reg(offset) ? s->regs[offset / 4] : 0;
}

uint32_t imx6_iomuxc_gpr(IMX6IOMUXCState *s, unsigned n)
{
    return n < IMX6_IOMUXC_NUM_GPRS ? s->regs[n] : 0;
}

unsigned imx6_iomuxc_mux_mode(IMX6IOMUXCState *s, hwaddr offset)
{
    if (offset < IOMUXC_MUX_FIRST || offset > IOMUXC_MUX_LAST) {
        return 0;
    }
    return imx6_iomuxc_reg(s, offset) & 7;
}

static uint64_t imx6_iomuxc_read(void *opaque, hwaddr offset, unsigned size)
{
    IMX6IOMUXCState *s = opaque;
    uint32_t value = imx6_iomuxc_reg(s, offset);

    if (!has_reg(offset)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx
                      "\n", TYPE_IMX6_IOMUXC, offset);
    }
    trace_imx6_iomuxc_read(offset, value);
    return value;
}

static void imx6_iomuxc_write(void *opaque, hwaddr offset, uint64_t value,
                              unsigned size)
{
    IMX6IOMUXCState *s = opaque;
    uint32_t mask;

    trace_imx6_iomuxc_write(offset, value);
    if (!has_reg(offset)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx
                      "\n", TYPE_IMX6_IOMUXC, offset);
        return;
    }
    mask = find_run(offset)->mask;
    s->regs[offset / 4] = (s->regs[offset / 4] & ~mask) | (value & mask);
}

static const MemoryRegionOps imx6_iomuxc_ops = {
    .read = imx6_iomuxc_read,
    .write = imx6_iomuxc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void imx6_iomuxc_reset(DeviceState *dev)
{
    IMX6IOMUXCState *s = IMX6_IOMUXC(dev);

    for (unsigned i = 0; i < IOMUXC_NUM_REGS; i++) {
        s->regs[i] = find_run(i * 4)->reset;
    }
}

static void imx6_iomuxc_init(Object *obj)
{
    IMX6IOMUXCState *s = IMX6_IOMUXC(obj);

    memory_region_init_io(&s->iomem, obj, &imx6_iomuxc_ops, s,
                          TYPE_IMX6_IOMUXC, 0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
}

static const VMStateDescription vmstate_imx6_iomuxc = {
    .name = TYPE_IMX6_IOMUXC,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(regs, IMX6IOMUXCState, IOMUXC_NUM_REGS),
        VMSTATE_END_OF_LIST()
    },
};

static void imx6_iomuxc_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "i.MX6Q pad multiplexer and general purpose registers";
    dc->vmsd = &vmstate_imx6_iomuxc;
    device_class_set_legacy_reset(dc, imx6_iomuxc_reset);
}

static const TypeInfo imx6_iomuxc_info = {
    .name = TYPE_IMX6_IOMUXC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6IOMUXCState),
    .instance_init = imx6_iomuxc_init,
    .class_init = imx6_iomuxc_class_init,
};

static void imx6_iomuxc_register(void)
{
    type_register_static(&imx6_iomuxc_info);
}

type_init(imx6_iomuxc_register)
