"""Sentences of the minutes, made from numbers and names. Pure. Form: DOMAIN §2.2 and §2.6."""

from core.vietnamese import date_text, time_words, two_digits

NBSP = "\u00a0"
NONE = "không"


def comrade(name: str, post: str = "", *, cap: bool = False) -> str:
    """ "đồng chí Ngô Xuân Trường, Chi ủy viên": full name, the post behind it when there is one."""
    word = "Đồng" if cap else "đồng"
    return f"{word}{NBSP}chí{NBSP}{name}" + (f", {post}" if post else "")


def period(opened, closed) -> str:
    """ "từ 14 giờ 00 đến 15 giờ 40, ngày 05/12/2026"; both days when the meeting ran past midnight.

    Local moments; ``closed`` may be None while the meeting is held.
    """
    if closed is None:
        return f"từ {time_words(opened)}, ngày {date_text(opened)}"
    if opened.date() != closed.date():
        return f"từ {time_words(opened)}, ngày {date_text(opened)} đến {time_words(closed)}, ngày {date_text(closed)}"
    return f"từ {time_words(opened)} đến {time_words(closed)}, ngày {date_text(opened)}"


def parts(*pairs) -> str:
    """ "chính thức 24, dự bị 02": (word, count) pairs, those with nobody left away."""
    return ", ".join(f"{word} {two_digits(count)}" for word, count in pairs if count)


def roll_line(roll) -> str:
    """Who belongs to the cell that day; ``roll`` holds counts by class (queries.record.Roll)."""
    split = parts(("chính thức", roll.official), ("dự bị", roll.probationary), ("đình chỉ sinh hoạt", roll.suspended))
    line = f"Tổng số đảng viên: {two_digits(roll.total)}" + (f" ({split})" if split else "")
    others = (
        ("sinh hoạt tạm thời nơi khác", roll.elsewhere),
        ("tạm thời đến", roll.here),
        ("miễn sinh hoạt", roll.exempt),
    )
    return "; ".join([line, *(f"{word} {two_digits(count)}" for word, count in others)]) + "."


def present_line(roll) -> str:
    """ "Có mặt: 22/24 đồng chí (chính thức 19, …)": present of those who were expected."""
    split = parts(
        ("chính thức", roll.present_official),
        ("dự bị", roll.present_probationary),
        ("tạm thời đến", roll.present_here),
    )
    line = f"Có mặt: {two_digits(roll.present)}/{two_digits(roll.expected)} đồng chí"
    return line + (f" ({split})." if split else ".")


def absent_line(label: str, people) -> str:
    """ "Vắng có lý do: 01 (đồng chí Hồ Sỹ Lượng – nằm viện)."; people are (name, reason) pairs."""
    if not people:
        return f"{label}: {NONE}."
    names = "; ".join(comrade(name) + (f" – {reason}" if reason else "") for name, reason in people)
    return f"{label}: {two_digits(len(people))} ({names})."


def listed(names) -> str:
    """ "a, b và c"."""
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} và {names[-1]}" if names else ""


def denominator_words(vote) -> str:
    """How the number of members that count came about, every part said (BRIEF: say the arithmetic)."""
    taken = (
        (vote.exempt_absent, "miễn sinh hoạt không dự"),
        (vote.elsewhere_absent, "sinh hoạt tạm thời nơi khác không dự"),
        (vote.suspended, "đình chỉ sinh hoạt"),
        (vote.excused, "vắng cả buổi có lý do"),
    )
    minus = [f"{two_digits(count)} {word}" for count, word in taken if count]
    start = f"{two_digits(vote.official)} chính thức"
    if not minus:
        return start
    return f"{start}, trừ {', '.join(minus)}, còn {two_digits(vote.denominator)}"


def need_words(vote) -> str:
    """ "Cần quá nửa: 11" or "Cần ít nhất hai phần ba: 14"."""
    share = "ít nhất hai phần ba" if vote.two_thirds else "quá nửa"
    return f"Cần {share}: {two_digits(vote.need)}"


def vote_notes(votes) -> list[str]:
    """Notes under the table of votes: the denominator once per different arithmetic, then the secret ballots."""
    groups: dict[str, list[int]] = {}
    for vote in votes:
        groups.setdefault(f"{denominator_words(vote)}. {need_words(vote)}.", []).append(vote.number)
    notes = []
    for words, numbers in groups.items():
        which = "" if len(groups) == 1 else f" (biểu quyết {listed(map(str, numbers))})"
        notes.append(f"Số đảng viên tính tỷ lệ{which}: {words}")
    return notes + [secret_line(vote) for vote in votes if vote.is_secret]


def secret_line(vote) -> str:
    """Counts and tellers of a secret ballot; never who chose what."""
    counts = (
        f"phát ra {two_digits(vote.issued)}, thu về {two_digits(vote.returned)}, "
        f"hợp lệ {two_digits(vote.valid)}, không hợp lệ {two_digits(vote.invalid)}"
    )
    tellers = listed(comrade(name) for name in vote.tellers)
    return f"Phiếu kín (biểu quyết {vote.number}): {counts}." + (f" Kiểm phiếu: {tellers}." if tellers else "")


def review_line(lines) -> str:
    """ "Kiểm điểm 06 việc: quá hạn 01, đang làm 02, đã xong 03."; empty without lines (of ``reviewing``)."""
    if not lines:
        return ""
    labels = list(dict.fromkeys(line.look.label for line in lines))
    counts = [(label.lower(), sum(line.look.label == label for line in lines)) for label in labels]
    return f"Kiểm điểm {two_digits(len(lines))} việc: {parts(*counts)}."


def quality_line(score, grade: str) -> str:
    """ "91/100 điểm, xếp loại tốt"; empty when the meeting was not graded."""
    points = f"{score}/100 điểm" if score is not None else ""
    return ", ".join(part for part in (points, f"xếp loại {grade}" if grade else "") if part)


def adopted_line(moment) -> str:
    """The last sentence: read back and adopted."""
    return f"Biên bản được đọc lại và chi bộ thông qua lúc {time_words(moment)}."
