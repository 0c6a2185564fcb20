import type { Connection } from "../../../../database/database.ts";
import {
  findPictureDetection,
  insertPictureDetection,
  type PictureSearch,
} from "../../../../database/repositories/picture-detections.ts";

/**
 * Records what was found in a picture. Where another node was first, its result counts.
 * @returns what is recorded, as JSON; what was given for bytes that are not in the library
 */
export async function keepPictureDetection(
  connection: Connection,
  { search, things }: { readonly search: PictureSearch; readonly things: string },
): Promise<string> {
  await insertPictureDetection(connection, search, things);
  return (await findPictureDetection(connection, search)) ?? things;
}
