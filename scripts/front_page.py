#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the animated pictures of README.md anew: a walk by the command; mixing and a fine-tune by the studio's own
recorder, while a hand moves the mouse.

    scripts/front_page.py PROGRAM [walk] [mixing] [tuning]

They come to docs/*.webp; the machine should do nothing else meanwhile. Needs Xvfb and xdotool."""
import pathlib
import subprocess
import sys
import time

from studio_hand import Studio, stop

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "assets/portraits-128.safetensors"
RECORDING = {"codec": "webp", "crf": 40, "fps": 10, "size": "custom", "custom": "800", "with_interface": True}


def told(file):
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1e6:.1f} MB", flush=True)


def begin(studio):
    studio.key("r")
    studio.wait(lambda s: s["recording"], "a recording")


def each_lasts(data, milliseconds):
    """An animated WebP whose pictures are shown so long each."""
    out, at = bytearray(data), 12
    while at + 8 <= len(out):
        kind, size = bytes(out[at:at + 4]), int.from_bytes(out[at + 4:at + 8], "little")
        if kind == b"ANMF":
            out[at + 8 + 12:at + 8 + 15] = milliseconds.to_bytes(3, "little")
        at += 8 + size + size % 2
    return bytes(out)


def keep(studio, target, milliseconds=None):
    studio.key("r")
    studio.wait(lambda s: list(studio.folder.glob("*.webp")), "the end of a recording")
    time.sleep(1)
    data = next(studio.folder.glob("*.webp")).read_bytes()
    target.write_bytes(data if milliseconds is None else each_lasts(data, milliseconds))
    told(target)


def walk(program):
    target = ROOT / "docs/walk.webp"
    subprocess.run([program, "walk", str(MODEL), "--seeds", "31,38,40,36", "--seconds-per-step", "1.5", "--fps",
                    "15", "--size", "192", "--psi", "0.7", "--crf", "36", "--out", str(target)],
                   check=True, stderr=subprocess.DEVNULL)
    told(target)


def mixing(program):
    with Studio(program, MODEL, "--seed", "31", "--play", settings={"recording": RECORDING}) as studio:
        studio.ready(rests=False)
        begin(studio)
        time.sleep(1)
        studio.click("on#3")
        time.sleep(1.5)
        studio.click("on")
        time.sleep(2)
        studio.drag("psi", 0.72, start=0.57)
        time.sleep(1)
        studio.drag("psi", 0.57, start=0.72)
        keep(studio, ROOT / "docs/mixing.webp")


def tuning(program, kimg=2.5):
    """The bundled model learns mages, elves and vampires; one picture a second, ten of which are shown in one."""
    settings = {"recording": {**RECORDING, "fps": 1}}
    with Studio(program, MODEL, "--seed", "38", settings=settings) as studio:
        studio.ready()
        studio.learn(ROOT / "assets/tour.zip", tick=0.05, snap=2)
        begin(studio)
        studio.click("##train-start")
        studio.glide((studio.size[0] - 8, studio.size[1] - 8)) # no tooltip
        studio.wait(lambda s: s["training"]["state"] == "running", "training")
        studio.wait(lambda s: s["training"]["kimg"] >= kimg, "learning")
        keep(studio, ROOT / "docs/tuning.webp", milliseconds=100)


def main():
    parts = {"walk": walk, "mixing": mixing, "tuning": tuning}
    wanted = sys.argv[2:] or list(parts)
    if len(sys.argv) < 2 or not set(wanted) <= set(parts):
        stop(__doc__)
    program = str(pathlib.Path(sys.argv[1]).resolve())
    for each in wanted:
        parts[each](program)


main()
