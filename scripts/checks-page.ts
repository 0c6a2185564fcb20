import { type FieldTypeName, fieldTypes } from "../packages/grammar/src/checks/field-types.ts";
import { checkFields, customFieldTypes } from "../packages/grammar/src/checks/fields.ts";
import { betweenMarkers } from "./between-markers.ts";

/** Updates the table of fields in docs/checks.md from the language's records. */
export function withCheckFields(page: string): string {
  const fields = Object.entries(checkFields).map(([name, type]) => [`\`${name}\``, type] as const);
  const custom = Object.entries(customFieldTypes).map(
    ([kind, type]) => [`\`request.customMetadata.<name>\` of type ${kind}`, type] as const,
  );
  const rows = [...groupByType(fields), ...groupByType(custom)].map(([type, names]) => {
    const { operators, expects } = fieldTypes[type];
    return `| ${names.join(", ")} | ${operators.map((operator) => `\`${operator}\``).join(" ")} | ${expects} |`;
  });
  const table = ["| field | operators | value |", "|---|---|---|", ...rows].join("\n");
  return betweenMarkers(page, "fields", table);
}

function groupByType(fields: readonly (readonly [string, FieldTypeName])[]): Map<FieldTypeName, string[]> {
  const groups = new Map<FieldTypeName, string[]>();
  for (const [name, type] of fields) groups.set(type, [...(groups.get(type) ?? []), name]);
  return groups;
}
