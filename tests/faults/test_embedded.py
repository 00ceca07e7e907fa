"""The embedded servers: who starts, who stops, what a killed owner leaves (DESIGN §5, row `var/`)."""

import contextlib
import os
import signal
import stat
import threading

import psycopg2
import pytest

from chibo import embedded
from chibo.processes import Record, birth
from chibo.servers import EmbeddedError, Postgres, Valkey, home, socket_folder
from tests.faults.conftest import read_until, wait_until

HOLD = """
import sys
from chibo import embedded
servers = embedded.start(sys.argv[1], forgetful=True)
print("started" if servers.started else "found", flush=True)
sys.stdin.readline()
servers.stop()
print("left", flush=True)
"""


def hold(spawn, var):
    """Another process that holds the servers until its input says so; (process, what it found)."""
    child = spawn("-c", HOLD, str(var))
    return child, child.stdout.readline().strip()


def release(child):
    child.stdin.write("\n")
    child.stdin.flush()
    assert read_until(child, "left").strip() == "left"
    assert child.wait(60) == 0


def answering(var):
    return Postgres(var).answers(), Valkey(var).answers()


def pids(var):
    return {process.name: process.pid for process in Record(var / "run" / "servers.json").read()[1]}


def execute(var, sql):
    with contextlib.closing(psycopg2.connect(embedded_dsn(var))) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else None


def embedded_dsn(var):
    return f"host='{socket_folder(var)}' port=5432 user=postgres dbname=chibo"


def test_start_and_stop_leave_no_process(var):
    servers = embedded.start(var, forgetful=True)
    running = pids(var)
    assert servers.started is True
    assert sorted(running) == ["postgres", "valkey"]
    assert answering(var) == (True, True)
    servers.stop()
    assert answering(var) == (False, False)
    assert [birth(pid) for pid in running.values()] == [None, None]
    assert not (var / "run" / "servers.json").exists()


def test_second_start_finds_the_servers_running(var, spawn):
    child, found = hold(spawn, var)
    servers = embedded.start(var)
    assert (found, servers.started) == ("started", False)
    servers.stop()
    assert answering(var) == (True, True)
    release(child)
    assert answering(var) == (False, False)


def test_owner_that_leaves_first_hands_over(var, spawn):
    """A short command that started the servers does not take them from under a longer one."""
    child, _ = hold(spawn, var)
    servers = embedded.start(var)
    release(child)
    assert answering(var) == (True, True)
    servers.stop()
    assert answering(var) == (False, False)


def test_two_starts_at_once_start_one_pair(var, spawn):
    children = [spawn("-c", HOLD, str(var)) for _ in range(2)]
    assert sorted(child.stdout.readline().strip() for child in children) == ["found", "started"]
    assert len(pids(var)) == 2
    for child in children:
        release(child)
    assert answering(var) == (False, False)


def test_killed_owner_orphans_are_ended_and_data_kept(var, spawn):
    child, _ = hold(spawn, var)
    execute(var, "CREATE TABLE kept AS SELECT 'còn nguyên' AS word")
    before = pids(var)
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    assert answering(var) == (True, True)
    servers = embedded.start(var, forgetful=True)
    after = pids(var)
    assert servers.started is True
    assert [birth(pid) for pid in before.values()] == [None, None]
    assert set(before.values()) & set(after.values()) == set()
    assert execute(var, "SELECT word FROM kept") == [("còn nguyên",)]
    servers.stop()


def test_killed_servers_are_started_again_by_their_owner(var):
    servers = embedded.start(var, forgetful=True)
    os.kill(pids(var)["valkey"], signal.SIGKILL)
    wait_until(lambda: answering(var) == (True, False))
    again = embedded.start(var, forgetful=True)
    assert (again.started, answering(var)) == (True, (True, True))
    servers.stop()
    assert answering(var) == (False, False)


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_server_that_is_silent_for_a_while_is_waited_for(var, spawn, name):
    """A busy machine: the process runs and takes connections, but answers none for longer than one attempt lasts."""
    child, _ = hold(spawn, var)
    before = pids(var)
    os.kill(before[name], signal.SIGSTOP)
    wake = threading.Timer(5, os.kill, [before[name], signal.SIGCONT])
    wake.start()
    servers = embedded.start(var)
    assert (servers.started, pids(var), answering(var)) == (False, before, (True, True))
    servers.stop()
    release(child)


def test_lost_server_of_a_living_owner_is_refused_with_a_sentence(var, spawn):
    child, _ = hold(spawn, var)
    os.kill(pids(var)["valkey"], signal.SIGKILL)
    with pytest.raises(EmbeddedError) as refused:
        embedded.start(var)
    assert str(refused.value) == (
        f"Máy chủ dữ liệu do tiến trình {child.pid} giữ không trả lời. Hãy dừng tiến trình đó rồi chạy lại."
    )
    release(child)


def test_sockets_are_closed_to_others(var):
    servers = embedded.start(var, forgetful=True)
    assert stat.S_IMODE(socket_folder(var).stat().st_mode) == 0o700
    assert stat.S_IMODE((home(var) / "postgres").stat().st_mode) == 0o700
    servers.stop()


def test_long_path_takes_a_socket_folder_under_temp(var):
    """A Unix socket's path holds about 100 bytes."""
    deep = var / ("sâu" * 25)
    deep.mkdir()
    servers = embedded.start(deep, forgetful=True)
    folder = socket_folder(deep)
    assert folder.parent != deep
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert answering(deep) == (True, True)
    servers.stop()
    for left in folder.iterdir():
        left.unlink()
    folder.rmdir()


def test_socket_folder_of_somebody_else_is_refused(var):
    folder = socket_folder(var)
    folder.mkdir(parents=True, mode=0o777)
    folder.chmod(0o777)
    with pytest.raises(EmbeddedError) as refused:
        embedded.start(var)
    assert str(refused.value) == (
        f"Thư mục {folder} không thuộc riêng tài khoản chạy máy chủ dữ liệu; hãy kiểm tra và xóa nó."
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_closed_clone_keeps_its_data_in_the_state_folder(tmp_path):
    """Where the servers' account cannot enter, binaries and data go elsewhere; permissions are never loosened."""
    import shutil

    tmp_path.chmod(0o700)
    servers = embedded.start(tmp_path, forgetful=True)
    place = home(tmp_path)
    assert place.parent == embedded.home(tmp_path).parent
    assert str(place).startswith("/var/lib/chibo-")
    assert servers.note == f"Dữ liệu nằm ở {place}: tài khoản chibo-db không vào được thư mục này."
    assert answering(tmp_path) == (True, True)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    servers.stop()
    shutil.rmtree(place)


@pytest.mark.parametrize(
    ("address", "broker", "cache"),
    [
        ("redis://host:6379/0", "redis://host:6379/0", "redis://host:6379/1"),
        ("redis://:p@host:6379", "redis://:p@host:6379", "redis://:p@host:6379/1"),
        ("unix:///a/valkey.sock", "redis+socket:///a/valkey.sock", "unix:///a/valkey.sock?db=1"),
    ],
)
def test_addresses_of_broker_and_cache_follow_redis_url(address, broker, cache):
    assert embedded.celery_url(address) == broker
    assert embedded.cache_url(address) == cache
