"""When: the lives of a declaration, a waiver, a month of the book, a statement that is read in, an audit."""

from django.db import models

from core.states import STAYS, Look, Move


class DeclarationState(models.TextChoices):
    DECLARED = "declared", "Chờ tiếp nhận"
    ACCEPTED = "accepted", "Đã tiếp nhận"
    RETURNED = "returned", "Trả lại"
    WITHDRAWN = "withdrawn", "Đã rút"


DECLARATION_MOVES = {
    "accept": Move(
        "Tiếp nhận",
        (DeclarationState.DECLARED,),
        DeclarationState.ACCEPTED,
        question="Tiếp nhận kê khai",
        effect="Mức đóng của các tháng chưa khóa sổ được tính theo số này.",
    ),
    "return": Move(
        "Trả lại",
        (DeclarationState.DECLARED,),
        DeclarationState.RETURNED,
        question="Trả lại để kê khai lại",
        effect="Đồng chí kê khai nhận được lý do và kê khai lại.",
    ),
    "withdraw": Move("Rút kê khai", (DeclarationState.DECLARED,), DeclarationState.WITHDRAWN),
}
DECLARATION_UI = {
    DeclarationState.DECLARED: Look("Chờ tiếp nhận", "warn", "hourglass-split"),
    DeclarationState.ACCEPTED: Look("Đã tiếp nhận", "ok", "check-lg"),
    DeclarationState.RETURNED: Look("Trả lại", "danger", "arrow-return-right"),
    DeclarationState.WITHDRAWN: Look("Đã rút", "line", "x-lg"),
}


class WaiverKind(models.TextChoices):
    EXEMPT = "exempt", "Miễn đảng phí"
    REDUCE = "reduce", "Giảm đảng phí"


class WaiverGround(models.TextChoices):
    """What a decision is given for (QĐ 01-QĐ/TW; DOMAIN §3.2); 50 years of party age need none."""

    SOCIAL_PENSION = "social_pension", "Hưởng trợ cấp hưu trí xã hội"
    POOR = "poor", "Hộ nghèo, hộ cận nghèo"
    DISEASE = "disease", "Bệnh hiểm nghèo theo danh mục của Bộ Y tế"
    HARDSHIP = "hardship", "Hoàn cảnh khó khăn khác"


class WaiverState(models.TextChoices):
    ASKED = "asked", "Chờ chi bộ xem xét"
    REPORTED = "reported", "Đã báo cáo cấp trên"
    DECIDED = "decided", "Đã có quyết định"
    REFUSED = "refused", "Không đồng ý"
    WITHDRAWN = "withdrawn", "Đã rút"


WAIVER_MOVES = {
    "report": Move(
        "Báo cáo cấp trên",
        (WaiverState.ASKED,),
        WaiverState.REPORTED,
        question="Báo cáo cấp ủy cấp trên quyết định",
        effect="Chi bộ trực thuộc báo cáo cấp trên quyết định; chi bộ cơ sở tự quyết định.",
    ),
    "decide": Move(
        "Ghi quyết định",
        (WaiverState.ASKED, WaiverState.REPORTED),
        WaiverState.DECIDED,
        when=lambda waiver: waiver.state == WaiverState.REPORTED or waiver.cell_decides,
        question="Ghi quyết định miễn, giảm",
        effect="Mức đóng của các tháng chưa khóa sổ được tính lại theo quyết định.",
    ),
    "refuse": Move(
        "Không đồng ý",
        (WaiverState.ASKED, WaiverState.REPORTED),
        WaiverState.REFUSED,
        question="Ghi kết quả không đồng ý",
        effect="Đồng chí xin miễn, giảm nhận được lý do.",
    ),
    "withdraw": Move("Rút đơn", (WaiverState.ASKED,), WaiverState.WITHDRAWN),
    "end": Move(
        "Kết thúc sớm",
        (WaiverState.DECIDED,),
        STAYS,
        when=lambda waiver: not waiver.is_over,
        question="Kết thúc quyết định trước hạn",
        effect="Các tháng sau đó chưa khóa sổ được tính lại theo mức thường. Tháng đã khóa sổ giữ nguyên.",
    ),
    "annul": Move(
        "Bỏ quyết định ghi nhầm",
        (WaiverState.DECIDED,),
        WaiverState.WITHDRAWN,
        question="Bỏ quyết định ghi nhầm",
        effect="Chỉ bỏ quyết định chưa từng đúng. Quyết định thôi áp dụng giữa chừng thì chọn “Kết thúc sớm”.",
        risk=True,
    ),
}
WAIVER_UI = {
    WaiverState.ASKED: Look("Chờ chi bộ xem xét", "warn", "hourglass-split"),
    WaiverState.REPORTED: Look("Đã báo cáo cấp trên", "info", "send"),
    WaiverState.DECIDED: Look("Đã có quyết định", "ok", "check-lg"),
    WaiverState.REFUSED: Look("Không đồng ý", "line", "x-lg"),
    WaiverState.WITHDRAWN: Look("Đã rút", "line", "x-lg"),
}


