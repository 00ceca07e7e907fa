"""The two long forms: a pledge with its deeds, a self-assessment. A draft is kept however little stands in it."""

import datetime

from django import forms

from assignments.forms import DayField
from core.errors import STALE
from core.forms import Form, TextNormalised
from pledges.models import Pledge
from pledges.queries import deeds_to_write
from pledges.services.writing import TEXTS
from pledges.states import Area, Level, Outcome
from pledges.wording import MOST_DEEDS, NO_COMMITMENT, PARTS, too_few

FIRST_CARDS = 3
AREAS = [("", "Chọn lĩnh vực"), *Area.choices]
COMMITMENT_HINT = (
    "Cam kết về tư tưởng chính trị; đạo đức, lối sống; ý thức tổ chức kỷ luật; thực hiện nhiệm vụ; những điều đảng "
    "viên không được làm; khắc phục hạn chế của năm trước."
)


class Later:
    """Mixin of a field that is needed only when the paper is handed in: shown as needed, kept without it."""

    def validate(self, value):
        if value not in self.empty_values:
            super().validate(value)


class LaterText(Later, forms.CharField):
    pass


class LaterChoice(Later, forms.ChoiceField):
    pass


class LaterDay(Later, DayField):
    pass


def lines(rows, **attrs):
    return forms.Textarea(attrs={"rows": rows, **attrs})


class DeedForm(TextNormalised, forms.Form):
    """One numbered card. ``deed`` is the row it was made from, None for a new one."""

    use_required_attribute = False

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = LaterText(label="Việc làm theo Bác", max_length=300, widget=lines(2))
    area = LaterChoice(label="Lĩnh vực", choices=AREAS, widget=forms.Select(attrs={"class": "w-short"}))
    measure = LaterText(
        label="Cách đo kết quả", max_length=300, widget=lines(2), help_text="Ví dụ: số hộ được giúp, số buổi, số cuốn."
    )
    target = LaterText(label="Mục tiêu", max_length=300, widget=lines(2), help_text="Ví dụ: giúp 2 hộ, đọc 4 cuốn.")
    due_on = LaterDay(label="Hạn hoàn thành", help_text="Ngày, tháng, năm; trong năm đăng ký.")
    evidence = forms.CharField(
        label="Minh chứng dự kiến", max_length=300, required=False, widget=lines(2),
        help_text="Ví dụ: ảnh, sổ ghi chép, xác nhận của tổ dân phố.",
    )  # fmt: skip

    def __init__(self, *args, deed=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.deed = deed
        if not self.prefix.endswith("-0"):  # said once, on the first card
            for field in self.fields.values():
                field.help_text = ""

    def is_blank(self) -> bool:
        """Nothing was written on the card."""
        return not any(self.cleaned_data.get(name) for name in (*TEXTS, "due_on"))

    def say_missing(self, number, year):
        """What a deed needs before it is handed in, at its fields (as ``wording.problems``)."""
        for name, words in (*PARTS, ("due_on", "hạn hoàn thành")):
            if not self.cleaned_data.get(name):
                self.add_error(name, f"Việc {number}: {'chọn' if name == 'area' else 'ghi'} {words}.")
        due_on = self.cleaned_data.get("due_on")
        if due_on and due_on.year != year:
            self.add_error("due_on", f"Hạn của việc {number} phải trong năm {year}.")


class PledgeForm(Form):
    """The commitment and the cards of the deeds (``cards``), which ``attempt`` takes as one form."""

    use_required_attribute = False

    commitment = LaterText(label="Nội dung cam kết", max_length=6000, widget=lines(7), help_text=COMMITMENT_HINT)
    version = forms.IntegerField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    rows = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=MOST_DEEDS,
        error_messages={"required": STALE, "invalid": STALE, "min_value": STALE, "max_value": STALE},
    )  # fmt: skip

    def __init__(self, data=None, *, pledge: Pledge, typed=None):
        """``typed`` is what ``as_typed`` made of a form that is not to be judged yet."""
        self.pledge, self.known = pledge, {deed.pk: deed for deed in deeds_to_write(pledge)}
        cards = typed["cards"] if typed else self._stored()
        first = typed or {"commitment": pledge.commitment, "version": pledge.version}
        super().__init__(data, initial=first | {"rows": len(cards)})
        if pledge.is_collective:
            self.fields["commitment"].required = False
        if data is not None:
            cards = [{"pk": data.get(f"viec-{number}-pk")} for number in range(_count(data))]
        self.cards = [self._card(data, number, first) for number, first in enumerate(cards)]

    def _stored(self):
        names = ("pk", *TEXTS, "due_on")
        found = [{name: getattr(deed, name) for name in names} for deed in self.known.values()]
        return found + [{}] * max(0, FIRST_CARDS - len(found))

    def _card(self, data, number, first):
        pk = str(first.get("pk") or "")
        deed = self.known.get(int(pk)) if pk.isascii() and pk.isdigit() else None
        return DeedForm(data, prefix=f"viec-{number}", initial=first, deed=deed)

    @property
    def everything(self) -> list:
        """All forms of the page, for the summary of errors."""
        return [self, *self.cards]

    @property
    def may_grow(self) -> bool:
        return len(self.cards) < MOST_DEEDS

    def is_valid(self):
        return all([super().is_valid(), *(card.is_valid() for card in self.cards)])

    def written(self):
        return [card for card in self.cards if not card.is_blank()]

    def service_values(self):
        """For ``writing.save``."""
        deeds = [{name: card.cleaned_data[name] for name in ("pk", *TEXTS, "due_on")} for card in self.written()]
        return {"commitment": self.cleaned_data["commitment"], "version": self.cleaned_data["version"], "deeds": deeds}

    def say_missing(self, least) -> bool:
        """Put at its field whatever keeps this valid form from being handed in; False when nothing does."""
        if not (self.pledge.is_collective or self.cleaned_data["commitment"]):
            self.add_error("commitment", NO_COMMITMENT)
        written = self.written()
        if len(written) < least:
            self.add_error(None, too_few(len(written), least))
        for number, card in enumerate(written, 1):
            card.say_missing(number, self.pledge.year)
        return any(form.errors for form in self.everything)

    @property
    def failed(self) -> bool:
        return self.is_bound and any(form.errors for form in self.everything)


