# Everyday commands; `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run test test-units test-browser test-faults check fmt bench demo-reset

help: ## Liệt kê các lệnh
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: .venv/installed ## Chạy Chibo với chi bộ dùng thử (DEMO=0: bắt đầu từ trống; PORT=8000, HOST=127.0.0.1)
	@exec $(BIN)/python manage.py up

test: .venv/installed-dev ## Chạy mọi kiểm thử: đơn vị và cơ sở dữ liệu, trình duyệt, sự cố, cùng lúc
	@scripts/system-packages test
	@$(MAKE) --no-print-directory --keep-going --jobs=3 --output-sync test-units test-browser test-faults

test-units: .venv/installed-dev # gives way: the others wait for pages and servers, these fill what is left
	@nice -n 5 $(BIN)/pytest -q -n 2 --dist loadfile --ignore=tests/e2e --ignore=tests/faults

test-browser: .venv/installed-dev
	@CHIBO_VAR=$(CURDIR)/var/browser $(BIN)/pytest -q tests/e2e --ignore=tests/e2e/test_fee_year.py

test-faults: .venv/installed-dev # two at a time: they mostly wait for servers; then the year of fees, in a browser of its own
	@CHIBO_VAR=$(CURDIR)/var/faults $(BIN)/pytest -q -n 2 --dist loadfile tests/faults; status=$$?; \
	CHIBO_VAR=$(CURDIR)/var/faults $(BIN)/pytest -q tests/e2e/test_fee_year.py && exit $$status

check: .venv/installed-dev ## Kiểm tra mã nguồn: kiểu viết, tầng lớp, kiểu dữ liệu, migration, cấu hình triển khai
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run
	set -a; . ./.env.example; CHIBO_VAR=$$(mktemp -d); $(BIN)/python manage.py check --deploy --fail-level WARNING; \
	  status=$$?; rm -r "$$CHIBO_VAR"; exit $$status

fmt: .venv/installed-dev ## Định dạng lại mã nguồn
	$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format .

bench: .venv/installed ## Đo tốc độ các trang so với trang nền (không thuộc make test)
	@$(BIN)/python manage.py bench

demo-reset: .venv/installed ## Xóa toàn bộ dữ liệu dùng thử (có hỏi lại)
	@$(BIN)/python manage.py demo_reset

.venv/bin/python:
	@scripts/system-packages run
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	@scripts/system-packages run
	@echo "Đang cài các gói Python…"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	@scripts/system-packages test
	@echo "Đang cài các gói Python cho kiểm thử…"
	@$(PIP) -r requirements-dev.txt
	@touch $@ .venv/installed
