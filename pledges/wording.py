"""What has to stand in a pledge before it is handed in. Pure."""

MOST_DEEDS = 10
NO_COMMITMENT = "Đồng chí ghi nội dung cam kết."  # every member gives one each year (bản cam kết tu dưỡng, rèn luyện)
PARTS = (("title", "nội dung"), ("measure", "cách đo kết quả"), ("target", "mục tiêu"), ("area", "lĩnh vực"))


def missing_of(deed, number: int) -> str:
    """What a deed lacks, as one sentence, or "": "Việc 2 chưa ghi cách đo kết quả, mục tiêu."

    ``deed`` has title, measure, target, area, due_on (a day or None).
    """
    lacks = [words for name, words in PARTS if not getattr(deed, name)]
    if deed.due_on is None:
        lacks.append("hạn hoàn thành")
    return f"Việc {number} chưa ghi {', '.join(lacks)}." if lacks else ""


def too_few(number: int, least: int) -> str:
    return f"Đã ghi {number} việc; cần đăng ký ít nhất {least} việc."


def problems(deeds, least: int, year: int) -> list[str]:
    """Why a pledge cannot be handed in yet, a sentence each; empty when it can.

    At least ``least`` deeds (the practice of cells: three for every member and for the collective), each with its
    measure, target and a due day within the year.
    """
    found = [sentence for number, deed in enumerate(deeds, 1) if (sentence := missing_of(deed, number))]
    found += [
        f"Hạn của việc {number} phải trong năm {year}."
        for number, deed in enumerate(deeds, 1)
        if deed.due_on is not None and deed.due_on.year != year
    ]
    if len(deeds) < least:
        found.insert(0, too_few(len(deeds), least))
    return found
