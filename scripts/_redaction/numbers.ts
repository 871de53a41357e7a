/**
 * Numbers that states give to persons: the forms in which they are told, as `protocols/sensitive/personal/numeric_ids.ts`
 * has them. The check is called as the kind.
 *
 * @module
 */

const numerals = (check: string, forms: readonly string[], withWord: readonly string[] = [], near?: string) => ({
  finder: "numerals",
  numerals: { forms, ...(near === undefined ? {} : { near_forms: withWord, near }), check },
});

/** By name of the kind. */
export const NUMBERS: Readonly<Record<string, Record<string, unknown>>> = {
  us_ssn: numerals("us_ssn", ["3-2-4"], ["9"], "(?<![a-z])ssn(?![a-z])|social[ _-]?security"),
  de_tax_id: numerals("de_tax_id", ["2-3-3-3"], ["11"], "steuer|id[ _-]?nr|identifikationsnummer|tax[ _-]?id"),
  fr_nir: numerals("fr_nir", ["15", "13-2", "1-2-2-2-3-3-2"]),
  in_aadhaar: numerals("in_aadhaar", ["4-4-4"], ["12"], "aadha?ar|uidai"),
  ca_sin: numerals(
    "ca_sin",
    [],
    ["3-3-3", "9"],
    '(?<![a-z])sin(?:"?[:=]| n)|social[ _-]?insurance|assurance[ _-]?sociale',
  ),
  pl_pesel: numerals("pl_pesel", [], ["11"], "pesel"),
  nl_bsn: numerals("nl_bsn", [], ["9", "4-2-3", "3-3-3"], "(?<![a-z])bsn(?![a-z])|burgerservice|sofi"),
  se_personnummer: numerals(
    "se_personnummer",
    [],
    ["6-4", "8-4", "10", "12"],
    "person[ _-]?(?:nummer|nr)|personal[ _-]?identity",
  ),
  au_tfn: numerals("au_tfn", [], ["3-3-3", "9"], "(?<![a-z])tfn(?![a-z])|tax[ _-]?file"),
  uk_nhs: numerals("uk_nhs", [], ["3-3-4", "10"], "(?<![a-z])nhs"),
};
