/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante graphics cores: MMUv1 and the way to memory.
 *
 * GPU addresses below 2 GiB are physical, with the client's memory base
 * added. Those above go through a flat table of 32-bit entries, one a 4 KiB
 * page, without a valid bit (Linux drivers/gpu/drm/etnaviv/etnaviv_iommu.c).
 * Translations stay in the client's TLB until the stream flushes it.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "vivante.h"
#include "trace.h"

#define WINDOW_END      0x80000000u
#define PAGE_BITS       12
#define PAGE_BYTES      (1u << PAGE_BITS)

static const uint16_t viv_page_table[VIV_CLIENTS] = {
    [VIV_FE] = R_MC_MMU_FE_PAGE_TABLE,
    [VIV_TX] = R_MC_MMU_TX_PAGE_TABLE,
    [VIV_PE] = R_MC_MMU_PE_PAGE_TABLE,
    [VIV_PEZ] = R_MC_MMU_PEZ_PAGE_TABLE,
    [VIV_RA] = R_MC_MMU_RA_PAGE_TABLE,
};

static const uint16_t viv_memory_base[VIV_CLIENTS] = {
    [VIV_FE] = R_MC_MEMORY_BASE_ADDR_FE,
    [VIV_TX] = R_MC_MEMORY_BASE_ADDR_TX,
    [VIV_PE] = R_MC_MEMORY_BASE_ADDR_PE,
    [VIV_PEZ] = R_MC_MEMORY_BASE_ADDR_PEZ,
    [VIV_RA] = R_MC_MEMORY_BASE_ADDR_RA,
};

/*
 * GL.FLUSH_MMU: bit 0 is the FE's MMU and bit 3 the PE's; which of the other
 * three is whose is not known, the order is ours.
 */
static const uint8_t viv_flush_bit[VIV_CLIENTS] = {
    [VIV_FE] = 0, [VIV_RA] = 1, [VIV_TX] = 2, [VIV_PE] = 3, [VIV_PEZ] = 4,
};

void viv_mmu_flush(VivanteGPUState *s, uint32_t which)
{
    trace_vivante_mmu_flush(s->core->name, which);
    for (unsigned i = 0; i < VIV_CLIENTS; i++) {
        if (which & (1u << viv_flush_bit[i])) {
            memset(s->tlb[i], 0, sizeof(s->tlb[i]));
        }
    }
}

static void viv_bus_error(VivanteGPUState *s, bool write, hwaddr pa)
{
    qemu_log_mask(LOG_GUEST_ERROR, "%s: AXI error, %s of 0x%08" HWADDR_PRIx
                  "\n", s->core->name, write ? "write" : "read", pa);
    s->regs[R_HI_AXI_STATUS] |= write ? R_HI_AXI_STATUS_DET_WR_ERR_MASK :
                                        R_HI_AXI_STATUS_DET_RD_ERR_MASK;
    viv_raise(s, R_HI_INTR_ACKNOWLEDGE_AXI_BUS_ERROR_MASK);
}

static bool viv_fill_tlb(VivanteGPUState *s, VivClient client, uint32_t page,
                         VivTLBEntry *e)
{
    hwaddr pa = (hwaddr)s->regs[viv_page_table[client]] +
                4 * (hwaddr)(page - (WINDOW_END >> PAGE_BITS));
    uint32_t entry;

    if (imx6_dma_read(&s->dma_mmu, pa & UINT32_MAX, &entry, 4) != MEMTX_OK) {
        viv_bus_error(s, false, pa);
        return false;
    }
    viv_perf_bus(s, client, false, pa, 4);
    e->page = page;
    e->pa = le32_to_cpu(entry) & ~(PAGE_BYTES - 1);
    trace_vivante_mmu_fill(s->core->name, client, page << PAGE_BITS, e->pa);
    return true;
}

/* Physical address of @addr, and how many bytes from there are contiguous. */
static bool viv_translate(VivanteGPUState *s, VivClient client, uint32_t addr,
                          hwaddr *pa, size_t *len)
{
    uint32_t page = addr >> PAGE_BITS;
    VivTLBEntry *e = &s->tlb[client][page % VIV_TLB_ENTRIES];

    if (addr < WINDOW_END) {
        *pa = (uint32_t)(s->regs[viv_memory_base[client]] + addr);
        *len = MIN(*len, WINDOW_END - addr);
        *len = MIN(*len, UINT32_MAX - *pa + 1);
        return true;
    }
    *len = MIN(*len, PAGE_BYTES - addr % PAGE_BYTES);
    if (e->page != page && !viv_fill_tlb(s, client, page, e)) {
        return false;
    }
    *pa = e->pa + addr % PAGE_BYTES;
    return true;
}

/* Where the front end finds a command; false: not in the linear window */
bool viv_fe_address(VivanteGPUState *s, uint32_t addr, hwaddr *pa)
{
    size_t len = 1;

    return addr < WINDOW_END && viv_translate(s, VIV_FE, addr, pa, &len);
}

static IMX6DMA *viv_port(VivanteGPUState *s, VivClient client)
{
    return client == VIV_FE ? &s->dma_fe : &s->dma_pe;
}

/*
 * A core that is told to write to its own registers locks up on silicon; here
 * in_dma makes the registers not answer.
 */
bool viv_read(VivanteGPUState *s, VivClient client, uint32_t addr, void *buf,
              size_t len)
{
    uint8_t *p = buf;
    bool ok = true;

    viv_perf_bus(s, client, false, addr, len);
    s->in_dma = true;
    while (len) {
        size_t n = len;
        hwaddr pa;

        if (!viv_translate(s, client, addr, &pa, &n)) {
            memset(p, 0, n);
            ok = false;
        } else if (imx6_dma_read(viv_port(s, client), pa, p, n) != MEMTX_OK) {
            viv_bus_error(s, false, pa);
            ok = false;
        }
        addr += n;
        p += n;
        len -= n;
    }
    s->in_dma = false;
    return ok;
}

bool viv_write(VivanteGPUState *s, VivClient client, uint32_t addr,
               const void *buf, size_t len)
{
    const uint8_t *p = buf;
    bool ok = true;

    viv_perf_bus(s, client, true, addr, len);
    s->in_dma = true;
    while (len) {
        size_t n = len;
        hwaddr pa;

        if (!viv_translate(s, client, addr, &pa, &n)) {
            ok = false;
        } else if (imx6_dma_write(viv_port(s, client), pa, p, n) !=
                   MEMTX_OK) {
            viv_bus_error(s, true, pa);
            ok = false;
        }
        addr += n;
        p += n;
        len -= n;
    }
    s->in_dma = false;
    return ok;
}
