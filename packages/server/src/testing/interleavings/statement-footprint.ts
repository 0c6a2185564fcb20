import type { CompiledQuery } from "kysely";
import { Footprint } from "./footprint.ts";

/** The tables in which foreign keys make an insertion check for rows, and below those that a deletion checks. */
const references: Readonly<Record<string, readonly string[]>> = {
  insert_versions: ["files", "blobs"],
  insert_files: ["folders"],
  insert_trashed_versions: ["trashed_files", "blobs"],
};
const referrers: Readonly<Record<string, readonly string[]>> = {
  delete_files: ["versions"],
  delete_blobs: ["versions", "trashed_versions"],
  delete_trashed_files: ["trashed_versions"],
};

/** The names of files by id. A name in a statement stands for itself. */
export type FileNames = Map<string, string>;

/**
 * The footprint of a statement on PostgreSQL: the committed rows, the locks on rows, and the locks that foreign keys
 * put on the rows they refer to. Each is counted by table, in files and versions also by file.
 */
export interface Statement {
  readonly touches: Footprint;
  /** The footprint that the statement gives the transaction's end: it publishes the changes and releases the locks. */
  readonly atEnd: Footprint;
}

export function footprintOf(query: CompiledQuery, files: FileNames): Statement {
  const { parameters } = query;
  const sql = query.sql.trim();
  learnName(sql, parameters, files);
  const touches = new Footprint();
  const atEnd = new Footprint();
  const verb = sql.slice(0, sql.indexOf(" "));
  const tables = namesIn(sql, /\b(?:from|join) "(\w+)"/g);
  const locking = / for (no key )?update/.exec(sql);
  const changed = verb === "select" ? (locking === null ? [] : tables) : namesIn(sql, /^[a-z ]+"(\w+)"/g);
  for (const table of tables) if (!changed.includes(table)) touches.looks(`rows of ${table}`);
  for (const table of changed) {
    const place = `${table}${placeOf(table, parameters, files)}`;
    touches.looks(`rows of ${place}`).changes(`locks in ${place}`);
    if (place !== table) touches.adds(`locks in ${table}`);
    atEnd.adds(`rows of ${place}`, `rows of ${table}`, `locks in ${place}`, `locks in ${table}`);
    if (verb === "delete" || (locking?.[1] === undefined && verb === "select")) {
      touches.changes(`references to ${table}`);
      atEnd.changes(`references to ${table}`);
    }
    for (const other of references[`${verb}_${table}`] ?? []) {
      touches.looks(`references to ${other}`);
      atEnd.looks(`references to ${other}`);
    }
    for (const other of referrers[`${verb}_${table}`] ?? []) touches.looks(`rows of ${other}`, `locks in ${other}`);
  }
  return { touches, atEnd };
}

function namesIn(sql: string, pattern: RegExp): string[] {
  return [...new Set(Array.from(sql.matchAll(pattern), ([, name = ""]) => name))];
}

function learnName(sql: string, parameters: readonly unknown[], files: FileNames): void {
  if (!sql.startsWith('insert into "files"')) return;
  const name = parameters.find(isFileName);
  if (name !== undefined) files.set(String(parameters[0]), name);
}

/** The file whose rows the statement concerns, in parentheses; empty unless it is exactly one file. */
function placeOf(table: string, parameters: readonly unknown[], files: FileNames): string {
  if (table !== "files" && table !== "versions") return "";
  const names = parameters.map((value) => (isFileName(value) ? value : files.get(String(value))));
  const [name, ...others] = new Set(names.filter((found) => found !== undefined));
  return name === undefined || others.length > 0 ? "" : ` (${name})`;
}

function isFileName(value: unknown): value is string {
  return typeof value === "string" && value.endsWith(".txt");
}

/** Whether the statement concerns a table of the search index. */
export function isOfSearchIndex({ sql }: CompiledQuery): boolean {
  return /(?:from|into|update) "catalogue/.test(sql);
}

/** A short form of the statement, for the trace. */
export function summaryOf({ sql }: CompiledQuery): string {
  const text = sql.trim();
  const tables = namesIn(text, /(?:from|join|into|update) "(\w+)"/g);
  if (tables.length === 0) return text;
  const lock = / for (no key )?update( skip locked)?/.exec(text)?.[0] ?? "";
  return `${text.slice(0, text.indexOf(" "))} ${tables.join(", ")}${lock}`;
}
