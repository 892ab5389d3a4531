/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q clock tree: include/hw/imx6/clk.h.
 *
 * IMX6DQRM rev. 6, chapter 18 (CCM; figure 18-2, clock tree) and 18.7 (CCM
 * analog). The tree is a table of nodes, each of which names its register
 * field and its parents; a rate is found by walking up from the asked clock.
 *
 * Taken as given: the 24 MHz oscillator runs, no clock comes in through
 * CLK1/2 (anaclk) or the DI pads, the CPU is in run mode (a CCGR gate of 1
 * or 3 is open), PLL_SYS' spread spectrum is off.
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qapi/visitor.h"
#include "hw/imx6/clk.h"

#define OSC_HZ                  24000000

/*
 * What silicon does beyond these is not told; whoever asks for a rate may
 * calculate with 32 bits.
 */
#define AV_PLL_MAX_HZ           1300000000
#define PFD_FRAC_MIN            12

#define PLL_POWER               (1 << 12)
#define PLL_ENABLE              (1 << 13)
#define PLL_BYPASS              (1 << 16)

typedef enum Node {
    NONE,
    OSC,
    PLL1, PLL2, PLL3, PLL5,
    PLL5_POST, PLL5_DIV,
    PLL2_PFD0, PLL2_PFD1, PLL2_PFD2, PLL3_PFD0, PLL3_PFD1,
    PLL2_198M, PLL3_SW, PLL3_120M, VIDEO_27M,
    PERIPH_PRE, PERIPH_CLK2_SEL, PERIPH_CLK2, PERIPH,
    PERIPH2_PRE, PERIPH2_CLK2_SEL, PERIPH2_CLK2, PERIPH2,
    AHB, IPG, PERCLK, AXI_SEL, AXI,
    MMDC_CH0_PODF, MMDC_CH0, MMDC_CH1_PODF, MMDC_CH1,
    GPU2D_SEL, GPU2D_PODF, GPU2D_CORE, GPU2D_AXI_SEL, GPU2D_AXI,
    GPU3D_SEL, GPU3D_PODF, GPU3D_CORE, GPU3D_AXI_SEL, GPU3D_AXI,
    SHADER_SEL, SHADER_PODF, SHADER,
    IPU1_SEL, IPU1_PODF, IPU1, IPU2_SEL, IPU2_PODF, IPU2,
    LDB_DI0_SEL, LDB_DI0_3_5, LDB_DI0_PODF, LDB_DI0,
    LDB_DI1_SEL, LDB_DI1_3_5, LDB_DI1_PODF, LDB_DI1,
    IPU1_DI0_PRE_SEL, IPU1_DI0_PRE, IPU1_DI0_SEL, IPU1_DI0,
    IPU1_DI1_PRE_SEL, IPU1_DI1_PRE, IPU1_DI1_SEL, IPU1_DI1,
    IPU2_DI0_PRE_SEL, IPU2_DI0_PRE, IPU2_DI0_SEL, IPU2_DI0,
    IPU2_DI1_PRE_SEL, IPU2_DI1_PRE, IPU2_DI1_SEL, IPU2_DI1,
    HSI_TX_SEL, HSI_TX_PODF, HSI_TX, MIPI_CORE_CFG,
    HDMI_IAHB, HDMI_ISFR, EIM_SEL, EIM_PODF,
    PWM1, PWM2, PWM3, PWM4, OCOTP,
    NODE_COUNT
} Node;

typedef enum Kind {
    KIND_DEAD = 0,      /* no clock */
    KIND_OSC,
    KIND_PLL,           /* analog[reg] */
    KIND_PFD,           /* analog[reg], "shift" is the PFD's byte */
    KIND_POST,          /* analog[reg], 2 bits, divisors in post_div[] */
    KIND_SW,            /* PLL3 as CCM sees it: cut off by a bit of CCSR */
    KIND_MUX,           /* ccm[reg] */
    KIND_DIV,           /* ccm[reg], field + 1 */
    KIND_RATIO,         /* times "reg", by "shift" */
    KIND_GATE,          /* ccm[reg], 2 bits */
} Kind;

