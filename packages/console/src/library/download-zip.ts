import { call } from "../api/call.ts";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import { actOn } from "./act-on.ts";
import type { Choice } from "./choice.ts";
import { Work } from "./work.ts";

/** Has the browser download the items as one ZIP. It can be stopped until the server has prepared it. */
export async function downloadItems(choice: Choice): Promise<void> {
  const folderPaths = choice.folders.map(({ folderPath }) => folderPath);
  const work = await actOn(choice, { title: texts.zip.preparing }, (files, { signal }) =>
    download({ fileIds: files.map(({ fileId }) => fileId), folderPaths }, signal),
  );
  work.report("");
}

export async function downloadFolder(path: string): Promise<void> {
  const work = new Work();
  await work.run(async () => {
    work.begin(texts.zip.preparing(1), 1);
    await download({ fileIds: [], folderPaths: [path] }, work.signal);
  });
  work.report("");
}

interface Chosen {
  readonly fileIds: readonly string[];
  readonly folderPaths: readonly string[];
}

async function download(body: Chosen, signal: AbortSignal): Promise<void> {
  const { body: zip } = await call("POST /_sluice/zip-downloads", { body }, signal);
  save(zip.url);
  notify({ kind: "done", message: texts.zip.begun(zip.files, zip.fileName) });
}

/** The browser streams the archive to the disk itself. The address works once, so nothing else may ask for it. */
function save(url: string): void {
  const { pathname, search } = new URL(url);
  const link = document.createElement("a");
  link.href = pathname + search;
  link.download = "";
  link.rel = "noreferrer";
  link.click();
}
