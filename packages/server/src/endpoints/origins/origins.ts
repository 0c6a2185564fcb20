import { AccountMemory, type Measured } from "../../accounts/account-memory.ts";
import type { Connection } from "../../database/database.ts";
import { listOrigins, type OriginRow } from "../../database/repositories/origins.ts";
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

/** Limit for the remembered origins of all accounts together, in characters. */
const rememberedLength = 4 * 1024 * 1024;
/** The overhead of an account and of an origin, besides its texts. */
const entryLength = 200;

/** An account's origins by their ids, with their secrets as they are stored. */
type OriginsById = ReadonlyMap<string, OriginRow>;

/** Knows the current origins of all accounts. */
export class Origins {
  readonly #memory: AccountMemory<OriginsById>;

  constructor(reader: Connection) {
    this.#memory = new AccountMemory(reader, { read: readOrigins, maxLength: rememberedLength });
  }

  /** @param revision the account's revision, if it has just been read */
  of(accountId: string, revision?: number): Promise<OriginsById> {
    return this.#memory.of(accountId, revision);
  }
}

async function readOrigins(reader: Connection, accountId: string): Promise<Measured<OriginsById>> {
  const rows = await listOrigins(reader, accountId);
  return {
    value: new Map(rows.map((row) => [row.id, row])),
    length: rows.reduce((sum, row) => sum + entryLength + JSON.stringify(row).length, entryLength),
  };
}
