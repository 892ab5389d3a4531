/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that programs the board's blocks at random: whatever it does, QEMU
 * lives on, answers within a time, and can be migrated.
 *
 * A program follows from its model and a seed. It has chapters, each of them
 * a reset, what a driver would set up, and so many random steps.
 *   IMX6_FUZZ_SEED=N      the first program's seed; the next has N + 1
 *   IMX6_FUZZ_SECONDS=N   go on for so long, instead of a few programs
 *   IMX6_FUZZ_TRACE=1     print each step before it is done
 * A program that fails says its seed: with that, and -p /arm/imx6-fuzz/MODEL,
 * it comes again. "make soak" runs this on a QEMU with sanitizers.
 */

#include "qemu/osdep.h"
#include "imx6-display-qtest.h"
#include "imx6-fuzz-gpu.h"

#define STEPS           120
#define CHAPTERS        10
#define PROGRAMS        2
/* Longest that QEMU may take for one step, in seconds of the host */
#define PATIENCE        60

static char where[128];
static bool trace;

static void too_slow(int signal)
{
    static const char text[] = ": one step took too long\n";

    if (write(STDERR_FILENO, where, strlen(where)) < 0 ||
        write(STDERR_FILENO, text, sizeof(text) - 1) < 0) {
        _exit(2);
    }
    abort();
}

static const char *failed_at(void)
{
    return where;
}

static uint32_t pick_register(Fuzz *f)
{
    const FuzzModel *m = f->model;
    unsigned total = 0, n;

    for (unsigned i = 0; i < m->window_count; i++) {
        total += m->windows[i].weight;
    }
    n = fuzz_below(f, total);
    for (const FuzzWindow *w = m->windows; ; w++) {
        if (n < w->weight) {
            return w->base + (fuzz_below(f, w->size) & ~3u);
        }
        n -= w->weight;
    }
}

/* Leaving QEMU is all that this one is for; and files stay unwritten. */
static bool forbidden(uint32_t addr)
{
    return (addr & ~3u) == IMX6_TESTDEV + 0x04;
}

static void access_register(Fuzz *f)
{
    uint32_t addr = pick_register(f);

    if (forbidden(addr)) {
        return;
    }
    if (trace) {
        g_printerr("%s: 0x%08x\n", where, addr);
    }
    switch (fuzz_below(f, 16)) {
    case 0 ... 1:
        qtest_readl(f->q, addr);
        break;
    case 2:
        addr += fuzz_below(f, 4);
        qtest_writeb(f->q, addr, fuzz_value(f));
        qtest_readb(f->q, addr);
        break;
    case 3:
        qtest_writew(f->q, addr + 2 * fuzz_below(f, 2), fuzz_value(f));
        break;
    case 4 ... 9:
        qtest_writel(f->q, addr, qtest_readl(f->q, addr) ^
                     1u << fuzz_below(f, 32));
        break;
    default:
        qtest_writel(f->q, addr, fuzz_value(f));
    }
}

static void pass_time(Fuzz *f)
{
    static const uint32_t longest[] = {
        1000, 10000, 100000, 200000, 1000000, 1000000, 5000000,
    };

    if (trace) {
        g_printerr("%s: time\n", where);
    }
    if (fuzz_one_in(f, 2)) {
        qtest_clock_step_next(f->q);
    } else {
        qtest_clock_step(f->q, 1 + fuzz_below(f,
                    longest[fuzz_below(f, G_N_ELEMENTS(longest))]));
    }
}

static void act(Fuzz *f)
{
    if (trace) {
        g_printerr("%s: act\n", where);
    }
    f->model->act(f);
}

/* Hardware that fails meanwhile: of the switches of hw/imx6/fault.c */
static const struct {
    const char *path;
    const char *name;
} faults[] = {
    { "/machine/ov5640", "fault-no-lp11" },
    { "/machine/ov5640", "fault-no-clock" },
    { "/machine/ov5640", "fault-short-frames" },
    { "/machine/ov5640", "fault-late-frames" },
    { "/machine/mipi-csi2", "fault-crc-error" },
    { "/machine/mipi-csi2", "fault-ecc-error" },
    { "/machine/mipi-csi2", "fault-lost-frame-end" },
    { "/machine/ipu1", "fault-stuck-busy" },
    { "/machine/ipu1", "fault-bus-error-read" },
    { "/machine/ipu1", "fault-bus-error-write" },
    { "/machine/ipu1", "fault-late-vsync" },
    { "/machine/ipu1", "fault-fifo-overflow" },
    { "/machine/hdmi", "fault-no-phy-lock" },
    { "/machine/pwm3", "fault-no-output" },
    { "/machine/gpc", "fault-stuck-power" },
    { "/machine/ocotp", "fault-stuck-busy" },
    { "/machine/gc320", "fault-stuck-busy" },
    { "/machine/gc320", "fault-bus-error" },
    { "/machine/gc2000", "fault-stuck-busy" },
    { "/machine/gc2000", "fault-bus-error" },
};

