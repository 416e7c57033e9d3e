#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the two bundled data sets from a folder of Noto Emoji portraits (136x128 PNGs with transparency).

    python3 assets/make_sets.py PORTRAITS      (needs Pillow and numpy; writes into assets/)

Flattened on a light ground and padded to a square in linear light, scaled to 64x64 by Lanczos. Mages, elves and
vampires are kept out of the training set: those with a skin tone make up the set of the quick tour.
"""
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

GROUND = (236, 233, 226)
SIZE = 64
TOUR = ("1f9d9", "1f9db", "1f9dd")  # mage, vampire, elf
NOTICE = """Portraits from Noto Emoji (https://github.com/googlefonts/noto-emoji), Copyright Google LLC.
Font and emoji shapes: SIL Open Font License 1.1; tools and most images: Apache License 2.0.
Flattened on a light ground, padded to a square and scaled to 64x64.
"""


def to_linear(x):
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def to_srgb(x):
    x = np.clip(x, 0, 1)
    return np.where(x <= 0.0031308, x * 12.92, 1.055 * x ** (1 / 2.4) - 0.055)


def prepare(path):
    picture = np.asarray(Image.open(path).convert("RGBA"), dtype=np.float64) / 255
    alpha = picture[..., 3:]
    ground = to_linear(np.array(GROUND) / 255)
    flat = to_linear(picture[..., :3]) * alpha + ground * (1 - alpha)
    side = max(flat.shape[:2])
    square = np.empty((side, side, 3))
    square[:] = ground
    top, left = (side - flat.shape[0]) // 2, (side - flat.shape[1]) // 2
    square[top : top + flat.shape[0], left : left + flat.shape[1]] = flat
    planes = [
        np.asarray(Image.fromarray(square[..., c].astype(np.float32)).resize((SIZE, SIZE), Image.LANCZOS))
        for c in range(3)
    ]
    return Image.fromarray(np.rint(to_srgb(np.stack(planes, -1)) * 255).astype(np.uint8))


def write(target, files):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        def add(name, data):
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))  # the same bytes every time
            entry.external_attr = 0o644 << 16
            out.writestr(entry, data)

        for number, path in enumerate(files):
            data = io.BytesIO()
            prepare(path).save(data, "png", optimize=True)
            add(f"00000/img{number:08d}.png", data.getvalue())
        add("dataset.json", json.dumps({"labels": None}))
        add("NOTICE.txt", NOTICE)
    print(f"{target}: {len(files)} pictures")


def main():
    folder = Path(sys.argv[1])
    here = Path(__file__).resolve().parent
    files = sorted(folder.glob("*.png"))
    fantasy = [f for f in files if f.name.startswith(TOUR)]
    tones = ("-1f3fb", "-1f3fc", "-1f3fd", "-1f3fe", "-1f3ff")
    write(here / "emoji-portraits-64.zip", [f for f in files if f not in fantasy])
    write(here / "tour.zip", [f for f in fantasy if any(t in f.name for t in tones)])


main()
