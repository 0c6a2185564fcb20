import { viewerOfServer } from "../../access/viewer.ts";
import { AccountMemory, type Measured } from "../../accounts/account-memory.ts";
import type { Connection } from "../../database/database.ts";
import {
  type CustomMetadataFieldRow,
  listCustomMetadataFields,
} from "../../database/repositories/custom-metadata-fields.ts";
import type { CustomField } from "./field.ts";

export function fieldOf({ id, name, label, description, schema }: CustomMetadataFieldRow): CustomField {
  return { id, name, label, description, schema: JSON.parse(schema) };
}

/** Limit for the remembered names, labels, descriptions and schemas of all accounts together, in characters. */
const rememberedLength = 2 * 1024 * 1024;
/** The overhead of one field, besides its texts. */
const fieldLength = 100;

/**
 * Knows the current custom metadata fields of all accounts, without the deleted ones. Each upload with values asks for
 * them. They are read and parsed again only after they have changed.
 */
export class CustomFields {
  readonly #memory: AccountMemory<readonly CustomField[]>;

  constructor(reader: Connection) {
    this.#memory = new AccountMemory(reader, { read: readFields, maxLength: rememberedLength });
  }

  /** The account's fields in the order in which they were created. */
  async of(accountId: string): Promise<readonly CustomField[]> {
    return this.#memory.of(accountId);
  }
}

async function readFields(reader: Connection, accountId: string): Promise<Measured<readonly CustomField[]>> {
  const rows = await listCustomMetadataFields(reader, viewerOfServer(accountId));
  const texts = rows.map(({ name, label, description, schema }) => name + label + (description ?? "") + schema);
  const length = texts.reduce((sum, text) => sum + fieldLength + text.length, fieldLength);
  return { value: rows.map(fieldOf), length };
}
