/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Switches that make a device fail: see include/hw/imx6/fault.h.
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qapi/visitor.h"
#include "hw/imx6/fault.h"
#include "trace.h"

/* What a property needs to find its bit; there as long as its class. */
typedef struct FaultProp {
    uint32_t bit;
    size_t offset;
    IMX6FaultFn *changed;
} FaultProp;

static uint32_t *switches(Object *obj, const FaultProp *p)
{
    return (uint32_t *)((char *)obj + p->offset);
}

static void get_fault(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    FaultProp *p = opaque;
    bool on = *switches(obj, p) & p->bit;

    visit_type_bool(v, name, &on, errp);
}

static void set_fault(Object *obj, Visitor *v, const char *name, void *opaque,
                      Error **errp)
{
    FaultProp *p = opaque;
    uint32_t *word = switches(obj, p);
    bool on;

    if (!visit_type_bool(v, name, &on, errp)) {
        return;
    }
    trace_imx6_fault(object_get_typename(obj), name, on);
    *word = on ? *word | p->bit : *word & ~p->bit;
    if (p->changed) {
        p->changed(obj, *word);
    }
}

void imx6_fault_add(ObjectClass *oc, size_t offset, const IMX6Fault *faults,
                    size_t count, IMX6FaultFn *changed)
{
    for (size_t i = 0; i < count; i++) {
        g_autofree char *name = g_strdup_printf("fault-%s", faults[i].name);
        FaultProp *p = g_new(FaultProp, 1);

        *p = (FaultProp) { 1u << i, offset, changed };
        object_class_property_add(oc, name, "bool", get_fault, set_fault,
                                  NULL, p);
        object_class_property_set_description(oc, name, faults[i].what);
    }
}
