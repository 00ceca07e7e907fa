"""Who takes part how in the year's review, and on which form (DOMAIN §4.1)."""

import datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.states import ON_ROLL, ExemptionKind, PlacementKind, StatusKind
from regulations.loading import read_rules
from regulations.lookup import Answer, NotConfigured, latest
from reviews.eligibility import FORMS, Facts, eligibility, form_of
from reviews.states import FormKind, Part

ROWS: dict = {}
for row in read_rules():
    ROWS.setdefault(row.key, []).append(row)
DAY = datetime.date(2026, 12, 15)
LONG_AGO = datetime.date(2015, 6, 1)
OFFICIAL, PROBATIONARY, SUSPENDED = StatusKind.OFFICIAL, StatusKind.PROBATIONARY, StatusKind.SUSPENDED
HERE, ELSEWHERE, OVERSEAS = PlacementKind
GRADED, UNGRADED, OPINION, NOT, UNKNOWN = Part


def ruler(**laid):
    """The national rows, and over them what a superior laid: ``min_party_months`` stands for the whole key."""

    @cache
    def rule(key, on):
        found = latest(ROWS[key], on)
        value = laid.get(key.removeprefix("review."), found.value)
        return Answer(key, found.title, value, found.unit, found.source, found.verified)

    return rule


def facts(standing=OFFICIAL, admitted=LONG_AGO, **more):
    return Facts(standing, admitted, **more)


@pytest.mark.parametrize(
    ("person", "part", "reason", "rules", "opinion_of"),
    [
        (facts(), GRADED, "vào Đảng ngày 01/06/2015, đã đủ 6 tháng", ["min_party_months"], ""),
        (facts(PROBATIONARY), GRADED, "vào Đảng ngày 01/06/2015, đã đủ 6 tháng", ["min_party_months"], ""),
        # admitted less than six months before: review without grade [M]
        (
            facts(PROBATIONARY, datetime.date(2026, 6, 16)),
            UNGRADED,
            "vào Đảng ngày 16/06/2026, đến ngày 15/12/2026 chưa đủ 6 tháng",
            ["min_party_months"],
            "",
        ),
        (
            facts(PROBATIONARY, datetime.date(2026, 6, 15)),
            GRADED,
            "vào Đảng ngày 15/06/2026, đã đủ 6 tháng",
            ["min_party_months"],
            "",
        ),
        (
            facts(admitted=None),
            UNKNOWN,
            "chưa có ngày vào Đảng: bổ sung ở hồ sơ đảng viên rồi xem lại",
            ["min_party_months"],
            "",
        ),
        # exempt from work and activities [C:S1 §7.2.3], suspended [C:S66]: not at all
        (facts(exemption=ExemptionKind.EXEMPT), NOT, "đang miễn công tác và sinh hoạt", ["exempt_reviewed"], ""),
        (
            facts(exemption=ExemptionKind.EXEMPT_TEMPORARY),
            NOT,
            "đang tạm miễn công tác và sinh hoạt",
            ["exempt_temporary_reviewed"],
            "",
        ),
        (facts(SUSPENDED), NOT, "đang đình chỉ sinh hoạt", ["suspended_reviewed"], ""),
        # graded where official, the host gives an opinion [M]
        (
            facts(placement=HERE, home="Chi bộ Sở Y tế"),
            OPINION,
            "sinh hoạt tạm thời tại chi bộ: Chi bộ Sở Y tế xếp loại, chi bộ cho ý kiến nhận xét",
            ["placed_graded_at_home"],
            "",
        ),
        (
            facts(placement=ELSEWHERE, host="Chi bộ Trường Chính trị"),
            GRADED,
            "vào Đảng ngày 01/06/2015, đã đủ 6 tháng, đang sinh hoạt tạm thời ở Chi bộ Trường Chính trị: lấy ý kiến "
            "nhận xét của nơi ấy",
            ["min_party_months", "placed_graded_at_home"],
            "Chi bộ Trường Chính trị",
        ),
        (
            facts(placement=OVERSEAS),
            GRADED,
            "vào Đảng ngày 01/06/2015, đã đủ 6 tháng, đang ở nước ngoài, sinh hoạt tại nơi khác: lấy ý kiến nhận xét "
            "của nơi ấy",
            ["min_party_months", "placed_graded_at_home"],
            "nơi khác",
        ),
        # an exempt member placed elsewhere is exempt
        (
            facts(placement=ELSEWHERE, exemption=ExemptionKind.EXEMPT),
            NOT,
            "đang miễn công tác và sinh hoạt",
            ["exempt_reviewed"],
            "",
        ),
    ],
)
def test_who_takes_part_how_and_why(person, part, reason, rules, opinion_of):
    found = eligibility(person, DAY, ruler())
    assert (found.part, found.reason, found.opinion_of) == (part, reason, opinion_of)
    assert [rule.key for rule in found.rules] == [f"review.{key}" for key in rules]
    assert found.writes == (part in (GRADED, UNGRADED))


