import { SluiceError } from "@sluice/protocol";
import { findSavedExtension } from "../database/repositories/saved-extensions.ts";
import type { CustomField } from "../library/custom-metadata/field.ts";
import { demandOf } from "../library/custom-metadata/field-types.ts";
import { leadsInside } from "../network/outbound-rules.ts";
import { newId } from "../text/id.ts";
import { invalidParameter, namingParameter } from "../text/parameter.ts";
import type { ExtensionDeps } from "./deps.ts";
import type { Extension } from "./extension.ts";
import type { AiTask, TaskAction } from "./parse/ai-tasks.ts";
import { recordOf, savedExtension } from "./parse/extension-table.ts";
import { parseExtension } from "./parse/parse-extensions.ts";
import type { NewExtensionRun } from "./start-runs.ts";

export type ResolveExtensionsDeps = Pick<ExtensionDeps, "config" | "extensions" | "now" | "publicUrl"> & {
  readonly database: Pick<ExtensionDeps["database"], "reader">;
};

export interface ExtensionRequest {
  readonly principal: { readonly accountId: string; readonly imagekitId: string };
  readonly extensions: readonly Extension[];
  readonly webhookUrl: string | undefined;
  /** Reads the account's custom metadata fields. It is called only where an extension needs them. */
  readonly fields: () => Promise<readonly CustomField[]>;
}

/** The plan for each extension of a request. */
export interface ExtensionPlan {
  /** The names of all extensions, in the order of the request. */
  readonly names: readonly string[];
  /** The runs of the extensions that have a provider. The other extensions have failed already. */
  readonly runs: readonly NewExtensionRun[];
}

/**
 * Expands saved extensions, checks all extensions, and plans the runs of those that have a provider.
 * @returns undefined where the request asks for no extension
 * @throws SluiceError EXTENSION_NAME_INVALID, SAVED_EXTENSIONS_UNRESOLVED, PARAMETER_INVALID
 */
export async function resolveExtensions(
  services: ResolveExtensionsDeps,
  { principal, extensions, webhookUrl, fields }: ExtensionRequest,
): Promise<ExtensionPlan | undefined> {
  if (webhookUrl !== undefined) assertPublic(services.config, webhookUrl, "webhookUrl", "It");
  if (extensions.length === 0) return undefined;
  const expanded: Extension[] = [];
  for (const extension of extensions) expanded.push(await expand(services, principal.accountId, extension));
  const names = expanded.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidParameter("extensions", `It asks for ${twice} more than once.`);
  for (const [index, extension] of expanded.entries()) {
    await assertUsable(services, extension, fields);
    expanded[index] = await withVocabularies(extension, fields);
  }
  const { config, now, publicUrl } = services;
  const runs = expanded.flatMap((extension): NewExtensionRun[] => {
    if (services.extensions.find(extension.name) === undefined) return [];
    return [
      {
        id: newId(now()),
        extension,
        afterSeconds: isAwaited(extension) ? Math.ceil(config.limits.extensionWaitMs / 1000) + graceSeconds : 0,
        webhookUrl: webhookUrl ?? null,
        publicUrl: publicUrl(),
        imagekitId: principal.imagekitId,
      },
    ];
  });
  return { names, runs };
}

/** The time between the end of the wait for a result and the job's own attempt. */
const graceSeconds = 5;

export function isAwaited({ name }: Pick<Extension, "name">): boolean {
  return recordOf(name)?.awaited ?? false;
}

async function expand(
  { database }: ResolveExtensionsDeps,
  accountId: string,
  extension: Extension,
): Promise<Extension> {
  if (extension.name !== savedExtension) return extension;
  const id = String(extension.options.id);
  const row = await findSavedExtension(database.reader, accountId, id);
  if (row === undefined) throw new SluiceError("SAVED_EXTENSIONS_UNRESOLVED", { id });
  return namingParameter("extensions", () => parseExtension(JSON.parse(row.config), id));
}

async function assertUsable(
  { config, extensions }: ResolveExtensionsDeps,
  { name, options }: Extension,
  fields: ExtensionRequest["fields"],
): Promise<void> {
  if (recordOf(name) === undefined && extensions.find(name) === undefined) {
    throw new SluiceError("EXTENSION_NAME_INVALID", { name });
  }
  if (name === "ai-tasks") await assertFields(options.tasks as readonly AiTask[], fields);
  const { bg_image_url: imageUrl } = options;
  if (typeof imageUrl === "string") assertPublic(config, imageUrl, "extensions", "remove-bg.options.bg_image_url");
}

/**
 * Refuses a URL if its text alone shows that it would be refused later. The address behind a host name is checked by
 * the side that connects: the webhook sender, or the endpoint that removes the background.
 * @param subject what the URL is called in the error's sentence
 * @throws SluiceError PARAMETER_INVALID
 */
function assertPublic(
  { allowPrivateNetworks }: Pick<ResolveExtensionsDeps["config"], "allowPrivateNetworks">,
  url: string,
  parameter: string,
  subject: string,
): void {
  if (allowPrivateNetworks || !leadsInside(url)) return;
  throw invalidParameter(parameter, `${subject} leads to an address that is not public.`);
}

/** Checks that the custom metadata in tasks fits the account's fields. */
async function assertFields(tasks: readonly AiTask[], read: ExtensionRequest["fields"]): Promise<void> {
  const named = tasks.flatMap(valuesByField);
  if (named.length === 0) return;
  const fields = new Map((await read()).map((field) => [field.name, field]));
  for (const { field: name, value, word } of named) {
    const field = fields.get(name);
    if (field === undefined) {
      throw invalidParameter("extensions", `ai-tasks names the custom metadata field '${name}', which does not exist.`);
    }
    // For a field that takes several values, each word is one of the values.
    const tried = word && field.schema.type === "MultiSelect" ? [value] : value;
    const demand = value === undefined ? undefined : demandOf(tried, field.schema);
    if (demand !== undefined) {
      throw invalidParameter("extensions", `A value that ai-tasks names for the field '${name}' must ${demand}.`);
    }
  }
}

/** Completes tasks without a vocabulary: they choose from the options of their field. */
async function withVocabularies(extension: Extension, read: ExtensionRequest["fields"]): Promise<Extension> {
  const tasks = extension.name === "ai-tasks" ? (extension.options.tasks as readonly AiTask[]) : [];
  if (!tasks.some((task) => task.type === "select_metadata" && task.vocabulary === undefined)) return extension;
  const options = new Map((await read()).map(({ name, schema }) => [name, schema.selectOptions]));
  const completed = tasks.map((task) => {
    if (task.type !== "select_metadata") return task;
    const vocabulary = task.vocabulary ?? options.get(task.field);
    return vocabulary === undefined ? task : { ...task, vocabulary };
  });
  return { ...extension, options: { tasks: completed } };
}

interface FieldValue {
  readonly field: string;
  readonly value?: unknown;
  readonly word?: true;
}

function valuesByField(task: AiTask): FieldValue[] {
  if (task.type === "select_tags") return [];
  if (task.type === "yes_no") return [task.on_yes, task.on_no, task.on_unknown].flatMap(valuesOfAction);
  const words = task.vocabulary ?? [];
  return [{ field: task.field }, ...words.map((value) => ({ field: task.field, value, word: true as const }))];
}

function valuesOfAction(action: TaskAction | undefined): FieldValue[] {
  return [...(action?.set_metadata ?? []), ...(action?.unset_metadata ?? [])];
}
