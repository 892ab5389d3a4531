/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of the Vivante cores: identity, reset, clocks and power, front end,
 * events, MMU. hw/imx6/vivante.
 *
 * Expectations are those of Linux's etnaviv driver and of the rnndb database;
 * the cores' identities are in etna_viv's gpus.json.
 */

#include "qemu/osdep.h"
#include "imx6-vivante-qtest.h"

/* In the linear window, offsets into the RAM */
#define PICTURE                 0x00100000
#define PAGE_TABLE              0x00200000      /* 2 MiB */
#define PAGE(n)                 (0x00500000 + 0x3000 * (n))
/* Behind the 64 MiB of the board's RAM */
#define NOWHERE                 0x20000000

#define GPC_CNTR                (IMX6_GPC + 0x000)
#define   GPU_VPU_PDN_REQ       (1u << 0)
#define   GPU_VPU_PUP_REQ       (1u << 1)
#define GPC_PGC_GPU_CTRL        (IMX6_GPC + 0x260)

static const struct {
    uint32_t base;
    uint32_t model, revision, features, minor0, minor1;
} cores[] = {
    { GC2000_BASE, 0x2000, 0x5108, 0xe0296cad, 0xc9799eff, 0x2efbf2d9 },
    { GC320_BASE, 0x0320, 0x5007, 0xe02c7eca, 0xc1399eff, 0x020fb2db },
    { GC355_BASE, 0x0355, 0x1215, 0x1e2c7cc8, 0x0024207f, 0x00000000 },
};

static void test_identity(void)
{
    QTestState *q = imx6_init("");

    imx6_pll2_on(q);
    for (unsigned i = 0; i < G_N_ELEMENTS(cores); i++) {
        uint32_t base = cores[i].base;

        /* A family of 1 would be a GC500: etnaviv_hw_identify() */
        g_assert_cmphex(qtest_readl(q, base + 0x18) >> 24, !=, 1);
        g_assert_cmphex(qtest_readl(q, base + 0x18), !=, 0);
        g_assert_cmphex(qtest_readl(q, base + 0x20), ==, cores[i].model);
        g_assert_cmphex(qtest_readl(q, base + 0x24), ==, cores[i].revision);
        g_assert_cmphex(qtest_readl(q, base + 0x1c), ==, cores[i].features);
        g_assert_cmphex(qtest_readl(q, base + 0x34), ==, cores[i].minor0);
        g_assert_cmphex(qtest_readl(q, base + 0x74), ==, cores[i].minor1);
        qtest_writel(q, base + 0x20, 0);
        g_assert_cmphex(qtest_readl(q, base + 0x20), ==, cores[i].model);
    }
    qtest_quit(q);
}

/* The driver's sequence brings a busy core back to idle, and clears it. */
static void test_reset(void)
{
    GPU g = gc320_start();
    Stream s = { 0 };

    st_event(&s, 5, EVENT_FROM_FE);
    st_wait(&s, 100);
    st_link(&s, 2, GPU_STREAM + 8);
    gpu_run(&g, &s);
    qtest_clock_step(g.q, MS);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE, ==, 0);
    g_assert_cmphex(gpu_read(&g, HI_CLOCK_CONTROL) & IDLE_2D, ==, 0);
    g_assert_true(imx6_spi(g.q, g.spi));

    gpu_reset(&g);                              /* asserts that it is idle */
    g_assert_false(imx6_spi(g.q, g.spi));
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 0);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ENBL), ==, 0);
    g_assert_cmphex(gpu_read(&g, HI_AXI_CONFIG), ==, 0);
    g_assert_cmphex(gpu_read(&g, MC_MEMORY_BASE_ADDR_FE), ==, 0);
    qtest_clock_step(g.q, MS);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_ALL, ==, IDLE_ALL);
    gpu_quit(&g);
}

