"""Is a table complete and free of contradiction? Its inputs are cut into regions in which every cell answers alike."""

from dugnad.rulebook.checks.tables.judging import Judged, Overlap, judge
from dugnad.rulebook.checks.tables.regions.axis import Domain

__all__ = ["Domain", "Judged", "Overlap", "judge"]
