# SPDX-License-Identifier: MIT
"""The suite `boot`: from the card's first byte to a login, as the chip does,
and the ways in which that fails."""

import hashlib
import os
import re
import shutil
import struct
import subprocess
import time
import zlib

from . import modetest, pipeline
from .board import BUILD, TOP, boot, judge
from .console import Console
from .picture import Picture
from .results import say

SUITE = "boot"
MAC = "52:54:00:ab:cd:ef"
FILE = "payload.bin"
BOOT_SH = "/usr/libexec/refsoc/tests/boot.sh"
IMAGE = BUILD / "image/sdcard.img"
# Pictures that boot.sh asks for: whose screen, and what is on it
SHOTS = {
    "720p": ("hdmi", modetest.smpte(1280, 720)),
    "480p": ("hdmi", modetest.smpte(640, 480)),
    "xga": ("hdmi", modetest.smpte(1024, 768)),
    "lvds": ("lvds0", modetest.smpte(1024, 768).on_18_bits()),
}
# U-Boot's panels that the board has, and whose screen each is
PANELS = {"wvga-rgb": ("ipu1", 800, 480), "Hannstar-XGA": ("lvds0", 1024, 768)}
MIB = 1 << 20


def bmp(picture):
    """A picture of few colours as a BMP with a palette, which every U-Boot can
    show."""
    rgb, w = picture.rgb, picture.width
    pixels = [rgb[i:i + 3] for i in range(0, len(rgb), 3)]
    palette = sorted(set(pixels))
    index = {p: i for i, p in enumerate(palette)}
    body = b"".join(bytes(index[p] for p in pixels[y * w:(y + 1) * w])
                    for y in reversed(range(picture.height)))
    at = 54 + 4 * 256
    return (struct.pack("<2sIHHI", b"BM", at + len(body), 0, 0, at) +
            struct.pack("<IiiHHIIiiII", 40, w, picture.height, 1, 8, 0,
                        len(body), 2835, 2835, 256, 0) +
            b"".join(p[::-1] + b"\0" for p in palette).ljust(4 * 256, b"\0") +
            body)


def edid_xga():
    """The EDID of a small monitor: 1024x768 at 60 Hz and nothing else."""
    e = bytearray(128)
    e[0:8] = b"\0" + b"\xff" * 6 + b"\0"
    e[8:20] = bytes((0x4a, 0x63, 2, 0, 0, 0, 0, 0, 1, 36, 1, 3))
    e[20:25] = bytes((0x80, 30, 23, 120, 0x0a))
    e[38:54] = b"\x01" * 16
    # 65 MHz, 1024 + 320, 768 + 38; sync 24/136, 3/6, both negative
    e[54:72] = struct.pack("<H", 6500) + bytes(
        (0, 64, 65, 0, 38, 48, 24, 136, 54, 0, 44, 230, 17, 0, 0, 24))
    for at in (72, 90, 108):
        e[at + 3] = 0x10
    e[127] = -sum(e) & 0xff
    return bytes(e)


def lay_out_files():
    """What TFTP serves, and the other monitor's EDID."""
    tftp = BUILD / "test/boot-tftp"
    tftp.mkdir(parents=True, exist_ok=True)
    (tftp / FILE).write_bytes(b"".join(
        hashlib.sha256(str(i).encode()).digest() for i in range(3000)))
    (tftp / "bars.bmp").write_bytes(bmp(modetest.smpte(1024, 768)))
    (tftp / "xga.edid").write_bytes(edid_xga())
    return tftp


def check(report, name, ok, why=""):
    """`why` may be what a console said: its end, on one line"""
    if isinstance(why, bytes):
        why = why.decode(errors="replace")
    return report.check(SUITE, name, ok, " ".join(why.split())[-200:])


def same(report, name, seen, wanted, tolerance=0):
    wrong = seen.differences(wanted, tolerance)
    return check(report, name, not wrong, f"{wrong} pixels differ")


def stop_autoboot(c):
    """To U-Boot's prompt"""
    if not c.expect(b"stop autoboot"):
        return False
    c.say(" ")
    return bool(c.expect(b"\n=> "))


def uboot(report, c, tftp):
    """What Debian's U-Boot finds on the board."""
    check(report, "U-Boot starts from the card's first byte",
          stop_autoboot(c), c.text)
    check(report, "U-Boot is Debian's binary",
          re.search(rb"U-Boot 20\d\d\.\d\d-\S*deb13", c.text), c.text[:100])
    check(report, "it reads its environment from the card",
          b"bad CRC" not in c.text, "bad CRC")
    said = c.command("mmc dev")
    check(report, "the card is mmc0", "mmc0 is current" in said, said)
    said = c.command("printenv ethaddr")
    check(report, "ethaddr is the fuses' MAC address",
          f"ethaddr={MAC}" in said, said)
    said = c.command("setenv autoload no; dhcp")
    check(report, "DHCP under U-Boot", "bound to address 10.0.2.15" in said, said)
    crc = zlib.crc32((tftp / FILE).read_bytes())
    c.command(f"tftpboot 0x12000000 {FILE}")
    said = c.command("crc32 0x12000000 ${filesize}")
    check(report, "TFTP under U-Boot", f"{crc:08x}" in said, said)


