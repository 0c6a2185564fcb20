import type { Kysely } from "kysely";
import { prepared } from "../prepared.ts";
import type { VersionRow } from "../repositories/files.ts";
import type { Schema } from "../schema.ts";

/** The part of a version, its file and its folder that the search index is made from. */
export type VersionSource = Pick<
  VersionRow,
  | "id"
  | "account_id"
  | "file_id"
  | "size"
  | "mime"
  | "kind"
  | "width"
  | "height"
  | "has_alpha"
  | "tags"
  | "ai_tags"
  | "custom_metadata"
  | "embedded_metadata"
  | "is_private_file"
  | "is_published"
  | "created_at"
  | "updated_at"
> & {
  readonly name: string;
  readonly folder_id: string;
  readonly current_version_id: string;
  readonly file_created_at: number;
};

export interface FolderSource {
  readonly id: string;
  readonly account_id: string;
  /** The root isn't in the search index. */
  readonly parent_id: string;
  readonly name: string;
  readonly created_at: number;
  readonly updated_at: number;
}

export const versionsOfFile = prepared((connection, by: { readonly fileId: string }) =>
  selectVersionSources(connection).where("versions.file_id", "=", by.fileId),
);

export function selectVersionSources(connection: Kysely<Schema>) {
  return connection
    .selectFrom("versions")
    .innerJoin("files", "files.id", "versions.file_id")
    .select([
      "versions.id",
      "versions.account_id",
      "versions.file_id",
      "versions.size",
      "versions.mime",
      "versions.kind",
      "versions.width",
      "versions.height",
      "versions.has_alpha",
      "versions.tags",
      "versions.ai_tags",
      "versions.custom_metadata",
      "versions.embedded_metadata",
      "versions.is_private_file",
      "versions.is_published",
      "versions.created_at",
      "versions.updated_at",
      "files.name",
      "files.folder_id",
      "files.current_version_id",
      "files.created_at as file_created_at",
    ]);
}

export function selectFolderSources(connection: Kysely<Schema>) {
  return connection
    .selectFrom("folders")
    .select(["id", "account_id", "parent_id", "name", "created_at", "updated_at"])
    .where("parent_id", "is not", null)
    .$narrowType<{ parent_id: string }>();
}
