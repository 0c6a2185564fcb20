import type { FoundFile } from "./uploads.ts";

/** The files of a file input. Those of a chosen folder say where in it they stand. */
export function filesOfInput(list: FileList): readonly FoundFile[] {
  return [...list].map((file) => ({ file, folder: parent(file.webkitRelativePath) }));
}

/** The files among what was dropped, with those in dropped folders. It must be called while the event is handled. */
export function filesOfDrop(transfer: DataTransfer): Promise<readonly FoundFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return Promise.all(entries.map((entry) => filesIn(entry, ""))).then((found) => found.flat());
}

async function filesIn(entry: FileSystemEntry, folder: string): Promise<readonly FoundFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, folder }];
  }
  const below = folder === "" ? entry.name : `${folder}/${entry.name}`;
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FoundFile[] = [];
  // A reader gives at most a hundred entries at a time.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return found;
    for (const each of entries) found.push(...(await filesIn(each, below)));
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
