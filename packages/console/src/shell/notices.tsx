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
      {notices.map(({ id, message, kind, details = [], entries = [], action, progress }) => (
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
            {entries.length > 0 && (
              <ul className={styles.entries}>
                {entries.map(({ text, action: own }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two entries may have the same words
                  <li key={`${index} ${text}`} className={styles.entry}>
                    <span>{text}</span>
                    {own && (
                      <Button size="compact-xs" variant="subtle" aria-label={own.name} onClick={own.run}>
                        {own.label}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )}
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
