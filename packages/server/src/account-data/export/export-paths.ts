import { createHash } from "node:crypto";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { folded, markedSegment, safeSegment } from "../../text/safe-segment.ts";

/**
 * The maximum length, in bytes, of a folder's path below the export. Some systems take no more than 1024 for a whole
 * path.
 */
const maxFolderBytes = 700;

/**
 * The paths of an export's files, below the export. Each path is given once: an export may be put on a file system that
 * does not distinguish `A` from `a`, and a file may have the name of a folder. The given paths are kept in a file,
 * since there may be a million of them.
 */
export class ExportPaths {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #claim: StatementSync;
  readonly #keep: StatementSync;
  readonly #folders: StatementSync;

  /** @param path of the file that keeps the given paths; the caller removes it */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec("pragma journal_mode = off; pragma synchronous = off");
    this.#database.exec("create table places (folded text primary key) without rowid");
    this.#database.exec("create table known (kind text, name text, path text, primary key (kind, name)) without rowid");
    this.#find = this.#database.prepare("select path from known where kind = ? and name = ?");
    this.#claim = this.#database.prepare("insert or ignore into places (folded) values (?)");
    this.#keep = this.#database.prepare("insert into known (kind, name, path) values (?, ?, ?)");
    this.#folders = this.#database.prepare("select path from known where kind = 'made' order by path desc");
  }

  /**
   * The file's path, without a slash in front. It is the same for every version of the file.
   * @param folder `/` or `/a/b`, as it is stored
   */
  ofFile({ id, folder, name }: { readonly id: string; readonly folder: string; readonly name: string }): string {
    return this.#known("file", id) ?? this.#give("file", id, this.#ofFolder(folder), name, id);
  }

  /** Whether a version of the file has been put at the file's path. */
  hasCurrent(id: string): boolean {
    return this.#known("current", id) !== undefined;
  }

  noteCurrent(id: string): void {
    if (!this.hasCurrent(id)) this.#keep.run("current", id, "");
  }

  /** Notes a folder as made. @returns false where it was noted before */
  note(folder: string): boolean {
    if (this.#known("made", folder) !== undefined) return false;
    this.#keep.run("made", folder, folder);
    return true;
  }

  /** The folders that were noted, each before the folders that contain it. */
  *made(): Generator<string> {
    for (const row of this.#folders.iterate()) yield String(row.path);
  }

  close(): void {
    this.#database.close();
  }

  #ofFolder(folder: string): string {
    const segments = folder.split("/").filter(Boolean);
    const name = segments.at(-1);
    if (name === undefined) return "";
    const known = this.#known("folder", folder);
    if (known !== undefined) return known;
    const mark = createHash("sha256").update(folder).digest("hex").slice(0, 16);
    const parent = this.#ofFolder(segments.slice(0, -1).join("/"));
    const isLong = Buffer.byteLength(parent) + Buffer.byteLength(name) > maxFolderBytes;
    return isLong
      ? this.#give("folder", folder, "", `long-${mark}`, mark)
      : this.#give("folder", folder, parent, name, mark);
  }

  #give(kind: "file" | "folder", key: string, parent: string, name: string, mark: string): string {
    const segment = safeSegment(name);
    for (let attempt = 0; ; attempt++) {
      const free = attempt === 0 ? segment : markedSegment(segment, attempt === 1 ? mark : `${mark}-${attempt}`);
      const path = parent === "" ? free : `${parent}/${free}`;
      if (this.#claim.run(folded(path)).changes === 0) continue;
      this.#keep.run(kind, key, path);
      return path;
    }
  }

  #known(kind: string, name: string): string | undefined {
    const row = this.#find.get(kind, name);
    return row === undefined ? undefined : String(row.path);
  }
}
