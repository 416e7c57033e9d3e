#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the animated pictures of README.md anew: a walk by the command, mixing by the studio's own recorder
while xdotool moves the mouse.

    xvfb-run -a -s "-screen 0 1280x720x24" scripts/front_page.py PROGRAM

They come to docs/walk.webp and docs/mixing.webp; the machine should do nothing else meanwhile.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "assets/portraits-64.safetensors"
RECORDING = {"codec": "webp", "crf": 40, "fps": 10, "size": "custom", "custom": "800", "with_interface": True}
PATIENCE = 300  # seconds


class Studio:
    """The program in its window, recording itself."""

    def __init__(self, program, folder, *options):
        self.folder = folder
        self.dump = folder / "state.json"
        (folder / "atelier").mkdir()
        (folder / "atelier/studio.json").write_text(json.dumps({"recording": RECORDING}))
        where = {"XDG_STATE_HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_VIDEOS_DIR": str(folder),
                 "LC_ALL": "C"}
        self.child = subprocess.Popen([program, "studio", str(MODEL), "--size", "1280x720", "--seed", "31",
                                       "--state-dump", str(self.dump), *options],
                                      env={**os.environ, **where}, stderr=subprocess.DEVNULL)
        self.wait(lambda s: s["counters"]["drawn"] > 5 and "Train" in s["controls"])

    def state(self):
        try:
            return json.loads(self.dump.read_text())
        except (OSError, ValueError):
            return {}

    def wait(self, condition):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.child.poll() is not None:
                sys.exit("front_page.py: the studio has ended.")
            try:
                if condition(self.state()):
                    return
            except KeyError:
                pass
            time.sleep(0.05)
        sys.exit("front_page.py: what was waited for did not happen.")

    def xdotool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], check=True)

    def place(self, control, part=0.5):
        self.wait(lambda s: control in s["controls"])
        left, top, right, bottom = self.state()["controls"][control][:4]
        return round(left + part * (right - left)), round((top + bottom) / 2)

    def glide(self, at, seconds=0.5):
        """The mouse moves there as a hand would."""
        here = self.state()["input"]["mouse"]
        steps = max(1, round(seconds * 20))
        for i in range(1, steps + 1):
            t = i / steps
            t = t * t * (3 - 2 * t)
            self.xdotool("mousemove", round(here[0] + (at[0] - here[0]) * t), round(here[1] + (at[1] - here[1]) * t))
            time.sleep(seconds / steps)

    def click(self, control, part=0.5):
        self.glide(self.place(control, part))
        time.sleep(0.2)
        self.xdotool("click", 1)
        time.sleep(0.3)

    def drag(self, control, to, seconds=1.5, start=0.5):
        self.glide(self.place(control, start))
        self.xdotool("mousedown", 1)
        self.glide(self.place(control, to), seconds)
        self.xdotool("mouseup", 1)

    def key(self, *names):
        self.xdotool("key", *names)

    def begin(self):
        self.key("r")
        self.wait(lambda s: s["recording"])

    def end(self, target):
        self.key("r")
        self.wait(lambda s: list(self.folder.glob("*.webp")))
        time.sleep(1)
        shutil.move(next(self.folder.glob("*.webp")), target)
        self.child.send_signal(signal.SIGINT)
        self.child.wait()
        print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.1f} MB")


def mixing(program, folder):
    studio = Studio(program, folder, "--play")
    studio.begin()
    time.sleep(1)
    studio.click("on#3")
    time.sleep(1.5)
    studio.click("on")
    time.sleep(2)
    studio.drag("psi", 0.72, start=0.57)
    time.sleep(1)
    studio.drag("psi", 0.57, start=0.72)
    studio.end(ROOT / "docs/mixing.webp")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = str(pathlib.Path(sys.argv[1]).resolve())
    walk = ROOT / "docs/walk.webp"
    subprocess.run([program, "walk", str(MODEL), "--seeds", "31,38,40,36", "--seconds-per-step", "1.5", "--fps",
                    "15", "--size", "192", "--psi", "0.7", "--crf", "36", "--out", str(walk)],
                   check=True, stderr=subprocess.DEVNULL)
    print(f"{walk.relative_to(ROOT)}: {walk.stat().st_size / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        mixing(program, pathlib.Path(folder))


main()
