import type { OriginRow } from "../../database/repositories/origins.ts";
import { randomDigits } from "../../text/random-digits.ts";
import type { OriginType } from "./origin-types.ts";

/** A place outside of the library from which files are read (docs/origins.md). */
export interface Origin {
  readonly id: string;
  readonly name: string;
  readonly type: OriginType;
  /** Everything else that the API shows. No member is a secret. */
  readonly settings: OriginSettings;
}

export type OriginSettings = Readonly<Record<string, string | boolean | readonly string[]>>;

export function originOf({ id, name, type, settings }: OriginRow): Origin {
  return { id, name, type: type as OriginType, settings: JSON.parse(settings) as OriginSettings };
}

export const newOriginId = randomDigits;
