# Two commands matter: `make demo` and `make test`. The others are for whoever works on the code.
# What they do is written in tools/.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test soak lint format lock bench pictures clean

export SERVE RESET BROWSER PART ONLY ENGINE

help:
	@echo "make demo    prepara tutto, carica i dati dimostrativi e serve su http://127.0.0.1:8000"
	@echo "             (SERVE=0 si ferma prima di servire, RESET=1 ricostruisce i dati)"
	@echo "make test    controlla e prova tutto: SQLite, PostgreSQL, browser"
	@echo "make soak    ripete ciò che dipende dal caso (interruzioni, contese), e prova altri programmi"
	@echo "make lint    i soli controlli statici;  make format  riordina il codice"
	@echo "make bench   misura le pagine del lavoro quotidiano (PART=desk) o i fogli di calcolo"
	@echo "             (PART=spreadsheets), ciò di cui ci si fida (PART=trust), ciò che non deve crescere con"
	@echo "             gli allegati (PART=growth: ONLY=parole, ENGINE=sqlite), la carta (PART=paper), la nuova edizione (PART=year), in out/bench-*.json"
	@echo "make pictures  rifà le immagini della documentazione, in docs/pictures/"
	@echo "make lock    rifà requirements*.txt e sbom.cdx.json, e chiede quali librerie hanno difetti noti"
	@echo "make clean   cancella ciò che si può rifare"

demo:
	@tools/demo.sh

test:
	@tools/test.sh

soak:
	@tools/soak.sh

lint:
	@tools/lint.sh

format:
	@tools/format.sh

lock:
	@tools/lock.sh

bench:
	@tools/bench.sh

pictures:
	@tools/pictures.sh

clean:
	@rm -rf .venv .venv-lock out var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
