#!/bin/sh
# Composes a gateway's schema with another team's, and asks a router across both
# (federation.test.mjs).
#
#   GATEWAY  a gateway that is built already
#   CI       when "true", a missing npm is a failure
set -eu

here=$(cd "$(dirname "$0")" && pwd)

if ! command -v npm >/dev/null; then
	echo "SKIPPED: federation suite: no npm on this machine (apt-get install npm)" >&2
	if [ "${CI-}" = true ]; then
		exit 1
	fi
	exit 0
fi

(cd "$here" && npm ci --silent)
SAMPLE_RESIDENTS=50 exec "$here/../with-gateway.sh" \
	node --test --test-reporter=spec "$here/federation.test.mjs"