/* While SOFT_RESET is set the front end does not start. */
static void test_held_in_reset(void)
{
    GPU g = gc320_start();
    Stream s = { 0 };

    st_event(&s, 5, EVENT_FROM_FE);
    st_end(&s);
    gpu_write(&g, HI_CLOCK_CONTROL, FSCALE_VAL(64) | ISOLATE_GPU |
              SOFT_RESET);
    gpu_hw_init(&g);
    gpu_run(&g, &s);
    qtest_clock_step(g.q, MS);
    gpu_write(&g, HI_CLOCK_CONTROL, FSCALE_VAL(64));
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 0);
    gpu_quit(&g);
}

/* CCGR1: CG12 is the 2D cores', CG13 the 3D core's (18.6.24) */
static void test_gates(void)
{
    static const struct { unsigned core, cg; } gates[] = {
        { 0, 13 }, { 1, 12 }, { 2, 12 },
    };
    QTestState *q = imx6_init("");

    imx6_pll2_on(q);
    for (unsigned i = 0; i < G_N_ELEMENTS(gates); i++) {
        uint32_t base = cores[gates[i].core].base;

        qtest_writel(q, base + HI_INTR_ENBL, 0x12345678);
        imx6_gate(q, 1, gates[i].cg, false);
        g_assert_cmphex(qtest_readl(q, base + 0x20), ==, 0);
        g_assert_cmphex(qtest_readl(q, base + HI_INTR_ENBL), ==, 0);
        qtest_writel(q, base + HI_INTR_ENBL, 0xffffffff);
        imx6_gate(q, 1, gates[i].cg, true);
        /* Registers keep what they held, and missed the write. */
        g_assert_cmphex(qtest_readl(q, base + 0x20), ==,
                        cores[gates[i].core].model);
        g_assert_cmphex(qtest_readl(q, base + HI_INTR_ENBL), ==, 0x12345678);
    }
    qtest_quit(q);
}

/* drivers/pmdomain/imx/gpc.c: the PU domain takes the registers with it. */
static void test_power(void)
{
    GPU g = gc320_start();

    qtest_writel(g.q, GPC_PGC_GPU_CTRL, 1);
    qtest_writel(g.q, GPC_CNTR, GPU_VPU_PDN_REQ);
    qtest_clock_step(g.q, MS);
    g_assert_cmphex(qtest_readl(g.q, GPC_CNTR) & GPU_VPU_PDN_REQ, ==, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(cores); i++) {
        g_assert_cmphex(qtest_readl(g.q, cores[i].base + 0x20), ==, 0);
    }
    qtest_writel(g.q, GPC_PGC_GPU_CTRL, 1);
    qtest_writel(g.q, GPC_CNTR, GPU_VPU_PUP_REQ);
    qtest_clock_step(g.q, MS);
    g_assert_cmphex(qtest_readl(g.q, GPC_CNTR) & GPU_VPU_PUP_REQ, ==, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(cores); i++) {
        g_assert_cmphex(qtest_readl(g.q, cores[i].base + 0x20), ==,
                        cores[i].model);
    }
    g_assert_cmphex(gpu_read(&g, HI_INTR_ENBL), ==, 0);
    g_assert_cmphex(gpu_read(&g, MC_MEMORY_BASE_ADDR_FE), ==, 0);
    gpu_quit(&g);
}

/* How long WAIT takes, from the start of the front end to its END */
static int64_t time_of_wait(GPU *g, uint16_t cycles)
{
    Stream s = { 0 };
    int64_t start = imx6_now(g->q), end;

    st_wait(&s, cycles);
    st_event(&s, 1, EVENT_FROM_FE);
    st_end(&s);
    gpu_run(g, &s);
    end = gpu_wait_irq(g, US, 10 * MS);
    gpu_read(g, HI_INTR_ACKNOWLEDGE);
    qtest_clock_step(g->q, 10 * US);
    return end - start;
}

