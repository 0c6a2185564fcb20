import { mkdtemp, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type BackupPlace, openBackupPlace } from "../backup/backup-place.ts";
import { ContentList } from "../backup/content-list.ts";
import { keepNewest } from "../backup/keep-newest.ts";
import { type MadeBackup, makeBackup } from "../backup/make-backup.ts";
import { type Manifest, type ManifestFacts, readManifests, sha256Of, writeManifest } from "../backup/manifest.ts";
import { restoreBackup } from "../backup/restore-backup.ts";
import { openIdentity, openSeal, type Transform } from "../backup/seal.ts";
import { verifyBackup } from "../backup/verify-backup.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { DatabaseError } from "../database/database.ts";
import { removeFileTransaction } from "../library/files/edit-files.ts";
import { takeContentHold } from "../library/holds/content-hold.ts";
import { sweep } from "../maintenance/sweep.ts";
import { noProgress } from "../observability/progress.ts";
import { newBlobKey } from "../storage/blob-key.ts";
import { makeDurableFolder } from "../storage/durable-folder.ts";
import { openOtherConnection } from "../testing/other-connection.ts";
import { never, openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { backupDeps, openRestoreDeps } from "./backup-deps.ts";

let fixture: UploadFixture;
let folder: string;
let place: BackupPlace;
beforeEach(async () => {
  fixture = await openUploadFixture();
  folder = await mkdtemp(join(tmpdir(), "sluice-backup-"));
  place = await openBackupPlace({ text: join(folder, "to"), option: "--to", writes: true }, never);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await place.close();
  await fixture.close();
  await rm(folder, { recursive: true });
});

const deps = () => backupDeps(fixture.config, fixture.parts);
const backUp = () => makeBackup(deps(), { place }, never);
const restoredDir = () => join(folder, "restored");
const pathOf = (store: string, key: string) => join(folder, "to", store, key.slice(0, 2), key);

async function restore(manifest: Manifest, signal = never, unseal?: Transform) {
  const config = resolveConfig({ dataDir: restoredDir(), port: 0 });
  const opened = await openRestoreDeps(config, async (path) => void (await makeDurableFolder(path)), never);
  try {
    return await restoreBackup(opened, { place, manifest, unseal }, signal);
  } finally {
    await opened.close();
  }
}

async function verify(manifest: Manifest): Promise<string[]> {
  const list = await ContentList.create();
  try {
    return await verifyBackup({ place, manifest }, list, never, noProgress);
  } finally {
    await list.close();
  }
}

/** Writes the backup's manifest anew with other facts, as somebody could who can write to the place. */
async function forge(manifest: Manifest, change: Partial<ManifestFacts>): Promise<Manifest> {
  const { id: _, ...facts } = manifest;
  return writeManifest(place.manifests, { ...facts, ...change }, never);
}

async function expectNothingRestored(): Promise<void> {
  const names = await readdir(restoredDir()).catch(() => []);
  expect(names.filter((name) => name.startsWith("sluice.sqlite"))).toEqual([]);
}

test("a damaged or missing content is found by --verify, and keeps a restore from making a library", async () => {
  await fixture.upload("first content");
  await fixture.upload("second content", { fileName: "b.txt" });
  const { manifest } = await backUp();
  expect(await verify(manifest)).toEqual([]);
  const [one = "", two = ""] = await fixture.storedKeys();
  await writeFile(pathOf("contents", one), "x".repeat((await stat(pathOf("contents", one))).size));
  expect(await verify(manifest)).toEqual([`content ${one} has other bytes`]);
  await expect(restore(manifest)).rejects.toThrow("The backup is damaged");
  await expectNothingRestored();
  await rm(pathOf("contents", two));
  expect(await verify(manifest)).toEqual(expect.arrayContaining([`content ${two} is missing`]));
  await expect(restore(manifest)).rejects.toThrow(`content ${two} is missing`);
  await expectNothingRestored();
  // The next backup mends what is missing there, and what has another length.
  await truncate(pathOf("contents", one), 2);
  expect((await backUp()).copied).toMatchObject({ contents: 2 });
  expect(await verify(manifest)).toEqual([]);
});

test("damaged rows, and rows that a forged manifest names, are refused before anything is restored", async () => {
  await fixture.upload("content");
  const { manifest } = await backUp();
  const part = manifest.parts.find(({ table }) => table === "blobs");
  if (part === undefined) throw new Error("no blobs");
  const lines = gunzipSync(await readFile(pathOf("rows", part.key))).toString();
  const [key = ""] = await fixture.storedKeys();
  for (const hostile of ["../../../../etc/passwd", "a/../b", "x".repeat(34), ""]) {
    const bytes = gzipSync(lines.replace(key, hostile));
    await writeFile(pathOf("rows", part.key), bytes);
    expect(await verify(manifest)).toEqual([expect.stringContaining("The backup is damaged")]);
    const forged = { ...part, size: bytes.length, sha256: sha256Of(bytes) };
    const parts = manifest.parts.map((other) => (other === part ? forged : other));
    await expect(restore(await forge(manifest, { parts }))).rejects.toThrow("names what is no content");
  }
  await writeFile(pathOf("rows", part.key), gzipSync("x".repeat(100_000)));
  await expect(restore(manifest)).rejects.toThrow("instead of");
  await expectNothingRestored();
});

test("a manifest that names paths, unknown tables or columns is no manifest, or restores nothing", async () => {
  await fixture.upload("content");
  const { manifest } = await backUp();
  const [part] = manifest.parts;
  if (part === undefined) throw new Error("no parts");
  await forge(manifest, { parts: [{ ...part, key: "../../../etc/passwd" }] });
  await forge(manifest, { parts: [{ ...part, table: "sqlite_master" }] });
  await forge(manifest, { lacking: ["../x"] });
  await forge(manifest, { takenAt: 9e15 });
  await forge(manifest, { parts: [{ ...part, rows: 2 ** 40 }] });
  const noJson = Buffer.from("{not json");
  const head = Buffer.from(`sluice-backup 1 ${noJson.length} ${sha256Of(noJson)}\n`);
  await place.manifests.put(newBlobKey(), { size: head.length + noJson.length, chunks: [head, noJson] }, never);
  expect((await readManifests(place.manifests, never)).unusable.map(({ why }) => why)).toEqual(
    Array(6).fill("damaged"),
  );
  const columns = part.columns.map((name) => (name === "id" ? 'id") values (1); drop table accounts; --' : name));
  const parts = manifest.parts.map((other) => (other === part ? { ...part, columns } : other));
  await expect(restore(await forge(manifest, { parts }))).rejects.toThrow();
  await expectNothingRestored();
});

test("rows that the database's columns don't take are refused in one line", async () => {
  await fixture.upload("content");
  const { manifest } = await backUp();
  const part = manifest.parts.find(({ table }) => table === "files");
  if (part === undefined) throw new Error("no files");
  const restoreRows = async (text: string, columns = part.columns) => {
    const bytes = gzipSync(text);
    await writeFile(pathOf("rows", part.key), bytes);
    const forged = { ...part, columns, size: bytes.length, sha256: sha256Of(bytes) };
    const parts = manifest.parts.map((other) => (other === part ? forged : other));
    await rm(restoredDir(), { recursive: true, force: true });
    return restore(await forge(manifest, { parts }));
  };
  const text = gunzipSync(await readFile(pathOf("rows", part.key))).toString();
  const row = JSON.parse(text) as unknown[];
  for (const [column, value] of [
    ["name", { base64: "AAEC" }],
    ["created_at", "yesterday"],
    ["created_at", 1.5],
    ["account_id", null],
  ] as const) {
    const changed = row.with(part.columns.indexOf(column), value);
    await expect(restoreRows(`${JSON.stringify(changed)}\n`)).rejects.toThrow(DatabaseError);
  }
  await expect(restoreRows(text, part.columns.with(0, 'id") select 1; --'))).rejects.toThrow(DatabaseError);
  await expectNothingRestored();
  await expect(restoreRows(text.trimEnd())).rejects.toThrow("has another number of rows");
  expect(await restoreRows(text)).toMatchObject({ contents: 1 });
});

test("a backup of a newer version is refused in one line", async () => {
  const { manifest } = await backUp();
  const newer = await forge(manifest, { migration: "9999-from-the-future", sluice: "9.0.0" });
  await expect(restore(newer)).rejects.toThrow(/made by Sluice 9\.0\.0.*9999-from-the-future/);
  await expectNothingRestored();
});

test("a backup that breaks off is none, and the next one goes on where it was", async () => {
  for (const content of ["one", "two", "three"]) await fixture.upload(content, { fileName: `${content}.txt` });
  const ending = new AbortController();
  let copied = 0;
  const { contents } = place;
  const put: typeof contents.put = async (key, source, signal) => {
    await contents.put(key, source, signal);
    copied += 1;
    if (copied === 2) ending.abort(new Error("killed"));
  };
  const breaking = { ...place, contents: Object.assign(Object.create(contents), { put }) };
  await expect(makeBackup(deps(), { place: breaking }, ending.signal)).rejects.toThrow();
  expect((await readManifests(place.manifests, never)).backups).toEqual([]);
  // One of them was damaged by the power cut that ended the backup.
  const [first = ""] = await readdir(join(folder, "to/contents"), { recursive: true }).then((names) =>
    names.filter((name) => /\/[0-9a-f]{34}$/.test(name)),
  );
  const path = join(folder, "to/contents", first);
  await writeFile(path, "\0".repeat((await stat(path)).size));
  const { manifest, copied: then } = await backUp();
  expect(then.contents).toBeGreaterThanOrEqual(1);
  expect(await verify(manifest)).toEqual([]);
});

test("the beginning of a manifest is no backup, and goes with --keep; a damaged manifest stops --keep", async () => {
  await fixture.upload("content");
  const { manifest } = await backUp();
  const whole = await readFile(pathOf("manifests", manifest.id));
  for (const length of [0, 10, 60, whole.length - 1]) {
    const { id } = await forge(manifest, {});
    await truncate(pathOf("manifests", id), length);
  }
  const { backups, unusable } = await readManifests(place.manifests, never);
  expect(backups.map(({ id }) => id)).toEqual([manifest.id]);
  expect(unusable.map(({ why }) => why)).toEqual(Array(4).fill("unfinished"));
  const { id } = await forge(manifest, {});
  await writeFile(pathOf("manifests", id), Buffer.from(whole.toString().replace(/00(?=\d\d)/, "99")));
  await expect(keepNewest({ place, keep: 1, made: manifest }, never, noProgress)).rejects.toThrow(`${id} is damaged`);
  await rm(pathOf("manifests", id));
  // What is younger than the backup that was made may be a running one's.
  await keepNewest({ place, keep: 1, made: manifest }, never, noProgress);
  expect((await readManifests(place.manifests, never)).unusable).toHaveLength(4);
  const { manifest: made } = await backUp();
  await keepNewest({ place, keep: 1, made }, never, noProgress);
  expect((await readManifests(place.manifests, never)).unusable).toEqual([]);
  expect(await verify(made)).toEqual([]);
});

test("--keep keeps the backup that was made, and what another library's backup writes meanwhile", async () => {
  await fixture.upload("content");
  const ahead = { ...deps(), now: () => Date.now() + 1e9 };
  const { manifest: before } = await makeBackup(ahead, { place }, never);
  const bytes = Buffer.from("of another backup");
  const others = { rows: newBlobKey(), contents: newBlobKey() };
  const whole = vi.fn(async ({ manifest: made }: MadeBackup) => {
    const hold = { holder: "other", leaseMs: 1000, now: Date.now() };
    expect(await fixture.parts.database.run(takeContentHold, hold)).toBeDefined();
    for (const name of ["rows", "contents"] as const) {
      await place[name].put(others[name], { size: bytes.length, chunks: [bytes] }, never);
    }
    expect(await keepNewest({ place, keep: 1, made }, never, noProgress)).toEqual({ backups: 1, contents: 0 });
    expect(await verify(made)).toEqual([]);
  });
  const { manifest } = await makeBackup(deps(), { place, whole }, never);
  expect(whole).toHaveBeenCalledOnce();
  expect(manifest.takenAt).toBeLessThan(before.takenAt);
  expect((await readManifests(place.manifests, never)).backups.map(({ id }) => id)).toEqual([manifest.id]);
  for (const name of ["rows", "contents"] as const) expect(await place[name].size(others[name], never)).toBe(17);
});

test.each(["rows", "contents"] as const)("a backup whose %s are deleted before its end is none", async (name) => {
  await fixture.upload("first");
  await backUp();
  await fixture.upload("second", { fileName: "b.txt" });
  const { blobs } = fixture.parts;
  const read: typeof blobs.read = async (key, range, signal) => {
    for await (const entry of place[name].list(never)) await place[name].delete(entry.key, never);
    return blobs.read(key, range, signal);
  };
  await expect(makeBackup({ ...deps(), blobs: { read } }, { place }, never)).rejects.toThrow(
    "Something else has deleted",
  );
  expect((await readManifests(place.manifests, never)).backups).toHaveLength(1);
});

test("while another library's backup is written to the place, none begins, and the library's hold is given back", async () => {
  const hold = await place.takeHold(never);
  // A renewal shows that the hold's process lives. By itself one comes every ten seconds.
  const renewals = setInterval(() => void hold.assertHeld(), 200);
  try {
    await expect(backUp()).rejects.toThrow("Another backup is being written to this place");
  } finally {
    clearInterval(renewals);
    await hold.release();
  }
  const { manifest } = await backUp();
  const takeHold = async () =>
    Object.assign(await place.takeHold(never), { assertHeld: () => Promise.reject(new Error("the place is lost")) });
  await expect(makeBackup(deps(), { place: { ...place, takeHold } }, never)).rejects.toThrow("the place is lost");
  expect((await readManifests(place.manifests, never)).backups.map(({ id }) => id)).toEqual([manifest.id]);
  expect((await backUp()).copied).toMatchObject({ contents: 0 });
});

test("a backup that can't make its list gives its hold back", async () => {
  vi.spyOn(ContentList, "create").mockRejectedValueOnce(new Error("no space left"));
  await expect(backUp()).rejects.toThrow("no space left");
  expect(await backUp()).toMatchObject({ copied: { contents: 0 } });
});

test("files that are replaced, deleted and swept while a backup runs are in it as they were", async () => {
  const first = await fixture.upload("first version");
  await fixture.upload("deleted meanwhile", { fileName: "b.txt" });
  const { blobs, database } = fixture.parts;
  const { accountId } = fixture.principal;
  let isFirst = true;
  const read: typeof blobs.read = async (key, range, signal) => {
    if (isFirst) {
      isFirst = false;
      await fixture.upload("second version");
      const files = await database.reader.selectFrom("files").select("id").execute();
      for (const { id } of files) await database.run(removeFileTransaction, { accountId, fileId: id });
      const other = openOtherConnection(fixture.config);
      await other.updateTable("blobs").set({ touched_at: 0 }).execute();
      await other.destroy();
      const { report } = await sweep(fixture.services, never);
      expect(report).toMatchObject({ releasedBlobs: 0, orphanedObjects: 0 });
    }
    return blobs.read(key, range, signal);
  };
  const { manifest } = await makeBackup({ ...deps(), blobs: { read } }, { place }, never);
  expect(await verify(manifest)).toEqual([]);
  expect(manifest).toMatchObject({ files: 2, versions: 2, contents: 2, lacking: [] });
  expect((await sweep(fixture.services, never)).report.releasedBlobs).toBe(3);
  await restore(manifest);
  const config = resolveConfig({ dataDir: restoredDir(), port: 0 });
  const restored = openOtherConnection(config);
  const files = await restored.selectFrom("files").selectAll().execute();
  await restored.destroy();
  expect(files.find(({ id }) => id === first.file_id)).toMatchObject({ current_version_id: first.id });
});

test("a content that the library lacks is named, and everything else is in the backup", async () => {
  const lost = await fixture.upload("lost");
  await fixture.upload("kept", { fileName: "b.txt" });
  const row = await fixture.parts.database.reader
    .selectFrom("blobs")
    .selectAll()
    .where("id", "=", lost.blob_id)
    .executeTakeFirstOrThrow();
  await fixture.parts.blobs.delete(row.storage_key);
  const { manifest, copied } = await backUp();
  expect(copied.problems).toEqual([{ key: row.storage_key, problem: "missing" }]);
  expect(manifest.lacking).toEqual([row.storage_key]);
  expect(await restore(manifest)).toMatchObject({ contents: 1 });
});

test("a place that holds something else, or is linked elsewhere, is refused", async () => {
  const open = (text: string, writes: boolean) =>
    openBackupPlace({ text, option: writes ? "--to" : "--from", writes }, never);
  await expect(open(fixture.config.dataDir, true)).rejects.toThrow("--to must name an empty folder");
  await expect(open(join(folder, "nowhere"), false)).rejects.toThrow("--from: there is no backup in");
  await expect(open(fixture.config.dataDir, false)).rejects.toThrow("--from: there is no backup in");
  const away = join(folder, "away");
  await rename(join(folder, "to/contents"), away);
  await symlink(away, join(folder, "to/contents"));
  await expect(open(join(folder, "to"), true)).rejects.toThrow("holds contents");
  await expect(open(join(folder, "to"), false)).rejects.toThrow("contents is no folder");
  const other = await openUploadFixture();
  try {
    const second = await openBackupPlace({ text: join(folder, "second"), option: "--to", writes: true }, never);
    await makeBackup(deps(), { place: second }, never);
    await expect(makeBackup(backupDeps(other.config, other.parts), { place: second }, never)).rejects.toThrow(
      "another library",
    );
    await second.close();
  } finally {
    await other.close();
  }
});

test("a store with contents is not restored into, and a restore that broke off is gone on with", async () => {
  for (const content of ["one", "two", "three"]) await fixture.upload(content, { fileName: `${content}.txt` });
  const { manifest } = await backUp();
  const ending = new AbortController();
  const { contents } = place;
  const read = contents.read.bind(contents);
  const reading = vi.spyOn(contents, "read").mockImplementation((key, range, signal) => {
    if (reading.mock.calls.length === 2) ending.abort(new Error("killed"));
    return read(key, range, signal);
  });
  await expect(restore(manifest, ending.signal)).rejects.toThrow("killed");
  reading.mockRestore();
  await expectNothingRestored();
  const { manifest: later } = await backUp();
  await restore(manifest);
  await expect(restore(manifest)).rejects.toThrow("there is a database at");
  // Another library may live in the store, even if it has the same contents.
  await rm(join(restoredDir(), "sluice.sqlite"));
  for (const backup of [manifest, later]) {
    await expect(restore(backup)).rejects.toThrow("the store of the new library must be empty");
  }
});

test("with --recipient, the place holds no private key in clear, and only the identity opens a backup", async () => {
  const age = await import("age-encryption");
  const identity = await age.generateIdentity();
  const recipient = await age.identityToRecipient(identity);
  const path = join(folder, "key.txt");
  await writeFile(path, `# created: today\n# public key: ${recipient}\n${identity}\n`);
  await fixture.upload("content", { fileName: "named.txt" });
  const { manifest } = await makeBackup(deps(), { place, seal: await openSeal([recipient]) }, never);
  expect(manifest.recipients).toEqual([recipient]);
  for (const { key, table } of manifest.parts) {
    const bytes = await readFile(pathOf("rows", key));
    if (table === "blobs") expect(gunzipSync(bytes).toString()).not.toContain("private_demo");
    else expect(bytes.toString("latin1")).toMatch(/^age-encryption\.org\/v1\n/);
  }
  expect(await verify(manifest)).toEqual([]);
  await expect(restore(manifest)).rejects.toThrow(`--identity must name a file that opens the backup`);
  const other = join(folder, "other.txt");
  await writeFile(other, await age.generateIdentity());
  await expect(restore(manifest, never, await openIdentity(other))).rejects.toThrow("--identity doesn't open");
  await expectNothingRestored();
  await restore(manifest, never, await openIdentity(path));
  // A further backup and --keep need no identity.
  const { manifest: made, copied } = await makeBackup(deps(), { place, seal: await openSeal([recipient]) }, never);
  expect(copied.contents).toBe(0);
  expect(await keepNewest({ place, keep: 1, made }, never, noProgress)).toEqual({ backups: 1, contents: 0 });
  await expect(openSeal(["age1wrong"])).rejects.toThrow("--recipient must be a public key of age");
  await writeFile(other, "my secret");
  await expect(openIdentity(other)).rejects.toThrow(/^--identity must name a file with an identity of age/);
});
