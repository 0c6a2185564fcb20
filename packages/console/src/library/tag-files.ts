import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { queries } from "../api/queries.ts";
import { quoted } from "../search/search-query.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { actOn } from "./act-on.ts";
import { tellChange } from "./changes.ts";
import { type Choice, filesAlone } from "./choice.ts";
import type { FileRef } from "./items.ts";
import type { LibraryFile } from "./library-file.ts";
import { type TagChange, tagsChanged } from "./tag-changes.ts";
import { Work } from "./work.ts";

const words = texts.done;
/** The number of files that the server tags at a time. */
const maxTagged = 50;

type How = "add" | "remove";

/** Adds tags to files, or takes tags away. */
export async function tagFiles(choice: Choice, tags: readonly string[], how: How): Promise<void> {
  const changed: FileRef[] = [];
  const changes: TagChange[] = [];
  const work = await actOn(filesAlone(choice), { title: words.tagging }, (files, work) =>
    work.inParts(files, maxTagged, async (part) => {
      const before = await filesNow(part);
      const done = new Set(await tagPart(part, tags, how, work));
      changed.push(...part.filter(({ fileId }) => done.has(fileId)));
      changes.push(
        ...tagsChanged(
          before.filter(({ fileId }) => done.has(fileId)),
          tags,
          how,
        ),
      );
    }),
  );
  tellTags();
  const undo = () => void takeBackTags(changed, changes, how === "add" ? "remove" : "add").catch(tellProblem);
  const message = how === "add" ? words.tagsAdded(work.done) : words.tagsRemoved(work.done);
  work.report(message, changes.length > 0 ? undo : undefined);
}

/** The tags that the files have now are those that an undo brings back. */
async function filesNow(files: readonly FileRef[]): Promise<readonly LibraryFile[]> {
  const ids = files.map(({ fileId }) => quoted(fileId)).join(", ");
  const query = { searchQuery: `type = "file" AND id IN [${ids}]`, limit: maxTagged };
  return (await call("GET /v1/files", { query })).body as readonly LibraryFile[];
}

/** Undoes a change of tags, file by file. */
async function takeBackTags(files: readonly FileRef[], changes: readonly TagChange[], how: How): Promise<void> {
  const known = new Map(files.map((file) => [file.fileId, file]));
  const work = new Work();
  await work.run(async () => {
    const count = changes.reduce((sum, { fileIds }) => sum + fileIds.length, 0);
    work.begin(words.tagging(count), count);
    for (const { fileIds, tags } of changes) {
      const changed = fileIds.flatMap((fileId) => known.get(fileId) ?? []);
      await work.inParts(changed, maxTagged, async (part) => void (await tagPart(part, tags, how, work)));
    }
  });
  tellTags();
  work.report(words.tagsBack(work.done));
}

function tellTags(): void {
  tellChange({ kind: "changed" });
  void queries.invalidateQueries({ queryKey: ["tags"] });
}

/** @returns the ids of the files that are changed. What somebody else has deleted meanwhile doesn't keep the others. */
async function tagPart(
  files: readonly FileRef[],
  tags: readonly string[],
  how: How,
  work: Work,
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const route = how === "add" ? "POST /v1/files/addTags" : "POST /v1/files/removeTags";
  const names = new Map(files.map(({ fileId, name }) => [fileId, name]));
  try {
    const { body } = await call(route, { body: { fileIds: [...names.keys()], tags } });
    work.add(body.successfullyUpdatedFileIds.length);
    if ("errors" in body) for (const { fileId, error } of body.errors) work.fail(names.get(fileId), error);
    return body.successfullyUpdatedFileIds;
  } catch (error) {
    const missing = new Set(asProblem(error).missingFileIds);
    const there = files.filter(({ fileId }) => !missing.has(fileId));
    // Nothing less can be asked for.
    if (there.length === files.length) throw error;
    const done = await tagPart(there, tags, how, work);
    for (const { fileId, name } of files) if (missing.has(fileId)) work.fail(undefined, words.gone(name));
    return done;
  }
}
