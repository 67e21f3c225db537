"""Parts of the API that belong to no screen."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from heart.roles import PUBLIC

urlpatterns = [
    path(
        "schema/",
        type("SchemaView", (SpectacularAPIView,), {"permissions": {"GET": PUBLIC}}).as_view(),
        name="api-schema",
    ),
]
