"""`manage.py up`: everything starts together, stops together, and nothing is left or lost."""

import json
import os
import signal
import socket
import urllib.request

import pytest

from chibo.processes import Record, birth
from tests.faults.conftest import free_port, read_until, servers_folder, stop, wait_until
from tests.faults.test_embedded import execute

READY = "Dừng: Ctrl-C"


@pytest.fixture(scope="module")
def var():
    """One folder for all tests here: tables and static files are made once."""
    with servers_folder("up") as folder:
        yield folder


@pytest.fixture
def up(var, spawn):
    """Start `manage.py up` on the folder of this test, without demo data unless told otherwise."""

    def start(port=None, **env):
        fixed = {"CHIBO_VAR": str(var), "PORT": str(port or free_port()), "MAIL_PORT": str(free_port()), "DEMO": "0"}
        return spawn("manage.py", "up", **(fixed | env))

    return start


def processes(var):
    """name -> process id of all that the records name: servers and children."""
    records = [Record(var / "run" / name).read()[1] for name in ("servers.json", "up.json")]
    return {process.name: process.pid for record in records for process in record}


def health(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        return answer.status, json.loads(answer.read())


def assert_stop_leaves_nothing(child, var, number):
    """The signal ends `up` and all that it started."""
    running = processes(var)
    assert sorted(running) == ["beat", "mail", "postgres", "valkey", "web", "worker"]
    output, code = stop(child, number)
    assert (output.splitlines()[-1], code) == ("Đã dừng.", 0)
    assert {name: birth(pid) for name, pid in running.items()} == dict.fromkeys(running)
    assert processes(var) == {}


def test_sigterm_leaves_no_process(up, var):
    port = free_port()
    child = up(port)
    assert f"Chibo đã sẵn sàng: http://127.0.0.1:{port}/\n" in read_until(child, READY)
    assert health(port) == (200, {"database": "ok", "cache": "ok", "broker": "ok"})
    assert_stop_leaves_nothing(child, var, signal.SIGTERM)


def test_second_up_is_refused_and_ctrl_c_leaves_no_process(up, var):
    first = up()
    read_until(first, READY)
    output = up().communicate(timeout=60)[0]
    assert output.splitlines()[-1] == f"CommandError: Chibo đang chạy ở đây rồi (tiến trình {first.pid})."
    assert_stop_leaves_nothing(first, var, signal.SIGINT)


def test_killed_up_is_cleaned_by_the_next_and_keeps_the_data(up, var):
    first = up()
    read_until(first, READY)
    execute(var, "CREATE TABLE kept AS SELECT 7 AS number")
    before = processes(var)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    second = up()
    greeting = read_until(second, READY)
    assert greeting.splitlines()[0] == "Đã dọn các tiến trình mà lần chạy trước để lại."
    assert {name: birth(pid) for name, pid in before.items()} == dict.fromkeys(before)
    assert execute(var, "SELECT number FROM kept") == [(7,)]
    assert stop(second)[1] == 0


def test_end_of_one_process_stops_all_with_a_sentence(up, var):
    child = up()
    read_until(child, READY)
    running = processes(var)
    os.killpg(running["beat"], signal.SIGKILL)
    output = child.communicate(timeout=60)[0]
    assert child.returncode == 1
    assert output.splitlines()[-1] == (
        "CommandError: Phần “đồng hồ” đã ngừng ngoài ý muốn nên toàn bộ dừng lại; xem lỗi ở trên."
    )
    wait_until(lambda: not any(birth(pid) for pid in running.values()))


def test_busy_port_is_refused_with_a_sentence(up):
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()
        port = line.getsockname()[1]
        output = up(port).communicate(timeout=60)[0]
    assert output.splitlines()[-1] == (
        f"CommandError: Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: PORT=8001 make run"
    )


def test_open_host_is_refused_in_demo_mode(up, var):
    output = up(HOST="0.0.0.0", DEMO="1").communicate(timeout=90)[0]
    assert output.splitlines()[-1] == (
        "CommandError: Không mở ra mạng khi còn tài khoản dùng thử. Dùng: make run DEMO=0 HOST=0.0.0.0"
    )
    assert processes(var) == {}


def test_demo_data_is_not_taken_for_real_work(up, var, spawn):
    """DEMO=0 on a demo's data refuses; `demo_reset` empties it; real data it refuses to empty."""
    make = (
        "from django.core.management import call_command; from members.models import Organisation;"
        "call_command('migrate', verbosity=0);"
        "Organisation.objects.create(kind='cell', name='Chi bộ thử', short_name='Thử', is_demo=True)"
    )
    manage = {"CHIBO_VAR": str(var), "DEMO": "0"}
    child = spawn("manage.py", "shell", "-v0", "-c", make, **manage)
    assert (child.communicate(timeout=90)[0], child.returncode) == ("", 0)
    output = up().communicate(timeout=90)[0]
    assert output.splitlines()[-1] == (
        "CommandError: Dữ liệu ở đây là của chi bộ dùng thử. Xóa bằng `make demo-reset`, rồi chạy lại."
    )
    asked = spawn("manage.py", "demo_reset", **manage)
    assert asked.communicate("không\n", timeout=90)[0].endswith("để xóa: CommandError: Không xóa gì.\n")
    reset = spawn("manage.py", "demo_reset", "--yes", **manage)
    assert reset.communicate(timeout=90)[0].splitlines()[-1] == (
        "Đã xóa. `make run` nạp lại chi bộ dùng thử; `make run DEMO=0` bắt đầu từ trống."
    )
    child = up()
    assert "Lập quản trị, tổ chức và chi bộ đầu tiên (trong một giờ): http://127.0.0.1:" in read_until(child, READY)
    assert stop(child)[1] == 0
