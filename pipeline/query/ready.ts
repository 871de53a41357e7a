/**
 * What some fields need before they can be asked for.
 *
 * @module
 */
import { fieldsOf, type Query } from "./ast.ts";

/** Resolves when all that the expression asks for can be told: `tokens` needs a vocabulary, which is not loaded else. */
export async function ready(query: Query): Promise<void> {
  if (!fieldsOf(query).has("tokens")) return;
  const { loadTokenizer } = await import("../tokens.ts");
  await loadTokenizer();
}