def uboot_display(report, c):
    """U-Boot's own driver on the IPU and the HDMI transmitter"""
    said = c.command("hdmidet; echo status $?")
    check(report, "U-Boot finds the monitor", "status 0" in said, said)
    said = c.command("setenv stdout serial,vidconsole")
    check(report, "U-Boot starts HDMI", "Display: HDMI (1024x768)" in said, said)
    c.command("cls; version; bdinfo")
    c.quiet(0.5)
    text = c.picture("hdmi", "uboot-console")
    check(report, "U-Boot's console is on HDMI", not text.is_black() and
          set(text.rgb[-3 * text.width:]) == {0}, "it is black")
    c.command("setenv stdout serial")   # or the prompt would be on the picture
    c.command("tftpboot 0x12000000 bars.bmp")
    c.command("bmp display 0x12000000 0 0")
    c.quiet(0.5)
    # How the IPU makes eight bits of five is not known to the last one.
    same(report, "U-Boot's picture on HDMI is what was sent",
         c.picture("hdmi", "uboot-bars"),
         modetest.rgb565(modetest.smpte(1024, 768)), 1)
    c.qmp.set("/machine/hdmi", "connected", False)
    said = c.command("hdmidet; echo status $?")
    check(report, "U-Boot misses a monitor pulled out", "status 1" in said, said)
    c.qmp.set("/machine/hdmi", "connected", True)


def uboot_panel(report, panel, screen, width, height):
    """The same on a panel, with nothing on HDMI"""
    with Console(f"boot-{panel}", ("-s",)) as c:
        stop_autoboot(c)
        c.qmp.set("/machine/hdmi", "connected", False)
        c.command(f"setenv panel {panel}")
        said = c.command("setenv stdout serial,vidconsole")
        check(report, f"U-Boot starts the panel {panel}",
              f"Display: {panel} ({width}x{height})" in said, said)
        c.command("cls; version; bdinfo")
        c.quiet(0.5)
        text = c.picture(screen, "uboot-console")
        check(report, f"U-Boot's console is on the panel {panel}",
              (text.width, text.height) == (width, height) and
              not text.is_black(),
              f"{text.width}x{text.height}, black: {text.is_black()}")


def answer(report, suite, c, tftp, what):
    """What the script on the board asks the host for."""
    word = what.split()
    if word[0] == "unplug":
        c.qmp.set("/machine/hdmi", "connected", False)
    elif word[0] == "plug":
        c.qmp.set("/machine/hdmi-ddc", "edid", str(tftp / "xga.edid"))
        c.qmp.set("/machine/hdmi", "connected", True)
    elif word[0] == "shot":
        screen, wanted = SHOTS[word[1]]
        seen = c.picture(screen, word[1])
        wrong = seen.differences(wanted)
        report.check(suite, f"{screen} shows what was drawn, {word[1]}", not wrong,
                     f"{wrong} pixels of {seen.width}x{seen.height} differ")
    c.say("done\n")


def linux(report, suite, c, tftp):
    """From "Starting kernel" to the end of boot.sh; ms of virtual time that it
    took from power-on to there"""
    report.check(suite, "U-Boot starts Linux", c.expect(b"Starting kernel"),
                 c.text[-300:].decode(errors="replace"))
    up = c.expect(rb"-- up after (\d+) ms")
    while found := c.expect(rb"-- host: ([a-z0-9 ]*)\r?\n|-- tap ends"):
        if found[1] is None:
            break
        answer(report, suite, c, tftp, found[1].decode())
    if found:
        run = c.run()
        report.tap(suite, run.tap, run.seconds)
        judge(report, suite, run)
    else:
        report.check(suite, "the board's test comes to its end", False,
                     c.text[-300:].decode(errors="replace"))
    return int(up[1]) if up else None


def boot_args(drivers, tftp):
    md5 = hashlib.md5((tftp / FILE).read_bytes()).hexdigest()
    return {"args": ("-s", "-d", drivers, "-r", BOOT_SH, "-a",
                     f"refsoc.mac={MAC} refsoc.file={FILE} refsoc.md5={md5}"),
            "qemu": ("-nic", f"user,mac={MAC},tftp={tftp}")}


def whole(report):
    """Both boot entries: one through U-Boot's prompt, one from its menu."""
    tftp = lay_out_files()
    with Console("boot-mainline", **boot_args("mainline", tftp)) as c:
        uboot(report, c, tftp)
        uboot_display(report, c)
        c.say("boot\r")
        linux(report, "boot-mainline", c, tftp)
    with Console("boot-refsoc", **boot_args("mainline", tftp)) as c:
        check(report, "U-Boot shows its menu", c.expect(b"Enter choice: "), c.text)
        c.say("1\r")
        up = linux(report, "boot-refsoc", c, tftp)
        check(report, "its menu starts the other entry",
              re.search(rb"Kernel command line:[^\n]*module_blacklist=etnaviv",
                        c.text))
    return up


