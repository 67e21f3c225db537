"""The documents that are written by the code itself, so that they cannot be wrong for long."""

from dataclasses import fields
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from heart.journal.facts import FACTS
from heart.moves import MACHINES
from heart.pages.addresses import addresses, sockets
from heart.roles import GRANTS, PUBLIC, Permission, Role

NOTE = "<!-- written by `manage.py write_docs`; a test fails when it is stale -->\n\n"


def documents() -> dict[str, str]:
    """File name below docs/ and its text."""
    return {
        "states.md": NOTE + _states(),
        "journal.md": NOTE + _journal(),
        "permissions.md": NOTE + _permissions(),
        "openapi.yaml": _openapi(),
    }


def _states() -> str:
    text = "# States\n\nEvery noun with a status, and every move it can make.\n"
    for noun, machine in sorted(MACHINES.items()):
        text += f"\n## {noun}\n\nBorn as {', '.join(sorted(machine.initial))}; "
        text += f"ends as {', '.join(sorted(machine.final())) or 'nothing: it goes on'}.\n\n"
        text += _table(
            ["move", "from", "to"],
            [[m.name, ", ".join(sorted(m.sources)), m.target] for m in machine.moves.values()],
        )
    return text


def _journal() -> str:
    rows = [
        [f"`{verb}`", known.words, ", ".join(f.name for f in fields(known)), _first_line(known)]
        for verb, known in sorted(FACTS.items())
    ]
    return (
        "# Journal\n\nEvery verb, its sentence, its fields. A verb's meaning never changes; payloads "
        "hold ids and codes only.\n\n" + _table(["verb", "sentence", "fields", "meaning"], rows)
    )


def _permissions() -> str:
    text = "# Who may do what\n\n"
    head = ["permission", "what", *(role.label for role in Role)]
    rows = [
        [f"`{p.value}`", p.label, *("yes" if p in GRANTS[role] else "" for role in Role)]
        for p in Permission
    ]
    text += _table(head, rows) + "\n## Addresses\n\n"
    text += _table(
        ["address", "needs"],
        [
            *sorted(
                [f"`{a.route}`", _needed(a.needs)] for a in addresses() if "admin" not in a.route
            ),
            ["`/admin/…`", f"`{Permission.ADMINISTER.value}`"],
        ],
    )
    text += "\n## Sockets\n\n"
    return text + _table(["audience", "needs"], [[f"`{k}`", f"`{p.value}`"] for k, p in sockets()])


def _needed(needs: dict[str, Permission | str | None]) -> str:
    def word(permission: Permission | str | None) -> str:
        if permission == PUBLIC:
            return "open to all"
        return f"`{permission.value}`" if isinstance(permission, Permission) else "**undeclared**"

    return ", ".join(
        word(permission) if method == "*" else f"{method} {word(permission)}"
        for method, permission in needs.items()
    )


def _openapi() -> str:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    rendered: bytes = OpenApiYamlRenderer().render(schema, renderer_context={})
    return rendered.decode()


def _first_line(known: type[Any]) -> str:
    return (known.__doc__ or "").strip().splitlines()[0] if _has_own_doc(known) else ""


def _has_own_doc(known: type[Any]) -> bool:
    return bool(known.__doc__) and not (known.__doc__ or "").startswith(f"{known.__name__}(")


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in lines
    )
