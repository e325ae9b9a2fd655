#!/bin/sh
# Fills vendor from npm, at the versions and hashes of package-lock.json.
#
#   build.sh           writes vendor anew
#   build.sh --check   writes nothing, and fails unless vendor is what npm gives
#
# Installs into a temporary folder, runs no script of any package, and needs
# nothing but npm and node.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$work"
(cd "$work" && npm ci --silent)

case "${1-}" in
--check)
	node "$here/build.mjs" "$work/node_modules" "$work/vendor"
	diff -r "$work/vendor" "$here/vendor"
	echo "vendor is what npm gives"
	;;
"")
	node "$here/build.mjs" "$work/node_modules" "$here/vendor"
	;;
*)
	echo "usage: build.sh [--check]" >&2
	exit 2
	;;
esac
