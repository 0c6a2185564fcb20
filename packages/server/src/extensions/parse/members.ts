import { ParameterProblem } from "../../text/parameter.ts";

export type Members = Readonly<Record<string, unknown>>;

/** @param what the object is called in a sentence */
export function membersOf(value: unknown, what: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  throw new ParameterProblem(`${what} must be an object.`);
}

/** Refuses unknown members. None is ignored silently, because a member that nobody reads is the caller's mistake. */
export function onlyMembers(members: Members, known: readonly string[], what: string): void {
  const other = Object.keys(members).find((name) => !known.includes(name));
  if (other === undefined) return;
  const instead = known.length === 0 ? "it takes none" : `only ${known.join(", ")}`;
  throw new ParameterProblem(`${what} has no member '${other.slice(0, 64)}', ${instead}.`);
}

export function wholeNumber(value: unknown, what: string, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  const bounds = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`;
  throw new ParameterProblem(`${what} must be a whole number ${bounds}.`);
}

export function optionalBoolean(value: unknown, what: string): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  throw new ParameterProblem(`${what} must be true or false.`);
}

export function text(value: unknown, what: string, max: number): string {
  if (typeof value === "string" && value !== "" && value.length <= max && !value.includes("\0")) return value;
  throw new ParameterProblem(`${what} must be a string of 1 to ${max} characters.`);
}

export function list(value: unknown, what: string, min: number, max: number): readonly unknown[] {
  if (Array.isArray(value) && value.length >= min && value.length <= max) return value;
  throw new ParameterProblem(`${what} must be an array of ${min} to ${max} items.`);
}

/** Returns the object without its undefined members. */
export function present<Values extends Members>(values: Values): Members {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
