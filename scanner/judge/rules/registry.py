"""All rules, listed by hand: what is not here does not run, and a test finds the forgotten file."""

from __future__ import annotations

from scanner.judge.rule import AnyRule, AssetRule, DeliveryRule
from scanner.judge.rules import (
    ai_declared,
    ai_enhancement_declared,
    ai_hint,
    ai_history,
    ai_in_archival,
    ai_marks_despite_terms,
    ai_marks_lost,
    ai_possible,
    ai_reference_match,
    ai_with_person,
    altered_original,
    approval_carried_over,
    approval_contradicted,
    approval_lapsed,
    approval_unused,
    changed_since_decision,
    content_rejected,
    credentials_changed,
    credentials_hidden,
    credentials_remote,
    credentials_unreadable,
    decided_in_part,
    file_changed_during_scan,
    folder_unreadable,
    frames_missing,
    library_empty,
    media_not_read,
    near_owned_with_ai_marks,
    not_ai_carried_over,
    not_ai_contradicted,
    origin_contradiction,
    pictures_not_compared,
    question_open,
    restricted_reference_match,
    scan_interrupted,
    sealed_bytes_differ,
    sealed_folder_differs,
    sealed_hashes_unread,
    sidecar_doubt,
    temporary_copy_in_final,
    thumbnail_differs,
    unapproved_tool,
    unknown_type,
    wrong_extension,
)

APPROVAL_RULES: tuple[AssetRule, ...] = (
    content_rejected,
    approval_carried_over,
    not_ai_carried_over,
    approval_lapsed,
    approval_contradicted,
    not_ai_contradicted,
    decided_in_part,
    changed_since_decision,
    question_open,
)
"""Rules that look at what was decided, once other findings are weighed. They lead: what was decided says what to do."""

RULES: tuple[AssetRule, ...] = (
    *APPROVAL_RULES,
    ai_declared,
    ai_in_archival,
    ai_with_person,
    unapproved_tool,
    temporary_copy_in_final,
    ai_reference_match,
    ai_marks_lost,
    restricted_reference_match,
    altered_original,
    ai_marks_despite_terms,
    near_owned_with_ai_marks,
    ai_enhancement_declared,
    ai_possible,
    origin_contradiction,
    ai_history,
    ai_hint,
    media_not_read,
    file_changed_during_scan,
    unknown_type,
    sealed_bytes_differ,
    credentials_changed,
    credentials_unreadable,
    credentials_remote,
    credentials_hidden,
    thumbnail_differs,
    wrong_extension,
    sidecar_doubt,
    frames_missing,
)
"""Rules that look at one asset."""

RULES_FOR_ALL_FILES: tuple[AssetRule, ...] = (sealed_bytes_differ, sidecar_doubt)
"""Those among `RULES` that also look at files known not to be media."""

DELIVERY_RULES: tuple[DeliveryRule, ...] = (
    scan_interrupted,
    folder_unreadable,
    sealed_hashes_unread,
    sealed_folder_differs,
    pictures_not_compared,
    library_empty,
    approval_unused,
)
"""Rules that look at the delivery as a whole."""

ALL_RULES: tuple[AnyRule, ...] = (*RULES, *DELIVERY_RULES)
