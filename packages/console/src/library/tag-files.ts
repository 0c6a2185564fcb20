import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { queries } from "../api/queries.ts";
import { notify } from "../shell/notice-store.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { tellChange } from "./changes.ts";
import type { LibraryFile } from "./library-file.ts";
import { inParts, reportFailures } from "./organise.ts";
import { tagsChanged } from "./tag-changes.ts";

const words = texts.done;
/** The number of files that the server tags at a time. */
const maxTagged = 50;

/** Adds tags to files, or takes tags away. */
export async function tagFiles(
  files: readonly LibraryFile[],
  tags: readonly string[],
  how: "add" | "remove",
): Promise<void> {
  const failures: string[] = [];
  for (const part of inParts(files, maxTagged)) {
    await tagPart(part, tags, how).then(
      (failed) => failures.push(...failed),
      (error: unknown) => failures.push(asProblem(error).message),
    );
  }
  tellChange({ kind: "changed" });
  void queries.invalidateQueries({ queryKey: ["tags"] });
  if (failures.length === 0) {
    const changes = tagsChanged(files, tags, how);
    const undo = { label: words.undo, run: () => void takeBackTags(files, changes, how).catch(tellProblem) };
    const message = how === "add" ? words.tagsAdded(files.length) : words.tagsRemoved(files.length);
    notify({ kind: "done", message, action: changes.length > 0 ? undo : undefined });
  }
  reportFailures(failures);
}

/** Undoes a change of tags, file by file. */
async function takeBackTags(
  files: readonly LibraryFile[],
  changes: ReturnType<typeof tagsChanged>,
  how: "add" | "remove",
): Promise<void> {
  const failures: string[] = [];
  for (const { fileIds, tags } of changes) {
    const changed = files.filter(({ fileId }) => fileIds.includes(fileId));
    for (const part of inParts(changed, maxTagged)) {
      failures.push(...(await tagPart(part, tags, how === "add" ? "remove" : "add")));
    }
  }
  tellChange({ kind: "changed" });
  if (failures.length === 0) notify({ kind: "done", message: words.tagsBack(files.length) });
  reportFailures(failures);
}

/** @returns the failures. What somebody else has deleted meanwhile doesn't keep the others. */
async function tagPart(
  files: readonly LibraryFile[],
  tags: readonly string[],
  how: "add" | "remove",
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const route = how === "add" ? "POST /v1/files/addTags" : "POST /v1/files/removeTags";
  try {
    const { body } = await call(route, { body: { fileIds: files.map(({ fileId }) => fileId), tags } });
    return "errors" in body ? body.errors.map(({ error }) => error) : [];
  } catch (error) {
    const missing = new Set(asProblem(error).missingFileIds);
    const there = files.filter(({ fileId }) => !missing.has(fileId));
    // Nothing less can be asked for.
    if (there.length === files.length) throw error;
    const gone = files.filter(({ fileId }) => missing.has(fileId)).map(({ name }) => words.gone(name));
    return [...gone, ...(await tagPart(there, tags, how))];
  }
}
