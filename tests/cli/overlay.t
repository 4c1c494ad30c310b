#!/bin/sh
# What a house adds: notes on shipped entries, contacts for owners, trees; templates, and what comes from where.
. "$NDR_SRCDIR/tests/cli/common.sh"
id=exo-5.7.323-tlsa-invalid
layer=$t/xdg/ndr
mkdir -p "$layer/codes" "$layer/trees"
mine() {
    XDG_DATA_HOME=$t/xdg run "$@"
}

# --- templates ---
for what in entry tree; do
    run new $what
    ends "a template of a $what" 0
    cp "$t/out" "$t/our-gate.xml"
    has "the $what explains itself" '<!--' "$out"
    run lint "$t/our-gate.xml"
    ends "the $what is sound" 0
    mkdir -p "$t/$what"
    mv "$t/our-gate.xml" "$t/$what"
done
run new
complains 'new needs to know what' 2
run new parcel
complains 'new makes no parcels' 2

# --- notes and contacts ---
cp "$t/entry/our-gate.xml" "$layer/codes"
mine explain $id
ends 'a note on a shipped entry' 0
has 'the note stands on the entry' "House note: Call the partner's hotline" "$out"
has 'so does the contact' 'Here        whoever runs the domain' "$out"
mine analyze tests/samples/dane.eml
has 'the note stands on a diagnosis' "House note: Call the partner's hotline" "$out"
has 'the contact, too' 'ticket queue DNS' "$out"
mine explain --format json $id
json_same 'the note tells its layer' user 'd["entries"][0]["notes"][0]["layer"]'
json_same 'the entry stays shipped' shipped 'd["entries"][0]["layer"]'
mine walk spf --answers others
has 'an outcome names the contact' 'ticket queue DNS' "$out"
mine explain our-gate-quarantine
has 'an entry of a layer says so' "From        user, $layer/codes/our-gate.xml:" "$out"
lacks 'a shipped one does not' 'From ' "$("$NDR_PROGRAM" explain $id)"
sed "s/entry=\"$id\"/entry=\"no-such-entry\"/" "$t/entry/our-gate.xml" >"$t/dangling.xml"
run lint "$t/dangling.xml"
same 'a note without its entry: status' 1 $status
has 'a note without its entry: the line' "dangling.xml:$(grep -n no-such-entry "$t/dangling.xml" | cut -d: -f1): " "$out"
sed 's/contact owner="domain-owner"/contact owner="somebody"/' "$t/entry/our-gate.xml" >"$t/nobody.xml"
run lint "$t/nobody.xml"
has 'a contact for nobody' 'unknown owner: somebody' "$out"
cp "$t/nobody.xml" "$layer/codes/zz.xml"
mine explain $id
lacks 'a layer with a fault gives no note' 'House note' "$out"
rm "$layer/codes/zz.xml"

# --- which ---
run which $id
has 'a shipped entry' "shipped  $NDR_BUILD/share/ndr/codes/transport-security.xml:" "$out"
mine which $id
has 'with its note' "note from user     $layer/codes/our-gate.xml:" "$out"
sed "s/house-parcel-limit/$id/" tests/cli/data/good.xml >"$layer/codes/other.xml"
mine which $id
has 'what takes its place' "user     $layer/codes/other.xml:" "$out"
has 'what it takes the place of' "instead of shipped" "$out"
run which spf
has 'a tree' 'share/ndr/trees/spf.xml' "$out"
run which no-such-thing
complains 'nothing of that name' 1
run which
complains 'which needs an id' 2

# --- a tree with a fault gives way ---
sed 's/<title>SPF failure/<title>SPF at our house/' data/trees/spf.xml >"$layer/trees/spf.xml"
mine trees
has 'a tree of the layer' 'SPF at our house' "$out"
echo '<tree' >"$layer/trees/spf.xml"
mine trees
has 'a faulty one gives way to the shipped one' 'SPF failure' "$out"
mine which spf
has 'which says so' "left out: user" "$out"
mine lint
same 'lint finds it' 1 $status
has 'with its file' "$layer/trees/spf.xml:2: " "$out"
done_testing
