import type { TaskState } from "@sluice/client";

/** A line of the list of uploads: one of them, or how many are done. */
export type UploadRow<Task> =
  | { readonly kind: "task"; readonly task: Task }
  | { readonly kind: "done"; readonly count: number; readonly respelled: number };

/** The states in the order of the list. Those that are not named are under way. */
const order: { readonly [state in TaskState]?: number } = { failed: 0, canceled: 2 };
const underWay = 1;

/**
 * The lines of the list. What needs somebody stands first. What is done is counted in one line, behind which it follows
 * where that is asked for, what is stored under another name first. Where everything is done, there is nothing to count
 * it beside.
 */
export function uploadRows<Task extends { readonly state: TaskState }>(
  tasks: readonly Task[],
  showsDone: boolean,
  isRespelled: (task: Task) => boolean,
): readonly UploadRow<Task>[] {
  const stored = tasks.filter(({ state }) => state === "done");
  const respelled = stored.filter(isRespelled);
  const done = [...respelled, ...stored.filter((task) => !isRespelled(task))];
  const others = tasks.filter(({ state }) => state !== "done");
  const rank = ({ state }: Task): number => order[state] ?? underWay;
  const asRows = (some: readonly Task[]) => some.map((task) => ({ kind: "task", task }) as const);
  const first = asRows(others.toSorted((one, other) => rank(one) - rank(other)));
  if (first.length === 0) return asRows(done);
  if (done.length === 0) return first;
  return [
    ...first,
    { kind: "done", count: done.length, respelled: respelled.length },
    ...(showsDone ? asRows(done) : []),
  ];
}