static void set_fault(Fuzz *f, unsigned n, bool on)
{
    qtest_qmp_assert_success(f->q, "{ 'execute': 'qom-set', 'arguments': { "
                             "'path': %s, 'property': %s, 'value': %i } }",
                             faults[n].path, faults[n].name, on);
    f->faults = on ? f->faults | 1u << n : f->faults & ~(1u << n);
}

static void clear_faults(Fuzz *f)
{
    for (unsigned n = 0; n < G_N_ELEMENTS(faults); n++) {
        if (f->faults >> n & 1) {
            set_fault(f, n, false);
        }
    }
}

static void run_step(Fuzz *f)
{
    const FuzzModel *m = f->model;

    alarm(PATIENCE);
    if (m->act && fuzz_one_in(f, m->act_every)) {
        act(f);
    } else if (fuzz_one_in(f, 4)) {
        pass_time(f);
    } else if (fuzz_one_in(f, 600)) {
        f->q = imx6_migrate(f->q, "");
        f->faults = 0;
    } else if (fuzz_one_in(f, 40)) {
        set_fault(f, fuzz_below(f, G_N_ELEMENTS(faults)), fuzz_one_in(f, 2));
    } else {
        access_register(f);
    }
}

static void run_program(const FuzzModel *m, uint32_t seed)
{
    Fuzz f = { .model = m, .seed = seed };

    f.rand = g_rand_new_with_seed(seed);
    f.q = imx6_init("");
    for (f.step = 0; f.step < STEPS * CHAPTERS; f.step++) {
        snprintf(where, sizeof(where), "imx6-fuzz: %s, seed %u, step %u",
                 m->name, seed, f.step);
        if (f.step % STEPS == 0) {
            clear_faults(&f);
            qtest_system_reset(f.q);
            m->setup(&f);
        }
        run_step(&f);
    }
    g_assert_cmphex(qtest_readl(f.q, IMX6_TESTDEV), ==, 0x52665443);
    qtest_quit(f.q);
    alarm(0);
    g_rand_free(f.rand);
}

static unsigned setting(const char *name, unsigned otherwise)
{
    const char *text = g_getenv(name);

    return text ? g_ascii_strtoull(text, NULL, 0) : otherwise;
}

static void fuzz(const void *model)
{
    unsigned seed = setting("IMX6_FUZZ_SEED", 1);
    unsigned seconds = setting("IMX6_FUZZ_SECONDS", 0);
    int64_t end = g_get_monotonic_time() + seconds * 1000000ll;
    unsigned n = 0;

    do {
        run_program(model, seed + n++);
    } while (seconds ? g_get_monotonic_time() < end : n < PROGRAMS);
    g_test_message("%u programs of %u steps", n, STEPS * CHAPTERS);
}

static const FuzzWindow soc_windows[] = {
    { IMX6_CCM, 0x90, 4 }, { IMX6_ANATOP, 0x280, 4 }, { IMX6_SRC, 0x48, 2 },
    { IMX6_GPC, 0x2c0, 3 }, { IMX6_IOMUXC, 0x950, 2 }, { IMX6_PWM(1), 0x20, 2 },
    { IMX6_PWM(3), 0x20, 4 }, { IMX6_OCOTP, 0x700, 4 },
    { 0x00110000, 0x1000, 2 }, { IMX6_TESTDEV, 0x40, 1 },
    { IMX6_GPIO(7), 0x20, 1 }, { IMX6_I2C(1), 0x14, 1 },
};

static void soc_setup(Fuzz *f)
{
    imx6_pll2_on(f->q);
    imx6_pll3_on(f->q);
}

static void soc_act(Fuzz *f)
{
    static const char * const clocks[] = {
        "ipu1-hz", "ipu2-hz", "ipu1-di0-hz", "gpu2d-core-hz", "pwm3-hz",
    };

    imx6_clk_hz(f->q, clocks[fuzz_below(f, G_N_ELEMENTS(clocks))]);
}

