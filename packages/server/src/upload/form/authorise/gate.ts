import type { Principal } from "../../../accounts/authenticate.ts";
import type { TokenKey } from "../../../database/repositories/used-tokens.ts";

export interface Admitted {
  readonly principal: Principal;
  /** Every text field that the form will have, where the credentials say it beforehand. */
  readonly claims?: ReadonlyMap<string, unknown>;
}

/**
 * Judges an upload's credentials while its form arrives, so that a refusal comes as early as the form's order allows
 * (docs/protocol/upload.md §13).
 */
export interface Gate {
  /** Whom the credentials let in, once they have been found to be good. */
  readonly admitted: Admitted | undefined;
  /** The token that has been burnt for this upload, and for no other. */
  readonly token?: TokenKey | undefined;
  /** Each text field other than file, in the order of arrival. Throws a SluiceError to refuse the upload at once. */
  field(name: string, value: string): void | Promise<void>;
  /** The form is complete. Throws a SluiceError when the upload is not allowed. */
  close(): Principal;
}

/**
 * A gate as its maker has it: what changes is a plain property. V8 makes a hidden class of its own for each object
 * literal with a getter, and keeps with it, until the next full collection, all of the upload that the getter can reach.
 */
export type MutableGate = { -readonly [Name in keyof Gate]: Gate[Name] };
