#!/bin/sh
# Two builds of the same source give the same bytes, wherever, whenever and by whomever they are made.
. "$NDR_SRCDIR/tests/lib.sh"
t=$(mktemp -d "${TMPDIR:-/tmp}/ndr-twice.XXXXXX") || exit 1
trap 'rm -rf "$t"' EXIT
made='ndr man/ndr.1 man/ndrrc.5 man/ndr.bash man/_ndr share/ndr/knowledge.img'

# What belongs to the source; its own build stays out.
copy() { # folder
    mkdir -p "$1"
    (cd "$NDR_SRCDIR" && tar cf - --exclude=./build --exclude=./.git .) | (cd "$1" && tar xf -)
}

build() { # source build
    mkdir -p "$2" && cd "$2" && "$1/configure" --quiet && make -s -j "$(getconf _NPROCESSORS_ONLN)" all
}

copy "$t/one"
copy "$t/another/a-folder-with-a-longer-name"
(TZ=UTC LC_ALL=C && export TZ LC_ALL && umask 022 && build "$t/one" "$t/one/build") >"$t/log" 2>&1
same 'the first build ends well' 0 $?
sleep 2
(TZ=Pacific/Auckland LC_ALL=tr_TR.UTF-8 HOME=$t/home USER=someone && export TZ LC_ALL HOME USER && umask 077 &&
    build "$t/another/a-folder-with-a-longer-name" "$t/elsewhere") >>"$t/log" 2>&1
same 'the second, in another folder, time zone, locale and umask, too' 0 $?
sed 's/^/# /' "$t/log" | head -n 20
for file in $made; do
    check "$file has the same bytes" cmp -s "$t/one/build/$file" "$t/elsewhere/$file"
done
done_testing
