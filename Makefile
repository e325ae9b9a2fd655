# What guards main: .ci/run calls these. The README's commands need none of them.

LINT = go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: help run test race rounds check format vet lint fresh tidy generate update bench \
	new-source assets audit federation browser tds

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

run: ## serve sample residents on http://127.0.0.1:8080
	go run ./server

test: ## the tests, as the README has them
	go test ./...

race: ## the tests, with the race detector
	go test -race ./...

rounds: ## the tests that repeat themselves: all their kills, faults and crowds
	TEST_ROUNDS=all go test ./graph ./migration/follow ./migration/load ./migration/verify ./server \
		./source/academy ./source/housing ./source/mosaic -run \
		'Killed|OneFault|Hangs|Attacks|Memory|RunGoesOn|Readers|Conformance|Indexes|Attacker|AcrossPaging|SourceComesBack'

check: format vet tidy fresh lint ## what guards main, but for the tests

format:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "not formatted: $$unformatted"; exit 1; fi

vet:
	go vet ./...

lint: ## golangci-lint; the first time takes minutes, to build it
	$(LINT) run ./...

fresh: ## fails when what is generated is stale
	@before=$$(cat graph/internal/exec/*.go | cksum); \
	go generate ./... && \
	if [ "$$before" != "$$(cat graph/internal/exec/*.go | cksum)" ]; then \
		echo "graph/internal/exec was stale: it is generated anew now, commit it"; exit 1; fi

tidy: ## fails when go.mod or go.sum is not tidy
	go mod tidy -diff

generate: ## write what is generated from the schema
	go generate ./...

update: generate ## write all that is generated, and what tests compare with: read the difference
	go test ./source/catalogue -update
	go test ./graph -run 'TestGolden|TestAccessMatrix' -update
	go test ./server -run TestImports -update
	for source in mosaic academy housing; do \
		go run ./server migration dms $$source --out deploy/dms/$$source; done

bench: ## time and allocations of each kind of question, over 100,000 residents
	go test ./graph -run '^$$' -bench 'Execute|Across'

new-source: ## writes a new source into a copy, and tests it there
	server/newsource/try.sh

assets: ## is what the playground embeds what npm gives? Needs npm
	@if ! command -v npm >/dev/null; then \
		echo "SKIPPED: playground assets: no npm on this machine"; [ "$$CI" != true ]; \
	else server/web/playground/assets/build.sh --check; fi

audit: ## what GraphQL over HTTP demands, asked of the gateway. Needs npm
	server/audit/run.sh

federation: ## a router over the gateway and another team's subgraph. Needs npm
	server/federation/run.sh

browser: ## the playground and /status in headless Chromium. Needs npm and Chromium
	server/web/playground/browser/run.sh

tds: ## the double of SQL Server, asked by another client. Needs FreeTDS
	@if ! command -v tsql >/dev/null; then \
		echo "SKIPPED: FreeTDS: no tsql on this machine"; [ "$$CI" != true ]; \
	else go test ./migration/tdstest -count 1 -run FreeTDS; fi
