# Helpers of the command line tests on top of tests/lib.sh: a folder of their own in $t, which is removed at
# the end; run ARGUMENT... fills $out, $err and $status; complains 'sentence' STATUS looks at the last run.
. "$NDR_SRCDIR/tests/lib.sh"
cd "$NDR_SRCDIR" || exit 1
t=$(mktemp -d "${TMPDIR:-/tmp}/ndr-cli.XXXXXX") || exit 1
trap 'rm -rf "$t"' EXIT
trap 'exit 1' HUP INT TERM
exec </dev/null
reports=tests/reports
: >"$t/out"
: >"$t/err"
# Bytes, one in a group, so that the C locale sees the same text.
escape=$(printf '\033')

run() {
    "$NDR_PROGRAM" "$@" >"$t/out" 2>"$t/err"
    status=$?
    out=$(cat "$t/out")
    err=$(cat "$t/err")
}

ends() { # sentence status, with nothing on standard error
    same "$1" "status $2, stderr:" "status $status, stderr:$err"
}

complains() { # sentence status, with exactly one line of complaint
    sentence="$1: status $2 and one line"
    if [ "$status" = "$2" ] && [ "$(wc -l <"$t/err")" -eq 1 ] && [ "${err#ndr: }" != "$err" ]; then
        report 0 "$sentence"
    else
        report 1 "$sentence"
        printf '# status %s, standard error:\n' "$status"
        sed 's/^/#  /' "$t/err" | head -5
    fi
}

# What EXPRESSION says about the JSON document d (ndjson: about the list of them) of the last run.
json() { # expression
    python3 - "$t/out" "$1" 2>&1 <<'PYTHON'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
try:
    d = json.loads(text)
except json.JSONDecodeError:
    d = [json.loads(line) for line in text.splitlines()]
value = eval("(" + sys.argv[2] + ")")
print(" ".join(map(str, value)) if isinstance(value, (list, tuple)) else value)
PYTHON
}

json_same() { # sentence expected expression
    if command -v python3 >/dev/null; then
        same "$1" "$2" "$(json "$3")"
    else
        skip "$1" 'no python3'
    fi
}
