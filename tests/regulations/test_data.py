"""The data file against the facts, and against what the code asks for."""

import ast
import datetime
import re
from pathlib import Path

import pytest

from members.activity_words import words
from regulations.loading import load_rules, read_rules
from regulations.lookup import latest
from regulations.models import Rule

ROOT = Path(__file__).resolve().parents[2]
APPS = ("chibo", "members", "documents", "notices", "assignments", "meetings", "fees", "pledges", "reviews")
TODAY = datetime.date(2026, 12, 5)
KEY = re.compile(r'"((?:meeting|vote|committee|cell|minutes|document|mail|fee|pledge|review)(?:\.[A-Za-z_0-9]+)+)"')
PURE = (
    "fees/calculation.py",
    "fees/relief.py",
    "fees/tariff.py",
    "fees/checks/people.py",
    "reviews/eligibility.py",
    "reviews/grading.py",
    "reviews/rota.py",
)  # they get rule_for() handed in as ``rule``


def row(key, on=TODAY):
    return latest([rule for rule in read_rules() if rule.key == key], on)


@pytest.mark.parametrize(
    ("key", "value", "unit", "verified", "local"),
    [
        # Hướng dẫn 42-HD/BTCTW, 28/10/2025: 90 minutes, 120 for both kinds in one; told a day before
        ("meeting.min_minutes", "90", "phút", True, False),
        ("meeting.min_minutes_combined", "120", "phút", True, False),
        ("meeting.notice_min_days", "1", "ngày", True, True),
        ("meeting.notice_recommended_days", "3", "ngày", False, True),
        # Điều lệ Đảng: once a month; thematic once a quarter (12-HD/BTCTW)
        ("meeting.regular_per_month", "1", "lần", True, False),
        ("meeting.thematic_per_quarter", "1", "lần", False, False),
        # Quy định 294-QĐ/TW, 9.3: more than half; two thirds for admission, deletion, …
        ("vote.simple_majority", "1/2", "số đảng viên tính tỷ lệ", True, False),
        ("vote.two_thirds", "2/3", "số đảng viên tính tỷ lệ", True, False),
        ("vote.deduct_absent", "có", "", False, True),  # for a monthly meeting an interpretation, hence a setting
        # Điều lệ Đảng, Điều 24; 294-QĐ/TW, 23.2: committee from nine, at most seven; cell from three
        ("committee.min_official", "9", "đảng viên chính thức", True, False),
        ("committee.max_members", "7", "người", True, False),
        ("cell.min_official", "3", "đảng viên chính thức", True, False),
        ("minutes.numbered", "có", "", False, True),
    ],
)
def test_data_file_says_what_the_rules_say(key, value, unit, verified, local):
    found = row(key)
    assert (found.value, found.unit, found.verified, found.locally_settable) == (value, unit, verified, local)


OLD, NEW, THEN = datetime.date(2026, 1, 31), datetime.date(2026, 2, 1), datetime.date(2028, 1, 1)


