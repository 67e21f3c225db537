"""The folder of real exports and official samples, which is never part of the repository."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "shared" / "data"

needs_shared_data = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="NOT TESTED AGAINST REAL DATA: there is no ../shared/data beside the repository",
)
