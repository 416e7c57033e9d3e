# SPDX-License-Identifier: Apache-2.0
"""run_onnx.py FOLDER ...: plays each FOLDER/model.onnx with onnxruntime and compares with the pictures in FOLDER."""
import os
import sys

import numpy
import onnxruntime


def given(folder, what):
    path = os.path.join(folder, what + ".npy")
    return numpy.load(path).astype(numpy.float32) if os.path.exists(path) else None


def compare(folder, session, what, psi, rows):
    inputs = [each.name for each in session.get_inputs()]
    wanted = given(folder, what)[rows]
    feed = {"z": given(folder, "z")[rows]}
    if "psi" in inputs:
        feed["psi"] = numpy.array([psi], numpy.float32)
    if "class" in inputs:
        feed["class"] = given(folder, "c")[rows]
    assert set(feed) == set(inputs), inputs
    made = session.run(["image"], feed)[0]
    assert made.shape == wanted.shape, (folder, what, made.shape, wanted.shape)
    error = numpy.abs(made - wanted).max() / numpy.abs(wanted).max()
    print(folder, what, error)
    assert error <= 5e-5, (folder, what, error)


for folder in sys.argv[1:]:
    session = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx"), providers=["CPUExecutionProvider"])
    compare(folder, session, "image", 1, slice(None))
    compare(folder, session, "image", 1, slice(0, 1))  # a batch of another size
    if given(folder, "half") is not None:
        compare(folder, session, "half", 0.5, slice(None))
    assert session.get_modelmeta().custom_metadata_map["license"] == "CC0"
print("ok")
