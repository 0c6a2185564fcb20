import { RemoteError } from "../../network/remote-error.ts";
import { parseRemoteUrl } from "../../network/remote-url.ts";
import { ParameterProblem } from "../../text/parameter.ts";
import type { Extension } from "../extension.ts";
import { isExtensionName, recordOf, savedExtension } from "./extension-table.ts";
import { list, membersOf, onlyMembers, text } from "./members.ts";

/** The largest number of entries of one request. */
const maxExtensions = 10;
const maxWebhookUrlLength = 2048;
/** The maximum depth to which the options of an operator's own extension may be nested. */
const maxDepth = 16;
/** The largest length of such options as JSON. A form field has the same limit. */
const maxOptionsLength = 65_536;

/** Parses the parameter of an upload, which is JSON text. An empty array asks for no extension. */
export function parseExtensionsText(json: string): readonly Extension[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ParameterProblem("It must be JSON, an array of objects with a name.");
  }
  return parseExtensions(value);
}

/** @throws ParameterProblem for the first invalid entry, which the error names */
export function parseExtensions(value: unknown): readonly Extension[] {
  return list(value, "It", 0, maxExtensions).map((entry, index) => parseExtension(entry, `[${index}]`));
}

/**
 * Parses one entry. Whether the operator has an extension of an unknown name is checked in a later step, which knows
 * the configuration.
 */
export function parseExtension(entry: unknown, what: string): Extension {
  const { name, ...members } = membersOf(entry, what);
  if (typeof name !== "string") throw new ParameterProblem(`${what}.name must be a string.`);
  if (name === savedExtension) {
    onlyMembers(members, ["id"], savedExtension);
    return { name, options: { id: text(members.id, `${savedExtension}.id`, 64) } };
  }
  const record = recordOf(name);
  if (record !== undefined) return { name, options: record.parse(members, name) };
  if (isDeeperThan(members, maxDepth))
    throw new ParameterProblem(`${what} must not be nested more than ${maxDepth} deep.`);
  if (JSON.stringify(members).length > maxOptionsLength) {
    throw new ParameterProblem(`${what} must not exceed ${maxOptionsLength} characters.`);
  }
  return { name: isExtensionName(name) ? name : name.slice(0, 64), options: members };
}

/** Unlimited nesting would exhaust the stack when the value is written as JSON. */
function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(inner, depth - 1));
}

/** Parses the URL to which the results of pending extensions are sent. The address behind it is not checked here. */
export function parseWebhookUrl(url: string): string {
  if (url.length > maxWebhookUrlLength)
    throw new ParameterProblem(`It must not exceed ${maxWebhookUrlLength} characters.`);
  try {
    parseRemoteUrl(url, "It");
  } catch (error) {
    throw error instanceof RemoteError ? new ParameterProblem(error.message) : error;
  }
  return url;
}
