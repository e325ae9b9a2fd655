#!/bin/sh
# Writes a new source into a copy of the repository, and asks of it what is asked of every source:
# that it compiles, keeps to what a source keeps to, and is in the schema and in the gateway by its
# one line. PostgreSQL is needed, as for the tests.
set -eu

name=tryout1 # what no source will be called
repository=$(cd "$(dirname "$0")/../.." && pwd)
copy=$(mktemp -d "${TMPDIR:-/tmp}/new-source.XXXXXX")
trap 'rm -rf "$copy"' EXIT
trap 'exit 1' HUP INT TERM

say() { echo "new-source: $* ($(($(date +%s) - started)) s)"; }
fail() {
	echo "new-source: $*" >&2
	exit 1
}
started=$(date +%s)

# What is tracked and what is new, but neither what is ignored nor what is deleted.
cd "$repository"
git ls-files -z --cached --others --exclude-standard |
	xargs -0 sh -c 'for file; do [ ! -f "$file" ] || printf "%s\0" "$file"; done' sh |
	tar -cf - --null -T - | tar -xf - -C "$copy"

cd "$copy"
go run ./server new-source "$name"
say "written"
! go run ./server new-source "$name" >/dev/null 2>&1 || fail "one that is there was written over"
go generate ./... >generate.log 2>&1 || fail "$(cat generate.log)"
go build ./...
say "generated and built"
go vet "./source/$name/..." ./server/... ./graph/...
go test -count=1 "./source/$name/..."
say "keeps to what a source keeps to"

! go test -count=1 ./source/catalogue >/dev/null 2>&1 || fail "the page of what is taken lacks it, unseen"
go test -count=1 ./source/catalogue -update
go test -count=1 ./source/catalogue ./migration/target ./migration/drift
grep -q "$name\.person" docs/reference/what-is-taken.md || fail "it is not on the page of what is taken"
say "what is taken is described"

# Of the tests of the gateway, those that look at every source there is.
tests='TestImports TestTruth TestSourcesShareHumans TestProgram TestOperatorsDatabase TestSchemaIsFresh
	TestSchemaIsDescribed TestGuardsOnTheWay TestScopes TestFilterIsGuardedAlike TestCostOfEverything
	TestAcrossFailure TestGoldenAcross TestPagesThatAsk TestPlaygroundExamples'
for test in $tests; do
	grep -qs "^func $test(" server/*_test.go graph/*_test.go || fail "there is no $test any more"
done
# shellcheck disable=SC2086 # they are words
go test -count=1 ./server ./graph -run "^($(echo $tests | tr ' ' '|'))\$"
say "the gateway takes it"

go run ./server schema --sources "$name" >schema.graphqls.of
for want in 'TRYOUT1' 'tryout1: Tryout1Record' 'type Tryout1Record'; do
	grep -q "$want" schema.graphqls.of || fail "no $want in the schema"
done
! grep -q MOSAIC schema.graphqls.of || fail "another source is in the schema of this one"
say "is in the schema"
