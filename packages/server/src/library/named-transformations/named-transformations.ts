import { parseTransformation, type Transformation } from "@sluice/grammar";
import { LRUCache } from "lru-cache";
import type { Connection } from "../../database/database.ts";
import { listNamedTransformations } from "../../database/repositories/named-transformations.ts";
import { findBuiltIn } from "./built-in.ts";

/** Well within the 5 s after which a change of a named transformation holds in every process. */
const rememberMs = 2000;
const maxRemembered = 1000;

/** What a name stands for; undefined for one that is unknown or disabled. */
export type FindNamed = (name: string) => Transformation | undefined;

/**
 * The accounts' named transformations as they were at most two seconds ago: each delivery that names one asks for them.
 * What is made of a file is kept under what its URL's names stand for, so a change needs no purge.
 */
export class NamedTransformations {
  readonly #reader: Connection;
  readonly #known = new LRUCache<string, FindNamed>({
    max: maxRemembered,
    ttl: rememberMs,
    // By the clock itself: the cache's own way of sparing it takes a timer.
    ttlResolution: 0,
  });
  #changes = 0;

  constructor(reader: Connection) {
    this.#reader = reader;
  }

  /** @param names those that will be looked up: what every account has costs no look into the database */
  async of(accountId: string, names: Iterable<string>): Promise<FindNamed> {
    if ([...names].every((name) => findBuiltIn(name) !== undefined)) return findBuiltIn;
    return this.#known.get(accountId) ?? this.#load(accountId);
  }

  /** What has just been changed here holds here at once. */
  forget(accountId: string): void {
    this.#changes += 1;
    this.#known.delete(accountId);
  }

  async #load(accountId: string): Promise<FindNamed> {
    // The rows are as old as the question, not as the answer.
    const start = performance.now();
    const changes = this.#changes;
    const rows = await listNamedTransformations(this.#reader, accountId);
    const enabled = rows.filter((row) => row.enabled === 1);
    const find = parsingOnce(new Map(enabled.map(({ name, transformation }) => [name, transformation])));
    // What was read before a change may arrive after it.
    if (changes === this.#changes) this.#known.set(accountId, find, { start });
    return find;
  }
}

/** Few of an account's names are asked for in two seconds. */
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