class DueKind(models.TextChoices):
    """What the calculation says of one member in one month."""

    PAYABLE = "payable", "Phải đóng"
    EXEMPT = "exempt", "Được miễn"
    ELSEWHERE = "elsewhere", "Đóng ở nơi sinh hoạt tạm thời"
    UNDECLARED = "undeclared", "Chờ kê khai thu nhập"
    INCOMPLETE = "incomplete", "Thiếu thông tin"  # category, birth date, sex or region is not entered
    UNCONFIGURED = "unconfigured", "Chưa cấu hình"  # a rule it needs has no value yet


NOT_COMPUTED = (DueKind.UNDECLARED, DueKind.INCOMPLETE, DueKind.UNCONFIGURED)


class MonthState(models.TextChoices):
    OPEN = "open", "Đang thu"
    CLOSED = "closed", "Đã khóa sổ"


MONTH_MOVES = {
    "close": Move(
        "Khóa sổ tháng",
        (MonthState.OPEN,),
        MonthState.CLOSED,
        question="Khóa sổ đảng phí của tháng",
        effect="Số của tháng không sửa được nữa. Sai sót về sau điều chỉnh bằng bút toán ở tháng đang mở.",
        risk=True,
    ),
    "split": Move(
        "Trích để lại, phải nộp",
        (MonthState.CLOSED,),
        STAYS,
        question="Trích phần để lại, phải nộp của tháng",
        effect="Số đã thu của tháng được chia theo tỷ lệ cấp trên đặt; bút toán ghi vào tháng đang mở. "
        "Tháng đã trích theo tỷ lệ khác thì ghi phần chênh lệch.",
    ),
}
MONTH_UI = {
    MonthState.OPEN: Look("Đang thu", "info", "circle"),
    MonthState.CLOSED: Look("Đã khóa sổ", "ok", "lock"),
}


class Method(models.TextChoices):
    """How money came (QĐ 01-QĐ/TW: the national portal, or cash to the cell; accounts are allowed)."""

    CASH = "cash", "Tiền mặt"
    TRANSFER = "transfer", "Chuyển khoản"
    PORTAL = "portal", "Cổng Dịch vụ công Quốc gia"


class Share(models.TextChoices):
    """What a part of a payment is for."""

    DUE = "due", "Đảng phí của tháng"
    VOLUNTARY = "voluntary", "Tự nguyện đóng thêm"


class Account(models.TextChoices):
    """Accounts of the cash book. A debit is positive: money in a place; a credit negative: whose money it is."""

    CASH = "cash", "Tiền mặt tại quỹ"
    BANK = "bank", "Tiền gửi ngân hàng"
    PORTAL = "portal", "Đã đóng qua Cổng Dịch vụ công"
    COLLECTED = "collected", "Đảng phí thu được, chưa trích nộp"
    RETAINED = "retained", "Đảng phí để lại chi bộ"
    PAYABLE = "payable", "Đảng phí phải nộp cấp trên"
    DIFFERENCE = "difference", "Chênh lệch kiểm quỹ chờ xử lý"


PLACES = (Account.CASH, Account.BANK, Account.PORTAL)
PLACE_OF = {Method.CASH: Account.CASH, Method.TRANSFER: Account.BANK, Method.PORTAL: Account.PORTAL}


class VoucherKind(models.TextChoices):
    OPENING = "opening", "Số dư đầu"
    RECEIPT = "receipt", "Thu đảng phí"
    REVERSAL = "reversal", "Hủy biên lai"
    SPLIT = "split", "Trích để lại, phải nộp"
    REMITTANCE = "remittance", "Nộp cấp trên"
    SPENDING = "spending", "Chi từ phần để lại"
    MOVE = "move", "Chuyển giữa tiền mặt và ngân hàng"
    COUNT = "count", "Chênh lệch kiểm quỹ"
    CORRECTION = "correction", "Bút toán đảo"  # takes back a voucher that is no receipt


