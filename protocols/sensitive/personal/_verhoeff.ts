/**
 * Verhoeff's check digit (J. Verhoeff, "Error Detecting Decimal Codes", 1969): multiplication in the dihedral group D5 and
 * powers of one permutation.
 *
 * @module
 */

/** Rotations are 0 to 4, reflections 5 to 9. */
function multiply(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
  return b < 5 ? 5 + (a - b + 5) % 5 : (a - b + 5) % 5;
}

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** Whether the last digit fits the others. */
export function isVerhoeff(digits: string): boolean {
  let check = 0;
  for (let k = 0; k < digits.length; k++) {
    let digit = Number(digits[digits.length - 1 - k]);
    for (let times = k % 8; times > 0; times--) digit = PERMUTATION[digit] ?? 0;
    check = multiply(check, digit);
  }
  return check === 0;
}
