import { checkTags } from "../../library/parameters/values.ts";
import { ParameterProblem } from "../../text/parameter.ts";
import type { AiTask, Scalar, TaskAction } from "../parse/ai-tasks.ts";
import { list, type Members, membersOf, onlyMembers } from "../parse/members.ts";
import type { ExtensionResult } from "../provider.ts";

const maxSelections = 1000;

interface Changes {
  readonly addTags: Set<string>;
  readonly removeTags: Set<string>;
  readonly customMetadata: Map<string, unknown>;
  readonly selections: Map<string, readonly Scalar[]>;
}

/**
 * Turns the answer to `ai-tasks` into changes of the asset. The answer has one entry for each task, in the tasks'
 * order: with `selections` for tasks that choose, and with `answer` (yes, no or unknown) for the others. A later task's
 * changes override those of an earlier one.
 * @throws ParameterProblem
 */
export function resultOfTasks(options: Members, answer: Members): ExtensionResult {
  const tasks = options.tasks as readonly AiTask[];
  onlyMembers(answer, ["tasks"], "The answer");
  const found = list(answer.tasks, "tasks", tasks.length, tasks.length);
  const changes: Changes = {
    addTags: new Set(),
    removeTags: new Set(),
    customMetadata: new Map(),
    selections: new Map(),
  };
  tasks.forEach((task, index) => {
    const what = `tasks[${index}]`;
    applyTask(changes, task, membersOf(found[index], what), what);
  });
  const { addTags, removeTags, customMetadata, selections } = changes;
  return {
    ...(addTags.size > 0 && { addTags: checkTags([...addTags]) }),
    ...(removeTags.size > 0 && { removeTags: [...removeTags] }),
    ...(customMetadata.size > 0 && { customMetadata: Object.fromEntries(customMetadata) }),
    ...(selections.size > 0 && { selections: Object.fromEntries(selections) }),
  };
}

function applyTask(changes: Changes, task: AiTask, found: Members, what: string): void {
  if (task.type === "yes_no") {
    onlyMembers(found, ["answer"], what);
    applyAction(changes, actionOf(task, found.answer, what));
    return;
  }
  onlyMembers(found, ["selections"], what);
  const selections = readSelections(task, found.selections, what);
  if (task.type === "select_tags") {
    for (const tag of selections) addTag(changes, String(tag).trim());
  } else if (selections.length > 0) {
    changes.customMetadata.delete(task.field);
    changes.selections.set(task.field, selections);
  }
}

function actionOf(task: Extract<AiTask, { type: "yes_no" }>, answer: unknown, what: string): TaskAction | undefined {
  if (answer === "yes") return task.on_yes;
  if (answer === "no") return task.on_no;
  if (answer === "unknown") return task.on_unknown;
  throw new ParameterProblem(`${what}.answer must be yes, no or unknown.`);
}

function readSelections(task: Exclude<AiTask, { type: "yes_no" }>, value: unknown, what: string): readonly Scalar[] {
  const { vocabulary, min_selections: min = 0, max_selections: max = maxSelections } = task;
  const selections = list(value, `${what}.selections`, min, Math.min(max, maxSelections));
  for (const selection of selections) {
    if (!["string", "number", "boolean"].includes(typeof selection)) {
      throw new ParameterProblem(`${what}.selections must hold strings, numbers or booleans.`);
    }
    if (vocabulary !== undefined && !vocabulary.includes(selection as Scalar)) {
      throw new ParameterProblem(`${what}.selections must be taken from the vocabulary.`);
    }
  }
  if (task.type === "select_tags" && !selections.every((tag) => typeof tag === "string" && tag.trim() !== "")) {
    throw new ParameterProblem(`${what}.selections must hold strings that are not empty.`);
  }
  return [...new Set(selections as readonly Scalar[])];
}

function applyAction(changes: Changes, action: TaskAction | undefined): void {
  for (const tag of action?.add_tags ?? []) addTag(changes, tag);
  for (const tag of action?.remove_tags ?? []) {
    changes.addTags.delete(tag);
    changes.removeTags.add(tag);
  }
  for (const { field, value } of action?.set_metadata ?? []) setField(changes, field, value);
  for (const { field } of action?.unset_metadata ?? []) setField(changes, field, null);
}

function setField({ customMetadata, selections }: Changes, field: string, value: unknown): void {
  selections.delete(field);
  customMetadata.set(field, value);
}

function addTag({ addTags, removeTags }: Changes, tag: string): void {
  removeTags.delete(tag);
  addTags.add(tag);
}