typedef struct NodeInfo {
    Kind kind;
    uint8_t reg;
    uint8_t shift;
    uint8_t width;
    const uint8_t *parents;
} NodeInfo;

static const uint8_t di_pre[8] = {
    MMDC_CH0, PLL3_SW, PLL5_DIV, PLL2_PFD0, PLL2_PFD2, PLL3_PFD1,
};
static const uint8_t ldb[8] = {
    PLL5_DIV, PLL2_PFD0, PLL2_PFD2, MMDC_CH1, PLL3_SW,
};
static const uint8_t ipu[8] = { MMDC_CH0, PLL2_PFD2, PLL3_120M, PLL3_PFD1 };
static const uint8_t periph[8] = { PLL2, PLL2_PFD2, PLL2_PFD0, PLL2_198M };

#define OF(...)             ((const uint8_t[8]) { __VA_ARGS__ })
#define MUX(r, s, w, list)  { KIND_MUX, CCM_##r, s, w, list }
#define DIV(r, s, w, p)     { KIND_DIV, CCM_##r, s, w, OF(p) }
#define GATE(r, cg, p)      { KIND_GATE, CCM_##r, 2 * (cg), 2, OF(p) }
#define RATIO(m, d, p)      { KIND_RATIO, m, d, 0, OF(p) }
#define PLL(r)              { KIND_PLL, CCM_ANALOG_PLL_##r, 0, 0, OF(OSC) }
#define PFD(r, n, p)        { KIND_PFD, CCM_ANALOG_PFD_##r, 8 * (n), 8, OF(p) }

