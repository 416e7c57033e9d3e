#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The manual page and the completion, made from the program's help: that they hold what it has.
#   manual_test.sh SOURCE PROGRAM
set -euo pipefail
source="$1" program="$2"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failed=0
wrong() { echo "FAILED: $*"; failed=1; }

python3 "$source/packaging/manual.py" "$program" "$work"
zcat "$work/man/man1/atelier.1.gz" >"$work/page"
grep -q '^\.TH ATELIER 1' "$work/page" || wrong "the page has no title"
# Every option of every command, as the help names it.
for command in '' $("$program" --help | sed -n '/^Subcommands:/,$s/^  \([a-z]*\) .*/\1/p'); do
    [ -z "$command" ] || grep -q "^\.SH \"${command^^}\"" "$work/page" || wrong "the page has no section of $command"
    # shellcheck disable=SC2086
    for option in $("$program" $command --help | grep -o '^  --[a-z-]*' | tr -d ' '); do
        grep -qF -- "${option//-/\\-}" "$work/page" || wrong "the page lacks $option of '$command'"
    done
done
if command -v man >/dev/null; then
    LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z "$work/page" 2>"$work/warnings" >/dev/null || true
    [ ! -s "$work/warnings" ] || wrong "man says: $(head -n 3 "$work/warnings")"
fi

cat >"$work/complete" <<'SHELL'
. "$1"
shift
compopt() { :; }
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
cd /
_atelier
printf '%s\n' "${COMPREPLY[@]}"
SHELL
complete_as() { bash "$work/complete" "$work/bash-completion/completions/atelier" "$@" | sort | paste -sd ' '; }
expect() { # expect WHAT WORDS...
    local what="$1" got; shift
    got="$(complete_as "$@")"
    [ "$got" = "$what" ] || wrong "'$*' completes to '$got' instead of '$what'"
}
expect 'train' atelier tra
expect 'prepare' atelier dataset pre
expect '--resolution --resume' atelier train --res
expect 'auto cpu cuda' atelier render --device ''
expect 'tmp' atelier info tm
[ "$failed" = 0 ] || exit 1
echo "the manual page and the completion hold what the help says"
