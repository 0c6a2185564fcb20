import { quoted } from "../expressions/quoted.ts";
import type { Checks, Comparison } from "./checks.ts";
import type { Value } from "./values.ts";

/** Prints checks so that `parseChecks` reads the same expression again. */
export function printChecks(checks: Checks): string {
  if (checks.kind === "comparison") return printComparison(checks);
  const parts = checks.operands.map((operand) =>
    operand.kind === "comparison" ? printComparison(operand) : `(${printChecks(operand)})`,
  );
  return parts.join(checks.kind === "and" ? " AND " : " OR ");
}

function printComparison({ field, type, operator, values }: Comparison): string {
  const written = values.map((value) => (type === "customDate" ? printDate(value) : printValue(value)));
  const isList = operator === "IN" || operator === "NOT IN";
  return `${quoted(field)} ${operator} ${isList ? `[${written.join(", ")}]` : written.join("")}`;
}

function printValue(value: Value): string {
  return typeof value === "string" ? quoted(value) : String(value);
}

function printDate(value: Value): string {
  return quoted(new Date(Number(value)).toISOString());
}
