#!/bin/sh
# Pages of registered codes against the entries of providers.
. "$NDR_SRCDIR/tests/cli/common.sh"
mkdir -p "$t/xdg/ndr/codes"
cat >"$t/xdg/ndr/codes/house.xml" <<'XML'
<knowledge version="1" updated="2026-11-26" xml:lang="en" provider="gmail">
  <entry id="gmail-letters" category="content" owner="sender" kind="permanent">
    <code>5.6.7</code>
    <title>These letters are not for us</title>
    <match><text>These letters are not for us</text></match>
    <match weak="yes"><text>odd letters</text></match>
    <summary>S.</summary>
    <cause>C.</cause>
    <remedy owner="sender"><step>Send it again.</step></remedy>
    <message to="sender">M.</message>
    <source document="A page"/>
    <sample origin="made" remote-mta="mx.google.com">550 5.6.7 These letters are not for us</sample>
  </entry>
</knowledge>
XML
# best ENTRY CONFIDENCE HOST WORDS
best() {
    printf 'Final-Recipient: rfc822; nora@example.com\nAction: failed\nRemote-MTA: dns; %s\nDiagnostic-Code: smtp; %s\n' \
        "$3" "$4" >"$t/report"
    XDG_DATA_HOME=$t/xdg run analyze --format json "$t/report"
    json_same "$4, by $3" "$1 $2" \
        'd["recipients"][0]["diagnoses"][0]["entry"] + " " + d["recipients"][0]["diagnoses"][0]["confidence"]'
}
best iana-X.6.7 weak mx.example.net '550 5.6.7 something new'
best gmail-letters likely mx.google.com '550 5.6.7 something new'
best gmail-letters exact mx.google.com '550 5.6.7 These letters are not for us'
best gmail-letters weak mx.example.net '550 5.6.7 These letters are not for us'
# Everyday words speak for their provider only where it is the one that refused.
best iana-X.6.7 weak mx.example.net '550 5.6.7 odd letters'
done_testing
