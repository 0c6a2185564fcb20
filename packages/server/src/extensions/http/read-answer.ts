import { checkTags, parseDescription } from "../../library/parameters/values.ts";
import { ParameterProblem } from "../../text/parameter.ts";
import type { Extension } from "../extension.ts";
import { recordOf } from "../parse/extension-table.ts";
import { list, type Members, membersOf, onlyMembers, text } from "../parse/members.ts";
import { type AiTag, ExtensionFailure, type ExtensionResult, type ExtensionTask } from "../provider.ts";
import { resultOfTasks } from "../tasks/result-of-tasks.ts";

const maxAiTags = 100;
const maxTagNameLength = 200;
const maxTags = 500;
const maxProblemLength = 500;

/**
 * Reads the changes of the asset from an endpoint's JSON answer (docs/extensions.md).
 * @throws ExtensionFailure ANSWER_INVALID
 */
export function readAnswer(json: string, { extension }: Pick<ExtensionTask, "extension">): ExtensionResult {
  try {
    const answer = membersOf(parse(json), "The answer");
    if (extension.name === "ai-tasks") return resultOfTasks(extension.options, answer);
    onlyMembers(answer, ["AITags", "addTags", "removeTags", "description", "customMetadata"], "The answer");
    return {
      ...(answer.AITags !== undefined && { aiTags: chosenFor(extension, readAiTags(answer.AITags)) }),
      ...(answer.addTags !== undefined && { addTags: readTags(answer.addTags, "addTags") }),
      ...(answer.removeTags !== undefined && { removeTags: readTags(answer.removeTags, "removeTags") }),
      ...(answer.description !== undefined && { description: readDescription(answer.description) }),
      ...(answer.customMetadata !== undefined && {
        customMetadata: membersOf(answer.customMetadata, "customMetadata"),
      }),
    };
  } catch (error) {
    if (!(error instanceof ParameterProblem)) throw error;
    throw new ExtensionFailure("ANSWER_INVALID", `The endpoint's answer can't be used: ${error.problem}`);
  }
}

/** Reads the sentence for the client that asked for the extension, if the endpoint sends one. */
export function readProblem(body: string): string | undefined {
  try {
    const { message } = membersOf(JSON.parse(body), "The answer");
    return typeof message === "string" && message.trim() !== "" ? message.trim().slice(0, maxProblemLength) : undefined;
  } catch {
    return undefined;
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ParameterProblem("It is not JSON.");
  }
}

function readAiTags(value: unknown): AiTag[] {
  return list(value, "AITags", 0, maxAiTags).map((entry) => {
    const { name, confidence } = membersOf(entry, "Each of AITags");
    if (typeof confidence !== "number" || !(confidence >= 0 && confidence <= 100)) {
      throw new ParameterProblem("The confidence of each of AITags must be a number from 0 to 100.");
    }
    return { name: text(name, "The name of each of AITags", maxTagNameLength), confidence };
  });
}

/** For an operator's own extension, only its endpoint knows what the options mean, whatever their names. */
function chosenFor({ name, options }: Extension, tags: readonly AiTag[]): readonly AiTag[] {
  return recordOf(name) === undefined ? tags : chosen(tags, options);
}

/**
 * Chooses from the found tags, because an endpoint may leave the choice to this server: the most confident ones first,
 * no more than were asked for, and none with less confidence than was asked for.
 */
export function chosen(tags: readonly AiTag[], { minConfidence = 0, maxTags: max = maxAiTags }: Members): AiTag[] {
  return tags
    .filter(({ confidence }) => confidence >= Number(minConfidence))
    .sort((one, other) => other.confidence - one.confidence)
    .slice(0, Number(max));
}

function readTags(value: unknown, what: string): string[] {
  const tags = list(value, what, 0, maxTags).map((tag) => text(tag, `Each of ${what}`, maxTagNameLength).trim());
  return checkTags(tags.filter(Boolean));
}

function readDescription(value: unknown): string {
  if (typeof value !== "string") throw new ParameterProblem("description must be a string.");
  return parseDescription(value);
}
