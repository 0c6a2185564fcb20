import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { queries, sessionKey } from "../api/queries.ts";
import type { Session } from "../door/session.ts";
import { texts } from "../texts/texts.ts";
import { actOn } from "./act-on.ts";
import { tellChange } from "./changes.ts";
import type { Choice } from "./choice.ts";
import { tellDeletion } from "./deletion-notice.ts";
import type { FileRef } from "./items.ts";
import { Work } from "./work.ts";

const words = texts.done;
/** The number of files that the server deletes or restores at a time. */
const maxFiles = 100;

/** A file in the trash. */
export interface TrashedFile {
  readonly fileId: string;
  readonly name: string;
}

/** Deletes items. Where there is a trash, they can be put back. */
export async function deleteItems(choice: Choice): Promise<void> {
  const deleted: FileRef[] = [];
  const folders: string[] = [];
  const gone = new Set<string>();
  const title = hasTrash() ? words.deleting : words.deletingForGood;
  const work = await actOn(choice, { title, isLeaving: true }, async (files, work) => {
    await work.inParts(files, maxFiles, (part) => deletePart(part, deleted, gone, work));
    for (const { folderId, folderPath, name } of choice.folders) {
      if (work.signal.aborted) break;
      await work
        .patiently(() => call("DELETE /v1/folder", { ...intoTrash(), body: { folderPath } }))
        .then(
          () => {
            gone.add(folderId);
            folders.push(name);
            work.add(1);
          },
          (error: unknown) => work.fail(name, error),
        );
    }
  });
  for (const { fileId } of deleted) gone.add(fileId);
  if (gone.size > 0) tellChange({ kind: "removed", keys: gone });
  const names = [...deleted.map(({ name }) => name), ...folders];
  if (!hasTrash()) work.report(words.deletedForGood(names));
  else {
    const undo = folders.length === 0 ? () => void restoreFiles(deleted) : undefined;
    work.reportBy((notes) => tellDeletion({ names, undo, notes }));
  }
}

/** Deletes files. What somebody else has deleted doesn't keep the others. */
async function deletePart(part: readonly FileRef[], deleted: FileRef[], gone: Set<string>, work: Work): Promise<void> {
  const fileIds = part.map(({ fileId }) => fileId);
  try {
    const { body } = await call("POST /v1/files/batch/deleteByFileIds", { ...intoTrash(), body: { fileIds } });
    const done = new Set(body.successfullyDeletedFileIds);
    deleted.push(...part.filter(({ fileId }) => done.has(fileId)));
    work.add(done.size);
  } catch (error) {
    const missing = new Set(asProblem(error).missingFileIds);
    const rest = part.filter(({ fileId }) => !missing.has(fileId));
    if (rest.length === part.length) throw error;
    if (rest.length > 0) await deletePart(rest, deleted, gone, work);
    for (const { fileId, name } of part) {
      if (!missing.has(fileId)) continue;
      gone.add(fileId);
      work.fail(undefined, words.gone(name));
    }
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
export async function restoreFiles(files: readonly TrashedFile[]): Promise<void> {
  const restored: string[] = [];
  const work = new Work();
  await work.run(async () => {
    work.begin(words.restoring(files.length), files.length);
    await work.inParts(files, maxFiles, async (part) => {
      const body = { fileIds: part.map(({ fileId }) => fileId) };
      const answer = (await call("POST /_sluice/trash/restore", { body })).body;
      const back = new Set(answer.restored.map(({ fileId }) => fileId));
      restored.push(...part.filter(({ fileId }) => back.has(fileId)).map(({ name }) => name));
      work.add(back.size);
      if (!("errors" in answer)) return;
      for (const { fileId, message } of answer.errors) {
        work.fail(part.find((file) => file.fileId === fileId)?.name, message);
      }
    });
  });
  tellChange({ kind: "changed" });
  work.report(words.restored(restored));
}

/** Deletes files in the trash for good. */
export async function deleteForGood(files: readonly TrashedFile[]): Promise<void> {
  const names: string[] = [];
  const work = new Work();
  await work.run(async () => {
    work.begin(words.deletingForGood(files.length), files.length);
    await work.inParts(files, maxFiles, async (part) => {
      await call("POST /_sluice/trash/empty", { body: { fileIds: part.map(({ fileId }) => fileId) } });
      names.push(...part.map(({ name }) => name));
      work.add(part.length);
    });
  });
  tellChange({ kind: "changed" });
  work.report(words.deletedForGood(names));
}
