"""Measurements that write `docs/measured/`; run with `make bench`."""
