"""Is a table complete and free of contradiction? Its inputs are cut into regions in which every cell answers alike."""

from dugnad.rulebook.checks.tables.axis import Domain
from dugnad.rulebook.checks.tables.judging import Judged, Overlap, judge

__all__ = ["Domain", "Judged", "Overlap", "judge"]
