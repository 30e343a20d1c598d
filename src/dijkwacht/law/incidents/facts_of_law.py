"""The facts that a law asks for: whether an incident is significant, and what the neighbouring regimes need besides."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StringConstraints

from dijkwacht.law.incidents.facts import Code, Count, Line, Model, Moment, State, Words


class Earlier(Model):
    """An earlier incident of the same entity that was not significant by itself (article 4 of Regulation 2024/2690)."""

    detected: Moment
    """When it was noticed."""
    root_cause: Line
    """Its apparent root cause, in the words of `root_cause_key` where it is the same."""
    loss_eur: Count | None = None
    """Direct financial loss in euro, caused or possible; null: not known."""
    reference: Annotated[str, StringConstraints(max_length=200)] = ""
    """What the entity calls it; it comes back in the answer and decides nothing."""


class Significance(Model):
    """What the criteria of article 3 to 14 of Regulation 2024/2690 and of the ministers ask."""

    planned: StrictBool | None = None
    """Whether all of it is a scheduled interruption, or a planned consequence of scheduled maintenance."""
    severe_disruption: StrictBool | None = None
    """Whether it caused, or can cause, severe operational disruption of the services."""
    financial_loss: StrictBool | None = None
    """Whether it caused, or can cause, severe financial loss for the entity."""
    others_harmed: StrictBool | None = None
    """Whether it affected, or can affect, others by considerable material or non-material damage."""
    loss_eur: Count | None = None
    """Direct financial loss in euro that it caused or can cause."""
    turnover_eur: Count | None = None
    """The entity's total annual turnover in the preceding financial year, in euro."""
    trade_secrets: StrictBool | None = None
    """Whether it caused, or can cause, the exfiltration of trade secrets of the entity."""
    death: StrictBool | None = None
    """Whether it caused, or can cause, the death of a person."""
    health_damage: StrictBool | None = None
    """Whether it caused, or can cause, considerable damage to a person's health, such as serious injury."""
    intrusion: StrictBool | None = None
    """Whether there was a successful, suspectedly malicious and unauthorised access to network or systems."""
    intrusion_can_disrupt: StrictBool | None = None
    """Whether that access can cause severe operational disruption."""
    unavailable_minutes: Count | None = None
    """How long the service, or the critical process, was completely unavailable, in minutes; 0: it was not."""
    unavailable_minutes_week: Count | None = None
    """Trust services: for how many minutes of one calendar week it was unavailable, all together."""
    limited_minutes: Count | None = None
    """How long the availability was limited, in minutes; 0: it was not."""
    slow_response_minutes: Count | None = None
    """DNS: for how many minutes in a row the average response took more than 10 seconds; 0: it did not."""
    users_unavailable: Count | None = None
    """For how many users in the Union the service was completely unavailable."""
    users_limited: Count | None = None
    """For how many users (trust services: or relying parties) in the Union the availability was limited."""
    users_data: Count | None = None
    """For how many users (trust services: or relying parties) in the Union the compromise of data has an impact."""
    users_eu: Count | None = None
    """How many users (trust services: or relying parties) the service has in the Union."""
    data_compromised: StrictBool | None = None
    """Whether integrity, confidentiality or authenticity of data related to the service is compromised."""
    data_malicious: StrictBool | None = None
    """Whether that is the result of a suspectedly malicious action."""
    misconfiguration: StrictBool | None = None
    """DNS: whether the data are not correct because of misconfiguration."""
    domains_affected: Count | None = None
    """DNS: how many domain names have data that are not correct."""
    domains_managed: Count | None = None
    """DNS: how many domain names the provider manages."""
    physical_access: StrictBool | None = None
    """Whether physical access to the data centre or the trusted area, or its protection, is compromised."""
    damage_eur: Count | None = None
    """Damage to state or society in euro that it caused or can cause."""
    beyond_budget: StrictBool | None = None
    """Decentral government: whether it has a financial effect that the budget cannot absorb."""
    misuse_loss_eur: Count | None = None
    """Loss in euro by misuse of business information."""
    classified: StrictBool | None = None
    """Whether somebody may have learned, without right, of information classified Stg. CONFIDENTIEEL or higher (or the
    like of NATO or the Union)."""
    infrastructure_damaged: StrictBool | None = None
    """Wwke: whether critical infrastructure is destroyed or badly damaged."""
    own: Annotated[dict[Code, StrictBool | Count | None], Field(max_length=50)] = Field(default_factory=dict)
    """Facts that confidential criteria of this entity ask for, by their own names."""
    earlier: Annotated[tuple[Earlier, ...], Field(max_length=1000)] = ()
    """Other incidents of the entity, for those that recur."""


class Special(Model):
    """Trust services, personal data, finance, electricity, essential services, products."""

    trust_service: StrictBool | None = None
    """Whether it affects the provision of a trust service by the entity (24 hours for the notification, Cbw 27(2))."""
    personal_data_breach: StrictBool | None = None
    """Whether it is a breach of personal data."""
    personal_data_risk: Literal["unlikely", "risk", "high-risk"] | None = None
    """The risk to the rights and freedoms of people."""
    data_nature: Words | None = None
    """What happened to the personal data: lost, disclosed, changed, not available."""
    data_categories: Words | None = None
    """Which kinds of personal data, and about how many records."""
    data_subjects: Words | None = None
    """Which groups of people."""
    data_subjects_count: Count | None = None
    """About how many people."""
    data_consequences: Words | None = None
    """The likely consequences of the breach."""
    data_measures: Words | None = None
    """What is done about the breach and its consequences."""
    dpo_contact: Words | None = None
    """Data protection officer, or another place where more can be learned."""
    dora_major: StrictBool | None = None
    """Whether it is classified as a major ICT-related incident (DORA 18)."""
    dora_criteria: Words | None = None
    """Which criteria of classification are met."""
    dora_origin: Words | None = None
    """Where the incident comes from: own systems or a third party."""
    dora_continuity: StrictBool | None = None
    """Whether the business continuity plan was activated."""
    dora_costs: Words | None = None
    """Costs and losses, direct and indirect."""
    netcode_kind: Literal["attack", "vulnerability", "threat"] | None = None
    """Reportable cyber-attack, unpatched actively exploited vulnerability, or cyber threat."""
    netcode_impact: Annotated[int, Field(strict=True, ge=1, le=5)] | None = None
    """Potential impact on assets and perimeters, 1 (lowest) to 5."""
    netcode_severity: Annotated[int, Field(strict=True, ge=1, le=5)] | None = None
    """Severity of the attack, 1 (lowest) to 5."""
    netcode_level: Literal["minimal", "low", "medium", "high", "critical"] | None = None
    """Criticality on the five-step scale, where the entity has judged it."""
    netcode_reasoning: Words | None = None
    """Why it has that level."""
    essential_service_disrupted: StrictBool | None = None
    """Wwke: whether it disrupts, or can disrupt, an essential service significantly."""
    cra_trigger: Literal["vulnerability", "incident", "none"] | None = None
    """Actively exploited vulnerability in the product, or severe incident that has an impact on its security."""
    products: Words | None = None
    """The products concerned."""
    product_states: Annotated[tuple[State, ...], Field(max_length=40)] | None = None
    """The Member States where the product is made available, as far as known."""
