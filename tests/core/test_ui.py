"""The tags of the house look: what they promise to every page (design brief, §4, §6 and §9)."""

import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from core import bars, samples
from core.states import Look
from core.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
NBSP = "\u00a0"


def render(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


class Absence(forms.Form):
    reason = forms.CharField(label="Lý do vắng mặt", help_text="Ghi vào biên bản.")
    phone = forms.CharField(label="Số điện thoại", required=False)

    def clean_phone(self):
        if self.cleaned_data["phone"] == "x":
            raise forms.ValidationError("Ghi số điện thoại 10 số.")
        return self.cleaned_data["phone"]


class Thing:
    STATE_UI = {"draft": Look("Đang soạn", "", "pencil"), "live": Look("Đang họp", "live", "dot")}

    def __init__(self, state):
        self.state = state


def test_icon_is_hidden_from_screen_readers():
    assert ui.icon("pencil").startswith('<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path')


def test_icon_unknown_name_raises():
    with pytest.raises(FileNotFoundError):
        ui.icon("no-such-icon")


def test_icons_named_in_templates_exist():
    named = set()
    for page in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([^"]+)" %}', page.read_text(encoding="utf-8")))
    assert named - {path.stem for path in ui.ICONS.glob("*.svg")} == set()


def test_state_badge_has_icon_and_words():
    """State never by colour alone (brief §9.1)."""
    assert render("{% state_badge thing %}", thing=Thing("live")) == (
        '<span class="state live"><span class="dot"></span> Đang họp</span>'
    )


def test_badge_text_replaces_the_words():
    assert render('{% badge look "Còn 2 ngày" %}', look=Look("Đang làm", "warn")) == (
        '<span class="state warn">Còn 2 ngày</span>'
    )


def test_badge_escapes_words():
    assert "<b>" not in render("{% badge look %}", look=Look("<b>"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% person name %}", f"đ/c{NBSP}Ngô Xuân Trường"),
        ("{% person name cap=True short=True %}", f"Đ/c{NBSP}Xuân{NBSP}Trường"),
        ("{% person nobody %}", ""),
    ],
)
def test_person_is_tied_together(source, expected):
    assert render(source, name="Ngô Xuân Trường", nobody=None) == expected


def test_tie_joins_address_and_keeps_symbols_on_one_line():
    assert render("{{ text|tie }}", text="Đồng chí đọc 10-NQ/CB & <b>") == (
        f'Đồng{NBSP}chí đọc <span class="nowrap">10-NQ/CB</span> &amp; &lt;b&gt;'
    )


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge trên Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) Version/17 Safari/604", "Safari trên iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Safari/537", "Chrome trên điện thoại Android"),
        ("", "Trình duyệt khác trên máy khác"),
    ],
)
def test_device_is_said_as_people_say_it(agent, expected):
    assert ui.device(agent) == expected


@pytest.mark.parametrize(
    ("value", "whole", "expected"), [(4, 6, 66.7), (0, 6, 0.0), (9, 6, 100.0), (1, 0, 0.0), (None, 6, 0.0)]
)
def test_share_stays_between_nothing_and_all(value, whole, expected):
    assert bars.share(value, whole) == expected


def test_progress_bar_has_words_and_no_style():
    drawn = render('{% progress_bar 4 6 "4/6 hộ" %}')
    assert 'aria-label="4/6 hộ"' in drawn
    assert 'width="66.7%"' in drawn
    assert "style" not in drawn


def test_time_bar_marks_the_legal_minimum():
    """The mark stands at the minimum from the rule table: 90 of 105 minutes."""
    drawn = bars.time_segments([{"label": "A", "minutes": 15}, {"label": "B", "minutes": 90}], 90)
    assert drawn["mark"] == 85.7
    assert drawn["words"] == "A 15 phút, B 90 phút; mốc tối thiểu 90 phút"


def test_time_bar_shorter_than_the_minimum_leaves_room():
    drawn = bars.time_segments([{"label": "B", "minutes": 45}], 90)
    assert (drawn["parts"][0]["width"], drawn["mark"]) == (50.0, 100.0)


