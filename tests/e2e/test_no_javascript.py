"""The main forms once in a browser without scripts: everything works by plain forms (DESIGN §4)."""

import datetime
import re

import pytest
from django.utils import timezone

from tests.e2e.acting import PHONE

ITEM = "Bàn việc trực tiếp dân ngày thứ bảy"
DAYS_AHEAD = 6  # a meeting of its own


@pytest.fixture
def people(stage):
    return {name: stage.person(name, PHONE, scripts=False) for name in ("bithu", "chiuy", "thuky")}


def test_main_forms_work_without_scripts(people):
    path = prepare(people["bithu"])
    notify(people, path)
    call_roll(people["thuky"], path)
    write(people["thuky"], path)
    vote(people["thuky"])
    prose(people["thuky"], path)


def prepare(bithu):
    """A meeting, one item more, moved up by its button."""
    day = timezone.localdate() + datetime.timedelta(days=DAYS_AHEAD)
    bithu.goes("/meetings/new/")
    bithu.fills(re.compile("^Ngày, ví dụ"), f"{day:%d/%m/%Y}")
    bithu.fills(re.compile("^Giờ, ví dụ"), "08:00")
    bithu.chooses("Thư ký", "Lương Hải Yến")
    bithu.presses("Lập cuộc họp")
    path = re.match(r"/meetings/\d+/", bithu.here).group()
    bithu.goes(f"{path}agenda/new/")
    bithu.presses("Thêm nội dung")
    bithu.sees("Ghi nội dung.")  # the refusal, at its field, without scripts
    bithu.fills("Nội dung", ITEM, exact=True)
    bithu.presses("Thêm nội dung")
    bithu.goes(f"{path}agenda/order/")
    before = order(bithu).index(ITEM)
    bithu.presses("Đưa lên", within=bithu.page.locator("main li", has_text=ITEM))
    assert order(bithu).index(ITEM) == before - 1
    return path


def order(person):
    """Titles as they stand on the page of the order."""
    rows = person.page.locator("main li .grow").all_inner_texts()
    return [row.partition(" ")[2].strip() for row in rows]


def notify(people, path):
    for name, words in (("chiuy", "Chi ủy thống nhất chương trình"), ("bithu", "Gửi thông báo họp")):
        people[name].goes(path)
        people[name].follows(words)
        people[name].presses(words)
    bithu, opened = people["bithu"], timezone.localtime() - datetime.timedelta(hours=1)
    bithu.goes(f"{path}do/open/")
    bithu.fills(re.compile("^Ngày, ví dụ"), f"{opened:%d/%m/%Y}")
    bithu.fills(re.compile("^Giờ, ví dụ"), f"{opened:%H:%M}")
    bithu.presses("Khai mạc")


def call_roll(thuky, path):
    """One row by its own button, refused first for want of a reason; then everybody else."""
    thuky.goes(f"{path}attendance/")
    row = thuky.page.locator("form.att", has_text="Hồ Sỹ Giang")
    row.get_by_text("Vắng có lý do").click()
    thuky.presses("Ghi dòng này", within=row)
    thuky.sees("Ghi lý do vắng mặt.")
    row.get_by_label("Lý do vắng").fill("Ốm")
    thuky.presses("Ghi dòng này", within=row)
    assert row.get_by_label("Lý do vắng").input_value() == "Ốm"
    thuky.presses("Tất cả có mặt")
    thuky.sees("Đã điểm danh có mặt")


def write(thuky, path):
    """Speech and conclusion by their buttons."""
    thuky.goes(f"{path}session/")
    thuky.presses(re.compile("^Bắt đầu "))
    thuky.chooses("Người phát biểu", "Đỗ Khắc Bình")
    thuky.fills("Tóm tắt ý kiến", "Đồng tình với chương trình.")
    thuky.presses("Ghi phát biểu")
    thuky.sees("Đồng tình với chương trình.")
    thuky.fills("Kết luận của chủ trì", "Chương trình được thông qua.")
    thuky.presses("Ghi kết luận")
    assert thuky.field("Kết luận của chủ trì").input_value() == "Chương trình được thông qua."


def vote(thuky):
    """Counts typed into plain fields."""
    thuky.follows("Thêm", within=thuky.page.locator("section[aria-labelledby=hv]"))
    thuky.fills("Vấn đề", "Thông qua chương trình")
    thuky.presses("Ghi vấn đề biểu quyết")
    thuky.presses("Mở biểu quyết")
    voters = int(thuky.page.locator("form[data-tally]").get_attribute("data-tally"))
    thuky.fills("Tán thành", voters - 1, exact=True)
    thuky.fills("Ý kiến khác", 1, exact=True)
    thuky.presses("Chốt kết quả biểu quyết")
    thuky.sees(f"Tán thành {voters - 1}, không tán thành 0, ý kiến khác 1")


def prose(thuky, path):
    """The minutes' own words, saved by the button beside them."""
    thuky.goes(f"{path}minutes/")
    label = re.compile("^Lời mở đầu")
    thuky.fills(label, "Buổi họp bắt đầu đúng giờ.")
    thuky.presses(re.compile("^Ghi: Lời mở đầu"))
    assert thuky.field(label).input_value() == "Buổi họp bắt đầu đúng giờ."
