import type { LookupAddress } from "node:dns";
import type { OutboundRules } from "../outbound-rules.ts";

/** The loopback address that stands for the public internet in tests. All other addresses stand for private ones. */
export const publicHost = "127.0.0.1";
export const privateHost = "127.0.0.2";

/**
 * Rules for a world that has only these names. Each name has a list of answers, one for each time that it is asked for,
 * and each answer is a list of addresses.
 */
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
