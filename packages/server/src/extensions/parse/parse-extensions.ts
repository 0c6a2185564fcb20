import { ParameterProblem } from "../../library/parameters/parameter.ts";
import { RemoteError } from "../../network/remote-error.ts";
import { parseRemoteUrl } from "../../network/remote-url.ts";
import type { Extension } from "../extension.ts";
import { isExtensionName, recordOf, savedExtension } from "./extension-table.ts";
import { list, membersOf, onlyMembers, text } from "./members.ts";

/** Entries of one request. */
const maxExtensions = 10;
const maxWebhookUrl = 2048;
/** Of the options of an operator's own extension. */
const maxDepth = 16;
/** As in a field of a form. */
const maxOptionsLength = 65_536;

/** The parameter of an upload: JSON text. An empty array asks for nothing. */
export function parseExtensionsText(json: string): readonly Extension[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ParameterProblem("It must be JSON, an array of objects with a name.");
  }
  return parseExtensions(value);
}

/** @throws ParameterProblem for the first entry that is bad, which it names */
export function parseExtensions(value: unknown): readonly Extension[] {
  return list(value, "It", 0, maxExtensions).map((entry, index) => parseExtension(entry, `[${index}]`));
}

/** Whether a name of the operator's own is one is for a later step, which knows the configuration, to judge. */
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

/** What is nested without end would exhaust the stack of whoever writes it as JSON. */
function isDeeperThan(value: unknown, most: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return most === 0 || Object.values(value).some((inner) => isDeeperThan(inner, most - 1));
}

/** Where the results of pending extensions are sent. Where it leads is not judged here. */
export function parseWebhookUrl(url: string): string {
  if (url.length > maxWebhookUrl) throw new ParameterProblem(`It must not exceed ${maxWebhookUrl} characters.`);
  try {
    parseRemoteUrl(url, "It");
  } catch (error) {
    throw error instanceof RemoteError ? new ParameterProblem(error.message) : error;
  }
  return url;
}
