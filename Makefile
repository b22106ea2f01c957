# `make run` and `make test` do everything; each installs what it needs.
# Needed: Go 1.26, Node 20 or newer, make.

MAKEFLAGS += --no-print-directory
SHELL := /bin/sh
BUILD := .build
APIGW := $(BUILD)/bin/apigw
INFRA := $(BUILD)/bin/infra
LOCALSTACK := $(BUILD)/bin/localstack
SOAKER := $(BUILD)/bin/soak
SOAK ?= 10m
PORT ?= 8080

# The assembly that was deployed last; cdk.out stays what runs locally.
DEPLOYED := $(BUILD)/deployed
context = $(foreach value,$(CONTEXT),-c '$(subst ','\'',$(value))')
# Whatever the context of a deployment left out, these name every stack that one may have made.
every_stack := -c privateService=true -c productsUrl= -c weatherUrl= -c accountLogRole=create -c logging=access

# The CDK runs on Node 20 as well; the major version is what its warning asks for.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

# What validates templates by the CDK takes longer than all the rest of a synthesis:
# "make deploy" does it, and "make lint" knows more.
test golden $(BUILD)/synth.done: export CDK_VALIDATION := false

# What each step follows from; a change here runs it again, nothing else does.
module_files := go.mod go.sum
apigw_files := $(shell find cmd emulator toolbox internal integration-tests -name '*.go' -not -name '*_test.go' -o -path '*/assets/*' -type f -o -name '*.cjs' -o -name prices.yaml -o -path '*/runtimes/*' -type f 2>/dev/null)
infra_files := $(shell find infra internal/cdkapp -name '*.go' -not -name '*_test.go' 2>/dev/null)
asset_files := $(shell find functions services internal -type f -not -name '*_test.go' 2>/dev/null)
localstack_files := $(wildcard integration-tests/localstack/*.go emulator/hostprocess/*.go)
soak_files := $(wildcard integration-tests/soak/*.go emulator/hostprocess/*.go)
mapping_files := $(shell find mappings -name '*.vtl' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run synth build test test-console screenshots conformance test-localstack localstack race soak oracle speed lint vuln fidelity comparison bench golden deploy test-aws destroy clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' Makefile

run: ## install, synthesize, build and serve the API on http://127.0.0.1:8080 (PORT=…, DATA=folder that keeps the tables)
	@$(MAKE) -j4 $(APIGW) $(BUILD)/synth.done
	@exec $(APIGW) serve --allow-functions --port $(PORT) --outputs $(BUILD)/cdk-outputs.json $(if $(DATA),--data-dir '$(DATA)')

test: ## run all tests: unit, constructs, mapping templates, integration cases
	@$(MAKE) -j4 $(APIGW) $(BUILD)/synth.done
	go test ./...

test-console: $(BUILD)/synth.done ## use the console in Chromium, clicking through every view (needs Chromium)
	go test -tags browser ./toolbox/console/browser -count=1

screenshots: $(BUILD)/synth.done ## take the pictures of docs/images anew (needs Chromium)
	go test -tags browser ./toolbox/console/browser -count=1 -run TestScreenshots -screenshots ../../../docs/images

# The program is built, not left to "go run", which hides its exit code and dies of a signal before it has cleaned up.
test-localstack: $(LOCALSTACK) $(INFRA) $(BUILD)/node.done ## deploy to LocalStack (started unless AWS_ENDPOINT_URL names one) and play the integration cases there
	@exec $(LOCALSTACK) test

localstack: $(LOCALSTACK) $(INFRA) $(BUILD)/node.done ## deploy to LocalStack as test-localstack does, print what to export, and stay until Ctrl-C
	@exec $(LOCALSTACK) up

soak: $(SOAKER) $(BUILD)/node.done ## load all routes with half of what they stand, for ten minutes (SOAK=2m for two), and look for what grows or is lost
	@$(MAKE) -j4 $(APIGW) $(BUILD)/synth.done
	@exec $(SOAKER) --for $(SOAK)

# In the package's folder "go test" shows what the runner prints, whether it passes or not.
conformance: $(BUILD)/node.done ## play this repository's cases and those of CONFORMANCE_DIR and VTL_CASES, and print a line for each area
	@go test -C emulator/conformance -count=1 -run 'TestRules|TestTemplates|TestRecordedCases|TestVTLCases'

race: ## run the tests under the race detector (needs a C compiler); what runs one thing after the other is left out
	@$(MAKE) -j4 $(APIGW) $(BUILD)/synth.done
	go test -race $$(go list ./... | grep -v -e /infra -e /cmd/ -e /toolbox/doctor -e /toolbox/retained)

needs_oracle = @[ -x "$(VTL_ORACLE)" ] || { \
	  echo "make $@: VTL_ORACLE must name the program that renders cases with Apache Velocity" >&2; exit 2; }; \
	command -v javac >/dev/null || { echo "make $@: a JDK of Java 17 or newer is needed" >&2; exit 2; }

oracle: ## compare mapping templates with Apache Velocity: make oracle VTL_ORACLE=…/run.sh (needs Java)
	$(needs_oracle)
	VTL_ORACLE="$(abspath $(VTL_ORACLE))" go test -count=1 -run 'Oracle|Velocity' ./mappings ./emulator/conformance

# The heap is the one that Java gets.
speed: ## render the same templates here and on Apache Velocity 1.7 and 2.4.1: make speed VTL_ORACLE=…/run.sh
	$(needs_oracle)
	GOGC=off GOMEMLIMIT=1GiB VTL_ORACLE="$(abspath $(VTL_ORACLE))" go test -v -run '^$$' -bench Velocity -benchtime 1x ./emulator/conformance

synth: $(BUILD)/synth.done ## synthesize the stacks into cdk.out
build: $(APIGW) ## build the command into .build/bin/apigw

fidelity: ## write docs/fidelity.md anew from the code
	go test ./emulator/conformance -run TestFidelity -update

comparison: ## write docs/comparison.md and its picture anew, from its words and the prices
	go test ./docs -run TestComparison -update

bench: $(APIGW) $(LOCALSTACK) $(BUILD)/synth.done ## measure everything (a quarter of an hour) and write docs/performance.md; VTL_ORACLE=…/run.sh and LocalStack are measured where they are
	VTL_ORACLE="$(if $(VTL_ORACLE),$(abspath $(VTL_ORACLE)))" $(APIGW) bench --peers --save docs/performance.json
	go test ./docs -run 'TestPerformance|TestComparison' -update

golden: ## write the goldens of the stacks anew; review the diff
	go test ./infra/... -update

lint: $(APIGW) $(BUILD)/synth.done $(BUILD)/lint/iam.done $(BUILD)/lint/elsewhere.done ## gofmt, vet, staticcheck; apigw lint on the mapping templates; cfn-lint and checkov on the templates (needs Python 3.10 or newer)
	@./.ci/lint cdk.out $(BUILD)/lint/iam $(BUILD)/lint/elsewhere

vuln: ## look for known vulnerabilities in what the code calls (GOVULNDB=… names another database than https://vuln.go.dev)
	go tool govulncheck $(if $(GOVULNDB),-db $(GOVULNDB)) ./...

deploy: ## deploy all stacks to AWS: make deploy AUTH=iam|none [CONTEXT="name=value …"] [YES=1 to be asked nothing]
	@case "$(AUTH)" in iam|none) ;; *) \
	  echo "make deploy: say who may call the API: AUTH=iam (signed requests) or AUTH=none (anyone on the internet)" >&2; exit 2;; esac
	@$(MAKE) -s $(APIGW) && $(APIGW) account
	@$(MAKE) -s -j2 $(INFRA) $(BUILD)/node.done
	@npx cdk deploy --all --app $(INFRA) --output $(DEPLOYED) $(context) -c auth=$(AUTH) --outputs-file cdk-outputs.json \
	  $(if $(YES),--require-approval never) || { \
	  echo "make deploy: not all stacks are deployed. CloudFormation takes back the one that failed; those before it stay, and cost." >&2; \
	  echo "Repair what is said above and run the same again, or remove everything: make destroy" >&2; exit 1; }

test-aws: ## play the integration cases on what make deploy deployed, and remove what they made
	go test -C integration-tests -count=1 -timeout 30m -run TestCases -target aws

destroy: ## destroy all stacks of the kit, and list what stays and its cost [YES=1 to be asked nothing]
	@$(MAKE) -s $(APIGW) && $(APIGW) account
	@$(MAKE) -s -j2 $(INFRA) $(BUILD)/node.done
	@npx cdk synth --quiet --app $(INFRA) --output $(BUILD)/destroyed $(context) $(every_stack)
	@npx cdk destroy --all --app $(BUILD)/destroyed $(if $(YES),--force)
	@$(APIGW) retained --app $(firstword $(wildcard $(DEPLOYED)) $(BUILD)/destroyed)

clean: ## remove what the targets made
	rm -rf $(BUILD) cdk.out node_modules

$(BUILD)/node.done: package.json package-lock.json
	@command -v node >/dev/null || { echo "make: Node 20 or newer is needed: https://nodejs.org" >&2; exit 1; }
	@echo "installing the CDK CLI and the engines (npm ci) …"
	@npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@mkdir -p $(@D) && touch $@

$(APIGW): $(apigw_files) $(module_files)
	@echo "building the command …"
	@go build -trimpath -o $@ ./cmd/apigw
	@echo "the command is built"

$(LOCALSTACK): $(localstack_files) $(module_files)
	@go build -trimpath -o $@ ./integration-tests/localstack

$(SOAKER): $(soak_files) $(module_files)
	@go build -trimpath -o $@ ./integration-tests/soak

$(INFRA): $(infra_files) $(module_files)
	@echo "building the CDK app (the first build takes about a minute) …"
	@go build -trimpath -o $@ ./infra
	@echo "the CDK app is built"

$(BUILD)/synth.done: $(INFRA) $(BUILD)/node.done $(asset_files) $(mapping_files) cdk.json
	@echo "synthesizing the stacks and building the functions …"
	@$(INFRA)
	@touch $@

# What else is linted: the kit as one deploys it, and with its neighbours elsewhere.
$(BUILD)/lint/iam.done: linted := -c auth=iam -c apiKey=required -c logging=execution -c monitoring=alarms
$(BUILD)/lint/elsewhere.done: linted := -c auth=iam -c accountLogRole=existing -c productsUrl=http://127.0.0.1:9 -c weatherUrl=http://127.0.0.1:9/
$(BUILD)/lint/%.done: $(BUILD)/synth.done
	@echo "synthesizing the stacks to lint them: $(linted) …"
	@npx cdk synth --quiet --app $(INFRA) --output $(BUILD)/lint/$* $(linted)
	@touch $@
