#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Takes back what install.sh did. Settings, sessions and videos of the users stay where they are.
set -eu
here="$(cd "$(dirname "$0")" && pwd -P)"
list="$here/.installed"
[ -e "$list" ] || { echo "atelier: nothing was installed from $here."; exit 0; }
shares=
sed -n 's/^f //p' "$list" | while read -r file; do [ ! -L "$file" ] || rm -f "$file"; done
shares="$(sed -n 's|^f \(.*/share\)/applications/.*|\1|p' "$list")"
if [ -n "$shares" ]; then
    update-desktop-database -q "$shares/applications" 2>/dev/null || true
    update-mime-database "$shares/mime" 2>/dev/null || true
fi
# Innermost first; those that hold something else by now stay.
sed -n 's/^d //p' "$list" | sort -r | while read -r folder; do rmdir "$folder" 2>/dev/null || true; done
rm -f "$list"
