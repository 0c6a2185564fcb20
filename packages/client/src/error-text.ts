import { isRetryable as isItemRetryable, messageOf, type UploaderItem } from "./element/item.ts";
import type { Texts } from "./element/texts.ts";
import { wordsFor } from "./element/words.ts";
import type { UploadTask } from "./types.ts";

export { english as uploaderTexts, type Text, type Texts } from "./element/texts.ts";

/**
 * Says in a sentence for users why a task failed or waits, as the element does. The text is empty where nothing is wrong.
 * Numbers are written in the page's language.
 * @param texts go before the English ones: by their names, or by the `reason` of an error
 */
export function taskErrorText(task: UploadTask, texts: Texts = {}): string {
  return messageOf(
    itemOf(task),
    wordsFor(document.documentElement, () => texts),
  );
}

/** Whether `retry()` may upload the file of a task that failed or was canceled. */
export function isRetryable(task: UploadTask): boolean {
  return isItemRetryable(itemOf(task));
}

function itemOf(task: UploadTask): UploaderItem {
  return { name: task.options.fileName, size: task.total, task };
}
