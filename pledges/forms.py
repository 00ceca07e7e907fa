"""Forms of the chi ủy's year, of progress and of the answers. What is written at length: pledges/writing_forms.py."""

from django import forms

from assignments.forms import FROM_A_PHONE, DayField
from core.forms import ConfirmForm, Form
from core.uploads import FilesField, FilesInput
from pledges.states import Level


def due_field(label="Hạn gửi", **kwargs):
    return DayField(label=label, help_text="Ví dụ: 31/01/2027",
                    error_messages={"required": "Đồng chí ghi hạn gửi."}, **kwargs)  # fmt: skip


def remark_field(label, sentence, **kwargs):
    return forms.CharField(
        label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": sentence}, **kwargs,
    )  # fmt: skip


class OpenYearForm(Form):
    """The registration of a year is opened."""

    theme = forms.CharField(
        label="Chủ đề của năm", max_length=250, required=False,
        help_text="Ghi chủ đề học tập và làm theo Bác của năm theo hướng dẫn của cấp trên, nếu có.",
    )  # fmt: skip
    due_on = due_field("Hạn gửi bản đăng ký")


class AskForm(Form):
    """A self-assessment is asked for."""

    due_on = due_field("Hạn gửi bản tự đánh giá")


class ReportForm(Form):
    """What was done for a deed."""

    text = forms.CharField(
        label="Kết quả đã làm", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ghi ngắn: đã làm gì, được bao nhiêu so với mục tiêu.",
        error_messages={"required": "Đồng chí ghi kết quả đã làm."},
    )  # fmt: skip
    files = FilesField(
        label="Ảnh, tệp minh chứng", required=False,
        help_text="Chụp ảnh hoặc chọn ảnh, PDF, Word, Excel, PowerPoint; mỗi tệp tối đa 20 MB. Chọn được nhiều tệp.",
        widget=FilesInput({"accept": FROM_A_PHONE}),
        error_messages={"empty": "Tệp rỗng, không có nội dung. Đồng chí chọn lại tệp."},
    )  # fmt: skip
    reached = forms.BooleanField(label="Việc này đã đạt mục tiêu", required=False)


class ReturnForm(Form):
    remark = remark_field(
        "Góp ý", "Đồng chí ghi góp ý để người viết sửa.", help_text="Ghi rõ việc nào cần sửa, bổ sung gì."
    )


class ReopenForm(Form):
    remark = remark_field("Lý do mở lại", "Đồng chí ghi lý do mở lại.")


class LevelForm(Form):
    """The level that the cell gave."""

    level = forms.ChoiceField(
        label="Mức chi bộ xếp", choices=Level.choices, widget=forms.RadioSelect,
        error_messages={"required": "Đồng chí chọn mức chi bộ xếp."},
    )  # fmt: skip
    remark = remark_field(
        "Nhận xét", "", required=False, help_text="Cần ghi khi mức thấp hơn mức tự nhận; người tự đánh giá đọc được."
    )


PLEDGE_FORMS = {
    "submit": ConfirmForm,
    "take_back": ConfirmForm,
    "register": ConfirmForm,
    "return": ReturnForm,
    "reopen": ReopenForm,
}
ASSESSMENT_FORMS = {"submit": ConfirmForm, "return": ReturnForm, "level": LevelForm, "correct": LevelForm}
