"""Invented names and numbers of the style guide page: every component once."""

import datetime

from django import forms

from core.forms import Form
from core.states import Look

MEETING_LOOKS = [
    Look("Đang soạn", "", "pencil"),
    Look("Chi ủy đã thống nhất", "info", "people"),
    Look("Đã thông báo", "info", "send"),
    Look("Đang họp", "live", "dot"),
    Look("Chờ biên bản", "warn", "file-text"),
    Look("Chờ ký", "warn", "pen"),
    Look("Đã ký", "ok", "check-lg"),
    Look("Đã lưu", "line", "archive"),
    Look("Đã hủy", "line", "x-lg"),
]
TASK_LOOKS = [
    Look("Chưa bắt đầu", "", "circle"),
    Look("Đang làm", "info", "arrow-repeat"),
    Look("Còn 2 ngày", "warn", "clock"),
    Look("Chờ duyệt", "warn", "hourglass-split"),
    Look("Quá 9 ngày", "danger", "exclamation-triangle"),
    Look("Hoàn thành", "ok", "check-lg"),
    Look("Chuyển tháng sau", "line", "arrow-return-right"),
]
SWATCHES = [
    ("paper", "Giấy", "--paper"),
    ("surface", "Tờ", "--surface"),
    ("sunken", "Nền lót", "--sunken"),
    ("ink", "Mực", "--ink"),
    ("ink-2", "Mực nhạt", "--ink-2"),
    ("accent", "Đỏ sơn", "--accent"),
    ("link", "Liên kết", "--link"),
    ("okb", "Xong", "--ok-bar"),
    ("warnb", "Cần xem", "--warn-bar"),
    ("dangerb", "Sai, quá hạn", "--danger-bar"),
]


class SampleForm(Form):
    """One field of each kind."""

    reason = forms.CharField(
        label="Lý do vắng mặt",
        help_text="Lý do được ghi vào biên bản.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Ghi lý do vắng mặt."},
    )
    before = forms.CharField(
        label="Gửi trước ngày", help_text="Ví dụ: 03/12/2026", widget=forms.TextInput(attrs={"class": "w-date"})
    )
    kind = forms.ChoiceField(
        label="Hình thức họp",
        choices=[("hall", "Họp trực tiếp"), ("online", "Họp trực tuyến"), ("both", "Kết hợp")],
        widget=forms.RadioSelect,
    )
    form_of_vote = forms.ChoiceField(
        label="Hình thức biểu quyết",
        choices=[("hand", "Giơ tay"), ("card", "Giơ thẻ"), ("secret", "Phiếu kín")],
        widget=forms.RadioSelect(attrs={"class": "seg"}),
    )
    place = forms.ChoiceField(label="Nơi họp", choices=[("1", "Nhà văn hóa Tổ dân phố số 5"), ("2", "Trụ sở phường")])
    phone = forms.CharField(
        label="Số điện thoại", required=False, widget=forms.TextInput(attrs={"class": "w-short", "inputmode": "tel"})
    )
    agree = forms.IntegerField(label="Tán thành", initial=17, min_value=0, max_value=20)
    mail = forms.BooleanField(label="Gửi kèm thư điện tử", required=False)


def _steps():
    labels = ["Soạn chương trình", "Chi ủy thống nhất", "Thông báo", "Họp", "Biên bản", "Ký", "Lưu"]
    subs = ["", "", "", "108 phút", "thông qua 21:16", "1/2 chữ ký", "sau khi ký đủ"]
    states = ["done"] * 5 + ["now", "todo"]
    return [{"label": a, "sub": b, "state": c} for a, b, c in zip(labels, subs, states, strict=True)]


def context():
    """What templates/styleguide.html shows."""
    form = SampleForm({"before": "07/12/2026", "kind": "hall", "place": "1", "agree": "17"})
    form.is_valid()
    form.add_error("before", "Chọn ngày trước ngày họp 05/12/2026.")
    minutes = [98, 101, 92, 96, 104, 90, 94, 91, 78, 103, 101, None]
    return {
        "form": form,
        "swatches": SWATCHES,
        "meeting_looks": MEETING_LOOKS,
        "task_looks": TASK_LOOKS,
        "steps": _steps(),
        "date": datetime.date(2026, 12, 5),
        "moment": datetime.datetime(2026, 12, 5, 20, 22),
        "parts": [
            {"label": "A", "minutes": 10, "kind": "a"},
            {"label": "B", "minutes": 80, "kind": "b"},
            {"label": "C", "minutes": 15, "kind": "c"},
        ],
        "points": [{"label": month, "value": value} for month, value in enumerate(minutes, 1)],
        "marks": ["", "", "w", "", "", "", "n", "", "", "", ""],
        "meta": ["Thứ Bảy, 05/12/2026, 19:30", "Nhà văn hóa Tổ dân phố số 5", "Chủ trì: đ/c Nguyễn Văn Thành"],
        "checks": [
            {
                "state": "n",
                "text": "Quý IV chưa có sinh hoạt chuyên đề",
                "small": "Tối thiểu mỗi quý một lần.",
                "url": "#main",
                "link": "Lên lịch",
            },
            {"state": "w", "text": "Đ/c Phùng Văn Bảy vắng 2 buổi trong năm", "small": "Tháng 4 và tháng 9."},
            {"state": "y", "text": "Đủ thời gian tối thiểu"},
        ],
        "filters": [
            {"url": "#main", "label": "Tháng 10"},
            {"url": "#main", "label": "Tháng 11", "current": True},
            {"url": "#main", "label": "Cần quan tâm", "count": 3},
        ],
    }
