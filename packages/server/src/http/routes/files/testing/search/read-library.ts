import type { FileObject } from "@sluice/protocol/schemas";
import type { FilesApp } from "../files-app.ts";
import type { CustomValue, LibraryObject } from "./library-object.ts";

/** Reads the account's whole library by its ids alone, without a list or a search. */
export async function readLibrary(app: FilesApp): Promise<LibraryObject[]> {
  const { reader } = app.database;
  const { id: accountId } = await reader
    .selectFrom("accounts")
    .select("id")
    .where("imagekit_id", "=", "demo")
    .executeTakeFirstOrThrow();
  const files = await reader.selectFrom("files").select("id").where("account_id", "=", accountId).execute();
  const versions: LibraryObject[] = [];
  for (const { id } of files) {
    const answer = await app.request("GET", `/v1/files/${id}/versions`);
    versions.push(...answer.json<FileObject[]>().map(fromFile));
  }
  const folders = await reader.selectFrom("folders").selectAll().where("account_id", "=", accountId).execute();
  return [...versions, ...folders.filter(({ path }) => path !== "/").map(fromFolder)];
}

function fromFile(file: FileObject): LibraryObject {
  const { versionInfo, width, height, hasAlpha, duration, bitRate, videoCodec, audioCodec } = file;
  return {
    type: file.type,
    id: file.fileId,
    rowId: file.type === "file" ? file.fileId : versionInfo.id,
    name: file.name,
    folder: file.filePath.slice(0, -file.name.length - 1) || "/",
    tags: file.tags ?? [],
    aiTags: (file.AITags ?? []).map(({ name }) => name),
    createdAt: Date.parse(file.createdAt),
    updatedAt: Date.parse(file.updatedAt),
    custom: file.customMetadata as Readonly<Record<string, CustomValue>>,
    embedded: file.embeddedMetadata ?? {},
    file: {
      mime: file.mime,
      fileType: file.fileType,
      size: file.size,
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
      ...(hasAlpha !== undefined && { hasAlpha }),
      ...(duration !== undefined && { duration }),
      ...(bitRate !== undefined && { bitRate }),
      ...(videoCodec !== undefined && { videoCodec }),
      ...(audioCodec !== undefined && { audioCodec }),
      isPrivateFile: file.isPrivateFile,
      isPublished: file.isPublished,
    },
  };
}

interface FolderRow {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly created_at: number;
  readonly updated_at: number;
}

function fromFolder({ id, name, path, created_at, updated_at }: FolderRow): LibraryObject {
  return {
    type: "folder",
    id,
    rowId: id,
    name,
    folder: path.slice(0, -name.length - 1) || "/",
    tags: [],
    aiTags: [],
    createdAt: created_at,
    updatedAt: updated_at,
    custom: {},
    embedded: {},
  };
}
