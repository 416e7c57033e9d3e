# SPDX-License-Identifier: Apache-2.0
"""load_pickle.py CODE FOLDER ...: loads FOLDER/model.pkl as the public code of CODE (ada or stylegan3) would, with
networks of our own in place of its own, and compares pictures and judgements with those in FOLDER."""
import os
import pickle
import shutil
import sys
import tempfile

import numpy
import torch

here = os.path.dirname(os.path.abspath(__file__))
code, *folders = sys.argv[1:]
root = tempfile.mkdtemp()
shutil.copytree(os.path.join(here, "loader"), root, dirs_exist_ok=True)
os.mkdir(os.path.join(root, "training"))
open(os.path.join(root, "training", "__init__.py"), "w").close()
name = "networks" if code == "ada" else "networks_stylegan2"
shutil.copy(os.path.join(here, "networks.py"), os.path.join(root, "training", name + ".py"))
sys.path.insert(0, root)


def given(folder, what):
    path = os.path.join(folder, what + ".npy")
    return torch.from_numpy(numpy.load(path)).float() if os.path.exists(path) else None


def compare(folder, what, made):
    wanted = given(folder, what)
    assert made.shape == wanted.shape, (folder, what, made.shape, wanted.shape)
    error = ((made - wanted).abs().max() / wanted.abs().max()).item()
    print(folder, what, error)
    assert error <= 5e-5, (folder, what, error)


def check(folder):
    with open(os.path.join(folder, "model.pkl"), "rb") as file:
        data = pickle.load(file)
    for key in ("G", "D", "G_ema"):  # as that loader asserts
        assert isinstance(data[key], torch.nn.Module), key
    g = data["G_ema"]
    assert type(g).__module__ == "training." + name, type(g)
    assert g._init_kwargs["img_resolution"] == g.img_resolution
    z, c = given(folder, "z"), given(folder, "c")
    compare(folder, "image", g(z, c))
    if given(folder, "half") is not None:
        compare(folder, "half", g(z, c, truncation_psi=0.5))
    if given(folder, "logits") is not None:
        compare(folder, "logits", data["D"](given(folder, "image"), c))


try:
    with torch.no_grad():
        for folder in folders:
            check(folder)
finally:
    shutil.rmtree(root)
print("ok")
