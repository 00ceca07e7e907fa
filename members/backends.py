"""The session's account comes with its member in one query."""

from allauth.account.auth_backends import AuthenticationBackend

from members.models import User


class MemberBackend(AuthenticationBackend):
    def get_user(self, user_id):
        user = User.objects.select_related("member").filter(pk=user_id).first()
        return user if user and user.is_active else None
