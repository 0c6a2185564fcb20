import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../../accounts/authenticate.ts";
import type { Gate } from "./gate.ts";
import { onceOnly } from "./once-only.ts";

/**
 * The field of each API version that would be a second set of credentials beside Basic authentication
 * (docs/protocol/upload.md §2).
 */
const otherCredentials = {
  1: { field: "signature", reason: "SIGNATURE_AND_BASIC_AUTH" },
  2: { field: "token", reason: "TOKEN_AND_BASIC_AUTH" },
} as const;

/** The gate of server mode. The private key has been checked before the body is read. */
export function basicGate(principal: Principal, apiVersion: 1 | 2): Gate {
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
