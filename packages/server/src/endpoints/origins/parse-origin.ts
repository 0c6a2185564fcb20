import { SluiceError } from "@sluice/protocol";
import { unknownParameter } from "../../text/parameter.ts";
import { isOriginType, type MemberRules, membersOf, type OriginType } from "./origin-types.ts";
import type { OriginSettings } from "./origins.ts";
import type { OriginSecrets } from "./sealed-secrets.ts";

export interface ParsedOrigin {
  readonly name: string;
  readonly type: OriginType;
  readonly settings: OriginSettings;
  /** The secrets; undefined for a type without any, and where all of them are empty. */
  readonly secrets: OriginSecrets | undefined;
}

type Body = Readonly<Record<string, unknown>>;

/**
 * Parses the body that creates an origin, or replaces one. No refusal quotes a value.
 * @throws SluiceError ORIGIN_TYPE_INVALID, ORIGIN_INVALID, PARAMETER_INVALID
 */
export function parseOrigin(body: Body, rules: MemberRules): ParsedOrigin {
  const { type } = body;
  if (!isOriginType(type)) throw new SluiceError("ORIGIN_TYPE_INVALID");
  const members = membersOf(type);
  const other = Object.keys(body).find((member) => member !== "type" && !Object.hasOwn(members, member));
  if (other !== undefined) throw unknownParameter(other, ["type", ...Object.keys(members)]);
  const settings: Record<string, OriginSettings[string]> = {};
  const secrets: Record<string, string> = {};
  for (const [member, { required, secret, standard, problemOf }] of Object.entries(members)) {
    const value = body[member] ?? missing(body, member, standard);
    if (value === undefined && required !== true) continue;
    if (value === undefined || (required && typeof value !== "string")) {
      throw invalid(member, "is required and must be a string");
    }
    const problem = problemOf(value, rules);
    if (problem !== undefined) throw invalid(member, problem);
    if (secret) secrets[member] = value as string;
    else settings[member] = value as OriginSettings[string];
  }
  refuseHalfKeys(settings, secrets);
  const { name, ...others } = settings as OriginSettings & { readonly name: string };
  const hasSecrets = Object.values(secrets).some((value) => value !== "");
  return { name, type, settings: others, secrets: hasSecrets ? secrets : undefined };
}

/** With a role, the keys may be left out, which the vendor's document doesn't ask for but its example does. */
function missing(body: Body, member: string, standard: string | boolean | undefined): unknown {
  const isKey = member === "accessKey" || member === "secretKey";
  return isKey && body.useIAMRole === true ? "" : standard;
}

/** Without a role, S3 needs both keys. */
function refuseHalfKeys({ useIAMRole }: Readonly<Record<string, unknown>>, secrets: OriginSecrets): void {
  if (useIAMRole !== false) return;
  for (const member of ["accessKey", "secretKey"]) {
    if (secrets[member] === "") throw invalid(member, "must not be empty unless useIAMRole is true");
  }
}

function invalid(member: string, problem: string): SluiceError {
  return new SluiceError("ORIGIN_INVALID", { member, problem });
}
