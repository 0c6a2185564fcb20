import { Button, CloseButton, Progress, Text } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { texts } from "../texts/texts.ts";
import { dismiss, noticeStore } from "./notice-store.ts";
import styles from "./notices.module.css";

/** The notices, in a corner, above whatever is shown. Screen readers say each one when it comes. */
export function Notices() {
  const notices = useSyncExternalStore(noticeStore.subscribe, noticeStore.current);
  return (
    <div className={styles.corner} role="status" aria-live="polite">
      {notices.map(({ id, message, kind, details = [], action, progress }) => (
        <div key={id} className={styles.notice} data-kind={kind}>
          <div className={styles.words}>
            <Text size="sm" fw={550}>
              {message}
            </Text>
            {details.map((line) => (
              <Text key={line} size="xs" c="dimmed">
                {line}
              </Text>
            ))}
            {progress !== undefined && <Progress value={progress * 100} size="sm" aria-label={message} />}
          </div>
          {action && (
            <Button
              size="compact-sm"
              variant="light"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <CloseButton size="sm" aria-label={texts.done.dismiss} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
