"""The law as dated, testable policy: may this go to this receiver, by which route, on which ground. See README.md."""

from dijkwacht.law.compare import Difference, differences
from dijkwacht.law.decide import LawNotApplicable, decide, decide_many
from dijkwacht.law.decision import Citation, Decision, Ruling
from dijkwacht.law.explain import explain, explain_facts, explain_record, explain_rulings
from dijkwacht.law.facts import (
    AssetStatus,
    Facts,
    Information,
    InvalidFacts,
    ReceiverClass,
    RelayFacts,
    RelayStatus,
    Route,
    SourceTerms,
)
from dijkwacht.law.policies import InvalidPolicies, Policy, PolicySet
from dijkwacht.law.tables import InvalidTable, Tables

__all__ = [
    "AssetStatus",
    "Citation",
    "Decision",
    "Difference",
    "Facts",
    "Information",
    "InvalidFacts",
    "InvalidPolicies",
    "InvalidTable",
    "LawNotApplicable",
    "Policy",
    "PolicySet",
    "ReceiverClass",
    "RelayFacts",
    "RelayStatus",
    "Route",
    "Ruling",
    "SourceTerms",
    "Tables",
    "decide",
    "decide_many",
    "differences",
    "explain",
    "explain_facts",
    "explain_record",
    "explain_rulings",
]