/* WAIT counts core cycles, which FSCALE (of 64) and the CCM slow down. */
static void test_clock(void)
{
    GPU g = gc320_start();
    uint64_t hz = imx6_clk_hz(g.q, "gpu2d-core-hz");
    int64_t want = 50000 * 1000000000ll / hz, took;
    Stream s = { 0 };

    g_assert_cmpuint(hz, >, 100000000);
    took = time_of_wait(&g, 50000);
    g_assert_cmpint(took, >=, want);
    g_assert_cmpint(took, <, want + 5 * US);
    gpu_load_clock(&g, FSCALE_VAL(32));
    took = time_of_wait(&g, 50000);
    g_assert_cmpint(took, >=, 2 * want);
    g_assert_cmpint(took, <, 2 * want + 5 * US);

    /* etnaviv_gpu_clk_disable(): no clock, no progress, and then again */
    gpu_load_clock(&g, FSCALE_VAL(64));
    gpu_write(&g, HI_CLOCK_CONTROL, FSCALE_VAL(64) | CLK2D_DIS);
    st_event(&s, 2, EVENT_FROM_FE);
    st_end(&s);
    gpu_run(&g, &s);
    qtest_clock_step(g.q, 5 * MS);
    g_assert_false(imx6_spi(g.q, g.spi));
    gpu_write(&g, HI_CLOCK_CONTROL, FSCALE_VAL(64));
    gpu_wait_irq(&g, 10 * US, 5 * MS);
    gpu_quit(&g);
}

/* The front end runs what it was told to fetch, and not a word more. */
static void test_prefetch(void)
{
    for (unsigned n = 1; n <= 4; n++) {
        GPU g = gc320_start();
        Stream s = { 0 };

        st_event(&s, 1, EVENT_FROM_FE);
        st_event(&s, 2, EVENT_FROM_FE);
        st_end(&s);
        st_end(&s);
        gpu_put_stream(&g, &s, GPU_STREAM);
        gpu_start_fe(&g, GPU_STREAM, n);
        qtest_clock_step(g.q, 10 * MS);
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==,
                        n == 1 ? 1u << 1 : 3u << 1);
        if (n >= 3) {
            g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE, !=, 0);
            gpu_quit(&g);
            continue;
        }
        /* One short hangs it, and nothing but a reset helps. */
        g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE, ==, 0);
        gpu_start_fe(&g, GPU_STREAM, 3);
        qtest_clock_step(g.q, 10 * MS);
        g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE, ==, 0);
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 0);
        gpu_reset(&g);
        gpu_hw_init(&g);
        gpu_start_fe(&g, GPU_STREAM, 3);
        qtest_clock_step(g.q, 10 * MS);
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 3u << 1);
        gpu_quit(&g);
    }
}

/* A command that is cut in two hangs before the part that is missing. */
static void test_cut_command(void)
{
    for (unsigned cut = 0; cut <= 1; cut++) {
        GPU g = gc320_start();
        Stream s = { 0 };

        /* Two states, the second of them behind the first 64 bits */
        st_put(&s, 0x08000000 | 2u << 16 | GL_PIPE_SELECT / 4, 1);
        st_put(&s, 9 | EVENT_FROM_FE, 0);
        st_end(&s);
        gpu_put_stream(&g, &s, GPU_STREAM);
        gpu_start_fe(&g, GPU_STREAM, cut ? 1 : 3);
        qtest_clock_step(g.q, 10 * MS);
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==,
                        cut ? 0 : 1u << 9);
        g_assert_cmpint(!!(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE), ==, !cut);
        gpu_quit(&g);
    }
}

