import { parseTransformation, type Transformation } from "@sluice/grammar";
import { viewerOfServer } from "../../access/viewer.ts";
import { AccountMemory, type Measured } from "../../accounts/account-memory.ts";
import type { Connection } from "../../database/database.ts";
import {
  listNamedTransformations,
  type NamedTransformationRow,
} from "../../database/repositories/named-transformations.ts";
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

/** The named transformations that every account has and nobody can change (docs/protocol/delivery.md §8.1). */
const meanings = {
  ik_ml_thumbnail: "w-400,h-400,c-at_max,q-70",
  media_library_thumbnail: "w-100,h-100,c-at_max,fo-auto",
} as const satisfies Record<string, string>;

export const builtInTransformations: readonly NamedTransformation[] = Object.entries(meanings).map(
  ([name, transformation]) => ({ id: name, name, transformation, enabled: true, createdAt: 0 }),
);

const parsed: ReadonlyMap<string, Transformation> = new Map(
  builtInTransformations.map(({ name, transformation }) => [name, parseTransformation(transformation)]),
);

export function findBuiltIn(name: string): Transformation | undefined {
  return parsed.get(name);
}

/** Limit for the remembered names and transformations of all accounts together, in characters. */
const rememberedLength = 2 * 1024 * 1024;
/** The overhead of one named transformation, besides its texts. */
const transformationLength = 100;
/** A parsed transformation takes several times the memory of its text. */
const parsedFactor = 4;

/** Finds the transformation that a name stands for. @returns undefined for a name that is unknown or disabled */
export type FindNamed = (name: string) => Transformation | undefined;

/**
 * Knows the current named transformations of all accounts. Every delivery and every upload that uses a name asks for
 * them. The cache key of a derived file contains what the names stand for and not the names, so a change needs no
 * purge.
 */
export class NamedTransformations {
  readonly #memory: AccountMemory<FindNamed>;

  constructor(reader: Connection) {
    this.#memory = new AccountMemory(reader, { read: readNamed, maxLength: rememberedLength });
  }

  /**
   * @param names the names that will be looked up; if all are built-in, the database isn't asked
   * @param revision the account's revision, if it has just been read
   */
  async of(accountId: string, names: Iterable<string>, revision?: number): Promise<FindNamed> {
    if ([...names].every((name) => findBuiltIn(name) !== undefined)) return findBuiltIn;
    return this.#memory.of(accountId, revision);
  }
}

async function readNamed(reader: Connection, accountId: string): Promise<Measured<FindNamed>> {
  const rows = (await listNamedTransformations(reader, viewerOfServer(accountId))).filter((row) => row.enabled === 1);
  const find = parsingOnce(new Map(rows.map(({ name, transformation }) => [name, transformation])));
  const length = rows.reduce(
    (sum, { name, transformation }) => sum + transformationLength + name.length + parsedFactor * transformation.length,
    transformationLength,
  );
  return { value: find, length };
}

/**
 * Parses each transformation when it is first asked for, because few of an account's names are used between changes.
 */
function parsingOnce(texts: ReadonlyMap<string, string>): FindNamed {
  const parsed = new Map<string, Transformation>();
  return (name) => {
    const text = texts.get(name);
    if (text === undefined) return findBuiltIn(name);
    const known = parsed.get(name) ?? parseTransformation(text);
    parsed.set(name, known);
    return known;
  };
}