static const FuzzWindow camera_windows[] = {
    { IMX6_MIPI_CSI, 0x40, 6 }, { CSI2_GASKET, 4, 1 }, { IPU_CSI0, 0x30, 8 },
    { IPU_CSI0 + 0x8000, 0x100, 1 }, { IPU_SMFC, 0x10, 3 },
    { IPU_CPMEM, 0x100, 8 }, { IPU_CM, 0x294, 3 }, { IPU_CONF, 4, 1 },
    { IPU_CHA_BUF_RDY(0), 12, 3 }, { IPU_IDMAC, 0x140, 2 },
    { IMX6_GPIO(2), 8, 1 }, { IMX6_GPIO(6), 8, 1 }, { I2C2, 0x14, 1 },
    { IMX6_PWM(3), 0x18, 1 },
};

static void camera_setup(Fuzz *f)
{
    static const struct {
        SensorMode mode;
        Capture capture;
    } ways[] = {
        { { }, { } },
        { { .width = 320, .height = 240 }, { .width = 320, .height = 240 } },
        { { }, { .pfs = PFS_NV12, .stride = 640 } },
        { { .format = 0x23, .mux = 1 },
          { .pfs = PFS_RGB, .stride = 2560, .dt = DT_RGB888,
            .sens_conf = SENS_FMT(FMT_RGB_YUV444) | SENS_WIDTH_8 } },
        { { .format = 0x61, .mux = 1 },
          { .pfs = PFS_RGB, .bpp = 3, .dt = DT_RGB565,
            .sens_conf = SENS_FMT(FMT_RGB565) | SENS_WIDTH_8 } },
    };
    unsigned n = fuzz_below(f, G_N_ELEMENTS(ways));

    camera_start(f->q, &ways[n].mode, &ways[n].capture);
    if (fuzz_one_in(f, 4)) {
        qtest_writel(f->q, CSI_TST_CTRL, 1u << 24 | 0x408020);
    }
    qtest_clock_step(f->q, 1 + fuzz_below(f, 60 * MS));
}

static void aim_channel(Fuzz *f, unsigned ch)
{
    cpmem_set(f->q, ch, fuzz_one_in(f, 2) ? CP_EBA0 : CP_EBA1,
              fuzz_address(f) >> 3);
}

/* The sensor's registers, most of all those that make the picture */
static void camera_act(Fuzz *f)
{
    static const uint16_t regs[] = {
        0x3008, 0x300e, 0x3019, 0x3034, 0x3035, 0x3036, 0x3037, 0x3100,
        0x3108, 0x3808, 0x3809, 0x380a, 0x380b, 0x380c, 0x380d, 0x380e,
        0x380f, 0x3820, 0x3821, 0x4202, 0x4300, 0x4800, 0x4814, 0x501f,
        0x503d,
    };
    uint16_t reg = fuzz_one_in(f, 4) ? 0x3000 + fuzz_below(f, 0x3010) :
                   regs[fuzz_below(f, G_N_ELEMENTS(regs))];
    uint8_t addr = fuzz_one_in(f, 4) ? 0x40 : OV5640_ADDR;

    if (fuzz_one_in(f, 8)) {
        aim_channel(f, fuzz_below(f, 4));
    } else if (fuzz_one_in(f, 4)) {
        ov5640_read_at(f->q, addr, reg);
    } else {
        ov5640_write_at(f->q, addr, reg, fuzz_value(f));
    }
}

static const FuzzWindow display_windows[] = {
    { IPU_CM, 0x294, 4 }, { IPU_CONF, 4, 1 }, { IPU_IDMAC, 0x140, 2 },
    { IPU_DP, 0x118, 4 }, { IPU_DI(0), 0x178, 6 }, { IPU_DI(1), 0x178, 3 },
    { IPU_DC, 0x1cc, 5 }, { IPU_DMFC, 0x38, 1 }, { IPU_DC_TMPL, 0x800, 2 },
    { IPU_CPMEM + CH_BG * 64, 64, 6 }, { IPU_CPMEM + CH_FG * 64, 64, 6 },
    { IPU_CPMEM + CH_DC * 64, 64, 3 }, { IPU_CPMEM, 0x1000, 2 },
    { IMX6_IPU(1) + 0x220000, 0x40, 1 }, { IMX6_IPU(1) + 0x228000, 0x40, 1 },
    { IMX6_IPU(1) + 0x268000, 0x48, 1 }, { IMX6_IPU(2) + 0x200000, 0x294, 1 },
    { IMX6_CCM + 0x34, 12, 1 }, { IMX6_IOMUXC + 0x15c, 0x80, 1 },
    { IMX6_ANATOP + 0xa0, 0x24, 1 }, { IMX6_ANATOP + 0xf0, 0x14, 1 },
};

static void display_start(Fuzz *f, unsigned di)
{
    static const DisplayMode modes[] = { SMALL_MODE, PANEL_MODE };
    Display d = {
        .q = f->q, .di = di, .mode = modes[fuzz_below(f, 2)],
    };

    display_setup(&d, &(Plane) {
        .width = d.mode.hactive, .height = d.mode.vactive, .addr = FB(di),
        .stride = 4096, .bpp = 0,
        .pfs = fuzz_one_in(f, 2) ? 0 : fuzz_below(f, 11),
    });
    display_on(&d);
}

