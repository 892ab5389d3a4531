# SPDX-License-Identifier: MIT
# Every command of RefSoC.  What they do stands in scripts/.

SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

ifneq ($(and $(KERNEL),$(filter bench soak faults check series,$(MAKECMDGOALS))),)
$(error KERNEL is for kernel, image, run, test and shell)
endif

.PHONY: help deps build qemu kernel image run test bench soak faults check shell clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10
	@echo "KERNEL=debug with kernel, image, run, test or shell: a kernel with lockdep,"
	@echo "KASAN, kmemleak and DMA-API checks, in build/debug/"

deps: ## install the host tools that are missing (prints the list first)
	@scripts/space
	@scripts/deps

qemu: deps ## build the emulated board
	@KERNEL= scripts/qemu

kernel: deps ## build the kernel, the drivers and the device tree
	@scripts/kernel

build: qemu kernel ## build everything
	@scripts/image

image: kernel ## the SD card image, build/image/sdcard.img (DRIVERS=mainline)
	@scripts/image -l $(or $(DRIVERS),refsoc)
	@echo "build/image/sdcard.img; how to write it to a card: docs/boot.md"

run: build ## camera to GPU to display on the emulated board (DRIVERS=mainline)
	@scripts/run $(or $(DRIVERS),refsoc)

test: build ## run the tests, or one suite: make test SUITE=name (IGT=TREE)
	@IGT='$(IGT)' scripts/test $(SUITE)

bench: build ## measure what sharing costs, and fail if it is more than promised
	@scripts/bench $(PART)

soak: qemu ## program every model at random, 10 minutes each, with sanitizers
	@scripts/soak $(MODEL)

faults: qemu ## list the fault switches of the emulated board
	@scripts/faults

check: qemu kernel ## static checks; no output where clean
	@scripts/check

series: kernel ## the whole change as a git series on the kernel base (BUILD=1: each built)
	@scripts/series $(if $(BUILD),--build)

shell: build ## a console on the emulated board (DRIVERS=mainline; Ctrl-A x ends)
	@scripts/boot -i -f -d $(or $(DRIVERS),refsoc)

clean: ## remove build/ (the cache outside the clone stays)
	rm -rf build
