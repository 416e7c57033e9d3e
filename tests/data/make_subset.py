#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes reference/, formats/, reports/ and data/ beside this file: a small part of the reference trees, in their layout.

    make_subset.py [SHARED]     SHARED: the folder with reference/, formats/, reports/ and data/ (default: ../shared beside
                                the checkout)

The same trees give the same bytes. Pickles are copied, never opened.
"""
import json
import pathlib
import re
import shutil
import struct
import sys

HERE = pathlib.Path(__file__).resolve().parent

# Copied whole.
REFERENCE = [
    "networks/f_gray_freezed_r16/network-snapshot-001000.pkl",
    "networks/f_gray_freezed_r16/state.safetensors",
    "networks/f_gray_freezed_r16/acts.safetensors",
    "networks/f_gray_freezed_r16/config.json",
    "ops/setup_filter.json",
    "ops/setup_filter.safetensors",
    "rng/numpy_legacy.safetensors",
    "param_tables/cifar_r32_cond.json",
    "rng/sampler_grid.json",
    "rng/sampler_grid.safetensors",
    "augment/filters.safetensors",
    "loss/r16_c0_nomix.json",
    "loss/r16_c0_nomix.safetensors",
    "training/trace_r16_both.json",
    "training/trace_r16_both.safetensors",
    "training/ada_ema.json",
    "training/ada_ema.safetensors",
    "training/stats.safetensors",
    "training/config_table.json",
    "dataset/arrays.json",
    "dataset/gray_nolabels.zip",
    "dataset/rgb_centercrop.zip",
    "dataset/rgb_centercropwide.zip",
    "dataset/rgb_labels_box.zip",
    "dataset/rgb_labels_lanczos.zip",
    "dataset/rgb_veclabels.zip",
    "dataset/image_conversions.safetensors",
    "dataset/grid_3x2.png",
]
FORMATS = [
    "stylegan3_code/b_cond3_r16_fp32opts/network-snapshot-000000.pkl",
    "stylegan3_code/b_cond3_r16_fp32opts/state.safetensors",
    "stylegan3_code/b_cond3_r16_fp32opts/acts.safetensors",
    "stylegan3_code/b_cond3_r16_fp32opts/config.json",
    "tf/b_cond3_r16_p3_numpy2/network.pkl",
    "tf/b_cond3_r16_p3_numpy2/state.safetensors",
    "tf/b_cond3_r16_p3_numpy2/acts.safetensors",
    "tf/b_cond3_r16_p3_numpy2/config.json",
    "rosinality/b_r16_convert_legacy/checkpoint.pt",
    "rosinality/b_r16_convert_legacy/state_nvidia_names.safetensors",
    "rosinality/b_r16_convert_legacy/acts.safetensors",
    "rosinality/b_r16_convert_legacy/config.json",
]
# What people reported: whole folders, or single files.
REPORTS = [
    "01-pti-whole-module",
    "02-projected-d/network-snapshot.pkl",
    "02-projected-d/reference-seed85-psi0.7.png",
    "04-non-square",
    "07-pth/lightning_like.ckpt",
    "07-pth/reference-seed85-psi0.7.png",
    "09-rgba",
    "10-big-2048",
    "11-other-families",
    "12-labels-json",
    "14-multi-label",
    "18-heic",
    "19-cond-transfer/cond5.pkl",
    "19-cond-transfer/reference-class2-seed85-psi0.7.png",
    "19-cond-transfer/reference-half0-half2.png",
    "20-resolution",
    "40-class-folders",
    "41-display-p3",
    "44-exif-train",
]
PHOTOS = ["photos/astronaut.png"]
PORTRAITS = 20  # the first of emoji-portraits

# Cases of ops/<kind>; tensors that belong to no case of the JSON file stay too.
OPS = {
    # Every function, every kind of filter, one number, two and four for the padding, gradients that cross each.
    "upfirdn2d": ["upfirdn2d_00", "upfirdn2d_01", "upfirdn2d_04", "upfirdn2d_06", "upfirdn2d_12", "upfirdn2d_15",
                  "upfirdn2d_19", "upfirdn2d_28", "upfirdn2d_32", "filter2d_25", "upsample2d_43", "upsample2d_04",
                  "downsample2d_38", "downsample2d_23"],
    # Every activation with gain and clamp, and what is special: a slope of its own, two dimensions only.
    "bias_act": ["linear_1", "linear_2", "relu_1", "lrelu_0", "lrelu_1", "lrelu_2", "lrelu_3", "tanh_1", "sigmoid_1",
                 "elu_1", "selu_1", "softplus_1", "swish_0", "swish_1"],
    "conv2d_resample": ["conv_05", "conv_10", "conv_14", "conv_15", "conv_17", "conv_25", "conv_37", "conv_39"],
    "modulated_conv2d": ["mod_00", "mod_09", "mod_12", "mod_17", "mod_21", "mod_fp16_28", "mod_fp16_29"],
    "layers": ["fc_1", "fc_4", "fc_5", "mbstd_2", "mbstd_3", "mbstd_4", "conv2dlayer_1", "conv2dlayer_2",
               "conv2dlayer_4"],
}

# Cases of augment/<kind>: one with all derivatives of geometry and of colour, one gray, one with every transform.
AUGMENT = {
    "singles": ["rotate/p0.8/in32", "contrast/p0.8/in32_gray"],
    "params": ["scale/p0.73/in32"],
    "presets": ["color/p0.7/in32"],
    "random": ["bgcfnc/p1.0/in32"],
}
AUGMENT_INPUTS = ["in32", "in32_gray"]

PLAIN = ["g_ema_f32.safetensors", "g_ema_f32.pt", "g_ema_f16_legacy.pt", "g_ema_bf16.safetensors"]

# Every control, and of each kind of attack some that fail at different places. All are inert unless unpickled.
HOSTILE = [
    "exec/reduce_os_system_p2.pkl", "exec/reduce_builtins_open_write.pkl", "exec/newobj_partial_then_reduce.pkl",
    "exec/obj_os_system.pkl", "exec/copyreg_add_extension_ext1.pkl", "exec/dotted_collections_sys_modules.pkl",
    "exec/hostile_module_src.pkl", "exec/pt_legacy_object_prefix.pt",
    "pickle_structure/memo_binget_missing.pkl", "pickle_structure/self_list.pkl",
    "pickle_structure/self_state_dict.pkl", "pickle_structure/long4_huge.pkl",
    "pickle_structure/binbytes8_2_62.pkl", "pickle_structure/binunicode_bad_utf8.pkl",
    "pickle_structure/no_stop.pkl", "pickle_structure/tuple_without_mark.pkl", "pickle_structure/append_on_dict.pkl",
    "pickle_structure/stack_global_nonstring.pkl", "pickle_structure/top_level_int.pkl",
    "tensor/pkl_offset_beyond.pkl", "tensor/pkl_size_negative.pkl",
    "semantic/missing_bias.pkl", "semantic/kwargs_resolution_2_40.pkl",
    "pt/zip_claims_4g.pt", "pt/zip_size_overflow.pt", "pt/legacy_keys_missing.pt",
    "safetensors/st_header_2_60.safetensors", "safetensors/st_offsets_overlap.safetensors",
    "safetensors/st_shape_huge.safetensors", "safetensors/st_nan.safetensors",
    "tf/tf_data_short.pkl", "tf/tf_shape_transposed_wrong.pkl", "exec/tf_variable_reduce.pkl",
    "exec/global_lookalike_case.pkl",
    "not_a_model/empty_pt.pt", "not_a_model/lfs_pointer.pkl", "not_a_model/one_byte.pkl",
]


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, copy_function=shutil.copyfile)
    else:
        shutil.copyfile(source, target)


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def cut_safetensors(source, target, keep):
    """Copies the tensors for which keep(name) holds, in the order of their bytes."""
    data = source.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", None)
    out, body = {} if metadata is None else {"__metadata__": metadata}, b""
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        if keep(name):
            begin, end = entry["data_offsets"]
            out[name] = dict(entry, data_offsets=[len(body), len(body) + end - begin])
            body += data[8 + length + begin:8 + length + end]
    text = json.dumps(out, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    target.write_bytes(struct.pack("<Q", len(text)) + text + body)


def known(wanted, there, what):
    missing = [name for name in wanted if name not in there]
    if missing:
        sys.exit(f"make_subset.py: {what} has no {', '.join(missing)}")


def write_cases(source, target, kinds):
    for kind, cases in kinds.items():
        entries = read_json(source / f"{kind}.json")
        every = {entry["name"] for entry in entries}
        known(cases, every, f"{source / kind}.json")
        write_json(target / f"{kind}.json", [entry for entry in entries if entry["name"] in cases])
        dropped = every - set(cases)
        cut_safetensors(source / f"{kind}.safetensors", target / f"{kind}.safetensors",
                        lambda name: not any(name.startswith(case + "/") for case in dropped))


def write_training_data(source, target):
    cut_safetensors(source / "augment/inputs.safetensors", target / "augment/inputs.safetensors",
                    lambda name: name in AUGMENT_INPUTS)
    # The original pictures before the tool's scaling are for the data tool's tests.
    cut_safetensors(source / "dataset/arrays.safetensors", target / "dataset/arrays.safetensors",
                    lambda name: not name.startswith("source/"))


def write_metrics(source, target):
    # Two sets of features; what belongs to path length is left out.
    kept = re.compile(r"(fid|kid|pr|is)_[01](/|_|$)")
    values = read_json(source / "metrics/metrics.json")
    write_json(target / "metrics/metrics.json", {name: value for name, value in values.items() if kept.match(name)})
    cut_safetensors(source / "metrics/metrics.safetensors", target / "metrics/metrics.safetensors", kept.match)
    # The smallest picture whole, and the end and the gradient of another one.
    (target / "features").mkdir(parents=True, exist_ok=True)
    name = "features/efficientnet_lite0.safetensors"
    cut_safetensors(source / name, target / name,
                    re.compile(r"noise32/|photo64/(image|pool|logits|grad)").match)


def write_plain(source, target):
    config = read_json(source / "config.json")
    known(PLAIN, config["files"], source / "config.json")
    config["files"] = {name: text for name, text in config["files"].items() if name in PLAIN}
    write_json(target / "config.json", config)
    for name in [*PLAIN, "acts.safetensors"]:
        copy(source / name, target / name)


def write_hostile(source, target):
    manifest = read_json(source / "manifest.json")
    files = [entry["file"] for entry in manifest["files"]]
    known(HOSTILE, files, source / "manifest.json")
    chosen = set(HOSTILE) | {name for name in files if name.startswith("control/")}
    manifest["files"] = [entry for entry in manifest["files"] if entry["file"] in chosen]
    # Every third damaged variant: truncations and flips of each base remain.
    manifest["generated"] = manifest["generated"][::3]
    write_json(target / "manifest.json", manifest)
    for name in sorted(chosen):
        copy(source / name, target / name)


def write_portraits(source, target):
    for path in sorted(source.glob("*.png"))[:PORTRAITS]:
        copy(path, target / path.name)


def main():
    shared = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[2] / "shared"
    if not (shared / "reference").is_dir():
        sys.exit(f"make_subset.py: {shared} has no folder reference")
    for name in ("reference", "formats", "reports", "data"):
        shutil.rmtree(HERE / name, ignore_errors=True)
    for tree, names in (("reference", REFERENCE), ("formats", FORMATS), ("reports", REPORTS), ("data", PHOTOS)):
        for name in names:
            copy(shared / tree / name, HERE / tree / name)
    write_cases(shared / "reference/ops", HERE / "reference/ops", OPS)
    write_cases(shared / "reference/augment", HERE / "reference/augment", AUGMENT)
    write_training_data(shared / "reference", HERE / "reference")
    write_metrics(shared / "reference", HERE / "reference")
    write_plain(shared / "formats/plain", HERE / "formats/plain")
    write_hostile(shared / "formats/hostile", HERE / "formats/hostile")
    write_portraits(shared / "data/emoji-portraits", HERE / "data/emoji-portraits")
    total = sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file())
    print(f"{total / 1e6:.1f} MB in {HERE}")


if __name__ == "__main__":
    main()
