# Every command that a person or a pipeline runs. `make` alone lists them.
#
# PYTHON=python3.12   which Python makes the environment (3.11 to 3.14)
# HOST, PORT          where `make run` serves
# CI=true             install the system packages too, and never skip a browser test
# COMPARE             which branch `make coverage` and `make bench-against` compare with
# STAGE               which stage of doc/evolution.md `make example` serves
# ARGS="..."          more arguments for the command of a target
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
STAGE ?= hello
COMPARE ?= main
ARGS ?=

BIN := .venv/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.DEFAULT_GOAL := help
.SUFFIXES:

##@ Use
.PHONY: run
run: env-run ## Set everything up and serve on http://127.0.0.1:8000
	@$(BIN)/python -m uvicorn main:app --host $(HOST) --port $(PORT) \
		--http tonight.web.http_protocol:BoundedHttpProtocol --loop asyncio --no-proxy-headers $(ARGS)

.PHONY: train
train: env-run ## Train the model anew from the embedded ratings
	@$(BIN)/tonight train $(ARGS)

.PHONY: example
example: env-dev ## Serve a stage of doc/evolution.md (STAGE=hello, typed, ...) on port 8000
	@$(BIN)/python -m examples.processes $(STAGE) --host $(HOST) --port $(PORT) $(ARGS)

.PHONY: db
db: env-dev ## Start a PostgreSQL to develop with (Docker's, or else the machine's own programs)
	@$(BIN)/python -m tools.database start

.PHONY: psql
psql: env-dev ## Open a prompt on the database (TONIGHT_DATABASE_URL, or the one of `make db`)
	@$(BIN)/python -m tools.database psql $(ARGS)

##@ Test
.PHONY: test
test: env-dev ## Set everything up and pass the tests (ARGS="-k word" for some of them)
	@$(BIN)/python -m pytest $(ARGS) $(ONCE_MORE)

.PHONY: test-setup
test-setup: ## Install the system packages that the tests need (Debian, Ubuntu; with sudo)
	@SUDO="$(SUDO)" PYTHON="$(PYTHON)" tools/test-setup.sh

.PHONY: test-pythons
test-pythons: env-dev ## Pass the tests on Python 3.11 to 3.14 and PostgreSQL 15 to 18 (Debian; needs the engine)
	@$(BIN)/python -m tools.pythons $(ARGS)

.PHONY: lighthouse
lighthouse: env-dev ## Measure every page with Lighthouse (needs Chromium and npm); below 95 it fails
	@$(BIN)/python -m tools.lighthouse $(ARGS)

.PHONY: gameday
gameday: env-dev ## Break a running stack in nine ways, see the alerts, mend it by the playbook
	@$(BIN)/python -m tools.gameday $(ARGS)

.PHONY: onboarding
onboarding: env-dev ## Play a newcomer from the clone to the first merged change, timed (ARGS=--write)
	@$(BIN)/python -m tools.onboarding $(ARGS)

.PHONY: soak
soak: env-dev ## Kill the service and the database fifty times each under load; nothing may be lost
	@SOAK_ROUNDS=$${SOAK_ROUNDS:-50} $(BIN)/python -m pytest tests/integration/test_kill.py \
		-p no:randomly -o log_cli=true -o log_cli_level=INFO $(ARGS)

.PHONY: checklist
checklist: env-dev ## Prove what production-ready means, row by row; write doc/checklist.md (ARGS=--heavy)
# The proofs are targets too, and what is meant for this one is not meant for them.
	@unset ARGS MAKEFLAGS; $(BIN)/python tools/checklist/tonight_checklist.py $(PROVED) $(ARGS)

ifeq ($(CI),true)
test: test-setup
# A machine that stalls for a moment is no reason to fail; a mistake fails again. Both are printed.
PROVED := --once-more
ONCE_MORE := || { [ $$? = 1 ] && echo "Once more, what has failed:" && $(BIN)/python -m pytest --last-failed $(ARGS); }
endif

CHECKS := check-lint check-format check-types check-imports check-dead-code \
	check-dependencies check-lock check-openapi check-contract check-client check-dockerfile \
	check-workflows check-secrets check-checklist check-docs \
	check-architecture
.PHONY: check $(CHECKS)
check: $(CHECKS) ## Everything that is checked without running the tests, in under a minute
	@echo "All checks passed."

check-lint: env-dev ## ... lint and import order (ruff)
	@$(BIN)/ruff check

check-format: env-dev ## ... formatting (ruff)
	@$(BIN)/ruff format --check

check-types: env-dev ## ... types (mypy, strict)
	@$(BIN)/mypy

check-imports: env-dev ## ... who imports whom (import-linter)
	@$(BIN)/lint-imports --no-logo

check-dead-code: env-dev ## ... code that nobody uses (vulture)
	@$(BIN)/python -m tools.dead_code

check-dependencies: env-dev ## ... declared against used dependencies (deptry)
	@$(BIN)/deptry src

