import { SluiceError } from "@sluice/protocol";
import { compareField, describeDifferences, matchPayload, type VerifiedUploadToken } from "@sluice/token";
import type { Principal } from "../../../accounts/authenticate.ts";
import type { BurnTokenInput } from "../../ledger/token-transactions.ts";
import type { Authoriser, MutableAuthoriser } from "./authoriser.ts";

export interface TokenAuthoriserOptions {
  /** @throws SluiceError when the token can't be used, in the order of verification of docs/protocol/upload.md §3 */
  readonly verify: (token: string) => Promise<{ readonly token: VerifiedUploadToken; readonly principal: Principal }>;
  /**
   * Resolves when the ledger's row is on disk. The result is false when the token had been used before. When the
   * promise rejects, for example because there is no room for the upload, the token is as valid as before.
   */
  readonly burn: (
    input: Omit<BurnTokenInput, "attempt" | "now">,
    claims: ReadonlyMap<string, unknown>,
  ) => Promise<boolean>;
  /** Called once the token is burnt. From then on, no answer may invite a retry. */
  readonly onBurn: () => void;
}

/** The authoriser of client mode. The form must be exactly what the token's claims say, and the token must be new. */
export function tokenAuthoriser({ verify, burn, onBurn }: TokenAuthoriserOptions): Authoriser {
  const fields: [name: string, value: string][] = [];
  const names = new Set<string>();
  let admitted: { readonly token: VerifiedUploadToken; readonly principal: Principal } | undefined;
  let tokens = 0;

  async function admit(text: string): Promise<void> {
    const { token, principal } = await verify(text);
    const { digest, expiresAt, claims } = token;
    const fresh = await burn({ accountId: principal.accountId, digest, expiresAt }, claims);
    onBurn();
    if (!fresh) throw new SluiceError("TOKEN_USED");
    admitted = { token, principal };
    authoriser.admitted = { principal, claims };
    authoriser.token = { expires_at: expiresAt, digest };
    compare(false);
  }

  /**
   * Takes a field. All fields are compared when the token arrives. From then on, it is enough to compare each new
   * field.
   */
  function take(name: string, value: string): void {
    const repeated = names.has(name);
    names.add(name);
    fields.push([name, value]);
    if (admitted === undefined) return;
    if (repeated || compareField(admitted.token.claims, name, value) !== "match") compare(false);
  }

  /**
   * Compares the form's fields with the token's claims.
   * @param complete whether the form is complete; before that, missing fields can't be told
   */
  function compare(complete: boolean): void {
    if (admitted === undefined) return;
    const { claims } = admitted.token;
    const differences = matchPayload(claims, fields, { mayGoOn: !complete });
    if (differences === undefined) return;
    throw new SluiceError("PAYLOAD_MISMATCH", { differences: describeDifferences(differences, claims) });
  }

  const authoriser: MutableAuthoriser = {
    admitted: undefined,
    token: undefined,
    field(name, value) {
      if (name !== "token") return take(name, value);
      if (++tokens > 1) {
        // Two tokens in one form are a field that is given twice. The server does not guess which of them was meant.
        if (admitted !== undefined)
          throw new SluiceError("PAYLOAD_MISMATCH", { differences: "in the form more than once: token" });
        throw new SluiceError("TOKEN_INVALID", { problem: "The form carries more than one token." });
      }
      return value === "" ? undefined : admit(value);
    },
    close() {
      if (admitted === undefined) throw new SluiceError("TOKEN_MISSING");
      compare(true);
      return admitted.principal;
    },
  };
  return authoriser;
}
