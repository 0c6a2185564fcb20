import { SluiceError } from "@sluice/protocol";
import { type TokenReport, uploading } from "@sluice/protocol/schemas";
import { type Claims, compareField, inspectUploadToken, joinList, type TokenInspection } from "@sluice/token";
import type { AccountsByKey } from "../../accounts/accounts-by-key.ts";
import { type Principal, principalOf } from "../../accounts/authenticate.ts";
import { findUsedToken, type UsedToken } from "../../database/repositories/used-tokens.ts";
import { shortened } from "../../text/shortened.ts";
import { tokenAuthoriser, verifyToken } from "../form/authorise/upload-token.ts";
import { FormFields } from "../form/receive/form-fields.ts";
import { secondsInLedger } from "../ledger/token-transactions.ts";
import { type ResolveDeps, resolveUpload } from "../resolve/resolve-upload.ts";

type CheckTokenDeps = ResolveDeps & {
  readonly accountsByKey: Pick<AccountsByKey, "byPublicKey">;
};

export interface TokenToCheck {
  readonly token: string;
  /** The text fields of the form. Without them, the form is taken to be what the token says. */
  readonly form: readonly FormField[] | undefined;
}

type Rule = TokenReport["rules"][number];

/**
 * Judges a token and its form as an upload would be judged, by the same authoriser and the same rules, and uses
 * nothing up. Only key pairs of the caller's own account are looked at. Of any other pair it says what it says of a pair
 * that does not exist, so that nobody learns anything about other accounts' tokens.
 */
export async function checkToken(
  deps: CheckTokenDeps,
  caller: Principal,
  { token, form }: TokenToCheck,
): Promise<TokenReport> {
  const now = deps.now();
  const ofCaller = ofAccount(deps.accountsByKey, caller.accountId);
  let pairProblems: readonly string[] = [];
  const fields = form?.filter(([name]) => name !== "file" && name !== "token");
  const report = await inspectUploadToken(token, fields, {
    now: now / 1000,
    findPrivateKey: async (publicKey) => {
      const pair = await ofCaller.byPublicKey(publicKey);
      if (pair !== undefined) pairProblems = problemsOf(() => principalOf(pair, now, uploading.keys, "token"));
      return pair?.private_key;
    },
  });
  const used = await useOf(deps, report, now);
  const sent = fields ?? textsOf(report);
  const values = report.claims && (await refusalOf(() => resolve(deps, caller, sent)));
  const refusal = await refusalOf(async () => {
    const isUsed = used !== "unknown" && used !== undefined;
    const authoriser = tokenAuthoriser({
      verify: (text) => verifyToken(ofCaller, text, now),
      burn: async () => !isUsed,
      onBurn: () => undefined,
    });
    await authoriser.field("token", token);
    for (const [name, value] of sent) await authoriser.field(name, value);
    await resolve(deps, authoriser.close(), sent);
  });
  const rules: Rule[] = report.checks.map(({ name: rule, outcome, problems }) =>
    rule === "key" && outcome === "passed" ? judged(rule, pairProblems) : { rule, outcome, problems: [...problems] },
  );
  // The ledger is looked at before the form is compared, as for an upload.
  rules.splice(-1, 0, judged("use", used === "unknown" ? undefined : problemsOfUse(used)));
  rules.push(judged("values", report.claims && (values === undefined ? [] : [textOf(values)])));
  return {
    refusal: refusal === undefined ? null : told(refusal),
    publicKey: typeof report.header?.kid === "string" ? shortened(report.header.kid, 256) : null,
    issuedAt: report.issuedAt ?? null,
    expiresAt: report.expiresAt ?? null,
    rules,
    parameters: report.claims === undefined ? [] : compareParameters(report.claims, sent),
  };
}

/** The key pairs of one account alone. A look at a token is no use of its pair. */
function ofAccount(accountsByKey: CheckTokenDeps["accountsByKey"], accountId: string) {
  return {
    async byPublicKey(publicKey: string) {
      const pair = await accountsByKey.byPublicKey(publicKey);
      return pair?.account_id === accountId ? pair : undefined;
    },
    noteUse: () => undefined,
  };
}

/**
 * Looks the token up in the ledger of used tokens. Only a token whose signature holds is looked up.
 * @returns undefined for a token that was not used; "unknown" where the ledger can't tell
 */
