import type { LookupAddress } from "node:dns";
import type { OutboundRules } from "../outbound-rules.ts";

/** The loopback address that stands for the public internet in tests; all others stand for what is private. */
export const publicHost = "127.0.0.1";
export const privateHost = "127.0.0.2";

/** Rules for a world of these names alone; each address given as text, in the order of the answers to a repeated question. */
export function rulesOf(
  names: Readonly<Record<string, readonly (readonly string[])[]>> = {},
  mayConnect: OutboundRules["mayConnect"] = (address) => address === publicHost,
): OutboundRules & { readonly questions: string[] } {
  const questions: string[] = [];
  return {
    mayConnect,
    questions,
    async resolve(hostname) {
      const asked = questions.filter((name) => name === hostname).length;
      questions.push(hostname);
      const answers = names[hostname];
      const addresses = answers?.[Math.min(asked, answers.length - 1)];
      if (addresses === undefined) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
      return addresses.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 }));
    },
  };
}
