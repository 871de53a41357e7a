/**
 * What is wrong with a filter expression, and where.
 *
 * @module
 */

/** One mistake. */
export interface QueryProblem {
  /** Offset of the first character that is wrong, in UTF-16 units from 0. */
  readonly start: number;
  /** Offset just past the last; at least `start`. */
  readonly end: number;
  /** What is wrong and what was expected, without a full stop. */
  readonly message: string;
}

/** A filter expression that cannot be used. The message names every mistake with its column, from 1. */
export class QueryError extends Error {
  /** Its class. */
  override name = "QueryError";
  /** The expression. */
  readonly text: string;
  /** All mistakes, at least one, in the order of their places. */
  readonly problems: readonly QueryProblem[];

  /** An error for these mistakes in this expression. */
  constructor(text: string, problems: readonly QueryProblem[]) {
    super(problems.map(({ start, message }) => `column ${start + 1}: ${message}`).join("; "));
    this.text = text;
    this.problems = problems;
  }
}
