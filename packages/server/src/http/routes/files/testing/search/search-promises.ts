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

async function listPage(app: FilesApp, { parameters }: RandomList, page: Readonly<Record<string, string>>) {
  const query = new URLSearchParams({ ...parameters, ...page });
  const answer = await app.request("GET", `/v1/files?${query}`);
  if (answer.statusCode !== 200) throw new Error(`${JSON.stringify(parameters)}: ${answer.body}`);
  // The clock stands at the time of the last request.
  return { now: app.now, ids: answer.json<Listed[]>().map(rowIdOf) };
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
