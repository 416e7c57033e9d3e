# SPDX-License-Identifier: Apache-2.0
"""A hand for the studio: starts it on a display of its own, moves the mouse and presses keys as a person would, and takes
pictures of the window. For the scripts that make the pictures of the documentation; needs Xvfb and xdotool."""
import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

PATIENCE = 300  # seconds


def stop(what):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {what}")


def png_of(width, height, rows):
    """A PNG of 8-bit RGB; `rows`: bytes of each line."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    # Flat areas shrink most as they are, photographs as differences from the line above.
    above = [bytes(3 * width), *rows]
    plain = b"".join(b"\0" + row for row in rows)
    differences = b"".join(b"\2" + bytes((a - b) & 255 for a, b in zip(row, up)) for row, up in zip(rows, above))
    smallest = min((zlib.compress(each, 9) for each in (plain, differences)), key=len)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", smallest) + chunk(b"IEND", b""))


class Display:
    """A screen without a monitor. Xvfb keeps what it shows in a file, in the format of xwd."""

    def __init__(self, width, height):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        read, write = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24",
                                        "-fbdir", str(self.folder)], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as number:
            self.name = ":" + number.readline().strip()

    def png(self):
        data = (self.folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack(">25I", data[:100])
        size, width, height, line, colours = header[0], header[4], header[5], header[12], header[19]
        start = size + 12 * colours
        rows = []
        for y in range(height):
            bgrx = data[start + y * line:start + y * line + 4 * width]
            rgb = bytearray(3 * width)
            rgb[0::3], rgb[1::3], rgb[2::3] = bgrx[2::4], bgrx[1::4], bgrx[0::4]
            rows.append(bytes(rgb))
        return png_of(width, height, rows)

    def close(self):
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Studio:
    """The program in its window. `settings` are those of studio.json; `folder` stands for the user's folders."""

    def __init__(self, program, *arguments, size=(1280, 720), scale="1", settings=None, folder=None):
        self.size = size
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="videos-"))
        self.own = folder is None
        self.display = Display(*size)
        self.dump = self.folder / "state.json"
        self.dump.unlink(missing_ok=True)
        (self.folder / "atelier").mkdir(exist_ok=True)
        if settings is not None:
            (self.folder / "atelier/studio.json").write_text(json.dumps(settings))
        where = {f"XDG_{each}_HOME": str(self.folder) for each in ("STATE", "DATA", "CONFIG", "CACHE")}
        self.environment = {**os.environ, **where, "XDG_VIDEOS_DIR": str(self.folder), "LC_ALL": "C",
                            "DISPLAY": self.display.name}
        self.child = subprocess.Popen([program, "studio", *map(str, arguments), "--size", f"{size[0]}x{size[1]}",
                                       "--scale", scale, "--state-dump", str(self.dump)],
                                      env=self.environment, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGINT)
            self.child.wait()
        self.display.close()
        if self.own:
            shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self):
        self.child.kill()
        self.child.wait()
        self.display.close()

    def state(self):
        try:
            return json.loads(self.dump.read_text())
        except (OSError, ValueError):
            return {}

    def comes(self, condition, seconds=PATIENCE):
        """Whether the condition holds within that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.child.poll() is not None:
                stop("the studio has ended.")
            try:
                if condition(self.state()):
                    return True
            except (KeyError, IndexError, TypeError):
                pass
            time.sleep(0.05)
        return False

    def wait(self, condition, what="what was waited for"):
        if not self.comes(condition):
            stop(f"{what} did not happen.")

    def ready(self, rests=True):
        """The first picture is there."""
        self.wait(lambda s: s["counters"]["pictures"] > 0 and s["counters"]["drawn"] > 5 and "Train" in s["controls"],
                  "the start")
        self.xdotool("search", "--sync", "--onlyvisible", "--class", "atelier", "windowfocus")
        if rests:
            self.rest()

    def rest(self):
        """Nothing glides any more, and it has been drawn."""
        self.wait(lambda s: s["settled"], "a picture that rests")
        drawn = self.state()["counters"]["drawn"]
        self.wait(lambda s: s["still"] or s["counters"]["drawn"] > drawn + 2, "another frame")

    def xdotool(self, *words):
        subprocess.run(["xdotool", *map(str, words)], check=True, env=self.environment, stdout=subprocess.DEVNULL)

    def place(self, control, part=0.5):
        self.wait(lambda s: control in s["controls"], f"'{control}'")
        left, top, right, bottom = self.state()["controls"][control][:4]
        return round(left + part * (right - left)), round((top + bottom) / 2)

    def move(self, x, y):
        self.xdotool("mousemove", x, y)

    def glide(self, at, seconds=0.5):
        """The mouse moves there as a hand would."""
        here = self.state()["input"]["mouse"]
        steps = max(1, round(seconds * 20))
        for i in range(1, steps + 1):
            t = i / steps
            t = t * t * (3 - 2 * t)
            self.move(round(here[0] + (at[0] - here[0]) * t), round(here[1] + (at[1] - here[1]) * t))
            time.sleep(seconds / steps)

    def point(self, control, part=0.5):
        """The mouse over a part of a control's width, where it stays: what went before may be about to move it."""
        at = None
        while at != (at := self.place(control, part)):
            self.glide(at)
            time.sleep(0.2)

    def click(self, control, part=0.5, button=1):
        self.point(control, part)
        self.xdotool("mousedown", button)
        time.sleep(0.15)
        self.xdotool("mouseup", button)
        time.sleep(0.3)

    def drag(self, control, to, seconds=1.5, start=0.5):
        self.point(control, start)
        self.xdotool("mousedown", 1)
        self.glide(self.place(control, to), seconds)
        self.xdotool("mouseup", 1)

    def key(self, *names):
        for name in names:
            self.xdotool("keydown", name)
            time.sleep(0.15)
            self.xdotool("keyup", name)
            time.sleep(0.15)

    def chord(self, names):
        """Such as ctrl+o."""
        self.xdotool("key", names)
        time.sleep(0.3)

    def type(self, text):
        self.wait(lambda s: isinstance(s["field"], str), "a text field")
        for _ in range(10):  # a busy machine may lose a key
            self.xdotool("keydown", "ctrl+a")
            time.sleep(0.25)  # a text field looks at keys once a frame
            self.xdotool("keyup", "ctrl+a")
            self.xdotool("type", "--delay", 60, text)
            if self.comes(lambda s: s["field"] == text, 10):
                return
        stop(f"typing '{text}' did not happen.")

    def fill(self, field, text, name):
        self.click(field)
        self.type(text)
        self.key("Return")
        self.wait(lambda s: str(s["train"]["options"][name]) == text, f"'{field}'")

    def learn(self, pictures, tick, snap):
        """The Train panel, ready to start: fine-tunes what is shown, with mirrored pictures; `tick` in kimg."""
        self.click("Train")
        self.fill("data", str(pictures), "data")
        self.click("mirror-x")
        self.click("All options")
        self.fill("tick", str(tick), "tick")
        self.fill("snap", str(snap), "snap")
        self.click("All options")
        self.wait(lambda s: s["training"]["obstacle"] == "", "a run that can begin")

    def shot(self, file):
        time.sleep(0.5)
        file.write_bytes(self.display.png())
        print(f"{file}: {file.stat().st_size / 1000:.0f} kB", flush=True)
