import type { Database } from "../database/database.ts";
import type { CustomFields } from "./custom-metadata/custom-fields.ts";

/** The parts that the composition root passes to the management of files, fields and named transformations. */
export interface LibraryDeps {
  readonly customFields: Pick<CustomFields, "of">;
  readonly database: Database;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
