import { Button, CloseButton, Progress } from "@mantine/core";
import type { UploadTask } from "@sluice/client";
import { taskErrorText } from "@sluice/client/error-text";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Ban, ChevronRight, Play, RotateCw } from "lucide-react";
import { useRef, useState } from "react";
import { sizeText } from "../library/library-file.ts";
import { nameOf, parentOf } from "../library/library-state.ts";
import { Act } from "../shell/act.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import { differentPlace, storedPlace } from "./stored-place.ts";
import styles from "./upload-panel.module.css";
import { uploadRows } from "./upload-rows.ts";
import { addAsVersion, isTaken, isUnderWay, keepBoth, loadedOf, mayRetry, uploads } from "./uploads.ts";

const words = texts.uploads;
/** The height of a row of two lines, in pixels. Rows with a sentence are higher. */
const rowHeight = 52;

/** The uploads, what needs somebody first. Only the rows in sight are in the page. */
export function UploadList({ tasks }: { readonly tasks: readonly UploadTask[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [showsDone, setShowsDone] = useState(false);
  const entries = uploadRows(tasks, showsDone, (task) => storedElsewhere(task) !== undefined);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => {
      const entry = entries[index];
      return entry?.kind === "task" ? entry.task.id : "done";
    },
    estimateSize: () => rowHeight,
    overscan: 4,
  });
  return (
    <div ref={scroller} className={styles.rows} tabIndex={0} role="region" aria-label={words.files}>
      <ul className={styles.list} style={{ blockSize: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const entry = entries[index];
          return (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              className={styles.row}
              style={{ translate: `0 ${start}px` }}
              data-state={entry?.kind === "task" ? entry.task.state : undefined}
            >
              {entry?.kind === "task" ? (
                <Upload task={entry.task} />
              ) : (
                entry && <Done {...entry} isOpen={showsDone} onToggle={() => setShowsDone(!showsDone)} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface DoneProps {
  readonly count: number;
  readonly respelled: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Done({ count, respelled, isOpen, onToggle }: DoneProps) {
  return (
    <button type="button" className={styles.done} aria-expanded={isOpen} onClick={onToggle}>
      <ChevronRight size={16} aria-hidden />
      {words.stored(count, respelled)}
    </button>
  );
}

function Upload({ task }: { readonly task: UploadTask }) {
  const { state, total, options } = task;
  const name = options.fileName;
  const place = placeText(task);
  return (
    <>
      <div className={styles.words}>
        <span className={styles.name} title={name}>
          {name}
        </span>
        <span className={styles.state}>{stateText(task)}</span>
        {place !== undefined && <span className={styles.place}>{place}</span>}
        {(state === "sending" || state === "processing") && (
          <Progress value={total === 0 ? 0 : (loadedOf(task) / total) * 100} size={3} aria-label={name} />
        )}
        {isTaken(task) && (
          <div className={styles.choices}>
            <Button size="compact-xs" variant="default" onClick={() => void addAsVersion(task).catch(tellProblem)}>
              {words.asVersion}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => keepBoth(task)}>
              {words.keepBoth}
            </Button>
          </div>
        )}
      </div>
      {mayRetry(task) && <Act label={words.retry} icon={RotateCw} run={() => task.retry()} />}
      {state === "paused" && <Act label={words.resume} icon={Play} run={() => task.resume()} />}
      {isUnderWay(task) && <Act label={words.cancel} icon={Ban} run={() => task.cancel()} />}
      {(state === "failed" || state === "canceled") && (
        <CloseButton size="sm" aria-label={words.remove(name)} onClick={() => uploads.remove(task)} />
      )}
    </>
  );
}

/** Says under which name a file is stored, where that is another one than its own. */
function placeText(task: UploadTask): string | undefined {
  if (task.state === "done") {
    const stored = storedElsewhere(task);
    return stored && words.savedAs(stored);
  }
  const { fileName: name, folder = "/" } = task.options;
  const expected = isUnderWay(task) ? differentPlace({ folder, name }, storedPlace({ folder, name })) : undefined;
  return expected && texts.dialogs.willBeSaved(expected);
}

/** The name or the path of a file that is stored elsewhere than it was to be. */
function storedElsewhere({ options, result }: UploadTask): string | undefined {
  if (result === undefined) return undefined;
  const { fileName: name, folder = "/" } = options;
  return differentPlace({ folder, name }, { folder: parentOf(result.filePath), name: nameOf(result.filePath) });
}

function stateText(task: UploadTask): string {
  const { state, total } = task;
  const problem = taskErrorText(task, words.errors);
  switch (state) {
    case "sending":
      return `${sizeText(loadedOf(task))} / ${sizeText(total)}`;
    case "processing":
      return words.storing;
    case "done":
      return words.done;
    case "failed":
      return problem;
    case "canceled":
      return words.cancelled;
    case "paused":
      return words.paused;
    default:
      return problem === "" ? words.waiting : words.tryingAgain(problem);
  }
}
