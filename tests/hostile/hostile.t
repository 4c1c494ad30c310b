#!/bin/sh
# Generated hostile mails and overlays: no signal, no hang, no control byte, no invented code.  The generator
# and its runner lie beside the corpus, or where NDR_HOSTILE says; NDR_HOSTILE_SEEDS names the seeds.
. "$NDR_SRCDIR/tests/lib.sh"
suite=${NDR_HOSTILE:-${NDR_CORPUS:-/nowhere}/../hostile}
if [ ! -f "$suite/hostile.py" ] || ! command -v python3 >/dev/null; then
    skip 'hostile inputs' 'no hostile suite beside the corpus'
    done_testing
    exit
fi
t=$(mktemp -d "${TMPDIR:-/tmp}/ndr-hostile.XXXXXX") || exit 1
trap 'rm -rf "$t"' EXIT
# Nothing recurses over its input: a stack of 512 KiB is enough (a sanitizer needs more for itself).
slow= stack=512
grep -q '^HARDEN_CFLAGS.*-fsanitize' "$NDR_BUILD/Makefile" && slow=--asan stack=8192
# The runner listens on a port of its own: one at a time.
lock=
command -v flock >/dev/null && lock="flock ${TMPDIR:-/tmp}/ndr-hostile.lock"
for seed in ${NDR_HOSTILE_SEEDS:-1}; do
    python3 "$suite/hostile.py" "$t/$seed" --seed "$seed" --small >"$t/log" 2>&1
    # A machine that does other things as well takes longer: what hangs does not end anyway.
    # shellcheck disable=SC2086
    (ulimit -s $stack && exec $lock python3 "$suite/hostile_run.py" "$NDR_PROGRAM" "$t/$seed" \
        --slack "${NDR_HOSTILE_SLACK:-3}" $slow) >"$t/log" 2>&1
    same "seed $seed" 'status 0' "status $?"
    grep -e '^FAIL' -e ' hold$' "$t/log" | sed 's/^/# /'
    rm -rf "${t:?}/$seed"
done
done_testing
