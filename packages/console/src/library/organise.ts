import { storedFolderName } from "@sluice/grammar";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { queries, sessionKey } from "../api/queries.ts";
import type { Session } from "../door/session.ts";
import { quoted } from "../search/search-query.ts";
import { notify } from "../shell/notice-store.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { tellChange } from "./changes.ts";
import { tellDeletion } from "./deletion-notice.ts";
import { hasFolder } from "./existing-folder.ts";
import { followJob } from "./follow-job.ts";
import { filesAmong, foldersAmong, type Item, isFolder, keyOf, pathOf } from "./items.ts";
import type { LibraryFile, LibraryFolder } from "./library-file.ts";
import { joinPath, nameOf, parentOf } from "./library-state.ts";

const words = texts.done;
/** The number of files that the server deletes or restores at a time. */
const maxDeleted = 100;
/** Requests for single files that run at the same time. */
const atOnce = 4;

/** Moves or copies items into a folder. Files come one by one, folders by jobs. */
export async function placeItems(items: readonly Item[], folder: string, how: "move" | "copy"): Promise<void> {
  const failures: string[] = [];
  let done = 0;
  const files = await withoutTaken(filesAmong(items), folder, failures);
  await inParallel(files, async ({ filePath }) => {
    const body = { sourceFilePath: filePath, destinationPath: folder };
    const route = how === "move" ? "POST /v1/files/move" : "POST /v1/files/copy";
    await call(route, { body }).then(
      () => done++,
      (error: unknown) => failures.push(`${nameOf(filePath)}: ${asProblem(error).message}`),
    );
  });
  tellChange(how === "move" && done === files.length ? removed(files) : { kind: "changed" });
  if (done > 0) {
    const message = how === "move" ? words.moved(done, folder) : words.copied(done, folder);
    const isUndoable = how === "move" && done === files.length;
    const back = { label: words.undo, run: () => void moveBack(files, folder) };
    notify({ kind: "done", message, action: isUndoable ? back : undefined });
  }
  reportFailures(failures);
  for (const item of foldersAmong(items)) await placeFolder(item, folder, how);
}

/** Moves or copies a folder. Where one of its name is there, the two are merged only if that is asked for. */
async function placeFolder(
  { folderPath, name }: Pick<LibraryFolder, "folderPath" | "name">,
  folder: string,
  how: "move" | "copy",
  merges = false,
): Promise<void> {
  if (!merges && (await hasFolder(folder, name))) {
    const run = () => void placeFolder({ folderPath, name }, folder, how, true).catch(tellProblem);
    const message = words.folderTaken(name, folder);
    notify({ kind: "failed", message, details: [words.mergeHelp], action: { label: words.merge, run } });
    return;
  }
  const body = { sourceFolderPath: folderPath, destinationPath: folder };
  const route = how === "move" ? "POST /v1/bulkJobs/moveFolder" : "POST /v1/bulkJobs/copyFolder";
  const title = how === "move" ? words.movingFolder(name) : words.copyingFolder(name);
  const finished = how === "move" ? words.moved(1, folder) : words.copied(1, folder);
  await followJob(async () => (await call(route, { body })).body.jobId, title, finished);
}

/** The names that one request asks for. */
const maxNames = 100;

/**
 * Leaves out the files whose name is taken in the folder. The server would merge them with the files there, which nobody
 * could take apart again.
 */
async function withoutTaken(
  files: readonly LibraryFile[],
  folder: string,
  failures: string[],
): Promise<readonly LibraryFile[]> {
  const taken = new Set<string>();
  for (const part of inParts(files, maxNames)) {
    const names = part.map(({ name }) => quoted(name)).join(", ");
    const searchQuery = `type = "file" AND path = ${quoted(folder)} AND name IN [${names}]`;
    const { body } = await call("GET /v1/files", { query: { searchQuery, limit: maxNames } });
    for (const { name } of body) taken.add(name);
  }
  const free: LibraryFile[] = [];
  for (const file of files) {
    if (taken.has(file.name)) failures.push(words.nameTaken(file.name));
    else free.push(file);
    taken.add(file.name);
  }
  return free;
}

/** Puts moved files back where each of them was. */
async function moveBack(files: readonly LibraryFile[], from: string): Promise<void> {
  const failures: string[] = [];
  await inParallel(files, async ({ filePath, name }) => {
    const sourceFilePath = joinPath(from, name);
    const destinationPath = parentOf(filePath);
    await call("POST /v1/files/move", { body: { sourceFilePath, destinationPath } }).catch((error: unknown) =>
      failures.push(`${name}: ${asProblem(error).message}`),
    );
  });
  tellChange({ kind: "changed" });
  if (failures.length === 0) notify({ kind: "done", message: words.movedBack(files.map(({ name }) => name)) });
  reportFailures(failures);
}

