"""When: the tables of moves of meetings, votes and the choices on their sheets. Pure."""

from django.db import models

from core.states import Look, Move


class Body(models.TextChoices):
    CELL = "cell", "Chi bộ"
    COMMITTEE = "committee", "Chi ủy"


class Kind(models.TextChoices):
    REGULAR = "regular", "Sinh hoạt thường kỳ"
    THEMATIC = "thematic", "Sinh hoạt chuyên đề"
    COMBINED = "combined", "Sinh hoạt thường kỳ kết hợp chuyên đề"
    EXTRAORDINARY = "extraordinary", "Họp bất thường"
    COMMITTEE = "committee", "Họp chi ủy"


REGULAR_KINDS = (Kind.REGULAR, Kind.COMBINED)
THEMATIC_KINDS = (Kind.THEMATIC, Kind.COMBINED)


class Mode(models.TextChoices):
    IN_PERSON = "in_person", "Trực tiếp"
    ONLINE = "online", "Trực tuyến"
    HYBRID = "hybrid", "Trực tiếp kết hợp trực tuyến"


class State(models.TextChoices):
    DRAFT = "draft", "Đang soạn"
    AGREED = "agreed", "Chi ủy đã thống nhất"
    NOTIFIED = "notified", "Đã thông báo"
    IN_SESSION = "in_session", "Đang họp"
    CLOSED = "closed", "Đã bế mạc"
    CANCELLED = "cancelled", "Đã hủy"


STATE_UI = {
    State.DRAFT: Look("Đang soạn", "", "pencil"),
    State.AGREED: Look("Chi ủy đã thống nhất", "info", "people"),
    State.NOTIFIED: Look("Đã thông báo", "info", "send"),
    State.IN_SESSION: Look("Đang họp", "live", "dot"),
    State.CLOSED: Look("Đã bế mạc", "warn", "file-text"),
    State.CANCELLED: Look("Đã hủy", "line", "x"),
}

# what only the committee may see
HIDDEN = (State.DRAFT, State.AGREED)
OPEN_ENDED = (State.DRAFT, State.AGREED, State.NOTIFIED)
HELD = (State.IN_SESSION, State.CLOSED)


def agreed_or_no_committee(meeting) -> bool:
    """Notify straight from the draft only where no committee stands above the meeting's body."""
    return meeting.state == State.AGREED or not meeting.needs_agreement


def needs_committee(meeting) -> bool:
    return meeting.needs_agreement


MOVES = {
    "agree": Move(
        "Chi ủy thống nhất chương trình",
        (State.DRAFT,),
        State.AGREED,
        when=needs_committee,
        question="Chi ủy thống nhất chương trình này?",
        effect="Chương trình được khóa lại để thông báo. Muốn sửa tiếp, chi ủy lấy lại bản soạn.",
    ),
    "revise": Move(
        "Lấy lại để sửa",
        (State.AGREED,),
        State.DRAFT,
        question="Lấy lại chương trình để sửa?",
        effect="Chương trình trở về bản soạn; sau khi sửa, chi ủy thống nhất lại.",
    ),
    "notify": Move(
        "Gửi thông báo họp",
        (State.DRAFT, State.AGREED),
        State.NOTIFIED,
        when=agreed_or_no_committee,
        question="Gửi thông báo họp?",
        effect="Người được mời thấy chương trình, tài liệu, nhận thư kèm lịch. Họp chi bộ thì cấp trên cũng được báo.",
    ),
    "reschedule": Move(
        "Đổi lịch họp",
        (State.NOTIFIED,),
        State.NOTIFIED,
        question="Đổi lịch buổi họp?",
        effect="Mọi người đã được mời sẽ nhận thư báo lịch mới; lịch trong điện thoại tự đổi theo.",
    ),
    "open": Move(
        "Khai mạc",
        (State.NOTIFIED,),
        State.IN_SESSION,
        question="Khai mạc buổi họp?",
        effect="Danh sách điểm danh được lập theo sổ đảng viên của ngày họp.",
    ),
    "close": Move(
        "Bế mạc",
        (State.IN_SESSION,),
        State.CLOSED,
        question="Bế mạc buổi họp?",
        effect="Ghi giờ bế mạc. Sau đó thư ký hoàn thiện biên bản.",
    ),
    "cancel": Move(
        "Hủy buổi họp",
        (State.DRAFT, State.AGREED, State.NOTIFIED),
        State.CANCELLED,
        question="Hủy buổi họp?",
        effect="Người đã được mời nhận thư báo hủy. Nội dung chưa bàn tự vào bản soạn của buổi thường kỳ sau.",
        risk=True,
    ),
}


class Section(models.TextChoices):
    OPENING = "A", "A. Mở đầu"
    CONTENT = "B", "B. Nội dung"
    CLOSING = "C", "C. Kết thúc"


class ItemStatus(models.TextChoices):
    PENDING = "pending", "Chưa bàn"
    DISCUSSED = "discussed", "Đã bàn"
    POSTPONED = "postponed", "Chuyển sang buổi sau"


class Ending(models.TextChoices):
    """How a recorded decision ends a clause."""

    DONE = "done", "Đã thực hiện xong"
    REPLACED = "replaced", "Thay bằng mục khác"
    DROPPED = "dropped", "Không thực hiện nữa"


class ClauseState(models.TextChoices):
    """Read from the tasks of a clause and from the decision that ended it; never stored."""

    OPEN = "open", "Đang thực hiện"
    NOT_BEGUN = "not_begun", "Chưa bắt đầu"
    LATE = "late", "Quá hạn"
    REPORTED = "reported", "Chờ xác nhận"
    DONE = "done", "Đã xong"
    REPLACED = "replaced", "Đã thay"
    DROPPED = "dropped", "Không thực hiện nữa"