check-lock: env-poetry ## ... poetry.lock and the exports are up to date
	@$(PYTHON) tools/lock.py --check

check-openapi: env-dev ## ... openapi.json is what the application serves
	@$(BIN)/python -m tools.openapi --check

check-contract: env-dev ## ... nothing of the released contract is broken, or for whom it is
	@$(BIN)/python -m tools.contract

check-client: env-dev env-client ## ... clients/python is what openapi.json makes it
	@$(BIN)/python -m tools.client --check

check-dockerfile: env-container ## ... the Dockerfile (hadolint)
	@.venvs/container/bin/hadolint Dockerfile

check-workflows: env-pipeline ## ... the workflows of the pipeline (actionlint, zizmor)
	@.venvs/pipeline/bin/actionlint -no-color
	@.venvs/pipeline/bin/zizmor --offline --quiet --no-progress .github

check-secrets: env-pipeline ## ... nothing that looks like a secret is in the files (gitleaks)
	@.venvs/pipeline/bin/gitleaks dir --no-banner --redact --log-level warn .

check-checklist: env-dev ## ... doc/checklist.md is what checklist.toml says
	@$(BIN)/python tools/checklist/tonight_checklist.py --check

check-docs: env-dev env-docs ## ... the documentation as a site: links, anchors, navigation
	@$(BIN)/python -m tools.site build

check-architecture: env-dev ## ... the pictures of the architecture are what the code says
	@$(BIN)/python -m tools.architecture --check

.PHONY: weaknesses
weaknesses: env-pipeline ## Ask whether a dependency has a known weakness (needs the network)
	@.venvs/pipeline/bin/pip-audit --disable-pip --require-hashes --requirement requirements.lock

.PHONY: coverage
coverage: env-dev env-pipeline ## Pass the tests and see what they leave out (COMPARE=origin/main)
	@$(BIN)/python -m pytest --cov --cov-report=xml --cov-report=term $(ARGS)
	@$(BIN)/python -m tools.coverage coverage.xml
	@.venvs/pipeline/bin/diff-cover coverage.xml --compare-branch $(COMPARE) --fail-under 95

.PHONY: check-openapi-lint
check-openapi-lint: env-dev ## ... openapi.json keeps the rules of .spectral.yaml (needs npm)
	@$(BIN)/python -m tools.openapi_lint

.PHONY: check-chart
check-chart: env-dev ## ... the Helm chart (helm lint, the schemas of Kubernetes, policies)
	@$(BIN)/python -m tools.chart

.PHONY: check-monitoring
check-monitoring: env-dev ## ... rules, their tests, dashboards, playbook, metrics (promtool, amtool)
	@$(BIN)/python -m tools.dashboards.build --check
	@$(BIN)/python -m tools.monitoring.check

.PHONY: evaluate
evaluate: env-dev ## Measure the recommender and write doc/model/quality.md
	@$(BIN)/python -m tools.evaluate $(ARGS)

.PHONY: measure-search
measure-search: env-dev ## Measure the search: how often it finds what was meant, and how fast
	@$(BIN)/python -m tools.measure_search $(ARGS)

.PHONY: measure-onboarding
measure-onboarding: env-dev ## Measure a newcomer's questions and write doc/model/onboarding.md
	@$(BIN)/python -m tools.measure_onboarding $(ARGS)

.PHONY: bench
bench: env-dev ## Measure what a request costs (ARGS=--quick to try, --check to fail, --write for the page)
	@$(BIN)/python -m tools.bench $(ARGS)

.PHONY: bench-against
bench-against: env-dev ## Measure a request before and after a change, in one run (COMPARE=origin/main)
	@$(BIN)/python -m tools.bench.against $(COMPARE) $(ARGS)

.PHONY: load
load: env-dev ## Measure what 1 and 2 workers carry on both databases (ARGS=--write for capacity.md)
	@$(BIN)/python -m tools.load $(ARGS)

.PHONY: evolution
evolution: env-dev ## Measure what each stage from ten lines to the service costs; write doc/evolution.md
	@$(BIN)/python -m tools.evolution $(ARGS)

##@ Change
.PHONY: format
format: env-dev ## Format the code and sort its imports
	@$(BIN)/ruff check --fix --select I --quiet
	@$(BIN)/ruff format

.PHONY: lock
lock: env-poetry ## Lock the dependencies and export them (ARGS=--upgrade for newer ones)
	@$(PYTHON) tools/lock.py $(ARGS)

.PHONY: data
data: env-dev ## Rebuild the embedded catalogue and ratings from their sources
	@$(BIN)/python -m tools.data.build $(ARGS)

.PHONY: openapi
openapi: env-dev ## Write openapi.json from the application
	@$(BIN)/python -m tools.openapi

.PHONY: client
client: env-dev env-client ## Generate clients/python from openapi.json
	@$(BIN)/python -m tools.client

