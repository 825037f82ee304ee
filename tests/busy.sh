#!/bin/sh
# busy.sh -- runs a command on a machine that is busy.
#
# usage: busy.sh LOOPS COMMAND [ARG]...
#
# LOOPS processes that only compute run beside the command and end with it, or
# with this shell, however that ends.
set -eu

loops=$1; shift
pids=
trap 'test -z "$pids" || kill -KILL $pids 2>/dev/null || :' 0
trap 'exit 130' INT
trap 'exit 143' TERM HUP
while test $loops -gt 0; do
    setpriv --pdeathsig KILL sh -c 'while :; do :; done' &
    pids="$pids $!"
    loops=$((loops - 1))
done
status=0
"$@" || status=$?
exit $status
