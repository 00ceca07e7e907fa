"""The fee of one member in one month. Each case names the row of the rules it checks and quotes what the row says
(Quy định 01-QĐ/TW, 03/02/2026; Quyết định 342-QĐ/TW; DOMAIN §3.1-3.3, §3.6, §11 items 11 and 12)."""

import datetime
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fees.calculation import Facts, fee_due
from fees.relief import Waived
from fees.states import DueKind
from fees.tariff import base_month, base_words, months_old, retired, share_out
from members.states import FeeCategoryKind as Category
from regulations.loading import read_rules
from regulations.lookup import Answer, latest

ROWS: dict = {}
for row in read_rules():
    ROWS.setdefault(row.key, []).append(row)
PAYABLE, EXEMPT, ELSEWHERE = DueKind.PAYABLE, DueKind.EXEMPT, DueKind.ELSEWHERE
UNDECLARED, INCOMPLETE, UNCONFIGURED = DueKind.UNDECLARED, DueKind.INCOMPLETE, DueKind.UNCONFIGURED


def ruler(**local):
    """The national rows, and over them what a cell or superior laid; ``min_wage__I`` stands for ``fee.min_wage.I``."""
    laid = {f"fee.{key.replace('__', '.')}": value for key, value in local.items()}

    @cache
    def rule(key, on):
        found = latest(ROWS[key], on)
        first = ROWS[key][0]
        if key in laid:
            return Answer(key, first.title, laid[key], first.unit, "Nghị quyết chi bộ", True, origin="Chi bộ")
        if found is None:
            return Answer(key, first.title, "", first.unit, first.source, False)
        return Answer(key, found.title, found.value, found.unit, found.source, found.verified)

    return rule


def day(text):
    """ "15/06/1976", or "06/2026" for the first day of a month."""
    *first, month, year = map(int, text.split("/"))
    return datetime.date(year, month, first[0] if first else 1)


def facts(month, category, base=None, born="10/05/1980", sex="nam", admitted="15/01/2010", **more):
    return Facts(
        month=day(month),
        category=category,
        base=base,
        birth_date=day(born) if born else None,
        sex=sex,
        admitted_on=day(admitted) if admitted else None,
        **more,
    )


def waiver(kind, percent, start, end=None, ground="hardship", pk=1):
    return Waived(pk, kind, percent, ground, day(start), day(end) if end else None, "12-NQ/CB", day("05/11/2026"))


def exempt(start, end=None, ground="hardship", pk=1):
    return waiver("exempt", 100, start, end, ground, pk)


def reduce(percent, start, end=None, pk=1):
    return waiver("reduce", percent, start, end, pk=pk)


SALARY = ("fee.rate.si_salary", "1 % tiền lương làm căn cứ đóng BHXH của tháng liền trước")
OLD_SALARY = ("fee.rate.si_salary", "342-QĐ/TW: 1 % tiền lương")
BENEFIT = ("fee.rate.si_benefit", "nghỉ ốm đau, thai sản: 1 % trợ cấp")
PENSION = ("fee.rate.pension", "0,5 % lương hưu")
STUDENT = ("fee.amount.student", "học sinh, sinh viên 5.000 đồng")
WORKING = ("fee.rate.min_wage_working", "không lương hưu, dưới tuổi nghỉ hưu: 0,3 % lương tối thiểu vùng")
RETIRED = ("fee.rate.min_wage_retired", "không lương hưu, từ tuổi nghỉ hưu: 0,2 % lương tối thiểu vùng")
WORKING_28 = ("fee.rate.min_wage_working", "từ 01/01/2028: 0,5 % lương tối thiểu vùng")
RETIRED_28 = ("fee.rate.min_wage_retired", "từ 01/01/2028: 0,3 % lương tối thiểu vùng")
MEN = ("fee.retirement_months.men", "nam 61 tuổi 6 tháng năm 2026, mỗi năm thêm 3 tháng đến 62 tuổi")
WOMEN = ("fee.retirement_months.women", "nữ 57 tuổi năm 2026, mỗi năm thêm 4 tháng đến 60 tuổi")
YEARS = ("fee.exempt_party_years", "từ 50 năm tuổi đảng được miễn")
NEXT = ("fee.exempt_from_next_month", "miễn từ tháng sau tháng tròn tuổi đảng")
MOST = ("fee.waiver_max_months", "mỗi quyết định giảm có thời hạn không quá 12 tháng")
DECISION = ("", "miễn, giảm theo quyết định")
HOST = ("", "sinh hoạt tạm thời ở đâu thì đóng ở đó")
ROUND = ("fee.rounding", "làm tròn đến đồng, nửa đồng lên một đồng; chi bộ đặt được mức khác")
OTHER = ("fee.amount.other", "342-QĐ/TW: đối tượng khác 2.000 đến 30.000 đồng")
HALF = ("fee.share.outside_working_age", "342-QĐ/TW: ngoài tuổi lao động 50 %")
STATE = ("fee.rate.abroad_state", "ở nước ngoài do Nhà nước cử: chưa có văn bản nêu mức")
ABROAD = ("fee.amount.abroad_other", "ở nước ngoài, trường hợp khác: chưa có văn bản nêu mức")
WAGE = ("fee.min_wage.I", "lương tối thiểu tháng vùng I 5.310.000 đồng; số khác do cấp trên đặt")
REGION = ("fee.region", "vùng nơi chi bộ sinh hoạt")
I_ = {"region": "I"}  # the cell meets in region I
W, R = "min_wage_working", "min_wage_retired"

