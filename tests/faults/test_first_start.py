"""From nothing to the first notified meeting: `make run DEMO=0`, then what the pages themselves say comes next."""

import datetime
import re
import shutil
import signal
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from tests.e2e.acting import DESK, PHONE, Person, Stage
from tests.faults.conftest import free_port, read_until, stop, wait_until

READY = "Dừng: Ctrl-C"
SETUP = re.compile(r"Lập quản trị, tổ chức và chi bộ đầu tiên \(trong một giờ\): (http://127\.0\.0\.1:\d+/setup/\S+)\n")
MAIL_SECONDS = 60
INVITATION = "Mời họp: Sinh hoạt thường kỳ tháng "
PASSWORD = "nước chảy đá mòn 2026"
LINES = """\
Họ và tên\tNgày sinh\tGiới tính\tNgày vào Đảng\tNgày chính thức\tThư điện tử
Đoàn Thị Hậu\t02/03/1961\tNữ\t19/05/1990\t19/05/1991\thau@example.vn
Ngô Văn Lực\t11/10/1955\tNam\t03/02/1984\t03/02/1985\tluc@example.vn
Tạ Quang Ánh\t25/12/1978\tNam\t02/09/2005\t02/09/2006\tanh@example.vn
"""


@pytest.fixture
def browser():
    """Debian's Chromium, gone with its test: Playwright's loop must not stay in a thread that others use."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "Chromium is missing: see scripts/system-packages"
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def test_empty_start_leads_to_the_first_notified_meeting(var, spawn, browser):
    ports = {"PORT": str(free_port()), "MAIL_PORT": str(free_port())}
    up = spawn("manage.py", "up", CHIBO_VAR=str(var), DEMO="0", NOTICE_QUIET_HOURS="", **ports)  # at any hour
    greeting = read_until(up, READY)
    address = SETUP.search(greeting).group(1)
    stage = Stage(re.match(r"http://[^/]+", address).group(), browser)
    admin, secretary = Person(stage.window(DESK), stage), Person(stage.window(PHONE), stage)

    set_up(admin, address)
    paste_members(admin)
    appoint_secretary(admin)
    slip = give_account(admin)
    open_account(secretary, slip)
    notify_first_meeting(secretary)
    read_letters(var)
    see_the_notice(secretary)
    refuse_second_setup(stage, address)

    assert stage.trouble == []
    stage.close()
    assert stop(up, signal.SIGTERM)[1] == 0


def set_up(admin, address):
    """One form makes the superior, the cell and the administrator, who is logged in and stands on the cell's roll."""
    admin.goes(address)
    admin.fills("Cấp ủy cấp trên trực tiếp", "Đảng ủy xã Bình Minh")
    admin.fills("Tên chi bộ", "Chi bộ Thôn Đông")
    admin.fills("Địa danh ghi trên văn bản", "Bình Minh")
    admin.fills("Nhiệm kỳ", "2025-2030")
    admin.fills("Họ và tên người quản trị", "Mai Văn Trị")
    admin.fills("Mật khẩu mới", PASSWORD)
    admin.fills("Gõ lại mật khẩu", PASSWORD)
    admin.presses("Lập chi bộ")
    admin.sees("Đã lập chi bộ và người quản trị đầu tiên.")
    admin.sees("Ba việc đầu tiên")


def paste_members(admin):
    """Step 1 of the page: the lines of the spreadsheet, seen before they are written."""
    admin.follows("Dán danh sách")
    admin.fills("Các dòng dán từ bảng tính", LINES)
    admin.presses("Xem từng dòng")
    admin.sees("Sẽ ghi 3 đồng chí.")
    admin.presses("Ghi 3 đồng chí vào sổ")
    admin.sees("Đã ghi 3 đồng chí vào sổ.")


def appoint_secretary(admin):
    """Step 2 of the page: the person's page, its part about posts."""
    admin.follows("Đoàn Thị Hậu")
    admin.follows("Thêm chức vụ")
    admin.chooses("Chức vụ", "Bí thư")
    admin.presses("Ghi vào sổ")
    admin.sees("Bí thư, Chi bộ Thôn Đông")


def give_account(admin):
    """Step 3 of the page leads to the person's page; the address of the printed slip."""
    admin.goes("/members/")
    admin.follows("Trang của đồng chí Đoàn Thị Hậu")
    admin.follows("Cấp tài khoản")
    admin.presses("Cấp tài khoản, in phiếu")
    admin.sees("Phiếu mở tài khoản")
    return admin.page.get_by_text(re.compile(r"^http://127\.0\.0\.1:\d+/l/\S+$")).inner_text()


def open_account(secretary, slip):
    """The secretary sets a password of her own, on her phone."""
    secretary.goes(slip)
    secretary.fills("Mật khẩu mới", PASSWORD)
    secretary.fills("Gõ lại mật khẩu", PASSWORD)
    secretary.presses("Đặt mật khẩu và vào trang")
    secretary.sees("Chào đồng chí Thị Hậu")


def notify_first_meeting(secretary):
    """A cell without committee notifies from the draft (DESIGN §2); its agenda came in the standard order."""
    day = timezone.localdate() + datetime.timedelta(days=5)
    secretary.follows("Cuộc họp mới")
    secretary.fills(re.compile("^Ngày, ví dụ"), f"{day:%d/%m/%Y}")
    secretary.fills(re.compile("^Giờ, ví dụ"), "08:00")
    secretary.fills("Địa điểm", "Nhà văn hóa thôn")
    secretary.presses("Lập cuộc họp")
    secretary.follows("Gửi thông báo họp")
    secretary.presses("Gửi thông báo họp")
    secretary.sees("Đã thông báo")


def read_letters(var):
    """The real worker sends, the real catcher keeps: one letter a person, with agenda and calendar file."""
    folder = var / "mail"
    wait_until(lambda: len(list(folder.glob("*.eml"))) == 3, MAIL_SECONDS)
    letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.iterdir()]
    assert sorted(letter["To"] for letter in letters) == ["anh@example.vn", "hau@example.vn", "luc@example.vn"]
    for letter in letters:
        assert letter["Subject"].strip().startswith(INVITATION)
        assert "B6. Tự phê bình và phê bình" in letter.get_body(("plain",)).get_content()
        assert [part.get_content_type() for part in letter.iter_attachments()] == ["text/calendar"]


def see_the_notice(secretary):
    secretary.goes("/notices/")
    secretary.sees(INVITATION)


def refuse_second_setup(stage, address):
    """Refused once any account exists (DESIGN §5)."""
    stranger = stage.window(DESK)
    assert stranger.goto(address).status == 410
    stranger.get_by_role("heading", name="Địa chỉ không còn dùng được").wait_for()
