import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../../accounts/authenticate.ts";
import { shortened } from "../../../text/shortened.ts";
import type { BurnV1TokenInput } from "../../ledger/token-transactions.ts";
import { type Authoriser, type MutableAuthoriser, onceOnly } from "./authoriser.ts";
import { type V1Credentials, v1CredentialFields } from "./verify-v1-signature.ts";

interface SignatureAuthoriserOptions {
  /** @throws SluiceError when the signature doesn't admit the upload */
  readonly verify: (
    credentials: V1Credentials,
  ) => Promise<{ readonly principal: Principal; readonly digest: Uint8Array }>;
  /**
   * Resolves when the ledger's row is on disk. The result is false when the token had been used before. When the
   * promise rejects, for example because there is no room for the upload, the token is as valid as before.
   * @param transformation the upload's parameter, if it has arrived by then
   */
  readonly burn: (input: Omit<BurnV1TokenInput, "now">, transformation: string | undefined) => Promise<boolean>;
  /** Called once the token is burnt. From then on, no answer may invite a retry. */
  readonly onBurn: () => void;
}

/** The number of characters of a token that an error message repeats. */
const shownLength = 256;

/**
 * The authoriser of V1's client mode. Four fields, in any order and anywhere in the form, say that the sender may
 * upload. They lock nothing of what is uploaded (docs/protocol/upload.md §4).
 */
export function signatureAuthoriser({ verify, burn, onBurn }: SignatureAuthoriserOptions): Authoriser {
  const take = onceOnly();
  const credentials: Partial<Record<keyof V1Credentials, string>> = {};
  let transformation: string | undefined;
  let admitted: Principal | undefined;

  async function admit(complete: V1Credentials): Promise<void> {
    const { principal, digest } = await verify(complete);
    const fresh = await burn({ accountId: principal.accountId, digest }, transformation);
    onBurn();
    if (!fresh) throw new SluiceError("SIGNED_TOKEN_USED", { token: shortened(complete.token, shownLength) });
    admitted = principal;
    authoriser.admitted = { principal };
  }

  const authoriser: MutableAuthoriser = {
    admitted: undefined,
    field(name, value) {
      take(name);
      if (name === "transformation") transformation = value;
      if (!isCredential(name) || value === "") return;
      credentials[name] = value;
      return isComplete(credentials) ? admit(credentials) : undefined;
    },
    close() {
      if (admitted !== undefined) return admitted;
      const missing = v1CredentialFields.filter((name) => credentials[name] === undefined).join(", ");
      throw new SluiceError("SIGNATURE_MISSING", { missing });
    },
  };
  return authoriser;
}

function isCredential(name: string): name is keyof V1Credentials {
  return (v1CredentialFields as readonly string[]).includes(name);
}

function isComplete(credentials: Partial<V1Credentials>): credentials is V1Credentials {
  return v1CredentialFields.every((name) => credentials[name] !== undefined);
}
