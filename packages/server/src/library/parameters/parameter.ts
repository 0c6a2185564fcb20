import { SluiceError } from "@sluice/protocol";

/** A value that a parameter can't take; `problem` is a sentence for the caller. */
export class ParameterProblem extends Error {
  readonly problem: string;

  constructor(problem: string) {
    super(problem);
    this.problem = problem;
  }
}

/** How one parameter's text becomes a value. Throws ParameterProblem. */
export type ParseParameter<Value> = (text: string) => Value;

/** @param problem a sentence for the caller */
export function invalidParameter(parameter: string, problem: string): SluiceError {
  return new SluiceError("PARAMETER_INVALID", { parameter, problem });
}

/** For a name that the caller made up, cut to what a message bears. */
export function unknownParameter(name: string, known: readonly string[]): SluiceError {
  return invalidParameter(name.slice(0, 64), `There is no such parameter here, only ${known.join(", ")}.`);
}

/** Runs a parser and puts the parameter's name to its problem. */
export function namingParameter<Value>(parameter: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw error instanceof ParameterProblem ? invalidParameter(parameter, error.problem) : error;
  }
}
