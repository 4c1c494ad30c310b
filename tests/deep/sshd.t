#!/bin/sh
# An account whose only command is ndr --restricted, behind a real sshd on the loopback: every way out that
# ssh offers is tried, and each is listed.  The configuration is the one that the help shows.  As root the
# account is a made-up one, in a view of /etc/passwd that only this sshd has; else the caller's own.
. "$NDR_SRCDIR/tests/cli/common.sh"
PATH=$PATH:/usr/sbin:/usr/local/sbin
for program in sshd ssh ssh-keygen sftp scp python3 make; do
    if ! command -v $program >/dev/null; then
        skip 'an account behind sshd' "no $program"
        done_testing
        exit
    fi
done
unset MAKEFLAGS MFLAGS MAKELEVEL
chmod 755 "$t"
root=$t/root
home=$t/home
mkdir -p "$home/.ssh"
make -s -C "$NDR_BUILD" install DESTDIR="$root" >/dev/null 2>&1
program=$root$(sed -n 's/^prefix *= //p' "$NDR_BUILD/Makefile")/bin/ndr

# --- the account ---
user=$(id -un)
own_account=yes
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
    own_account=
    user=helpdesk
    { cat /etc/passwd; echo "helpdesk:*:64990:65534::$home:/bin/sh"; } >"$t/passwd"
fi
ssh-keygen -q -t ed25519 -N '' -f "$t/host"
ssh-keygen -q -t ed25519 -N '' -f "$t/key"
cp "$t/key.pub" "$t/keys"
# What somebody could have left in the home folder.
for file in .ssh/rc .ssh/environment .profile .bashrc .bash_profile .login .kshrc .zshenv; do
    printf 'touch %s/ran\nLD_PRELOAD=/tmp/none\nNDR_DATA=%s\n' "$t/drop" "$t" >"$home/$file"
done
printf '"q": "BAITED"\n' >"$home/.inputrc"
mkdir "$t/drop"
chmod 1777 "$t/drop"

# --- the server, as the help topic has it ---
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
{
    printf 'ListenAddress 127.0.0.1\nPort %s\nHostKey %s\nPidFile %s\nAuthorizedKeysFile %s\n' "$port" "$t/host" "$t/pid" "$t/keys"
    printf 'UsePAM no\nPasswordAuthentication no\nStrictModes no\nPermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n'
    sed -n '/<example>PermitUser/,/<\/example>/p' help/topics/shared-account.xml |
        sed "s/ *<[^>]*>//; s/<\/example>//; s|User helpdesk|User $user|; s|/usr/local/bin/ndr|$program|"
} >"$t/config"
same 'the example of the help is what sshd takes' '' "$("$(command -v sshd)" -t -f "$t/config" 2>&1 | grep -v 'separation directory')"
has 'it has the command' "ForceCommand $program --restricted" "$(cat "$t/config")"
if [ -n "$own_account" ]; then
    "$(command -v sshd)" -D -e -f "$t/config" 2>"$t/log" &
else
    # shellcheck disable=SC2016
    unshare -m sh -c 'mount --bind "$1/passwd" /etc/passwd && mount -t tmpfs none /run && mkdir -m 755 /run/sshd &&
        exec "$2" -D -e -f "$1/config"' sh "$t" "$(command -v sshd)" 2>"$t/log" &
fi
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$t"' EXIT
options="-F none -i $t/key -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=$t/known -o LogLevel=ERROR
    -o BatchMode=yes -o ConnectTimeout=5"
go() { # arguments of ssh; fills $out and $status
    # shellcheck disable=SC2086
    timeout 5 ssh $options -p "$port" "$@" >"$t/out" 2>&1
    status=$?
    out=$(tr -d '\000' <"$t/out")
}
for i in 1 2 3 4 5 6 7 8 9 10; do
    go "$user@127.0.0.1" </dev/null
    [ $status -ne 255 ] && break
    sleep 0.3
done
if [ $status -eq 255 ]; then
    skip 'an account behind sshd' "this host lets no sshd run: $(tail -1 "$t/log")"
    done_testing
    exit
fi
refused() { # sentence: what was tried has shown, written and run nothing
    lacks "$1: shows no account file" 'root:x' "$out"
    lacks "$1: runs nothing" 'uid=' "$out"
    same "$1: writes nothing" '' "$(ls "$t/drop")"
}

# --- what it is for ---
go "$user@127.0.0.1" <tests/reports/postfix-failure.eml
same 'a report on standard input: status' 0 $status
has 'a report on standard input is explained' 'mona@fabrikam.com' "$out"
keys() { # each word by itself, with pauses; a blank is \040
    for key in "$@"; do
        sleep 0.15
        printf '%b' "$key"
    done
}
session() { # keys, arguments of ssh: a session with a terminal
    pressed=$1
    shift
    # shellcheck disable=SC2086
    keys $pressed | timeout 20 ssh $options -p "$port" -tt "$@" "$user@127.0.0.1" >"$t/out" 2>&1
    status=$?
    out=$(tr -d '\000' <"$t/out")
}
set -f
leave='\033 \033 q q y q q y'
session q
has 'with a terminal there is the screen' 'Home' "$out"

# --- other commands ---
for command in id 'cat /etc/passwd' "sh -c 'id; touch $t/drop/x'" '/bin/sh' 'ndr; id' '$(id)' '--version; id' 'list | sh'; do
    go "$user@127.0.0.1" "$command" </dev/null
    refused "ssh host $command"
done
echo "id; touch $t/drop/x; cat /etc/passwd" | go "$user@127.0.0.1" sh
refused 'a script for a shell'
echo "id; touch $t/drop/x" | go -T "$user@127.0.0.1"
refused 'a script without a terminal'

