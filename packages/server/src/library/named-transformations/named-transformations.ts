import { parseTransformation, type Transformation } from "@sluice/grammar";
import { AccountMemory, type Measured } from "../../accounts/account-memory.ts";
import type { Connection } from "../../database/database.ts";
import { listNamedTransformations } from "../../database/repositories/named-transformations.ts";
import { findBuiltIn } from "./built-in.ts";

/** Characters of names and transformations, of all accounts together. */
const rememberedLength = 2 * 1024 * 1024;
/** What a transformation takes beside its texts. */
const transformationLength = 100;
/** A transformation that has been parsed takes several times what its text takes. */
const parsedFactor = 4;

/** What a name stands for; undefined for one that is unknown or disabled. */
export type FindNamed = (name: string) => Transformation | undefined;

/**
 * The accounts' named transformations as they are now: each delivery and each upload that names one asks for them. What
 * is made of a file is kept under what its URL's names stand for, so a change needs no purge.
 */
export class NamedTransformations {
  readonly #memory: AccountMemory<FindNamed>;

  constructor(reader: Connection) {
    this.#memory = new AccountMemory(reader, { read: readNamed, maxLength: rememberedLength });
  }

  /**
   * @param names those that will be looked up: what every account has costs no look into the database
   * @param revision the account's, where it has just been read
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

/** Few of an account's names are asked for while they stay the same. */
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