def _count(data) -> int:
    text = data.get("rows", "")
    return min(int(text), MOST_DEEDS) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def as_typed(data, *, more=False, without=None) -> dict:
    """What was typed, unjudged, with one card more or without the card of that number."""
    names = list(DeedForm.base_fields)
    cards = [{name: data.get(f"viec-{number}-{name}", "") for name in names} for number in range(_count(data))]
    if without is not None and without < len(cards):
        del cards[without]
    if more and len(cards) < MOST_DEEDS:
        cards.append({})
    return {"commitment": data.get("commitment", ""), "version": data.get("version", ""), "cards": cards}


def as_sent(form: PledgeForm) -> dict:
    """The fields of an unbound form as a browser sends them: what was just saved is judged as if sent again."""
    return {bound.html_name: _text(bound.value()) for each in form.everything for bound in each}


def _text(value) -> str:
    if isinstance(value, datetime.date):
        return value.strftime("%d/%m/%Y")
    return "" if value is None else str(value)


class AssessmentForm(Form):
    """How far each deed came, what one thinks of it, the level one claims. ``rows`` pairs the fields of a deed."""

    use_required_attribute = False

    self_level = LaterChoice(label="Mức tự nhận", choices=Level.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Tự đánh giá chung", max_length=6000, required=False, widget=lines(6),
        help_text="Kết quả nổi bật, việc chưa làm được, nguyên nhân, hướng khắc phục.",
    )  # fmt: skip

    def __init__(self, data=None, *, assessment, deeds):
        found = {row.deed_id: row for row in assessment.results.all()}
        self.deeds = list(deeds)
        super().__init__(data, initial={"self_level": assessment.self_level, "text": assessment.text})
        for number, deed in enumerate(self.deeds, 1):
            row = found.get(deed.pk)
            self.fields[f"ket-qua-{deed.pk}"] = LaterChoice(
                label=f"Kết quả việc {number}", choices=Outcome.choices, initial=row.outcome if row else "",
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"loi-{deed.pk}"] = forms.CharField(
                label="Kết quả cụ thể", max_length=1000, required=False, initial=row.words if row else "",
                widget=lines(2),
            )  # fmt: skip

    @property
    def rows(self):
        """(number, deed, its outcome, its words)."""
        for number, deed in enumerate(self.deeds, 1):
            yield number, deed, self[f"ket-qua-{deed.pk}"], self[f"loi-{deed.pk}"]

    def service_values(self):
        """For ``assessing.save``."""
        data = self.cleaned_data
        results = {deed.pk: (data[f"ket-qua-{deed.pk}"], data[f"loi-{deed.pk}"]) for deed in self.deeds}
        return {"text": data["text"], "self_level": data["self_level"], "results": results}

    def say_missing(self) -> bool:
        """Put at its field what keeps this valid form from being handed in; False when nothing does."""
        for number, deed in enumerate(self.deeds, 1):
            if not self.cleaned_data[f"ket-qua-{deed.pk}"]:
                self.add_error(f"ket-qua-{deed.pk}", f"Đồng chí chọn kết quả của việc {number}.")
        if not self.cleaned_data["self_level"]:
            self.add_error("self_level", "Đồng chí chọn mức tự nhận.")
        return bool(self.errors)
