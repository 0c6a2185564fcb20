import { assertParameterName, canonicalParameters } from "../canonical.ts";
import { isLifetime } from "../mint.ts";
import { assertParameterValues } from "../parameter-values.ts";
import type { UploadParameters } from "../upload-parameters.ts";
import { checksText, type FileChecks } from "./file-checks.ts";
import { assertNoTypo } from "./policy-names.ts";
import { quote, TokenRequestRefusal } from "./refusal.ts";

interface PolicyBase {
  /**
   * Parameters that the token always contains with these values. A client may name them too, but its values are
   * replaced.
   */
  readonly force?: Partial<UploadParameters> | undefined;
  /** Parameters that the token contains with these values if the client doesn't name them. */
  readonly default?: Partial<UploadParameters> | undefined;
  /**
   * Conditions for the file, locked in the token as the parameter `checks`: types and sizes, or an expression of the
   * checks language (docs/checks.md). The server refuses files that don't meet them.
   */
  readonly checks?: string | FileChecks | undefined;
  /** Maximum lifetime in seconds. A longer `expire` is cut down to it. Default 3600. */
  readonly maxLifetime?: number | undefined;
}

/**
 * The policy says what a client may ask for. Either `allow` or `refuse` says which parameters the client may name
 * itself; any other parameter is refused by name. Forced parameters need not be allowed, but default ones must be.
 */
export type UploadPolicy = PolicyBase &
  (
    | { readonly allow: readonly string[]; readonly refuse?: undefined }
    | { readonly refuse: readonly string[]; readonly allow?: undefined }
  );

/** A checked policy with its values in canonical form. */
export interface CompiledPolicy {
  readonly force: Readonly<Record<string, string>>;
  readonly defaults: Readonly<Record<string, string>>;
  readonly mayName: (parameter: string) => boolean;
  readonly maxLifetime: number;
}

const members: ReadonlySet<string> = new Set(["force", "default", "allow", "refuse", "checks", "maxLifetime"]);

/** @throws {TypeError | RangeError} for a policy that contradicts itself or could never be met */
export function compilePolicy(policy: UploadPolicy): CompiledPolicy {
  if (typeof policy !== "object" || policy === null) {
    throw new TypeError("policy must be an object, or a function that returns one.");
  }
  for (const member of Object.keys(policy)) {
    if (!members.has(member)) {
      throw new TypeError(`policy has no member ${quote(member)}.`);
    }
  }
  const force = canonicalParameters(withChecks(policy));
  const defaults = canonicalParameters(policy.default ?? {});
  assertParameterValues(force);
  assertParameterValues(defaults);
  const mayName = permission(policy);
  for (const name of [...Object.keys(force), ...Object.keys(defaults), ...(policy.allow ?? policy.refuse)]) {
    assertNoTypo(name);
  }
  for (const name of Object.keys(force)) {
    if (Object.hasOwn(defaults, name) || policy.allow?.includes(name) || policy.refuse?.includes(name)) {
      throw new TypeError(`policy forces ${name}: it cannot be among default, allow or refuse as well.`);
    }
  }
  for (const name of Object.keys(defaults)) {
    if (!mayName(name)) {
      throw new TypeError(`policy has a default for ${name}, which a client may not set: force it instead.`);
    }
  }
  const { maxLifetime = 3600 } = policy;
  if (!isLifetime(maxLifetime)) {
    throw new RangeError("policy.maxLifetime must be a whole number of seconds from 1 to 3600.");
  }
  return { force, defaults, mayName, maxLifetime };
}

/**
 * Returns the parameters that go into the token.
 * @throws {TokenRequestRefusal} naming the parameter that the client may not set
 */
export function applyPolicy(
  policy: CompiledPolicy,
  requested: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const name of Object.keys(requested)) {
    if (!policy.mayName(name) && !Object.hasOwn(policy.force, name)) {
      throw new TokenRequestRefusal(
        "PARAMETER_NOT_ALLOWED",
        `The upload parameter ${quote(name)} may not be set here.`,
      );
    }
  }
  const parameters: Record<string, string> = Object.create(null);
  for (const source of [policy.defaults, requested, policy.force]) {
    for (const [name, value] of Object.entries(source)) {
      parameters[name] = value;
    }
  }
  return parameters;
}

function withChecks({ force = {}, checks }: UploadPolicy): Partial<UploadParameters> {
  if (checks === undefined) return force;
  if (force.checks !== undefined) throw new TypeError("policy has checks twice: once of its own, once in force.");
  return { ...force, checks: checksText(checks) };
}

function permission({ allow, refuse }: UploadPolicy): (parameter: string) => boolean {
  const names: unknown = allow ?? refuse;
  if ((allow === undefined) === (refuse === undefined) || !Array.isArray(names)) {
    throw new TypeError(
      "policy must have either allow or refuse, an array of parameter names (refuse: [] allows all).",
    );
  }
  for (const name of names) {
    if (typeof name !== "string") {
      throw new TypeError("policy.allow and policy.refuse hold names of parameters.");
    }
    assertParameterName(name);
  }
  const listed: ReadonlySet<string> = new Set(names);
  return allow ? (parameter) => listed.has(parameter) : (parameter) => !listed.has(parameter);
}
