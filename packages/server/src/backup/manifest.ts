import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { Type } from "typebox";
import { Check } from "typebox/value";
import { type DumpedTable, dumpedTables } from "../database/dump/dumped-tables.ts";
import { isBlobKey, newBlobKey } from "../storage/blob-key.ts";
import type { BlobStore } from "../storage/blob-store.ts";

/** The form in which backups are written. A version of Sluice that changes it reads the earlier ones as well. */
const form = 1;
const maxManifestBytes = 64 * 1024 * 1024;
/** A part is written once it has 8 MiB, and no row is shorter than `[1]`. */
const maxRowsOfPart = 4 * 1024 * 1024;
/** The last moment that a Date can hold. */
const Moment = Type.Integer({ minimum: 0, maximum: 8.64e15 });

/** A part of a backup's rows: an object that holds some rows of one table, or some jobs, as compressed lines of JSON. */
const Part = Type.Object({
  table: Type.String(),
  columns: Type.Array(Type.String()),
  rows: Type.Integer({ minimum: 0, maximum: maxRowsOfPart }),
  key: Type.String(),
  size: Type.Integer({ minimum: 0 }),
  /** The hash of the bytes that are stored. */
  sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
  /** Whether the bytes are encrypted. */
  sealed: Type.Optional(Type.Boolean()),
});

const ManifestBody = Type.Object({
  /** The version that made the backup. */
  sluice: Type.String(),
  /** The last migration of the database. */
  migration: Type.String(),
  /** The library's id. */
  library: Type.String(),
  /** The moment of the database. */
  takenAt: Moment,
  endedAt: Moment,
  files: Type.Integer(),
  versions: Type.Integer(),
  contents: Type.Integer(),
  bytes: Type.Integer(),
  /** The contents that the library itself lacked, or had damaged. */
  lacking: Type.Array(Type.String()),
  /** The recipients of age to whom the rows are encrypted. */
  recipients: Type.Optional(Type.Array(Type.String())),
  parts: Type.Array(Part),
});

export type RowPart = Type.Static<typeof Part>;
export type ManifestFacts = Type.Static<typeof ManifestBody>;

/** The name of the parts that hold jobs. */
export const jobsTable = "queued jobs";

export interface Manifest extends ManifestFacts {
  /** The key under which the manifest is stored, by which people name the backup. */
  readonly id: string;
}

/** A manifest that can't be used. An interrupted backup may leave the beginning of one; otherwise it was damaged. */
export interface UnusableManifest {
  readonly id: string;
  readonly why: "unfinished" | "damaged" | "of a newer version";
}

/** Writes the manifest, which makes a backup of everything that it names. */
export async function writeManifest(store: BlobStore, facts: ManifestFacts, signal: AbortSignal): Promise<Manifest> {
  const body = Buffer.from(JSON.stringify(facts));
  const head = Buffer.from(`sluice-backup ${form} ${body.length} ${sha256Of(body)}\n`);
  const id = newBlobKey();
  await store.put(id, { size: head.length + body.length, chunks: [head, body] }, signal);
  return { id, ...facts };
}

export async function readManifest(
  store: BlobStore,
  id: string,
  signal: AbortSignal,
): Promise<Manifest | UnusableManifest> {
  const size = (await store.size(id, signal)) ?? 0;
  if (size > maxManifestBytes) return { id, why: "damaged" };
  const bytes = await buffer(await store.read(id, undefined, signal));
  const lineEnd = bytes.indexOf("\n");
  const head = /^sluice-backup (\d{1,4}) (\d{1,9}) ([0-9a-f]{64})$/.exec(
    bytes.subarray(0, Math.max(0, lineEnd)).toString(),
  );
  if (head === null)
    return { id, why: "sluice-backup ".startsWith(bytes.toString("latin1", 0, 14)) ? "unfinished" : "damaged" };
  const body = bytes.subarray(lineEnd + 1);
  if (Number(head[1]) > form) return { id, why: "of a newer version" };
  if (body.length < Number(head[2])) return { id, why: "unfinished" };
  if (sha256Of(body) !== head[3]) return { id, why: "damaged" };
  const facts = parsed(body.toString());
  return isUsable(facts) ? { id, ...facts } : { id, why: "damaged" };
}

/** Reads the manifests of all backups in the place, the newest first. */
export async function readManifests(
  store: BlobStore,
  signal: AbortSignal,
): Promise<{
  readonly backups: (Manifest & { readonly storedAt: number })[];
  readonly unusable: (UnusableManifest & { readonly storedAt: number })[];
}> {
  const backups: (Manifest & { readonly storedAt: number })[] = [];
  const unusable: (UnusableManifest & { readonly storedAt: number })[] = [];
  for await (const { key, modifiedAt } of store.list(signal)) {
    const manifest = await readManifest(store, key, signal);
    const storedAt = modifiedAt.getTime();
    if ("why" in manifest) unusable.push({ ...manifest, storedAt });
    else backups.push({ ...manifest, storedAt });
  }
  return { backups: backups.sort((a, b) => b.takenAt - a.takenAt || b.endedAt - a.endedAt), unusable };
}

/** The parts of a table, in their order. */
export function partsOf({ parts }: Pick<ManifestFacts, "parts">, table: DumpedTable | typeof jobsTable): RowPart[] {
  return parts.filter((part) => part.table === table);
}

/** @returns undefined for a text that is no JSON: whoever can write to the place can make its hash right as well */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whatever a manifest names is used as a key of a store or as the name of a table. */
function isUsable(facts: unknown): facts is ManifestFacts {
  if (!Check(ManifestBody, facts)) return false;
  const names: readonly string[] = [...dumpedTables, jobsTable];
  return (
    facts.lacking.every(isBlobKey) && facts.parts.every(({ key, table }) => isBlobKey(key) && names.includes(table))
  );
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
