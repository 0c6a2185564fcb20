import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { mediaColumns } from "../../library/files/media-columns.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";

/** The facts about an origin's file that are remembered. */
export interface OriginalFacts {
  /** SHA-256 of the bytes. */
  readonly sha256: Buffer;
  readonly size: number;
  /** The facts in the bytes. The origin isn't believed about the type. */
  readonly media: MediaFacts;
  readonly isPrivate: boolean;
  /** The time in Unix milliseconds at which these bytes were first read here. */
  readonly since: number;
}

/**
 * Describes an origin's file as if it was a version, so that it is delivered by the rules of versions. It is in no
 * table, and its id is no version's.
 */
export function originVersion(
  { accountId, originId }: { readonly accountId: string; readonly originId: string },
  name: string,
  { sha256, size, media, isPrivate, since }: OriginalFacts,
): DeliverableRow {
  const id = `origin/${originId}/${sha256.toString("hex")}`;
  return {
    ...{ id, account_id: accountId, file_id: id, blob_id: id, storage_key: id, object_version: id },
    ...{ current_version_id: id, number: 1, purges: 0, size, sha256, name, folder_path: "" },
    ...mediaColumns(media),
    ...{ tags: null, ai_tags: null, custom_coordinates: null, custom_metadata: null, description: null },
    ...{ is_private_file: isPrivate ? 1 : 0, is_published: 1 },
    ...{ created_at: since, updated_at: since, file_created_at: since, file_updated_at: since, folder_moved_at: 0 },
  };
}
