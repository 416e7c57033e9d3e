#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Says which includes go against src/rooms.txt, one sentence each; exits with 1 if any does.

    check_rooms.py [ROOT]     ROOT: the checkout (default: the one this script is in)
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def read_rules(file):
    rules = {}
    for number, line in enumerate(file.read_text().splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        room, colon, uses = line.partition(":")
        if not colon or room.strip() in rules:
            sys.exit(f"{file}, line {number}: a line is 'ROOM: ROOMS IT MAY USE', each room once.")
        rules[room.strip()] = uses.split()
    for room, uses in rules.items():
        for used in uses:
            if used not in rules:
                sys.exit(f"{file}: {room} may use {used}, which has no line of its own.")
    return rules


def room_of(path, rules):
    """The innermost room that the path lies in."""
    parts = path.split("/")[:-1]
    while parts:
        if "/".join(parts) in rules:
            return "/".join(parts)
        parts.pop()
    return None


def circle(rules):
    """Rooms that lead back to themselves; None: there are none."""
    done = set()

    def visit(room, way):
        if room in way:
            return way[way.index(room):] + [room]
        if room in done:
            return None
        for used in rules[room]:
            found = visit(used, way + [room])
            if found:
                return found
        done.add(room)
        return None

    for room in rules:
        found = visit(room, [])
        if found:
            return found
    return None


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent)
    src = root / "src"
    rules = read_rules(src / "rooms.txt")
    wrong = []
    turn = circle(rules)
    if turn:
        wrong.append(f"src/rooms.txt leads in a circle: {' -> '.join(turn)}.")
    for file in sorted(src.rglob("*")):
        if file.suffix not in (".h", ".cpp", ".cu", ".cuh"):
            continue
        name = file.relative_to(src).as_posix()
        room = room_of(name, rules)
        if room is None:
            if "/" in name:
                wrong.append(f"src/{name} lies in no room of src/rooms.txt.")
            continue
        for included in INCLUDE.findall(file.read_text(errors="replace")):
            used = room_of(included, rules)
            if used is not None and used != room and used not in rules[room]:
                wrong.append(f"src/{name} includes {included}: {room} may not use {used} (src/rooms.txt).")
    for sentence in wrong:
        print(sentence)
    if not wrong:
        print(f"includes are as src/rooms.txt says, {len(rules)} rooms.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
