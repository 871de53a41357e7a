/**
 * Marks what the sensor does itself, for those of its hooks that see it.
 *
 * @module
 */

let depth = 0;

/** Does something of the sensor's own. */
export function asOwnWork<Result>(work: () => Result): Result {
  depth++;
  try {
    return work();
  } finally {
    depth--;
  }
}

/** True while that is done. */
export function isOwnWork(): boolean {
  return depth > 0;
}
