#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the commands, the menu entry, file types, manual page and completion known; the program itself stays in this folder.
# It can also be run as it is: bin/atelier.
#
#   ./install.sh [PREFIX]      PREFIX: /usr/local as root, else ~/.local; uninstall.sh takes back what was done
set -eu
here="$(cd "$(dirname "$0")" && pwd -P)"
if [ "$(id -u)" = 0 ]; then prefix="${1:-/usr/local}"; else prefix="${1:-$HOME/.local}"; fi
list="$here/.installed"
[ ! -e "$list" ] || { echo "atelier: installed already; run $here/uninstall.sh first." >&2; exit 1; }

# Folders that are made for it are taken back as well.
folder() {
    [ -d "$1" ] || { folder "$(dirname "$1")"; mkdir "$1"; echo "d $1" >>"$list"; }
}
link() { # link FROM TO
    folder "$(dirname "$2")"
    if [ -e "$2" ] || [ -L "$2" ]; then echo "atelier: $2 is there already and stays as it is." >&2; return; fi
    ln -s "$1" "$2"
    echo "f $2" >>"$list"
}
: >"$list"
link "$here/bin/atelier" "$prefix/bin/atelier"
for file in applications/atelier.desktop mime/packages/atelier.xml icons/hicolor/256x256/apps/atelier.png \
    man/man1/atelier.1.gz bash-completion/completions/atelier; do
    link "$here/share/$file" "$prefix/share/$file"
done
# Those that keep an index of such files.
update-desktop-database -q "$prefix/share/applications" 2>/dev/null || true
update-mime-database "$prefix/share/mime" 2>/dev/null || true
echo "atelier: $prefix/bin/atelier starts it; $here/uninstall.sh takes that back, then the folder can go."
