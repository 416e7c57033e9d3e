#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes THIRD-PARTY-NOTICES: the copyright and licence of every library inside a package.

    packaging/notices.py FILE --list LIBRARIES [--notice FILE]... [--torch FOLDER] [--data PACKAGE]...

LIBRARIES is the list of packaging/collect.py. --notice: of a library that was built for the package. --torch: the torch
folder of a Python installation whose files are inside as well. --data: a Debian package of which data is inside.
"""
import argparse
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
COMPILED_IN = ["libboost1.74-dev", "libcli11-dev", "libdlib-dev", "libfmt-dev", "libimgui-dev", "libspdlog-dev", "libstb-dev",
               "nlohmann-json3-dev"]
RULE = "=" * 100


def sources_of(package):
    shown = subprocess.run(["dpkg-query", "-W", "-f", "${source:Package} ${source:Version}", package], capture_output=True,
                           text=True, check=False)
    return shown.stdout.strip()


def licences():
    lines = (HERE / "libraries.txt").read_text().splitlines()
    return dict(line.split(None, 1) for line in lines if line.strip() and not line.startswith("#"))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("file", type=pathlib.Path)
    arguments.add_argument("--list", type=pathlib.Path, required=True)
    arguments.add_argument("--notice", type=pathlib.Path, action="append", default=[])
    arguments.add_argument("--torch", type=pathlib.Path)
    arguments.add_argument("--data", action="append", default=[])
    chosen = arguments.parse_args()
    inside = {}
    for line in chosen.list.read_text().splitlines():
        soname, package = line.split()
        inside.setdefault(package, []).append(soname)
    known = licences()
    text = ["Atelier is under the Apache License 2.0. This package holds the libraries below as well, unchanged but for the",
            "path that they look for each other in. Those under the LGPL are files of their own: put another build of one in",
            "its place to use that. The sources of each are Debian's source package of the version named, which Debian's",
            "archive keeps; whoever passes this package on offers them too.", ""]
    common, texts = set(), []
    for package in [*sorted(inside), *COMPILED_IN, *chosen.data]:
        copyright_file = pathlib.Path("/usr/share/doc") / package / "copyright"
        if not copyright_file.exists() or not sources_of(package):
            sys.exit(f"notices.py: {package} isn't installed, whose licence has to be told")
        what = ", ".join(inside.get(package, ["compiled in" if package in COMPILED_IN else "data"]))
        text.append(f"{package} (source {sources_of(package)}): {what}{'; ' + known[package] if package in known else ''}")
        said = copyright_file.read_text(errors="replace")
        common |= set(re.findall(r"/usr/share/common-licenses/([\w.-]*\w)", said))
        texts.append(f"{RULE}\n{package}\n{RULE}\n{said}")
    for notice in chosen.notice:
        said = notice.read_text(errors="replace")
        text.append(said.splitlines()[0])
        common |= set(re.findall(r"/usr/share/common-licenses/([\w.-]*\w)", said))
        texts.append(f"{RULE}\nbuilt for this package\n{RULE}\n{said}")
    if chosen.torch:
        for folder in sorted(chosen.torch.parent.glob("*.dist-info")):
            if folder.name.split("-")[0] not in ("torch", "nvidia_cuda_runtime", "nvidia_cuda_cupti"):
                continue
            text.append(f"{folder.name.removesuffix('.dist-info')}: files of this Python package, unchanged")
            for file in sorted(folder.rglob("*")):
                if file.is_file() and re.search("licen[cs]e|notice|copying", file.name, re.IGNORECASE):
                    texts.append(f"{RULE}\n{folder.name}: {file.name}\n{RULE}\n{file.read_text(errors='replace')}")
    for name in sorted(common):
        file = pathlib.Path("/usr/share/common-licenses") / name
        if file.exists():
            texts.append(f"{RULE}\n{file}\n{RULE}\n{file.read_text(errors='replace')}")
    chosen.file.parent.mkdir(parents=True, exist_ok=True)
    chosen.file.write_text("\n".join(text) + "\n\n" + "\n\n".join(texts) + "\n")


main()
