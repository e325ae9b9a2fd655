#!/bin/sh
# Runs a command beside a gateway: builds one, starts it with nothing configured, runs the command with
# BASE_URL and GATEWAY in its environment, stops the gateway, and fails when any of it did.
#
#   with-gateway.sh COMMAND [ARGUMENT...]
#
#   GATEWAY  a gateway that is built already
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
gateway=
finish() {
	if [ -n "$gateway" ]; then
		kill -KILL "$gateway" 2>/dev/null || true
	fi
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

if [ -z "${GATEWAY-}" ]; then
	GATEWAY=$work/gateway
	(cd "$root" && go build -o "$GATEWAY" ./server)
fi

export GATEWAY
ADDR=127.0.0.1:$(node -e '
	const server = require("net").createServer().listen(0, "127.0.0.1", () => {
		console.log(server.address().port);
		server.close();
	})')
export ADDR
export BASE_URL="http://$ADDR/"

"$GATEWAY" >"$work/log" 2>&1 &
gateway=$!

# wait_for TRIES COMMAND... runs the command twice a second until it succeeds.
wait_for() {
	tries=$1
	shift
	while ! "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.5
	done
}

ready() {
	node -e 'fetch(process.argv[1]).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' \
		"http://$ADDR/readyz"
}

gone() {
	! kill -0 "$gateway" 2>/dev/null
}

if ! wait_for 120 ready; then
	cat "$work/log" >&2
	echo "the gateway did not become ready" >&2
	exit 1
fi

failed=0
"$@" || failed=1

kill -TERM "$gateway"
if ! wait_for 40 gone; then
	echo "the gateway is still there 20 seconds after SIGTERM" >&2
	failed=1
elif ! wait "$gateway"; then
	echo "the gateway left with a failure" >&2
	failed=1
fi
if gone; then
	gateway=
fi
if [ "$failed" != 0 ]; then
	echo "--- the gateway said:" >&2
	tail -n 50 "$work/log" >&2
fi
exit "$failed"
