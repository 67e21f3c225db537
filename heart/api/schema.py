"""How the OpenAPI document says that a token signs in."""

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme


class TokenScheme(KnoxTokenScheme):
    target_class = "heart.api.authentication.TokenAuthentication"
    name = "token"
