import { LRUCache } from "lru-cache";
import type { Connection } from "../../database/database.ts";
import { findCustomFieldsRevision } from "../../database/repositories/accounts.ts";
import { listCustomMetadataFields } from "../../database/repositories/custom-metadata-fields.ts";
import type { CustomField } from "./field.ts";
import { fieldOf } from "./field-row.ts";

/** Characters of names, labels, descriptions and schemas, of all accounts together. */
const rememberedLength = 2 * 1024 * 1024;
/** What a field takes beside its texts. */
const fieldLength = 100;

interface Remembered {
  readonly revision: number;
  readonly fields: readonly CustomField[];
  readonly length: number;
}

/**
 * The accounts' custom metadata fields as they are now, without the deleted ones: each upload that has values asks for
 * them. Read and parsed once for as long as they stay the same, which one look at the account tells.
 */
export class CustomFields {
  readonly #reader: Connection;
  readonly #known = new LRUCache<string, Remembered>({
    maxSize: rememberedLength,
    sizeCalculation: ({ length }) => length,
  });

  constructor(reader: Connection) {
    this.#reader = reader;
  }

  /** In the order in which they were made. */
  async of(accountId: string): Promise<readonly CustomField[]> {
    // First: fields that have changed by the time they are read are kept under a revision that is over.
    const revision = await findCustomFieldsRevision(this.#reader, accountId);
    const known = this.#known.get(accountId);
    if (known !== undefined && known.revision === revision) return known.fields;
    const rows = await listCustomMetadataFields(this.#reader, accountId);
    const fields = rows.map(fieldOf);
    if (revision !== undefined) {
      const texts = rows.map(({ name, label, description, schema }) => name + label + (description ?? "") + schema);
      const length = texts.reduce((sum, text) => sum + fieldLength + text.length, fieldLength);
      this.#known.set(accountId, { revision, fields, length });
    }
    return fields;
  }
}
