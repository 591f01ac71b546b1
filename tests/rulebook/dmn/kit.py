"""Where the DMN Technology Compatibility Kit lies; it is no part of the project, and may be away."""

from pathlib import Path

import pytest

KIT = Path(__file__).resolve().parents[4] / "shared" / "reference" / "dmn-tck" / "TestCases"
needs_kit = pytest.mark.skipif(not KIT.is_dir(), reason=f"the compatibility kit is not at {KIT}")
