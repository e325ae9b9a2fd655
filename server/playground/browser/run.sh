#!/bin/sh
# Builds the gateway, starts it with nothing configured, opens its playground in a real
# browser (browser.test.mjs) and stops it again.
#
#   CHROMIUM     the browser, when it is not found by its usual names
#   GATEWAY      a gateway that is built already
#   SCREENSHOTS  a folder for pictures of what the browser saw
#   CI           when "true", a missing browser is a failure
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)

skip() {
	echo "SKIPPED: browser suite: $1" >&2
	if [ "${CI-}" = true ]; then
		exit 1
	fi
	exit 0
}

if [ -z "${CHROMIUM-}" ]; then
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		if CHROMIUM=$(command -v "$name"); then
			break
		fi
	done
fi
[ -n "${CHROMIUM-}" ] || skip "no Chromium on this machine (apt-get install chromium)"
command -v npm >/dev/null || skip "no npm on this machine (apt-get install npm)"
export CHROMIUM

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
	echo "browser suite: the gateway did not become ready" >&2
	exit 1
fi

failed=0
node --test --test-reporter=spec "$here/browser.test.mjs" || failed=1

kill -TERM "$gateway"
if ! wait_for 40 gone; then
	echo "browser suite: the gateway is still there 20 seconds after SIGTERM" >&2
	failed=1
elif ! wait "$gateway"; then
	echo "browser suite: the gateway left with a failure" >&2
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
