#!/bin/sh
# Opens the playground, and /status, of a gateway with nothing configured in a real
# browser (browser.test.mjs).
#
#   CHROMIUM     the browser, when it is not found by its usual names
#   GATEWAY      a gateway that is built already
#   SCREENSHOTS  a folder for pictures of what the browser saw
#   CI           when "true", a missing browser is a failure
set -eu

here=$(cd "$(dirname "$0")" && pwd)

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

(cd "$here" && npm ci --silent)
exec "$here/../../../with-gateway.sh" node --test --test-reporter=spec "$here/browser.test.mjs"
