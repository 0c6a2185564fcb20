import { parseChangedText } from "../../library/details/changed-values.ts";
import { type FilePatch, type MemberParsers, parseFilePatch } from "../../library/files/parse-file-patch.ts";
import type { Extension } from "../extension.ts";
import { parseExtensions, parseWebhookUrl } from "../parse/parse-extensions.ts";

export interface ExtensionMembers {
  readonly extensions: readonly Extension[];
  readonly webhookUrl: string | null;
}

const members = {
  extensions: parseExtensions,
  webhookUrl: parseChangedText(parseWebhookUrl),
} as const satisfies MemberParsers<ExtensionMembers>;

/**
 * Parses a change of a file, with the extensions that should run on it (docs/protocol/media-api.md §5.1).
 * @throws SluiceError for the first invalid member, which the error names
 */
export function parseFilePatchWithExtensions(body: Readonly<Record<string, unknown>>): FilePatch<ExtensionMembers> {
  return parseFilePatch<ExtensionMembers>(body, members);
}
