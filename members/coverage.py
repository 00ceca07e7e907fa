"""What ``verify_chain`` watches in this app: whoever changes a right or a rule by SQL is found."""


def post(row):
    return ["post", row.member_id, row.organisation_id, row.title, row.starts_on, row.ends_on]


def setting(row):
    return ["setting", row.organisation_id, row.key, row.value, row.starts_on, row.ends_on, row.source]


def user(row):
    return ["user", row.username, row.member_id, row.is_active]


COVERAGE = {"members.post": post, "members.setting": setting, "members.user": user}
