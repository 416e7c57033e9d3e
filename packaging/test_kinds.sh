# SPDX-License-Identifier: Apache-2.0
# Sourced by scripts/package-test.sh: how each package is installed, tried and removed. What is left is compared where the
# root's own package manager is done; the test's folder, caches and logs of apt aside.

# Every file, link and folder, of files the contents' checksum.
files="cd / && find . -xdev \\( -path ./proc -o -path ./dev -o -path ./sys -o -path ./tmp -o -path ./run -o -path ./var/log \
    -o -path ./var/cache -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/lib/systemd -o -path ./etc/resolv.conf \
    -o -path ./etc/ld.so.cache -o -path ./root/.cache \\) -prune \
    -o \\( -type f -exec cksum {} + -o -printf '%p %y %l\\n' \\) | sort"

before() { inside "$1" "$files >/tmp/test/before.txt"; }
after() {
    inside "$1" "$files >/tmp/test/after-$2.txt"
    comm -3 "$exchange/before.txt" "$exchange/after-$2.txt" >"$exchange/left-$2.txt"
}
left_over() { cat "$exchange/left-$1.txt" 2>/dev/null || echo "(the test did not come as far as looking)"; }

tried="bash /tmp/test/test_inside.sh"

test_deb() {
    before "$1"
    inside "$1" "apt-get -q update
        dpkg-query -W -f '\${Package}\n' | sort >/tmp/test/packages-before.txt
        apt-get -q install -y --no-install-recommends /tmp/packages/$(basename "$deb") libgl1-mesa-dri
        $tried deb atelier /usr/lib/atelier
        apt-get -q purge -y atelier
        dpkg-query -W -f '\${Package}\n' | sort | comm -13 /tmp/test/packages-before.txt - | xargs apt-get -q purge -y --autoremove
        cat /tmp/test/result-deb.txt"
    after "$1" deb
}

test_tar() {
    before "$1"
    inside "$1" "dpkg-query -W -f '\${Package}\n' | sort >/tmp/test/packages-before.txt
        mkdir -p /opt
        tar -C /opt -xf /tmp/packages/$(basename "$tar")
        mv /opt/atelier-*/ '/opt/any folder'
        cd /; '/opt/any folder/install.sh'
        $tried bare atelier '/opt/any folder'
        apt-get -q update
        apt-get -q install -y --no-install-recommends libgl1 libegl1 libgl1-mesa-dri
        $tried tar atelier '/opt/any folder'
        '/opt/any folder/uninstall.sh'
        rm -r '/opt/any folder'
        dpkg-query -W -f '\${Package}\n' | sort | comm -13 /tmp/test/packages-before.txt - | xargs apt-get -q purge -y --autoremove
        cat /tmp/test/result-tar.txt"
    after "$1" tar
}

# The torch of the tests is the one of extern/libtorch.txt, without the libraries for a GPU: --no-deps leaves them out.
test_wheel() {
    before "$1"
    inside "$1" "dpkg-query -W -f '\${Package}\n' | sort >/tmp/test/packages-before.txt
        python3 -m venv /opt/venv
        /opt/venv/bin/pip install -q --no-deps --no-index --find-links /tmp/wheels torch nvidia-cuda-runtime nvidia-cuda-cupti
        /opt/venv/bin/pip install -q --no-deps --no-index /tmp/packages/$(basename "$wheel")
        /opt/venv/bin/pip show atelier-studio | grep '^Requires: torch\$'
        $tried bare /opt/venv/bin/atelier /opt/venv
        apt-get -q update
        apt-get -q install -y --no-install-recommends libgl1 libegl1 libgl1-mesa-dri
        $tried wheel /opt/venv/bin/atelier /opt/venv
        bash /tmp/test/test_inside.sh cpu_torch /opt/venv/bin/atelier /opt/venv
        /opt/venv/bin/pip uninstall -q -y atelier-studio
        test -z \"\$(find /opt/venv | grep -i atelier)\"
        rm -r /opt/venv
        dpkg-query -W -f '\${Package}\n' | sort | comm -13 /tmp/test/packages-before.txt - | xargs apt-get -q purge -y --autoremove
        cat /tmp/test/result-wheel.txt"
    after "$1" wheel
}

# uv resolves what the wheel requires; the overrides say that torch's own requirements for a GPU are not wanted here.
test_uv() {
    before "$1"
    inside "$1" "python3 -m venv /opt/uv
        /opt/uv/bin/pip install -q --no-index --no-deps --find-links /tmp/wheels uv
        export UV_TOOL_DIR=/opt/tools UV_TOOL_BIN_DIR=/opt/tools/bin UV_CACHE_DIR=/opt/uv-cache
        bash /tmp/test/test_inside.sh torch_overrides >/tmp/overrides.txt
        /opt/uv/bin/uv tool install --quiet --offline --no-index --find-links /tmp/wheels --overrides /tmp/overrides.txt \
            --with nvidia-cuda-runtime --with nvidia-cuda-cupti /tmp/packages/$(basename "$wheel")
        $tried bare /opt/tools/bin/atelier /opt/tools
        mv /tmp/test/result-bare.txt /tmp/test/result-uv.txt
        /opt/uv/bin/uv tool uninstall --quiet atelier-studio
        test -z \"\$(find /opt/tools | grep -i atelier)\"
        rm -r /opt/tools /opt/uv /opt/uv-cache
        cat /tmp/test/result-uv.txt"
    after "$1" uv
}
