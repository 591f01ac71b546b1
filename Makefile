# Everything is in bootstrap.py, so that `python3 bootstrap.py run` does the same where there is no make.
PYTHON ?= python3

.PHONY: run test test-spark check bench
run test test-spark check bench:
	@$(PYTHON) bootstrap.py $@
