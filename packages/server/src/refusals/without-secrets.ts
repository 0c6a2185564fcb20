import { blanked } from "../observability/blank-secrets.ts";

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
export function withoutSecrets(text: string): string {
  return text.replace(secrets, blanked);
}
