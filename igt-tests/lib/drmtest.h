/* SPDX-License-Identifier: MIT */
#ifndef DRMTEST_H
#define DRMTEST_H

#include <stdbool.h>
#include <stdint.h>

#include "igt_core.h"

/* Kinds of drivers; opening one that is not there skips the test. */
#define DRIVER_VGEM (1 << 2)
#define DRIVER_VKMS (1 << 9)
#define DRIVER_ANY (~(DRIVER_VGEM | DRIVER_VKMS))

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif
#ifndef ALIGN
#define ALIGN(v, a) (((v) + (a) - 1) & ~((a) - 1))
#endif
#ifndef min
#define min(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); \
		     _a < _b ? _a : _b; })
#define max(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); \
		     _a > _b ? _a : _b; })
#endif

int __drm_open_driver(int chipset);
int drm_open_driver(int chipset);
int drm_open_driver_master(int chipset);
int drm_open_driver_render(int chipset);
int drm_reopen_driver(int fd);
int drm_close_driver(int fd);

#define do_ioctl(fd, request, arg)					\
	do {								\
		igt_assert_eq(igt_ioctl(fd, request, arg), 0);		\
		errno = 0;						\
	} while (0)
#define do_ioctl_err(fd, request, arg, err)				\
	do {								\
		igt_assert_eq(igt_ioctl(fd, request, arg), -1);		\
		igt_assert_eq(errno, err);				\
		errno = 0;						\
	} while (0)

extern int (*igt_ioctl)(int fd, unsigned long request, void *arg);

#endif