static void display_start_any(Fuzz *f)
{
    display_clocks(f->q);
    display_pads(f->q, 0);
    display_start(f, 0);
    if (fuzz_one_in(f, 2)) {
        display_start(f, 1);
    }
    /* An overlay */
    plane_setup(f->q, CH_FG, &(Plane) {
        .width = 32 + 8 * fuzz_below(f, 20), .height = 1 + fuzz_below(f, 60),
        .addr = FB(2), .pfs = fuzz_below(f, 11), .stride = 4096,
    });
    imx6_update(f->q, IDMAC_CHA_EN, 0, 1u << CH_FG);
    qtest_writel(f->q, DP_COM_CONF, fuzz_below(f, 0x1000));
    qtest_writel(f->q, DP_FG_POS, fuzz_value(f));
    qtest_writel(f->q, IPU_SRM_PRI2, SRM_DP_NEXT_FRAME);
    qtest_clock_step(f->q, 1 + fuzz_below(f, 40 * MS));
}

static void display_act(Fuzz *f)
{
    static const uint8_t channels[] = { CH_BG, CH_FG, CH_DC };

    aim_channel(f, channels[fuzz_below(f, 3)]);
}

#define HDMI            0x00120000

static const FuzzWindow hdmi_windows[] = {
    { HDMI, 0x200, 3 }, { HDMI + 0x800, 0x10, 1 }, { HDMI + 0x1000, 0x100, 2 },
    { HDMI + 0x3000, 0x40, 6 }, { HDMI + 0x3100, 0x200, 1 },
    { HDMI + 0x4000, 0x10, 3 }, { HDMI, 0x9000, 2 },
    { IMX6_IOMUXC, 0x20, 1 }, { IMX6_IOMUXC + 0x0c, 4, 1 },
    { IMX6_CCM + 0x70, 8, 1 },
};

static void hdmi_setup(Fuzz *f)
{
    imx6_pll3_on(f->q);
    display_start_any(f);
}

/* Bytes of the transmitter, the plug, and the monitor's memory */
static void hdmi_act(Fuzz *f)
{
    if (fuzz_one_in(f, 20)) {
        qtest_qmp_assert_success(f->q, "{ 'execute': 'qom-set', 'arguments': "
                                 "{ 'path': '/machine/hdmi', 'property': "
                                 "'connected', 'value': %i } }",
                                 fuzz_below(f, 2) == 1);
    } else if (fuzz_one_in(f, 4)) {
        i2c_start(f->q, 0);
        i2c_byte(f->q, 0x50 << 1 | fuzz_below(f, 2));
        i2c_byte(f->q, fuzz_value(f));
        qtest_readw(f->q, I2C2 + I2DR);
        i2c_stop(f->q);
    } else {
        qtest_writeb(f->q, HDMI + 0x3000 + fuzz_below(f, 0x30), fuzz_value(f));
    }
}

static const FuzzModel models[] = {
    { "soc", soc_windows, G_N_ELEMENTS(soc_windows), soc_setup, soc_act, 20 },
    { "camera", camera_windows, G_N_ELEMENTS(camera_windows), camera_setup,
      camera_act, 8 },
    { "display", display_windows, G_N_ELEMENTS(display_windows),
      display_start_any, display_act, 20 },
    { "hdmi", hdmi_windows, G_N_ELEMENTS(hdmi_windows), hdmi_setup, hdmi_act,
      4 },
    { "gc320", fuzz_gc320_windows, G_N_ELEMENTS(fuzz_gc320_windows),
      fuzz_gpu_setup, fuzz_gpu_act, 8 },
    { "gc2000", fuzz_gc2000_windows, G_N_ELEMENTS(fuzz_gc2000_windows),
      fuzz_gpu_setup, fuzz_gpu_act, 8 },
};

static void on_abort(void *unused)
{
    g_printerr("%s\n", failed_at());
}

int main(int argc, char **argv)
{
    struct sigaction late = { .sa_handler = too_slow };

    g_test_init(&argc, &argv, NULL);
    sigaction(SIGALRM, &late, NULL);
    trace = setting("IMX6_FUZZ_TRACE", 0);
    qtest_add_abrt_handler(on_abort, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(models); i++) {
        g_autofree char *path = g_strdup_printf("/imx6-fuzz/%s",
                                                models[i].name);

        qtest_add_data_func(path, &models[i], fuzz);
    }
    return g_test_run();
}
