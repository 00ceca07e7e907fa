"""Forms of members and of their dated rows."""

from django import forms
from django.utils import timezone

from core.forms import Form, ModelForm
from members.models import Exemption, FeeCategory, Member, Membership, Organisation, Placement, Post, Status
from members.models.organisations import Rhythm, Weekday
from members.models.people import Sex
from members.states import HIGHER_TITLES, PostTitle, StatusKind

DATE_HINT = "Ngày/tháng/năm, ví dụ 05/12/2026."


class DateInput(forms.DateInput):
    """A plain text date as people write it."""

    def __init__(self):
        super().__init__(format="%d/%m/%Y", attrs={"class": "w-date", "inputmode": "numeric", "autocomplete": "off"})


class DatedFormMixin:
    """Dates typed dd/mm/yyyy; ends_on must not come before starts_on."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DateInput()
                field.help_text = field.help_text or DATE_HINT

    def clean(self):
        data = super().clean()
        if data.get("ends_on") and data.get("starts_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
        return data


class MemberForm(DatedFormMixin, ModelForm):
    class Meta:
        model = Member
        fields = (
            "full_name", "birth_date", "sex", "occupation", "admitted_on", "official_on",
            "card_no", "dossier_no", "email", "phone",
        )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sex"].choices = [("", "Chưa ghi"), *Sex.choices]
        for name in ("sex", "card_no", "dossier_no", "phone"):
            self.fields[name].widget.attrs["class"] = "w-short"
        self.fields["email"].help_text = "Để nhận thông báo họp. Không có thì xem thông báo trên trang."

    def clean(self):
        data = super().clean()
        first, second = data.get("admitted_on"), data.get("official_on")
        if first and second and second < first:
            self.add_error("official_on", "Ngày chính thức phải sau ngày vào Đảng.")
        if data.get("birth_date") and data["birth_date"] >= timezone.localdate():
            self.add_error("birth_date", "Ngày sinh phải trước hôm nay.")
        return data


class NewMemberForm(MemberForm):
    """Also asks with which status and from when the person stands in the cell's book."""

    status = forms.ChoiceField(
        label="Tình trạng",
        choices=[choice for choice in StatusKind.choices if choice[0] in ("official", "probationary", "candidate")],
        initial=StatusKind.OFFICIAL,
    )
    starts_on = forms.DateField(label="Vào sổ chi bộ từ ngày", initial=timezone.localdate)

    def service_values(self):
        values = super().service_values()
        return values | {name: self.cleaned_data[name] for name in ("status", "starts_on")}


