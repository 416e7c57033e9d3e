#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two ranks in two network namespaces, as on two machines: over TCP they compute what two beside each other do, and a cut
# cable ends the run on both sides with a sentence and a complete checkpoint.
#   ranks_network_test.sh PROGRAM CHECKOUT
set -euo pipefail
program="$1" checkout="$2"
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || skip "network namespaces are for root"
command -v ip >/dev/null || skip "there is no ip here (iproute2)"
command -v mpirun >/dev/null || skip "there is no mpirun here (openmpi-bin)"
[ -e "$(dirname "$program")/../lib/atelier/libatelier-mpi.so" ] || skip "the program was built without MPI"

work="$(mktemp -d)"
here="ateliera$$" there="atelierb$$"
clean() {
    ip netns pids "$here" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
    ip netns pids "$there" 2>/dev/null | xargs -r kill -9 2>/dev/null || true
    ip netns del "$here" 2>/dev/null || true
    ip netns del "$there" 2>/dev/null || true
    rm -rf "$work"
}
trap clean EXIT
ip netns add "$here" 2>/dev/null || skip "network namespaces are not permitted here"
ip netns add "$there"
ip link add "ve$$a" netns "$here" type veth peer name "ve$$b" netns "$there" || skip "virtual cables are not permitted here"
ip -n "$here" addr add 10.231.77.1/24 dev "ve$$a"
ip -n "$there" addr add 10.231.77.2/24 dev "ve$$b"
for name in "$here:ve$$a" "$there:ve$$b"; do
    ip -n "${name%%:*}" link set lo up
    ip -n "${name%%:*}" link set "${name##*:}" up
done

# In place of ssh: a shell in the other namespace, under another host's name.
cat >"$work/agent" <<EOF
#!/bin/sh
shift
exec ip netns exec $there unshare --uts sh -c "hostname beta; \$*"
EOF
chmod +x "$work/agent"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=3000
options=(--data "$checkout/assets/tour-64.zip" --batch 8 --tick 0.016 --snap 0 --z-dim 16 --map-depth 2
    --channel-base 64 --channel-max 8 --threads 1 --fp32 --augpipe blit --verbose)
over_tcp() { # over_tcp OPTIONS...: rank 0 here, rank 1 there
    ip netns exec "$here" unshare --uts sh -c 'hostname alpha; exec "$@"' sh \
        mpirun --bind-to none -np 2 --host 10.231.77.1:1,10.231.77.2:1 --mca plm rsh --mca plm_rsh_agent "$work/agent" \
        --mca btl tcp,self --mca btl_tcp_if_include 10.231.77.0/24 --mca oob_tcp_if_include 10.231.77.0/24 \
        "$program" train "${options[@]}" "$@"
}

over_tcp --out "$work/tcp" --kimg 0.032 >"$work/said" 2>&1 || { cat "$work/said"; fail "it failed over TCP"; }
grep -q "Finished at 0.03 kimg" "$work/said" || { cat "$work/said"; fail "it did not finish"; }
mpirun --oversubscribe --bind-to none -np 2 --mca btl vader,self "$program" train "${options[@]}" --out "$work/beside" \
    --kimg 0.032 >"$work/said" 2>&1 || { cat "$work/said"; fail "it failed beside each other"; }
# Two ranks add up in one order only, whatever carries the numbers.
for run in tcp beside; do
    grep -o '"Loss/[^}]*}' "$work/$run/stats.jsonl" >"$work/$run.losses"
done
cmp "$work/tcp.losses" "$work/beside.losses" || fail "over TCP the numbers are others"

# The cable is cut once it goes on for ever.
over_tcp --out "$work/cut" --kimg 1000 --rank-timeout 3 >"$work/said" 2>&1 &
run=$!
for _ in $(seq 1200); do
    grep -q "^tick 2 " "$work/said" 2>/dev/null && break
    kill -0 "$run" 2>/dev/null || break
    sleep 0.1
done
grep -q "^tick 2 " "$work/said" || { cat "$work/said"; fail "it never began"; }
ip -n "$there" link set "ve$$b" down
code=0
wait "$run" || code=$?
grep "^atelier" "$work/said" || true
[ "$code" != 0 ] || fail "it ended as if all were well"
grep -q "Rank 1 (on beta) of 2 has not answered for 3 s\|Rank 0 (on alpha) of 2 can't reach the others" "$work/said" ||
    fail "nothing was said of rank 1"
grep -q "Rank 1 (on beta)\|can't reach" "$work/cut/log.txt" || fail "the log holds nothing of it"
# On the other side nobody trains any more, either.
training_there() { ip netns pids "$there" | xargs -r ps -o args= -p | grep -c " train " || true; }
for _ in $(seq 1200); do
    [ "$(training_there)" != 0 ] || break
    sleep 0.1
done
[ "$(training_there)" = 0 ] || fail "the other side goes on"
"$program" train --resume "$work/cut" --kimg 0.001 >"$work/said" 2>&1 || { cat "$work/said"; fail "the checkpoint is not complete"; }
echo "over TCP, and cut off: as it should be"