# --- copies ---
echo secret >"$t/mine"
for how in '-O' '-s'; do
    # shellcheck disable=SC2086
    timeout 5 scp $how $options -P "$port" "$t/mine" "$user@127.0.0.1:$t/drop/copied" >"$t/out" 2>&1
    status=$? out=$(cat "$t/out")
    check "scp $how to the host fails" test $status -ne 0
    refused "scp $how to the host"
    # shellcheck disable=SC2086
    timeout 5 scp $how $options -P "$port" "$user@127.0.0.1:/etc/passwd" "$t/fetched" >"$t/out" 2>&1
    status=$?
    check "scp $how from the host fails" test $status -ne 0 -a ! -s "$t/fetched"
done
# shellcheck disable=SC2086
printf 'put %s %s\nget /etc/passwd %s\nls /\n' "$t/mine" "$t/drop/put" "$t/fetched" |
    timeout 5 sftp $options -P "$port" "$user@127.0.0.1" >"$t/out" 2>&1
status=$? out=$(cat "$t/out")
check 'sftp fails' test $status -ne 0 -a ! -s "$t/fetched"
refused sftp
go -s "$user@127.0.0.1" sftp </dev/null
refused 'the subsystem sftp'
go -s "$user@127.0.0.1" shell </dev/null
refused 'a subsystem of another name'

# --- forwarding ---
python3 - "$t/served" >"$t/listener" 2>/dev/null <<'PYTHON' &
import socket, sys
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
s.settimeout(60)
open(sys.argv[1] + ".port", "w").write(str(s.getsockname()[1]))
try:
    c, _ = s.accept()
    c.sendall(b"REACHED\n")
    open(sys.argv[1], "w").write("REACHED")
except OSError:
    pass
PYTHON
listener=$!
while [ ! -s "$t/served.port" ]; do sleep 0.1; done
target=$(cat "$t/served.port")
go -W "127.0.0.1:$target" "$user@127.0.0.1" </dev/null
lacks '-W reaches no port' REACHED "$out"
check '-W fails' test $status -ne 0
forward=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# shellcheck disable=SC2086
timeout 20 ssh $options -p "$port" -tt -L "127.0.0.1:$forward:127.0.0.1:$target" "$user@127.0.0.1" >/dev/null 2>&1 </dev/null &
local=$!
sleep 1
got=$(python3 -c '
import socket, sys
try:
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 3)
    s.settimeout(3)
    print(s.recv(100))
except OSError as e:
    print("closed")' "$forward")
lacks '-L reaches no port' REACHED "$got"
kill $local 2>/dev/null
go -o ExitOnForwardFailure=yes -N -R "127.0.0.1:0:127.0.0.1:$target" "$user@127.0.0.1" </dev/null
check '-R is refused' test $status -ne 0
go -o ExitOnForwardFailure=yes -N -R "$t/drop/socket:127.0.0.1:$target" "$user@127.0.0.1" </dev/null
check '-R with a socket file is refused' test $status -ne 0 -a ! -e "$t/drop/socket"
check 'nothing reached the port' test ! -e "$t/served"
kill $listener 2>/dev/null

# --- environment and start files ---
for variable in NDR_DATA=/etc TERMINFO=/tmp HOME=/tmp LD_PRELOAD=/tmp/x.so BASH_ENV=/tmp/x ENV=/tmp/x INPUTRC=/etc/passwd \
    LC_ALL=../../tmp LANG=/tmp LC_PAPER='$(id)' SSH_ORIGINAL_COMMAND=id NDR_RESTRICTED=; do
    session q -o "SetEnv=$variable"
    has "SetEnv ${variable%%=*}: the usual screen" Home "$out"
    refused "SetEnv ${variable%%=*}"
done
for term in ../../tmp/x '/tmp/x' 'x;id' "$(printf 'x%.0s' 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5)"; do
    TERM=$term session 'quit\r'
    check "TERM=$term: a normal end" test $status -le 2
    refused "TERM=$term"
done
if [ -n "$own_account" ]; then
    skip 'start files in the home folder' 'only root can make an account for it'
else
    same 'no start file of the home folder ran' '' "$(ls "$t/drop")"
    session ': q \b \033 q'
    lacks 'no file of keys was read' BAITED "$out"
fi

# --- keys and prompts ---
session "! id\r | : !id\r : file\040/etc/passwd\r : write\040$t/drop/x\r : triage\040/etc\r \033 q y"
refused 'an exclamation mark, a bar, file, write, triage'
has 'the screen is still there' Home "$out"
session ': ~\t\t /etc/\t\t \033 q'
lacks 'Tab completes no files' passwd "$out"
session '\032 \032 id\r \033 q y'
refused 'Ctrl-Z'
session "\003 \034 \003 n id\r $leave"
refused 'Ctrl-C and Ctrl-\'
session ': \033! \030\022 \030( id \030) \030e \030\005 \003 \003 \003 y'
refused "readline's own keys"
TERM=dumb session '/etc/passwd\r !id\r open\040/etc/passwd\r \033! \032 \t\t \025q\r q\r'
refused 'the line mode'
has 'the line mode was there' 'ndr in line mode' "$out"
number=$(printf '%s' "$out" | sed -n 's/^\([0-9]*\)\. Type commands.*/\1/p' | head -n 1)
TERM=dumb session "$number\r open\040/etc/passwd\r !id\r paste\040/etc/passwd\r .\r \033! \032 \t\t \025quit\r"
refused 'commands in the line mode'
has 'they were taken' 'ndr>' "$out"
session "\033[200~ id\033[201~!id\r \033[201~ $leave"
refused 'a paste that ends itself'
done_testing
