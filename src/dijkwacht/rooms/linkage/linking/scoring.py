"""Pairs of records and what speaks for and against each: Splink on DuckDB, with a fixed table of weights.

Fellegi and Sunter (1969): the weight of a pair is the sum over its comparisons of log2(m / u), and the prior.
"""

from typing import Any, Final

import polars as pl

from dijkwacht.rooms.linkage.linking.normal import FOUND_BY, frequencies
from dijkwacht.rooms.linkage.linking.weights import Comparison, Weights

LEAST_SHARED: Final = 0.5
# When a level holds, in SQL of DuckDB. The last level of each comparison is all that is left.
CONDITIONS: Final = {
    "number": {
        "missing": "kvk_l is null or kvk_r is null",
        "same": "kvk_l = kvk_r",
        # Companies founded on one day have numbers that follow each other: the last digit is no typing error.
        "typing": "damerau_levenshtein(kvk_l, kvk_r) = 1 and left(kvk_l, 7) <> left(kvk_r, 7)",
    },
    "rsin": {"missing": "rsin_l is null or rsin_r is null", "same": "rsin_l = rsin_r"},
    "name": {
        "missing": "name_key_l is null or name_key_r is null",
        "same": "name_key_l = name_key_r",
        "shared": "list_has_any(names_l, names_r)",
        "group": "name_base_l = name_base_r",
        "alike": (
            "numbers_l = numbers_r and (jaro_winkler_similarity(name_text_l, name_text_r) >= 0.95"
            " or (length(name_text_l) > 7 and damerau_levenshtein(name_text_l, name_text_r) <= 2))"
        ),
        "part": (
            f"len(list_intersect(words_l, words_r)) >= {LEAST_SHARED} * least(len(words_l), len(words_r))"
            " or jaro_winkler_similarity(name_text_l, name_text_r) >= 0.85"
        ),
    },
    "form": {"missing": "form_l is null or form_r is null", "same": "form_l = form_r"},
    "address": {
        "missing": "place_l is null or place_r is null",
        "same": "place_l = place_r",
        "near": "postcode_l = postcode_r",
        "town": "area_l = area_r",
    },
    "domain": {"missing": "domain_l is null or domain_r is null", "same": "list_has_any(domains_l, domains_r)"},
    "mail": {"missing": "mail_l is null or mail_r is null", "same": "mail_l = mail_r"},
    "phone": {"missing": "phone_l is null or phone_r is null", "same": "phone_l = phone_r"},
}
KEPT: Final = ("source", "kvk", "rsin", "qualifiers", "numbers", "form", "establishment")


def comparison_settings(comparison: Comparison) -> dict[str, Any]:
    """Give a comparison as Splink's settings have it."""
    conditions = CONDITIONS[comparison.name]
    levels: list[dict[str, Any]] = [
        {"sql_condition": conditions["missing"], "label_for_charts": "missing", "is_null_level": True}
    ]
    for level in comparison.levels:
        one = {
            "sql_condition": conditions.get(level.name, "ELSE"),
            "label_for_charts": level.name,
            "m_probability": level.m,
            "u_probability": level.u,
        }
        if level.rare:
            one |= {"tf_adjustment_column": level.rare, "disable_tf_exact_match_detection": True}
        levels.append(one)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def score(frame: pl.DataFrame, weights: Weights, *, least: float) -> pl.DataFrame:
    """Score the pairs that share something that finds them.

    `frame`: as `normal_frame` gives it. `least`: pairs below this probability are left out. Gives one row a pair:
    `unique_id_l` < `unique_id_r`, `match_weight` (bits, prior included), `match_probability`, per comparison its level
    (`gamma_…`) and bits (`mw_…`, and `mw_tf_adj_…` for rarity), and what `clusters` judges by.
    """
    import duckdb
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        api = DuckDBAPI(connection)
        settings = SettingsCreator(
            link_type="dedupe_only",
            probability_two_random_records_match=weights.prior,
            comparisons=[comparison_settings(one) for one in weights.comparisons],
            blocking_rules_to_generate_predictions=[block_on(f"by_{name}") for name in FOUND_BY],
            retain_matching_columns=True,
            retain_intermediate_calculation_columns=True,
            additional_columns_to_retain=list(KEPT),
        )
        linker = Linker(api.register(frame.to_arrow(), table_name="records"), settings, log_level=None)
        for column in sorted({level.rare for one in weights.comparisons for level in one.levels if level.rare}):
            table = frequencies(frame, column, weights.least_records).to_arrow()
            registered = api.register(table, table_name=f"frequency_{column}")
            linker.table_management.register_term_frequency_lookup(registered, column)
        found = linker.inference.predict(threshold_match_probability=least).as_duckdbpyrelation()
        pairs = pl.DataFrame(found.to_arrow_table())
    return pairs.with_columns(pl.col("match_weight").round(6)).sort("unique_id_l", "unique_id_r")
