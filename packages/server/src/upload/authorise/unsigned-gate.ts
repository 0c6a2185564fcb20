import { SluiceError } from "@sluice/protocol";
import type { Gate } from "./gate.ts";

const signatureFields = ["publicKey", "signature", "expire", "token"] as const;

/** V1 without Basic authentication: the signature mode is not built yet, and nothing else lets an upload in. */
export function unsignedGate(): Gate {
  const present = new Set<string>();
  return {
    passed: false,
    wantsFile: false,
    field(name, value) {
      if (value !== "") present.add(name);
    },
    close() {
      if (signatureFields.every((name) => present.has(name))) {
        throw new SluiceError("PARAMETER_NOT_SUPPORTED", { parameter: "signature" });
      }
      throw new SluiceError("SIGNATURE_MISSING");
    },
  };
}