/* The bug behind 4900dda90af2: LINK's count one short of the job's length */
static void test_link_prefetch(void)
{
    for (unsigned shy = 0; shy <= 1; shy++) {
        GPU g = gc320_start();
        Stream ring = { 0 }, job = { 0 };

        st_load(&job, GL_PIPE_SELECT, 1);
        st_load(&job, GL_FLUSH_CACHE, FLUSH_PE2D);
        st_event(&job, 7, EVENT_FROM_FE);
        st_end(&job);
        st_link(&ring, job.n / 2 - shy, GPU_RING);
        gpu_put_stream(&g, &job, GPU_RING);
        gpu_run(&g, &ring);
        qtest_clock_step(g.q, 10 * MS);
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 7);
        g_assert_cmpint(!!(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE), ==, !shy);
        gpu_quit(&g);
    }
}

/* No doorbell: etnaviv_buffer_queue() makes the last WAIT a LINK. */
static void test_wait_link(void)
{
    GPU g = gc320_start();
    uint64_t hz = imx6_clk_hz(g.q, "gpu2d-core-hz");
    uint32_t wait = GPU_RING + 8, end = wait + 16;
    Stream ring = { 0 }, job = { 0 };
    int64_t kicked;

    st_load(&ring, GL_PIPE_SELECT, 1);
    st_wait(&ring, hz >> 15);
    st_link(&ring, 2, wait);
    gpu_put_stream(&g, &ring, GPU_RING);
    gpu_start_fe(&g, GPU_RING, 3);
    for (unsigned i = 0; i < 20; i++) {
        uint32_t at;

        qtest_clock_step(g.q, 777 * US);
        at = gpu_read(&g, FE_DMA_ADDRESS);
        g_assert_cmphex(at, >=, wait);
        g_assert_cmphex(at, <=, end);
        g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE, ==, 0);
    }
    for (unsigned i = 0; i < 3; i++) {
        uint32_t address = GPU_STREAM + 0x100 * i;

        job.n = 0;
        st_event(&job, i, EVENT_FROM_FE);
        st_wait(&job, hz >> 15);
        st_link(&job, 2, address + 8);
        gpu_put_stream(&g, &job, address);
        gpu_poke(&g, wait + 4, address);        /* the second word first */
        gpu_poke(&g, wait, 0x40000000 | job.n / 2);
        kicked = imx6_now(g.q);
        /* Within a WAIT: 1/32768 s, and a little for the jumps */
        g_assert_cmpint(gpu_wait_irq(&g, US, MS) - kicked, <, 35 * US);
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << i);
        wait = address + 8;
    }
    gpu_poke(&g, wait + 4, 0);                  /* etnaviv_buffer_end() */
    gpu_poke(&g, wait, 0x10000000);
    qtest_clock_step(g.q, MS);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE, !=, 0);
    gpu_quit(&g);
}

/* Every event is a bit; reading clears; INTR_ENBL only masks the line. */
static void test_events(void)
{
    GPU g = gc320_start();

    for (unsigned i = 0; i < 30; i++) {
        Stream s = { 0 };

        gpu_write(&g, HI_INTR_ENBL, i & 1 ? 0 : 1u << i);
        st_event(&s, i, EVENT_FROM_FE);
        st_end(&s);
        gpu_run(&g, &s);
        qtest_clock_step(g.q, 100 * US);
        g_assert_cmpint(imx6_spi(g.q, g.spi), ==, !(i & 1));
        gpu_write(&g, HI_INTR_ENBL, 0xffffffff);
        g_assert_true(imx6_spi(g.q, g.spi));
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << i);
        g_assert_false(imx6_spi(g.q, g.spi));
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 0);
    }
    gpu_quit(&g);
}

/* Each core has a line of its own. */
static void test_lines(void)
{
    GPU g = gpu_start(GC2000_BASE, GC2000_SPI);
    Stream s = { 0 };

    st_event(&s, 3, EVENT_FROM_FE);
    st_end(&s);
    gpu_run(&g, &s);
    qtest_clock_step(g.q, 100 * US);
    g_assert_true(imx6_spi(g.q, GC2000_SPI));
    g_assert_false(imx6_spi(g.q, GC320_SPI));
    g_assert_cmphex(qtest_readl(g.q, GC320_BASE + HI_INTR_ACKNOWLEDGE), ==,
                    0);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 3);
    gpu_quit(&g);
}