static const NodeInfo nodes[NODE_COUNT] = {
    [OSC] = { KIND_OSC },
    [PLL1] = PLL(ARM),
    [PLL2] = PLL(SYS),
    [PLL3] = PLL(USB1),
    [PLL5] = PLL(VIDEO),
    [PLL5_POST] = { KIND_POST, CCM_ANALOG_PLL_VIDEO, 19, 2, OF(PLL5) },
    [PLL5_DIV] = { KIND_POST, CCM_ANALOG_MISC2, 30, 2, OF(PLL5_POST) },
    [PLL2_PFD0] = PFD(528, 0, PLL2),
    [PLL2_PFD1] = PFD(528, 1, PLL2),
    [PLL2_PFD2] = PFD(528, 2, PLL2),
    [PLL3_PFD0] = PFD(480, 0, PLL3),
    [PLL3_PFD1] = PFD(480, 1, PLL3),
    [PLL2_198M] = RATIO(1, 2, PLL2_PFD2),
    [PLL3_SW] = { KIND_SW, CCM_CCSR, 0, 1, OF(PLL3) },
    [PLL3_120M] = RATIO(1, 4, PLL3_SW),
    [VIDEO_27M] = RATIO(1, 20, PLL3_PFD1),

    /* Figure 18-2, bus clock generator */
    [PERIPH_PRE] = MUX(CBCMR, 18, 2, periph),
    [PERIPH_CLK2_SEL] = MUX(CBCMR, 12, 2, OF(PLL3_SW, OSC, OSC)),
    [PERIPH_CLK2] = DIV(CBCDR, 27, 3, PERIPH_CLK2_SEL),
    [PERIPH] = MUX(CBCDR, 25, 1, OF(PERIPH_PRE, PERIPH_CLK2)),
    [PERIPH2_PRE] = MUX(CBCMR, 21, 2, periph),
    [PERIPH2_CLK2_SEL] = MUX(CBCMR, 20, 1, OF(PLL3_SW, PLL2)),
    [PERIPH2_CLK2] = DIV(CBCDR, 0, 3, PERIPH2_CLK2_SEL),
    [PERIPH2] = MUX(CBCDR, 26, 1, OF(PERIPH2_PRE, PERIPH2_CLK2)),
    [AHB] = DIV(CBCDR, 10, 3, PERIPH),
    [IPG] = DIV(CBCDR, 8, 2, AHB),
    [PERCLK] = DIV(CSCMR1, 0, 6, IPG),
    [AXI_SEL] = MUX(CBCDR, 6, 2, OF(PERIPH, PLL2_PFD2, PERIPH, PLL3_PFD1)),
    [AXI] = DIV(CBCDR, 16, 3, AXI_SEL),
    [MMDC_CH0_PODF] = DIV(CBCDR, 19, 3, PERIPH),
    [MMDC_CH0] = GATE(CCGR3, 10, MMDC_CH0_PODF),
    [MMDC_CH1_PODF] = DIV(CBCDR, 3, 3, PERIPH2),
    [MMDC_CH1] = GATE(CCGR3, 11, MMDC_CH1_PODF),

    /* GPUs */
    [GPU2D_SEL] = MUX(CBCMR, 16, 2, OF(AXI, PLL3_SW, PLL2_PFD0, PLL2_PFD2)),
    [GPU2D_PODF] = DIV(CBCMR, 23, 3, GPU2D_SEL),
    [GPU2D_CORE] = GATE(CCGR1, 12, GPU2D_PODF),
    [GPU2D_AXI_SEL] = MUX(CBCMR, 0, 1, OF(AXI, AHB)),
    [GPU2D_AXI] = GATE(CCGR1, 12, GPU2D_AXI_SEL),
    [GPU3D_SEL] = MUX(CBCMR, 4, 2,
                      OF(MMDC_CH0, PLL3_SW, PLL2_PFD1, PLL2_PFD2)),
    [GPU3D_PODF] = DIV(CBCMR, 26, 3, GPU3D_SEL),
    [GPU3D_CORE] = GATE(CCGR1, 13, GPU3D_PODF),
    [GPU3D_AXI_SEL] = MUX(CBCMR, 1, 1, OF(AXI, AHB)),
    [GPU3D_AXI] = GATE(CCGR1, 13, GPU3D_AXI_SEL),
    [SHADER_SEL] = MUX(CBCMR, 8, 2,
                       OF(MMDC_CH0, PLL3_SW, PLL2_PFD1, PLL3_PFD0)),
    [SHADER_PODF] = DIV(CBCMR, 29, 3, SHADER_SEL),
    [SHADER] = GATE(CCGR1, 13, SHADER_PODF),

    /* IPUs and their display clocks */
    [IPU1_SEL] = MUX(CSCDR3, 9, 2, ipu),
    [IPU1_PODF] = DIV(CSCDR3, 11, 3, IPU1_SEL),
    [IPU1] = GATE(CCGR3, 0, IPU1_PODF),
    [IPU2_SEL] = MUX(CSCDR3, 14, 2, ipu),
    [IPU2_PODF] = DIV(CSCDR3, 16, 3, IPU2_SEL),
    [IPU2] = GATE(CCGR3, 3, IPU2_PODF),
    [LDB_DI0_SEL] = MUX(CS2CDR, 9, 3, ldb),
    [LDB_DI0_3_5] = RATIO(2, 7, LDB_DI0_SEL),
    [LDB_DI0_PODF] = DIV(CSCMR2, 10, 1, LDB_DI0_3_5),
    [LDB_DI0] = GATE(CCGR3, 6, LDB_DI0_PODF),
    [LDB_DI1_SEL] = MUX(CS2CDR, 12, 3, ldb),
    [LDB_DI1_3_5] = RATIO(2, 7, LDB_DI1_SEL),
    [LDB_DI1_PODF] = DIV(CSCMR2, 11, 1, LDB_DI1_3_5),
    [LDB_DI1] = GATE(CCGR3, 7, LDB_DI1_PODF),
    [IPU1_DI0_PRE_SEL] = MUX(CHSCCDR, 6, 3, di_pre),
    [IPU1_DI0_PRE] = DIV(CHSCCDR, 3, 3, IPU1_DI0_PRE_SEL),
    [IPU1_DI0_SEL] = MUX(CHSCCDR, 0, 3,
                         OF(IPU1_DI0_PRE, NONE, NONE, LDB_DI0, LDB_DI1)),
    [IPU1_DI0] = GATE(CCGR3, 1, IPU1_DI0_SEL),
    [IPU1_DI1_PRE_SEL] = MUX(CHSCCDR, 15, 3, di_pre),
    [IPU1_DI1_PRE] = DIV(CHSCCDR, 12, 3, IPU1_DI1_PRE_SEL),
    [IPU1_DI1_SEL] = MUX(CHSCCDR, 9, 3,
                         OF(IPU1_DI1_PRE, NONE, NONE, LDB_DI0, LDB_DI1)),
    [IPU1_DI1] = GATE(CCGR3, 2, IPU1_DI1_SEL),
    [IPU2_DI0_PRE_SEL] = MUX(CSCDR2, 6, 3, di_pre),
    [IPU2_DI0_PRE] = DIV(CSCDR2, 3, 3, IPU2_DI0_PRE_SEL),
    [IPU2_DI0_SEL] = MUX(CSCDR2, 0, 3,
                         OF(IPU2_DI0_PRE, NONE, NONE, LDB_DI0, LDB_DI1)),
    [IPU2_DI0] = GATE(CCGR3, 4, IPU2_DI0_SEL),
    [IPU2_DI1_PRE_SEL] = MUX(CSCDR2, 15, 3, di_pre),
    [IPU2_DI1_PRE] = DIV(CSCDR2, 12, 3, IPU2_DI1_PRE_SEL),
    [IPU2_DI1_SEL] = MUX(CSCDR2, 9, 3,
                         OF(IPU2_DI1_PRE, NONE, NONE, LDB_DI0, LDB_DI1)),
    [IPU2_DI1] = GATE(CCGR3, 5, IPU2_DI1_SEL),

    /* CSI-2 receiver and HDMI */
    [HSI_TX_SEL] = MUX(CDCDR, 28, 1, OF(PLL3_120M, PLL2_PFD2)),
    [HSI_TX_PODF] = DIV(CDCDR, 29, 3, HSI_TX_SEL),
    [HSI_TX] = GATE(CCGR3, 8, HSI_TX_PODF),
    [MIPI_CORE_CFG] = GATE(CCGR3, 8, VIDEO_27M),
    [HDMI_IAHB] = GATE(CCGR2, 0, AHB),
    [HDMI_ISFR] = GATE(CCGR2, 2, MIPI_CORE_CFG),
    [EIM_SEL] = MUX(CSCMR1, 27, 2, OF(PLL2_PFD2, PLL3_SW, AXI, PLL2_PFD0)),
    [EIM_PODF] = DIV(CSCMR1, 20, 3, EIM_SEL),

    [PWM1] = GATE(CCGR4, 8, PERCLK),
    [PWM2] = GATE(CCGR4, 9, PERCLK),
    [PWM3] = GATE(CCGR4, 10, PERCLK),
    [PWM4] = GATE(CCGR4, 11, PERCLK),
    [OCOTP] = GATE(CCGR2, 6, IPG),
};

