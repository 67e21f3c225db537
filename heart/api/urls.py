"""Parts of the API that belong to no screen."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from heart.api import schema as schema  # noqa: PLC0414 - registers itself when imported
from heart.roles import PUBLIC


class SchemaView(SpectacularAPIView):
    """The OpenAPI document describes addresses, no data: open to all."""

    permissions = {"GET": PUBLIC}


urlpatterns = [path("schema/", SchemaView.as_view(), name="api-schema")]