# (rule, facts, what is laid locally, kind, đồng)
CASES = [
    # ── rates of 01-QĐ/TW
    (SALARY, facts("12/2026", "si_salary", 7_020_000), {}, PAYABLE, 70_200),
    (SALARY, facts("02/2026", "si_salary", 12_345_678), {}, PAYABLE, 123_457),  # 123.456,78
    (SALARY, facts("12/2026", "si_salary"), {}, UNDECLARED, 0),
    (SALARY, facts("12/2026", "si_salary", 0), {}, UNDECLARED, 0),  # 0 đồng is no income
    (SALARY, facts("12/2026", "si_salary", declared_as="pension"), {}, UNDECLARED, 0),  # category changed, not declared
    (BENEFIT, facts("12/2026", "si_benefit", 5_000_000), {}, PAYABLE, 50_000),
    (BENEFIT, facts("12/2026", "si_benefit"), {}, UNDECLARED, 0),
    (PENSION, facts("12/2026", "pension", 6_500_000, born="01/02/1960"), {}, PAYABLE, 32_500),
    (PENSION, facts("12/2026", "pension", 4_321_100), {}, PAYABLE, 21_606),  # 21.605,5
    (PENSION, facts("12/2026", "pension", born="01/02/1960"), {}, UNDECLARED, 0),
    (STUDENT, facts("12/2026", "student", born="01/01/2005"), {}, PAYABLE, 5_000),
    (STUDENT, facts("12/2026", "student", born="01/01/1990"), {}, PAYABLE, 5_000),  # over 30: an audit asks, no rule
    # ── no pension: the table of DOMAIN §3.1, region by region
    (WORKING, facts("12/2026", W), {"region": "I"}, PAYABLE, 15_930),
    (WORKING, facts("12/2026", W), {"region": "II"}, PAYABLE, 14_190),
    (WORKING, facts("12/2026", W), {"region": "III"}, PAYABLE, 12_420),
    (WORKING, facts("12/2026", W), {"region": "IV"}, PAYABLE, 11_100),
    (RETIRED, facts("12/2026", R, born="01/02/1960"), {"region": "I"}, PAYABLE, 10_620),
    (RETIRED, facts("12/2026", R, born="01/02/1960"), {"region": "II"}, PAYABLE, 9_460),
    (RETIRED, facts("12/2026", R, born="01/02/1960"), {"region": "III"}, PAYABLE, 8_280),
    (RETIRED, facts("12/2026", R, born="01/02/1960"), {"region": "IV"}, PAYABLE, 7_400),
    (WORKING_28, facts("01/2028", W), {"region": "I"}, PAYABLE, 26_550),
    (WORKING_28, facts("01/2028", W), {"region": "II"}, PAYABLE, 23_650),
    (WORKING_28, facts("01/2028", W), {"region": "III"}, PAYABLE, 20_700),
    (WORKING_28, facts("01/2028", W), {"region": "IV"}, PAYABLE, 18_500),
    (WORKING, facts("12/2027", W), I_, PAYABLE, 15_930),  # the last month of 0,3 %
    (RETIRED, facts("12/2027", R, born="01/02/1960"), I_, PAYABLE, 10_620),
    (RETIRED_28, facts("01/2028", R, born="01/02/1960"), I_, PAYABLE, 15_930),
    (WORKING, facts("02/2026", W), I_, PAYABLE, 15_930),  # the first month of 01-QĐ/TW
    (WAGE, facts("12/2026", W), I_ | {"min_wage__I": "6000000"}, PAYABLE, 18_000),
    (REGION, facts("12/2026", W), {}, INCOMPLETE, 0),
    (REGION, facts("12/2026", W), {"region": "5"}, INCOMPLETE, 0),
    (REGION, facts("12/2026", W), {"region": "vùng ii"}, PAYABLE, 14_190),
    # ── the retirement age of that month, by sex; what is entered as category does not matter
    (WOMEN, facts("06/2026", W, born="01/06/1969", sex="nữ"), I_, PAYABLE, 10_620),  # 57 on the first day
    (WOMEN, facts("06/2026", W, born="02/06/1969", sex="nữ"), I_, PAYABLE, 15_930),  # 57 a day later
    (WOMEN, facts("07/2026", W, born="02/06/1969", sex="nữ"), I_, PAYABLE, 10_620),
    (WOMEN, facts("07/2026", W, born="30/06/1969", sex="nữ"), I_, PAYABLE, 10_620),
    (WOMEN, facts("06/2026", R, born="30/06/1969", sex="nữ"), I_, PAYABLE, 15_930),  # entered too early
    (WOMEN, facts("12/2027", W, born="15/11/1970", sex="nữ"), I_, PAYABLE, 15_930),  # 57 y in 11/2027, needs 57 y 4 m
    (WOMEN, facts("04/2027", W, born="15/11/1969", sex="nữ"), I_, PAYABLE, 10_620),  # 57 y in 11/2026: stays past it
    (WOMEN, facts("05/2035", W, born="15/05/1975", sex="nữ"), I_, PAYABLE, 26_550),  # 60 y from 2035
    (WOMEN, facts("06/2035", W, born="15/05/1975", sex="nữ"), I_, PAYABLE, 15_930),
    (MEN, facts("12/2026", W, born="01/06/1965"), I_, PAYABLE, 10_620),  # 61 y 6 m on the first day
    (MEN, facts("12/2026", W, born="02/06/1965"), I_, PAYABLE, 15_930),
    (MEN, facts("01/2027", W, born="30/06/1965"), I_, PAYABLE, 10_620),  # 61 y 6 m in 12/2026, the age of that year
    (MEN, facts("02/2027", W, born="15/07/1965"), I_, PAYABLE, 15_930),  # 61 y 6 m in 1/2027, needs 61 y 9 m
    (MEN, facts("05/2027", W, born="15/07/1965"), I_, PAYABLE, 10_620),
    (MEN, facts("04/2028", W, born="15/04/1966"), I_, PAYABLE, 26_550),  # 62 y from 2028
    (MEN, facts("05/2028", W, born="15/04/1966"), I_, PAYABLE, 15_930),
    (WORKING, facts("12/2026", W, born=None), I_, INCOMPLETE, 0),
    (WORKING, facts("12/2026", W, sex=""), I_, INCOMPLETE, 0),
    # ── abroad: said, never guessed; with a rate laid down it is counted
    (STATE, facts("12/2026", "abroad_state", 20_000_000), {}, UNCONFIGURED, 0),
    (STATE, facts("12/2026", "abroad_state", 20_000_000), {"rate__abroad_state": "1"}, PAYABLE, 200_000),
    (STATE, facts("12/2026", "abroad_state"), {"rate__abroad_state": "1"}, UNDECLARED, 0),
    (ABROAD, facts("12/2026", "abroad_other"), {}, UNCONFIGURED, 0),
    (ABROAD, facts("12/2026", "abroad_other"), {"amount__abroad_other": "50000"}, PAYABLE, 50_000),
    # ── 50 years of party age (DOMAIN §11 item 12)
    (YEARS, facts("07/2026", "pension", 6_500_000, admitted="15/06/1976"), {}, EXEMPT, 0),
    (PENSION, facts("06/2026", "pension", 6_500_000, admitted="15/06/1976"), {}, PAYABLE, 32_500),
    (PENSION, facts("06/2026", "pension", 6_500_000, admitted="01/06/1976"), {}, PAYABLE, 32_500),
    (NEXT, facts("07/2026", "pension", 6_500_000, admitted="01/06/1976"), {}, EXEMPT, 0),
    (NEXT, facts("06/2026", "pension", admitted="30/06/1976"), {"exempt_from_next_month": "không"}, EXEMPT, 0),
    (PENSION, facts("05/2026", "pension", 6_500_000, admitted="30/06/1976"), {"exempt_from_next_month": "không"},
     PAYABLE, 32_500),
    (YEARS, facts("03/2026", "pension", admitted="29/02/1976"), {}, EXEMPT, 0),
    (YEARS, facts("12/2026", "", admitted="03/02/1970"), {}, EXEMPT, 0),  # whatever the category is
    (PENSION, facts("01/2026", "pension", 6_500_000, admitted="03/02/1970"), {}, PAYABLE, 32_500),  # 342: not yet
    (YEARS, facts("12/2026", "pension", 6_500_000, born="01/02/1950", admitted=None), {}, INCOMPLETE, 0),
    (YEARS, facts("12/2026", "pension", 6_500_000, born=None, admitted=None), {}, INCOMPLETE, 0),
    (PENSION, facts("12/2026", "pension", 6_500_000, born="02/12/1958", admitted=None), {}, PAYABLE, 32_500),  # 67
    # ── exempt by decision
    (DECISION, facts("12/2026", R, waivers=(exempt("11/2026", ground="social_pension"),)), {}, EXEMPT, 0),
    (DECISION, facts("12/2026", W, waivers=(exempt("01/2026", "12/2026", "poor"),)), {}, EXEMPT, 0),
    (DECISION, facts("12/2027", W, waivers=(exempt("02/2026", ground="disease"),)), {}, EXEMPT, 0),  # no such limit
    (MOST, facts("10/2027", W, waivers=(exempt("11/2026"),)), {}, EXEMPT, 0),  # hardship: the twelfth month
    (WORKING, facts("11/2027", W, waivers=(exempt("11/2026"),)), I_, PAYABLE, 15_930),  # and the month after
    (WORKING, facts("10/2026", W, waivers=(exempt("11/2026"),)), I_, PAYABLE, 15_930),  # and the month before
    (DECISION, facts("12/2026", "", waivers=(exempt("11/2026"), reduce(30, "11/2026", pk=2))), {}, EXEMPT, 0),
    # ── reductions within their months
    (MOST, facts("12/2026", "si_salary", 7_020_000, waivers=(reduce(30, "11/2026", "10/2027"),)), {}, PAYABLE, 49_140),
    (MOST, facts("12/2026", "si_salary", 7_020_000, waivers=(reduce(50, "11/2026", "10/2027"),)), {}, PAYABLE, 35_100),
    (MOST, facts("12/2026", "si_salary", 7_020_000, waivers=(reduce(70, "11/2026", "10/2027"),)), {}, PAYABLE, 21_060),
    (MOST, facts("10/2027", "si_salary", 7_020_000, waivers=(reduce(30, "11/2026", "10/2027"),)), {}, PAYABLE, 49_140),
    (SALARY, facts("11/2027", "si_salary", 7_020_000, waivers=(reduce(30, "11/2026", "10/2027"),)), {}, PAYABLE,
     70_200),
    (SALARY, facts("10/2026", "si_salary", 7_020_000, waivers=(reduce(30, "11/2026", "10/2027"),)), {}, PAYABLE,
     70_200),
    (SALARY, facts("11/2027", "si_salary", 7_020_000, waivers=(reduce(30, "11/2026", "12/2029"),)), {}, PAYABLE,
     70_200),  # written too long: ends after twelve months all the same
    (MOST, facts("12/2026", "student", waivers=(reduce(50, "12/2026"),)), {}, PAYABLE, 2_500),
    (MOST, facts("12/2026", W, waivers=(reduce(70, "12/2026"),)), I_, PAYABLE, 4_779),
    (MOST, facts("12/2026", "student", waivers=(reduce(30, "12/2026"), reduce(70, "11/2026", pk=2))), {}, PAYABLE,
     1_500),  # two decisions: the larger one
    # ── rounding
    (ROUND, facts("12/2026", "si_salary", 5_000_050), {}, PAYABLE, 50_001),  # 50.000,5
    (ROUND, facts("12/2026", "si_salary", 5_000_049), {}, PAYABLE, 50_000),  # 50.000,49
    (ROUND, facts("12/2026", W), I_ | {"rounding": "1000"}, PAYABLE, 16_000),  # 15.930
    (ROUND, facts("12/2026", "si_salary", 5_050_000), {"rounding": "1000"}, PAYABLE, 51_000),  # 50.500: half goes up
    (ROUND, facts("12/2026", "student", waivers=(reduce(50, "12/2026"),)), {"rounding": "1000"}, PAYABLE, 3_000),
    # ── the older decision, for the months before 2/2026
    (OLD_SALARY, facts("01/2026", "si_salary", 7_020_000), {}, PAYABLE, 70_200),
    (("fee.rate.pension", "342-QĐ/TW: 0,5 % lương hưu"), facts("01/2026", "pension", 6_500_000), {}, PAYABLE, 32_500),
    (BENEFIT, facts("01/2026", "si_benefit", 5_000_000), {}, UNCONFIGURED, 0),
    (STUDENT, facts("01/2026", "student"), {}, UNCONFIGURED, 0),
    (STUDENT, facts("01/2026", "student"), {"amount__student": "3000"}, PAYABLE, 3_000),
    (OTHER, facts("01/2026", W), I_, UNCONFIGURED, 0),
    (OTHER, facts("01/2026", W), {"amount__other": "10000"}, PAYABLE, 10_000),  # no region needed
    (HALF, facts("01/2026", W, born="01/02/1960"), {"amount__other": "10000"}, PAYABLE, 5_000),
    (HALF, facts("01/2026", R, born="01/07/1964"), {"amount__other": "10000"}, PAYABLE, 5_000),  # 61 y 3 m in 10/2025
    (OTHER, facts("01/2026", R, born="01/10/1964"), {"amount__other": "10000"}, PAYABLE, 10_000),  # 61 y 3 m: of 2025
    (DECISION, facts("01/2026", "student", waivers=(exempt("10/2025"),)), {}, EXEMPT, 0),
    # ── place and category
    (HOST, facts("12/2026", "si_salary", 7_020_000, pays_at="Chi bộ Hai"), {}, ELSEWHERE, 0),
    (HOST, facts("12/2026", "", admitted=None, born=None, pays_at="Chi bộ Hai"), {}, ELSEWHERE, 0),
    (None, facts("12/2026", "pension", 6_500_000, counted_at="Chi bộ Hai"), {}, ELSEWHERE, 0),
    (None, facts("12/2026", ""), {}, INCOMPLETE, 0),
]  # fmt: skip


