"""One archive holds everything but the keys; it is proved by restoring it beside; a new key replaces the old one."""

import os
import subprocess
import sys
import tarfile

import pytest

from chibo import embedded
from tests.faults.conftest import ROOT, servers_folder

PLANTED = "Tôi tự thấy còn nóng vội khi góp ý với đồng nghiệp"
ROWS = f"""
import datetime
from django.core.files.base import ContentFile
from django.core.management import call_command
call_command("migrate", verbosity=0)
from members.activity import record
from members.models import Member, Organisation, User
from pledges.models import Deed, Pledge, Progress, Proof
cell = Organisation.objects.create(kind="cell", name="Chi bộ thử", short_name="Thử")
member = Member.objects.create(full_name="Trần Văn Thử")
user = User.objects.create_user("thu", member=member)
pledge = Pledge.objects.create(cell=cell, member=member, year=2026, commitment={PLANTED!r})
deed = Deed.objects.create(pledge=pledge, title={PLANTED!r}, measure="Số lần")
row = Progress.objects.create(deed=deed, by=user, text={PLANTED!r})
Proof(progress=row, filename={PLANTED!r}, mime="text/plain").file.save("ten-that.txt", ContentFile(b"minh chung"))
record(user, "account.given", by=None, organisation=cell)
record(pledge, "pledge.started", by=user)
"""
READ = "from pledges.models import Pledge; print(Pledge.objects.get().commitment)"
FORGE = 'from django.db import connection; connection.cursor().execute("UPDATE members_chainhead SET seq = seq + 1")'


class House:
    """Servers with one pledge, and the commands run against them."""

    def __init__(self, var):
        self.var = var
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.env = kept | {"CHIBO_VAR": str(var), "DEMO": "0", "TEXT_KEY": "khoa-thu-nhat"}
        self.marks: dict = {}

    def run(self, *arguments, **env):
        """(exit code, output, what it complains of)."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=self.env | env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    def shell(self, code, **env):
        return self.run("shell", "-v0", "-c", code, **env)

    def databases(self):
        names = "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname LIKE 'chibo%'"
        code = f"from django.db import connection as c; k = c.cursor(); k.execute({names!r}); print(k.fetchone()[0])"
        return self.shell(code)[1]

    def mark(self, **env):
        """The fingerprint of the key; asked once."""
        key = env.get("TEXT_KEY", "")
        if key not in self.marks:
            code = "from core.encryption import fingerprint; print(fingerprint())"
            self.marks[key] = self.shell(code, **env)[1]
        return self.marks[key]


@pytest.fixture(scope="module")
def house():
    with servers_folder("backup") as var:
        servers = embedded.start(var, redis=False, forgetful=True)
        try:
            house = House(var)
            assert house.shell(ROWS) == (0, "", "")
            yield house
        finally:
            servers.stop()


@pytest.fixture(scope="module")
def archive(house):
    target = house.var / "sao-luu.tar"
    code, said, complaint = house.run("backup", target, "--text-key", house.mark())
    assert (code, complaint, "1 tệp" in said) == (0, "", True)  # the proof
    return target


def test_backup_refuses_without_the_fingerprint_of_the_key(house):
    code, _, complaint = house.run("backup", house.var / "khong.tar")
    assert (code, (house.var / "khong.tar").exists()) == (1, False)
    assert complaint.endswith(f"chạy lại với dấu của khóa: --text-key {house.mark()}")


def test_archive_is_private_and_tells_no_sentence_of_a_draft(archive):
    """Names of files and the manifest included; the dump is looked through as plain SQL in the next test."""
    assert archive.stat().st_mode & 0o777 == 0o600
    data = archive.read_bytes()
    assert [word for word in (PLANTED, "nóng vội", "ten-that", "khoa-thu-nhat") if word.encode() in data] == []
    with tarfile.open(archive) as packed:
        names = packed.getnames()
    assert (names[0], names[-1], len(names)) == ("database.dump", "manifest.json", 3)


def test_dump_holds_no_planted_sentence_in_clear(house, archive):
    """A database dump searched for a planted sentence of a draft: not found in clear."""
    code = "from chibo.archive.programs import *; print(program('pg_restore'))"
    with tarfile.open(archive) as packed:
        packed.extract("database.dump", house.var, filter="data")
    plain = subprocess.run(
        [house.shell(code)[1], "--file=-", house.var / "database.dump"], capture_output=True, check=True
    ).stdout.decode()
    assert "Trần Văn Thử" in plain  # it is the dump of these rows
    assert [word for word in (PLANTED, "nóng vội", "đồng nghiệp") if word in plain] == []


def test_archive_is_restored_beside_and_proved(house, archive):
    code, said, complaint = house.run("restore_check", archive)
    assert (code, complaint) == (0, "")
    assert said.splitlines()[1:] == [
        "Nhật ký: 1 chuỗi, 2 dòng, đầu chuỗi bằng nhau.",
        "Nội dung kín: giải mã được cả 5.",
        "Tệp: có đủ 1 tệp mà dữ liệu nhắc đến.",
        "Bản sao lưu dùng được.",
    ]
    assert house.databases() == "chibo"  # what was restored is gone


def test_other_key_does_not_open_the_archive(house, archive):
    code, _, complaint = house.run("restore_check", archive, TEXT_KEY="khoa-khac")
    assert (code, complaint.partition(";")[0]) == (
        1, f"CommandError: Bản sao lưu cần TEXT_KEY có dấu {house.mark()}",
    )  # fmt: skip


def test_damaged_archive_is_refused(house, archive):
    broken = house.var / "hong.tar"
    data = bytearray(archive.read_bytes())
    data[2000] ^= 1  # inside the dump
    broken.write_bytes(data)
    code, _, complaint = house.run("restore_check", broken)
    assert (code, complaint) == (
        1, "CommandError: Tệp database.dump trong bản sao lưu thiếu hoặc đã bị thay đổi.",
    )  # fmt: skip


def test_forged_head_of_the_chain_is_found_after_restoring(house):
    """An equal head of the chain is not enough: the lines under it are counted again."""
    forged = house.var / "gia.tar"
    assert house.shell(FORGE)[0] == 0
    try:
        house.run("backup", forged, "--text-key", house.mark())
    finally:
        house.shell(FORGE.replace("+ 1", "- 1"))
    code, _, complaint = house.run("restore_check", forged)
    assert (code, complaint.startswith("CommandError: Nhật ký sau phục hồi có chỗ sai: ")) == (1, True)
    assert house.databases() == "chibo"


def test_rotation_writes_every_text_under_the_new_key(house, archive):
    fresh = {"TEXT_KEY": "khoa-thu-hai"}
    code, _, complaint = house.run("rotate_text_key", **fresh)
    assert (code, complaint.startswith("CommandError: Chưa có khóa cũ.")) == (1, True)
    both = fresh | {"TEXT_KEYS_OLD": "khoa-thu-nhat"}
    code, said, _ = house.run("rotate_text_key", **both)
    assert (code, said.splitlines()[0]) == (
        0, f"Đã mã hóa lại 5 nội dung bằng khóa có dấu {house.mark(**fresh)}.",
    )  # fmt: skip
    assert house.run("rotate_text_key", **both)[1].startswith("Đã mã hóa lại 0 nội dung")
    assert house.shell(READ, **fresh)[1] == PLANTED
    assert PLANTED not in house.shell(READ)[1]  # the old key opens nothing any more
