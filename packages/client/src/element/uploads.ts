import type { GetToken, UploadResponse, UploadTask } from "../types.ts";
import { UploadQueue } from "../upload-queue.ts";
import { isOffline } from "../waiting.ts";
import { checkFile, type Limits, type Problem } from "./check-file.ts";
import { isForUsers } from "./errors.ts";
import type { Emit, FileEvent, FileParameters } from "./events.ts";
import type { GatheredFile } from "./gather-files.ts";
import { countItems, groupOf, isRetryable, messageOf, resultOf, statusText, type UploaderItem } from "./item.ts";
import { parseSize } from "./parse-size.ts";
import { summaryText } from "./summary.ts";
import { makeView, type View, type ViewSettings } from "./view.ts";
import type { Words } from "./words.ts";

export type GivenParameters = Partial<FileParameters> | ((file: File) => Partial<FileParameters>);

/** The settings are read whenever they are needed, because attributes may change at any time. */
export interface UploadsSettings extends Limits, ViewSettings {
  readonly concurrency: number;
  readonly endpoint: string;
  readonly folder: string;
  readonly getToken: GetToken | string | URL | undefined;
  readonly keepPaths: boolean;
  readonly parameters: GivenParameters | undefined;
  readonly resumableFrom: string;
  readonly tags: string;
  readonly tokenEndpoint: string;
}

/** The files of one element, with the queue that uploads them and the view that shows them. */
export interface Uploads {
  readonly view: View;
  take(files: readonly GatheredFile[]): Promise<void>;
  /** Removes files and cancels those that are under way. */
  remove(items: readonly UploaderItem[]): void;
  /** Shows files that were uploaded earlier, in place of all others. */
  restore(results: readonly UploadResponse[]): void;
  /** Pauses all files, including files that are added later, until `resume()`. */
  pause(): void;
  resume(): void;
  /** Retries all failed files for which another attempt may succeed. */
  retry(): void;
}

