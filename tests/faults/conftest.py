"""Throw-away servers: every test here breaks its own, under var/test/faults."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from chibo.processes import Record, end
from chibo.servers import home

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def servers_folder(name):
    """A fresh folder of servers; whatever still runs there afterwards is ended, the folder removed."""
    folder = settings.VAR / "faults" / name[-20:]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        for record in ("up.json", "servers.json"):
            end(Record(folder / "run" / record).read()[1])
        shutil.rmtree(home(folder), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def var(request):
    """A folder of servers for one test."""
    with servers_folder(request.node.name) as folder:
        yield folder


@pytest.fixture
def spawn():
    """Start a Python process of the project; `line` waits for a text in its output. Killed at the end."""
    started = []

    def start(*arguments, **env):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        child = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=kept | env, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        started.append(child)
        return child

    yield start
    for child in started:
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
        child.wait(30)
        child.stdin.close()
        child.stdout.close()  # unread: what a killed `up` left behind may still hold the other end


def free_port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def stop(child, number=signal.SIGTERM):
    """Ask `up` to end; (rest of its output, exit code)."""
    child.send_signal(number)
    output = child.communicate(timeout=60)[0]
    return output, child.returncode


def read_until(child, text):
    """Output of the child up to the line that holds `text`; all of it when the child ends first."""
    lines = []
    for line in child.stdout:
        lines.append(line)
        if text in line:
            break
    return "".join(lines)


def wait_until(condition, seconds=60):
    """Poll a condition; the test fails when it stays false."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
