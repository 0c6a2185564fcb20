import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./section.module.css";

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={3} className={styles.title}>
        {title}
      </Title>
      {children}
    </section>
  );
}