#define FENCE_SIZE      256

static void start_fence(GPU *g)
{
    Stream s = { 0 };

    gpu_poke(g, PICTURE + FENCE_SIZE * FENCE_SIZE * 4 - 4, 0);
    st_fill(&s, PICTURE, FENCE_SIZE * 4, FENCE_SIZE, FENCE_SIZE, 0xff336699);
    st_event(&s, 3, EVENT_FROM_FE);
    st_event(&s, 4, EVENT_FROM_PE);
    st_end(&s);
    gpu_run(g, &s);
}

/*
 * An event from the PE waits for what was drawn before it. The bus is 64
 * bits wide (IMX6DQRM 31.1), so no more than two pixels leave a clock.
 */
static void test_fence(void)
{
    GPU g = gc320_start();
    uint64_t hz = imx6_clk_hz(g.q, "gpu2d-core-hz");
    uint32_t last = PICTURE + FENCE_SIZE * FENCE_SIZE * 4 - 4;
    int64_t fe, pe;

    start_fence(&g);
    fe = gpu_wait_irq(&g, US, MS);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 3);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_PE, ==, 0);
    g_assert_cmphex(gpu_peek(&g, last), ==, 0);
    pe = gpu_wait_irq(&g, US, 100 * MS);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 4);
    g_assert_cmphex(gpu_peek(&g, last), ==, 0xff336699);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_PE, !=, 0);
    g_assert_cmpint(pe - fe, >=,
                    FENCE_SIZE * FENCE_SIZE / 2 * 1000000000ll / hz - 2 * US);
    gpu_quit(&g);
}

/* Saved in the middle, a job ends at the same time as without. */
static void test_migrate(void)
{
    uint32_t last = PICTURE + FENCE_SIZE * FENCE_SIZE * 4 - 4;
    GPU g = gc320_start();
    int64_t start = imx6_now(g.q), whole;

    start_fence(&g);
    gpu_wait_irq(&g, US, MS);
    gpu_read(&g, HI_INTR_ACKNOWLEDGE);
    whole = gpu_wait_irq(&g, US, 100 * MS) - start;
    gpu_quit(&g);

    g = gc320_start();
    start = imx6_now(g.q);
    start_fence(&g);
    qtest_clock_step(g.q, whole / 2);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 3);
    g_assert_cmphex(gpu_peek(&g, PICTURE), ==, 0xff336699);
    g_assert_cmphex(gpu_peek(&g, last), ==, 0);
    g.q = imx6_migrate(g.q, "");
    g_assert_cmphex(gpu_read(&g, HI_INTR_ENBL), ==, 0xffffffff);
    g_assert_cmphex(gpu_peek(&g, last), ==, 0);
    qtest_clock_set(g.q, start + whole - 2 * US);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 0);
    qtest_clock_set(g.q, start + whole);
    g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, 1u << 4);
    for (unsigned i = 0; i < FENCE_SIZE; i++) {
        g_assert_cmphex(gpu_peek(&g, PICTURE + i * (FENCE_SIZE * 4 + 4)), ==,
                        0xff336699);
    }
    gpu_quit(&g);
}

/* Rows of one page each, through the table */
static void fill_mapped(GPU *g, unsigned rows, uint32_t argb, bool flush)
{
    Stream s = { 0 };

    if (flush) {
        st_load(&s, GL_FLUSH_MMU, FLUSH_MMU_ALL);
    }
    st_fill(&s, 0x80000000, 4096, 1024, rows, argb);
    gpu_finish(g, &s);
}

/*
 * MMUv1: above 2 GiB a flat table of 4 KiB pages, in physical addresses
 * (etnaviv_iommu.c). What was translated stays so until FLUSH_MMU.
 */
