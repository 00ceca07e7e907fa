"""Forms of members and of their dated rows."""

from django import forms
from django.utils import timezone

from core.forms import Form, ModelForm
from members.models import Exemption, FeeCategory, Member, Membership, Organisation, Placement, Post, Status
from members.states import PostTitle, StatusKind

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


class RowForm(DatedFormMixin, ModelForm):
    """Base of the forms of dated rows; the view sets member and, for posts, organisation."""

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
        self.fields["cell"].queryset = Organisation.objects.cells()


class FeeCategoryForm(RowForm):
    class Meta:
        model = FeeCategory
        fields = ("kind", "starts_on", "ends_on")


class PostForm(RowForm):
    """Posts of a cell; those of superiors and of the system are given on their own organisation's page."""

    class Meta:
        model = Post
        fields = ("title", "term", "starts_on", "ends_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.organisation.is_cell:
            hidden = (PostTitle.SUPERIOR_OFFICER, PostTitle.SYSADMIN)
        else:
            hidden = tuple(set(PostTitle) - {PostTitle.SUPERIOR_OFFICER, PostTitle.INSPECTOR})
        self.fields["title"].choices = [choice for choice in PostTitle.choices if choice[0] not in hidden]
        self.fields["term"].initial = self.instance.organisation.term


ROW_FORMS = {
    "status": StatusForm,
    "exemption": ExemptionForm,
    "placement": PlacementForm,
    "membership": MembershipForm,
    "feecategory": FeeCategoryForm,
    "post": PostForm,
}


class OrganisationForm(ModelForm):
    class Meta:
        model = Organisation
        fields = (
            "name", "short_name", "slug", "document_name", "place", "symbol", "term", "regular_day", "regular_time",
            "meeting_place",
        )  # fmt: skip


class ImportForm(Form):
    """Lines pasted from a spreadsheet: one person a line."""

    lines = forms.CharField(
        label="Các dòng dán từ bảng tính",
        help_text="Mỗi dòng một đồng chí; các cột: họ và tên, ngày sinh, giới tính, ngày vào Đảng, ngày chính thức, "
        "số thẻ, điện thoại, thư điện tử. Dòng tiêu đề được nhận ra và bỏ qua.",
        widget=forms.Textarea(attrs={"rows": 10, "class": "w-full", "spellcheck": "false"}),
        max_length=100_000,
    )
