import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { dumpedTables } from "../database/dump/dumped-tables.ts";
import { rowText } from "../database/dump/row-text.ts";
import type { RowBatch, Snapshot } from "../database/dump/snapshot.ts";
import { readTable } from "../database/dump/snapshot.ts";
import { readJobs } from "../jobs/dumped-jobs.ts";
import type { Progress } from "../observability/progress.ts";
import { newBlobKey } from "../storage/blob-key.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { Content } from "./content-list.ts";
import { jobsTable, type RowPart, sha256Of } from "./manifest.ts";
import type { Seal } from "./seal.ts";

const compress = promisify(gzip);

/** A part is written once its lines have so many characters. */
const partLength = 8 * 1024 * 1024;
/** Compressing well takes more time than it saves. */
const level = 3;

const jobColumns = ["name", "lane", "due_at", "input"];

export interface RowsToWrite {
  readonly snapshot: Snapshot;
  readonly jobNames: readonly string[];
  readonly store: BlobStore;
  /** Encrypts all rows but the list of contents, which later backups and `--keep` read. */
  readonly seal?: Seal | undefined;
  /** Is told of each content that a row names. */
  readonly onContent: (content: Content) => void;
}

/** Writes the rows of all tables, and the jobs, part by part. */
export async function writeRows(
  { snapshot, jobNames, store, seal, onContent }: RowsToWrite,
  signal: AbortSignal,
  progress: Pick<Progress, "advance">,
): Promise<RowPart[]> {
  const parts: RowPart[] = [];
  const write = async (table: RowPart["table"], batches: AsyncIterable<RowBatch>): Promise<void> => {
    for await (const part of partsOfTable(table, batches)) {
      signal.throwIfAborted();
      parts.push(await storePart({ store, seal: table === "blobs" ? undefined : seal }, part, signal));
      progress.advance(part.lines.length);
    }
  };
  for (const table of dumpedTables) {
    const batches = readTable(snapshot, table);
    await write(table, table === "blobs" ? tellingContents(batches, onContent) : batches);
  }
  await write(jobsTable, jobBatches(snapshot, jobNames));
  return parts;
}

async function* tellingContents(
  batches: AsyncIterable<RowBatch>,
  onContent: (content: Content) => void,
): AsyncGenerator<RowBatch> {
  for await (const batch of batches) {
    for (const row of batch.rows) onContent(contentOf(batch.columns, row));
    yield batch;
  }
}

/** The content that a row of `blobs` names. */
export function contentOf(columns: readonly string[], row: readonly unknown[]): Content {
  const value = (name: string): unknown => row[columns.indexOf(name)];
  return { key: String(value("storage_key")), size: Number(value("size")), sha256: value("sha256") as Uint8Array };
}

async function* jobBatches(snapshot: Snapshot, names: readonly string[]): AsyncGenerator<RowBatch> {
  for await (const jobs of readJobs(snapshot, names)) {
    yield { columns: jobColumns, rows: jobs.map(({ name, lane, dueAt, input }) => [name, lane, dueAt, input]) };
  }
}

interface Lines {
  readonly table: RowPart["table"];
  readonly columns: readonly string[];
  readonly lines: readonly string[];
}

async function* partsOfTable(table: RowPart["table"], batches: AsyncIterable<RowBatch>): AsyncGenerator<Lines> {
  let part: { columns: readonly string[]; lines: string[]; length: number } = { columns: [], lines: [], length: 0 };
  for await (const { columns, rows } of batches) {
    for (const row of rows) {
      const line = rowText(row);
      part.lines.push(line);
      part.length += line.length;
    }
    part.columns = columns;
    if (part.length < partLength) continue;
    yield { table, columns, lines: part.lines };
    part = { columns, lines: [], length: 0 };
  }
  if (part.lines.length > 0) yield { table, columns: part.columns, lines: part.lines };
}

async function storePart(
  { store, seal }: Pick<RowsToWrite, "store" | "seal">,
  { table, columns, lines }: Lines,
  signal: AbortSignal,
): Promise<RowPart> {
  const compressed = await compress(`${lines.join("\n")}\n`, { level });
  const bytes = seal === undefined ? compressed : await seal.seal(compressed);
  const key = newBlobKey();
  const sha256 = sha256Of(bytes);
  await store.put(key, { size: bytes.length, chunks: [bytes], sha256: Buffer.from(sha256, "hex") }, signal);
  const facts = { table, columns: [...columns], rows: lines.length, key, size: bytes.length, sha256 };
  return seal === undefined ? facts : { ...facts, sealed: true };
}
