import { quoted } from "../expressions/quoted.ts";
import { customMetadataPrefix } from "./search-fields.ts";
import type { AmongSpans, SearchCondition, SearchQuery } from "./search-query.ts";
import { writeArea } from "./values/areas.ts";
import { writeSpan } from "./values/dates.ts";

/** Prints a query so that `parseSearchQuery` reads the same one again. */
export function printSearchQuery(query: SearchQuery): string {
  if (query.kind === "condition") return printCondition(query);
  // Parentheses around AND would nest deeper than the text that was read.
  const parts = query.operands.map((operand) =>
    operand.kind === "or" ? `(${printSearchQuery(operand)})` : printSearchQuery(operand),
  );
  return parts.join(query.kind === "and" ? " AND " : " OR ");
}

function printCondition(condition: SearchCondition): string {
  const name = condition.field === "customMetadata" ? `${customMetadataPrefix}${condition.name}` : condition.field;
  return `${quoted(name)} ${condition.negated ? "NOT " : ""}${printTest(condition.test)}`;
}

function printTest(test: SearchCondition["test"]): string {
  switch (test.kind) {
    case "exists":
      return "EXISTS";
    case "among":
      return printValues(test.values);
    case "options":
      return printValues(test.keys);
    case "beginning":
      return `: ${quoted(test.text)}`;
    case "below":
      return `: ${quoted(test.folder)}`;
    case "words":
      return `HAS ${quoted([...test.whole, test.beginning].join(" "))}`;
    case "relation":
      return `${test.operator} ${test.value}`;
    case "spans":
      return printSpans(test);
    case "area":
      return `= ${quoted(writeArea(test.area))}`;
  }
}

function printSpans({ spans }: AmongSpans): string {
  const written = spans.map(writeSpan);
  const [only] = written;
  if (only !== undefined && written.length === 1) return `${only.operator} ${quoted(only.text)}`;
  return `IN [${written.map(({ text }) => quoted(text)).join(", ")}]`;
}

/** Lists have one value too, except for booleans, which have no lists. */
function printValues(values: readonly (string | number | boolean)[]): string {
  if (typeof values[0] === "boolean") return `= ${values[0]}`;
  return `IN [${values.map((value) => (typeof value === "string" ? quoted(value) : String(value))).join(", ")}]`;
}
