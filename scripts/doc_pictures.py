#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the pictures of the studio in docs/ anew, each from a studio that is begun for it and played by a hand.

    scripts/doc_pictures.py PROGRAM [NAME...]

NAME is a picture's name without .png; all of them unless told. Needs Xvfb and xdotool; `training` learns for some
minutes."""
import pathlib
import shutil
import sys
import tempfile
import time

from studio_hand import Studio, stop

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "assets/portraits-128.safetensors"
PICTURES = {}


def picture(name, **begun_with):
    """What follows makes docs/<name>.png; the studio is begun with `begun_with`."""
    def keep(play):
        PICTURES[name.rsplit("/", 1)[-1]] = (ROOT / f"docs/{name}.png", play, begun_with)
        return play
    return keep


def folded(studio, *headings):
    for each in headings:
        studio.click(each)
        time.sleep(0.3)


def moments(studio):
    """Three on the timeline, the playhead on the last."""
    studio.key("k")
    for count in (2, 3):
        studio.key("n")
        studio.rest()
        studio.key("k")
        studio.wait(lambda s: len(s["kept"]["moments"]) == count, "a moment")
    studio.click(f"##moment#{count}")
    studio.rest()


def out_of_the_way(studio):
    """No tooltip, no message, and the small pictures are there."""
    studio.glide((studio.size[0] - 8, studio.size[1] - 8), 0.2)
    if studio.state()["dialog"] == 0:
        studio.key("Escape")
    time.sleep(3)


@picture("studio")
def _(studio):
    pass


@picture("studio/live")
def _(studio):
    studio.chord("shift+1")
    studio.wait(lambda s: s["kept"]["presets"][0], "a preset")
    studio.key("l")
    studio.click("##cue-add")


@picture("studio/timeline")
def _(studio):
    folded(studio, "WALK", "MIX", "NOISE")
    moments(studio)
    studio.click("##add-lane")
    studio.click("##lane-of-truncation.psi")
    studio.click("##lane", 0.2)
    studio.click("##ruler", 0.3)


@picture("studio/large", size=(2560, 1440), scale="2")
def _(studio):
    moments(studio)


@picture("studio/seed-map")
def _(studio):
    studio.key("m")
    studio.wait(lambda s: s["map"], "the map")
    time.sleep(4)


@picture("studio/directions")
def _(studio):
    folded(studio, "WALK", "MIX", "NOISE")
    studio.chord("shift+1")
    studio.key("n")
    studio.rest()
    studio.chord("shift+2")
    folded(studio, "PRESETS", "DIRECTIONS")
    studio.wait(lambda s: "##add-direction" in s["controls"], "directions")
    for count in (1, 2):
        studio.click("##add-direction")
        studio.wait(lambda s: len(s["kept"]["directions"]) == count, "a direction")
    studio.drag("direction", 0.8)
    studio.drag("direction#2", 0.3)
    studio.click("psi", button=3)
    studio.click("##oscillate")


def opens(studio, keys):
    studio.chord(keys)
    studio.wait(lambda s: s["dialog"] != 0, "a dialog")


@picture("studio/latents")
def _(studio):
    studio.key("s")
    opens(studio, "shift+s")


@picture("studio/mixing-sheet")
def _(studio):
    opens(studio, "shift+m")


@picture("studio/record")
def _(studio):
    opens(studio, "shift+r")


@picture("studio/export")
def _(studio):
    moments(studio)
    opens(studio, "shift+e")


@picture("studio/performance")
def _(studio):
    studio.key("space", "F2")
    time.sleep(6)


@picture("studio/settings")
def _(studio):
    studio.click("##settings")
    studio.wait(lambda s: s["dialog"] != 0, "a dialog")


@picture("studio/help")
def _(studio):
    opens(studio, "F1")


@picture("training")
def _(studio):
    studio.learn(ROOT / "assets/tour.zip", tick=0.1, snap=2)
    studio.click("##train-start")
    studio.wait(lambda s: s["training"]["state"] == "running", "training")
    studio.wait(lambda s: s["training"]["kimg"] >= 1.2, "learning")


@picture("data")
def _(studio):
    pictures = studio.folder / "portraits" # what is looked at is kept beside it
    shutil.copytree(ROOT / "tests/data/data/emoji-portraits", pictures)
    studio.key("d")
    studio.click("##data-begin")
    studio.type(str(pictures))
    studio.click("##open#2")
    looked = lambda: studio.wait(lambda s: s["data"]["state"] == "ready" and s["data"]["followed"], "all looked at")
    looked()
    studio.click("##data-tile#4")
    looked()
    studio.drag("min-sharpness", 0.3)
    looked()
    studio.point("##data-tile#3")
    time.sleep(2)


def after_crash(program, target):
    with tempfile.TemporaryDirectory() as folder:
        with Studio(program, MODEL, folder=folder) as studio:
            studio.ready()
            studio.key("n")
            studio.rest()
            time.sleep(4)
            studio.kill()
        with Studio(program, folder=folder) as studio:
            studio.wait(lambda s: s["start"] == "asks", "the question")
            studio.shot(target)


def main():
    names = [*PICTURES, "after-crash"]
    wanted = sys.argv[2:] or names
    if len(sys.argv) < 2 or not set(wanted) <= set(names):
        stop(__doc__ + "\nNames: " + ", ".join(names))
    program = str(pathlib.Path(sys.argv[1]).resolve())
    for name in wanted:
        if name == "after-crash":
            after_crash(program, ROOT / "docs/studio/after-crash.png")
            continue
        target, play, begun_with = PICTURES[name]
        with Studio(program, MODEL, "--seed", "31", **begun_with) as studio:
            studio.ready()
            play(studio)
            if name not in ("data", "performance"):
                out_of_the_way(studio)
            studio.shot(target)


main()
