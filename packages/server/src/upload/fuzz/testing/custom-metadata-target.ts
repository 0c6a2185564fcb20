import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";
import {
  applyCustomMetadata,
  checkCustomMetadata,
  requiredDefaults,
} from "../../../library/custom-metadata/check-values.ts";
import { type CustomField, type FieldSchema, writeCustomMetadata } from "../../../library/custom-metadata/field.ts";
import { parseFieldSchema } from "../../../library/custom-metadata/parse-field.ts";
import { parseCustomMetadata } from "../../../library/parameters/values.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { hostileText } from "./hostile-text.ts";
import { outcomeOf } from "./parameters-target.ts";

const types = ["Text", "Textarea", "Number", "Date", "Boolean", "SingleSelect", "MultiSelect"] as const;
const scalar: Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.double(),
  fc.boolean(),
  fc.constantFrom(0, 1, 3, "2026-01-01", "2026-02-30", "a", "", null),
);
const value = fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) });

const schema = fc.record(
  {
    type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom<unknown>(...types) }, { weight: 1, arbitrary: scalar }),
    selectOptions: fc.oneof(fc.array(scalar, { maxLength: 3 }), scalar),
    defaultValue: value,
    isValueRequired: fc.boolean(),
    minValue: scalar,
    maxValue: scalar,
    minLength: scalar,
    maxLength: scalar,
  },
  { requiredKeys: ["type"] },
);

const names = ["a", "toString", "__proto__", "constructor"] as const;
const values = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 3 }).map(Object.fromEntries);

/** Any fields and values are refused with a 4xx, or both databases can store them and search in them. */
export const customMetadataTarget: FuzzTarget = {
  name: "custom metadata and its fields",
  share: 240,
  check: (batch) =>
    fc.assert(
      fc.property(schema, values, (schemaInput, given) => {
        const parsed = parseFieldSchema(schemaInput);
        const fields = "schema" in parsed ? fieldsOf(parsed.schema) : [];
        const received = outcomeOf(() => parseCustomMetadata(JSON.stringify(given)));
        const change = received && outcomeOf(() => checkCustomMetadata(fields, received));
        if (change === undefined) return;
        const stored = writeCustomMetadata(applyCustomMetadata({}, change, requiredDefaults(fields))) ?? "{}";
        expect(stored).not.toMatch(/\\u0000|\\ud[89a-f]/i);
        // The stored values fit the fields once more.
        expect(checkCustomMetadata(fields, JSON.parse(stored))).toEqual(JSON.parse(stored));
      }),
      batch,
    ),
};

function fieldsOf(schema: FieldSchema): CustomField[] {
  return ["a", "toString"].map((name) => ({ id: name, name, label: name, description: null, schema }));
}