def named(case):
    rule, known, _, kind, amount = case
    key, quote = rule or ("", "chưa có đối tượng, hoặc đã tính ở chi bộ khác")
    return f"{key or 'quyết định'}: “{quote}” · {known.month:%m/%Y} {known.category} = {kind} {amount}"


@pytest.mark.parametrize(("rule", "known", "local", "kind", "amount"), CASES, ids=map(named, CASES))
def test_fee_is_what_the_rule_says(rule, known, local, kind, amount):
    found = fee_due(known, ruler(**local))
    assert (found.kind, found.amount) == (kind, amount)
    assert bool(found.problem) == (kind in (UNDECLARED, INCOMPLETE, UNCONFIGURED))
    assert bool(found.formula) == (kind in (PAYABLE, EXEMPT, ELSEWHERE))
    if rule and (kind != INCOMPLETE or rule is REGION):  # what lacks a fact has not come to its rule
        assert rule[0] in [used["key"] for used in found.rules]


def test_the_table_is_as_long_as_it_says():
    assert len(CASES) >= 100
    assert len({named(case) + str(case[1:3]) for case in CASES}) == len(CASES)


# ── what a result says


def test_formula_and_rules_of_a_reduced_salary():
    known = facts("12/2026", "si_salary", 7_020_000, waivers=(reduce(30, "11/2026", "10/2027", pk=7),))
    found = fee_due(known, ruler())
    assert found.formula == ("1 % × 7.020.000 đồng = 70.200 đồng; giảm 30 % (12-NQ/CB, 05/11/2026) còn 49.140 đồng")
    assert (found.base, found.rate, found.raw, found.waiver_id) == (7_020_000, "1 %", Decimal(49_140), 7)
    assert found.rules == (
        {"key": "fee.rate.si_salary", "title": "Mức đóng của người đóng BHXH bắt buộc", "value": "1",
         "unit": "% tiền lương đóng BHXH", "source": "Quy định 01-QĐ/TW, 03/02/2026", "verified": True},
        {"key": "", "title": "Giảm đảng phí", "value": "30", "unit": "%",
         "source": "12-NQ/CB, 05/11/2026; từ 11/2026 đến hết 10/2027", "verified": True},
        {"key": "fee.waiver_max_months", "title": "Mỗi quyết định giảm có thời hạn nhiều nhất", "value": "12",
         "unit": "tháng", "source": "Quy định 01-QĐ/TW, 03/02/2026", "verified": True},
        {"key": "fee.rounding", "title": "Làm tròn mức đóng đến", "value": "1", "unit": "đồng",
         "source": "Chưa có văn bản nêu cách làm tròn; mặc định làm tròn đến đồng", "verified": False},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "local", "formula"),
    [
        (facts("12/2026", W), I_, "0,3 % × 5.310.000 đồng (lương tối thiểu vùng I) = 15.930 đồng"),
        (facts("12/2026", "pension", 4_321_100), {}, "0,5 % × 4.321.100 đồng = 21.605,5 đồng; làm tròn 21.606 đồng"),
        (facts("12/2026", "student"), {}, "5.000 đồng (Học sinh, sinh viên)"),
        (
            facts("01/2026", R, born="01/02/1960"),
            {"amount__other": "10000"},
            "50 % × 10.000 đồng (ngoài tuổi lao động) = 5.000 đồng",
        ),
        (facts("12/2026", W, pays_at="Chi bộ Hai"), {}, "Sinh hoạt tạm thời tại Chi bộ Hai: đóng đảng phí ở nơi đó."),
        (facts("12/2026", W, counted_at="Chi bộ Hai"), {}, "Tháng 12/2026 đã tính trong sổ của Chi bộ Hai."),
        (
            facts("12/2026", W, admitted="15/06/1976"),
            {},
            "Miễn: vào Đảng ngày 15/06/1976, đủ 50 năm tuổi đảng tháng 06/2026.",
        ),
        (
            facts("12/2026", W, waivers=(exempt("11/2026", ground="poor"),)),
            {},
            "Miễn: Hộ nghèo, hộ cận nghèo (12-NQ/CB, 05/11/2026).",
        ),
    ],
)
def test_formulas(known, local, formula):
    assert fee_due(known, ruler(**local)).formula == formula


