import type { Principal } from "../../accounts/authenticate.ts";
import type { TokenKey } from "../../database/repositories/used-tokens.ts";

/**
 * Judges an upload's credentials while its form arrives, so that a refusal comes as early as the form's order allows
 * (spec/upload-v2.md §13).
 */
export interface Gate {
  /** Whether the credentials have been found to be good. */
  readonly passed: boolean;
  /** The token that has been burnt for this upload, and for no other. */
  readonly token?: TokenKey | undefined;
  /** Each text field other than file, in the order of arrival. Throws a SluiceError to refuse the upload at once. */
  field(name: string, value: string): void | Promise<void>;
  /** The form is complete. Throws a SluiceError when the upload is not allowed. */
  close(): Principal;
}
