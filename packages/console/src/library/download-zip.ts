import { call } from "../api/call.ts";
import { notify } from "../shell/notice-store.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { actOn } from "./act-on.ts";
import type { Choice } from "./choice.ts";

/** Has the browser download the items as one ZIP. What the server refuses is shown. */
export async function downloadItems(choice: Choice): Promise<void> {
  const folderPaths = choice.folders.map(({ folderPath }) => folderPath);
  const work = await actOn(choice, { title: texts.zip.preparing }, (files) =>
    download({ fileIds: files.map(({ fileId }) => fileId), folderPaths }),
  );
  work.report("");
}

export function downloadFolder(path: string): Promise<void> {
  return download({ fileIds: [], folderPaths: [path] });
}

async function download(body: {
  readonly fileIds: readonly string[];
  readonly folderPaths: readonly string[];
}): Promise<void> {
  try {
    const { body: zip } = await call("POST /_sluice/zip-downloads", { body });
    save(zip.url);
    notify({ kind: "done", message: texts.zip.begun(zip.files, zip.fileName) });
  } catch (error) {
    tellProblem(error);
  }
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
