"""Is an incident significant? Cbw 25(2), Implementing Regulation (EU) 2024/2690 article 3-14, ministerial criteria."""

from dijkwacht.law.incidents.significance.criteria import Criteria, Criterion, house_criteria, read_overlay
from dijkwacht.law.incidents.significance.judging import Fired, Verdict, judge
from dijkwacht.law.incidents.significance.recurring import together

__all__ = ["Criteria", "Criterion", "Fired", "Verdict", "house_criteria", "judge", "read_overlay", "together"]