@pytest.mark.parametrize(
    ("known", "local", "problem"),
    [
        (
            facts("12/2026", "si_salary"),
            {},
            "Chưa có kê khai được tiếp nhận: cần kê khai tiền lương đóng BHXH tháng 11/2026.",
        ),
        (
            facts("12/2026", "pension", declared_as="si_salary"),
            {},
            "Kê khai đang có là của đối tượng “Đóng BHXH bắt buộc”, tháng 12/2026 là “Hưởng lương hưu”: "
            "cần kê khai lương hưu tháng 12/2026.",
        ),
        (
            facts("12/2026", ""),
            {},
            "Chưa ghi đối tượng đóng đảng phí vào ngày 01/12/2026. Ghi ở trang của đồng chí này.",
        ),
        (
            facts("12/2026", W, born=None, sex=""),
            {},
            "Chưa ghi ngày sinh và giới tính nên chưa biết tuổi nghỉ hưu. Ghi ở trang của đồng chí này.",
        ),
        (
            facts("12/2026", W),
            {},
            "Chưa ghi vùng lương tối thiểu nơi chi bộ sinh hoạt. Ghi ở trang Quy định.",
        ),
        (
            facts("12/2026", "abroad_other"),
            {},
            "Quy định “Mức đóng khi ở nước ngoài, trường hợp khác” chưa cấu hình. "
            "Đề nghị cấp trên đặt giá trị ở trang Quy định.",
        ),
    ],
)
def test_what_is_missing_is_said_in_one_sentence(known, local, problem):
    assert fee_due(known, ruler(**local)).problem == problem


