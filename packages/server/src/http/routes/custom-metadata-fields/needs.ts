import type { changeField, createField, removeField } from "../../../library/custom-metadata/manage-fields.ts";
import type { NeedsOf } from "../../needs-of.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

/** The parts that the routes of custom metadata fields need. */
export type FieldsNeeds = AuthNeeds &
  NeedsOf<typeof createField> &
  NeedsOf<typeof changeField> &
  NeedsOf<typeof removeField>;
