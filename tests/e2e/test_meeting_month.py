"""One monthly meeting from the draft to the signed PDF, by the people who do it, on phone and desktop (DESIGN §6)."""

import datetime
import re
import subprocess
from io import BytesIO

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from chibo.demo.papers import simple_pdf
from chibo.demo.texts import PASSWORD
from notices.services.delivery import deliver_due
from tests.e2e.acting import DESK, PHONE
from tests.e2e.holding import ITEM, TASK, give_task, hold, vote_by_ballot, vote_openly, write_resolution

DAYS_AHEAD = {PHONE: 3, DESK: 4}  # each width holds its own meeting
PAPER = "Phương án chăm sóc đường hoa"
QUESTION = "Kinh phí mua cây giống lấy từ nguồn nào?"


@pytest.fixture(params=[PHONE, DESK])
def month(request, stage):
    return Month(stage, request.param)


class Month:
    """The people of this meeting, in windows of one width, and where the meeting is."""

    def __init__(self, stage, width):
        names = ("bithu", "chiuy", "thuky", "dangvien")
        self.bithu, self.chiuy, self.thuky, self.dangvien = (stage.person(name, width) for name in names)
        self.stage, self.width = stage, width
        self.day = timezone.localdate() + datetime.timedelta(days=DAYS_AHEAD[width])
        self.path = ""


def test_month_runs_from_draft_to_signed_minutes(month):
    prepare_agenda(month)
    agree_and_notify(month)
    read_mail(month)
    answer_invitation(month)
    decide(month)
    hold(month)
    vote_openly(month)
    vote_by_ballot(month)
    give_task(month)
    write_resolution(month)
    close(month)
    adopt_and_seal(month)
    sign(month)
    check_file(month)
    report_task(month)


def prepare_agenda(month):
    """The secretary lays down a regular meeting; its agenda comes in the standard order A, B, C (DOMAIN §1.3)."""
    bithu = month.bithu
    bithu.goes("/meetings/")
    bithu.follows("Cuộc họp mới")
    bithu.fills(re.compile("^Ngày, ví dụ"), f"{month.day:%d/%m/%Y}")
    bithu.fills(re.compile("^Giờ, ví dụ"), "14:00")
    bithu.chooses("Thư ký", "Lương Hải Yến")
    bithu.presses("Lập cuộc họp")
    month.path = re.match(r"/meetings/\d+/", bithu.here).group()
    bithu.goes(f"{month.path}agenda/")
    bithu.follows("Thêm nội dung")
    bithu.fills("Nội dung", ITEM, exact=True)
    bithu.fills("Việc cần quyết định", "Nhận hay không nhận")
    bithu.chooses("Người trình bày", "Cao Xuân Đức")
    bithu.fills("Số phút dự kiến", 12)
    bithu.presses("Thêm nội dung")
    bithu.sees("Đã thêm nội dung.")
    before = titles(bithu)
    if month.width == PHONE:
        bithu.follows("Sắp xếp")
        bithu.page.wait_for_url("**/order/")
    bithu.presses("Đưa lên", within=bithu.page.locator("main li", has_text=ITEM))
    place = before.index(ITEM)
    bithu.goes(f"{month.path}agenda/")
    assert titles(bithu) == [*before[: place - 1], ITEM, before[place - 1], *before[place + 1 :]]
    bithu.goes(f"{month.path}papers/")
    bithu.brings("Tệp", "phuong-an.pdf", simple_pdf(PAPER, ["Mỗi tổ nhận một đoạn, tưới hai ngày một lần."]))
    bithu.fills("Tên tài liệu", PAPER)
    bithu.chooses("Cho nội dung", ITEM)
    bithu.ticks("Thường")
    bithu.presses("Tải tài liệu lên")
    bithu.sees("Đã tải tài liệu lên.")


def titles(person):
    return person.page.locator("li.it .title").all_inner_texts()


def agree_and_notify(month):
    """Two stages (issue, item 5): the committee agrees, then the secretary notifies; members see nothing before."""
    assert month.dangvien.page.goto(month.path).status == 404
    month.chiuy.goes(f"{month.path}agenda/")
    month.chiuy.follows("Chi ủy thống nhất chương trình")
    month.chiuy.presses("Chi ủy thống nhất chương trình")
    month.chiuy.sees("Chi ủy đã thống nhất chương trình.")
    month.bithu.goes(month.path)
    month.bithu.follows("Gửi thông báo họp")
    month.bithu.presses("Gửi thông báo họp")
    month.bithu.sees("Đã thông báo họp.")


def read_mail(month):
    """Each gets a mail with agenda and calendar; it is seen at /demo/mail/."""
    assert deliver_due() > 0
    guest = month.stage.window(month.width)
    guest.goto("/demo/mail/")
    row = guest.locator("li", has_text="dangvien@example.com").filter(has_text="Mời họp").first
    with guest.expect_navigation():
        row.get_by_role("link").click()
    text = guest.locator("main").inner_text()
    assert ITEM in text
    assert f"{month.day:%d/%m/%Y}" in text
    start = f"DTSTART;TZID=Asia/Ho_Chi_Minh:{month.day:%Y%m%d}T140000"
    calendar = guest.locator("pre", has_text=start).text_content()  # folded away under its facts
    assert calendar.count("BEGIN:VEVENT") == 1
    assert "METHOD:REQUEST" in calendar


