import { excludesAvif } from "../effects/effects.ts";
import type { Colour } from "../pixels/colour.ts";
import type { OutputParameters } from "./choose-output.ts";
import type { AskedStep } from "./step-parameters.ts";

/** Everything that the steps which are done say of the result, apart from its pixels. */
export interface Asked {
  readonly output: OutputParameters;
  /** Laid under transparent pixels. */
  readonly background: Colour | undefined;
  readonly withoutAvif: boolean;
}

export const nothingAsked: Asked = { output: {}, background: undefined, withoutAvif: false };

/** Adds what a step says. A condition says nothing until it is decided. */
export function ask(asked: Asked, step: AskedStep): Asked {
  if ("kind" in step) return step.kind === "arithmetic" ? ask(asked, step.known) : asked;
  const { background } = step;
  return {
    ...asked,
    background: background?.kind === "colour" ? background.colour : asked.background,
    withoutAvif: asked.withoutAvif || excludesAvif(step),
  };
}

/** Adds what a branch says of the output. */
export function askOutput(asked: Asked, output: OutputParameters): Asked {
  return { ...asked, output: { ...asked.output, ...output } };
}
