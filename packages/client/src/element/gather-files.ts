export interface GatheredFile {
  readonly file: File;
  /** The folders that contained the file, such as `album/2026`. It is empty for a file that was chosen itself. */
  readonly folder: string;
}

export function listFiles(files: Iterable<File>): GatheredFile[] {
  return Array.from(files, (file) => ({ file, folder: parent(file.webkitRelativePath) }));
}

/**
 * Returns the files that were dropped or pasted, including all files in folders. Call it while the event is being
 * handled.
 */
export async function filesOf(data: DataTransfer): Promise<GatheredFile[]> {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  // An event that a script dispatches has no entries.
  return entries.length > 0 ? readAll(entries) : listFiles(data.files);
}

async function readAll(entries: readonly FileSystemEntry[]): Promise<GatheredFile[]> {
  return (await Promise.all(entries.map((entry) => (entry.isFile ? readFile(entry) : readFolder(entry))))).flat();
}

/** Reads a file. A file that has disappeared meanwhile can't be uploaded. */
async function readFile(entry: FileSystemEntry): Promise<GatheredFile[]> {
  const file = await new Promise<File | undefined>((resolve) => {
    (entry as FileSystemFileEntry).file(resolve, () => resolve(undefined));
  });
  return file ? [{ file, folder: parent(entry.fullPath) }] : [];
}

async function readFolder(folder: FileSystemEntry): Promise<GatheredFile[]> {
  const reader = (folder as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    // The browser returns about a hundred entries at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    // Files that systems hide in folders (.DS_Store and the like) are not meant to be uploaded.
    if (some.length === 0) return readAll(found.filter(({ name }) => !name.startsWith(".")));
    found.push(...some);
  }
}

const parent = (path: string): string => path.replace(/^\/|\/?[^/]*$/g, "");