@pytest.mark.parametrize(
    ("key", "on", "value", "unit", "verified", "local"),
    [
        # DOMAIN §3.1, Quy định 01-QĐ/TW from 1/2/2026; §3.3, Quyết định 342-QĐ/TW for the months before
        ("fee.rate.si_salary", NEW, "1", "% tiền lương đóng BHXH", True, False),
        ("fee.rate.si_salary", OLD, "1", "% tiền lương", True, False),
        ("fee.rate.si_benefit", NEW, "1", "% trợ cấp", True, False),
        ("fee.rate.si_benefit", OLD, "", "% trợ cấp", False, False),
        ("fee.rate.pension", NEW, "0.5", "% lương hưu", True, False),
        ("fee.rate.pension", OLD, "0.5", "% lương hưu", True, False),
        ("fee.amount.student", NEW, "5000", "đồng/tháng", True, False),
        ("fee.amount.student", OLD, "", "đồng/tháng", False, True),  # 2,000 to 30,000: the cell says
        ("fee.rate.min_wage_working", NEW, "0.3", "% lương tối thiểu vùng", True, False),
        ("fee.rate.min_wage_working", THEN, "0.5", "% lương tối thiểu vùng", True, False),
        ("fee.rate.min_wage_retired", NEW, "0.2", "% lương tối thiểu vùng", True, False),
        ("fee.rate.min_wage_retired", THEN, "0.3", "% lương tối thiểu vùng", True, False),
        ("fee.amount.other", OLD, "", "đồng/tháng", False, True),
        ("fee.share.outside_working_age", OLD, "50", "%", True, False),
        ("fee.rate.abroad_state", NEW, "", "% sinh hoạt phí", False, False),  # no text states the rate
        ("fee.amount.abroad_other", NEW, "", "đồng/tháng", False, False),
        # Nghị định 293/2025/NĐ-CP; the amounts are [M]
        ("fee.min_wage.I", NEW, "5310000", "đồng/tháng", False, False),
        ("fee.min_wage.II", NEW, "4730000", "đồng/tháng", False, False),
        ("fee.min_wage.III", NEW, "4140000", "đồng/tháng", False, False),
        ("fee.min_wage.IV", NEW, "3700000", "đồng/tháng", False, False),
        ("fee.region", NEW, "", "", False, True),
        # 2026: men 61 y 6 m, women 57 y; +3 and +4 months a year up to 62 (2028) and 60 (2035) [M]
        ("fee.retirement_months.men", NEW, "738", "tháng tuổi", False, False),
        ("fee.retirement_months.men", THEN, "744", "tháng tuổi", False, False),
        ("fee.retirement_months.women", NEW, "684", "tháng tuổi", False, False),
        ("fee.retirement_months.women", datetime.date(2035, 1, 1), "720", "tháng tuổi", False, False),
        # DOMAIN §3.2: 50 years; at most 12 months; 30, 50 or 70 %; three months unpaid in a year
        ("fee.exempt_party_years", NEW, "50", "năm", True, False),
        ("fee.exempt_from_next_month", NEW, "có", "", False, False),  # §11 item 12: a setting
        ("fee.waiver_max_months", NEW, "12", "tháng", True, False),
        ("fee.reduction_percents", NEW, "30 50 70", "%", True, False),
        ("fee.waiver_decided_by_cell", NEW, "không", "", True, False),  # a chi bộ cơ sở: its superior lays "có"
        ("fee.unpaid_months_limit", NEW, "3", "tháng", True, False),
        ("fee.base_review_months", NEW, "12", "tháng", False, False),  # §3.5: another one
        ("fee.student_max_age", NEW, "30", "tuổi", False, False),  # §3.5: a check of the audit, no rule
        # DOMAIN §3.1: no rule of rounding was found; §3.3: the shares under 01-QĐ/TW were not found
        ("fee.rounding", NEW, "1", "đồng", False, True),
        ("fee.retained_percent", NEW, "", "%", False, False),
        # DOMAIN §10: whether names are shown is a decision of the cell
        ("fee.status_open_to_members", NEW, "không", "", False, True),
        ("fee.names_in_agenda", NEW, "không", "", False, True),
    ],
)
def test_data_file_says_what_the_rules_of_the_fee_say(key, on, value, unit, verified, local):
    found = row(key, on)
    assert (found.value, found.unit, found.verified, found.locally_settable) == (value, unit, verified, local)


