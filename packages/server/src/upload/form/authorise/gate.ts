import type { Principal } from "../../../accounts/authenticate.ts";
import type { TokenKey } from "../../../database/repositories/used-tokens.ts";

export interface Admitted {
  readonly principal: Principal;
  /** Every text field that the form will have. The member is set if the credentials say so beforehand. */
  readonly claims?: ReadonlyMap<string, unknown>;
}

/**
 * Judges an upload's credentials while its form arrives, so that a refusal comes as early as the form's order allows
 * (docs/protocol/upload.md §13).
 */
export interface Gate {
  /** The principal that the credentials let in, once they have been found valid. */
  readonly admitted: Admitted | undefined;
  /** The token that was burnt for this upload, and for no other upload. */
  readonly token?: TokenKey | undefined;
  /**
   * Takes each text field other than `file`, in the order of arrival.
   * @throws SluiceError to refuse the upload at once
   */
  field(name: string, value: string): void | Promise<void>;
  /**
   * Judges the complete form.
   * @throws SluiceError when the upload is not allowed
   */
  close(): Principal;
}

/**
 * A gate as the code that makes it sees it. The members that change are plain properties, not getters. For each object
 * literal with a getter, V8 makes a hidden class of its own. With the hidden class, V8 keeps everything of the upload
 * that the getter can reach, until the next full garbage collection.
 */
export type MutableGate = { -readonly [Name in keyof Gate]: Gate[Name] };
