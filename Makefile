PY := .venv/bin/python
# mypy reads the settings; it connects to nothing.
SETTINGS := SECRET_KEY=only-for-type-checks-and-never-for-serving DATABASE_URL=postgres://none@127.0.0.1/none REDIS_URL=redis://127.0.0.1/0
PROFILE ?= milwaukee
SPEED ?= 60

.DEFAULT_GOAL := help
.PHONY: help run test check fmt bench demo-traffic environment

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

run: ## the whole console on http://localhost:8000 (or PORT=...), until Ctrl-C
	@python3 heart/runner/bootstrap.py run && exec $(PY) -m heart.runner

environment:
	@python3 heart/runner/bootstrap.py all

test: check ## everything: checks, then all tests with their own servers and a browser
	$(PY) -m heart.runner.browser
	$(PY) -m pytest -n2 -q

check: environment ## lint, formatting, types, import contracts, templates
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(SETTINGS) $(PY) -m mypy heart intake triage dispatch followup manage.py
	.venv/bin/lint-imports
	$(PY) -m djlint --lint templates

fmt: environment ## put code into its format
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: environment ## the measures of the documentation, on this machine, with ratios
	$(PY) -m tests.bench

demo-traffic: ## feed a real export into the running console: FILE=... PROFILE=... SPEED=60 [MAPPING=...]
	$(PY) manage.py demo_traffic "$(FILE)" --profile "$(PROFILE)" --speed "$(SPEED)" $(if $(MAPPING),--mapping "$(MAPPING)")
