import { type RawBuilder, sql } from "kysely";

/**
 * Begins a statement whose text depends on what somebody searches for. The databases keep a bounded number of prepared
 * statements, which such texts would crowd out.
 */
export const unnamed: RawBuilder<unknown> = sql.raw("/* unnamed */");

export function isUnnamed(text: string): boolean {
  return text.trimStart().startsWith("/* unnamed */");
}