static const Node node_of[IMX6Q_CLK_COUNT] = {
    [IMX6Q_CLK_IPU1] = IPU1,
    [IMX6Q_CLK_IPU1_DI0] = IPU1_DI0,
    [IMX6Q_CLK_IPU1_DI1] = IPU1_DI1,
    [IMX6Q_CLK_IPU2] = IPU2,
    [IMX6Q_CLK_IPU2_DI0] = IPU2_DI0,
    [IMX6Q_CLK_IPU2_DI1] = IPU2_DI1,
    [IMX6Q_CLK_LDB_DI0] = LDB_DI0,
    [IMX6Q_CLK_LDB_DI1] = LDB_DI1,
    [IMX6Q_CLK_HSI_TX] = HSI_TX,
    [IMX6Q_CLK_GPU2D_CORE] = GPU2D_CORE,
    [IMX6Q_CLK_GPU2D_AXI] = GPU2D_AXI,
    [IMX6Q_CLK_GPU3D_CORE] = GPU3D_CORE,
    [IMX6Q_CLK_GPU3D_SHADER] = SHADER,
    [IMX6Q_CLK_GPU3D_AXI] = GPU3D_AXI,
    [IMX6Q_CLK_HDMI_IAHB] = HDMI_IAHB,
    [IMX6Q_CLK_HDMI_ISFR] = HDMI_ISFR,
    [IMX6Q_CLK_EIM_SLOW] = EIM_PODF,
    [IMX6Q_CLK_VIDEO_27M] = VIDEO_27M,
    [IMX6Q_CLK_IPG] = IPG,
    [IMX6Q_CLK_PERCLK] = PERCLK,
    [IMX6Q_CLK_PWM1] = PWM1,
    [IMX6Q_CLK_PWM2] = PWM2,
    [IMX6Q_CLK_PWM3] = PWM3,
    [IMX6Q_CLK_PWM4] = PWM4,
    [IMX6Q_CLK_OCOTP] = OCOTP,
};

