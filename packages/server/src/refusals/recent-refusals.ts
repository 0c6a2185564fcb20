import { randomBytes } from "node:crypto";
import type { RefusalKind } from "@sluice/protocol/schemas";
import { blanked } from "../observability/blank-secrets.ts";
import { shortened } from "../text/shortened.ts";
import { AccountRings, type RingLimits } from "./account-rings.ts";
import type { Refusal, RefusalBook, RememberedRefusals } from "./refusal.ts";

const mebibyte = 1024 * 1024;

/**
 * The share of each sort of refusal: 500 for an account together. A program that looks for files which are not there
 * never drives out the refusals of uploads. Anybody can have an upload with a wrong signature, or a delivery URL,
 * refused; such refusals have shares of their own.
 */
const shares = {
  upload: { entriesPerAccount: 250, bytes: 8 * mebibyte },
  api: { entriesPerAccount: 100, bytes: 4 * mebibyte },
  delivery: { entriesPerAccount: 75, bytes: 2 * mebibyte },
  unproven: { entriesPerAccount: 75, bytes: 2 * mebibyte },
} as const satisfies Readonly<Record<RefusalKind | "unproven", RingLimits>>;
type Share = keyof typeof shares;

/** The longest texts that are kept, in characters. */
const maxLength = { message: 400, help: 800, parameter: 80 } as const;

/**
 * The newest refusals of each account, in the memory of this process. Nothing of them is ever written: strangers cause
 * refusals, and must not be able to fill a disk or a database.
 */
export class RecentRefusals implements RefusalBook {
  readonly node = randomBytes(4).toString("hex");
  readonly #rings: Readonly<Record<Share, AccountRings>> = {
    upload: new AccountRings(shares.upload),
    api: new AccountRings(shares.api),
    delivery: new AccountRings(shares.delivery),
    unproven: new AccountRings(shares.unproven),
  };

  add(accountId: string, refusal: Refusal): void {
    const { message, help, parameter } = refusal;
    this.#rings[shareOf(refusal)].add(accountId, {
      ...refusal,
      message: kept(message, maxLength.message),
      help: help === null ? null : kept(help, maxLength.help),
      parameter: parameter === null ? null : kept(parameter, maxLength.parameter),
    });
  }

  async of(accountId: string): Promise<RememberedRefusals> {
    return { refusals: this.here(accountId), node: this.node, processes: 1, silent: 0 };
  }

  /** The refusals that this process remembers, the newest first. */
  here(accountId: string): readonly Refusal[] {
    return newestFirst(Object.values(this.#rings).map((rings) => rings.of(accountId)));
  }
}

/** Delivery has no requests that speak for an account: whoever has a URL may send it. */
function shareOf({ kind, isProven }: Refusal): Share {
  return isProven || kind === "delivery" ? kind : "unproven";
}

/** A secret can be of any length, and what is looked for in a long text takes long: most of the text is cut off before. */
function kept(text: string, length: number): string {
  return shortened(withoutSecrets(text.slice(0, 2 * length)), length);
}

export function newestFirst(lists: readonly (readonly Refusal[])[]): readonly Refusal[] {
  return lists.flat().sort((one, other) => other.at - one.at);
}

/**
 * Texts that look like a token, like a key or a webhook's secret as Sluice makes them, or like the signature of a URL, and
 * the token of V1 as its refusal quotes it.
 */
const secrets =
  /(?<=The token with value )'[^']*'|\beyJ[\w-]{8,}(?:\.[\w-]+){1,2}|\b(?:private|whsec)_[\w+/-]{8,}(?:=|%3D)*|\b(?:ik-s|signature)=[^&\s'"]+/gi;

/**
 * A refusal's text without secrets. The texts of the catalogue hold none, but some repeat what the caller has sent,
 * and a caller may have put a secret into the wrong place.
 */
function withoutSecrets(text: string): string {
  return text.replace(secrets, blanked);
}
