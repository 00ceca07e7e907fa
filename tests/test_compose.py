"""docker-compose.yml cannot rot: its very commands run here against local servers."""

import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from chibo import embedded

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
SECONDS = 60


@pytest.fixture(scope="module")
def servers():
    folder = settings.VAR / "compose"
    shutil.rmtree(folder, ignore_errors=True)
    found = embedded.start(folder, forgetful=True)
    yield found, folder
    found.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def ports():
    lines = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    found = [line.getsockname()[1] for line in lines]
    for line in lines:
        line.close()
    return found


@pytest.fixture
def service(servers, ports):
    """Run a service's own command; addresses and ports are those of this machine, all else comes from the file."""
    found, folder = servers
    started = []

    def environment(name):
        given = {key: _default(value) for key, value in SERVICES[name]["environment"].items() if value}
        here = {"DATABASE_URL": found.database_url, "REDIS_URL": found.redis_url, "CHIBO_VAR": str(folder)}
        here |= {"PORT": str(ports[0]), "MAIL_PORT": str(ports[1]), "EMAIL_URL": f"smtp://127.0.0.1:{ports[1]}"}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "HOSTNAME": socket.gethostname()} | given | here

    def run(name):
        (folder / "log").mkdir(exist_ok=True)
        with open(folder / "log" / name, "wb") as log:
            command = [part.replace("$$", "$") for part in SERVICES[name]["command"]]
            child = subprocess.Popen(
                command, cwd=ROOT, env=environment(name), stdout=log, stderr=log, start_new_session=True
            )
        started.append(child)
        return child, environment(name), folder / "log" / name

    yield run
    for child in started:
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _default(value):
    """`${NAME:-default}` → default, as compose reads it without an .env."""
    while "${" in value:
        head, _, rest = value.partition("${")
        inside, _, tail = rest.partition("}")
        value = head + inside.partition(":-")[2] + tail
    return value


def until(question, child, log):
    """Wait until `question()` is true while the process lives; else fail with its output."""
    deadline = time.monotonic() + SECONDS
    while not question():
        assert child.poll() is None and time.monotonic() < deadline, log.read_text(errors="replace")
        time.sleep(0.2)


def healthy(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_compose_file_names_its_services():
    assert sorted(SERVICES) == ["beat", "db", "mail", "redis", "web", "worker"]
    assert "name" not in COMPOSE
    assert [name for name, service in SERVICES.items() if "healthcheck" not in service] == []


def test_every_setting_of_notices_reaches_the_containers():
    """A name without a value takes that of .env; what is not named there never arrives."""
    example = (ROOT / ".env.example").read_text()
    names = set(re.findall(r"^(NOTICE_\w+|MAIL_LINK_DAYS|EMAIL_TIMEOUT)=", example, re.MULTILINE))
    assert len(names) == 7
    given = [set(service["environment"]) for name, service in SERVICES.items() if name not in ("db", "redis")]
    assert [names - each for each in given] == [set()] * 4


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_compose_file_is_read_by_docker_compose():
    answer = subprocess.run(["docker-compose", "config", "-q"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (0, "")


def test_web_migrates_and_answers(service, ports):
    child, _, log = service("web")
    until(lambda: healthy(ports[0]), child, log)


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_process_passes_its_own_health_check(service, name):
    child, env, log = service(name)
    kind, command = SERVICES[name]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"

    def check():
        question = ["sh", "-c", command.replace("$$", "$")]
        return subprocess.run(question, cwd=ROOT, env=env, capture_output=True, check=False).returncode == 0

    until(check, child, log)


def test_mail_catcher_stores_what_arrives(service, servers, ports):
    child, _, log = service("mail")
    text = "Subject: Thu moi\r\n\r\nNoi dung"

    def accepted():
        try:
            with smtplib.SMTP("127.0.0.1", ports[1], timeout=5) as line:
                line.sendmail("a@example.vn", ["b@example.vn"], text)
        except OSError:
            return False
        return True

    until(accepted, child, log)
    assert len(list((servers[1] / "mail").glob("*.eml"))) == 1
