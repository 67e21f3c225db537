from django.contrib.admin import apps as admin


class HeartAdminConfig(admin.AdminConfig):
    """Django's admin on our own site: permissions by role, every edit in the journal."""

    default = False
    default_site = "heart.adminsite.HeartAdminSite"
