"""The triage rules as a document for everybody who is signed in: as a page and as PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from heart.accounts.models import User
from heart.pages.queries.rules import readable, rules_document
from heart.roles import Permission, needs
from triage.document import paper
from triage.models import RuleSet
from triage.wording.grammar import LANGUAGES, Language


@needs(Permission.READ_RULES)
@require_GET
def page(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """The version in force, or the one of this number."""
    wanted = request.GET.get("language", "en")
    rule_set, language = _version(request, version), _language(wanted)
    doc = rules_document(rule_set, language)
    other: Language = "es" if language == "en" else "en"
    return render(request, "rules/document.html", {"doc": doc, "say": doc.text, "other": other})


@needs(Permission.READ_RULES)
@require_GET
def pdf(request: HttpRequest, version: int, number: int, language: str) -> HttpResponse:
    """The same as a file that says in its name which version it is."""
    if number != version:
        raise Http404("The name of the file is of another version.")
    doc = rules_document(_version(request, version), _language(language))
    name = f"heart-rules-{version}-{language}.pdf"
    return HttpResponse(
        paper.pdf(doc),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _version(request: HttpRequest, version: int | None) -> RuleSet:
    user: User = request.user  # type: ignore[assignment]  # needs() demands one
    try:
        return readable(version, user)
    except RuleSet.DoesNotExist:
        raise Http404("There is no such version of the rules to read.") from None


def _language(wanted: str) -> Language:
    for language in LANGUAGES:
        if language == wanted:
            return language
    raise Http404("The rules are written in English (en) and Spanish (es).")
