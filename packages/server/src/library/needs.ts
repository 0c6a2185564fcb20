import type { Config } from "../config/config.ts";
import type { Connection, Database } from "../database/database.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { CustomFields } from "./custom-metadata/custom-fields.ts";
import type { changeCustomField, createCustomField, deleteCustomField } from "./custom-metadata/field-transactions.ts";
import type {
  changeNamedTransformation,
  createNamedTransformation,
  removeNamedTransformation,
} from "./named-transformations/named-transformation-transactions.ts";
import type { removeFile, removeFileVersion, restoreFileVersion } from "./versions/version-transactions.ts";

/** The parts that are needed to store a version's content, wherever the content comes from. */
export interface ContentNeeds {
  readonly blobs: BlobStore;
  readonly config: { readonly limits: Pick<Config["limits"], "sweepGraceMs"> };
  readonly database: { readonly reader: Connection };
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** The scripts that the library's own use cases run. */
export type LibraryScripts = {
  readonly createCustomField: typeof createCustomField;
  readonly changeCustomField: typeof changeCustomField;
  readonly deleteCustomField: typeof deleteCustomField;
  readonly createNamedTransformation: typeof createNamedTransformation;
  readonly changeNamedTransformation: typeof changeNamedTransformation;
  readonly removeNamedTransformation: typeof removeNamedTransformation;
  readonly removeFile: typeof removeFile;
  readonly removeFileVersion: typeof removeFileVersion;
  readonly restoreFileVersion: typeof restoreFileVersion;
};

/** The parts that the composition root passes to the management of files, fields and named transformations. */
export interface LibraryNeeds {
  readonly customFields: Pick<CustomFields, "of">;
  readonly database: Database<LibraryScripts>;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
