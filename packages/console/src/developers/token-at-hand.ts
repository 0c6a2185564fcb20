import type { FormField } from "./parse-form.ts";

/** A token to look at, with the form that goes with it. */
export interface TokenAtHand {
  readonly token: string;
  readonly form: readonly FormField[];
}
