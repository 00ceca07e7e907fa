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
APPS = ("chibo", "members", "documents", "notices", "assignments", "meetings", "fees")
TODAY = datetime.date(2026, 12, 5)
KEY = re.compile(r'"((?:meeting|vote|committee|cell|minutes|document|mail|fee)\.[a-z_0-9]+)"')


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


def test_table_above_leaves_no_rule_out():
    table = test_data_file_says_what_the_rules_say.pytestmark[0].args[1]
    assert {line[0] for line in table} == {rule.key for rule in read_rules()}


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
    found = set()
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
