import { parseTransformation, type Transformation } from "@sluice/grammar";
import { AccountMemory, type Measured } from "../../accounts/account-memory.ts";
import type { Connection } from "../../database/database.ts";
import { listNamedTransformations } from "../../database/repositories/named-transformations.ts";
import { findBuiltIn } from "./built-in.ts";

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
  const rows = (await listNamedTransformations(reader, accountId)).filter((row) => row.enabled === 1);
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
