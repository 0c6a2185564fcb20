import fc from "fast-check";
import type { FilesApp } from "../files-app.ts";
import type { LibraryObject } from "./library-object.ts";
import { listsOf, modelList, type RandomList } from "./model-list.ts";

interface Listed {
  readonly type: LibraryObject["type"];
  readonly fileId?: string;
  readonly folderId?: string;
  readonly versionInfo?: { readonly id: string };
}

/** Holds random lists and searches against the model: the same objects in the same order, on one page or on many. */
export async function assertSearches(
  app: FilesApp,
  objects: readonly LibraryObject[],
  parameters: { numRuns: number; seed?: number },
): Promise<void> {
  const property = fc.asyncProperty(listsOf(objects), fc.integer({ min: 1, max: 40 }), async (list, pageSize) => {
    const { now, ids } = await listPage(app, list, { limit: "1000" });
    assertSame(ids, modelList(objects, list, now), list);
    await assertPages(app, objects, list, pageSize);
    const isTimeless = !/"\d+[hdwmy]"/.test(list.parameters.searchQuery ?? "");
    if (isTimeless && ids.length <= 6 * pageSize) await assertCursors(app, list, ids, pageSize);
  });
  await fc.assert(property, parameters);
}

/** Time goes on between the pages, so that only queries without ages keep their result. */
async function assertPages(app: FilesApp, objects: readonly LibraryObject[], list: RandomList, pageSize: number) {
  const skips = [0, pageSize, 3 * pageSize];
  for (const skip of skips) {
    const { now, ids } = await listPage(app, list, { limit: String(pageSize), skip: String(skip) });
    assertSame(ids, modelList(objects, list, now).slice(skip, skip + pageSize), { ...list.parameters, skip, pageSize });
  }
}

/** Walks through all pages by their cursors, to the end and back. */
async function assertCursors(app: FilesApp, list: RandomList, ids: readonly string[], pageSize: number) {
  const limit = String(pageSize);
  const there = [await listPage(app, list, { limit })];
  for (let next = there[0]?.next; next !== undefined; next = there.at(-1)?.next) {
    there.push(await listPage(app, list, { limit, cursor: next }));
  }
  assertSame(
    there.flatMap((page) => page.ids),
    ids,
    { ...list.parameters, pageSize, walk: "forwards" },
  );
  const back: string[] = [];
  for (let previous = there.at(-1)?.previous; previous !== undefined; ) {
    const page = await listPage(app, list, { limit, cursor: previous });
    back.unshift(...page.ids);
    previous = page.previous;
  }
  const before = ids.slice(0, ids.length - (there.at(-1)?.ids.length ?? 0));
  assertSame(back, before, { ...list.parameters, pageSize, walk: "backwards" });
}

async function listPage(app: FilesApp, { parameters }: RandomList, page: Readonly<Record<string, string>>) {
  const query = new URLSearchParams({ ...parameters, ...page });
  const answer = await app.request("GET", `/v1/files?${query}`);
  if (answer.statusCode !== 200) throw new Error(`${JSON.stringify(parameters)}: ${answer.body}`);
  // The clock stands at the time of the last request.
  const cursorIn = (header: string) => answer.headers[header]?.toString();
  const [next, previous] = [cursorIn("x-next-cursor"), cursorIn("x-previous-cursor")];
  return { now: app.now, ids: answer.json<Listed[]>().map(rowIdOf), next, previous };
}

function rowIdOf({ type, fileId, folderId, versionInfo }: Listed): string {
  return String(type === "folder" ? folderId : type === "file" ? fileId : versionInfo?.id);
}

function assertSame(found: readonly string[], expected: readonly string[], what: unknown): void {
  if (JSON.stringify(found) === JSON.stringify(expected)) return;
  const missing = expected.filter((id) => !found.includes(id));
  const foreign = found.filter((id) => !expected.includes(id));
  throw new Error(
    `${JSON.stringify(what)} found ${found.length} instead of ${expected.length} objects; missing ${missing}, wrongly found ${foreign}`,
  );
}