def as_fast_as(report, up):
    """Virtual time from power-on to the login, against the kernel's alone"""
    run = boot("boot-direct", BOOT_SH, args=("-t", "180"),
               append="refsoc.only=time")
    found = re.search(r"-- up after (\d+) ms", run.serial)
    direct = int(found[1]) if found else 0
    check(report, "the card boots in at most 3 times the kernel's own time",
          up and direct and up <= 3 * direct,
          f"{up} ms from the card, {direct} ms without U-Boot")
    say(f"      {up} ms from the card, {direct} ms without U-Boot")


def spoilt(name, spoil):
    """A copy of the card with something wrong"""
    card = BUILD / f"test/boot-{name}/card.img"
    card.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "--sparse=always", IMAGE, card], check=True)
    with open(card, "r+b") as f:
        spoil(f)
    return card


def zero(f, start, length):
    f.seek(start)
    f.write(bytes(length))


def spoil_conf(f):
    """Other bytes where extlinux.conf's are, wherever the file system put them"""
    data = f.read(36 * MIB)
    at = data.index(b"# U-Boot shows this menu")
    f.seek(at)
    f.write(b"\x7f\0@#" * 200)


def failing(report, name, spoil, expected, never):
    """The board says what is expected, or nothing at all, and never what would
    be a boot."""
    card = spoilt(name, spoil)
    with Console(f"boot-{name}", ("-S", str(card)), ("-nic", "none")) as c:
        if expected:
            check(report, f"{name}: {expected.decode()}", c.expect(expected),
                  c.text)
        c.quiet(2)
        check(report, f"{name}: never \"{never.decode()}\"",
              not re.search(never, c.text), "it was said")
    card.unlink()


def failures(report):
    failing(report, "a zeroed IVT", lambda f: zero(f, 1024, 1024),
            b"no image vector table at 1 KiB", b"U-Boot")
    failing(report, "a DCD that is none", lambda f: zero(f, 1024 + 32 + 12, 4),
            b"the DCD has no valid header", b"U-Boot")
    failing(report, "U-Boot cut short", lambda f: zero(f, 300 << 10, 468 << 10),
            b"", b"U-Boot|=>")
    failing(report, "a corrupt extlinux.conf", spoil_conf,
            b"EXTLINUX FAILED", b"Starting kernel")
    failing(report, "an image cut short", lambda f: f.truncate(64 * MIB),
            b"Kernel panic", b"exit status|~ #")


def scratch(name, backwards):
    """A build folder with what the kernel's build left, copied in another
    order."""
    folder = BUILD / "test" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "kernel").symlink_to(BUILD / "kernel")
    for part in ("modules", "test-modules"):
        files = sorted(p for p in (BUILD / part).rglob("*") if p.is_file()
                       and not p.is_symlink() and "/build/" not in str(p))
        for p in reversed(files) if backwards else files:
            to = folder / part / p.relative_to(BUILD / part)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(p, to)
    return folder


def image(report):
    """The card image is the same wherever and whenever it is made."""
    made = []
    for name, odd in (("image-1", False), ("another-image-folder", True)):
        folder = scratch(name, odd)
        done = subprocess.run(
            [TOP / "scripts/image"], capture_output=True, text=True,
            env=dict(os.environ, REFSOC_BUILD=str(folder),
                     TZ="Asia/Tokyo" if odd else "UTC"),
            umask=0o077 if odd else 0o022, check=False)
        made.append(folder / "image/sdcard.img")
        if not check(report, f"an image is made in {name}",
                     done.returncode == 0, done.stderr[-300:]):
            return
        time.sleep(1)
    for suffix in ("", ".bmap"):
        a, b = (m.with_name(m.name + suffix).read_bytes() for m in made)
        first = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), None) \
            if a != b else None
        check(report, f"two builds give the same sdcard.img{suffix}", a == b,
              f"they differ, first at byte {first}")
    stat = made[0].stat()
    check(report, "the image is under 300 MB", stat.st_size < 300 * 10 ** 6,
          f"{stat.st_size} bytes")
    copy = made[1].with_name("copy.img")
    done = subprocess.run(["bmaptool", "copy", made[0], copy],
                          capture_output=True, text=True, check=False)
    check(report, "bmaptool writes it by its map",
          done.returncode == 0 and copy.read_bytes() == made[0].read_bytes(),
          done.stderr[-200:])
    for folder in (m.parents[1] for m in made):
        shutil.rmtree(folder)


def suite(report):
    up = whole(report)
    as_fast_as(report, up)
    for panel, where in PANELS.items():
        uboot_panel(report, panel, *where)
    failures(report)
    image(report)
    run = pipeline.stream("boot-pipeline", "refsoc", 30, boot_args=("-s",))
    for name, why in pipeline.judge(run, 30)["expectations"]:
        report.check("boot-pipeline", name, not why, why)
