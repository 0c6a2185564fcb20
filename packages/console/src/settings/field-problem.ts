import type { Problem } from "../api/problem.ts";

/** The reason why a form was refused, and the field that it is about, if the server has said so. */
export interface FieldProblem {
  readonly field: string | undefined;
  readonly text: string;
}

/** The fields of refusals that name none. */
export type FieldsByReason = Readonly<Record<string, string>>;

/**
 * Finds the field that a refusal is about. The server begins a message with the member's name, or names the parameter
 * that is invalid.
 * @param fields the names of the form's fields, as the API calls them
 */
export function fieldProblemIn(
  { reason = "", message, help }: Pick<Problem, "reason" | "message" | "help">,
  fields: readonly string[],
  byReason: FieldsByReason = {},
): FieldProblem {
  const [first = "", ...rest] = message.split(" ");
  const [member = ""] = first.split(".");
  if (fields.includes(member) && rest.length > 0) return { field: member, text: asSentence(rest.join(" ")) };
  const invalid = /contains invalid (\w+)\S* parameter/.exec(message)?.[1] ?? "";
  if (fields.includes(invalid)) return { field: invalid, text: help ?? message };
  const known = Object.hasOwn(byReason, reason) ? byReason[reason] : undefined;
  const text = known !== undefined && reason.endsWith("_CONFIG_INVALID") && help ? help : message;
  return { field: known, text: known === undefined && help !== undefined ? `${asSentence(message)} ${help}` : text };
}

function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
