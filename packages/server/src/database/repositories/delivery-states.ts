import { type Selectable, sql } from "kysely";
import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";
import type { AccountsTable, FilesTable, FoldersTable, VersionsTable } from "../schema.ts";
import type { VersionChange } from "./versions.ts";

/** The place that a URL leads to, as far as the URL itself shows it. */
export interface DeliveryAddress {
  readonly imagekitId: string;
  /** The path of the folder. */
  readonly path: string;
  readonly name: string;
  readonly objectVersion: string | undefined;
}

/**
 * The bearing of a column on the answer with an image that was made from a version:
 * `compared`: the answer depends on its value, which may change;
 * `leads`: it leads from the URL to the version, so once it changes the same URL leads to another version, or to none;
 * `never changes`: its value stays the same in every row;
 * `no matter`: no such answer depends on it.
 */
type Bearing = "compared" | "leads" | "never changes" | "no matter";

/**
 * Lists every column. A new column doesn't compile before it is in this list, because it might decide who is shown
 * what.
 */
export const bearings = {
  accounts: {
    id: "leads",
    imagekit_id: "leads",
    status: "compared",
    delivery_switches: "compared",
    // An answer is not remembered if its URL is signed or contains a name that the account has defined.
    v1_uploads: "no matter",
    // URL endpoints decide to which path a URL leads, and their changes make another revision.
    revision: "compared",
    custom_metadata_defaults: "no matter",
    storage_limit: "no matter",
    event_routes: "no matter",
    created_at: "never changes",
  },
  folders: {
    id: "leads",
    account_id: "leads",
    path: "leads",
    parent_id: "no matter",
    name: "no matter",
    // `Last-Modified`, and what `updatedAt` in a URL is compared with.
    moved_at: "compared",
    created_at: "never changes",
    updated_at: "no matter",
  },
  files: {
    id: "leads",
    account_id: "never changes",
    folder_id: "leads",
    name: "leads",
    current_version_id: "leads",
    // `Last-Modified`.
    updated_at: "compared",
    last_version_number: "no matter",
    created_at: "never changes",
  },
  versions: {
    id: "compared",
    account_id: "never changes",
    file_id: "leads",
    object_version: "leads",
    is_published: "compared",
    is_private_file: "compared",
    purges: "compared",
    // The area of `fo-custom`.
    custom_coordinates: "compared",
    // `Last-Modified`, and what `updatedAt` in a URL is compared with.
    updated_at: "compared",
    blob_id: "never changes",
    size: "never changes",
    mime: "never changes",
    kind: "never changes",
    file_type: "never changes",
    width: "never changes",
    height: "never changes",
    orientation: "never changes",
    has_alpha: "never changes",
    pages: "never changes",
    // The facts of a video or a sound may come later, once. No picture that was made without them depends on them.
    duration: "never changes",
    bit_rate: "never changes",
    video_codec: "never changes",
    audio_codec: "never changes",
    unreadable: "no matter",
    embedded_metadata: "never changes",
    created_at: "never changes",
    number: "no matter",
    tags: "no matter",
    ai_tags: "no matter",
    custom_metadata: "no matter",
    description: "no matter",
  },
} as const satisfies { readonly [Table in keyof Tables]: Readonly<Record<keyof Tables[Table], Bearing>> } & {
  readonly versions: Readonly<Record<keyof VersionChange, Exclude<Bearing, "never changes">>>;
};

interface Tables {
  accounts: Selectable<AccountsTable>;
  folders: Selectable<FoldersTable>;
  files: Selectable<FilesTable>;
  versions: Selectable<VersionsTable>;
}

type ComparedIn<Table extends keyof Tables> = {
  [Column in keyof Tables[Table]]: (typeof bearings)[Table] extends Readonly<Record<Column, "compared">>
    ? Column
    : never;
}[keyof Tables[Table]];

/** The rows that a URL leads to, with only the columns that are compared. */
export type ComparedRows = {
  readonly [Table in keyof Tables as ComparedIn<Table> extends never ? never : Table]: Readonly<
    Pick<Tables[Table], ComparedIn<Table>>
  >;
};

/**
 * The values of the compared columns, by `<table>.<column>`. The answer to a request stays valid while these values are
 * unchanged.
 */
export type DeliveryState = Readonly<Record<string, unknown>>;

const compared = Object.entries(bearings).flatMap(([table, columns]) =>
  Object.entries(columns)
    .filter(([, bearing]) => bearing === "compared")
    .map(([column]) => ({ table, column, key: `${table}.${column}` })),
);

export function deliveryStateOf(rows: ComparedRows): DeliveryState {
  const values: Readonly<Record<string, Readonly<Record<string, unknown>>>> = rows;
  return Object.fromEntries(compared.map(({ table, column, key }) => [key, values[table]?.[column]]));
}

export function isSameState(one: DeliveryState, other: DeliveryState): boolean {
  return compared.every(({ key }) => one[key] === other[key]);
}

/** Returns undefined if the URL leads to nothing. */
export async function findDeliveryState(
  connection: Connection,
  { objectVersion, ...address }: DeliveryAddress,
): Promise<DeliveryState | undefined> {
  const { rows } =
    objectVersion === undefined
      ? await current(connection, address)
      : await named(connection, { ...address, objectVersion });
  return rows[0];
}

type Address = Omit<DeliveryAddress, "objectVersion">;

const current = prepared((connection, address: Address) =>
  selectStates(connection, address).whereRef("versions.id", "=", "files.current_version_id"),
);

const named = prepared((connection, address: Address & { readonly objectVersion: string }) =>
  selectStates(connection, address).where("versions.object_version", "=", address.objectVersion),
);

function selectStates(connection: Connection, { imagekitId, path, name }: Address) {
  return connection
    .selectFrom("accounts")
    .innerJoin("folders", "folders.account_id", "accounts.id")
    .innerJoin("files", "files.folder_id", "folders.id")
    .innerJoin("versions", "versions.file_id", "files.id")
    .select(compared.map(({ key }) => sql.ref<unknown>(key).as(key)))
    .where("accounts.imagekit_id", "=", imagekitId)
    .where("folders.path", "=", path)
    .where("files.name", "=", name);
}
