import { SluiceError } from "@sluice/protocol";
import { isListParameter } from "@sluice/token";
import type { Principal } from "../../../accounts/authenticate.ts";
import type { TokenKey } from "../../../database/repositories/used-tokens.ts";
import { repeatablePartNames } from "../receive/form-fields.ts";

export interface Admitted {
  readonly principal: Principal;
  /** Every text field that the form will have. The member is set if the credentials say so beforehand. */
  readonly claims?: ReadonlyMap<string, unknown>;
}

/**
 * Judges an upload's credentials while its form arrives, so that a refusal comes as early as the form's order allows
 * (docs/protocol/upload.md §13).
 */
export interface Authoriser {
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
 * An authoriser as the code that makes it sees it. The members that change are plain properties, not getters. For each
 * object literal with a getter, V8 makes a hidden class of its own. With the hidden class, V8 keeps everything of the
 * upload that the getter can reach, until the next full garbage collection.
 */
export type MutableAuthoriser = { -readonly [Name in keyof Authoriser]: Authoriser[Name] };

/**
 * The field of each API version that would be a second set of credentials beside Basic authentication
 * (docs/protocol/upload.md §2).
 */
const otherCredentials = {
  1: { field: "signature", reason: "SIGNATURE_AND_BASIC_AUTH" },
  2: { field: "token", reason: "TOKEN_AND_BASIC_AUTH" },
} as const;

/** The authoriser of server mode. The private key has been checked before the body is read. */
export function basicAuthoriser(principal: Principal, apiVersion: 1 | 2): Authoriser {
  const other = otherCredentials[apiVersion];
  const take = onceOnly();
  return {
    admitted: { principal },
    field(name) {
      if (name === other.field) throw new SluiceError(other.reason);
      take(name);
    },
    close: () => principal,
  };
}

/**
 * Makes a check that no field of a form comes twice. It takes the names of the fields as they arrive, and is for forms
 * whose fields no token lists.
 * @returns a function that throws SluiceError PARAMETER_REPEATED for a name that comes twice, unless the field is part
 * of a list
 */
export function onceOnly(): (name: string) => void {
  const seen = new Set<string>();
  return (name) => {
    if (seen.has(name) && !isListParameter(name) && !repeatablePartNames.has(name)) {
      throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
    }
    seen.add(name);
  };
}
