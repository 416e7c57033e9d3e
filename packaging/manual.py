#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual page and the completion of bash, made from what the program's own --help says.

    packaging/manual.py PROGRAM SHARE    writes SHARE/man/man1/atelier.1.gz and
                                         SHARE/bash-completion/completions/atelier
"""
import gzip
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scripts"))
import docs  # noqa: E402  (what reads the help is there)

INDENT = 34  # where the descriptions begin: src/cli/program.cpp sets it


def parse(text):
    """Of a help text: the lines before the first heading, then heading -> [(what, description)], then the last lines."""
    about, sections, after, entries = [], {}, [], None
    for line in text.rstrip().splitlines():
        heading = re.match(r"^([A-Z][\w -]*):$", line)
        if heading:
            entries = sections.setdefault(heading[1], [])
        elif entries is None:
            about.append(line)
        elif line.startswith(" " * INDENT) and entries:
            what, said = entries[-1]
            entries[-1] = (what, f"{said} {line.strip()}".strip())
        elif line.startswith("  "):
            what, said = line[:INDENT].strip(), line[INDENT:].strip()
            if len(line) > INDENT and line[INDENT - 1] != " ":
                what, said = line.strip(), ""  # too long for its column: the description stands below
            entries.append((what, said))
        elif line:
            after.append(line)
    return about, sections, after


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def man_page(program, version):
    page = [f'.TH ATELIER 1 "" "{version}" "User Commands"', ".SH NAME",
            "atelier \\- " + roff("a live studio for StyleGAN2-ADA")]
    for words in [(), *program.all_commands()]:
        about, sections, after = parse(program.say(*words, "--help"))
        usage = [line[len("Usage: "):] for line in about if line.startswith("Usage: ")]
        said = [line for line in about if not line.startswith("Usage: ")]
        if words:
            page += [f'.SH "{" ".join(words).upper()}"']
        else:
            page += [".SH SYNOPSIS", roff("atelier [COMMAND] [OPTIONS]"), ".SH DESCRIPTION"]
        page += [roff(" ".join(said)), ".PP", *(f".B {roff(line)}" for line in usage)]
        for name, entries in sections.items():
            if name == "Subcommands" and not words:
                page.append(".SH COMMANDS")
            for what, description in entries:
                page += [".TP", f".B {roff(what)}", roff(description or " ")]
        for line in after:
            page += [".PP", roff(line)]
    page += [".SH FILES", ".TP", ".I /etc/atelier.conf",
             roff("libtorch = FOLDER: the torch that an installed program uses instead of its own."),
             ".SH ENVIRONMENT", ".TP", ".B ATELIER_LIBTORCH", roff("The same, for one call; goes before the file.")]
    return "\n".join(page) + "\n"


def choices_of(what, description):
    """Values between braces, as in --device TEXT:{auto,cpu,cuda}, or listed in words: auto, cpu or cuda."""
    found = re.search(r"TEXT:\{([^}]*)\}", what)
    if found:
        return found[1].split(",")
    found = re.search(r"(?:^|: )((?:\w+, )+\w+ or \w+)(?:$|[;.:]| \()", description)
    return re.split(r", | or ", found[1]) if found and " TEXT" in what else []


def names_of(what):
    """-h,--help -> [-h, --help]"""
    return [name for name in re.split(r"[ ,:=]", what) if re.fullmatch(r"--?[a-z][a-z0-9-]*", name)]


def takes_value(what):
    return bool(re.search(r"^\S+ (TEXT|FLOAT|INT|UINT)", what))


def completion(program):
    cases, values, valued = [], {}, set()
    for words in [(), *program.all_commands()]:
        _, sections, _ = parse(program.say(*words, "--help"))
        options = [name for heading, entries in sections.items() if heading != "Subcommands"
                   for what, _ in entries for name in names_of(what)]
        options = list(dict.fromkeys(options))
        below = [what.split()[0] for what, _ in sections.get("Subcommands", [])]
        cases.append(f"        '{' '.join(words)}') below='{' '.join(below)}' options='{' '.join(options)}' ;;")
        for entries in sections.values():
            for what, description in entries:
                for name in names_of(what):
                    if choices_of(what, description):
                        values[(" ".join(words), name)] = choices_of(what, description)
                    elif takes_value(what):
                        valued.add((" ".join(words), name))
    chosen = [f"        '{words} {name}') words='{' '.join(choices)}' ;;" for (words, name), choices in sorted(values.items())]
    files = "|".join(f"'{words} {name}'" for words, name in sorted(valued))
    return f"""# bash completion of atelier; made by packaging/manual.py from the program's own help
_atelier() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD - 1]}}" command='' word below options words=''
    COMPREPLY=()
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD - 1}}"; do
        _atelier_below "$command"
        [[ " $below " == *" $word "* ]] && command="${{command:+$command }}$word"
    done
    _atelier_below "$command"
    case "$command $before" in
{chr(10).join(chosen)}
        {files}) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;
    esac
    if [ -z "$words" ]; then
        words="$below"
        [[ "$current" == -* || -z "$below" ]] && words="$below $options"
        [[ "$current" != -* && -z "$below" ]] && words=''
    fi
    if [ -n "$words" ]; then
        COMPREPLY=($(compgen -W "$words" -- "$current"))
    else
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "$current"))
    fi
}}
_atelier_below() {{
    below='' options=''
    case "$1" in
{chr(10).join(cases)}
    esac
}}
complete -F _atelier atelier
"""


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, share = docs.Program(sys.argv[1]), pathlib.Path(sys.argv[2])
    version = program.say("--version").splitlines()[0]
    man = share / "man/man1/atelier.1.gz"
    man.parent.mkdir(parents=True, exist_ok=True)
    man.write_bytes(gzip.compress(man_page(program, version).encode(), mtime=0))
    completions = share / "bash-completion/completions/atelier"
    completions.parent.mkdir(parents=True, exist_ok=True)
    completions.write_text(completion(program))


if __name__ == "__main__":
    main()
