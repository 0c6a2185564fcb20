import type { Database } from "../database/database.ts";
import type { CustomFields } from "./custom-metadata/custom-fields.ts";
import type { changeCustomField, createCustomField, deleteCustomField } from "./custom-metadata/field-transactions.ts";
import type { addTags, removeAiTags, removeSeveralFiles, removeTags } from "./files/bulk-transactions.ts";
import type { copyFileTo, moveFileTo } from "./files/organise-transactions.ts";
import type {
  changeNamedTransformation,
  createNamedTransformation,
  removeNamedTransformation,
} from "./named-transformations/named-transformation-transactions.ts";
import type { removeFile, removeFileVersion, restoreFileVersion } from "./versions/version-transactions.ts";

/** The scripts that the library's own use cases run. */
export type LibraryScripts = {
  readonly createCustomField: typeof createCustomField;
  readonly changeCustomField: typeof changeCustomField;
  readonly deleteCustomField: typeof deleteCustomField;
  readonly createNamedTransformation: typeof createNamedTransformation;
  readonly changeNamedTransformation: typeof changeNamedTransformation;
  readonly removeNamedTransformation: typeof removeNamedTransformation;
  readonly copyFileTo: typeof copyFileTo;
  readonly moveFileTo: typeof moveFileTo;
  readonly removeSeveralFiles: typeof removeSeveralFiles;
  readonly addTags: typeof addTags;
  readonly removeTags: typeof removeTags;
  readonly removeAiTags: typeof removeAiTags;
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
