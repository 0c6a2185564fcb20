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
      {notices.map(({ id, message, kind, details = [], entries = [], action, progress, reached }) => (
        <div key={id} className={styles.notice} data-kind={kind}>
          <div className={styles.words}>
            <Text size="sm" fw={550}>
              {message}
            </Text>
            <Details lines={details} />
            {reached !== undefined && (
              // Screen readers would say each of these, and can ask for the progress itself.
              <Text size="xs" c="dimmed" aria-hidden className={styles.reached}>
                {reached}
              </Text>
            )}
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
            {progress !== undefined && (
              <Progress.Root size="sm">
                <Progress.Section value={progress * 100} aria-label={message} aria-valuetext={reached} />
              </Progress.Root>
            )}
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
          {progress === undefined && (
            <CloseButton size="sm" aria-label={texts.done.dismiss} onClick={() => dismiss(id)} />
          )}
        </div>
      ))}
    </div>
  );
}

/** Lines that need more room than a few scroll, also by keyboard. */
function Details({ lines }: { readonly lines: readonly string[] }) {
  const shown = lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines may be equal, and never move
    <Text key={index} size="xs" c="dimmed">
      {line}
    </Text>
  ));
  if (lines.length <= 3) return shown;
  return (
    <section className={styles.lines} aria-label={texts.work.failures} tabIndex={0}>
      {shown}
    </section>
  );
}