class LineState(models.TextChoices):
    """A line of a statement that is read in."""

    MATCHED = "matched", "Đã ghép"
    UNSURE = "unsure", "Cần chọn"
    SKIPPED = "skipped", "Bỏ qua"
    KNOWN = "known", "Đã ghi trước đó"
    BOOKED = "booked", "Đã ghi sổ"


class Rest(models.TextChoices):
    """What becomes of money beyond what the payer owes; without a choice nothing is booked."""

    ADVANCE = "advance", "Đóng trước cho các tháng sau"
    VOLUNTARY = "voluntary", "Tự nguyện đóng thêm"


class StatementState(models.TextChoices):
    READ = "read", "Xem trước"
    BOOKED = "booked", "Đã ghi sổ"
    DROPPED = "dropped", "Đã bỏ"


STATEMENT_MOVES = {
    "book": Move(
        "Ghi vào sổ",
        (StatementState.READ,),
        StatementState.BOOKED,
        question="Ghi các dòng đã ghép vào sổ",
        effect="Mỗi dòng đã ghép thành một biên lai. Dòng chưa ghép không được ghi.",
    ),
    "drop": Move("Bỏ tệp này", (StatementState.READ,), StatementState.DROPPED),
}
STATEMENT_UI = {
    StatementState.READ: Look("Xem trước", "warn", "search"),
    StatementState.BOOKED: Look("Đã ghi sổ", "ok", "check-lg"),
    StatementState.DROPPED: Look("Đã bỏ", "line", "x-lg"),
}


class AuditKind(models.TextChoices):
    PLANNED = "planned", "Theo chương trình của chi bộ"
    ORDERED = "ordered", "Theo quyết định của cấp trên"


class AuditState(models.TextChoices):
    PLANNED = "planned", "Đã lên kế hoạch"
    RUNNING = "running", "Đang kiểm tra"
    ANSWERING = "answering", "Chờ giải trình"
    CONCLUDED = "concluded", "Đã kết luận"
    CANCELLED = "cancelled", "Đã hủy"


AUDIT_MOVES = {
    "start": Move(
        "Bắt đầu kiểm tra",
        (AuditState.PLANNED,),
        AuditState.RUNNING,
        question="Bắt đầu kiểm tra",
        effect="Tổ kiểm tra xem được sổ của kỳ kiểm tra. Hệ thống rà các mục kiểm tra và ghi kết quả.",
    ),
    "extend": Move(
        "Gia hạn kiểm tra",
        (AuditState.PLANNED, AuditState.RUNNING, AuditState.ANSWERING),
        "",
        question="Gia hạn kiểm tra",
        effect="Tổ kiểm tra xem được sổ của kỳ đến hết ngày mới. Tổ kiểm tra và người thu được báo.",
    ),
    "ask": Move(
        "Gửi người thu giải trình",
        (AuditState.RUNNING,),
        AuditState.ANSWERING,
        question="Gửi các phát hiện để giải trình",
        effect="Người thu đảng phí nhận thông báo và trả lời từng phát hiện.",
    ),
    "conclude": Move(
        "Kết luận",
        (AuditState.RUNNING, AuditState.ANSWERING),
        AuditState.CONCLUDED,
        question="Kết luận kiểm tra",
        effect="Các yêu cầu có hạn thành nhiệm vụ; biên bản được lập để hai bên ký.",
    ),
    "cancel": Move(
        "Hủy cuộc kiểm tra",
        (AuditState.PLANNED, AuditState.RUNNING),
        AuditState.CANCELLED,
        question="Hủy cuộc kiểm tra",
        effect="Tổ kiểm tra không xem được sổ nữa.",
        risk=True,
    ),
}
AUDIT_UI = {
    AuditState.PLANNED: Look("Đã lên kế hoạch", "line", "calendar3"),
    AuditState.RUNNING: Look("Đang kiểm tra", "info", "search"),
    AuditState.ANSWERING: Look("Chờ giải trình", "warn", "hourglass-split"),
    AuditState.CONCLUDED: Look("Đã kết luận", "ok", "check-lg"),
    AuditState.CANCELLED: Look("Đã hủy", "line", "x-lg"),
}
INSPECTING = (AuditState.RUNNING, AuditState.ANSWERING)  # the inspectors read the book
