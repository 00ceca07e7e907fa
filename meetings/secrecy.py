"""The mark of secrecy on a first page: MẬT, TỐI MẬT, TUYỆT MẬT standing alone in capitals. Pure.

"bí mật", "bảo mật", "Bảo vệ bí mật nhà nước" in prose are no marks, nor are headings that merely contain the word.
"""

import re
import unicodedata

MARKS = {"secret": "Mật", "top_secret": "Tối mật", "ultra_secret": "Tuyệt mật"}
# a line that holds nothing but the mark, perhaps framed: "MẬT", "[TỐI MẬT]", "ĐỘ MẬT: TUYỆT MẬT", "* MẬT *"
ALONE = re.compile(r"^[\W_]*(?:(?:ĐỘ|DẤU)\s+MẬT\s*[:.]\s*)?(TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)[\W_]*$")
# text of a PDF runs cells of one line together: the mark, set off by a wide gap, a bar or a tab
SET_OFF = re.compile(r"(?:^|\t|\s{2,}|\|)\s*(TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT)\s*(?:$|\t|\s{2,}|\|)")
# a heading broken in the middle of the word: "QUY CHẾ BẢO VỆ BÍ" / "MẬT"
BROKEN_OFF = re.compile(r"(?:BÍ|BẢO|LIỆU|ĐỘ)\s*$")


def mark_in(text: str) -> str:
    """The mark found ("MẬT", "TỐI MẬT", "TUYỆT MẬT"), or an empty text."""
    before = ""
    for line in unicodedata.normalize("NFC", text).splitlines():
        found = ALONE.match(line.strip()) or SET_OFF.search(line)
        if found and not BROKEN_OFF.search(before):
            return " ".join(found.group(1).split())
        before = line if line.strip() else before
    return ""


def sentence(mark: str) -> str:
    """Why a marked paper is not taken, and what to do with it."""
    return (
        f"Trang đầu có dấu “{mark}”. Tài liệu có độ mật không được đưa lên phần mềm này; "
        "phổ biến trực tiếp tại buổi họp theo quy định bảo vệ bí mật."
    )


def refusal(classification: str) -> str:
    """The sentence for a class that may not be held here; empty for the allowed ones."""
    if classification not in MARKS:
        return ""
    return (
        f"Tài liệu độ “{MARKS[classification]}” không được đưa lên phần mềm này; "
        "phổ biến trực tiếp tại buổi họp theo quy định bảo vệ bí mật."
    )
