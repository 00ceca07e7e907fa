"""Vietnamese text: sort key by given name, mark-insensitive folding, money, dates, counts in words."""

import datetime
import unicodedata
from decimal import Decimal

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")

# Order of letters and of tone marks in Vietnamese dictionaries.
LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # ngang huyền hỏi ngã sắc nặng


def nfc(text: str) -> str:
    """The text in Unicode normal form C."""
    return unicodedata.normalize("NFC", text)


def one_line(text: str | None) -> str:
    """NFC, every run of blanks and line ends as one blank."""
    return " ".join(nfc(text or "").split())


def fold(text: str) -> str:
    """Lower case without marks, for search: "Nghị quyết Đường" -> "nghi quyet duong"."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    return " ".join("".join(ch for ch in decomposed if not unicodedata.combining(ch)).split())


def _letter_and_tone(char: str) -> tuple[str, int]:
    tone = 0
    kept = []
    for part in unicodedata.normalize("NFD", char):
        if part in TONES:
            tone = TONES[part]
        else:
            kept.append(part)
    return unicodedata.normalize("NFC", "".join(kept)), tone


def word_key(word: str) -> str:
    """Key that sorts as a Vietnamese dictionary does: letters first, tones second.

    Plain code-point order of the keys is the dictionary's order, so the database needs no collation.
    """
    letters, tones = [], []
    for char in nfc(word).lower():
        base, tone = _letter_and_tone(char)
        place = LETTERS.find(base)
        letters.append(f"{place + 10:02d}" if place >= 0 else f"99{base}")
        tones.append(str(tone))
    return "".join(letters) + "!" + "".join(tones)


def name_key(full_name: str) -> str:
    """Sort key of a person's name: given name (last word), then family name and middle names."""
    words = full_name.split()
    return " ".join(word_key(word) for word in words[-1:] + words[:-1])


def short_name(full_name: str) -> str:
    """Last two words, as used in greetings: "Nguyễn Thị Kim Oanh" -> "Kim Oanh"."""
    return " ".join(full_name.split()[-2:])


def lower_first(text: str) -> str:
    """The text as it stands inside a sentence: "Họp chi ủy ngày …" -> "họp chi ủy ngày …"."""
    return text[:1].lower() + text[1:]


def initials(full_name: str) -> str:
    """Two letters for the round mark: family and given name."""
    words = full_name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


def money(amount) -> str:
    """15930 -> "15.930 đồng"; whole đồng."""
    return f"{int(amount):,}".replace(",", ".") + " đồng"


def number(value) -> str:
    """Decimal comma and dotted thousands: 1234.5 -> "1.234,5"."""
    text = f"{Decimal(str(value)).normalize():,f}"
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".")


def weekday(day) -> str:
    """Name of the weekday."""
    return WEEKDAYS[day.weekday()]


def date_text(day) -> str:
    """05/12/2026."""
    return day.strftime("%d/%m/%Y")


def time_words(moment: datetime.datetime | datetime.time) -> str:
    """As documents write it: "19 giờ 30"."""
    return f"{moment.hour:02d} giờ {moment.minute:02d}"


def date_words(day) -> str:
    """As documents write it: "ngày 05 tháng 12 năm 2026" (36-HD/VPTW: day and months 1-2 in two digits)."""
    return f"ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"


def two_digits(count: int) -> str:
    """Counts in documents: 7 -> "07"."""
    return f"{count:02d}"


DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
SCALES = ("", "nghìn", "triệu", "tỷ")


def money_words(amount: int) -> str:
    """An amount in words as receipts carry it: 1205030 -> "Một triệu hai trăm linh năm nghìn không trăm ba mươi đồng".

    From 0 up to, not including, a thousand tỷ; raises ValueError outside. (The library num2words says
    "lẻ ba mươi" for 030 and so cannot be used.)
    """
    if not 0 <= amount < 10**12:
        raise ValueError(f"no words for {amount}")
    groups = [(amount // 1000**place % 1000, scale) for place, scale in enumerate(SCALES)]
    said: list[str] = []
    for number, scale in reversed(groups):
        if number:
            said += [*_hundreds(number, whole=bool(said)), scale]
    words = " ".join(word for word in said if word) or DIGITS[0]
    return f"{words[0].upper()}{words[1:]} đồng"


def _hundreds(number: int, *, whole: bool) -> list[str]:
    """Words of a number below 1000; ``whole`` says the empty hundreds too, as inside a larger number."""
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    said = [DIGITS[hundreds], "trăm"] if hundreds or whole else []
    if tens == 0 and ones and said:
        said.append("linh")
    elif tens:
        said += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    if ones:
        said.append({1: "mốt", 4: "tư"}.get(ones, "") if tens > 1 and ones in (1, 4) else DIGITS[ones])
        if ones == 5 and tens:
            said[-1] = "lăm"
    return said