async function useOf(
  { config, database }: CheckTokenDeps,
  { checks, digest, expiresAt }: TokenInspection,
  now: number,
): Promise<UsedToken | undefined | "unknown"> {
  const holds = checks.some(({ name, outcome }) => name === "signature" && outcome === "passed");
  const seconds = expiresAt === undefined ? Number.NaN : Date.parse(expiresAt) / 1000;
  if (!holds || digest === undefined || !Number.isSafeInteger(seconds)) return "unknown";
  const found = await findUsedToken(database.reader, { expires_at: seconds, digest: Buffer.from(digest, "hex") });
  const isForgotten = now / 1000 >= seconds + secondsInLedger(config.limits);
  return found === undefined && isForgotten ? "unknown" : found;
}

const endOf = {
  queued: "An upload with it was taken, and its file is being made.",
  stored: "An upload with it was stored.",
  abandoned: "Its upload failed, or was given up. A token admits one attempt, even when that attempt fails.",
  open: "Its upload is under way, or has failed. A token admits one attempt, even when that attempt fails.",
} as const satisfies Readonly<Record<NonNullable<UsedToken["outcome"]>, string>>;

function problemsOfUse(used: UsedToken | undefined): string[] {
  return used === undefined ? [] : [`The token has been used before. ${endOf[used.outcome ?? "open"]}`];
}

/** The fields of a form that sends just what the token says. A claim that is no text can't be sent. */
function textsOf({ claims = new Map() }: TokenInspection): FormField[] {
  return [...claims].filter((claim): claim is [string, string] => typeof claim[1] === "string");
}

async function resolve(deps: CheckTokenDeps, principal: Principal, sent: readonly FormField[]): Promise<void> {
  const fields = new FormFields(deps.config.limits.allFieldsBytes);
  for (const [name, value] of sent) fields.add(name, value);
  await resolveUpload(deps, principal, fields.toMap());
}

async function refusalOf(judge: () => Promise<unknown>): Promise<SluiceError | undefined> {
  try {
    await judge();
    return undefined;
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
}

function problemsOf(judge: () => unknown): string[] {
  try {
    judge();
    return [];
  } catch (error) {
    if (error instanceof SluiceError) return [textOf(error)];
    throw error;
  }
}

function textOf({ message, help }: SluiceError): string {
  return `${message} ${help}`;
}

function told(refusal: SluiceError): TokenReport["refusal"] {
  const { reason, message, help } = refusal.toJSON();
  return { status: refusal.status, reason, message, help };
}

/** @param problems undefined where the rule could not be looked at */
function judged(rule: Rule["rule"], problems: readonly string[] | undefined): Rule {
  if (problems === undefined) return { rule, outcome: "skipped", problems: [] };
  return { rule, outcome: problems.length === 0 ? "passed" : "failed", problems: [...problems] };
}

/** A text field of a form. */
export type FormField = readonly [name: string, value: string];

type Compared = TokenReport["parameters"][number];

/** Sets the token's parameters beside those of the form, one by one: the token's first, in their order. */
function compareParameters(claims: Claims, form: readonly FormField[]): Compared[] {
  const values = new Map<string, string[]>();
  for (const [name, value] of form) {
    const sent = values.get(name);
    if (sent === undefined) values.set(name, [value]);
    else sent.push(value);
  }
  const names = new Set([...claims.keys(), ...values.keys()]);
  return [...names].map((name) => {
    const sent = asOneList(name, values.get(name) ?? [], claims.get(name));
    return { name, outcome: outcomeOf(claims, name, sent), inToken: claimText(claims, name), inForm: sent[0] ?? null };
  });
}

/** A list that came entry by entry is the text that its fields stand for, unless a single field is what is claimed. */
function asOneList(name: string, sent: readonly string[], claim: unknown): readonly string[] {
  const joined = sent.length === 1 && sent[0] === claim ? undefined : joinList(name, sent);
  return joined === undefined ? sent : [joined];
}

function outcomeOf(claims: Claims, name: string, sent: readonly string[]): Compared["outcome"] {
  const [first, second] = sent;
  if (first === undefined) return "missing";
  const compared = compareField(claims, name, first);
  if (compared === "match") return second === undefined ? "same" : "repeated";
  return compared;
}

function claimText(claims: Claims, name: string): string | null {
  if (!claims.has(name)) return null;
  const claim = claims.get(name);
  return typeof claim === "string" ? claim : JSON.stringify(claim);
}
