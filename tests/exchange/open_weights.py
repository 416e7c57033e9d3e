# SPDX-License-Identifier: Apache-2.0
"""open_weights.py FOLDER: opens FOLDER/model.pt with torch.load(weights_only=True), read and mapped, and compares a
tensor."""
import os
import sys

import numpy
import torch

folder = sys.argv[1]
for mapped in (False, True):
    data = torch.load(os.path.join(folder, "model.pt"), weights_only=True, mmap=mapped)
    state = data["G_ema"]
    wanted = torch.from_numpy(numpy.load(os.path.join(folder, "const.npy")))
    assert state["synthesis.b4.const"].dtype == torch.float32
    assert torch.equal(state["synthesis.b4.const"], wanted)
print("ok")
