import type { NamedTransformationRow } from "../../database/repositories/named-transformations.ts";
import { randomDigits } from "../../text/random-digits.ts";

/** A transformation that URLs use by its name (docs/protocol/media-api.md §9). */
export interface NamedTransformation {
  readonly id: string;
  /** Letters, digits and `_`. */
  readonly name: string;
  /** The transformation's text, without `tr:`. */
  readonly transformation: string;
  readonly enabled: boolean;
  /** The time in Unix milliseconds; 0 for a built-in one that every account has. */
  readonly createdAt: number;
}

export function namedTransformationOf(row: NamedTransformationRow): NamedTransformation {
  const { id, name, transformation, enabled, created_at: createdAt } = row;
  return { id, name, transformation, enabled: enabled === 1, createdAt };
}

/** Creates a short id, as clients know them (docs/protocol/media-api.md §1). */
export function newNamedTransformationId(): string {
  return Buffer.from(randomDigits(), "hex").toString("base64url").replaceAll(/[-_]/g, "0").slice(0, 12);
}

/** Whether a text has the form of an id. The id of a built-in named transformation is its name. */
export function isNamedTransformationId(text: string): boolean {
  return /^\w{1,64}$/.test(text);
}
