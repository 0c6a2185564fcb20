import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { repeatablePartNames } from "../parameters/table.ts";
import type { Gate } from "./gate.ts";

/** Beside Basic authentication these fields would be a second set of credentials (spec/upload-v2.md §2). */
const otherCredentials = {
  1: { field: "signature", reason: "SIGNATURE_AND_BASIC_AUTH" },
  2: { field: "token", reason: "TOKEN_AND_BASIC_AUTH" },
} as const;

/** Server mode: the private key has been checked before the body is read. */
export function basicGate(principal: Principal, apiVersion: 1 | 2): Gate {
  const other = otherCredentials[apiVersion];
  const seen = new Set<string>();
  return {
    admitted: { principal },
    field(name) {
      if (name === other.field) throw new SluiceError(other.reason);
      if (seen.has(name) && !repeatablePartNames.has(name))
        throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
      seen.add(name);
    },
    close: () => principal,
  };
}
