from django.contrib.admin.apps import AdminConfig


class HeartAdminConfig(AdminConfig):
    """Django's admin on our own site: permissions by role, every edit in the journal."""

    default = False
    default_site = "heart.adminsite.HeartAdminSite"
