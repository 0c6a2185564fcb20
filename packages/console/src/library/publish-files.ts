import { call } from "../api/call.ts";
import { texts } from "../texts/texts.ts";
import { actOn } from "./act-on.ts";
import { tellChange } from "./changes.ts";
import { type Choice, filesAlone } from "./choice.ts";
import type { LibraryFile } from "./library-file.ts";

const words = texts.done;
/** Requests that run at the same time. */
const atOnce = 4;
/** The views are told of this many files at a time. */
const maxTold = 50;

/** Publishes files, or makes them drafts. */
export async function publishFiles(choice: Choice, isPublished: boolean): Promise<void> {
  const title = isPublished ? words.publishing : words.unpublishing;
  const changed: LibraryFile[] = [];
  const tell = (): void => tellChange({ kind: "replaced", files: changed.splice(0) });
  const work = await actOn(filesAlone(choice), { title }, (files, work) =>
    work.each(files, atOnce, async ({ fileId, name }) => {
      const request = { parameters: { fileId }, body: { publish: { isPublished } } };
      await work
        .patiently(() => call("PATCH /v1/files/:fileId/details", request))
        .then(
          ({ body }) => {
            changed.push(body);
            work.add(1);
            if (changed.length >= maxTold) tell();
          },
          (error: unknown) => work.fail(name, error),
        );
    }),
  );
  tell();
  work.report(isPublished ? words.published(work.done) : words.unpublished(work.done));
}