/** @param changed called when the list or a file's state has changed */
export function makeUploads(settings: UploadsSettings, words: Words, emit: Emit, changed: () => void): Uploads {
  const items = new Map<UploadTask, UploaderItem>();
  const explained = new Set<string>();
  let queue: UploadQueue | undefined;
  // If the list is emptied while files are still being checked, those files don't enter the next list.
  let round = 0;

  const pause = (): void => theQueue().pause();
  const resume = (): void => theQueue().resume();
  const view = makeView({
    settings,
    words,
    take,
    act: (item, action) => (action === "remove" ? remove([item]) : item.task?.[action]()),
    actions: {
      pauseAll: pause,
      resumeAll: resume,
      retryAll: retry,
      cancelAll: () => remove(view.items().filter((item) => /active|paused/.test(groupOf(item)))),
      clear: () => remove(view.items().filter((item) => !settings.name || groupOf(item) !== "done")),
    },
    drawn: (counts) => emit("sluice-progress", counts),
  });

  function retry(): void {
    for (const item of view.items()) if (isRetryable(item)) item.task?.retry();
  }

  async function take(files: readonly GatheredFile[]): Promise<void> {
    const begun = round;
    let count = 0;
    for (const { file, folder } of settings.multiple ? files : files.slice(0, 1)) {
      const parameters = parametersOf(file, folder);
      if (!emit("sluice-add", { file, parameters })) continue;
      const problem = (await checkFile(file, settings, words)) ?? tooMany();
      if (begun !== round) return;
      if (!settings.multiple && !problem) remove(view.items());
      add(file, parameters, problem);
      if (!problem) count++;
    }
    if (count > 0) view.tell(words.say("added", { count }));
  }

  function parametersOf(file: File, path: string): FileParameters {
    const { folder, tags, keepPaths, parameters } = settings;
    const all: FileParameters = {
      // A file name may contain half a surrogate pair. A form turns it into U+FFFD, so the token must contain U+FFFD
      // too.
      fileName: file.name.toWellFormed(),
      folder: folder || undefined,
      tags: tags || undefined,
      ...(typeof parameters === "function" ? parameters(file) : parameters),
    };
    if (keepPaths && path) all.folder = `${all.folder ?? ""}/${path}`.replace(/\/+/g, "/");
    return all;
  }

  function tooMany(): Problem | undefined {
    const max = settings.multiple && settings.maxFiles;
    const { length } = view.items().filter((item) => item.task || item.restored);
    return max && length >= max ? { reason: "tooMany", values: { max } } : undefined;
  }

  function add(file: File, parameters: FileParameters, problem: Problem | undefined): void {
    const task = problem ? undefined : theQueue().add({ file, ...parameters });
    const item: UploaderItem = { name: file.name, size: file.size, file, task, problem };
    if (task) items.set(task, item);
    view.add(item);
    report(problem ? "sluice-refused" : "sluice-added", item);
  }

  function report(name: FileEvent, item: UploaderItem): void {
    const message = messageOf(item, words);
    changed();
    if (message && name !== "sluice-removed") view.tell(`${item.name}: ${message}`);
    emit(name, { item, task: item.task, result: resultOf(item), message });
  }

  /** The queue's options are fixed: the attributes' values at the first file apply until the list is empty. */
  function theQueue(): UploadQueue {
    if (queue) return queue;
    const { concurrency, endpoint, getToken, tokenEndpoint, resumableFrom } = settings;
    queue = new UploadQueue({
      concurrency,
      endpoint: endpoint || undefined,
      // No file has the size of another text, such as "none".
      resumable: { threshold: resumableFrom ? parseSize(resumableFrom) : undefined },
      // A framework passes another function each time it renders.
      getToken:
        typeof getToken === "function"
          ? (...request) => (settings.getToken as GetToken)(...request)
          : getToken || tokenEndpoint,
    });
    queue.addEventListener("progress", ({ detail }) => view.change([items.get(detail.task)]));
    queue.addEventListener("change", ({ detail }) => follow(detail.task));
    queue.addEventListener("idle", () => {
      const counts = countItems(view.items());
      view.tell(summaryText(counts, words));
      emit("sluice-idle", counts);
    });
    return queue;
  }

  function follow(task: UploadTask): void {
    const item = items.get(task);
    // The file is not in the list yet, or no longer.
    if (item === undefined) return;
    view.change([item]);
    explain(task);
    // What goes on after a reload would otherwise only be seen.
    if (task.state === "resuming" && task.attempt === 1) view.tell(`${item.name}: ${statusText(item, words)}`);
    if (task.state === "done") report("sluice-done", item);
    else if (task.state === "failed") report("sluice-failed", item);
    else changed();
  }

  /**
   * Tells the page's developer about errors that only they can fix. An upload that is retried may still succeed, so it
   * is not reported unless no server answers, or the token endpoint fails.
   */
  function explain({ state, error }: UploadTask): void {
    if (!error || isOffline()) return;
    const isBroken = error.source === "token-endpoint" && Number(error.status) > 499;
    if (isForUsers(error) && !isBroken) return;
    if (state !== "failed" && (state !== "waiting" || (error.status && !isBroken))) return;
    // The texts of diagnose.ts are only needed for mistakes. If the file is missing, the error itself has to suffice.
    import("./diagnose.ts").then(
      ({ diagnose }) => diagnose(error, explained),
      () => reportError(error),
    );
  }

  function remove(removed: readonly UploaderItem[]): void {
    for (const item of removed) {
      view.remove(item);
      if (item.task) {
        items.delete(item.task);
        queue?.remove(item.task);
      }
      report("sluice-removed", item);
    }
    if (view.items().length === 0) queue = undefined;
  }

  return {
    view,
    take,
    remove,
    pause,
    resume,
    retry,
    restore(results) {
      round++;
      remove(view.items());
      for (const restored of results) view.add({ name: restored.name, size: restored.size, restored });
      changed();
    },
  };
}
