"""Hides secrets and personal data in an event before it is written, by the rules of `redaction.json`.

The rules are those of the `redact` transform: `scripts/redaction_rules.ts` makes the file from `protocols/sensitive`.
"""