def test_unverified_rows_stay_marked():
    """DOMAIN §3.1: the regional minimum wage and the retirement age are [M], the rate is confirmed."""
    found = fee_due(facts("12/2026", W), ruler(region="I"))
    assert {used["key"]: used["verified"] for used in found.rules} == {
        "fee.rate.min_wage_working": True,
        "fee.retirement_months.men": False,
        "fee.region": True,  # laid by the cell
        "fee.min_wage.I": False,
        "fee.rounding": False,
    }


def test_the_category_of_a_no_pension_result_is_that_of_the_age():
    assert fee_due(facts("12/2026", R), ruler(region="I")).category == W
    assert fee_due(facts("12/2026", W, born="01/02/1960"), ruler(region="I")).category == R


def test_base_month_is_the_one_before_for_a_salary_only():
    assert base_month("si_salary", day("03/2026")) == day("02/2026")
    assert base_month("si_salary", day("02/2026")) == day("01/2026")
    assert base_month("si_salary", day("01/2026")) == day("01/2026")  # 342-QĐ/TW names no month before
    assert base_month("pension", day("03/2026")) == day("03/2026")
    assert base_words("si_salary", day("01/2027")) == "tiền lương đóng BHXH tháng 12/2026"
    assert (base_words("student", day("01/2027")), base_words("", day("01/2027"))) == ("", "")
    assert facts("12/2026", "si_salary").base_month == day("11/2026")


