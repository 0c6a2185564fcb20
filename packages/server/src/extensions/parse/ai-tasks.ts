import { checkTags } from "../../library/parameters/values.ts";
import { ParameterProblem } from "../../text/parameter.ts";
import { list, type Members, membersOf, onlyMembers, present, text, wholeNumber } from "./members.ts";

export type Scalar = string | number | boolean;

/** The changes that the answer to a question makes to the asset. */
export interface TaskAction {
  readonly add_tags?: readonly string[];
  readonly remove_tags?: readonly string[];
  readonly set_metadata?: readonly { readonly field: string; readonly value: Scalar | readonly Scalar[] }[];
  readonly unset_metadata?: readonly { readonly field: string }[];
}

export type AiTask =
  | SelectTask<"select_tags">
  | (SelectTask<"select_metadata"> & { readonly field: string })
  | {
      readonly type: "yes_no";
      readonly instruction: string;
      readonly on_yes?: TaskAction;
      readonly on_no?: TaskAction;
      readonly on_unknown?: TaskAction;
    };

interface SelectTask<Type> {
  readonly type: Type;
  readonly instruction: string;
  readonly vocabulary?: readonly Scalar[];
  readonly min_selections?: number;
  readonly max_selections?: number;
}

const maxTasks = 10;
const maxInstructionLength = 2000;
const maxVocabularyTerms = 30;
const maxVocabularyLength = 500;
const maxActionItems = 100;
const maxFieldNameLength = 250;

const taskTypes = {
  select_tags: (members, what) => {
    onlyMembers(members, ["type", "instruction", "vocabulary", "min_selections", "max_selections"], what);
    return selection(members, what, tagsOf);
  },
  select_metadata: (members, what) => {
    onlyMembers(members, ["type", "instruction", "field", "vocabulary", "min_selections", "max_selections"], what);
    return { field: text(members.field, `${what}.field`, maxFieldNameLength), ...selection(members, what, scalarsOf) };
  },
  yes_no: (members, what) => {
    onlyMembers(members, ["type", "instruction", "on_yes", "on_no", "on_unknown"], what);
    return present({
      on_yes: action(members.on_yes, `${what}.on_yes`),
      on_no: action(members.on_no, `${what}.on_no`),
      on_unknown: action(members.on_unknown, `${what}.on_unknown`),
    });
  },
} as const satisfies Record<AiTask["type"], (members: Members, what: string) => Members>;

/**
 * Parses the options of `ai-tasks` (docs/protocol/webhooks-and-extensions.md §1). The custom metadata fields in them
 * are not yet checked against the account's fields.
 */
export function parseAiTasks(members: Members, what: string): Members {
  onlyMembers(members, ["tasks"], what);
  const tasks = list(members.tasks, `${what}.tasks`, 1, maxTasks);
  return { tasks: tasks.map((task, index) => parseTask(task, `${what}.tasks[${index}]`)) };
}

function parseTask(value: unknown, what: string): Members {
  const members = membersOf(value, what);
  const { type } = members;
  if (typeof type !== "string" || !Object.hasOwn(taskTypes, type)) {
    throw new ParameterProblem(`${what}.type must be one of ${Object.keys(taskTypes).join(", ")}.`);
  }
  const instruction = text(members.instruction, `${what}.instruction`, maxInstructionLength);
  return { type, instruction, ...taskTypes[type as AiTask["type"]](members, what) };
}

function selection(members: Members, what: string, words: (values: readonly unknown[], what: string) => void): Members {
  const { vocabulary, min_selections: min, max_selections: max } = members;
  if (vocabulary !== undefined) {
    const values = list(vocabulary, `${what}.vocabulary`, 1, maxVocabularyTerms);
    words(values, `${what}.vocabulary`);
    const length = values.reduce<number>((sum, value) => sum + [...String(value)].length, 0);
    if (length > maxVocabularyLength) {
      throw new ParameterProblem(`${what}.vocabulary must not exceed ${maxVocabularyLength} characters in all.`);
    }
  }
  if (min !== undefined) wholeNumber(min, `${what}.min_selections`, 0, Number.MAX_SAFE_INTEGER);
  if (max !== undefined) wholeNumber(max, `${what}.max_selections`, 1, Number.MAX_SAFE_INTEGER);
  if (typeof min === "number" && typeof max === "number" && min > max) {
    throw new ParameterProblem(`${what}.min_selections must not be more than its max_selections.`);
  }
  return present({ vocabulary, min_selections: min, max_selections: max });
}

function tagsOf(values: readonly unknown[], what: string): readonly string[] {
  const tags = values.filter((value) => typeof value === "string" && value.trim() !== "");
  if (tags.length !== values.length) throw new ParameterProblem(`${what} must hold strings that are not empty.`);
  return checkTags((tags as string[]).map((tag) => tag.trim()));
}

function scalarsOf(values: readonly unknown[], what: string): void {
  if (!values.every(isScalar)) throw new ParameterProblem(`${what} must hold strings, numbers or booleans.`);
  if (values.some((value) => String(value).includes("%"))) throw new ParameterProblem(`${what} must not contain '%'.`);
}

function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean"].includes(typeof value) && !String(value).includes("\0");
}

function action(value: unknown, what: string): TaskAction | undefined {
  if (value === undefined) return undefined;
  const members = membersOf(value, what);
  onlyMembers(members, ["add_tags", "remove_tags", "set_metadata", "unset_metadata"], what);
  const items = (name: string) =>
    members[name] === undefined ? undefined : list(members[name], `${what}.${name}`, 0, maxActionItems);
  const tags = (name: string) => items(name) && tagsOf(items(name) ?? [], `${what}.${name}`);
  return present({
    add_tags: tags("add_tags"),
    remove_tags: tags("remove_tags"),
    set_metadata: items("set_metadata")?.map((item) => fieldValue(item, `${what}.set_metadata`)),
    unset_metadata: items("unset_metadata")?.map((item) => {
      const inside = membersOf(item, `Each item of ${what}.unset_metadata`);
      onlyMembers(inside, ["field"], `${what}.unset_metadata`);
      return { field: text(inside.field, `${what}.unset_metadata.field`, maxFieldNameLength) };
    }),
  }) as TaskAction;
}

function fieldValue(item: unknown, what: string) {
  const members = membersOf(item, `Each item of ${what}`);
  onlyMembers(members, ["field", "value"], what);
  const { value } = members;
  if (!isScalar(value) && !(Array.isArray(value) && value.every(isScalar))) {
    throw new ParameterProblem(`${what}.value must be a string, a number, a boolean or an array of them.`);
  }
  return { field: text(members.field, `${what}.field`, maxFieldNameLength), value };
}
