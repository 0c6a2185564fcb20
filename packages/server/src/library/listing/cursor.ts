import type { Position, Sort } from "../../database/search-index/search/order.ts";
import { maxDistance } from "../similar/similar-blobs.ts";

/**
 * A cursor is a position in one order, as a text that clients hand back. It names the last object of a page by its key,
 * so objects that come and go meanwhile neither repeat nor hide others.
 */
export interface Cursor {
  readonly position: Position;
  readonly towards: "next" | "previous";
}

export function writeCursor(sort: Sort, { position, towards }: Cursor): string {
  const { phase, key, id, scope } = position;
  const parts = [sort.key, sort.direction, towards, phase, key, id, scope];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** @returns undefined for a text that is no cursor of this order */
export function readCursor(sort: Sort, text: string): Cursor | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 7) return undefined;
  const [sortKey, direction, towards, phase, key, id, scope] = parts as unknown[];
  if (sortKey !== sort.key || direction !== sort.direction) return undefined;
  if (towards !== "next" && towards !== "previous") return undefined;
  if (!isPhase(sort, phase) || (scope !== 0 && scope !== 1)) return undefined;
  if (typeof id !== "string" || !/^[0-9a-f]{24}$/.test(id)) return undefined;
  return isKeyOf(sort, phase, key) ? { position: { phase, key, id, scope }, towards } : undefined;
}

/** The order by relevance has a phase for each distance of similar pictures. */
function isPhase({ key }: Sort, phase: unknown): phase is number {
  return Number.isInteger(phase) && Number(phase) >= 0 && Number(phase) <= (key === "RELEVANCE" ? maxDistance : 1);
}

function isKeyOf({ key: sortKey }: Sort, phase: number, key: unknown): key is Position["key"] {
  if (sortKey === "NAME") return typeof key === "string" && key.isWellFormed() && !key.includes("\0");
  if (phase === 1 && sortKey !== "RELEVANCE") return key === null;
  return Number.isSafeInteger(key);
}
