import { timingSafeEqual } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import { hashPrivateKey } from "../accounts/key-pair.ts";
import { findKeyPair, hasEnded, type KeyPairWithAccount } from "../database/repositories/key-pairs.ts";
import { clientNetwork } from "../network/client-network.ts";
import { newId } from "../text/id.ts";
import { findSession, type SessionInForce } from "./find-session.ts";
import type { ConsoleNeeds } from "./needs.ts";
import { hashSecret, isSecret, newSecret } from "./secrets.ts";
import type { SessionBeginning } from "./session-transactions.ts";
import type { SignInAttempts } from "./sign-in-attempts.ts";

export interface SignInNeeds extends ConsoleNeeds {
  readonly attempts: SignInAttempts;
}

/** The parties whose attempts are counted in an account's place have so many times as many as an address. */
const accountFactor = 10;

export type Proof = { readonly publicKey: string; readonly privateKey: string } | { readonly link: string };

export interface SignIn {
  readonly proof: Proof;
  readonly address: string;
  /** The browser, as it names itself. */
  readonly client: string;
  /** The cookie that the browser had before. Its session ends, so that nobody goes on with what was known before. */
  readonly earlier: string | undefined;
}

export interface SignedIn {
  /** The value of the new cookie. */
  readonly token: string;
  readonly session: SessionInForce;
}

/** The attempts are used up. The message says for how long, and so does a header. */
export class TooManySignIns extends SluiceError<"TOO_MANY_SIGN_INS"> {
  readonly seconds: number;

  constructor(waitMs: number) {
    const seconds = Math.ceil(waitMs / 1000);
    super("TOO_MANY_SIGN_INS", { seconds });
    this.seconds = seconds;
  }
}

/** @throws SluiceError CONSOLE_SIGN_IN_FAILED, CONSOLE_LINK_INVALID, TOO_MANY_SIGN_INS */
export async function signIn(needs: SignInNeeds, asked: SignIn): Promise<SignedIn> {
  const { attempts, config, database, now } = needs;
  const address = `address ${clientNetwork(asked.address)}`;
  take(needs, address, config.limits.consoleAttempts);
  const token = newSecret();
  const beginning: SessionBeginning = {
    id: newId(now()),
    tokenHash: hashSecret(token),
    client: asked.client.replaceAll(/[^\x20-\x7e]/g, "").slice(0, 200),
    now: now(),
    idleMs: config.limits.consoleIdleMs,
    sessionMs: config.limits.consoleSessionMs,
  };
  const reason = "link" in asked.proof ? "CONSOLE_LINK_INVALID" : "CONSOLE_SIGN_IN_FAILED";
  const begun =
    "link" in asked.proof
      ? await byLink(needs, asked.proof.link, beginning)
      : await byKeys(needs, asked.proof, beginning);
  const session = begun ? await findSession(needs, token) : undefined;
  if (session === undefined) throw new SluiceError(reason);
  attempts.forgive(address);
  if (isSecret(asked.earlier)) await database.run("endConsoleSession", { tokenHash: hashSecret(asked.earlier) });
  return { token, session };
}

async function byLink({ database }: SignInNeeds, link: string, beginning: SessionBeginning): Promise<boolean> {
  if (!isSecret(link)) return false;
  return database.run("redeemConsoleLink", { ...beginning, hash: hashSecret(link) });
}

async function byKeys(
  needs: SignInNeeds,
  { publicKey, privateKey }: { readonly publicKey: string; readonly privateKey: string },
  beginning: SessionBeginning,
): Promise<boolean> {
  const { attempts, config, database, now } = needs;
  const pair = await findKeyPair(database.reader, { public_key: publicKey });
  const account = `account ${pair?.account_id ?? ""}`;
  if (pair !== undefined) take(needs, account, config.limits.consoleAttempts * accountFactor);
  // Without such a pair the comparison takes as long, and fails.
  const known = pair?.private_key_hash ?? new Uint8Array(32);
  if (!timingSafeEqual(hashPrivateKey(privateKey), known) || pair === undefined) return false;
  attempts.forgive(account);
  if (!mayOpen(pair, now())) return false;
  const { account_id: accountId, id: keyPairId, role } = pair;
  return database.run("beginConsoleSession", { ...beginning, accountId, keyPairId, role });
}

function mayOpen(
  pair: KeyPairWithAccount,
  now: number,
): pair is KeyPairWithAccount & { readonly role: "full" | "read" } {
  return pair.role !== "upload" && pair.account_status === "active" && !hasEnded(pair, now);
}

/** @throws SluiceError TOO_MANY_SIGN_INS */
function take({ attempts, now }: SignInNeeds, party: string, limit: number): void {
  const waitMs = attempts.take(party, limit, now());
  if (waitMs > 0) throw new TooManySignIns(waitMs);
}
