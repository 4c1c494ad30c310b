#!/bin/sh
# The ready texts are true of the report at hand.
. "$NDR_SRCDIR/tests/cli/common.sh"
over='The server has given up: your message has not arrived.'

# 4.7.323, a fault that passes: still tried, and given up in the end.
run analyze tests/reports/exchange-online-wrapped-dane.eml
joined=$(printf '%s' "$out" | tr '\n' ' ')
has 'a report of a failure: the tries are over' "$over" "$joined"
delay=$(sed 's/^Action: failed/Action: delayed/' tests/reports/exchange-online-wrapped-dane.eml)
run analyze - <<DELAY
$delay
DELAY
joined=$(printf '%s' "$out" | tr '\n' ' ')
lacks 'a delay is not over' "$over" "$joined"
has 'a delay has the text of its entry' 'Text for the user' "$out"

# A general entry that speaks of both: the code says which it is.
run analyze tests/samples/recipients.eml
lacks 'a permanent code is not one of tries that are over' 'The server has given up' "$(printf '%s' "$out" | tr '\n' ' ')"

# Who took a message did not refuse it.
run analyze tests/reports/mixed-actions.eml
has 'a server that took it' 'Taken by    mail.example.org' "$out"
run analyze tests/reports/postfix-failure.eml
has 'a server that refused it' 'Refused by' "$out"
done_testing
