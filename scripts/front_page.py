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
MODEL = ROOT / "assets/portraits-64.safetensors"
RECORDING = {"codec": "webp", "crf": 40, "fps": 10, "size": "custom", "custom": "800", "with_interface": True}


def told(file):
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1e6:.1f} MB", flush=True)


def begin(studio):
    studio.key("r")
    studio.wait(lambda s: s["recording"], "a recording")


def keep(studio, target):
    studio.key("r")
    studio.wait(lambda s: list(studio.folder.glob("*.webp")), "the end of a recording")
    time.sleep(1)
    target.write_bytes(next(studio.folder.glob("*.webp")).read_bytes())
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


def tuning(program, kimg=0.6):
    """The bundled model learns mages, elves and vampires; one picture a second, played ten times as fast."""
    settings = {"recording": {**RECORDING, "fps": 4}}
    with Studio(program, MODEL, "--seed", "31", settings=settings) as studio:
        studio.ready()
        studio.learn(ROOT / "assets/tour.zip", tick=0.05, snap=2)
        begin(studio)
        studio.click("##train-start")
        studio.wait(lambda s: s["training"]["state"] == "running", "training")
        studio.wait(lambda s: s["training"]["kimg"] >= kimg, "learning")
        keep(studio, ROOT / "docs/tuning.webp")


def main():
    parts = {"walk": walk, "mixing": mixing, "tuning": tuning}
    wanted = sys.argv[2:] or list(parts)
    if len(sys.argv) < 2 or not set(wanted) <= set(parts):
        stop(__doc__)
    program = str(pathlib.Path(sys.argv[1]).resolve())
    for each in wanted:
        parts[each](program)


main()
