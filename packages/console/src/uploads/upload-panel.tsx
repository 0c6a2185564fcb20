import { CloseButton, Progress, Text } from "@mantine/core";
import { Ban, ChevronDown, ChevronUp, Pause, Play, RotateCw } from "lucide-react";
import { useState } from "react";
import { Act } from "../shell/act.tsx";
import { texts } from "../texts/texts.ts";
import { UploadList } from "./upload-list.tsx";
import styles from "./upload-panel.module.css";
import { isUnderWay, loadedOf, mayRetry, uploads, useUploads } from "./uploads.ts";

const words = texts.uploads;

/** A panel in a corner lists the uploads, beside whatever view is shown. */
export function UploadPanel() {
  const tasks = useUploads();
  const [isOpen, setOpen] = useState(true);
  if (tasks.length === 0) return null;
  const underWay = tasks.filter(isUnderWay);
  const failed = tasks.filter(({ state }) => state === "failed");
  const done = tasks.filter(({ state }) => state === "done").length;
  const retryable = failed.filter(mayRetry);
  const [loaded, total] = tasks.reduce(([all, whole], task) => [all + loadedOf(task), whole + task.total], [0, 0]);
  const isPaused = underWay.length > 0 && underWay.every(({ state }) => state === "paused");
  const title =
    underWay.length > 0
      ? words.title(underWay.length, failed.length)
      : failed.length > 0
        ? words.failed(failed.length, failed.length + done)
        : words.finished(done);
  return (
    <section className={styles.panel} aria-label={title}>
      <header className={styles.head}>
        <Text size="sm" fw={600} className={styles.title} role="status">
          {title}
        </Text>
        {retryable.length > 1 && (
          <Act
            label={words.retryAll}
            icon={RotateCw}
            run={() => {
              for (const task of retryable) task.retry();
            }}
          />
        )}
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
      {isOpen && <UploadList tasks={tasks} />}
    </section>
  );
}
