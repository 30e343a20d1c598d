"""Any combination of facts, for properties."""

from datetime import date

from hypothesis import strategies as st

from dijkwacht.kernel.pap import Pap
from dijkwacht.kernel.tlp import Tlp
from dijkwacht.law import AssetStatus, Facts, Information, ReceiverClass, RelayFacts, RelayStatus, SourceTerms

VALUES: dict[str, st.SearchStrategy[object]] = {
    "receiver_class": st.sampled_from(ReceiverClass),
    "information": st.sampled_from(Information),
    "personal_data": st.booleans(),
    "confidential": st.booleans(),
    "source_terms": st.sampled_from(SourceTerms),
    "tlp": st.sampled_from(Tlp),
    "pap": st.sampled_from(Pap),
    "asset_status": st.sampled_from(AssetStatus),
    "on": st.sampled_from([date(2018, 11, 8), date(2020, 2, 1), date(2026, 8, 14), date(2026, 8, 15)])
    | st.dates(date(2015, 1, 1), date(2035, 1, 1)),
    "named_receiver": st.booleans(),
    "relay": st.none()
    | st.builds(
        RelayFacts,
        st.sampled_from(RelayStatus),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    "network_owner": st.booleans(),
    "has_direct_contact": st.booleans(),
    "country": st.sampled_from(["NL", "DE", "GB", "US"]),
    "necessary": st.booleans(),
    "proportionate": st.booleans(),
    "confidentiality_guaranteed": st.booleans(),
    "interests_protected": st.booleans(),
}
ANY_FACTS = st.builds(Facts, **VALUES)