/** Deletes items. Where there is a trash, they can be put back. */
export async function deleteItems(items: readonly Item[]): Promise<void> {
  const failures: string[] = [];
  const files = filesAmong(items);
  const deleted: string[] = [];
  for (const part of inParts(files, maxDeleted)) {
    await deleteFiles(part.map(({ fileId }) => fileId)).then(
      (deletedHere) => deleted.push(...deletedHere),
      (error: unknown) => failures.push(asProblem(error).message),
    );
  }
  const gone: string[] = [];
  for (const { folderId, folderPath, name } of foldersAmong(items)) {
    await call("DELETE /v1/folder", { ...intoTrash(), body: { folderPath } }).then(
      () => gone.push(folderId),
      (error: unknown) => failures.push(`${name}: ${asProblem(error).message}`),
    );
  }
  const keys = new Set([...deleted, ...gone]);
  tellChange({ kind: "removed", keys });
  const names = items.filter((item) => keys.has(keyOf(item))).map(({ name }) => name);
  if (names.length > 0 && !hasTrash()) notify({ kind: "done", message: words.deletedForGood(names) });
  else if (names.length > 0) {
    const back = files.filter(({ fileId }) => keys.has(fileId));
    tellDeletion({ names, undo: gone.length === 0 ? () => void restoreFiles(back) : undefined });
  }
  reportFailures(failures);
}

/** @returns the ids of the files that are deleted. What somebody else has deleted meanwhile doesn't keep the others. */
async function deleteFiles(fileIds: readonly string[]): Promise<readonly string[]> {
  const route = "POST /v1/files/batch/deleteByFileIds";
  try {
    return (await call(route, { ...intoTrash(), body: { fileIds: [...fileIds] } })).body.successfullyDeletedFileIds;
  } catch (error) {
    const { missingFileIds } = asProblem(error);
    if (missingFileIds.length === 0) throw error;
    const there = fileIds.filter((fileId) => !missingFileIds.includes(fileId));
    if (there.length > 0) await call(route, { ...intoTrash(), body: { fileIds: there } });
    return fileIds;
  }
}

/** The console deletes into the trash, so that it can be undone, also where the API deletes for good by default. */
function intoTrash(): { readonly query?: { readonly permanent: false } } {
  return hasTrash() ? { query: { permanent: false } } : {};
}

export function hasTrash(): boolean {
  return (queries.getQueryData<Session>(sessionKey)?.features.trashDays ?? 0) > 0;
}

/** Takes files out of the trash. */
export async function restoreFiles(
  files: readonly { readonly fileId: string; readonly name: string }[],
): Promise<void> {
  const failures: string[] = [];
  const restored = new Set<string>();
  for (const part of inParts(files, maxDeleted)) {
    await call("POST /_sluice/trash/restore", { body: { fileIds: part.map(({ fileId }) => fileId) } }).then(
      ({ body }) => {
        for (const { fileId } of body.restored) restored.add(fileId);
        if ("errors" in body) failures.push(...body.errors.map(({ message }) => message));
      },
      (error: unknown) => failures.push(asProblem(error).message),
    );
  }
  tellChange({ kind: "changed" });
  const names = files.filter(({ fileId }) => restored.has(fileId)).map(({ name }) => name);
  if (names.length > 0) notify({ kind: "done", message: words.restored(names) });
  reportFailures(failures);
}

/** @throws Problem when the name is refused, which the form shows */
export async function renameItem(item: Item, newName: string): Promise<void> {
  if (isFolder(item)) {
    const body = { folderPath: item.folderPath, newFolderName: newName };
    const { jobId } = (await call("POST /v1/bulkJobs/renameFolder", { body })).body;
    void followJob(async () => jobId, words.renamingFolder(item.name), words.renamed(storedFolderName(newName)));
    return;
  }
  await call("PUT /v1/files/rename", { body: { filePath: pathOf(item), newFileName: newName } });
  const { body } = await call("GET /v1/files/:fileId/details", { parameters: { fileId: item.fileId } });
  tellChange({ kind: "replaced", files: [body] });
  notify({ kind: "done", message: words.renamed(body.name) });
}

/** @throws Problem when the name is refused, which the form shows */
export async function createFolder(parentFolderPath: string, folderName: string): Promise<void> {
  await call("POST /v1/folder", { body: { folderName, parentFolderPath } });
  tellChange({ kind: "changed" });
  notify({ kind: "done", message: words.created(storedFolderName(folderName)) });
}

/** Publishes files, or makes them drafts. */
export async function publishFiles(files: readonly LibraryFile[], isPublished: boolean): Promise<void> {
  const failures: string[] = [];
  const changed: LibraryFile[] = [];
  await inParallel(files, async ({ fileId, name }) => {
    const request = { parameters: { fileId }, body: { publish: { isPublished } } };
    await call("PATCH /v1/files/:fileId/details", request).then(
      ({ body }) => changed.push(body),
      (error: unknown) => failures.push(`${name}: ${asProblem(error).message}`),
    );
  });
  tellChange({ kind: "replaced", files: changed });
  reportFailures(failures);
}

function removed(files: readonly LibraryFile[]) {
  return { kind: "removed", keys: new Set(files.map(({ fileId }) => fileId)) } as const;
}

/** Many failures have one cause. A few of them are enough to see which. */
const shownFailures = 3;

export function reportFailures(failures: readonly string[]): void {
  if (failures.length === 0) return;
  notify({ kind: "failed", message: words.someFailed(failures.length), details: failures.slice(0, shownFailures) });
}

export function inParts<Value>(values: readonly Value[], size: number): readonly (readonly Value[])[] {
  const count = Math.ceil(values.length / size);
  return Array.from({ length: count }, (_, part) => values.slice(part * size, (part + 1) * size));
}

async function inParallel<Value>(values: readonly Value[], run: (value: Value) => Promise<void>): Promise<void> {
  const rest = [...values];
  async function inTurn(): Promise<void> {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await run(next);
  }
  await Promise.all(Array.from({ length: atOnce }, inTurn));
}
