#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which messages of the sources the tables of languages lack.

    scripts/texts.py check          says them; the exit code is 1 if there are any
    scripts/texts.py add CODE       puts them into assets/languages/CODE.json, in English until somebody translates them

Messages are the sentences that fail(), warn(), note(), toasts and fmt::format() are called with. What panels show besides
is found by drawing it: tooltips_test (tests/ui).
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LITERAL = r'"(?:[^"\\]|\\.)*"'
CALL = re.compile(r"\b(?:fail|warn|note|fmt::format|toasts\.add|push_back|Error)\(\s*(?:ToastKind::\w+,\s*|[a-z_]+,\s*)?"
                  rf"((?:{LITERAL}\s*)+)")
IN_ENGLISH = ("cli", "doctor")  # rooms that speak to a terminal
SHORTEST = 19                   # shorter ones are names and formats


def text_of(literals):
    joined = "".join(literal[1:-1] for literal in re.findall(LITERAL, literals))
    return re.sub(r'\\(["\\n])', lambda m: "\n" if m.group(1) == "n" else m.group(1), joined)


def messages():
    """Each message, with {} for what differs, and a file that says it."""
    found = {}
    for file in sorted((ROOT / "src").rglob("*.cpp")):
        if file.relative_to(ROOT / "src").parts[0] in IN_ENGLISH:
            continue
        for call in CALL.finditer(file.read_text()):
            text = re.sub(r"\{[^{}]*\}", "{}", text_of(call.group(1)))
            if len(text) >= SHORTEST and re.search(r"[a-z]{3} [a-z]", text) and not re.search(r"\{\}\{\}|\{\{|<", text):
                found.setdefault(text, file.relative_to(ROOT))
    return found


def main():
    words = sys.argv[1:]
    if words == ["check"]:
        lacking = []
        for table in sorted((ROOT / "assets/languages").glob("*.json")):
            known = json.loads(table.read_text())
            lacking += [f"{table.relative_to(ROOT)} lacks '{text}' ({file})"
                        for text, file in messages().items() if text not in known]
            english = sum(1 for text in messages() if known.get(text) == text)
            print(f"{table.name}: {len(known)} texts, {english} messages still in English.")
        sys.exit("\n".join([*lacking, "scripts/texts.py add CODE puts them there."]) if lacking else 0)
    if len(words) == 2 and words[0] == "add":
        table = ROOT / "assets/languages" / f"{words[1]}.json"
        known = json.loads(table.read_text())
        known.update({text: text for text in messages() if text not in known})
        table.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        return
    sys.exit(__doc__)


main()
