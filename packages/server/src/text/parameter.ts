import { SluiceError } from "@sluice/protocol";

/** Thrown for a value that a parameter can't take. `problem` is a sentence for the caller. */
export class ParameterProblem extends Error {
  readonly problem: string;

  constructor(problem: string) {
    super(problem);
    this.problem = problem;
  }
}

/** Parses the text of one parameter. Throws ParameterProblem. */
export type ParseParameter<Value> = (text: string) => Value;

/** @param problem a sentence for the caller */
export function invalidParameter(parameter: string, problem: string): SluiceError {
  return new SluiceError("PARAMETER_INVALID", { parameter, problem });
}

/** The error for an unknown parameter. The caller's name for it is cut to a length that fits into a message. */
export function unknownParameter(name: string, known: readonly string[]): SluiceError {
  return invalidParameter(name.slice(0, 64), `There is no such parameter here, only ${known.join(", ")}.`);
}

/** Runs a parser and adds the parameter's name to the problem that it throws. */
export function namingParameter<Value>(parameter: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw error instanceof ParameterProblem ? invalidParameter(parameter, error.problem) : error;
  }
}

/** @throws SluiceError PARAMETER_INVALID for the first member of the body that isn't known */
export function assertKnownMembers(body: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  for (const name of Object.keys(body)) {
    if (!known.includes(name)) throw unknownParameter(name, known);
  }
}

/**
 * Parses how many entries of a list are asked for.
 * @throws SluiceError PARAMETER_INVALID
 */
export function parseLimit(
  text: unknown,
  { standard, max }: { readonly standard: number; readonly max: number },
): number {
  if (text === undefined) return standard;
  const limit = typeof text === "string" && /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= max) return limit;
  throw invalidParameter("limit", `It must be a whole number from 1 to ${max}.`);
}
