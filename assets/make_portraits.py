#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws a training set of portraits: the same number, the same picture.

    make_portraits.py OUT.zip [--size 128] [--first 0] [--count 12000]

The style is "ToonHead" by Johan Melin (CC BY 4.0), as the package dicebear-styles has it. Needs
dicebear-core==10.7.0, dicebear-styles==10.6.0, resvg_py==0.5.0, pillow and numpy from PyPI; a set of 12,000 takes five
minutes on one core. OUT.zip appears when it is whole.
"""
import argparse
import io
import json
import os
import sys
import zipfile
from importlib.resources import files

import numpy
import resvg_py
from dicebear import Avatar, Style
from PIL import Image

SKIN = "f6d7c3 f1c3a5 e5b28e d49b75 b9805a a36b4f 8a5738 6f4429 573521".split()
HAIR = ("241c11 2c1b18 4a312c 724133 a55728 b58143 d6b370 e8d9b0 c93305 9aa0a8 dcdcdc 3f6fb5 b84a8f "
        "4d8f6a").split()
CLOTHES = ("0b3286 151613 147f3c 545454 731ac3 ec4899 f97316 e8e9e6 eab308 c0392b 2aa198 7fb3e6 f3c6d3 "
           "6b4f3a").split()
GROUND = ("b6e3f4 c0aede d1d4f9 ffd5dc ffdfbf d9efc8 f4f1e8 a8d5ba f7e3a1 9fc2e8 e8b4a0 cfd8dc 3b4a6b 5b3f5e "
          "2f5d62 7a4b3a").split()
# Named as often as they are to come up.
EYES = ["happy"] * 5 + ["wide"] * 4 + ["humble", "bow", "wink"]
MOUTHS = ["smile"] * 3 + ["laugh"] * 3 + ["agape", "sad", "angry"]
BROWS = ["neutral"] * 3 + ["happy"] * 3 + ["raised"] * 2 + ["sad", "angry"]


def options_of(number, size):
    """What portrait `number` looks like. The order of the draws belongs to the pictures: leave it."""
    random = numpy.random.RandomState(number)

    def one_of(list_):
        return list_[random.randint(len(list_))]

    ground = [one_of(GROUND), one_of(GROUND)]
    return {
        "seed": f"portrait {number}",
        "size": size,
        "skinColor": [one_of(SKIN)],
        "hairColor": [one_of(HAIR)],
        "clothesColor": [one_of(CLOTHES)],
        "backgroundColor": ground,
        "backgroundColorFill": ["linear"],
        "backgroundColorAngle": float(random.uniform(-180, 180)),
        "backgroundColorOrder": "fixed",
        "eyesVariant": [one_of(EYES)],
        "mouthVariant": [one_of(MOUTHS)],
        "eyebrowsVariant": [one_of(BROWS)],
        "beardProbability": 20,
        "rearHairProbability": 55,
        "rotate": float(numpy.clip(random.normal(0, 5), -12, 12)),
        "scale": float(random.uniform(1.0, 1.28)),
        "translateX": float(random.normal(0, 2.5)),
        "translateY": float(random.uniform(-1, 5)),
    }


def png_of(style, number, size):
    svg = Avatar(style, options_of(number, size)).to_string()
    drawn = resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size)
    out = io.BytesIO()
    Image.open(io.BytesIO(bytes(drawn))).convert("RGB").save(out, "PNG")
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description="Draws a training set of portraits.")
    parser.add_argument("out", help="zip file to write")
    parser.add_argument("--size", type=int, default=128, help="pixels a side")
    parser.add_argument("--first", type=int, default=0, help="number of the first portrait")
    parser.add_argument("--count", type=int, default=12000)
    options = parser.parse_args()
    style = Style(json.loads(files("dicebear_styles").joinpath("toon-head.json").read_text("utf-8")))
    part = f"{options.out}.part"
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for i in range(options.count):
            number = options.first + i
            # A fixed time, so that the same portraits make the same file.
            entry = zipfile.ZipInfo(f"{number:06d}.png", (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, png_of(style, number, options.size))
            if sys.stderr.isatty() and i % 100 == 0:
                print(f"\r{i} of {options.count}", end="", file=sys.stderr)
    with open(part, "rb") as written:
        os.fsync(written.fileno())
    os.replace(part, options.out)


if __name__ == "__main__":
    main()
