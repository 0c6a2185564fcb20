import { SluiceError } from "@sluice/protocol";
import type { Config } from "../config/config.ts";
import type { Principal } from "./authenticate.ts";

/** The bytes that an account stores and may store, counted over all its versions. */
export interface StorageUse {
  readonly limit: number;
  readonly stored: number;
}

/**
 * The account's own limit, or the server's; undefined where there is none. It was read with the key pair, and is as
 * old.
 */
export function storageLimitOf(
  { storageLimit }: Pick<Principal, "storageLimit">,
  { limits }: Pick<Config, "limits">,
): number | undefined {
  return effectiveLimit(storageLimit ?? null, limits.storageBytes);
}

/**
 * @param own null where the account has none of its own
 * @param standard the server's; in either parameter 0 means no limit
 */
export function effectiveLimit(own: number | null, standard: number): number | undefined {
  const limit = own ?? standard;
  return limit === 0 ? undefined : limit;
}

export function storageExceeded({ limit, stored }: StorageUse): SluiceError {
  return new SluiceError("STORAGE_LIMIT_EXCEEDED", { limit, stored });
}

const factors: Readonly<Record<string, number>> = { "": 1, b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40 };

/** The values of `sluice account set --storage`, described for people. */
export const storageValues =
  "bytes, or a number with KB, MB, GB or TB; none for no limit; default for the server's limit";

/** @returns bytes, 0 for no limit, null for the server's own limit; undefined for any other text */
export function parseStorageLimit(text: string): number | null | undefined {
  if (text === "none") return 0;
  if (text === "default") return null;
  const [, number = "", unit = ""] = /^(\d{1,15}(?:\.\d{1,3})?) ?([a-z]{0,2})$/i.exec(text) ?? [];
  const bytes = Math.round(Number(number) * (factors[unit.toLowerCase()] ?? Number.NaN));
  return number !== "" && Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}
