"""Processes this project starts: who they are, whether they still run, how they are ended. Standard library only."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Process:
    """One process: its id alone may be given to somebody else later, id and birth together may not."""

    name: str
    pid: int
    born: str
    stop_signal: int = signal.SIGTERM
    group: bool = False  # leads a process group of its own, which ends with it

    @classmethod
    def of(cls, name, pid, *, stop_signal=signal.SIGTERM, group=False):
        """Describe a running process; raises ProcessLookupError when it has already gone."""
        born = birth(pid)
        if born is None:
            raise ProcessLookupError(f"{name} ({pid})")
        return cls(name, pid, born, int(stop_signal), group)

    def alive(self):
        """True while this very process runs (a zombie does not)."""
        return birth(self.pid) == self.born

    def send(self, number):
        """Send a signal to the process; once it has gone, or to kill, to its group. Nobody there is no error."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.group and self.pid > 1 and (number == signal.SIGKILL or not self.alive()):
                os.killpg(self.pid, number)
            elif self.alive():
                os.kill(self.pid, number)

    def running(self):
        """True while the process, or anything left in its group, runs."""
        return self.alive() or (self.group and self.born.startswith(_boot()) and group_alive(self.pid))


def end(processes, *, patience=15.0):
    """Ask all processes to stop, wait `patience` seconds, kill what is left. Returns when none runs."""
    processes = [process for process in processes if process.running()]
    for process in processes:
        process.send(process.stop_signal)
    deadline = time.monotonic() + patience
    while any(process.running() for process in processes):
        if time.monotonic() > deadline:
            for process in processes:
                if process.running():
                    process.send(signal.SIGKILL)
            deadline = time.monotonic() + 5
        time.sleep(POLL_SECONDS)


def birth(pid):
    """A token of when process `pid` was started (boot and clock tick); None when it is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None if Path("/proc/self/stat").exists() else _birth_by_ps(pid)
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else f"{_boot()}{fields[19]}"


def _birth_by_ps(pid):
    """The same where there is no /proc (macOS)."""
    answer = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, started = answer.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def _boot():
    """Name of this boot of the machine, so that ticks of different boots never compare equal."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text()[:8] + "-"
    except OSError:
        return ""


def group_alive(pgid):
    """True while a process of group `pgid` runs; zombies do not count."""
    if not Path("/proc/self/stat").exists():
        try:
            os.killpg(pgid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[2]) == pgid and fields[0] not in "ZX":
                    return True
    return False


class Record:
    """A file that names an owner, those who use what it started, and the processes it started. Kept under one lock."""

    def __init__(self, path):
        self.path = Path(path)

    @contextlib.contextmanager
    def locked(self):
        """Hold the lock of this record's folder; one process at a time."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path.parent / "lock", "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def read(self):
        """(users, processes): users in order of arrival, the first one is the owner."""
        try:
            data = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return [], []
        return [Process(**row) for row in data["users"]], [Process(**row) for row in data["processes"]]

    def write(self, users, processes):
        """Replace the file in one step; nothing to say removes it."""
        if not users and not processes:
            self.path.unlink(missing_ok=True)
            return
        data = {"users": [vars(user) for user in users], "processes": [vars(process) for process in processes]}
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(data, indent=1))
        draft.replace(self.path)

    def add(self, process):
        """Write down one more process."""
        users, processes = self.read()
        self.write(users, [*processes, process])

    def end_orphans(self):
        """When the owner has died: end what it left running, latest first. Returns the names of what was ended."""
        users, processes = self.read()
        if users and users[0].alive():
            return []
        orphans = [process for process in processes if process.running()]
        end(reversed(orphans))
        self.write([], [])
        return [process.name for process in orphans]
