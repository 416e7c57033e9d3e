#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts the libraries of programs beside them, so that they run where those aren't installed.

    packaging/collect.py TREE PROGRAM... [--first FOLDER]... [--list FILE] [--only-check]

TREE/lib gets the libraries, TREE/lib/fallback/NAME/ those that the system's own are better than (NAME and what only it
needs): src/cli/launch.h says when they are used. glibc, the OpenGL driver and torch are left out. --first: folders that are
looked into before the system's. --list: each library with the Debian package that it comes from, for the notices; a
package that packaging/libraries.txt doesn't name is refused, since nobody has looked at its licence. --only-check: nothing
is copied.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
# Of every system that has a C library of this age, or torch's.
LEFT_OUT = re.compile(r"^(ld-linux.*|lib(c|m|dl|pthread|rt|resolv|util|anl)|lib(torch|c10|cudart|gomp)[\w.-]*|"
                      r"libcuda|libEGL|libGL)\.so(\.|$)|^linux-vdso")
# Those that talk to something of the system (display, driver, sound server), and those that its driver loads as well.
SYSTEMS_FIRST = ["libstdc++.so.6", "libgcc_s.so.1", "libz.so.1", "libzstd.so.1", "libexpat.so.1", "libX11.so.6",
                 "libGLX.so.0", "libasound.so.2", "libpipewire-0.3.so.0"]
# Bound to a database under a licence that asks for the sources of whoever uses it (libdb): jack.py makes one that finds
# no server, for systems without JACK.
MADE = "libjack.so.0"


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def needed(file):
    return re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", str(file)))


class Libraries:
    def __init__(self, first):
        self.first = [pathlib.Path(folder) for folder in first]
        self.cache = {}
        for line in run("/sbin/ldconfig", "-p").splitlines():
            found = re.match(r"\s+(\S+) \(.*x86-64.*\) => (\S+)", line)
            if found:
                self.cache.setdefault(found[1], pathlib.Path(found[2]))

    def find(self, name):
        for folder in self.first:
            if (folder / name).exists():
                return folder / name
        if name not in self.cache:
            sys.exit(f"collect.py: no {name} on this machine")
        return self.cache[name]

    def closure(self, names, without=()):
        """name -> file of all that these need, themselves among them."""
        found, open_ends = {}, list(names)
        while open_ends:
            name = open_ends.pop()
            if name in found or name in without or LEFT_OUT.match(name) or name == MADE:
                continue
            found[name] = self.find(name)
            open_ends += needed(found[name])
        return found


def package_of(file):
    """The Debian package that a file belongs to; /lib is /usr/lib, and dpkg may know it by either."""
    real = file.resolve()
    for path in (real, pathlib.Path(str(real).replace("/usr/lib/", "/lib/", 1)),
                 pathlib.Path(str(real).replace("/lib/", "/usr/lib/", 1))):
        end = subprocess.run(["dpkg-query", "-S", str(path)], capture_output=True, text=True, check=False)
        if end.returncode == 0:
            return end.stdout.split(":")[0]
    sys.exit(f"collect.py: {real} belongs to no Debian package")


def known_packages():
    lines = (HERE / "libraries.txt").read_text().splitlines()
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


def checked(packed, built):
    """Lines 'soname package'; ends with a sentence at the first whose licence nobody has looked at."""
    known, lines = known_packages(), []
    for soname, file in sorted(packed.items()):
        if any(folder in file.parents for folder in built):
            continue
        package = package_of(file)
        if package not in known:
            sys.exit(f"collect.py: {soname} is of {package}, which packaging/libraries.txt doesn't name: read its licence "
                     f"(/usr/share/doc/{package}/copyright) and add a line, unless it is under the GPL")
        lines.append(f"{soname} {package}")
    return lines


def put(file, into, run_path):
    into.mkdir(parents=True, exist_ok=True)
    target = into / file.name
    shutil.copyfile(file.resolve(), target)
    target.chmod(0o755)
    subprocess.run(["strip", "--strip-unneeded", str(target)], check=True)
    subprocess.run(["patchelf", "--set-rpath", run_path, str(target)], check=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("tree", type=pathlib.Path)
    arguments.add_argument("programs", type=pathlib.Path, nargs="+")
    arguments.add_argument("--first", action="append", default=[])
    arguments.add_argument("--list", type=pathlib.Path)
    arguments.add_argument("--only-check", action="store_true")
    chosen = arguments.parse_args()
    libraries = Libraries(chosen.first)
    own = libraries.closure([name for program in chosen.programs for name in needed(program)], without=SYSTEMS_FIRST)
    groups = {name: libraries.closure([name], without=[*own, *(other for other in SYSTEMS_FIRST if other != name)])
              for name in SYSTEMS_FIRST}
    packed = dict(own)
    for group in groups.values():
        packed |= group
    lines = checked(packed, libraries.first)
    if not chosen.only_check:
        lib = chosen.tree / "lib"
        for file in own.values():
            put(file, lib, "$ORIGIN")
        for name, group in groups.items():
            for file in group.values():
                put(file, lib / "fallback" / name, "$ORIGIN:$ORIGIN/../..")
    if chosen.list:
        chosen.list.write_text("\n".join(lines) + "\n")
    print(f"{len(packed)} libraries")


main()
