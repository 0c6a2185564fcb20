import { call } from "../api/call.ts";
import { notify } from "../shell/notice-store.ts";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { filesAmong, foldersAmong, type Item } from "./items.ts";

/** Has the browser download the items as one ZIP. What the server refuses is shown. */
export function downloadItems(items: readonly Item[]): Promise<void> {
  return download({
    fileIds: filesAmong(items).map(({ fileId }) => fileId),
    folderPaths: foldersAmong(items).map(({ folderPath }) => folderPath),
  });
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
