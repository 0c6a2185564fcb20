import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { BlobEntry } from "../storage/blob-store.ts";

/** A content as its row describes it. */
export interface Content {
  readonly key: string;
  readonly size: number;
  readonly sha256: Uint8Array;
}

/** A content that is wanted, with what the store has under its key. */
export interface WantedContent extends Content {
  readonly present: { readonly size: number; readonly at: number } | undefined;
}

/**
 * The contents that are wanted in a store, and those that the store has. The list is kept in a file, since there may be
 * millions of them.
 */
export class ContentList {
  readonly #database: DatabaseSync;
  readonly #want: StatementSync;
  readonly #note: StatementSync;

  static async create(): Promise<ContentList> {
    return new ContentList();
  }

  private constructor() {
    // A database without a name is a temporary file, of which nothing is left, even when the process is killed.
    this.#database = new DatabaseSync("");
    this.#database.exec("pragma journal_mode = off; pragma synchronous = off; pragma temp_store = file");
    this.#database.exec("create table wanted (key text primary key, size integer, sha256 blob) without rowid");
    this.#database.exec("create table present (key text primary key, size integer, at integer) without rowid");
    this.#database.exec("begin");
    this.#want = this.#database.prepare("insert or replace into wanted (key, size, sha256) values (?, ?, ?)");
    this.#note = this.#database.prepare("insert or replace into present (key, size, at) values (?, ?, ?)");
  }

  want({ key, size, sha256 }: Content): void {
    this.#want.run(key, size, sha256);
  }

  note({ key, size, modifiedAt }: BlobEntry): void {
    this.#note.run(key, size, modifiedAt.getTime());
  }

  /** Begins a new look at the store. */
  forgetPresent(): void {
    this.#database.exec("delete from present");
  }

  /** The number and the size of the wanted contents. */
  totals(): { readonly contents: number; readonly bytes: number } {
    const row = this.#database
      .prepare("select count(*) as contents, coalesce(sum(size), 0) as bytes from wanted")
      .get();
    return { contents: Number(row?.contents), bytes: Number(row?.bytes) };
  }

  *wanted(): Generator<WantedContent> {
    const rows = this.#database
      .prepare(
        "select wanted.key, wanted.size, sha256, present.size as there, at from wanted left join present on present.key = wanted.key",
      )
      .iterate();
    for (const { key, size, sha256, there, at } of rows) {
      const present = there === null ? undefined : { size: Number(there), at: Number(at) };
      yield { key: String(key), size: Number(size), sha256: sha256 as Uint8Array, present };
    }
  }

  /** The keys of all contents that the store has. */
  *present(): Generator<string> {
    for (const { key } of this.#database.prepare("select key from present").iterate()) yield String(key);
  }

  /** The keys of contents that the store has and nobody wants. */
  *unwanted(): Generator<string> {
    const rows = this.#database.prepare("select key from present where key not in (select key from wanted)").iterate();
    for (const { key } of rows) yield String(key);
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}