@pytest.mark.parametrize(
    ("born", "sex", "first"),
    [  # the month that follows the one in which the age is reached, as tables of Nghị định 135/2020/NĐ-CP have it
        ("15/06/1965", "nam", "01/2027"),  # 61 y 6 m in 12/2026
        ("15/07/1965", "nam", "05/2027"),  # 61 y 9 m in 4/2027
        ("15/03/1966", "nam", "01/2028"),  # 61 y 9 m in 12/2027
        ("15/04/1966", "nam", "05/2028"),  # 62 y in 4/2028
        ("15/12/1969", "nữ", "01/2027"),  # 57 y in 12/2026
        ("15/01/1970", "nữ", "06/2027"),  # 57 y 4 m in 5/2027
        ("15/08/1970", "nữ", "01/2028"),  # 57 y 4 m in 12/2027
        ("15/09/1970", "nữ", "06/2028"),  # 57 y 8 m in 5/2028
    ],
)
def test_switch_comes_with_the_month_after_the_birthday_that_counts(born, sex, first):
    first = day(first)
    eve = (first - datetime.timedelta(days=1)).replace(day=1)
    assert (retired(day(born), sex, eve, ruler())[0], retired(day(born), sex, first, ruler())[0]) == (False, True)


# ── what holds for every member and month

