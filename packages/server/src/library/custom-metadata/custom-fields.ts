import { AccountMemory, type Measured } from "../../accounts/account-memory.ts";
import type { Connection } from "../../database/database.ts";
import { listCustomMetadataFields } from "../../database/repositories/custom-metadata-fields.ts";
import type { CustomField } from "./field.ts";
import { fieldOf } from "./field-row.ts";

/** Characters of names, labels, descriptions and schemas, of all accounts together. */
const rememberedLength = 2 * 1024 * 1024;
/** What a field takes beside its texts. */
const fieldLength = 100;

/**
 * The accounts' custom metadata fields as they are now, without the deleted ones: each upload that has values asks for
 * them. They are read and parsed once for as long as they stay the same.
 */
export class CustomFields {
  readonly #memory: AccountMemory<readonly CustomField[]>;

  constructor(reader: Connection) {
    this.#memory = new AccountMemory(reader, { read: readFields, maxLength: rememberedLength });
  }

  /** In the order in which they were made. */
  async of(accountId: string): Promise<readonly CustomField[]> {
    return this.#memory.of(accountId);
  }
}

async function readFields(reader: Connection, accountId: string): Promise<Measured<readonly CustomField[]>> {
  const rows = await listCustomMetadataFields(reader, accountId);
  const texts = rows.map(({ name, label, description, schema }) => name + label + (description ?? "") + schema);
  const length = texts.reduce((sum, text) => sum + fieldLength + text.length, fieldLength);
  return { value: rows.map(fieldOf), length };
}
