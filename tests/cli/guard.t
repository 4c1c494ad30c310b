#!/bin/sh
# The walls around the program: what they refuse, and that everything works behind them.
. "$NDR_SRCDIR/tests/cli/common.sh"

run self-test
if printf '%s\n' "$out" | grep -q 'built without walls'; then
    skip 'the walls' 'built without them'
    done_testing
    exit
fi
has_landlock=$(printf '%s\n' "$out" | sed -n 's/^landlock \([0-9]*\);.*/\1/p')
if [ "$has_landlock" -ge 3 ]; then
    ends 'self-test: everything is refused' 0
    lacks 'no line says otherwise' 'NOT REFUSED' "$out"
    has_signals=$(printf '%s\n' "$out" | grep -c 'signal another process.*refused')
    if [ "$has_landlock" -ge 6 ]; then
        has 'nothing is missing' 'missing here: nothing' "$out"
        same 'a worker and a restricted session send no signals' 2 "$has_signals"
    else
        has 'what is missing is said' 'missing here: an old landlock' "$out"
        same 'a worker sends no signals' 1 "$has_signals"
    fi
else
    skip 'self-test: everything is refused' 'an old kernel'
fi
for place in 'worker  ' 'screen  ' 'screen, restricted'; do
    for what in 'make a socket' 'start a program' 'trace a process' 'type into the terminal'; do
        has "$what: refused ($place)" refused "$(printf '%s\n' "$out" | grep "^$place *$what")"
    done
done
has 'a worker starts no process' refused "$(printf '%s\n' "$out" | grep '^worker *start a process')"
check 'no trial has left a file' test ! -e ndr-self-test -a ! -e /var/ndr-self-test

# Older kernels.
run self-test 1
if [ "$has_landlock" -ge 1 ]; then
    ends 'landlock 1 refuses the same' 0
    has 'and says what it lacks' 'missing here: an old landlock' "$out"
fi
run self-test 0
same 'without landlock: status' 1 $status
has 'without landlock files can be read' 'NOT REFUSED' "$(printf '%s\n' "$out" | grep '^worker *read')"
has 'without landlock a worker writes nothing' refused "$(printf '%s\n' "$out" | grep '^worker *write a file in /var' | grep -v NOT)"
has 'and says so' 'missing here: no rules for files' "$out"
run self-test x
complains 'a number that is none' 2

# Converters are loaded behind the walls.
run analyze --format json tests/reports/shape-domino-japanese.eml
json_same 'a Japanese report' True 'any(ord(c) > 0x3040 for c in str(d["recipients"][0]["evidence"]) + str(d["original"]["subject"]))'
# Names of files on standard input, links, files in many places.
mkdir "$t/a" "$t/b"
cp $reports/postfix-failure.eml "$t/a/one.eml"
ln -s ../a/one.eml "$t/b/two.eml"
run analyze --format ndjson "$t/a/one.eml" "$t/b"
same 'a file and a folder with a link to another' 2 "$(wc -l <"$t/out" | tr -d ' ')"
printf '%s\n' "$t/a/one.eml" "$t/b/two.eml" >"$t/names"
run analyze --format ndjson - <"$t/names"
same 'names on standard input' 2 "$(wc -l <"$t/out" | tr -d ' ')"
run analyze --format ndjson "$reports/two-recipients.eml" - <"$t/names"
same 'names on standard input behind a file' 3 "$(wc -l <"$t/out" | tr -d ' ')"
run analyze --format ndjson "$t/b/two.eml" - <"$t/a/one.eml"
same 'a report on standard input behind a file' 2 "$(wc -l <"$t/out" | tr -d ' ')"
run analyze --format ndjson --restricted - <"$t/names"
same 'names on standard input are text in restricted mode' 1 $status
lacks 'and nothing of the files is shown' 'mona@fabrikam.com' "$out$err"
run triage - <"$t/a/one.eml"
ends 'triage of standard input' 0
cat "$t/a/one.eml" | "$NDR_PROGRAM" triage - >"$t/piped"
check 'triage of a pipe is the same' cmp -s "$t/out" "$t/piped"

