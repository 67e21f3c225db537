"""Token sign-in for other systems; session cookies serve the browser."""

from knox.auth import TokenAuthentication as KnoxAuthentication


class TokenAuthentication(KnoxAuthentication):
    """``Authorization: Token …``, made by ``manage.py api_token``."""
