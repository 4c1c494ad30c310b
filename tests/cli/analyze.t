#!/bin/sh
# ndr analyze: inputs, formats, exit status and the keys that scripts rely on.
. "$NDR_SRCDIR/tests/cli/common.sh"
bounce=$reports/postfix-failure.eml
other=$reports/exchange-online-5.1.10.eml

# --- one report in every format ---
run analyze "$bounce"
ends 'a report as text' 0
has 'text names the recipient' 'mona@fabrikam.com' "$out"
has 'text quotes the server' 'User unknown in virtual mailbox table' "$out"
run analyze --format=text "$bounce"
has 'text is what it prints by default' 'mona@fabrikam.com' "$out"
run analyze --format json "$other"
ends 'a report as json' 0
json_same 'json has the schema' 'ndr-report/1' 'd["schema"]'
json_same 'json has every key of a report' '' '[k for k in ("schema kind format generator language reporting_mta " +
    "arrival_date original recipients hops authentication antispam loops missing warnings").split() if k not in d]'
json_same 'json has every key of the original' '' \
    '[k for k in "from to subject message_id date".split() if k not in d["original"]]'
json_same 'json has every key of the authentication' '' '[k for k in ("spf dkim dmarc arc compauth by spf_domain " +
    "dkim_domain from_domain").split() if k not in d["authentication"]]'
json_same 'json has every key of the spam verdict' '' \
    '[k for k in "scl bcl sfv cat compauth_reason".split() if k not in d["antispam"]]'
json_same 'json has every key of a hop' '' \
    '[k for h in d["hops"] for k in "from by with date delay_seconds".split() if k not in h]'
json_same 'json has every key of a recipient' '' '[k for r in d["recipients"] for k in ("address original_address " +
    "action status statuses wrapper reply_code diagnostic remote_mta last_attempt will_retry_until facts evidence " +
    "diagnoses").split() if k not in r]'
json_same 'json has every key of the evidence' '' \
    '[k for e in d["recipients"][0]["evidence"] for k in "what text line".split() if k not in e]'
json_same 'json has every key of a diagnosis' '' '[k for g in d["recipients"][0]["diagnoses"] for k in ("entry " +
    "title category owner confidence tree node why").split() if k not in g]'
json_same 'the diagnosis is right' 'failure tobias@fabrikam.com 5.1.10 550 exo-5.1.10-recipient-not-found' \
    '[d["kind"]] + [d["recipients"][0][k] for k in ("address", "status", "reply_code")] +
     [d["recipients"][0]["diagnoses"][0]["entry"]]'
json_same 'a signature that is not there has no domain' None 'd["authentication"]["dkim_domain"]'
json_same 'evidence stands at its line' True \
    'all(open("tests/reports/exchange-online-5.1.10.eml", encoding="utf-8").read().split("\n")[e["line"] - 1].strip()
         .startswith(e["text"][:20]) for e in d["recipients"][0]["evidence"])'
printf '%s\n' '550 4.4.1 connect to mx.example.com[192.0.2.25]:25: Connection timed out' >"$t/two-nots.txt"
run analyze --format json "$t/two-nots.txt"
json_same 'of the words that rule a cause out the longest are quoted' True \
    'any("the words \"Connection timed out\" rule it out" in w for g in d["recipients"][0]["diagnoses"] for w in g["why"])'
run analyze --format json $reports/exchange-online-wrapped-dane.eml
json_same 'json has every key of a wrapper' '' \
    '[k for k in "status reply_code by".split() if k not in d["recipients"][0]["wrapper"]]'
json_same 'the inner code decides' '4.7.323 5.4.300' \
    '[d["recipients"][0]["status"], d["recipients"][0]["wrapper"]["status"]]'
run analyze --format json tests/stories/18-loop-hop-count.eml
json_same 'json has every key of a loop' '' '[k for l in d["loops"] for k in "from by times".split() if k not in l]'
json_same 'the loop is seen' True 'len(d["loops"]) > 0'
run analyze --format ndjson "$other"
ends 'a report as ndjson' 0
same 'ndjson is one line' 1 "$(wc -l <"$t/out" | tr -d ' ')"
run analyze --format markdown "$bounce"
ends 'a report as markdown' 0
has 'markdown begins with a heading' '# 5.1.1' "$out"
run analyze --format html "$bounce"
ends 'a report as html' 0
has 'html is a whole document' '</html>' "$out"
lacks 'html escapes what the server wrote' '<mona@fabrikam.com>' "$out"
run analyze --format json $reports/two-recipients.eml
json_same 'two recipients stay two' 2 'len(d["recipients"])'

