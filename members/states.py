"""The dated states a member can be in, and how they are shown. The words are those of DOMAIN §6.2."""

from django.db import models

from core.states import Look


class StatusKind(models.TextChoices):
    CANDIDATE = "candidate", "Quần chúng ưu tú"
    PROBATIONARY = "probationary", "Dự bị"
    OFFICIAL = "official", "Chính thức"
    SUSPENDED = "suspended", "Đình chỉ sinh hoạt"
    STRUCK_OFF = "struck_off", "Xóa tên"
    EXPELLED = "expelled", "Khai trừ"
    LEFT = "left", "Xin ra khỏi Đảng"
    DECEASED = "deceased", "Từ trần"


ON_ROLL = (StatusKind.PROBATIONARY, StatusKind.OFFICIAL, StatusKind.SUSPENDED)
OUT_OF_PARTY = (StatusKind.STRUCK_OFF, StatusKind.EXPELLED, StatusKind.LEFT, StatusKind.DECEASED)


class ExemptionKind(models.TextChoices):
    EXEMPT = "exempt", "Miễn công tác và sinh hoạt"
    EXEMPT_TEMPORARY = "exempt_temporary", "Tạm miễn công tác và sinh hoạt"


class PlacementKind(models.TextChoices):
    TEMP_HERE = "temp_here", "Sinh hoạt tạm thời tại đây"
    TEMP_ELSEWHERE = "temp_elsewhere", "Sinh hoạt tạm thời nơi khác"
    OVERSEAS = "overseas", "Ở nước ngoài"


class PostTitle(models.TextChoices):
    SECRETARY = "secretary", "Bí thư"
    DEPUTY = "deputy", "Phó bí thư"
    COMMITTEE_MEMBER = "committee_member", "Chi ủy viên"
    FEE_COLLECTOR = "fee_collector", "Người thu đảng phí"
    INSPECTOR = "inspector", "Kiểm tra viên"
    SUPERIOR_OFFICER = "superior_officer", "Cán bộ cấp trên theo dõi"
    SYSADMIN = "sysadmin", "Quản trị hệ thống"


COMMITTEE_TITLES = (PostTitle.SECRETARY, PostTitle.DEPUTY, PostTitle.COMMITTEE_MEMBER)
HEAD_TITLES = (PostTitle.SECRETARY, PostTitle.DEPUTY)
HIGHER_TITLES = (PostTitle.SUPERIOR_OFFICER, PostTitle.SYSADMIN)  # posts above cells
ONE_HOLDER = (PostTitle.SECRETARY,)


class FeeCategoryKind(models.TextChoices):
    SI_SALARY = "si_salary", "Đóng BHXH bắt buộc"
    SI_BENEFIT = "si_benefit", "Hưởng chế độ ốm đau, thai sản"
    PENSION = "pension", "Hưởng lương hưu"
    STUDENT = "student", "Học sinh, sinh viên"
    MIN_WAGE_WORKING = "min_wage_working", "Không lương hưu, trong tuổi lao động"
    MIN_WAGE_RETIRED = "min_wage_retired", "Không lương hưu, quá tuổi lao động"
    ABROAD_STATE = "abroad_state", "Ở nước ngoài do Nhà nước cử"
    ABROAD_OTHER = "abroad_other", "Ở nước ngoài, trường hợp khác"


STANDING_UI = {
    StatusKind.CANDIDATE: Look("Quần chúng ưu tú", "line", "person"),
    StatusKind.PROBATIONARY: Look("Dự bị", "info", "person"),
    StatusKind.OFFICIAL: Look("Chính thức", "ok", "person-check"),
    StatusKind.SUSPENDED: Look("Đình chỉ sinh hoạt", "warn", "pause-circle"),
    StatusKind.STRUCK_OFF: Look("Xóa tên", "line", "x"),
    StatusKind.EXPELLED: Look("Khai trừ", "line", "x"),
    StatusKind.LEFT: Look("Xin ra khỏi Đảng", "line", "x"),
    StatusKind.DECEASED: Look("Từ trần", "line", "dash"),
    ExemptionKind.EXEMPT: Look("Miễn sinh hoạt", "line", "dash"),
    ExemptionKind.EXEMPT_TEMPORARY: Look("Tạm miễn sinh hoạt", "line", "dash"),
    PlacementKind.TEMP_HERE: Look("Tạm thời tại đây", "info", "arrow-return-right"),
    PlacementKind.TEMP_ELSEWHERE: Look("Tạm thời nơi khác", "line", "arrow-return-right"),
    PlacementKind.OVERSEAS: Look("Ở nước ngoài", "line", "globe"),
}