.PHONY: contract
contract: env-dev ## Take openapi.json as the released contract (a part of a release)
	@$(BIN)/python -m tools.contract --accept

.PHONY: dashboards
dashboards: env-dev ## Write the Grafana dashboards from tools/dashboards
	@$(BIN)/python -m tools.dashboards.build

.PHONY: pictures
pictures: env-dev ## Take the pictures of the documentation from the real service
	@$(BIN)/python -m tools.pictures $(ARGS)

.PHONY: architecture
architecture: env-dev ## Draw who imports whom, a request's way, the tables and compose.yaml
	@$(BIN)/python -m tools.architecture

.PHONY: docs
docs: check-docs ## Build the documentation as a site, strictly, into site/

.PHONY: docs-serve
docs-serve: env-dev env-docs ## Show the documentation while it is written (ARGS="--address 127.0.0.1:8001")
	@$(BIN)/python -m tools.site serve $(ARGS)

.PHONY: hooks
hooks: env-dev ## Run the checks before every commit (pre-commit)
	@$(BIN)/pre-commit install

##@ Package
.PHONY: wheel
wheel: env-poetry ## Build the wheel into dist/
	@.venvs/poetry/bin/poetry build --format wheel --output dist

.PHONY: wheel-without-movielens
wheel-without-movielens: env-dev ## Build a wheel without the non-commercial MovieLens part
	@$(BIN)/python -m tools.data.wheel_without_movielens $(ARGS)

.PHONY: image
image: env-dev ## Build the image of this commit (ARGS=--stand-in on a base made here, without a registry)
	@$(BIN)/python -m tools.image build $(ARGS)

.PHONY: image-push
image-push: env-dev ## Push the image of this commit (IMAGE=ghcr.io/you/tonight), and say its digest
	@$(BIN)/python -m tools.image push "$$IMAGE"

.PHONY: image-sbom
image-sbom: env-dev env-container ## List what the image holds, into dist/ (after make image)
	@$(BIN)/python -m tools.image sbom $(ARGS)

.PHONY: up
up: env-dev env-container ## Bring up all of compose.yaml, healthy (after make image; ARGS=--stand-in)
	@$(BIN)/python -m tools.compose up $(ARGS)

.PHONY: down
down: env-dev env-container ## Take it down; what was saved stays
	@$(BIN)/python -m tools.compose down $(ARGS)

.PHONY: smoke
smoke: env-dev env-container ## Prove it: a suggestion, a rating that stays, a metric, a trace, an alert
	@$(BIN)/python -m tools.compose smoke $(ARGS)

.PHONY: deploy
deploy: env-dev env-container ## Put a release in use, without a failed request (IMAGE=ghcr.io/you/tonight@sha256:...)
	@$(BIN)/python -m tools.deploy deploy "$$IMAGE" $(ARGS)

.PHONY: rollback
rollback: env-dev env-container ## Go back to the release before, at once
	@$(BIN)/python -m tools.deploy rollback

.PHONY: deployments
deployments: env-dev ## What was deployed on this machine, when, and what is in use
	@$(BIN)/python -m tools.deploy list

.PHONY: secrets
secrets: env-dev ## Make the secrets that compose.yaml reads, where they are missing
	@$(BIN)/python -m tools.compose secrets

.PHONY: images-lock
images-lock: env-dev ## Write deploy/images.lock: the digests, asked of the registry
	@$(BIN)/python -m tools.image lock

.PHONY: engine
engine: ## Start a Docker engine where none runs (Debian, Ubuntu; with sudo)
	@$(SUDO) "$(PYTHON)" tools/engine.py start

##@ Release
.PHONY: release
release: env-dev env-poetry env-client env-pipeline ## Make the commit of the next release from the commits since the last
	@$(BIN)/python -m tools.release prepare

.PHONY: publish
publish: env-dev env-poetry env-container env-pipeline ## Release the commit at hand (IMAGE=ghcr.io/you/tonight): image, wheel, chart, tag
	@$(BIN)/python -m tools.release publish "$$IMAGE"

.PHONY: release-rehearsal
release-rehearsal: env-dev env-poetry env-client env-pipeline ## Make two releases of a copy, against a registry of its own (Debian)
	@$(BIN)/python -m tools.release.rehearsal

##@ Tidy
.PHONY: clean
clean: ## Remove environments, caches and build results; what viewers said stays
	@rm -rf .venv .venvs .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		.coverage* htmlcov build dist site .cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environments: a stamp makes a repeat start at once, and offline.
.PHONY: python env-run env-dev env-poetry env-client env-container env-pipeline env-chart env-docs
python:
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || { \
		echo "Python 3.11 to 3.14 is needed; $(PYTHON) is $$("$(PYTHON)" --version 2>&1 || true)." \
			"Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
env-run env-dev env-poetry env-client env-container env-pipeline env-chart env-docs: env-%: python
	@"$(PYTHON)" tools/environment.py $*

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  %-24s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