class VisitorForm(NewMemberForm):
    """A member whose book is elsewhere, in temporary activities here."""

    place = forms.CharField(label="Chi bộ, đảng bộ nơi đến từ", max_length=150)
    ends_on = forms.DateField(label="Đến hết ngày", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [
            choice for choice in StatusKind.choices if choice[0] in (StatusKind.OFFICIAL, StatusKind.PROBATIONARY)
        ]
        self.fields["starts_on"].label = "Sinh hoạt tạm thời từ ngày"

    def service_values(self):
        return super().service_values() | {name: self.cleaned_data[name] for name in ("place", "ends_on")}


class RowForm(DatedFormMixin, ModelForm):
    """Base of the forms of dated rows; the view sets member and, for posts, organisation.

    ``cells``: where the person at the keyboard may write people in (only memberships ask).
    """

    def __init__(self, *args, cells=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.cells = cells
        if self.instance._state.adding:
            self.initial["starts_on"] = timezone.localdate()

    def service_values(self):
        return {"row": self.save(commit=False)}


class StatusForm(RowForm):
    class Meta:
        model = Status
        fields = ("kind", "starts_on", "ends_on", "decision")


class ExemptionForm(RowForm):
    class Meta:
        model = Exemption
        fields = ("kind", "starts_on", "ends_on", "decision", "reason")


class PlacementForm(RowForm):
    class Meta:
        model = Placement
        fields = ("kind", "place", "starts_on", "ends_on")


class MembershipForm(RowForm):
    class Meta:
        model = Membership
        fields = ("cell", "starts_on", "ends_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = {cell.pk for cell in self.cells} | {self.instance.cell_id}
        self.fields["cell"].queryset = Organisation.objects.cells().filter(pk__in=allowed)


class FeeCategoryForm(RowForm):
    class Meta:
        model = FeeCategory
        fields = ("kind", "starts_on", "ends_on")


class PostForm(RowForm):
    """Posts of a cell; those of superiors and of the system are given on their own organisation's page.

    ``only``: the titles offered, when fewer than the organisation knows.
    """

    class Meta:
        model = Post
        fields = ("title", "term", "starts_on", "ends_on")

    def __init__(self, *args, only=(), **kwargs):
        super().__init__(*args, **kwargs)
        organisation = self.instance.organisation
        own = [title for title in PostTitle if (title in HIGHER_TITLES) != organisation.is_cell]
        self.fields["title"].choices = [choice for choice in PostTitle.choices if choice[0] in (only or own)]
        if self.instance._state.adding:
            self.initial["term"] = organisation.term
        self.fields["term"].widget.attrs["class"] = "w-short"


ROW_FORMS = {
    "status": StatusForm,
    "exemption": ExemptionForm,
    "placement": PlacementForm,
    "membership": MembershipForm,
    "feecategory": FeeCategoryForm,
    "post": PostForm,
}


class OfficerForm(PostForm):
    """A post of a superior for somebody who stands in no cell's book here: name and contact come along."""

    full_name = forms.CharField(label="Họ và tên", max_length=100)
    occupation = forms.CharField(label="Nghề nghiệp, chức vụ công tác", max_length=150, required=False)
    email = forms.EmailField(label="Thư điện tử", required=False)
    phone = forms.CharField(label="Điện thoại", max_length=20, required=False)
    field_order = ("full_name", "occupation", "email", "phone", "title", "term", "starts_on", "ends_on")

    def service_values(self):
        facts = {name: self.cleaned_data[name] for name in ("full_name", "occupation", "email", "phone")}
        return {"member": Member(**facts), "post": self.save(commit=False)}


RHYTHM_DETAILS = ("regular_day", "regular_week", "regular_weekday")
RHYTHM = ("rhythm", *RHYTHM_DETAILS, "meets_on_weekends")


class OrganisationForm(ModelForm):
    """Facts of a cell or a superior; what follows from the name may stay empty. A superior has no regular day."""

    class Meta:
        model = Organisation
        fields = (
            "name", "short_name", "slug", "document_name", "place", "symbol", "term", *RHYTHM, "regular_time",
            "meeting_place",
        )  # fmt: skip
        widgets = {"rhythm": forms.RadioSelect}
        labels = {"rhythm": "Sinh hoạt thường kỳ vào"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, follows in FOLLOWS.items():
            self.fields[name].required = False
            self.fields[name].help_text = follows
        for name in ("slug", "symbol", "term"):
            self.fields[name].widget.attrs["class"] = "w-short"
        if self.instance.is_cell and "rhythm" in self.fields:
            prepare_rhythm(self.fields)
            self.fields["regular_time"].widget = forms.TimeInput(format="%H:%M", attrs={"class": "w-num"})
        else:
            for name in (*RHYTHM, "regular_time", "meeting_place"):
                self.fields.pop(name, None)

    def clean_regular_day(self):
        day = self.cleaned_data["regular_day"]
        if day is not None and not 1 <= day <= 28:
            raise forms.ValidationError("Chọn ngày từ 1 đến 28, để tháng nào cũng có ngày ấy.")
        return day

    def clean(self):
        data = super().clean()
        for name in RHYTHM_DETAILS:  # the part of the rhythm that is not used may be left away
            if name in self.fields and name not in self.errors and data.get(name) in (None, ""):
                data[name] = getattr(self.instance, name)
        at_weekends = data.get("rhythm") == Rhythm.WEEKDAY and (data.get("regular_weekday") or 0) >= Weekday.SATURDAY
        if at_weekends and not data.get("meets_on_weekends"):
            self.add_error("meets_on_weekends", "Chọn mục này để họp vào thứ Bảy, Chủ nhật, hoặc chọn thứ khác.")
        return data


def prepare_rhythm(fields):
    """Words of the fields that say when a cell meets: both ways stand on the form, one of them counts."""
    fields["rhythm"].choices = [
        (Rhythm.DAY, "Một ngày cố định, như mùng 5 hằng tháng"),
        (Rhythm.WEEKDAY, "Một thứ cố định, như Thứ Hai đầu tiên hằng tháng"),
    ]
    fields["rhythm"].help_text = "Rơi vào ngày nghỉ thì lịch năm chuyển sang ngày làm việc kế tiếp trong tháng."
    fields["regular_day"].widget = forms.NumberInput(attrs={"class": "w-num", "min": 1, "max": 28})
    fields["regular_day"].label = "Ngày trong tháng"
    fields["regular_day"].help_text = "Từ 1 đến 28. Dùng khi họp theo ngày cố định."
    fields["regular_week"].label = "Lần thứ mấy trong tháng"
    fields["regular_weekday"].label = "Vào thứ"
    for name in ("regular_week", "regular_weekday"):
        fields[name].help_text = "Dùng khi họp theo thứ."
        fields[name].widget.attrs["class"] = "w-short"
    for name in RHYTHM_DETAILS:
        fields[name].required = False


FOLLOWS = {
    "short_name": "Hiện ở đầu trang và trong danh sách. Để trống thì lấy tên đầy đủ.",
    "slug": "Chữ không dấu, nối bằng dấu gạch. Để trống thì tự đặt từ tên gọn.",
    "document_name": "Viết như in ở đầu văn bản, ví dụ CHI BỘ TỔ DÂN PHỐ SỐ 5. Để trống thì viết hoa tên.",
    "symbol": "CB cho chi bộ, ĐU cho đảng ủy. Để trống thì tự chọn.",
}


class NewOrganisationForm(OrganisationForm):
    """A new organisation below another: also its kind. The view sets the parent."""

    class Meta(OrganisationForm.Meta):
        fields = ("kind", "name", "short_name", "slug", "document_name", "place", "symbol", "term")

    kind = forms.ChoiceField(
        label="Loại tổ chức", choices=Organisation.Kind.choices, initial="cell", widget=forms.RadioSelect
    )
    field_order = ("kind",)

    def clean_kind(self):
        self.instance.kind = self.cleaned_data["kind"]
        return self.cleaned_data["kind"]


class ImportForm(DatedFormMixin, Form):
    """Lines pasted from a spreadsheet: one person a line."""

    lines = forms.CharField(
        label="Các dòng dán từ bảng tính",
        help_text="Mỗi dòng một đồng chí; các cột: họ và tên, ngày sinh, giới tính, ngày vào Đảng, ngày chính thức, "
        "số thẻ, điện thoại, thư điện tử. Có dòng tiêu đề thì thứ tự cột nào cũng được.",
        widget=forms.Textarea(attrs={"rows": 10, "class": "w-full", "spellcheck": "false"}),
        max_length=100_000,
        strip=False,
    )
    starts_on = forms.DateField(label="Vào sổ chi bộ từ ngày", initial=timezone.localdate)
