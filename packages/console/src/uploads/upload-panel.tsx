import { Button, CloseButton, Progress, Text } from "@mantine/core";
import type { UploadTask } from "@sluice/client";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Ban, ChevronDown, ChevronUp, Pause, Play, RotateCw } from "lucide-react";
import { useRef, useState } from "react";
import { sizeText } from "../library/library-file.ts";
import { Act } from "../shell/act.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { texts } from "../texts/texts.ts";
import styles from "./upload-panel.module.css";
import { addAsVersion, isTaken, isUnderWay, keepBoth, uploads, useUploads } from "./uploads.ts";

const words = texts.uploads;

/** A panel in a corner lists the uploads, beside whatever view is shown. */
export function UploadPanel() {
  const tasks = useUploads();
  const [isOpen, setOpen] = useState(true);
  if (tasks.length === 0) return null;
  const underWay = tasks.filter(isUnderWay);
  const failed = tasks.filter(({ state }) => state === "failed").length;
  const done = tasks.filter(({ state }) => state === "done").length;
  const [loaded, total] = tasks.reduce(([all, whole], task) => [all + loadedOf(task), whole + task.total], [0, 0]);
  const isPaused = underWay.length > 0 && underWay.every(({ state }) => state === "paused");
  const title =
    underWay.length > 0 ? words.title(underWay.length) : failed > 0 ? words.failed(failed) : words.finished(done);
  return (
    <section className={styles.panel} aria-label={title}>
      <header className={styles.head}>
        <Text size="sm" fw={600} className={styles.title} role="status">
          {title}
        </Text>
        {underWay.length > 0 && (
          <>
            <Act
              label={isPaused ? words.resume : words.pause}
              icon={isPaused ? Play : Pause}
              run={isPaused ? uploads.resume : uploads.pause}
            />
            <Act label={words.cancel} icon={Ban} run={uploads.cancel} />
          </>
        )}
        <Act
          label={isOpen ? words.collapse : words.expand}
          icon={isOpen ? ChevronDown : ChevronUp}
          run={() => setOpen(!isOpen)}
        />
        {underWay.length === 0 && <CloseButton size="sm" aria-label={words.clear} onClick={uploads.clear} />}
      </header>
      {underWay.length > 0 && (
        <Progress value={total === 0 ? 0 : (loaded / total) * 100} size="xs" aria-label={title} />
      )}
      {isOpen && <Rows tasks={tasks} />}
    </section>
  );
}

const rowHeight = 52;

function Rows({ tasks }: { readonly tasks: readonly UploadTask[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 4,
  });
  return (
    <div ref={scroller} className={styles.rows} tabIndex={0} role="region" aria-label={words.files}>
      <ul className={styles.list} style={{ blockSize: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const task = tasks[index];
          return task && <Row key={task.id} task={task} top={start} />;
        })}
      </ul>
    </div>
  );
}

function Row({ task, top }: { readonly task: UploadTask; readonly top: number }) {
  const { state, total, error, options } = task;
  return (
    <li className={styles.row} style={{ translate: `0 ${top}px` }} data-state={state}>
      <div className={styles.words}>
        <span className={styles.name} title={options.fileName}>
          {options.fileName}
        </span>
        <span className={styles.state}>{stateText(task)}</span>
        {(state === "sending" || state === "processing") && (
          <Progress value={total === 0 ? 0 : (loadedOf(task) / total) * 100} size={3} aria-label={options.fileName} />
        )}
      </div>
      {isTaken(task) && (
        <>
          <Button size="compact-xs" variant="default" onClick={() => void addAsVersion(task).catch(tellProblem)}>
            {words.asVersion}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => keepBoth(task)}>
            {words.keepBoth}
          </Button>
        </>
      )}
      {((state === "failed" && !isTaken(task)) || state === "canceled") && (
        <Act label={words.retry} icon={RotateCw} run={() => task.retry()} />
      )}
      {state === "paused" && <Act label={words.resume} icon={Play} run={() => task.resume()} />}
      {isUnderWay(task) && <Act label={words.cancel} icon={Ban} run={() => task.cancel()} />}
      {error && state === "failed" && <span className="unseen">{error.message}</span>}
    </li>
  );
}

function loadedOf({ state, loaded, total }: UploadTask): number {
  return state === "done" ? total : Math.min(loaded, total);
}

function stateText(task: UploadTask): string {
  const { state, loaded, total, error } = task;
  if (isTaken(task)) return words.taken;
  switch (state) {
    case "sending":
      return `${sizeText(Math.min(loaded, total))} / ${sizeText(total)}`;
    case "processing":
      return words.storing;
    case "done":
      return words.stored;
    case "failed":
      return error?.message ?? words.failed(1);
    case "canceled":
      return words.cancelled;
    case "paused":
      return words.paused;
    default:
      return error?.message ?? words.waiting;
  }
}