MONTHS = st.dates(day("01/2025"), day("12/2040")).map(lambda one: one.replace(day=1))
NEW_MONTHS = st.dates(day("02/2026"), day("12/2040")).map(lambda one: one.replace(day=1))
BASES = st.integers(1, 10**10)
EARNING = st.sampled_from(["si_salary", "si_benefit", "pension"])
BIRTHS = st.dates(day("01/01/1930"), day("31/12/2007"))
SEXES = st.sampled_from(["nam", "nữ"])
EVERYTHING = st.builds(
    Facts,
    month=MONTHS,
    category=st.sampled_from(["", *Category.values]),
    base=st.none() | st.integers(0, 10**10),
    declared_as=st.sampled_from(["", "pension"]),
    birth_date=st.none() | BIRTHS,
    sex=st.sampled_from(["", "nam", "nữ"]),
    admitted_on=st.none() | st.dates(day("01/01/1950"), day("31/12/2024")),
    waivers=st.lists(
        st.builds(
            Waived, st.integers(1, 9), st.just("reduce"), st.sampled_from([30, 50, 70]), st.just("hardship"), MONTHS,
            st.none() | MONTHS, st.just("12-NQ/CB"), MONTHS,
        ),
        max_size=3,
    ).map(tuple),
    pays_at=st.sampled_from(["", "", "", "Chi bộ Hai"]),
)  # fmt: skip
RULERS = st.sampled_from(
    [ruler(), ruler(region="I"), ruler(region="IV", rounding="1000", amount__other="10000", amount__student="2000")]
)
PLAIN = ruler(region="II")


@given(EVERYTHING, RULERS)
def test_a_due_is_whole_not_negative_and_explained(known, rule):
    found = fee_due(known, rule)
    assert type(found.amount) is int
    assert found.amount >= 0
    assert found.kind == PAYABLE or found.amount == found.raw == 0
    assert bool(found.formula) != bool(found.problem)
    assert max(len(found.formula), len(found.problem)) <= 300  # what the columns hold
    assert len(found.rate) <= 40
    assert found == fee_due(known, rule)