@pytest.mark.parametrize(
    ("standing", "word"),
    [
        (StatusKind.CANDIDATE, "quần chúng ưu tú"),
        (StatusKind.LEFT, "xin ra khỏi Đảng"),
        (StatusKind.EXPELLED, "khai trừ"),
        (StatusKind.DECEASED, "từ trần"),
    ],
)
def test_who_is_no_member_is_not_reviewed(standing, word):
    found = eligibility(facts(standing), DAY, ruler())
    assert (found.part, found.reason) == (NOT, f"không có trong danh sách đảng viên ({word})")


@pytest.mark.parametrize(
    ("person", "verified"),
    [
        (facts(exemption=ExemptionKind.EXEMPT), True),
        (facts(SUSPENDED), True),
        (facts(exemption=ExemptionKind.EXEMPT_TEMPORARY), False),
        (facts(placement=HERE), False),
        (facts(), False),
    ],
)
def test_what_was_not_read_shows_as_unverified(person, verified):
    assert eligibility(person, DAY, ruler()).verified == verified


@pytest.mark.parametrize(
    ("laid", "person", "part"),
    [
        ({"min_party_months": "0"}, facts(PROBATIONARY, DAY), GRADED),
        ({"min_party_months": "12"}, facts(PROBATIONARY, datetime.date(2026, 1, 5)), UNGRADED),
        ({"exempt_temporary_reviewed": "có"}, facts(exemption=ExemptionKind.EXEMPT_TEMPORARY), GRADED),
        ({"suspended_reviewed": "có"}, facts(SUSPENDED), GRADED),
        ({"placed_graded_at_home": "không"}, facts(placement=HERE), GRADED),
        ({"placed_graded_at_home": "không"}, facts(placement=ELSEWHERE), OPINION),
    ],
)
def test_superiors_may_lay_the_rules_otherwise(laid, person, part):
    assert eligibility(person, DAY, ruler(**laid)).part == part


def test_a_rule_without_a_value_is_not_guessed():
    with pytest.raises(NotConfigured):
        eligibility(facts(), DAY, ruler(min_party_months=""))


@pytest.mark.parametrize(
    ("admitted", "full"),
    [
        (datetime.date(2026, 8, 31), datetime.date(2027, 2, 28)),  # no 31/2: full on the month's last day
        (datetime.date(2027, 8, 30), datetime.date(2028, 2, 29)),
        (datetime.date(2026, 7, 1), datetime.date(2027, 1, 1)),
    ],
)
def test_six_months_are_full_on_the_day_of_the_same_number(admitted, full):
    person = facts(PROBATIONARY, admitted)
    assert eligibility(person, full, ruler()).part == GRADED
    assert eligibility(person, full - datetime.timedelta(1), ruler()).part == UNGRADED


everyone = st.builds(
    Facts,
    standing=st.sampled_from(StatusKind.values),
    admitted_on=st.none() | st.dates(datetime.date(1970, 1, 1), DAY),
    exemption=st.sampled_from(["", *ExemptionKind.values]),
    placement=st.sampled_from(["", *PlacementKind.values]),
)


@settings(max_examples=80, deadline=None)
@given(everyone)
def test_everyone_has_one_answer_with_reason_and_rule(person):
    found = eligibility(person, DAY, ruler())
    assert found.reason and found.rules and all(rule.title and rule.source for rule in found.rules)
    if person.standing not in ON_ROLL or person.standing == SUSPENDED or person.exemption:
        assert found.part == NOT
    elif person.placement == HERE:
        assert found.part == OPINION
    else:
        assert found.part in (GRADED, UNGRADED, UNKNOWN)
        assert bool(found.opinion_of) == bool(person.placement)


@pytest.mark.parametrize(
    ("leading", "in_system", "kind"),
    [
        (False, True, FormKind.PLAIN),
        (True, True, FormKind.LEADER),
        (True, False, FormKind.LEADER),
        (True, None, FormKind.LEADER),
        (False, False, FormKind.OUTSIDE),
        (False, None, None),
    ],
)
def test_form_by_kind(leading, in_system, kind):
    """2A without a leading post, 2B leaders, 2C outside the political system (43-HD/BTCTW)."""
    found = form_of(leading=leading, in_system=in_system)
    assert (found.kind, found.rules) == (kind, (FORMS,))
    assert found.reason