CLAUSE_UI = {
    ClauseState.OPEN: Look("Đang thực hiện", "info", "arrow-repeat"),
    ClauseState.NOT_BEGUN: Look("Chưa bắt đầu", "", "circle"),
    ClauseState.LATE: Look("Quá hạn", "danger", "exclamation-triangle"),
    ClauseState.REPORTED: Look("Chờ xác nhận", "warn", "hourglass-split"),
    ClauseState.DONE: Look("Đã xong", "ok", "check-lg"),
    ClauseState.REPLACED: Look("Đã thay", "line", "arrow-return-right"),
    ClauseState.DROPPED: Look("Không thực hiện nữa", "line", "x-lg"),
}
ENDED = {
    Ending.DONE: ClauseState.DONE,
    Ending.REPLACED: ClauseState.REPLACED,
    Ending.DROPPED: ClauseState.DROPPED,
}
CLAUSE_OPEN = (ClauseState.OPEN, ClauseState.NOT_BEGUN, ClauseState.LATE, ClauseState.REPORTED)


class Finding(models.TextChoices):
    """What the review of last month finds about an open thing."""

    DONE = "done", "Đã xong"
    LATE = "late", "Quá hạn"
    DOING = "doing", "Đang làm"
    NOT_BEGUN = "not_begun", "Chưa bắt đầu"


FINDING_UI = {
    Finding.DONE: Look("Đã xong", "ok", "check-lg"),
    Finding.LATE: Look("Quá hạn", "danger", "exclamation-triangle"),
    Finding.DOING: Look("Đang làm", "info", "arrow-repeat"),
    Finding.NOT_BEGUN: Look("Chưa bắt đầu", "", "circle"),
}


class Answer(models.TextChoices):
    """What a member says beforehand."""

    ATTENDS = "attends", "Tôi sẽ dự"
    ASKS_EXCUSE = "asks_excuse", "Xin vắng mặt"


class Excuse(models.TextChoices):
    """What the secretary decides about an asked absence."""

    ASKED = "", "Chờ quyết định"
    ACCEPTED = "accepted", "Có lý do"
    REFUSED = "refused", "Không lý do"


class Presence(models.TextChoices):
    """Categories of the attendance sheet (DOMAIN §1.5)."""

    UNMARKED = "", "Chưa điểm danh"
    PRESENT = "present", "Có mặt"
    ABSENT_EXCUSED = "absent_excused", "Vắng có lý do"
    ABSENT_UNEXCUSED = "absent_unexcused", "Vắng không lý do"
    EXEMPT = "exempt", "Miễn sinh hoạt"
    EXEMPT_TEMPORARY = "exempt_temporary", "Tạm miễn"
    TEMP_ELSEWHERE = "temp_elsewhere", "Tạm thời nơi khác"


class Decision(models.TextChoices):
    """What is voted on; decides the share that is needed (QĐ 294-QĐ/TW, mục 9.3)."""

    RESOLUTION = "resolution", "Nghị quyết, kết luận"
    EXEMPTION = "exemption", "Miễn công tác và sinh hoạt"
    OTHER = "other", "Việc khác của chi bộ"
    ADMISSION = "admission", "Đề nghị kết nạp đảng viên"
    RECOGNITION = "recognition", "Đề nghị công nhận đảng viên chính thức"
    STRIKING_OFF = "striking_off", "Đề nghị xóa tên đảng viên"
    EXPULSION = "expulsion", "Đề nghị khai trừ đảng viên"


TWO_THIRDS = (Decision.ADMISSION, Decision.RECOGNITION, Decision.STRIKING_OFF, Decision.EXPULSION)


class Ballot(models.TextChoices):
    """Form of a vote."""

    CARD = "card", "Giơ thẻ đảng viên"
    HAND = "hand", "Giơ tay"
    SECRET_PAPER = "secret_paper", "Phiếu kín"


class VoteState(models.TextChoices):
    DRAFT = "draft", "Chưa mở"
    OPEN = "open", "Đang mở"
    CLOSED = "closed", "Đã chốt"


VOTE_UI = {
    VoteState.DRAFT: Look("Chưa mở", "", "pencil"),
    VoteState.OPEN: Look("Đang mở", "info", "unlock"),
    VoteState.CLOSED: Look("Đã chốt", "ok", "lock"),
}

VOTE_MOVES = {
    "open": Move(
        "Mở biểu quyết",
        (VoteState.DRAFT,),
        VoteState.OPEN,
        question="Mở biểu quyết?",
        effect="Số đảng viên tính tỷ lệ được chốt theo điểm danh lúc này.",
    ),
    "reset": Move(
        "Lấy lại, tính lại số đảng viên",
        (VoteState.OPEN,),
        VoteState.DRAFT,
        question="Lấy lại biểu quyết?",
        effect="Số đảng viên tính tỷ lệ bỏ chốt; mở lại sẽ tính theo điểm danh mới.",
    ),
    "close": Move(
        "Chốt kết quả",
        (VoteState.OPEN,),
        VoteState.CLOSED,
        question="Chốt kết quả biểu quyết?",
        effect="Sau khi chốt, kết quả không sửa được nữa.",
    ),
}


class Grade(models.TextChoices):
    """Quality of the meeting (DOMAIN §1.7)."""

    GOOD = "tốt", "Tốt"
    FAIR = "khá", "Khá"
    AVERAGE = "trung bình", "Trung bình"
    POOR = "kém", "Kém"
