"""A name of 100 characters, a name in capitals, a meeting at 00:30: console, minutes and PDF take them."""

import datetime
import re
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from members.models import Member
from tests.e2e.acting import PHONE

LONG = ("Công Tằng Tôn Nữ Hoàng Thiên Hương " * 3)[:99] + "a"
CAPITALS = "MAI QUỐC KHẢI"


@pytest.fixture
def renamed(demo):
    """Two people under other names, for this test."""
    members = demo[1]
    before = {key: members[key].full_name for key in ("huong", "khai")}
    for key, name in (("huong", LONG), ("khai", CAPITALS)):
        rename(members[key].pk, name)
    yield
    for key, name in before.items():
        rename(members[key].pk, name)


def rename(pk, name):
    member = Member.objects.get(pk=pk)
    member.full_name = name
    member.save()


def test_console_minutes_and_pdf_take_long_names_and_midnight(renamed, stage):
    bithu, thuky = stage.person("bithu", PHONE), stage.person("thuky", PHONE)
    path = open_meeting(bithu, stage.person("chiuy", PHONE))
    thuky.goes(f"{path}attendance/")
    thuky.presses("Tất cả có mặt")
    thuky.goes(f"{path}session/")
    thuky.presses(re.compile("^Bắt đầu "))
    for name in (LONG, CAPITALS):
        thuky.chooses("Người phát biểu", name)
        thuky.fills("Tóm tắt ý kiến", "Nhất trí.")
        thuky.presses("Ghi phát biểu")
    for address in (f"{path}session/", f"{path}attendance/", f"{path}minutes/", "/members/"):
        thuky.goes(address)
        thuky.sees(LONG)
        over = thuky.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, address
    thuky.goes(f"{path}minutes/")
    thuky.sees("từ 00 giờ 30")
    reader = PdfReader(BytesIO(thuky.downloads(f"{path}minutes.pdf")))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert text.count(LONG) > 0
    assert text.count(CAPITALS) > 0
    assert text.count("00 giờ 30") > 0


def open_meeting(bithu, chiuy):
    """A meeting of the night: half past midnight, the last one that has come."""
    now = timezone.localtime()
    moment = now.replace(hour=0, minute=30)
    moment -= datetime.timedelta(days=1) if moment > now else datetime.timedelta()
    bithu.goes("/meetings/new/")
    typed(bithu, moment)
    bithu.chooses("Thư ký", "Lương Hải Yến")
    bithu.presses("Lập cuộc họp")
    path = re.match(r"/meetings/\d+/", bithu.here).group()
    for person, words in ((chiuy, "Chi ủy thống nhất chương trình"), (bithu, "Gửi thông báo họp")):
        person.goes(path)
        person.follows(words)
        person.presses(words)
    bithu.goes(f"{path}do/open/")
    typed(bithu, moment)
    bithu.presses("Khai mạc")
    return path


def typed(bithu, moment):
    bithu.fills(re.compile("^Ngày, ví dụ"), f"{moment:%d/%m/%Y}")
    bithu.fills(re.compile("^Giờ, ví dụ"), "00:30")
