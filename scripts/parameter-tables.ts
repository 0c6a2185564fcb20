import type { LayerKind, ParameterRecord, Tier } from "../packages/grammar/src/index.ts";
import { parameterGroups } from "../packages/grammar/src/index.ts";

/** The members of a parameter's record that the reference shows. */
export type ParameterRow = Pick<ParameterRecord<never>, "sdk" | "standard" | "description"> & {
  readonly key: string;
  readonly tier: Tier;
  readonly layers: readonly LayerKind[];
  readonly shape: { readonly values: string };
  readonly beyond?: { readonly values: string; readonly tier: Tier };
};

/** All parameters under the titles of their groups, in the order of the reference. */
export const groupedParameters: readonly { readonly title: string; readonly rows: readonly ParameterRow[] }[] =
  parameterGroups.map(({ title, records }) => ({
    title,
    rows: Object.entries(records).map(([key, record]) => ({ key, ...record })),
  }));

/** Says whether a parameter is carried out, at least with some of its values. */
export const isSupported = ({ tier }: ParameterRow): boolean => tier === "T1";

/** The values of a parameter, with a link to what arithmetic is. */
export const valuesOf = ({ shape }: ParameterRow): string =>
  shape.values.replace(/\bexpressions?\b/, "[$&](#arithmetic)");

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows.map((row) => row.map(cell))];
  return lines.map((cells, index) => (index === 1 ? `|${cells.join("|")}|` : `| ${cells.join(" | ")} |`)).join("\n");
}

/** Escapes a table's cell. Angle brackets occur only inside code and in line breaks here, where they need no escape. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

export function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}
