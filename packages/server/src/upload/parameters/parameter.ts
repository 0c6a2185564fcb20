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
