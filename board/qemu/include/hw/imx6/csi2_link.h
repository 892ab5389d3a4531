/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What travels from a camera sensor to a CSI-2 receiver, and from there, by
 * virtual channel, to a camera port of an IPU: the state of the D-PHY's lanes
 * and packets, a number of lines at a time.
 *
 * MIPI Alliance Specification for Camera Serial Interface 2 (CSI-2) v1.0,
 * chapter 9 (packets), and for D-PHY v1.0, chapter 5 (lane states).
 */
#ifndef HW_IMX6_CSI2_LINK_H
#define HW_IMX6_CSI2_LINK_H

#include "qom/object.h"

#define CSI2_DATA_LANES         4
#define CSI2_VIRTUAL_CHANNELS   4

/* CSI-2 v1.0 tables 8 to 10: data types a sensor of this board can send */
#define CSI2_DT_YUV422_8        0x1e
#define CSI2_DT_RGB444          0x20
#define CSI2_DT_RGB555          0x21
#define CSI2_DT_RGB565          0x22
#define CSI2_DT_RGB888          0x24
#define CSI2_DT_RAW8            0x2a
#define CSI2_DT_RAW10           0x2b

typedef enum CSI2LaneState {
    CSI2_LANE_OFF,              /* not driven, or LP-00 */
    CSI2_LANE_ULPS,
    CSI2_LANE_LP11,             /* stop state */
    CSI2_LANE_HS,
} CSI2LaneState;

typedef struct CSI2Lanes {
    uint32_t clock;             /* CSI2LaneState */
    uint32_t data[CSI2_DATA_LANES];
    uint32_t count;             /* data lanes over which packets are spread */
    uint64_t bps;               /* bits a second on each, while in HS */
} CSI2Lanes;

/* Long packets of one virtual channel and type, one packet a line. */
typedef struct CSI2Lines {
    unsigned vc;
    unsigned dt;
    unsigned first;             /* number of the first line, from 0 */
    unsigned count;
    const uint8_t *data;
    size_t bytes;               /* payload of each line */
    size_t pitch;               /* from one line to the next in @data */
    /*
     * Not of the link: set by the receiver's gasket in front of the IPU, which
     * is told in what order a YUV 4:2:2 packet has its bytes.
     */
    bool luma_first;
} CSI2Lines;

#define TYPE_CSI2_SINK "csi2-sink"
typedef struct CSI2SinkClass CSI2SinkClass;
DECLARE_CLASS_CHECKERS(CSI2SinkClass, CSI2_SINK, TYPE_CSI2_SINK)
#define CSI2_SINK(obj) INTERFACE_CHECK(CSI2Sink, (obj), TYPE_CSI2_SINK)

typedef struct CSI2Sink CSI2Sink;

struct CSI2SinkClass {
    InterfaceClass parent_class;

    /* Optional: behind the receiver there are no lanes. */
    void (*lanes)(CSI2Sink *sink, const CSI2Lanes *lanes);
    void (*frame_start)(CSI2Sink *sink, unsigned vc);
    void (*lines)(CSI2Sink *sink, const CSI2Lines *lines);
    void (*frame_end)(CSI2Sink *sink, unsigned vc);
};

/* A NULL @sink is a connector with nothing in it. */
void csi2_send_lanes(CSI2Sink *sink, const CSI2Lanes *lanes);
void csi2_send_frame_start(CSI2Sink *sink, unsigned vc);
void csi2_send_lines(CSI2Sink *sink, const CSI2Lines *lines);
void csi2_send_frame_end(CSI2Sink *sink, unsigned vc);

#endif