@given(NEW_MONTHS, EARNING, BASES, BASES)
def test_a_higher_income_never_pays_less(month, category, one, other):
    low, high = sorted((one, other))
    dues = [fee_due(Facts(month, category, base, admitted_on=day("01/2020")), PLAIN).amount for base in (low, high)]
    assert dues[0] <= dues[1]


@given(NEW_MONTHS, EARNING, BASES, st.sampled_from([30, 50, 70]), st.sampled_from(["1", "500", "1000"]))
def test_a_reduction_is_never_above_the_full_fee(month, category, base, percent, step):
    cut = (Waived(1, "reduce", percent, "hardship", month, None, "1", month),)
    rule = ruler(rounding=step)
    full = fee_due(Facts(month, category, base, admitted_on=day("01/2020")), rule)
    less = fee_due(Facts(month, category, base, admitted_on=day("01/2020"), waivers=cut), rule)
    assert less.amount <= full.amount
    assert abs(less.amount - full.raw * (100 - percent) / 100) <= Decimal(step) / 2 + Decimal("0.0001")


@given(NEW_MONTHS, EARNING, BASES)
def test_rounding_moves_by_half_a_dong_at_most(month, category, base):
    found = fee_due(Facts(month, category, base, admitted_on=day("01/2020")), PLAIN)
    assert abs(found.amount - found.raw) <= Decimal("0.5")


@given(BIRTHS, SEXES, st.dates(day("02/2026"), day("11/2040")).map(lambda one: one.replace(day=1)))
def test_who_is_past_the_retirement_age_stays_so(born, sex, month):
    following = (month + datetime.timedelta(days=31)).replace(day=1)
    assert retired(born, sex, month, PLAIN)[0] <= retired(born, sex, following, PLAIN)[0]


@given(st.dates(day("01/04/1966"), day("31/12/2007")))
def test_a_man_switches_exactly_with_62_years_from_2028_on(born):
    """In the first month whose first day finds him 744 months old (MEN: 62 years from 2028 on)."""
    reached = datetime.date(born.year + 62, born.month, 1)
    first = reached if born.day == 1 else (reached + datetime.timedelta(days=31)).replace(day=1)
    eve = (first - datetime.timedelta(days=1)).replace(day=1)
    rates = [fee_due(Facts(month, W, birth_date=born, sex="nam", admitted_on=day("01/2027")), PLAIN).rate
             for month in (eve, first)]  # fmt: skip
    assert rates == ["0,5 % × vùng II", "0,3 % × vùng II"]


@given(st.dates(day("01/01/1950"), day("31/12/2020")), NEW_MONTHS)
def test_party_age_exempts_from_the_month_after_fifty_years(admitted, month):
    found = fee_due(Facts(month, "student", admitted_on=admitted), PLAIN)
    free = (month.year - admitted.year) * 12 + month.month - admitted.month > 600
    assert found.kind == (EXEMPT if free else PAYABLE)


@given(NEW_MONTHS, st.integers(-3, 30), st.integers(1, 24))
def test_a_reduction_holds_in_its_months_and_twelve_at_most(start, after, length):
    def later(count):
        place = start.year * 12 + start.month - 1 + count
        return datetime.date(place // 12, place % 12 + 1, 1)

    cut = (Waived(1, "reduce", 50, "hardship", start, later(length - 1), "1", start),)
    month = max(later(after), day("02/2026"))
    inside = start <= month < later(min(length, 12))
    assert fee_due(Facts(month, "student", admitted_on=day("01/2020"), waivers=cut), PLAIN).amount == (
        2_500 if inside else 5_000
    )


@given(st.integers(-(10**12), 10**12), st.decimals(0, 100, places=2))
def test_both_shares_make_up_what_was_collected(collected, percent):
    retained, payable = share_out(collected, percent)
    assert retained + payable == collected
    assert abs(retained - collected * percent / 100) <= Decimal("0.5")


@pytest.mark.parametrize(("since", "on", "months"), [("31/01/2000", "29/02/2000", 0), ("31/01/2000", "01/03/2000", 1)])
def test_months_are_complete_ones(since, on, months):
    assert months_old(day(since), day(on)) == months
