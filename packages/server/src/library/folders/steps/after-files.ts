import type { Connection } from "../../../database/database.ts";
import { findCurrentAsset } from "../../../database/repositories/assets.ts";
import { pathWithin } from "../../../database/repositories/folders.ts";
import type { Position } from "../job-position.ts";
import type { PlacedFiles } from "../place-files.ts";

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
  const asset = await findCurrentAsset(connection, accountId, first);
  const path = asset === undefined ? null : pathWithin(asset.folder_path, asset.name);
  return {
    at,
    moved,
    skipped: before.skipped + skipped.length,
    firstSkipped: before.firstSkipped ?? path,
  };
}
