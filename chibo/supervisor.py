"""The processes of `manage.py up`: web, worker, beat, mail catcher. Started together, stopped together."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from chibo.processes import Process, end

READY_SECONDS = 90
STOP_SECONDS = 20
ROOT = Path(__file__).resolve().parent.parent


def commands(host, port, var):
    """name -> arguments after the interpreter, in the order in which they start."""
    # the warning about root is about messages that carry code; ours carry JSON
    celery = ["-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "chibo"]
    web = ["--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}", "--workers", "2", "--threads", "4"]
    return {
        "web": ["-m", "gunicorn", "chibo.wsgi", *web, "--graceful-timeout", "10", "--log-level", "warning"],
        "worker": [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "-l", "WARNING"],
        "beat": [*celery, "beat", "--schedule", str(var / "beat" / "schedule"), "--pidfile", "", "-l", "WARNING"],
    }


class Family:
    """Children of one `up`; each is written into the record, so that the next `up` finds them after a SIGKILL."""

    def __init__(self, record, env):
        self.record, self.env = record, os.environ | env
        self.children = {}
        self.stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())

    def begin(self, name, arguments):
        """Start one child in a session of its own (Ctrl-C in the terminal reaches only `up`)."""
        command = [sys.executable, *arguments]
        child = subprocess.Popen(command, cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, start_new_session=True)
        self.children[name] = child
        self.record.add(Process.of(name, child.pid, group=True))

    def dead(self):
        """Names of the children that have ended."""
        return [name for name, child in self.children.items() if child.poll() is not None]

    def wait_ready(self, url):
        """Wait until `url` answers 200; False when a child ends, a stop is asked for, or the time is over."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and not self.dead() and not self.stopping.is_set():
            try:
                with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (our own)
                    if answer.status == 200:
                        return True
            except (OSError, urllib.error.HTTPError):
                self.stopping.wait(0.2)
        return False

    def watch(self):
        """Wait for a stop (returns an empty string) or the end of a child (returns its name)."""
        while not self.stopping.wait(0.3):
            if gone := self.dead():
                return gone[0]
        return ""

    def stop(self):
        """End all children and what they started; take their exit status."""
        _, processes = self.record.read()
        end(processes, patience=STOP_SECONDS)
        for child in self.children.values():
            child.wait()
