import { viewerOfServer } from "../../../access/viewer.ts";
import type { Connection } from "../../../database/database.ts";
import { findCurrentAsset } from "../../../database/repositories/assets.ts";
import { countVersionsOf, type FileRow, pageOfFolder } from "../../../database/repositories/files.ts";
import { pathWithin } from "../../../database/repositories/folders.ts";
import { filesPerStep, type Position, versionsPerStep } from "../job-position.ts";
import type { PlacedFiles } from "../place-files.ts";

/** The files that a step deals with. A step with files of many versions deals with fewer of them, so that it is short. */
export class StepFiles {
  readonly #connection: Connection;
  readonly #allVersions: boolean;
  #files = 0;
  #versions = 0;

  /** @param allVersions whether each version of a file costs the step as much as a file */
  constructor(connection: Connection, { allVersions }: { readonly allVersions: boolean }) {
    this.#connection = connection;
    this.#allVersions = allVersions;
  }

  get isFull(): boolean {
    return this.#files >= filesPerStep || this.#versions >= versionsPerStep;
  }

  /** Takes the next files of a folder. Unless the step is full then, there are no others in the folder. */
  async take(folderId: string, after: string | null): Promise<Pick<FileRow, "id" | "folder_id" | "name">[]> {
    const page = await pageOfFolder(this.#connection, folderId, { after, limit: filesPerStep - this.#files });
    const ids = page.map(({ id }) => id);
    const counts = this.#allVersions ? await countVersionsOf(this.#connection, ids) : new Map<string, number>();
    const taken = page.slice(0, 0);
    for (const file of page) {
      if (this.isFull) break;
      taken.push(file);
      this.#files += 1;
      this.#versions += counts.get(file.id) ?? 1;
    }
    return taken;
  }
}

/** The position after files were placed. It keeps the path of the first file that was left alone. */
export async function afterFiles(
  connection: Connection,
  before: Position,
  { placed, skipped }: PlacedFiles,
  at: Position["at"],
  accountId: string,
): Promise<Position> {
  const moved = before.moved + placed;
  const [first] = skipped;
  if (first === undefined) return { ...before, at, moved };
  const asset = await findCurrentAsset(connection, viewerOfServer(accountId), first);
  const path = asset === undefined ? null : pathWithin(asset.folder_path, asset.name);
  return {
    at,
    moved,
    skipped: before.skipped + skipped.length,
    firstSkipped: before.firstSkipped ?? path,
  };
}
