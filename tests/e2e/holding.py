"""The session as the clerk keeps it: roll, speeches, conclusion, votes, a task, the resolution."""

import datetime
import re

from django.utils import timezone

ITEM = "Nhận chăm sóc đường hoa tổ dân phố số 4"
TASK = "Lập danh sách hộ tham gia đường hoa"


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
    thuky.fills("Hạn hoàn thành", f"{month.day + datetime.timedelta(days=10):%d/%m/%Y}")
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
