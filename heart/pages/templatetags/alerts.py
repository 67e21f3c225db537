"""The strip of alerts for every page of those who dispatch."""

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from heart.journal.queries import head
from heart.pages.queries.alerts import strip
from heart.roles import Permission, allowed

register = template.Library()


@register.simple_tag(takes_context=True)
def alerts_strip(context: template.Context) -> SafeString:
    """The alerts as they are now, cursor first; nothing for those who do not dispatch."""
    user = getattr(context.get("request"), "user", None)
    if not allowed(user, Permission.DISPATCH):
        return mark_safe("")
    cursor = head()
    html = get_template("alerts/_strip.html").render({"cursor": cursor, "alerts": strip()})
    return mark_safe(html)  # noqa: S308 - rendered by a template, escaped there
