"""One monthly meeting from the draft to the signed PDF, as the people who do it, at phone and desktop width (DESIGN §6)."""

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

DAYS_AHEAD = {PHONE: 3, DESK: 4}  # each width holds its own meeting
ITEM = "Nhận chăm sóc đường hoa tổ dân phố số 4"
PAPER = "Phương án chăm sóc đường hoa"
QUESTION = "Kinh phí mua cây giống lấy từ nguồn nào?"
TASK = "Lập danh sách hộ tham gia đường hoa"


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
    month.bithu.sees("Đã gửi thông báo họp.")


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
    calendar = guest.locator("pre").inner_text()
    assert calendar.count("BEGIN:VEVENT") == 1
    assert "METHOD:REQUEST" in calendar
    assert f"DTSTART;TZID=Asia/Ho_Chi_Minh:{month.day:%Y%m%d}T140000" in calendar.replace("\n ", "")


def answer_invitation(month):
    """The member's side before the meeting: papers read, a question, an excuse with a reason."""
    person = month.dangvien
    person.goes("/")
    person.follows("Xem chương trình và tài liệu")
    person.goes(month.path)
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


def hold(month):
    """The secretary opens; the clerk calls the roll, writes a speech that saves itself, and the conclusion."""
    month.bithu.goes(f"{month.path}do/open/")
    opened = timezone.localtime() - datetime.timedelta(hours=2)
    month.bithu.fills(re.compile("^Ngày, ví dụ"), f"{opened:%d/%m/%Y}")
    month.bithu.fills(re.compile("^Giờ, ví dụ"), f"{opened:%H:%M}")
    month.bithu.presses("Khai mạc")
    month.bithu.page.wait_for_url("**/session/**")
    thuky = month.thuky
    thuky.goes(f"{month.path}attendance/")
    thuky.presses("Tất cả có mặt")
    thuky.sees("Đã điểm danh có mặt")
    counts = thuky.page.locator("#att-counts").inner_text().split("\n")
    assert dict(zip(counts[1::2], counts[::2], strict=True))["chưa điểm danh"] == "0"
    thuky.goes(f"{month.path}session/")
    discuss_all(thuky, stop=ITEM)
    write_speech(thuky)
    conclude(thuky, "Chi bộ nhận đoạn đường hoa từ ngõ 3 đến ngõ 9.")


def discuss_all(thuky, stop=None):
    """Go on item by item, until the one named."""
    while True:
        if thuky.page.get_by_role("button", name=re.compile("^Bắt đầu ")).count():
            thuky.presses(re.compile("^Bắt đầu "))
        if stop and stop in thuky.page.locator("#hi").inner_text():
            return
        if not thuky.page.get_by_role("button", name=re.compile("^Sang ")).count():
            return
        thuky.presses(re.compile("^Sang "))


def write_speech(thuky):
    """What is typed is saved as it is typed: "Đã lưu" appears without any button."""
    thuky.chooses("Người phát biểu", "Đỗ Khắc Bình")
    thuky.presses("Ghi phát biểu")
    thuky.sees("Đã ghi phát biểu")
    thuky.follows(re.compile("^Sửa.*phát biểu 1"))
    thuky.fills("Nội dung phát biểu", "Nên chia đoạn theo tổ, mỗi tổ cử một người theo dõi.")
    thuky.page.locator("[data-saved]", has_text="Đã lưu").first.wait_for()
    thuky.page.reload()
    assert thuky.page.get_by_label("Nội dung phát biểu").input_value().startswith("Nên chia đoạn theo tổ")


def conclude(thuky, text):
    thuky.fills("Kết luận của chủ trì", text)
    thuky.presses("Ghi kết luận")
    thuky.sees("Đã ghi kết luận")