static void test_mmu(void)
{
    GPU g = gc320_start();

    gpu_write(&g, MC_MMU_PE_PAGE_TABLE, GPU_WINDOW + PAGE_TABLE);
    for (unsigned i = 0; i < 3; i++) {
        gpu_poke(&g, PAGE_TABLE + 4 * i, GPU_WINDOW + PAGE(2 - i));
    }
    fill_mapped(&g, 2, 0xffaabbcc, true);
    g_assert_cmphex(gpu_peek(&g, PAGE(2)), ==, 0xffaabbcc);
    g_assert_cmphex(gpu_peek(&g, PAGE(2) + 4092), ==, 0xffaabbcc);
    g_assert_cmphex(gpu_peek(&g, PAGE(2) + 4096), ==, 0);
    g_assert_cmphex(gpu_peek(&g, PAGE(1)), ==, 0xffaabbcc);
    g_assert_cmphex(gpu_peek(&g, PAGE(0)), ==, 0);

    gpu_poke(&g, PAGE_TABLE, GPU_WINDOW + PAGE(3));
    fill_mapped(&g, 1, 0xff112233, false);
    g_assert_cmphex(gpu_peek(&g, PAGE(3)), ==, 0);
    g_assert_cmphex(gpu_peek(&g, PAGE(2)), ==, 0xff112233);
    fill_mapped(&g, 1, 0xff445566, true);
    g_assert_cmphex(gpu_peek(&g, PAGE(3)), ==, 0xff445566);
    g_assert_cmphex(gpu_peek(&g, PAGE(2)), ==, 0xff112233);

    /* Below 2 GiB the table has no say: base and address are added. */
    gpu_write(&g, MC_MEMORY_BASE_ADDR_PE, GPU_WINDOW + 0x1000);
    {
        Stream s = { 0 };

        st_fill(&s, PICTURE, 64, 1, 1, 0xff778899);
        gpu_finish(&g, &s);
    }
    g_assert_cmphex(gpu_peek(&g, PICTURE), ==, 0);
    g_assert_cmphex(gpu_peek(&g, PICTURE + 0x1000), ==, 0xff778899);
    gpu_quit(&g);
}

/* Nobody answers: bit 31, and AXI_STATUS says which way. */
static void test_axi_error(void)
{
    for (unsigned reading = 0; reading <= 1; reading++) {
        GPU g = gc320_start();
        Stream s = { 0 };

        st_fill(&s, reading ? PICTURE : NOWHERE, 64, 4, 4, 0xffffffff);
        if (reading) {
            s.n = 0;
            st_prologue(&s);
            st_load(&s, DE_SRC_ADDRESS, NOWHERE);
            st_load(&s, DE_SRC_STRIDE, 64);
            st_load(&s, DE_SRC_CONFIG, FORMAT_A8R8G8B8 << 24);
            st_load(&s, DE_SRC_SIZE, xy(4, 4));
            st_dest(&s, PICTURE, 64, FORMAT_A8R8G8B8 |
                    DEST_COMMAND(COMMAND_BIT_BLT));
            st_rect(&s, 0, 0, 4, 4);
        }
        st_sync(&s);
        st_end(&s);
        gpu_run(&g, &s);
        gpu_wait_irq(&g, 10 * US, 10 * MS);
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==, AXI_BUS_ERROR);
        g_assert_cmphex(gpu_read(&g, HI_AXI_STATUS) &
                        (DET_WR_ERR | DET_RD_ERR), ==,
                        reading ? DET_RD_ERR : DET_WR_ERR);
        gpu_quit(&g);
    }
}

