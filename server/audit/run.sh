#!/bin/sh
# Builds the gateway, starts it with a few sample residents, asks it what GraphQL over HTTP
# demands of a server (audit.mjs) and stops it again.
#
#   GATEWAY  a gateway that is built already
#   CI       when "true", a missing npm is a failure
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

if ! command -v npm >/dev/null; then
	echo "SKIPPED: audit of GraphQL over HTTP: no npm on this machine (apt-get install npm)" >&2
	if [ "${CI-}" = true ]; then
		exit 1
	fi
	exit 0
fi

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

(cd "$here" && npm ci --silent)
if [ -z "${GATEWAY-}" ]; then
	GATEWAY=$work/gateway
	(cd "$root" && go build -o "$GATEWAY" ./server)
fi

ADDR=127.0.0.1:$(node -e '
	const server = require("net").createServer().listen(0, "127.0.0.1", () => {
		console.log(server.address().port);
		server.close();
	})')
export ADDR
export BASE_URL="http://$ADDR/"

SAMPLE_RESIDENTS=50 "$GATEWAY" >"$work/log" 2>&1 &
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
	echo "audit: the gateway did not become ready" >&2
	exit 1
fi

failed=0
node "$here/audit.mjs" || failed=1

kill -TERM "$gateway"
if ! wait_for 40 gone; then
	echo "audit: the gateway is still there 20 seconds after SIGTERM" >&2
	failed=1
elif ! wait "$gateway"; then
	echo "audit: the gateway left with a failure" >&2
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
