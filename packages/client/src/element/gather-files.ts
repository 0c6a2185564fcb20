export interface GatheredFile {
  readonly file: File;
  /** The folders that it was found in, such as `album/2026`; empty for a file that was chosen itself. */
  readonly folder: string;
}

export function listFiles(files: Iterable<File>): GatheredFile[] {
  return Array.from(files, (file) => ({ file, folder: parent(file.webkitRelativePath) }));
}

/** What was dropped or pasted, folders with all that is in them. Has to be called while the event is handled. */
export async function filesOf(data: DataTransfer): Promise<GatheredFile[]> {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  // A script that dispatches the event itself has no entries to offer.
  return entries.length > 0 ? readAll(entries) : listFiles(data.files);
}

async function readAll(entries: readonly FileSystemEntry[]): Promise<GatheredFile[]> {
  return (await Promise.all(entries.map((entry) => (entry.isFile ? readFile(entry) : readFolder(entry))))).flat();
}

/** One that has gone meanwhile can't be uploaded. */
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
    // Some hundred at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    // What systems hide in folders (.DS_Store and the like) is nobody's upload.
    if (some.length === 0) return readAll(found.filter(({ name }) => !name.startsWith(".")));
    found.push(...some);
  }
}

const parent = (path: string): string => path.replace(/^\/|\/?[^/]*$/g, "");