# --- other kinds are found, too ---
for kind in postfix-delay:delay postfix-delivered:success postfix-relayed:relayed mixed-actions:mixed \
    auto-reply:auto-reply arf-feedback:feedback; do
    run analyze --format json "$reports/${kind%:*}.eml"
    same "${kind#*:} is found" 0 $status
    json_same "${kind#*:} is the kind" "${kind#*:}" 'd["kind"]'
done

# --- standard input ---
run analyze <"$bounce"
has 'standard input without a path' 'mona@fabrikam.com' "$out"
run analyze - <"$bounce"
has 'standard input as -' 'mona@fabrikam.com' "$out"
run - <"$bounce"
has 'ndr - without a terminal prints text' 'mona@fabrikam.com' "$out"
run "$bounce"
has 'ndr FILE without a terminal prints text' 'mona@fabrikam.com' "$out"
run <"$bounce"
has 'ndr <FILE without a terminal prints text' 'mona@fabrikam.com' "$out"

# --- many ---
run analyze "$bounce" "$other"
has 'several files: the first' 'mona@fabrikam.com' "$out"
has 'several files: the second' 'tobias@fabrikam.com' "$out"
run analyze --format ndjson "$bounce" $reports/no-report.eml "$other"
same 'one report of several is enough' 0 $status
json_same 'ndjson: one line a report' 'failure none failure' '[r["kind"] for r in d]'
run analyze --format ndjson "$bounce" "$t/missing" "$other"
same 'found one, could not read another' 0 $status
json_same 'the others are still done' 'mona@fabrikam.com tobias@fabrikam.com' \
    '[r["recipients"][0]["address"] for r in d]'
run analyze --format ndjson $reports/no-report.eml "$t/missing"
complains 'found none and could not read one' 2
run analyze --format ndjson "$t/missing" "$t/lost"
complains 'could not read two' 2
run analyze $reports/no-report.eml $reports/no-report.eml
complains 'several files without a report' 1
run analyze --format json "$bounce" "$other"
complains 'json is for one report' 2

mkdir "$t/folder" "$t/Maildir" "$t/Maildir/cur" "$t/Maildir/new" "$t/Maildir/tmp"
cp "$bounce" "$other" "$t/folder"
cp "$bounce" "$t/Maildir/new/1764000001.M1P1.mx"
cp "$other" "$t/Maildir/cur/1764000002.M2P2.mx:2,S"
cp $reports/gmail-failure.eml "$t/Maildir/tmp/1764000003.M3P3.mx"
for f in "$bounce" "$other"; do
    echo 'From MAILER-DAEMON Tue Nov 24 09:12:52 2026'
    sed 's/^\(>*From \)/>\1/' "$f"
    echo
done >"$t/mbox"
for many in folder Maildir mbox; do
    run analyze --format ndjson "$t/$many"
    same "$many: status" 0 $status
    json_same "$many: both reports" 'mona@fabrikam.com tobias@fabrikam.com' \
        'sorted(r["recipients"][0]["address"] for r in (d if isinstance(d, list) else [d]))'
done
run analyze --format ndjson - <"$t/mbox"
json_same 'an mbox on standard input' 2 'len(d) if isinstance(d, list) else 1'
for end in '\n' '\r\n' '\0'; do
    printf "$bounce$end$reports/no-report.eml$end$other$end" >"$t/list"
    run analyze --format ndjson - <"$t/list"
    json_same "names of files on standard input, $(printf %s "$end" | tr -d "\\\\") behind each" 'mona@fabrikam.com none tobias@fabrikam.com' \
        '[r["recipients"][0]["address"] if r["recipients"] else r["kind"] for r in d]'
done
printf '%s\n' "$bounce" "$t/missing" "$other" >"$t/list"
run analyze --format ndjson - <"$t/list"
json_same 'a name of no file: the others are done' 2 'len(d)'
has 'a name of no file is said' "$t/missing" "$err"
run analyze --restricted - <"$t/list"
complains 'restricted mode opens no file of a list' 1
cat $reports/exchange-online-5.1.10.eml "$bounce" $reports/two-recipients.eml >"$t/joined"
run analyze --format ndjson - <"$t/joined"
json_same 'mails behind each other on standard input' 'tobias@fabrikam.com mona@fabrikam.com' \
    '[r["recipients"][0]["address"] for r in d][:2]'
