/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q pulse width modulator.
 *
 * i.MX 6Dual/6Quad Reference Manual (IMX6DQRM) rev. 6, chapter 51, PWM.
 *
 * Properties: "unit" (1 to 4); links "ccm" (without it: no clock) and
 * "iomuxc" (without it: a pad is muxed). Sysbus IRQ 0: the interrupt.
 */
#ifndef HW_IMX6_PWM_H
#define HW_IMX6_PWM_H

#include "qom/object.h"

#define TYPE_IMX6_PWM "imx6-pwm"
OBJECT_DECLARE_SIMPLE_TYPE(IMX6PWMState, IMX6_PWM)

/**
 * imx6_pwm_output_hz: frequency of the square wave on the PWM's pad
 *
 * 0 if the output does not toggle: the PWM is off, its clock is gated, its
 * output disconnected, its duty cycle 0 or 100 %, or no pad is muxed to it.
 */
uint64_t imx6_pwm_output_hz(IMX6PWMState *s);

#endif
