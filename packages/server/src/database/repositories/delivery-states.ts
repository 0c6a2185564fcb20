import type { Connection } from "../database.ts";
import { prepared } from "../prepared.ts";

/** Where a URL leads, read off it. */
export interface DeliveryPlace {
  readonly imagekitId: string;
  /** Of the folder. */
  readonly path: string;
  readonly name: string;
  readonly objectVersion: string | undefined;
}

/** All of the database's that an answer made of an image depends on. */
export interface DeliveryState {
  readonly account_status: string;
  readonly delivery_switches: string | null;
  readonly version_id: string;
  readonly purges: number;
  readonly updated_at: number;
  readonly file_updated_at: number;
  readonly is_published: number;
  readonly is_private_file: number;
  readonly custom_coordinates: string | null;
}

/** Undefined where nothing is there. */
export async function findDeliveryState(
  connection: Connection,
  { objectVersion, ...place }: DeliveryPlace,
): Promise<DeliveryState | undefined> {
  const { rows } =
    objectVersion === undefined
      ? await current(connection, place)
      : await named(connection, { ...place, objectVersion });
  return rows[0];
}

type Place = Omit<DeliveryPlace, "objectVersion">;

const current = prepared((connection, place: Place) =>
  selectStates(connection, place).whereRef("versions.id", "=", "files.current_version_id"),
);

const named = prepared((connection, place: Place & { readonly objectVersion: string }) =>
  selectStates(connection, place).where("versions.object_version", "=", place.objectVersion),
);

function selectStates(connection: Connection, { imagekitId, path, name }: Place) {
  return connection
    .selectFrom("accounts")
    .innerJoin("folders", "folders.account_id", "accounts.id")
    .innerJoin("files", "files.folder_id", "folders.id")
    .innerJoin("versions", "versions.file_id", "files.id")
    .select([
      "accounts.status as account_status",
      "accounts.delivery_switches",
      "versions.id as version_id",
      "versions.purges",
      "versions.updated_at",
      "files.updated_at as file_updated_at",
      "versions.is_published",
      "versions.is_private_file",
      "versions.custom_coordinates",
    ])
    .where("accounts.imagekit_id", "=", imagekitId)
    .where("folders.path", "=", path)
    .where("files.name", "=", name);
}
