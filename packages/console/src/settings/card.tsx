import { Text, Title } from "@mantine/core";
import type { ReactNode, Ref } from "react";
import styles from "./card.module.css";
import { useRowFocus } from "./use-row-focus.ts";

interface CardProps {
  readonly title: string;
  readonly help?: string;
  /** The button beside the title. */
  readonly action?: ReactNode;
  /** Of the title, where the keyboard may be led to it. */
  readonly titleRef?: Ref<HTMLHeadingElement>;
  readonly children: ReactNode;
}

export function Card({ title, help, action, titleRef, children }: CardProps) {
  return (
    <section className={styles.card} aria-label={title} {...useRowFocus()}>
      <div className={styles.head}>
        <div>
          <Title order={1} size="h4" {...(titleRef && { ref: titleRef, tabIndex: -1 })}>
            {title}
          </Title>
          {help !== undefined && (
            <Text size="sm" c="dimmed">
              {help}
            </Text>
          )}
        </div>
        {action && <div className={styles.action}>{action}</div>}
      </div>
      {children}
    </section>
  );
}

/** The rows of a card. */
export function Rows({ children }: { readonly children: ReactNode }) {
  return <ul className={styles.rows}>{children}</ul>;
}

interface RowProps {
  readonly title: ReactNode;
  readonly facts: ReactNode;
  readonly children?: ReactNode;
}

export function Row({ title, facts, children }: RowProps) {
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <div className={styles.title}>{title}</div>
        <Text component="div" size="xs" c="dimmed">
          {facts}
        </Text>
      </div>
      {children}
    </li>
  );
}
