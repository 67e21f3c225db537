"""REST for versions of the triage rules: which there are, and each as a whole."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from heart.accounts.models import User
from heart.pages import shapes
from heart.pages.queries.rules import readable, rule_set_line, rule_set_lines
from heart.roles import Permission
from triage.exchange import json_file
from triage.queries import rows_of


class RuleSetsView(APIView):
    """Every version that the reader may see."""

    permissions = {"GET": Permission.READ_RULES}

    @extend_schema(responses={200: shapes.RuleSetList}, tags=["rules"])
    def get(self, request: Request) -> Response:
        """Versions of the triage rules, newest first; drafts for those who work on them only."""
        user: User = request.user  # type: ignore[assignment]  # the permission demands one
        return Response({"rule_sets": rule_set_lines(user)})


class RuleSetView(APIView):
    """One version with all that it holds."""

    permissions = {"GET": Permission.READ_RULES}

    @extend_schema(responses={200: shapes.RuleSetWhole}, tags=["rules"])
    def get(self, request: Request, version: int) -> Response:
        """A version in the format of an exported file, with its status and dates."""
        user: User = request.user  # type: ignore[assignment]  # the permission demands one
        rule_set = readable(version, user)
        return Response(json_file.whole(rows_of(rule_set)) | rule_set_line(rule_set))
