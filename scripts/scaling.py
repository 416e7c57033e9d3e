#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How training scales over GPUs: what is measured here, a model fitted to published figures, and a simulation.

    scripts/scaling.py measure STEP_COST [512 1024 ...]  one step at those sizes, one thread: docs/scaling.json
    scripts/scaling.py ranks PROGRAM [1 2 4]             the same run on so many processes (mpirun): docs/scaling.json
    scripts/scaling.py write                             puts the tables into docs/scaling.md
    scripts/scaling.py check                             whether they stand there, and whether the model holds

STEP_COST is build/release/bin/atelier_step_cost (tests/bench), PROGRAM build/release/bin/atelier. Nothing but Python's own library is needed.
"""
import json
import math
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE, MEASURED = ROOT / "docs/scaling.md", ROOT / "docs/scaling.json"

# Published for the public code (its README): seconds for a thousand pictures, on one GPU and on eight of one machine,
# rounded as they stand there. The batch of a GPU is that of its automatic configuration at the resolution.
PUBLISHED = {("V100", 512): (72.5, 9.5), ("V100", 1024): (154, 20), ("A100", 512): (41, 5.2), ("A100", 1024): (90, 11.7)}
ROUNDING = {("V100", 512): (0.05, 0.05), ("V100", 1024): (0.5, 0.5), ("A100", 512): (0.5, 0.05), ("A100", 1024): (0.5, 0.05)}
BATCH = {512: 8, 1024: 4}   # pictures of a GPU in a step
GROUP = 4                   # of the minibatch standard deviation: a GPU can't have fewer pictures in a round
FIT_ON = {"V100": 512, "A100": 1024}  # where eight GPUs differ most from one, measured in roundings; the other is predicted

# Stated, not measured: a machine of eight GPUs on a network of 200 Gb/s, one adapter.
GPUS_OF_A_MACHINE = 8
NETWORK_BYTES = 22e9      # bytes a second of a machine, each way: nine tenths of 25e9
NETWORK_LATENCY = 5e-6    # seconds of a message from machine to machine
LOCAL_LATENCY = 3e-6      # and from GPU to GPU
BUCKET = 25e6             # bytes that are reduced at once
FIXED_STEP = 0.015        # seconds of a step that do not shrink with the batch: launches, Adam, the average
SNAPSHOT_KIMG = 200       # 50 ticks of 4 kimg: a snapshot and its sheet, made by rank 0 while the others wait
SHEET_SECONDS = {512: 6.0, 1024: 14.0}  # pictures, PNG and both files, see docs/scaling.md


# ---------------------------------------------------------------- cost of an all-reduce

def ring(ranks, size, bandwidth, latency):
    """Seconds to sum `size` bytes over `ranks` in a ring: each sends (ranks-1)/ranks of them twice."""
    if ranks == 1:
        return 0.0
    return 2 * (ranks - 1) * latency + 2 * (ranks - 1) / ranks * size / bandwidth


def tree(ranks, size, bandwidth, latency):
    """The same up and down a pair of binary trees, each with half of the bytes, pieces following one another."""
    if ranks == 1:
        return 0.0
    return 2 * math.ceil(math.log2(ranks)) * latency + 2 * size / bandwidth


def all_reduce(gpus, size, local_bandwidth):
    """Over machines of eight: summed within each, over the network by the better of ring and tree, spread within each."""
    local = min(gpus, GPUS_OF_A_MACHINE)
    machines = max(1, gpus // GPUS_OF_A_MACHINE)
    pieces = max(1, math.ceil(size / BUCKET))
    within = ring(local, size, local_bandwidth, LOCAL_LATENCY * pieces)
    if machines == 1:
        return within
    over = min(way(machines, size, NETWORK_BYTES, NETWORK_LATENCY * pieces) for way in (ring, tree))
    return within + over


# ---------------------------------------------------------------- the model

def bytes_of_step(parameters):
    """Gradients that are reduced in one step, on average: G and D each, G again every 4th, D every 16th step."""
    return 4 * (parameters["G"] * (1 + 1 / 4) + parameters["D"] * (1 + 1 / 16))


def picture_seconds(gpu, resolution):
    """Of one picture on one GPU beyond FIXED_STEP, from the published figure for one GPU."""
    step = PUBLISHED[gpu, resolution][0] / 1000 * BATCH[resolution]
    return (step - FIXED_STEP) / BATCH[resolution]


def fitted_bandwidth(gpu, sizes):
    """Bytes a second between the GPUs of a machine, so that eight take what is published at FIT_ON[gpu]."""
    resolution = FIT_ON[gpu]
    one, eight = PUBLISHED[gpu, resolution]
    batch = BATCH[resolution]
    wait = eight / 1000 * 8 * batch - one / 1000 * batch
    size = sizes[resolution]
    latency = 2 * 7 * LOCAL_LATENCY * math.ceil(size / BUCKET)
    return 2 * 7 / 8 * size / (wait - latency)


def step_seconds(gpu, resolution, gpus, batch, sizes, hidden=0.0):
    """hidden: the part of the reducing that goes on beside backward."""
    compute = FIXED_STEP + batch * picture_seconds(gpu, resolution)
    reduce = all_reduce(gpus, sizes[resolution], fitted_bandwidth(gpu, sizes))
    return compute + max(0.0, reduce - hidden * compute)


def kimg_seconds(gpu, resolution, gpus, batch, sizes, hidden=0.0, sheets=True):
    seconds = step_seconds(gpu, resolution, gpus, batch, sizes, hidden) * 1000 / (gpus * batch)
    return seconds + (SHEET_SECONDS[resolution] / SNAPSHOT_KIMG if sheets else 0)


# ---------------------------------------------------------------- measuring

def png(side, seed):
    """RGB with as much in it as a photograph: soft shapes and a little noise."""
    rows = bytearray()
    state = seed * 2654435761 % 2**32
    for y in range(side):
        rows.append(0)
        for x in range(side):
            state = (state * 1664525 + 1013904223) % 2**32
            noise = state >> 29
            rows += bytes(((x * 255 // side + noise) % 256, (y * 255 // side + noise) % 256,
                           ((x * y // side) + seed * 9 + noise) % 256))
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows), 1)) + chunk(b"IEND", b"")


def pictures(folder, side, count):
    folder.mkdir(parents=True)
    for i in range(count):
        (folder / f"{i:03}.png").write_bytes(png(side, i))


def stats_of(run):
    return [json.loads(line) for line in (run / "stats.jsonl").read_text().splitlines()]


def mean(line, name):
    return line[name]["mean"] if name in line else None


def keep(part, value):
    measured = json.loads(MEASURED.read_text()) if MEASURED.exists() else {}
    measured.setdefault(part, {}).update(value)
    MEASURED.write_text(json.dumps(measured, indent=1, sort_keys=True) + "\n")


def machine():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "?"


def environment():
    return {**os.environ, "OMP_WAIT_POLICY": "passive"}


def measure(program, sides):
    """One step of each network: every phase is in the first step."""
    for side in sides:
        told = subprocess.run([program, str(side), "2"], check=True, capture_output=True, env=environment())
        keep("step", {str(side): {**json.loads(told.stdout), "machine": machine()}})


def ranks(program, counts):
    """The same total batch on so many processes of one thread each; what is measured is the pace of the later ticks."""
    mpirun = shutil.which("mpirun")
    if mpirun is None:
        sys.exit("There is no mpirun here; Debian has it in openmpi-bin.")
    side, batch = 64, 16
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        pictures(folder / "data", side, 64)
        for count in counts:
            run = folder / f"run{count}"
            # --allow-run-as-root: containers; a machine with fewer cores than ranks measures little, and is told.
            subprocess.run([mpirun, "--allow-run-as-root", "--oversubscribe", "-np", str(count), program, "train", "--data",
                            folder / "data", "--out", run, "--kimg", "0.8", "--batch", str(batch), "--tick", "0.16",
                            "--snap", "0", "--threads", "1"], check=True, env=environment())
            lines = stats_of(run)[2:]
            found[str(count)] = sum(mean(line, "Timing/sec_per_kimg") for line in lines) / len(lines)
    keep("ranks", {"resolution": side, "batch": batch, "cores": os.cpu_count(), "machine": machine(), "sec_per_kimg": found})


# ---------------------------------------------------------------- the page

def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head),
                      *("| " + " | ".join(row) + " |" for row in rows)])


def number(value):
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def sizes_of(measured):
    return {int(side): bytes_of_step(step["parameters"]) for side, step in measured["step"].items()
            if int(side) in BATCH}


def step_table(measured):
    rows = []
    for side, step in sorted(measured["step"].items(), key=lambda item: int(item[0])):
        phases = step["seconds_a_picture"]
        whole = phases["Gmain"] + phases["Greg"] / 4 + phases["Dmain"] + phases["Dreg"] / 16
        rows.append([f"{side} px", *(f"{phases[name]:.2f}" for name in ("Gmain", "Greg", "Dmain", "Dreg")),
                     f"{whole:.2f}", f"{whole * 1000:,.0f}"])
    return table(["", "Gmain", "Greg", "Dmain", "Dreg", "s a picture, on average", "s/kimg"], rows)


def bytes_table(measured):
    rows = []
    for side, step in sorted(measured["step"].items(), key=lambda item: int(item[0])):
        g, d = step["parameters"]["G"], step["parameters"]["D"]
        rows.append([f"{side} px", f"{g / 1e6:.2f}", f"{d / 1e6:.2f}", f"{4 * g / 1e6:.0f}", f"{4 * d / 1e6:.0f}",
                     f"{bytes_of_step(step['parameters']) / 1e6:.0f}"])
    return table(["", "G, million", "D, million", "MB of Gmain or Greg", "MB of Dmain or Dreg", "MB a step, on average"],
                 rows)


def ranks_table(measured):
    told = measured.get("ranks")
    if not told:
        return "Not measured yet."
    one = told["sec_per_kimg"]["1"]
    rows = [[count, number(seconds), f"{one / seconds:.2f}", f"{one / seconds / int(count):.2f}"]
            for count, seconds in sorted(told["sec_per_kimg"].items(), key=lambda item: int(item[0]))]
    return (f"{told['resolution']} px, total batch {told['batch']}, one thread a process, {told['cores']} cores "
            f"({told['machine']}).\n\n" + table(["processes", "s/kimg", "speed-up", "efficiency"], rows))


def predictions(sizes):
    """gpu, resolution, whether it was fitted on, published, predicted."""
    return [(gpu, resolution, FIT_ON[gpu] == resolution, eight,
             kimg_seconds(gpu, resolution, 8, BATCH[resolution], sizes, sheets=False))
            for (gpu, resolution), (_, eight) in PUBLISHED.items()]


def slack(gpu, resolution):
    """How far roundings alone can move a prediction for eight GPUs from the published one, in s/kimg."""
    here, there = ROUNDING[gpu, resolution], ROUNDING[gpu, FIT_ON[gpu]]
    moved = (there[0] * BATCH[FIT_ON[gpu]] + there[1] * 8 * BATCH[FIT_ON[gpu]]) / (8 * BATCH[resolution])
    return here[0] / 8 + here[1] + moved


def fit_table(sizes):
    rows = []
    for gpu, resolution, fitted, published, told in predictions(sizes):
        rows.append([gpu, f"{resolution} px", f"{PUBLISHED[gpu, resolution][0]:g}", f"{published:g}", f"{told:.2f}",
                     "fitted" if fitted else f"{100 * (told / published - 1):+.1f} %",
                     "" if fitted else f"{100 * slack(gpu, resolution) / published:.1f} %"])
    bandwidths = ", ".join(f"{gpu} {fitted_bandwidth(gpu, sizes) / 1e9:.0f} GB/s" for gpu in FIT_ON)
    return (table(["GPU", "", "1 GPU, published", "8 GPUs, published", "8 GPUs, model", "off by", "roundings allow"], rows) +
            f"\n\nBetween the GPUs of a machine, as if nothing of it were hidden: {bandwidths}.")


COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


def simulation_table(resolution, sizes, hidden):
    rows = []
    batch = BATCH[resolution]
    for gpus in COUNTS:
        row = [str(gpus), f"{gpus * batch:,}"]
        for gpu in ("V100", "A100"):
            bare = kimg_seconds(gpu, resolution, gpus, batch, sizes, hidden, sheets=False)
            whole = kimg_seconds(gpu, resolution, gpus, batch, sizes, hidden)
            one = kimg_seconds(gpu, resolution, 1, batch, sizes, hidden, sheets=False)
            published = PUBLISHED[gpu, resolution]
            beside = f" ({published[0 if gpus == 1 else 1]:g})" if gpus in (1, 8) else ""
            row += [number(bare) + beside, f"{100 * one / bare / gpus:.0f} %", f"{100 * one / whole / gpus:.0f} %"]
        rows.append(row)
    return table(["GPUs", "batch", "V100 s/kimg", "efficiency", "with sheets", "A100 s/kimg", "efficiency", "with sheets"], rows)


def fixed_batch_table(sizes):
    """The batch that is known to train well, cut ever finer."""
    rows = []
    for resolution, total in ((512, 64), (1024, 32)):
        for gpus in (8, 16, 32, 64):
            if gpus > total:
                continue
            batch = total // gpus
            seconds = kimg_seconds("A100", resolution, gpus, batch, sizes, sheets=False)
            one = kimg_seconds("A100", resolution, 1, BATCH[resolution], sizes, sheets=False)
            rows.append([f"{resolution} px", str(total), str(gpus), str(batch), number(seconds),
                         f"{100 * one / seconds / gpus:.0f} %",
                         "" if batch >= GROUP else "only where the group's statistics go over ranks"])
    return table(["", "batch", "GPUs", "of a GPU", "A100 s/kimg", "efficiency", ""], rows)


def moves_table(sizes):
    """What each of the levers does at 1,024 GPUs."""
    global NETWORK_BYTES, BUCKET
    rows = []
    for resolution in (512, 1024):
        batch = BATCH[resolution]

        def efficiency(batch=batch, hidden=0.0, sheets=True):
            one = kimg_seconds("A100", resolution, 1, batch, sizes, sheets=False)
            return f"{100 * one / kimg_seconds('A100', resolution, 1024, batch, sizes, hidden, sheets) / 1024:.0f} %"
        before = NETWORK_BYTES
        row = [f"{resolution} px", efficiency(), efficiency(sheets=False), efficiency(hidden=0.5, sheets=False)]
        NETWORK_BYTES = 4 * before
        row.append(efficiency(sheets=False))
        NETWORK_BYTES = before
        row.append(efficiency(batch=4 * batch, sheets=False))
        rows.append(row)
    return table(["A100, 1,024 GPUs", "as it is", "sheets made elsewhere", "and reduced beside backward",
                  "or four adapters a machine", "or four times the batch of a GPU"], rows)


def blocks():
    measured = json.loads(MEASURED.read_text())
    sizes = sizes_of(measured)
    return {"step": step_table(measured), "bytes": bytes_table(measured), "ranks": ranks_table(measured),
            "fit": fit_table(sizes), "512": simulation_table(512, sizes, 0.0), "1024": simulation_table(1024, sizes, 0.0),
            "fixed": fixed_batch_table(sizes), "moves": moves_table(sizes)}


def filled(page):
    for name, text in blocks().items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
        if not mark.search(page):
            sys.exit(f"docs/scaling.md has no place for the table '{name}'.")
        page = mark.sub(lambda m: m.group(1) + text + "\n" + m.group(2), page)
    return page


def check():
    # By hand: four ranks send three quarters of the bytes twice; a ring has six messages, the trees four.
    assert abs(ring(4, 1e9, 1e9, 0) - 1.5) < 1e-12 and abs(ring(4, 0, 1e9, 1) - 6) < 1e-12
    assert abs(tree(4, 1e9, 1e9, 0) - 2) < 1e-12 and abs(tree(4, 0, 1e9, 1) - 4) < 1e-12
    assert ring(1, 1e9, 1e9, 1) == tree(1, 1e9, 1e9, 1) == 0
    assert bytes_of_step({"G": 16, "D": 16}) == 4 * (20 + 17)
    sizes = sizes_of(json.loads(MEASURED.read_text()))
    for gpu, resolution, fitted, published, told in predictions(sizes):
        allowed = 1e-3 if fitted else slack(gpu, resolution)
        if abs(told - published) > allowed:
            sys.exit(f"The model says {told:.2f} s/kimg for eight {gpu} at {resolution} px; published is {published}, and "
                     f"roundings allow {allowed:.2f}.")
    for gpu in FIT_ON:
        for resolution in BATCH:
            times = [kimg_seconds(gpu, resolution, n, BATCH[resolution], sizes) for n in COUNTS]
            assert times == sorted(times, reverse=True), (gpu, resolution, times)
    if filled(PAGE.read_text()) != PAGE.read_text():
        sys.exit("docs/scaling.md is not what scripts/scaling.py write makes of docs/scaling.json.")


def main():
    words = sys.argv[1:]
    if len(words) >= 2 and words[0] == "measure":
        measure(words[1], [int(side) for side in words[2:]] or [512, 1024])
    elif len(words) >= 2 and words[0] == "ranks":
        ranks(words[1], [int(count) for count in words[2:]] or [1, 2, 4])
    elif words == ["write"]:
        PAGE.write_text(filled(PAGE.read_text()))
    elif words == ["check"]:
        check()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
