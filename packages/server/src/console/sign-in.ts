import { timingSafeEqual } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import { hashPrivateKey } from "../accounts/key-pair.ts";
import { type ConsoleRole, isConsoleRole } from "../accounts/key-roles.ts";
import { findConsoleLink } from "../database/repositories/console-sessions.ts";
import { findKeyPair, hasEnded, type KeyPairWithAccount } from "../database/repositories/key-pairs.ts";
import { clientNetwork } from "../network/client-network.ts";
import { newId } from "../text/id.ts";
import { hashSecret, isSecret, newSecret } from "../text/secrets.ts";
import type { ConsoleDeps } from "./deps.ts";
import { findSession, type SessionInForce } from "./find-session.ts";
import type { SessionBeginning } from "./session-transactions.ts";
import { beginConsoleSession, endConsoleSession, redeemConsoleLink } from "./session-transactions.ts";
import type { SignInAttempts } from "./sign-in-attempts.ts";

export interface SignInDeps extends ConsoleDeps {
  readonly attempts: SignInAttempts;
}

/** For one account, whatever addresses they come from, so many times as many attempts may fail as from one address. */
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

/** Too many attempts have failed. The message says for how long, and so does a header. */
export class TooManySignIns extends SluiceError<"TOO_MANY_SIGN_INS"> {
  readonly seconds: number;

  constructor(waitMs: number) {
    const seconds = Math.ceil(waitMs / 1000);
    super("TOO_MANY_SIGN_INS", { seconds });
    this.seconds = seconds;
  }
}

/** The judgement of a proof. */
interface Judgement {
  readonly begun: boolean;
  /** The account whose private key the proof has missed. */
  readonly missed?: string;
}

/**
 * Begins a session for whoever has a proof. The proof is judged first, which takes a hash and an indexed read, and only
 * a failed attempt counts. So strangers who fail keep nobody out, and neither does a database that is away.
 * @throws SluiceError CONSOLE_SIGN_IN_FAILED, CONSOLE_LINK_INVALID, TOO_MANY_SIGN_INS
 */
export async function signIn(deps: SignInDeps, asked: SignIn): Promise<SignedIn> {
  const { config, database, now } = deps;
  const token = newSecret();
  const beginning: SessionBeginning = {
    id: newId(now()),
    tokenHash: hashSecret(token),
    client: asked.client.replaceAll(/[^\x20-\x7e]/g, "").slice(0, 200),
    now: now(),
    idleMs: config.limits.consoleIdleMs,
    sessionMs: config.limits.consoleSessionMs,
  };
  const { begun, missed } =
    "link" in asked.proof
      ? await byLink(deps, asked.proof.link, beginning)
      : await byKeys(deps, asked.proof, beginning);
  const session = begun ? await findSession(deps, token) : undefined;
  if (session === undefined) throw failureOf(deps, asked, missed);
  if (isSecret(asked.earlier)) await database.run(endConsoleSession, { tokenHash: hashSecret(asked.earlier) });
  return { token, session };
}

async function byLink({ database, now }: SignInDeps, link: string, beginning: SessionBeginning): Promise<Judgement> {
  if (!isSecret(link)) return { begun: false };
  const hash = hashSecret(link);
  // Strangers who make links up cause no transaction.
  if ((await findConsoleLink(database.reader, hash, now())) === undefined) return { begun: false };
  return { begun: await database.run(redeemConsoleLink, { ...beginning, hash }) };
}

async function byKeys(
  { database, now }: SignInDeps,
  { publicKey, privateKey }: { readonly publicKey: string; readonly privateKey: string },
  beginning: SessionBeginning,
): Promise<Judgement> {
  const pair = await findKeyPair(database.reader, { public_key: publicKey });
  // Without such a pair the comparison takes as long, and fails.
  const known = pair?.private_key_hash ?? new Uint8Array(32);
  const isRight = timingSafeEqual(hashPrivateKey(privateKey), known);
  if (pair === undefined) return { begun: false };
  if (!isRight) return { begun: false, missed: pair.account_id };
  if (!mayOpen(pair, now())) return { begun: false };
  const { account_id: accountId, id: keyPairId, role } = pair;
  return { begun: await database.run(beginConsoleSession, { ...beginning, accountId, keyPairId, role }) };
}

function mayOpen(pair: KeyPairWithAccount, now: number): pair is KeyPairWithAccount & { readonly role: ConsoleRole } {
  return isConsoleRole(pair.role) && pair.account_status === "active" && !hasEnded(pair, now);
}

/** Counts the failed attempt. @returns what it is answered with: why it fails, or that too many have failed */
function failureOf(
  { attempts, config, now }: SignInDeps,
  { address, proof }: SignIn,
  missed: string | undefined,
): SluiceError {
  const limit = config.limits.consoleAttempts;
  const waitMs = Math.max(
    attempts.count(`address ${clientNetwork(address)}`, limit, now()),
    missed === undefined ? 0 : attempts.count(`account ${missed}`, limit * accountFactor, now()),
  );
  if (waitMs > 0) return new TooManySignIns(waitMs);
  return new SluiceError("link" in proof ? "CONSOLE_LINK_INVALID" : "CONSOLE_SIGN_IN_FAILED");
}