/*
 * 18.7.10, 18.7.11: 24 MHz * (DIV_SELECT + NUM / DENOM), NUM is signed. The
 * VCO ends at 1.3 GHz, whatever it is asked for.
 */
static uint64_t av_pll_hz(const uint32_t *analog, uint32_t pll, unsigned num,
                          unsigned denom)
{
    int64_t a = sextract32(analog[num], 0, 30);
    int64_t b = extract32(analog[denom], 0, 30);
    int64_t hz = (int64_t)OSC_HZ * extract32(pll, 0, 7);

    if (b) {
        hz += OSC_HZ * a / b;
    }
    return MIN(MAX(hz, 0), AV_PLL_MAX_HZ);
}

static uint64_t pll_hz(const uint32_t *analog, unsigned reg)
{
    uint32_t pll = analog[reg];
    /* The bit powers PLL3 (and 7) up and the others down: 18.7.2 */
    bool powered = !(pll & PLL_POWER) == (reg != CCM_ANALOG_PLL_USB1);

    if (!(pll & PLL_ENABLE)) {
        return 0;
    }
    if (pll & PLL_BYPASS) {
        return extract32(pll, 14, 2) ? 0 : OSC_HZ;
    }
    if (!powered) {
        return 0;
    }
    switch (reg) {
    case CCM_ANALOG_PLL_ARM:
        return (uint64_t)OSC_HZ * extract32(pll, 0, 7) / 2;
    case CCM_ANALOG_PLL_SYS:
        return OSC_HZ * (pll & 1 ? 22 : 20);
    case CCM_ANALOG_PLL_USB1:
        return OSC_HZ * (extract32(pll, 0, 2) == 1 ? 22 : 20);
    default:
        return av_pll_hz(analog, pll, CCM_ANALOG_PLL_VIDEO_NUM,
                         CCM_ANALOG_PLL_VIDEO_DENOM);
    }
}

/* 18.7.16: 18 / FRAC of the PLL's rate, FRAC from 12 on; bit 7 gates */
static uint64_t pfd_hz(uint64_t parent_hz, uint32_t field)
{
    uint32_t frac = field & 0x3f;

    if ((field & 0x80) || !frac) {
        return 0;
    }
    return parent_hz * 18 / MAX(frac, PFD_FRAC_MIN);
}

static unsigned post_div(unsigned reg, unsigned field)
{
    static const uint8_t pll_post[] = { 4, 2, 1, 1 };   /* POST_DIV_SELECT */
    static const uint8_t video[] = { 1, 2, 1, 4 };      /* MISC2, VIDEO_DIV */

    return (reg == CCM_ANALOG_PLL_VIDEO ? pll_post : video)[field & 3];
}