json_same 'mails behind each other: all of them' 3 'len(d)'
run analyze --format ndjson - <$reports/forwarded-as-attachment.eml
json_same 'a mail in a mail stays one' 'ndr-report/1' 'd["schema"]'

# A damaged mail among many has its line, too.
mkdir "$t/damaged"
cp "$bounce" "$t/damaged/1.eml"
head -c 700 "$bounce" >"$t/damaged/2.eml"
: >"$t/damaged/3.eml"
printf '\377\000\001From: \200\n\n--\n' >"$t/damaged/4.eml"
cp "$other" "$t/damaged/5.eml"
run analyze --format ndjson "$t/damaged"
json_same 'damaged mails among many: a line for each' '5 failure failure none none failure' \
    '[len(d)] + [r["kind"] for r in d]'
lacks 'no progress without a terminal' ' mails' "$err"
run analyze --format json "$t/mbox"
same 'an mbox as json: status' 0 $status
json_same 'an mbox as json: its first mail' 'ndr-report/1' 'd["schema"]'
has 'an mbox as json: says that there is more' 'only the first mail of this mbox' "$err"
run analyze --format json "$t/folder"
complains 'a folder as json' 2

# --- nothing found ---
run analyze $reports/no-report.eml
complains 'no report' 1
same 'no report: nothing on standard output' '' "$out"
run analyze --format json $reports/no-report.eml
complains 'no report as json' 1
json_same 'kind none has the whole object' '' '[k for k in ("schema kind format generator language reporting_mta " +
    "arrival_date original recipients hops authentication antispam loops missing warnings").split() if k not in d]'
json_same 'kind none has no recipients' 'none []' '[d["kind"], d["recipients"]]'
run analyze --format json
complains 'empty standard input' 1
json_same 'empty standard input is kind none' 'none' 'd["kind"]'
: >"$t/empty"
run analyze "$t/empty"
complains 'an empty file' 1

# --- trouble ---
run analyze "$t/missing"
complains 'a file that is not there' 2
same 'trouble prints nothing on standard output' '' "$out"
run analyze --format json "$t/missing"
complains 'a file that is not there, json' 2
run analyze --format dot "$bounce"
complains 'a format of another command' 2
run analyze --format nonsense "$bounce"
complains 'a format that does not exist' 2
run analyze --format
complains 'an option without its value' 2
run analyze --nonsense "$bounce"
complains 'an unknown option' 2
mkfifo "$t/fifo"
run analyze "$t/fifo"
complains 'a pipe with a name is not waited for' 2
if [ "$(id -u)" -ne 0 ]; then
    cp "$bounce" "$t/secret"
    chmod 0 "$t/secret"
    run analyze "$t/secret"
    complains 'a file that may not be read' 2
else
    skip 'a file that may not be read' 'root may read all'
fi
cp "$bounce" "$t/huge"
dd if=/dev/zero bs=1048576 count=33 2>/dev/null | tr '\0' 'x' | fold -w 70 >>"$t/huge"
run analyze --format json "$t/huge"
complains 'a file above the limit' 2
json_same 'what it printed is a whole object' ndr-report/1 'd["schema"]'

# The words of the server decide; those for people are asked where they leave it open.
cat >"$t/decided" <<'EOF'
From: Mail Delivery System <MAILER-DAEMON@mail.example.com>
To: kim@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

Your message to orders@fabrikam.com did not arrive.  Often the address is wrong:
RESOLVER.ADR.ExRecipNotFound; not found

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Final-Recipient: rfc822; orders@fabrikam.com
Action: failed
Status: 5.7.323
Diagnostic-Code: smtp; 550 5.7.323 tlsa-invalid: The domain failed DANE validation

--b--
EOF
run analyze --format json "$t/decided"
json_same 'another cause that the words for people name is none' exo-5.7.323-tlsa-invalid \
    '[e["entry"] for e in d["recipients"][0]["diagnoses"]]'
sed 's/tlsa-invalid.*/sorry/; s/5\.7\.323/5.1.1/' "$t/decided" >"$t/open"
run analyze --format json "$t/open"
json_same 'without such words it is the first' exo-5.1.1-exrecipnotfound 'd["recipients"][0]["diagnoses"][0]["entry"]'
done_testing
