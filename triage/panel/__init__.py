"""The pages of the admin panel about the triage rules: read, change, prove, approve."""

from triage.panel import compare, exchanges, forms, proofs, table, versions
from triage.panel.frame import View

PAGES: tuple[tuple[str, str, View], ...] = (
    ("import/", "import", exchanges.take),
    ("versions/<int:version>/", "version", versions.version),
    ("versions/<int:version>/draft/", "begin", versions.begin),
    ("versions/<int:version>/submission/", "submit", versions.submit),
    ("versions/<int:version>/withdrawal/", "withdraw", versions.withdraw),
    ("versions/<int:version>/approval/", "approve", versions.approve),
    ("versions/<int:version>/activation/", "activate", versions.activate),
    ("versions/<int:version>/return/", "roll_back", versions.roll_back),
    ("versions/<int:version>/rules.json", "export", exchanges.export_json),
    ("versions/<int:version>/rules.csv", "export_csv", exchanges.export_csv),
    ("versions/<int:version>/table/", "table", table.editor),
    ("versions/<int:version>/check/", "check", table.check),
    ("versions/<int:version>/prove/", "prove", table.prove),
    ("versions/<int:version>/save/", "save", table.save),
    ("versions/<int:version>/scenario/", "keep", table.keep),
    ("versions/<int:version>/questions/", "questions", forms.questions),
    ("versions/<int:version>/settings/", "settings", forms.settings),
    ("versions/<int:version>/proof/", "proof", proofs.proof),
    ("versions/<int:number>/compare/", "compare", compare.page),
    ("versions/<int:version>/proof/scenario/", "leave_out", proofs.leave_out),
)
"""Below /admin/triage/ruleset/: the address, its name after ``admin:triage_ruleset_``, the view."""
