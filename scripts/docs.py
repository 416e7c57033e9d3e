#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The pages of the documentation that the program itself writes, and whether the others are true.

    scripts/docs.py write PROGRAM    writes docs/commands.md, formats.md and parameters.md anew
    scripts/docs.py check PROGRAM    says which of them differ, which links lead nowhere, and which commands in README.md,
                                     CONTRIBUTING.md and docs/ name an option that the program doesn't have;
                                     and which tests they name that aren't there
docs/keys.md is compared and written by studio_panels_test (tests/ui/keys_page_test.cpp).
"""
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEAD = "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"
WRITTEN = "Written by `scripts/docs.py write`; don't edit it by hand.\n"


class Program:
    """What the program says of itself; each answer is asked for once."""

    def __init__(self, path):
        self.path = path
        self.answers = {}

    def say(self, *words):
        if words not in self.answers:
            end = subprocess.run([self.path, *words], capture_output=True, text=True, check=False)
            if end.returncode != 0:
                sys.exit(f"docs.py: '{self.path} {' '.join(words)}' failed: {end.stderr.strip()}")
            self.answers[words] = end.stdout
        return self.answers[words]

    def commands_of(self, *words):
        """Names of the commands below this one, as its help lists them."""
        text = self.say(*words, "--help")
        _, _, listed = text.partition("\nSubcommands:\n")
        return re.findall(r"^  (\S+)  ", listed, re.MULTILINE)

    def options_of(self, *words):
        return set(re.findall(r"(?<![\w-])(--?[a-z][a-z0-9-]*)", self.say(*words, "--help")))

    def all_commands(self, *words):
        for name in self.commands_of(*words):
            yield (*words, name)
            yield from self.all_commands(*words, name)


def commands_page(program):
    page = [HEAD, "# Commands\n\n", WRITTEN, "\nEach as its `--help` has it.\n"]
    for words in [(), *program.all_commands()]:
        page.append(f"\n## {' '.join(('atelier', *words))}\n\n```\n{program.say(*words, '--help').strip()}\n```\n")
    return "".join(page)


def formats_page(program):
    return (HEAD + "# Model files\n\n" + WRITTEN + "\nWhat `atelier formats` prints; [files.md](files.md#model) says more "
            "of each.\n\n```\n" + program.say("formats").strip() + "\n```\n")


def written_pages(program):
    return {"commands.md": commands_page(program), "formats.md": formats_page(program),
            "parameters.md": program.say("parameters", "--markdown")}


def pages():
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def without_code(text):
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


def anchors(path):
    """As the usual viewers of Markdown make them from headings."""
    found = set()
    for heading in re.findall(r"^#+ +(.+?) *$", without_code(path.read_text()), re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


def wrong_links(page):
    text = without_code(page.read_text())
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            yield f"the link {target}: nothing outside the project is linked to, since nothing can check it"
            continue
        name, _, anchor = target.partition("#")
        where = (page.parent / name).resolve() if name else page
        if not where.exists():
            yield f"the link {target} leads to no file"
        elif anchor and where.suffix == ".md" and anchor not in anchors(where):
            yield f"the link {target} leads to no heading"
    for name in re.findall(r"`(docs/[\w./-]+\.md)`", text):
        if not (ROOT / name).exists():
            yield f"{name} isn't there"


def tests_there_are():
    """Suite.Case of every test, and the names of programs and files of tests."""
    found = set()
    for file in (ROOT / "tests").rglob("*_test.cpp"):
        found.update((file.name, file.stem))
        for suite, case in re.findall(r"^(?:TYPED_)?TEST(?:_[FP])?\((\w+), (\w+)\)", file.read_text(), re.MULTILINE):
            found.add(f"{suite}.{case}")
    for file in (ROOT / "tests").rglob("CMakeLists.txt"):
        found.update(re.findall(r"atelier_test\((\w+)", file.read_text()))
        found.update(re.findall(r"add_test\(NAME (\w+)", file.read_text()))
    return found


def wrong_tests(page, tests):
    """Tests that a page names and that aren't there."""
    for name in re.findall(r"`(\w+_test(?:\.cpp)?|[A-Z]\w+\.[A-Z]\w+)`", page.read_text()):
        if name not in tests:
            yield f"there is no test {name}"


def called(text):
    """Calls of the program: in blocks of code a line that begins with it, elsewhere what stands between backticks."""
    for line in text.splitlines():
        block = re.match(r"(?:    |\$ )?((?:\S*bin/)?atelier(?:-main|-core)? .*)$", line)
        if block:
            yield block.group(1)
    for quoted in re.findall(r"`(atelier [^`\n]+)`", text):
        yield quoted


def wrong_commands(page, program):
    for call in called(page.read_text()):
        try:
            words = shlex.split(call, comments=True)[1:]
        except ValueError:
            continue  # a sentence with an apostrophe
        end = next((i for i, word in enumerate(words) if word in ("|", "&&", ">", ";")), len(words))
        words = words[:end]
        command = ()
        while words and words[0] in program.commands_of(*command):
            command = (*command, words.pop(0))
        if words and not command and not words[0].startswith("-") and re.fullmatch(r"[a-z]+", words[0]):
            yield f"'{call}': there is no command {words[0]}"
        known = program.options_of(*command)
        for word in words:
            option = word.partition("=")[0]
            if re.fullmatch(r"--?[a-z][a-z0-9-]*", option) and option not in known:
                yield f"'{call}': {' '.join(('atelier', *command))} has no option {option}"


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("write", "check"):
        sys.exit(__doc__)
    program = Program(sys.argv[2])
    if sys.argv[1] == "write":
        for name, text in written_pages(program).items():
            (ROOT / "docs" / name).write_text(text)
        return
    wrong = [f"docs/{name}: isn't what the program says; write it anew with: scripts/docs.py write {program.path}"
             for name, text in written_pages(program).items()
             if not (ROOT / "docs" / name).exists() or (ROOT / "docs" / name).read_text() != text]
    tests = tests_there_are()
    for page in pages():
        if not page.exists():
            wrong.append(f"{page.relative_to(ROOT)}: isn't there")
            continue
        wrong += [f"{page.relative_to(ROOT)}: {what}" for what in wrong_links(page)]
        wrong += [f"{page.relative_to(ROOT)}: {what}" for what in wrong_tests(page, tests)]
        if page.name != "commands.md":
            wrong += [f"{page.relative_to(ROOT)}: {what}" for what in wrong_commands(page, program)]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(pages())} pages: links and commands are right.")


if __name__ == "__main__":
    main()