@pytest.mark.parametrize(
    ("key", "value", "unit", "verified", "local"),
    [
        # DOMAIN §5: at least three deeds for every member and the collective, due by 31 January (setting)
        ("pledge.min_deeds", "3", "việc", False, True),
        ("pledge.due_day_of_january", "31", "tháng 1", False, True),
        # DOMAIN §4.4: some members in each meeting; how many is the cell's own
        ("review.turns_per_meeting_min", "1", "người", False, True),
        ("review.turns_per_meeting_max", "3", "người", False, True),
        # DOMAIN §4.1: at most 20 % of those at least good [C for 2021; 366-QĐ/TW's wording M]
        ("review.excellent_share", "20", "% số xếp từ mức tốt trở lên", False, False),
        ("review.majority_share", "1/2", "số đảng viên tính tỷ lệ", False, False),
        # exempt [C:S1 §7.2.3] and suspended [C:S66] not at all; under six months no grade, placed members at home [M]
        ("review.min_party_months", "6", "tháng", False, False),
        ("review.exempt_reviewed", "không", "", True, False),
        ("review.exempt_temporary_reviewed", "không", "", False, False),
        ("review.suspended_reviewed", "không", "", True, False),
        ("review.placed_graded_at_home", "có", "", False, False),
    ],
)
def test_data_file_says_what_the_rules_of_the_review_say(key, value, unit, verified, local):
    found = row(key)
    assert (found.value, found.unit, found.verified, found.locally_settable) == (value, unit, verified, local)


@pytest.mark.parametrize(
    ("key", "first", "last", "start", "step", "most"),
    [  # Bộ luật Lao động 2019, Điều 169: 60 y 3 m and 55 y 4 m in 2021
        ("fee.retirement_months.men", 2021, 2030, 60 * 12 + 3, 3, 62 * 12),
        ("fee.retirement_months.women", 2021, 2040, 55 * 12 + 4, 4, 60 * 12),
    ],
)
def test_retirement_age_rises_every_year_to_its_end(key, first, last, start, step, most):
    for year in range(first, last + 1):
        wanted = str(min(start + step * (year - first), most))
        assert {row(key, datetime.date(year, 1, 1)).value, row(key, datetime.date(year, 12, 31)).value} == {wanted}


def test_tables_above_leave_no_rule_out():
    tables = (
        test_data_file_says_what_the_rules_say,
        test_data_file_says_what_the_rules_of_the_fee_say,
        test_data_file_says_what_the_rules_of_the_review_say,
    )
    named = {line[0] for table in tables for line in table.pytestmark[0].args[1]}
    assert named == {rule.key for rule in read_rules()}


def test_minutes_rule_was_the_same_under_the_older_guide():
    assert row("meeting.min_minutes", datetime.date(2025, 10, 27)).source == "Hướng dẫn 12-HD/BTCTW, 06/7/2018"
    assert row("meeting.min_minutes", datetime.date(2025, 10, 28)).source == "Hướng dẫn 42-HD/BTCTW, 28/10/2025"


def test_every_row_has_a_source_and_rows_of_a_key_never_overlap():
    rows = read_rules()
    assert [rule.key for rule in rows if not rule.source.strip() or not rule.title.strip()] == []
    for rule in rows:
        others = [other for other in rows if other.key == rule.key and other.valid_from < rule.valid_from]
        assert [other.key for other in others if other.valid_to is None or other.valid_to >= rule.valid_from] == []


def keys_asked():
    """Strings of the shape of a key, in the functions that call rule_for(); verbs of the diary look alike."""
    found = {key for path in PURE for key in KEY.findall((ROOT / path).read_text(encoding="utf-8"))}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and "rule_for(" in (text := ast.unparse(node)):
                    found |= set(KEY.findall(text.replace("'", '"')))
    return found - words().keys()


def test_keys_asked_in_code_are_those_of_the_data_file():
    """No question without a row, no row that nobody asks for (DESIGN §3: filled with what the code asks for)."""
    assert keys_asked() == {rule.key for rule in read_rules()}


@pytest.mark.django_db
def test_load_rules_makes_the_table_equal_to_the_file():
    Rule.objects.filter(key="vote.two_thirds").update(value="1/2")
    Rule.objects.create(key="x.y", title="x", value="1", valid_from=TODAY, source="x", verified=False)
    load_rules()
    assert Rule.objects.get(key="vote.two_thirds").value == "2/3"
    assert Rule.objects.count() == len(read_rules())
