import { storedFolderName } from "@sluice/grammar";
import { call } from "../api/call.ts";
import { quoted } from "../search/search-query.ts";
import { notify } from "../shell/notice-store.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { actOn } from "./act-on.ts";
import { tellChange } from "./changes.ts";
import { type Choice, filesAlone } from "./choice.ts";
import { hasFolder } from "./existing-folder.ts";
import { followJob } from "./follow-job.ts";
import { type FileRef, type Item, isFolder, pathOf } from "./items.ts";
import type { LibraryFolder } from "./library-file.ts";
import { joinPath, parentOf } from "./library-state.ts";
import { Work } from "./work.ts";

const words = texts.done;
/** Requests for single files that run at the same time. */
const atOnce = 4;

/** Moves or copies items into a folder. Files come one by one, folders by jobs. */
export async function placeItems(choice: Choice, folder: string, how: "move" | "copy"): Promise<void> {
  const route = how === "move" ? "POST /v1/files/move" : "POST /v1/files/copy";
  const placed: FileRef[] = [];
  const title = how === "move" ? words.moving : words.copying;
  if (choice.fileCount !== 0) {
    const work = await actOn(filesAlone(choice), { title, isLeaving: how === "move" }, async (files, work) => {
      const run = async (file: FileRef): Promise<void> => {
        const body = { sourceFilePath: file.filePath, destinationPath: folder };
        await work
          .patiently(() => call(route, { body }))
          .then(
            () => {
              placed.push(file);
              work.add(1);
            },
            (error: unknown) => work.fail(file.name, error),
          );
      };
      for (const part of namedParts(files)) {
        if (work.signal.aborted) break;
        await work.each(await withoutTaken(part, folder, work), atOnce, run);
      }
    });
    if (placed.length > 0) tellChange(how === "move" ? removed(placed) : { kind: "changed" });
    const message = how === "move" ? words.moved(work.done, folder) : words.copied(work.done, folder);
    work.report(message, how === "move" ? () => void moveBack(placed, folder) : undefined);
    if (work.signal.aborted || work.hasProblem) return;
  }
  for (const item of choice.folders) await placeFolder(item, folder, how);
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

/** The names that one request asks for. They are sent in its URL, which servers and proxies allow some kilobytes. */
const maxNames = 100;
const maxNamesLength = 4000;

/**
 * Leaves out the files whose name is taken in the folder. The server would merge them with the files there, which nobody
 * could take apart again.
 */
async function withoutTaken(files: readonly FileRef[], folder: string, work: Work): Promise<readonly FileRef[]> {
  const names = files.map(({ name }) => quoted(name)).join(", ");
  const searchQuery = `type = "file" AND path = ${quoted(folder)} AND name IN [${names}]`;
  const { body } = await work.patiently(() => call("GET /v1/files", { query: { searchQuery, limit: maxNames } }));
  const taken = new Set(body.map(({ name }) => name));
  const free: FileRef[] = [];
  for (const file of files) {
    if (parentOf(file.filePath) === folder) work.fail(undefined, words.alreadyThere(file.name));
    else if (taken.has(file.name)) work.fail(undefined, words.nameTaken(file.name));
    else free.push(file);
    taken.add(file.name);
  }
  return free;
}

/** Puts moved files back where each of them was. */
async function moveBack(files: readonly FileRef[], from: string): Promise<void> {
  const back: string[] = [];
  const work = new Work();
  await work.run(async () => {
    work.begin(words.movingBack(files.length), files.length);
    await work.each(files, atOnce, async ({ filePath, name }) => {
      const body = { sourceFilePath: joinPath(from, name), destinationPath: parentOf(filePath) };
      await work
        .patiently(() => call("POST /v1/files/move", { body }))
        .then(
          () => {
            back.push(name);
            work.add(1);
          },
          (error: unknown) => work.fail(name, error),
        );
    });
  });
  tellChange({ kind: "changed" });
  work.report(words.movedBack(back));
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

function removed(files: readonly FileRef[]) {
  return { kind: "removed", keys: new Set(files.map(({ fileId }) => fileId)) } as const;
}

/** Files in parts whose names one request can ask for. */
function namedParts(files: readonly FileRef[]): readonly (readonly FileRef[])[] {
  const parts: FileRef[][] = [];
  let part: FileRef[] = [];
  let length = maxNamesLength;
  for (const file of files) {
    const own = encodeURIComponent(quoted(file.name)).length;
    length += own;
    if (length > maxNamesLength || part.length === maxNames) {
      part = [];
      parts.push(part);
      length = own;
    }
    part.push(file);
  }
  return parts;
}