def answer_invitation(month):
    """The member's side before the meeting: papers read, a question, an excuse with a reason."""
    person = month.dangvien
    person.goes("/")
    person.sees("Chào đồng chí Xuân Đức")
    person.goes("/meetings/")
    with person.page.expect_navigation():
        person.page.locator(f"main a[href='{month.path}']").click()
    person.sees(ITEM)
    person.goes(f"{month.path}papers/")
    person.presses("Đánh dấu đã đọc")
    person.sees("Đã đọc", exact=True)
    person.goes(f"{month.path}opinions/")
    person.chooses("Nội dung", ITEM)
    person.fills(re.compile("^Ý kiến"), QUESTION)
    person.presses("Gửi ý kiến")
    person.sees("Đã gửi ý kiến.")
    person.goes(month.path)
    person.follows("Xin vắng mặt")
    person.presses("Gửi trả lời")
    person.sees("Ghi lý do xin vắng mặt.")
    person.fills("Lý do xin vắng mặt", "Đi công tác tại tỉnh")
    person.presses("Gửi trả lời")
    person.sees("Đã gửi trả lời.")


def decide(month):
    """The secretary answers, and decides "có lý do / không lý do"."""
    bithu = month.bithu
    bithu.goes(f"{month.path}opinions/")
    bithu.follows(re.compile("^Trả lời.*Cao Xuân Đức"))
    bithu.fills("Trả lời", "Từ quỹ vận động của phường.")
    bithu.presses("Gửi câu trả lời")
    bithu.sees("Đã trả lời.")
    bithu.goes(f"{month.path}replies/")
    bithu.presses(re.compile("^Có lý do.*Cao Xuân Đức"))
    bithu.page.locator(".state", has_text="Có lý do").wait_for()
    month.dangvien.goes(f"{month.path}opinions/")
    month.dangvien.sees("Từ quỹ vận động của phường.")


def close(month):
    month.bithu.goes(f"{month.path}do/close/")
    month.bithu.fills("Điểm chất lượng", 92)
    month.bithu.presses("Bế mạc")
    month.bithu.page.wait_for_url("**/minutes/")


def adopt_and_seal(month):
    """Read back and adopted; every contradiction is mended or explained; sealed for PKCS#12."""
    thuky = month.thuky
    thuky.goes(f"{month.path}minutes/")
    thuky.fills(re.compile("^Ý kiến khác, kết thúc"), "Không có ý kiến khác.")
    thuky.page.locator("[data-saved]", has_text="Đã lưu").first.wait_for()
    thuky.follows("Ghi nhận đã thông qua")
    thuky.presses("Ghi nhận đã thông qua")
    thuky.sees("Đã ghi nhận biên bản được thông qua.")
    thuky.follows("Khóa biên bản để ký")
    thuky.presses("Khóa biên bản")
    thuky.sees("Đã khóa biên bản, chờ ký.")


def sign(month):
    """Clerk and chair sign with the certificates of the demo authority; a wrong password is a sentence at its field."""
    for person, name in ((month.thuky, "thuky"), (month.bithu, "bithu")):
        person.goes(f"{month.path}sign/")
        if name == "thuky":
            put_signature(person, name, "sai-mat-khau")
            person.sees("Mật khẩu của tệp chứng thư chưa đúng.")
        put_signature(person, name, PASSWORD)
        person.sees("Đã ghi nhận chữ ký.")


def put_signature(person, name, password):
    certificate = person.downloads(f"/demo/certificates/{name}.p12")
    person.brings("Tệp chứng thư", f"{name}.p12", certificate, "application/x-pkcs12")
    person.fills("Mật khẩu của tệp chứng thư", password)
    person.presses("Ký số")


def check_file(month, tmp_name="bien-ban.pdf"):
    """`pdfsig` finds both signatures valid and the last over the whole file; one changed byte is another file."""
    data = month.dangvien.downloads(f"{month.path}minutes.pdf")
    path = settings.VAR / tmp_name
    path.write_bytes(data)
    told = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert told.count("Signature is Valid") == 2
    assert told.rpartition("Signature #2")[2].count("Total document signed") == 1
    month.bithu.goes(f"{month.path}sign/")
    month.bithu.follows("Mở trang kiểm tra")
    month.bithu.page.wait_for_url("**/verify/**")
    visitor = month.stage.window(month.width)
    for content, answer in ((data, "Tệp này trùng với bản đã ký."), (changed(data), "không trùng với bản đã ký")):
        visitor.goto(month.bithu.here)
        file = {"name": tmp_name, "mimeType": "application/pdf", "buffer": content}
        visitor.get_by_label("Tệp cần kiểm tra").set_input_files(file)
        visitor.get_by_role("button", name="Kiểm tra tệp").click()
        visitor.get_by_role("status").get_by_text(answer).first.wait_for()


def changed(data):
    """The file with one byte of its middle changed."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def report_task(month):
    """The member reports with a note and a picture; the secretary confirms."""
    title, person = f"{TASK} ({month.width})", month.dangvien
    person.goes("/assignments/")
    person.follows(title, exact=True)
    person.follows("Báo cáo hoàn thành")
    person.fills("Kết quả đã làm", "Đã có 24 hộ ghi tên.")
    picture = BytesIO()
    Image.new("RGB", (60, 40), "green").save(picture, "JPEG")
    person.brings("Tệp minh chứng", "danh-sach.jpg", picture.getvalue(), "image/jpeg")
    person.presses("Báo cáo hoàn thành")
    person.sees("Đã gửi báo cáo hoàn thành.")
    month.bithu.goes(person.here)
    month.bithu.sees("Đã có 24 hộ ghi tên.")
    month.bithu.follows("Xác nhận hoàn thành")
    month.bithu.presses("Xác nhận hoàn thành")
    month.bithu.sees("Đã xác nhận nhiệm vụ hoàn thành.")