# What would be loaded because of the environment is not; strace would see the attempt.
mkdir "$t/bait"
printf 'module INTERNAL ISO-2022-JP// bait 1\n' >"$t/bait/gconv-modules"
if command -v strace >/dev/null && strace -o "$t/trace" true 2>/dev/null; then
    GCONV_PATH=$t/bait LOCPATH=$t/bait NLSPATH=$t/bait/%N XML_CATALOG_FILES=$t/bait/catalog \
        strace -f -o "$t/trace" "$NDR_PROGRAM" analyze tests/reports/shape-domino-japanese.eml >"$t/out" 2>"$t/err"
    # LOCPATH and the others are looked at by nobody else than the C library and libxml2.
    lacks 'GCONV_PATH and the others are dropped' "$t/bait" "$(cat "$t/trace")"
    for args in "analyze $reports/postfix-failure.eml" 'explain 5.7.23' 'lint' "triage $reports" 'list' 'trees dane'; do
        strace -f -e trace=execve,execveat,socket,connect,fork,vfork,clone,clone3 -o "$t/trace" "$NDR_PROGRAM" $args >/dev/null 2>&1
        same "ndr $args: one exec, its own; no socket, no process" 1 "$(grep -cE '^[0-9]+ +(exec|socket|connect|fork|vfork|clone)' "$t/trace")"
    done
    # An overlay is read by a child first; what it adds is there.
    mkdir -p "$t/xdg/ndr/codes" "$t/xdg/ndr/trees"
    cp tests/cli/data/good.xml "$t/xdg/ndr/codes/own.xml"
    cp tests/cli/data/house.xml "$t/xdg/ndr/trees"
    XDG_DATA_HOME=$t/xdg strace -f -e trace=execve,socket,fork,vfork,clone -o "$t/trace" "$NDR_PROGRAM" explain 5.3.77 >"$t/out"
    has 'an overlay' 5.3.77 "$(cat "$t/out")"
    same 'a child reads it first' 1 "$(grep -cE '^[0-9]+ +(fork|vfork|clone)' "$t/trace")"
    XDG_DATA_HOME=$t/xdg run walk house --answers yes
    has 'its tree behind the walls' 'The gate opens by itself' "$out"
    # A session on the screen: nothing is started but the child that reads a paste first.
    if command -v python3 >/dev/null && python3 -c 'import pty; pty.openpty()' 2>/dev/null; then
        ON_KEYS='\x1b[200~550 5.1.1 <mona@fabrikam.com> User unknown\x1b[201~' python3 tests/cli/on_terminal.py strace -f -o "$t/trace" \
            -e trace=execve,execveat,socket,connect,fork,vfork,clone,clone3 "$NDR_PROGRAM" >"$t/out" 2>&1
        same 'a session with a paste: one exec, its own; no socket' 1 "$(grep -cE '^[0-9]+ +(exec|socket|connect)' "$t/trace")"
        check 'a session with a paste: a child' grep -qE '^[0-9]+ +(fork|vfork|clone)' "$t/trace"
    else
        skip 'a session with a paste' 'no python3 or no pseudo-terminal'
    fi
else
    skip 'GCONV_PATH and the others are dropped' 'no strace'
fi

# The program can do none of these: its imports are the proof.
if command -v nm >/dev/null; then
    same 'no function that starts a program, loads code or opens a socket is imported' '' "$(
        nm -D --undefined-only "$NDR_PROGRAM" | sed 's/.* //; s/@.*//' |
            grep -xE 'exec(l|lp|le|v|ve|vp|vpe)|fexecve|execveat|system|popen|posix_spawnp?|dlopen|dlmopen|wordexp|socket|connect|getaddrinfo|gethostbyname')"
else
    skip 'no function that starts a program is imported' 'no nm'
fi

# Limits: what is beyond them ends with status 2 and one line, not by a signal.
if sh -c 'ulimit -v 60000; true' 2>/dev/null; then
    sh -c "ulimit -v 60000; exec '$NDR_PROGRAM' analyze --format json '$reports/postfix-failure.eml'" >"$t/out" 2>"$t/err"
    status=$?
    check 'a small address space: no signal' test $status -le 2
fi
# No core, not even where the caller allows one.
run explain 5.7.23
if [ -r /proc/self/limits ] && command -v python3 >/dev/null; then
    got=$(python3 -c '
import subprocess, sys, time
p = subprocess.Popen([sys.argv[1], "analyze", "-"], stdin=subprocess.PIPE)
time.sleep(0.5)
limits = open("/proc/%d/limits" % p.pid).read() if p.poll() is None else ""
status = open("/proc/%d/status" % p.pid).read()
p.stdin.close()
p.wait()
row = [l for l in limits.splitlines() if "core file" in l]
print(row[0].split()[4:6], "NoNewPrivs:\t1" in status, "Seccomp:\t2" in status)' "$NDR_PROGRAM" 2>/dev/null)
    same 'no core, no new privileges, a filter' "['0', '0'] True True" "$got"
else
    skip 'no core' 'no /proc or no python3'
fi
done_testing
