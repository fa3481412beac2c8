# A thin index: each target is one line, the logic is in Go.
TOOL = go tool -modfile=tools/go.mod
CORE = ./domain/... ./recht/... ./journal/... ./projection/... ./sqlite/... ./catalogue/... ./workflow/...

.PHONY: demo test check lint fix race golden bilder proof proof-netz uhr verbund

demo: ## a pharmacy with demo data
	go run ./cmd/offizin demo

test: ## all tests
	go test ./...

check: ## what a change must pass
	go build ./... && go vet ./... && $(MAKE) lint test race

lint: ## formatting, linters, dead code
	@test -z "$$($(TOOL) gofumpt -l $$(git ls-files '*.go'))" || { echo 'run make fix:'; $(TOOL) gofumpt -l $$(git ls-files '*.go'); exit 1; }
	$(TOOL) golangci-lint run --timeout 15m ./...
	@dead="$$($(TOOL) deadcode -test ./...)"; test -z "$$dead" || { echo "dead code:"; echo "$$dead"; exit 1; }

fix: ## format everything
	$(TOOL) gofumpt -w $$(git ls-files '*.go')

race: ## the race detector on the core
	go test -race -short -shuffle=on $(CORE)

golden: ## write generated manual pages and golden files anew
	go test ./internal/tidy -run TestManualExplainsEveryCode -update

bilder: ## screenshots of every page into bin/bilder
	OFFIZIN_BROWSER=pflicht OFFIZIN_BILDER=$(CURDIR)/bin/bilder go test -count=1 ./web/browsertest/

proof: ## the long proofs: hours; results go to docs/betrieb/proof.md
	OFFIZIN_BEWEIS=lang go test -count=1 -timeout 12h -v ./simulation/...

proof-netz: ## three real machines: 200 kills, 20 passes of each fault of the network; root for the latter
	OFFIZIN_BEWEIS=lang go test -count=1 -timeout 2h -v ./simulation/netz

uhr: ## the two nights of the change with the real program, twenty idle minutes each; three machines, one clock wrong
	OFFIZIN_BEWEIS=lang go test -count=1 -timeout 1h -v ./simulation/uhr

verbund: ## 20,000 seeds of several machines; broken off, it goes on at the seed in bin/verbund.stand
	@mkdir -p bin
	OFFIZIN_BEWEIS=lang OFFIZIN_STAND=$(CURDIR)/bin/verbund.stand go test -count=1 -timeout 48h -v ./simulation/verbund \
		>>bin/verbund.log || { tail -20 bin/verbund.log; exit 1; }
	@grep verbund_test bin/verbund.log