def test_vote_bar_says_the_counts():
    drawn = bars.vote_segments(17, 1, 1, 20, 11)
    assert drawn["words"] == "Tán thành 17, không tán thành 1, ý kiến khác 1, trên 20; cần 11"
    assert [part["width"] for part in drawn["parts"]] == [85.0, 5.0, 5.0]
    assert drawn["mark"] == 55.0


def test_columns_mark_low_and_missing():
    drawn = bars.columns([{"label": 9, "value": 78}, {"label": 12, "value": None}], 90)
    assert [column["kind"] for column in drawn] == ["lo", "nil"]


def test_groups_stand_side_by_side_under_the_highest():
    drawn = bars.groups([(1, (50, None)), (2, (100, 25))])
    assert drawn["top"] == 100
    heights = [[column["height"] for column in group["columns"]] for group in drawn["groups"]]
    assert heights == [[38.0, 0.0], [76.0, 19.0]]
    first, second = drawn["groups"][1]["columns"]
    assert first["x"] + first["width"] <= second["x"]
    assert second["x"] + second["width"] <= 100
    assert (first["y"], second["kind"]) == (12.0, "s2")


def test_groups_without_any_value_draw_nothing():
    drawn = render('{% load ui %}{% group_chart rows "Thu" names %}', rows=[(1, (None, 0))], names=["Thu", "Nộp"])
    assert re.findall(r'<rect class="(\w+)" x="\d', drawn) == ["s1", "s2"]  # the legend
    assert "Thu</span>" in drawn


def test_short_pair_stays_on_one_line_of_the_head():
    drawn = render("{% load ui %}{{ name|tie_dash }}", name="CHI BỘ <A> VĂN PHÒNG HĐND – UBND")
    assert drawn == 'CHI BỘ &lt;A&gt; VĂN PHÒNG <span class="nw">HĐND – UBND</span>'


def test_error_summary_links_to_fields():
    form = Absence({"phone": "x"})
    drawn = render("{% error_summary form %}", form=form)
    assert 'role="alert"' in drawn
    assert re.findall(r'<a href="#(\w+)">([^<]+)</a>', drawn) == [
        ("id_reason", "Lý do vắng mặt: Điền mục này."),
        ("id_phone", "Ghi số điện thoại 10 số."),
    ]


def test_error_summary_is_silent_when_all_is_well():
    assert render("{% error_summary form %}", form=Absence({"reason": "Ốm"})).strip() == ""


def test_error_summary_without_a_form_is_silent():
    assert render("{% error_summary form %}", form=None).strip() == ""


def test_field_ties_hint_and_error_to_the_input():
    drawn = render("{% field form.reason %}", form=Absence({}))
    assert 'class="field bad"' in drawn
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert drawn.index('id="id_reason_helptext"') < drawn.index('id="id_reason_error"') < drawn.index("<input")


def test_field_says_what_is_optional():
    drawn = render("{% field form.reason %}{% field form.phone %}", form=Absence())
    assert drawn.count("(không bắt buộc)") == 1


def test_field_draws_choices_as_a_named_group():
    drawn = render("{% field form.kind %}", form=samples.SampleForm())
    assert "<legend" in drawn
    assert drawn.count('type="radio"') == 3


def test_submission_is_fresh_each_time():
    first, second = render("{% submission %}"), render("{% submission %}")
    assert first.startswith('<input type="hidden" name="submission" value="')
    assert first != second


def test_crispy_form_carries_the_summary():
    drawn = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": Absence({})}))
    assert (drawn.count('class="errors"'), drawn.count('class="field bad"')) == (1, 1)


def test_styleguide_parts_hold_no_style_attribute():
    drawn = "".join(
        render_to_string(f"core/{name}.html", samples.context())
        for name in ("_stepper", "_timeline", "_checks", "_saved", "_conflict", "_filter")
    )
    assert " style=" not in drawn


def test_templates_and_scripts_hold_no_inline_style_or_handler():
    """Content-Security-Policy: style-src 'self'; script-src 'self'."""
    guilty = [
        page.name
        for page in (ROOT / "templates").rglob("*.html")
        if not {"pdf", "email"} & set(page.parts)
        and re.search(r'\sstyle="|<style|\son[a-z]+="|<script(?![^>]*\ssrc=)', page.read_text(encoding="utf-8"))
    ]
    assert guilty == []