/* STALL waits for its semaphore, for ever if there was none. */
static void test_semaphore(void)
{
    for (unsigned paired = 0; paired <= 1; paired++) {
        GPU g = gc320_start();
        Stream s = { 0 };

        if (paired) {
            st_sync(&s);
            st_sync(&s);
        } else {
            st_sync(&s);
            st_put(&s, 0x48000000, TOKEN_FE_PE);
        }
        st_event(&s, 6, EVENT_FROM_FE);
        st_end(&s);
        gpu_run(&g, &s);
        qtest_clock_step(g.q, 50 * MS);
        g_assert_cmphex(gpu_read(&g, HI_INTR_ACKNOWLEDGE), ==,
                        paired ? 1u << 6 : 0);
        g_assert_cmpint(!!(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE), ==,
                        paired);
        gpu_reset(&g);
        gpu_quit(&g);
    }
}

/* The stall lasts as long as the drawing before it. */
static void test_stall(void)
{
    GPU g = gc320_start();
    Stream s = { 0 };

    st_fill(&s, PICTURE, FENCE_SIZE * 4, FENCE_SIZE, FENCE_SIZE, 0xff336699);
    st_sync(&s);
    st_event(&s, 8, EVENT_FROM_FE);
    st_end(&s);
    gpu_run(&g, &s);
    gpu_wait_irq(&g, US, 100 * MS);
    g_assert_cmphex(gpu_peek(&g, PICTURE + FENCE_SIZE * FENCE_SIZE * 4 - 4),
                    ==, 0xff336699);
    gpu_quit(&g);
}

/* 2D commands with the 3D pipe selected, and no such command, hang. */
static void test_hang(void)
{
    GPU g = gc320_start();
    Stream s = { 0 };

    st_fill(&s, PICTURE, 64, 4, 4, 0xffffffff);
    s.w[1] = 0;                                 /* GL_PIPE_SELECT: 3D */
    st_end(&s);
    gpu_run(&g, &s);
    qtest_clock_step(g.q, 10 * MS);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE, ==, 0);
    g_assert_cmphex(gpu_peek(&g, PICTURE), ==, 0);
    gpu_reset(&g);
    gpu_hw_init(&g);

    s.n = 0;
    st_put(&s, 0xf8000000, 0);
    st_end(&s);
    gpu_run(&g, &s);
    qtest_clock_step(g.q, 10 * MS);
    g_assert_cmphex(gpu_read(&g, HI_IDLE_STATE) & IDLE_FE, ==, 0);
    gpu_reset(&g);
    gpu_hw_init(&g);

    s.n = 0;
    st_fill(&s, PICTURE, 64, 4, 4, 0xffffffff);
    gpu_finish(&g, &s);
    g_assert_cmphex(gpu_peek(&g, PICTURE), ==, 0xffffffff);
    gpu_quit(&g);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-vivante/identity", test_identity);
    qtest_add_func("/imx6-vivante/reset", test_reset);
    qtest_add_func("/imx6-vivante/held-in-reset", test_held_in_reset);
    qtest_add_func("/imx6-vivante/gates", test_gates);
    qtest_add_func("/imx6-vivante/power", test_power);
    qtest_add_func("/imx6-vivante/clock", test_clock);
    qtest_add_func("/imx6-vivante/prefetch", test_prefetch);
    qtest_add_func("/imx6-vivante/cut-command", test_cut_command);
    qtest_add_func("/imx6-vivante/link-prefetch", test_link_prefetch);
    qtest_add_func("/imx6-vivante/wait-link", test_wait_link);
    qtest_add_func("/imx6-vivante/events", test_events);
    qtest_add_func("/imx6-vivante/lines", test_lines);
    qtest_add_func("/imx6-vivante/fence", test_fence);
    qtest_add_func("/imx6-vivante/migrate", test_migrate);
    qtest_add_func("/imx6-vivante/mmu", test_mmu);
    qtest_add_func("/imx6-vivante/axi-error", test_axi_error);
    qtest_add_func("/imx6-vivante/semaphore", test_semaphore);
    qtest_add_func("/imx6-vivante/stall", test_stall);
    qtest_add_func("/imx6-vivante/hang", test_hang);
    return g_test_run();
}