def vote_openly(month):
    """A sum that is not the number of voters comes back as a sentence with the counts kept; then it is put right."""
    thuky = month.thuky
    propose(thuky, f"Nhận đoạn đường hoa ({month.width})", "Việc khác của chi bộ", "Giơ thẻ đảng viên")
    thuky.presses("Mở biểu quyết")
    thuky.sees("Đã mở biểu quyết")
    voters = int(thuky.page.locator("form[data-tally]").get_attribute("data-tally"))
    thuky.fills("Tán thành", voters + 1, exact=True)
    thuky.presses("Chốt kết quả biểu quyết")
    error = thuky.page.locator(".err").first
    error.wait_for()
    assert str(voters) in error.inner_text()
    assert thuky.page.get_by_label("Tán thành", exact=True).input_value() == str(voters + 1)
    thuky.fills("Tán thành", voters, exact=True)
    thuky.presses("Chốt kết quả biểu quyết")
    thuky.sees("Đã chốt kết quả biểu quyết")


def propose(thuky, matter, decision, ballot):
    thuky.follows("Thêm", within=thuky.page.locator("section[aria-labelledby=hv]"))
    thuky.fills("Vấn đề", matter)
    thuky.chooses("Loại", decision)
    thuky.page.get_by_text(ballot, exact=True).click()
    thuky.presses("Ghi vấn đề biểu quyết")
    thuky.sees("Đã ghi vấn đề biểu quyết")


def vote_by_ballot(month):
    """A secret paper vote: counts of two tellers, issued = returned, valid ones divided among the choices."""
    thuky = month.thuky
    discuss_all(thuky, stop="biểu quyết thông qua nghị quyết")
    propose(thuky, f"Thông qua nghị quyết ({month.width})", "Nghị quyết, kết luận", "Phiếu kín")
    thuky.presses("Mở biểu quyết")
    thuky.sees("Đã mở biểu quyết")
    voters = int(thuky.page.locator("form[data-tally]").get_attribute("data-tally"))
    thuky.chooses("Người kiểm phiếu thứ nhất", "Đỗ Khắc Bình")
    thuky.chooses("Người kiểm phiếu thứ hai", "Mai Quốc Khải")
    counts = {"Phiếu phát ra": voters, "Phiếu thu về": voters, "Phiếu không hợp lệ": 1, "Tán thành": voters - 2,
              "Không tán thành": 1, "Ý kiến khác": 0}  # fmt: skip
    for label, number in counts.items():
        thuky.fills(label, number, exact=True)
    thuky.presses("Chốt kết quả biểu quyết")
    thuky.sees("Đã chốt kết quả biểu quyết")


def give_task(month):
    """Who, what, by when: out of the conclusion."""
    thuky = month.thuky
    thuky.follows("Giao nhiệm vụ")
    thuky.chooses("Người thực hiện", "Cao Xuân Đức")
    thuky.fills("Nhiệm vụ", f"{TASK} ({month.width})", exact=True)
    thuky.fills("Hạn hoàn thành", f"{month.day + datetime.timedelta(days=10):%Y-%m-%d}")
    thuky.presses("Giao nhiệm vụ")
    thuky.sees("Đã giao nhiệm vụ")
    discuss_all(thuky)


def write_resolution(month):
    """A second numbered paper: draft, clause with owner and day, adopted by its vote."""
    bithu = month.bithu
    bithu.goes(f"{month.path}resolution/")
    bithu.presses("Lập dự thảo nghị quyết")
    bithu.fills("Trích yếu", f"Nhiệm vụ tháng {month.day:%m/%Y}")
    bithu.presses("Ghi trích yếu")
    bithu.sees("Đã ghi trích yếu.")
    bithu.follows("Thêm mục")
    bithu.fills(re.compile("^Nội dung"), "Chăm sóc đoạn đường hoa từ ngõ 3 đến ngõ 9.")
    bithu.chooses(re.compile("phụ trách", re.IGNORECASE), "Mai Quốc Khải")
    bithu.fills(re.compile("^Hạn"), f"{month.day + datetime.timedelta(days=20):%d/%m/%Y}")
    bithu.presses("Thêm mục")
    bithu.sees("Đã thêm mục.")
    bithu.follows("Ghi nhận đã thông qua")
    bithu.presses("Ghi nhận đã thông qua")
    bithu.sees("Nghị quyết đã được lấy số.")


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