static uint64_t node_hz(IMX6CCMState *ccm, Node node)
{
    const NodeInfo *n = &nodes[node];
    uint32_t field;

    switch (n->kind) {
    case KIND_DEAD:
        return 0;
    case KIND_OSC:
        return OSC_HZ;
    case KIND_PLL:
        return pll_hz(ccm->analog, n->reg);
    case KIND_RATIO:
        return node_hz(ccm, n->parents[0]) * n->reg / n->shift;
    case KIND_PFD:
        field = extract32(ccm->analog[n->reg], n->shift, n->width);
        return pfd_hz(node_hz(ccm, n->parents[0]), field);
    case KIND_POST:
        field = extract32(ccm->analog[n->reg], n->shift, n->width);
        return node_hz(ccm, n->parents[0]) / post_div(n->reg, field);
    default:
        break;
    }

    field = extract32(ccm->ccm[n->reg], n->shift, n->width);
    switch (n->kind) {
    case KIND_SW:
        return field ? 0 : node_hz(ccm, n->parents[0]);
    case KIND_MUX:
        return node_hz(ccm, n->parents[field]);
    case KIND_DIV:
        return node_hz(ccm, n->parents[0]) / (field + 1);
    case KIND_GATE:
        return field ? node_hz(ccm, n->parents[0]) : 0;
    default:
        g_assert_not_reached();
    }
}

uint64_t imx6q_clk_hz(IMX6CCMState *ccm, IMX6QClock clock)
{
    return clock < IMX6Q_CLK_COUNT ? node_hz(ccm, node_of[clock]) : 0;
}

static const char *const names[IMX6Q_CLK_COUNT] = {
    [IMX6Q_CLK_IPU1] = "ipu1-hz",
    [IMX6Q_CLK_IPU1_DI0] = "ipu1-di0-hz",
    [IMX6Q_CLK_IPU1_DI1] = "ipu1-di1-hz",
    [IMX6Q_CLK_IPU2] = "ipu2-hz",
    [IMX6Q_CLK_IPU2_DI0] = "ipu2-di0-hz",
    [IMX6Q_CLK_IPU2_DI1] = "ipu2-di1-hz",
    [IMX6Q_CLK_LDB_DI0] = "ldb-di0-hz",
    [IMX6Q_CLK_LDB_DI1] = "ldb-di1-hz",
    [IMX6Q_CLK_HSI_TX] = "hsi-tx-hz",
    [IMX6Q_CLK_GPU2D_CORE] = "gpu2d-core-hz",
    [IMX6Q_CLK_GPU2D_AXI] = "gpu2d-axi-hz",
    [IMX6Q_CLK_GPU3D_CORE] = "gpu3d-core-hz",
    [IMX6Q_CLK_GPU3D_SHADER] = "gpu3d-shader-hz",
    [IMX6Q_CLK_GPU3D_AXI] = "gpu3d-axi-hz",
    [IMX6Q_CLK_HDMI_IAHB] = "hdmi-iahb-hz",
    [IMX6Q_CLK_HDMI_ISFR] = "hdmi-isfr-hz",
    [IMX6Q_CLK_EIM_SLOW] = "eim-slow-hz",
    [IMX6Q_CLK_VIDEO_27M] = "video-27m-hz",
    [IMX6Q_CLK_IPG] = "ipg-hz",
    [IMX6Q_CLK_PERCLK] = "perclk-hz",
    [IMX6Q_CLK_PWM1] = "pwm1-hz",
    [IMX6Q_CLK_PWM2] = "pwm2-hz",
    [IMX6Q_CLK_PWM3] = "pwm3-hz",
    [IMX6Q_CLK_PWM4] = "pwm4-hz",
    [IMX6Q_CLK_OCOTP] = "ocotp-hz",
};

static void get_hz(Object *obj, Visitor *v, const char *name, void *opaque,
                   Error **errp)
{
    uint64_t hz = imx6q_clk_hz(IMX6_CCM(obj), GPOINTER_TO_UINT(opaque));

    visit_type_uint64(v, name, &hz, errp);
}

void imx6q_clk_add_properties(IMX6CCMState *ccm)
{
    for (unsigned i = 0; i < IMX6Q_CLK_COUNT; i++) {
        object_property_add(OBJECT(ccm), names[i], "uint64", get_hz, NULL,
                            NULL, GUINT_TO_POINTER(i));
    }
}
